package rules

// findAppointment: on the due date somebody holds the office, in the division of
// work and announced to the public where the policy asks for it. Before the due
// date it is judged as of the day; a holder announced only after the due date is
// late.
func (d *Duty) findAppointment(facts *Facts, asOf Date) finding {
	f := finding{required: "1", value: "0", args: map[string]any{"Office": d.Obligation.Appointment.Office}}
	day := min(asOf, d.DueOn)
	var chosen *Deputy
	for i := range facts.Deputies {
		deputy := &facts.Deputies[i]
		if !d.qualifies(deputy, &f) {
			continue
		}
		switch ready := d.readyOn(deputy); {
		case deputy.holdsOn(day) && ready <= day: // in time
		case day < asOf && deputy.holdsOn(max(ready, d.DueOn+1)) && max(ready, d.DueOn+1) <= asOf: // late
		case deputy.From > d.Period.To || !deputy.To.IsZero() && deputy.To < d.Period.From:
			continue // of another year
		default:
			f.note("rules.note.not_in_office", "Name", deputy.Name, "Day", day, "From", deputy.From, "To", deputy.To)
			continue
		}
		f.counted++
		f.cite(deputy.URL)
		if chosen == nil || d.doneOn(deputy, day) < d.doneOn(chosen, day) {
			chosen = deputy
		}
	}
	if chosen != nil {
		f.satisfied, f.value = true, "1"
		f.doneOn = d.doneOn(chosen, day)
		f.late = f.doneOn > d.DueOn
		f.args["Name"], f.args["AnnouncedOn"] = chosen.Name, chosen.AnnouncedOn
	}
	return f
}

// doneOn is the day from which the deputy satisfies the duty: for one who holds
// the office on the day it is judged, the day everything was in place; for one
// appointed or announced later, that later day.
func (d *Duty) doneOn(deputy *Deputy, day Date) Date {
	ready := d.readyOn(deputy)
	if deputy.holdsOn(day) && ready <= day {
		return ready
	}
	return max(ready, d.DueOn+1)
}

// qualifies tells whether the deputy is what the policy asks for, leaving out
// the days, and notes what is missing.
func (d *Duty) qualifies(deputy *Deputy, f *finding) bool {
	rule := d.Obligation.Appointment
	switch {
	case deputy.Office != "" && deputy.Office != rule.Office:
		return false
	case rule.MustBeInDivisionWork && !deputy.InDivisionOfWork:
		f.note("rules.note.not_in_division_of_work", "Name", deputy.Name)
		return false
	case rule.MustBePublic && (deputy.AnnouncedOn.IsZero() || deputy.URL == ""):
		f.note("rules.note.not_announced", "Name", deputy.Name)
		return false
	default:
		return true
	}
}

// readyOn is the day on which the deputy was in office and, where the policy
// asks for it, announced.
func (d *Duty) readyOn(deputy *Deputy) Date {
	if d.Obligation.Appointment.MustBePublic {
		return max(deputy.From, deputy.AnnouncedOn)
	}
	return deputy.From
}

func (d *Deputy) holdsOn(day Date) bool {
	return d.From <= day && (d.To.IsZero() || day <= d.To)
}
