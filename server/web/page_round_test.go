package web

import (
	"slices"
	"testing"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/assessment"
	"sundial/server/rectification"
	"sundial/server/scoring"
)

// scoringScheme is that of Shandong for 2017.
func (s sample) scoringScheme() *scoring.Scheme {
	scheme, err := seeds.Scheme("shandong-2017-assessment")
	if err != nil {
		s.t.Fatal(err)
	}
	return scheme
}

// round is the province's, as the office sees it, with half of the cities verified.
func (s sample) round(status models.RoundStatus) *assessment.RoundView {
	v := &assessment.RoundView{Round: models.Round{ID: 5, SchemeID: 2, UnitID: s.province.ID, Year: 2017, Title: "2017年度政务公开考核", Status: status, SelfUntil: s.view.Today + 14, Version: 3},
		Office: s.province, Scheme: s.scoringScheme(), Edition: models.ScoringScheme{ID: 2, Edition: 1, Year: 2017, TitleZH: "考核方案", TitleEN: "Scheme"},
		Whole: true, Assesses: true, Manages: true, AppealsUntil: s.view.Today + 7}
	for i, class := range v.Scheme.Classes {
		of := assessment.Progress{Sheets: 17, Self: 5, Submitted: 4, Verified: 8, Ready: 7, SelfMissing: 12, Missing: 40}
		if i > 0 {
			of = assessment.Progress{}
		}
		v.Classes = append(v.Classes, assessment.ClassProgress{Class: class, Progress: of})
	}
	v.Total = v.Classes[0].Progress
	v.Assessors = []assessment.AssessorView{{User: models.User{Login: "kaoping", Name: "王考评"}, Classes: []string{"A"}, Waiting: 4, Verified: 7}, {User: *s.page().User, Verified: 1}}
	v.Eligible = []models.User{{Login: "kaoping", Name: "王考评"}}
	return v
}

// roundSheets are the cities' sheets, in all statuses.
func (s sample) roundSheets() *assessment.SheetPage {
	page := &assessment.SheetPage{Total: len(s.cities), Next: "b"}
	score := int64(9123)
	for i, city := range s.cities {
		sheet := assessment.RoundSheet{Unit: city, Sheet: models.Sheet{ID: uint64(i + 70), RoundID: 5, UnitID: city.ID, UnitName: city.Name, Class: "A", Entries: 11}}
		sheet.Status = []models.SheetStatus{models.SheetSelf, models.SheetSubmitted, models.SheetVerified}[i%3]
		if sheet.SelfMissing, sheet.Missing = 11, 11; i%3 > 0 {
			sheet.Self, sheet.SelfMissing = &score, 0
		}
		if i%3 > 1 {
			sheet.Verified, sheet.Final, sheet.Missing, sheet.ByVeto = &score, &score, 0, i == 2
		}
		page.Items = append(page.Items, sheet)
	}
	page.Items[1].Unit.ClosedOn = s.view.Today
	return page
}

func roundPages(s sample) []samplePage {
	tabs := UnitTabs{Unit: s.province, Label: "assessment.tabs", Tabs: []NavItem{{Key: "assessment.tab.rounds", URL: "/units/370000/assessment", Current: true}}}
	line := assessment.RoundLine{Round: s.round(models.RoundScoring).Round, Scheme: models.ScoringScheme{TitleZH: "考核方案", TitleEN: "Scheme", Edition: 1}, Progress: s.round(models.RoundScoring).Total}
	score := int64(9123)
	mine := []assessment.UnitSheet{{Sheet: models.Sheet{ID: 70, RoundID: 5, Class: "A", Status: models.SheetSelf, SelfMissing: 3}, Round: line.Round, Office: s.province},
		{Sheet: models.Sheet{ID: 12, RoundID: 4, Class: "A", Status: models.SheetVerified, Final: &score, ByVeto: true}, Round: models.Round{ID: 4, Title: "2016年度", Status: models.RoundFrozen, FrozenOn: s.view.Today}, Office: s.province}}
	list := newRoundsPage(s.page(), s.province, &assessment.UnitRounds{Held: []assessment.RoundLine{line}, Sheets: mine})
	list.Tabs, list.Manages, list.OpenURL = tabs, true, "/units/370000/assessment/new"
	empty := newRoundsPage(s.page(), s.province, &assessment.UnitRounds{})
	empty.Manages = true
	viewed := newRoundsPage(s.page(), s.cities[0], &assessment.UnitRounds{})

	pages := []samplePage{
		{"assessment", "choice", ChoicePage{Page: s.page(), Part: "rounds", Units: []ChoiceUnit{{s.province, "/units/370000/assessment"}}}, []string{".unit-card a[href='/units/370000/assessment']"}},
		{"assessment-none", "choice", ChoicePage{Page: s.page(), Part: "supervision"}, []string{".empty"}},
		{"rounds", "rounds", list, []string{".tabs a[aria-current]", "a.btn-primary[href='/units/370000/assessment/new']", "#held .group-count", "a[href='/rounds/5']", ".round-bar .bar-verified", "a[href='/sheets/70']", ".round-score"}},
		{"rounds-empty", "rounds", empty, []string{"a.btn-primary[href='/units/370000/schemes']"}},
		{"rounds-viewed", "rounds", viewed, []string{".empty"}},
	}
	scoringRound := newRoundPage(s.page(), s.round(models.RoundScoring), RoundFilter{Class: "A", Cursor: "a"}, s.roundSheets())
	scoringRound.Tabs = tabs
	scoringRound.addForms(s.locale)
	pages = append(pages, samplePage{"round", "round", scoringRound, []string{".round-steps li.is-current:first-child", ".head a[href='/rounds/5/results']", ".round-next a.btn-primary[href='/rounds/5?status=submitted#sheets']", ".round-classes .bar-submitted", ".round-turns span:nth-child(3)",
		"form[action='/rounds/5/dates'] input[name=version][value='3']", "form[action='/rounds/5/units/remove'] .btn-outline-danger", "form[action='/rounds/5/assessors/remove'] input[value=kaoping]", "form[action='/rounds/5/assessors'] option[value=A]",
		".round-sheets tbody tr:nth-child(17)", ".round-sheets .mark", "a[rel=next][href*='cursor=b']", "a[rel=first]", "a[href='/sheets/70']", "option[value=unready]", "a[href='/rounds/5/scores.xlsx']"}})
	return append(pages, roundEndPages(s)...)
}

// roundEndPages are a round from its announcement on, and as those see it who are scored.
func roundEndPages(s sample) []samplePage {
	announced := s.round(models.RoundAnnounced)
	announced.AnnouncedOn, announced.AppealsProvisional = s.view.Today, true
	announced.Blocked = models.NewError(models.Conflict, "rounds.appeals_provisional", "Until", announced.AppealsUntil, "Year", 2018)
	frozen := s.round(models.RoundFrozen)
	frozen.AnnouncedOn, frozen.FrozenOn, frozen.AppealsOver = s.view.Today-20, s.view.Today, true
	unit := s.round(models.RoundScoring)
	unit.Whole, unit.Assesses, unit.Manages, unit.Classes, unit.Total, unit.Assessors = false, false, false, nil, assessment.Progress{}, nil
	own := s.roundSheets()
	own.Items, own.Total, own.Next = own.Items[:1], 1, ""
	unready := s.round(models.RoundScoring)
	unready.Blocked = models.NewError(models.Conflict, "rounds.unready", "Count", 10)
	ready := s.round(models.RoundScoring)
	ready.AppealsProvisional = true
	opening := &RoundOpenPage{Page: s.page(), Unit: s.province, Schemes: []FieldOption{{"2", "考核方案"}}, Scheme: "2", Whole: true, Action: "/units/370000/assessment", BackURL: "/units/370000/assessment"}
	preview := &assessment.RoundPreview{Edition: ready.Edition, Office: s.province, Scheme: ready.Scheme, Units: 17, Classes: []assessment.ClassUnits{{Class: ready.Scheme.Classes[0], Units: 17}}}
	for i, why := range []assessment.WhyLeft{assessment.LeftClosed, assessment.LeftLater, assessment.LeftNoClass, assessment.LeftOutside} {
		preview.Left = append(preview.Left, assessment.LeftCount{Why: why, Count: i + 1})
		preview.Named = append(preview.Named, assessment.LeftUnit{Unit: s.cities[i], Why: why})
	}
	opening.foresee(preview)
	none := *opening
	none.Preview, none.Form, none.Schemes, none.SchemesURL = nil, nil, nil, "/units/370000/schemes"
	told := s.round(models.RoundAnnounced)
	told.Whole, told.Assesses, told.Manages, told.AnnouncedOn = false, false, false, s.view.Today
	owing := newRoundPage(s.page(), told, RoundFilter{}, own)
	owing.Matters = newMatters(s.cities[0], rectification.Owed{Open: 2, DueOn: s.view.Today - 1, Overdue: true},
		[]assessment.RoundAppeals{{Round: told.Round, Outcomes: map[string]int{assessment.AppealInPart: 1}}}, 5)
	return []samplePage{
		{"round-owing", "round", owing, []string{".unit-matters .is-returned a[href='/units/370100/rectifications?round=5&state=open']", ".unit-matters a[href='/rounds/5/appeals?status=decided'] + .mark"}},
		{"round-announced", "round", newRoundPage(s.page(), announced, RoundFilter{}, s.roundSheets()), []string{".round-steps li.is-done:nth-child(3) .sub", ".facts .mark", "a[href='/rounds/5/results']", "a[href='/rounds/5/appeals']", ".round-sheets td strong"}},
		{"round-frozen", "round", newRoundPage(s.page(), frozen, RoundFilter{}, s.roundSheets()), []string{".round-steps li.is-done:nth-child(5)", "main:not(:has(.head a[href='/rounds/5/results']))", ".round-next a[href='/rounds/5/results']", "main:not(:has(form[method=post]))"}},
		{"round-unit", "round", newRoundPage(s.page(), unit, RoundFilter{}, own), []string{".round-next a.btn-primary[href='/sheets/70']", "main:not(:has(#progress))", "main:not(:has(form[method=post]))", ".round-sheets tbody tr:only-child"}},
		{"round-none", "round", newRoundPage(s.page(), frozen, RoundFilter{Text: "x"}, &assessment.SheetPage{}), []string{"#sheets .empty"}},
		{"round-unready", "round_confirm", newRoundConfirmPage(s.page(), unready, "announce", s.roundSheets()), []string{".error-summary", ".round-waiting li:nth-child(17) a", "main:not(:has(form[method=post]))"}},
		{"round-announce", "round_confirm", newRoundConfirmPage(s.page(), ready, "announce", nil), []string{".round-effects li:nth-child(4)", "form[action='/rounds/5/announce'] input[name=version][value='3']"}},
		{"round-freeze", "round_confirm", newRoundConfirmPage(s.page(), s.round(models.RoundAnnounced), "freeze", nil), []string{"form[action='/rounds/5/freeze'] .btn-primary"}},
		{"round-open", "round_open", opening, []string{"input[name=whole][value='1'][checked]", ".round-left li:nth-child(4)", "form[action='/units/370000/assessment'] input[name=scheme][value='2']", "input[type=hidden][name=whole]", "#preview + .facts dd"}},
		{"round-open-none", "round_open", &none, []string{"a.btn-primary[href='/units/370000/schemes']"}},
	}
}

// What a round asks for next, and in which step it is.
func TestNextStepOfARound(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("zh-CN"))
	for name, c := range map[string]struct {
		status models.RoundStatus
		change func(v *assessment.RoundView)
		step   int
		next   string
	}{
		"units score themselves": {models.RoundScoring, func(v *assessment.RoundView) { v.Total = assessment.Progress{Sheets: 2, Self: 2} }, 0, "rounds.next.wait"},
		"some are handed in":     {models.RoundScoring, func(*assessment.RoundView) {}, 0, "rounds.next.verify"},
		"on the last day":        {models.RoundScoring, func(v *assessment.RoundView) { v.SelfUntil = s.view.Today; v.Total.Submitted = 0 }, 0, "rounds.next.wait"},
		"the day after":          {models.RoundScoring, func(v *assessment.RoundView) { v.SelfUntil = s.view.Today - 1; v.Total.Submitted = 0 }, 1, "rounds.turn.self_late"},
		"all are verified":       {models.RoundScoring, func(v *assessment.RoundView) { v.Total = assessment.Progress{Sheets: 2, Verified: 2, Ready: 2} }, 2, "rounds.next.announce"},
		"an appeal waits": {models.RoundAnnounced, func(v *assessment.RoundView) {
			v.AppealsWaiting, v.AppealsOver = 1, true
		}, 3, "rounds.next.appeals"},
		"appeals are over": {models.RoundAnnounced, func(v *assessment.RoundView) { v.AppealsOver = true }, 4, "rounds.next.freeze"},
		"frozen":           {models.RoundFrozen, func(v *assessment.RoundView) { v.AppealsOver = true }, 5, "rounds.next.frozen"},
	} {
		t.Run(name, func(t *testing.T) {
			view := s.round(c.status)
			c.change(view)
			page := newRoundPage(s.page(), view, RoundFilter{}, &assessment.SheetPage{})
			step := slices.IndexFunc(page.Steps, func(step RoundStep) bool { return step.State == "current" })
			if step < 0 {
				step = 5
			}
			if step != c.step || page.Next == nil || page.Next.Text.Key != c.next {
				t.Errorf("step %d, next %+v", step, page.Next)
			}
		})
	}
}
