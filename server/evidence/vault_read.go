package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"

	"sundial/models"
)

var wellFormed = regexp.MustCompile(`^[0-9a-f]{64}$`)

// place returns the directory of a hash and the path of its file.
func place(hash string) (dir, file string) {
	return hash[:2], path.Join(hash[:2], hash[2:])
}

// Open returns the file with the hash, for reading; the caller closes it. A
// hash that is unknown or none is a models.Error of code NotFound.
func (v *Vault) Open(hash string) (*os.File, error) {
	if !wellFormed.MatchString(hash) {
		return nil, models.NewError(models.NotFound, "evidence.not_found")
	}
	_, place := place(hash)
	file, err := v.root.Open(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, models.NewError(models.NotFound, "evidence.not_found").Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("open an evidence file: %w", err)
	}
	return file, nil
}

// Verify reads the file with the hash and returns nil when its content still
// has that hash; a models.Error of code Conflict when it was damaged, and of
// code NotFound when there is none.
func (v *Vault) Verify(hash string) error {
	file, err := v.Open(hash)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return fmt.Errorf("read an evidence file: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil)) != hash {
		return models.NewError(models.Conflict, "evidence.damaged", "Hash", hash)
	}
	return nil
}

// Hashes calls visit with the hash and size in bytes of every file, in the
// order of the hashes, until visit returns an error, which it returns. A file
// stored meanwhile may or may not be among them.
func (v *Vault) Hashes(visit func(hash string, size int64) error) error {
	return fs.WalkDir(v.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("list the evidence files: %w", err)
		}
		hash := path.Dir(name) + path.Base(name)
		if entry.IsDir() || !wellFormed.MatchString(hash) {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return fmt.Errorf("list the evidence files: %w", err)
		}
		return visit(hash, info.Size())
	})
}
