package web

import (
	"fmt"
	"net/url"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/evidence"
	"sundial/server/scoring"
)

// AppealsPage lists the appeals of a round: those that wait first.
type AppealsPage struct {
	Page
	Tabs     UnitTabs
	List     *assessment.AppealList
	Filter   AppealFilter
	RoundURL string
	// Chips choose the status, Classes the class, of which they count those that wait.
	Chips, Classes []AppealChip
	Rows           []AppealRow
	Pager          Pager
}

// AppealFilter is what the list is narrowed to.
type AppealFilter struct{ Status, Class string }

// AppealChip leads to a part of a list; Text is shown where Key is empty.
type AppealChip struct {
	Key, Text, URL string
	Count          int
	Current, Alarm bool
}

// AppealRow is an appeal in the list.
type AppealRow struct {
	assessment.AppealLine
	URL              string
	Claimed          ScoreCell
	VerifiedCell     ScoreCell
	Before, After    string
	Points, Decision string
}

// appealsAtMost is how many appeals a page lists.
const appealsAtMost = 50

func appealURL(id uint64, steps ...string) string { return stepsOf("/appeals/", id, steps) }

// Done counts the appeals that are decided of those that stand.
func (p AppealsPage) Done() int { return p.List.Decided }

// Of counts the appeals that stand.
func (p AppealsPage) Of() int { return p.List.Decided + p.List.Waiting }

func newAppealsPage(base Page, list *assessment.AppealList, filter AppealFilter) *AppealsPage {
	p := &AppealsPage{Page: base, List: list, Filter: filter, RoundURL: roundURL(list.Round.ID)}
	address := func(status, class, after string) string {
		query := url.Values{"status": {status}}
		if class != "" {
			query.Set("class", class)
		}
		if after != "" {
			query.Set("after", after)
		}
		return roundURL(list.Round.ID, "appeals") + "?" + query.Encode()
	}
	for _, c := range []struct {
		status string
		count  int
	}{{"filed", list.Waiting}, {"decided", list.Decided}, {"withdrawn", list.Withdrawn}} {
		p.Chips = append(p.Chips, AppealChip{Key: "appeals.list." + c.status, URL: address(c.status, filter.Class, ""), Count: c.count, Current: c.status == filter.Status, Alarm: c.status == "filed" && c.count > 0})
	}
	waiting := 0
	for _, class := range list.Scheme.Classes {
		waiting += list.Classes[class.ID]
		p.Classes = append(p.Classes, AppealChip{Text: class.ID + " " + base.Locale.In(class.Title), URL: address(filter.Status, class.ID, ""), Count: list.Classes[class.ID], Current: class.ID == filter.Class})
	}
	p.Classes = append([]AppealChip{{Key: "appeals.all_classes", URL: address(filter.Status, "", ""), Count: waiting, Current: filter.Class == ""}}, p.Classes...)
	for _, line := range list.Items {
		p.Rows = append(p.Rows, AppealRow{AppealLine: line, URL: appealURL(line.ID), Claimed: claimCell(line.Leaf, line.Claim(), line.ClaimLifted),
			VerifiedCell: newScoreCell(&line.Verified), Points: line.Leaf.Points.String(), Before: scoreText(line.ScoreBefore), After: scoreText(line.ScoreAfter)})
	}
	if list.Next != "" {
		p.Pager.NextURL = address(filter.Status, filter.Class, list.Next)
	}
	return p
}

// claimCell writes what a unit asks for like a score.
func claimCell(leaf scoring.Leaf, mark scoring.Mark, lifted bool) ScoreCell {
	if lifted {
		return ScoreCell{Key: "appeals.lifted"}
	}
	part := scoring.Part{Node: scoring.Node{Indicator: leaf.Indicator, Points: leaf.Points}, Mark: mark, Applicable: !mark.NA, Won: mark.Points}
	return newScoreCell(&part)
}

// AppealPage is an appeal, or the form of one.
type AppealPage struct {
	Page
	Tabs                              UnitTabs
	View                              *assessment.AppealView
	SheetURL                          string
	Points                            string
	SelfCell, VerifiedCell, FinalCell ScoreCell
	Claimed                           ScoreCell
	Evidence, Files                   []FileItem
	ScoreBefore, ScoreAfter           string
	// File is the form of a new appeal, Decide that of the decision.
	File, Decide *OfficeForm
	WithdrawURL  string
	// UploadURL takes files while the appeal waits.
	UploadURL string
	Accept    string
	Error     *models.Error
}

func newAppealPage(base Page, v *assessment.AppealView) *AppealPage {
	p := &AppealPage{Page: base, View: v, SheetURL: sheetURL(v.Sheet.ID), Points: v.Leaf.Points.String(), Accept: "." + strings.Join(evidence.Extensions(), ",."),
		SelfCell: newScoreCell(&v.Self), VerifiedCell: newScoreCell(&v.Verified), FinalCell: newScoreCell(&v.Final),
		Claimed: claimCell(v.Leaf, v.Claim(), v.ClaimLifted), ScoreBefore: scoreText(v.ScoreBefore), ScoreAfter: scoreText(v.ScoreAfter)}
	for _, file := range v.Evidence {
		p.Evidence = append(p.Evidence, newScoreFileItem(file, false))
	}
	for _, file := range v.Files {
		p.Files = append(p.Files, newScoreFileItem(file, v.CanWithdraw))
	}
	if v.ID == 0 {
		p.File = newAppealForm(v)
		return p
	}
	if v.CanWithdraw {
		p.WithdrawURL, p.UploadURL = appealURL(v.ID, "withdraw"), appealURL(v.ID, "files")
	}
	if v.CanDecide {
		p.Decide = newDecideForm(v)
	}
	return p
}

// Outcome is what has become of the appeal.
func (p AppealPage) Outcome() string { return p.View.Outcome() }

// Veto tells that the appeal is about a veto.
func (p AppealPage) Veto() bool { return p.View.Leaf.Method == scoring.MethodVeto }

// markFields are the fields of points, or of what stands for them: none for a veto.
func markFields(v *assessment.AppealView, label string) []FormField {
	if v.Leaf.Method == scoring.MethodVeto {
		return nil
	}
	points := FormField{Name: "points", Label: label, Hint: "appeals.points_hint", Type: "decimal", Required: true}
	if v.Leaf.Method == scoring.MethodDeduct {
		points.Label, points.Hint = label+"_taken", "appeals.points_taken_hint"
	}
	fields := []FormField{points}
	if !v.Verified.Mark.NA && v.Verified.Applicable {
		fields[0].Required, fields[0].OneOf, fields[0].Hint = false, true, fields[0].Hint+"_or_na"
		fields = append(fields, FormField{Name: "na", Label: "appeals.na", Type: "checkbox"})
	}
	return fields
}

func newAppealForm(v *assessment.AppealView) *OfficeForm {
	fields := append(markFields(v, "appeals.claim"), FormField{Name: "reason", Label: "appeals.reason", Hint: "appeals.reason_hint", Type: "textarea", Required: true},
		FormField{Name: "url", Label: "appeals.url", Type: "url"})
	return appealFormOf("appeal_file", sheetURL(v.Sheet.ID, "appeals"), -1, fields)
}

func newDecideForm(v *assessment.AppealView) *OfficeForm {
	fields := []FormField{{Name: "decision", Label: "appeals.decision", Type: "choice", Required: true, Choices: []Choice{{"upheld", "appeals.decide.upheld"}, {"rejected", "appeals.decide.rejected"}}}}
	fields = append(fields, markFields(v, "appeals.given")...)
	for i := range fields {
		switch fields[i].Name {
		case "points":
			// A rejection takes none.
			fields[i].Required, fields[i].OneOf = false, true
			fields[i].Value = amountText(v.Claimed)
		case "na":
			fields[i].Value = map[bool]string{true: "1"}[v.ClaimNA]
		}
	}
	return appealFormOf("appeal_decide", appealURL(v.ID, "decision"), v.Version, append(fields, FormField{Name: "reason", Label: "appeals.decision_reason", Hint: "appeals.decision_hint", Type: "textarea", Required: true}))
}

func appealFormOf(name, action string, version int, fields []FormField) *OfficeForm {
	f := newOfficeForm(name, "", action, fields...)
	f.Version = version
	return f
}

// appealTitle names the form of an appeal, and an appeal.
func appealTitle(locale *frontend.Locale, v *assessment.AppealView) string {
	return fmt.Sprint(locale.Text("appeals.one", nil), " · ", locale.In(v.Leaf.Title))
}
