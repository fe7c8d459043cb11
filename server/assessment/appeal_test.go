package assessment_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// appealsRound is a round of the plain scheme with Jinan and Qingdao alone, announced on
// 2018-01-10, so that units may appeal until 2018-01-17. Jinan has 16 of 20 for staff, 10
// of 30 taken off for errors, 15 of 30 for data, 2 on top: 53 of 80, 66.25. Qingdao has
// 16, 6, 16 and nothing on top: 56 of 80, 70.00. The veto of Qingdao is raised.
func (w *world) appealsRound() (round models.Round, first, second models.Sheet) {
	w.Helper()
	round = w.appealsRoundOpen()
	first, second = w.sheet(round, jinan), w.sheet(round, qingdao)
	w.at("2018-01-02")
	w.scored(first, "staff", "16", "errors", "10", "data", "15", "praise", "2")
	w.scored(second, "staff", "16", "errors", "6", "data", "16")
	w.must(w.putMark(w.supervisor(shandong), second, assessment.MarkInput{Indicator: "leak", Raised: true, Reason: "发生泄密"}))
	return w.appealsAnnounced(round, first, second), w.again(first), w.again(second)
}

// appealsRoundOpen is a round of the plain scheme with Jinan and Qingdao alone.
func (w *world) appealsRoundOpen() models.Round {
	w.Helper()
	round := w.round(plainScheme)
	var codes []string
	w.must(w.store.Read(w.Context()).Table("sheets s").Joins("JOIN units u ON u.id = s.unit_id").Where("s.round_id = ?", round.ID).Pluck("u.code", &codes).Error)
	for _, code := range codes {
		if code != jinan && code != qingdao {
			w.must(w.TakeOut(w.Context(), w.supervisor(shandong), round.ID, code, "不参加"))
		}
	}
	return round
}

func (w *world) appealsAnnounced(round models.Round, sheets ...models.Sheet) models.Round {
	w.Helper()
	for _, sheet := range sheets {
		w.must(w.Complete(w.Context(), w.supervisor(shandong), sheet.ID, w.again(sheet).Version))
	}
	w.at("2018-01-10")
	announced, err := w.Announce(w.Context(), w.supervisor(shandong), round.ID, round.Version)
	w.must(err)
	return *announced
}

func (w *world) appealed(sheet models.Sheet, unit string, in assessment.AppealInput) models.Appeal {
	w.Helper()
	in.Reason = "材料已补充"
	row, err := w.FileAppeal(w.Context(), w.reporter(unit), sheet.ID, in)
	w.must(err)
	return *row
}

// upheld decides an appeal and returns the final score of its sheet.
func (w *world) upheld(row models.Appeal, in assessment.DecisionInput) string {
	w.Helper()
	in.Upheld, in.Reason = true, "经复核属实"
	w.must(w.DecideAppeal(w.Context(), w.supervisor(shandong), row.ID, row.Version, in))
	return w.finalScore(row.SheetID)
}

// finalScore is the stored final score, which must be what the card makes of the marks.
func (w *world) finalScore(id uint64) string {
	w.Helper()
	v := w.view(w.supervisor(shandong), models.Sheet{ID: id})
	stored := w.again(models.Sheet{ID: id})
	if stored.Final == nil || scoring.Score(*stored.Final) != v.Final.Score || stored.Grade != v.Final.Grade || stored.ByVeto != v.Final.ByVeto {
		w.Fatalf("sheet %d stores %v, grade %d, the marks come to %s, grade %d", id, stored.Final, stored.Grade, v.Final.Score, v.Final.Grade)
	}
	return v.Final.Score.String()
}

// Where one of what is asked for and what is decided is that the indicator does not apply,
// the sheet must not come to more than with what the unit asked for.
func TestNoMoreIsUpheldThanTheUnitAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, first, _ := w.appealsRound()
		row, err := w.FileAppeal(t.Context(), w.reporter(jinan), first.ID, assessment.AppealInput{Indicator: "data", Points: "16", Reason: "材料已补充"})
		w.must(err)
		decide := func(in assessment.DecisionInput) error {
			in.Upheld, in.Reason = true, "经复核属实"
			return w.DecideAppeal(t.Context(), w.supervisor(shandong), row.ID, row.Version, in)
		}
		w.wantCode(decide(assessment.DecisionInput{Points: "17"}), models.Invalid, "appeals.beyond")
		w.wantCode(decide(assessment.DecisionInput{NA: true}), models.Invalid, "appeals.beyond")
		w.must(decide(assessment.DecisionInput{Points: "16"}))
	})
}

func TestWhoMayAppeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, first, _ := w.appealsRound()
		in := assessment.AppealInput{Indicator: "staff", Points: "20", Reason: "材料已补充"}
		file := func(actor compliance.Actor) error {
			_, err := w.FileAppeal(t.Context(), actor, first.ID, in)
			return err
		}
		w.wantCode(file(w.reporter(qingdao)), models.NotFound, "assessment.sheet_unknown")
		w.wantCode(file(w.supervisor(jinan)), models.Forbidden, "error.forbidden")
		w.wantCode(file(w.supervisor(shandong)), models.Forbidden, "error.forbidden")
		w.must(file(w.reporter(jinan)))
		w.wantCode(file(w.reporter(jinan)), models.Conflict, "appeals.standing")

		var row models.Appeal
		w.must(s.Read(t.Context()).Take(&row).Error)
		_, err := w.Appeal(t.Context(), w.reporter(qingdao), row.ID)
		w.wantCode(err, models.NotFound, "appeals.unknown")
		decide := func(actor compliance.Actor) error {
			return w.DecideAppeal(t.Context(), actor, row.ID, row.Version, assessment.DecisionInput{Reason: "不属实"})
		}
		w.wantCode(decide(w.supervisor(jinan)), models.Forbidden, "error.forbidden")
		w.wantCode(decide(w.supervisor(qingdao)), models.NotFound, "appeals.unknown")
		w.wantCode(decide(w.assessor(shandong)), models.Forbidden, "error.forbidden")
		w.wantCode(w.WithdrawAppeal(t.Context(), w.supervisor(shandong), row.ID, row.Version), models.Forbidden, "error.forbidden")
		w.wantCode(w.WithdrawAppeal(t.Context(), w.reporter(jinan), row.ID, row.Version+1), models.Stale, "appeals.stale")

		list, err := w.Appeals(t.Context(), w.reporter(qingdao), round.ID, assessment.AppealQuery{Limit: 10})
		w.must(err)
		if len(list.Items) != 0 || list.Waiting != 0 || list.Decides {
			t.Errorf("Qingdao sees %+v", list)
		}
	})
}

// A page takes as many queries whatever the number of sheets that its appeals are against.
func TestAppealsAreReadAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, first, second := w.appealsRound()
		w.appealed(first, jinan, assessment.AppealInput{Indicator: "staff", Points: "20"})
		office, queries := w.supervisor(shandong), 0
		w.must(s.Read(t.Context()).Callback().Query().Register("count-queries", func(*gorm.DB) { queries++ }))
		read := func() (*assessment.AppealList, int) {
			t.Helper()
			queries = 0
			list, err := w.Appeals(t.Context(), office, round.ID, assessment.AppealQuery{Limit: 10})
			w.must(err)
			return list, queries
		}
		_, one := read()
		w.appealed(second, qingdao, assessment.AppealInput{Indicator: "data", Points: "30"})
		list, two := read()
		if one == 0 || two != one {
			t.Errorf("%d queries for one sheet, %d for two", one, two)
		}
		if len(list.Items) != 2 || list.Items[0].Unit.Code != jinan || list.Items[1].Unit.Code != qingdao ||
			list.Items[0].Verified.Mark.Points != 16*scoring.Point || list.Items[1].Mark.Indicator != "data" {
			t.Errorf("the lines are %+v", list.Items)
		}
	})
}

func TestWhenAUnitMayAppeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		open := w.round(plainScheme)
		in := assessment.AppealInput{Indicator: "staff", Points: "20", Reason: "材料已补充"}
		_, err := w.FileAppeal(t.Context(), w.reporter(jinan), w.sheet(open, jinan).ID, in)
		w.wantCode(err, models.Conflict, "appeals.not_announced")
	})
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, first, second := w.appealsRound()
		in := assessment.AppealInput{Indicator: "staff", Points: "20", Reason: "材料已补充"}
		w.at("2018-01-17 23:59")
		row := w.appealed(first, jinan, in)
		w.at("2018-01-18 00:00")
		_, err := w.FileAppeal(t.Context(), w.reporter(qingdao), second.ID, in)
		w.wantCode(err, models.Conflict, "appeals.late")
		_, err = w.NewAppeal(t.Context(), w.reporter(qingdao), second.ID, "staff")
		w.wantCode(err, models.Conflict, "appeals.late")
		_, err = w.Freeze(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.wantCode(err, models.Conflict, "rounds.appeals_waiting")
		w.must(w.DecideAppeal(t.Context(), w.supervisor(shandong), row.ID, row.Version, assessment.DecisionInput{Reason: "不属实"}))
		_, err = w.Freeze(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.must(err)
		w.wantCode(w.DecideAppeal(t.Context(), w.supervisor(shandong), row.ID, row.Version+1, assessment.DecisionInput{Reason: "不属实"}), models.Conflict, "rounds.frozen")
		_, err = w.FileAppeal(t.Context(), w.reporter(qingdao), second.ID, in)
		w.wantCode(err, models.Conflict, "rounds.frozen")
		w.wantCode(w.WithdrawAppeal(t.Context(), w.reporter(jinan), row.ID, row.Version+1), models.Conflict, "rounds.frozen")
	})
}

// TestATermWithoutNotice announces at the end of 2026: the term reaches into 2027, of
// which no notice is known.
func TestATermWithoutNotice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, first, _ := w.appealsRound()
		w.setRound(round, map[string]any{"announced_on": "2026-12-30"})
		w.at("2027-03-01")
		v, err := w.NewAppeal(t.Context(), w.reporter(jinan), first.ID, "staff")
		w.must(err)
		if !v.Provisional || v.Until.Year() != 2027 {
			t.Errorf("until %s, provisional %v", v.Until, v.Provisional)
		}
	})
}

func TestWhatAnAppealMayAskFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, first, second := w.appealsRound()
		for _, c := range []struct {
			name  string
			sheet models.Sheet
			unit  string
			in    assessment.AppealInput
			key   string
		}{
			{"an unknown indicator", first, jinan, assessment.AppealInput{Indicator: "nothing", Points: "1"}, "marks.unknown_indicator"},
			{"no veto raised", first, jinan, assessment.AppealInput{Indicator: "leak", Lifted: true}, "appeals.nothing_lost"},
			{"nothing", first, jinan, assessment.AppealInput{Indicator: "staff"}, "appeals.points_required"},
			{"the same points", first, jinan, assessment.AppealInput{Indicator: "staff", Points: "16.0"}, "appeals.not_more"},
			{"fewer points", first, jinan, assessment.AppealInput{Indicator: "praise", Points: "1"}, "appeals.not_more"},
			{"more than there is", first, jinan, assessment.AppealInput{Indicator: "staff", Points: "21"}, "scoring.above_points"},
			{"more taken off", first, jinan, assessment.AppealInput{Indicator: "errors", Points: "11"}, "appeals.not_less"},
			{"no number", first, jinan, assessment.AppealInput{Indicator: "staff", Points: "many"}, "scoring.points_bad"},
			{"both", first, jinan, assessment.AppealInput{Indicator: "staff", Points: "20", NA: true}, "scoring.na_and_points"},
			{"a veto where none is", first, jinan, assessment.AppealInput{Indicator: "staff", Lifted: true}, "appeals.no_veto"},
			{"points for a veto", second, qingdao, assessment.AppealInput{Indicator: "leak", Points: "1", Lifted: true}, "appeals.veto_only"},
			{"a good indicator left out", first, jinan, assessment.AppealInput{Indicator: "staff", NA: true}, "appeals.worse"},
			{"a wrong link", first, jinan, assessment.AppealInput{Indicator: "staff", Points: "20", URL: "ftp://x"}, "filing.bad_url"},
		} {
			c.in.Reason = "材料已补充"
			_, err := w.FileAppeal(t.Context(), w.reporter(c.unit), c.sheet.ID, c.in)
			t.Log(c.name)
			w.wantCode(err, models.Invalid, c.key)
		}
		_, err := w.FileAppeal(t.Context(), w.reporter(jinan), first.ID, assessment.AppealInput{Indicator: "staff", Points: "20"})
		w.wantCode(err, models.Invalid, "filing.required")
	})
}

// TestDecidedAppeals goes through a round by hand. Jinan begins with 53 of 80.
func TestDecidedAppeals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, first, second := w.appealsRound()
		for name, got := range map[string]string{"66.25": w.finalScore(first.ID), "70.00": w.finalScore(second.ID)} {
			if got != name {
				t.Fatalf("a sheet comes to %s, want %s", got, name)
			}
		}
		staff := w.appealed(first, jinan, assessment.AppealInput{Indicator: "staff", Points: "19"})
		office := w.supervisor(shandong)
		decide := func(in assessment.DecisionInput) error {
			return w.DecideAppeal(t.Context(), office, staff.ID, staff.Version, in)
		}
		w.wantCode(decide(assessment.DecisionInput{Upheld: true, Points: "18"}), models.Invalid, "filing.required")
		w.wantCode(decide(assessment.DecisionInput{Upheld: true, Points: "16", Reason: "同原分"}), models.Invalid, "appeals.not_more")
		w.wantCode(decide(assessment.DecisionInput{Upheld: true, Points: "20", Reason: "高于申请"}), models.Invalid, "appeals.beyond")
		// 55 of 80
		if got := w.upheld(staff, assessment.DecisionInput{Points: "18"}); got != "68.75" {
			t.Errorf("staff in part: %s", got)
		}
		w.wantCode(decide(assessment.DecisionInput{Reason: "再次"}), models.Conflict, "appeals.over_upheld")
		// 61 of 80, before Qingdao
		errs := w.appealed(first, jinan, assessment.AppealInput{Indicator: "errors", Points: "4"})
		if got := w.upheld(errs, assessment.DecisionInput{Points: "4"}); got != "76.25" {
			t.Errorf("fewer errors: %s", got)
		}
		got, err := w.RoundAppeals(t.Context(), w.reporter(jinan), jinan, 0)
		w.must(err)
		if len(got) != 1 || got[0].Outcomes[assessment.AppealInPart] != 1 || got[0].Outcomes["upheld"] != 1 || got[0].Of() != 2 {
			t.Errorf("what has become of the appeals: %+v", got)
		}
		v, err := w.Appeal(t.Context(), w.reporter(jinan), errs.ID)
		w.must(err)
		if *v.ScoreBefore != 6875 || *v.ScoreAfter != 7625 || v.RankBefore != 2 || v.RankAfter != 1 || v.Units != 2 || v.Outcome() != "upheld" {
			t.Errorf("scores %d to %d, ranks %d to %d of %d", *v.ScoreBefore, *v.ScoreAfter, v.RankBefore, v.RankAfter, v.Units)
		}
		if v.Verified.Mark.Points != 10*scoring.Point || v.Final.Mark.Points != 4*scoring.Point {
			t.Errorf("verified %s, final %s", v.Verified.Mark.Points, v.Final.Mark.Points)
		}
		// 46 of 50
		data := w.appealed(first, jinan, assessment.AppealInput{Indicator: "data", NA: true})
		if got := w.upheld(data, assessment.DecisionInput{NA: true}); got != "92.00" {
			t.Errorf("data left out: %s", got)
		}
		if v := w.view(office, first); v.Verified.Score.String() != "66.25" {
			t.Errorf("the verified score has become %s", v.Verified.Score)
		}

		// Rejected: nothing changes. Withdrawn: another one may be filed.
		rejected := w.appealed(second, qingdao, assessment.AppealInput{Indicator: "data", Points: "30"})
		w.must(w.DecideAppeal(t.Context(), office, rejected.ID, rejected.Version, assessment.DecisionInput{Reason: "不属实"}))
		veto := w.appealed(second, qingdao, assessment.AppealInput{Indicator: "leak", Lifted: true})
		w.must(w.WithdrawAppeal(t.Context(), w.reporter(qingdao), veto.ID, veto.Version))
		w.wantCode(w.DecideAppeal(t.Context(), office, veto.ID, veto.Version, assessment.DecisionInput{Reason: "晚了"}), models.Conflict, "appeals.over_withdrawn")
		if before := w.again(second); !before.ByVeto || before.Grade != 3 {
			t.Errorf("before the veto is lifted: %+v", before)
		}
		veto = w.appealed(second, qingdao, assessment.AppealInput{Indicator: "leak", Lifted: true})
		if got := w.upheld(veto, assessment.DecisionInput{Lifted: true}); got != "70.00" {
			t.Errorf("the veto lifted: %s", got)
		}
		if after := w.again(second); after.ByVeto || after.Grade != 1 {
			t.Errorf("after the veto is lifted: %+v", after)
		}
	})
}

// TestAnAppealAgainstDuties has a plan that was never filed: none of 20 points.
func TestAnAppealAgainstDuties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		_, first, _ := w.appealsRound()
		if got := w.finalScore(first.ID); got != "53.00" {
			t.Fatalf("53 of 100 are %s", got)
		}
		plan := w.appealed(first, jinan, assessment.AppealInput{Indicator: "plan", Points: "20"})
		if got := w.upheld(plan, assessment.DecisionInput{Points: "10"}); got != "63.00" {
			t.Errorf("half of it given: %s", got)
		}
	})
}

func TestAppealsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, first, _ := w.appealsRound()
		row := w.appealed(first, jinan, assessment.AppealInput{Indicator: "staff", Points: "20"})
		office, unit := w.supervisor(shandong), w.reporter(jinan)
		acts := []func() error{
			func() error {
				return w.DecideAppeal(t.Context(), office, row.ID, row.Version, assessment.DecisionInput{Upheld: true, Points: "20", Reason: "属实"})
			},
			func() error {
				return w.DecideAppeal(t.Context(), office, row.ID, row.Version, assessment.DecisionInput{Reason: "不属实"})
			},
			func() error { return w.WithdrawAppeal(t.Context(), unit, row.ID, row.Version) },
		}
		errs := make([]error, len(acts))
		var wait sync.WaitGroup
		for i, act := range acts {
			wait.Go(func() { errs[i] = act() })
		}
		wait.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !models.IsCode(err, models.Conflict) {
				t.Errorf("the later one is told %v", err)
			}
		}
		if done != 1 {
			t.Errorf("%d of three acts were done: %v", done, errs)
		}
	})
}

// TestRandomAppeals keeps what is stored equal to what the card makes of the marks, and
// the final score never below the verified one.
func TestRandomAppeals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, first, _ := w.appealsRound()
		random := rand.New(rand.NewPCG(5, 2018))
		done := 0
		for range 60 {
			indicator := []string{"staff", "errors", "data", "praise"}[random.IntN(4)]
			points := scoring.Amount(random.Int64N(300)) * scoring.Point / 10
			in := assessment.AppealInput{Indicator: indicator, Points: points.String(), Reason: "材料已补充"}
			if random.IntN(5) == 0 {
				in.Points, in.NA = "", true
			}
			row, err := w.FileAppeal(t.Context(), w.reporter(jinan), first.ID, in)
			if err != nil {
				continue
			}
			if random.IntN(3) == 0 {
				w.must(w.WithdrawAppeal(t.Context(), w.reporter(jinan), row.ID, row.Version))
			} else {
				w.upheld(*row, assessment.DecisionInput{Points: in.Points, NA: in.NA})
				done++
			}
			if w.finalScore(first.ID); *w.again(first).Final < *w.again(first).Verified {
				t.Fatalf("appeal %+v made it worse", row)
			}
		}
		if done < 3 {
			t.Errorf("only %d appeals were upheld", done)
		}
	})
}
