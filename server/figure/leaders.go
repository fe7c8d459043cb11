package figure

import (
	"context"
	"strings"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// leaders is on which days leaders heard briefings and deputies were appointed.
func (d *Desk) leaders(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	deeds, err := d.Ledger.Deeds(ctx, compliance.BoardQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf, Policy: q.Policy})
	if err != nil {
		return nil, err
	}
	if deeds.Count > compliance.MaxListed {
		return tooMany(q, deeds.Count), nil
	}
	if len(deeds.Rows) == 0 {
		return &Figure{Finding: rules.Reason{Key: "figures1.leaders.none"},
			Empty: &Empty{Reason: rules.Reason{Key: "figures1.leaders.empty", Args: models.Args("Unit", organizationName(q.Unit), "Year", q.Year, "Count", deeds.Count)}}}, nil
	}
	f := &Figure{Finding: leadersFinding(deeds), Measure: rules.Reason{Key: "figures1.leaders.measure"}, Source: rules.Reason{Key: "figures1.leaders.source"},
		Columns: []Column{{Key: "figures1.month"}, {Key: "figures1.day"}, {Key: "board.unit"}, {Key: "figures1.leaders.what"}, {Key: "figures1.state"}}}
	for _, deed := range deeds.Rows {
		standing := "figures1.leaders.waits"
		if deed.Verified {
			standing = "figures1.leaders.accepted"
		}
		f.Rows = append(f.Rows, Row{{Of: deed.On.String()[:len("2006-01")]}, {Of: deed.On}, {deed.Unit, &Behind{Unit: deed.Unit.Code, Page: "unit"}},
			{rules.Reason{Key: "figures1.leaders.kind." + string(deed.Kind)}, &Behind{Duty: deed.Duty}}, {Of: rules.Reason{Key: standing}}})
	}
	f.draw = func(l *frontend.Locale, description string) Chart {
		return leadersChart(l, description, q.Year, deeds.Rows)
	}
	return f, nil
}

// leadersFinding says how many units have heard a briefing, and in which month most.
func leadersFinding(deeds *compliance.Deeds) rules.Reason {
	heard, months := map[uint64]bool{}, [time.December + 1]int{}
	most := time.January
	for _, deed := range deeds.Rows {
		if deed.Kind != rules.KindCount {
			continue
		}
		heard[deed.Duty] = true
		month := deed.On.Month()
		if months[month]++; months[month] > months[most] {
			most = month
		}
	}
	if len(heard) == 0 {
		return rules.Reason{Key: "figures1.leaders.appointed", Args: models.Args("Count", len(deeds.Rows))}
	}
	return rules.Reason{Key: "figures1.leaders.finding", Args: models.Args("Heard", len(heard), "Briefings", deeds.Briefings, "Month", rules.Text{
		ZH: calendarMonth(most), EN: most.String()}, "Most", months[most])}
}

// calendarMonth is the number of a month, as Chinese writes it.
func calendarMonth(month time.Month) string {
	return calendar.NewDate(2000, month, 1).Time().Format("1")
}

func leadersChart(l *frontend.Locale, description string, year int, rows []compliance.Deed) charts.YearChart {
	first, last := calendarOf(year, rows)
	chart := charts.YearChart{Description: description, First: first.String(), Last: last.String(), Months: strings.Split(l.Text("figures1.months", nil), " "),
		Weekdays: strings.Split(l.Text("figures1.weekdays", nil), " "), Bands: charts.Steps([]float64{2, 5},
			[]string{l.Text("figures1.leaders.band", models.Args("Count", "1")), l.Text("figures1.leaders.band", models.Args("Count", "2–4")), l.Text("figures1.leaders.band", models.Args("Count", "≥ 5"))}, charts.DayColors)}
	for from := 0; from < len(rows); {
		day, briefings, appointments, to := rows[from].On, 0, 0, from
		for ; to < len(rows) && rows[to].On == day; to++ {
			if rows[to].Kind == rules.KindCount {
				briefings++
			} else {
				appointments++
			}
		}
		from = to
		chart.Days = append(chart.Days, charts.YearDay{Day: day.String(), Count: briefings + appointments,
			Words: l.Text("figures1.leaders.tip", models.Args("Day", day, "Briefings", briefings, "Appointments", appointments))})
	}
	return chart
}

// calendarOf is the year, with the months before and after it in which something for it
// was done.
func calendarOf(year int, rows []compliance.Deed) (first, last calendar.Date) {
	first, last = calendar.NewDate(year, time.January, 1), calendar.NewDate(year, time.December, 31)
	if on := rows[0].On; on < first {
		first = calendar.NewDate(on.Year(), on.Month(), 1)
	}
	if on := rows[len(rows)-1].On; on > last {
		last = calendar.NewDate(on.Year(), on.Month()+1, 0)
	}
	return first, last
}
