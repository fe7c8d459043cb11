package main

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// judgeCommand judges one unit's facts, without a database.
type judgeCommand struct {
	Policy string  `required:"" help:"The policy pack: a file, or the id of one that ships with the program." placeholder:"FILE"`
	Facts  string  `required:"" help:"The facts of one unit; - reads standard input." placeholder:"FILE"`
	AsOf   *string `help:"Judge by what was known at the end of this day; today when left out." placeholder:"DATE"`
	Year   *string `help:"Only the duties on this year's board; else all whose period has begun." placeholder:"Y"`
	JSON   bool    `name:"json" help:"Print JSON."`
}

// Run prints the verdicts in the order of the policy's obligations.
func (c *judgeCommand) Run(e *environment) error {
	asOf, err := e.asOf(c.AsOf)
	if err != nil {
		return err
	}
	year, err := c.year()
	if err != nil {
		return err
	}
	policy, err := e.findPolicy(c.Policy)
	if err != nil {
		return err
	}
	facts, err := e.readFacts(c.Facts)
	if err != nil {
		return err
	}
	cal, err := seeds.Calendar()
	if err != nil {
		return err
	}
	verdicts := rules.Judge(policy, facts, cal, asOf, year)
	if len(verdicts) == 0 {
		e.noteNothingOwed(policy, facts.Unit)
	}
	if c.JSON {
		return e.printJSON(e.verdictRecords(verdicts))
	}
	if len(verdicts) == 0 {
		return nil
	}
	return e.print(e.verdictText(policy, facts.Unit, verdicts, asOf))
}

// asOf returns the day of the flag --as-of, today when it is left out.
func (e *environment) asOf(flag *string) (calendar.Date, error) {
	if flag == nil {
		return calendar.DateOf(e.now().In(rules.Shanghai)), nil
	}
	return dateOfFlag("--as-of", *flag)
}

// year returns the year asked for, 0 for all.
func (c *judgeCommand) year() (int, error) {
	if c.Year == nil {
		return 0, nil
	}
	year, err := strconv.Atoi(*c.Year)
	if err != nil || year < 1 || year > lastDate.Year() {
		return 0, misuse("cli.not_a_year", "Flag", "--year", "Value", *c.Year)
	}
	return year, nil
}

// findPolicy reads the pack; where there is no such file, one that ships under
// the id is meant.
func (e *environment) findPolicy(file string) (*rules.Policy, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if policy, err := seeds.Policy(file); err == nil {
			return policy, nil
		}
	}
	return e.readPolicy(file)
}

func (e *environment) readFacts(file string) (*rules.Facts, error) {
	data, err := e.readText(file)
	if err != nil {
		return nil, err
	}
	facts, err := rules.ParseFacts(data)
	if err != nil {
		return nil, inFile(file, err)
	}
	return facts, nil
}

// noteNothingOwed says why there is no verdict: the policy never binds the
// unit, or not at that time.
func (e *environment) noteNothingOwed(policy *rules.Policy, unit rules.Unit) {
	bound := slices.ContainsFunc(policy.Obligations, func(o rules.Obligation) bool { return o.Who.Binds(policy.Region, unit) })
	key := "cli.judge.binds_nothing"
	if bound {
		key = "cli.judge.nothing_owed"
	}
	e.note(key, "Policy", policy.ID, "Unit", nameOf(unit))
}

func nameOf(unit rules.Unit) string {
	if unit.Name == "" {
		return unit.Code
	}
	return unit.Name + " " + unit.Code
}

// verdictRecord is an element of what judge --json prints.
type verdictRecord struct {
	Obligation  string         `json:"obligation"`
	Clause      string         `json:"clause"`
	Kind        rules.Kind     `json:"kind"`
	Period      string         `json:"period"`
	Subject     string         `json:"subject,omitempty"`
	DueOn       *calendar.Date `json:"due_on"`
	DueAt       time.Time      `json:"due_at,omitzero"`
	Provisional bool           `json:"provisional"`
	State       rules.State    `json:"state"`
	DueSoon     bool           `json:"due_soon"`
	DoneOn      *calendar.Date `json:"done_on"`
	Reason      string         `json:"reason"`
	Notes       []string       `json:"notes"`
	Value       string         `json:"value"`
	Required    string         `json:"required"`
	Evidence    []string       `json:"evidence"`
}

func (e *environment) verdictRecords(verdicts []rules.Verdict) []verdictRecord {
	records := make([]verdictRecord, len(verdicts))
	for i, v := range verdicts {
		records[i] = verdictRecord{Obligation: v.Obligation, Clause: v.Clause, Kind: v.Kind, Period: v.Period, Subject: v.Subject,
			DueOn: dateOrNull(v.DueOn), Provisional: v.Provisional, State: v.State, DueSoon: v.DueSoon, DoneOn: dateOrNull(v.DoneOn),
			Reason: e.reason(v.Reason), Notes: e.reasons(v.Notes), Value: v.Value, Required: v.Required, Evidence: append([]string{}, v.Evidence...)}
		if !v.DueAt.IsZero() {
			records[i].DueAt = v.DueAt.In(rules.Shanghai)
		}
	}
	return records
}

func (e *environment) reason(r rules.Reason) string { return e.locale.Text(r.Key, r.Args) }

func (e *environment) reasons(reasons []rules.Reason) []string {
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = e.reason(r)
	}
	return texts
}

// verdictText shows a heading and one block of lines per duty.
func (e *environment) verdictText(policy *rules.Policy, unit rules.Unit, verdicts []rules.Verdict, asOf calendar.Date) string {
	var out strings.Builder
	out.WriteString(e.locale.Text("cli.judge.heading", map[string]any{"Unit": nameOf(unit), "Policy": policy.Title, "AsOf": asOf}) + "\n")
	for _, v := range verdicts {
		out.WriteString("\n")
		for i, line := range e.verdictLines(policy, v) {
			if i > 0 {
				line = "  " + line
			}
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// verdictLines shows a duty: what is owed, its period, due date and state, the
// reason, and what else was seen.
func (e *environment) verdictLines(policy *rules.Policy, v rules.Verdict) []string {
	title := ""
	if o, found := policy.Find(v.Obligation); found {
		title = e.locale.Value(o.Title)
	}
	lines := []string{
		e.locale.Text("cli.judge.duty", map[string]any{"Obligation": v.Obligation, "Title": title, "Clause": rules.CitedClause(v.Clause)}),
		strings.Join(e.verdictStatus(v), " · "),
		e.reason(v.Reason),
	}
	for _, note := range e.reasons(v.Notes) {
		lines = append(lines, e.locale.Text("cli.judge.note", map[string]any{"Note": note}))
	}
	for _, link := range v.Evidence {
		lines = append(lines, e.locale.Text("cli.judge.evidence", map[string]any{"Link": link}))
	}
	return lines
}

func (e *environment) verdictStatus(v rules.Verdict) []string {
	status := []string{v.Period}
	if v.Subject != "" {
		status = append(status, v.Subject)
	}
	switch {
	case !v.DueAt.IsZero():
		status = append(status, e.locale.Text("cli.judge.due", map[string]any{"Due": v.DueAt}))
	case v.Provisional:
		status = append(status, e.locale.Text("cli.judge.due_provisional", map[string]any{"Due": v.DueOn}))
	case !v.DueOn.IsZero():
		status = append(status, e.locale.Text("cli.judge.due", map[string]any{"Due": v.DueOn}))
	}
	status = append(status, e.locale.Text("state."+string(v.State), nil))
	if v.DueSoon {
		status = append(status, e.locale.Text("state.due_soon", nil))
	}
	return status
}
