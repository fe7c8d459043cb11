package compliance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestAPackIsLoadedByWhoHasItsWholeRegion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, "210000").at("2017-01-01")
		source := w.packText("shandong-2017")
		nobody := w.root(models.Viewer)
		for _, by := range []compliance.Actor{nobody, w.actor(models.Supervisor, "370000"), w.actor(models.Administrator, jinan), w.actor(models.Administrator, "210000")} {
			w.unchanged(t, func() {
				wantError(t, w.LoadPolicy(t.Context(), by, source), models.Forbidden, "policy.not_your_region")
				_, err := w.PreviewPack(t.Context(), by, source)
				wantError(t, err, models.Forbidden, "policy.not_your_region")
			})
		}
		// A region without units is nobody's but theirs who have everything.
		w.unchanged(t, func() {
			wantError(t, w.LoadPolicy(t.Context(), w.actor(models.Administrator, "370000"), w.packText("lanzhou-2016")), models.Forbidden, "policy.not_your_region")
		})
		w.must(w.LoadPolicy(t.Context(), w.root(models.Administrator), w.packText("lanzhou-2016")))
		admin := w.actor(models.Administrator, "370000")
		w.must(w.LoadPolicy(t.Context(), admin, source))
		editions, err := w.Editions(t.Context(), "shandong-2017")
		w.must(err)
		if len(editions) != 1 || editions[0].LoadedBy != admin.Name {
			t.Errorf("editions %+v, want one by %s", editions, admin.Name)
		}
	})
}

// deep is a text of lists inside lists.
func deep(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

// bomb is a text that aliases would make a document of billions of nodes.
func bomb() string {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		alias := "*a" + string(rune('0'+(i-1)%10))
		text += "a" + string(rune('0'+i%10)) + ": &a" + string(rune('0'+i%10)) + " [" + strings.Repeat(alias+", ", 9) + alias + "]\n"
	}
	return text
}

func TestPacksThatAreNoneAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01")
		w.loaded("liaoning-2016")
		admin := w.root(models.Administrator)
		refused := func(source []byte) error {
			_, err := w.PreviewPack(t.Context(), admin, source)
			loading := w.LoadPolicy(t.Context(), admin, source)
			if err == nil || loading == nil || err.Error() != loading.Error() {
				t.Errorf("preview: %v; load: %v", err, loading)
			}
			return loading
		}
		w.unchanged(t, func() {
			wantFields(t, refused([]byte(strings.Repeat("#", compliance.MaxSource+1))), map[string]string{"source": "policy.too_large"})
			wantFields(t, refused([]byte("id: \xff")), map[string]string{"source": "policy.not_utf8"})
			for text, want := range map[string]string{
				"":                           "yaml.empty",
				"id: x\n---\nid: y\n":        "yaml.one_document",
				bomb():                       "yaml.unknown_field",
				"id: &a [x]\ntitle: *a\n":    "yaml.no_alias",
				"obligations: " + deep(9000): "pack.missing",
				"id: " + deep(200_000):       "yaml.syntax",
				strings.Repeat("a: 1\n", 99): "yaml.unknown_field",
			} {
				if err := refused([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%.40q: %.200v, want %s", text, err, want)
				}
			}
			// Three faults far apart are told all at once, each with its line.
			faulty := string(w.packText("shandong-2017", "n: 60, after: congress-closed", "n: 0, after: congress-closed",
				"kind: weight", "kind: wait", `points: "10"`, `points: "ten"`))
			err := refused([]byte(faulty)).Error()
			for _, want := range []string{"pack.at_least_one", "pack.unknown_kind", "pack.bad_points"} {
				if !strings.Contains(err, want) {
					t.Errorf("%s, want %s too", err, want)
				}
			}
			for from, want := range map[string]string{
				"n: 60,":                         "pack.at_most n: 1001,",
				"min: 1, window: year, presided": "pack.at_most min: 1001, window: year, presided",
				"title: {zh: 制定政务公开业务培训计划,":       "pack.too_long title: {zh: " + strings.Repeat("长", 501) + ",",
				"clause: 最后一段":                    "pack.too_long clause: " + strings.Repeat("长", 201),
				"  - id: sd2017.rotation\n":       "pack.too_long   - id: sd2017." + strings.Repeat("a", 60) + "\n",
				"number: 鲁政办发〔2017〕39号":           "pack.too_long number: " + strings.Repeat("长", 201),
				"require: {from: 2017-01-01, unt": "yaml.unknown_field require: {from: 2017-01-01, until: 2018-01-01, x",
			} {
				key, to, _ := strings.Cut(want, " ")
				if err := refused(w.packText("shandong-2017", from, to)); err == nil || !strings.Contains(err.Error(), key) {
					t.Errorf("%s: %v, want %s", to, err, key)
				}
			}
			// Obligations are known by their ids everywhere.
			taken := strings.ReplaceAll(string(w.packText("liaoning-2016")), "id: liaoning-2016", "id: liaoning-2019")
			if err := refused([]byte(taken)); err == nil || !strings.Contains(err.Error(), "policy.obligation_taken") {
				t.Errorf("another policy's obligations: %v", err)
			}
		})
	})
}

func TestAPackKnownIsToldFromANewOne(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-06-01")
	admin := w.root(models.Administrator)
	preview := func(source []byte) *compliance.PackPreview {
		t.Helper()
		p, err := w.PreviewPack(t.Context(), admin, source)
		w.must(err)
		return p
	}
	source := w.packText("shandong-2017")
	if p := preview(source); p.Known || p.Units != 2 || len(p.Years) != 1 || p.Years[0].Year != 2017 || p.Years[0].Units != 2 {
		t.Errorf("a new pack: %+v", p)
	}
	w.must(w.LoadPolicy(t.Context(), admin, source))
	// A browser sends the same text with other ends of lines.
	if p := preview([]byte(strings.ReplaceAll(string(source), "\n", "\r\n"))); !p.Known || !p.Same {
		t.Errorf("the same pack: %+v", p)
	}
	if p := preview(w.packText("shandong-2017", "n: 30,", "n: 40,")); !p.Known || p.Same {
		t.Errorf("another edition: %+v", p)
	}
}

func TestAnActivationIsAsPreviewed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "370000-bgt").at("2017-01-01")
		w.addUnit("370181", models.County, jinan, "2000-01-01", "2016-12-31") // closed before
		w.loaded("shandong-2017")
		admin := w.root(models.Administrator)
		w.unchanged(t, func() {
			for _, by := range []compliance.Actor{{}, w.actor(models.Supervisor, "370000"), w.actor(models.Administrator, jinan)} {
				_, err := w.PreviewActivation(t.Context(), by, "shandong-2017", 2017)
				wantError(t, err, models.Forbidden, "policy.not_your_region")
			}
			_, err := w.PreviewActivation(t.Context(), admin, "shandong-2017", 2016)
			wantFields(t, err, map[string]string{"year": "policy.nothing_in_year"})
			_, err = w.PreviewActivation(t.Context(), admin, "shandong-2018", 2017)
			wantError(t, err, models.NotFound, "policy.unknown")
			_, err = w.ActivateSeen(t.Context(), admin, "shandong-2017", 2017, "of another preview")
			wantError(t, err, models.Stale, "policy.preview_stale")
		})
		preview, err := w.PreviewActivation(t.Context(), admin, "shandong-2017", 2017)
		w.must(err)
		done, err := w.ActivateSeen(t.Context(), admin, "shandong-2017", 2017, preview.Seen)
		w.must(err)
		if done != preview.Activation || preview.Idle != 1 {
			t.Errorf("previewed %+v with %d idle, done %+v", preview.Activation, preview.Idle, done)
		}
		got := make([]compliance.ObligationPlan, len(preview.Obligations))
		for _, row := range w.dutyRows() {
			for i := range got {
				if line := &got[i]; preview.Obligations[i].Rule.ID == w.obligationCodes()[row.ObligationID] {
					line.Duties++
					line.Units++ // one duty each in Shandong's year
					if row.DueOn.IsZero() {
						line.Unscheduled++
						continue
					}
					if line.First.IsZero() || row.DueOn < line.First {
						line.First = row.DueOn
					}
					line.Last = max(line.Last, row.DueOn)
				}
			}
		}
		for i := range got {
			got[i].Rule = preview.Obligations[i].Rule
		}
		if diff := cmp.Diff(preview.Obligations, got); diff != "" {
			t.Errorf("duties by obligation (-preview +rows):\n%s", diff)
		}
		_, err = w.PreviewActivation(t.Context(), admin, "shandong-2017", 2017)
		wantError(t, err, models.Conflict, "policy.active")
	})
}

func TestAnActivationThatTheWorldOvertookIsNotDone(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01")
	w.loaded("shandong-2017")
	admin := w.root(models.Administrator)
	preview, err := w.PreviewActivation(t.Context(), admin, "shandong-2017", 2017)
	w.must(err)
	w.addUnit("370181", models.County, jinan, "2000-01-01", "")
	w.unchanged(t, func() {
		_, err := w.ActivateSeen(t.Context(), admin, "shandong-2017", 2017, preview.Seen)
		wantError(t, err, models.Stale, "policy.preview_stale")
	})
}
