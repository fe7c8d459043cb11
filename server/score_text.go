package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sundial/server/rules"
	"sundial/server/scoring"
)

// scoreRecord is an element of what score --json prints. Score, rank and grade are null
// where nothing applies to the unit.
type scoreRecord struct {
	Unit    string  `json:"unit"`
	Class   string  `json:"class"`
	Score   *string `json:"score"`
	Rank    *int32  `json:"rank"`
	Grade   *string `json:"grade"` // its title in Chinese
	GradeID *string `json:"grade_id"`
	ByVeto  bool    `json:"by_veto"`
}

// printRanking prints a list with a unit to a line.
func (e *environment) printRanking(r *ranking) error {
	out := bufio.NewWriter(e.stdout)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	text.WriteString("[\n")
	for n := range r.units {
		if err := encoder.Encode(r.record(&r.units[n])); err != nil {
			return err
		}
		if n < len(r.units)-1 {
			text.Truncate(text.Len() - 1) // the comma stands on the line
			text.WriteString(",\n")
		}
		_, _ = text.WriteTo(out) // the writer keeps its first error for the end
	}
	text.WriteString("]\n")
	_, _ = text.WriteTo(out)
	if err := out.Flush(); err != nil {
		return refusal("cli.cannot_write", "Reason", plainCause(err))
	}
	return nil
}

func (r *ranking) record(unit *scoredUnit) scoreRecord {
	record := scoreRecord{Unit: unit.unit, Class: r.scheme.Classes[unit.class].ID, ByVeto: unit.byVeto}
	if unit.scored {
		score, grade := unit.score.String(), &r.scheme.Grades[unit.grade]
		record.Score, record.Rank, record.Grade, record.GradeID = &score, &unit.rank, &grade.Title.ZH, &grade.ID
	}
	return record
}

// rankingText shows a table for each class that has units.
func (e *environment) rankingText(r *ranking) string {
	var out strings.Builder
	out.WriteString(e.locale.Text("cli.score.heading", map[string]any{"Scheme": r.scheme.Title, "ID": r.scheme.ID}) + "\n")
	if len(r.units) == 0 {
		out.WriteString(e.locale.Text("cli.score.no_units", nil) + "\n")
	}
	for rest := r.units; len(rest) > 0; {
		class := rest[0].class
		size := slices.IndexFunc(rest, func(u scoredUnit) bool { return u.class != class })
		if size < 0 {
			size = len(rest)
		}
		args := map[string]any{"Class": r.scheme.Classes[class].ID, "Title": r.scheme.Classes[class].Title, "Maximum": r.scheme.Classes[class].Maximum, "Count": size}
		out.WriteString("\n" + e.locale.Text("cli.score.class", args) + "\n")
		out.WriteString(e.classTable(r.scheme, rest[:size]).String())
		rest = rest[size:]
	}
	return out.String()
}

func (e *environment) classTable(scheme *scoring.Scheme, units []scoredUnit) textTable {
	table := textTable{e.headings("cli.score.column.", "rank", "unit", "score", "grade")}
	for _, unit := range units {
		if !unit.scored {
			table = append(table, []string{"–", unit.unit, "–", e.locale.Text("cli.score.unscored", nil)})
			continue
		}
		table = append(table, []string{strconv.Itoa(int(unit.rank)), unit.unit, unit.score.String(), e.gradeText(scheme, int(unit.grade), unit.byVeto)})
	}
	return table
}

func (e *environment) gradeText(scheme *scoring.Scheme, grade int, byVeto bool) string {
	title := e.locale.Value(scheme.Grades[grade].Title)
	if byVeto {
		return e.locale.Text("cli.score.by_veto", map[string]any{"Grade": title})
	}
	return title
}

// arithmeticText shows how the score of the explained unit comes about.
func (e *environment) arithmeticText(r *ranking) string {
	sheet := r.explained
	a := sheet.Card.Explain(sheet.Marks)
	class := sheet.Card.Class
	var out strings.Builder
	out.WriteString(e.locale.Text("cli.score.heading", map[string]any{"Scheme": r.scheme.Title, "ID": r.scheme.ID}) + "\n")
	out.WriteString(e.locale.Text("cli.score.of", map[string]any{"Unit": sheet.Unit, "Class": class.ID, "Title": class.Title}) + "\n\n")
	out.WriteString(e.partTable(a).String() + "\n")
	for _, line := range e.totalLines(r, a) {
		out.WriteString(line + "\n")
	}
	return out.String()
}

// partTable has a row for each indicator, indented as it stands in the tree.
func (e *environment) partTable(a scoring.Arithmetic) textTable {
	table := textTable{e.headings("cli.score.column.", "indicator", "method", "entered", "won", "possible", "remark")}
	for _, part := range a.Parts {
		won, possible := part.Won.String(), part.Possible.String()
		if !part.Applicable {
			won, possible = "–", "–"
		}
		title := strings.Repeat("  ", part.Node.Depth) + e.locale.Value(part.Node.Title)
		table = append(table, []string{title, e.locale.Text("schemes.method."+string(part.Node.Method), nil), e.entered(part), won, possible, e.remark(part)})
	}
	return table
}

// entered shows a mark as it was entered.
func (e *environment) entered(part scoring.Part) string {
	switch {
	case part.Node.Leaf < 0:
		return ""
	case part.Mark.NA:
		return e.locale.Text("cli.score.na", nil)
	case part.Mark.Raised:
		return e.locale.Text("cli.score.raised", nil)
	case part.Mark.Given && part.Node.Method == scoring.MethodDeduct && part.Mark.Points > 0:
		return "-" + part.Mark.Points.String()
	case part.Mark.Given:
		return part.Mark.Points.String()
	}
	var counts []string
	for _, state := range rules.States {
		if count := part.Shares[state]; count > 0 {
			counts = append(counts, e.locale.Text("state."+string(state), nil)+" "+strconv.Itoa(count))
		}
	}
	return strings.Join(counts, " ")
}

// remark says what of a part counts elsewhere, or with a weight.
func (e *environment) remark(part scoring.Part) string {
	var remarks []string
	note := func(is bool, key string, amount scoring.Amount) {
		if is {
			remarks = append(remarks, e.locale.Text(key, map[string]any{"Amount": amount, "Limit": part.Node.Cap}))
		}
	}
	note(part.Node.Weight > 0, "cli.score.weight", part.Node.Weight)
	note(part.Floor > 0, "cli.score.floor", part.Floor)
	note(part.Passed != 0, "cli.score.passed", part.Passed)
	note(part.Limited != 0, "cli.score.limited", part.Limited)
	return strings.Join(remarks, " ")
}

// totalLines go from the parts to the score and its grade.
func (e *environment) totalLines(r *ranking, a scoring.Arithmetic) []string {
	var lines []string
	say := func(key string, pairs ...any) { lines = append(lines, e.locale.Text(key, refusal(key, pairs...).args)) }
	first := scoring.Amount(0)
	for _, part := range a.Parts {
		if part.Node.Parent < 0 {
			first += part.Won
		}
	}
	say("cli.score.first_level", "Sum", first)
	for _, limit := range a.Limits {
		if limit.Asked != 0 {
			say("cli.score.limit", "Title", limit.Limit.Title, "ID", limit.Limit.ID, "Asked", limit.Asked, "Most", limit.Limit.Most, "Amount", limit.Amount, "Within", limit.Limit.Within)
		}
	}
	if a.Passed != 0 {
		say("cli.score.passed_all", "Amount", a.Passed)
	}
	if a.Floor != 0 {
		say("cli.score.floor_all", "Amount", a.Floor)
	}
	say("cli.score.total", "Won", a.Won, "Possible", a.Possible)
	if !a.Scored {
		say("cli.score.unscored")
		return lines
	}
	say("cli.score.result", "Won", a.Won, "Possible", a.Possible, "Exact", a.Exact, "Score", a.Score)
	if a.Capped {
		say("cli.score.capped", "Maximum", r.explained.Card.Class.Maximum)
	}
	for _, unit := range r.units {
		if unit.unit == r.explained.Unit {
			say("cli.score.place", "Grade", e.gradeText(r.scheme, a.Grade, a.ByVeto), "Rank", unit.rank)
		}
	}
	return lines
}
