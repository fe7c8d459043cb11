package training

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

const (
	// importLease is for how long a process that died keeps others from going on with
	// its import.
	importLease = 30 * time.Second
	// lookout is how often a process looks for imports that nobody works on.
	lookout = 15 * time.Second
	// readGrace is how old an import must be before it is taken for one whose file was
	// lost with its process.
	readGrace = time.Minute
	// keepDays is for how many days a checked import waits to be confirmed: what it
	// holds of people is not kept for longer.
	keepDays = 30
)

// Start works on imports in the background until stop is called: on those that
// begin, and on those that another process has left unfinished.
func (i *Imports) Start(ctx context.Context) (stop func()) {
	// What the log says of the work has come by no request.
	ctx, cancel := context.WithCancel(store.WithOrigin(ctx, store.Origin{}))
	i.mu.Lock()
	i.live = ctx
	i.mu.Unlock()
	i.work.Go(func() {
		for {
			i.goOn(ctx)
			select {
			case <-time.After(lookout):
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		i.mu.Lock()
		i.live = nil
		i.mu.Unlock()
		cancel()
		i.work.Wait()
	}
}

// Begin has the import worked on in the background, when there is one.
func (i *Imports) Begin(id uint64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if ctx := i.live; ctx != nil {
		i.work.Go(func() { i.carry(ctx, id) })
	}
}

// goOn begins what nobody works on.
func (i *Imports) goOn(ctx context.Context) {
	var ids []uint64
	err := i.desk.store.Read(ctx).Model(&models.Import{}).
		Where("status = ? OR status = ? AND started_at < ?", models.ImportRunning, models.ImportReading, store.Instant(i.desk.now().Add(-readGrace))).
		Order("id").Pluck("id", &ids).Error
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "no look for unfinished imports", "error", err)
	}
	for _, id := range ids {
		i.Begin(id)
	}
	if err := i.dropForgotten(ctx); err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "forgotten imports are kept", "error", err)
	}
}

// dropForgotten drops checked imports that nobody has confirmed for keepDays, with
// all of their rows, in the name of the program.
func (i *Imports) dropForgotten(ctx context.Context) error {
	var ids []uint64
	since := store.Instant(i.desk.now().AddDate(0, 0, -keepDays))
	err := i.desk.store.Read(ctx).Model(&models.Import{}).Where("status = ? AND started_at < ?", models.ImportChecked, since).Order("id").Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return store.Translate(err)
	}
	program, err := i.actor(ctx, 0)
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := i.desk.write(ctx, program, func(w *write) error {
			j, err := w.lockImport(id)
			if err != nil || j.row.Status != models.ImportChecked {
				return err
			}
			if err := w.tx.Where("import_id = ?", id).Delete(&models.ImportRow{}).Error; err != nil {
				return fmt.Errorf("clear rows of import: %w", err)
			}
			return w.dropImport(j, packFailure(models.NewError(models.Invalid, "imports.forgotten", "Days", keepDays)))
		})
		if err != nil {
			return fmt.Errorf("drop import %d: %w", id, err)
		}
	}
	return nil
}

// carry is Carry in the background.
func (i *Imports) carry(ctx context.Context, id uint64) {
	if err := i.Carry(ctx, id); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "import stopped", "import", id, "error", err)
	}
}

// Carry works on an import as far as it goes: until it waits to be confirmed, or is
// over. It does nothing while another one works on it. An import that the end of
// ctx, or a database that cannot serve, interrupts goes on where it was.
func (i *Imports) Carry(ctx context.Context, id uint64) error {
	_, err := i.desk.store.TryHold(ctx, fmt.Sprintf("import-%d", id), importLease, func(ctx context.Context) error {
		select {
		case i.turns <- struct{}{}:
			defer func() { <-i.turns }()
		case <-ctx.Done():
			return ctx.Err()
		}
		row, err := importRow(i.desk.store.Read(ctx), id)
		if err != nil {
			return err
		}
		switch row.Status {
		case models.ImportReading:
			return i.carryReading(ctx, row)
		case models.ImportRunning:
			return i.carryRunning(ctx, row)
		}
		return nil
	})
	return err
}

func (i *Imports) carryReading(ctx context.Context, row models.Import) error {
	file := i.file(row.ID)
	if file == nil { // the process that had it is gone
		return i.refuse(ctx, row.ID, models.NewError(models.Invalid, "imports.interrupted", "Name", row.FileName))
	}
	err := i.read(ctx, row, file)
	if waits(ctx, err) {
		return err
	}
	i.forget(row.ID)
	var refused *models.Error
	switch {
	case err == nil, errors.Is(err, errStopped):
		return nil
	case errors.As(err, &refused):
		return i.refuse(ctx, row.ID, refused)
	default:
		return errors.Join(err, i.refuse(ctx, row.ID, models.NewError(models.Invalid, "imports.broken")))
	}
}

func (i *Imports) carryRunning(ctx context.Context, row models.Import) error {
	err := i.run(ctx, row)
	var refused *models.Error
	switch {
	case err == nil, waits(ctx, err):
		return err
	case errors.Is(err, errStopped):
		return nil
	case errors.As(err, &refused) && (refused.Code == models.NotFound || refused.Code == models.Forbidden):
		return i.giveUp(ctx, row.ID, models.NewError(models.Forbidden, "imports.revoked"))
	default: // somebody may mend it: the lookout tries again
		return errors.Join(err, i.tellTrouble(ctx, row.ID))
	}
}

// tellTrouble has a running import say that its work fails, until it goes on.
func (i *Imports) tellTrouble(ctx context.Context, id uint64) error {
	return i.desk.store.Write(ctx, func(tx *gorm.DB) error {
		trouble := packFailure(models.NewError(models.Unavailable, "imports.trouble"))
		update := tx.Model(&models.Import{}).Where("id = ? AND status = ?", id, models.ImportRunning).Update("failure", trouble)
		if update.Error != nil {
			return fmt.Errorf("tell trouble of import: %w", update.Error)
		}
		return nil
	})
}

// waits tells whether the work is to go on later from where it was.
func waits(ctx context.Context, err error) bool {
	return ctx.Err() != nil || models.IsCode(err, models.Unavailable) || errors.Is(err, context.Canceled)
}

// giveUp drops a running import in the name of the program.
func (i *Imports) giveUp(ctx context.Context, id uint64, why *models.Error) error {
	program, err := i.actor(ctx, 0)
	if err != nil {
		return err
	}
	return i.desk.write(ctx, program, func(w *write) error {
		j, err := w.lockImport(id)
		if err != nil || j.row.Status != models.ImportRunning {
			return err
		}
		return w.dropImport(j, packFailure(why))
	})
}
