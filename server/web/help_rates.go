package web

import (
	"time"

	"github.com/shopspring/decimal"

	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// HelpRates are the rates of twelve duties, one of each state at least.
type HelpRates struct {
	CellView
	Lines []HelpRateLine
	// Bounds are rates that rounding would make all or nothing.
	Bounds []HelpBound
}

// HelpRateLine is a state with how many of the duties have it, and where these count.
type HelpRateLine struct {
	StateCount
	Owed, Done, InTime int
}

// HelpBound is a rate near 0 or 100 %.
type HelpBound struct {
	Part, Whole int
	Rate        string
}

func newHelpRates() HelpRates {
	cells := []compliance.Cell{{Overdue: 2}, {Pending: 2}, {Reported: 1}, {Late: 1}, {Met: 4}, {Exempt: 1}, {Unscheduled: 1}}
	r := HelpRates{CellView: CellView{Cell: compliance.Sum(cells)}}
	for _, cell := range cells {
		only := CellView{Cell: cell}.Counts()[0]
		r.Lines = append(r.Lines, HelpRateLine{only, cell.Owed(), cell.Done(), cell.Met})
	}
	for _, b := range []HelpBound{{Part: 29999, Whole: 30000}, {Part: 1, Whole: 30000}} {
		b.Rate = rate(b.Part, b.Whole)
		r.Bounds = append(r.Bounds, b)
	}
	return r
}

// HelpWeight is a performance scheme with its share by both ways of counting.
type HelpWeight struct {
	rules.Share
	Required          string
	Strict, Inclusive WeightLine
}

// weights are schemes at the limit, just below it, and below it but for related items.
func (h helpTrial) weights() []HelpWeight {
	obligation, _ := h.policy.Find("sd2017.weight")
	rule := obligation.Weight
	var list []HelpWeight
	for _, points := range [][2]string{{"40", "0"}, {"39.99", "0"}, {"39.99", "20"}} {
		share := rules.Share{Core: decimal.RequireFromString(points[0]), Related: decimal.RequireFromString(points[1]), Total: decimal.NewFromInt(1000)}
		line := func(related bool) WeightLine {
			return WeightLine{Points: share.Points(related).String(), Total: share.Total.String(), Percent: share.Percentage(related),
				Holds: rule.Holds(share, nil, related), Counts: rule.Related == related}
		}
		list = append(list, HelpWeight{share, rule.Required(nil), line(false), line(true)})
	}
	return list
}

// HelpRotation is a rotation with those on its roster.
type HelpRotation struct {
	rules.Coverage
	AsOf   calendar.Date
	People []HelpPerson
	// Seats are how many a month are needed to finish in time.
	Seats int
}

// HelpPerson is somebody of the rotation: Key says what happened, OnRoster and Trained how
// it counts.
type HelpPerson struct {
	Key               string
	OnRoster, Trained bool
}

// rotation covers six people as of the middle of the second year.
func (h helpTrial) rotation() HelpRotation {
	day := func(year int, month time.Month, day int) calendar.Date { return calendar.NewDate(year, month, day) }
	failed, entered := false, day(2016, time.January, 1)
	cases := []struct {
		key      string
		from, to calendar.Date
		attended rules.Attendance
	}{
		{"trained", entered, 0, rules.Attendance{On: day(2017, time.September, 12), Present: true}},
		{"elsewhere", day(2018, time.March, 1), 0, rules.Attendance{On: day(2017, time.September, 12), Present: true}},
		{"failed", entered, 0, rules.Attendance{On: day(2018, time.April, 10), Present: true, Passed: &failed}},
		{"before", entered, 0, rules.Attendance{On: day(2016, time.October, 20), Present: true}},
		{"newcomer", day(2018, time.May, 2), 0, rules.Attendance{}},
		{"left", entered, day(2018, time.March, 31), rules.Attendance{On: day(2017, time.September, 12), Present: true}},
	}
	obligation, _ := h.policy.Find("sd2017.rotation")
	r := HelpRotation{AsOf: day(2018, time.June, 30)}
	window := obligation.Rotation.Window(r.AsOf)
	var staff []rules.StaffMember
	var attendances []rules.Attendance
	for _, c := range cases {
		member := rules.StaffMember{ID: c.key, From: c.from, To: c.to}
		c.attended.Staff = c.key
		alone := rules.Cover([]rules.StaffMember{member}, []rules.Attendance{c.attended}, window, r.AsOf)
		r.People = append(r.People, HelpPerson{"help.person." + c.key, alone.Roster == 1, alone.Trained == 1})
		staff, attendances = append(staff, member), append(attendances, c.attended)
	}
	r.Coverage = rules.Cover(staff, attendances, window, r.AsOf)
	r.Seats = rules.SeatsPerMonth(len(r.Left), r.AsOf, window)
	return r
}
