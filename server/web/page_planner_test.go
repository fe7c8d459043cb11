package web

import (
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/planner"
	"sundial/server/training"
)

// proposal fills two of three sessions, and leaves some people over.
func (s sample) proposal() *training.Proposal {
	table := s.rotationTable()
	p := &training.Proposal{Request: training.PlanRequest{Policy: "shandong-2017", Obligation: table.Obligation.Code, Share: 30, Seats: 40}, Unit: s.province, Table: table, At: sampleNow,
		Proposed: 4, Planned: 9, Bound: 4, Best: true, Unrecorded: 2}
	for i, line := range s.sessions()[2:5] {
		session := training.PlannedSession{SessionView: line.SessionView}
		for k := range 2 * (i % 2) {
			session.Units = append(session.Units, training.PlannedUnit{Unit: s.cities[k], People: []training.PlannedPerson{{Person: models.Person{ID: uint64(10*i + k), Name: "王芳"}, Post: "科员"},
				{Person: models.Person{ID: uint64(10*i + k + 5), Name: "阿布都热依木·麦合木提江"}, LastTrained: calendar.MustParseDate("2014-05-06")}}})
			session.Proposed += 2
		}
		p.Sessions = append(p.Sessions, session)
	}
	for i, reason := range []planner.Reason{planner.NoSession, planner.OffRoster, planner.Busy, planner.NoShare, planner.NoSeats} {
		p.Left = append(p.Left, training.Unplaced{PlannedPerson: training.PlannedPerson{Person: models.Person{ID: uint64(90 + i), Name: "李伟"}, Post: "科员"}, Unit: s.cities[i], Reason: reason})
	}
	p.Extra = &training.ExtraSessions{Sessions: 3, Seats: 40, By: calendar.MustParseDate("2018-12-27"), PerDay: 2, Leaving: 1, Beyond: 1, Unit: s.cities[0]}
	return p
}

func (s sample) plannerPage(request training.PlanRequest, lines []training.SessionLine) *PlannerPage {
	ground := &training.PlanGround{Table: s.rotationTable()}
	for _, line := range lines {
		ground.Sessions = append(ground.Sessions, line.SessionView)
	}
	other := ground.Table.RotationRef
	other.Obligation.Policy = "liaoning-2016"
	page := &PlannerPage{Page: s.page(), Unit: s.province, Tabs: s.trainingTabs("planner"), Ground: ground, AddURL: "/units/370000/sessions/new"}
	page.Form = newPlannerForm(s.locale, s.province, request, []compliance.RotationRef{ground.Table.RotationRef, other}, ground)
	return page
}

// plannerPages are the planner before, during and after a proposal.
func plannerPages(s sample) []samplePage {
	p := s.proposal()
	run := &training.Run{ID: "RUN", Request: p.Request}
	full := s.plannerPage(p.Request, s.sessions())
	full.Changed = true
	full.Result = newPlannerResult(full.Page, s.province, run, p, 0)
	some := p.Request
	some.Sessions = []uint64{3}
	refused := s.plannerPage(some, s.sessions())
	refused.Form.Fields = []models.Field{{Name: "seats", Key: "planner.no_number"}, {Name: "share", Key: "training.number_range", Args: models.Args("Value", 0, "Least", 1, "Most", 100)}}
	refused.Error = models.InvalidFields(refused.Form.Fields).(*models.Error)
	without := s.plannerPage(p.Request, nil)
	none := s.proposal()
	none.Sessions, none.Proposed, none.Bound, none.Planned, none.Unrecorded = nil, 0, 0, 0, 0
	without.Result = newPlannerResult(without.Page, s.province, run, none, 0)
	working := s.plannerPage(p.Request, s.sessions())
	working.Progress = &PlannerProgress{plannerURL(s.province, run), 40}
	starting := s.plannerPage(p.Request, s.sessions())
	starting.Progress = &PlannerProgress{plannerURL(s.province, run), 0}
	applied := s.plannerPage(p.Request, s.sessions())
	applied.Outcomes = newPlannerOutcomes(s.locale, []training.SessionOutcome{{Session: p.Sessions[1].SessionView, People: []training.NominationOutcome{{Person: models.Person{ID: 1, Name: "王芳"}},
		{Person: models.Person{ID: 2, Name: "李伟"}, Place: 3}, {Person: models.Person{ID: 3}, Refusal: models.NewError(models.Conflict, "nomination.twice")}}}})
	pages := []samplePage{
		{"planner", "planner", full, []string{".note[role=alert]", ".planner-answer .planner-bar .is-over", ".planner-legend .is-planned", ".planner-notes li:nth-child(3)", ".planner-answer .note a[href='/units/370000/sessions?when=past']",
			"form[method=post][action='/units/370000/planner'] input[name=run][value=RUN]", "input[name=share][type=hidden][value='30']", "input[name=fill][checked]", "input[name=listed]", ".planner-units div:nth-child(2) input[name=person][checked]",
			"a[href^='/units/370000/planner.csv?run=RUN']", ".planner-over tbody tr:nth-child(5)", ".planner-reasons li:nth-child(5)", "select[name=rotation] option[selected]", ".tabs [aria-current]"}},
		{"planner-refused", "planner", refused, []string{".error-summary", "#seats[aria-invalid]", "#share[aria-invalid]", ".planner-choose[open] input[name=session][value='3'][checked]"}},
		{"planner-without", "planner", without, []string{".planner-ground a[href='/units/370000/sessions/new']", ".planner-answer", ".planner-file a"}},
		{"planner-working", "planner", working, []string{"#progress[hx-get*='run=RUN']", "progress[value='40']", ".without-script a[href*='run=RUN']"}},
		{"planner-starting", "planner", starting, []string{"progress:not([value])"}},
		{"planner-applied", "planner", applied, []string{".outcomes .is-faulty", ".outcomes .is-sound strong"}},
	}
	for _, key := range []string{"planner.empty_policy", "planner.empty_not_begun", "planner.empty_over", "planner.empty_roster", "planner.empty_done"} {
		empty := s.plannerPage(p.Request, nil)
		empty.Empty = key
		if key == "planner.empty_policy" {
			empty.Ground = nil
		}
		pages = append(pages, samplePage{"planner-" + key[len("planner.empty_"):], "planner", empty, []string{".empty-panel"}})
	}
	return pages
}

// The sentence says the first thing that matters, and the file of a great proposal
// is opened session by session.
func TestThePlannerAnswersInOneSentence(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("zh-CN"))
	for want, change := range map[string]func(*training.Proposal){
		"planner.finding_beyond": func(*training.Proposal) {},
		"planner.finding_late":   func(p *training.Proposal) { p.Extra.By = 0 },
		"planner.finding_enough": func(p *training.Proposal) { p.Left, p.Extra = nil, nil },
		"planner.finding_seated": func(p *training.Proposal) { p.Left, p.Extra, p.Proposed, p.Bound = nil, nil, 0, 0 },
		"planner.finding_none":   func(p *training.Proposal) { p.Sessions, p.Extra.Leaving, p.Extra.Beyond = nil, 0, 0 },
		"planner.finding_short":  func(p *training.Proposal) { p.Extra.Leaving, p.Extra.Beyond = 0, 0 },
		"planner.finding_seats": func(p *training.Proposal) {
			p.Extra.Leaving, p.Extra.Beyond = 0, 0
			for i := range p.Sessions {
				p.Sessions[i].Capacity = p.Sessions[i].Seated
			}
			p.Sessions[1].Capacity += p.Proposed
		},
	} {
		p := s.proposal()
		change(p)
		if got := plannerFinding(p).Key; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	great := s.proposal()
	great.Proposed = plannerListed + 1
	result := newPlannerResult(s.page(), s.province, &training.Run{ID: "RUN", Request: great.Request}, great, great.Sessions[1].ID)
	for i, session := range result.Sessions {
		if session.Listed != (i == 1) {
			t.Errorf("session %d listed: %v", i, session.Listed)
		}
	}
	for bound, want := range map[int]string{great.Proposed: "planner.note_greatest", great.Proposed + 3: "planner.note_bound"} {
		great.Best, great.Bound = false, bound
		keys := map[string]bool{}
		for _, note := range plannerNotes(s.locale, great) {
			keys[note.Key] = true
		}
		if !keys[want] || keys["planner.note_best"] {
			t.Errorf("bound %d: %v", bound, keys)
		}
	}
}
