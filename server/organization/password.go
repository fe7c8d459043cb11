package organization

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"sundial/models"
)

// The lengths of a password, in characters. The upper one keeps a request from
// making the server hash megabytes.
const (
	minPassword = 10
	maxPassword = 200
)

// parameters of argon2id: 19 MiB, 2 passes, 1 lane.
var parameters = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// passwords hashes and compares, a few at a time: each takes its memory.
type passwords struct {
	places chan struct{}
	// nobody is the hash compared with when there is no such user, so that the
	// answer takes as long.
	nobody string
}

// standIn is nobody's hash, made once in the process.
var standIn = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody", parameters) })

func newPasswords(atOnce int) (passwords, error) {
	nobody, err := standIn()
	if err != nil {
		return passwords{}, fmt.Errorf("hash password: %w", err)
	}
	return passwords{places: make(chan struct{}, atOnce), nobody: nobody}, nil
}

func (p passwords) hash(ctx context.Context, password string) (hash string, err error) {
	err = p.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(password, parameters)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

func (p passwords) match(ctx context.Context, password, hash string) (match bool, err error) {
	err = p.inTurn(ctx, func() error {
		match, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("compare password: %w", err)
	}
	return match, nil
}

func (p passwords) inTurn(ctx context.Context, f func() error) error {
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
		return f()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// checkPassword returns what is wrong with a new password, as the field of the
// form that has it.
func checkPassword(field, password, login string) []models.Field {
	length := utf8.RuneCountInString(password)
	switch {
	case length < minPassword:
		return []models.Field{{Name: field, Key: "organization.password_short", Args: models.Args("Min", minPassword)}}
	case length > maxPassword:
		return []models.Field{{Name: field, Key: "organization.password_long", Args: models.Args("Max", maxPassword)}}
	case strings.EqualFold(password, login):
		return []models.Field{{Name: field, Key: "organization.password_is_login"}}
	default:
		return nil
	}
}
