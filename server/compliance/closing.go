package compliance

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// A closing (关闭填报) ends what units do themselves for the duties of a year in
// a unit's subtree: filing, withdrawing, registering what starts a term, and it
// ends reopening. A duty that stands for several years closes with the last of
// them. Reports that wait may still be decided on, or a closing would hide a
// backlog. A unit may act in spite of a closing while an exception for it, or for
// a unit above it, lasts, and for a duty whose due date the office has extended,
// up to that date.

var toClose = rbac.Permission{Object: "period", Action: "close"}

// firstYear is the earliest year that can be closed.
const firstYear = 1949

// Close ends filing for a year in the unit's subtree. A year to come is Invalid;
// one that is closed already, here or at a unit above, is a Conflict.
func (l *Ledger) Close(ctx context.Context, actor Actor, unit uint64, year int, reason string) (*models.Closing, error) {
	var closed *models.Closing
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		closed, err = w.close(unit, year, strings.TrimSpace(reason))
		return err
	})
	return closed, err
}

func (w *write) close(id uint64, year int, reason string) (*models.Closing, error) {
	unit, err := w.lockUnitFor(id, toClose)
	if err != nil {
		return nil, err
	}
	if err := errorsOf(w.checkYear(year), checkReason("reason", reason, "filing.required")); err != nil {
		return nil, err
	}
	standing, err := closingsOver(w.tx, unit.Path, year)
	if err != nil {
		return nil, err
	}
	if len(standing) > 0 {
		return nil, standing[0].refusal()
	}
	row := &models.Closing{UnitID: unit.ID, Year: year, Reason: reason, ClosedBy: w.actor.ID, ClosedAt: w.moment.at}
	if err := w.tx.Create(row).Error; err != nil {
		return nil, fmt.Errorf("store closing: %w", err)
	}
	err = w.record(event{action: "close", object: "period", id: row.ID, unit: unit, office: toClose,
		now: map[string]any{"year": year, "closed": true}, detail: map[string]any{"reason": reason}})
	if err != nil {
		return nil, err
	}
	return row, w.tellOfPeriod(row.ID, unit, rules.Reason{Key: "periods.message.closed", Args: models.Args("Year", year, "Reason", reason)})
}

func (w *write) checkYear(year int) error {
	if year >= firstYear && year <= w.today.Year() {
		return nil
	}
	return models.InvalidFields([]models.Field{{Name: "year", Key: "period.bad_year", Args: models.Args("Value", year, "Last", w.today.Year())}})
}

// Lift opens a closed year again, with the reason, which the audit log keeps. A
// closing that was lifted before is a Conflict.
func (l *Ledger) Lift(ctx context.Context, actor Actor, closing uint64, reason string) error {
	return l.write(ctx, actor, func(w *write) error { return w.lift(closing, strings.TrimSpace(reason)) })
}

func (w *write) lift(id uint64, reason string) error {
	row, unit, err := w.lockClosing(id)
	if err != nil {
		return err
	}
	if err := checkReason("reason", reason, "filing.required"); err != nil {
		return err
	}
	at := w.moment.at
	row.LiftedBy, row.LiftedAt = &w.actor.ID, &at
	if err := w.tx.Save(row).Error; err != nil {
		return fmt.Errorf("store closing: %w", err)
	}
	err = w.record(event{action: "lift", object: "period", id: id, unit: unit, office: toClose,
		before: map[string]any{"closed": true}, now: map[string]any{"closed": false}, detail: map[string]any{"year": row.Year, "reason": reason}})
	if err != nil {
		return err
	}
	return w.tellOfPeriod(id, unit, rules.Reason{Key: "periods.message.lifted", Args: models.Args("Year", row.Year, "Reason", reason)})
}

// ExceptionInput lets the subtree of a unit act in spite of a closing, up to and
// including a day.
type ExceptionInput struct {
	// Unit is the code of a unit of the closing's subtree.
	Unit   string
	Until  calendar.Date
	Reason string
}

// Except makes an exception to a closing. A unit that the closing does not
// concern, and a day that has passed, are Invalid.
func (l *Ledger) Except(ctx context.Context, actor Actor, closing uint64, input ExceptionInput) (*models.ClosingException, error) {
	var made *models.ClosingException
	err := l.write(ctx, actor, func(w *write) error {
		var err error
		made, err = w.except(closing, input)
		return err
	})
	return made, err
}

func (w *write) except(id uint64, input ExceptionInput) (*models.ClosingException, error) {
	row, unit, err := w.lockClosing(id)
	if err != nil {
		return nil, err
	}
	input.Reason = strings.TrimSpace(input.Reason)
	below, unknown := w.unitBelow(*unit, strings.TrimSpace(input.Unit))
	if unknown != nil && !models.IsCode(unknown, models.Invalid) {
		return nil, unknown
	}
	if err := errorsOf(unknown, w.checkUntil(input.Until), checkReason("reason", input.Reason, "filing.required")); err != nil {
		return nil, err
	}
	made := &models.ClosingException{ClosingID: id, UnitID: below.ID, Until: input.Until, Reason: input.Reason,
		GrantedBy: w.actor.ID, GrantedAt: w.moment.at}
	if err := w.tx.Create(made).Error; err != nil {
		return nil, fmt.Errorf("store exception: %w", err)
	}
	err = w.record(event{action: "except", object: "period", id: id, unit: below, office: toClose,
		now: map[string]any{"until": input.Until}, detail: map[string]any{"year": row.Year, "reason": input.Reason}})
	if err != nil {
		return nil, err
	}
	return made, w.tellOfPeriod(id, below, rules.Reason{Key: "periods.message.excepted", Args: models.Args("Year", row.Year, "Until", input.Until, "Reason", input.Reason)})
}

func (w *write) checkUntil(until calendar.Date) error {
	switch {
	case until.IsZero():
		return models.InvalidFields([]models.Field{{Name: "until", Key: "filing.date_required"}})
	case until < w.today:
		return models.InvalidFields([]models.Field{{Name: "until", Key: "period.until_passed", Args: models.Args("Value", until, "Today", w.today)}})
	}
	return nil
}

// unitBelow returns the unit of the code in the subtree; another one is Invalid.
func (w *write) unitBelow(top models.Unit, code string) (*models.Unit, error) {
	var unit models.Unit
	err := rbac.Scope{top.Path}.Where(w.tx, "path").Where("code = ?", code).Take(&unit).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, models.InvalidFields([]models.Field{{Name: "unit", Key: "period.unit_elsewhere", Args: models.Args("Code", code, "Unit", top.Name)}})
	}
	if err != nil {
		return nil, fmt.Errorf("unit of exception: %w", err)
	}
	return &unit, nil
}

// lockUnitFor returns the unit, locked until the write ends. One where the actor
// lacks the permission is NotFound, as one that is not there.
func (w *write) lockUnitFor(id uint64, permission rbac.Permission) (*models.Unit, error) {
	var unit models.Unit
	err := one(w.tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id), &unit, "unit")
	if err == nil && !w.actor.Access.AllowsAt(permission.Object, permission.Action, unit.Path) || models.IsCode(err, models.NotFound) {
		return nil, models.NewError(models.NotFound, "error.not_found")
	}
	return &unit, err
}

// lockClosing returns a closing that stands and its unit, which is locked until
// the write ends. One that was lifted is a Conflict.
func (w *write) lockClosing(id uint64) (*models.Closing, *models.Unit, error) {
	var row models.Closing
	if err := one(w.tx.Where("id = ?", id), &row, "closing"); models.IsCode(err, models.NotFound) {
		return nil, nil, models.NewError(models.NotFound, "error.not_found")
	} else if err != nil {
		return nil, nil, err
	}
	unit, err := w.lockUnitFor(row.UnitID, toClose)
	if err != nil {
		return nil, nil, err
	}
	// Read again now that the unit is locked: somebody else may have lifted it.
	if err := one(w.tx.Where("id = ?", id), &row, "closing"); err != nil {
		return nil, nil, err
	}
	if row.LiftedAt != nil {
		return nil, nil, models.NewError(models.Conflict, "period.lifted", "Year", row.Year)
	}
	return &row, unit, nil
}
