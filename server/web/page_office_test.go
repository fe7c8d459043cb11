package web

import (
	"net/url"
	"testing"
	"time"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// officer decides on everything.
func (s sample) officer() compliance.Actor {
	table, err := rbac.Load()
	if err != nil {
		s.t.Fatal(err)
	}
	return compliance.Actor{ID: 9, Access: table.Access(rbac.Grant{Role: models.Supervisor, Path: "/"})}
}

func sampleLinks() []compliance.LinkCheckView {
	return []compliance.LinkCheckView{
		{LinkCheck: models.LinkCheck{Status: 200, Title: "青岛市2017年政务公开工作实施方案", CheckedAt: sampleNow}, CheckedName: "李石"},
		{LinkCheck: models.LinkCheck{Status: 404, CheckedAt: sampleNow.Add(-time.Hour)}, CheckedName: "李石"},
		{LinkCheck: models.LinkCheck{Failure: "link.no_host", CheckedAt: sampleNow.Add(-2 * time.Hour)}, CheckedName: "李石",
			Why: rules.Reason{Key: "link.no_host", Args: models.Args("Host", "www.example.gov.cn")}},
	}
}

// officePages are the queue, the closed years and a duty in the office's eyes.
func officePages(s sample) []samplePage {
	taken := models.NewError(models.Stale, "report.stale", "Who", "李石", "What", "returned", "On", sampleNow)
	queue := newQueuePage(s.page(), s.view, s.province, QueueFilter{Cursor: "a"}, s.queue())
	queue.Items[1].Decision.Error = taken
	queue.Policies = []PolicyOption{{s.policy.ID, s.policy.Title}}
	queue.Items[0].Office = ReportOffice{Links: sampleLinks(), CheckURL: "/reports/8/link-check"}
	chosen := newQueuePage(s.page(), s.view, models.Unit{}, QueueFilter{PastDue: true, For: compliance.ForOfficeBelow}, compliance.QueuePage{Counts: compliance.QueueCounts{All: 3}})
	chosen.Units = []models.Unit{s.province, s.cities[0]}
	chosen.Bulk = &BulkResult{Accepted: []QueueDone{{QueueLine: queue.Items[0], Status: models.Verified}, {QueueLine: queue.Items[2], Status: models.Checked}},
		Refused: []BulkRefusal{{&queue.Items[1], taken}, {nil, models.NewError(models.NotFound, "report.unknown")}}}
	refused := newQueuePage(s.page(), s.view, s.province, QueueFilter{}, compliance.QueuePage{})
	refused.Error = models.NewError(models.Invalid, "error.invalid")
	nobody := func(models.Unit) bool { return false }
	return []samplePage{
		{"queue", "queue", queue, []string{".queue-line form[hx-post='/reports/8/verify'] input[name=version]", ".queue-age.is-old", ".decision[autofocus] .error-summary:only-child",
			".pager a[rel=next]", ".pager a[rel=first]", "form#bulk[action^='/queue/verify'] button", "input[form=bulk][value='8.0']", ".chip[aria-current]", ".is-alarm",
			".link-checks .is-sound q", ".link-checks .is-faulty", "form[action$=link-check]", ".queue-old", ".decision-note", ".queue-refiled a[href$='#versions']"}},
		{"queue-done", "queue", chosen, []string{".bulk-result .error-summary li:nth-child(2)", ".bulk-accepted li:nth-child(2)", "select[name=unit]", ".empty"}},
		{"queue-refused", "queue", refused, []string{".error-summary", ".empty"}},
		{"periods", "periods", s.periods(), []string{"form[action='/units/370000/periods?year=2016'] textarea", "form[action='/periods/3/exceptions'] input[name=until][min]",
			"form[action='/periods/3/lift']", ".year-list .mark.is-closed", ".office-grants .is-revoked", "details.office-form[open] .field-error"}},
		{"periods-closed", "periods", newPeriodsPage(s.page(), s.cities[0], []int{2017}, 2017, s.closings(), nobody), []string{".note.is-closed", ".office-grants li"}},
		s.officePage(unitCrumbs(s.locale, s.view, []models.Unit{s.province, s.cities[1]}, "x")),
	}
}

// officePage is a duty with all that an office does: a report accepted twice and
// reopened, one that waits for the office above, two extensions, an exemption that
// was revoked, and a refused form.
func (s sample) officePage(crumbs []Crumb) samplePage {
	detail := s.detail(rules.FormPublication, rules.Reported)
	day, at := s.view.Today, sampleNow.AddDate(0, 0, -3)
	who := uint64(3)
	detail.TwoLevels = true
	first, second := &detail.Reports[0], &detail.Reports[1]
	first.Status, first.CheckedBy, first.CheckedAt, first.CheckedOn, first.CheckedName = models.Reopened, &who, &at, day-8, "王芳"
	first.EndedBy, first.EndedAt, first.EndedOn, first.EndedName, first.EndReason = &who, &at, day-3, "李石", "公布日期与网页不符。"
	first.Links = sampleLinks()
	second.Status, second.CheckedBy, second.CheckedAt, second.CheckedOn, second.CheckedName = models.Checked, &who, &at, day-2, "王芳"
	extension := models.Extension{FromDue: day - 14, ToDue: day + 10, Reason: "机构改革期间人员调整", Document: "鲁政办字〔2017〕88号", GrantedOn: day - 10}
	detail.Duty.ExtendedTo, detail.Duty.DueOn, detail.Extension = extension.ToDue, extension.ToDue, &extension
	detail.Extensions = []compliance.ExtensionView{{Extension: extension, GrantedName: "李石"}}
	detail.Exemptions = []compliance.ExemptionView{{Exemption: models.Exemption{Reason: "职能划转", Document: "鲁政办字〔2017〕66号", GrantedOn: day - 30,
		RevokedOn: day - 20, RevokeReason: "职能未划转。"}, GrantedName: "李石", RevokedName: "李石"}}
	page := newDutyPage(s.page(crumbs...), s.view, detail, s.officer())
	page.Office = OfficePanel{Extensions: detail.Extensions, Exemptions: detail.Exemptions, Forms: officeForms(detail, true, true)}
	page.Office.Forms[0].refuse(s.locale, url.Values{"to": {"2017-06-01"}}, &models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{
		{Name: "to", Key: "duty.extend_later", Args: models.Args("DueOn", day)}, {Name: "reason", Key: "filing.required"}}})
	page.Office.Forms[1].refuse(s.locale, url.Values{}, models.NewError(models.Conflict, "duty.already_exempt"))
	page.Reports[0].Office = ReportOffice{Links: first.Links, Reopen: newOfficeForm("reopen", "7", "/reports/7/reopen", reasonField)}
	page.Reports[1].Office.CheckURL = "/reports/8/link-check"
	return samplePage{"duty-office", "duty", page, []string{
		"#office form[action$='/extension'] input[name=version]", "#office form[action$='/extension'] input[name=to][value='2017-06-01'][aria-invalid]",
		"#office form[action$='/exemption'] input[name=document]", "#office .office-grants .is-revoked .grant-end q", ".due-big .mark.is-extended", ".extension",
		".report-reopened .office-form form[action='/reports/7/reopen']", ".report-reopened .report-decision q", ".report-checked .decision-verify", ".link-checks .is-faulty",
	}}
}

// closings are a standing one with an exception, and one that was lifted.
func (s sample) closings() []compliance.ClosingView {
	lifted := sampleNow
	return []compliance.ClosingView{
		{Closing: models.Closing{ID: 3, Year: 2017, Reason: "年度台账已定稿", ClosedAt: sampleNow}, Unit: s.province, ClosedName: "李石",
			Exceptions: []compliance.ExceptionView{{ClosingException: models.ClosingException{Until: s.view.Today + 9, Reason: "台风"}, Unit: s.cities[0], GrantedName: "李石"}}},
		{Closing: models.Closing{ID: 2, Year: 2016, Reason: "定稿", ClosedAt: sampleNow, LiftedAt: &lifted}, Unit: s.cities[0], ClosedName: "李石", LiftedName: "王芳"},
	}
}

func (s sample) periods() PeriodsPage {
	page := newPeriodsPage(s.page(), s.province, []int{2017, 2016}, 2016, s.closings(), func(models.Unit) bool { return true })
	page.foresee(compliance.ClosingPreview{Open: 12, Waiting: 3})
	page.Close.refuse(s.locale, url.Values{"reason": {""}}, &models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{{Name: "reason", Key: "filing.required"}}})
	return page
}

// Only what no office has dealt with is offered to be taken back, and nothing of a
// unit that is gone.
func TestWhatMayBeWithdrawn(t *testing.T) {
	today := calendar.MustParseDate("2017-06-10")
	statuses := []models.ReportStatus{models.Filed, models.Checked, models.Verified, models.Returned, models.TakenBack, models.Reopened}
	for closedOn, want := range map[calendar.Date]string{0: "/reports/1/withdraw", today + 1: "/reports/1/withdraw", today: ""} {
		page := DutyPage{Detail: &compliance.DutyDetail{DutyView: compliance.DutyView{Unit: models.Unit{ClosedOn: closedOn}}}}
		for i, status := range statuses {
			page.Reports = append(page.Reports, ReportItem{ReportView: compliance.ReportView{Report: models.Report{ID: uint64(i + 1), Status: status}}})
		}
		page.mayWithdraw(today)
		offered := ""
		for _, report := range page.Reports {
			offered += report.WithdrawURL
		}
		if offered != want {
			t.Errorf("of a unit closed on %s it offers %q, want %q", closedOn, offered, want)
		}
	}
}

func TestTheFormsOfTheOfficeFollowTheDuty(t *testing.T) {
	today := calendar.MustParseDate("2017-06-10")
	for name, c := range map[string]struct {
		outcome         models.Outcome
		exempt          bool
		notExtensible   bool
		extend, exempt_ bool
		want            []string
	}{
		"open":                  {models.Open, false, false, true, true, []string{"extend", "exempt"}},
		"exempt":                {models.Exempt, true, true, true, true, []string{"revoke"}},
		"met":                   {models.Met, false, true, true, true, nil},
		"an event's, in hours":  {models.Open, false, true, true, true, []string{"exempt"}},
		"of somebody who reads": {models.Open, false, false, false, false, nil},
	} {
		detail := &compliance.DutyDetail{DutyView: compliance.DutyView{Duty: models.Duty{ID: 4, Outcome: c.outcome, DueOn: today, Version: 7}}}
		if c.exempt {
			detail.Exemption = &models.Exemption{}
		}
		if c.notExtensible {
			detail.NotExtensible = models.NewError(models.Conflict, "x")
		}
		var got []string
		for _, form := range officeForms(detail, c.extend, c.exempt_) {
			got = append(got, form.Name)
			if form.Name == "extend" && (form.Version != 7 || form.Fields[0].Min != "2017-06-11") {
				t.Errorf("%s: %+v", name, form)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: forms %v, want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: forms %v, want %v", name, got, c.want)
			}
		}
	}
}
