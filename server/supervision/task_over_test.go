package supervision_test

import (
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// Lanzhou's plan was published after the year for which it counts: the dates that the
// preview suggests are taken as they are.
func TestTheSuggestedDatesAreTaken(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	s.Activate("lanzhou-2016", 2016)
	office := s.Supervisor("620100")
	plan, err := s.PlanTasks(t.Context(), office, "620100", "lanzhou-2016")
	s.Must(err)
	dues := map[string]calendar.Date{}
	for _, line := range plan.Lines {
		dues[line.ID] = line.DueOn
	}
	opened, err := s.OpenTasks(t.Context(), office, "620100", "lanzhou-2016", dues)
	s.Must(err)
	if opened.Tasks != 36 {
		t.Errorf("%d tasks were opened", opened.Tasks)
	}
	// Two passages leave open who leads; they are named, and counted nowhere.
	ledger, err := s.TaskLedger(t.Context(), office, "620100", supervision.TaskQuery{})
	s.Must(err)
	tasks := 0
	for _, group := range ledger.Groups {
		tasks += group.Tasks
	}
	if len(ledger.Unled) != 2 || tasks != 34 {
		t.Errorf("%d tasks are led, %d are not: %+v", tasks, len(ledger.Unled), ledger.Unled)
	}
	s.Must(s.AssignTask(t.Context(), office, ledger.Unled[0].ID, ledger.Unled[0].Version, "620102", models.TaskLead))
	ledger, err = s.TaskLedger(t.Context(), office, "620100", supervision.TaskQuery{})
	s.Must(err)
	if len(ledger.Unled) != 1 {
		t.Errorf("%d tasks are without a lead after one was given", len(ledger.Unled))
	}
}

// A part is over when its unit is closed or the policy is retired; until then it counts.
func TestPartsThatAreOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		s.openTasks()
		before := s.Ledger.Today()
		leads := func(day calendar.Date) int {
			ledger, err := s.TaskLedger(t.Context(), s.office, desktest.Shandong, supervision.TaskQuery{AsOf: day, Text: desktest.Jinan, State: supervision.TaskLeads})
			s.Must(err)
			return len(ledger.Items)
		}
		all := leads(before)
		s.World.At("2017-06-20")
		s.shut(desktest.Jinan)
		if all == 0 || leads(before) != all || leads(s.Ledger.Today()) != 0 {
			t.Errorf("Jinan led %d, then %d, and %d since it is closed", all, leads(before), leads(s.Ledger.Today()))
		}
		part := s.part(cityTask, desktest.Jinan)
		s.WantCode(s.report(cityTask, desktest.Jinan, supervision.TaskProgress{Status: models.TaskDone, Note: "已完成。"}), models.Conflict, "tasks.unit_closed")
		s.Must(s.EndTaskShare(t.Context(), s.office, part.TaskID, part.ID, part.Version, "单位已撤销"))

		s.World.At("2017-07-03")
		s.Must(s.Store.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Policy{}).Where("code = ?", sdPolicy).Update("retired_on", s.Ledger.Today()).Error
		}))
		owed, err := s.OwedTasks(t.Context(), s.Reporter(desktest.Qingdao), desktest.Qingdao)
		s.Must(err)
		if len(owed) != 0 {
			t.Errorf("%d tasks of a retired policy are owed", len(owed))
		}
		s.WantCode(s.report(cityTask, desktest.Qingdao, supervision.TaskProgress{Status: models.TaskDone, Note: "已完成。"}), models.Conflict, "tasks.policy_retired")
	})
}

// What was done for a part that has ended does not count when it is given again.
func TestAPartGivenAgainBegins(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	s.openTasks()
	s.Must(s.report(cityTask, desktest.Jinan, supervision.TaskProgress{Status: models.TaskDone, Note: "已完成。"}))
	part := s.part(cityTask, desktest.Jinan)
	s.Must(s.EndTaskShare(t.Context(), s.office, part.TaskID, part.ID, part.Version, "调整分工"))
	s.Must(s.AssignTask(t.Context(), s.office, part.TaskID, s.task(cityTask).Version, desktest.Jinan, models.TaskLead))
	if again := s.part(cityTask, desktest.Jinan); again.Status != models.TaskNotStarted || !again.EndedOn.IsZero() {
		t.Errorf("given again: %+v", again)
	}
}
