package web

import (
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/dossier"
	"sundial/server/rectification"
	"sundial/server/rules"
)

// rectificationPages are the pages of rectifications of both origins.
func rectificationPages(s sample) []samplePage {
	sheet := s.scoreSheet()
	round, id, found := uint64(2), uint64(3), uint64(4)
	duty := uint64(40)
	score := rectification.Origin{Score: &rectification.ScoreOrigin{Round: sheet.Round, Indicator: rules.Text{ZH: "经费保障", EN: "Budget"}, Lost: 25e7}}
	finding := rectification.Origin{Finding: &rectification.FindingOrigin{Inspection: models.Inspection{ID: 6, Title: "2017年第二季度督查"},
		Finding: models.Finding{ID: 4, InspectionID: 6, Severity: models.SeveritySerious, Clause: "六(一)", Text: "<b>公示网页打不开", URL: "https://www.example.gov.cn/3.html", DutyID: &duty}}}
	row := models.Rectification{ID: 9, UnitID: sheet.Unit.ID, RoundID: &round, SheetID: &id, Indicator: "budget", Lost: 25e7, Reason: "更新不及时", Demand: "请整改", DueOn: s.view.Today - 1, Status: models.RectificationOpen, Version: 1}
	other := models.Rectification{ID: 10, UnitID: sheet.Unit.ID, FindingID: &found, Demand: "恢复访问", DueOn: s.view.Today + 9, Status: models.RectificationOpen, Version: 1}
	view := func(row models.Rectification, origin rectification.Origin, status models.RectificationStatus, acts ...models.RectificationAct) *rectification.View {
		v := &rectification.View{Rectification: row, Unit: sheet.Unit, Office: s.province, Origin: origin, Restored: origin.Restored(row)}
		v.Status = status
		for i, act := range acts {
			v.Steps = append(v.Steps, rectification.StepView{Who: "李石", Moved: act == models.RectificationReturn,
				RectificationStep: models.RectificationStep{ID: uint64(i), Act: act, Note: "一\n二", URL: "https://www.example.gov.cn/", DueOn: row.DueOn, DoneAt: sampleNow},
				Files:             []dossier.FileView{{CaseFile: models.CaseFile{ID: 7, Name: "<整改>.pdf"}, Size: 1000}}})
		}
		return v
	}
	owed := view(row, score, models.RectificationOpen, models.RectificationDemand)
	owed.CanAnswer, owed.Overdue = true, true
	refused := newRectificationPage(s.page(), owed)
	refused.Answer.refuse(s.locale, map[string][]string{"url": {"x"}}, models.InvalidFields([]models.Field{
		{Name: "note", Key: "filing.required"}, {Name: "file", Key: "dossier.many", Args: models.Args("Max", 10, "Count", 11)}}).(*models.Error))
	waits := view(other, finding, models.RectificationAnswered, models.RectificationDemand, models.RectificationReturn, models.RectificationAnswer)
	waits.CanDecide, waits.CanClose, waits.CanWithdraw = true, true, true
	mine := view(other, finding, models.RectificationAnswered, models.RectificationDemand, models.RectificationAnswer)
	mine.CanDecide, mine.DueOn = true, s.view.Today
	closed := view(row, score, models.RectificationClosed, models.RectificationDemand, models.RectificationAnswer, models.RectificationClose)
	closed.ClosedOn, closed.Lost = s.view.Today, 0
	restored := score
	restored.Score = &rectification.ScoreOrigin{Round: sheet.Round, Indicator: score.Score.Indicator}
	given := view(row, restored, models.RectificationOpen, models.RectificationDemand)
	given.CanWithdraw = true
	gone := view(row, restored, models.RectificationWithdrawn, models.RectificationDemand, models.RectificationWithdraw)

	list := &rectification.List{Unit: s.province, AsOf: s.view.Today, Counts: map[string]int{"open": 2, "overdue": 1}, Total: 2, Next: "2017-06-29.9",
		Rounds: []models.Round{sheet.Round}, Inspections: []models.Inspection{finding.Finding.Inspection},
		Items: []rectification.Line{{Rectification: row, Unit: sheet.Unit, Origin: restored, Restored: rectification.RestoredAll, Overdue: true}, {Rectification: other, Unit: sheet.Unit, Origin: finding}}}
	rates := &rectification.Rates{Unit: s.province, Total: rectification.Share{InTime: 2, Late: 1, Open: 1, Overdue: 1},
		Units:      []rectification.UnitShare{{Unit: s.province, Share: rectification.Share{Open: 1}}, {Unit: s.cities[0], Share: rectification.Share{InTime: 2, Late: 1, Overdue: 1}}},
		Severities: []rectification.SeverityShare{{Severity: models.SeveritySerious, Share: rectification.Share{InTime: 1}}}}
	full := newRectificationsPage(s.page(), list, rates, RectificationFilter{Round: sheet.Round.ID, AsOf: "2017-06-30", Text: "<b>", From: "finding", Severity: models.SeverityMinor, Inspection: 6})
	full.UrgeURL = "/units/370000/urges/new"
	none := newRectificationsPage(s.page(), &rectification.List{Unit: s.province}, &rectification.Rates{Unit: s.province}, RectificationFilter{})

	place, _ := sheet.Card.Leaf("budget")
	leaf := sheet.Card.Leaves[place]
	demand := newDemandPage(s.page(), &assessment.DemandView{Sheet: sheet.Sheet, Round: sheet.Round, Unit: sheet.Unit, Office: s.province, DueOn: s.view.Today + 28,
		Losses: []assessment.Loss{{Leaf: leaf, Lost: 25e7, Reason: "更新不及时"}, {Leaf: leaf, Lost: 1e8, Rectification: 9}, {Leaf: leaf, Raised: true}}}, func(string) bool { return true })
	nothing := newDemandPage(s.page(), &assessment.DemandView{Sheet: sheet.Sheet, Round: sheet.Round, Unit: sheet.Unit, Office: s.province}, func(string) bool { return false })
	return []samplePage{
		{"rectification-owed", "rectification", newRectificationPage(s.page(), owed), []string{".is-overdue", "form[action='/rectifications/9/answer'][enctype] textarea[required]", "input[type=file][multiple][accept]",
			".rect-steps .is-demand .file a[href='/files/7']", ".facts a[href='/sheets/3']", "main:not(:has(.note))"}},
		{"rectification-refused", "rectification", refused, []string{".error-summary a[href$='-file']", "input[type=file][aria-invalid]", "input[name=url][value=x]"}},
		{"rectification-answered", "rectification", newRectificationPage(s.page(), waits), []string{"form[action='/rectifications/10/close'] .btn-primary", "form[action='/rectifications/10/return'] textarea[required]",
			"form[action='/rectifications/10/return'] input[name=due_on][min]:not([required])", "form[action='/rectifications/10/withdraw'] .btn-outline-danger", ".rect-steps .is-return .rect-moved",
			".facts .severity.is-serious", ".facts a[href='/inspections/6']", ".column-main a[href='/findings/4']", ".facts a[href='/duties/40']"}},
		{"rectification-own", "rectification", newRectificationPage(s.page(), mine), []string{"#decide + .note", "main:not(:has(form[action$='/close']))", "form[action$='/return'] input[name=due_on][required]"}},
		{"rectification-closed", "rectification", newRectificationPage(s.page(), closed), []string{".rect-steps .is-close", ".is-closed", "main:not(:has(form[method=post]))"}},
		{"rectification-restored", "rectification", newRectificationPage(s.page(), given), []string{".note", "form[action='/rectifications/9/withdraw']"}},
		{"rectification-withdrawn", "rectification", newRectificationPage(s.page(), gone), []string{".rect-steps .is-withdraw", ".phase.is-withdrawn", "main:not(:has(form[method=post]))"}},
		{"rectifications", "rectifications", full, []string{".rect-list a[href='/rectifications/9']", ".chip.is-alarm", ".pager a[rel=next]", "select[name=round] option[selected]", "a[href*='rectifications.csv']",
			"input[name=q][value='<b>']", "select[name=from] option[value=finding][selected]", "select[name=severity] option[value=minor][selected]", "select[name=inspection] option[selected]",
			"form[action='/units/370000/urges/new'] input[name=item][value='rectification:10']", ".rect-weight .mark", ".rect-weight .severity", "a[href='/inspections/6']",
			".share-table tbody tr:first-child .s-pending", ".share-table a[href='/units/370100/rectifications']", ".share-severity .s-met", ".share-total"}},
		{"rectifications-empty", "rectifications", none, []string{".empty", "main:not(:has(.share-panel))", "main:not(:has(input[name=item]))"}},
		{"demand", "demand", demand, []string{"input[name=indicators][value=budget][checked]", "a[href='/rectifications/9']", "input[name=due_on][value='2017-07-28']", "a[href='/sheets/3/rectifications/new?all=1']", "a[href='/sheets/3/rectifications/new']"}},
		{"demand-nothing", "demand", nothing, []string{".empty"}},
	}
}
