package compliance

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// UnitPast is what became known of a unit on a day; Before is nil for the first.
type UnitPast struct {
	Before *models.UnitChange
	Now    models.UnitChange
	// From and To are the units above it, before and after, as they were known on
	// the day; zero for none.
	From, To models.Unit
	// Acts tell who entered it and why.
	Acts []UnitAct
}

// UnitAct is what somebody did to a unit. On is the day that the change has,
// zero for those without one.
type UnitAct struct {
	Action string
	At     time.Time
	Who    string
	On     calendar.Date
	Reason string
	// Successor is the name of the unit that this one was merged into.
	Successor string
}

// UnitHistory returns what was known of the unit from day to day, the latest
// first.
func (l *Ledger) UnitHistory(ctx context.Context, unit models.Unit) ([]UnitPast, error) {
	db := l.store.Read(ctx)
	var changes []models.UnitChange
	if err := db.Where("unit_id = ?", unit.ID).Order("known_on DESC").Find(&changes).Error; err != nil {
		return nil, fmt.Errorf("history of %s: %w", unit.Code, store.Translate(err))
	}
	var entries []models.AuditEntry
	if err := db.Where("object = ? AND object_id = ?", "unit", unit.ID).Order("at, strand, seq").Find(&entries).Error; err != nil {
		return nil, fmt.Errorf("entries of %s: %w", unit.Code, store.Translate(err))
	}
	past := make([]UnitPast, len(changes))
	for i := range changes {
		past[i].Now = changes[i]
		above := parentsOf(changes[i])
		if i+1 < len(changes) {
			past[i].Before = &changes[i+1]
			above = append(above, parentsOf(changes[i+1])...)
		}
		named, err := unitsOn(db, above, changes[i].KnownOn)
		if err != nil {
			return nil, err
		}
		past[i].name(named)
	}
	for _, entry := range entries {
		act, err := actOf(entry)
		if err != nil {
			return nil, err
		}
		day := calendar.DateOf(entry.At.In(rules.Shanghai))
		for i := range past {
			if past[i].Now.KnownOn <= day && day < past[i].Now.KnownUntil {
				past[i].Acts = append(past[i].Acts, act)
			}
		}
	}
	return past, nil
}

func parentsOf(change models.UnitChange) []uint64 {
	if change.ParentID == nil {
		return nil
	}
	return []uint64{*change.ParentID}
}

// name sets the units above.
func (p *UnitPast) name(named map[uint64]models.Unit) {
	if p.Now.ParentID != nil {
		p.To = named[*p.Now.ParentID]
	}
	if p.Before != nil && p.Before.ParentID != nil {
		p.From = named[*p.Before.ParentID]
	}
}

// actOf reads what the audit log tells of a change of a unit.
func actOf(entry models.AuditEntry) (UnitAct, error) {
	var detail struct {
		On        calendar.Date `json:"on"`
		Reason    string        `json:"reason"`
		Successor string        `json:"into"`
	}
	if err := json.Unmarshal([]byte(entry.Detail), &detail); err != nil {
		return UnitAct{}, fmt.Errorf("detail of entry %d/%d: %w", entry.Strand, entry.Seq, err)
	}
	return UnitAct{Action: entry.Action, At: entry.At, Who: entry.UserName, On: detail.On, Reason: detail.Reason, Successor: detail.Successor}, nil
}
