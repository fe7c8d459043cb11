package seeds

import (
	"fmt"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// planStarts has some units publish documents, close congresses and suffer
// incidents; obligations of the others stay unscheduled.
func (d *demo) planStarts(a activation, duties []compliance.HistoryDuty) {
	type event struct {
		unit    uint64
		trigger rules.Trigger
	}
	seen := map[event]bool{}
	for _, duty := range duties {
		e := event{duty.UnitID, duty.Rule.Trigger()}
		if !duty.Rule.NeedsStart() || seen[e] {
			continue
		}
		seen[e] = true
		unit := d.units[duty.UnitID]
		by := throw(unit.Code, a.policy, duty.Period, string(e.trigger))
		for i := range startCount(by, unit, e.trigger) {
			d.planStart(by, a, duty, unit, i+1)
		}
	}
}

// startCount is how many events of the kind the unit has in the year.
func startCount(by *dice, unit models.Unit, trigger rules.Trigger) int {
	switch trigger {
	case rules.AfterCongress:
		return min(1, by.below(8))
	case rules.AfterDocument:
		return pick(by, []int{0, 1, 1, 2, 2, 3})
	case rules.AfterNormative:
		return pick(by, []int{0, 1, 1, 2})
	}
	// Few departments answer for an incident.
	if unit.Kind == models.Department && !by.chance(15) {
		return 0
	}
	return pick(by, []int{0, 0, 1, 1, 2})
}

func (d *demo) planStart(by *dice, a activation, duty compliance.HistoryDuty, unit models.Unit, number int) {
	trigger, year := duty.Rule.Trigger(), duty.Year
	from, to := max(duty.Term.Period.From, duty.Since), duty.Term.Period.To
	if trigger == rules.AfterCongress {
		from, to = calendar.NewDate(year, time.January, 10), calendar.NewDate(year, time.February, 28)
	}
	input := compliance.StartInput{
		Subject: fmt.Sprintf("示〔%d〕%d号", year, number),
		Title:   d.fill(pick(by, d.words.Starts[trigger]), unit, duty.Term, ""),
		On:      d.dayIn(by, from, to),
	}
	event := input.On
	if trigger == rules.AfterIncident {
		event = from + calendar.Date(by.below(int(to-from)+1))
		input.On = 0
		input.At = midnight(event).Add(time.Duration(by.below(24*60)) * time.Minute)
		input.Subject = fmt.Sprintf("示%d-%d", year, number)
	}
	registered := d.workday(max(event+1, a.on+calendar.Date(by.between(1, 8))))
	if registered > d.last || !unit.ClosedOn.IsZero() && registered+60 > unit.ClosedOn {
		return
	}
	d.add(by, registered, duty.ID, d.cast.reporter(unit), func(h *compliance.History) error {
		return h.RegisterStart(duty.ID, input)
	})
}
