package web

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// boardBefore is the board of a month ago: a third less was done.
func (s sample) boardBefore() *compliance.Board {
	b := s.board()
	b.AsOf = monthBefore(b.AsOf)
	undo := func(cells []compliance.Cell) {
		for i := range cells {
			cells[i].Pending += cells[i].Met / 3
			cells[i].Met -= cells[i].Met / 3
		}
	}
	undo(b.Totals)
	for i, row := range b.Rows {
		if i%3 != 0 {
			undo(row.Cells)
		}
	}
	return b
}

// fullBoard is the board of the province with all that it can have.
func (s sample) fullBoard() BoardPage {
	now := s.board()
	board := newBoardPage(s.page(unitCrumbs(s.locale, s.view, nil, unitName(s.locale, s.province))...), s.view, now)
	board.Filter = yearAsOf(board.Page, s.view, []int{2018, 2017})
	board.Filter.mark([]calendar.Date{calendar.MustParseDate("2017-03-31"), calendar.MustParseDate("2017-06-16"), calendar.MustParseDate("2017-12-31")})
	board.Policies = []PolicyOption{{s.policy.ID, s.policy.Title}}
	board.Tabs = UnitTabs{Unit: s.province, Label: "homes.tabs", Tabs: []NavItem{{Key: "homes.tab.board", URL: s.view.BoardURL("370000"), Current: true},
		{Key: "homes.tab.charts", URL: "/units/370000/charts"}, {Key: "homes.tab.own", URL: s.view.UnitURL("370000")}, {Key: "homes.tab.standing", URL: s.view.StandingURL(s.cities[0])}}}
	board.compare(s.boardBefore(), now)
	board.addDueAhead([]compliance.DueCount{{Obligation: s.refs()[1], DueOn: s.view.AsOf, Count: 1}, {Obligation: s.refs()[0], DueOn: s.view.AsOf + 5, Count: 13, Left: 3}})
	board.mayUrge(s.province)
	return board
}

// standing is Qingdao among the cities; the reader knows the names of some.
func (s sample) standing() StandingPage {
	unit := s.cities[1]
	unit.ParentID = &s.province.ID
	p := StandingPage{Page: s.page(unitCrumbs(s.locale, s.view, []models.Unit{s.province, unit}, "概览")...), View: s.view, Unit: unit}
	p.Filter = yearAsOf(p.Page, s.view, []int{2017})
	p.Tabs = UnitTabs{Unit: unit, Label: "homes.tabs", Tabs: []NavItem{{Key: "homes.tab.standing", URL: s.view.StandingURL(unit), Current: true}}}
	p.fill(s.board(), func(peer models.Unit) bool { return peer.ID%2 == 1 })
	return p
}

func homePages(s sample) []samplePage {
	board := s.fullBoard()
	queue := &compliance.QueuePage{Total: 9}
	for i, duty := range s.duties()[:2] {
		item := compliance.QueueItem{DutyView: duty, Old: i == 0}
		item.Report.FiledOn = s.view.Today - calendar.Date(12-8*i)
		queue.Items = append(queue.Items, item)
	}
	board.addQueue(queue, s.calendar)
	board.sortRows(sortByOverdue)
	past := s.view
	past.AsOf -= 30
	general := newBoardPage(s.page(), past, s.board())
	general.Filter = yearAsOf(general.Page, past, []int{2017})
	general.addWaiting()
	general.sortRows("")
	standing, unknown := s.standing(), s.standing()
	standing.Overdue = dutyLines(s.view, s.duties()[:2])
	standing.UrgesURL = "/units/370200/urges"
	standing.Urges = []StandingUrge{{supervision.UrgeLine{Urge: models.Urge{ID: 4, Level: models.UrgeRed, ReplyBy: s.view.Today}, Office: s.province, Items: []supervision.UrgeThing{{Title: s.policy.Obligations[0].Title}}}, "/urges/4"}}
	standing.Bulletin = &StandingBulletin{models.Bulletin{Title: "关于上半年政务公开工作情况的通报", Number: "〔2017〕3号", PublishedOn: s.view.Today}, "/bulletins/3"}
	standing.Score = &StandingScore{Round: models.Round{Title: "2016年度考核"}, URL: "/rounds/1/results", Final: 9125, Rank: 3, Of: 17, Best: 9600}
	unknown.Unit.ID, unknown.Places, unknown.Sum = 999, nil, CellView{}
	empty := newBoardPage(s.page(), past, &compliance.Board{Unit: s.province, Year: 2017})
	empty.MayActivate = true
	empty.Filter = yearAsOf(empty.Page, past, []int{2017})
	return []samplePage{
		{"home", "home", HomePage{Page: s.page(), Units: []HomeUnit{newHomeUnit(s.view, s.province, "/units/370000/board", board.Sum.Cell, map[models.UrgeLevel]int{models.UrgeRed: 2, models.UrgeBlue: 3}), newHomeUnit(s.view, s.cities[2], "/units/370300", compliance.Cell{}, nil)}},
			[]string{".unit-card a[href='/units/370000/board']", ".unit-card a[href='/units/370000/urges']", ".unit-card .unit-card-counts a[href*='state=overdue']", ".unit-card:nth-child(2) .none"}},
		{"board", "board", board, []string{".matrix tbody tr:nth-child(18)", ".matrix tr.own", ".matrix tfoot .cell", ".headline.s-overdue .headline-value", ".state-legend .s-unscheduled", ".demo-banner", "select[name=year] option[selected]",
			"form#urge[action='/units/370000/urges/new']", "tbody input[form=urge][name=unit]", "tr.own:not(:has(input))",
			".headlines.is-row > li:nth-child(5) .moved", ".headline .moved.is-good", ".board-line[href*='due=2017-07-05'][href*='due_soon=1']", "#as-of-view .board-much.is-old", "section[aria-labelledby=waiting] .panel-head a[href*='state=reported']",
			".board-lists section:nth-child(3) .board-line:nth-child(1) .moved", ".sorts a[aria-current][href*='sort=overdue']", ".tabs a[aria-current][href^='/units/370000/board']", "#page-finding", ".as-of [role=status]",
			".as-of-range[min='0'][max='180'][value='180']", ".as-of-due", ".as-of[hx-push-url]", "td.is-overdue .cell .s-overdue"}},
		{"board-past", "board", general, []string{".as-of.is-past", ".as-of-today[href='/units/370000/board?year=2017']", ".board-lists section:nth-child(2) .board-line[href*='state=reported']", ".sorts a:nth-of-type(3)"}},
		{"standing", "standing", standing, []string{".strip[role=img][aria-label]", ".placing:nth-child(2) .strip-own title", ".strip-dot:nth-of-type(1) title", ".strip-dot:not(:has(title))", ".placing-place", ".standing-table tbody tr:nth-child(8) .bar",
			"a[href='/urges/4'] .urge-level", "a[href='/bulletins/3']", "a[href='/rounds/1/results']", ".board-much.is-old", ".tabs a[aria-current]"}},
		{"standing-empty", "standing", unknown, []string{".empty-panel"}},
		{"board-empty", "board", empty, []string{".empty", "a[href='/policies']", ".as-of.is-past"}},
	}
}

func TestMonthBefore(t *testing.T) {
	for day, want := range map[string]string{"2017-06-30": "2017-05-30", "2017-03-31": "2017-02-28", "2016-03-30": "2016-02-29", "2017-01-15": "2016-12-15", "2017-07-31": "2017-06-30"} {
		if got := monthBefore(calendar.MustParseDate(day)).String(); got != want {
			t.Errorf("before %s: %s, want %s", day, got, want)
		}
	}
}

func TestBoardsAreComparedWithinTheirYearOnly(t *testing.T) {
	for day, want := range map[string]bool{"2017-01-31": false, "2017-02-01": true, "2017-12-31": true, "2018-06-30": true} {
		if _, got := comparable(View{Year: 2017, AsOf: calendar.MustParseDate(day)}); got != want {
			t.Errorf("on %s compared is %v, want %v", day, got, want)
		}
	}
}

func TestChangesSayByHowMuch(t *testing.T) {
	rateOf := func(part, whole int) *bulletin.Rate { return bulletin.RateOf(part, whole) }
	reason := func(key string, args ...any) rules.Reason { return rules.Reason{Key: key, Args: models.Args(args...)} }
	for name, test := range map[string]struct{ got, want *Change }{
		"rate up":   {rateChange(rateOf(1, 2), rateOf(2, 3)), &Change{1, reason("homes.points_up", "Points", "16.67"), 1}},
		"rate down": {rateChange(rateOf(1, 1), rateOf(9, 10)), &Change{-1, reason("homes.points_down", "Points", "10"), -1}},
		"rate same": {rateChange(rateOf(1, 2), rateOf(2, 4)), &Change{0, rules.Reason{Key: "homes.same"}, 0}},
		"no rate":   {rateChange(nil, rateOf(2, 4)), nil},
		"more late": {countChange(2, 5, -1), &Change{1, reason("homes.more", "Count", 3), -1}},
		"less late": {countChange(5, 2, -1), &Change{-1, reason("homes.fewer", "Count", 3), 1}},
		"more":      {countChange(2, 5, 0), &Change{1, reason("homes.more", "Count", 3), 0}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestAnEmptyBoardIsNotComparedWith(t *testing.T) {
	s := newSample(t, nil)
	now := s.board()
	p := BoardPage{View: s.view, Unit: s.province, Sum: CellView{compliance.Sum(now.Totals), ""}, Headlines: []Headline{{Key: "state.overdue"}}}
	p.compare(&compliance.Board{Unit: s.province, Year: 2017, AsOf: monthBefore(s.view.AsOf)}, now)
	if p.Headlines[0].Change != nil || !p.ComparedTo.IsZero() || p.Movers != nil {
		t.Errorf("compared with nothing: %+v", p.Headlines[0].Change)
	}
}

func TestRowsAreSorted(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("zh-CN"))
	for order, worse := range map[string]func(a, b BoardRowView) bool{
		sortByOverdue:    func(a, b BoardRowView) bool { return a.Sum.Overdue >= b.Sum.Overdue },
		sortByCompletion: func(a, b BoardRowView) bool { return a.completion() <= b.completion() },
		sortByChange:     func(a, b BoardRowView) bool { return abs(a.moved) >= abs(b.moved) },
	} {
		board := s.fullBoard()
		board.sortRows(order)
		if !board.Rows[0].Own || board.Sort != order {
			t.Errorf("%s: the first row is %s", order, board.Rows[0].Unit.Name)
		}
		for i := 2; i < len(board.Rows); i++ {
			if !worse(board.Rows[i-1], board.Rows[i]) {
				t.Errorf("%s: %s stands before %s", order, board.Rows[i-1].Unit.Name, board.Rows[i].Unit.Name)
			}
		}
	}
	unknown := s.fullBoard()
	if unknown.sortRows("nonsense"); unknown.Sort != "" || unknown.Rows[1].Unit.ID != s.cities[0].ID {
		t.Errorf("an unknown order is %q", unknown.Sort)
	}
}

func TestTheSliderEndsToday(t *testing.T) {
	day := calendar.MustParseDate
	for name, test := range map[string]struct {
		year            int
		asOf, today     string
		steps, position int
	}{
		"this year":           {2017, "2017-06-30", "2017-06-30", 180, 180},
		"a day of this year":  {2017, "2017-01-11", "2017-06-30", 180, 10},
		"last year, today":    {2016, "2017-06-30", "2017-06-30", 366, 366},
		"last year, its end":  {2016, "2016-12-31", "2017-06-30", 366, 365},
		"before the year":     {2017, "2016-12-31", "2017-06-30", 180, 0},
		"a year yet to begin": {2018, "2017-06-30", "2017-06-30", -185, 0},
	} {
		f := yearAsOf(Page{}, View{Year: test.year, AsOf: day(test.asOf), Today: day(test.today)}, nil)
		if f.Steps() != test.steps || f.Slides() && f.Position() != test.position {
			t.Errorf("%s: %d of %d, want %d of %d", name, f.Position(), f.Steps(), test.position, test.steps)
		}
		if f.Slides() != (test.steps > 0) {
			t.Errorf("%s: slides is %v", name, f.Slides())
		}
	}
}

// Between a whole rate and one that is not the middle is not whole.
func TestTheMiddleOfRatesIsWholeOnlyOfWholeOnes(t *testing.T) {
	for _, c := range []struct {
		rates []bulletin.Rate
		want  bulletin.Rate
	}{{[]bulletin.Rate{99_99, 100_00}, 99_99}, {[]bulletin.Rate{100_00, 100_00}, 100_00}, {[]bulletin.Rate{50_00, 75_01}, 62_51}, {[]bulletin.Rate{33_33}, 33_33}} {
		if got := medianOf(c.rates); got != c.want {
			t.Errorf("the middle of %v is %s, want %s", c.rates, got, c.want)
		}
	}
}

// The place of a unit is that of its rate among all of its class, whatever the reader may
// know of the others.
func TestStandingAmongTheClass(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("zh-CN"))
	done := func(unit models.Unit, class string, met, owed int) compliance.BoardRow {
		unit.Class = class
		return compliance.BoardRow{Unit: unit, Cells: []compliance.Cell{{Obligation: "a", Met: met, Pending: owed - met}}}
	}
	c := s.cities
	board := &compliance.Board{Unit: s.province, Year: 2017, AsOf: s.view.AsOf, Obligations: s.refs()[:1], Rows: []compliance.BoardRow{
		{Unit: s.province, Own: true, Cells: []compliance.Cell{{Obligation: "a", Met: 1}}},
		done(c[0], "A", 4, 4), done(c[1], "A", 2, 4), done(c[2], "A", 3, 4), done(c[3], "A", 2, 4), done(c[4], "B", 4, 4), done(c[5], "A", 0, 0)}}
	p := StandingPage{Page: s.page(), View: s.view, Unit: c[1]}
	p.fill(board, func(unit models.Unit) bool { return unit.ID == c[0].ID })
	if len(p.Places) != 2 {
		t.Fatalf("%d places", len(p.Places))
	}
	got := p.Places[0]
	names := []string{}
	for _, dot := range got.Dots {
		names = append(names, dot.Name)
	}
	if diff := cmp.Diff([]any{3, 4, "50%", "62.50%", "100%", "A", 4, []string{"", "", c[0].Name}}, []any{got.Place, got.Of, got.Value, got.Median, got.Best, p.Class, p.Peers, names}); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if line := p.Obligations[0]; line.Done != 1 || line.Owing != 4 {
		t.Errorf("%d of %d are done", line.Done, line.Owing)
	}
	// Whoever knows in which order the board has the units learns nothing by that of the dots.
	other := StandingPage{Page: s.page(), View: s.view, Unit: c[1]}
	slices.Reverse(board.Rows)
	if other.fill(board, func(unit models.Unit) bool { return unit.ID == c[0].ID }); !cmp.Equal(p.Places, other.Places) {
		t.Errorf("with the units in another order:\n%s", cmp.Diff(p.Places, other.Places))
	}
	elsewhere := StandingPage{Page: s.page(), View: s.view, Unit: models.Unit{ID: 999}}
	if elsewhere.fill(board, nil); elsewhere.Places != nil {
		t.Error("a unit that is not on the board has a place")
	}
}
