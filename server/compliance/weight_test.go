package compliance_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

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
