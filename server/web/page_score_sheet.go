package web

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/evidence"
	"sundial/server/scoring"
)

// Modes of the page of a sheet: who may enter what now.
const (
	modeSelf   = "self"
	modeVerify = "marks"
)

// ScoreSheetPage is the sheet of a unit: for the unit, the office and readers alike.
type ScoreSheetPage struct {
	Page
	Tabs UnitTabs
	*assessment.SheetView
	// Mode is self or marks where the caller may enter scores, else empty.
	Mode string
	// Action is where its form is sent.
	Action string
	URL    string
	Rows   []ScoreRow
	Total  ScoreTotal
	// Announced tells that the result is; ShowFinal adds the column of final scores.
	Announced, ShowFinal bool
	// Accept lists the endings of files that are taken, MaxMB the most megabytes of one,
	// MaxBytes the same in bytes, MaxFiles how many an indicator may have.
	Accept   string
	MaxMB    int64
	MaxBytes int64
	MaxFiles int
	Problems []FieldProblem
	Failure  *models.Error
	// Reason is what was typed as the reason of an act that was refused.
	Reason string
	// Claims are appeals and rectifications by indicator, DemandURL leads to the form that
	// demands rectification of all that lost points, AppealsURL to the round's appeals.
	Claims                map[string]*assessment.SheetClaim
	DemandURL, AppealsURL string
}

// ScoreTotal is what the sheet comes to, as far as it is seen. Texts are empty where
// nothing can be said; Missing counts the awards that the caller has still to score.
type ScoreTotal struct {
	Self, Verified, Final string
	Grade                 string
	ByVeto                bool
	Missing, Entries      int
	Arithmetic            *Arithmetic
}

// Arithmetic opens a total: won of possible, and what came from elsewhere.
type Arithmetic struct {
	Won, Possible, Exact, Score, Maximum string
	Limits                               []ArithmeticLimit
	Passed, Floor                        string
	Capped, Scored                       bool
}

// ArithmeticLimit is what a limit let through of what was asked of it.
type ArithmeticLimit struct {
	Limit        scoring.Limit
	Asked, Given string
}

// ScoreRow is a line of the sheet. Of a group Self, Verified and Final are its sums.
type ScoreRow struct {
	assessment.SheetLine
	ID     string
	Depth  int
	Group  bool
	Points string
	// Weight is that of a source in its composite.
	Weight string
	Self   ScoreCell
	// Verified is empty where it is not seen.
	Verified, Final ScoreCell
	// Editable tells that the caller may enter something now; Typed is what stands in the
	// fields, Was tells what stood there when it was read.
	Editable bool
	Typed    TypedMark
	Was      string
	Missing  bool
	Files    []FileItem
	Upload   string
	Errors   map[string]string
}

// ScoreCell is what an indicator has in one of the three scores.
type ScoreCell struct {
	// Text is a number, or empty: then Key, if any, names a word such as not applicable.
	Text string
	Key  string
	// Lost is how many points it costs.
	Lost string
}

// LiveCell is a sum that changes while scores are entered, with the name by which the
// script finds it.
type LiveCell struct {
	Name string
	Cell ScoreCell
}

// Live returns the sum of a group: self or verified.
func (r ScoreRow) Live(which string) LiveCell {
	cell := r.Self
	if which == "verified" {
		cell = r.Verified
	}
	return LiveCell{which + "-" + r.ID, cell}
}

// TypedMark is what stands in the fields of a row. Text is the note of the unit or the
// reason of the office.
type TypedMark struct {
	Version, Points, Text, URL string
	NA, Raised                 bool
}

// print tells two states of the fields apart, whatever their version.
func (m TypedMark) print() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%t\x00%t\x00%s\x00%s", m.Points, m.NA, m.Raised, strings.ReplaceAll(m.Text, "\r\n", "\n"), m.URL)
	return strconv.FormatUint(h.Sum64(), 36)
}

func scoreSheetURL(id uint64, steps ...string) string {
	return "/sheets/" + strconv.FormatUint(id, 10) + strings.Join(append([]string{""}, steps...), "/")
}

func newScoreSheetPage(base Page, v *assessment.SheetView, maxFile int64) ScoreSheetPage {
	p := ScoreSheetPage{Page: base, SheetView: v, URL: scoreSheetURL(v.Sheet.ID), Announced: v.Round.Status != models.RoundScoring,
		Accept: "." + strings.Join(evidence.Extensions(), ",."), MaxMB: maxFile >> 20, MaxBytes: maxFile, MaxFiles: assessment.MaxScoreFiles}
	switch {
	case v.CanVerify:
		p.Mode = modeVerify
	case v.CanSelf:
		p.Mode = modeSelf
	}
	p.Action, p.ShowFinal = scoreSheetURL(v.Sheet.ID, p.Mode), p.Announced
	p.Total = newScoreTotal(base.Locale, v, p.Mode)
	for _, line := range v.Lines {
		p.Rows = append(p.Rows, p.row(line))
	}
	return p
}

// row puts a line of the sheet into words.
func (p *ScoreSheetPage) row(line assessment.SheetLine) ScoreRow {
	node := line.Node
	row := ScoreRow{SheetLine: line, ID: node.ID, Depth: node.Depth, Group: node.Leaf < 0, Self: newScoreCell(line.Self), Verified: newScoreCell(line.Verified), Final: newScoreCell(line.Final),
		Missing: p.Mode == modeVerify && line.Missing || p.Mode == modeSelf && line.SelfMissing}
	if node.Method != scoring.MethodVeto {
		row.Points = node.Points.String()
	}
	if node.Weight > 0 {
		row.Weight = node.Weight.Decimal().Shift(2).String() + "%"
	}
	for _, file := range line.Files {
		row.Files = append(row.Files, newScoreFileItem(file, p.CanSelf))
	}
	row.Upload = scoreSheetURL(p.Sheet.ID, "files") + "?indicator=" + node.ID
	row.Editable = !row.Group && node.Method != scoring.MethodAuto && (p.Mode == modeVerify || p.Mode == modeSelf && node.Method != scoring.MethodVeto)
	if row.Editable {
		row.Typed = typedMark(line.Mark, p.Mode)
		row.Was = row.Typed.print()
	}
	return row
}

func newScoreFileItem(file assessment.FileView, removable bool) FileItem {
	item := FileItem{ID: file.ID, Name: file.Name, Size: sizeText(file.Size), URL: fmt.Sprintf("/score-files/%d", file.ID)}
	if removable {
		item.RemoveURL = item.URL + "/remove"
	}
	return item
}

// typedMark is what the fields show of a stored mark.
func typedMark(row models.SheetMark, mode string) TypedMark {
	m := TypedMark{Version: strconv.Itoa(row.Version), Points: amountText(row.Points), NA: row.NA, Raised: row.Raised, Text: row.Reason}
	if mode == modeSelf {
		m = TypedMark{Version: m.Version, Points: amountText(row.SelfPoints), NA: row.SelfNA, Text: row.SelfNote, URL: row.SelfURL}
	}
	return m
}

func amountText(points *int64) string {
	if points == nil {
		return ""
	}
	return scoring.Amount(*points).String()
}

// newScoreCell tells what a part of a total says of its indicator.
func newScoreCell(part *scoring.Part) ScoreCell {
	if part == nil {
		return ScoreCell{}
	}
	cell := ScoreCell{}
	if part.Lost > 0 {
		cell.Lost = part.Lost.String()
	}
	switch method := part.Node.Method; {
	case part.Mark.NA, !part.Applicable && method != scoring.MethodVeto:
		cell.Key = "sheets.na"
	case method == scoring.MethodVeto && part.Mark.Raised:
		cell.Key = "sheets.raised"
	case method == scoring.MethodVeto:
	case method == scoring.MethodGroup, method == scoring.MethodComposite, method == scoring.MethodAuto:
		cell.Text = part.Won.String()
	case !part.Mark.Given:
	case method == scoring.MethodDeduct && part.Mark.Points > 0:
		cell.Text = "\u2212" + part.Mark.Points.String()
	case method == scoring.MethodBonus && part.Mark.Points > 0:
		cell.Text = "+" + part.Mark.Points.String()
	default:
		cell.Text = part.Mark.Points.String()
	}
	return cell
}

// newScoreTotal tells what the sheet comes to so far: a total with awards missing counts
// them as nothing, and has no grade yet.
func newScoreTotal(locale *frontend.Locale, v *assessment.SheetView, mode string) ScoreTotal {
	t := ScoreTotal{Self: totalText(v.Self), Entries: v.Sheet.Entries, Missing: v.Sheet.SelfMissing}
	shown := v.Self
	if v.SeesVerified {
		t.Verified, t.Final = totalText(v.Verified), totalText(v.Final)
		t.Missing, shown = v.Sheet.Missing, v.Verified
		if v.Round.Status != models.RoundScoring {
			shown = v.Final
		}
		if shown.Scored && t.Missing == 0 {
			t.Grade, t.ByVeto = v.Scheme.Grades[shown.Grade].Title.In(locale.Lang()), shown.ByVeto
		}
	}
	if mode == modeSelf {
		t.Missing, shown = v.Sheet.SelfMissing, v.Self
	}
	t.Arithmetic = newArithmetic(v, shown)
	return t
}

func totalText(a *scoring.Arithmetic) string {
	if a == nil || !a.Scored {
		return ""
	}
	return a.Score.String()
}

func newArithmetic(v *assessment.SheetView, a *scoring.Arithmetic) *Arithmetic {
	text := func(amount scoring.Amount) string {
		if amount == 0 {
			return ""
		}
		return signed(amount)
	}
	opened := &Arithmetic{Won: a.Won.String(), Possible: a.Possible.String(), Exact: a.Exact, Maximum: v.Card.Class.Maximum.String(),
		Passed: text(a.Passed), Floor: text(a.Floor), Capped: a.Capped, Scored: a.Scored}
	if a.Scored {
		opened.Score = a.Score.String()
	}
	for _, limit := range a.Limits {
		opened.Limits = append(opened.Limits, ArithmeticLimit{limit.Limit, signed(limit.Asked), signed(limit.Amount)})
	}
	return opened
}

// signed writes points with their sign; none as 0.
func signed(amount scoring.Amount) string {
	switch {
	case amount < 0:
		return "\u2212" + (-amount).String()
	case amount > 0:
		return "+" + amount.String()
	default:
		return "0"
	}
}

// refuse shows what was typed with what is wrong, at the rows.
func (p *ScoreSheetPage) refuse(refusal *models.Error, typed map[string]TypedMark) {
	p.Failure = refusal
	rows := map[string]*ScoreRow{}
	for i := range p.Rows {
		row := &p.Rows[i]
		rows[row.ID] = row
		if mark, sent := typed[row.ID]; sent && row.Editable {
			// The version is the stored one: what stands there now has been shown.
			mark.Version = row.Typed.Version
			row.Typed = mark
		}
	}
	for _, field := range refusal.Fields {
		indicator, name := cellOf(field.Name)
		row, text := rows[indicator], p.Locale.Text(field.Key, field.Args)
		problem := FieldProblem{Text: text}
		if row != nil {
			if row.Errors == nil {
				row.Errors = map[string]string{}
			}
			row.Errors[name] = cmp.Or(row.Errors[name], text)
			problem.ID = "m-" + indicator
			if field.Key != "marks.missing" {
				problem.Text = p.Locale.Text("sheets.problem", models.Args("Indicator", row.Node.Title, "Problem", text))
			}
		}
		p.Problems = append(p.Problems, problem)
	}
	if len(p.Problems) > 0 && refusal.Code == models.Invalid {
		p.Failure = nil
	}
}

// cellOf reads marks[id].field.
func cellOf(name string) (indicator, field string) {
	rest, found := strings.CutPrefix(name, "marks[")
	indicator, field, closed := strings.Cut(rest, "].")
	if !found || !closed {
		return "", name
	}
	return indicator, field
}

// live has every text of the page that a mark may change, by the name that the page
// gives it.
func (p *ScoreSheetPage) live() map[string]string {
	texts := map[string]string{"self": p.Total.Self, "verified": p.Total.Verified, "grade": p.Total.Grade}
	if p.CanVerify {
		texts["accepts"] = p.Locale.Text("sheets.accept_lead", models.Args("Count", p.Accepts))
		texts["accept-notes"] = p.Locale.Text("sheets.accept_reason_label", models.Args("Count", p.AcceptNotes))
	}
	for _, row := range p.Rows {
		if row.Group {
			for _, which := range []string{"self", "verified"} {
				live := row.Live(which)
				texts[live.Name] = live.Cell.Text
				if live.Cell.Key != "" {
					texts[live.Name] = p.Locale.Text(live.Cell.Key, nil)
				}
			}
		}
	}
	return texts
}
