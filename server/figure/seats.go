package figure

import (
	"context"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/training"
)

// seats are those that a rotation needs in each month that remains, and those scheduled.
func (d *Desk) seats(ctx context.Context, actor compliance.Actor, q Query) (*Figure, error) {
	return d.ofRotation(ctx, actor, q, OfSeats)
}

// OfSeats is the figure of the seats of a table that counts somebody; without a month that
// remains it is empty.
func OfSeats(t *compliance.RotationTable, p *training.RotationProgress) *Figure {
	f := &Figure{Kind: Seats, Unit: t.Unit, Year: t.AsOf.Year(), AsOf: t.AsOf, Obligation: t.Obligation.Code, Period: t.Period.Name,
		Finding: rules.Reason{Key: "figure.seats.finding", Args: models.Args("Needed", p.Needed, "Scheduled", p.Scheduled, "To", t.LastDay())}}
	if len(p.Months) == 0 {
		f.Finding = rules.Reason{Key: "figure.seats.none"}
		f.Empty = &Empty{Reason: rules.Reason{Key: "figure.seats.over", Args: models.Args("To", t.LastDay())}}
		return f
	}
	f.Source = rules.Reason{Key: "figure.source.rotation", Args: models.Args("Policy", t.PolicyTitle, "From", t.Period.From, "To", t.LastDay())}
	f.Measure = rules.Reason{Key: "figure.measure.seats"}
	f.Columns = []Column{{Key: "figures1.month"}, {Key: "coverage.seats_needed"}, {Key: "coverage.seats_scheduled"}}
	for _, month := range p.Months {
		f.Rows = append(f.Rows, Row{{Of: monthName(month)}, {Of: month.Needed}, {month.Scheduled, &Behind{Unit: t.Unit.Code, Page: "sessions"}}})
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return seatsChart(l, description, p.Months) }
	return f
}

// monthName writes a month as 2018-07.
func monthName(month training.SeatMonth) string { return month.First.String()[:len("2006-01")] }

func seatsChart(l *frontend.Locale, description string, months []training.SeatMonth) charts.CountChart {
	needed := charts.Bars{Kind: charts.NeededBar, Name: l.Text("coverage.seats_needed", nil)}
	scheduled := charts.Bars{Kind: charts.ScheduledBar, Name: l.Text("coverage.seats_scheduled", nil)}
	chart := charts.CountChart{Unit: l.Text("coverage.seats_unit", nil), Description: description}
	for _, month := range months {
		chart.Labels = append(chart.Labels, monthName(month))
		needed.Values = append(needed.Values, float64(month.Needed))
		scheduled.Values = append(scheduled.Values, float64(month.Scheduled))
	}
	chart.Bars = []charts.Bars{needed, scheduled}
	return chart
}
