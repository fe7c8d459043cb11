package compliance

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// Settle counts due dates anew with the notices that the calendar has now, and
// returns how many moved or became final. It is run whenever the notices that
// ship with the program may have changed.
func (l *Ledger) Settle(ctx context.Context, actor Actor) (int, error) {
	// Nothing moves at nearly every start: then nobody is made to wait.
	if moved, err := l.outdated(ctx); err != nil || moved == 0 {
		return 0, err
	}
	settled := 0
	err := l.write(ctx, actor, func(w *write) error {
		settled = 0
		if err := w.holdDueDates(); err != nil {
			return err
		}
		lib, err := w.lib()
		if err != nil {
			return err
		}
		r := recount{lib: lib, calendar: lib.calendar, today: w.today, lock: true}
		if err := w.recountAll(r, func(moves []dueMove) { settled += len(moves) }); err != nil || settled == 0 {
			return err
		}
		return w.record(event{action: "settle", object: "calendar", detail: map[string]any{"duties": settled, "last_year": lib.calendar.LastNoticeYear()}})
	})
	return settled, err
}

// outdated returns the number of duties whose due date is not what the calendar
// gives.
func (l *Ledger) outdated(ctx context.Context) (int, error) {
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return 0, err
	}
	count := 0
	err = recount{lib: lib, calendar: lib.calendar, today: l.Today()}.each(db, func(moves []dueMove) error {
		count += len(moves)
		return nil
	})
	return count, err
}

// dueAgain returns the duty with its due date counted anew, by the edition of e
// and the calendar; a later date that the office granted goes before.
func dueAgain(e entry, row models.Duty, cal *calendar.Calendar) rules.Duty {
	stored := ruleDuty(e, row)
	counted := rules.NewDuty(e.policy, e.rule, stored.Period, stored.Start, cal)
	if row.ExtendedTo > counted.DueOn && !counted.DueOn.IsZero() {
		counted.DueOn, counted.Provisional = row.ExtendedTo, false
	}
	return counted
}

// recount counts due dates anew by a calendar. It is what moves duties, and what
// a preview shows of that: duties that are not done, and done ones only while
// their due date is provisional.
type recount struct {
	lib      *library
	calendar *calendar.Calendar
	// from is the first day that differs from the calendar before; zero: any may.
	from  calendar.Date
	today calendar.Date
	// lock keeps the duties that move from being changed until the write ends.
	lock bool
}

// dueMove is a duty before and after its due date is counted anew.
type dueMove struct {
	entry
	unit          models.Unit
	before, after models.Duty
}

// each visits the duties that move, chunk by chunk, the earliest due first.
func (r recount) each(db *gorm.DB, visit func([]dueMove) error) error {
	ids, err := r.candidates(db)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(ids, batch) {
		rows, err := r.moving(db, chunk)
		if err != nil {
			return err
		}
		moves, err := r.judged(db, rows)
		if err != nil {
			return err
		}
		if len(moves) == 0 {
			continue
		}
		if err := visit(moves); err != nil {
			return err
		}
	}
	return nil
}

// candidates returns the ids of the duties that may move.
func (r recount) candidates(db *gorm.DB) ([]uint64, error) {
	var ids []uint64
	err := db.Model(&models.Duty{}).Where("obligation_id IN ? AND outcome <> ?", r.lib.counted(), models.Withdrawn).
		Where("provisional = ? OR outcome IN ? AND due_on >= ?", true, undone, max(r.from, models.Always)).
		Order("due_on, id").Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("duties to count anew: %w", err)
	}
	return ids, nil
}

// undone are the outcomes of duties that follow the calendar.
var undone = []models.Outcome{models.Open, models.Reported}

// follows tells whether the duty's due date follows the calendar.
func (r recount) follows(row models.Duty) bool {
	return row.Outcome != models.Withdrawn && (row.Provisional || slices.Contains(undone, row.Outcome) && row.DueOn >= r.from)
}

// counted returns the obligations that have terms in working days in any edition
// of their policies.
func (lib *library) counted() []uint64 {
	var ids []uint64
	for _, b := range lib.books {
		for _, row := range b.obligations {
			if slices.ContainsFunc(b.editions, func(ed edition) bool {
				rule, ok := ed.policy.Find(row.Code)
				return ok && rule.Kind == rules.KindWithinWorkingDays
			}) {
				ids = append(ids, row.ID)
			}
		}
	}
	return ids
}

// moving returns those of the duties whose due date the calendar moves, as they
// are before. Only these are locked, and then looked at again.
func (r recount) moving(db *gorm.DB, ids []uint64) ([]models.Duty, error) {
	rows, err := r.moved(db, ids)
	if err != nil || !r.lock || len(rows) == 0 {
		return rows, err
	}
	ids = ids[:0]
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return r.moved(db.Clauses(clause.Locking{Strength: "UPDATE"}), ids)
}

func (r recount) moved(db *gorm.DB, ids []uint64) ([]models.Duty, error) {
	var rows, moved []models.Duty
	if err := db.Where("id IN ?", ids).Order("due_on, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("duties to count anew: %w", err)
	}
	for _, row := range rows {
		e, err := r.lib.of(row)
		if err != nil {
			return nil, err
		}
		if now := dueAgain(e, row, r.calendar); r.follows(row) && (now.DueOn != row.DueOn || now.Provisional != row.Provisional) {
			moved = append(moved, row)
		}
	}
	return moved, nil
}

// judged moves the duties and judges them by their new due dates.
func (r recount) judged(db *gorm.DB, rows []models.Duty) ([]dueMove, error) {
	list, err := dossiers(db, r.lib, rows)
	if err != nil {
		return nil, err
	}
	units, err := unitsOf(db, rows)
	if err != nil {
		return nil, err
	}
	moves := make([]dueMove, len(list))
	for i, d := range list {
		moves[i] = dueMove{entry: d.entry, unit: units[d.row.UnitID], before: d.row}
		now := dueAgain(d.entry, d.row, r.calendar)
		d.row.DueOn, d.row.Provisional = now.DueOn, now.Provisional
		verdict, err := d.judgeBy(r.calendar, r.today)
		if err != nil {
			return nil, err
		}
		take(&d.row, verdict)
		if d.outlives(moves[i].unit, r.today) {
			d.row.Outcome = models.Withdrawn
		}
		moves[i].after = d.row
	}
	return moves, nil
}

// holdDueDates keeps all others from counting a due date until the write ends:
// who schedules duties holds the root of their tree before reading the calendar,
// so that no duty is counted by the one that is just being replaced.
//
// Policies come first, as for whoever changes units: all take them in this order.
func (w *write) holdDueDates() error {
	if err := w.lockPolicies(); err != nil {
		return err
	}
	return w.lockRoots("parent_id IS NULL")
}

// holdDueDatesOf is holdDueDates for the tree of one unit.
func (w *write) holdDueDatesOf(unit *models.Unit) error {
	return w.lockRoots("id = ?", pathIDs(unit.Path)[0])
}

// recountAll moves the duties and tells seen of each chunk of them.
func (w *write) recountAll(r recount, seen func([]dueMove)) error {
	var moved []settling
	err := r.each(w.tx, func(moves []dueMove) error {
		seen(moves)
		for _, m := range moves {
			moved = append(moved, settling{row: m.after, path: m.unit.Path})
		}
		if len(moved) < insertChunk {
			return nil
		}
		full := moved
		moved = nil
		return w.settleAll(full)
	})
	if err != nil {
		return err
	}
	return w.settleAll(moved)
}
