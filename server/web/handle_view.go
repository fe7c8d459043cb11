package web

import (
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// may tells whether the caller may do the action for the unit.
func (r *request) may(object, action string, unit models.Unit) bool {
	return r.Actor.Access.AllowsAt(object, action, unit.Path)
}

// unit returns the unit with the code when the caller may do the action there;
// otherwise it is NotFound, as if it were not there.
func (s *Server) unit(r *request, code, object, action string) (models.Unit, error) {
	return s.Directory.Unit(r.Request.Context(), r.Actor.Access.Scope(object, action), code)
}

// view reads what the page looks at. Without a year it is the unit's latest in
// which a policy is active, at most this year.
func (s *Server) view(r *request, unit models.Unit) (View, []int, error) {
	view := View{Today: s.Ledger.Today(), AsOf: s.Ledger.Today(), Policy: r.Query("policy")}
	var fields []models.Field
	if text := r.Query("as_of"); text != "" {
		day, err := calendar.ParseDate(text)
		switch {
		case err != nil:
			fields = append(fields, models.Field{Name: "as_of", Key: "error.bad_date", Args: models.Args("Value", text)})
		case day > view.Today:
			fields = append(fields, models.Field{Name: "as_of", Key: "board.as_of_future", Args: models.Args("Today", view.Today)})
		default:
			view.AsOf = day
		}
	}
	years, err := s.Ledger.Years(r.Request.Context(), unit)
	if err != nil {
		return view, nil, err
	}
	if text := r.Query("year"); text != "" {
		year, err := strconv.Atoi(text)
		if err != nil || year < 1949 || year > 2200 {
			fields = append(fields, models.Field{Name: "year", Key: "error.bad_year", Args: models.Args("Value", text)})
		}
		view.Year = year
	} else {
		view.Year = years.Current(view.Today.Year())
	}
	return view, years.All(view.Year), models.InvalidFields(fields)
}

// place sets the breadcrumb and the demo mark of a page about a unit.
func (s *Server) place(r *request, page *Page, view View, unit models.Unit, last string) error {
	path, err := s.Directory.Ancestors(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	var shown []models.Unit
	for _, above := range path {
		if above.ID != unit.ID && r.may("board", "read", above) {
			shown = append(shown, above)
		}
	}
	if last == "" {
		last = unitName(r.Locale, unit)
	} else {
		shown = append(shown, unit)
	}
	page.AsOf = view.AsOf
	page.Demo = page.Demo || unit.Demo
	page.Breadcrumb = unitCrumbs(r.Locale, view, shown, last)
	return nil
}

// dutyQuery reads what a list of duties is narrowed to.
func (s *Server) dutyQuery(r *request, view View, unit models.Unit) (compliance.DutyQuery, error) {
	query := compliance.DutyQuery{Unit: unit, Own: r.Query("own") == "1", Year: view.Year, AsOf: view.AsOf,
		State: rules.State(r.Query("state")), Obligation: r.Query("obligation"), Policy: view.Policy,
		DueSoon: r.Query("due_soon") == "1", Extended: r.Query("extended") == "1", Cursor: r.Query("cursor")}
	due, err := calendar.ParseDate(r.Query("due"))
	if err != nil {
		return query, models.InvalidFields([]models.Field{{Name: "due", Key: "error.bad_date", Args: models.Args("Value", r.Query("due"))}})
	}
	query.DueOn = due
	return query, nil
}
