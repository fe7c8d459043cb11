package web

import (
	"net/url"
	"slices"
	"strconv"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/training"
)

// PlannerPage proposes who goes to which session: a form, and what came of it.
type PlannerPage struct {
	Page
	Tabs UnitTabs
	Unit models.Unit
	Form PlannerForm
	// Ground is what can be planned for; nil when no rotation binds the unit.
	Ground *training.PlanGround
	// Empty says why there is nothing to plan; empty when there is.
	Empty string
	// AddURL leads to the form of a new session; empty for who adds none.
	AddURL string
	// Changed tells that another proposal was to be applied, which is out of date.
	Changed  bool
	Error    *models.Error
	Progress *PlannerProgress
	Result   *PlannerResult
	Outcomes *PlannerOutcomes
}

// PlannerForm is what is asked for.
type PlannerForm struct {
	training.PlanRequest
	URL      string
	Options  []compliance.RotationRef
	Sessions []PlannerChoice
	// SharePut and SeatsPut are as typed.
	SharePut, SeatsPut string
	Fields             []models.Field
}

// Fault returns the fault of a field, nil for none.
func (f PlannerForm) Fault(name string) *models.Field {
	if i := slices.IndexFunc(f.Fields, func(field models.Field) bool { return field.Name == name }); i >= 0 {
		return &f.Fields[i]
	}
	return nil
}

// Narrowed tells whether only some sessions are to be filled.
func (f PlannerForm) Narrowed() bool { return len(f.PlanRequest.Sessions) > 0 }

// IsRotation tells whether the rotation is the one that is asked for.
func (f PlannerForm) IsRotation(ref compliance.RotationRef) bool {
	return ref.Obligation.Policy == f.Policy && (f.Obligation == "" || ref.Obligation.Code == f.Obligation)
}

// PlannerChoice is a session that can be filled.
type PlannerChoice struct {
	training.SessionView
	Days    string
	Checked bool
}

// plannerValues are the parameters of the request.
func plannerValues(request training.PlanRequest) url.Values {
	values := url.Values{"plan": {"1"}, "rotation": {rotationName(request)}, "share": {strconv.Itoa(request.Share)}, "seats": {strconv.Itoa(request.Seats)}}
	for _, id := range request.Sessions {
		values.Add("session", strconv.FormatUint(id, 10))
	}
	return values
}

// rotationName names the rotation in a field.
func rotationName(request training.PlanRequest) string {
	if request.Obligation == "" {
		return request.Policy
	}
	return request.Policy + "/" + request.Obligation
}

// plannerURL is the page of a run.
func plannerURL(unit models.Unit, run *training.Run) string {
	values := plannerValues(run.Request)
	values.Set("run", run.ID)
	return address(unitURL(unit, "planner"), values)
}

// PlannerProgress is how far a proposal is.
type PlannerProgress struct {
	URL     string
	Percent int
}

// plannerListed is how many people are listed at once: where there are more, each
// session is opened on its own.
const plannerListed = 2000

// PlannerResult is a proposal as the page shows it.
type PlannerResult struct {
	*training.Proposal
	Run      string
	Finding  rules.Reason
	Notes    []rules.Reason
	Sessions []PlannerSession
	// Fields are the hidden fields by which the proposal is found again.
	Fields url.Values
	// Over are those who are left over, as many as the page lists.
	Over []training.Unplaced
	// FileURL is the proposal as a file, AgainURL has it made anew.
	Action, FileURL, AgainURL, SessionsURL string
}

// overListed is how many of those who are left over the page lists.
const overListed = 200

// PlannerSession is a session of a proposal.
type PlannerSession struct {
	training.PlannedSession
	URL, Days, Times string
	// Listed tells that its people are on the page; else OpenURL leads to them.
	Listed  bool
	OpenURL string
}

// Filled is how many seats are taken when the proposal is applied.
func (s PlannerSession) Filled() int { return s.Seated + s.Proposed }

func newPlannerResult(page Page, unit models.Unit, run *training.Run, p *training.Proposal, open uint64) *PlannerResult {
	here := plannerURL(unit, run)
	again := plannerValues(run.Request)
	found := &PlannerResult{Proposal: p, Run: run.ID, Action: unitURL(unit, "planner"), AgainURL: address(unitURL(unit, "planner"), again),
		FileURL: unitURL(unit, "planner.csv") + "?run=" + run.ID + "&" + again.Encode(), SessionsURL: unitURL(unit, "sessions"),
		Finding: plannerFinding(p), Notes: plannerNotes(page.Locale, p), Fields: again, Over: p.Left[:min(len(p.Left), overListed)]}
	for _, s := range p.Sessions {
		id := strconv.FormatUint(s.ID, 10)
		found.Sessions = append(found.Sessions, PlannerSession{PlannedSession: s, URL: sessionURL(s.ID), Days: sessionDays(page.Locale, s.TrainingSession), Times: sessionTimes(s.TrainingSession),
			Listed: p.Proposed <= plannerListed || s.ID == open, OpenURL: here + "&open=" + id + "#session-" + id})
	}
	return found
}

// plannerFinding says in one sentence whether the sessions do.
func plannerFinding(p *training.Proposal) rules.Reason {
	args := models.Args("Count", p.ToPlan(), "Sessions", len(p.Sessions), "Free", p.Free(), "To", p.Table.Period.To, "Left", len(p.Left), "Planned", p.Planned)
	key := "planner.finding_enough"
	switch {
	case p.ToPlan() == 0:
		return rules.Reason{Key: "planner.finding_seated", Args: models.Args("Count", p.Planned)}
	case p.Extra == nil:
		return rules.Reason{Key: key, Args: args}
	}
	args["Count"], args["Extra"], args["Seats"], args["By"], args["Beyond"] = len(p.Left), p.Extra.Sessions, p.Extra.Seats, p.Extra.By, p.Extra.Beyond+p.Extra.Leaving
	switch {
	case p.Extra.By.IsZero():
		key = "planner.finding_late"
	case p.Extra.Beyond+p.Extra.Leaving > 0:
		key = "planner.finding_beyond"
	case len(p.Sessions) == 0:
		key = "planner.finding_none"
	case len(p.Left) == p.Missing():
		key = "planner.finding_seats"
	default:
		key = "planner.finding_short"
	}
	return rules.Reason{Key: key, Args: args}
}

// plannerNotes say what stands behind the sentence.
func plannerNotes(locale *frontend.Locale, p *training.Proposal) []rules.Reason {
	var notes []rules.Reason
	add := func(key string, args ...any) {
		notes = append(notes, rules.Reason{Key: key, Args: models.Args(args...)})
	}
	if p.Missing() > 0 && len(p.Sessions) > 0 && p.Missing() < len(p.Left) {
		add("planner.note_missing", "Free", p.Free(), "People", p.ToPlan(), "Count", p.Missing())
	}
	if e := p.Extra; e != nil && !e.By.IsZero() {
		if e.PerDay > 1 {
			add("planner.note_per_day", "Count", e.PerDay)
		}
		if e.Leaving > 0 {
			add("planner.note_leaving", "Count", e.Leaving)
		}
		if e.Unit.ID != 0 {
			add("planner.note_unit", "Unit", unitName(locale, e.Unit), "Share", p.Request.Share)
		}
	}
	switch {
	case p.Proposed == 0:
	case p.Best:
		add("planner.note_best")
	case p.Greatest():
		add("planner.note_greatest")
	default:
		add("planner.note_bound", "Count", p.Bound-p.Proposed)
	}
	if p.Planned+p.Proposed > 0 {
		end := p.AtEnd()
		add("planner.note_coverage", "Now", percent(p.Table.Total), "Then", percent(end), "Trained", end.Trained, "Roster", end.Roster)
	}
	return notes
}

// PlannerOutcomes are what became of a proposal that was applied.
type PlannerOutcomes struct {
	training.RotaSum
	Sessions []PlannerOutcome
}

// PlannerOutcome are the people of one session who have no seat, or of whom there
// is something to say.
type PlannerOutcome struct {
	URL, Days string
	Session   training.SessionView
	People    []training.NominationOutcome
}

// newPlannerOutcomes keeps what needs a look: who was not nominated and who waits.
func newPlannerOutcomes(locale *frontend.Locale, outcomes []training.SessionOutcome) *PlannerOutcomes {
	p := &PlannerOutcomes{RotaSum: training.Sum(outcomes)}
	for _, session := range outcomes {
		one := PlannerOutcome{URL: sessionURL(session.Session.ID), Days: sessionDays(locale, session.Session.TrainingSession), Session: session.Session}
		for _, o := range session.People {
			if o.Refusal != nil || o.Place > 0 {
				one.People = append(one.People, o)
			}
		}
		if len(one.People) > 0 {
			p.Sessions = append(p.Sessions, one)
		}
	}
	return p
}

// Bar is the total of the bar: who is left now.
func (r *PlannerResult) Bar() int { return r.Planned + r.ToPlan() }

// Placed is the width of the bar's first two parts.
func (r *PlannerResult) Placed() int { return r.Planned + r.Proposed }

// newPlannerForm is the form for a request, with the sessions that there are.
func newPlannerForm(locale *frontend.Locale, unit models.Unit, request training.PlanRequest, refs []compliance.RotationRef, ground *training.PlanGround) PlannerForm {
	form := PlannerForm{PlanRequest: request, URL: unitURL(unit, "planner"), Options: refs, SharePut: strconv.Itoa(request.Share), SeatsPut: strconv.Itoa(request.Seats)}
	if ground == nil {
		return form
	}
	for _, s := range ground.Sessions {
		form.Sessions = append(form.Sessions, PlannerChoice{s, sessionDays(locale, s.TrainingSession), slices.Contains(request.Sessions, s.ID)})
	}
	return form
}

// plannerEmpty says why there is nothing to plan.
func plannerEmpty(g *training.PlanGround) string {
	switch t := g.Table; {
	case !t.Begun():
		return "planner.empty_not_begun"
	case t.Over():
		return "planner.empty_over"
	case t.Total.Roster == 0:
		return "planner.empty_roster"
	case t.Total.Left() == 0:
		return "planner.empty_done"
	default:
		return ""
	}
}
