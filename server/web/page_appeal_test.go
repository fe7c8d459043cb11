package web

import (
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// appealView is an appeal against the indicator of the sample's sheet.
func (s sample) appealView(indicator, claimed string) *assessment.AppealView {
	sheet := s.scoreSheet()
	place, found := sheet.Card.Leaf(indicator)
	if !found {
		s.t.Fatalf("the sample has no indicator %s", indicator)
	}
	leaf := sheet.Card.Leaves[place]
	part := sheet.Verified.Parts[leaf.Node]
	v := &assessment.AppealView{Sheet: sheet.Sheet, Round: sheet.Round, Unit: sheet.Unit, Office: sheet.Office, Scheme: sheet.Scheme, Leaf: leaf,
		Self: part, Verified: part, Final: part, Mark: models.SheetMark{Reason: "更新不及时", SelfNote: "已公开", SelfURL: "https://www.example.gov.cn/1.html"},
		Until: s.view.Today + 5, Provisional: true, Filer: "王小明",
		Evidence: []assessment.FileView{{ScoreFile: models.ScoreFile{ID: 5, Name: "截图.pdf"}, Size: 345678}}}
	v.Round.Status = models.RoundAnnounced
	if amount, given := scoring.ParseAmount(claimed); given {
		points := int64(amount)
		v.Claimed = &points
	}
	return v
}

func deciding(v *assessment.AppealView) *assessment.AppealView {
	v.CanDecide = true
	return v
}

func (s sample) filed(v *assessment.AppealView) *assessment.AppealView {
	v.ID, v.RoundID, v.SheetID, v.Status, v.Version = 8, v.Round.ID, v.Sheet.ID, models.AppealFiled, 1
	v.Appeal.Reason, v.Appeal.URL, v.FiledAt = "<b>请复核", "https://www.example.gov.cn/2.html", sampleNow
	return v
}

func appealPages(s sample) []samplePage {
	fresh := newAppealPage(s.page(), s.appealView("budget", ""))
	refused := newAppealPage(s.page(), s.appealView("mistakes", ""))
	refused.File.refuse(s.locale, map[string][]string{"points": {"9"}}, models.InvalidFields([]models.Field{
		{Name: "points", Key: "appeals.not_less", Args: models.Args("Verified", "7")}, {Name: "reason", Key: "filing.required"}}).(*models.Error))
	veto := s.filed(s.appealView("leak", ""))
	veto.ClaimLifted, veto.CanDecide = true, true
	mine := s.filed(s.appealView("plan", "20"))
	mine.Duties = []assessment.AutoDuty{{Duty: 40, Period: "2017", State: rules.Late}}
	mine.CanWithdraw, mine.Files = true, []assessment.FileView{{ScoreFile: models.ScoreFile{ID: 6, Name: "补充.pdf"}, Size: 1000}}
	decided := s.filed(s.appealView("budget", "30"))
	before, after, final := int64(8100), int64(8250), int64(28e8)
	decided.Status, decided.Decision, decided.Decider, decided.DecidedAt = models.AppealUpheld, "部分属实", "李石", &sampleNow
	decided.ScoreBefore, decided.ScoreAfter, decided.RankBefore, decided.RankAfter, decided.Units = &before, &after, 4, 2, 17
	decided.Mark.Decided, decided.Mark.FinalPoints, decided.Rectification = true, &final, 9

	undecided := newAppealPage(s.page(), s.filed(deciding(s.appealView("budget", "30"))))
	undecided.Decide.refuse(s.locale, map[string][]string{"reason": {"证据充分"}}, models.InvalidFields([]models.Field{{Name: "decision", Key: "appeals.decision_required"}}).(*models.Error))

	scheme := *decided.Scheme
	scheme.Classes = append(scheme.Classes[:1:1], scoring.Class{ID: "B", Title: rules.Text{ZH: "乙类", EN: "Second class"}})
	list := &assessment.AppealList{Whole: true, Round: decided.Round, Office: s.province, Scheme: &scheme, Decided: 1, Waiting: 2, Classes: map[string]int{"A": 2}, Until: s.view.Today + 5, Next: "8",
		Items: []assessment.AppealLine{{Appeal: decided.Appeal, Sheet: decided.Sheet, Unit: decided.Unit, Leaf: decided.Leaf, Verified: decided.Verified, Mark: decided.Mark}}}
	full := newAppealsPage(s.page(), list, AppealFilter{Status: "decided"})
	none := newAppealsPage(s.page(), &assessment.AppealList{Round: decided.Round, Office: s.province, Scheme: &scheme, Over: true, Until: s.view.Today - 1}, AppealFilter{Status: "filed"})
	early := newAppealsPage(s.page(), &assessment.AppealList{Round: s.scoreSheet().Round, Office: s.province, Scheme: decided.Scheme}, AppealFilter{Status: "filed"})
	return append([]samplePage{
		{"appeal-form", "appeal_form", fresh, []string{"form[action='/sheets/3/appeals'] [name=indicator][value=budget]", "input[name=points]:not([required])", "main form:not(:has(label[for=appeal_file-points] .optional))", "input[name=na]", "textarea[name=reason][required]", ".appeal-scores .sub", ".facts .mark"}},
		{"appeal-form-refused", "appeal_form", refused, []string{".error-summary a", "input[name=points][aria-invalid][value='9']", "textarea[aria-invalid]"}},
		{"appeal-veto", "appeal", newAppealPage(s.page(), veto), []string{"form[action='/appeals/8/decision'] input[name=lifted]", "input[name=decision][value=rejected]", ".is-claim .appeal-word"}},
		{"appeal-undecided", "appeal", undecided, []string{".error-summary a[href='#appeal_decide-decision']", "input[name=decision][required]", ".has-error input[name=decision]", "input[name=points]:not([required])", "main form:not(:has(label[for=appeal_decide-points] .optional))"}},
		{"appeal-own", "appeal", newAppealPage(s.page(), mine), []string{"form[action='/appeals/8/withdraw']", "form[action='/appeals/8/files'] input[type=file]", "form[action='/score-files/6/remove']", ".appeal-duties a[href='/duties/40']"}},
		{"appeal-decided", "appeal", newAppealPage(s.page(), decided), []string{".note a[href='/rectifications/9']", "h1 .appeal-status.is-in_part", ".appeal-decision.is-upheld", ".appeal-decision .facts dd strong"}},
		{"appeals", "appeals", full, []string{".appeal-list a[href='/appeals/8']", ".chip[aria-current]", ".is-in_part", ".pager a[rel=next]", ".chips + .chips"}},
		{"appeals-empty", "appeals", none, []string{".empty", ".note", "main:not(:has(.chips + .chips))"}},
		{"appeals-early", "appeals", early, []string{".empty"}},
	}, rectificationPages(s)...)
}
