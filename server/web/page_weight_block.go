package web

import (
	"fmt"

	"github.com/shopspring/decimal"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/rules"
)

// WeightBlock shows what the verdict on a weight rests on: the fraction, strict
// and inclusive, and the items that count with their reasons.
type WeightBlock struct {
	Scheme rules.Performance
	// Waits tells that the scheme waits for the office.
	Waits bool
	Lines []WeightLine
	// Items are those that are marked.
	Items []rules.Item
	Rest  WeightPart
	Bar   WeightBar
}

// WeightLine is the share by one way of counting; Counts marks the policy's.
type WeightLine struct {
	Key     string
	Points  string
	Total   string
	Percent string
	Holds   bool
	Counts  bool
}

// WeightPart is a part of the total: what is not marked.
type WeightPart struct{ Points, Percent string }

// WeightBar is the picture of the share: an axis from 0 to Most percent with what
// is marked, and the line of what is required. X and Width are in percent of the
// picture.
type WeightBar struct {
	Parts []WeightBarPart
	Most  string
	// Line is where the required share stands; empty where none is set.
	Line        string
	LineText    string
	Description string
}

// WeightBarPart is a stretch of the bar.
type WeightBarPart struct{ Kind, X, Width string }

// newWeightBlock lays out the scheme of a verdict, nil where there is none.
func newWeightBlock(locale *frontend.Locale, rule *rules.Obligation, verdict rules.Verdict) *WeightBlock {
	found := verdict.Scheme
	if rule.Weight == nil || found == nil {
		return nil
	}
	b := &WeightBlock{Scheme: found.Scheme, Waits: !found.Scheme.IsVerified()}
	for _, related := range []bool{false, true} {
		key := map[bool]string{false: "weight.strict", true: "weight.inclusive"}[related]
		b.Lines = append(b.Lines, WeightLine{Key: key, Points: found.Share.Points(related).String(), Total: found.Share.Total.String(),
			Percent: found.Share.Percentage(related), Holds: rule.Weight.Holds(found.Share, found.Last, related), Counts: rule.Weight.Related == related})
	}
	for _, item := range found.Scheme.Items {
		if item.Openness != rules.OpennessNone {
			b.Items = append(b.Items, item)
		}
	}
	rest := rules.Share{Core: found.Share.Total.Sub(found.Share.Points(true)), Total: found.Share.Total}
	b.Rest = WeightPart{rest.Core.String(), rest.Percentage(false)}
	b.Bar = newWeightBar(locale, rule.Weight, found)
	return b
}

// newWeightBar draws the share. It does not judge, so that it may round.
func newWeightBar(locale *frontend.Locale, rule *rules.Weight, found *rules.SchemeFinding) WeightBar {
	hundred := decimal.NewFromInt(100)
	percent := func(points decimal.Decimal, total decimal.Decimal) float64 {
		return points.Mul(hundred).Div(total).InexactFloat64()
	}
	share := found.Share
	core, all := percent(share.Core, share.Total), percent(share.Points(true), share.Total)
	limit := rule.AtLeast.InexactFloat64()
	if rule.NotBelowLastYear && found.Last != nil {
		limit = percent(found.Last.Points(rule.Related), found.Last.Total)
	}
	most := min(100, float64(int(max(2*limit, 1.25*all, 2))+1))
	at := func(value float64) string { return fmt.Sprintf("%.2f%%", value/most*100) }
	bar := WeightBar{Most: fmt.Sprintf("%g", most), Parts: []WeightBarPart{{"core", "0", at(core)}, {"related", at(core), at(all - core)}, {"rest", at(all), at(most - all)}}}
	args := models.Args("Core", share.Core.String(), "Strict", share.Percentage(false), "Related", share.Related.String(), "Inclusive", share.Percentage(true),
		"Total", share.Total.String(), "Most", bar.Most, "Required", rule.Required(found.Last))
	key := "weight.bar_plain"
	if limit > 0 {
		bar.Line, key = at(limit), "weight.bar"
		bar.LineText = locale.Text("weight.line", args)
	}
	bar.Description = locale.Text(key, args)
	return bar
}
