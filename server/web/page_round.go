package web

import (
	"fmt"
	"net/url"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
)

// RoundPage is a round: how far it has come, whose turn it is, and its sheets.
type RoundPage struct {
	Page
	Tabs  UnitTabs
	View  *assessment.RoundView
	Steps []RoundStep
	// Matters are what the result has brought the one unit whose sheet is seen.
	Matters []Matter
	// Next is what is to be done now; nil for those who only look on.
	Next      *RoundNext
	Classes   []RoundClass
	SchemeURL string
	// ResultsURL leads to the result once it is announced, ProvisionalURL before that, for
	// who scores.
	ResultsURL     string
	ProvisionalURL string
	// AppealsURL leads to the appeals of an announced round, ImportURL to where files of
	// scores are taken, empty for who may send none; ExportURL is the table of scores.
	AppealsURL string
	ImportURL  string
	ExportURL  string
	// Forms are those by which who manages changes the round while it is being scored.
	Forms  []*OfficeForm
	Assign *OfficeForm
	// RemoveURL takes a class from an assessor; empty when the user may not.
	RemoveURL string
	Filter    RoundFilter
	Statuses  []models.SheetStatus
	Sheets    []RoundSheetRow
	Total     int
	Pager     Pager
	Error     *models.Error
}

// Title is that of the scheme.
func (p RoundPage) Title() rules.Text {
	return rules.Text{ZH: p.View.Edition.TitleZH, EN: p.View.Edition.TitleEN}
}

// RoundStep is a step of a round: done, current or still to come. Note says when.
type RoundStep struct {
	Key   string
	State string
	Note  rules.Reason
}

// RoundNext says what is to be done now; without a label there is nothing to press.
type RoundNext struct {
	Text       rules.Reason
	Label, URL string
}

// RoundClass is the progress of a class with whose turn it is.
type RoundClass struct {
	assessment.ClassProgress
	URL   string
	Turns []rules.Reason
}

// RoundFilter narrows the sheets of a round.
type RoundFilter struct {
	Class, Status, Text, Cursor string
}

// unready is the status by which sheets are asked for that cannot be announced yet.
const unready = "unready"

// URL is the round with its sheets narrowed.
func (f RoundFilter) URL(round uint64) string {
	query := url.Values{}
	for name, value := range map[string]string{"class": f.Class, "status": f.Status, "q": f.Text, "cursor": f.Cursor} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return address(roundURL(round), query) + "#sheets"
}

// Narrowed tells whether a filter is set.
func (f RoundFilter) Narrowed() bool { return f.Class != "" || f.Status != "" || f.Text != "" }

// query is what the filter asks for.
func (f RoundFilter) query() assessment.SheetQuery {
	q := assessment.SheetQuery{Class: f.Class, Text: f.Text, Cursor: f.Cursor, Limit: roundSheetsShown}
	if q.Unready = f.Status == unready; !q.Unready {
		q.Status = models.SheetStatus(f.Status)
	}
	return q
}

// roundSheetsShown is how many sheets stand on a page.
const roundSheetsShown = 100

// RoundSheetRow is a sheet in the list.
type RoundSheetRow struct {
	assessment.RoundSheet
	URL                   string
	Self, Verified, Final string
	Grade                 rules.Text
	// Gone tells that the unit no longer exists.
	Gone bool
}

// newRoundPage lays out a round and a page of its sheets.
func newRoundPage(page Page, view *assessment.RoundView, filter RoundFilter, sheets *assessment.SheetPage) *RoundPage {
	p := &RoundPage{Page: page, View: view, Filter: filter, Total: sheets.Total, SchemeURL: fmt.Sprint("/schemes/", view.SchemeID),
		Statuses: []models.SheetStatus{models.SheetSelf, models.SheetSubmitted, models.SheetVerified, unready}}
	if view.Status != models.RoundScoring {
		p.ResultsURL, p.AppealsURL = roundURL(view.ID, "results"), roundURL(view.ID, "appeals")
	} else if view.Assesses {
		p.ProvisionalURL = roundURL(view.ID, "results")
	}
	if view.Whole && (view.Assesses || view.Status != models.RoundScoring) {
		p.ExportURL = roundURL(view.ID, "scores.xlsx")
	}
	p.steps()
	for _, class := range view.Classes {
		p.Classes = append(p.Classes, RoundClass{class, RoundFilter{Class: class.ID}.URL(view.ID), p.turns(class.Progress)})
	}
	for _, sheet := range sheets.Items {
		row := RoundSheetRow{RoundSheet: sheet, URL: sheetURL(sheet.ID), Self: scoreText(sheet.Sheet.Self), Verified: scoreText(sheet.Sheet.Verified), Gone: !sheet.Unit.ExistsOn(page.Today)}
		if view.Status != models.RoundScoring {
			row.Final = scoreText(sheet.Sheet.Final)
			if sheet.Sheet.Final != nil {
				row.Grade = view.Scheme.Grades[sheet.Sheet.Grade].Title
			}
		}
		p.Sheets = append(p.Sheets, row)
	}
	if filter.Cursor != "" {
		first := filter
		first.Cursor = ""
		p.Pager.FirstURL = first.URL(view.ID)
	}
	if sheets.Next != "" {
		next := filter
		next.Cursor = sheets.Next
		p.Pager.NextURL = next.URL(view.ID)
	}
	if view.Whole {
		p.Next = p.next()
	} else if len(p.Sheets) > 0 {
		p.Next = p.nextOwn(p.Sheets[0])
	}
	return p
}

// ShowsVerified tells whether the list has what the office has found.
func (p RoundPage) ShowsVerified() bool {
	return p.View.Assesses || p.View.Status != models.RoundScoring
}

// LeadsToResults tells whether what is to be done next has the link to the result.
func (p RoundPage) LeadsToResults() bool { return p.Next != nil && p.Next.URL == p.ResultsURL }

// steps says how far the round has come.
func (p *RoundPage) steps() {
	v := p.View
	at := 0 // self scoring, verifying, announced, appeals, frozen
	switch {
	case v.Status == models.RoundFrozen:
		at = 5
	case v.Status == models.RoundAnnounced && v.AppealsOver && v.AppealsWaiting == 0:
		at = 4
	case v.Status == models.RoundAnnounced:
		at = 3
	case v.Whole && v.Total.Done():
		at = 2
	case p.Today > v.SelfUntil || v.Whole && v.Total.Sheets > 0 && v.Total.Self == 0:
		at = 1
	}
	notes := map[int]rules.Reason{0: note("rounds.step.self_note", "On", v.SelfUntil)}
	if v.Status != models.RoundScoring {
		notes[2] = note("rounds.step.on", "On", v.AnnouncedOn)
		notes[3] = note("rounds.step.appeals_note", "On", v.AppealsUntil)
		if v.AppealsProvisional {
			notes[3] = note("rounds.step.appeals_provisional", "On", v.AppealsUntil)
		}
	}
	if v.Status == models.RoundFrozen {
		notes[4] = note("rounds.step.on", "On", v.FrozenOn)
	}
	for i, key := range []string{"self", "verify", "announce", "appeals", "freeze"} {
		step := RoundStep{Key: "rounds.step." + key, State: "coming", Note: notes[i]}
		switch {
		case i < at:
			step.State = "done"
		case i == at:
			step.State = "current"
		}
		p.Steps = append(p.Steps, step)
	}
}

func note(key string, args ...any) rules.Reason {
	return rules.Reason{Key: key, Args: models.Args(args...)}
}

// turns says what is still missing of sheets, and whose turn it is.
func (p *RoundPage) turns(of assessment.Progress) []rules.Reason {
	if p.View.Status != models.RoundScoring {
		return nil
	}
	var turns []rules.Reason
	add := func(key string, count int) {
		if count > 0 {
			turns = append(turns, note(key, "Count", count))
		}
	}
	if p.Today > p.View.SelfUntil {
		add("rounds.turn.self_late", of.Self)
	} else {
		add("rounds.turn.self", of.Self)
	}
	add("rounds.turn.verify", of.Submitted)
	add("rounds.turn.missing", of.Verified-of.Ready)
	if of.Done() {
		turns = append(turns, note("rounds.turn.done"))
	}
	return turns
}

// next says what is to be done now, with the button for it.
func (p *RoundPage) next() *RoundNext {
	v := p.View
	results := RoundNext{Label: "rounds.next.results", URL: p.ResultsURL}
	switch {
	case v.Status == models.RoundFrozen:
		results.Text = note("rounds.next.frozen", "On", v.FrozenOn)
		return &results
	case v.Status == models.RoundAnnounced && v.AppealsWaiting > 0 && v.Manages:
		return &RoundNext{note("rounds.next.appeals", "Count", v.AppealsWaiting, "On", v.AppealsUntil), "rounds.next.appeals_do", p.AppealsURL}
	case v.Status == models.RoundAnnounced && v.Blocked != nil:
		results.Text = rules.Reason{Key: v.Blocked.Key, Args: v.Blocked.Args}
		return &results
	case v.Status == models.RoundAnnounced && v.Manages:
		return &RoundNext{note("rounds.next.freeze", "On", v.AppealsUntil), "rounds.next.freeze_do", roundURL(v.ID, "freeze")}
	case v.Status == models.RoundAnnounced:
		results.Text = note("rounds.next.announced", "On", v.AppealsUntil)
		return &results
	case v.Total.Done() && v.Manages:
		return &RoundNext{note("rounds.next.announce", "Count", v.Total.Sheets), "rounds.next.announce_do", roundURL(v.ID, "announce")}
	}
	return p.nextSheets()
}

// nextOwn leads a unit to its own sheet.
func (p *RoundPage) nextOwn(sheet RoundSheetRow) *RoundNext {
	v := p.View
	switch {
	case v.Status == models.RoundFrozen:
		return &RoundNext{note("rounds.next.frozen", "On", v.FrozenOn), "rounds.next.own_do", sheet.URL}
	case v.Status == models.RoundAnnounced && !v.AppealsOver:
		return &RoundNext{note("rounds.next.appeal", "On", v.AppealsUntil), "rounds.next.own_do", sheet.URL}
	case v.Status == models.RoundAnnounced:
		return &RoundNext{note("rounds.next.appealed", "On", v.AppealsUntil), "rounds.next.own_do", sheet.URL}
	case sheet.Sheet.Status == models.SheetSelf && p.Today <= v.SelfUntil:
		return &RoundNext{note("rounds.next.self", "Count", sheet.SelfMissing, "On", v.SelfUntil), "rounds.next.self_do", sheet.URL}
	}
	return &RoundNext{note("rounds.next.checking"), "rounds.next.own_do", sheet.URL}
}

// nextSheets leads who scores to the sheets that wait for them.
func (p *RoundPage) nextSheets() *RoundNext {
	v := p.View
	turns := p.turns(v.Total)
	switch {
	case !v.Assesses || len(turns) == 0:
		return nil
	case v.Total.Submitted > 0:
		return &RoundNext{note("rounds.next.verify", "Count", v.Total.Submitted), "rounds.next.verify_do", RoundFilter{Status: string(models.SheetSubmitted)}.URL(v.ID)}
	case v.Total.Self > 0 && p.Today <= v.SelfUntil:
		return &RoundNext{note("rounds.next.wait", "Count", v.Total.Self, "On", v.SelfUntil), "rounds.next.wait_do", RoundFilter{Status: string(models.SheetSelf)}.URL(v.ID)}
	}
	return &RoundNext{turns[0], "rounds.next.unready_do", RoundFilter{Status: unready}.URL(v.ID)}
}

// addForms adds what may be changed while the round is being scored.
func (p *RoundPage) addForms(locale *frontend.Locale) {
	v := p.View
	if !v.Manages || v.Status != models.RoundScoring {
		return
	}
	change := newOfficeForm("round_change", "", roundURL(v.ID, "dates"),
		FormField{Name: "title", Label: "rounds.field.title", Type: "text", Value: v.Round.Title, Required: true},
		FormField{Name: "self_until", Label: "rounds.field.self_until", Hint: "rounds.field.self_until_hint", Type: "date", Value: v.SelfUntil.String(), Min: min(p.Today, v.SelfUntil).String(), Required: true},
		FormField{Name: "as_of", Label: "rounds.field.as_of", Hint: "rounds.field.as_of_hint", Type: "date", Value: v.AsOf.String(), Min: fmt.Sprint(v.Year, "-01-01")})
	change.Version = v.Version
	unit := FormField{Name: "unit", Label: "rounds.field.unit", Hint: "rounds.field.unit_hint", Type: "text", Required: true}
	p.Forms = []*OfficeForm{change, newOfficeForm("round_add_unit", "", roundURL(v.ID, "units"), unit),
		newOfficeForm("round_take_out", "", roundURL(v.ID, "units", "remove"), unit, reasonField)}
	p.RemoveURL = roundURL(v.ID, "assessors", "remove")
	if len(v.Eligible) == 0 {
		return
	}
	var people, classes []FieldOption
	for _, user := range v.Eligible {
		people = append(people, FieldOption{user.Login, user.Name + " (" + user.Login + ")"})
	}
	for _, class := range v.Scheme.Classes {
		classes = append(classes, FieldOption{class.ID, class.ID + " " + locale.In(class.Title)})
	}
	p.Assign = newOfficeForm("round_assign", "", roundURL(v.ID, "assessors"),
		FormField{Name: "login", Label: "rounds.field.assessor", Type: "select", Options: people, Required: true},
		FormField{Name: "class", Label: "rounds.column.class", Type: "select", Options: classes, Required: true})
}

// forms are all forms of the page.
func (p *RoundPage) forms() []*OfficeForm {
	if p.Assign == nil {
		return p.Forms
	}
	return append([]*OfficeForm{p.Assign}, p.Forms...)
}

// RoundConfirmPage says what announcing or freezing a round will do, before it is done.
type RoundConfirmPage struct {
	Page
	Tabs UnitTabs
	View *assessment.RoundView
	// Act is announce or freeze; Effects say what it does, Refused why it cannot be done.
	Act     string
	Effects []rules.Reason
	Refused *models.Error
	// Waiting are the first sheets that are not ready, with a link to all of them.
	Waiting    []RoundSheetRow
	UnreadyURL string
	Action     string
	BackURL    string
}

// newRoundConfirmPage lays out the confirmation.
func newRoundConfirmPage(page Page, view *assessment.RoundView, act string, waiting *assessment.SheetPage) *RoundConfirmPage {
	p := &RoundConfirmPage{Page: page, View: view, Act: act, Refused: view.Blocked, Action: roundURL(view.ID, act), BackURL: roundURL(view.ID)}
	if waiting != nil {
		for _, sheet := range waiting.Items {
			p.Waiting = append(p.Waiting, RoundSheetRow{RoundSheet: sheet, URL: sheetURL(sheet.ID)})
		}
		p.UnreadyURL = RoundFilter{Status: unready}.URL(view.ID)
	}
	if act == "freeze" {
		p.Effects = []rules.Reason{note("rounds.effect.frozen"), note("rounds.effect.no_appeals", "On", view.AppealsUntil), note("rounds.effect.rectify")}
		return p
	}
	until := "rounds.effect.appeals"
	if view.AppealsProvisional {
		until = "rounds.effect.appeals_provisional"
	}
	p.Effects = []rules.Reason{note("rounds.effect.shown", "Count", view.Total.Sheets), note("rounds.effect.closed"), note("rounds.effect.autos"),
		note(until, "Days", view.Scheme.AppealDays, "Until", view.AppealsUntil)}
	return p
}
