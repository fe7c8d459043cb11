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
	// SelfSoFar and VerifiedSoFar say what a total would be that has awards missing.
	SelfSoFar, VerifiedSoFar string
	Grade                    string
	ByVeto                   bool
	Missing                  int
	// Left says how many are missing, empty where nobody is to score any more.
	Left string
	// Formula is nil where nothing applies; View names its score on the page that opens
	// it, empty for the one that is shown there unasked.
	Formula *ScoreFormula
	View    assessment.ScoreOf
}

// ScoreFormula is the one division that makes a score; SoFar while awards are missing.
type ScoreFormula struct {
	Won, Possible scoring.Amount
	Exact, Score  string
	SoFar         bool
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
	// Findings are those for which points may be lost, for who enters that; FindingURL
	// leads to the one that is named.
	Findings   []FindingChoice
	FindingURL string
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
	// Finding is the id of the finding for which points are lost, 0 for none.
	Finding uint64
}

// print tells two states of the fields apart, whatever their version.
func (m TypedMark) print() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%t\x00%t\x00%s\x00%s\x00%d", m.Points, m.NA, m.Raised, strings.ReplaceAll(m.Text, "\r\n", "\n"), m.URL, m.Finding)
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
	if row.FindingID != nil {
		m.Finding = *row.FindingID
	}
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
		cell.Text = pointsText(part.Won)
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

// newScoreTotal tells what the sheet comes to: with awards missing there is no total and no
// grade, as in the lists, only what it would be so far.
func newScoreTotal(locale *frontend.Locale, v *assessment.SheetView, mode string) ScoreTotal {
	t := ScoreTotal{Missing: v.Sheet.SelfMissing}
	t.Self, t.SelfSoFar = totalTexts(locale, v.Self)
	announced, shown := v.Round.Status != models.RoundScoring, v.Self
	if v.SeesVerified {
		t.Verified, t.VerifiedSoFar = totalTexts(locale, v.Verified)
		t.Final, _ = totalTexts(locale, v.Final)
		t.Missing, shown, t.View = v.Sheet.Missing, v.Verified, assessment.VerifiedScore
		if announced {
			shown, t.View = v.Final, ""
		}
		if shown.Scored && t.Missing == 0 {
			t.Grade, t.ByVeto = locale.In(v.Scheme.Grades[shown.Grade].Title), shown.ByVeto
		}
	}
	if mode == modeSelf {
		t.Missing, shown, t.View = v.Sheet.SelfMissing, v.Self, assessment.SelfScore
	}
	switch {
	case announced || mode == "" && t.Missing == 0:
	case t.Missing == 0:
		t.Left = locale.Text("sheets.left_none", nil)
	default:
		t.Left = locale.Text("sheets.left", models.Args("Left", t.Missing, "Entries", v.Sheet.Entries))
	}
	if shown.Scored {
		t.Formula = &ScoreFormula{Won: shown.Won, Possible: shown.Possible, Exact: shown.Exact, Score: shown.Score.String(), SoFar: shown.Missing > 0}
	}
	return t
}

// totalTexts is a score, or else what it would be so far; both are empty where nothing
// applies.
func totalTexts(locale *frontend.Locale, a *scoring.Arithmetic) (total, soFar string) {
	switch {
	case a == nil || !a.Scored:
		return "", ""
	case a.Missing > 0:
		return "", locale.Text("sheets.so_far", models.Args("Score", a.Score))
	default:
		return a.Score.String(), ""
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
			if _, named := field.Args["Indicator"]; !named {
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
	texts := map[string]string{"self": p.Total.Self, "self-so-far": p.Total.SelfSoFar, "verified": p.Total.Verified, "verified-so-far": p.Total.VerifiedSoFar,
		"grade": p.Total.Grade, "left": p.Total.Left}
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
