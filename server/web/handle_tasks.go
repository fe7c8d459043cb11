package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/exchange"
	"sundial/server/supervision"
)

// taskFilter reads what the ledger is narrowed to.
func (r *request) taskFilter() (TaskFilter, calendar.Date, error) {
	filter := TaskFilter{Policy: r.Query("policy"), Section: r.Query("section"), State: r.Query("state"), Text: r.Query("q"), AsOf: r.Query("as_of")}
	filter.Task, _ = strconv.ParseUint(r.Query("task"), 10, 63)
	if !slices.Contains(supervision.TaskStates, supervision.TaskState(filter.State)) {
		filter.State = ""
	}
	if filter.AsOf == "" {
		return filter, 0, nil
	}
	asOf, err := calendar.ParseDate(filter.AsOf)
	if err != nil {
		err = models.InvalidFields([]models.Field{{Name: "as_of", Key: "field.bad_date"}})
	}
	return filter, asOf, err
}

// tasks lists what the request asks for, at most so many; 0 is all.
func (s *Server) tasks(r *request, limit int) (*supervision.TaskLedger, TaskFilter, error) {
	filter, asOf, err := r.taskFilter()
	if err != nil {
		return nil, filter, err
	}
	query := supervision.TaskQuery{AsOf: asOf, Policy: filter.Policy, Section: filter.Section, Task: filter.Task,
		State: supervision.TaskState(filter.State), Text: filter.Text, Limit: limit}
	if limit > 0 {
		query.Cursor = r.Query("after")
	}
	list, err := s.Supervision.TaskLedger(r.Request.Context(), r.Actor, r.Param("code"), query)
	return list, filter, err
}

func (s *Server) listTasks(r *request) error {
	list, filter, err := s.tasks(r, tasksAtMost)
	if err != nil {
		return err
	}
	base, tabs, err := s.supervisionPage(r, list.Unit, "tasks", r.Locale.Text("tasks.title", nil))
	if err != nil {
		return err
	}
	page := newTasksPage(base, list, filter, r.may("urge", "send", list.Unit))
	page.Tabs = tabs
	if r.Query("after") != "" {
		page.Pager.FirstURL = filter.url(list.Unit, "tasks", "") + "#tasks"
	}
	if list.Manages {
		divided, all, err := s.taskPolicies(r, list.Unit)
		if err != nil {
			return err
		}
		if len(divided) > 0 {
			page.OpenURL = unitURL(list.Unit, "tasks", "open")
		}
		if len(all) > 0 {
			page.NewURL = unitURL(list.Unit, "tasks", "new")
		}
	}
	return s.show(r, "tasks", page)
}

// taskPolicies returns the policies of the unit's own region that are in force: those that
// divide tasks, and all of them.
func (s *Server) taskPolicies(r *request, unit models.Unit) (divided, all []FieldOption, err error) {
	views, err := s.Ledger.Policies(r.Request.Context())
	if err != nil {
		return nil, nil, err
	}
	for _, view := range views {
		retired := view.Row.RetiredOn
		if view.Policy.Region != unit.Code || !retired.IsZero() && retired <= s.Ledger.Today() {
			continue
		}
		choice := FieldOption{view.Row.Code, r.Locale.In(view.Policy.Title)}
		all = append(all, choice)
		if len(view.Policy.Tasks) > 0 {
			divided = append(divided, choice)
		}
	}
	return divided, all, nil
}

func (s *Server) downloadTasks(r *request) error {
	list, _, err := s.tasks(r, 0)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, taskFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("tasks as a file: %w", err)
	}
	defer w.Abort()
	for _, line := range list.Items {
		if err := w.Write(taskCells(r.Locale, list, line)...); err != nil {
			return fmt.Errorf("tasks as a file: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("tasks as a file: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", "tasks-"+list.Unit.Code+"-"+list.AsOf.String()+".csv"))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

func (s *Server) showTaskOpen(r *request) error {
	page, err := s.taskOpenPage(r, r.Query("policy"))
	if err != nil {
		return err
	}
	return s.show(r, "task_open", page)
}

// taskOpenPage shows what dividing the policy would do; without one the only one, or those
// to choose from.
func (s *Server) taskOpenPage(r *request, policy string) (*TaskOpenPage, error) {
	unit, err := s.unit(r, r.Param("code"), "task", "manage")
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, unit, "tasks", r.Locale.Text("tasks.open", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("tasks.title", nil), URL: unitURL(unit, "tasks")})
	policies, _, err := s.taskPolicies(r, unit)
	if err != nil {
		return nil, err
	}
	if policy == "" && len(policies) == 1 {
		policy = policies[0].Value
	}
	page := newTaskOpenPage(base, unit, policies, policy)
	page.Tabs = tabs
	if policy == "" {
		return page, nil
	}
	plan, err := s.Supervision.PlanTasks(r.Request.Context(), r.Actor, unit.Code, policy)
	if err != nil {
		return nil, err
	}
	page.foresee(plan)
	return page, nil
}

func (s *Server) openTasks(r *request) error {
	policy := r.PostForm("policy")
	dues, err := readDues(r)
	var opened *supervision.TasksOpened
	if err == nil {
		opened, err = s.Supervision.OpenTasks(r.Request.Context(), r.Actor, r.Param("code"), policy, dues)
	}
	if err == nil {
		back := TaskFilter{Policy: policy}.url(models.Unit{Code: r.Param("code")}, "tasks", "")
		return s.done(r, back, "flash.tasks_opened", models.Args("Tasks", opened.Tasks, "Added", opened.Parts[supervision.PartAdded], "Ended", opened.Parts[supervision.PartEnds]))
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.taskOpenPage(r, policy)
	if pageErr != nil {
		return err
	}
	page.refuse(r, why)
	s.send(r, status, "task_open", page)
	return nil
}

// readDues reads the due dates of a form, by task.
func readDues(r *request) (map[string]calendar.Date, error) {
	reader := formReader{values: r.Request.PostForm}
	dues := map[string]calendar.Date{}
	for name := range r.Request.PostForm {
		if task, found := strings.CutPrefix(name, dueFieldName("")); found {
			dues[task] = reader.date(name)
		}
	}
	return dues, models.InvalidFields(reader.problems)
}

func (s *Server) showTaskForm(r *request) error {
	page, err := s.taskNewPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "task_new", page)
}

func (s *Server) taskNewPage(r *request) (*TaskNewPage, error) {
	unit, err := s.unit(r, r.Param("code"), "task", "manage")
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.supervisionPage(r, unit, "tasks", r.Locale.Text("tasks.new", nil))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: r.Locale.Text("tasks.title", nil), URL: unitURL(unit, "tasks")})
	_, policies, err := s.taskPolicies(r, unit)
	if err != nil {
		return nil, err
	}
	units, err := s.unitsBelow(r, unit)
	if err != nil {
		return nil, err
	}
	page := newTaskNewPage(base, unit, policies, units)
	page.Tabs = tabs
	return page, nil
}

func (s *Server) addTask(r *request) error {
	reader := formReader{values: r.Request.PostForm}
	in := supervision.TaskInput{Policy: reader.text("policy"), Clause: reader.text("clause"), TitleZH: reader.text("title"), TitleEN: reader.text("title_en"),
		DueOn: reader.date("due_on"), Lead: codesIn(reader.text("lead")), Cooperate: codesIn(reader.text("cooperate"))}
	err := models.InvalidFields(reader.problems)
	var id uint64
	if err == nil {
		id, err = s.Supervision.AddTask(r.Request.Context(), r.Actor, r.Param("code"), in)
	}
	if err == nil {
		return s.done(r, taskURL(id), "flash.task_added", nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.taskNewPage(r)
	if pageErr != nil {
		return err
	}
	page.Form.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "task_new", page)
	return nil
}

// codesIn reads codes of units that stand one beside the other.
func codesIn(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,;\u3001\uff0c\uff1b\n\r\t", c) })
}

// unitsBelow are offered where a unit of the office's region is asked for.
func (s *Server) unitsBelow(r *request, office models.Unit) ([]models.Unit, error) {
	children, err := s.Directory.Children(r.Request.Context(), office)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(children, func(unit models.Unit) bool { return !unit.ExistsOn(s.Ledger.Today()) }), nil
}
