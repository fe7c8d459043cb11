package training

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
)

// Key is the secret by which numbers of ID cards are hashed and the codes shown in
// the room are signed. ID numbers are few enough to be tried out one by one, so a
// plain hash would give them away; the key lies outside the database.
type Key []byte

// keySize is that of the hash it is used with.
const keySize = sha256.Size

// keyFile is the key under the data directory.
const keyFile = "identity.key"

// OpenKey reads the key in the directory, and makes one where there is none.
// Servers of a cluster must have the same: [Desk.CheckKey] finds out.
func OpenKey(dir string) (Key, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("identity key: %w", err)
	}
	path := filepath.Join(dir, keyFile)
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	fresh := make([]byte, keySize)
	rand.Read(fresh) // never fails
	// Linked under its name when it is whole: of two processes that start at once one
	// makes the key and the other reads it.
	temporary, err := os.CreateTemp(dir, keyFile+".*")
	if err != nil {
		return nil, fmt.Errorf("identity key: %w", err)
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.WriteString(hex.EncodeToString(fresh) + "\n")
	if err := errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return nil, fmt.Errorf("identity key: %w", err)
	}
	if err := os.Link(temporary.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("identity key: %w", err)
	}
	return readKey(path)
}

func readKey(path string) (Key, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("identity key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, models.NewError(models.Invalid, "training.key_broken", "File", path)
	}
	return key, nil
}

// sign returns the keyed hash of a text; purpose keeps the uses of the key apart.
func (k Key) sign(purpose, text string) []byte {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(purpose + "\x00" + text))
	return mac.Sum(nil)
}

// hashID returns the hash under which the number of an ID card is stored.
func (k Key) hashID(number string) string { return hex.EncodeToString(k.sign("id-number", number)) }

// keySetting is the fingerprint of the key that hashes in this database were made
// by.
const keySetting = "identity_key_fingerprint"

// CheckKey refuses a key that is not the one by which the ID numbers in the
// database were hashed: people would be entered twice. The first key is kept as
// the one.
func (d *Desk) CheckKey(ctx context.Context) error {
	fingerprint := hex.EncodeToString(d.key.sign("fingerprint", "")[:8])
	return d.store.Write(ctx, func(tx *gorm.DB) error {
		setting := models.Setting{Name: keySetting, Value: fingerprint}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&setting).Error; err != nil {
			return fmt.Errorf("fingerprint of identity key: %w", err)
		}
		var kept models.Setting
		if err := tx.Where("name = ?", keySetting).Take(&kept).Error; err != nil {
			return fmt.Errorf("fingerprint of identity key: %w", err)
		}
		if kept.Value != fingerprint {
			return models.NewError(models.Conflict, "training.key_differs", "File", keyFile)
		}
		return nil
	})
}
