package figure

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// weights is the share that openness has in the performance schemes of the units below.
func (d *Desk) weights(ctx context.Context, actor compliance.Actor, q Query) (*Figure, error) {
	table, err := d.Ledger.WeightTable(ctx, actor, compliance.WeightQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf})
	if err != nil {
		return nil, err
	}
	if q.Policy != "" {
		ofOther := func(row compliance.WeightRow) bool { return row.Obligation.Policy != q.Policy }
		table.Rows, table.History = slices.DeleteFunc(table.Rows, ofOther), slices.DeleteFunc(table.History, ofOther)
	}
	return OfWeights(table), nil
}

// OfWeights is the figure of a table: of the units below, or where there are none of the
// unit's own weight of the year.
func OfWeights(table *compliance.WeightTable) *Figure {
	rows := slices.Clone(table.Rows)
	if len(rows) == 0 {
		rows = slices.DeleteFunc(slices.Clone(table.History), func(row compliance.WeightRow) bool { return row.Year != table.Year })
	}
	rows = slices.DeleteFunc(rows, func(row compliance.WeightRow) bool { return row.Standing == compliance.WeightNotOwed })
	f := &Figure{Kind: Weights, Unit: table.Unit, Year: table.Year, AsOf: table.AsOf, Finding: WeightFinding(table.Year, rows)}
	known := slices.DeleteFunc(slices.Clone(rows), func(row compliance.WeightRow) bool { return row.Weight == nil || barOf(row) < 0 })
	if len(known) == 0 {
		f.Empty = &Empty{Do: "weight.link", Where: Behind{Unit: table.Unit.Code, Page: "weight"},
			Reason: rules.Reason{Key: "figures1.weights.empty", Args: models.Args("Unit", organizationName(table.Unit), "Year", table.Year)}}
		return f
	}
	f.Measure, f.Source = rules.Reason{Key: "figures1.weights.measure"}, rules.Reason{Key: "figures1.weights.source"}
	f.Columns = []Column{{Key: "board.unit"}, {Key: "figures1.state"}, {Key: "weight.strict_short"}, {Key: "weight.inclusive_short"}, {Key: "weight.column.required"}}
	for _, row := range slices.SortedStableFunc(slices.Values(rows), byWeight) {
		f.Rows = append(f.Rows, weightLine(row))
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return weightsChart(l, description, known) }
	return f
}

func weightLine(row compliance.WeightRow) Row {
	line := Row{{row.Unit, &Behind{Unit: row.Unit.Code, Page: "weight"}}, {rules.Reason{Key: "weight.standing." + string(row.Standing)}, &Behind{Duty: row.Duty.ID}}, {}, {}, {Of: row.Required + "%"}}
	if row.Weight != nil {
		line[2].Of, line[3].Of = row.Weight.Share.Percentage(false)+"%", row.Weight.Share.Percentage(true)+"%"
	}
	return line
}

// byWeight puts the lowest share first and those without any last.
func byWeight(a, b compliance.WeightRow) int {
	if a.Weight == nil || b.Weight == nil {
		return cmp.Compare(share(b.Weight), share(a.Weight))
	}
	_, sign := a.Weight.Share.Change(b.Weight.Share, false)
	return sign
}

// share is the strict share in percent, to be drawn; -1 without any.
func share(weight *compliance.Weight) float64 {
	if weight == nil {
		return -1
	}
	value, _ := decimal.RequireFromString(weight.Share.Percentage(false)).Float64()
	return value
}

// WeightFinding says in one sentence how many of the units that are asked hold, fall
// short, wait and are missing.
func WeightFinding(year int, rows []compliance.WeightRow) rules.Reason {
	counts := map[compliance.WeightStanding]int{}
	for _, row := range rows {
		counts[row.Standing]++
	}
	holds, short, waits, missing := counts[compliance.WeightHolds], counts[compliance.WeightShort], counts[compliance.WeightWaits], counts[compliance.WeightMissing]
	if holds+short+waits+missing == 0 {
		return rules.Reason{Key: "weight.finding_none", Args: models.Args("Year", year)}
	}
	return rules.Reason{Key: "weight.finding", Args: models.Args("Year", year, "Units", holds+short+waits+missing,
		"Holds", holds, "Short", short, "Waits", waits, "Missing", missing)}
}

// weightBars are the standings of which the chart has bars, from the axis up.
var weightBars = []struct {
	standing compliance.WeightStanding
	color    string
}{{compliance.WeightHolds, charts.WithinColor}, {compliance.WeightWaits, charts.WaitingColor}, {compliance.WeightShort, charts.BeyondColor}}

// barOf is the place of a unit's standing among the bars, -1 for none.
func barOf(row compliance.WeightRow) int {
	return slices.IndexFunc(weightBars, func(bar struct {
		standing compliance.WeightStanding
		color    string
	}) bool {
		return bar.standing == row.Standing
	})
}

// weightsChart counts shares in steps of half a percentage point.
func weightsChart(l *frontend.Locale, description string, known []compliance.WeightRow) charts.StepChart {
	chart := charts.StepChart{Description: description, Scale: l.Text("figures1.weights.scale", nil), Counted: l.Text("figures1.units", nil)}
	strict, inclusive := make([]map[int]int, len(weightBars)), map[int]int{}
	for i := range strict {
		strict[i] = map[int]int{}
	}
	for _, row := range known {
		if limit, err := strconv.ParseFloat(row.Required, 64); err == nil && chart.Mark == nil {
			chart.Mark = &charts.Mark{At: limit, Name: l.Text("figures1.weights.mark", models.Args("Percent", row.Required))}
		}
		strict[barOf(row)][halfPoints(row.Weight.Share, false)]++
		inclusive[halfPoints(row.Weight.Share, true)]++
	}
	steps := sortedKeys(append(slices.Clone(strict), inclusive)...)
	bars := func(name, stack, color string, counts map[int]int) {
		group := charts.StepGroup{Name: name, Stack: stack, Color: color}
		for _, step := range steps {
			from, to := float64(step)/2, float64(step+1)/2
			group.Bars = append(group.Bars, charts.StepBar{From: from, To: to, Count: counts[step], Words: l.Text("figures1.weights.bar",
				models.Args("Kind", group.Name, "From", strconv.FormatFloat(from, 'f', 1, 64), "To", strconv.FormatFloat(to, 'f', 1, 64), "Count", counts[step]))})
		}
		chart.Groups = append(chart.Groups, group)
	}
	for i, bar := range weightBars {
		bars(l.Text("figures1.weights.strict", models.Args("Standing", l.Text("weight.standing."+string(bar.standing), nil))), "strict", bar.color, strict[i])
	}
	bars(l.Text("weight.inclusive_short", nil), "inclusive", "", inclusive)
	return chart
}

// halfPoints is how many half percentage points a share has, cut off.
func halfPoints(share rules.Share, related bool) int {
	return int(share.Points(related).Mul(decimal.NewFromInt(200)).Div(share.Total).IntPart())
}

// sortedKeys are the steps in which any of the counts has one, in order: bars that stand
// on each other are matched by their places in the lists.
func sortedKeys(counts ...map[int]int) []int {
	steps := map[int]bool{}
	for _, one := range counts {
		for step := range one {
			steps[step] = true
		}
	}
	return slices.Sorted(maps.Keys(steps))
}
