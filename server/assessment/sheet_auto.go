package assessment

import (
	"encoding/json"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// AutoDuty is a duty that an auto indicator is scored by, as it was then.
type AutoDuty struct {
	Duty       uint64        `json:"duty"`
	Obligation string        `json:"obligation"`
	Period     string        `json:"period"`
	Subject    string        `json:"subject,omitempty"`
	DueOn      calendar.Date `json:"due_on,omitzero"`
	DoneOn     calendar.Date `json:"done_on,omitzero"`
	State      rules.State   `json:"state"`
}

// autoDuties are the duties of a unit by obligation.
type autoDuties map[string][]AutoDuty

// autosOf reads the duties that auto indicators of the round are scored by, of the units:
// their ids, or a query that selects them.
func (w *write) autosOf(round models.Round, scheme *scoring.Scheme, units any) (map[uint64]autoDuties, error) {
	found := map[uint64]autoDuties{}
	err := w.ledger.DutyStates(w.tx, units, scheme.Obligations(), round.Year, w.asOf(round), func(duty compliance.DutyState) error {
		of := found[duty.UnitID]
		if of == nil {
			of = autoDuties{}
			found[duty.UnitID] = of
		}
		of[duty.Obligation] = append(of[duty.Obligation], AutoDuty{Duty: duty.ID, Obligation: duty.Obligation, Period: duty.Period, Subject: duty.Subject,
			DueOn: duty.DueOn, DoneOn: duty.DoneOn, State: duty.State})
		return nil
	})
	return found, err
}

// asOf is the day as of which the round sees duties: its own, never later than today.
func (w *write) asOf(round models.Round) calendar.Date {
	if round.AsOf.IsZero() || round.AsOf > w.today {
		return w.today
	}
	return round.AsOf
}

// encode writes the duties as they are stored with a sheet.
func (a autoDuties) encode() (string, error) {
	if len(a) == 0 {
		return "", nil
	}
	data, err := json.Marshal(a)
	return string(data), err
}

// decodeAutos reads the duties stored with a sheet.
func decodeAutos(sheet models.Sheet) (autoDuties, error) {
	if sheet.Autos == "" {
		return nil, nil
	}
	var duties autoDuties
	if err := json.Unmarshal([]byte(sheet.Autos), &duties); err != nil {
		return nil, fmt.Errorf("duties of sheet %d: %w", sheet.ID, err)
	}
	return duties, nil
}

// of lists the duties of an auto indicator, in the order of its obligations.
func (a autoDuties) of(leaf scoring.Leaf) []AutoDuty {
	var list []AutoDuty
	for _, code := range leaf.Obligations {
		list = append(list, a[code]...)
	}
	return list
}
