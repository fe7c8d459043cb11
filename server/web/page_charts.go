package web

import (
	"net/url"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/figure"
	"sundial/server/rules"
)

// ChartsPage is the figures of a theme, or one of them.
type ChartsPage struct {
	Page
	View    View
	Unit    models.Unit
	Filter  AsOfFilter
	Tabs    UnitTabs
	Groups  []NavItem
	Figures []FigureView
	// Only is set on the page of a single figure; Group is the theme of the figures.
	Only  bool
	Group string
}

// FigureView is a figure as a page shows it.
type FigureView struct {
	*figure.Figure
	Locale *frontend.Locale
	// Head and Lines are the table; Size names the height of the chart.
	Head  []string
	Lines [][]FigureCell
	Size  string
	// URL is the page of the figure alone, empty on that page; CSV is its table as a file.
	URL, CSV string
	// Choice chooses the units of a comparison, nil for other figures.
	Choice *UnitChoice
	// DoURL is where Empty.Do leads.
	DoURL string
}

// FigureCell is a cell of a figure's table: words, and the list behind a number.
type FigureCell struct {
	Text string
	URL  string
	// Number tells that the words are one.
	Number bool
}

// newFigureView lays a figure out in the language of the page.
func newFigureView(locale *frontend.Locale, view View, f *figure.Figure) FigureView {
	view.Obligation, view.Period = f.Obligation, f.Period
	v := FigureView{Figure: f, Locale: locale, URL: view.FigureURL(f.Unit.Code, f.Kind, ""), CSV: view.FigureURL(f.Unit.Code, f.Kind, "table.csv"), Size: sizeOf(linesOf(f))}
	if f.Empty != nil {
		if f.Empty.Do != "" {
			v.DoURL = view.behind(f.Empty.Where)
		}
		return v
	}
	for _, column := range f.Columns {
		v.Head = append(v.Head, columnText(locale, column))
	}
	for _, row := range f.Rows {
		line := make([]FigureCell, len(row))
		for i, value := range row {
			line[i] = figureCell(locale, view, value)
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

// linesOf is how many lines a chart has below each other: a comparison has lanes, and rows
// of days and months stand side by side.
func linesOf(f *figure.Figure) int {
	switch f.Kind {
	case figure.Comparison:
		return len(f.Rows) * (1 + len(f.Compared)) / 2
	case figure.Rotation, figure.Sessions:
		return 10
	default:
		return len(f.Rows)
	}
}

// sizeOf is how high a chart of so many rows is drawn.
func sizeOf(rows int) string {
	switch {
	case rows <= 3:
		return "is-low"
	case rows <= 14:
		return "is-middle"
	default:
		return "is-high"
	}
}

func columnText(locale *frontend.Locale, column figure.Column) string {
	if column.Key != "" {
		return locale.Text(column.Key, nil)
	}
	return locale.Value(column.Text)
}

func figureCell(locale *frontend.Locale, view View, value figure.Value) FigureCell {
	cell := FigureCell{Text: valueText(locale, value.Of)}
	switch value.Of.(type) {
	case int, *bulletin.Rate, bulletin.Rate, figure.Decimal:
		cell.Number = true
	}
	if value.Behind != nil && value.Of != 0 {
		cell.URL = view.behind(*value.Behind)
	}
	return cell
}

// valueText writes a value of a figure.
func valueText(locale *frontend.Locale, value any) string {
	switch v := value.(type) {
	case nil:
		return "–"
	case *bulletin.Rate:
		if v == nil {
			return "–"
		}
		return v.String() + "%"
	case rules.Reason:
		return locale.Text(v.Key, v.Args)
	case models.Unit:
		return unitName(locale, v)
	case calendar.Date:
		return locale.Date(v)
	default:
		return locale.Value(v)
	}
}

// behind is the address of what a value counts or names.
func (v View) behind(b figure.Behind) string {
	switch {
	case b.Path != "":
		return b.Path
	case b.Duty != 0:
		return v.DutyURL(b.Duty)
	case b.Sheet != 0:
		return sheetURL(b.Sheet)
	case b.Page == "":
		return v.DutiesURL(b.Unit, DutyFilter{Obligation: b.Obligation, State: b.State, DueSoon: b.DueSoon, Own: b.Own})
	case b.Page == "unit":
		return v.UnitURL(b.Unit)
	default:
		return address("/units/"+url.PathEscape(b.Unit)+"/"+b.Page, v.withPolicy())
	}
}

// ChartsURL is the page of the figures of a theme.
func (v View) ChartsURL(unit string, theme figure.Theme) string {
	query := v.withPolicy()
	if theme != "" && theme != figure.Themes[0] {
		query.Set("theme", string(theme))
	}
	return address("/units/"+url.PathEscape(unit)+"/charts", query)
}

// FigureURL is the page of one figure, or a file of it.
func (v View) FigureURL(unit string, kind figure.Kind, file string) string {
	path := "/units/" + url.PathEscape(unit) + "/charts/" + string(kind)
	if file != "" {
		path += "/" + file
	}
	query := v.withPolicy()
	for name, value := range map[string]string{"obligation": v.Obligation, "period": v.Period} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for _, code := range v.Compared {
		query.Add("with", code)
	}
	return address(path, query)
}

// Title is the finding in the language of the page.
func (v FigureView) Title() string { return v.Locale.Text(v.Finding.Key, v.Finding.Args) }

// About says what the figure measures, where the numbers come from and how they stood on
// which day.
func (v FigureView) About() []string {
	return []string{v.Locale.Text(v.Measure.Key, v.Measure.Args), v.Locale.Text(v.Source.Key, v.Source.Args), v.Locale.Text("layout.as_of", models.Args("AsOf", v.AsOf))}
}

// OptionJSON is the chart for the browser.
func (v FigureView) OptionJSON() (string, error) { return v.Option(v.Locale) }

// Picture is the name of the chart as a file.
func (v FigureView) Picture() string {
	return string(v.Kind) + "-" + v.Unit.Code + "-" + text(v.Year) + "-" + v.AsOf.String() + ".png"
}

// themeGroups are the themes of which the reader may see any figure.
func themeGroups(r *request, view View, unit models.Unit, current figure.Theme) []NavItem {
	var tabs []NavItem
	for _, theme := range figure.Themes {
		if len(figure.Readable(r.Actor.Access, unit, theme)) > 0 {
			tabs = append(tabs, NavItem{Key: "figure.theme." + string(theme), URL: view.ChartsURL(unit.Code, theme), Current: theme == current})
		}
	}
	return tabs
}

// themeOfPage takes what is no theme for the first one.
func themeOfPage(name string) figure.Theme {
	if theme := figure.Theme(name); slices.Contains(figure.Themes, theme) {
		return theme
	}
	return figure.Themes[0]
}

// option is a chart as JSON.
func option(chart interface{ JSON() ([]byte, error) }) (string, error) {
	body, err := chart.JSON()
	return string(body), err
}
