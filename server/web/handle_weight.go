package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	"github.com/shopspring/decimal"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/exchange"
)

// weightTable reads the table that is asked for. Without a year it is the latest
// in which a weight is asked for, at most this year.
func (s *Server) weightTable(r *request) (View, []int, *compliance.WeightTable, error) {
	unit, err := s.unit(r, r.Param("code"), "duty", "read")
	if err != nil {
		return View{}, nil, nil, err
	}
	view, _, err := s.view(r, unit)
	if err != nil {
		return view, nil, nil, err
	}
	years, err := s.Ledger.WeightYears(r.Request.Context(), unit)
	if err != nil {
		return view, nil, nil, err
	}
	if r.Query("year") == "" {
		if at := slices.IndexFunc(years, func(year int) bool { return year <= view.Today.Year() }); at >= 0 {
			view.Year = years[at]
		}
	}
	if !slices.Contains(years, view.Year) {
		years = append(years, view.Year)
		slices.Sort(years)
		slices.Reverse(years)
	}
	table, err := s.Ledger.WeightTable(r.Request.Context(), r.Actor, compliance.WeightQuery{Unit: unit, Year: view.Year, AsOf: view.AsOf})
	return view, years, table, err
}

func (r *request) weightFilter() WeightFilter {
	return newWeightFilter(r.Query("q"), r.Query("standing"), r.Query("sort"))
}

func (s *Server) showWeights(r *request) error {
	view, years, table, err := s.weightTable(r)
	if err != nil {
		return err
	}
	base := s.page(r)
	if err := s.placeWeights(r, &base, view, table.Unit); err != nil {
		return err
	}
	page := newWeightPage(base, view, table, r.weightFilter())
	page.Tabs = unitTabs(r, page.Unit, "assessment", assessmentTabs, "weight")
	if len(page.All) == 0 {
		years = nil
	}
	page.AsOfFilter = yearAsOf(page.Page, view, years)
	return s.show(r, "weight", page)
}

// placeWeights sets the breadcrumb: each step leads to the weights of a unit above.
func (s *Server) placeWeights(r *request, page *Page, view View, unit models.Unit) error {
	path, err := s.Directory.Ancestors(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	for _, above := range path {
		if above.ID != unit.ID && r.may("duty", "read", above) {
			page.Breadcrumb = append(page.Breadcrumb, Crumb{unitName(r.Locale, above), view.WeightURL(above.Code, nil)})
		}
	}
	page.Breadcrumb = append(page.Breadcrumb, Crumb{unitName(r.Locale, unit), view.UnitURL(unit.Code)}, Crumb{Text: r.Locale.Text("weight.link", nil)})
	page.AsOf, page.Demo = view.AsOf, page.Demo || unit.Demo
	return nil
}

// weightFile is the table as a file in the language.
func weightFile(locale *frontend.Locale) exchange.Table {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: locale.Text(key, nil), EN: locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("weight.link")}
	for _, c := range []struct {
		key  string
		kind exchange.Kind
	}{
		{"weight.column.code", exchange.KindText}, {"weight.column.unit", exchange.KindText}, {"weight.column.year", exchange.KindInteger},
		{"weight.column.standing", exchange.KindText}, {"weight.column.strict_points", exchange.KindDecimal}, {"weight.column.inclusive_points", exchange.KindDecimal},
		{"weight.column.total", exchange.KindDecimal}, {"weight.column.strict", exchange.KindDecimal}, {"weight.column.inclusive", exchange.KindDecimal},
		{"weight.column.required", exchange.KindText}, {"weight.column.last", exchange.KindDecimal}, {"weight.column.change", exchange.KindDecimal},
		{"weight.column.policy", exchange.KindText},
	} {
		table.Columns = append(table.Columns, exchange.Column{Key: c.key, Heading: in(c.key), Kind: c.kind})
	}
	return table
}

// downloadWeights gives the units below as the page lists them as CSV; where there
// are none, the unit's own years.
func (s *Server) downloadWeights(r *request) error {
	view, _, table, err := s.weightTable(r)
	if err != nil {
		return err
	}
	page := newWeightPage(Page{Locale: r.Locale}, view, table, r.weightFilter())
	items := page.Items
	if len(page.All) == 0 {
		items = page.History
	}
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, weightFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("weights as a file: %w", err)
	}
	defer w.Abort()
	for _, item := range items {
		if err := w.Write(weightCells(r.Locale, item)...); err != nil {
			return fmt.Errorf("weights as a file: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("weights as a file: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "weight-"+table.Unit.Code+"-"+text(view.Year)+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

// weightCells are the cells of a row of the file; what is not known is blank.
func weightCells(locale *frontend.Locale, item WeightItem) []any {
	cells := []any{item.Unit.Code, unitName(locale, item.Unit), item.Year, locale.Text("weight.standing."+string(item.Standing), nil),
		nil, nil, nil, nil, nil, nil, nil, nil, nil}
	if item.Rule != nil {
		demand := item.Demand()
		cells[9], cells[12] = locale.Text(demand.Key, demand.Args), locale.In(item.Obligation.Title)
	}
	if item.Weight != nil {
		share := item.Weight.Share
		cells[4], cells[5], cells[6] = share.Points(false), share.Points(true), share.Total
		cells[7], cells[8] = number(item.Strict()), number(item.Inclusive())
	}
	if item.Last != nil {
		cells[10] = number(item.Last.Share.Percentage(item.Last.Related))
	}
	if points, sign := item.Change(); points != "" {
		cells[11] = number(points).Mul(decimal.NewFromInt(int64(sign)))
	}
	return cells
}

// number reads what Percentage wrote.
func number(text string) decimal.Decimal {
	value, _ := decimal.NewFromString(text)
	return value
}
