package supervision_test

import (
	"testing"

	"sundial/models"
	"sundial/server/supervision"
)

func TestMonthAfter(t *testing.T) {
	for from, want := range map[string]string{
		"2017-03-10": "2017-04-10", "2017-12-15": "2018-01-15", "2017-12-31": "2018-01-31",
		"2017-01-28": "2017-02-28", "2017-01-29": "2017-02-28", "2017-01-31": "2017-02-28", "2016-01-30": "2016-02-29", "2016-01-31": "2016-02-29",
		"2017-02-28": "2017-03-28", "2016-02-29": "2016-03-29", "2017-03-31": "2017-04-30", "2017-04-30": "2017-05-30", "2017-05-31": "2017-06-30",
	} {
		if got := supervision.MonthAfter(day(from)); got != day(want) {
			t.Errorf("a month from %s ends on %s, want %s", from, got, want)
		}
	}
}

func TestTaskStanding(t *testing.T) {
	for name, c := range map[string]struct {
		role                  models.TaskRole
		status                models.TaskStatus
		due, moved, on        string
		owed, overdue, behind bool
	}{
		"on the due date":                 {models.TaskLead, models.TaskUnderWay, "2017-05-31", "2017-05-30", "2017-05-31", true, false, false},
		"a day after it":                  {models.TaskLead, models.TaskUnderWay, "2017-05-31", "2017-05-30", "2017-06-01", true, true, true},
		"done after it":                   {models.TaskLead, models.TaskDone, "2017-05-31", "2017-06-10", "2017-07-31", false, false, false},
		"cooperating owes no report":      {models.TaskCooperate, models.TaskNotStarted, "2017-05-31", "2017-01-10", "2017-07-31", false, false, false},
		"a month without movement":        {models.TaskLead, models.TaskNotStarted, "2017-12-31", "2017-01-31", "2017-02-28", true, false, false},
		"a month and a day without":       {models.TaskLead, models.TaskNotStarted, "2017-12-31", "2017-01-31", "2017-03-01", true, false, true},
		"nothing moved, yet all was done": {models.TaskLead, models.TaskDone, "2017-12-31", "2017-01-31", "2017-12-01", false, false, false},
	} {
		s := supervision.TaskStanding{Role: c.role, Status: c.status, DueOn: day(c.due), MovedOn: day(c.moved)}
		on := day(c.on)
		if s.Owed() != c.owed || s.Overdue(on) != c.overdue || s.Behind(on) != c.behind {
			t.Errorf("%s: owed %v, overdue %v, behind %v", name, s.Owed(), s.Overdue(on), s.Behind(on))
		}
	}
}

func TestTaskSection(t *testing.T) {
	for clause, want := range map[string]string{"四(二)前段": "四", "一（三）1": "一", "最后一段": "最后一段", "十一(二)": "十一"} {
		if got := supervision.TaskSection(clause); got != want {
			t.Errorf("%s is in %s, want %s", clause, got, want)
		}
	}
}
