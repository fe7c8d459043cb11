package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/audit"
	"sundial/server/calendar"
)

func (s *Server) showAudit(r *request) error {
	asked, query, err := auditAsked(r)
	if asked.Unit != "" {
		unit, unitErr := s.unit(r, asked.Unit, "audit", "read")
		if unitErr != nil {
			return unitErr
		}
		query.Unit = &unit
	}
	found := &audit.Page{}
	if err == nil {
		found, err = s.Log.Entries(r.Request.Context(), query)
	}
	var refused *models.Error
	status := http.StatusOK
	switch {
	case errors.As(err, &refused) && len(refused.Fields) > 0:
		found, status = &audit.Page{}, http.StatusUnprocessableEntity
	case err != nil:
		return err
	}
	page := newAuditPage(s.page(r), asked, query.Unit, *found)
	page.Refused = Refused{refused}
	page.Units, err = s.auditUnits(r, query.Unit)
	if err != nil {
		return err
	}
	if query.Unit != nil {
		page.Demo = page.Demo || query.Unit.Demo
	}
	s.send(r, status, "audit", page)
	return nil
}

// auditAsked reads what part of the log is asked for, as it was typed and as it
// is meant.
func auditAsked(r *request) (AuditFilter, audit.Query, error) {
	asked := AuditFilter{Unit: r.Query("unit"), User: r.Query("user"), Action: r.Query("action"), Object: r.Query("object"), ID: r.Query("id"),
		From: r.Query("from"), To: r.Query("to"), Cursor: r.Query("cursor")}
	query := audit.Query{Access: r.Actor.Access, User: asked.User, Action: asked.Action, Object: asked.Object, Cursor: asked.Cursor}
	var fields []models.Field
	date := func(name, text string) calendar.Date {
		day, err := calendar.ParseDate(text)
		if err != nil {
			fields = append(fields, models.Field{Name: name, Key: "error.bad_date", Args: models.Args("Value", text)})
		}
		return day
	}
	query.From, query.To = date("from", asked.From), date("to", asked.To)
	if asked.ID != "" {
		var err error
		if query.ID, err = strconv.ParseUint(asked.ID, 10, 63); err != nil || query.ID == 0 {
			fields = append(fields, models.Field{Name: "id", Key: "audit.bad_id", Args: models.Args("Value", asked.ID)})
		}
	}
	return asked, query, models.InvalidFields(fields)
}

// auditUnits offers the units by which the log can be narrowed: the caller's
// topmost ones, and the way to the chosen one with what lies right below it.
func (s *Server) auditUnits(r *request, chosen *models.Unit) ([]models.Unit, error) {
	ctx, scope := r.Request.Context(), r.Actor.Access.Scope("audit", "read")
	units, err := s.Directory.Roots(ctx, scope)
	if err != nil {
		return nil, err
	}
	if chosen == nil && len(units) == 1 {
		chosen = &units[0]
	}
	if chosen == nil {
		return units, nil
	}
	above, err := s.Directory.Ancestors(ctx, *chosen)
	if err != nil {
		return nil, err
	}
	below, err := s.Directory.Children(ctx, *chosen)
	if err != nil {
		return nil, err
	}
	for _, unit := range slices.Concat(above, []models.Unit{*chosen}, below) {
		known := slices.ContainsFunc(units, func(u models.Unit) bool { return u.ID == unit.ID })
		if !known && scope.Contains(unit.Path) {
			units = append(units, unit)
		}
	}
	return units, nil
}

// query has the filter's parameters that are set.
func (f AuditFilter) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{"unit": f.Unit, "user": f.User, "action": f.Action, "object": f.Object, "id": f.ID,
		"from": f.From, "to": f.To, "cursor": f.Cursor} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// URL is the page of the log that the filter leaves.
func (f AuditFilter) URL() string { return address("/audit", f.query()) }
