package supervision_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// The plan is due on Friday 16 June: red begins with the 17th in Shanghai, wherever the
// server stands.
func TestTheTurnOfTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.Reporter(desktest.Jinan)
		urge := w.urge()
		w.at("2017-06-16 23:59")
		w.escalate()
		want := []string{"2017-06-01 send blue", "2017-06-07 escalate yellow", "2017-06-13 escalate red"}
		if diff := cmp.Diff(want, w.steps(urge.ID)); diff != "" {
			t.Errorf("before midnight, without a reply (-want +got):\n%s", diff)
		}
		w.Must(w.ReplyToUrge(t.Context(), w.Reporter(desktest.Jinan), urge.ID, 1, supervision.UrgeReply{Text: "今日报送"}))
		want = append(want, "2017-06-16 acknowledge red", "2017-06-16 reply red", "2017-06-16 escalate yellow")
		if diff := cmp.Diff(want, w.steps(urge.ID)); diff != "" {
			t.Errorf("after the reply (-want +got):\n%s", diff)
		}
		for _, step := range []struct {
			at    string
			steps int
		}{{"2017-06-16 23:59", 0}, {"2017-06-17 00:00", 1}, {"2017-06-17 00:00", 0}, {"2017-06-17 23:59", 0}, {"2017-07-20 00:01", 0}} {
			w.at(step.at)
			if got := w.escalate(); got != step.steps {
				t.Errorf("at %s %d steps, want %d", step.at, got, step.steps)
			}
		}
		if diff := cmp.Diff(append(want, "2017-06-17 escalate red"), w.steps(urge.ID)); diff != "" {
			t.Errorf("after midnight (-want +got):\n%s", diff)
		}
		// Twice red and twice yellow, each to the unit and to the office.
		if red, yellow := w.told("urges.message.level_red"), w.told("urges.message.level_yellow"); red != 4 || yellow != 4 {
			t.Errorf("%d messages of red and %d of yellow", red, yellow)
		}
	})
}

// The server stands still over the holiday from 1 to 8 October 2017. An extension moves a
// due date to Monday the 9th; three working days before it is 28 September, since Saturday
// the 30th is worked.
func TestTheJobIsLateOverALongHoliday(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		item := w.plan(desktest.Jinan)
		w.Must(w.Ledger.Extend(t.Context(), w.office, item.ID, 0, compliance.ExtensionInput{To: day("2017-10-09"), Reason: "平台改造", Document: "鲁政办函〔2017〕1号"}))
		w.at("2017-09-20")
		urge := w.urge()
		w.Must(w.ReplyToUrge(t.Context(), w.Reporter(desktest.Jinan), urge.ID, 1, supervision.UrgeReply{Text: "节后报送"}))
		w.at("2017-10-15")
		if got := w.escalate(); got != 2 {
			t.Errorf("%d steps", got)
		}
		want := []string{"2017-09-20 send blue", "2017-09-20 acknowledge blue", "2017-09-20 reply blue", "2017-09-28 escalate yellow", "2017-10-10 escalate red"}
		if diff := cmp.Diff(want, w.steps(urge.ID)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		view := w.look(urge.ID)
		if cause := view.Steps[4].Why; cause.Key != "urges.why.overdue" || cause.Due != day("2017-10-09") || cause.What.ZH == "" {
			t.Errorf("why it is red: %+v", cause)
		}
	})
}

// An urge whose due date the office moves falls back on the day on which it did so.
func TestAnExtensionLetsTheLevelFall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		urge := w.urge()
		w.Must(w.ReplyToUrge(t.Context(), w.Reporter(desktest.Jinan), urge.ID, 1, supervision.UrgeReply{Text: "申请延期"}))
		w.at("2017-06-20")
		w.escalate()
		w.at("2017-06-22")
		item := w.plan(desktest.Jinan)
		w.Must(w.Ledger.Extend(t.Context(), w.office, item.ID, w.Duty(desktest.Jinan, "sd2017.plan").Version, compliance.ExtensionInput{To: day("2017-08-31"), Reason: "平台改造", Document: "鲁政办函〔2017〕2号"}))
		w.at("2017-06-27")
		w.escalate()
		want := []string{"2017-06-01 send blue", "2017-06-01 acknowledge blue", "2017-06-01 reply blue", "2017-06-13 escalate yellow", "2017-06-17 escalate red", "2017-06-22 escalate blue"}
		if diff := cmp.Diff(want, w.steps(urge.ID)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		ahead := w.look(urge.ID).Ahead
		if len(ahead) != 2 || ahead[0].On != day("2017-08-28") || ahead[1].On != day("2017-09-01") || ahead[1].Level != models.UrgeRed {
			t.Errorf("ahead: %+v", ahead)
		}
	})
}

func TestTheRuleOfAnOffice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		in := supervision.UrgeRuleInput{YellowBefore: 15, RedAfter: 2, ReplyTerm: 5, CoolDown: 0, Template: "{单位}：请于{回复期限}前回复。"}
		w.WantCode(w.SetUrgeRule(t.Context(), w.Reporter(desktest.Shandong), desktest.Shandong, 0, in), models.Forbidden, "error.forbidden")
		w.WantCode(w.SetUrgeRule(t.Context(), w.Supervisor("210000"), desktest.Shandong, 0, in), models.NotFound, "supervision.unit_unknown")
		w.WantCode(w.SetUrgeRule(t.Context(), w.office, desktest.Shandong, 3, in), models.Stale, "urges.rule_stale")
		w.WantCode(w.SetUrgeRule(t.Context(), w.office, desktest.Shandong, 0, supervision.UrgeRuleInput{}), models.Invalid, "urges.bad_term")
		w.WantCode(w.SetUrgeRule(t.Context(), w.office, desktest.Shandong, 0, supervision.UrgeRuleInput{ReplyTerm: 3, Template: "{领导}"}), models.Invalid, "urges.bad_placeholder")

		urge := w.urge()
		w.at("2017-06-08")
		view, err := w.UrgeRule(t.Context(), w.office, desktest.Shandong, &in)
		w.Must(err)
		// Without a reply it is yellow since the 7th by the old rule; by the new one it would
		// be yellow for the due date alone.
		if view.Open != 1 || len(view.Changes) != 0 {
			t.Errorf("foreseen: %+v", view)
		}
		in.YellowBefore = 2
		if view, err = w.UrgeRule(t.Context(), w.office, desktest.Shandong, &in); err != nil || cmp.Diff([]supervision.LevelChange{{From: models.UrgeYellow, To: models.UrgeBlue, Count: 1}}, view.Changes) != "" {
			t.Errorf("foreseen: %+v, %v", view, err)
		}
		w.Must(w.SetUrgeRule(t.Context(), w.office, desktest.Shandong, 0, in))
		w.WantCode(w.SetUrgeRule(t.Context(), w.office, desktest.Shandong, 0, in), models.Stale, "urges.rule_stale")
		w.at("2017-06-30")
		w.escalate()
		// Red is from the second working day after Friday 16 June.
		want := []string{"2017-06-01 send blue", "2017-06-07 escalate yellow", "2017-06-08 escalate blue", "2017-06-14 escalate yellow", "2017-06-20 escalate red"}
		if diff := cmp.Diff(want, w.steps(urge.ID)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if step := w.look(urge.ID).Steps[2]; step.ByUser != nil {
			t.Errorf("the program did not take it: %+v", step)
		}
		sent, err := w.send(letter(desktest.Jinan, w.plan(desktest.Jinan)))
		w.Must(err)
		if sent[0].ReplyBy != day("2017-07-07") {
			t.Errorf("five working days: %s", sent[0].ReplyBy)
		}
	})
}

// One urge that cannot be turned does not keep the others, and is turned the next time.
func TestOneUrgeThatFails(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		var ids []uint64
		for _, code := range []string{desktest.Jinan, desktest.Qingdao, "370300"} {
			sent, err := w.send(letter(code, w.plan(code)))
			w.Must(err)
			ids = append(ids, sent[0].ID)
		}
		broken := errors.New("broken")
		w.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Callback().Create().Before("gorm:create").Register("urge:break", func(tx *gorm.DB) {
				if step, ok := tx.Statement.Dest.(*models.UrgeStep); ok && step.UrgeID == ids[0] {
					_ = tx.AddError(broken)
				}
			})
		}))
		w.at("2017-06-08")
		steps, err := w.Escalate(t.Context())
		if steps != 2 || !errors.Is(err, broken) {
			t.Errorf("%d steps, %v", steps, err)
		}
		if diff := cmp.Diff([]string{"2017-06-01 send blue"}, w.steps(ids[0])); diff != "" {
			t.Errorf("the one that fails (-want +got):\n%s", diff)
		}
		w.Must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Callback().Create().Remove("urge:break") }))
		if n := w.escalate(); n != 1 {
			t.Errorf("mended, %d steps", n)
		}
	})
}

// Two processes that turn the same day write each step once.
func TestTwoProcessesTurnTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		for _, code := range []string{desktest.Jinan, desktest.Qingdao, "370300", "370400"} {
			w.Reporter(code)
			_, err := w.send(letter(code, w.plan(code)))
			w.Must(err)
		}
		w.at("2017-06-20")
		var group sync.WaitGroup
		counts := make([]int, 3)
		errs := make([]error, 3)
		for i := range counts {
			group.Go(func() { counts[i], errs[i] = w.Escalate(t.Context()) })
		}
		group.Wait()
		total := 0
		for i := range counts {
			w.Must(errs[i])
			total += counts[i]
		}
		if total != 8 || w.told("urges.message.level_red") != 8 {
			t.Errorf("%d steps, %d messages of red; want 8 each", total, w.told("urges.message.level_red"))
		}
	})
}

// Whatever happens, after the job the recorded level is that of the rule, no step is
// earlier than the one before it, and a second run writes nothing.
func TestRandomUrges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		for seed := range uint64(3) {
			playUrges(t, w, rand.New(rand.NewPCG(seed, 6)))
		}
	})
}

func playUrges(t *testing.T, w scene, by *rand.Rand) {
	t.Helper()
	codes := []string{desktest.Jinan, desktest.Qingdao, "370300", "370400"}
	today := w.Ledger.Today()
	for range 25 {
		code := codes[by.IntN(len(codes))]
		today += calendar.Date(by.IntN(4))
		w.at(today.String())
		switch by.IntN(7) {
		case 0, 1:
			asked := letter(code)
			composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Units: []string{code}})
			w.Must(err)
			for _, draft := range composed.Drafts {
				for _, item := range draft.Items[:1+by.IntN(len(draft.Items))] {
					asked.Items = append(asked.Items, item.UrgeRef)
				}
				asked.Again = "再次催办"
				_, err := w.send(asked)
				w.Must(err)
			}
		case 2:
			answerOne(w, code, by)
		case 3:
			duty := w.Duty(code, "sd2017.plan")
			if err := w.Ledger.Extend(t.Context(), w.office, duty.ID, duty.Version, compliance.ExtensionInput{To: max(today, duty.DueOn) + 1 + calendar.Date(by.IntN(40)), Reason: "顺延", Document: "函"}); err != nil {
				t.Logf("not extended: %v", err)
			}
		case 4:
			duty := w.Duty(code, "sd2017.plan")
			if duty.Outcome == models.Open && by.IntN(3) == 0 {
				w.File(code, duty.ID, rules.Filing{Title: "实施方案", On: day("2017-06-01"), URL: "https://www.jinan.example/plan", LateReason: "补报"})
			}
		case 5:
			in := supervision.UrgeRuleInput{YellowBefore: by.IntN(8), RedAfter: by.IntN(3), Unanswered: by.IntN(2) == 0, ReplyTerm: 1 + by.IntN(5), CoolDown: by.IntN(4)}
			view, err := w.UrgeRule(t.Context(), w.office, desktest.Shandong, nil)
			w.Must(err)
			w.Must(w.SetUrgeRule(t.Context(), w.office, desktest.Shandong, view.Rule.Version, in))
		default:
			w.escalate()
			checkUrges(t, w)
		}
	}
	w.escalate()
	checkUrges(t, w)
}

// answerOne acknowledges an open urge of the unit, or replies to it.
func answerOne(w scene, code string, by *rand.Rand) {
	w.Helper()
	unit := w.Reporter(code)
	open, err := w.OpenUrges(w.Context(), unit, w.Unit(code))
	w.Must(err)
	if len(open) == 0 {
		return
	}
	urge := open[by.IntN(len(open))]
	if urge.Status == models.UrgeSent && by.IntN(2) == 0 {
		w.Must(w.AcknowledgeUrge(w.Context(), unit, urge.ID, urge.Version))
		return
	}
	w.Must(w.ReplyToUrge(w.Context(), unit, urge.ID, urge.Version, supervision.UrgeReply{Text: "正在办理"}))
}

func checkUrges(t *testing.T, w scene) {
	t.Helper()
	if again := w.escalate(); again != 0 {
		t.Errorf("a second run wrote %d steps", again)
	}
	var rows []models.Urge
	w.Must(w.Store.Read(t.Context()).Order("id").Find(&rows).Error)
	for _, row := range rows {
		view := w.look(row.ID)
		if row.Status != models.UrgeEnded && (view.AllDone || view.Now.Level != row.Level) {
			t.Errorf("urge %d is %s, by the rule %s, all done %t", row.ID, row.Level, view.Now.Level, view.AllDone)
		}
		for i, step := range view.Steps {
			if i > 0 && step.DoneOn < view.Steps[i-1].DoneOn {
				t.Errorf("step %d of urge %d is of %s, after one of %s", i, row.ID, step.DoneOn, view.Steps[i-1].DoneOn)
			}
		}
		if last := view.Steps[len(view.Steps)-1]; last.Level != row.Level {
			t.Errorf("urge %d is %s, its last step %s", row.ID, row.Level, last.Level)
		}
	}
}
