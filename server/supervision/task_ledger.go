package supervision

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// TaskState is what the ledger of tasks is narrowed to: a models.TaskStatus of units that
// lead, or one of these.
type TaskState string

// The states besides the statuses.
const (
	TaskBehind   TaskState = "behind"    // leads; overdue or not moved for a month
	TaskOverdue  TaskState = "overdue"   // leads; the due date has passed
	TaskStale    TaskState = "stale"     // leads; not moved for a month (一个月未进展)
	TaskHelps    TaskState = "cooperate" // cooperates
	TaskLeads    TaskState = "lead"      // leads, in whatever status
	TaskAllParts TaskState = ""
)

// TaskStates are those that a ledger counts.
var TaskStates = []TaskState{TaskLeads, TaskState(models.TaskNotStarted), TaskState(models.TaskUnderWay), TaskState(models.TaskDone),
	TaskBehind, TaskOverdue, TaskStale, TaskHelps}

// TaskQuery asks for the parts in tasks of a unit and all below it, as they stood at the
// end of a day; zero is today. Empty fields do not narrow it.
type TaskQuery struct {
	AsOf calendar.Date
	// Policy is a code.
	Policy string
	Task   uint64
	// Section is the chapter of the document, see TaskSection.
	Section string
	State   TaskState
	// Text is looked for in names and codes of units.
	Text string
	// Cursor is where the page before ended, Limit how many there are on a page; 0 is all.
	Cursor string
	Limit  int
}

// TaskLine is the part of a unit in a task on a day.
type TaskLine struct {
	Share models.TaskShare
	Task  models.Task
	Unit  models.Unit
	TaskStanding
	// Note and Reason are those of the last report.
	Note, Reason string
	ReportedOn   calendar.Date
	// On is the day of the ledger.
	On calendar.Date
}

// IsOverdue is Overdue on the day of the ledger.
func (l TaskLine) IsOverdue() bool { return l.Overdue(l.On) }

// IsStale is Stale on the day of the ledger.
func (l TaskLine) IsStale() bool { return l.Stale(l.On) }

// IsBehind is Behind on the day of the ledger.
func (l TaskLine) IsBehind() bool { return l.Behind(l.On) }

// TaskLedger is a page of the ledger of tasks, by policy, task and unit.
type TaskLedger struct {
	Unit models.Unit
	AsOf calendar.Date
	// Counts are by state, of all that policy, task and text select; Groups by the chapter
	// of one policy, or by policy when there are several.
	Counts     map[TaskState]int
	Groups     []TaskGroup
	BySections bool
	// Total counts what the state selects, too.
	Total int
	Items []TaskLine
	Next  string
	// Unled are the tasks of the unit and those below it that nobody leads on the day: the
	// document leaves open who does, or the unit is gone. They are in no count.
	Unled []models.Task
	// Policies are those of which the unit or those below it have tasks.
	Policies map[uint64]models.Policy
	// Manages tells that the actor divides tasks at the unit.
	Manages bool
}

// PolicyOf returns the policy of the line's task.
func (l *TaskLedger) PolicyOf(line TaskLine) models.Policy { return l.Policies[line.Task.PolicyID] }

// TaskLedger lists the parts in tasks of a unit and all below it. A unit outside of what
// the actor may read is NotFound.
func (d *Desk) TaskLedger(ctx context.Context, actor compliance.Actor, unit string, q TaskQuery) (*TaskLedger, error) {
	w := d.Look(ctx, actor)
	of, err := w.Unit(unit, readTask, readTask, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	if q.AsOf.IsZero() || q.AsOf > w.Today {
		q.AsOf = w.Today
	}
	l := &TaskLedger{Unit: of, AsOf: q.AsOf, Manages: actor.Allow(manageTask, of) == nil}
	if l.Policies, err = taskPolicies(w, of); err != nil {
		return nil, err
	}
	if err := l.count(w, q); err != nil {
		return nil, err
	}
	if l.Unled, err = unledTasks(w.TX, of, q); err != nil {
		return nil, err
	}
	return l, l.fill(w, q)
}

// unledTasks are the tasks, of offices of the subtree, that the query selects, in which no
// unit had the lead on its day. Who asks for certain units asks for none of them.
func unledTasks(tx *gorm.DB, unit models.Unit, q TaskQuery) ([]models.Task, error) {
	if q.Text != "" {
		return nil, nil
	}
	led := partsOn(tx.Session(&gorm.Session{NewDB: true}), "/", q.AsOf).Where("p.role = ?", models.TaskLead).Select("s.task_id")
	query := tx.Table("tasks t").Joins("JOIN units c ON c.id = t.unit_id").Joins("JOIN policies o ON o.id = t.policy_id").
		Where("t.opened_on <= ? AND (o.retired_on IS NULL OR o.retired_on > ?) AND t.id NOT IN (?)", q.AsOf, q.AsOf, led)
	var rows []models.Task
	if err := q.selectsTask(rbac.Scope{unit.Path}.Where(query, "c.path")).Select("t.*").Order("t.policy_id, t.position, t.id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("tasks without a lead: %w", store.Translate(err))
	}
	return rows, nil
}

// taskPolicies returns the policies of which the unit or those below it have tasks.
func taskPolicies(w *desk.Write, unit models.Unit) (map[uint64]models.Policy, error) {
	tasks := rbac.Scope{unit.Path}.Where(w.TX.Table("task_shares s").Joins("JOIN units u ON u.id = s.unit_id").
		Joins("JOIN tasks t ON t.id = s.task_id"), "u.path").Select("t.policy_id")
	unled := rbac.Scope{unit.Path}.Where(w.TX.Table("tasks t").Joins("JOIN units c ON c.id = t.unit_id"), "c.path").Select("t.policy_id")
	var rows []models.Policy
	if err := w.TX.Omit("source").Where("id IN (?) OR id IN (?)", tasks, unled).Order("published, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("policies of tasks: %w", store.Translate(err))
	}
	policies := map[uint64]models.Policy{}
	for _, row := range rows {
		policies[row.ID] = row
	}
	return policies, nil
}

// taskRow is a part as the database has it: with its last step that was known.
type taskRow struct {
	ShareID, TaskID, UnitID uint64
	Role                    models.TaskRole
	Status                  models.TaskStatus
	DueOn, MovedOn          calendar.Date
	Clause                  string
	PolicyID                uint64
	Position                int
}

func (r taskRow) standing() TaskStanding {
	return TaskStanding{Role: r.Role, Status: r.Status, DueOn: r.DueOn, MovedOn: r.MovedOn}
}

const taskRowColumns = "s.id AS share_id, s.task_id, s.unit_id, p.role, p.status, p.due_on, p.moved_on, t.clause, t.policy_id, t.position"

// partsOn begins a query on the parts s in tasks t that units u of the subtree had on the
// day, with the last steps p that were known. The part of a unit that is closed, and those
// of a policy that is retired, are over from that day on without a step.
func partsOn(tx *gorm.DB, path string, asOf calendar.Date) *gorm.DB {
	query := tx.Table("task_shares s").Joins("JOIN tasks t ON t.id = s.task_id").Joins("JOIN units u ON u.id = s.unit_id").
		Joins("JOIN task_steps p ON p.id = (SELECT max(l.id) FROM task_steps l WHERE l.share_id = s.id AND l.done_on <= ?)", asOf).
		Joins("JOIN policies o ON o.id = t.policy_id").Where("p.act <> ?", models.TaskEnd).
		Where("(u.closed_on IS NULL OR u.closed_on > ?) AND (o.retired_on IS NULL OR o.retired_on > ?)", asOf, asOf)
	return rbac.Scope{path}.Where(query, "u.path")
}

// selects narrows to what is counted.
func (q TaskQuery) selects(query *gorm.DB) *gorm.DB {
	return taskUnitLike(q.selectsTask(query), q.Text)
}

// selectsTask narrows to tasks t.
func (q TaskQuery) selectsTask(query *gorm.DB) *gorm.DB {
	if q.Policy != "" {
		query = query.Where("t.policy_id = (SELECT id FROM policies WHERE code = ?)", q.Policy)
	}
	if q.Task != 0 {
		query = query.Where("t.id = ?", q.Task)
	}
	if q.Section != "" {
		section := likeTask.Replace(q.Section)
		query = query.Where("(t.clause = ? OR t.clause LIKE ? ESCAPE '!' OR t.clause LIKE ? ESCAPE '!')", q.Section, section+"(%", section+"（%")
	}
	return query
}

// narrow adds the state.
func (q TaskQuery) narrow(query *gorm.DB) *gorm.DB {
	owed := func() *gorm.DB {
		return query.Where("p.role = ? AND p.status <> ?", models.TaskLead, models.TaskDone)
	}
	switch q.State {
	case TaskAllParts:
		return query
	case TaskLeads, TaskHelps:
		return query.Where("p.role = ?", string(q.State))
	case TaskOverdue:
		return owed().Where("p.due_on < ?", q.AsOf)
	case TaskStale:
		return owed().Where("p.moved_on <= ?", unmovedSince(q.AsOf))
	case TaskBehind:
		return owed().Where("(p.due_on < ? OR p.moved_on <= ?)", q.AsOf, unmovedSince(q.AsOf))
	default:
		return query.Where("p.role = ? AND p.status = ?", models.TaskLead, string(q.State))
	}
}

// count reads all parts that the query selects, and counts them by state and by group.
func (l *TaskLedger) count(w *desk.Write, q TaskQuery) error {
	var rows []taskRow
	if err := q.selects(partsOn(w.TX, l.Unit.Path, q.AsOf)).Select(taskRowColumns).Order(taskOrder).Scan(&rows).Error; err != nil {
		return fmt.Errorf("count tasks: %w", store.Translate(err))
	}
	l.Counts = map[TaskState]int{}
	for _, row := range rows {
		for _, state := range row.standing().states(q.AsOf) {
			l.Counts[state]++
		}
	}
	l.Total = l.Counts[q.State]
	l.group(rows, q.AsOf)
	return nil
}

// states are all under which a part is counted on the day.
func (s TaskStanding) states(on calendar.Date) []TaskState {
	if s.Role != models.TaskLead {
		return []TaskState{TaskAllParts, TaskHelps}
	}
	states := []TaskState{TaskAllParts, TaskLeads, TaskState(s.Status)}
	for state, holds := range map[TaskState]bool{TaskBehind: s.Behind(on), TaskOverdue: s.Overdue(on), TaskStale: s.Stale(on)} {
		if holds {
			states = append(states, state)
		}
	}
	return states
}

// taskOrder is by policy, task, role and unit. Those who lead come first: lead stands
// after cooperate in the alphabet.
const taskOrder = "t.policy_id, t.position, t.id, p.role DESC, u.path, s.id"

// fill reads the page.
func (l *TaskLedger) fill(w *desk.Write, q TaskQuery) error {
	offset, _ := strconv.Atoi(q.Cursor)
	query := q.narrow(q.selects(partsOn(w.TX, l.Unit.Path, q.AsOf))).Select(taskRowColumns).Order(taskOrder)
	if q.Limit > 0 {
		query = query.Offset(max(offset, 0)).Limit(q.Limit + 1)
	}
	var rows []taskRow
	if err := query.Scan(&rows).Error; err != nil {
		return fmt.Errorf("tasks: %w", store.Translate(err))
	}
	if q.Limit > 0 && len(rows) > q.Limit {
		rows = rows[:q.Limit]
		l.Next = strconv.Itoa(max(offset, 0) + q.Limit)
	}
	var err error
	l.Items, err = taskLines(w, rows, q.AsOf)
	return err
}

// taskLines reads what lines show of parts.
func taskLines(w *desk.Write, rows []taskRow, on calendar.Date) ([]TaskLine, error) {
	var tasks, shares, units []uint64
	for _, row := range rows {
		tasks, shares, units = append(tasks, row.TaskID), append(shares, row.ShareID), append(units, row.UnitID)
	}
	byID, err := w.Units(units...)
	if err != nil {
		return nil, err
	}
	taskRows, err := rowsByID(w.TX, tasks, func(t models.Task) uint64 { return t.ID })
	if err != nil {
		return nil, err
	}
	shareRows, err := rowsByID(w.TX, shares, func(s models.TaskShare) uint64 { return s.ID })
	if err != nil {
		return nil, err
	}
	reports, err := lastReports(w.TX, shares, on)
	if err != nil {
		return nil, err
	}
	lines := make([]TaskLine, len(rows))
	for i, row := range rows {
		report := reports[row.ShareID]
		lines[i] = TaskLine{Share: shareRows[row.ShareID], Task: taskRows[row.TaskID], Unit: byID[row.UnitID], TaskStanding: row.standing(),
			Note: report.Note, Reason: report.Reason, ReportedOn: report.DoneOn, On: on}
	}
	return lines, nil
}

// taskReadBatch is how many ids one statement takes.
const taskReadBatch = 500

func rowsByID[T any](tx *gorm.DB, ids []uint64, id func(T) uint64) (map[uint64]T, error) {
	found := map[uint64]T{}
	for start := 0; start < len(ids); start += taskReadBatch {
		var rows []T
		if err := tx.Session(&gorm.Session{}).Where("id IN ?", ids[start:min(start+taskReadBatch, len(ids))]).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("rows of tasks: %w", store.Translate(err))
		}
		for _, row := range rows {
			found[id(row)] = row
		}
	}
	return found, nil
}

// lastReports are the last reports of the parts that were known on the day.
func lastReports(tx *gorm.DB, shares []uint64, on calendar.Date) (map[uint64]models.TaskStep, error) {
	found := map[uint64]models.TaskStep{}
	for start := 0; start < len(shares); start += taskReadBatch {
		var rows []models.TaskStep
		err := tx.Where("share_id IN ? AND act = ? AND done_on <= ?", shares[start:min(start+taskReadBatch, len(shares))], models.TaskReport, on).
			Order("id").Find(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("reports on tasks: %w", store.Translate(err))
		}
		for _, row := range rows {
			found[row.ShareID] = row
		}
	}
	return found, nil
}

// TaskGroup is how far the units are with the tasks of a chapter or of a policy.
type TaskGroup struct {
	Policy uint64
	// Section is the chapter, empty for a whole policy.
	Section string
	Tasks   int
	Counts  map[TaskState]int
}

// group counts those who lead by policy, or by chapter when there is one policy alone.
func (l *TaskLedger) group(rows []taskRow, on calendar.Date) {
	policies := map[uint64]bool{}
	for _, row := range rows {
		policies[row.PolicyID] = true
	}
	l.BySections = len(policies) == 1
	at, tasks := map[taskGroupKey]int{}, map[uint64]bool{}
	for _, row := range rows {
		key := taskGroupKey{policy: row.PolicyID}
		if l.BySections {
			key.section = TaskSection(row.Clause)
		}
		if row.Role != models.TaskLead {
			continue
		}
		if _, found := at[key]; !found {
			at[key] = len(l.Groups)
			l.Groups = append(l.Groups, TaskGroup{Policy: key.policy, Section: key.section, Counts: map[TaskState]int{}})
		}
		group := &l.Groups[at[key]]
		if !tasks[row.TaskID] {
			tasks[row.TaskID] = true
			group.Tasks++
		}
		for _, state := range row.standing().states(on) {
			group.Counts[state]++
		}
	}
}

// taskGroupKey is what tasks are grouped by.
type taskGroupKey struct {
	policy  uint64
	section string
}

// TaskSection returns the chapter of a clause: what stands before its first bracket, 四 of
// 四(二)前段.
func TaskSection(clause string) string {
	section, _, _ := strings.Cut(strings.ReplaceAll(clause, "（", "("), "(")
	return strings.TrimSpace(section)
}
