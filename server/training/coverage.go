package training

import (
	"context"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// Coverage answers how far a rotation has come, one row per child of the unit, as
// known at the end of the as-of date; the errors are those of
// [compliance.Ledger.Rotation].
func (d *Desk) Coverage(ctx context.Context, q compliance.RotationQuery) (*compliance.RotationTable, error) {
	return d.ledger.Rotation(ctx, q)
}

// DueRotation is a rotation by which people fall due soon.
type DueRotation struct {
	compliance.RotationRef
	// Left are those who fall due within rules.FallsDueDays days.
	Left int
}

// FallDue returns the rotations that bind units of the subtree and end, or were
// extended to end, within rules.FallsDueDays days while people are left.
func (d *Desk) FallDue(ctx context.Context, unit models.Unit, asOf calendar.Date) ([]DueRotation, error) {
	refs, err := d.ledger.Rotations(ctx, unit, asOf)
	if err != nil {
		return nil, err
	}
	var due []DueRotation
	for _, ref := range refs {
		table, err := d.Coverage(ctx, compliance.RotationQuery{Unit: unit, Policy: ref.Obligation.Policy, Obligation: ref.Obligation.Code, Period: ref.Period.Name, AsOf: asOf})
		if err != nil {
			return nil, err
		}
		left, err := d.CountLeft(ctx, table, LeftFilter{DueWithin: rules.FallsDueDays})
		if err != nil {
			return nil, err
		}
		if left > 0 {
			due = append(due, DueRotation{table.RotationRef, left})
		}
	}
	return due, nil
}

// The texts of queries on who is counted in a rotation. r is a row of
// RotationTable.Duties, q the posting of somebody on the unit's roster on the
// last day that counts.
const (
	onRoster = "JOIN postings q ON q.unit_id = r.unit_id AND q.known_on <= ? AND q.known_until > ?" +
		" AND q.start_on <= r.counted_on AND (q.end_on IS NULL OR q.end_on >= r.counted_on)"
	// validThen are the valid attendances a of q's person, as known then.
	validThen = "FROM attendances a WHERE a.person_id = q.person_id AND a.known_on <= ? AND a.known_until > ?" +
		" AND a.present AND (NOT a.tested OR a.passed)"
	inWindow = " AND a.held_on BETWEEN r.window_from AND r.counted_on"
)

// counted is a query of the people who are counted in the rotation.
func counted(db *gorm.DB, t *compliance.RotationTable) *gorm.DB {
	return db.Table("(?) r", t.Duties(db)).Joins(onRoster, t.AsOf, t.AsOf)
}

// untrained narrows a query of counted people to those who are left.
func untrained(query *gorm.DB, asOf calendar.Date) *gorm.DB {
	return query.Where("NOT EXISTS (SELECT 1 "+validThen+inWindow+")", asOf, asOf)
}
