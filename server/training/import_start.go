package training

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/exchange"
)

// ImportRequest is what a user wants of a file.
type ImportRequest struct {
	// Unit is the code of the unit below which all rows must lie.
	Unit string
	Kind models.ImportKind
	// FileName is as the user has it.
	FileName string
	// CreateSessions makes the sessions that there are not, of courses that there
	// are: for attendances of before the system.
	CreateSessions bool
}

// importFile is a file that is to be read. It has no name on the disk, so that
// nothing of it stays when the process ends.
type importFile struct {
	*os.File
	name string
	size int64
}

// Receive takes a file for the actor and returns its import, which is to be read:
// see [Imports.Begin] and [Imports.Carry]. The actor manages rosters, or records
// attendances, of the unit. A file that is too large is TooLarge.
func (i *Imports) Receive(ctx context.Context, actor compliance.Actor, request ImportRequest, content io.Reader) (*models.Import, error) {
	kind, known := importKinds[request.Kind]
	if !known {
		return nil, models.InvalidFields([]models.Field{{Name: "kind", Key: "imports.kind_missing"}})
	}
	unit, err := readUnit(i.desk.store.Read(ctx), actor, "code", request.Unit)
	if err == nil {
		err = actor.Allow(kind.permission(), unit)
	}
	if err != nil {
		return nil, err
	}
	file, hash, err := keepFile(request.FileName, content)
	if err != nil {
		return nil, err
	}
	row := models.Import{Kind: request.Kind, UnitID: unit.ID, FileName: file.name, FileHash: hash, Status: models.ImportReading, StartedBy: actor.ID, Version: 1,
		Options: asJSON(importOptions{CreateSessions: request.CreateSessions && request.Kind == models.ImportAttendance})}
	err = i.desk.write(ctx, actor, func(w *write) error {
		row.ID, row.StartedAt = 0, w.at
		if err := w.tx.Create(&row).Error; err != nil {
			return fmt.Errorf("store import: %w", err)
		}
		return w.record(event{action: "upload-file", object: "import", id: row.ID, unit: &unit, permission: kind.permission(),
			detail: map[string]any{"kind": row.Kind, "file": row.FileName, "hash": row.FileHash}})
	})
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	i.mu.Lock()
	i.files[row.ID] = file
	i.mu.Unlock()
	return &row, nil
}

// maxFileName is how many characters of a file's name are kept.
const maxFileName = 200

// keepFile stores a file until it is read, and returns its hash.
func keepFile(name string, content io.Reader) (*importFile, string, error) {
	temporary, err := os.CreateTemp("", "sundial-import-*")
	if err != nil {
		return nil, "", fmt.Errorf("keep imported file: %w", err)
	}
	file := &importFile{File: temporary, name: fileName(name)}
	if err := os.Remove(temporary.Name()); err != nil {
		return nil, "", errors.Join(fmt.Errorf("keep imported file: %w", err), temporary.Close())
	}
	sum := sha256.New()
	limit := exchange.DefaultLimits.File
	file.size, err = io.Copy(io.MultiWriter(temporary, sum), io.LimitReader(content, limit+1))
	switch {
	case err != nil:
		return nil, "", errors.Join(fmt.Errorf("keep imported file: %w", err), temporary.Close())
	case file.size > limit:
		return nil, "", errors.Join(models.NewError(models.TooLarge, "exchange.file_size", "Name", file.name, "MB", limit>>20), temporary.Close())
	}
	return file, hex.EncodeToString(sum.Sum(nil)), nil
}

// fileName is the name of a file without its directory and without numbers of ID
// cards, of which some people make names.
func fileName(name string) string {
	name = filepath.Base(strings.ReplaceAll(exchange.Clean(name), `\`, "/"))
	runes := []rune(maskNumbers(name))
	return string(runes[max(0, len(runes)-maxFileName):])
}

// file returns the file of an import that this process is to read; nil for none.
func (i *Imports) file(id uint64) *importFile {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.files[id]
}

// forget closes the file of an import.
func (i *Imports) forget(id uint64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if file := i.files[id]; file != nil {
		_ = file.Close() // nothing of it is kept
		delete(i.files, id)
	}
}
