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
		w.at("2017-07-10")
		w.escalate()
		want := []string{"2017-06-01 send blue", "2017-06-01 acknowledge blue", "2017-06-01 reply blue", "2017-06-27 escalate yellow", "2017-07-01 escalate red", "2017-07-05 finish red"}
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
		// The reply of the 1st is in time. While it is answered the plan of the 16th counts, and
		// three working days before the 9th is the 6th.
		want := []string{"2017-06-01 send yellow", "2017-06-01 acknowledge yellow", "2017-06-01 reply yellow", "2017-06-03 escalate red", "2017-06-05 escalate blue",
			"2017-06-07 escalate yellow", "2017-06-10 escalate red"}
		if diff := cmp.Diff(want, w.steps(urge)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
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
