package web

import (
	"strconv"

	"sundial/models"
	"sundial/server/charts"
	"sundial/server/training"
)

// StatisticsPage is the training of a year in a unit, for its annual report.
type StatisticsPage struct {
	Page
	View       View
	Unit       models.Unit
	Tabs       UnitTabs
	Filter     AsOfFilter
	Statistics *training.Statistics
	Figures    []StatisticsFigure
	Units      []StatisticsUnit
	Rotations  []StatisticsRotation
}

// StatisticsFigure is a number with how it is counted: both keys are messages.
type StatisticsFigure struct {
	Key, How, Value string
}

// StatisticsUnit is a row of the table of units.
type StatisticsUnit struct {
	training.UnitTraining
	URL string
}

// StatisticsRotation is how far a rotation had come on the year's last day.
type StatisticsRotation struct {
	CoverageLine
	Title string
	URL   string
}

// newStatisticsPage lays out the statistics.
func newStatisticsPage(page Page, view View, tabs UnitTabs, s *training.Statistics) StatisticsPage {
	p := StatisticsPage{Page: page, View: view, Unit: s.Unit, Tabs: tabs, Statistics: s}
	p.Figures = []StatisticsFigure{
		{"statistics.sessions", "statistics.how.sessions", text(s.Sessions)},
		{"statistics.attendances", "statistics.how.attendances", text(s.Attendances)},
		{"statistics.persons", "statistics.how.persons", text(s.Persons)},
		{"statistics.trained", "statistics.how.trained", text(s.Trained)},
		{"statistics.hours", "statistics.how.hours", Hours(s.Minutes)},
		{"statistics.pass_rate", "statistics.how.pass_rate", rate(s.Passed, s.Tested)},
	}
	for _, unit := range s.Units {
		line := StatisticsUnit{UnitTraining: unit}
		if !unit.Own {
			line.URL = statisticsURL(view, unit.Unit)
		}
		p.Units = append(p.Units, line)
	}
	for _, t := range s.Rotations {
		at := RotationView{View: View{AsOf: s.Until, Today: view.Today, Policy: t.Obligation.Policy}, Obligation: t.Obligation.Code}
		p.Rotations = append(p.Rotations, StatisticsRotation{CoverageLine{RotationCount: t.Total}, page.Locale.In(t.Obligation.Title), at.URL(s.Unit, "rotation")})
	}
	return p
}

// statisticsURL is the same year of another unit.
func statisticsURL(view View, unit models.Unit) string {
	return address(unitURL(unit, "training-statistics"), view.query())
}

// Hours writes minutes as hours with at most one decimal, cut off.
func Hours(minutes int) string {
	tenths := minutes / 6
	if tenths%10 == 0 {
		return strconv.Itoa(tenths / 10)
	}
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10)
}

// PassRate is the share of those tested who passed.
func (StatisticsPage) PassRate(c training.AttendanceCount) string { return rate(c.Passed, c.Tested) }

// Hours is the time of the attendances.
func (StatisticsPage) Hours(c training.AttendanceCount) string { return Hours(c.Minutes) }

// maxCourses is how many courses the chart shows, those with most hours.
const maxCourses = 12

// CoursesChart is the hours by course.
func (p StatisticsPage) CoursesChart() charts.CountChart {
	locale, s := p.Locale, p.Statistics
	chart := charts.CountChart{Unit: locale.Text("statistics.hours_unit", nil), Lying: true, Description: locale.Text("statistics.chart_description", models.Args(
		"Unit", unitName(locale, p.Unit), "Year", s.Year, "Hours", Hours(s.Minutes), "Count", len(s.Courses)))}
	bars := charts.Bars{Kind: charts.HoursBar, Name: locale.Text("statistics.hours", nil)}
	for _, course := range s.Courses[:min(len(s.Courses), maxCourses)] {
		chart.Labels = append(chart.Labels, course.Course.Title)
		bars.Values = append(bars.Values, float64(course.Minutes/6)/10)
	}
	chart.Bars = []charts.Bars{bars}
	return chart
}

// CoursesOption is CoursesChart as JSON.
func (p StatisticsPage) CoursesOption() (string, error) { return option(p.CoursesChart()) }
