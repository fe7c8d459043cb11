package scoring_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/server/rules"
	"sundial/server/scoring"
)

// drawSheet draws a scheme, one of its classes and marks. The card is that of the
// scheme once it was written and read.
func drawSheet(t *rapid.T) (drawn *scoring.Scheme, card *scoring.Card, marks []scoring.Mark) {
	drawn = drawScheme(t)
	card = cardOf(t, drawn, rapid.SampledFrom(drawn.Classes).Draw(t, "class").ID)
	return drawn, card, drawMarks(t, card)
}

func cardOf(t *rapid.T, drawn *scoring.Scheme, class string) *scoring.Card {
	source, err := drawn.Source()
	if err != nil {
		t.Fatal(err)
	}
	read, err := scoring.ParseScheme(source)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	card, found := read.Card(class)
	if !found {
		t.Fatalf("no card for class %s", class)
	}
	return card
}

// byID are the marks of a card by indicator.
func byID(card *scoring.Card, marks []scoring.Mark) map[string]scoring.Mark {
	named := map[string]scoring.Mark{}
	for n, leaf := range card.Leaves {
		named[leaf.ID] = marks[n]
	}
	return named
}

func TestScoresAreThoseOfANaiveRecursion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn, card, marks := drawSheet(t)
		n := naive{scheme: drawn, class: card.Class.ID, marks: byID(card, marks)}
		scored, won, possible, score, grade := n.result()
		got := card.Score(marks)
		if got.Scored != scored || got.Score != score || got.Grade != grade {
			t.Errorf("got %+v, want scored %v, %s, grade %d", got, scored, score, grade)
		}
		if fraction(got.Won).Cmp(won) != 0 || fraction(got.Possible).Cmp(possible) != 0 {
			t.Errorf("won %s of %s, want %s of %s", got.Won, got.Possible, won.FloatString(8), possible.FloatString(8))
		}
	})
}

func TestPartsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, card, marks := drawSheet(t)
		a := card.Explain(marks)
		if result := card.Score(marks); result != a.Result {
			t.Fatalf("Score says %+v, Explain %+v", result, a.Result)
		}
		won, possible := partsAddUp(t, card, a)
		if won != a.Won || possible != a.Possible {
			t.Errorf("the parts come to %s of %s, the totals are %s of %s", won, possible, a.Won, a.Possible)
		}
		if !a.Scored {
			return
		}
		if a.Score < 0 || a.Score > card.Class.Maximum {
			t.Errorf("score %s of at most %s", a.Score, card.Class.Maximum)
		}
		exact, _ := new(big.Rat).SetString(a.Exact)
		exact.Add(exact.Mul(exact, big.NewRat(100, 1)), big.NewRat(1, 2))
		if shown := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64(); !a.Capped && shown != int64(a.Score) {
			t.Errorf("%s is shown before rounding, %s after it", a.Exact, a.Score)
		}
	})
}

// partsAddUp checks each group, composite and limit against what it consists of,
// and returns what the totals must be.
func partsAddUp(t *rapid.T, card *scoring.Card, a scoring.Arithmetic) (won, possible scoring.Amount) {
	wonBelow, possibleBelow := make([]*big.Rat, len(a.Parts)+1), make([]*big.Rat, len(a.Parts)+1)
	for n := range wonBelow {
		wonBelow[n], possibleBelow[n] = new(big.Rat), new(big.Rat)
	}
	passed, asked := scoring.Amount(0), map[string]scoring.Amount{}
	for _, part := range a.Parts {
		if !part.Applicable && (part.Won != 0 || part.Possible != 0 || part.Floor != 0 || part.Passed != 0 || part.Limited != 0 || part.Lost != 0) {
			t.Errorf("%s does not apply and counts: %+v", part.Node.ID, part)
		}
		weight := big.NewRat(1, 1)
		above := part.Node.Parent
		if above >= 0 && card.Nodes[above].Method == scoring.MethodComposite {
			weight = fraction(part.Node.Weight)
		}
		if above < 0 {
			above = len(a.Parts)
		}
		wonBelow[above].Add(wonBelow[above], new(big.Rat).Mul(weight, fraction(part.Won)))
		possibleBelow[above].Add(possibleBelow[above], new(big.Rat).Mul(weight, fraction(part.Possible)))
		passed += part.Passed
		asked[part.Node.Cap] += part.Limited
	}
	for n, part := range a.Parts {
		if part.Node.Leaf < 0 {
			wonBelow[n].Add(wonBelow[n], fraction(part.Floor))
			if wonBelow[n].Cmp(fraction(part.Won)) != 0 || possibleBelow[n].Cmp(fraction(part.Possible)) != 0 {
				t.Errorf("%s: %s of %s, its parts come to %s of %s", part.Node.ID, part.Won, part.Possible, wonBelow[n], possibleBelow[n])
			}
		}
	}
	if passed != a.Passed || passed > 0 {
		t.Errorf("passed on %s, the parts %s", a.Passed, passed)
	}
	top := scoring.Amount(0)
	for _, limit := range a.Limits {
		if want := max(min(asked[limit.Limit.ID], limit.Limit.Most), -limit.Limit.Most); limit.Asked != asked[limit.Limit.ID] || limit.Amount != want {
			t.Errorf("limit %+v, asked %s", limit, asked[limit.Limit.ID])
		}
		if limit.Limit.Within == "" {
			top += limit.Amount
		} else {
			asked[limit.Limit.Within] += limit.Amount
		}
	}
	sumWon, sumPossible := wonBelow[len(a.Parts)], possibleBelow[len(a.Parts)]
	return amountOf(t, sumWon) + a.Passed + top + a.Floor, amountOf(t, sumPossible)
}

func amountOf(t *rapid.T, value *big.Rat) scoring.Amount {
	units := new(big.Rat).Mul(value, big.NewRat(int64(scoring.Point), 1))
	if !units.IsInt() {
		t.Fatalf("%s has more than eight decimals", value)
	}
	return scoring.Amount(units.Num().Int64())
}

func TestABetterMarkNeverLowersTheScore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, card, marks := drawSheet(t)
		n := rapid.IntRange(0, len(marks)-1).Draw(t, "leaf")
		better := slices.Clone(marks)
		better[n] = improved(t, card.Leaves[n], marks[n])
		before, after := card.Score(marks), card.Score(better)
		if after.Score < before.Score || after.Grade > before.Grade {
			t.Errorf("%s: %+v gives %+v, the better %+v gives %+v", card.Leaves[n].ID, marks[n], before, better[n], after)
		}
	})
}

// improved is a mark that is as good or better.
func improved(t *rapid.T, leaf scoring.Leaf, mark scoring.Mark) scoring.Mark {
	switch {
	case leaf.Method == scoring.MethodVeto:
		mark.Raised = false
	case mark.NA:
	case leaf.Method == scoring.MethodDeduct:
		mark.Given, mark.Points = true, drawPoints(t, mark.Points)
	case leaf.Method == scoring.MethodAuto && !mark.Given:
		mark.States = slices.Clone(mark.States)
		for n, state := range mark.States {
			if state == rules.Overdue || state == rules.Late {
				mark.States[n] = rapid.SampledFrom([]rules.State{state, rules.Late, rules.Met}).Draw(t, "state")
			}
		}
	default:
		mark.Given, mark.Points = true, leaf.Points-drawPoints(t, leaf.Points-mark.Points)
	}
	return mark
}

func TestTheOrderOfIndicatorsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn, card, marks := drawSheet(t)
		named := byID(card, marks)
		shuffled := *drawn
		shuffled.Indicators = shuffledIndicators(t, drawn.Indicators)
		shuffled.Limits = shuffle(t, drawn.Limits)
		shuffled.Classes = shuffle(t, drawn.Classes)
		other := cardOf(t, &shuffled, card.Class.ID)
		again := make([]scoring.Mark, len(other.Leaves))
		for n, leaf := range other.Leaves {
			again[n] = named[leaf.ID]
		}
		if before, after := card.Score(marks), other.Score(again); before != after {
			t.Errorf("%+v in one order, %+v in another", before, after)
		}
	})
}

func shuffle[T any](t *rapid.T, list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return rapid.Permutation(list).Draw(t, "order")
}

func shuffledIndicators(t *rapid.T, indicators []scoring.Indicator) []scoring.Indicator {
	mixed := shuffle(t, slices.Clone(indicators))
	for n := range mixed {
		mixed[n].Children = shuffledIndicators(t, mixed[n].Children)
	}
	return mixed
}

func TestSchemesAreWrittenAsTheyAreRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scheme := cardOf(t, drawScheme(t), "A").Scheme
		again := cardOf(t, scheme, "A").Scheme
		if diff := cmp.Diff(scheme, again, ignoringLines); diff != "" {
			t.Errorf("-read +read again:\n%s", diff)
		}
	})
}

// A rank is one more than the number of those that are better.
func TestRanksCountThoseThatAreBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOf(rapid.Map(rapid.IntRange(0, 20), func(n int) scoring.Score { return scoring.Score(n) })).Draw(t, "scores")
		slices.Sort(scores)
		slices.Reverse(scores)
		for n, rank := range scoring.Ranks(scores) {
			if better := slices.Index(scores, scores[n]); rank != better+1 {
				t.Errorf("%v: rank %d of %s", scores, rank, scores[n])
			}
		}
	})
}

// Whatever a scheme is read from, it is written as what is read again, and its
// cards can score.
func FuzzParseScheme(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(flat(award("item"))))
	f.Add([]byte("limits: [{title: a limit without an id}]"))
	f.Add([]byte("id: x\nlimits:\n  - {id: a, within: b, most: 1}\n  - {id: b, within: a, most: 1}\nindicators: [{sources: [{children: [{}]}]}]"))
	f.Fuzz(func(t *testing.T, source []byte) {
		scheme, err := scoring.ParseScheme(source)
		if err != nil {
			return
		}
		written, err := scheme.Source()
		if err != nil {
			t.Fatal(err)
		}
		again := mustParse(t, string(written))
		for _, class := range again.Classes {
			card := mustCard(t, again, class.ID)
			marks := make([]scoring.Mark, len(card.Leaves))
			if result := card.Score(marks); result != card.Explain(marks).Result {
				t.Errorf("%+v", result)
			}
		}
	})
}
