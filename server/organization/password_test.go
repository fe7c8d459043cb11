package organization

import (
	"context"
	"errors"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/google/go-cmp/cmp"
)

// An unknown login must take as long as a wrong password.
func TestStandInCostsAsMuchAsAPassword(t *testing.T) {
	passwords, err := newPasswords(1)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := passwords.hash(t.Context(), "an honest password")
	if err != nil {
		t.Fatal(err)
	}
	standIn, _, _, err := argon2id.DecodeHash(passwords.nobody)
	if err != nil {
		t.Fatal(err)
	}
	real, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(real, standIn); diff != "" {
		t.Errorf("parameters of a password (-) and of the stand-in (+):\n%s", diff)
	}
}

func TestHashingWaitsForItsTurn(t *testing.T) {
	passwords, err := newPasswords(1)
	if err != nil {
		t.Fatal(err)
	}
	err = passwords.inTurn(t.Context(), func() error {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := passwords.hash(ended, "an honest password")
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v: a second one hashed while the only place was taken", err)
	}
}
