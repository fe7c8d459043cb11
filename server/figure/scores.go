package figure

import (
	"context"
	"net/url"
	"strconv"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/charts"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// scores is how the scores of the unit's latest announced round of the year lie, class by
// class.
func (d *Desk) scores(ctx context.Context, actor compliance.Actor, q Query) (*Figure, error) {
	ranking, err := d.ranking(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	if ranking == nil {
		return noScores(q), nil
	}
	return ofScores(q, ranking, q.AsOf < d.Ledger.Today()), nil
}

// ranking is the latest result of the year that was announced by the day: of a round that
// the unit holds, else of one in which it takes part; nil without any.
func (d *Desk) ranking(ctx context.Context, actor compliance.Actor, q Query) (*assessment.Ranking, error) {
	rounds, err := d.Assessment.Rounds(ctx, actor, q.Unit.Code)
	if err != nil {
		return nil, err
	}
	announced := func(r models.Round) bool {
		return r.Year == q.Year && !r.AnnouncedOn.IsZero() && r.AnnouncedOn <= q.AsOf
	}
	for _, line := range rounds.Held {
		if announced(line.Round) {
			return d.Assessment.Ranking(ctx, actor, line.Round.ID)
		}
	}
	var latest models.Round
	for _, sheet := range rounds.Sheets {
		if announced(sheet.Round) && sheet.Round.ID > latest.ID {
			latest = sheet.Round
		}
	}
	if latest.ID == 0 {
		return nil, nil
	}
	return d.Assessment.Ranking(ctx, actor, latest.ID)
}

func noScores(q Query) *Figure {
	return &Figure{Finding: rules.Reason{Key: "figure.scores.none"}, Empty: &Empty{
		Reason: rules.Reason{Key: "figure.scores.empty", Args: models.Args("Year", q.Year, "AsOf", q.AsOf)}, Do: "figure.scores.to_rounds", Where: Behind{Unit: q.Unit.Code, Page: "assessment"}}}
}

// scoredClass is a class with how its scores lie.
type scoredClass struct {
	assessment.RankedClass
	assessment.Box
	apart []rules.Text
}

func ofScores(q Query, ranking *assessment.Ranking, past bool) *Figure {
	var classes []scoredClass
	for _, class := range ranking.Classes {
		if box, known := class.Box(); known {
			classes = append(classes, scoredClass{class, box, namedApart(class, box)})
		}
	}
	if len(classes) == 0 {
		return noScores(q)
	}
	f := &Figure{Finding: scoresFinding(classes), Measure: rules.Reason{Key: "figure.measure.scores"}, Source: roundSource(ranking, q.AsOf, past)}
	for _, key := range []string{"results.column.class", "figure.scores.units", "results.least", "figure.scores.lower", "figure.scores.median", "figure.scores.upper", "results.best", "figure.scores.apart"} {
		f.Columns = append(f.Columns, Column{Key: key})
	}
	for _, class := range classes {
		results := resultsOf(ranking, class.ID)
		row := Row{{class.Title, results}, {class.Scored, results}}
		for _, score := range []scoring.Score{class.Scores[len(class.Scores)-1], class.Lower, class.Median, class.Upper, class.Scores[0]} {
			row = append(row, Value{Of: Decimal(score.String())})
		}
		f.Rows = append(f.Rows, append(row, class.apartValue(results)))
	}
	f.draw = func(l *frontend.Locale, description string) Chart {
		return scoresChart(l, description, classes, ranking)
	}
	return f
}

// resultsOf is the page of the result of a class.
func resultsOf(ranking *assessment.Ranking, class string) *Behind {
	return &Behind{Path: "/rounds/" + strconv.FormatUint(ranking.Round.ID, 10) + "/results?class=" + url.QueryEscape(class)}
}

// roundSource names the round, and on which day it was announced or became final. What
// appeals changed after a day that is past is in the scores: the source says so.
func roundSource(ranking *assessment.Ranking, asOf calendar.Date, past bool) rules.Reason {
	key, on := "figure.source.round_announced", ranking.Round.AnnouncedOn
	switch frozen := ranking.Round.FrozenOn; {
	case !frozen.IsZero() && frozen <= asOf:
		key, on = "figure.source.round_frozen", frozen
	case past:
		key = "figure.source.round_later"
	}
	return rules.Reason{Key: key, Args: models.Args("Round", ranking.Round.Title, "On", on)}
}

// namedApart names the units whose scores stand apart, as far as the reader may see them.
func namedApart(class assessment.RankedClass, box assessment.Box) []rules.Text {
	var names []rules.Text
	for _, row := range class.Rows {
		if row.Final != nil && box.Apart(scoring.Score(*row.Final)) {
			names = append(names, organizationName(row.Unit))
		}
	}
	return names
}

// apartValue names those that stand apart; of those that the reader may not see there is
// the number only.
func (c scoredClass) apartValue(results *Behind) Value {
	count := 0
	for _, score := range c.Scores {
		if c.Apart(score) {
			count++
		}
	}
	switch {
	case count == 0:
		return Value{}
	case count == len(c.apart):
		return Value{c.apart, results}
	default:
		return Value{count, results}
	}
}

// scoresFinding says where half of the only class lie, or which class is best and worst in
// the middle.
func scoresFinding(classes []scoredClass) rules.Reason {
	best, worst := classes[0], classes[0]
	for _, class := range classes {
		if class.Median > best.Median {
			best = class
		}
		if class.Median < worst.Median {
			worst = class
		}
	}
	switch {
	case len(classes) == 1:
		return rules.Reason{Key: "figure.scores.finding_one", Args: models.Args("Count", best.Scored, "Median", best.Median.String(), "Lower", best.Lower.String(), "Upper", best.Upper.String())}
	case best.Median == worst.Median:
		return rules.Reason{Key: "figure.scores.finding_same", Args: models.Args("Median", best.Median.String())}
	default:
		return rules.Reason{Key: "figure.scores.finding", Args: models.Args("Best", best.Title, "High", best.Median.String(), "Worst", worst.Title, "Low", worst.Median.String())}
	}
}

func scoresChart(l *frontend.Locale, description string, classes []scoredClass, ranking *assessment.Ranking) charts.BoxChart {
	chart := charts.BoxChart{Description: description, Unit: l.Text("figure.scores.points", nil), Name: l.Text("figure.scores.box", nil),
		ApartName: l.Text("figure.scores.apart", nil), OwnName: l.Text("results.own_place", nil)}
	for i, class := range classes {
		chart.Labels = append(chart.Labels, l.Value(class.Title))
		chart.Boxes = append(chart.Boxes, [5]float64{points(class.Least), points(class.Lower), points(class.Median), points(class.Upper), points(class.Best)})
		for _, score := range class.Scores {
			if class.Apart(score) {
				chart.Apart = append(chart.Apart, charts.BoxPoint{Label: i, Value: points(score)})
			}
		}
		for _, row := range class.Rows {
			if !ranking.All && row.Final != nil {
				chart.Own = append(chart.Own, charts.BoxPoint{Label: i, Value: points(scoring.Score(*row.Final))})
			}
		}
	}
	return chart
}

// points are the points of a score, as charts have them.
func points(score scoring.Score) float64 { return float64(score) / 100 }
