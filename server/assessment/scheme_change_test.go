package assessment_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// schemeRows are all schemes as they are stored.
func (w *world) schemeRows() []models.ScoringScheme {
	w.Helper()
	var rows []models.ScoringScheme
	w.must(w.store.Read(w.Context()).Order("id").Find(&rows).Error)
	return rows
}

// editOf is the form of a scheme.
func (w *world) editOf(actor compliance.Actor, id uint64) assessment.SchemeEdit {
	w.Helper()
	view, err := w.Scheme(w.Context(), actor, id)
	w.must(err)
	return assessment.EditOf(view.Scheme)
}

func TestAFrozenSchemeNeverChangesWhoeverAsks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		frozen := w.scheme(plainScheme)
		before := w.schemeRows()
		for _, c := range []struct {
			actor compliance.Actor
			code  models.Code
			key   string
		}{
			{w.supervisor("210000"), models.NotFound, "assessment.scheme_unknown"},
			{w.reporter(jinan), models.Forbidden, "error.forbidden"},
			{w.supervisor(jinan), models.Forbidden, "error.forbidden"},
			{w.assessor(shandong), models.Forbidden, "error.forbidden"},
			{w.supervisor(shandong), models.Conflict, "schemes.frozen"},
			{w.actor(shandong, models.Administrator, models.Supervisor), models.Conflict, "schemes.frozen"},
		} {
			for name, act := range map[string]func() error{
				"change": func() error {
					_, err := w.ChangeScheme(t.Context(), c.actor, frozen.ID, frozen.Version, []byte(frozen.Source))
					return err
				},
				"edit": func() error {
					_, err := w.EditScheme(t.Context(), c.actor, frozen.ID, frozen.Version, w.editOf(w.supervisor(shandong), frozen.ID))
					return err
				},
				"discard": func() error { return w.DiscardScheme(t.Context(), c.actor, frozen.ID, frozen.Version) },
				"freeze":  func() error { return w.FreezeScheme(t.Context(), c.actor, frozen.ID, frozen.Version) },
				"preview": func() error { _, err := w.PreviewFreeze(t.Context(), c.actor, frozen.ID); return err },
			} {
				t.Log(c.actor.Name, name)
				w.wantCode(act(), c.code, c.key)
			}
		}
		// A copy of it, changed and frozen, leaves it as it is.
		copied, err := w.CopyScheme(t.Context(), w.supervisor(shandong), frozen.ID, assessment.CopyInput{ID: frozen.Code, Year: 2017})
		w.must(err)
		_, err = w.ChangeScheme(t.Context(), w.supervisor(shandong), copied.ID, 1, []byte(strings.Replace(copied.Source, "appeal_days: 5", "appeal_days: 7", 1)))
		w.must(err)
		w.must(w.FreezeScheme(t.Context(), w.supervisor(shandong), copied.ID, 2))
		if diff := cmp.Diff(before, w.schemeRows()[:1]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCopyingAScheme(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		frozen := w.scheme(plainScheme)
		_, err := w.AddScheme(t.Context(), w.supervisor(qingdao), []byte(schemeOf("qingdao-2017", qingdao, classA)))
		w.must(err)
		supervisor := w.supervisor(shandong)
		for _, c := range []struct {
			name  string
			actor compliance.Actor
			input assessment.CopyInput
			code  models.Code
			key   string
		}{
			{"by a stranger", w.supervisor("210000"), assessment.CopyInput{ID: "next", Year: 2018}, models.NotFound, "assessment.scheme_unknown"},
			{"by the scored", w.reporter(jinan), assessment.CopyInput{ID: "next", Year: 2018}, models.Forbidden, "error.forbidden"},
			{"no id", supervisor, assessment.CopyInput{Year: 2018}, models.Invalid, "scoring.bad_id"},
			{"bad id", supervisor, assessment.CopyInput{ID: "下一年", Year: 2018}, models.Invalid, "scoring.bad_id"},
			{"bad year", supervisor, assessment.CopyInput{ID: "next", Year: 0}, models.Invalid, "scoring.out_of_range"},
			{"another office's", supervisor, assessment.CopyInput{ID: "qingdao-2017", Year: 2018}, models.Conflict, "schemes.id_taken"},
		} {
			t.Log(c.name)
			_, err := w.CopyScheme(t.Context(), c.actor, frozen.ID, c.input)
			w.wantCode(err, c.code, c.key)
		}
		copied, err := w.CopyScheme(t.Context(), supervisor, frozen.ID, assessment.CopyInput{ID: "shandong-test-2018", Year: 2018})
		w.must(err)
		if copied.Status != models.SchemeDraft || copied.Year != 2018 || copied.Edition != 1 || *copied.BasedOn != frozen.ID || copied.FrozenAt != nil {
			t.Errorf("got %+v", copied)
		}
		_, err = w.CopyScheme(t.Context(), supervisor, frozen.ID, assessment.CopyInput{ID: "shandong-test-2018", Year: 2018})
		w.wantCode(err, models.Conflict, "schemes.draft_there")
		// A copy of the copy counts as one of the original once the copy is gone.
		third, err := w.CopyScheme(t.Context(), supervisor, copied.ID, assessment.CopyInput{ID: "shandong-test-2019", Year: 2019})
		w.must(err)
		w.must(w.DiscardScheme(t.Context(), supervisor, copied.ID, copied.Version))
		view, err := w.Scheme(t.Context(), supervisor, third.ID)
		w.must(err)
		if view.Base == nil || view.Base.ID != frozen.ID {
			t.Errorf("based on %+v", view.Base)
		}
	})
}

func TestTwoPeopleCopyAtOnceAndOneOfThemHasTheDraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		frozen := w.scheme(plainScheme)
		actors := []compliance.Actor{w.supervisor(shandong), w.actor(shandong, models.Supervisor, models.Reporter)}
		errs := make([]error, len(actors))
		var group sync.WaitGroup
		for i, actor := range actors {
			group.Go(func() {
				_, errs[i] = w.CopyScheme(t.Context(), actor, frozen.ID, assessment.CopyInput{ID: "next-2018", Year: 2018})
			})
		}
		group.Wait()
		refused := errs[0]
		if refused == nil {
			refused = errs[1]
		}
		w.wantCode(refused, models.Conflict, "schemes.draft_there")
		if rows := w.schemeRows(); len(rows) != 2 {
			t.Errorf("%d schemes are stored, %v", len(rows), errs)
		}
	})
}

func TestChangingADraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		supervisor := w.supervisor(shandong)
		draft, err := w.AddScheme(t.Context(), supervisor, []byte(plainScheme))
		w.must(err)
		_, err = w.AddScheme(t.Context(), supervisor, []byte(schemeOf("other-2017", shandong, classA)))
		w.must(err)
		before := w.schemeRows()
		for _, c := range []struct {
			name, from, to string
			version        int
			code           models.Code
			key            string
		}{
			{"an older version", "", "", 0, models.Stale, "schemes.stale"},
			{"another region", `region: "370000"`, `region: "370100"`, 1, models.Invalid, "schemes.other_region"},
			{"the id of another draft", "id: shandong-test-2017", "id: other-2017", 1, models.Conflict, "schemes.draft_there"},
		} {
			t.Log(c.name)
			_, err := w.ChangeScheme(t.Context(), supervisor, draft.ID, c.version, []byte(strings.Replace(plainScheme, c.from, c.to, 1)))
			w.wantCode(err, c.code, c.key)
		}
		_, err = w.ChangeScheme(t.Context(), supervisor, draft.ID, 1, []byte(strings.Replace(plainScheme, "year: 2017", "yeer: 2017", 1)))
		if err == nil || !strings.Contains(err.Error(), "line 4: yaml.unknown_field") {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff(before, w.schemeRows()); diff != "" {
			t.Error(diff)
		}
		changed, err := w.ChangeScheme(t.Context(), supervisor, draft.ID, 1, []byte(strings.Replace(plainScheme, "id: shandong-test-2017", "id: shandong-new-2017", 1)))
		w.must(err)
		if changed.Code != "shandong-new-2017" || changed.Edition != 1 || changed.Version != 2 {
			t.Errorf("got %+v", changed)
		}
	})
}

func TestDiscardingLeavesTheTextInTheLog(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		draft, err := w.AddScheme(t.Context(), w.supervisor(shandong), []byte(plainScheme))
		w.must(err)
		w.wantCode(w.DiscardScheme(t.Context(), w.assessor(shandong), draft.ID, 1), models.NotFound, "assessment.scheme_unknown")
		w.wantCode(w.DiscardScheme(t.Context(), w.supervisor(shandong), draft.ID, 2), models.Stale, "schemes.stale")
		w.must(w.DiscardScheme(t.Context(), w.supervisor(shandong), draft.ID, 1))
		var entry models.AuditEntry
		w.must(w.store.Read(t.Context()).Where("object = ? AND action = ?", "scoring-scheme", "discard").Take(&entry).Error)
		if len(w.schemeRows()) != 0 || entry.ObjectID != draft.ID || !strings.Contains(entry.Changes, "late_share") {
			t.Errorf("got %+v", entry)
		}
	})
}

func TestFreezingTellsWhoHasNoScheme(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		supervisor := w.supervisor(shandong)
		source := strings.Replace(schemeOf("a-2017", shandong, classA+", "+classC), "counts: {zh: 赋分, en: By judgement}\n    method: award\n",
			"counts: {zh: 自动, en: By duties}\n    method: auto\n    obligations: [sd2017.plan, sd2017.nothing]\n    late_share: 0.5\n", 1)
		draft, err := w.AddScheme(t.Context(), supervisor, []byte(source))
		w.must(err)
		_, err = w.PreviewFreeze(t.Context(), w.assessor(shandong), draft.ID)
		w.wantCode(err, models.NotFound, "assessment.scheme_unknown")

		preview, err := w.PreviewFreeze(t.Context(), supervisor, draft.ID)
		w.must(err)
		cities, others := preview.Classes[0], preview.Classes[1]
		if cities.Direct != 17 || cities.Whole < 17 || others.Direct != 0 || others.Whole != 0 {
			t.Errorf("got %+v", preview.Classes)
		}
		if len(preview.Without) == 0 || preview.Without[0].Class != "B" || preview.Left != 0 {
			t.Errorf("%d without, %d more", len(preview.Without), preview.Left)
		}
		if diff := cmp.Diff([]string{"sd2017.nothing"}, preview.Unknown); diff != "" {
			t.Error(diff)
		}
		// Another frozen scheme of the year has them.
		departments, err := w.AddScheme(t.Context(), supervisor, []byte(schemeOf("b-2017", shandong, `{id: B, title: {zh: 部门, en: Departments}}`)))
		w.must(err)
		w.must(w.FreezeScheme(t.Context(), supervisor, departments.ID, 1))
		if preview, err = w.PreviewFreeze(t.Context(), supervisor, draft.ID); err != nil || len(preview.Without) != 0 {
			t.Errorf("still %d without a scheme, %v", len(preview.Without), err)
		}
		// A unit without a class is scored by nobody.
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Unit{}).Where("code = ?", jinan).Update("class", "").Error
		}))
		if preview, err = w.PreviewFreeze(t.Context(), supervisor, draft.ID); err != nil || len(preview.Without) != 1 || preview.Without[0].Code != jinan {
			t.Errorf("got %+v, %v", preview.Without, err)
		}
	})
}

func schemesInvalid(err error) (*models.Error, bool) {
	var refusal *models.Error
	return refusal, errors.As(err, &refusal) && refusal.Code == models.Invalid
}
