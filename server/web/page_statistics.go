package web

import (
	"sundial/models"
	"sundial/server/figure"
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
	// Courses and Months are the charts.
	Courses, Months FigureView
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
		{"statistics.hours", "statistics.how.hours", s.Hours()},
		{"statistics.pass_rate", "statistics.how.pass_rate", rate(s.Passed, s.Tested)},
	}
	p.Courses, p.Months = newFigureView(page.Locale, view, figure.OfCourses(s)), newFigureView(page.Locale, view, figure.OfSessions(s))
	for _, unit := range s.Units {
		line := StatisticsUnit{UnitTraining: unit}
		if !unit.Own {
			line.URL = statisticsURL(view, unit.Unit)
		}
		p.Units = append(p.Units, line)
	}
	for _, t := range s.Rotations {
		at := RotationView{View{AsOf: s.Until, Today: view.Today, Policy: t.Obligation.Policy, Obligation: t.Obligation.Code}}
		p.Rotations = append(p.Rotations, StatisticsRotation{CoverageLine{RotationCount: t.Total}, page.Locale.In(t.Obligation.Title), at.URL(s.Unit, "rotation")})
	}
	return p
}

// statisticsURL is the same year of another unit.
func statisticsURL(view View, unit models.Unit) string {
	return address(unitURL(unit, "training-statistics"), view.query())
}

// PassRate is the share of those tested who passed.
func (StatisticsPage) PassRate(c training.AttendanceCount) string { return rate(c.Passed, c.Tested) }

// Hours is the time of the attendances.
func (StatisticsPage) Hours(c training.AttendanceCount) string { return c.Hours() }
