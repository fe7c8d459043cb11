package web

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// PoliciesPage lists the policies that are loaded.
type PoliciesPage struct {
	Page
	Policies []PolicyLine
	// MayUpload offers to load another one.
	MayUpload bool
}

// PolicyLine is a policy with the years whose duties have been created.
type PolicyLine struct {
	Policy    *rules.Policy
	URL       string
	Activated []int
	Edition   int
	RetiredOn calendar.Date
}

// PolicyPage is one policy with its obligations.
type PolicyPage struct {
	Page
	Policy      *rules.Policy
	Activated   []int
	Levels      int
	RetiredOn   calendar.Date
	Obligations []ObligationLine
	Tasks       TaskDivision
	Editions    []compliance.EditionView
	// Management is set when the user may manage the policy.
	Management *PolicyManagement
}

// ObligationLine is an obligation with its demand in words.
type ObligationLine struct {
	*rules.Obligation
	Demand rules.Reason
	Due    rules.Reason
}

// PolicyManagement is what may be done with a policy.
type PolicyManagement struct {
	// URL is the policy's own path.
	URL string
	// Years are those that the policy binds and that are not active yet.
	Years []int
	// Levels are the numbers of offices to choose from.
	Levels []int
}

// newPolicyPage lays out a policy. The rest is set by the caller.
func newPolicyPage(page Page, policy *rules.Policy, activated []int) PolicyPage {
	return PolicyPage{Page: page, Policy: policy, Activated: activated, Obligations: obligationLines(policy), Tasks: newTaskDivision(policy)}
}

func obligationLines(policy *rules.Policy) []ObligationLine {
	lines := make([]ObligationLine, len(policy.Obligations))
	for i := range policy.Obligations {
		lines[i] = newObligationLine(&policy.Obligations[i])
	}
	return lines
}

func newObligationLine(o *rules.Obligation) ObligationLine {
	return ObligationLine{o, demandOf(o), dueOf(o)}
}

// ActivationPage tells what activating a policy for a year would create.
type ActivationPage struct {
	Page
	Policy    *rules.Policy
	PolicyURL string
	Year      int
	// Plan is nil when the year cannot be activated; Error says why, or what came
	// between.
	Plan  *compliance.ActivationPreview
	Error *models.Error
}

// RetirementPage asks for the day on which a policy ends, and tells what that
// would do.
type RetirementPage struct {
	Page
	Policy    *rules.Policy
	PolicyURL string
	On        string
	Reason    string
	// Plan is nil until a day is chosen.
	Plan  *compliance.Retirement
	Error *models.Error
}

// Fate lists the duties that would be withdrawn.
func (p RetirementPage) Fate() FateView {
	return newFateView(compliance.Withdraws, p.Plan.Withdrawn, p.Plan.Moves)
}

// Problem returns what is wrong with a field, nil when nothing is.
func (p RetirementPage) Problem(name string) *models.Field { return fieldOf(p.Error, name) }

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
