package compliance_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestADraftIsSavedByOneWindowAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		half := rules.Filing{Title: "听取", URL: "not yet", Items: []rules.Item{{Points: "x"}}}
		first, err := w.SaveDraft(t.Context(), reporter, duty.ID, half, 0)
		w.must(err)
		second, err := w.SaveDraft(t.Context(), reporter, duty.ID, rules.Filing{Title: "听取汇报"}, first.Version)
		w.must(err)
		w.unchanged(t, func() {
			for _, version := range []int{0, first.Version, second.Version + 1} {
				_, err := w.SaveDraft(t.Context(), reporter, duty.ID, half, version)
				wantError(t, err, models.Stale, "draft.stale")
			}
		})
		view, err := w.Draft(t.Context(), reporter, duty.ID)
		w.must(err)
		if diff := cmp.Diff(rules.Filing{Title: "听取汇报"}, view.Content); diff != "" || view.Version != second.Version {
			t.Errorf("version %d, content:\n%s", view.Version, diff)
		}
		// A colleague has a draft of their own and does not see this one.
		colleague := w.actor(models.Reporter, jinan)
		if view, err := w.Draft(t.Context(), colleague, duty.ID); err != nil || view.Version != 0 || view.Content.Title != "" {
			t.Errorf("a colleague reads %+v, %v", view, err)
		}
		_, err = w.Draft(t.Context(), w.actor(models.Reporter, qingdao), duty.ID)
		wantError(t, err, models.NotFound, "duty.unknown")
		w.wantState(duty.ID, rules.Pending)
	})
}

func TestOnlyOneOfManyWindowsBeginsADraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		got := together(func(int) error {
			_, err := w.SaveDraft(t.Context(), reporter, duty.ID, rules.Filing{Title: "听取"}, 0)
			return err
		})
		if got[""] != 1 || got[models.Stale] != crowd-1 {
			t.Errorf("%v, want one draft and %d stale windows", got, crowd-1)
		}
	})
}

func TestADraftGoesWithItsReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, colleague, duty := w.actor(models.Reporter, jinan), w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		draft, err := w.SaveDraft(t.Context(), reporter, duty.ID, rules.Filing{Title: "听取"}, 0)
		w.must(err)
		_, err = w.SaveDraft(t.Context(), colleague, duty.ID, rules.Filing{Title: "听取"}, 0)
		w.must(err)
		w.unchanged(t, func() {
			_, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: rules.Filing{}})
			if !models.IsCode(err, models.Invalid) {
				t.Errorf("%v, want it refused", err)
			}
		})
		_, err = w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: w.briefing("2017-05-08")})
		w.must(err)
		if drafts := w.content("drafts")["drafts"]; len(drafts) != 1 {
			t.Errorf("drafts %v, want the colleague's alone", drafts)
		}
		w.unchanged(t, func() {
			_, err := w.SaveDraft(t.Context(), reporter, duty.ID, rules.Filing{Title: "听取"}, draft.Version)
			wantError(t, err, models.Conflict, "duty.waits")
		})
		w.returned(w.reportOf(duty))
		_, err = w.SaveDraft(t.Context(), reporter, duty.ID, rules.Filing{Title: "听取"}, draft.Version)
		wantError(t, err, models.Stale, "draft.stale")
	})
}

func TestADiscardedDraftLeavesOneEntryAndNoFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := briefingWorld(t, s)
		reporter, colleague, duty := w.actor(models.Reporter, jinan), w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.briefing")
		theirs := w.attached(colleague, duty, "纪要.pdf", pdf)
		mine := w.attached(reporter, duty, "纪要.pdf", pdf)
		for version := range 3 {
			_, err := w.SaveDraft(t.Context(), reporter, duty.ID, rules.Filing{Title: "听取"}, version)
			w.must(err)
		}
		w.must(w.DiscardDraft(t.Context(), reporter, duty.ID))
		w.wantHidden(reporter, mine)
		w.wantRead(colleague, theirs, pdf)
		var actions []string
		w.must(w.store.Read(t.Context()).Model(&models.AuditEntry{}).Where("user_id = ?", reporter.ID).Pluck("action", &actions).Error)
		slices.Sort(actions)
		if diff := cmp.Diff([]string{"attach", "begin", "detach", "discard"}, actions); diff != "" {
			t.Error(diff)
		}
		w.unchanged(t, func() { w.must(w.DiscardDraft(t.Context(), reporter, duty.ID)) })
	})
}
