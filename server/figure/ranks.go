package figure

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// maxSlopes is how many lines the chart of ranks has at most.
const maxSlopes = 30

// ranks is how the ranks of the unit's latest announced round of the year have changed
// since the year before.
func (d *Desk) ranks(ctx context.Context, actor compliance.Actor, q Query) (*Figure, error) {
	ranking, err := d.ranking(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	if ranking == nil {
		return noScores(q), nil
	}
	return ofRanks(q, ranking, q.AsOf < d.Ledger.Today()), nil
}

// ofRanks lists the units that the reader may see, class by class.
func ofRanks(q Query, ranking *assessment.Ranking, past bool) *Figure {
	var moved []assessment.RankedSheet
	for _, class := range ranking.Classes {
		for _, row := range class.Rows {
			if _, known := row.Climbed(); known {
				moved = append(moved, row)
			}
		}
	}
	if len(moved) == 0 {
		return &Figure{Finding: rules.Reason{Key: "figure.ranks.none"}, Empty: &Empty{Reason: rules.Reason{Key: "figure.ranks.empty", Args: models.Args("Year", q.Year, "Before", q.Year-1)},
			Do: "figure.scores.to_rounds", Where: Behind{Unit: q.Unit.Code, Page: "assessment"}}}
	}
	f := &Figure{Finding: ranksFinding(moved, q.Year-1), Measure: rules.Reason{Key: "figure.measure.ranks"}, Source: roundSource(ranking, q.AsOf, past)}
	if len(moved) > maxSlopes {
		f.Measure = rules.Reason{Key: "figure.measure.first_ranks", Args: models.Args("Count", maxSlopes)}
	}
	f.Columns = []Column{{Key: "results.column.unit"}, {Key: "results.column.class"}, {Text: yearText(q.Year - 1)}, {Text: yearText(q.Year)}, {Key: "figure.ranks.change"}}
	for _, class := range ranking.Classes {
		for _, row := range class.Rows {
			f.Rows = append(f.Rows, ranksRow(ranking, class, row))
		}
	}
	panels := slopePanels(q, ranking)
	f.draw = func(l *frontend.Locale, description string) Chart {
		return ranksChart(l, description, q.Year, q.Unit.ID, panels)
	}
	return f
}

func yearText(year int) rules.Text {
	return rules.Text{ZH: strconv.Itoa(year), EN: strconv.Itoa(year)}
}

func ranksRow(ranking *assessment.Ranking, class assessment.RankedClass, row assessment.RankedSheet) Row {
	before, now, change := Value{}, Value{}, Value{}
	if row.Rank > 0 {
		now = Value{row.Rank, &Behind{Sheet: row.ID}}
	}
	if row.Before != nil && row.Before.Rank > 0 && row.Before.Class == row.Class {
		before = Value{row.Before.Rank, &Behind{Sheet: row.Before.Sheet}}
	}
	if places, known := row.Climbed(); known {
		change.Of = rules.Reason{Key: "figure.ranks." + direction(places), Args: models.Args("Places", max(places, -places))}
	}
	return Row{{row.Unit, &Behind{Unit: row.Unit.Code, Page: "assessment"}}, {class.Title, resultsOf(ranking, class.ID)}, before, now, change}
}

func direction(places int) string {
	switch {
	case places > 0:
		return "up"
	case places < 0:
		return "down"
	default:
		return "same"
	}
}

// ranksFinding names the unit that climbed most, else says how many fell.
func ranksFinding(moved []assessment.RankedSheet, before int) rules.Reason {
	most, up, down := moved[0], 0, 0
	for i := range moved {
		places, _ := moved[i].Climbed()
		if best, _ := most.Climbed(); places > best {
			most = moved[i]
		}
		switch direction(places) {
		case "up":
			up++
		case "down":
			down++
		}
	}
	args := models.Args("Unit", organizationName(most.Unit), "From", most.Before.Rank, "To", most.Rank, "Up", up, "Down", down, "Before", before)
	switch {
	case up > 0:
		return rules.Reason{Key: "figure.ranks.finding_up", Args: args}
	case down > 0:
		return rules.Reason{Key: "figure.ranks.finding_down", Args: args}
	default:
		return rules.Reason{Key: "figure.ranks.finding_same", Args: args}
	}
}

// slopePanel is the lines of a class.
type slopePanel struct {
	class assessment.RankedClass
	rows  []assessment.RankedSheet
}

// slopePanels are the lines that are drawn: in the order of the classes and ranks, the
// unit's own in any case.
func slopePanels(q Query, ranking *assessment.Ranking) []slopePanel {
	var panels []slopePanel
	left := maxSlopes
	for _, class := range ranking.Classes {
		panel := slopePanel{class: class}
		for _, row := range class.Rows {
			_, known := row.Climbed()
			if known && (left > 0 || row.UnitID == q.Unit.ID) {
				panel.rows = append(panel.rows, row)
				left--
			}
		}
		if len(panel.rows) > 0 {
			panels = append(panels, panel)
		}
	}
	return panels
}

func ranksChart(l *frontend.Locale, description string, year int, unit uint64, panels []slopePanel) charts.SlopeChart {
	chart := charts.SlopeChart{Description: description, Before: strconv.Itoa(year - 1), After: strconv.Itoa(year)}
	for _, panel := range panels {
		drawn := charts.SlopePanel{Name: l.Value(panel.class.Title)}
		was := places(panel.rows, func(s assessment.RankedSheet) int { return s.Before.Rank })
		is := places(panel.rows, func(s assessment.RankedSheet) int { return s.Rank })
		for i, row := range panel.rows {
			// Who does not see all units sees the own ones only.
			drawn.Slopes = append(drawn.Slopes, charts.Slope{Name: l.Value(organizationName(row.Unit)), RankBefore: row.Before.Rank, Rank: row.Rank,
				PlaceBefore: was[i], PlaceAt: is[i], Own: row.UnitID == unit || len(panel.class.Rows) < panel.class.Units})
			drawn.Places = max(drawn.Places, was[i], is[i])
		}
		chart.Panels = append(chart.Panels, drawn)
	}
	return chart
}

// places are the ranks, those of one rank on the places that follow it.
func places(rows []assessment.RankedSheet, rank func(assessment.RankedSheet) int) []int {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank(rows[a]), rank(rows[b])) })
	at := make([]int, len(rows))
	last := 0
	for _, i := range order {
		last = max(last+1, rank(rows[i]))
		at[i] = last
	}
	return at
}
