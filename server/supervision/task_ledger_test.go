package supervision_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

func (s scene) ledger(q supervision.TaskQuery) *supervision.TaskLedger {
	s.Helper()
	list, err := s.TaskLedger(s.Context(), s.office, desktest.Shandong, q)
	s.Must(err)
	return list
}

func TestWhoseTasksAreListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		_, err := w.TaskLedger(t.Context(), w.Reporter(desktest.Jinan), desktest.Qingdao, supervision.TaskQuery{})
		w.WantCode(err, models.NotFound, "supervision.unit_unknown")
		_, err = w.OwedTasks(t.Context(), w.Reporter(desktest.Jinan), desktest.Qingdao)
		w.WantCode(err, models.NotFound, "supervision.unit_unknown")
		_, err = w.Desk.TaskFacts(t.Context(), w.Reporter(desktest.Jinan), desktest.Qingdao, "", day("2017-06-01"))
		w.WantCode(err, models.NotFound, "supervision.unit_unknown")
		own, err := w.TaskLedger(t.Context(), w.Reporter(desktest.Jinan), desktest.Jinan, supervision.TaskQuery{})
		w.Must(err)
		if n := w.count(&models.TaskShare{}, "unit_id = ?", w.Unit(desktest.Jinan).ID); len(own.Items) != n || n == 0 || own.Manages {
			t.Errorf("Jinan sees %d parts of its %d", len(own.Items), n)
		}
		all := w.ledger(supervision.TaskQuery{})
		if n := w.count(&models.TaskShare{}, "1 = 1"); len(all.Items) != n || all.Total != n || !all.Manages || !all.BySections {
			t.Errorf("the office sees %d parts of %d", len(all.Items), n)
		}
		before := w.ledger(supervision.TaskQuery{AsOf: day("2017-05-31")})
		if len(before.Items) != 0 || before.Total != 0 {
			t.Error("tasks are listed before they were opened")
		}
	})
}

// naive counts the ledger of a day by a walk over all steps.
func (s scene) naive(on calendar.Date) map[supervision.TaskState]int {
	s.Helper()
	var steps []models.TaskStep
	s.Must(s.Store.Read(s.Context()).Where("done_on <= ?", on).Order("id").Find(&steps).Error)
	last := map[uint64]models.TaskStep{}
	for _, step := range steps {
		last[step.ShareID] = step
	}
	counts := map[supervision.TaskState]int{}
	for _, step := range last {
		if step.Act == models.TaskEnd {
			continue
		}
		counts[supervision.TaskAllParts]++
		if step.Role == models.TaskCooperate {
			counts[supervision.TaskHelps]++
			continue
		}
		counts[supervision.TaskLeads]++
		counts[supervision.TaskState(step.Status)]++
		overdue := step.Status != models.TaskDone && step.DueOn < on
		stale := step.Status != models.TaskDone && supervision.MonthAfter(step.MovedOn) < on
		for state, holds := range map[supervision.TaskState]bool{supervision.TaskOverdue: overdue, supervision.TaskStale: stale, supervision.TaskBehind: overdue || stale} {
			if holds {
				counts[state]++
			}
		}
	}
	return counts
}

// TestTheLedgerCountsRight does random work over months, and counts again by hand, by the
// filters, over pages, for past days, and by policy.
func TestTheLedgerCountsRight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.Reporter(desktest.Shandong)
		w.openTasks()
		dice := rand.New(rand.NewPCG(6, 2017))
		seen := map[calendar.Date]map[supervision.TaskState]int{}
		for _, on := range []string{"2017-06-30", "2017-07-01", "2017-07-02", "2017-07-31", "2017-08-31", "2017-12-31", "2018-01-30", "2018-01-31", "2018-02-28", "2018-03-01"} {
			w.at(on + " 10:00")
			for range 12 {
				w.randomStep(dice)
			}
			seen[day(on)] = w.naive(day(on))
			if diff := cmp.Diff(seen[day(on)], w.ledger(supervision.TaskQuery{}).Counts); diff != "" {
				t.Fatalf("on %s (-naive +ledger):\n%s", on, diff)
			}
		}
		for on, counts := range seen {
			list := w.ledger(supervision.TaskQuery{AsOf: on, Limit: 1})
			if diff := cmp.Diff(counts, list.Counts); diff != "" {
				t.Errorf("looking back at %s (-then +now):\n%s", on, diff)
			}
			for _, state := range supervision.TaskStates {
				if n := w.walk(supervision.TaskQuery{AsOf: on, State: state, Limit: 37}); n != counts[state] {
					t.Errorf("%s of %s: %d on all pages, %d counted", state, on, n, counts[state])
				}
			}
			w.wantGroups(list)
			facts, err := w.Desk.TaskFacts(t.Context(), w.office, desktest.Shandong, sdPolicy, on)
			w.Must(err)
			leads := list.Counts
			delete(leads, supervision.TaskHelps)
			leads[supervision.TaskAllParts] = leads[supervision.TaskLeads]
			if diff := cmp.Diff(leads, facts[0].Counts); diff != "" {
				t.Errorf("facts of %s (-ledger +facts):\n%s", on, diff)
			}
		}
	})
}

// walk counts what is listed on all pages.
func (s scene) walk(q supervision.TaskQuery) int {
	s.Helper()
	n, shares := 0, map[uint64]bool{}
	for {
		list := s.ledger(q)
		for _, line := range list.Items {
			shares[line.Share.ID] = true
		}
		n += len(list.Items)
		if list.Next == "" {
			break
		}
		q.Cursor = list.Next
	}
	if len(shares) != n {
		s.Errorf("%d lines on all pages, %d parts", n, len(shares))
	}
	return n
}

// wantGroups checks that chapters add up to the whole, and that each is what its filter
// counts.
func (s scene) wantGroups(list *supervision.TaskLedger) {
	s.Helper()
	sum := 0
	for _, group := range list.Groups {
		sum += group.Counts[supervision.TaskLeads]
		of := s.ledger(supervision.TaskQuery{AsOf: list.AsOf, Section: group.Section, Limit: 1})
		if of.Counts[supervision.TaskLeads] != group.Counts[supervision.TaskLeads] || of.Counts[supervision.TaskBehind] != group.Counts[supervision.TaskBehind] {
			s.Errorf("chapter %s: %v, by its filter %v", group.Section, group.Counts, of.Counts)
		}
	}
	if sum != list.Counts[supervision.TaskLeads] {
		s.Errorf("chapters add up to %d of %d", sum, list.Counts[supervision.TaskLeads])
	}
}

// randomStep has somebody do something with some part.
func (s scene) randomStep(dice *rand.Rand) {
	s.Helper()
	var shares []models.TaskShare
	s.Must(s.Store.Read(s.Context()).Where("ended_on IS NULL").Order("id").Find(&shares).Error)
	share := shares[dice.IntN(len(shares))]
	var task models.Task
	s.Must(s.Store.Read(s.Context()).Where("id = ?", share.TaskID).Take(&task).Error)
	var err error
	switch dice.IntN(10) {
	case 0:
		err = s.RedateTask(s.Context(), s.office, task.ID, task.Version, task.DueOn+calendar.Date(dice.IntN(60)+1), "调整")
	case 1:
		err = s.EndTaskShare(s.Context(), s.office, task.ID, share.ID, share.Version, "调整")
	case 2:
		err = s.ReturnTask(s.Context(), s.office, task.ID, share.ID, share.Version, "未完成")
	case 3:
		var unit models.Unit
		s.Must(s.Store.Read(s.Context()).Where("id = ?", share.UnitID).Take(&unit).Error)
		role := models.TaskLead
		if share.Role == role {
			role = models.TaskCooperate
		}
		err = s.AssignTask(s.Context(), s.office, task.ID, task.Version, unit.Code, role)
	default:
		status := []models.TaskStatus{models.TaskNotStarted, models.TaskUnderWay, models.TaskDone}[dice.IntN(3)]
		err = s.ReportTask(s.Context(), s.Reporter(desktest.Shandong), task.ID, share.ID, share.Version,
			supervision.TaskProgress{Status: status, Note: fmt.Sprint("进展", dice.IntN(9)), Reason: "原因"})
	}
	if err != nil {
		var code models.Code
		if refusal, ok := err.(*models.Error); ok {
			code = refusal.Code
		}
		if code != models.Conflict {
			s.Fatal(err)
		}
	}
}

func TestOwedTasks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		owed := func() []supervision.TaskLine {
			lines, err := w.OwedTasks(t.Context(), w.Reporter(desktest.Jinan), desktest.Jinan)
			w.Must(err)
			return lines
		}
		before := owed()
		for i := 1; i < len(before); i++ {
			if before[i].DueOn < before[i-1].DueOn {
				t.Errorf("due on %s stands after %s", before[i].DueOn, before[i-1].DueOn)
			}
		}
		if before[0].Task.Code != "sd2017.task-random-inspection" || !before[0].IsOverdue() {
			t.Errorf("the first is %s", before[0].Task.Code)
		}
		w.Must(w.report(cityTask, desktest.Jinan, supervision.TaskProgress{Status: models.TaskDone, Note: "已完成。"}))
		if after := owed(); len(after) != len(before)-1 {
			t.Errorf("%d are owed after one of %d was done", len(after), len(before))
		}
	})
}
