package compliance_test

import (
	"strings"
	"testing"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestAnExemptionEndsAndItsPastStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017)
		plan, officer := w.duty(jinan, "sd2017.plan"), w.actor(models.Supervisor, "370000")
		w.unchanged(t, func() {
			wantError(t, w.RevokeExemption(t.Context(), officer, plan.ID, "职能未划转"), models.Conflict, "duty.not_exempt")
		})
		w.at("2017-06-10").exempted(plan)
		w.at("2017-06-20")
		w.unchanged(t, func() {
			wantFields(t, w.RevokeExemption(t.Context(), officer, plan.ID, " "), map[string]string{"reason": "filing.required"})
			wantError(t, w.RevokeExemption(t.Context(), w.actor(models.Reporter, jinan), plan.ID, "职能未划转"), models.Forbidden, "report.not_your_decision")
			wantError(t, w.RevokeExemption(t.Context(), w.actor(models.Supervisor, qingdao), plan.ID, "职能未划转"), models.NotFound, "duty.unknown")
		})
		w.must(w.RevokeExemption(t.Context(), officer, plan.ID, "职能未划转"))
		w.wantState(plan.ID, rules.Overdue)
		w.unchanged(t, func() {
			wantError(t, w.RevokeExemption(t.Context(), officer, plan.ID, "职能未划转"), models.Conflict, "duty.not_exempt")
		})
		w.at("2017-06-25").exempted(plan)
		w.at("2017-06-26").wantState(plan.ID, rules.Exempt)
		for _, c := range []struct {
			asOf    string
			state   rules.State
			history int
			revoked bool
		}{{"2017-06-09", rules.Pending, 0, false}, {"2017-06-19", rules.Exempt, 1, false}, {"2017-06-20", rules.Overdue, 1, true}, {"2017-06-25", rules.Exempt, 2, false}} {
			detail, err := w.Duty(t.Context(), rbac.Everywhere, plan.ID, day(c.asOf))
			w.must(err)
			if detail.Verdict.State != c.state || len(detail.Exemptions) != c.history || (detail.Exemption != nil) != (c.state == rules.Exempt) {
				t.Errorf("as of %s: %s, %d exemptions, want %+v", c.asOf, detail.Verdict.State, len(detail.Exemptions), c)
			}
			if c.history > 0 && (!detail.Exemptions[0].RevokedOn.IsZero() != c.revoked || (detail.Exemptions[0].RevokedName == officer.Name) != c.revoked) {
				t.Errorf("as of %s the exemption is %+v", c.asOf, detail.Exemptions[0])
			}
			w.wantBoardOfDuties("370000", 2017, day(c.asOf))
		}
		w.wantSoundTallies()
	})
}

// Revoked on the day it was granted, an exemption never held.
func TestAnExemptionRevokedTheSameDayNeverHeld(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
	event := w.duty(jinan, "sd2017.first-word")
	w.exempted(event)
	w.must(w.RevokeExemption(t.Context(), w.root(models.Supervisor), event.ID, "误批"))
	w.wantState(event.ID, rules.Unscheduled)
	w.at("2017-06-11")
	if got := w.stateOn(event.ID, day("2017-06-10")); got != rules.Unscheduled {
		t.Errorf("on that day it was %s", got)
	}
	w.wantSoundTallies()
}

// Whom the latest edition no longer binds owes nothing once the exemption ends.
func TestAnExemptionFromWhatNoLongerBindsTheUnitEndsInNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		group := w.duty(jinan, "sd2017.leading-group")
		w.exempted(group)
		text, asked := string(w.packText("shandong-2017")), "who: {kinds: [city, county, township, department]}"
		at := strings.Index(text, "sd2017.leading-group")
		w.amended([]byte(text[:at] + strings.Replace(text[at:], asked, "who: {kinds: [county]}", 1)))
		w.at("2017-06-22")
		w.must(w.RevokeExemption(t.Context(), w.root(models.Supervisor), group.ID, "误批"))
		for _, unit := range []string{jinan, qingdao} {
			if row := w.duty(unit, "sd2017.leading-group"); row.Outcome != models.Withdrawn {
				t.Errorf("%s owes it: %s", unit, row.Outcome)
			}
		}
		w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantSoundTallies()
	})
}

// What the policy has dropped meanwhile is owed by nobody, with or without an
// exemption.
func TestAnExemptionFromWhatWasDroppedEndsInNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		group := w.duty(jinan, "sd2017.leading-group")
		w.exempted(group)
		w.amended(without(w.packText("shandong-2017"), "sd2017.leading-group"))
		w.at("2017-06-22")
		w.must(w.RevokeExemption(t.Context(), w.root(models.Supervisor), group.ID, "误批"))
		for _, unit := range []string{jinan, qingdao} {
			if row := w.duty(unit, "sd2017.leading-group"); row.Outcome != models.Withdrawn {
				t.Errorf("%s owes it: %s", unit, row.Outcome)
			}
		}
		w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantSoundTallies()
	})
}
