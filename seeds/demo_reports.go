package seeds

import (
	"fmt"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// tale is what happens to one duty.
type tale struct {
	*demo
	*dice
	unit models.Unit
	duty compliance.HistoryDuty
	fate fate
	// opens is the first day on which anything is filed, closes the last.
	opens, closes calendar.Date
}

// planReports draws the fate of every duty and plans what leads to it. Moves
// past the last day are left out, so that a late fate is still open today.
func (d *demo) planReports(a activation, duties []compliance.HistoryDuty) {
	for _, duty := range duties {
		if duty.DueOn.IsZero() {
			continue
		}
		unit := d.units[duty.UnitID]
		by := throw(unit.Code, duty.Rule.ID, duty.Period, duty.Subject)
		t := &tale{demo: d, dice: by, unit: unit, duty: duty, fate: d.fateOf(by, unit, duty), closes: d.last}
		t.opens = max(a.on+calendar.Date(by.between(1, 15)), duty.Since)
		if duty.Rule.NeedsStart() {
			// The event is registered first; see planStart.
			t.opens = max(d.workday(a.on+8), d.workday(duty.TriggerOn+1)) + calendar.Date(by.between(1, 10))
		}
		if !unit.ClosedOn.IsZero() {
			t.closes = min(t.closes, unit.ClosedOn-1)
		}
		t.plan()
	}
}

func (t *tale) plan() {
	switch t.fate {
	case nothing:
	case exempted:
		t.planExemption()
	default:
		days := t.days()
		for i, day := range days {
			fate := inTime
			if i == len(days)-1 {
				fate = t.fate
			}
			t.planReport(day, fate)
		}
	}
}

// planExemption frees the duty on a day before its due date, or soon after the
// policy was activated.
func (t *tale) planExemption() {
	day := t.workday(t.dayIn(t.dice, t.opens, max(t.opens, min(t.duty.DueOn, t.opens+120))))
	if day > t.closes {
		return
	}
	reason, series := pick(t.dice, t.words.Exemptions), t.words.Series[t.duty.Term.Policy.ID]
	t.add(t.dice, day, t.duty.ID, t.cast.supervisor(t.unit), func(h *compliance.History) error {
		key := fmt.Sprintf("%s〔%d〕", series, day.Year())
		t.exemptions[key]++
		return h.Exempt(t.duty.ID, reason, fmt.Sprintf("%s示%d号", key, t.exemptions[key]))
	})
}

// days returns the days of the facts: one, or as many as a count asks for.
func (t *tale) days() []calendar.Date {
	n := 1
	if count := t.duty.Rule.Count; count != nil {
		n = count.Min
		if t.fate == short {
			n = t.between(1, count.Min-1)
		}
	}
	from, to := t.span()
	days := make([]calendar.Date, n)
	for i := range days {
		days[i] = t.dayIn(t.dice, from, to)
	}
	slices.Sort(days)
	return days
}

// span returns the first and last day on which the fact may happen for the
// fate: by the due date, or soon after it.
func (t *tale) span() (from, to calendar.Date) {
	due, since := t.duty.DueOn, max(t.duty.Since, t.duty.TriggerOn)
	rule := t.duty.Rule
	if rule.Kind == rules.KindWithinWorkingDays && !rule.NeedsStart() {
		since = max(since, t.duty.Term.Policy.Published+3)
	}
	if t.fate == tooLate {
		delay := calendar.Date(60)
		if rule.NeedsStart() {
			delay = 10
		}
		from, to = due+1, due+delay
		if rule.ByDate != nil && !rule.ByDate.Each.IsZero() {
			to = min(to, calendar.NewDate(due.Year(), 12, 31))
		}
		// Nobody is late after the end: such a unit was in time.
		if t.unit.ClosedOn.IsZero() || to+10 < t.unit.ClosedOn {
			return from, to
		}
	}
	if rule.ByDate != nil {
		since = max(since, due-200)
	}
	return since, due
}

// planReport plans the report of a fact and what the office does with it.
func (t *tale) planReport(day calendar.Date, fate fate) {
	filing, known := t.filing(day)
	filed := t.workday(max(known+calendar.Date(t.between(1, 9)), t.opens))
	report := t.planFiling(filed, filing)
	switch fate {
	case waiting:
	case returned:
		t.planReturn(report, filed, pick(t.dice, t.returnWords()).Reason)
	case corrected:
		words := pick(t.dice, t.returnWords())
		sentBack := t.planReturn(report, filed, words.Reason)
		again := t.workday(sentBack + calendar.Date(t.between(2, 12)))
		filing.Note, filing.URL = words.Remedy, t.page(t.dice, t.unit, again.Year())
		t.planVerdict(t.planFiling(again, filing), again)
	default:
		t.planVerdict(report, filed)
	}
}

// returnWords returns the reasons that suit the form.
func (t *tale) returnWords() []returnWords {
	return slices.DeleteFunc(slices.Clone(t.words.Returns), func(r returnWords) bool {
		return len(r.Forms) > 0 && !slices.Contains(r.Forms, t.duty.Rule.Form())
	})
}

// planFiling returns where the report will be once it is filed.
func (t *tale) planFiling(day calendar.Date, filing rules.Filing) **models.Report {
	report := new(*models.Report)
	if day > t.closes {
		return report
	}
	if t.duty.Term.FiledLate(filing, midnight(day)) {
		filing.LateReason = pick(throw(t.unit.Code, t.duty.Rule.ID, t.duty.Period, t.duty.Subject, "late"), t.words.Late)
	}
	t.add(t.dice, day, t.duty.ID, t.cast.reporter(t.unit), func(h *compliance.History) (err error) {
		*report, err = h.File(t.duty.ID, filing)
		return err
	})
	return report
}

func (t *tale) planVerdict(report **models.Report, filed calendar.Date) {
	t.planDecision(filed, func(h *compliance.History) error {
		_, err := h.Verify((*report).ID, (*report).Version)
		return err
	})
}

func (t *tale) planReturn(report **models.Report, filed calendar.Date, reason string) calendar.Date {
	return t.planDecision(filed, func(h *compliance.History) error {
		_, err := h.Return((*report).ID, (*report).Version, reason)
		return err
	})
}

// planDecision plans what the office does with a report one to fifteen days
// after it was filed, and returns the day.
func (t *tale) planDecision(filed calendar.Date, do func(h *compliance.History) error) calendar.Date {
	day := t.workday(filed + calendar.Date(t.between(1, 13)))
	if day <= t.last && filed <= t.closes {
		t.add(t.dice, day, t.duty.ID, t.cast.supervisor(t.unit), do)
	}
	return day
}
