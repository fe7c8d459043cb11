package web

import (
	"sundial/frontend"
	"sundial/models"
	"sundial/server/charts"
)

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

// SeatsOption is SeatsChart as JSON.
func (p CoveragePage) SeatsOption() (string, error) { return option(p.SeatsChart()) }

// UnitsOption is UnitsChart as JSON.
func (p CoveragePage) UnitsOption() (string, error) { return option(p.UnitsChart()) }

func option(chart interface{ JSON() ([]byte, error) }) (string, error) {
	body, err := chart.JSON()
	return string(body), err
}
