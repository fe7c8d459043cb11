package web

import (
	"testing"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// sample is what the page tests show: Shandong in 2017, seen on 30 June.
type sample struct {
	t        *testing.T
	locale   *frontend.Locale
	policy   *rules.Policy
	calendar *calendar.Calendar
	province models.Unit
	cities   []models.Unit
	view     View
}

var sampleNow = time.Date(2017, time.June, 30, 10, 0, 0, 0, frontend.Zone)

func newSample(t *testing.T, locale *frontend.Locale) sample {
	policy, err := seeds.Policy("shandong-2017")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := seeds.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	units, err := seeds.Units()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DateOf(sampleNow)
	s := sample{t: t, locale: locale, policy: policy, calendar: cal, view: View{Year: 2017, AsOf: today, Today: today}}
	for _, unit := range units {
		row := models.Unit{ID: uint64(len(s.cities) + 1), Code: unit.Code, Name: unit.Name, NameEN: unit.NameEN, Kind: models.UnitKind(unit.Kind)}
		switch {
		case unit.Code == "370000":
			row.Path = "/1/"
			s.province = row
		case unit.Parent == "370000" && row.Kind == models.City:
			row.Path = models.ChildPath("/1/", row.ID)
			s.cities = append(s.cities, row)
		}
	}
	if len(s.cities) != 17 {
		t.Fatalf("Shandong has %d cities in the seeds, want the 17 of 2017", len(s.cities))
	}
	return s
}

func (s sample) page(crumbs ...Crumb) Page {
	return Page{Locale: s.locale, User: &models.User{Login: "lishi", Name: "李石"}, Demo: true, Version: "0.1.0",
		AsOf: s.view.AsOf, Today: s.view.Today, Breadcrumb: crumbs, Path: "/units/370000/board?year=2017",
		Nav: []NavItem{{Key: "nav.board", URL: "/units/370000/board", Current: true}, {Key: "nav.duties", URL: "/duties?unit=370000"},
			{Key: "nav.queue", URL: "/queue", Count: 12}, {Key: "nav.policies", URL: "/policies"}}}
}

func (s sample) refs() []compliance.ObligationRef {
	var refs []compliance.ObligationRef
	for i, o := range s.policy.Obligations {
		refs = append(refs, compliance.ObligationRef{ID: uint64(i + 1), Code: o.ID, Clause: o.Clause, Title: o.Title, Policy: s.policy.ID})
	}
	return refs
}

// board has counts that differ from cell to cell and always the same ones.
func (s sample) board() *compliance.Board {
	b := &compliance.Board{Unit: s.province, Year: 2017, AsOf: s.view.AsOf, Obligations: s.refs()}
	b.Totals = make([]compliance.Cell, len(b.Obligations))
	b.Rows = append(b.Rows, s.row(s.province, 0, true))
	for i, city := range s.cities {
		b.Rows = append(b.Rows, s.row(city, i+1, false))
	}
	for i := range b.Totals {
		var cells []compliance.Cell
		for _, row := range b.Rows {
			cells = append(cells, row.Cells[i])
		}
		b.Totals[i] = compliance.Sum(cells)
		b.Totals[i].Obligation = b.Obligations[i].Code
	}
	return b
}

func (s sample) row(unit models.Unit, n int, own bool) compliance.BoardRow {
	row := compliance.BoardRow{Unit: unit, Own: own, HasChildren: n%5 != 4}
	for i, o := range s.policy.Obligations {
		cell := compliance.Cell{Obligation: o.ID}
		switch {
		case own:
			sampleState(&cell, i)
		case o.Kind == rules.KindWithinHours:
			cell.Unscheduled = 1 + n%3
		case i%7 == 5 && n%3 != 0:
			// Nothing is owed here.
		default:
			cell.Met, cell.Late = 4+(n*3+i*2)%9, (n+i)%4/3
			cell.Reported, cell.Pending = (n*i)%3, (n+2*i)%5
			cell.Overdue = max(0, (n*7+i*5)%9-6)
			cell.DueSoon = min(cell.Pending, (n+i)%4/2)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

func sampleState(cell *compliance.Cell, i int) {
	switch i % 6 {
	case 0:
		cell.Met = 1
	case 1:
		cell.Pending, cell.DueSoon = 1, 1
	case 2:
		cell.Overdue = 1
	case 3:
		cell.Reported = 1
	case 4:
		cell.Late = 1
	default:
		cell.Exempt = 1
	}
}

// duties has one duty in every state, in Qingdao.
func (s sample) duties() []compliance.DutyView {
	var duties []compliance.DutyView
	for i, state := range rules.States {
		duties = append(duties, s.duty(i%len(s.policy.Obligations), state))
	}
	soon := s.duty(1, rules.Pending)
	soon.Verdict.DueSoon = true
	return append(duties, soon)
}

func (s sample) duty(index int, state rules.State) compliance.DutyView {
	o := &s.policy.Obligations[index]
	due := calendar.MustParseDate("2017-06-16")
	d := compliance.DutyView{
		Unit: s.cities[1], Obligation: s.refs()[index],
		Duty: models.Duty{ID: uint64(index + 40), Period: "2017", Year: 2017, DueOn: due},
		Verdict: rules.Verdict{Obligation: o.ID, Clause: o.Clause, Kind: o.Kind, Period: "2017", DueOn: due, State: state,
			Value: "30", Required: "30", Reason: rules.Reason{Key: "rules.within_working_days.met", Args: models.Args(
				"DoneOn", due, "After", calendar.MustParseDate("2017-05-04"), "Value", "30", "Required", "30", "DueOn", due, "Clause", o.Clause)}},
	}
	if state == rules.Unscheduled {
		d.Duty.DueOn = 0
	}
	return d
}

// obligation returns the index of the first obligation with the form.
func (s sample) obligation(form rules.Form) int {
	for i := range s.policy.Obligations {
		if s.policy.Obligations[i].Form() == form {
			return i
		}
	}
	s.t.Fatalf("the sample policy has no obligation with the form %s", form)
	return 0
}

// filing is a filled form of each kind.
func (s sample) filing(form rules.Form) rules.Filing {
	on := calendar.MustParseDate("2017-06-16")
	f := rules.Filing{On: on, Title: "关于印发青岛市贯彻落实2017年政务公开工作要点实施方案的通知", URL: "https://www.example.gov.cn/openness/2017/plan.html", Note: "已在门户网站首页公布。"}
	switch form {
	case rules.FormBriefing:
		f.PresidedBy = rules.PresidedByPrincipal
	case rules.FormDeputy:
		f = rules.Filing{Name: "欧阳某某", Post: "副市长", From: on, InDivisionOfWork: true, AnnouncedOn: on, URL: f.URL}
	case rules.FormPerformance:
		f = rules.Filing{On: on, Total: "1000", Items: []rules.Item{{Name: "政务公开", Points: "39.99", Openness: rules.OpennessCore, Reason: "考核主动公开、政策解读、回应关切等政务公开本身的工作。"},
			{Name: "网上政务服务", Points: "30", Openness: rules.OpennessRelated, Reason: "考核办事服务，其中办事指南公开与政务公开有关。"}, {Name: "其他各项", Points: "930.01"}}}
	case rules.FormIncident:
		f.On, f.At = 0, sampleNow
	}
	return f
}

// detail is a duty with a returned report and one that waits.
func (s sample) detail(form rules.Form, state rules.State) *compliance.DutyDetail {
	index := s.obligation(form)
	d := &compliance.DutyDetail{DutyView: s.duty(index, state), Rule: &s.policy.Obligations[index], Policy: s.policy}
	d.Verdict.Evidence = []string{"https://www.example.gov.cn/openness/2017/plan.html"}
	explanation := s.calendar.Explain(calendar.MustParseDate("2017-05-04"), 30)
	d.Explanation = &explanation
	filed := models.Report{ID: 7, Status: models.Returned, FiledAt: sampleNow.AddDate(0, 0, -9), FiledOn: s.view.Today - 9,
		DecidedAt: &sampleNow, DecidedOn: s.view.Today - 7, Reason: "网址打不开，请核对后重新填报。", Version: 1}
	d.Reports = append(d.Reports, compliance.ReportView{Report: filed, Content: s.filing(form), FiledName: "王小明", DecidedName: "李石", Files: sampleFiles(4, "旧方案.pdf")})
	waiting := models.Report{ID: 8, Status: models.Filed, FiledAt: sampleNow.AddDate(0, 0, -6), FiledOn: s.view.Today - 6}
	d.Reports = append(d.Reports, compliance.ReportView{Report: waiting, Content: s.filing(form), FiledName: "王小明", Files: sampleFiles(5, "会议纪要（盖章）.pdf")})
	return d
}

// calendarPages are a year as an administrator has it, one without a notice, and
// the previews.
func calendarPages(s sample) []samplePage {
	notice := s.calendar.Notices()[0]
	for _, n := range s.calendar.Notices() {
		if n.Year == 2017 {
			notice = n
		}
	}
	amended := notice
	amended.Holidays = notice.Holidays[:1]
	views := []compliance.NoticeView{{Notice: notice}, {Notice: amended, ID: 3, EnteredName: "李石", EnteredAt: sampleNow, Source: "<b>国务院办公厅</b>\n2016年12月1日"},
		{Notice: amended, ID: 4, EnteredName: "李石", EnteredAt: sampleNow, RemovedName: "王小明", RemovedAt: sampleNow, Source: "x"},
		{Notice: amended, ID: 5, EnteredName: "李石", EnteredAt: sampleNow, Unused: true, Source: "x"}}
	full := newCalendarPage(s.page(), s.calendar, views, 2017, true)
	full.Form, full.Provisional = &NoticeForm{}, 3
	open := newCalendarPage(s.page(), s.calendar, nil, 2030, false)
	open.Provisional = 3
	without, err := calendar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	preview := &compliance.NoticePreview{Notice: notice, Basis: "14", Calendar: s.calendar, Total: 340,
		Turns: []compliance.StateTurn{{From: rules.Pending, To: rules.Overdue, Count: 300}, {From: rules.Reported, To: rules.Reported, Count: 39}, {From: rules.Pending, To: rules.State(models.Withdrawn), Count: 1}}}
	for _, change := range without.ChangesTo(s.calendar) {
		if change.After.Notice == notice.Number && change.Renamed() {
			preview.Changes = append(preview.Changes, change)
		}
	}
	for i, duty := range s.duties() {
		preview.Moves = append(preview.Moves, compliance.DueMove{Duty: duty.Duty, Unit: duty.Unit, Obligation: duty.Obligation, FromDue: duty.Duty.DueOn - 1,
			FromProvisional: i%2 == 0, From: rules.Pending, To: duty.Verdict.State})
	}
	preview.Moves[2].To = rules.State(models.Withdrawn)
	entering := newNoticePage(s.page(), "enter", "/calendar/notices", preview)
	entering.Form, entering.Error = newNoticeForm("国务院办公厅\n2016年12月1日", nil), models.NewError(models.Stale, "notice.calendar_changed")
	removing := newNoticePage(s.page(), "remove", "/calendar/notices/3/remove", preview)
	fault := models.InvalidFields([]models.Field{{Name: "text", Key: "notice.count", Args: models.Args("Stated", 3, "From", s.view.Today, "To", s.view.Today, "Days", 1, "Line", 2)}})
	refused := NoticePage{Page: s.page(), Kind: "refused", Form: newNoticeForm("标题\n<script>一、元旦</script>\n", fault.(*models.Error)), Back: "/calendar"}
	return []samplePage{
		{"calendar", "calendar", full, []string{".month:has(td.is-holiday .day-mark)", "td.is-makeup", "td.is-today[aria-current]", ".month-names b", ".holidays tbody tr:nth-child(6)", "form[action='/calendar/notices/3/remove'] button", "#notice-text[required]", ".notice-source", ".notices .is-removed"}},
		{"calendar-open", "calendar", open, []string{".note", ".months .month-panel:nth-child(12)", "#notices + .empty", "option[selected][value='2030']"}},
		{"notice-enter", "notice", entering, []string{"form[action='/calendar/notices'] input[name=basis][value='14']", "form[action='/calendar/notices'] input[name=text]", ".error-summary", ".turns .is-turned", ".moves tbody tr:nth-child(8)", "td.is-changed", ".notice-correct #notice-text", ".holidays"}},
		{"notice-remove", "notice", removing, []string{"form[action='/calendar/notices/3/remove'] .btn-outline-danger", ".day-changes dd"}},
		{"notice-refused", "notice", refused, []string{".error-summary a[href='#notice-text']", ".quoted-line", "#notice-text[aria-invalid]"}},
	}
}

func sampleFiles(id uint64, name string) []compliance.AttachmentView {
	return []compliance.AttachmentView{{Attachment: models.Attachment{ID: id, Name: name, Hash: name}, Size: 1234567, Type: "pdf"}}
}

func (s sample) queue() compliance.QueuePage {
	queue := compliance.QueuePage{Total: 12, Next: "b", Counts: compliance.QueueCounts{All: 12, Mine: 9, Below: 2, Above: 1, Old: 3, PastDue: 4}}
	for i, form := range []rules.Form{rules.FormPublication, rules.FormBriefing, rules.FormDeputy, rules.FormPerformance} {
		detail := s.detail(form, rules.Reported)
		detail.Reports[1].ID += uint64(i)
		queue.Items = append(queue.Items, compliance.QueueItem{Report: detail.Reports[1], DutyView: detail.DutyView, Old: i < 2, Form: form, Number: 2, Refiled: true, LastReturn: "链接打不开",
			Turn: compliance.Turn{For: compliance.ForMe, Accept: models.Verified}})
	}
	queue.Items[2].Turn = compliance.Turn{For: compliance.ForOfficeBelow, Accept: models.Verified}
	queue.Items[3].Turn = compliance.Turn{For: compliance.ForOfficeAbove}
	queue.Items[3].Report.FiledOn = s.view.Today
	return queue
}
