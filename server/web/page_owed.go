package web

import (
	"cmp"
	"slices"
	"time"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// OwedList is what a unit has to do, by when: what it is urged for first, the gravest
// before the others, then what is overdue, then by due date.
type OwedList struct {
	// Acts tells that the reader does it, for the unit.
	Acts bool
	// Lines are the first ones, Rest all others.
	Lines, Rest []OwedLine
	// Urged counts the things with an open urge, Overdue those whose day has passed.
	Urged, Overdue int
}

// Count is how many there are.
func (l OwedList) Count() int { return len(l.Lines) + len(l.Rest) }

// onlyShow takes from the list what is for those who act.
func (l *OwedList) onlyShow() {
	for _, lines := range [][]OwedLine{l.Lines, l.Rest} {
		for i := range lines {
			lines[i].Action = ""
		}
	}
}

// OwedLine is one thing to do.
type OwedLine struct {
	// Kind is an object of the audit log.
	Kind  string
	Title rules.Text
	// Things is how many there are, of which the title names the first.
	Things int
	// About is what is said under the title: clauses, periods, names of rounds and offices.
	About []string
	// Level is that of the open urge, empty when nobody has urged for it.
	Level models.UrgeLevel
	// Due is the day by which it is to be done, DueAt the instant where there is one.
	Due         calendar.Date
	DueAt       *time.Time
	Provisional bool
	// Days are left until Due, or less than 0 since it has passed.
	Days int
	// Marks are keys of words on it, Reason is why it came back.
	Marks  []string
	Reason string
	// URL is its page, Action where the reader does it, empty when others do, and Do the
	// key of the word for that.
	URL, Action, Do string
	// Receipt sends the version of an urge to Action, instead of leading there.
	Receipt bool
	Version int
}

// Late tells that its day has passed.
func (l OwedLine) Late() bool { return l.Days < 0 && !l.Provisional && !l.Due.IsZero() }

// DaysLate is how many days ago its day was.
func (l OwedLine) DaysLate() int { return -l.Days }

// owedShown is how many things are shown at once; the others unfold.
const owedShown = 10

// owedThings are what the domains say that a unit owes.
type owedThings struct {
	urges  []supervision.UrgeLine
	duties []compliance.OwedDuty
	tasks  []supervision.TaskLine
	sheets []assessment.OwedSheet
	wrongs []rectification.Line
}

// newOwedList merges what is owed today into one list.
func newOwedList(w words, view View, things owedThings) OwedList {
	levels := map[supervision.UrgeRef]models.UrgeLevel{}
	var lines []OwedLine
	for _, urge := range things.urges {
		if urge.Waits { // nothing of it is the unit's to do now
			continue
		}
		for _, thing := range urge.Items {
			if rank(urge.Level) < rank(levels[thing.UrgeRef]) {
				levels[thing.UrgeRef] = urge.Level
			}
		}
		if urge.Status == models.UrgeSent || urge.Status == models.UrgeAcknowledged {
			lines = append(lines, owedUrge(w, urge))
		}
	}
	for _, duty := range things.duties {
		line := owedDuty(w, view, duty)
		line.Level = levels[supervision.UrgeRef{Object: models.UrgeDuty, ID: duty.Duty.ID}]
		lines = append(lines, line)
	}
	for _, task := range things.tasks {
		line := owedTask(w, task)
		line.Level = levels[supervision.UrgeRef{Object: models.UrgeTask, ID: task.Share.ID}]
		lines = append(lines, line)
	}
	for _, wrong := range things.wrongs {
		line := owedRectification(wrong)
		line.Level = levels[supervision.UrgeRef{Object: models.UrgeRectification, ID: wrong.ID}]
		lines = append(lines, line)
	}
	for _, sheet := range things.sheets {
		lines = append(lines, OwedLine{Kind: "sheet", Title: rules.Text{ZH: sheet.Round.Title, EN: sheet.Round.Title}, About: []string{unitName(w.locale, sheet.Office)},
			Due: sheet.Round.SelfUntil, URL: sheetURL(sheet.ID), Action: sheetURL(sheet.ID), Do: "owed.do.sheet", Reason: sheet.ReturnReason})
	}
	return owedList(lines, view.Today)
}

// owedList puts the lines in order, and counts.
func owedList(lines []OwedLine, today calendar.Date) OwedList {
	var list OwedList
	for i := range lines {
		line := &lines[i]
		line.Days = int(line.Due - today)
		if line.Reason != "" {
			line.Marks = append(line.Marks, "owed.returned")
		}
		if line.Late() {
			list.Overdue++
		}
		if line.Level != "" {
			list.Urged++
		}
	}
	slices.SortStableFunc(lines, byPressure)
	shown := min(owedShown, len(lines))
	list.Lines, list.Rest = lines[:shown], lines[shown:]
	return list
}

// byPressure puts first what is urged for, the gravest before the others and each urge
// before what it is about, then what is overdue, then what is due first.
func byPressure(a, b OwedLine) int {
	return cmp.Or(cmp.Compare(rank(a.Level), rank(b.Level)), first(a.Level != "" && a.Kind == "urge", b.Level != "" && b.Kind == "urge"),
		first(a.Late(), b.Late()), cmp.Compare(dueOrder(a.Due), dueOrder(b.Due)))
}

// rank orders the levels, the gravest first and none last.
func rank(level models.UrgeLevel) int {
	return slices.Index([]models.UrgeLevel{models.UrgeRed, models.UrgeYellow, models.UrgeBlue, ""}, level)
}

// first compares so that what is true comes first.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

func owedUrge(w words, urge supervision.UrgeLine) OwedLine {
	line := OwedLine{Kind: "urge", Level: urge.Level, Due: urge.ReplyBy, Provisional: urge.Provisional, About: []string{unitName(w.locale, urge.Office)}, URL: urgeURL(urge.ID)}
	if len(urge.Items) > 0 {
		line.Title, line.Things = urge.Items[0].Title, len(urge.Items)
	}
	line.Action, line.Do = line.URL+"#reply", "owed.do.reply"
	if urge.Status == models.UrgeSent {
		line.Action, line.Do, line.Receipt, line.Version = urgeURL(urge.ID, "receipt"), "owed.do.receipt", true, urge.Version
	}
	return line
}

func owedDuty(w words, view View, duty compliance.OwedDuty) OwedLine {
	url := view.DutyURL(duty.Duty.ID)
	line := OwedLine{Kind: "duty", Title: duty.Obligation.Title, About: []string{w.locale.Chinese(duty.Obligation.Clause), w.period(duty.Duty.Period)},
		Due: duty.Duty.DueOn, DueAt: duty.Duty.DueAt, Provisional: duty.Duty.Provisional, URL: url, Action: url + "#report", Do: "owed.do.report"}
	if duty.Duty.SubjectTitle != "" {
		line.About = append(line.About, duty.Duty.SubjectTitle)
	}
	if duty.Drafted {
		line.Marks, line.Do = append(line.Marks, "owed.drafted"), "owed.do.draft"
	}
	if duty.Returned != nil {
		line.Reason, line.Do = cmp.Or(duty.Returned.EndReason, duty.Returned.Reason), "owed.do.again"
	}
	if duty.Verdict.Kind == rules.KindRotation {
		line.Action, line.Do = url, "owed.do.look"
	}
	return line
}

func owedTask(w words, task supervision.TaskLine) OwedLine {
	url := taskShareURL(task.Task.ID, task.Share.ID)
	return OwedLine{Kind: "task", Title: rules.Text{ZH: task.Task.TitleZH, EN: task.Task.TitleEN}, About: []string{w.locale.Chinese(task.Task.Clause)},
		Due: task.DueOn, URL: url, Action: url + "#report", Do: "owed.do.progress"}
}

func owedRectification(wrong rectification.Line) OwedLine {
	url := rectificationURL(wrong.ID)
	line := OwedLine{Kind: "rectification", Title: wrong.Origin.Title(), Due: wrong.DueOn, URL: url, Action: url + "#answer", Do: "owed.do.answer"}
	switch {
	case wrong.Origin.Score != nil:
		line.About = []string{wrong.Origin.Score.Round.Title}
	case wrong.Origin.Finding != nil:
		line.About = []string{wrong.Origin.Finding.Inspection.Title}
	}
	return line
}
