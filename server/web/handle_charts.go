package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/exchange"
	"sundial/server/figure"
)

// showCharts shows the figures of a theme.
func (s *Server) showCharts(r *request) error {
	unit, view, years, err := s.chartsView(r)
	if err != nil {
		return err
	}
	theme := themeOfPage(r.Query("theme"))
	page, err := s.chartsPage(r, view, years, unit, theme)
	if err != nil {
		return err
	}
	for _, kind := range figure.Readable(r.Actor.Access, unit, theme) {
		shown, err := s.drawShown(r, kind, unit, view)
		if err != nil {
			return err
		}
		page.Figures = append(page.Figures, shown)
	}
	if err := s.place(r, &page.Page, view, unit, r.Locale.Text("figure.tab", nil)); err != nil {
		return err
	}
	return s.show(r, "charts", page)
}

// showFigure shows one figure alone.
func (s *Server) showFigure(r *request) error {
	unit, view, years, err := s.chartsView(r)
	if err != nil {
		return err
	}
	drawn, err := s.drawShown(r, figure.Kind(r.Param("figure")), unit, view)
	if err != nil {
		return err
	}
	theme := figure.ThemeOf(drawn.Kind)
	drawn.URL = ""
	page, err := s.chartsPage(r, view, years, unit, theme)
	if err != nil {
		return err
	}
	page.Only, page.Figures = true, []FigureView{drawn}
	if err := s.place(r, &page.Page, view, unit, r.Locale.Text("figure.kind."+string(drawn.Kind), nil)); err != nil {
		return err
	}
	page.stepBefore(Crumb{Text: r.Locale.Text("figure.tab", nil), URL: view.ChartsURL(unit.Code, theme)})
	return s.show(r, "charts", page)
}

// chartsPage is a page of charts before its figures.
func (s *Server) chartsPage(r *request, view View, years []int, unit models.Unit, theme figure.Theme) (ChartsPage, error) {
	page := ChartsPage{Page: s.page(r), View: view, Unit: unit, Groups: themeGroups(r, view, unit, theme), Group: string(theme)}
	var err error
	if page.Filter, err = s.asOfYear(r, page.Page, view, years, unit); err != nil {
		return page, err
	}
	page.Tabs, err = s.boardTabs(r, view, unit, "charts")
	return page, err
}

// downloadFigure sends the table of a figure as CSV.
func (s *Server) downloadFigure(r *request) error {
	unit, view, _, err := s.chartsView(r)
	if err != nil {
		return err
	}
	drawn, err := s.draw(r, figure.Kind(r.Param("figure")), unit, view)
	if err != nil {
		return err
	}
	shown := newFigureView(r.Locale, view, drawn)
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, figureFile(shown), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("figure as a file: %w", err)
	}
	defer w.Abort()
	for _, line := range shown.Lines {
		cells := make([]any, len(line))
		for i, cell := range line {
			cells[i] = cell.Text
		}
		if err := w.Write(cells...); err != nil {
			return fmt.Errorf("figure as a file: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("figure as a file: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", string(drawn.Kind)+"-"+unit.Code+"-"+text(view.Year)+"-"+view.AsOf.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

// chartsView reads what the page of charts looks at.
func (s *Server) chartsView(r *request) (models.Unit, View, []int, error) {
	unit, err := s.unit(r, r.Param("code"), "board", "read")
	if err != nil {
		return unit, View{}, nil, err
	}
	view, years, err := s.view(r, unit)
	view.Compared, view.Obligation, view.Period = r.QueryArray("with"), r.Query("obligation"), r.Query("period")
	return unit, view, years, err
}

// draw draws a figure of what the view looks at.
func (s *Server) draw(r *request, kind figure.Kind, unit models.Unit, view View) (*figure.Figure, error) {
	q := figure.Query{Unit: unit, Year: view.Year, AsOf: view.AsOf, Policy: view.Policy, Obligation: view.Obligation, Period: view.Period}
	if kind != figure.Comparison {
		return s.Figures.Draw(r.Request.Context(), r.Actor, kind, q)
	}
	if len(view.Compared) > figure.MaxCompared {
		return nil, figure.TooMany(len(view.Compared))
	}
	for _, code := range view.Compared {
		other, err := s.unit(r, code, "board", "read")
		if err != nil {
			return nil, err
		}
		q.Units = append(q.Units, other)
	}
	return s.Figures.Draw(r.Request.Context(), r.Actor, kind, q)
}

// figureFile is a figure's table as a file: numbers are numbers.
func figureFile(f FigureView) exchange.Table {
	in := func(words string) exchange.Text { return exchange.Text{ZH: words, EN: words} }
	table := exchange.Table{Name: in(string(f.Kind))}
	for i, head := range f.Head {
		table.Columns = append(table.Columns, exchange.Column{Key: strconv.Itoa(i), Heading: in(head), Kind: exchange.KindText})
	}
	return table
}
