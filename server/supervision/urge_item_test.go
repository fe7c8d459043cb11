package supervision_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// Tasks and rectifications are urged for like duties, by their own steps: a new due date
// counts from the day on which it was set, and who cooperates owes nothing.
func TestUrgingForTasksAndRectifications(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		lead := w.part(cityTask, desktest.Jinan)
		task := supervision.UrgeRef{Object: models.UrgeTask, ID: lead.ID}
		w.Must(w.AssignTask(t.Context(), w.office, w.task(officeTask).ID, 1, desktest.Jinan, models.TaskCooperate))
		cooperates := supervision.UrgeRef{Object: models.UrgeTask, ID: w.part(officeTask, desktest.Jinan).ID}
		correction := supervision.UrgeRef{Object: models.UrgeRectification, ID: w.demand(desktest.Jinan, "2017-06-30")}
		composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Items: []supervision.UrgeRef{task, cooperates, correction}})
		w.Must(err)
		draft := composed.Drafts[0]
		if len(draft.Items) != 2 || draft.Items[0].UrgeRef != correction || len(draft.Refused) != 1 || draft.Refused[0].Why.Key != "urges.item_not_owed" {
			t.Fatalf("the draft: %+v", draft)
		}
		sent, err := w.send(letter(desktest.Jinan, task, correction))
		w.Must(err)
		urge := sent[0].ID
		w.Must(w.ReplyToUrge(t.Context(), w.Reporter(desktest.Jinan), urge, 1, supervision.UrgeReply{Text: "正在办理"}))
		w.at("2017-07-03")
		w.Must(w.report(cityTask, desktest.Jinan, supervision.TaskProgress{Status: models.TaskDone, Note: "清单已公布。", Reason: "部门核对较慢"}))
		w.at("2017-07-05")
		w.step(correction.ID, models.RectificationAnswer, "2017-06-30")
		w.at("2017-07-08")
		w.step(correction.ID, models.RectificationClose, "2017-06-30")
		w.at("2017-07-10")
		w.escalate()
		want := []string{"2017-06-01 send blue", "2017-06-01 acknowledge blue", "2017-06-01 reply blue", "2017-06-27 escalate yellow", "2017-07-01 escalate red", "2017-07-08 finish red"}
		if diff := cmp.Diff(want, w.steps(urge)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
	})
}

// A rectification that is sent back with a new day is open again.
func TestARectificationSentBackWithANewDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		correction := supervision.UrgeRef{Object: models.UrgeRectification, ID: w.demand(desktest.Jinan, "2017-06-02")}
		sent, err := w.send(letter(desktest.Jinan, correction, w.plan(desktest.Jinan)))
		w.Must(err)
		urge := sent[0].ID
		w.Must(w.ReplyToUrge(t.Context(), w.Reporter(desktest.Jinan), urge, 1, supervision.UrgeReply{Text: "正在办理"}))
		w.at("2017-06-05")
		w.step(correction.ID, models.RectificationAnswer, "2017-06-02")
		w.at("2017-06-07")
		w.step(correction.ID, models.RectificationReturn, "2017-06-09")
		w.at("2017-06-14")
		w.escalate()
		// The reply of the 1st is in time. While it is answered the level is held, though the
		// plan is due on the 16th alone; three working days before the 9th is the 6th.
		want := []string{"2017-06-01 send yellow", "2017-06-01 acknowledge yellow", "2017-06-01 reply yellow", "2017-06-03 escalate red",
			"2017-06-07 escalate yellow", "2017-06-10 escalate red"}
		if diff := cmp.Diff(want, w.steps(urge)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
	})
}

// A unit that is closed, and one whose policy is retired, owes what it was urged for no
// more: the urge ends on that day, with that cause, however late the program looks.
func TestAnUrgeEndsWhenNobodyOwesIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		task := supervision.UrgeRef{Object: models.UrgeTask, ID: w.part(cityTask, desktest.Jinan).ID}
		other := supervision.UrgeRef{Object: models.UrgeTask, ID: w.part(cityTask, desktest.Qingdao).ID}
		correction := supervision.UrgeRef{Object: models.UrgeRectification, ID: w.demand(desktest.Jinan, "2017-06-30")}
		w.Reporter(desktest.Jinan)
		sent, err := w.send(letter(desktest.Jinan, task, correction, w.plan(desktest.Jinan)), letter(desktest.Qingdao, other))
		w.Must(err)
		set := func(table, column, where, on string) {
			w.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Table(table).Where(where).Update(column, day(on)).Error
			}))
		}
		set("units", "closed_on", "code = '"+desktest.Jinan+"'", "2017-06-05")
		set("policies", "retired_on", "1 = 1", "2017-06-06")
		w.at("2017-06-20")
		composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Units: []string{desktest.Qingdao}, Items: []supervision.UrgeRef{other}})
		w.Must(err)
		refused := composed.Drafts[0].Refused
		for _, item := range composed.Drafts[0].Items {
			if item.Object == models.UrgeTask {
				t.Errorf("urged for a task of a retired policy: %+v", item)
			}
		}
		if len(refused) != 1 || refused[0].UrgeRef != other || refused[0].Why.Key != "urges.item_ended" {
			t.Errorf("what is not urged for: %+v", refused)
		}
		w.at("2017-06-04")
		if view := w.look(sent[0].ID); view.AllDone || len(view.Ahead) == 0 {
			t.Errorf("the day before: %+v", view)
		}
		w.at("2017-06-20")
		open, err := w.OpenUrges(t.Context(), w.office, w.Unit(desktest.Jinan))
		w.Must(err)
		if view := w.look(sent[0].ID); !view.AllDone || len(open) != 0 || view.Items[2].Ended != "urges.why.closed" || view.Items[2].Overdue(day("2017-06-20")) {
			t.Errorf("closed, before the turn of the day: %+v", view)
		}
		w.escalate()
		for i, c := range []struct {
			finish, why string
		}{{"2017-06-05 finish blue", "urges.why.closed"}, {"2017-06-06 finish blue", "urges.why.retired"}} {
			if diff := cmp.Diff([]string{"2017-06-01 send blue", c.finish}, w.steps(sent[i].ID)); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			if cause := w.look(sent[i].ID).Steps[1].Why; cause.Key != c.why || cause.Due.String() != c.finish[:10] {
				t.Errorf("why it ended: %+v", cause)
			}
		}
		if n := w.told("urges.message.lapsed"); n == 0 {
			t.Error("nobody was told")
		}
		if n := w.escalate(); n != 0 {
			t.Errorf("a second turn writes %d steps", n)
		}
	})
}

// demand has the office ask the unit to put something right, and returns the id.
func (s scene) demand(code, due string) uint64 {
	s.Helper()
	row := models.Rectification{UnitID: s.Unit(code).ID, OfficeID: s.Unit(desktest.Shandong).ID, Demand: "网站链接失效，请修复。", DueOn: day(due), Status: models.RectificationOpen,
		OpenedBy: s.office.ID, OpenedAt: store.Instant(s.Now()), Version: 1}
	s.Must(s.Store.Write(s.Context(), func(tx *gorm.DB) error { return tx.Create(&row).Error }))
	s.step(row.ID, models.RectificationDemand, due)
	return row.ID
}

// step adds a step to a rectification, with the due date after it.
func (s scene) step(rectification uint64, act models.RectificationAct, due string) {
	s.Helper()
	row := models.RectificationStep{RectificationID: rectification, Act: act, Note: "说明", DueOn: day(due), ByUser: s.office.ID, DoneAt: store.Instant(s.Now()), DoneOn: s.Ledger.Today()}
	s.Must(s.Store.Write(s.Context(), func(tx *gorm.DB) error { return tx.Create(&row).Error }))
}
