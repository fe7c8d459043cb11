package training_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

func TestTheKeyIsMadeOnceAndReadAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	keys := make([]training.Key, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			var err error
			if keys[i], err = training.OpenKey(dir); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, key := range keys {
		if len(key) != 32 || !bytes.Equal(key, keys[0]) {
			t.Fatalf("keys of one directory differ: %x, %x", keys[0], key)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v: want the key alone", files, err)
	}
	info, err := files[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: others may read the key", info.Mode(), err)
	}
}

func TestABrokenKeyIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "identity.key"), []byte("0123"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := training.OpenKey(dir); !models.IsCode(err, models.Invalid) {
		t.Errorf("got %v, want it refused", err)
	}
}

func TestAnotherKeyThanTheFirstIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		desk := func(key string) *training.Desk { return training.New(s, nil, training.Key(key), time.Now) }
		for _, key := range []string{"one", "one"} {
			if err := desk(key).CheckKey(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := desk("two").CheckKey(t.Context()); !models.IsCode(err, models.Conflict) {
			t.Errorf("got %v, want the other key refused", err)
		}
	})
}
