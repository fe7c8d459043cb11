package compliance_test

import (
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// The states that scores count are those of the list of duties, on every day.
func TestStatesForScoresAreThoseOfTheDuties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017)
		w.at("2017-06-10").exempted(w.duty(qingdao, "sd2017.plan"))
		w.at("2017-07-01")
		obligations := []string{"sd2017.plan", "sd2017.briefing"}
		for _, asOf := range []string{"2017-01-02", "2017-06-09", "2017-06-10", "2017-06-16", "2017-06-17", "2017-07-01"} {
			want := map[uint64]rules.State{}
			for _, obligation := range obligations {
				page, err := w.Duties(t.Context(), compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, Obligation: obligation, AsOf: day(asOf), Limit: compliance.MaxLimit})
				w.must(err)
				for _, item := range page.Items {
					if item.Unit.Code == jinan || item.Unit.Code == qingdao {
						want[item.Duty.ID] = item.Verdict.State
					}
				}
			}
			got := map[uint64]rules.State{}
			db := s.Read(t.Context())
			for _, units := range []any{[]uint64{w.unit(jinan).ID}, rbac.Scope{w.unit(qingdao).Path}.Where(db, "path").Model(&models.Unit{}).Select("id")} {
				w.must(w.DutyStates(db, units, obligations, 2017, day(asOf), func(duty compliance.DutyState) error {
					got[duty.ID] = duty.State
					return nil
				}))
			}
			if len(got) != len(want) {
				t.Errorf("as of %s: %d states, want %d", asOf, len(got), len(want))
			}
			for id, state := range want {
				if got[id] != state {
					t.Errorf("as of %s duty %d is %q, want %q", asOf, id, got[id], state)
				}
			}
		}
		stop := gorm.ErrInvalidData
		if err := w.DutyStates(s.Read(t.Context()), []uint64{w.unit(jinan).ID}, obligations, 2017, day("2017-07-01"), func(compliance.DutyState) error { return stop }); err != stop {
			t.Errorf("an error of the caller came back as %v", err)
		}
	})
}
