package figure

import (
	"context"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// trendMonth is how many days back the finding of a trend looks.
const trendMonth = 30

// trend is completion, what was in time and what was overdue, through the year.
func (d *Desk) trend(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	trend, err := d.Ledger.Trend(ctx, compliance.BoardQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf, Policy: q.Policy})
	if err != nil {
		return nil, err
	}
	if n := len(trend.Points); n == 0 || trend.Points[n-1].Cell.Owed() == 0 {
		return noDuties(q), nil
	}
	f := &Figure{Finding: trendFinding(trend.Points, q.AsOf), Measure: rules.Reason{Key: "figures1.trend.measure"}, Source: rules.Reason{Key: "figures1.trend.source"},
		Columns: []Column{{Key: "figures1.day"}, {Key: "board.completion"}, {Key: "board.in_time"}, {Key: "state.overdue"}, {Key: "figures1.owed"}}}
	for _, point := range trend.Points {
		f.Rows = append(f.Rows, Row{{Of: point.Day}, {Of: bulletin.RateOf(point.Cell.Done(), point.Cell.Owed())},
			{Of: bulletin.RateOf(point.Cell.Met, point.Cell.Owed())}, {Of: point.Cell.Overdue}, {Of: point.Cell.Owed()}})
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return trendChart(l, description, trend) }
	return f, nil
}

// trendFinding says how far the completion moved in the month before the last day; where
// nothing has changed for longer, how it stands since; and where nothing was owed a month
// before, how it stands.
func trendFinding(points []compliance.TrendPoint, asOf calendar.Date) rules.Reason {
	last := points[len(points)-1]
	var before compliance.TrendPoint
	for _, point := range points {
		if point.Day <= last.Day-trendMonth {
			before = point
		}
	}
	now, then := bulletin.RateOf(last.Cell.Done(), last.Cell.Owed()), bulletin.RateOf(before.Cell.Done(), before.Cell.Owed())
	args := models.Args("Rate", now, "Overdue", last.Cell.Overdue, "Day", last.Day)
	switch {
	case last.Day < asOf-trendMonth:
		return rules.Reason{Key: "figures1.trend.settled", Args: args}
	case then == nil:
		return rules.Reason{Key: "figures1.trend.began", Args: args}
	}
	moved := *now - *then
	switch {
	case moved > 0:
		args["Points"] = moved.String()
		return rules.Reason{Key: "figures1.trend.rose", Args: args}
	case moved < 0:
		args["Points"] = (-moved).String()
		return rules.Reason{Key: "figures1.trend.fell", Args: args}
	default:
		return rules.Reason{Key: "figures1.trend.same", Args: args}
	}
}

func trendChart(l *frontend.Locale, description string, trend *compliance.Trend) charts.TrendChart {
	chart := charts.TrendChart{Description: description, Percent: "%",
		Completion: charts.TrendLine{Name: l.Text("figures1.trend.completion", nil)}, InTime: charts.TrendLine{Name: l.Text("figures1.trend.in_time", nil)},
		Overdue: charts.TrendLine{Name: l.Text("figures1.trend.overdue", nil)}}
	for _, point := range trend.Points {
		add := func(line *charts.TrendLine, value *float64) {
			line.Points = append(line.Points, charts.DayValue{Day: point.Day.String(), Value: value})
		}
		overdue := float64(point.Cell.Overdue)
		add(&chart.Completion, percent(point.Cell.Done(), point.Cell.Owed()))
		add(&chart.InTime, percent(point.Cell.Met, point.Cell.Owed()))
		add(&chart.Overdue, &overdue)
	}
	first, last := trend.Points[0].Day, trend.Points[len(trend.Points)-1].Day
	chart.Until = (last + (last-first)/trendRest).String()
	for _, due := range trend.Due {
		if due.Day < first || due.Day > last {
			continue
		}
		mark := charts.Mark{At: due.Day.String()}
		if !overshadowed(due, trend.Due, (last-first)/markRoom) {
			mark.Name = l.Text("figures1.trend.due", models.Args("Day", dueName(due.Day, first.Year()), "Count", due.Count))
		}
		chart.Marks = append(chart.Marks, mark)
	}
	return chart
}

const (
	// markRoom is for how many names beside each other a chart is wide enough.
	markRoom = 5
	// trendRest is the part of the axis that is left after the last day, so that its step
	// is seen.
	trendRest = 30
)

// overshadowed tells whether more falls due on a day so near that both names would not
// be legible.
func overshadowed(due compliance.DueDay, all []compliance.DueDay, near calendar.Date) bool {
	return slices.ContainsFunc(all, func(other compliance.DueDay) bool {
		apart := max(other.Day-due.Day, due.Day-other.Day)
		return apart > 0 && apart < near && (other.Count > due.Count || other.Count == due.Count && other.Day < due.Day)
	})
}

// dueName writes a day: 06-16 when it is of the year, else 2018-06-16.
func dueName(day calendar.Date, year int) string {
	if day.Year() == year {
		return day.String()[len("2006-"):]
	}
	return day.String()
}
