package compliance

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/rules"
	"sundial/server/store"
)

// OwedDuty is a duty that a unit has yet to do.
type OwedDuty struct {
	DutyView
	// Returned is the last report when the office has sent it back or unlocked it again,
	// nil otherwise.
	Returned *models.Report
	// Drafted tells that the actor has begun a report that is not filed yet.
	Drafted bool
}

// OwedDuties returns what the unit itself has yet to do today, of all years, those due
// first before the others. What cannot be filed now, because it has not begun or its year
// is closed, is left out; rotations, which are judged from the roster, are not.
func (l *Ledger) OwedDuties(ctx context.Context, actor Actor, unit models.Unit) ([]OwedDuty, error) {
	db, now := l.store.Read(ctx), l.moment()
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	query, err := l.dutyQuery(db, lib, DutyQuery{Unit: unit, Own: true, AsOf: now.today})
	if err != nil {
		return nil, err
	}
	var open []dutyAsOf
	err = query.Where("c.outcome = ?", models.Open).Select(dutyColumns).Order(fmt.Sprintf("COALESCE(c.due_on, '%s'), d.id", never)).Find(&open).Error
	if err != nil {
		return nil, fmt.Errorf("duties that %s owes: %w", unit.Code, store.Translate(err))
	}
	if open, err = now.fileable(db, lib, unit, open); err != nil {
		return nil, err
	}
	views, err := l.views(db, lib, open, now.today)
	if err != nil {
		return nil, err
	}
	return owed(db, actor, views)
}

// fileable leaves out the duties for which nothing can be filed now.
func (m moment) fileable(db *gorm.DB, lib *library, unit models.Unit, open []dutyAsOf) ([]dutyAsOf, error) {
	rows := make([]models.Duty, len(open))
	for i := range open {
		rows[i] = open[i].row()
	}
	list, err := dossiers(db, lib, rows)
	if err != nil {
		return nil, err
	}
	standing, err := closingsAt(db, unit.Path)
	if err != nil {
		return nil, err
	}
	var takes []dutyAsOf
	for i, d := range list {
		if m.closedBy(standing, d, &unit) == nil || d.rule.Form() == rules.FormRotation {
			takes = append(takes, open[i])
		}
	}
	return takes, nil
}

// owed tells of duties what came back and what was begun.
func owed(db *gorm.DB, actor Actor, views []DutyView) ([]OwedDuty, error) {
	ids := make([]uint64, len(views))
	for i, view := range views {
		ids[i] = view.Duty.ID
	}
	reports, err := reportsOf(db, ids)
	if err != nil {
		return nil, err
	}
	var drafted []uint64
	if err := db.Model(&models.Draft{}).Where("user_id = ? AND duty_id IN ?", actor.ID, ids).Pluck("duty_id", &drafted).Error; err != nil {
		return nil, fmt.Errorf("drafts: %w", store.Translate(err))
	}
	list := make([]OwedDuty, len(views))
	for i, view := range views {
		list[i] = OwedDuty{DutyView: view, Drafted: slices.Contains(drafted, view.Duty.ID)}
		if filed := reports[view.Duty.ID]; len(filed) > 0 {
			if last := &filed[len(filed)-1]; last.Status == models.Returned || last.Status == models.Reopened {
				list[i].Returned = last
			}
		}
	}
	return list, nil
}
