package rectification_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/desk/desktest"
	"sundial/server/dossier"
	"sundial/server/evidence"
	"sundial/server/rectification"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

const (
	shandong = desktest.Shandong
	jinan    = desktest.Jinan
	qingdao  = desktest.Qingdao
)

func TestWhoDemands(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for name, actor := range map[string]compliance.Actor{"the city's supervisor": w.Supervisor(jinan), "the reporter": w.Reporter(jinan), "the office's reporter": w.Reporter(shandong)} {
			_, err := w.demand(actor, jinan, models.SeverityMinor, "2018-02-07")
			if !models.IsCode(err, models.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := w.demand(w.Supervisor(shandong), jinan, models.SeverityMinor, "2018-01-10")
		w.WantCode(err, models.Invalid, "rectifications.due_past")
		var left int64
		w.Must(s.Read(t.Context()).Model(&models.Finding{}).Count(&left).Error)
		if left != 0 {
			t.Errorf("%d findings of refused demands are left", left)
		}
	})
}

// The unit never closes: nobody with grants at the unit alone, whatever they are.
func TestNobodyAtTheUnitDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		row := w.demanded(qingdao, models.SeveritySerious, "2018-02-07")
		w.Must(w.Answer(t.Context(), w.Reporter(qingdao), row.ID, 1, note("已恢复")))
		decisions := map[string]func(context.Context, compliance.Actor, uint64, int, rectification.StepInput) error{"close": w.Close, "return": w.Return, "withdraw": w.Withdraw}
		for name, c := range map[string]struct {
			actor compliance.Actor
			code  models.Code
			key   string
		}{
			"the reporter":              {w.Reporter(qingdao), models.Forbidden, "error.forbidden"},
			"the city's supervisor":     {w.Supervisor(qingdao), models.Forbidden, "error.forbidden"},
			"both at once":              {w.Actor(qingdao, models.Supervisor, models.Reporter, models.Assessor), models.Forbidden, "error.forbidden"},
			"another city's supervisor": {w.Supervisor(jinan), models.NotFound, "rectifications.unknown"},
			"the office's assessor":     {w.Actor(shandong, models.Assessor), models.Forbidden, "error.forbidden"},
		} {
			for act, decide := range decisions {
				t.Run(name+" "+act, func(*testing.T) { w.WantCode(decide(t.Context(), c.actor, row.ID, 2, note("同意")), c.code, c.key) })
			}
		}
		// Somebody with both roles at the office does not close what they answered.
		both := w.Actor(shandong, models.Supervisor, models.Reporter)
		w.Must(w.Return(t.Context(), w.Supervisor(shandong), row.ID, 2, note("仍打不开")))
		w.Must(w.Answer(t.Context(), both, row.ID, 3, note("代为反馈")))
		w.WantCode(w.Close(t.Context(), both, row.ID, 4, note("")), models.Forbidden, "rectifications.own_answer")
		// Nor when a colleague has answered after them.
		w.Must(w.Return(t.Context(), w.Supervisor(shandong), row.ID, 4, note("附件缺页")))
		w.Must(w.Answer(t.Context(), w.Reporter(qingdao), row.ID, 5, note("已补齐")))
		w.WantCode(w.Close(t.Context(), both, row.ID, 6, note("")), models.Forbidden, "rectifications.own_answer")
		// What is not minor has to be put right: the demand alone is not taken back.
		w.WantCode(w.Withdraw(t.Context(), w.Supervisor(shandong), row.ID, 6, note("不再要求")), models.Conflict, "rectifications.withdraw_finding")
		w.Must(w.Close(t.Context(), w.Supervisor(shandong), row.ID, 6, note("")))
	})
}

// TestTheWayOfARectification goes from the demand to its end, with files, a new due date
// and what everybody is told.
func TestTheWayOfARectification(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		office, unit := w.Supervisor(shandong), w.Reporter(jinan)
		row := w.demanded(jinan, models.SeverityOrdinary, "2018-02-07")
		answer := func(actor compliance.Actor, version int, in rectification.StepInput) error {
			return w.Answer(t.Context(), actor, row.ID, version, in)
		}
		w.WantCode(answer(w.Reporter(qingdao), 1, note("已恢复")), models.NotFound, "rectifications.unknown")
		w.WantCode(answer(office, 1, note("已恢复")), models.Forbidden, "error.forbidden")
		w.WantCode(answer(unit, 1, note(" ")), models.Invalid, "filing.required")
		w.WantCode(answer(unit, 1, rectification.StepInput{Note: "已恢复", URL: "x"}), models.Invalid, "filing.bad_url")
		w.WantCode(answer(unit, 1, rectification.StepInput{Note: "已恢复", Files: make([]evidence.File, dossier.MaxFiles+1)}), models.Invalid, "dossier.many")
		w.WantCode(answer(unit, 2, note("已恢复")), models.Stale, "rectifications.stale")
		w.WantCode(w.Close(t.Context(), office, row.ID, 1, note("")), models.Conflict, "rectifications.is_open")
		w.Must(answer(unit, 1, rectification.StepInput{Note: "已恢复", URL: "https://www.jinan.gov.cn/1", Files: []evidence.File{w.file("截图.pdf")}}))
		w.WantCode(answer(unit, 2, note("再次")), models.Conflict, "rectifications.is_answered")
		w.World.At("2018-02-09")
		w.WantCode(w.Return(t.Context(), office, row.ID, 2, note("")), models.Invalid, "filing.required")
		w.WantCode(w.Return(t.Context(), office, row.ID, 2, rectification.StepInput{Note: "手机仍打不开", DueOn: desktest.Day("2018-02-09")}), models.Invalid, "rectifications.due_past")
		// The old day has passed while the office looked; the Spring Festival is no working day.
		w.WantCode(w.Return(t.Context(), office, row.ID, 2, note("手机仍打不开")), models.Invalid, "rectifications.due_needed")
		w.WantCode(w.Return(t.Context(), office, row.ID, 2, rectification.StepInput{Note: "手机仍打不开", DueOn: desktest.Day("2018-02-16")}), models.Invalid, "rectifications.due_no_workday")
		w.Must(w.Return(t.Context(), office, row.ID, 2, rectification.StepInput{Note: "手机仍打不开", DueOn: desktest.Day("2018-02-28")}))
		w.World.At("2018-02-26")
		w.Must(answer(unit, 3, note("手机可以打开")))
		w.Must(w.Close(t.Context(), office, row.ID, 4, rectification.StepInput{Note: "复查属实", Files: []evidence.File{w.file("复查.pdf")}}))
		for act, err := range map[string]error{"answer": answer(unit, 5, note("又")), "return": w.Return(t.Context(), office, row.ID, 5, note("又")),
			"withdraw": w.Withdraw(t.Context(), office, row.ID, 5, note("又"))} {
			t.Run(act, func(*testing.T) { w.WantCode(err, models.Conflict, "rectifications.is_closed") })
		}

		v, err := w.Rectification(t.Context(), unit, row.ID)
		w.Must(err)
		var steps []string
		for _, step := range v.Steps {
			text := fmt.Sprint(step.Act, " ", step.DoneOn, " due ", step.DueOn, " ", step.Who, " ", step.Note)
			for _, file := range step.Files {
				text += " " + file.Name
			}
			if step.Moved {
				text += " moved"
			}
			steps = append(steps, text)
		}
		want := []string{"demand 2018-01-10 due 2018-02-07 370000-supervisor 恢复访问", "answer 2018-01-10 due 2018-02-07 370100-reporter 已恢复 截图.pdf",
			"return 2018-02-09 due 2018-02-28 370000-supervisor 手机仍打不开 moved", "answer 2018-02-26 due 2018-02-28 370100-reporter 手机可以打开",
			"close 2018-02-26 due 2018-02-28 370000-supervisor 复查属实 复查.pdf"}
		if diff := cmp.Diff(want, steps); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if v.ClosedOn != desktest.Day("2018-02-26") || v.CanAnswer || v.CanDecide || v.CanWithdraw || v.Origin.Finding.Inspection.Title != "一季度督查" {
			t.Errorf("closed: %+v", v)
		}
		wantTold := []string{"370100-reporter demanded!", "370000-supervisor answered", "370100-reporter returned!", "370000-supervisor answered", "370100-reporter closed"}
		if diff := cmp.Diff(wantTold, w.told(row.ID)); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		w.readsFile(v.Steps[1].Files[0].ID)
	})
}

// readsFile reads a file of Jinan as who may and as who may not.
func (w *world) readsFile(id uint64) {
	w.Helper()
	for _, actor := range []compliance.Actor{w.Reporter(jinan), w.Supervisor(shandong)} {
		_, content, err := w.cabinet.Open(w.Context(), actor, id)
		w.Must(err)
		if text, err := io.ReadAll(content); err != nil || string(text) != pdf {
			w.Errorf("the file reads %q (%v)", text, err)
		}
		_ = content.Close()
	}
	_, _, err := w.cabinet.Open(w.Context(), w.Reporter(qingdao), id)
	w.WantCode(err, models.NotFound, "dossier.unknown")
}

func TestADemandIsWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		office := w.Supervisor(shandong)
		reporter := w.Reporter(jinan)
		open, answered := w.demanded(jinan, models.SeverityMinor, "2018-02-07"), w.demanded(jinan, models.SeverityMinor, "2018-02-07")
		w.Must(w.Answer(t.Context(), reporter, answered.ID, 1, note("已恢复")))
		w.WantCode(w.Withdraw(t.Context(), office, open.ID, 1, note("")), models.Invalid, "filing.required")
		w.Must(w.Withdraw(t.Context(), office, open.ID, 1, note("误报")))
		w.WantCode(w.Answer(t.Context(), reporter, open.ID, 2, note("已恢复")), models.Conflict, "rectifications.is_withdrawn")
		if diff := cmp.Diff([]string{"370100-reporter demanded!", "370100-reporter withdrawn"}, w.told(open.ID)); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}

		// With its finding, in the write of another desk: all or nothing.
		finder := desk.New(s, w.Now)
		withdraw := func(actor compliance.Actor, after error) error {
			return finder.Write(t.Context(), actor, func(d *desk.Write) error {
				if err := rectification.WithdrawFinding(d, *answered.FindingID, "公示网页打不开", "误报"); err != nil {
					return err
				}
				return after
			})
		}
		w.WantCode(withdraw(w.Supervisor(jinan), nil), models.Forbidden, "error.forbidden")
		broken := errors.New("broken")
		if err := withdraw(office, broken); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if v, err := w.Rectification(t.Context(), office, answered.ID); err != nil || v.Status != models.RectificationAnswered {
			t.Errorf("after a broken write: %v, %v", v.Status, err)
		}
		w.Must(withdraw(office, nil))
		w.Must(withdraw(office, nil)) // again: nothing left to do
		v, err := w.Rectification(t.Context(), reporter, answered.ID)
		w.Must(err)
		if v.Status != models.RectificationWithdrawn || len(v.Steps) != 3 {
			t.Errorf("withdrawn: %s with %d steps", v.Status, len(v.Steps))
		}
		owed, err := w.Owed(t.Context(), reporter, jinan, 0)
		w.Must(err)
		if owed.Open != 0 {
			t.Errorf("still owed: %+v", owed)
		}
	})
}

// TestAsOf lists what was known on a day: the state and the due date then.
func TestAsOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		office := w.Supervisor(shandong)
		first := w.demanded(jinan, models.SeveritySerious, "2018-02-07")
		w.demanded(qingdao, models.SeverityMinor, "2018-02-07")
		w.World.At("2018-02-12")
		w.Must(w.Answer(t.Context(), w.Reporter(jinan), first.ID, 1, note("已恢复")))
		w.World.At("2018-02-14")
		w.Must(w.Return(t.Context(), office, first.ID, 2, rectification.StepInput{Note: "仍打不开", DueOn: desktest.Day("2018-02-28")}))
		w.World.At("2018-03-05")
		type counts = map[string]int
		for _, c := range []struct {
			asOf   string
			counts counts
			jinan  string
		}{
			{"2018-01-09", counts{}, ""},
			{"2018-02-07", counts{"open": 2}, "open 2018-02-07 false"},
			{"2018-02-08", counts{"open": 2, "overdue": 2}, "open 2018-02-07 true"},
			{"2018-02-12", counts{"open": 1, "overdue": 1, "answered": 1}, "answered 2018-02-07 false"},
			{"2018-02-14", counts{"open": 2, "overdue": 1}, "open 2018-02-28 false"},
			{"2018-03-05", counts{"open": 2, "overdue": 2}, "open 2018-02-28 true"},
		} {
			list, err := w.Rectifications(t.Context(), office, shandong, rectification.Query{AsOf: desktest.Day(c.asOf)})
			w.Must(err)
			if diff := cmp.Diff(c.counts, list.Counts); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.asOf, diff)
			}
			var standings map[uint64]rectification.Standing
			standings, err = rectification.OfFindings(w.Look(t.Context(), office), []uint64{*first.FindingID}, desktest.Day(c.asOf))
			w.Must(err)
			got := ""
			if st, found := standings[*first.FindingID]; found {
				got = fmt.Sprint(st.Status, " ", st.DueOn, " ", st.Overdue)
			}
			if got != c.jinan {
				t.Errorf("%s: Jinan's is %q, want %q", c.asOf, got, c.jinan)
			}
		}
	})
}

func TestListsAreNarrowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for i, unit := range []string{jinan, jinan, qingdao, qingdao, qingdao} {
			w.demanded(unit, models.Severities[i%3], "2018-02-07")
		}
		w.World.At("2018-02-08")
		office := w.Supervisor(shandong)
		for name, c := range map[string]struct {
			query rectification.Query
			want  int
		}{
			"serious":            {rectification.Query{Severity: models.SeveritySerious}, 2},
			"of findings":        {rectification.Query{From: rectification.FromFinding}, 5},
			"of scores":          {rectification.Query{From: rectification.FromScore}, 0},
			"of the inspection":  {rectification.Query{Inspection: w.inspection.ID}, 5},
			"of another one":     {rectification.Query{Inspection: w.inspection.ID + 1}, 0},
			"of a year":          {rectification.Query{Year: 2018}, 5},
			"of the year before": {rectification.Query{Year: 2017}, 0},
			"by name":            {rectification.Query{Text: "青岛"}, 3},
			"of nobody":          {rectification.Query{Text: "100%"}, 0},
			"overdue":            {rectification.Query{State: rectification.Overdue, Text: "370100"}, 2},
			"closed":             {rectification.Query{State: "closed"}, 0},
		} {
			list, err := w.Rectifications(t.Context(), office, shandong, c.query)
			w.Must(err)
			if len(list.Items) != c.want || len(list.Inspections) != 1 {
				t.Errorf("%s: %d, want %d", name, len(list.Items), c.want)
			}
		}
		seen, cursor := map[uint64]bool{}, ""
		for pages := 0; pages == 0 || cursor != ""; pages++ {
			list, err := w.Rectifications(t.Context(), office, shandong, rectification.Query{Cursor: cursor, Limit: 2})
			w.Must(err)
			for _, line := range list.Items {
				seen[line.ID] = true
			}
			if cursor = list.Next; pages > 3 {
				t.Fatal("no end of pages")
			}
		}
		if len(seen) != 5 {
			t.Errorf("%d on all pages, want 5", len(seen))
		}
		_, err := w.Rectifications(t.Context(), w.Reporter(jinan), qingdao, rectification.Query{})
		w.WantCode(err, models.NotFound, "supervision.unit_unknown")
		_, err = w.Rates(t.Context(), w.Reporter(jinan), qingdao, rectification.Query{})
		w.WantCode(err, models.NotFound, "supervision.unit_unknown")
		_, err = w.Owed(t.Context(), w.Reporter(jinan), qingdao, 0)
		w.WantCode(err, models.NotFound, "supervision.unit_unknown")
		mine, err := w.Rectifications(t.Context(), w.Reporter(jinan), jinan, rectification.Query{})
		w.Must(err)
		if mine.Total != 2 {
			t.Errorf("Jinan sees %d", mine.Total)
		}
	})
}

// TestRates counts one of each way that a rectification goes, on the day and before.
func TestRates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		office, city := w.Supervisor(shandong), w.Reporter(jinan)
		inTime, late, tardyCheck := w.demanded(jinan, models.SeveritySerious, "2018-02-07"), w.demanded(jinan, models.SeveritySerious, "2018-01-20"), w.demanded(jinan, models.SeverityMinor, "2018-02-07")
		w.demanded(qingdao, models.SeverityMinor, "2018-02-07")
		w.demanded(qingdao, models.SeverityMinor, "2018-06-30")
		w.demanded(shandong, models.SeverityMinor, "2018-06-30")
		gone := w.demanded(qingdao, models.SeverityMinor, "2018-02-07")
		w.Must(w.Withdraw(t.Context(), office, gone.ID, 1, note("误报")))
		w.World.At("2018-02-07")
		for _, row := range []models.Rectification{inTime, late, tardyCheck} {
			w.Must(w.Answer(t.Context(), city, row.ID, 1, note("已恢复")))
		}
		w.Must(w.Close(t.Context(), office, inTime.ID, 2, note("")))
		w.World.At("2018-02-20")
		// That the office is late is not the unit's fault.
		w.Must(w.Close(t.Context(), office, tardyCheck.ID, 2, note("")))
		w.Must(w.Close(t.Context(), office, late.ID, 2, note("")))
		w.World.At("2018-03-01")

		rates, err := w.Rates(t.Context(), office, shandong, rectification.Query{State: "closed"})
		w.Must(err)
		type share = rectification.Share
		if diff := cmp.Diff(share{InTime: 2, Late: 1, Open: 2, Overdue: 1}, rates.Total); diff != "" {
			t.Errorf("total (-want +got):\n%s", diff)
		}
		units := map[string]share{}
		for _, unit := range rates.Units {
			units[unit.Unit.Code] = unit.Share
		}
		if diff := cmp.Diff(map[string]share{shandong: {Open: 1}, jinan: {InTime: 2, Late: 1}, qingdao: {Open: 1, Overdue: 1}}, units); diff != "" {
			t.Errorf("units (-want +got):\n%s", diff)
		}
		severities := map[models.Severity]share{}
		for _, severity := range rates.Severities {
			severities[severity.Severity] = severity.Share
		}
		if diff := cmp.Diff(map[models.Severity]share{models.SeveritySerious: {InTime: 1, Late: 1}, models.SeverityMinor: {InTime: 1, Open: 2, Overdue: 1}}, severities); diff != "" {
			t.Errorf("severities (-want +got):\n%s", diff)
		}
		before, err := w.Rates(t.Context(), office, shandong, rectification.Query{AsOf: desktest.Day("2018-02-07"), Inspection: w.inspection.ID})
		w.Must(err)
		if diff := cmp.Diff(share{InTime: 1, Open: 5}, before.Total); diff != "" {
			t.Errorf("before (-want +got):\n%s", diff)
		}
		none, err := w.Rates(t.Context(), office, shandong, rectification.Query{Year: 2017})
		w.Must(err)
		if none.Total.Of() != 0 || none.Units != nil {
			t.Errorf("a year without any: %+v", none)
		}
	})
}

// Two who answer at once: one is too late, and one step is written.
func TestTwoAnswersAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		row := w.demanded(jinan, models.SeverityMinor, "2018-02-07")
		unit := w.Reporter(jinan)
		results := make(chan error, 2)
		for range 2 {
			go func() { results <- w.Answer(t.Context(), unit, row.ID, 1, note("已恢复")) }()
		}
		first, second := <-results, <-results
		if (first == nil) == (second == nil) {
			t.Errorf("%v and %v", first, second)
		}
		var answers int64
		w.Must(s.Read(t.Context()).Model(&models.RectificationStep{}).Where("act = ?", models.RectificationAnswer).Count(&answers).Error)
		if answers != 1 {
			t.Errorf("%d answers", answers)
		}
	})
}

// Every step has its entry in the audit log.
func TestStepsAreAudited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		row := w.demanded(jinan, models.SeverityMinor, "2018-02-07")
		w.Must(w.Answer(t.Context(), w.Reporter(jinan), row.ID, 1, note("已恢复")))
		w.Must(w.Return(t.Context(), w.Supervisor(shandong), row.ID, 2, note("仍打不开")))
		w.Must(w.Withdraw(t.Context(), w.Supervisor(shandong), row.ID, 3, note("误报")))
		var actions []string
		w.Must(s.Read(t.Context()).Model(&models.AuditEntry{}).Where("object = ? AND object_id = ?", "rectification", row.ID).Order("at, strand, seq").Pluck("action", &actions).Error)
		counted := map[string]int{}
		for _, action := range actions {
			counted[action]++
		}
		if diff := cmp.Diff(map[string]int{"demand": 1, "answer": 1, "return": 1, "withdraw": 1}, counted); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}
