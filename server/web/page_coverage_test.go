package web

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/training"
)

// rotationTable is Shandong's rotation, in which every city has some people left.
func (s sample) rotationTable() *compliance.RotationTable {
	t := &compliance.RotationTable{Unit: s.province, AsOf: s.view.AsOf}
	t.Obligation, t.PolicyTitle = s.refs()[s.obligation(rules.FormRotation)], s.policy.Title
	t.Period = rules.Period{Name: "2017-2018", Year: 2017, Span: rules.Span{From: calendar.MustParseDate("2017-01-01"), To: calendar.MustParseDate("2018-12-31")}}
	t.Periods = []rules.Period{t.Period, {Name: "2019-2020", Year: 2019}}
	t.Rows = append(t.Rows, compliance.RotationRow{Unit: s.province, Own: true, RotationCount: compliance.RotationCount{Roster: 5, Trained: 4, Units: 1}})
	for i, city := range s.cities {
		count := compliance.RotationCount{Roster: 3 + i*5, Trained: i * 3, Units: 2 + i, Complete: i / 2}
		switch i {
		case 3:
			count = compliance.RotationCount{Units: 1}
		case 4:
			count = compliance.RotationCount{Exempt: 1}
		case 5:
			count.Exempt = 2
		}
		t.Rows = append(t.Rows, compliance.RotationRow{Unit: city, HasChildren: i%2 == 0, RotationCount: count})
	}
	for _, row := range t.Rows {
		t.Total.Roster, t.Total.Trained, t.Total.Units = t.Total.Roster+row.Roster, t.Total.Trained+row.Trained, t.Total.Units+row.Units
		t.Total.Complete, t.Total.Exempt = t.Total.Complete+row.Complete, t.Total.Exempt+row.Exempt
	}
	return t
}

func (s sample) progress(t *compliance.RotationTable) *training.RotationProgress {
	p := &training.RotationProgress{Foreseen: true, RosterAtEnd: t.Total.Roster + 3, Needed: t.Total.Left(), Scheduled: 120}
	for i, end := range []string{"2017-01-31", "2017-02-28", "2017-03-31", "2017-04-30", "2017-05-31", "2017-06-30"} {
		p.Points = append(p.Points, training.ProgressPoint{On: calendar.MustParseDate(end), Roster: t.Total.Roster - 5 + i, Trained: t.Total.Trained * (i + 1) / 6})
	}
	for i := range 18 {
		p.Months = append(p.Months, training.SeatMonth{First: calendar.NewDate(2017, 7, 1) + calendar.Date(i*31), Needed: t.SeatsPerMonth(t.Total), Scheduled: 40 * (i % 3)})
	}
	for i, on := range []string{"2017-06-30", "2017-08-10", "2018-03-01", "2018-12-31"} {
		p.Forecast = append(p.Forecast, training.ProgressPoint{On: calendar.MustParseDate(on), Roster: t.Total.Roster, Trained: t.Total.Trained + min(i, 2)*60})
	}
	return p
}

func (s sample) leftPeople() []training.LeftPerson {
	number := "A-017"
	person := training.LeftPerson{Person: models.Person{ID: 4, Name: "欧阳某某", Number: &number}, Unit: s.cities[1], Post: "政务公开科科长", Since: s.view.AsOf - 90,
		Newcomer: true, PartTime: true, DueOn: calendar.MustParseDate("2018-12-31"), DaysLeft: 549}
	late := person
	late.Person, late.LastTrained, late.Newcomer, late.DaysLeft = models.Person{ID: 9, Name: "王某"}, s.view.AsOf-900, false, -3
	return []training.LeftPerson{person, late}
}

func (s sample) coveragePage(view RotationView) CoveragePage {
	table := s.rotationTable()
	view.Policy = table.Obligation.Policy
	p := CoveragePage{Page: s.page(), View: view, Unit: s.province, Tabs: s.trainingTabs("coverage"), Table: table, Options: []compliance.RotationRef{table.RotationRef}}
	p.fill(table, s.progress(table), 7)
	return p
}

func (s sample) trainingTabs(current string) UnitTabs {
	tabs := UnitTabs{Unit: s.province, Label: "training.tabs"}
	for _, tab := range trainingTabs {
		tabs.Tabs = append(tabs.Tabs, NavItem{Key: "training.tab." + tab.name, URL: unitURL(s.province, tab.path), Current: tab.name == current})
	}
	return tabs
}

// coveragePages are the pages of coverage and statistics in their situations.
func coveragePages(s sample) []samplePage {
	view := RotationView{View: s.view}
	full := s.coveragePage(view)
	full.Filter = rotationAsOf(full.Page, view, full.Table.Period)
	full.Left = s.leftPeople()
	full.Due = []DueLine{{training.DueRotation{RotationRef: full.Table.RotationRef, Left: 12}, 45, full.View.LeftURL(s.province, training.LeftFilter{DueWithin: 90})}}
	full.People = []training.CoveredPerson{{Person: full.Left[0].Person, Since: s.view.AsOf - 90, Newcomer: true}, {Person: full.Left[1].Person, Since: s.view.AsOf - 900, TrainedOn: s.view.AsOf - 9,
		Course: models.Course{Title: "依申请公开实务"}, Session: models.TrainingSession{ID: 3, Place: "省政府会议中心"}}}
	full.MorePeople = true
	past := view
	past.AsOf -= 30
	byClass := s.coveragePage(past)
	byClass.ByClass = true
	byClass.addClasses([]compliance.RotationClass{{Class: "", RotationCount: compliance.RotationCount{Roster: 4, Trained: 1, Units: 2}}, {Class: "A", RotationCount: compliance.RotationCount{Roster: 9, Trained: 1, Units: 3}}})
	pages := []samplePage{
		{"coverage", "coverage", full, []string{".headline.s-overdue", "[data-chart]", "#left", "a[href*='/rotation/left?newcomers=1']", ".coverage-units tbody tr:nth-child(18)", ".coverage-units tr.own a[href='#people']", "#people .state.s-met", ".note.is-returned a", "select[name=period]", ".as-of-range", ".tabs [aria-current]", "a[href='/sessions/3']", "#figure-seats"}},
		{"coverage-class", "coverage", byClass, []string{".note", "input[name=by]", ".coverage-units tbody tr:nth-child(2)", ".chip[aria-current][href*='by=class']"}},
	}
	for _, key := range []string{"coverage.empty_policy", "coverage.empty_not_begun", "coverage.empty_duties", "coverage.empty_roster"} {
		empty := CoveragePage{Page: s.page(), View: view, Unit: s.province, Tabs: s.trainingTabs("coverage"), Empty: key, MayActivate: true, MayKeepRoster: true, Table: s.rotationTable()}
		if key == "coverage.empty_policy" {
			empty.Table = nil
		}
		pages = append(pages, samplePage{strings.ReplaceAll(key, ".", "-"), "coverage", empty, []string{".empty-panel .btn-primary", ".tabs"}})
	}
	table := s.rotationTable()
	list := newLeftPage(s.page(), full.View, table, training.LeftFilter{Newcomers: true, Text: "王"}, "x", &training.LeftPage{Items: s.leftPeople(), Total: 2, Next: "y"})
	list.Classes, list.Tabs = []string{"A", "B"}, s.trainingTabs("coverage")
	nobody := newLeftPage(s.page(), RotationView{View: past.View}, table, training.LeftFilter{Own: true}, "", &training.LeftPage{})
	home := TrainingPage{Page: s.page(), Units: []TrainingUnit{{RotationCount: table.Total, Unit: s.province, Title: table.Obligation.Title, URL: "/units/370000/rotation"}, {Unit: s.cities[0], Title: table.Obligation.Title, URL: "/units/370100/rotation"}, {Unit: s.cities[1], URL: "/units/370200/rotation"}}}
	return append(pages,
		samplePage{"left", "left", list, []string{".coverage-people tbody tr:nth-child(2)", ".mark", ".is-over", "a[rel=next][href*='cursor=y']", "a[rel=first]", "a[href*='left.csv']", "input[type=hidden][name=newcomers]", "input[name=q][value='王']", "option[value=B]"}},
		samplePage{"left-nobody", "left", nobody, []string{".empty", ".note"}},
		samplePage{"training", "training", home, []string{".unit-card a[href='/units/370000/rotation']", ".unit-card .bar"}},
		samplePage{"statistics", "statistics", s.statisticsPage(), []string{"#figure-courses", "#figure-sessions", "[data-chart]", ".statistics-figures dd .sub", "a[href='/courses/1']", "#units", "tfoot"}},
		samplePage{"statistics-empty", "statistics", newStatisticsPage(s.page(), s.view, s.trainingTabs("statistics"), &training.Statistics{Unit: s.province, Year: 2017, AsOf: s.view.AsOf, Until: s.view.AsOf}), []string{".empty"}})
}

func (s sample) statisticsPage() StatisticsPage {
	count := training.AttendanceCount{Attendances: 340, Minutes: 340 * 95, Tested: 120, Passed: 113}
	found := &training.Statistics{Unit: s.province, Year: 2017, AsOf: s.view.AsOf, Until: s.view.AsOf, Sessions: 9, AttendanceCount: count, Persons: 280, Trained: 271,
		Kinds:     []training.KindSessions{{Kind: models.ClassSession, Sessions: 6}, {Kind: models.WorkshopSession, Sessions: 2}, {Kind: models.OnlineSession, Sessions: 1}},
		Months:    []training.MonthTraining{{Month: 1, Sessions: 9, AttendanceCount: count}, {Month: 2}},
		Courses:   []training.CourseTraining{{Course: models.Course{ID: 1, Title: "政务公开条例解读"}, Sessions: 9, AttendanceCount: count}, {Course: models.Course{ID: 2, Title: "政策解读写作"}}},
		Units:     []training.UnitTraining{{Unit: s.province, Own: true, Persons: 4, AttendanceCount: count}, {Unit: s.cities[0], Persons: 276, AttendanceCount: count}},
		Rotations: []*compliance.RotationTable{s.rotationTable()}}
	p := newStatisticsPage(s.page(), s.view, s.trainingTabs("statistics"), found)
	p.Filter = yearAsOf(p.Page, p.View, []int{2017, 2016})
	return p
}

func TestTheWorstUnitsComeFirst(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	rows := s.coveragePage(RotationView{View: s.view}).Rows
	if !rows[0].Own || rows[1].Trained != 0 || rows[1].Roster == 0 {
		t.Errorf("first rows: %+v, %+v", rows[0], rows[1])
	}
	for i := 2; i < len(rows); i++ {
		a, b := rows[i-1], rows[i]
		if a.Roster == 0 && b.Roster > 0 || b.Roster > 0 && a.Trained*b.Roster > b.Trained*a.Roster {
			t.Errorf("%+v before %+v", a, b)
		}
	}
}

func TestBarsHaveTheColoursOfTheStyleSheet(t *testing.T) {
	style, err := os.ReadFile("../../frontend/assets/css/coverage.css")
	if err != nil {
		t.Fatal(err)
	}
	inStyle := map[string]string{}
	for _, match := range regexp.MustCompile(`\.swatch\.b-([a-z-]+) rect \{ fill: (var\(--[a-z-]+\))`).FindAllStringSubmatch(string(style), -1) {
		inStyle[match[1]] = match[2]
	}
	drawn := map[string]string{"needed-seats": charts.BarColors[charts.NeededBar], "scheduled-seats": charts.BarColors[charts.ScheduledBar]}
	if diff := cmp.Diff(inStyle, drawn); diff != "" {
		t.Errorf("style sheet (-) and charts (+) differ:\n%s", diff)
	}
}
