package supervision_test

import (
	"context"
	"fmt"
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

const sdPolicy = "shandong-2017"

// openTasks divides the tasks of Shandong.
func (s scene) openTasks() *supervision.TasksOpened {
	s.Helper()
	opened, err := s.OpenTasks(s.Context(), s.office, desktest.Shandong, sdPolicy, nil)
	s.Must(err)
	return opened
}

// part returns the part of a unit in a task of Shandong.
func (s scene) part(task, unit string) models.TaskShare {
	s.Helper()
	var share models.TaskShare
	s.Must(s.Store.Read(s.Context()).Where("task_id = (SELECT id FROM tasks WHERE code = ?) AND unit_id = ?", task, s.Unit(unit).ID).Take(&share).Error)
	return share
}

// task returns a task of Shandong.
func (s scene) task(code string) models.Task {
	s.Helper()
	var task models.Task
	s.Must(s.Store.Read(s.Context()).Where("code = ?", code).Take(&task).Error)
	return task
}

func (s scene) count(model any, where string, args ...any) int {
	s.Helper()
	var n int64
	s.Must(s.Store.Read(s.Context()).Model(model).Where(where, args...).Count(&n).Error)
	return int(n)
}

// shut closes a unit on the day of the clock.
func (s scene) shut(code string) {
	s.Helper()
	s.Must(s.Store.Write(s.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Unit{}).Where("code = ?", code).Update("closed_on", s.Ledger.Today()).Error
	}))
}

func TestWhoMayOpenTasks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		open := func(actor compliance.Actor, unit, policy string, dues map[string]calendar.Date) error {
			_, err := w.OpenTasks(t.Context(), actor, unit, policy, dues)
			return err
		}
		w.WantCode(open(w.Reporter(desktest.Jinan), desktest.Shandong, sdPolicy, nil), models.NotFound, "supervision.unit_unknown")
		w.WantCode(open(w.Reporter(desktest.Shandong), desktest.Shandong, sdPolicy, nil), models.Forbidden, "error.forbidden")
		w.WantCode(open(w.Supervisor(desktest.Jinan), desktest.Jinan, sdPolicy, nil), models.Conflict, "tasks.other_region")
		w.WantCode(open(w.office, desktest.Shandong, "none", nil), models.NotFound, "tasks.policy_unknown")
		w.WantCode(open(w.office, desktest.Shandong, "lanzhou-2016", nil), models.Conflict, "tasks.other_region")
		w.WantCode(open(w.Supervisor("320000"), "320000", "jiangsu-2018", nil), models.Conflict, "tasks.none_in_policy")
		early := map[string]calendar.Date{"sd2017.task-audit": day("2016-12-31")}
		w.WantCode(open(w.office, desktest.Shandong, sdPolicy, early), models.Invalid, "tasks.due_early")
		w.WantCode(open(w.office, desktest.Shandong, sdPolicy, map[string]calendar.Date{"sd2017.task-audit": 0}), models.Invalid, "filing.date_required")
		_, err := w.PlanTasks(t.Context(), w.Reporter(desktest.Shandong), desktest.Shandong, sdPolicy)
		w.WantCode(err, models.Forbidden, "error.forbidden")
		if n := w.count(&models.Task{}, "1 = 1"); n > 0 {
			t.Errorf("%d tasks were opened by those refused", n)
		}
	})
}

// wantedParts are those that the pack gives to the units, by task and role.
func (s scene) wantedParts() map[string]int {
	s.Helper()
	view, err := s.Ledger.Policy(s.Context(), sdPolicy)
	s.Must(err)
	var units []models.Unit
	s.Must(s.Store.Read(s.Context()).Where("code LIKE '37%'").Find(&units).Error)
	wanted := map[string]int{}
	for i := range view.Policy.Tasks {
		task := &view.Policy.Tasks[i]
		for _, unit := range units {
			known := rules.Unit{Code: unit.Code, Name: unit.Name, Kind: rules.UnitKind(unit.Kind)}
			switch {
			case task.Lead.Binds("370000", known):
				wanted[task.ID+" lead"]++
			case task.Cooperate.Binds("370000", known):
				wanted[task.ID+" cooperate"]++
			}
		}
	}
	return wanted
}

func (s scene) storedParts() map[string]int {
	s.Helper()
	var rows []struct {
		Code, Role string
		Count      int
	}
	s.Must(s.Store.Read(s.Context()).Table("task_shares s").Joins("JOIN tasks t ON t.id = s.task_id").Where("s.ended_on IS NULL").
		Select("t.code, s.role, count(*) AS count").Group("t.code, s.role").Scan(&rows).Error)
	stored := map[string]int{}
	for _, row := range rows {
		stored[row.Code+" "+row.Role] = row.Count
	}
	return stored
}

func TestTasksAreOpenedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.Reporter(desktest.Shandong)
		due := day("2017-09-30")
		opened, err := w.OpenTasks(t.Context(), w.office, desktest.Shandong, sdPolicy, map[string]calendar.Date{"sd2017.task-audit": due})
		w.Must(err)
		wanted := w.wantedParts()
		if diff := cmp.Diff(wanted, w.storedParts()); diff != "" {
			t.Errorf("parts (-want +got):\n%s", diff)
		}
		parts := 0
		for _, n := range wanted {
			parts += n
		}
		if opened.Tasks != w.count(&models.Task{}, "1 = 1") || opened.Parts[supervision.PartAdded] != parts || w.count(&models.TaskStep{}, "act = 'give'") != parts {
			t.Errorf("opened %+v, %d parts are stored", opened, parts)
		}
		if w.task("sd2017.task-audit").DueOn != due || w.task("sd2017.task-random-inspection").DueOn != day("2017-05-31") {
			t.Error("due dates are not those that were asked for")
		}
		told := w.count(&models.Message{}, "kind = 'task' AND message_key = 'tasks.message.given'")
		leads := w.count(&models.Unit{}, "id IN (SELECT unit_id FROM task_shares WHERE role = 'lead')")
		if told != leads || told == 0 {
			t.Errorf("%d units were told of %d that lead", told, leads)
		}
		_, err = w.OpenTasks(t.Context(), w.office, desktest.Shandong, sdPolicy, nil)
		w.WantCode(err, models.Conflict, "tasks.nothing_new")
		if w.count(&models.TaskShare{}, "1 = 1") != parts {
			t.Error("opening again added parts")
		}
	})
}

func TestOpeningAgainFollowsTheUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		kept := w.part("sd2017.task-power-lists", desktest.Qingdao)
		w.Must(w.EndTaskShare(t.Context(), w.office, kept.TaskID, kept.ID, kept.Version, "另有分工"))
		w.Must(w.AssignTask(t.Context(), w.office, w.task("sd2017.task-audit").ID, 1, desktest.Jinan, models.TaskCooperate))
		w.at("2017-08-01 09:00")
		w.shut("371200")
		city := models.Unit{Code: "379900", Name: "新设市", NameEN: "New city", Kind: models.City, OpenedOn: day("2017-07-01"), Position: 99}
		w.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
			province := w.Unit(desktest.Shandong)
			city.ParentID, city.Path = &province.ID, fmt.Sprint(province.Path, "0/")
			if err := tx.Create(&city).Error; err != nil {
				return err
			}
			return tx.Model(&city).Update("path", models.ChildPath(province.Path, city.ID)).Error
		}))
		plan, err := w.PlanTasks(t.Context(), w.office, desktest.Shandong, sdPolicy)
		w.Must(err)
		tasks, parts := plan.Count()
		ofCity := w.count(&models.TaskShare{}, "unit_id = ? AND ended_on IS NULL", w.Unit("371200").ID)
		want := map[supervision.PartChange]int{supervision.PartAdded: ofCity, supervision.PartEnds: ofCity}
		delete(parts, supervision.PartStays)
		if diff := cmp.Diff(want, parts); tasks != 0 || ofCity == 0 || diff != "" {
			t.Errorf("%d tasks and (-want +got):\n%s", tasks, diff)
		}
		w.openTasks()
		if n := w.count(&models.TaskShare{}, "unit_id = ? AND ended_on = '2017-08-01'", w.Unit("371200").ID); n != ofCity {
			t.Errorf("%d parts of the closed city ended, want %d", n, ofCity)
		}
		if n := w.count(&models.TaskShare{}, "unit_id = ? AND given_on = '2017-08-01'", city.ID); n != ofCity {
			t.Errorf("the new city has %d parts, want %d", n, ofCity)
		}
		if ended := w.part("sd2017.task-power-lists", desktest.Qingdao); ended.EndedOn != day("2017-06-01") {
			t.Error("what the office ended came back")
		}
		if own := w.part("sd2017.task-audit", desktest.Jinan); !own.EndedOn.IsZero() || own.Role != models.TaskCooperate {
			t.Error("what the office gave was taken away")
		}
	})
}

func TestTasksAreOpenedByOneOfTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		results := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := w.OpenTasks(context.WithoutCancel(t.Context()), w.office, desktest.Shandong, sdPolicy, nil)
				results <- err
			}()
		}
		first, second := <-results, <-results
		if first != nil {
			first, second = second, first
		}
		w.Must(first)
		w.WantCode(second, models.Conflict, "tasks.nothing_new")
		if diff := cmp.Diff(w.wantedParts(), w.storedParts()); diff != "" {
			t.Errorf("parts (-want +got):\n%s", diff)
		}
	})
}
