package calendar

// Step is one day of a term: the count it brought the term to, or 0 for a day
// that is skipped. Its Kind, Holiday and Notice are the reason.
type Step struct {
	Day
	Count int `json:"count,omitempty"`
}

// Run is a stretch of consecutive days of one term that share their reason.
type Run struct {
	Day          // of the first day
	To      Date `json:"to"`              // last day
	Length  int  `json:"length"`          // in calendar days
	CountTo int  `json:"count,omitempty"` // count reached on the last day, 0 for skipped days
}

// Explanation shows how a term was counted: every day after After up to Due.
type Explanation struct {
	After       Date   `json:"after"`
	Due         Date   `json:"due"`
	WorkingDays int    `json:"workingDays"`
	Provisional bool   `json:"provisional"`
	Steps       []Step `json:"steps"`
}

// Explain returns AddWorkingDays with every day it counted or skipped. A term
// that AddWorkingDays refuses has no due date and no steps.
func (c *Calendar) Explain(after Date, n int) Explanation {
	due, _ := c.AddWorkingDays(after, n)
	if due.IsZero() {
		return Explanation{After: after}
	}
	return c.ExplainBetween(after, due)
}

// maxExplained is the longest span whose days are listed; a term of MaxTerm is
// shorter.
const maxExplained = 2 * MaxTerm

// ExplainBetween returns WorkingDaysBetween with every day it counted or
// skipped. There are no steps when b is not after a, or when the span is longer
// than any term can be.
func (c *Calendar) ExplainBetween(a, b Date) Explanation {
	e := Explanation{After: a, Due: b, WorkingDays: c.WorkingDaysBetween(a, b)}
	if b <= a {
		return e
	}
	e.Provisional = c.provisional(a, b)
	if b-a > maxExplained {
		return e
	}
	count := 0
	for d := a + 1; d <= b; d++ {
		step := Step{Day: c.Day(d)}
		if step.Working {
			count++
			step.Count = count
		}
		e.Steps = append(e.Steps, step)
	}
	return e
}

// provisional tells whether any day in (a, b] is unpublished.
func (c *Calendar) provisional(a, b Date) bool {
	for d := a + 1; d <= b; d++ {
		if !c.Day(d).Published {
			return true
		}
	}
	return false
}

// Runs joins consecutive steps with the same reason, for pages: a working week
// is one line, and so is a holiday.
func (e Explanation) Runs() []Run {
	var runs []Run
	for _, step := range e.Steps {
		if last := len(runs) - 1; last >= 0 && sameReason(runs[last].Day, step.Day) {
			runs[last].To = step.Date
			runs[last].Length++
			runs[last].CountTo = step.Count
			continue
		}
		runs = append(runs, Run{Day: step.Day, To: step.Date, Length: 1, CountTo: step.Count})
	}
	return runs
}

func sameReason(a, b Day) bool {
	b.Date = a.Date
	return a == b
}
