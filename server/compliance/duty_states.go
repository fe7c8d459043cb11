package compliance

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// DutyState is a duty with its state at the end of a day, as far as scores need it.
type DutyState struct {
	ID         uint64
	UnitID     uint64
	Obligation string
	Period     string
	Subject    string
	DueOn      calendar.Date
	DoneOn     calendar.Date
	State      rules.State
}

// DutyStates calls f for each duty of the obligations that stands on the boards of the
// year, of the units: their ids, or a query that selects them. States are those known
// at the end of the day, by unit, obligation and due date.
func (l *Ledger) DutyStates(tx *gorm.DB, units any, obligations []string, year int, asOf calendar.Date, f func(DutyState) error) error {
	if len(obligations) == 0 {
		return nil
	}
	rows, err := tx.Table("duties d").
		Joins("JOIN obligations o ON o.id = d.obligation_id").
		Joins(knownChange, asOf).
		Where("d.unit_id IN (?) AND o.code IN ? AND d.year <= ? AND d.until_year >= ? AND c.outcome <> ?", units, obligations, year, year, models.Withdrawn).
		Select("d.id, d.unit_id, o.code AS obligation, d.period, d.subject, c.due_on, c.done_on, c.outcome, c.provisional").
		Order("d.unit_id, o.code, c.due_on, d.id").Rows()
	if err != nil {
		return fmt.Errorf("states of duties: %w", store.Translate(err))
	}
	defer rows.Close()
	for rows.Next() {
		var row struct {
			DutyState   `gorm:"embedded"`
			Outcome     models.Outcome
			Provisional bool
		}
		if err := tx.ScanRows(rows, &row); err != nil {
			return fmt.Errorf("state of a duty: %w", store.Translate(err))
		}
		row.State = rules.StateOn(rules.Outcome(row.Outcome), row.DueOn, row.Provisional, asOf)
		if err := f(row.DutyState); err != nil {
			return err
		}
	}
	return store.Translate(rows.Err())
}
