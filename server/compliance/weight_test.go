package compliance_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// weights are those that the actor finds, as texts by the codes of units.
func (w *world) weights(actor compliance.Actor, year int, codes ...string) map[string]string {
	w.Helper()
	var units []uint64
	for _, code := range codes {
		units = append(units, w.unit(code).ID)
	}
	found, err := w.Weights(w.Context(), actor, units, year)
	w.must(err)
	texts := map[string]string{}
	for code, unit := range w.units {
		if weight, ok := found[unit.ID]; ok {
			texts[code] = fmt.Sprintf("%s/%s=%s verified=%v", weight.Points(), weight.Share.Total, weight.Share.Percentage(weight.Related), weight.Verified)
		}
	}
	return texts
}

func wantWeights(t *testing.T, got, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("weights (-want +got):\n%s", diff)
	}
}

const weightDuty = "sd2017.weight"

func TestWeightsOutsideTheGrantsAreNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", "370100", "370200").activated("shandong-2017", 2017).at("2017-06-01")
		for _, code := range []string{"370100", "370200"} {
			w.verified(w.filed(code, w.duty(code, weightDuty), scheme(day("2017-03-01"), "100", "4")))
		}
		wantWeights(t, w.weights(compliance.Actor{}, 2017), map[string]string{})
		jinan := w.actor(models.Viewer, "370100")
		wantWeights(t, w.weights(jinan, 2017, "370200"), map[string]string{})
		wantWeights(t, w.weights(jinan, 2017), map[string]string{"370100": "4/100=4.00 verified=true"})
		wantWeights(t, w.weights(w.root(models.Viewer), 2018), map[string]string{})
		wantWeights(t, w.weights(w.root(models.Viewer), 2017, "370200"), map[string]string{"370200": "4/100=4.00 verified=true"})
	})
}

func TestTheLastVerifiedSchemeIsTheWeight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", "370100", "370200").activated("shandong-2017", 2017).at("2017-06-01")
		viewer, duty := w.root(models.Viewer), w.duty("370100", weightDuty)
		wantWeights(t, w.weights(viewer, 2017), map[string]string{})
		// What waits is shown as such, and what came back is nothing.
		w.returned(w.filed("370100", duty, scheme(day("2017-02-01"), "1000", "50")))
		wantWeights(t, w.weights(viewer, 2017), map[string]string{})
		short := w.filed("370100", duty, scheme(day("2017-03-01"), "1000", "39.99"))
		wantWeights(t, w.weights(viewer, 2017), map[string]string{"370100": "39.99/1000=3.999 verified=false"})
		w.verified(short)
		// A new one that waits does not count yet.
		again := w.filed("370100", duty, scheme(day("2017-05-01"), "1000", "40"))
		wantWeights(t, w.weights(viewer, 2017), map[string]string{"370100": "39.99/1000=3.999 verified=true"})
		verified := w.verified(again)
		wantWeights(t, w.weights(viewer, 2017), map[string]string{"370100": "40/1000=4.00 verified=true"})
		w.wantState(duty.ID, rules.Met)
		// Unlocked again, the one before stands.
		_, err := w.Reopen(w.Context(), w.root(models.Supervisor), verified.ID, verified.Version, "方案有误")
		w.must(err)
		wantWeights(t, w.weights(viewer, 2017), map[string]string{"370100": "39.99/1000=3.999 verified=true"})
	})
}

func TestASchemeAdoptedEarlierDoesNotReplaceAVerifiedOne(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", "370100").activated("shandong-2017", 2017).at("2017-06-01")
	duty := w.duty("370100", weightDuty)
	for _, filing := range []rules.Filing{scheme(day("2017-05-01"), "100", "3"), scheme(day("2017-03-01"), "100", "9"), scheme(day("2017-05-01"), "100", "2")} {
		w.verified(w.filed("370100", duty, filing))
	}
	wantWeights(t, w.weights(w.root(models.Viewer), 2017), map[string]string{"370100": "2/100=2.00 verified=true"})
	detail, err := w.Duty(w.Context(), w.root(models.Viewer).Access.Scope("duty", "read"), duty.ID, w.Today())
	w.must(err)
	if detail.Verdict.Value != "2.00" {
		t.Errorf("the judge finds %s, the list 2.00", detail.Verdict.Value)
	}
}

func TestTheStricterOfTwoDemands(t *testing.T) {
	percent := func(text string) rules.Weight {
		return rules.Weight{AtLeast: rules.Percent{Decimal: decimal.RequireFromString(text)}}
	}
	related := percent("4")
	related.Related = true
	order := []rules.Weight{percent("5"), percent("4"), related, {NotBelowLastYear: true}, {Included: true}, {Included: true, Related: true}}
	for i := range order {
		for j := range order {
			if got := order[i].Stricter(&order[j]); (got > 0) != (i < j) || (got < 0) != (i > j) {
				t.Errorf("demand %d against %d: %d", i, j, got)
			}
		}
	}
}

// table is what the viewer of everything sees of the unit, row by row as texts.
func (w *world) weightTable(unit string, year int) (rows, history []string) {
	w.Helper()
	table, err := w.WeightTable(w.Context(), w.root(models.Viewer), compliance.WeightQuery{Unit: w.unit(unit), Year: year, AsOf: w.Today()})
	w.must(err)
	return weightTexts(table.Rows), weightTexts(table.History)
}

func weightTexts(rows []compliance.WeightRow) []string {
	var texts []string
	for _, row := range rows {
		text := fmt.Sprintf("%s %d %s", row.Unit.Code, row.Year, row.Standing)
		if row.Rule != nil {
			text += " of " + row.Required
		}
		if row.Weight != nil {
			text += fmt.Sprintf(": %s/%s", row.Weight.Share.Percentage(false), row.Weight.Share.Percentage(true))
		}
		if change, sign := row.Change(); change != "" {
			text += fmt.Sprintf(" %+d %s", sign, change)
		}
		if row.Waiting != nil {
			text += " then " + row.Waiting.Share.Percentage(false)
		}
		texts = append(texts, text)
	}
	return texts
}

// withRelated is a scheme of 100 with 3 points of openness and 3 near it.
func withRelated(on string) rules.Filing {
	return rules.Filing{On: day(on), Total: "100", LateReason: lateReason, Items: []rules.Item{
		{Name: "政务公开", Points: "3", Openness: rules.OpennessCore, Reason: "本项"},
		{Name: "热线", Points: "3", Openness: rules.OpennessRelated, Reason: "答复公开"}, {Name: "其他", Points: "94"}}}
}

func TestTheTableOfWeightsBelow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", "370100", "370200", "370300", "370400", "370500", "370600").activated("shandong-2017", 2017).at("2017-06-01")
		duty := func(unit string) models.Duty { return w.duty(unit, weightDuty) }
		w.verified(w.filed("370100", duty("370100"), scheme(day("2017-03-01"), "1000", "40")))
		w.verified(w.filed("370200", duty("370200"), scheme(day("2017-03-01"), "1000", "39.99")))
		w.filed("370300", duty("370300"), scheme(day("2017-03-01"), "100", "5"))
		w.exempted(duty("370400"))
		w.verified(w.filed("370500", duty("370500"), withRelated("2017-03-01")))
		w.filed("370500", duty("370500"), scheme(day("2017-05-01"), "100", "4.5"))
		rows, history := w.weightTable("370000", 2017)
		if diff := cmp.Diff([]string{
			"370100 2017 holds of 4.00: 4.00/4.00",
			"370200 2017 short of 4.00: 3.999/3.999",
			"370300 2017 waits of 4.00: 5.00/5.00",
			"370400 2017 exempt of 4.00",
			"370500 2017 waits of 4.00: 3.00/6.00 then 4.50",
			"370600 2017 missing of 4.00",
		}, rows); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if history != nil {
			t.Errorf("the province owes nothing itself and has %v", history)
		}
		rows, _ = w.weightTable("370000", 2018)
		if len(rows) != 6 || rows[0] != "370100 2018 not_owed" {
			t.Errorf("a year in which nobody is asked: %v", rows)
		}
		// What was known in April is shown as it was known.
		table, err := w.WeightTable(w.Context(), w.root(models.Viewer), compliance.WeightQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day("2017-04-30")})
		w.must(err)
		if got := weightTexts(table.Rows)[0]; got != "370100 2017 missing of 4.00" {
			t.Errorf("in April: %s", got)
		}
		_, err = w.WeightTable(w.Context(), w.root(models.Viewer), compliance.WeightQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day("2017-06-02")})
		wantFields(t, err, map[string]string{"as_of": "board.as_of_future"})
	})
}

func TestTheTableTellsNothingOutsideTheGrants(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", "370100", "370200").activated("shandong-2017", 2017).at("2017-06-01")
	for _, unit := range []string{"370100", "370200"} {
		w.verified(w.filed(unit, w.duty(unit, weightDuty), scheme(day("2017-03-01"), "100", "4")))
	}
	for _, actor := range []compliance.Actor{{}, w.actor(models.Viewer, "370100")} {
		table, err := w.WeightTable(w.Context(), actor, compliance.WeightQuery{Unit: w.unit("370200"), Year: 2017, AsOf: w.Today()})
		w.must(err)
		if len(table.History) > 0 {
			t.Errorf("somebody else's weights: %v", weightTexts(table.History))
		}
	}
}

func TestTheHistoryOfAWeightThatMustNotFall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "210000", "210100").activated("liaoning-2016", 2016, 2017, 2018)
		for _, filed := range []struct{ year, total, openness string }{{"2016", "100", "3"}, {"2017", "300", "10"}, {"2018", "1000", "33.33"}} {
			w.at(filed.year + "-06-01")
			w.verified(w.filed("210100", w.dutyIn("210100", "ln2016.weight", filed.year), scheme(day(filed.year+"-03-01"), filed.total, filed.openness)))
		}
		_, history := w.weightTable("210100", 2018)
		if diff := cmp.Diff([]string{
			"210100 2018 short of 3.3333: 3.333/3.333 -1 0.0003",
			"210100 2017 holds of 3.00: 3.3333/3.3333 +1 0.3333",
			"210100 2016 holds of > 0: 3.00/3.00",
		}, history); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
	})
}

// TestTheTableCostsTheSameForAnyNumberOfUnits counts the statements for three and
// for seventeen children.
func TestTheTableCostsTheSameForAnyNumberOfUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017).at("2017-06-01")
		statements := 0
		calls, count := s.Read(t.Context()).Callback(), func(*gorm.DB) { statements++ }
		w.must(calls.Query().After("gorm:query").Register("weight:count", count))
		w.must(calls.Row().After("gorm:row").Register("weight:count", count))
		viewer := w.root(models.Viewer)
		cost := map[string]int{}
		for _, unit := range []string{"370000", "370100"} {
			statements = 0
			_, err := w.WeightTable(t.Context(), viewer, compliance.WeightQuery{Unit: w.unit(unit), Year: 2017, AsOf: w.Today()})
			w.must(err)
			cost[unit] = statements
		}
		statements = 0
		_, err := w.Weights(t.Context(), viewer, nil, 2017)
		w.must(err)
		if cost["370000"] > 7 || cost["370100"] > cost["370000"] || statements > 4 {
			t.Errorf("%v statements for the tables, %d for all weights", cost, statements)
		}
	})
}
