package supervision_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/evidence"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// The task that cities lead, and one that departments alone do.
const (
	cityTask   = "sd2017.task-power-lists"
	officeTask = "sd2017.task-audit"
)

// report reports on the part of a unit, as its reporter.
func (s scene) report(task, unit string, in supervision.TaskProgress) error {
	s.Helper()
	part := s.part(task, unit)
	return s.ReportTask(s.Context(), s.Reporter(unit), part.TaskID, part.ID, part.Version, in)
}

func underWay(note string) supervision.TaskProgress {
	return supervision.TaskProgress{Status: models.TaskUnderWay, Note: note}
}

func TestWhoMayReportOnTasks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		part := w.part(cityTask, desktest.Jinan)
		report := func(actor compliance.Actor, version int, in supervision.TaskProgress) error {
			return w.ReportTask(t.Context(), actor, part.TaskID, part.ID, version, in)
		}
		jinan, fine := w.Reporter(desktest.Jinan), underWay("已启动清单梳理。")
		w.WantCode(report(w.Reporter("620100"), 1, fine), models.NotFound, "tasks.unknown")
		w.WantCode(report(w.Reporter(desktest.Qingdao), 1, fine), models.NotFound, "tasks.unknown")
		w.WantCode(report(w.office, 1, fine), models.Forbidden, "error.forbidden")
		w.WantCode(report(w.Supervisor(desktest.Jinan), 1, fine), models.Forbidden, "error.forbidden")
		w.WantCode(w.ReportTask(t.Context(), jinan, part.TaskID, part.ID+1000, 1, fine), models.NotFound, "tasks.unknown")
		w.WantCode(report(jinan, 2, fine), models.Stale, "tasks.stale")
		w.WantCode(report(jinan, 1, supervision.TaskProgress{Status: models.TaskUnderWay}), models.Invalid, "filing.required")
		w.WantCode(report(jinan, 1, supervision.TaskProgress{Status: "half", Note: "一半"}), models.Invalid, "tasks.status_unknown")
		w.WantCode(report(jinan, 1, supervision.TaskProgress{Status: models.TaskDone, Note: "完成", URL: "javascript:alert(1)"}), models.Invalid, "filing.bad_url")
		w.WantCode(report(jinan, 1, underWay(strings.Repeat("长", 2001))), models.Invalid, "filing.too_long")
		many := underWay("附件较多。")
		many.Files = make([]evidence.File, 11)
		w.WantCode(report(jinan, 1, many), models.Invalid, "dossier.many")
		w.Must(w.AssignTask(t.Context(), w.office, w.task(officeTask).ID, 1, desktest.Jinan, models.TaskCooperate))
		w.WantCode(w.report(officeTask, desktest.Jinan, fine), models.Conflict, "tasks.cooperates")
		w.Must(w.EndTaskShare(t.Context(), w.office, part.TaskID, part.ID, 1, "改由市政务服务局承担"))
		w.WantCode(report(jinan, 2, fine), models.Conflict, "tasks.ended")
		other := w.part(cityTask, desktest.Qingdao)
		w.shut(desktest.Qingdao)
		w.WantCode(w.ReportTask(t.Context(), w.Reporter(desktest.Qingdao), other.TaskID, other.ID, 1, fine), models.Conflict, "tasks.unit_closed")
		if n := w.count(&models.TaskStep{}, "act = 'report'"); n != 0 {
			t.Errorf("%d reports were kept of those refused", n)
		}
	})
}

// TestProgressOfATask goes from the first report over what the office sends back to the end.
func TestProgressOfATask(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		jinan := w.Reporter(desktest.Jinan)
		w.Must(w.report(cityTask, desktest.Jinan, underWay("已启动清单梳理。")))
		w.at("2017-07-03 09:00")
		w.WantCode(w.report(cityTask, desktest.Jinan, underWay("继续推进。")), models.Invalid, "tasks.reason_required")
		late := underWay("继续推进。")
		late.Reason = "部门职责调整,清单需重新核对"
		w.Must(w.report(cityTask, desktest.Jinan, late))
		file := evidence.File{Hash: strings.Repeat("a", 64), Name: "清单.pdf", Size: 12, Type: "application/pdf"}
		w.Must(w.report(cityTask, desktest.Jinan, supervision.TaskProgress{Status: models.TaskDone, Note: "清单已公布。",
			URL: "https://www.jinan.gov.cn/1", Files: []evidence.File{file}}))
		part := w.part(cityTask, desktest.Jinan)
		w.WantCode(w.ReturnTask(t.Context(), jinan, part.TaskID, part.ID, part.Version, "尚缺两个部门"), models.Forbidden, "error.forbidden")
		w.WantCode(w.ReturnTask(t.Context(), w.Supervisor(desktest.Jinan), part.TaskID, part.ID, part.Version, "尚缺两个部门"), models.Forbidden, "error.forbidden")
		w.WantCode(w.ReturnTask(t.Context(), w.office, part.TaskID, part.ID, part.Version, " "), models.Invalid, "filing.required")
		w.WantCode(w.ReturnTask(t.Context(), w.office, part.TaskID, part.ID, part.Version-1, "尚缺两个部门"), models.Stale, "tasks.stale")
		w.Must(w.ReturnTask(t.Context(), w.office, part.TaskID, part.ID, part.Version, "尚缺两个部门"))
		w.WantCode(w.ReturnTask(t.Context(), w.office, part.TaskID, part.ID, part.Version+1, "尚缺两个部门"), models.Conflict, "tasks.not_done")
		w.at("2017-07-10 09:00")
		w.Must(w.report(cityTask, desktest.Jinan, supervision.TaskProgress{Status: models.TaskDone, Note: "已补齐。"}))
		w.at("2017-08-01 09:00")
		w.Must(w.report(cityTask, desktest.Jinan, underWay("一个部门清单有变化,重新公布。")))

		view, err := w.Task(t.Context(), jinan, part.TaskID, 0)
		w.Must(err)
		var steps []string
		for _, step := range view.Chosen.Steps {
			steps = append(steps, fmt.Sprint(step.DoneOn, " ", step.Act, " ", step.Status, " ", step.Who, " ", len(step.Files)))
		}
		want := []string{"2017-08-01 report under_way 370100-reporter 0", "2017-07-10 report done 370100-reporter 0", "2017-07-03 return under_way 370000-supervisor 0",
			"2017-07-03 report done 370100-reporter 1", "2017-07-03 report under_way 370100-reporter 0", "2017-06-01 report under_way 370100-reporter 0",
			"2017-06-01 give not_started 370000-supervisor 0"}
		if diff := cmp.Diff(want, steps); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		if !view.Chosen.Reports || view.Chosen.Returns || view.Manages || view.Chosen.Unit.Code != desktest.Jinan {
			t.Errorf("Jinan may %+v", view.Chosen)
		}
		for key, n := range map[string]int{"tasks.message.done": 2, "tasks.message.taken_back": 1, "tasks.message.return": 1} {
			if got := w.count(&models.Message{}, "message_key = ?", key); got != n {
				t.Errorf("%d messages %s, want %d", got, key, n)
			}
		}
		if n := w.count(&models.AuditEntry{}, "object = 'task-share' AND action = 'report-task'"); n != 5 {
			t.Errorf("%d reports in the audit log, want 5", n)
		}
	})
}

// TestWhatIsSeenOfATask: the parties and how far they are is public, what they wrote is not.
func TestWhatIsSeenOfATask(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		w.Must(w.report(cityTask, desktest.Jinan, underWay("已启动。")))
		task, jinan := w.task(cityTask), w.part(cityTask, desktest.Jinan)
		_, err := w.Task(t.Context(), w.Reporter("620100"), task.ID, 0)
		w.WantCode(err, models.NotFound, "tasks.unknown")
		_, err = w.Task(t.Context(), w.office, task.ID+1000, 0)
		w.WantCode(err, models.NotFound, "tasks.unknown")
		view, err := w.Task(t.Context(), w.Reporter(desktest.Qingdao), task.ID, jinan.ID)
		w.Must(err)
		if view.Chosen.Unit.Code != desktest.Qingdao || len(view.Parts) != 18 || len(view.Open) != 1 {
			t.Errorf("Qingdao sees the steps of %s, %d parts and %d groups left open", view.Chosen.Unit.Name, len(view.Parts), len(view.Open))
		}
		for _, part := range view.Parts {
			if want := part.Unit.Code == desktest.Jinan; want != (part.Status == models.TaskUnderWay) {
				t.Errorf("%s is %s", part.Unit.Name, part.Status)
			}
		}
		office, err := w.Task(t.Context(), w.office, task.ID, jinan.ID)
		w.Must(err)
		if office.Chosen.Unit.Code != desktest.Jinan || office.Chosen.Reports || !office.Chosen.Ends || !office.Manages {
			t.Errorf("the office sees %+v", office.Chosen)
		}
	})
}

func TestTheOfficeChangesTasks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.openTasks()
		jinan, task := w.Reporter(desktest.Jinan), w.task(cityTask)
		redate := func(actor compliance.Actor, version int, due, why string) error {
			return w.RedateTask(t.Context(), actor, task.ID, version, day(due), why)
		}
		w.WantCode(redate(jinan, 1, "2017-10-31", "延期"), models.Forbidden, "error.forbidden")
		w.WantCode(redate(w.office, 2, "2017-10-31", "延期"), models.Stale, "tasks.stale")
		w.WantCode(redate(w.office, 1, "2017-10-31", ""), models.Invalid, "filing.required")
		w.WantCode(redate(w.office, 1, "2017-12-31", "延期"), models.Invalid, "tasks.due_same")
		w.WantCode(redate(w.office, 1, "2016-12-31", "提前"), models.Invalid, "tasks.due_early")
		w.Must(redate(w.office, 1, "2017-06-10", "省政府要求提前完成"))
		if got := w.part(cityTask, desktest.Jinan); got.Version != 2 || w.task(cityTask).DueOn != day("2017-06-10") {
			t.Errorf("after the new due date: %+v", got)
		}
		assign := func(actor compliance.Actor, version int, unit string, role models.TaskRole) error {
			return w.AssignTask(t.Context(), actor, task.ID, version, unit, role)
		}
		w.WantCode(assign(jinan, 2, "370000-mzt", models.TaskLead), models.Forbidden, "error.forbidden")
		w.WantCode(assign(w.office, 2, "620100", models.TaskLead), models.Invalid, "tasks.unit_unknown")
		w.WantCode(assign(w.office, 2, "370000-mzt", "boss"), models.Invalid, "tasks.role_unknown")
		w.WantCode(assign(w.office, 2, desktest.Jinan, models.TaskLead), models.Invalid, "tasks.has_part.lead")
		w.Must(assign(w.office, 2, "370000-mzt", models.TaskLead))
		w.WantCode(assign(w.office, 2, "370000-czt", models.TaskLead), models.Stale, "tasks.stale")
		w.Must(assign(w.office, 3, "370000-mzt", models.TaskCooperate))
		given := w.part(cityTask, "370000-mzt")
		if given.Role != models.TaskCooperate || !given.Assigned {
			t.Errorf("the department has %+v", given)
		}
		w.Must(w.EndTaskShare(t.Context(), w.office, task.ID, given.ID, given.Version, "职能划出"))
		w.WantCode(w.EndTaskShare(t.Context(), w.office, task.ID, given.ID, given.Version+1, "职能划出"), models.Conflict, "tasks.ended")
		w.Must(assign(w.office, 4, "370000-mzt", models.TaskLead))
		if again := w.part(cityTask, "370000-mzt"); again.Role != models.TaskLead || !again.EndedOn.IsZero() {
			t.Errorf("the department has %+v again", again)
		}
	})
}

func TestTheOfficeAddsTasks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		good := supervision.TaskInput{Policy: sdPolicy, Clause: "六(一)", TitleZH: "办好政务公开宣传周", DueOn: day("2017-10-31"),
			Lead: []string{desktest.Jinan}, Cooperate: []string{"370000-mzt"}}
		add := func(actor compliance.Actor, change func(in *supervision.TaskInput)) error {
			in := good
			change(&in)
			_, err := w.AddTask(t.Context(), actor, desktest.Shandong, in)
			return err
		}
		none := func(*supervision.TaskInput) {}
		w.WantCode(add(w.Reporter(desktest.Jinan), none), models.NotFound, "supervision.unit_unknown")
		w.WantCode(add(w.Reporter(desktest.Shandong), none), models.Forbidden, "error.forbidden")
		w.WantCode(add(w.office, func(in *supervision.TaskInput) { in.Policy = "jiangsu-2018" }), models.Conflict, "tasks.other_region")
		w.WantCode(add(w.office, func(in *supervision.TaskInput) { in.TitleZH = " " }), models.Invalid, "filing.required")
		w.WantCode(add(w.office, func(in *supervision.TaskInput) { in.DueOn = 0 }), models.Invalid, "filing.date_required")
		w.WantCode(add(w.office, func(in *supervision.TaskInput) { in.Lead = nil }), models.Invalid, "tasks.lead_required")
		w.WantCode(add(w.office, func(in *supervision.TaskInput) { in.Lead = []string{"620100"} }), models.Invalid, "tasks.unit_unknown")
		w.WantCode(add(w.office, func(in *supervision.TaskInput) { in.Cooperate = in.Lead }), models.Invalid, "tasks.unit_twice")
		w.Must(add(w.office, none))
		w.Must(add(w.office, none))
		if w.task("office.2").TitleEN != good.TitleZH || w.part("office.1", "370000-mzt").Role != models.TaskCooperate {
			t.Error("the tasks of the office are not what was asked for")
		}
		w.openTasks()
		if part := w.part("office.1", desktest.Jinan); !part.EndedOn.IsZero() || !part.Assigned {
			t.Errorf("dividing the policy touched a task of the office: %+v", part)
		}
	})
}
