package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/charts"
	"sundial/server/exchange"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// TasksPage is the ledger of the tasks of a unit and all below it.
type TasksPage struct {
	Page
	Tabs   UnitTabs
	List   *supervision.TaskLedger
	Filter TaskFilter
	Chips  []AppealChip
	// Policies are offered where there are several.
	Policies []FieldOption
	Groups   []TaskGroupRow
	Blocks   []TaskBlock
	// Unled are the tasks that nobody leads, on the first page of the whole ledger.
	Unled  []TaskBlock
	Pager  Pager
	CSVURL string
	// OpenURL divides tasks, NewURL adds one of the office's own, UrgeURL urges the rows
	// that are chosen; each is empty for who may not.
	OpenURL, NewURL, UrgeURL string
	// Picks counts the rows that can be chosen.
	Picks int
}

// TaskFilter is what the ledger is narrowed to.
type TaskFilter struct {
	Policy, Section, State, Text, AsOf string
	Task                               uint64
}

// Narrowed tells that the form of the filter narrows the list.
func (f TaskFilter) Narrowed() bool {
	f.State = ""
	return f != TaskFilter{}
}

func (f TaskFilter) url(unit models.Unit, path, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"policy": f.Policy, "section": f.Section, "state": f.State, "q": f.Text, "as_of": f.AsOf, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Task != 0 {
		query.Set("task", fmt.Sprint(f.Task))
	}
	if len(query) == 0 {
		return unitURL(unit, path)
	}
	return unitURL(unit, path) + "?" + query.Encode()
}

// TaskGroupRow is a chapter or a policy in the chart and its table.
type TaskGroupRow struct {
	supervision.TaskGroup
	Name, URL string
}

// Of returns how many of those who lead are in the state.
func (g TaskGroupRow) Of(state string) int { return g.Counts[supervision.TaskState(state)] }

// TaskBlock is a task in the ledger with those who lead it, and by name those who
// cooperate.
type TaskBlock struct {
	models.Task
	Policy models.Policy
	URL    string
	Leads  []TaskRow
	Helps  []models.Unit
	// Whole tells that the ledger shows one task alone, or those of one policy: the policy
	// need not be named.
	Whole bool
}

// Title is the task's in both languages.
func (b TaskBlock) Title() rules.Text { return rules.Text{ZH: b.TitleZH, EN: b.TitleEN} }

// PolicyTitle is the policy's in both languages.
func (b TaskBlock) PolicyTitle() rules.Text { return policyTitle(b.Policy) }

// TaskRow is the part of a unit that leads.
type TaskRow struct {
	supervision.TaskLine
	URL string
	// Pick is the value by which it is chosen to be urged, empty where it cannot be.
	Pick string
}

// tasksAtMost is how many parts a page lists.
const tasksAtMost = 40

func taskURL(id uint64, steps ...string) string { return stepsOf("/tasks/", id, steps) }

func taskShareURL(task, share uint64) string { return fmt.Sprintf("/tasks/%d?share=%d", task, share) }

func newTasksPage(base Page, list *supervision.TaskLedger, filter TaskFilter, urges bool) *TasksPage {
	p := &TasksPage{Page: base, List: list, Filter: filter, CSVURL: filter.url(list.Unit, "tasks.csv", "")}
	if urges {
		p.UrgeURL = unitURL(list.Unit, "urges", "new")
	}
	p.addChips()
	policies := slices.SortedFunc(maps.Values(list.Policies), func(a, b models.Policy) int { return cmp.Compare(a.Published, b.Published) })
	if len(policies) > 1 {
		for _, policy := range policies {
			p.Policies = append(p.Policies, FieldOption{policy.Code, base.Locale.In(policyTitle(policy))})
		}
	}
	for _, group := range list.Groups {
		p.Groups = append(p.Groups, p.groupRow(group))
	}
	for _, line := range list.Items {
		p.addLine(line)
	}
	if filter.State == "" {
		for _, task := range list.Unled {
			p.Unled = append(p.Unled, TaskBlock{Task: task, Policy: list.Policies[task.PolicyID], URL: taskURL(task.ID), Whole: list.BySections})
		}
	}
	if list.Next != "" {
		p.Pager.NextURL = filter.url(list.Unit, "tasks", list.Next) + "#tasks"
	}
	return p
}

func policyTitle(policy models.Policy) rules.Text {
	return rules.Text{ZH: policy.TitleZH, EN: policy.TitleEN}
}

// addChips offers the states; those that nothing or everything is in are left out, but for
// the one that is chosen.
func (p *TasksPage) addChips() {
	for _, state := range append([]supervision.TaskState{supervision.TaskAllParts}, supervision.TaskStates...) {
		count := p.List.Counts[state]
		current := p.Filter.State == string(state)
		idle := count == 0 || state == supervision.TaskLeads && count == p.List.Counts[supervision.TaskAllParts]
		if state == supervision.TaskOverdue || idle && !current && state != supervision.TaskAllParts {
			continue
		}
		filter := p.Filter
		filter.State = string(state)
		p.Chips = append(p.Chips, AppealChip{Key: "tasks.state." + cmp.Or(string(state), "all"), URL: filter.url(p.List.Unit, "tasks", "") + "#tasks",
			Count: count, Current: current, Alarm: (state == supervision.TaskBehind || state == supervision.TaskStale) && count > 0})
	}
}

func (p *TasksPage) groupRow(group supervision.TaskGroup) TaskGroupRow {
	filter := p.Filter
	filter.State = ""
	row := TaskGroupRow{TaskGroup: group}
	if p.List.BySections {
		filter.Section = group.Section
		row.Name = p.Locale.Text("tasks.section", models.Args("Section", group.Section))
	} else {
		filter.Policy = p.List.Policies[group.Policy].Code
		row.Name = p.Locale.In(policyTitle(p.List.Policies[group.Policy]))
	}
	row.URL = filter.url(p.List.Unit, "tasks", "") + "#tasks"
	return row
}

// addLine adds a part to the block of its task: lines of a task stand together.
func (p *TasksPage) addLine(line supervision.TaskLine) {
	last := len(p.Blocks) - 1
	if last < 0 || p.Blocks[last].ID != line.Task.ID {
		p.Blocks = append(p.Blocks, TaskBlock{Task: line.Task, Policy: p.List.PolicyOf(line), URL: taskURL(line.Task.ID), Whole: len(p.List.Policies) == 1})
		last++
	}
	block := &p.Blocks[last]
	if line.Role != models.TaskLead {
		block.Helps = append(block.Helps, line.Unit)
		return
	}
	row := TaskRow{TaskLine: line, URL: taskShareURL(line.Task.ID, line.Share.ID)}
	if p.UrgeURL != "" && line.Owed() && p.Filter.AsOf == "" && line.Share.EndedOn.IsZero() {
		row.Pick = supervision.UrgeRef{Object: models.UrgeTask, ID: line.Share.ID}.String()
		p.Picks++
	}
	block.Leads = append(block.Leads, row)
}

// taskFills are the states of the chart by whose colours statuses of tasks are drawn.
var taskFills = []struct {
	Status models.TaskStatus
	Fill   rules.State
}{{models.TaskDone, rules.Met}, {models.TaskUnderWay, rules.Reported}, {models.TaskNotStarted, rules.Pending}}

// Chart is how far those who lead are, by chapter or policy.
func (p TasksPage) Chart() charts.StateChart {
	chart := charts.StateChart{Description: p.Locale.Text("tasks.chart_description", models.Args("Unit", unitName(p.Locale, p.List.Unit), "On", p.List.AsOf,
		"Done", p.List.Counts[supervision.TaskState(models.TaskDone)], "Of", p.List.Counts[supervision.TaskLeads]))}
	for _, group := range p.Groups {
		chart.Obligations = append(chart.Obligations, group.Name)
	}
	for _, fill := range taskFills {
		series := charts.Series{State: string(fill.Fill), Name: p.Locale.Text("tasks.status."+string(fill.Status), nil)}
		for _, group := range p.Groups {
			series.Counts = append(series.Counts, group.Of(string(fill.Status)))
		}
		chart.Series = append(chart.Series, series)
	}
	return chart
}

// ChartOption is Chart as JSON.
func (p TasksPage) ChartOption() (string, error) { return option(p.Chart()) }

// Percent is the share of those who lead that are done.
func (p TasksPage) Percent() string {
	return rate(p.List.Counts[supervision.TaskState(models.TaskDone)], p.List.Counts[supervision.TaskLeads])
}

// Count counts the parts in the state.
func (p TasksPage) Count(state string) int { return p.List.Counts[supervision.TaskState(state)] }

// taskFile is the ledger as a file in the language.
func taskFile(locale *frontend.Locale) exchange.Table {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: locale.Text(key, nil), EN: locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("tasks.title")}
	for _, c := range []struct {
		name string
		kind exchange.Kind
	}{{"policy", exchange.KindText}, {"clause", exchange.KindText}, {"task", exchange.KindText}, {"code", exchange.KindText}, {"unit", exchange.KindText},
		{"role", exchange.KindText}, {"status", exchange.KindText}, {"due", exchange.KindDate}, {"moved", exchange.KindDate}, {"overdue", exchange.KindText},
		{"stale", exchange.KindText}, {"note", exchange.KindText}, {"reason", exchange.KindText}} {
		key := "tasks.column." + c.name
		table.Columns = append(table.Columns, exchange.Column{Key: key, Heading: in(key), Kind: c.kind})
	}
	return table
}

// taskCells are those of the line in the file; who cooperates reports nothing.
func taskCells(locale *frontend.Locale, list *supervision.TaskLedger, line supervision.TaskLine) []any {
	mark := func(holds bool) string {
		if holds {
			return locale.Text("tasks.yes", nil)
		}
		return ""
	}
	status := ""
	if line.Role == models.TaskLead {
		status = locale.Text("tasks.status."+string(line.Status), nil)
	}
	return []any{locale.In(policyTitle(list.PolicyOf(line))), locale.Chinese(line.Task.Clause), locale.In(rules.Text{ZH: line.Task.TitleZH, EN: line.Task.TitleEN}),
		line.Unit.Code, unitName(locale, line.Unit), locale.Text("tasks.role."+string(line.Role), nil), status, line.DueOn, line.MovedOn,
		mark(line.IsOverdue()), mark(line.IsStale()), line.Note, line.Reason}
}
