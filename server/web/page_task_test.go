package web

import (
	"slices"
	"testing"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/dossier"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// sdTasks is the policy of Shandong with its tasks.
func (s sample) sdTasks() compliance.PolicyView {
	policy, err := seeds.Policy("shandong-2017")
	if err != nil {
		s.t.Fatal(err)
	}
	return compliance.PolicyView{Row: models.Policy{ID: 5, Code: "shandong-2017", TitleZH: policy.Title.ZH, TitleEN: policy.Title.EN, Published: policy.Published}, Policy: policy}
}

// taskLine is the part of a city in one of the tasks: cities differ in how far they are.
func (s sample) taskLine(task, city int, role models.TaskRole) supervision.TaskLine {
	policy := s.sdTasks()
	of := policy.Policy.Tasks[task]
	today := s.view.Today
	line := supervision.TaskLine{Share: models.TaskShare{ID: uint64(100*task + city), TaskID: uint64(task + 1), UnitID: s.cities[city].ID, Role: role, Version: 3},
		Task: models.Task{ID: uint64(task + 1), PolicyID: 5, UnitID: s.province.ID, Code: of.ID, Clause: of.Clause, TitleZH: of.Title.ZH, TitleEN: of.Title.EN, DueOn: today - 3, OpenedOn: today - 90, Version: 2},
		Unit: s.cities[city], On: today, TaskStanding: supervision.TaskStanding{Role: role, DueOn: today - 3, MovedOn: today - calendar.Date(20*city)}}
	line.Status = []models.TaskStatus{models.TaskDone, models.TaskUnderWay, models.TaskNotStarted}[city%3]
	if city%3 == 1 {
		line.Note, line.Reason, line.ReportedOn = "已完成清单初稿，正在征求意见。", "机构调整", today-20
	}
	return line
}

func (s sample) taskLedger() *supervision.TaskLedger {
	list := &supervision.TaskLedger{Unit: s.province, AsOf: s.view.Today, BySections: true, Manages: true, Next: "60", Policies: map[uint64]models.Policy{5: s.sdTasks().Row},
		Counts: map[supervision.TaskState]int{"": 7, "lead": 6, "done": 2, "under_way": 2, "not_started": 2, "behind": 4, "overdue": 4, "stale": 2, "cooperate": 1}}
	for task := range 2 {
		for city := range 3 {
			list.Items = append(list.Items, s.taskLine(task, city, models.TaskLead))
		}
	}
	list.Items = append(list.Items, s.taskLine(1, 4, models.TaskCooperate))
	list.Total = len(list.Items)
	for _, section := range []string{"一", "二"} {
		list.Groups = append(list.Groups, supervision.TaskGroup{Policy: 5, Section: section, Tasks: 1,
			Counts: map[supervision.TaskState]int{"lead": 3, "done": 1, "under_way": 1, "not_started": 1, "overdue": 2, "stale": 1}})
	}
	return list
}

// taskView is a task as the office sees it, with the part of the second city chosen.
func (s sample) taskView() *supervision.TaskView {
	at := slices.IndexFunc(s.sdTasks().Policy.Tasks, func(task rules.Task) bool { return len(task.Lead.Indefinite()) > 0 })
	line := s.taskLine(at, 1, models.TaskLead)
	line.Task.ID = 9
	v := &supervision.TaskView{Task: line.Task, Policy: s.sdTasks().Row, Office: s.province, Manages: true,
		Parts: []supervision.TaskLine{s.taskLine(at, 0, models.TaskLead), line, s.taskLine(at, 4, models.TaskCooperate)},
		Open:  s.sdTasks().Policy.Tasks[at].Lead.Indefinite(), OutsideHelp: rules.Parties{{Word: "party", Name: rules.Text{ZH: "省委宣传部", EN: "Publicity Department"}}}}
	ended := s.taskLine(at, 5, models.TaskLead)
	ended.Share.EndedOn = s.view.Today - 1
	v.Ended = []supervision.TaskLine{ended}
	v.Chosen = &supervision.TaskChosen{TaskLine: line, Behind: true, Ends: true}
	for i, act := range []models.TaskAct{models.TaskRedate, models.TaskReturn, models.TaskReport, models.TaskGive} {
		step := supervision.TaskStepView{TaskStep: models.TaskStep{ID: uint64(9 - i), Act: act, Role: models.TaskLead, Status: models.TaskDone, DueOn: line.DueOn, Note: "说明", DoneOn: s.view.Today}, Who: "王督查"}
		if act == models.TaskRedate {
			step.Was = line.DueOn - 30
		}
		if act == models.TaskReport {
			step.Reason, step.URL = "机构调整", "https://www.example.gov.cn/1"
			step.Files = []dossier.FileView{{CaseFile: models.CaseFile{ID: 3, Name: "清单.pdf"}, Size: 2048}}
		}
		v.Chosen.Steps = append(v.Chosen.Steps, step)
	}
	return v
}

func taskPages(s sample) []samplePage {
	tabs := UnitTabs{Unit: s.province, Label: "supervision.tabs", Tabs: []NavItem{{Key: "supervision.tab.tasks", URL: "/units/370000/tasks", Current: true}}}
	ledger := s.taskLedger()
	ledger.Unled = []models.Task{{ID: 77, Code: "market", Clause: "三(四)", TitleZH: "市场监管信息公开", TitleEN: "Market supervision", DueOn: s.view.AsOf}}
	list := newTasksPage(s.page(), ledger, TaskFilter{}, true)
	list.Tabs, list.OpenURL, list.NewURL = tabs, "/units/370000/tasks/open", "/units/370000/tasks/new"
	past := newTasksPage(s.page(), s.taskLedger(), TaskFilter{AsOf: "2017-05-31", State: "stale", Section: "一"}, false)
	none := newTasksPage(s.page(), &supervision.TaskLedger{Unit: s.province}, TaskFilter{}, true)
	none.OpenURL = "/units/370000/tasks/open"
	nothing := s.taskLedger()
	nothing.Items, nothing.Groups = nil, nil

	everybody := func(models.Unit) bool { return true }
	office := newTaskPage(s.page(), s.taskView(), everybody)
	office.Tabs, office.Units, office.UrgeURL = tabs, s.cities, "/units/370000/urges/new?item=task-share:101"
	reports := s.taskView()
	reports.Manages, reports.Chosen.Ends, reports.Chosen.Reports = false, false, true
	unit := newTaskPage(s.page(), reports, func(unit models.Unit) bool { return unit.Code == s.cities[1].Code })
	helps := s.taskView()
	helps.Manages = false
	helps.Chosen = &supervision.TaskChosen{TaskLine: s.taskLine(1, 4, models.TaskCooperate)}
	return []samplePage{
		{"tasks", "tasks", list, []string{".tabs a[aria-current]", "a[href='/units/370000/tasks/open']", "form[action='/units/370000/urges/new'] input[name=item][value='task-share:1']", ".task-head a[href='/tasks/2']",
			".task-list a[href='/tasks/1?share=1']", ".mark.is-stale", ".task-unled a[href='/tasks/77']", ".task-groups tbody tr:nth-child(2)", "a[rel=next][href*='after=60']", ".chip.is-alarm"}},
		{"tasks-past", "tasks", past, []string{".note", "main:not(:has(input[name=item]))", "option[value='一'][selected]", ".chip[aria-current]"}},
		{"tasks-none", "tasks", none, []string{"a.btn-primary[href='/units/370000/tasks/open']", "main:not(:has(.filters))"}},
		{"tasks-nothing", "tasks", newTasksPage(s.page(), nothing, TaskFilter{Text: "x"}, true), []string{".empty"}},
		{"task", "task", office, []string{".task-chosen .task-status.is-under_way", "form[action='/tasks/9/end'] input[name=share]", "form[action='/tasks/9/units'] input[list=task-units]", "form[action='/tasks/9/due'] input[name=version][value='2']",
			".task-steps .file-list a", ".task-parties tr.is-current", "a[href*='item=task-share']", "main:not(:has(form[action='/tasks/9/progress']))"}},
		{"task-unit", "task", unit, []string{"form[action='/tasks/9/progress'] textarea[name=reason][required]", "form[action='/tasks/9/progress'] input[name=status][checked]", "input[type=file][multiple]", ".note.is-returned", "main:not(:has(form[action='/tasks/9/end']))"}},
		{"task-helps", "task", newTaskPage(s.page(), helps, everybody), []string{".note", "main:not(:has(form[method=post]))"}},
		s.taskOpenSample(tabs), s.taskOpenAgain(tabs),
		{"task-open-none", "task_open", newTaskOpenPage(s.page(), s.province, nil, ""), []string{".empty-panel a[href='/units/370000/tasks']"}},
		{"task-open-choice", "task_open", newTaskOpenPage(s.page(), s.province, []FieldOption{{"a", "甲"}, {"b", "乙"}}, ""), []string{"select[name=policy] option[value=b]", "main:not(:has(form[method=post]))"}},
		{"task-new", "task_new", newTaskNewPage(s.page(), s.province, []FieldOption{{"shandong-2017", "工作要点"}}, s.cities), []string{"form[action='/units/370000/tasks'] input[name=lead][list=task-units]", "select[name=policy] option"}},
	}
}

// taskOpenSample is the first division of Shandong, refused for a due date.
func (s sample) taskOpenSample(tabs UnitTabs) samplePage {
	plan := &supervision.TaskPlan{Office: s.province, Policy: s.sdTasks()}
	for i := range plan.Policy.Policy.Tasks {
		task := plan.Policy.Policy.Tasks[i]
		line := supervision.TaskPlanLine{Task: task, DueOn: s.view.Today + 60, Suggested: i == 0}
		for _, city := range s.cities[:i%12] {
			line.Parts = append(line.Parts, supervision.TaskPart{Unit: city, Role: models.TaskLead, Change: supervision.PartAdded})
		}
		plan.Lines = append(plan.Lines, line)
	}
	page := newTaskOpenPage(s.page(), s.province, []FieldOption{{"shandong-2017", "工作要点"}}, "shandong-2017")
	page.Tabs = tabs
	page.foresee(plan)
	page.Lines[0].Due.Error = "早"
	page.Problems = []FieldProblem{{ID: page.Lines[0].Due.ID, Text: "早"}}
	return samplePage{"task-open", "task_open", page, []string{"form[action='/units/370000/tasks/open'] input[type=hidden][name=policy]", "input[type=date][name='due-sd2017.task-audit']", "details.task-many", ".mark.is-outside, .mark", ".task-effects li:nth-child(2)", ".error-summary"}}
}

// taskOpenAgain is a later division: a city is closed, another one leads now.
func (s sample) taskOpenAgain(tabs UnitTabs) samplePage {
	plan := &supervision.TaskPlan{Office: s.province, Policy: s.sdTasks()}
	for i, task := range plan.Policy.Policy.Tasks[:2] {
		line := supervision.TaskPlanLine{Task: task, Row: &models.Task{ID: uint64(i + 1)}, DueOn: s.view.Today}
		if i == 0 {
			line.Parts = []supervision.TaskPart{{Unit: s.cities[0], Role: models.TaskLead, Change: supervision.PartEnds, Why: supervision.EndClosed},
				{Unit: s.cities[1], Role: models.TaskLead, Change: supervision.PartMoved}, {Unit: s.cities[2], Role: models.TaskCooperate}}
		}
		plan.Lines = append(plan.Lines, line)
	}
	page := newTaskOpenPage(s.page(), s.province, nil, "shandong-2017")
	page.Policies, page.Tabs = []FieldOption{{"shandong-2017", "工作要点"}}, tabs
	page.foresee(plan)
	return samplePage{"task-open-again", "task_open", page, []string{".task-party.is-end .mark", "details.task-kept", "main:not(:has(input[type=date]))"}}
}

func TestTaskFilterAddresses(t *testing.T) {
	filter := TaskFilter{Policy: "shandong-2017", State: "stale", Text: "济南"}
	if got, want := filter.url(models.Unit{Code: "370000"}, "tasks", "60"), "/units/370000/tasks?after=60&policy=shandong-2017&q=%E6%B5%8E%E5%8D%97&state=stale"; got != want {
		t.Errorf("the address is %s, want %s", got, want)
	}
	if (TaskFilter{State: "stale"}).Narrowed() || !(TaskFilter{Task: 3}).Narrowed() {
		t.Error("the state narrows by its chip, not by the form")
	}
}
