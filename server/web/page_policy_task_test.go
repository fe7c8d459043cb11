package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/seeds"
	"sundial/server/rules"
)

// liaoningTasks are the tasks of Liaoning with the ids.
func (s sample) liaoningTasks(ids ...string) []TaskDivisionLine {
	policy, err := seeds.Policy("liaoning-2016")
	if err != nil {
		s.t.Fatal(err)
	}
	var lines []TaskDivisionLine
	for _, id := range ids {
		task, found := policy.FindTask(id)
		if !found {
			s.t.Fatalf("no task %s", id)
		}
		lines = append(lines, TaskDivisionLine{task, policy.TaskDue(task)})
	}
	return lines
}

func TestAnAmendmentTellsWhichTasksChange(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	locale := catalog.Locale("zh-CN")
	was := newSample(t, locale).policy
	amended := func(change func(*rules.Policy)) []Difference {
		now := *was
		now.Tasks = append([]rules.Task{}, was.Tasks...)
		change(&now)
		return words{locale}.taskChanges(was, &now)
	}
	for _, c := range []struct {
		name   string
		change func(*rules.Policy)
		want   string
	}{
		{"moved down the file", func(now *rules.Policy) { now.Tasks[0].Line++ }, ""},
		{"another lead", func(now *rules.Policy) { now.Tasks[0].Lead = now.Tasks[0].Lead[1:] }, "33 项任务：新增 0 项，调整 1 项，删除 0 项"},
		{"another day for those without one", func(now *rules.Policy) { now.TasksDue++ }, "33 项任务：新增 0 项，调整 28 项，删除 0 项"},
		{"one gone, one new", func(now *rules.Policy) { now.Tasks[3].ID = "sd2017.task-new" }, "33 项任务：新增 1 项，调整 0 项，删除 1 项"},
		{"all gone", func(now *rules.Policy) { now.Tasks = nil }, "0 项任务：新增 0 项，调整 0 项，删除 33 项"},
	} {
		var want []Difference
		if c.want != "" {
			want = []Difference{{"policy_tasks.title", "33 项任务", c.want}}
		}
		if diff := cmp.Diff(want, amended(c.change)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
