package compliance_test

import (
	"errors"
	"slices"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

const lixia = "370102" // 历下区, a district of 济南

// newDistrict is a world with a district below a city below a province, whose
// policy asks for two acceptances.
func newDistrict(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01")
	w.addUnit(lixia, models.County, jinan, "2000-01-01", "")
	return w.activated("shandong-2017", 2017).withLevels("shandong-2017", 2)
}

func (w *world) withLevels(policy string, levels int) *world {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Policy{}).Where("code = ?", policy).Update("levels", levels).Error
	}))
	return w
}

// plan files the district's plan on 10 June 2017.
func (w *world) plan(unit string) *models.Report {
	w.Helper()
	w.at("2017-06-10")
	return w.filed(unit, w.duty(unit, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-09")))
}

// grants is somebody with several grants.
func (w *world) grants(actor compliance.Actor, grants ...rbac.Grant) compliance.Actor {
	actor.Access = w.table.Access(grants...)
	return actor
}

func TestTwoOfficesAcceptWhereThePolicyAsksForIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		report, city, province := w.plan(lixia), w.actor(models.Supervisor, jinan), w.actor(models.Supervisor, "370000")
		checked, err := w.Verify(t.Context(), city, report.ID, 0)
		w.must(err)
		if checked.Status != models.Checked || *checked.CheckedBy != city.ID || checked.CheckedOn != w.Today() || checked.DecidedBy != nil || checked.Version != 1 {
			t.Errorf("after the city's acceptance: %+v", checked)
		}
		w.wantState(report.DutyID, rules.Reported)
		w.unchanged(t, func() {
			_, err := w.Verify(t.Context(), city, report.ID, 1)
			wantError(t, err, models.Conflict, "report.waits_above")
			_, err = w.Return(t.Context(), w.actor(models.Supervisor, lixia), report.ID, 1, "附件看不清")
			wantError(t, err, models.Conflict, "report.waits_above")
			// The same person with a grant above does not accept twice.
			both := w.grants(city, rbac.Grant{Role: models.Supervisor, Path: w.unit(jinan).Path}, rbac.Grant{Role: models.Supervisor, Path: w.unit("370000").Path})
			_, err = w.Verify(t.Context(), both, report.ID, 1)
			wantError(t, err, models.Forbidden, "report.checked_by_you")
		})
		w.at("2017-06-12")
		verified, err := w.Verify(t.Context(), province, report.ID, 1)
		w.must(err)
		if verified.Status != models.Verified || *verified.DecidedBy != province.ID || *verified.CheckedBy != city.ID || *verified.OfficeID != w.unit("370000").ID {
			t.Errorf("after the province's acceptance: %+v", verified)
		}
		w.wantState(report.DutyID, rules.Met)
		for asOf, want := range map[string]models.ReportStatus{"2017-06-10": models.Checked, "2017-06-11": models.Checked, "2017-06-12": models.Verified} {
			detail, err := w.Duty(t.Context(), rbac.Everywhere, report.DutyID, day(asOf))
			w.must(err)
			if got := detail.Reports[0]; got.Status != want || (got.DecidedName == "") != (want == models.Checked) || got.CheckedName != city.Name || (got.Office == nil) != (want == models.Checked) {
				t.Errorf("as of %s the report is %s, decided by %q, checked by %q", asOf, got.Status, got.DecidedName, got.CheckedName)
			}
		}
		var actions []string
		for _, entry := range w.entries() {
			if entry.Object == "report" {
				actions = append(actions, entry.Action+" "+entry.Behalf)
			}
		}
		slices.Sort(actions)
		want := []string{"check office of " + w.unit(jinan).Path, "file " + w.unit(lixia).Name, "verify office of " + w.unit("370000").Path}
		if !slices.Equal(actions, want) {
			t.Errorf("audit log: %q, want %q", actions, want)
		}
		w.wantSoundTallies()
	})
}

// What an office has accepted is the office's: the unit is told who was first.
func TestACheckedReportIsNotTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		report, city, reporter := w.plan(lixia), w.actor(models.Supervisor, jinan), w.actor(models.Reporter, lixia)
		offered := func() bool {
			detail, err := w.Duty(t.Context(), rbac.Everywhere, report.DutyID, w.Today())
			w.must(err)
			return compliance.MayWithdraw(detail.Unit, detail.Reports[0], w.Today())
		}
		if !offered() {
			t.Error("nobody has dealt with it, and it may not be withdrawn")
		}
		checked, err := w.Verify(t.Context(), city, report.ID, 0)
		w.must(err)
		if offered() {
			t.Error("checked, it may be withdrawn")
		}
		w.unchanged(t, func() {
			for version, code := range []models.Code{models.Stale, models.Conflict} {
				_, err := w.Withdraw(t.Context(), reporter, report.ID, version)
				wantError(t, err, code, "report.stale")
				var e *models.Error
				if !errors.As(err, &e) || e.Args["Who"] != city.Name || e.Args["What"] != string(models.Checked) || e.Args["On"] != *checked.CheckedAt {
					t.Errorf("told %v, want that %s checked it", err, city.Name)
				}
			}
		})
		w.wantState(report.DutyID, rules.Reported)
	})
}

func TestTheOfficeAboveWaitsForNobody(t *testing.T) {
	w := newDistrict(t, storetest.SQLite(t))
	report := w.plan(lixia)
	verified, err := w.Verify(t.Context(), w.actor(models.Supervisor, "370000"), report.ID, 0)
	w.must(err)
	if verified.Status != models.Verified || verified.CheckedBy != nil {
		t.Errorf("accepted by the province at once it is %+v", verified)
	}
	w.wantState(report.DutyID, rules.Met)
}

func TestBothOfficesMayReturn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		city, province := w.actor(models.Supervisor, jinan), w.actor(models.Supervisor, "370000")
		returned, err := w.Return(t.Context(), city, w.plan(lixia).ID, 0, "附件看不清")
		w.must(err)
		if returned.Status != models.Returned || *returned.OfficeID != w.unit(jinan).ID {
			t.Errorf("by the city: %+v", returned)
		}
		again := w.plan(lixia)
		_, err = w.Verify(t.Context(), city, again.ID, 0)
		w.must(err)
		returned, err = w.Return(t.Context(), province, again.ID, 1, "再核对")
		w.must(err)
		if returned.Status != models.Returned || returned.CheckedBy == nil || returned.Reason != "再核对" {
			t.Errorf("by the province: %+v", returned)
		}
		w.wantState(again.DutyID, rules.Pending)
		w.wantSoundTallies()
	})
}

// One acceptance is enough where nobody is above the unit's office, whatever the
// policy says, and everywhere when the policy asks for one.
func TestOneOfficeAcceptsWhereNobodyIsAbove(t *testing.T) {
	w := newDistrict(t, storetest.SQLite(t))
	for _, c := range []struct {
		unit, office string
		levels       int
	}{{jinan, jinan, 2}, {qingdao, "370000", 2}, {lixia, jinan, 1}} {
		w.withLevels("shandong-2017", c.levels)
		decided, err := w.Verify(t.Context(), w.actor(models.Supervisor, c.office), w.plan(c.unit).ID, 0)
		w.must(err)
		if decided.Status != models.Verified {
			t.Errorf("%s accepted for %s at %d levels is %s", c.unit, c.office, c.levels, decided.Status)
		}
	}
}

// A report that waits for the office above is final for any office once the
// policy asks for one acceptance only.
func TestLevelsThatAreTakenBackLeaveNothingWaiting(t *testing.T) {
	w := newDistrict(t, storetest.SQLite(t))
	report, city := w.plan(lixia), w.actor(models.Supervisor, jinan)
	_, err := w.Verify(t.Context(), city, report.ID, 0)
	w.must(err)
	w.withLevels("shandong-2017", 1)
	decided, err := w.Verify(t.Context(), city, report.ID, 1)
	w.must(err)
	if decided.Status != models.Verified {
		t.Errorf("it is %s", decided.Status)
	}
}

func TestWhoeverIsSecondIsToldWhoWasFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		city, province, second := w.actor(models.Supervisor, jinan), w.actor(models.Supervisor, "370000"), w.actor(models.Supervisor, "370000")
		wantTold := func(err error, who compliance.Actor, what models.ReportStatus) {
			t.Helper()
			wantError(t, err, models.Stale, "report.stale")
			var e *models.Error
			if !errors.As(err, &e) || e.Args["Who"] != who.Name || e.Args["What"] != string(what) || e.Args["On"] == nil {
				t.Errorf("told %v, want %s by %s", e.Args, what, who.Name)
			}
		}
		report := w.plan(lixia)
		_, err := w.Verify(t.Context(), city, report.ID, 0)
		w.must(err)
		_, err = w.Verify(t.Context(), second, report.ID, 0)
		wantTold(err, city, models.Checked)
		_, err = w.Return(t.Context(), province, report.ID, 1, "附件看不清")
		w.must(err)
		_, err = w.Verify(t.Context(), second, report.ID, 1)
		wantTold(err, province, models.Returned)
		report = w.plan(lixia)
		_, err = w.Verify(t.Context(), province, report.ID, 0)
		w.must(err)
		_, err = w.Return(t.Context(), second, report.ID, 0, "附件看不清")
		wantTold(err, province, models.Verified)
		_, err = w.Reopen(t.Context(), province, report.ID, 1, "数据有误")
		w.must(err)
		_, err = w.Reopen(t.Context(), second, report.ID, 1, "数据有误")
		wantTold(err, province, models.Reopened)
		report = w.plan(lixia)
		_, err = w.Verify(t.Context(), second, report.ID, 7)
		wantError(t, err, models.Stale, "report.version_unknown")
	})
}

func TestTwoLoadTheSameVersionAndOneDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		report := w.plan(lixia)
		officers := w.crowd(models.Supervisor, jinan)
		copy(officers[crowd/2:], w.crowd(models.Supervisor, "370000"))
		got := together(func(i int) (err error) {
			if i%2 == 0 {
				_, err = w.Verify(t.Context(), officers[i], report.ID, 0)
			} else {
				_, err = w.Return(t.Context(), officers[i], report.ID, 0, "附件看不清")
			}
			var e *models.Error
			if errors.As(err, &e) && (e.Args["Who"] == "" || e.Args["What"] == "") {
				t.Errorf("told nothing of who was first: %v", e.Args)
			}
			return err
		})
		if got[""] != 1 || got[models.Stale] != crowd-1 {
			t.Errorf("%v, want one decision and %d told who was first", got, crowd-1)
		}
		w.wantAudit("report", report.ID, 2)
		w.wantSoundTallies()
	})
}

func TestTheQueueShowsWhoseTurnItIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		plan, city, province := w.plan(lixia), w.actor(models.Supervisor, jinan), w.actor(models.Supervisor, "370000")
		ask := func(actor compliance.Actor, turn compliance.WaitsFor) (ids []uint64) {
			t.Helper()
			found, err := w.Queue(t.Context(), compliance.QueueQuery{Actor: actor, For: turn})
			w.must(err)
			for _, item := range found.Items {
				if turn != "" && item.Turn.For != turn {
					t.Errorf("report %d for %q has the turn %+v", item.Report.ID, turn, item.Turn)
				}
				ids = append(ids, item.Report.ID)
			}
			if found.Total != len(ids) {
				t.Errorf("total %d of %d", found.Total, len(ids))
			}
			for for_, count := range map[compliance.WaitsFor]int{compliance.ForMe: found.Counts.Mine, compliance.ForOfficeBelow: found.Counts.Below, compliance.ForOfficeAbove: found.Counts.Above} {
				if for_ == turn && count != len(ids) {
					t.Errorf("%d counted for %q, %d listed", count, turn, len(ids))
				}
			}
			return ids
		}
		own := w.plan(jinan)
		check := func(actor compliance.Actor, want map[compliance.WaitsFor][]uint64) {
			t.Helper()
			for turn, ids := range want {
				if got := ask(actor, turn); !slices.Equal(got, ids) {
					t.Errorf("for %q: %v, want %v", turn, got, ids)
				}
			}
			waiting, err := w.Waiting(t.Context(), actor)
			w.must(err)
			if waiting != len(want[compliance.ForMe]) {
				t.Errorf("the navigation shows %d, want %d", waiting, len(want[compliance.ForMe]))
			}
		}
		check(city, map[compliance.WaitsFor][]uint64{"": {plan.ID, own.ID}, compliance.ForMe: {plan.ID, own.ID}, compliance.ForOfficeBelow: nil, compliance.ForOfficeAbove: nil})
		check(province, map[compliance.WaitsFor][]uint64{"": {plan.ID, own.ID}, compliance.ForMe: {own.ID}, compliance.ForOfficeBelow: {plan.ID}, compliance.ForOfficeAbove: nil})
		_, err := w.Verify(t.Context(), city, plan.ID, 0)
		w.must(err)
		check(city, map[compliance.WaitsFor][]uint64{"": {plan.ID, own.ID}, compliance.ForMe: {own.ID}, compliance.ForOfficeBelow: nil, compliance.ForOfficeAbove: {plan.ID}})
		check(province, map[compliance.WaitsFor][]uint64{"": {plan.ID, own.ID}, compliance.ForMe: {plan.ID, own.ID}, compliance.ForOfficeBelow: nil, compliance.ForOfficeAbove: nil})
		above := w.grants(city, rbac.Grant{Role: models.Supervisor, Path: w.unit("370000").Path})
		check(above, map[compliance.WaitsFor][]uint64{"": {plan.ID, own.ID}, compliance.ForMe: {own.ID}})
		check(w.actor(models.Supervisor, qingdao), map[compliance.WaitsFor][]uint64{"": nil, compliance.ForMe: nil})
		check(compliance.Actor{}, map[compliance.WaitsFor][]uint64{"": nil, compliance.ForMe: nil})
	})
}

func TestTheQueueByDueDateAndItsFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "371200").at("2017-01-01").activated("shandong-2017", 2017)
		// Old enough on 20 June are those of 12 June and before: six working days.
		filed := map[string]uint64{}
		for _, f := range []struct{ on, unit, code string }{
			{"2017-06-10", jinan, "sd2017.briefing"}, {"2017-06-12", qingdao, "sd2017.plan"}, {"2017-06-19", jinan, "sd2017.plan"}, {"2017-06-20", "371200", "sd2017.deputy"},
		} {
			w.at(f.on)
			filed[f.unit+f.code] = w.filed(f.unit, w.duty(f.unit, f.code), soundFiling(w.rules[f.code], day("2017-06-01"))).ID
		}
		officer := w.actor(models.Supervisor, "370000")
		plans := []uint64{filed[qingdao+"sd2017.plan"], filed[jinan+"sd2017.plan"]}
		rest := []uint64{filed[jinan+"sd2017.briefing"], filed["371200sd2017.deputy"]}
		for _, limit := range []int{1, 2, 50} {
			ask := func(q compliance.QueueQuery) (ids []uint64, last *compliance.QueuePage) {
				for q.Actor, q.Limit = officer, limit; ; {
					found, err := w.Queue(t.Context(), q)
					w.must(err)
					for _, item := range found.Items {
						ids = append(ids, item.Report.ID)
						if want := item.Report.FiledOn <= day("2017-06-12"); item.Old != want {
							t.Errorf("filed on %s is old: %v", item.Report.FiledOn, item.Old)
						}
					}
					if q.Cursor = found.Next; q.Cursor == "" {
						return ids, found
					}
				}
			}
			want := func(name string, got, want []uint64) {
				t.Helper()
				if !slices.Equal(got, want) {
					t.Errorf("%s by %d: %v, want %v", name, limit, got, want)
				}
			}
			byAge, page := ask(compliance.QueueQuery{Sort: compliance.ByAge})
			want("by age", byAge, []uint64{rest[0], plans[0], plans[1], rest[1]})
			if c := page.Counts; c != (compliance.QueueCounts{All: 4, Mine: 4, Old: 2, PastDue: 1}) {
				t.Errorf("counts %+v", c)
			}
			byDue, _ := ask(compliance.QueueQuery{Sort: compliance.ByDue})
			want("by due date", byDue, append(slices.Clone(plans), rest...))
			late, page := ask(compliance.QueueQuery{PastDue: true})
			want("filed late", late, plans[1:])
			if page.Total != 1 || page.Counts.All != 4 {
				t.Errorf("past due: total %d of %d", page.Total, page.Counts.All)
			}
			all, _ := ask(compliance.QueueQuery{Policy: "shandong-2017", Unit: w.unit(jinan)})
			want("of 济南", all, []uint64{rest[0], plans[1]})
		}
		for key, q := range map[string]compliance.QueueQuery{"for": {For: "everybody"}, "sort": {Sort: "beauty"}, "cursor": {Cursor: "x"}, "limit": {Limit: 201}} {
			_, err := w.Queue(t.Context(), q)
			if e := new(models.Error); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != key {
				t.Errorf("%s: %v", key, err)
			}
		}
		_, err := w.Queue(t.Context(), compliance.QueueQuery{Policy: "nothing"})
		wantError(t, err, models.NotFound, "policy.unknown")
	})
}

func TestManyAreAcceptedEachForItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		officer, other := w.actor(models.Supervisor, jinan), w.actor(models.Supervisor, "370000")
		file := func(unit, code string) *models.Report {
			return w.filed(unit, w.duty(unit, code), soundFiling(w.rules[code], day("2017-06-01")))
		}
		plan, briefing, deputy, elsewhere := file(jinan, "sd2017.plan"), file(jinan, "sd2017.briefing"), file(jinan, "sd2017.deputy"), file(qingdao, "sd2017.plan")
		_, err := w.Return(t.Context(), other, briefing.ID, 0, "附件看不清")
		w.must(err)
		results, err := w.VerifyMany(t.Context(), officer, []compliance.Choice{{plan.ID, 0}, {briefing.ID, 0}, {elsewhere.ID, 0}, {deputy.ID, 0}, {plan.ID, 0}})
		w.must(err)
		var got []string
		for _, r := range results {
			said := "accepted"
			if r.Refusal != nil {
				said = r.Refusal.Key
			}
			if (r.Item == nil) != (r.Report == elsewhere.ID) {
				t.Errorf("report %d is shown: %v", r.Report, r.Item != nil)
			}
			got = append(got, said)
		}
		if want := []string{"accepted", "report.stale", "report.unknown", "accepted", "report.stale"}; !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
		w.wantState(plan.DutyID, rules.Met)
		w.wantState(elsewhere.DutyID, rules.Reported)
		w.unchanged(t, func() {
			for n, key := range map[int]string{0: "report.none_chosen", compliance.MaxBulk + 1: "report.too_many_chosen"} {
				_, err := w.VerifyMany(t.Context(), officer, make([]compliance.Choice, n))
				wantFields(t, err, map[string]string{"report": key})
			}
		})
		w.wantSoundTallies()
	})
}

// Who decides again on what came back sees that it did, and why.
func TestTheQueueTellsWhatWasFiledAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-12")
		plan, filing := w.duty(jinan, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-01"))
		wantItem := func(number int, refiled bool) {
			t.Helper()
			page, err := w.Queue(t.Context(), compliance.QueueQuery{Actor: w.actor(models.Supervisor, "370000")})
			w.must(err)
			if item := page.Items[0]; item.Number != number || item.Refiled != refiled || (item.LastReturn != "") != refiled {
				t.Errorf("report %d, filed again: %v, after %q", item.Number, item.Refiled, item.LastReturn)
			}
		}
		first := w.filed(jinan, plan, filing)
		wantItem(1, false)
		w.returned(first)
		w.filed(jinan, plan, filing)
		wantItem(2, true)
	})
}
