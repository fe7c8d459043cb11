package web

import (
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/training"
)

// SessionPage is a session with its nominations.
type SessionPage struct {
	Page
	Tabs    UnitTabs
	Session *training.SessionView
	Phase   string
	// Course leads to the course.
	CourseURL string
	// EditURL, SheetURL and AttendanceURL lead to the form, to the list to sign and to
	// the attendance; empty where the user may not go.
	EditURL, SheetURL, AttendanceURL string
	Forms                            []*OfficeForm
	// Decides tells that the user decides on nominations, and makes them second.
	Decides bool
	// Seated, Waiting and Gone are the nominations that the user sees.
	Seated  []NominationGroup
	Waiting []training.NominationView
	Gone    []training.NominationView
	// Hidden are the seats that people of other units have.
	Hidden int
	// Acts is what can be done with chosen nominations; nil for nothing.
	Acts *NominationActs
	// Nominate offers people; nil when the user nominates nobody.
	Nominate *NominateForm
	// Outcomes is what became of a batch that was not taken whole.
	Outcomes []training.NominationOutcome
	// Error is why an act was refused.
	Error *models.Error
}

// NominationGroup are the people of one unit.
type NominationGroup struct {
	Unit models.Unit
	List []training.NominationView
}

// NominationActs can be done with chosen nominations.
type NominationActs struct {
	ConfirmURL  string // empty when the user may not
	WithdrawURL string
	MoveURL     string
	// Targets are the sessions to which people can be moved.
	Targets []FieldOption
	Reason  string
	// Unconfirmed is how many people with a seat are not confirmed.
	Unconfirmed int
}

// NominateForm offers people to nominate.
type NominateForm struct {
	Action string
	// SearchURL is where the search is sent to.
	SearchURL string
	Text      string
	List      []CandidateLine
	More      bool
	// Units tells that the people are of several units.
	Units bool
}

// CandidateLine is somebody to nominate.
type CandidateLine struct {
	training.Candidate
	Checked bool
}

// Offered tells that there is somebody who can be chosen.
func (f NominateForm) Offered() bool {
	for _, line := range f.List {
		if line.Refusal == nil {
			return true
		}
	}
	return false
}

// Days writes the days of the session.
func (p SessionPage) Days() string { return sessionDays(p.Locale, p.Session.TrainingSession) }

// Times writes the times of each day; empty for any time.
func (p SessionPage) Times() string { return sessionTimes(p.Session.TrainingSession) }

// Hours is the course's length in decimal hours.
func (p SessionPage) Hours() string { return training.Hours(p.Session.Course.Minutes) }

// Filled is how much of a bar of 100 the seats taken fill.
func (p SessionPage) Filled() int {
	return min(100, p.Session.Seated*100/max(1, p.Session.Capacity))
}

// newSessionPage lays out a session and the nominations that the user sees.
func newSessionPage(page Page, s *training.SessionView, list []training.NominationView) *SessionPage {
	p := &SessionPage{Page: page, Session: s, Phase: sessionPhase(s.TrainingSession, page.Today), CourseURL: courseURL(s.CourseID)}
	seated := 0
	for _, n := range list {
		switch {
		case n.Status == models.NominationWaiting:
			p.Waiting = append(p.Waiting, n)
		case n.Ended != 0:
			p.Gone = append(p.Gone, n)
		default:
			seated++
			if last := len(p.Seated) - 1; last < 0 || p.Seated[last].Unit.ID != n.UnitID {
				p.Seated = append(p.Seated, NominationGroup{Unit: n.Unit})
			}
			at := &p.Seated[len(p.Seated)-1]
			at.List = append(at.List, n)
		}
	}
	p.Hidden = s.Seated - seated
	return p
}

// addForms adds what the office can do with the session.
func (p *SessionPage) addForms() {
	s := p.Session
	add := func(name string, fields ...FormField) {
		form := newOfficeForm(name, "", sessionURL(s.ID, name[len("session_"):]), fields...)
		form.Version = s.Version
		p.Forms = append(p.Forms, form)
	}
	switch s.Status {
	case models.SessionHeld:
		add("session_reopen", reasonField)
	case models.SessionOpen:
		if s.EndOn <= p.Today {
			add("session_held")
		}
		add("session_cancel", reasonField)
		p.EditURL = sessionURL(s.ID, "edit")
	}
}

// addActs adds what can be done with the nominations that the user sees; decide
// tells that the user decides on them.
func (p *SessionPage) addActs(decide bool, targets []training.SessionLine) {
	p.Decides = decide
	acts := &NominationActs{WithdrawURL: sessionURL(p.Session.ID, "nominations", "withdraw"), MoveURL: sessionURL(p.Session.ID, "nominations", "move")}
	may := false
	for _, group := range p.Seated {
		for _, n := range group.List {
			may = may || n.MayWithdraw
			if n.Status == models.NominationSeated {
				acts.Unconfirmed++
			}
		}
	}
	for _, n := range p.Waiting {
		may = may || n.MayWithdraw
	}
	if !may || p.Session.Status != models.SessionOpen {
		return
	}
	if decide {
		acts.ConfirmURL = sessionURL(p.Session.ID, "nominations", "confirm")
	}
	for _, line := range targets {
		if line.ID != p.Session.ID && line.Status == models.SessionOpen && line.EndOn >= p.Today {
			acts.Targets = append(acts.Targets, FieldOption{Value: strconv.FormatUint(line.ID, 10), Text: p.Locale.Text("session.target",
				models.Args("Code", line.Code, "On", line.StartOn, "Course", line.Course.Title, "Free", line.Free()))})
		}
	}
	p.Acts = acts
}

// offer adds the people that can be nominated.
func (p *SessionPage) offer(text string, list []training.Candidate, more bool) {
	form := &NominateForm{Action: sessionURL(p.Session.ID, "nominations"), SearchURL: sessionURL(p.Session.ID), Text: text, More: more}
	for _, c := range list {
		form.List = append(form.List, CandidateLine{Candidate: c})
		form.Units = form.Units || c.Unit.ID != list[0].Unit.ID
	}
	p.Nominate = form
}

// keep puts back what was chosen and typed in forms that were refused.
func (p *SessionPage) keep(people []uint64, reason string) {
	if p.Nominate != nil {
		for i := range p.Nominate.List {
			p.Nominate.List[i].Checked = slices.Contains(people, p.Nominate.List[i].Person.ID)
		}
	}
	if p.Acts != nil {
		p.Acts.Reason = reason
	}
}

// SheetPage is the list of participants to be signed, one A4 page or more.
type SheetPage struct {
	Page
	Session *training.SessionView
	People  []SheetLine
	// Blank are the numbers of empty lines for who comes without a nomination.
	Blank   []int
	BackURL string
}

// SheetLine is a numbered line of the list.
type SheetLine struct {
	Number int
	training.NominationView
}

// Days writes the days of the session.
func (p SheetPage) Days() string { return sessionDays(p.Locale, p.Session.TrainingSession) }

// Times writes the times of each day; empty for any time.
func (p SheetPage) Times() string { return sessionTimes(p.Session.TrainingSession) }

// newSheetPage lists who has a seat.
func newSheetPage(page Page, s *training.SessionView, list []training.NominationView) *SheetPage {
	p := &SheetPage{Page: page, Session: s, BackURL: sessionURL(s.ID)}
	for _, n := range list {
		if n.Ended == 0 && n.Status != models.NominationWaiting {
			p.People = append(p.People, SheetLine{len(p.People) + 1, n})
		}
	}
	for i := range 3 {
		p.Blank = append(p.Blank, len(p.People)+i+1)
	}
	return p
}
