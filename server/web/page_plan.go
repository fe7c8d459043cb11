package web

import (
	"fmt"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/training"
)

// PlanPage is the form of a training plan.
type PlanPage struct {
	Page
	Tabs UnitTabs
	Unit models.Unit
	Year int
	// Seen is the version of the plan that the form was made of.
	Seen    int
	Action  string
	BackURL string
	Fields  []FormField
	Items   []PlanItemFields
	Courses []FieldOption
	Months  []FieldOption
	Refused
	Problems []FieldProblem
}

// PlanItemFields is one row of a plan's items; what is typed stays text.
type PlanItemFields struct {
	// ID begins the ids of the row's fields; Number is the row's, from 1.
	ID                                    string
	Number                                int
	Course, Month, Sessions, Seats, Note  string
	CourseError, MonthError, NumbersError string
}

// blankItems is how many empty rows the form offers.
const blankItems = 4

// newPlanPage lays out the form of a plan; input is what it holds.
func newPlanPage(page Page, unit models.Unit, plan planTyped, courses []training.CourseView) *PlanPage {
	p := &PlanPage{Page: page, Unit: unit, Year: plan.year, Seen: plan.version, Action: unitURL(unit, "plan") + "?year=" + strconv.Itoa(plan.year), BackURL: coursesURL(unit, plan.year)}
	p.Fields = identified("plan", []FormField{
		{Name: "title", Label: "plan.title", Type: "text", Value: plan.title, Required: true},
		{Name: "goal", Label: "plan.goal", Type: "textarea", Value: plan.goal},
		{Name: "document", Label: "plan.document", Hint: "plan.document_hint", Type: "text", Value: plan.document},
		{Name: "adopted_on", Label: "plan.adopted_on", Type: "date", Value: plan.adopted, Max: page.Today.String()},
		{Name: "url", Label: "plan.url", Type: "url", Value: plan.url},
	})
	for _, c := range courses {
		if c.RetiredOn.IsZero() || plan.has(c.ID) {
			p.Courses = append(p.Courses, FieldOption{Value: strconv.FormatUint(c.ID, 10), Text: c.Title + " (" + c.Code + ")"})
		}
	}
	for month := 1; month <= 12; month++ {
		p.Months = append(p.Months, FieldOption{Value: strconv.Itoa(month), Text: page.Locale.Text("month."+strconv.Itoa(month), nil)})
	}
	p.Items = plan.items
	for range blankItems {
		p.Items = append(p.Items, PlanItemFields{})
	}
	for i := range p.Items {
		p.Items[i].ID, p.Items[i].Number = fmt.Sprintf("plan-item-%d", i), i+1
	}
	return p
}

// refuse puts what is wrong at the fields.
func (p *PlanPage) refuse(locale *frontend.Locale, why *models.Error) {
	if why.Code != models.Invalid {
		p.Refused = Refused{why}
		return
	}
	for _, fault := range why.Fields {
		text := locale.Text(fault.Key, fault.Args)
		if i, name, ok := itemName(fault.Name); ok && i < len(p.Items) {
			p.Problems = append(p.Problems, p.Items[i].place(name, text))
			continue
		}
		p.Problems = append(p.Problems, placeAtField(locale, p.Fields, fault.Name, text))
	}
}

// itemName reads items[2].seats.
func itemName(field string) (index int, name string, ok bool) {
	rest, found := strings.CutPrefix(field, "items[")
	number, name, closed := strings.Cut(rest, "].")
	index, err := strconv.Atoi(number)
	return index, name, found && closed && err == nil
}

func (f *PlanItemFields) place(name, text string) FieldProblem {
	switch name {
	case "course":
		f.CourseError = text
	case "month":
		f.MonthError = text
	default:
		f.NumbersError = text
	}
	return FieldProblem{ID: f.ID + "-" + name, Text: text}
}

// planTyped is a plan as it stands in the form.
type planTyped struct {
	year, version                       int
	title, goal, document, adopted, url string
	items                               []PlanItemFields
}

func (p planTyped) has(course uint64) bool {
	for _, item := range p.items {
		if item.Course == strconv.FormatUint(course, 10) {
			return true
		}
	}
	return false
}

// planAsTyped is a stored plan as it stands in the form.
func planAsTyped(v *training.PlanView, fresh string) planTyped {
	typed := planTyped{year: v.Year, version: v.Version, title: v.Title, goal: v.Goal, document: v.Document, adopted: v.AdoptedOn.String(), url: v.URL}
	if v.ID == 0 {
		typed.title = fresh
	}
	for _, item := range v.Items {
		typed.items = append(typed.items, PlanItemFields{Course: strconv.FormatUint(item.CourseID, 10), Month: strconv.Itoa(item.Month),
			Sessions: strconv.Itoa(item.Sessions), Seats: strconv.Itoa(item.Seats), Note: item.Note})
	}
	return typed
}

// plan reads the form of a plan; rows without a course are none.
func (r *formReader) plan(year int) (training.PlanInput, planTyped) {
	typed := planTyped{year: year, title: r.text("title"), goal: r.text("goal"), document: r.text("document"), adopted: r.text("adopted_on"), url: r.text("url")}
	typed.version, _ = strconv.Atoi(r.text("version"))
	in := training.PlanInput{Year: year, Title: typed.title, Goal: typed.goal, Document: typed.document, AdoptedOn: r.date("adopted_on"), URL: typed.url}
	cell := func(name string, i int) string {
		if cells := r.values[name]; i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	for i := range r.values["item_course"] {
		row := PlanItemFields{Course: cell("item_course", i), Month: cell("item_month", i), Sessions: cell("item_sessions", i), Seats: cell("item_seats", i), Note: cell("item_note", i)}
		if row.Course == "" && row.Sessions == "" && row.Seats == "" && row.Note == "" {
			continue
		}
		item := training.PlanItemInput{Note: row.Note}
		item.Course, _ = strconv.ParseUint(row.Course, 10, 63)
		item.Month, _ = strconv.Atoi(row.Month)
		item.Sessions, _ = strconv.Atoi(row.Sessions)
		item.Seats, _ = strconv.Atoi(row.Seats)
		typed.items, in.Items = append(typed.items, row), append(in.Items, item)
	}
	return in, typed
}
