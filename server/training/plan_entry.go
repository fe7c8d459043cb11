package training

import (
	"fmt"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
)

// PlanInput is the training plan of a year as it is entered.
type PlanInput struct {
	Year     int
	Title    string
	Goal     string
	Document string
	// AdoptedOn is zero while the plan is not adopted.
	AdoptedOn calendar.Date
	URL       string
	Items     []PlanItemInput
}

// PlanItemInput is one course of a plan in one month.
type PlanItemInput struct {
	Course   uint64
	Month    int
	Sessions int
	// Seats are those of all sessions of the item.
	Seats int
	Note  string
}

// maxItems bounds the items of a plan.
const maxItems = 200

// plan returns the plan of the input as it is entered on the day, or what is
// wrong with it. The courses are not looked at.
func (in PlanInput) plan(today calendar.Date) (models.TrainingPlan, []models.PlanItem, error) {
	p := models.TrainingPlan{Year: in.Year, Title: strings.TrimSpace(in.Title), Goal: strings.TrimSpace(in.Goal), Document: strings.TrimSpace(in.Document),
		AdoptedOn: in.AdoptedOn, URL: strings.TrimSpace(in.URL)}
	var f faults
	f.number("year", p.Year, firstYear, today.Year()+1)
	f.text("title", p.Title, maxTitle, true)
	f.text("goal", p.Goal, maxGoal, false)
	f.text("document", p.Document, maxLine, false)
	if p.AdoptedOn > today {
		f.add("adopted_on", "filing.future", "Value", p.AdoptedOn, "Today", today)
	}
	f.link("url", p.URL)
	if len(in.Items) > maxItems {
		f.add("items", "plan.too_many_items", "Count", len(in.Items), "Most", maxItems)
		return p, nil, f.err()
	}
	return p, f.items(in.Items), f.err()
}

// items checks the items of a plan: a course stands once in a month.
func (f *faults) items(in []PlanItemInput) []models.PlanItem {
	rows := make([]models.PlanItem, len(in))
	first := map[[2]uint64]int{}
	for i, item := range in {
		field := func(name string) string { return itemField(i, name) }
		rows[i] = models.PlanItem{CourseID: item.Course, Month: item.Month, Sessions: item.Sessions, Seats: item.Seats, Note: strings.TrimSpace(item.Note)}
		f.number(field("month"), item.Month, 1, 12)
		f.number(field("sessions"), item.Sessions, 1, 1000)
		f.number(field("seats"), item.Seats, 1, 1_000_000)
		f.text(field("note"), rows[i].Note, maxLine, false)
		key := [2]uint64{item.Course, uint64(max(0, item.Month))}
		if before, twice := first[key]; twice {
			f.add(field("course"), "plan.item_twice", "Row", before+1)
		} else {
			first[key] = i
		}
	}
	return rows
}

func itemField(i int, name string) string { return fmt.Sprintf("items[%d].%s", i, name) }

// monthStart returns the first day of the item's month.
func monthStart(year, month int) calendar.Date {
	return calendar.NewDate(year, time.Month(month), 1)
}
