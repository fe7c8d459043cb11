package seeds

import (
	"fmt"
	"slices"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// planStarts has some units publish documents, close congresses and suffer
// incidents; obligations of the others stay unscheduled.
func (d *demo) planStarts(a activation, duties []compliance.HistoryDuty) {
	type events struct {
		unit    uint64
		trigger rules.Trigger
	}
	seen := map[events]bool{}
	for _, duty := range duties {
		e := events{duty.UnitID, duty.Rule.Trigger()}
		if !duty.Rule.NeedsStart() || seen[e] {
			continue
		}
		seen[e] = true
		unit := d.units[duty.UnitID]
		by := throw(unit.Code, a.policy, duty.Period, string(e.trigger))
		titles := by.below(len(d.words.Starts[e.trigger]))
		for i, day := range d.startDays(by, unit, duty) {
			title := d.words.Starts[e.trigger][(titles+i)%len(d.words.Starts[e.trigger])]
			d.planStart(by, a, duty, compliance.StartInput{
				Subject: fmt.Sprintf("示〔%d〕%d号", duty.Year, i+1), On: day, Title: d.fill(title, unit, duty.Term, ""),
			})
		}
	}
}

// startDays returns the days of the unit's events of the duty's trigger.
func (d *demo) startDays(by *dice, unit models.Unit, duty compliance.HistoryDuty) []calendar.Date {
	from, to, n := max(duty.Term.Period.From, duty.Since), duty.Term.Period.To, 0
	switch duty.Rule.Trigger() {
	case rules.AfterCongress:
		n = min(1, by.below(8))
		from, to = calendar.NewDate(duty.Year, time.January, 10), calendar.NewDate(duty.Year, time.February, 28)
	case rules.AfterDocument:
		n = pick(by, []int{0, 1, 1, 2, 2, 3})
	case rules.AfterNormative:
		n = pick(by, []int{0, 1, 1, 2})
	case rules.AfterIncident:
		// Few departments answer for an incident.
		if unit.Kind != models.Department || by.chance(15) {
			n = pick(by, []int{0, 0, 1, 1, 2})
		}
	}
	days := make([]calendar.Date, n)
	for i := range days {
		days[i] = d.dayIn(by, from, to)
	}
	slices.Sort(days)
	return days
}

// planStart plans that the unit registers the event, on the next working day or
// soon after the policy was activated.
func (d *demo) planStart(by *dice, a activation, duty compliance.HistoryDuty, input compliance.StartInput) {
	unit, day := d.units[duty.UnitID], input.On
	if duty.Rule.Hours != nil {
		input.On, input.At = 0, midnight(day).Add(time.Duration(by.below(24*60))*time.Minute)
	}
	registered := d.workday(max(day+1, a.on+calendar.Date(by.between(1, 8))))
	if registered > d.last || !unit.ClosedOn.IsZero() && registered+60 > unit.ClosedOn {
		return
	}
	d.add(by, registered, duty.ID, d.cast.reporter(unit), func(h *compliance.History) error {
		return h.RegisterStart(duty.ID, input)
	})
}
