package web

import (
	"strings"

	"sundial/models"
	"sundial/server/evidence"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// TaskPage is a task with those who have a part in it, and the steps of one of them.
type TaskPage struct {
	Page
	Tabs  UnitTabs
	View  *supervision.TaskView
	Leads []TaskParty
	Helps []TaskParty
	// Ended are those who had a part.
	Ended []TaskParty
	Steps []TaskStep
	// Progress reports on the chosen part; Return, End, Assign and Redate are forms of the
	// office. Each is nil for who may not.
	Progress, Return, End, Assign, Redate *OfficeForm
	// Units are offered by the form that assigns.
	Units  []models.Unit
	Accept string
	// Files tells that files of a form that was refused have to be chosen again.
	Files bool
	// UrgeURL urges the unit of the chosen part, empty for who may not.
	UrgeURL string
	Error   *models.Error
}

// TaskParty is a unit with its part; URL shows its steps, empty for who may not read them.
type TaskParty struct {
	supervision.TaskLine
	URL     string
	Current bool
}

// TaskStep is a step in the timeline.
type TaskStep struct {
	supervision.TaskStepView
	Files []FileItem
}

// Title is the task's in both languages.
func (p TaskPage) Title() rules.Text {
	return rules.Text{ZH: p.View.TitleZH, EN: p.View.TitleEN}
}

// Done counts those who lead and are done.
func (p TaskPage) Done() int {
	n := 0
	for _, lead := range p.Leads {
		if lead.Status == models.TaskDone {
			n++
		}
	}
	return n
}

// PolicyTitle is the policy's in both languages.
func (p TaskPage) PolicyTitle() rules.Text { return policyTitle(p.View.Policy) }

// Own tells that the office added the task.
func (p TaskPage) Own() bool { return strings.HasPrefix(p.View.Code, "office.") }

func newTaskPage(base Page, v *supervision.TaskView, reads func(unit models.Unit) bool) *TaskPage {
	p := &TaskPage{Page: base, View: v, Accept: "." + strings.Join(evidence.Extensions(), ",.")}
	party := func(line supervision.TaskLine) TaskParty {
		one := TaskParty{TaskLine: line, Current: v.Chosen != nil && v.Chosen.Share.ID == line.Share.ID}
		if reads(v.Office) || reads(line.Unit) {
			one.URL = taskShareURL(v.ID, line.Share.ID)
		}
		return one
	}
	for _, line := range v.Parts {
		if line.Role == models.TaskLead {
			p.Leads = append(p.Leads, party(line))
		} else {
			p.Helps = append(p.Helps, party(line))
		}
	}
	for _, line := range v.Ended {
		p.Ended = append(p.Ended, party(line))
	}
	if v.Chosen != nil {
		p.addChosen()
	}
	if v.Manages {
		p.addOffice()
	}
	return p
}

var taskStatusField = FormField{Name: "status", Label: "tasks.column.status", Type: "choice", Required: true,
	Choices: []Choice{{string(models.TaskUnderWay), "tasks.status.under_way"}, {string(models.TaskDone), "tasks.status.done"},
		{string(models.TaskNotStarted), "tasks.status.not_started"}}}

// addChosen adds the steps of the chosen part and the forms for it.
func (p *TaskPage) addChosen() {
	c := p.View.Chosen
	for _, step := range c.Steps {
		p.Steps = append(p.Steps, TaskStep{step, newCaseFiles(step.Files)})
	}
	if c.Reports {
		status := taskStatusField
		status.Value = string(c.Status)
		if c.Status == models.TaskNotStarted {
			status.Value = string(models.TaskUnderWay)
		}
		fields := []FormField{status, {Name: "note", Label: "tasks.field.note", Hint: "tasks.field.note_hint", Type: "textarea", Required: true}}
		if c.Behind {
			fields = append(fields, FormField{Name: "reason", Label: "tasks.field.reason", Hint: "tasks.field.reason_hint", Type: "textarea", Required: true})
		}
		fields = append(fields, FormField{Name: "url", Label: "tasks.field.url", Type: "url"})
		p.Progress = p.shareForm("progress", fields...)
	}
	if c.Returns {
		p.Return = p.shareForm("return", FormField{Name: "reason", Label: "tasks.field.return_reason", Type: "textarea", Required: true})
	}
	if c.Ends {
		p.End = p.shareForm("end", FormField{Name: "reason", Label: "tasks.field.end_reason", Type: "textarea", Required: true})
	}
}

func (p *TaskPage) shareForm(name string, fields ...FormField) *OfficeForm {
	f := appealFormOf("task_"+name, taskURL(p.View.ID, name), p.View.Chosen.Share.Version, fields)
	return f
}

// addOffice adds the forms by which the office changes the task.
func (p *TaskPage) addOffice() {
	p.Redate = appealFormOf("task_due", taskURL(p.View.ID, "due"), p.View.Version, []FormField{
		{Name: "due_on", Label: "tasks.field.due", Type: "date", Required: true, Min: p.View.Policy.Published.String(), Value: p.View.DueOn.String()},
		{Name: "reason", Label: "tasks.field.due_reason", Type: "textarea", Required: true}})
	p.Assign = appealFormOf("task_assign", taskURL(p.View.ID, "units"), p.View.Version, []FormField{
		{Name: "unit", Label: "tasks.field.unit", Hint: "tasks.field.unit_hint", Type: "text", Required: true}, roleField()})
}

func roleField() FormField {
	return FormField{Name: "role", Label: "tasks.column.role", Type: "choice", Required: true, Value: string(models.TaskLead),
		Choices: []Choice{{string(models.TaskLead), "tasks.role.lead"}, {string(models.TaskCooperate), "tasks.role.cooperate"}}}
}

// form returns the form with the name, nil for none.
func (p *TaskPage) form(name string) *OfficeForm {
	return map[string]*OfficeForm{"progress": p.Progress, "return": p.Return, "end": p.End, "assign": p.Assign, "due": p.Redate}[name]
}
