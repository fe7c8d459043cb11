package main

import (
	"strconv"

	"sundial/seeds"
	"sundial/server/calendar"
)

// workdaysCommand counts when no other word follows it.
type workdaysCommand struct {
	Count  workdaysCountCommand  `cmd:"" default:"withargs" help:"Print the N-th working day after a date, or how many lie between two dates."`
	Notice workdaysNoticeCommand `cmd:"" help:"Read a State Council notice's text and print its days off and make-up days."`
}

// Help tells that the word count may be left out.
func (*workdaysCommand) Help() string {
	return "sundial workdays --after DATE --add N prints the N-th working day after a date, " +
		"sundial workdays --between A --and B how many working days lie in (A, B]; the word count may be left out."
}

// workdaysCountCommand answers one of two questions; which one, the flags tell.
type workdaysCountCommand struct {
	After   *string `help:"The day from which a term runs; it does not count itself." placeholder:"DATE"`
	Add     *string `help:"The term in working days." placeholder:"N"`
	Between *string `help:"The day after which to count." placeholder:"DATE"`
	And     *string `help:"The last day to count." placeholder:"DATE"`
	Explain bool    `help:"Also print the days counted and skipped, each with its reason."`
	JSON    bool    `name:"json" help:"Print JSON."`
}

// Help tells which flags belong together.
func (*workdaysCountCommand) Help() string {
	return "Use --after with --add, or --between with --and. Dates are written YYYY-MM-DD."
}

// Run answers on standard output; that the answer is provisional goes to
// standard error.
func (c *workdaysCountCommand) Run(e *environment) error {
	if err := c.combination(); err != nil {
		return err
	}
	cal, err := seeds.Calendar()
	if err != nil {
		return err
	}
	answer, err := c.answer(cal)
	if err != nil {
		return err
	}
	if answer.Provisional {
		first, last := noticeYears(cal)
		e.note("cli.workdays.provisional", "First", first, "Last", last)
	}
	if c.JSON {
		return e.printJSON(answer)
	}
	text := answer.text() + "\n"
	if c.Explain {
		text += "\n" + e.explanationTable(answer.explanation).String()
	}
	return e.print(text)
}

// combination refuses flags that do not make up one question.
func (c *workdaysCountCommand) combination() error {
	after, add, between, and := c.After != nil, c.Add != nil, c.Between != nil, c.And != nil
	switch {
	case !after && !add && !between && !and:
		return misuse("cli.workdays.no_question")
	case (after || add) && (between || and):
		return misuse("cli.exclusive", "Flag", either(after, "--after", "--add"), "Other", either(between, "--between", "--and"))
	case after != add:
		return misuse("cli.needs", "Flag", either(after, "--after", "--add"), "Other", either(after, "--add", "--after"))
	case between != and:
		return misuse("cli.needs", "Flag", either(between, "--between", "--and"), "Other", either(between, "--and", "--between"))
	}
	return nil
}

func either(first bool, one, other string) string {
	if first {
		return one
	}
	return other
}

// workdaysAnswer is what workdays --json prints: the question's flags and the
// answer.
type workdaysAnswer struct {
	After       calendar.Date `json:"after,omitzero"`
	Add         int           `json:"add,omitempty"`
	Date        calendar.Date `json:"date,omitzero"`
	Between     calendar.Date `json:"between,omitzero"`
	And         calendar.Date `json:"and,omitzero"`
	WorkingDays *int          `json:"working_days,omitempty"`
	// Provisional: some day lies in a year without a notice.
	Provisional bool            `json:"provisional"`
	Steps       []calendar.Step `json:"steps,omitempty"`

	explanation calendar.Explanation
}

func (a workdaysAnswer) text() string {
	if a.WorkingDays != nil {
		return strconv.Itoa(*a.WorkingDays)
	}
	return a.Date.String()
}

func (c *workdaysCountCommand) answer(cal *calendar.Calendar) (answer workdaysAnswer, err error) {
	if c.After != nil {
		answer, err = c.term(cal)
	} else {
		answer, err = c.span(cal)
	}
	answer.Provisional = answer.explanation.Provisional
	if c.Explain {
		answer.Steps = answer.explanation.Steps
	}
	return answer, err
}

func (c *workdaysCountCommand) term(cal *calendar.Calendar) (workdaysAnswer, error) {
	after, err := dateOfFlag("--after", *c.After)
	if err != nil {
		return workdaysAnswer{}, err
	}
	add, err := strconv.Atoi(*c.Add)
	if err != nil || add < 1 || add > calendar.MaxTerm {
		return workdaysAnswer{}, misuse("cli.workdays.term", "Value", *c.Add, "Max", calendar.MaxTerm)
	}
	explanation := cal.Explain(after, add)
	if explanation.Due > lastDate {
		return workdaysAnswer{}, misuse("cli.workdays.past_last_date", "Add", add, "Last", lastDate.String())
	}
	return workdaysAnswer{After: after, Add: add, Date: explanation.Due, explanation: explanation}, nil
}

func (c *workdaysCountCommand) span(cal *calendar.Calendar) (workdaysAnswer, error) {
	between, err := dateOfFlag("--between", *c.Between)
	if err != nil {
		return workdaysAnswer{}, err
	}
	and, err := dateOfFlag("--and", *c.And)
	if err != nil {
		return workdaysAnswer{}, err
	}
	if and < between {
		return workdaysAnswer{}, misuse("cli.workdays.reversed", "Between", between.String(), "And", and.String())
	}
	explanation := cal.ExplainBetween(between, and)
	if c.Explain && and > between && len(explanation.Steps) == 0 {
		return workdaysAnswer{}, misuse("cli.workdays.too_long", "Days", int(and-between))
	}
	return workdaysAnswer{Between: between, And: and, WorkingDays: &explanation.WorkingDays, explanation: explanation}, nil
}

// noticeYears returns the first and the last year with a notice.
func noticeYears(cal *calendar.Calendar) (first, last int) {
	first, last = cal.LastNoticeYear(), cal.LastNoticeYear()
	for _, notice := range cal.Notices() {
		first = min(first, notice.Year)
	}
	return first, last
}

// explanationTable lists the runs of days that share a reason.
func (e *environment) explanationTable(explanation calendar.Explanation) textTable {
	table := textTable{e.headings("cli.workdays.", "count", "from", "to", "kind", "holiday", "notice")}
	for _, run := range explanation.Runs() {
		notice := run.Notice
		if !run.Published {
			notice = e.locale.Text("cli.workdays.unpublished", nil)
		}
		table = append(table, []string{counts(run), e.dayAndWeekday(run.Date), e.dayAndWeekday(run.To),
			e.locale.Text("calendar.kind."+string(run.Kind), nil), run.Holiday, notice})
	}
	return table
}

// counts shows which days of the term a run is: 3-7, or a dash for skipped ones.
func counts(run calendar.Run) string {
	switch {
	case run.CountTo == 0:
		return "-"
	case run.Length == 1:
		return strconv.Itoa(run.CountTo)
	default:
		return strconv.Itoa(run.CountTo-run.Length+1) + "-" + strconv.Itoa(run.CountTo)
	}
}

func (e *environment) dayAndWeekday(day calendar.Date) string {
	return day.String() + " " + e.locale.Value(day.Weekday())
}
