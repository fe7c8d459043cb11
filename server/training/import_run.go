package training

import (
	"context"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/compliance"
)

// runChunk is how many rows a transaction takes over. Each judges the rotations of
// the units concerned once, and nobody else writes to SQLite meanwhile.
const runChunk = 1_000

// Confirm has the good rows of a checked import taken over; see [Imports.Begin] and
// [Imports.Carry]. While there are bad rows it is a Conflict, unless they are to be
// left out.
func (i *Imports) Confirm(ctx context.Context, actor compliance.Actor, id uint64, skipBad bool) error {
	return i.desk.write(ctx, actor, func(w *write) error {
		j, err := w.lockImport(id)
		if err != nil {
			return err
		}
		row := &j.row
		switch {
		case row.Status != models.ImportChecked:
			return models.NewError(models.Conflict, "imports.not_waiting")
		case row.Rows == row.Bad:
			return models.NewError(models.Conflict, "imports.none_good")
		case row.Bad > 0 && !skipBad:
			return models.NewError(models.Conflict, "imports.some_bad", "Count", row.Bad)
		}
		// What was foreseen is counted anew as it happens.
		row.Status, row.Added, row.Changed, row.Same = models.ImportRunning, 0, 0, 0
		j.options.SkipBad, j.options.RunBy = skipBad, actor.ID
		if err := saveImport(w.tx, row, j.options); err != nil {
			return err
		}
		return w.record(j.event("start-import", map[string]any{"file": row.FileName, "rows": row.Rows - row.Bad, "bad": row.Bad}))
	})
}

// Drop gives an import up. What was taken over stays; the rest is forgotten.
func (i *Imports) Drop(ctx context.Context, actor compliance.Actor, id uint64) error {
	return i.desk.write(ctx, actor, func(w *write) error {
		j, err := w.lockImport(id)
		if err != nil {
			return err
		}
		if j.row.Status != models.ImportChecked && !running(j.row.Status) {
			return models.NewError(models.Conflict, "imports.over")
		}
		return w.dropImport(j, "")
	})
}

func (w *write) dropImport(j *importJob, failure string) error {
	if j.row.Status != models.ImportRunning { // nothing was taken over
		j.row.Added, j.row.Changed, j.row.Same = 0, 0, 0
	}
	if err := w.endImport(&j.row, models.ImportDropped, failure); err != nil {
		return err
	}
	return w.record(j.event("drop-import", j.counts()))
}

// lockImport returns an import that the actor may work on, locked until the write
// ends.
func (w *write) lockImport(id uint64) (*importJob, error) {
	row, err := importRow(w.locked(), id)
	if err != nil {
		return nil, err
	}
	j, err := w.job(w.tx, row, w.actor)
	if models.IsCode(err, models.NotFound) {
		err = models.NewError(models.NotFound, importUnknown)
	}
	return j, err
}

func (j *importJob) event(action string, detail map[string]any) event {
	return event{action: action, object: "import", id: j.row.ID, unit: &j.unit, permission: j.kind.permission(), detail: detail}
}

// counts is what became of the rows so far.
func (j *importJob) counts() map[string]any {
	return map[string]any{"file": j.row.FileName, "added": j.row.Added, "changed": j.row.Changed, "same": j.row.Same, "bad": j.row.Bad}
}

// run takes chunk after chunk over until all rows are. Each is one transaction with
// the row up to which the import is done, and one entry of the log.
func (i *Imports) run(ctx context.Context, row models.Import) error {
	options, err := optionsOf(row)
	if err != nil {
		return err
	}
	for done := false; !done; {
		// What the user may do is asked for anew each time: it may have been revoked.
		actor, err := i.actor(ctx, options.RunBy)
		if err != nil {
			return err
		}
		err = i.desk.write(ctx, actor, func(w *write) error {
			var err error
			done, err = w.runChunk(row.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// runChunk takes the next rows over, and tells whether there were none left.
func (w *write) runChunk(id uint64) (done bool, err error) {
	j, err := w.lockImport(id)
	if err != nil {
		return false, err
	}
	if j.row.Status != models.ImportRunning {
		return false, errStopped
	}
	var rows []models.ImportRow
	err = w.tx.Where("import_id = ? AND line > ? AND faults = ''", id, j.row.DoneRow).Order("line").Limit(runChunk).Find(&rows).Error
	if err != nil {
		return false, fmt.Errorf("rows of import: %w", err)
	}
	if len(rows) == 0 {
		if err := w.endImport(&j.row, models.ImportDone, ""); err != nil {
			return false, err
		}
		return true, w.record(j.event("finish-import", j.counts()))
	}
	return false, w.applyChunk(j, rows)
}

func (w *write) applyChunk(j *importJob, rows []models.ImportRow) error {
	lines := make([]*importLine, len(rows))
	for i, row := range rows {
		var err error
		if lines[i], err = lineOf(row); err != nil {
			return err
		}
	}
	if err := j.kind.check(j, w.tx, lines); err != nil {
		return err
	}
	before := j.row
	if sound := good(lines); len(sound) > 0 {
		outcomes, err := j.kind.apply(w, j, sound)
		if err != nil {
			return err
		}
		j.take(&j.row, sound, outcomes)
	}
	if err := w.keepRefused(j, lines); err != nil {
		return err
	}
	first, last := rows[0].Line, rows[len(rows)-1].Line
	j.row.DoneRow, j.row.Failure = last, ""
	if err := w.tx.Where("import_id = ? AND line <= ? AND faults = ''", j.row.ID, last).Delete(&models.ImportRow{}).Error; err != nil {
		return fmt.Errorf("clear rows of import: %w", err)
	}
	if err := saveImport(w.tx, &j.row, j.options); err != nil {
		return err
	}
	return w.record(j.event("import-rows", map[string]any{"file": j.row.FileName, "from_row": first, "to_row": last, "added": j.row.Added - before.Added,
		"changed": j.row.Changed - before.Changed, "same": j.row.Same - before.Same, "bad": j.row.Bad - before.Bad}))
}

// keepRefused keeps the lines that were good when the file was read and are not any
// more.
func (w *write) keepRefused(j *importJob, lines []*importLine) error {
	var refused []models.ImportRow
	for _, line := range lines {
		if line.bad() {
			refused = append(refused, line.row(j.row.ID))
		}
	}
	j.row.Bad += len(refused)
	if len(refused) == 0 {
		return nil
	}
	keep := w.tx.Clauses(clause.OnConflict{UpdateAll: true}).Session(&gorm.Session{})
	if err := keep.CreateInBatches(refused, insertBatch).Error; err != nil {
		return fmt.Errorf("keep refused rows: %w", err)
	}
	return nil
}
