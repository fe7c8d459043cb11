package compliance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func submission(filing rules.Filing) compliance.Submission {
	return compliance.Submission{Filing: filing}
}

// twoPolicies has Shandong's policy twice, the second time under other names, as
// when a later document asks for the same again.
func twoPolicies(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := briefingWorld(t, s)
	sources, err := seeds.PolicySources()
	w.must(err)
	for _, source := range sources {
		if source.ID != "shandong-2017" {
			continue
		}
		again := strings.NewReplacer("shandong-2017", "shandong-2018", "sd2017", "sd2018").Replace(string(source.Source))
		w.must(w.LoadPolicy(t.Context(), compliance.Actor{}, []byte(again)))
	}
	if _, err := w.Activate(t.Context(), w.root(models.Administrator), "shandong-2018", 2017); err != nil {
		t.Fatal(err)
	}
	for code, rule := range w.rules {
		w.rules[strings.Replace(code, "sd2017", "sd2018", 1)] = rule
	}
	return w
}

// companions are the duties offered, by unit and obligation.
func (w *world) companions(by compliance.Actor, duty models.Duty) []string {
	w.Helper()
	list, err := w.Companions(w.Context(), by, duty.ID)
	w.must(err)
	names := []string{}
	for _, c := range list {
		names = append(names, fmt.Sprintf("%s %s", c.Unit.Code, c.Obligation.Code))
	}
	return names
}

func TestOneFactForSeveralDuties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := twoPolicies(t, s)
		province, city := w.actor(models.Reporter, "370000"), w.actor(models.Reporter, jinan)
		plan, again, other := w.duty(jinan, "sd2017.plan"), w.duty(jinan, "sd2018.plan"), w.duty(qingdao, "sd2017.plan")
		if diff := cmp.Diff([]string{jinan + " sd2018.plan"}, w.companions(city, plan)); diff != "" {
			t.Errorf("offered to the city:\n%s", diff)
		}
		if diff := cmp.Diff([]string{jinan + " sd2018.plan", qingdao + " sd2017.plan"}, w.companions(province, plan)); diff != "" {
			t.Errorf("offered to the province:\n%s", diff)
		}
		_, err := w.Companions(t.Context(), w.actor(models.Reporter, qingdao), plan.ID)
		wantError(t, err, models.NotFound, "duty.unknown")

		file := w.attached(province, plan, "方案.pdf", pdf)
		sub := compliance.Submission{Filing: soundFiling(w.rules["sd2017.plan"], day("2017-05-08")), Evidence: []uint64{file}, Also: []uint64{again.ID, other.ID}, Key: "k"}
		receipt, err := w.File(t.Context(), province, plan.ID, sub)
		w.must(err)
		if len(receipt.Warnings) != 0 {
			t.Errorf("warned of what was filed together: %v", receipt.Warnings)
		}
		for _, duty := range []models.Duty{plan, again, other} {
			w.wantState(duty.ID, rules.Reported)
			if diff := cmp.Diff([]string{"方案.pdf"}, w.files(duty, w.reportOf(duty).ID)); diff != "" {
				t.Errorf("files of duty %d:\n%s", duty.ID, diff)
			}
		}
		w.unchanged(t, func() {
			replayed, err := w.File(t.Context(), province, plan.ID, sub)
			if err != nil || replayed.ID != receipt.ID {
				t.Errorf("the same request again: %v, %v", replayed, err)
			}
			sub.Also = sub.Also[:1]
			_, err = w.File(t.Context(), province, plan.ID, sub)
			wantError(t, err, models.Conflict, "report.key_used")
		})
		// What happened in one city is no fact of another one.
		word := w.duty(jinan, "sd2017.first-word")
		w.registered(jinan, word, incident("a", "2017-05-09 10:00"))
		w.registered(qingdao, w.duty(qingdao, "sd2017.first-word"), incident("a", "2017-05-09 10:00"))
		if diff := cmp.Diff([]string{jinan + " sd2018.first-word"}, w.companions(province, word)); diff != "" {
			t.Errorf("for the incident:\n%s", diff)
		}
		if left := w.companions(province, w.duty(jinan, "sd2017.briefing")); len(left) != 2 {
			t.Errorf("for the briefing %v are offered, want two", left)
		}
		w.wantSoundTallies()
	})
}

func TestForAllDutiesOrForNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := twoPolicies(t, s)
		province, plan := w.actor(models.Reporter, "370000"), w.duty(jinan, "sd2017.plan")
		again, other := w.duty(jinan, "sd2018.plan"), w.duty(qingdao, "sd2017.plan")
		w.exempted(again)
		filing := soundFiling(w.rules["sd2017.plan"], day("2017-05-08"))
		w.unchanged(t, func() {
			_, err := w.File(t.Context(), province, plan.ID, compliance.Submission{Filing: filing,
				Also: []uint64{other.ID, again.ID, w.duty(qingdao, "sd2018.plan").ID, w.duty(jinan, "sd2017.briefing").ID, 9999, other.ID, plan.ID}})
			wantFields(t, err, map[string]string{"also[1]": "duty.exempt_refused", "also[2]": "filing.also_other", "also[3]": "filing.also_other",
				"also[4]": "duty.unknown", "also[5]": "filing.also_twice", "also[6]": "filing.also_twice"})
			// The city's reporter may not file for the other city, and learns nothing of it.
			_, err = w.File(t.Context(), w.actor(models.Reporter, jinan), plan.ID, compliance.Submission{Filing: filing, Also: []uint64{other.ID}})
			wantFields(t, err, map[string]string{"also[0]": "duty.unknown"})
			_, err = w.File(t.Context(), province, plan.ID, compliance.Submission{Filing: filing, Also: make([]uint64, compliance.MaxCompanions+1)})
			wantFields(t, err, map[string]string{"also": "filing.also_many"})
		})
		// After the term each of the duties misses the reason.
		w.at("2017-08-01")
		filing.LateReason, filing.Title = "", ""
		w.unchanged(t, func() {
			_, err := w.File(t.Context(), province, plan.ID, compliance.Submission{Filing: filing, Also: []uint64{other.ID}})
			wantFields(t, err, map[string]string{"title": "filing.required", "late_reason": "filing.late_reason",
				"also[0].title": "filing.required", "also[0].late_reason": "filing.late_reason"})
		})
	})
}
