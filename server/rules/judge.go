package rules

import (
	"slices"
	"strings"

	"sundial/server/calendar"
)

// Judge judges one unit's facts against a policy: every duty whose period began
// by the as-of date, or with a year the duties on that year's board. Facts dated
// after the as-of date do not count. Verdicts stand in the order of the policy's
// obligations, then of periods.
func Judge(p *Policy, facts *Facts, cal *calendar.Calendar, asOf calendar.Date, year int) []Verdict {
	known := facts.knownOn(asOf)
	starts := known.starts()
	var duties []Duty
	if year != 0 {
		duties = Schedule(p, facts.Unit, starts, cal, year)
	} else {
		duties = scheduleUntil(p, facts.Unit, starts, cal, asOf)
	}
	verdicts := make([]Verdict, len(duties))
	for i := range duties {
		verdicts[i] = duties[i].Judge(facts, cal, asOf)
	}
	return verdicts
}

// scheduleUntil returns the duties whose period began by the day, obligation by
// obligation.
func scheduleUntil(p *Policy, unit Unit, starts map[Trigger][]Start, cal *calendar.Calendar, day calendar.Date) []Duty {
	var duties []Duty
	for year := p.Effective.From.Year(); year <= day.Year(); year++ {
		for _, d := range Schedule(p, unit, starts, cal, year) {
			if d.Period.Year == year && d.Period.From <= day {
				duties = append(duties, d)
			}
		}
	}
	order := func(d Duty) int {
		return slices.IndexFunc(p.Obligations, func(o Obligation) bool { return o.ID == d.Obligation.ID })
	}
	slices.SortStableFunc(duties, func(a, b Duty) int { return order(a) - order(b) })
	return duties
}

// finding is what the facts say of one duty, before states: whether they
// satisfy it and when, and what was reached.
type finding struct {
	satisfied bool
	doneOn    calendar.Date
	late      bool
	// counted is the number of facts that count towards the duty.
	counted  int
	value    string
	required string
	// args are arguments of the reason beyond those that every reason has.
	args     map[string]any
	notes    []Reason
	evidence []string
	// roster and trained count people, for a rotation.
	roster, trained int
	// scheme is what a weight was found in; nil for other kinds, and without one.
	scheme *SchemeFinding
}

func (f *finding) note(key string, pairs ...any) {
	f.notes = append(f.notes, reason(key, pairs...))
}

func (f *finding) cite(url string) {
	if url != "" && !slices.Contains(f.evidence, url) {
		f.evidence = append(f.evidence, url)
	}
}

func reason(key string, pairs ...any) Reason {
	args := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return Reason{Key: key, Args: args}
}

// Judge returns the verdict on the duty as of a date. A fact that waits for
// verification makes an unsatisfied duty reported, never overdue; so does, while
// it waits, a report that there is nothing to report, which is no fact.
func (d *Duty) Judge(facts *Facts, cal *calendar.Calendar, asOf calendar.Date) Verdict {
	known := facts.knownOn(asOf)
	verified, all := d.find(known.verified(), cal, asOf), d.find(known, cal, asOf)
	v := Verdict{Obligation: d.Obligation.ID, Clause: d.Obligation.Clause, Kind: d.Obligation.Kind,
		Period: d.Period.Name, Subject: d.Start.Subject, DueOn: d.DueOn, DueAt: d.DueAt, Provisional: d.Provisional}
	exemption, exempt := known.exemption(d)
	used := verified
	switch {
	case exempt:
		v.Outcome = Outcome(Exempt)
	case d.DueOn.IsZero():
		v.Outcome = Outcome(Unscheduled)
	case verified.satisfied && verified.late:
		v.Outcome = Outcome(Late)
	case verified.satisfied:
		v.Outcome = Outcome(Met)
	case all.counted > verified.counted:
		v.Outcome, used = Outcome(Reported), all
	default:
		v.Outcome = OutcomeOpen
	}
	waits := known.nothingWaits() && (v.Outcome == OutcomeOpen || v.Outcome == Outcome(Unscheduled))
	if waits {
		v.Outcome = Outcome(Reported)
	}
	v.State = StateOn(v.Outcome, d.DueOn, d.Provisional, asOf)
	v.DueSoon = v.State == Pending && DueSoon(cal, d.DueOn, d.Provisional, asOf)
	if v.State == Met || v.State == Late {
		v.DoneOn = used.doneOn
	}
	v.Value, v.Required, v.Notes, v.Evidence, v.Scheme = used.value, used.required, used.notes, used.evidence, used.scheme
	if !exempt {
		v.Roster, v.Trained = used.roster, used.trained
	}
	v.Reason = d.reasonFor(v, used, exemption, asOf)
	if waits {
		v.Reason = reason("rules.nothing_reported", "Clause", CitedClause(v.Clause), "Period", v.Period)
	}
	for _, report := range known.Nothing {
		if report.Verified {
			v.Notes = append(v.Notes, reason("rules.note.nothing", "Reason", strings.TrimRight(report.Reason, "。.")))
		}
	}
	return v
}

// nothingWaits tells whether a report of nothing waits for verification.
func (f *Facts) nothingWaits() bool {
	return slices.ContainsFunc(f.Nothing, func(n NothingFact) bool { return !n.Verified })
}

// DueSoon tells whether an open duty is within DueSoonDays working days of its
// settled due date, which has not passed.
func DueSoon(cal *calendar.Calendar, dueOn Date, provisional bool, asOf Date) bool {
	return !dueOn.IsZero() && !provisional && asOf <= dueOn && cal.WorkingDaysBetween(asOf, dueOn) <= DueSoonDays
}

// reasonFor composes the ground of the verdict: one message per kind and state,
// with the figures it rests on.
func (d *Duty) reasonFor(v Verdict, f finding, exemption ExemptionFact, asOf calendar.Date) Reason {
	switch v.State {
	case Exempt:
		return reason("rules.exempt", "Reason", strings.TrimRight(exemption.Reason, "。."), "Document", exemption.Document)
	case Unscheduled:
		return reason("rules.unscheduled."+string(d.Obligation.Trigger()), "Clause", CitedClause(v.Clause))
	}
	ground := "rules." + string(v.Kind) + "."
	if d.Extended && v.Kind == KindWithinWorkingDays {
		ground = "rules.extended." // the last working day of the term is not the due date
	}
	r := reason(ground+string(v.State),
		"Clause", CitedClause(v.Clause), "Period", v.Period, "DueOn", d.DueOn, "DoneOn", v.DoneOn, "AsOf", asOf,
		"Value", v.Value, "Required", v.Required, "Provisional", v.Provisional)
	for name, value := range f.args {
		r.Args[name] = value
	}
	return r
}

// find applies the rule of the obligation's kind to the facts.
func (d *Duty) find(facts *Facts, cal *calendar.Calendar, asOf calendar.Date) finding {
	switch d.Obligation.Kind {
	case KindCount:
		return d.findCount(facts)
	case KindAppointment:
		return d.findAppointment(facts, asOf)
	case KindWeight:
		return d.findWeight(facts)
	case KindWithinWorkingDays:
		return d.findWithinWorkingDays(facts, cal)
	case KindWithinHours:
		return d.findWithinHours(facts)
	case KindByDate:
		return d.findByDate(facts)
	default:
		return d.findRotation(facts, asOf)
	}
}
