package compliance_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// turned is a world on the day on which two rotations turn, as was foreseen a month
// before, and nobody writes: that of Lixia is met since its untrained member has
// left, that of Jinan is open since somebody untrained has come.
func turned(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := rotating(t, s).at("2017-06-01")
	for _, unit := range []string{lixia, jinan} {
		w.trained(unit, w.hired(unit, "张三", "2016-03-01", "").PersonID, "2017-05-31")
	}
	w.hired(lixia, "李四", "2016-03-01", "2017-07-02")
	w.hired(jinan, "王五", "2017-07-03", "")
	w.at("2017-07-03").wantRotation(lixia, "2017-07-03", rules.Met, 1, 1)
	w.wantRotation(jinan, "2017-07-03", rules.Pending, 2, 1)
	return w
}

// An amendment that changes nothing of a rotation moves none; one that was met
// meanwhile keeps its edition, one that opened again goes on by the new one.
func TestAnAmendmentFindsRotationsAsTheyStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := turned(t, s)
		admin, source := w.root(models.Administrator), append(w.packText("shandong-2017"), "# a comment\n"...)
		before := w.board("370000", 2017, "2017-07-03")
		preview, err := w.PreviewAmendment(t.Context(), admin, "shandong-2017", source)
		w.must(err)
		// Jinan, Qingdao and the office are open, Lixia is met.
		for _, o := range preview.Obligations {
			if want := (compliance.Changes{Kept: 3, Settled: 1}); o.After.ID == rotation && o.Changes != want {
				t.Errorf("rotations %+v, want %+v", o.Changes, want)
			}
		}
		if preview.Moved != 0 || len(preview.Moves) != 0 {
			t.Errorf("%d duties move: %+v", preview.Moved, preview.Moves)
		}
		_, err = w.Amend(t.Context(), admin, "shandong-2017", source, "勘误", preview.Seen)
		w.must(err)
		for unit, want := range map[string]int{lixia: 1, jinan: 2} {
			if got := w.duty(unit, rotation).Edition; got != want {
				t.Errorf("%s: edition %d, want %d", unit, got, want)
			}
		}
		if diff := cmp.Diff(before.Totals, w.board("370000", 2017, "2017-07-03").Totals); diff != "" {
			t.Errorf("the board of the day (-before +after):\n%s", diff)
		}
		w.wantRotation(lixia, "2017-07-03", rules.Met, 1, 1)
		w.wantRotation(jinan, "2017-07-03", rules.Pending, 2, 1)
		w.wantSoundTallies()
	})
}

func TestARetirementFindsRotationsAsTheyStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := turned(t, s)
		w.retired("2017-07-03")
		w.at("2017-07-04").wantRotation(lixia, "2017-07-04", rules.Met, 1, 1)
		if got := w.duty(jinan, rotation).Outcome; got != models.Withdrawn {
			t.Errorf("Jinan's rotation is %s, want withdrawn", got)
		}
	})
}

// What an office may grant follows from how the duty stands, and so does what its
// page says of that.
func TestGrantsFindRotationsAsTheyStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := turned(t, s)
		officer := w.root(models.Supervisor)
		met, open := w.duty(lixia, rotation), w.duty(jinan, rotation)
		wantError(t, w.Exempt(t.Context(), officer, met.ID, "机构改革", "鲁政办〔2017〕1号"), models.Conflict, "duty.already_done")
		wantError(t, w.Extend(t.Context(), officer, met.ID, met.Version, later("2019-06-28")), models.Conflict, "duty.already_done")
		for _, c := range []struct {
			duty    models.Duty
			refused bool
		}{{met, true}, {open, false}} {
			detail, err := w.Duty(t.Context(), rbac.Scope{"/"}, c.duty.ID, w.Today())
			w.must(err)
			if (detail.NotExtensible != nil) != c.refused {
				t.Errorf("the page of duty %d says %v of an extension", c.duty.ID, detail.NotExtensible)
			}
		}
		w.must(w.Extend(t.Context(), officer, open.ID, open.Version, later("2019-06-28")))
		w.wantRotation(jinan, "2017-07-03", rules.Pending, 2, 1)
		w.wantSoundTallies()
	})
}

func TestClosingsFindRotationsAsTheyStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := turned(t, s)
		for unit, want := range map[string]int{lixia: 0, jinan: 1} { // Lixia lies in Jinan
			preview, err := w.PreviewClosing(t.Context(), w.unit(unit), 2018)
			w.must(err)
			if preview.Open != want {
				t.Errorf("%s: %d duties of 2018 are open, want %d", unit, preview.Open, want)
			}
		}
		// What was done stays when the unit ends, what is open is no longer owed.
		w.changed(compliance.CloseUnit{Code: lixia, On: w.Today(), Reason: "撤销"})
		w.wantRotation(lixia, "2017-07-03", rules.Met, 1, 1)
		w.wantSoundTallies()
	})
}
