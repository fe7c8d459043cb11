package web

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/evidence"
	"sundial/server/exchange"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// urgeFilter reads what the list is narrowed to.
func (r *request) urgeFilter() (UrgeFilter, calendar.Date, error) {
	filter := UrgeFilter{State: r.Query("state"), Level: r.Query("level"), Text: r.Query("q"), AsOf: r.Query("as_of"), Mine: r.Query("mine") == "1"}
	if !slices.Contains(urgeStates, filter.State) {
		filter.State = ""
	}
	if !slices.Contains(gravestFirst, models.UrgeLevel(filter.Level)) {
		filter.Level = ""
	}
	asOf, err := calendar.ParseDate(filter.AsOf)
	if err != nil {
		err = models.InvalidFields([]models.Field{{Name: "as_of", Key: "field.bad_date"}})
	}
	return filter, asOf, err
}

// urges lists what the request asks for, at most so many; 0 is all.
func (s *Server) urges(r *request, limit int) (*supervision.UrgeList, UrgeFilter, error) {
	filter, asOf, err := r.urgeFilter()
	if err != nil {
		return nil, filter, err
	}
	query := supervision.UrgeQuery{AsOf: asOf, State: filter.State, Level: models.UrgeLevel(filter.Level), Text: filter.Text, Mine: filter.Mine, Limit: limit}
	if limit > 0 {
		query.Cursor = r.Query("after")
	}
	list, err := s.Supervision.Urges(r.Request.Context(), r.Actor, r.Param("code"), query)
	return list, filter, err
}

func (s *Server) listUrges(r *request) error {
	list, filter, err := s.urges(r, urgesAtMost)
	if err != nil {
		return err
	}
	base, tabs, err := s.supervisionPage(r, list.Unit, "urges", r.Locale.Text("urges.title", nil))
	if err != nil {
		return err
	}
	page := newUrgesPage(base, list, filter)
	page.Tabs, page.DutiesURL = tabs, View{}.DutiesURL(list.Unit.Code, DutyFilter{State: rules.Overdue})
	if r.Query("after") != "" {
		page.Pager.FirstURL = filter.url(list.Unit, "urges", filter.State, "")
	}
	return s.show(r, "urges", page)
}

func (s *Server) downloadUrges(r *request) error {
	list, filter, err := s.urges(r, 0)
	if err != nil {
		return err
	}
	page := newUrgesPage(Page{Locale: r.Locale}, list, filter)
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, urgeFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("urges as a file: %w", err)
	}
	defer w.Abort()
	for _, row := range page.Rows {
		if err := w.Write(row.cells(r.Locale)...); err != nil {
			return fmt.Errorf("urges as a file: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("urges as a file: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "urges-"+list.Unit.Code+"-"+list.AsOf.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

// urgeOffice returns the office in whose name the caller urges the unit: the widest one
// that they may urge for; none is the zero unit.
func (s *Server) urgeOffice(r *request, unit models.Unit) (models.Unit, error) {
	root := r.Actor.Access.Scope("urge", "send").RootOf(unit.Path)
	switch root {
	case "":
		return models.Unit{}, nil
	case "/": // over all units: each urges for itself
		return unit, nil
	}
	steps := strings.Split(strings.Trim(root, "/"), "/")
	id, err := strconv.ParseUint(steps[len(steps)-1], 10, 63)
	if err != nil {
		return unit, fmt.Errorf("office of %s: %w", unit.Code, err)
	}
	return s.Directory.UnitByID(r.Request.Context(), id)
}

// showUrgeForm shows what would be sent for the things in the address.
func (s *Server) showUrgeForm(r *request) error { return s.urgeForm(r, r.Request.URL.Query()) }

// composeUrges shows what would be sent for the things in the form: there may be hundreds.
func (s *Server) composeUrges(r *request) error { return s.urgeForm(r, r.Request.PostForm) }

func (s *Server) urgeForm(r *request, values url.Values) error {
	in, faults := readUrgeForm(values)
	if r.Request.Method == http.MethodPost && len(in.ask.Items)+len(in.ask.Units) == 0 {
		faults = append(faults, models.Field{Name: "unit", Key: "urges.nothing_chosen"})
	}
	page, err := s.urgeFormPage(r, in)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if why := models.InvalidFields(faults); why != nil {
		refused, code := refusedAs(r, why)
		page.refuse(refused)
		status = code
	}
	s.send(r, status, "urge_form", page)
	return nil
}

// urgeFormPage composes what the form asks for, in the name of the caller's office even
// on a page of a unit below it.
func (s *Server) urgeFormPage(r *request, in urgeFormInput) (*UrgeFormPage, error) {
	unit, err := s.unit(r, r.Param("code"), "urge", "read")
	if err != nil {
		return nil, err
	}
	office, err := s.urgeOffice(r, unit)
	if err != nil {
		return nil, err
	}
	composed, err := s.Supervision.ComposeUrges(r.Request.Context(), r.Actor, cmp.Or(office.Code, unit.Code), in.ask)
	if err != nil {
		return nil, err
	}
	days, err := s.Ledger.Calendar(r.Request.Context())
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, composed.Office, "urges", r.Locale.Text("urges.new", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("urges.title", nil), URL: unitURL(composed.Office, "urges")})
	page := newUrgeFormPage(base, composed, days, in)
	page.Tabs, page.DutiesURL = tabs, View{}.DutiesURL(composed.Office.Code, DutyFilter{State: rules.Overdue})
	if r.Actor.Access.Allows("user", "manage") {
		page.GrantURL = "/users"
	}
	if len(page.Letters) == 0 {
		page.Children, err = s.Directory.Children(r.Request.Context(), composed.Office)
	}
	return page, err
}

func (s *Server) sendUrges(r *request) error {
	in, faults := readUrgeForm(r.Request.PostForm)
	page, err := s.urgeFormPage(r, in)
	if err != nil {
		return err
	}
	err = models.InvalidFields(append(faults, page.missing(in)...))
	if err == nil {
		var sent []models.Urge
		if sent, err = s.Supervision.SendUrges(r.Request.Context(), r.Actor, page.Office.Code, page.batch(in.ask.ReplyTerm)); err == nil {
			return s.done(r, unitURL(page.Office, "urges"), "flash.urges_sent", models.Args("Count", len(sent)))
		}
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page.refuse(why)
	s.send(r, status, "urge_form", page)
	return nil
}

func (s *Server) showUrge(r *request) error {
	page, err := s.urgePage(r)
	if err != nil {
		return err
	}
	return s.show(r, "urge", page)
}

func (s *Server) urgePage(r *request) (*UrgePage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Supervision.Urge(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	place := view.Unit
	if !r.may("urge", "read", place) { // it has moved away from the office that urged it
		place = view.Office
	}
	base, tabs, err := s.supervisionPage(r, place, "urges", r.Locale.Text("urges.one_of", models.Args("On", view.SentOn)))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("urges.title", nil), URL: unitURL(place, "urges")})
	page := newUrgePage(base, view)
	page.Tabs = tabs
	return page, nil
}

func (s *Server) receiveUrge(r *request) error {
	return s.urgeAct(r, "receive", func(id uint64) error {
		return s.Supervision.AcknowledgeUrge(r.Request.Context(), r.Actor, id, r.version())
	})
}

// replyToUrge takes the files in before the reply is written, from who may reply alone.
func (s *Server) replyToUrge(r *request) error {
	return s.urgeAct(r, "reply", func(id uint64) error {
		if err := s.Supervision.TakesUrgeReply(r.Request.Context(), r.Actor, id); err != nil {
			return err
		}
		var files []evidence.File
		files, err := s.takeFiles(r)
		if err != nil {
			return err
		}
		reply := supervision.UrgeReply{Text: r.Request.PostForm.Get("text"), URL: r.Request.PostForm.Get("url"), Files: files}
		version, _ := strconv.Atoi(r.Request.PostForm.Get("version"))
		return s.Supervision.ReplyToUrge(r.Request.Context(), r.Actor, id, version, reply)
	})
}

func (s *Server) withdrawUrge(r *request) error {
	return s.urgeAct(r, "withdraw", func(id uint64) error {
		return s.Supervision.WithdrawUrge(r.Request.Context(), r.Actor, id, r.version(), r.PostForm("reason"))
	})
}

// urgeAct does something with an urge and goes back to its page, which shows why it was
// refused.
func (s *Server) urgeAct(r *request, name string, act func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err = act(id); err == nil {
		return s.done(r, urgeURL(id), "flash.urge_"+name, nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.urgePage(r)
	if pageErr != nil {
		return err
	}
	form := map[string]*OfficeForm{"reply": page.Reply, "withdraw": page.Withdraw}[name]
	if form != nil && why.Code == models.Invalid {
		form.refuse(r.Locale, r.Request.PostForm, why)
	} else {
		page.Error = why
	}
	s.send(r, status, "urge", page)
	return nil
}

func (s *Server) showUrgeRule(r *request) error {
	page, err := s.urgeRulePage(r, nil)
	if err != nil {
		return err
	}
	return s.show(r, "urge_rule", page)
}

// urgeRulePage shows the rule of an office, and what another one would change.
func (s *Server) urgeRulePage(r *request, other *supervision.UrgeRuleInput) (*UrgeRulePage, error) {
	view, err := s.Supervision.UrgeRule(r.Request.Context(), r.Actor, r.Param("code"), other)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, view.Office, "urges", r.Locale.Text("urges.rule", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("urges.title", nil), URL: unitURL(view.Office, "urges")})
	page := newUrgeRulePage(base, view)
	page.Tabs, page.Previewed = tabs, other != nil
	return page, nil
}

// urgeRule reads the rule that was typed; what is no number is none that is allowed.
func (r *request) urgeRule() supervision.UrgeRuleInput {
	number := func(name string) int {
		n, err := strconv.Atoi(strings.TrimSpace(r.PostForm(name)))
		if err != nil {
			return -1
		}
		return n
	}
	return supervision.UrgeRuleInput{YellowBefore: number("yellow_before"), RedAfter: number("red_after"), ReplyTerm: number("reply_term"),
		CoolDown: number("cool_down"), Unanswered: r.PostForm("unanswered") == "1", Template: r.PostForm("template")}
}

// setUrgeRule saves the rule, or shows what it would change.
func (s *Server) setUrgeRule(r *request) error {
	in, preview := r.urgeRule(), r.PostForm("preview") == "1"
	var page *UrgeRulePage
	var err error
	if preview {
		page, err = s.urgeRulePage(r, &in)
	} else if err = s.Supervision.SetUrgeRule(r.Request.Context(), r.Actor, r.Param("code"), r.version(), in); err == nil {
		return s.done(r, "/units/"+url.PathEscape(r.Param("code"))+"/urges/rule", "flash.urge_rule", nil)
	}
	if err == nil {
		page.Form.refuse(r.Locale, r.Request.PostForm, &models.Error{Code: models.Invalid})
		return s.show(r, "urge_rule", page)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	if page, err = s.urgeRulePage(r, nil); err != nil {
		return err
	}
	page.Form.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "urge_rule", page)
	return nil
}

// urgeable are the states of duties that units can be urged for.
var urgeable = []rules.State{rules.Pending, rules.Overdue}

// addUrging adds to a list of duties what can be urged, for who may, and what was.
func (s *Server) addUrging(r *request, page *DutiesPage) error {
	ids := make([]uint64, len(page.Items))
	for i, line := range page.Items {
		ids[i] = line.Duty.ID
	}
	marks, err := s.Supervision.LastUrged(r.Request.Context(), r.Actor, models.UrgeDuty, ids)
	if err != nil {
		return err
	}
	office, err := s.urgeOffice(r, page.Unit)
	if err != nil {
		return err
	}
	for i := range page.Items {
		line := &page.Items[i]
		if mark, urged := marks[line.Duty.ID]; urged && mark.Status != models.UrgeEnded {
			line.Urged = &UrgeMark{Level: mark.Level, On: mark.SentOn, URL: urgeURL(mark.ID)}
		}
		if office.ID != 0 && !page.View.Past() && slices.Contains(urgeable, line.Verdict.State) {
			line.Urge = supervision.UrgeRef{Object: models.UrgeDuty, ID: line.Duty.ID}.String()
			page.UrgeURL = unitURL(office, "urges", "new")
		}
	}
	return nil
}
