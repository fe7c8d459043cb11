package web

import (
	"cmp"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/training"
)

// progressLines are the numbers of the chart, day by day.
func progressLines(t *compliance.RotationTable, p *training.RotationProgress) []ProgressLine {
	var lines []ProgressLine
	for _, point := range p.Points {
		lines = append(lines, ProgressLine{point.On, point.Roster, point.Trained, -1, -1})
	}
	at := func(day calendar.Date) *ProgressLine {
		for i := range lines {
			if lines[i].On == day {
				return &lines[i]
			}
		}
		lines = append(lines, ProgressLine{day, -1, -1, -1, -1})
		return &lines[len(lines)-1]
	}
	if needed := neededLine(t, p); needed != nil {
		for _, point := range needed {
			at(point.On).Needed = point.Trained
		}
		at(t.LastDay()).Roster = p.RosterAtEnd
	}
	for _, point := range p.Forecast {
		at(point.On).Forecast = point.Trained
	}
	slices.SortFunc(lines, func(a, b ProgressLine) int { return cmp.Compare(a.On, b.On) })
	return lines
}

// neededLine leads straight from the last day's level to everybody on the window's
// last day; nil where nothing is needed any more.
func neededLine(t *compliance.RotationTable, p *training.RotationProgress) []training.ProgressPoint {
	if len(p.Points) == 0 || t.AsOf >= t.LastDay() || t.Total.Left() == 0 {
		return nil
	}
	last := p.Points[len(p.Points)-1]
	return []training.ProgressPoint{last, {On: t.LastDay(), Roster: p.RosterAtEnd, Trained: p.RosterAtEnd}}
}

// ProgressChart is the chart of the page: trained and roster as they came, the
// line needed to finish, and the forecast of the sessions.
func (p CoveragePage) ProgressChart() charts.ProgressChart {
	locale := p.Locale
	chart := charts.ProgressChart{Unit: locale.Text("coverage.people", nil), Description: locale.Text("coverage.chart_description", models.Args(
		"Unit", unitName(locale, p.Unit), "AsOf", p.Table.AsOf, "Finding", locale.Text(p.Finding.Key, p.Finding.Args)))}
	for _, kind := range lineKinds {
		line := charts.Line{Kind: kind, Name: locale.Text("coverage.line."+string(kind), nil)}
		for _, one := range p.Lines {
			if count := one.of(kind); count >= 0 {
				line.Points = append(line.Points, charts.DayCount{Day: one.On.String(), Count: count})
			}
		}
		if len(line.Points) > 0 {
			chart.Lines = append(chart.Lines, line)
		}
	}
	return chart
}

var lineKinds = []charts.LineKind{charts.RosterLine, charts.TrainedLine, charts.NeededLine, charts.ForecastLine}

func (l ProgressLine) of(kind charts.LineKind) int {
	switch kind {
	case charts.RosterLine:
		return l.Roster
	case charts.TrainedLine:
		return l.Trained
	case charts.NeededLine:
		return l.Needed
	default:
		return l.Forecast
	}
}

// SeatsChart compares the seats that each month needs with those scheduled.
func (p CoveragePage) SeatsChart() charts.CountChart {
	locale := p.Locale
	chart := charts.CountChart{Unit: locale.Text("coverage.seats_unit", nil), Description: locale.Text("coverage.seats_description", models.Args(
		"Unit", unitName(locale, p.Unit), "AsOf", p.Table.AsOf, "Needed", p.Progress.Needed, "Scheduled", p.Progress.Scheduled))}
	needed := charts.Bars{Kind: charts.NeededBar, Name: locale.Text("coverage.seats_needed", nil)}
	scheduled := charts.Bars{Kind: charts.ScheduledBar, Name: locale.Text("coverage.seats_scheduled", nil)}
	for _, month := range p.Progress.Months {
		chart.Labels = append(chart.Labels, month.First.String()[:len("2006-01")])
		needed.Values = append(needed.Values, float64(month.Needed))
		scheduled.Values = append(scheduled.Values, float64(month.Scheduled))
	}
	chart.Bars = []charts.Bars{needed, scheduled}
	return chart
}

// UnitsChart is the coverage of the units that are furthest behind.
func (p CoveragePage) UnitsChart() charts.CountChart {
	locale := p.Locale
	chart := charts.CountChart{Unit: "%", Lying: true, Max: 100, Description: locale.Text("coverage.units_description", models.Args(
		"Unit", unitName(locale, p.Unit), "AsOf", p.Table.AsOf, "Count", len(p.Worst)))}
	bars := charts.Bars{Kind: charts.CoverageBar, Name: locale.Text("coverage.figure", nil)}
	for _, line := range p.Worst {
		chart.Labels = append(chart.Labels, rowName(locale, line))
		bars.Values = append(bars.Values, barOf(line.Trained, line.Roster))
	}
	chart.Bars = []charts.Bars{bars}
	return chart
}

func rowName(locale *frontend.Locale, line CoverageLine) string {
	if line.Own {
		return locale.Text("coverage.own", nil)
	}
	return unitName(locale, line.Unit)
}

// ProgressOption is ProgressChart as the browser draws it: it comes with the page,
// so that it shows what the table says.
func (p CoveragePage) ProgressOption() (string, error) { return option(p.ProgressChart()) }

// SeatsOption is SeatsChart as JSON.
func (p CoveragePage) SeatsOption() (string, error) { return option(p.SeatsChart()) }

// UnitsOption is UnitsChart as JSON.
func (p CoveragePage) UnitsOption() (string, error) { return option(p.UnitsChart()) }

func option(chart interface{ JSON() ([]byte, error) }) (string, error) {
	body, err := chart.JSON()
	return string(body), err
}
