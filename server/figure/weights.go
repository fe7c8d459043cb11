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
	rows := table.Rows
	if len(rows) == 0 {
		rows = slices.DeleteFunc(table.History, func(row compliance.WeightRow) bool { return row.Year != q.Year })
	}
	rows = slices.DeleteFunc(rows, func(row compliance.WeightRow) bool { return row.Standing == compliance.WeightNotOwed })
	known := slices.DeleteFunc(slices.Clone(rows), func(row compliance.WeightRow) bool { return row.Weight == nil })
	if len(known) == 0 {
		return &Figure{Finding: rules.Reason{Key: "figures1.weights.none"}, Empty: &Empty{Do: "weight.link", Where: Behind{Unit: q.Unit.Code, Page: "weight"},
			Reason: rules.Reason{Key: "figures1.weights.empty", Args: models.Args("Unit", organizationName(q.Unit), "Year", q.Year)}}}, nil
	}
	f := &Figure{Finding: weightsFinding(rows, known), Measure: rules.Reason{Key: "figures1.weights.measure"}, Source: rules.Reason{Key: "figures1.weights.source"},
		Columns: []Column{{Key: "board.unit"}, {Key: "figures1.state"}, {Key: "weight.strict_short"}, {Key: "weight.inclusive_short"}, {Key: "weight.column.required"}}}
	for _, row := range slices.SortedStableFunc(slices.Values(rows), byWeight) {
		line := Row{{row.Unit, &Behind{Unit: row.Unit.Code, Page: "weight"}}, {rules.Reason{Key: "weight.standing." + string(row.Standing)}, &Behind{Duty: row.Duty.ID}}, {}, {}, {Of: row.Required + "%"}}
		if row.Weight != nil {
			line[2].Of, line[3].Of = row.Weight.Share.Percentage(false)+"%", row.Weight.Share.Percentage(true)+"%"
		}
		f.Rows = append(f.Rows, line)
	}
	f.draw = func(l *frontend.Locale, description string) Chart { return weightsChart(l, description, known) }
	return f, nil
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

// weightsFinding says how many hold the weight, and who has the lowest share.
func weightsFinding(rows, known []compliance.WeightRow) rules.Reason {
	holds := 0
	for _, row := range rows {
		if row.Standing == compliance.WeightHolds {
			holds++
		}
	}
	lowest := slices.MinFunc(known, byWeight)
	return rules.Reason{Key: "figures1.weights.finding", Args: models.Args("Units", len(rows), "Holds", holds, "Missing", len(rows)-len(known),
		"Unit", organizationName(lowest.Unit), "Percent", lowest.Weight.Share.Percentage(false))}
}

// weightsChart counts shares in steps of half a percentage point.
func weightsChart(l *frontend.Locale, description string, known []compliance.WeightRow) charts.StepChart {
	chart := charts.StepChart{Description: description, Scale: l.Text("figures1.weights.scale", nil), Counted: l.Text("figures1.units", nil)}
	within, beyond, inclusive := map[int]int{}, map[int]int{}, map[int]int{}
	for _, row := range known {
		if limit, err := strconv.ParseFloat(row.Required, 64); err == nil && chart.Mark == nil {
			chart.Mark = &charts.Mark{At: limit, Name: l.Text("figures1.weights.mark", models.Args("Percent", row.Required))}
		}
		strict := halfPoints(row.Weight.Share, false)
		if meets(row) {
			within[strict]++
		} else {
			beyond[strict]++
		}
		inclusive[halfPoints(row.Weight.Share, true)]++
	}
	bars := func(key, stack, color string, counts map[int]int) {
		group := charts.StepGroup{Name: l.Text(key, nil), Stack: stack, Color: color}
		for _, step := range sortedKeys(within, beyond, inclusive) {
			from, to := float64(step)/2, float64(step+1)/2
			group.Bars = append(group.Bars, charts.StepBar{From: from, To: to, Count: counts[step], Words: l.Text("figures1.weights.bar",
				models.Args("Kind", group.Name, "From", strconv.FormatFloat(from, 'f', 1, 64), "To", strconv.FormatFloat(to, 'f', 1, 64), "Count", counts[step]))})
		}
		chart.Groups = append(chart.Groups, group)
	}
	bars("figures1.weights.within", "strict", charts.WithinColor, within)
	bars("figures1.weights.beyond", "strict", charts.BeyondColor, beyond)
	bars("figures1.weights.inclusive", "inclusive", charts.BesideColor, inclusive)
	return chart
}

// meets tells whether the strict share is what is required.
func meets(row compliance.WeightRow) bool {
	required, err := decimal.NewFromString(row.Required)
	if err != nil {
		return !row.Weight.Share.Points(false).IsZero()
	}
	return row.Weight.Share.AtLeast(required, false)
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
