package web

import (
	"sundial/models"
	"sundial/server/rules"
)

// WhatCounts says of an obligation what counts towards it, in words that are made of its
// rule: wherever an obligation is shown, it is shown by this.
type WhatCounts struct {
	*rules.Obligation
	// Demand is what is measured, Due when it is due, and Day which date decides.
	Demand, Due, Day rules.Reason
}

func newWhatCounts(o *rules.Obligation) WhatCounts {
	return WhatCounts{o, demandOf(o), dueOf(o), rules.Reason{Key: "what_counts.day." + string(o.Kind)}}
}

// allCounts are the obligations of a policy, in its order.
func allCounts(policy *rules.Policy) []WhatCounts {
	all := make([]WhatCounts, len(policy.Obligations))
	for i := range policy.Obligations {
		all[i] = newWhatCounts(&policy.Obligations[i])
	}
	return all
}

// demandOf says in words what the obligation measures.
func demandOf(o *rules.Obligation) rules.Reason {
	switch {
	case o.Count != nil:
		key := "demand.count." + string(o.Count.Window.Kind)
		if o.Count.PresidedBy != "" {
			key += ".principal"
		}
		return rules.Reason{Key: key, Args: models.Args("Count", o.Count.Min,
			"Month", o.Count.Window.Day.Month, "Day", o.Count.Window.Day.Day)}
	case o.Appointment != nil:
		return rules.Reason{Key: appointmentKey(o.Appointment)}
	case o.Weight != nil:
		return weightDemand(o.Weight)
	case o.WorkingDays != nil:
		return rules.Reason{Key: "demand.working_days." + string(o.WorkingDays.After), Args: models.Args("Count", o.WorkingDays.N)}
	case o.Hours != nil && o.Hours.Target > 0:
		return rules.Reason{Key: "demand.hours_target", Args: models.Args("N", o.Hours.N, "Target", o.Hours.Target)}
	case o.Hours != nil:
		return rules.Reason{Key: "demand.hours", Args: models.Args("Count", o.Hours.N)}
	case o.ByDate != nil:
		return rules.Reason{Key: "demand.by_date"}
	default:
		return rotationDemand(o.Rotation)
	}
}

func appointmentKey(a *rules.Appointment) string {
	key := "demand.appointment"
	if a.MustBeInDivisionWork {
		key += ".division"
	}
	if a.MustBePublic {
		key += ".public"
	}
	return key
}

func weightDemand(w *rules.Weight) rules.Reason {
	switch {
	case !w.AtLeast.IsZero():
		return rules.Reason{Key: "demand.weight", Args: models.Args("Percent", w.AtLeast.String())}
	case w.NotBelowLastYear:
		return rules.Reason{Key: "demand.weight_not_below"}
	default:
		return rules.Reason{Key: "demand.weight_included"}
	}
}

func rotationDemand(r *rules.Rotation) rules.Reason {
	if r.Years > 0 {
		return rules.Reason{Key: "demand.rotation_years", Args: models.Args("Count", r.Years)}
	}
	return rules.Reason{Key: "demand.rotation_until", Args: models.Args("Until", r.Until)}
}

// dueOf says when the obligation is due.
func dueOf(o *rules.Obligation) rules.Reason {
	each := func(day rules.MonthDay) rules.Reason {
		if day.IsZero() {
			return rules.Reason{Key: "due.year_end"}
		}
		return rules.Reason{Key: "due.each_year", Args: models.Args("Month", day.Month, "Day", day.Day)}
	}
	switch {
	case o.Count != nil:
		return rules.Reason{Key: "due.window." + string(o.Count.Window.Kind), Args: models.Args(
			"Month", o.Count.Window.Day.Month, "Day", o.Count.Window.Day.Day)}
	case o.Appointment != nil:
		return each(o.Appointment.Due)
	case o.Weight != nil:
		return each(o.Weight.Due)
	case o.ByDate != nil && !o.ByDate.On.IsZero():
		return rules.Reason{Key: "due.on", Args: models.Args("Date", o.ByDate.On)}
	case o.ByDate != nil:
		return each(o.ByDate.Each)
	case o.Rotation != nil:
		return rules.Reason{Key: "due.window_end"}
	default:
		return rules.Reason{Key: "due.term_end"}
	}
}
