package figure

import (
	"cmp"
	"context"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// MaxCompared is how many units a comparison sets side by side at most, and maxObligations
// on how many obligations: those with most duties.
const (
	MaxCompared    = 5
	maxObligations = 10
)

// TooMany refuses to compare so many units: Invalid.
func TooMany(count int) error {
	return models.InvalidFields([]models.Field{{Name: "with", Key: "figure.comparison.too_many", Args: models.Args("Limit", MaxCompared, "Count", count)}})
}

// comparison is how much of their main obligations a few units have done. Without a choice
// these are the child that has done most, the one in the middle and the one that has done
// least.
func (d *Desk) comparison(ctx context.Context, _ compliance.Actor, q Query) (*Figure, error) {
	if len(q.Units) > MaxCompared {
		return nil, TooMany(len(q.Units))
	}
	sides, err := d.sides(ctx, q)
	if err != nil {
		return nil, err
	}
	return ofSides(q, sides), nil
}

// side is a unit that is compared.
type side struct {
	unit        models.Unit
	obligations []compliance.ObligationRef
	cells       []compliance.Cell
}

func (s side) sum() compliance.Cell { return compliance.Sum(s.cells) }

// completion is the share that is done, nil where nothing is owed.
func (s side) completion() *bulletin.Rate {
	sum := s.sum()
	return bulletin.RateOf(sum.Done(), sum.Owed())
}

// cell counts the duties of an obligation.
func (s side) cell(obligation compliance.ObligationRef) compliance.Cell {
	for i, one := range s.obligations {
		if one.Policy == obligation.Policy && one.Code == obligation.Code {
			return s.cells[i]
		}
	}
	return compliance.Cell{}
}

// sides reads the units that are compared.
func (d *Desk) sides(ctx context.Context, q Query) ([]side, error) {
	if len(q.Units) == 0 {
		board, err := d.board(ctx, q)
		if err != nil {
			return nil, err
		}
		return bestMiddleLeast(board), nil
	}
	var sides []side
	for _, unit := range q.Units {
		if slices.ContainsFunc(sides, func(s side) bool { return s.unit.ID == unit.ID }) {
			continue
		}
		one := q
		one.Unit = unit
		board, err := d.board(ctx, one)
		if err != nil {
			return nil, err
		}
		sides = append(sides, side{unit, board.Obligations, board.Totals})
	}
	return sides, nil
}

// bestMiddleLeast are the children that have done most, in the middle and least.
func bestMiddleLeast(board *compliance.Board) []side {
	var children []side
	for _, row := range board.Rows {
		if s := (side{row.Unit, board.Obligations, row.Cells}); !row.Own && s.completion() != nil {
			children = append(children, s)
		}
	}
	slices.SortStableFunc(children, func(a, b side) int { return cmp.Compare(*b.completion(), *a.completion()) })
	if last := len(children) - 1; last > 2 {
		return []side{children[0], children[(last+1)/2], children[last]}
	}
	return children
}

func ofSides(q Query, sides []side) *Figure {
	f := &Figure{Measure: rules.Reason{Key: "figure.measure.comparison", Args: models.Args("Count", maxObligations)}, Source: rules.Reason{Key: "figure.source.board"}}
	if len(q.Units) == 0 {
		f.Measure.Key = "figure.measure.comparison_unasked"
	}
	for _, s := range sides {
		f.Compared = append(f.Compared, s.unit)
	}
	sides = slices.DeleteFunc(sides, func(s side) bool { return s.completion() == nil })
	if len(sides) == 0 {
		f.Finding, f.Empty = rules.Reason{Key: "figure.comparison.none"}, &Empty{Reason: rules.Reason{Key: "figure.comparison.empty", Args: models.Args("Year", q.Year)}}
		return f
	}
	obligations := mainObligations(sides)
	f.Finding = comparisonFinding(sides)
	f.Columns = []Column{{Key: "board.obligation"}}
	all := Row{{Of: rules.Reason{Key: "figure.comparison.all"}}}
	for _, s := range sides {
		f.Columns = append(f.Columns, Column{Text: organizationName(s.unit)})
		all = append(all, Value{s.completion(), &Behind{Unit: s.unit.Code, Page: "board"}})
	}
	for _, obligation := range obligations {
		row := Row{{obligation.Title, &Behind{Unit: q.Unit.Code, Obligation: obligation.Code}}}
		for _, s := range sides {
			cell := s.cell(obligation)
			row = append(row, Value{bulletin.RateOf(cell.Done(), cell.Owed()), &Behind{Unit: s.unit.Code, Obligation: obligation.Code}})
		}
		f.Rows = append(f.Rows, row)
	}
	f.Rows = append(f.Rows, all)
	f.draw = func(l *frontend.Locale, description string) Chart {
		return comparisonChart(l, description, obligations, sides)
	}
	return f
}

// mainObligations are those with most duties of the units together, in the order of the
// boards.
func mainObligations(sides []side) []compliance.ObligationRef {
	var all []compliance.ObligationRef
	for _, s := range sides {
		for i, one := range s.obligations {
			if s.cells[i].Owed() > 0 && !slices.ContainsFunc(all, func(o compliance.ObligationRef) bool { return o.Policy == one.Policy && o.Code == one.Code }) {
				all = append(all, one)
			}
		}
	}
	owed := func(o compliance.ObligationRef) int {
		sum := 0
		for _, s := range sides {
			sum += s.cell(o).Owed()
		}
		return sum
	}
	for len(all) > maxObligations {
		least := 0
		for i := range all {
			if owed(all[i]) <= owed(all[least]) {
				least = i
			}
		}
		all = slices.Delete(all, least, least+1)
	}
	return all
}

// comparisonFinding says who has done most and least of all.
func comparisonFinding(sides []side) rules.Reason {
	best, least := sides[0], sides[0]
	for _, s := range sides {
		if *s.completion() > *best.completion() {
			best = s
		}
		if *s.completion() < *least.completion() {
			least = s
		}
	}
	key := "figure.comparison.finding"
	switch {
	case len(sides) == 1:
		key = "figure.comparison.finding_one"
	case *best.completion() == *least.completion():
		key = "figure.comparison.finding_same"
	}
	return rules.Reason{Key: key, Args: models.Args("Best", organizationName(best.unit), "High", best.completion().String(),
		"Least", organizationName(least.unit), "Low", least.completion().String())}
}

func comparisonChart(l *frontend.Locale, description string, obligations []compliance.ObligationRef, sides []side) charts.DotChart {
	chart := charts.DotChart{Description: description, Unit: "%"}
	for _, obligation := range obligations {
		chart.Labels = append(chart.Labels, l.Value(obligation.Title))
	}
	for _, s := range sides {
		dots := charts.Dots{Name: l.Value(organizationName(s.unit))}
		for _, obligation := range obligations {
			cell := s.cell(obligation)
			dots.Values = append(dots.Values, percent(cell.Done(), cell.Owed()))
		}
		chart.Dots = append(chart.Dots, dots)
	}
	return chart
}
