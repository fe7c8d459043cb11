package web

import (
	"errors"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/gate"
	"sundial/server/training"
)

// rosterPerPage is how many people a page of a roster has.
const rosterPerPage = 100

func (s *Server) showRoster(r *request) error {
	page, err := s.rosterPage(r, attempted{})
	if err != nil {
		return err
	}
	return s.show(r, "roster", page)
}

// dateQuery reads a day of the query; none is zero.
func dateQuery(r *request, name string) (calendar.Date, error) {
	day, err := calendar.ParseDate(r.Query(name))
	if err != nil {
		return 0, models.InvalidFields([]models.Field{{Name: name, Key: "error.bad_date", Args: models.Args("Value", r.Query(name))}})
	}
	return day, nil
}

// rosterQuery reads which part of a roster is asked for.
func rosterQuery(r *request) (training.RosterQuery, error) {
	on, err := dateQuery(r, "on")
	if err == nil && !utf8.ValidString(r.Query("q")) {
		err = models.NewError(models.Invalid, "error.bad_form")
	}
	return training.RosterQuery{Unit: r.Param("code"), Subtree: r.Query("subtree") == "1", On: on, Text: strings.TrimSpace(r.Query("q")), Cursor: r.Query("cursor"), Limit: rosterPerPage}, err
}

// rosterPage reads the roster as the query of the URL asks for it; after a refused
// form with what was typed.
func (s *Server) rosterPage(r *request, tried attempted) (RosterPage, error) {
	query, err := rosterQuery(r)
	if err != nil {
		return RosterPage{}, err
	}
	found, err := s.Desk.Roster(r.Request.Context(), r.Actor, query)
	if err != nil {
		return RosterPage{}, err
	}
	base := s.page(r)
	view := View{Today: base.Today, AsOf: base.Today}
	if err := s.place(r, &base, view, found.Unit, r.Locale.Text("training.tab.roster", nil)); err != nil {
		return RosterPage{}, err
	}
	filter := RosterFilter{Path: unitURL(found.Unit, "roster"), On: found.On, Today: base.Today, Text: query.Text, Subtree: query.Subtree}
	page := newRosterPage(base, found, filter, query.Cursor)
	page.Tabs = s.trainingTabs(r, found.Unit, "roster")
	return page, s.rosterForms(r, &page, tried)
}

// rosterForms adds what the caller may do with the roster.
func (s *Server) rosterForms(r *request, page *RosterPage, tried attempted) error {
	ctx, unit := r.Request.Context(), page.Unit
	children, err := s.Directory.Children(ctx, unit)
	if err != nil {
		return err
	}
	page.HasBelow = len(children) > 0
	if r.may("roster", "manage", unit) {
		page.DuplicatesURL = unitURL(unit, "duplicates")
	}
	if !unit.ClosedOn.IsZero() {
		return s.closedForms(r, page, tried)
	}
	if !r.may("roster", "keep", unit) {
		return nil
	}
	fields := plain(textField("name", "", true), hinted(textField("number", "", false)), hinted(textField("id_number", "", false)), hinted(textField("post", "", false)),
		partTimeField(false), dayField("start_on", page.Today, true), hinted(dayField("end_on", 0, false)))
	form := newStaffForm(r.Locale, "add", "add", unitURL(unit, "roster"), tried, fields...)
	page.Add = &form
	return nil
}

// closedForms offers to move everybody who is still on the roster of a closed
// unit.
func (s *Server) closedForms(r *request, page *RosterPage, tried attempted) error {
	ctx, unit := r.Request.Context(), page.Unit
	var err error
	if page.Staying, err = s.Desk.Staying(ctx, r.Actor, unit.Code, unit.ClosedOn); err != nil || page.Staying == 0 {
		return err
	}
	successor := ""
	if unit.SuccessorID != nil {
		next, err := s.Directory.UnitByID(ctx, *unit.SuccessorID)
		if err != nil {
			return err
		}
		if r.may("rotation", "read", next) {
			page.Successor, successor = &next, next.Code
		}
	}
	if !r.may("roster", "keep", unit) {
		return nil
	}
	units, err := s.keptUnits(r)
	if err != nil {
		return err
	}
	fields := append([]UnitFormField{staffUnitField(successor, units)}, plain(hinted(dayField("start_on", unit.ClosedOn, true)))...)
	form := newStaffForm(r.Locale, "move_all", "move_all", unitURL(unit, "roster", "move-all"), tried, fields...)
	page.MoveAll = &form
	return nil
}

// keptUnits are the units whose rosters the caller keeps, for fields to offer.
func (s *Server) keptUnits(r *request) ([]models.Unit, error) {
	kinds := []models.UnitKind{models.Province, models.City, models.County, models.Township, models.Department}
	return s.Directory.UnitsOfKinds(r.Request.Context(), r.Actor.Access.Scope("roster", "keep"), kinds, optionsAtMost)
}

// unitCode returns the code of the unit that a text names by its code or, where
// there is one of it, by its name; else the text.
func (s *Server) unitCode(r *request, text string) (string, error) {
	text = strings.TrimSpace(text)
	scope := r.Actor.Access.Scope("roster", "keep")
	units, err := s.Directory.Search(r.Request.Context(), scope, text, maxCandidates)
	if err != nil || text == "" {
		return text, err
	}
	code := ""
	for _, unit := range units {
		switch {
		case unit.Code == text:
			return text, nil
		case unit.Name == text || strings.EqualFold(unit.NameEN, text):
			if code != "" {
				return text, nil
			}
			code = unit.Code
		}
	}
	if code == "" {
		code = text
	}
	return code, nil
}

// dateForm reads a day of the form; what is none is a problem of the field.
func dateForm(r *request, name string, problems *[]models.Field) calendar.Date {
	day, err := calendar.ParseDate(strings.TrimSpace(r.PostForm(name)))
	if err != nil {
		*problems = append(*problems, models.Field{Name: name, Key: "error.bad_date", Args: models.Args("Value", r.PostForm(name))})
	}
	return day
}

func (s *Server) addStaff(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "roster", "keep")
	if err != nil {
		return err
	}
	var problems []models.Field
	entry := training.StaffEntry{Unit: unit.Code, Name: r.PostForm("name"), Number: r.PostForm("number"), IDNumber: r.PostForm("id_number"), Post: r.PostForm("post"),
		PartTime: r.PostForm("part_time") == "1", StartOn: dateForm(r, "start_on", &problems), EndOn: dateForm(r, "end_on", &problems)}
	err = models.InvalidFields(problems)
	var outcome training.EntryOutcome
	if err == nil {
		outcome, err = s.Desk.AddStaff(r.Request.Context(), r.Actor, entry)
	}
	if err != nil {
		return s.refuseRoster(r, "add", err)
	}
	return s.done(r, personURL(outcome.ID), "flash.staff_"+string(outcome.Change), models.Args("Name", strings.TrimSpace(entry.Name), "Unit", unitName(r.Locale, unit)))
}

// refuseRoster shows the roster with the refused form.
func (s *Server) refuseRoster(r *request, action string, err error) error {
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Code != models.Invalid && refused.Code != models.Conflict {
		return err
	}
	page, pageErr := s.rosterPage(r, attempted{action: action, values: r.Request.PostForm, failed: refused})
	if pageErr != nil {
		return pageErr
	}
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "roster", page)
	return nil
}

func (s *Server) moveAllStaff(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "roster", "keep")
	if err != nil {
		return err
	}
	to, err := s.unitCode(r, r.PostForm("unit"))
	if err != nil {
		return err
	}
	var problems []models.Field
	on := dateForm(r, "start_on", &problems)
	moved := 0
	if err = models.InvalidFields(problems); err == nil {
		moved, err = s.Desk.MoveAll(r.Request.Context(), r.Actor, unit.Code, to, on)
	}
	if err != nil {
		return s.refuseRoster(r, "move_all", err)
	}
	return s.done(r, unitURL(unit, "roster"), "flash.staff_moved_all", models.Args("Count", moved, "Unit", unitName(r.Locale, unit)))
}

func (s *Server) showDuplicates(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "roster", "manage")
	if err != nil {
		return err
	}
	found, err := s.Desk.Duplicates(r.Request.Context(), r.Actor, unit.Code)
	if err != nil {
		return err
	}
	base := s.page(r)
	if err := s.place(r, &base, View{Today: base.Today, AsOf: base.Today}, unit, r.Locale.Text("duplicates.title", nil)); err != nil {
		return err
	}
	page := newDuplicatesPage(base, unit, found)
	page.Tabs = s.trainingTabs(r, unit, "roster")
	return s.show(r, "duplicates", page)
}
