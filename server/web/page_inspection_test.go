package web

import (
	"net/url"
	"testing"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/dossier"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// inspection is one that drew four cities by a public number.
func (s sample) inspection() models.Inspection {
	return models.Inspection{ID: 6, UnitID: s.province.ID, Year: 2017, Title: "2017年督查", Basis: "六(六)", Status: models.InspectionOpen, Seed: "2017068", SeedSource: "双色球第2017068期",
		SampleSize: 4, StartOn: s.view.Today - 10, EndOn: s.view.Today + 10, RectifyTerm: 15, OpenedAt: sampleNow, Version: 3}
}

// found are findings in all states.
func (s sample) found() []supervision.FindingLine {
	var lines []supervision.FindingLine
	for i, state := range supervision.FindingStates {
		line := supervision.FindingLine{Unit: s.cities[0], Inspection: s.inspection(), State: state, DueOn: s.view.Today + calendar.Date(i), RectificationID: 7,
			Finding: models.Finding{ID: uint64(i + 20), InspectionID: 6, Severity: models.Severities[i%3], Clause: "二(一)", Text: "公开目录未更新", FoundOn: s.view.Today - 9, Version: 1}}
		switch state {
		case supervision.FindingClosed:
			line.ClosedOn, line.InTime = s.view.Today, true
		case supervision.FindingNoted:
			line.DueOn, line.RectificationID = 0, 0
		case supervision.FindingWithdrawn:
			line.WithdrawnOn, line.WithdrawReason = s.view.Today, "核实有误"
		}
		lines = append(lines, line)
	}
	return lines
}

var sampleCount = supervision.FindingCount{Found: 5, Overdue: 1, Open: 1, Answered: 1, Closed: 1, InTime: 1, Noted: 1, Withdrawn: 1}

// inspectionView is the inspection as its office sees it.
func (s sample) inspectionView() *supervision.InspectionView {
	v := &supervision.InspectionView{Inspection: s.inspection(), Office: s.province, Whole: true, CanManage: true, Looked: 3, Checked: 1, Total: sampleCount,
		Findings: map[models.Severity]supervision.FindingCount{models.SeveritySerious: sampleCount}, OpenedName: "王督查"}
	for i, city := range s.cities[:4] {
		member := supervision.Member{InspectionUnit: models.InspectionUnit{ID: uint64(i + 1), InspectionID: 6, UnitID: city.ID, Drawn: i < 3, AddedOn: s.view.Today - 10}, Unit: city}
		switch i {
		case 0:
			member.CheckedOn, member.Note, member.Findings, member.Version = s.view.Today, "查看网站", sampleCount, 5
		case 2:
			member.RemovedOn, member.RemoveReason = s.view.Today, "另行安排"
		case 3:
			member.AddReason = "群众举报"
		}
		v.Units = append(v.Units, member)
	}
	return v
}

// findingView is the finding in the state, as the actor who may do all sees it.
func (s sample) findingView(state supervision.FindingState) *supervision.FindingView {
	points := int64(2e8)
	for _, line := range s.found() {
		if line.State == state {
			return &supervision.FindingView{FindingLine: line, Office: s.province, FoundName: "王督查", CanWithdraw: state != supervision.FindingWithdrawn,
				Files:      []dossier.FileView{{CaseFile: models.CaseFile{ID: 3, Name: "截图.pdf"}, Size: 2048}},
				Duty:       &supervision.FindingDuty{ID: 4, Period: "2017", Obligation: s.duties()[0].Obligation},
				Deductions: []supervision.FindingDeduction{{SheetID: 70, Round: "2017年度", Indicator: "work", Points: &points}, {SheetID: 71, Round: "2018年度", Indicator: "leak", Raised: true}}}
		}
	}
	s.t.Fatalf("no finding is %s", state)
	return nil
}

func inspectionPages(s sample) []samplePage {
	cal, err := seeds.Calendar()
	if err != nil {
		s.t.Fatal(err)
	}
	line := supervision.InspectionLine{Inspection: s.inspection(), Office: s.province, Held: true, Looked: 4, Checked: 1, Findings: sampleCount}
	fresh := supervision.InspectionLine{Inspection: models.Inspection{ID: 7, Title: "暗访", Status: models.InspectionClosed, Unannounced: true}, Office: s.province, Looked: 2}
	list := newInspectionsPage(s.page(), &supervision.InspectionList{Unit: s.province, Items: []supervision.InspectionLine{line, fresh}, Total: 9, Years: []int{2017, 2016}, Next: "7"},
		InspectionFilter{Status: "open", Year: 2017, Text: "督查"})
	list.OpenURL = "/units/370000/inspections/new"
	empty := newInspectionsPage(s.page(), &supervision.InspectionList{Unit: s.province}, InspectionFilter{})
	empty.OpenURL = list.OpenURL
	none := newInspectionsPage(s.page(), &supervision.InspectionList{Unit: s.cities[0]}, InspectionFilter{})

	known := []supervision.InspectableObligation{{ObligationRef: s.duties()[0].Obligation, PolicyTitle: rules.Text{ZH: "工作要点", EN: "Key points"}, PolicyNumber: "39号", Inspects: true}}
	form := newInspectionOpenPage(s.page(), s.province, 2017, known, []string{"A", "B"}, nil)
	form.Years = []int{2018, 2017}
	typed := url.Values{"year": {"2017"}, "title": {"督查"}, "mode": {"sample"}, "sample": {"99"}, "obligations": {known[0].Code}, "kinds": {"city"}, "classes": {"A"}}
	refused := newInspectionOpenPage(s.page(), s.province, 2017, known, []string{"A"}, typed)
	refused.refuse(&models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "sample", Key: "inspections.bad_sample", Args: models.Args("Value", 99, "Max", 17)}, {Name: "units", Key: "inspections.nobody", Args: models.Args("Unit", "山东省")}}})
	preview := newInspectionOpenPage(s.page(), s.province, 2017, known, []string{"A"}, typed)
	preview.foresee(&supervision.InspectionPreview{Office: s.province, Units: s.cities, Count: 4, Drawn: true, PerClass: true, Seed: "2017068", Source: "双色球",
		Classes: []supervision.ClassShare{{Class: "A", Units: 17, Count: -1}, {Units: 2, Count: 1}}}, typed)
	all := newInspectionOpenPage(s.page(), s.province, 2017, nil, nil, url.Values{})
	all.foresee(&supervision.InspectionPreview{Office: s.province, Units: s.cities[:1], Count: 1, Classes: []supervision.ClassShare{{Class: "A", Units: 1, Count: 1}}}, url.Values{})

	page := newInspectionPage(s.page(), s.inspectionView(), &supervision.FindingList{Unit: s.province, Items: s.found()})
	city := s.inspectionView()
	city.Whole, city.CanManage, city.Units, city.Status, city.ClosedOn = false, false, city.Units[:1], models.InspectionClosed, s.view.Today
	start := s.inspectionView()
	start.Total, start.Findings, start.Seed = supervision.FindingCount{}, nil, ""
	proof := &supervision.DrawProof{Inspection: s.inspection(), Office: s.province, Same: true, ByHand: []supervision.HandMove{{Unit: s.cities[2], Out: true, On: s.view.Today, Reason: "另行安排"}, {Unit: s.cities[3], On: s.view.Today, Reason: "群众举报"}}}
	for i, unit := range s.cities {
		proof.Lots = append(proof.Lots, supervision.DrawLot{Code: unit.Code, Class: "A", Hash: "0f", Rank: i + 1, Drawn: i < 4, Unit: unit})
	}
	broken := *proof
	broken.Same, broken.PerClass, broken.SeedSource, broken.Missing, broken.Strange, broken.ByHand = false, true, "", []string{"370100"}, []string{"370200"}, nil

	findings := newFindingsPage(s.page(), &supervision.FindingList{Unit: s.province, AsOf: s.view.Today, Count: sampleCount, Items: s.found(), Next: "20", Inspections: []models.Inspection{s.inspection()}},
		FindingFilter{State: "overdue", Severity: "serious", Inspection: 6, Text: "济", AsOf: "2017-06-01"})
	nothing := newFindingsPage(s.page(), &supervision.FindingList{Unit: s.cities[0]}, FindingFilter{})
	open := newFindingPage(s.page(), s.findingView(supervision.FindingOverdue))
	open.rectified(&rectification.View{Rectification: models.Rectification{ID: 7}, CanAnswer: true, Steps: []rectification.StepView{{RectificationStep: models.RectificationStep{Act: models.RectificationDemand, Note: "请整改", DoneAt: sampleNow}, Who: "王督查"}}})
	looks := newFindingPage(s.page(), s.findingView(supervision.FindingAnswered))
	looks.rectified(&rectification.View{Rectification: models.Rectification{ID: 7}, CanDecide: true})
	entry := &supervision.FindingForm{Inspection: s.inspection(), Office: s.province, Units: s.cities, Due: cal.Explain(s.view.Today, 15)}
	wrong := newFindingFormPage(s.page(), entry, s.cities[0].Code, []FindingDutyOption{{4, "公开实施方案"}}, url.Values{"severity": {"serious"}, "duty": {"4"}})
	wrong.refuse(&models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "due_on", Key: "findings.due_no_workday", Args: models.Args("Value", s.view.Today)}}})
	return []samplePage{
		{"inspections", "inspections", list, []string{"a[href='/inspections/6']", "a.btn-primary[href='/units/370000/inspections/new']", ".inspection-bar .bar-done[width='25']", "a[rel=next][href*='after=7']", ".chip[aria-current]", ".is-alarm"}},
		{"inspections-empty", "inspections", empty, []string{".empty-panel a.btn-primary"}},
		{"inspections-none", "inspections", none, []string{".empty", "main:not(:has(.btn-primary))"}},
		{"inspection-open", "inspection_open", form, []string{"form[action='/units/370000/inspections#preview'] input[name=title]", "textarea[name=basis]", "input[name=obligations]", "input[name=kinds][value=county]", "input[name=classes][value=B]", "select[name=year] option[selected]", "main:not(:has(#preview))"}},
		{"inspection-open-refused", "inspection_open", refused, []string{".error-summary a[href='#inspection-sample']", ".error-summary a[href='#inspection-codes']", "input[name=mode][value=sample][checked]", "input[name=obligations][checked]"}},
		{"inspection-open-preview", "inspection_open", preview, []string{"#preview input[name=confirm]", "#preview input[type=hidden][name=obligations]", "#preview .inspection-names li:nth-child(17)", "#preview tbody tr:nth-child(2)", "#preview .note"}},
		{"inspection-open-all", "inspection_open", all, []string{"#preview .btn-primary", "#preview .inspection-names li"}},
		{"inspection", "inspection", page, []string{".inspection-figures .bar-done", "a[href='/inspections/6/draw']", "a.btn-primary[href='/inspections/6/findings/new']", ".finding-list tbody tr:nth-child(6).is-withdrawn", ".inspection-units tbody tr:nth-child(3).is-withdrawn",
			"form[action='/inspections/6/checks'] select[name=units]", "form[action='/inspections/6/checks'] input[type=hidden][name^=version-][value='5']", "form[action='/inspections/6/close'] input[name=version][value='3']", "form[action='/inspections/6/units/remove'] option:nth-child(3)", ".chart-table tr.is-total"}},
		{"inspection-city", "inspection", newInspectionPage(s.page(), city, &supervision.FindingList{Unit: s.cities[0], Items: s.found()}), []string{".note", "main:not(:has(form))", "main:not(:has(.inspection-seed))"}},
		{"inspection-start", "inspection", newInspectionPage(s.page(), start, &supervision.FindingList{Unit: s.province}), []string{"#findings .empty-panel a.btn-primary", "main:not(:has(.inspection-charts))"}},
		{"inspection-draw", "inspection_draw", newInspectionDrawPage(s.page(), proof), []string{".draw-verdict.is-same", ".draw-list tr:nth-child(4).is-drawn", ".draw-list tr:nth-child(5):not(.is-drawn)", ".draw-command code", ".inspection-moves li:nth-child(2)"}},
		{"inspection-draw-differs", "inspection_draw", newInspectionDrawPage(s.page(), &broken), []string{".draw-verdict.is-returned"}},
		{"findings", "findings", findings, []string{".chip.is-alarm[aria-current]", "a[href^='/units/370000/findings.csv?']", "a[rel=next][href*='after=20']", "option[value=serious][selected]", "option[value='6'][selected]", ".finding-list tbody tr:nth-child(6)"}},
		{"findings-none", "findings", nothing, []string{".empty"}},
		{"finding", "finding", open, []string{".severity.is-serious", ".finding-state.is-overdue", "a[href='/files/3']", "a[href='/duties/4']", "a[href='/sheets/70#m-work']", ".finding-cost:nth-child(2)", ".rect-steps li", "a.btn-primary[href='/rectifications/7']", "form[action='/findings/20/withdraw']"}},
		{"finding-answered", "finding", looks, []string{".finding-state.is-answered", "a.btn-primary[href='/rectifications/7']"}},
		{"finding-closed", "finding", newFindingPage(s.page(), s.findingView(supervision.FindingClosed)), []string{".finding-state.is-closed"}},
		{"finding-noted", "finding", newFindingPage(s.page(), s.findingView(supervision.FindingNoted)), []string{".finding-state.is-noted"}},
		{"finding-withdrawn", "finding", newFindingPage(s.page(), s.findingView(supervision.FindingWithdrawn)), []string{".note.is-returned q", "main:not(:has(form[method=post]))"}},
		{"finding-form", "finding_form", newFindingFormPage(s.page(), entry, s.cities[0].Code, []FindingDutyOption{{4, "公开实施方案"}}, nil), []string{"form[action='/inspections/6/findings'][enctype] input[type=file]", "input[name=severity][value=minor]", "select[name=duty] option:nth-child(2)", ".term .is-due", "input[name=due_on][value='2017-07-21']"}},
		{"finding-form-choose", "finding_form", newFindingFormPage(s.page(), entry, "", nil, nil), []string{"select[name=unit] option:nth-child(18)", "main:not(:has(form[method=post]))"}},
		{"finding-form-refused", "finding_form", wrong, []string{".error-summary a[href='#finding-due_on']", "input[value=serious][checked]", "option[value='4'][selected]"}},
	}
}

func TestShareText(t *testing.T) {
	for count, want := range map[supervision.FindingCount]string{{}: "", {Found: 2, Noted: 2}: "", {Found: 3, Closed: 1}: "0%", {Found: 3, Closed: 2, InTime: 2}: "66.67%", {Found: 2, Closed: 2, InTime: 2}: "100%"} {
		if got := shareText(count); got != want {
			t.Errorf("%+v is %q, want %q", count, got, want)
		}
	}
}
