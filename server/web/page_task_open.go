package web

import (
	"strings"

	"sundial/models"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// TaskOpenPage is what dividing the tasks of a policy would do, with the due dates that the
// office may change.
type TaskOpenPage struct {
	Page
	Tabs     UnitTabs
	Unit     models.Unit
	Policies []FieldOption
	Policy   string
	// Plan is nil as long as no policy is chosen.
	Plan *supervision.TaskPlan
	// Lines are those in which something changes, Kept the others.
	Lines, Kept []TaskOpenLine
	Tasks       int
	Parts       map[supervision.PartChange]int
	Action      string
	BackURL     string
	Problems    []FieldProblem
	Error       *models.Error
}

// Added counts the parts that units would be given.
func (p TaskOpenPage) Added() int { return p.Parts[supervision.PartAdded] }

// Ended counts the parts that would end.
func (p TaskOpenPage) Ended() int { return p.Parts[supervision.PartEnds] }

// Moved counts the parts that would change their role.
func (p TaskOpenPage) Moved() int { return p.Parts[supervision.PartMoved] }

// TaskOpenLine is a task in the preview.
type TaskOpenLine struct {
	supervision.TaskPlanLine
	Leads, Helps TaskOpenParts
	// Due is the field of its due date, nil where the task is open already.
	Due *FormField
}

// TaskOpenParts are units with the same role.
type TaskOpenParts struct {
	Parts []supervision.TaskPart
	// Outside and Open are parties of the document that are no units, and groups that it
	// leaves open.
	Outside, Open rules.Parties
}

// manyParts is from how many units on their names are folded.
const manyParts = 8

// Many tells that the names are folded.
func (p TaskOpenParts) Many() bool { return len(p.Parts) > manyParts }

// None tells that there is nobody.
func (p TaskOpenParts) None() bool { return len(p.Parts)+len(p.Outside)+len(p.Open) == 0 }

func newTaskOpenPage(base Page, unit models.Unit, policies []FieldOption, chosen string) *TaskOpenPage {
	return &TaskOpenPage{Page: base, Unit: unit, Policies: policies, Policy: chosen, Action: unitURL(unit, "tasks", "open"), BackURL: unitURL(unit, "tasks")}
}

// foresee adds the plan.
func (p *TaskOpenPage) foresee(plan *supervision.TaskPlan) {
	p.Plan = plan
	p.Tasks, p.Parts = plan.Count()
	for _, line := range plan.Lines {
		shown := TaskOpenLine{TaskPlanLine: line, Leads: TaskOpenParts{Outside: line.Lead.Outside(), Open: line.Lead.Indefinite()},
			Helps: TaskOpenParts{Outside: line.Cooperate.Outside(), Open: line.Cooperate.Indefinite()}}
		changes := line.Row == nil
		for _, part := range line.Parts {
			changes = changes || part.Change != supervision.PartStays
			if part.Role == models.TaskLead {
				shown.Leads.Parts = append(shown.Leads.Parts, part)
			} else {
				shown.Helps.Parts = append(shown.Helps.Parts, part)
			}
		}
		if line.Row == nil {
			name := dueFieldName(line.ID)
			shown.Due = &FormField{ID: strings.ReplaceAll(name, ".", "-"), Name: name, Label: "tasks.column.due", Type: "date", Required: true,
				Value: line.DueOn.String(), Min: supervision.EarliestDue(plan.Policy.Policy).String()}
		}
		if changes {
			p.Lines = append(p.Lines, shown)
		} else {
			p.Kept = append(p.Kept, shown)
		}
	}
}

func dueFieldName(task string) string { return "due-" + task }

// refuse puts what was typed back, with what is wrong with it.
func (p *TaskOpenPage) refuse(r *request, why *models.Error) {
	for _, line := range p.Lines {
		if line.Due != nil {
			line.Due.Value = r.Request.PostForm.Get(line.Due.Name)
		}
	}
	if why.Code != models.Invalid {
		p.Error = why
		return
	}
	for _, fault := range why.Fields {
		text := r.Locale.Text(fault.Key, fault.Args)
		problem := FieldProblem{Text: text}
		for _, line := range p.Lines {
			if line.Due != nil && line.Due.Name == fault.Name {
				line.Due.Error = text
				problem = FieldProblem{ID: line.Due.ID, Text: r.Locale.Text("tasks.problem_at", models.Args("Task", line.Title, "Problem", text))}
			}
		}
		p.Problems = append(p.Problems, problem)
	}
}

// TaskNewPage is the form of a task of the office's own.
type TaskNewPage struct {
	Page
	Tabs    UnitTabs
	Unit    models.Unit
	Form    *OfficeForm
	Units   []models.Unit
	BackURL string
}

func newTaskNewPage(base Page, unit models.Unit, policies []FieldOption, units []models.Unit) *TaskNewPage {
	fields := []FormField{
		{Name: "policy", Label: "tasks.column.policy", Type: "select", Required: true, Options: policies},
		{Name: "clause", Label: "tasks.field.clause", Hint: "tasks.field.clause_hint", Type: "text", Required: true},
		{Name: "title", Label: "tasks.field.title", Type: "text", Required: true},
		{Name: "title_en", Label: "tasks.field.title_en", Type: "text"},
		{Name: "due_on", Label: "tasks.column.due", Type: "date", Required: true},
		{Name: "lead", Label: "tasks.role.lead", Hint: "tasks.field.codes_hint", Type: "text", Required: true},
		{Name: "cooperate", Label: "tasks.role.cooperate", Hint: "tasks.field.codes_hint", Type: "text"},
	}
	return &TaskNewPage{Page: base, Unit: unit, Units: units, BackURL: unitURL(unit, "tasks"), Form: appealFormOf("task_new", unitURL(unit, "tasks"), -1, fields)}
}
