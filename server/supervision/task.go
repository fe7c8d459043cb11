package supervision

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/store"
)

// Limits of what is written about tasks, in characters, and how many rows one statement
// inserts.
const (
	maxTaskTitle  = 500
	maxTaskClause = 100
	maxTaskNote   = 2000
	maxTaskURL    = 1000
	taskBatch     = 50
)

// dividedTask is a task with the office that divides it and all who ever had a part in it.
type dividedTask struct {
	models.Task
	policy models.Policy
	office models.Unit
	shares []models.TaskShare
	units  map[uint64]models.Unit
}

// taskOf returns the task, locked until the write ends, for who reads about the office or
// a unit with a part in it; for others it is NotFound.
func taskOf(w *desk.Write, id uint64) (*dividedTask, error) {
	t := &dividedTask{}
	if err := desk.One(w.Locked().Where("id = ?", id), &t.Task, "tasks.unknown"); err != nil {
		return nil, err
	}
	if err := w.Locked().Where("task_id = ?", id).Order("id").Find(&t.shares).Error; err != nil {
		return nil, fmt.Errorf("shares of task %d: %w", id, store.Translate(err))
	}
	if err := desk.One(w.TX.Omit("source").Where("id = ?", t.PolicyID), &t.policy, "tasks.unknown"); err != nil {
		return nil, err
	}
	ids := []uint64{t.UnitID}
	for _, share := range t.shares {
		ids = append(ids, share.UnitID)
	}
	var err error
	if t.units, err = w.Units(ids...); err != nil {
		return nil, err
	}
	t.office = t.units[t.UnitID]
	if !slices.ContainsFunc(ids, func(unit uint64) bool { return readsTask(w, t.units[unit]) }) {
		return nil, models.NewError(models.NotFound, "tasks.unknown")
	}
	return t, nil
}

func readsTask(w *desk.Write, unit models.Unit) bool { return w.Actor.Allow(readTask, unit) == nil }

// share returns the part with the id, for who reads about its unit or the office.
func (t *dividedTask) share(w *desk.Write, id uint64) (*models.TaskShare, error) {
	for i := range t.shares {
		if t.shares[i].ID == id && (readsTask(w, t.office) || readsTask(w, t.units[t.shares[i].UnitID])) {
			return &t.shares[i], nil
		}
	}
	return nil, models.NewError(models.NotFound, "tasks.unknown")
}

func (t *dividedTask) title() rules.Text { return rules.Text{ZH: t.TitleZH, EN: t.TitleEN} }

func taskStanding(share models.TaskShare, task models.Task) TaskStanding {
	return TaskStanding{Role: share.Role, Status: share.Status, DueOn: task.DueOn, MovedOn: share.MovedOn}
}

// taskUnitName is the unit's name in both languages.
func taskUnitName(unit models.Unit) rules.Text {
	return rules.Text{ZH: unit.Name, EN: cmp.Or(unit.NameEN, unit.Name)}
}

// takes refuses a step on a part that has ended, or that is another version than was seen.
func (t *dividedTask) takes(share *models.TaskShare, version int) error {
	unit := t.units[share.UnitID]
	switch {
	case !share.EndedOn.IsZero():
		return models.NewError(models.Conflict, "tasks.ended", "Unit", taskUnitName(unit), "On", share.EndedOn)
	case share.Version != version:
		return models.NewError(models.Stale, "tasks.stale")
	}
	return nil
}

// runs refuses a step on a part that is over without one: its unit is closed, or the policy
// is retired. The office can still end it.
func (t *dividedTask) runs(w *desk.Write, share *models.TaskShare) error {
	unit := t.units[share.UnitID]
	switch {
	case !unit.ExistsOn(w.Today):
		return models.NewError(models.Conflict, "tasks.unit_closed", "Unit", taskUnitName(unit))
	case !t.policy.RetiredOn.IsZero() && t.policy.RetiredOn <= w.Today:
		return models.NewError(models.Conflict, "tasks.policy_retired", "Policy", rules.Text{ZH: t.policy.TitleZH, EN: t.policy.TitleEN}, "On", t.policy.RetiredOn)
	}
	return nil
}

// taskStep is what is written with a step.
type taskStep struct {
	act               models.TaskAct
	note, reason, url string
}

// put stores the part as it now is, with the step that led to it.
func (t *dividedTask) put(w *desk.Write, share *models.TaskShare, step taskStep) (*models.TaskStep, error) {
	share.Version++
	if err := w.TX.Save(share).Error; err != nil {
		return nil, fmt.Errorf("share %d: %w", share.ID, err)
	}
	row := t.step(w, *share, step)
	if err := w.TX.Create(&row).Error; err != nil {
		return nil, fmt.Errorf("step of share %d: %w", share.ID, err)
	}
	return &row, nil
}

func (t *dividedTask) step(w *desk.Write, share models.TaskShare, step taskStep) models.TaskStep {
	return models.TaskStep{ShareID: share.ID, Act: step.act, Role: share.Role, Status: share.Status, DueOn: t.DueOn, MovedOn: share.MovedOn,
		Note: step.note, Reason: step.reason, URL: step.url, ByUser: w.Actor.ID, DoneAt: w.At, DoneOn: w.Today}
}

// recordShare adds the audit entry of a step, with what the part was before.
func (t *dividedTask) recordShare(w *desk.Write, action string, permission rbac.Permission, share models.TaskShare, before, detail map[string]any) error {
	unit := t.units[share.UnitID]
	return w.Record(compliance.Act{Action: action, Object: "task-share", ID: share.ID, Unit: &unit, Permission: permission,
		Before: before, Now: t.shareFacts(share), Detail: detail})
}

// shareFacts are what the audit log tells of a part.
func (t *dividedTask) shareFacts(share models.TaskShare) map[string]any {
	return map[string]any{"task": t.Code, "role": share.Role, "status": share.Status, "moved_on": share.MovedOn, "ended_on": share.EndedOn}
}

// taskFacts are what the audit log tells of a task.
func taskFacts(row models.Task) map[string]any {
	return map[string]any{"code": row.Code, "clause": row.Clause, "title": row.TitleZH, "due_on": row.DueOn}
}

// tell sends a message about a part: to the unit, or to the office.
func (t *dividedTask) tell(w *desk.Write, share models.TaskShare, to rbac.Permission, key string, args ...any) error {
	unit := t.units[share.UnitID]
	receiver := unit
	if to == manageTask {
		receiver = t.office
	}
	args = append([]any{"Unit", taskUnitName(unit), "Task", t.title(), "Clause", t.Clause}, args...)
	return notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageTask, Unit: receiver, To: to, Object: "task-share", ObjectID: share.ID,
		Text: rules.Reason{Key: key, Args: models.Args(args...)}, Except: w.Actor.ID})
}

// taskText refuses a text that is missing, where it must not be, or too long.
func taskText(faults []models.Field, field, text string, most int, required bool) []models.Field {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0 && required:
		return append(faults, models.Field{Name: field, Key: "filing.required"})
	case n > most:
		return append(faults, models.Field{Name: field, Key: "filing.too_long", Args: models.Args("Length", n, "Max", most)})
	}
	return faults
}

func taskLink(faults []models.Field, text string) []models.Field {
	if text == "" {
		return faults
	}
	address, err := url.Parse(text)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return append(faults, models.Field{Name: "url", Key: "filing.bad_url", Args: models.Args("Value", text)})
	}
	return taskText(faults, "url", text, maxTaskURL, false)
}

var likeTask = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// taskUnitLike narrows a query to units u in whose names or codes the text stands.
func taskUnitLike(query *gorm.DB, text string) *gorm.DB {
	if text = strings.TrimSpace(text); text == "" {
		return query
	}
	like := "%" + likeTask.Replace(strings.ToLower(text)) + "%"
	return query.Where("(u.code LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name_en) LIKE ? ESCAPE '!')", like, like, like)
}
