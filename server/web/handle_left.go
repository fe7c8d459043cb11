package web

import (
	"bytes"
	"fmt"
	"net/http"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/rules"
	"sundial/server/training"
)

// leftTable reads whom the list is asked for.
func (s *Server) leftTable(r *request) (RotationView, *compliance.RotationTable, training.LeftFilter, error) {
	var filter training.LeftFilter
	unit, err := s.unit(r, r.Param("code"), "rotation", "read")
	if err != nil {
		return RotationView{}, nil, filter, err
	}
	view, err := s.rotationView(r)
	if err != nil {
		return view, nil, filter, err
	}
	_, table, err := s.rotation(r, unit, view)
	if err == nil && table == nil {
		err = models.NewError(models.NotFound, "coverage.none_binds")
	}
	if err != nil {
		return view, nil, filter, err
	}
	view.Policy = table.Obligation.Policy
	filter = training.LeftFilter{Own: r.Query("own") == "1", Newcomers: r.Query("newcomers") == "1", Class: r.Query("class"), Text: r.Query("q")}
	if r.Query("due") == "1" {
		filter.DueWithin = rules.FallsDueDays
	}
	return view, table, filter, nil
}

func (s *Server) listLeft(r *request) error {
	view, table, filter, err := s.leftTable(r)
	if err != nil {
		return err
	}
	found, err := s.Desk.Left(r.Request.Context(), table, training.LeftQuery{LeftFilter: filter, Cursor: r.Query("cursor")})
	if err != nil {
		return err
	}
	page := newLeftPage(s.page(r), view, table, filter, r.Query("cursor"), found)
	page.Tabs = s.trainingTabs(r, table.Unit, "coverage")
	classes, err := s.Ledger.RotationClasses(r.Request.Context(), table)
	if err != nil {
		return err
	}
	for _, c := range classes {
		if c.Class != "" {
			page.Classes = append(page.Classes, c.Class)
		}
	}
	if err := s.placeRotation(r, &page.Page, view, table.Unit, r.Locale.Text("coverage.left", nil)); err != nil {
		return err
	}
	return s.show(r, "left", page)
}

// leftColumns are the columns of the file, each with the key of its heading.
var leftColumns = []struct {
	key  string
	kind exchange.Kind
}{
	{"coverage.column.person", exchange.KindText}, {"coverage.column.number", exchange.KindText}, {"coverage.column.unit", exchange.KindText},
	{"coverage.column.post", exchange.KindText}, {"coverage.column.since", exchange.KindDate}, {"coverage.column.last", exchange.KindDate},
	{"coverage.newcomer", exchange.KindYesNo}, {"coverage.column.due", exchange.KindDate}, {"coverage.column.days", exchange.KindInteger},
}

// downloadLeft gives the whole list as CSV.
func (s *Server) downloadLeft(r *request) error {
	_, table, filter, err := s.leftTable(r)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, leftFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("list of who is left: %w", err)
	}
	defer w.Abort()
	err = s.Desk.EachLeft(r.Request.Context(), table, filter, func(p training.LeftPerson) error {
		return w.Write(p.Person.Name, p.Person.Code(), unitName(r.Locale, p.Unit), p.Post, p.Since, dayOrBlank(p.LastTrained), p.Newcomer, p.DueOn, p.DaysLeft)
	})
	if err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("list of who is left: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "left-"+table.Unit.Code+"-"+table.AsOf.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

// dayOrBlank leaves the cell of no day blank.
func dayOrBlank(day calendar.Date) any {
	if day.IsZero() {
		return nil
	}
	return day
}

// leftFile is the table of the file in the language.
func leftFile(locale *frontend.Locale) exchange.Table {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: locale.Text(key, nil), EN: locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("coverage.left")}
	for _, c := range leftColumns {
		table.Columns = append(table.Columns, exchange.Column{Key: c.key, Heading: in(c.key), Kind: c.kind})
	}
	return table
}
