package training

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/exchange"
	"sundial/server/store"
)

const (
	// readChunk is how many rows are checked and stored at a time.
	readChunk = 1_000
	// foreseeing is how many rows in a row are foreseen by what those before them would
	// change. What rows further apart do to each other shows when they are taken over.
	foreseeing = 10_000
)

// errStopped ends the work on an import that somebody has dropped.
var errStopped = errors.New("the import was dropped")

// read reads and checks the file of an import: each row is stored with what is
// wrong with it.
func (i *Imports) read(ctx context.Context, row models.Import, file *importFile) error {
	actor, err := i.actor(ctx, row.StartedBy)
	if err != nil {
		return err
	}
	j, err := i.desk.job(i.desk.store.Read(ctx), row, actor)
	if err != nil {
		return err
	}
	reader, err := exchange.Open(file.name, file, file.size, j.kind.table(), exchange.DefaultLimits)
	if err != nil {
		return err
	}
	j.placeColumns(reader)
	if err := i.clearRows(ctx, row.ID); err != nil {
		return err
	}
	if err := j.stageAll(ctx, reader); err != nil {
		return err
	}
	if j.row.Rows == 0 {
		return models.NewError(models.Invalid, "imports.no_rows", "Name", row.FileName)
	}
	return j.checked(ctx)
}

// stageAll stores all rows of the file. While some are checked, the next are read.
func (j *importJob) stageAll(ctx context.Context, reader *exchange.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks, failed := make(chan []*importLine), make(chan error, 1)
	go func() {
		defer close(chunks)
		failed <- j.readAll(ctx, reader, chunks)
	}()
	for lines := range chunks {
		if err := j.stage(ctx, lines); err != nil {
			cancel()
			for range chunks { // until nobody reads the file any more
			}
			return err
		}
	}
	return <-failed
}

// readAll sends the rows of the file on in chunks.
func (j *importJob) readAll(ctx context.Context, reader *exchange.Reader, chunks chan<- []*importLine) error {
	var lines []*importLine
	send := func() error {
		select {
		case chunks <- lines:
			lines = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for row, err := range reader.Rows() {
		if err != nil {
			return err
		}
		if lines = append(lines, j.readLine(row)); len(lines) == readChunk {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return send()
}

// placeColumns remembers where the columns stand in the file.
func (j *importJob) placeColumns(reader *exchange.Reader) {
	j.options.Places = map[string]filePlace{}
	for _, column := range j.kind.table().Columns {
		if letters, heading := reader.Place(column.Key); letters != "" {
			j.options.Places[column.Key] = filePlace{letters, heading}
		}
	}
	for _, note := range reader.Notes() {
		j.options.Notes = append(j.options.Notes, faultJSON{note.Cell, note.Column, note.Key, packArgs(maskArgs(note))})
	}
}

// clearRows forgets what an earlier attempt to read the file has stored.
func (i *Imports) clearRows(ctx context.Context, id uint64) error {
	return i.desk.store.Write(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("import_id = ?", id).Delete(&models.ImportRow{}).Error; err != nil {
			return fmt.Errorf("clear rows of import: %w", err)
		}
		return nil
	})
}

// stage checks lines and stores them.
func (j *importJob) stage(ctx context.Context, lines []*importLine) error {
	next := j.row
	if err := j.checkLines(j.desk.store.Read(ctx), &next, lines); err != nil {
		return err
	}
	rows := make([]models.ImportRow, len(lines))
	for i, line := range lines {
		rows[i] = line.row(j.row.ID)
		if line.bad() {
			next.Bad++
		}
	}
	next.Rows += len(lines)
	err := j.whileReading(ctx, func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(rows, insertBatch).Error; err != nil {
			return fmt.Errorf("store rows of import: %w", err)
		}
		return saveImport(tx, &next, j.options)
	})
	j.row = next
	return err
}

// checkLines finds what is wrong with lines and foresees what becomes of the rest.
func (j *importJob) checkLines(db *gorm.DB, next *models.Import, lines []*importLine) error {
	if err := j.kind.check(j, db, lines); err != nil {
		return err
	}
	if next.Rows%foreseeing == 0 {
		j.staffPlan, j.book = nil, nil
	}
	sound := good(lines)
	if len(sound) == 0 {
		return nil
	}
	outcomes, err := j.kind.preview(j, db, sound)
	if err != nil {
		return err
	}
	j.take(next, sound, outcomes)
	for _, line := range good(sound) {
		if a := line.content.Attendance; a != nil && a.Session == 0 {
			j.planSession(a)
		}
	}
	return nil
}

// whileReading runs f in a transaction, unless the import was dropped.
func (j *importJob) whileReading(ctx context.Context, f func(tx *gorm.DB) error) error {
	return j.desk.store.Write(ctx, func(tx *gorm.DB) error {
		row, err := importRow((&write{tx: tx}).locked(), j.row.ID)
		if err != nil {
			return err
		}
		if row.Status != models.ImportReading {
			return errStopped
		}
		return f(tx)
	})
}

// checked ends the reading: the import waits to be confirmed.
func (j *importJob) checked(ctx context.Context) error {
	j.row.Status = models.ImportChecked
	return j.whileReading(ctx, func(tx *gorm.DB) error {
		next := j.row
		return saveImport(tx, &next, j.options)
	})
}

// refuse ends an import whose file cannot be read.
func (i *Imports) refuse(ctx context.Context, id uint64, refused *models.Error) error {
	return i.desk.store.Write(ctx, func(tx *gorm.DB) error {
		w := &write{Desk: i.desk, tx: tx, at: store.Instant(i.desk.now())}
		row, err := importRow(w.locked(), id)
		if err != nil || !running(row.Status) {
			return err
		}
		return w.endImport(&row, models.ImportRefused, packFailure(refused))
	})
}

// endImport ends an import. Of its rows those stay that have a fault, to be mended.
func (w *write) endImport(row *models.Import, status models.ImportStatus, failure string) error {
	row.Status, row.Failure, row.FinishedAt, row.Version = status, failure, &w.at, row.Version+1
	if err := w.tx.Save(row).Error; err != nil {
		return fmt.Errorf("store import: %w", err)
	}
	if err := w.tx.Where("import_id = ? AND faults = ''", row.ID).Delete(&models.ImportRow{}).Error; err != nil {
		return fmt.Errorf("clear rows of import: %w", err)
	}
	return nil
}
