package figure

import (
	"cmp"
	"context"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/training"
)

// rotation is how a rotation comes along: of the policy that is asked for, else the one
// whose window began last.
func (d *Desk) rotation(ctx context.Context, actor compliance.Actor, q Query) (*Figure, error) {
	return d.ofRotation(ctx, actor, q, OfRotation)
}

// ofRotation draws a figure of the rotation, or says why nobody is counted.
func (d *Desk) ofRotation(ctx context.Context, actor compliance.Actor, q Query, draw func(*compliance.RotationTable, *training.RotationProgress) *Figure) (*Figure, error) {
	table, err := d.rotationTable(ctx, q)
	if err != nil {
		return nil, err
	}
	if table == nil {
		return noRotation(actor, q), nil
	}
	if key := NobodyCounted(table, q.AsOf < d.Ledger.Today()); key != "" {
		empty := &Empty{Reason: rules.Reason{Key: key, Args: models.Args("From", table.Period.From, "AsOf", table.AsOf)}}
		if key == "coverage.empty_roster" && (actor.Access.AllowsAt("roster", "keep", q.Unit.Path) || actor.Access.AllowsAt("roster", "manage", q.Unit.Path)) {
			empty.Do, empty.Where = "coverage.enter_roster", Behind{Unit: q.Unit.Code, Page: "roster"}
		}
		return &Figure{Finding: rules.Reason{Key: "figure.rotation.none"}, Empty: empty}, nil
	}
	progress, err := d.Training.Progress(ctx, table)
	if err != nil {
		return nil, err
	}
	return draw(table, progress), nil
}

// rotationTable returns the counts of the rotation that is asked for, in the window of the
// year; nil where there is no rotation.
func (d *Desk) rotationTable(ctx context.Context, q Query) (*compliance.RotationTable, error) {
	refs, err := d.Ledger.Rotations(ctx, q.Unit, q.AsOf)
	if err != nil {
		return nil, err
	}
	if q.Policy != "" {
		refs = slices.DeleteFunc(refs, func(ref compliance.RotationRef) bool { return ref.Obligation.Policy != q.Policy })
	}
	ref, ok := compliance.LatestBegun(refs, q.AsOf)
	if !ok {
		return nil, nil
	}
	query := compliance.RotationQuery{Unit: q.Unit, Policy: ref.Obligation.Policy, Obligation: cmp.Or(q.Obligation, ref.Obligation.Code), Period: q.Period, AsOf: q.AsOf}
	table, err := d.Training.Coverage(ctx, query)
	if err != nil || q.Period != "" || table.Period.From.Year() <= q.Year {
		return table, err
	}
	if query.Period = windowOf(table.Periods, q.Year); query.Period == "" {
		return table, nil
	}
	return d.Training.Coverage(ctx, query)
}

// windowOf names the last window that began by the end of the year.
func windowOf(windows []rules.Period, year int) string {
	name := ""
	for _, window := range windows {
		if window.From.Year() <= year {
			name = window.Name
		}
	}
	return name
}

func noRotation(actor compliance.Actor, q Query) *Figure {
	empty := &Empty{Reason: rules.Reason{Key: "coverage.empty_policy"}}
	if q.Policy != "" {
		empty.Reason.Key = "figure.rotation.not_of_policy"
	}
	if actor.Access.Allows("policy", "activate") {
		empty.Do, empty.Where = "coverage.to_policies", Behind{Path: "/policies"}
	}
	return &Figure{Finding: rules.Reason{Key: "figure.rotation.none"}, Empty: empty}
}

// NobodyCounted is the key of what to say of a rotation of which nobody is counted, empty
// where somebody is; past tells that the table is not of today.
func NobodyCounted(t *compliance.RotationTable, past bool) string {
	switch {
	case !t.Begun():
		return "coverage.empty_not_begun"
	case t.Total.Units == 0:
		return "coverage.empty_duties"
	case t.Total.Roster == 0 && past:
		return "coverage.empty_past"
	case t.Total.Roster == 0:
		return "coverage.empty_roster"
	default:
		return ""
	}
}

// OfRotation is the figure of a table that counts somebody: who is trained, as it came and
// as it is to be.
func OfRotation(t *compliance.RotationTable, p *training.RotationProgress) *Figure {
	days := rotationDays(t, p)
	f := &Figure{Kind: Rotation, Unit: t.Unit, Year: t.AsOf.Year(), AsOf: t.AsOf, Obligation: t.Obligation.Code, Period: t.Period.Name,
		Finding: rotationFinding(t, p), Source: rules.Reason{Key: "figure.source.rotation", Args: models.Args("Policy", t.PolicyTitle, "From", t.Period.From, "To", t.LastDay())},
		Measure: rules.Reason{Key: "figure.measure.rotation"}, Columns: []Column{{Key: "coverage.day"}}}
	if p.Forecast != nil {
		f.Measure.Key = "figure.measure.rotation_forecast"
	}
	for _, kind := range lineKinds {
		f.Columns = append(f.Columns, Column{Key: "coverage.line." + string(kind)})
	}
	counted := p.Points[len(p.Points)-1].On
	for _, day := range days {
		row := Row{{Of: day.on}}
		for _, kind := range lineKinds {
			row = append(row, day.value(kind))
		}
		if day.on == counted {
			row[1].Behind, row[2].Behind = &Behind{Unit: t.Unit.Code, Page: "roster"}, &Behind{Unit: t.Unit.Code, Page: "rotation"}
		}
		f.Rows = append(f.Rows, row)
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return rotationChart(l, description, days) }
	return f
}

// rotationFinding says in one sentence whether the rotation completes.
func rotationFinding(t *compliance.RotationTable, p *training.RotationProgress) rules.Reason {
	args := models.Args("Count", t.Total.Left(), "Roster", t.Total.Roster, "To", t.LastDay(), "Seats", t.SeatsPerMonth(t.Total),
		"Scheduled", p.Scheduled, "Short", p.Short())
	key := "coverage.finding_short"
	switch {
	case t.Total.Left() == 0:
		key = "coverage.finding_complete"
	case t.Over():
		key = "coverage.finding_over"
	case !p.Foreseen && t.AsOf < t.LastDay():
		key = "coverage.finding_needed"
	case p.Short() == 0:
		key = "coverage.finding_enough"
	}
	return rules.Reason{Key: key, Args: args}
}

// rotationDay is what is known of a day, by line.
type rotationDay struct {
	on     calendar.Date
	counts map[charts.LineKind]int
}

func (d rotationDay) value(kind charts.LineKind) Value {
	if count, known := d.counts[kind]; known {
		return Value{Of: count}
	}
	return Value{}
}

// lineKinds are the lines, in the order of the columns.
var lineKinds = []charts.LineKind{charts.RosterLine, charts.TrainedLine, charts.NeededLine, charts.ForecastLine}

// rotationDays are the numbers day by day.
func rotationDays(t *compliance.RotationTable, p *training.RotationProgress) []rotationDay {
	var days []rotationDay
	at := func(on calendar.Date) map[charts.LineKind]int {
		for _, day := range days {
			if day.on == on {
				return day.counts
			}
		}
		days = append(days, rotationDay{on, map[charts.LineKind]int{}})
		return days[len(days)-1].counts
	}
	for _, point := range p.Points {
		day := at(point.On)
		day[charts.RosterLine], day[charts.TrainedLine] = point.Roster, point.Trained
	}
	if needed := neededLine(t, p); needed != nil {
		for _, point := range needed {
			at(point.On)[charts.NeededLine] = point.Trained
		}
		at(t.LastDay())[charts.RosterLine] = p.RosterAtEnd
	}
	for _, point := range p.Forecast {
		at(point.On)[charts.ForecastLine] = point.Trained
	}
	slices.SortFunc(days, func(a, b rotationDay) int { return cmp.Compare(a.on, b.on) })
	return days
}

// neededLine leads straight from the last day's level to everybody on the window's
// last day; nil where nothing is needed any more.
func neededLine(t *compliance.RotationTable, p *training.RotationProgress) []training.ProgressPoint {
	if t.AsOf >= t.LastDay() || t.Total.Left() == 0 {
		return nil
	}
	last := p.Points[len(p.Points)-1]
	return []training.ProgressPoint{last, {On: t.LastDay(), Roster: p.RosterAtEnd, Trained: p.RosterAtEnd}}
}

func rotationChart(l *frontend.Locale, description string, days []rotationDay) charts.ProgressChart {
	chart := charts.ProgressChart{Unit: l.Text("coverage.people", nil), Description: description}
	for _, kind := range lineKinds {
		line := charts.Line{Kind: kind, Name: l.Text("coverage.line."+string(kind), nil)}
		for _, day := range days {
			if count, known := day.counts[kind]; known {
				line.Points = append(line.Points, charts.DayCount{Day: day.on.String(), Count: count})
			}
		}
		if len(line.Points) > 0 {
			chart.Lines = append(chart.Lines, line)
		}
	}
	return chart
}
