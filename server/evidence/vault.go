package evidence

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"time"

	"sundial/models"
)

const (
	// DefaultSize is the most bytes of a file unless Limits says otherwise.
	DefaultSize = 20 << 20
	// incoming is the directory of uploads that are not whole yet.
	incoming = "incoming"
	// brokenAfter is the age at which an upload counts as broken off; an
	// upload by another process may be in progress until then.
	brokenAfter = 24 * time.Hour
)

// Limits bounds what a Vault takes in.
type Limits struct {
	Size int64 // the most bytes of one file; 0 means DefaultSize
}

// File is a file in the Vault, under the name it was handed in with.
type File struct {
	Hash string // SHA-256 of the content, 64 lower-case hexadecimal digits
	Name string // as CleanName leaves it
	Size int64  // in bytes
	Type Type
}

// Vault keeps files under the hash of their content, so that each content is
// stored once: ab/cdef… in its directory. It never changes or removes what it
// has. Several goroutines and several processes may use one directory.
type Vault struct {
	root   *os.Root
	limits Limits
}

// Open returns the Vault in a directory, which it creates when it is missing,
// readable by the owner only. Uploads that broke off more than a day before
// now are removed.
func Open(dir string, limits Limits, now time.Time) (*Vault, error) {
	if limits.Size == 0 {
		limits.Size = DefaultSize
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the evidence directory: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the evidence directory: %w", err)
	}
	v := &Vault{root: root, limits: limits}
	if err := v.sweep(now); err != nil {
		_ = root.Close()
		return nil, fmt.Errorf("sweep broken uploads: %w", err)
	}
	return v, nil
}

// Close lets the directory go. Files that were opened stay open.
func (v *Vault) Close() error { return v.root.Close() }

// MaxSize returns the most bytes that a file may have.
func (v *Vault) MaxSize() int64 { return v.limits.Size }

// sweep removes the remains of broken uploads.
func (v *Vault) sweep(now time.Time) error {
	if err := v.root.MkdirAll(incoming, 0o700); err != nil {
		return err
	}
	entries, err := fs.ReadDir(v.root.FS(), incoming)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && now.Sub(info.ModTime()) > brokenAfter {
			err = v.root.Remove(path.Join(incoming, entry.Name()))
		}
		// Another process may sweep or finish an upload at the same time.
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put stores content under its hash and returns what it stored. It refuses,
// with a models.Error of code Invalid for the field "file", a name without an
// allowed extension, a content that is not of the type the name claims, empty
// or larger than the limit, and one that breaks off; ctx ends it between two
// reads. Nothing of a refused content stays behind. When Put returns without
// error the file is safe on the disk. Content that is there already is not
// written again, unless it was damaged.
func (v *Vault) Put(ctx context.Context, name string, content io.Reader) (File, error) {
	file := File{Name: CleanName(name)}
	var err error
	if file.Type, err = typeOfName(file.Name); err != nil {
		return File{}, err
	}
	upload := path.Join(incoming, rand.Text())
	// Only what was refused is still there by then.
	defer func() { _ = v.root.Remove(upload) }()
	if err := v.receive(ctx, upload, content, &file); err != nil {
		return File{}, err
	}
	if err := v.keep(upload, file.Hash); err != nil {
		return File{}, fmt.Errorf("keep an uploaded file: %w", err)
	}
	return file, nil
}

// receive writes the content to the upload, inspects it, and fills in hash and
// size of the file.
func (v *Vault) receive(ctx context.Context, upload string, content io.Reader, file *File) error {
	f, err := v.root.OpenFile(upload, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("begin an upload: %w", err)
	}
	defer f.Close()
	hash := sha256.New()
	source := &source{ctx: ctx, content: io.LimitReader(content, v.limits.Size+1)}
	file.Size, err = io.Copy(io.MultiWriter(f, hash), source)
	switch {
	case source.err != nil:
		return refuse(source.err, "evidence.interrupted", "Name", file.Name)
	case err != nil:
		return fmt.Errorf("write an upload: %w", err)
	case file.Size > v.limits.Size:
		return refuse(nil, "evidence.too_large", "Name", file.Name, "MB", megabytes(v.limits.Size))
	case file.Size == 0:
		return refuse(nil, "evidence.empty", "Name", file.Name)
	}
	file.Hash = hex.EncodeToString(hash.Sum(nil))
	s := specimen{name: file.Name, wanted: file.Type, content: f, size: file.Size}
	if err := s.inspect(ctx); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync an upload: %w", err)
	}
	return f.Close()
}

// keep moves an upload to its place, unless the same content is there whole.
// The directories are synced either way: whoever moved the file there may not
// have come that far yet.
func (v *Vault) keep(upload, hash string) error {
	dir, place := place(hash)
	if err := v.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if v.Verify(hash) != nil {
		if err := v.root.Rename(upload, place); err != nil {
			return err
		}
	}
	return errors.Join(v.syncDir(dir), v.syncDir("."))
}

func (v *Vault) syncDir(dir string) error {
	d, err := v.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// source is the content of an upload; it ends with its context, and remembers
// its own error apart from those of the disk.
type source struct {
	ctx     context.Context
	content io.Reader
	err     error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err = s.ctx.Err(); s.err != nil {
		return 0, s.err
	}
	n, err := s.content.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// refuse returns the models.Error that refuses a file.
func refuse(cause error, key string, args ...any) error {
	refusal := &models.Error{
		Code: models.Invalid, Key: "error.invalid",
		Fields: []models.Field{{Name: "file", Key: key, Args: models.Args(args...)}},
	}
	return refusal.Because(cause)
}

// megabytes writes a number of bytes in MB, cut to two decimals.
func megabytes(size int64) string {
	return strconv.FormatFloat(math.Floor(float64(size)/(1<<20)*100)/100, 'f', -1, 64)
}
