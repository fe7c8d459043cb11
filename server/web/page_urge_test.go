package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// urgeThing is one of the things that units are urged for in the samples.
func (s sample) urgeThing(id uint64, due calendar.Date) supervision.UrgeThing {
	return supervision.UrgeThing{UrgeRef: supervision.UrgeRef{Object: models.UrgeDuty, ID: id}, Title: rules.Text{ZH: "公布实施方案", EN: "Plan published"}, Clause: "最后一段",
		Period: "2017", DueOn: due, State: "overdue", Open: true, Takes: true}
}

// urge is one of the office, as the unit that has not signed for it sees it.
func (s sample) urge() *supervision.UrgeView {
	today := s.view.Today
	cause := supervision.UrgeCause{Key: "urges.why.due_soon", What: rules.Text{ZH: "公布实施方案", EN: "Plan published"}, Due: today + 2, Days: 3}
	user := uint64(9)
	v := &supervision.UrgeView{Urge: models.Urge{ID: 8, UnitID: s.cities[0].ID, OfficeID: s.province.ID, Level: models.UrgeBlue, Status: models.UrgeSent, Text: "济南市：\n请抓紧办理。",
		ReplyBy: today + 1, SentOn: today - 5, SentBy: &user, Again: "领导批示", Version: 3}, Unit: s.cities[0], Office: s.province, SentName: "王督查",
		Items: []supervision.UrgeThing{s.urgeThing(4, today+2), s.urgeThing(5, today-2)}, CanReceive: true, CanReply: true, CanWithdraw: true}
	v.Items = append(v.Items, supervision.UrgeThing{UrgeRef: supervision.UrgeRef{Object: models.UrgeTask, ID: 6}, Title: rules.Text{ZH: "任务", EN: "Task"}, State: "done"},
		supervision.UrgeThing{UrgeRef: supervision.UrgeRef{Object: models.UrgeRectification, ID: 7}, Title: rules.Text{ZH: "整改", EN: "Correction"}, State: "open", Open: true, DueOn: today + 9, Provisional: true})
	v.Steps = []supervision.UrgeStepView{
		{UrgeStep: models.UrgeStep{ID: 1, Act: models.UrgeSend, Level: models.UrgeBlue, ByUser: &user, DoneOn: today - 5}, Who: "王督查", Why: supervision.UrgeCause{Key: "urges.why.unsettled"}},
		{UrgeStep: models.UrgeStep{ID: 2, Act: models.UrgeEscalate, Level: models.UrgeYellow, DoneOn: today - 1}, Why: cause},
	}
	v.Now = supervision.Escalation{Level: models.UrgeYellow, Why: cause, Since: today - 1}
	red := cause
	red.Key = "urges.why.overdue"
	v.Ahead = []supervision.UrgeTurn{{On: today + 3, Escalation: supervision.Escalation{Level: models.UrgeRed, Why: red, Since: today + 3}}}
	return v
}

func (s sample) urgeList() *supervision.UrgeList {
	list := &supervision.UrgeList{Unit: s.province, AsOf: s.view.Today, Counts: map[string]int{"sent": 2, "unanswered": 1, "ended": 1}, Total: 4, MaySend: true, Next: "8",
		Levels: map[models.UrgeLevel]int{models.UrgeRed: 1, models.UrgeBlue: 2}}
	for i, status := range []models.UrgeStatus{models.UrgeSent, models.UrgeAcknowledged, models.UrgeReplied, models.UrgeEnded} {
		line := supervision.UrgeLine{Urge: s.urge().Urge, Unit: s.cities[i], Office: s.province, Items: s.urge().Items[:i], Unanswered: i == 1}
		line.Status, line.Level = status, []models.UrgeLevel{models.UrgeRed, models.UrgeYellow, models.UrgeBlue, models.UrgeRed}[i]
		if i == 2 {
			line.Office = s.cities[2]
		}
		list.Items = append(list.Items, line)
	}
	return list
}

// urgeComposition has a unit that can be urged, one within the cool-down, and one that is
// closed.
func (s sample) urgeComposition() *supervision.UrgeComposition {
	cal, err := seeds.Calendar()
	if err != nil {
		s.t.Fatal(err)
	}
	c := &supervision.UrgeComposition{Office: s.province, Rule: supervision.DefaultUrgeRule(s.province.ID), ReplyTerm: 3, Provisional: true, Unknown: []supervision.UrgeRef{{Object: models.UrgeDuty, ID: 98}, {Object: models.UrgeDuty, ID: 99}}}
	c.Explanation = cal.Explain(calendar.NewDate(2017, 9, 28), 9)
	c.ReplyBy = c.Explanation.Due
	ready := supervision.UrgeDraft{Unit: s.cities[0], Items: s.urge().Items[:2], Refused: []supervision.UrgeRefusal{{UrgeThing: s.urge().Items[2], Why: rules.Reason{Key: "urges.item_done"}}}}
	ready.Level = models.UrgeRed
	recent := supervision.UrgeDraft{Unit: s.cities[1], Items: s.urge().Items[:1], Recent: &supervision.RecentUrge{Urge: models.Urge{ID: 8, SentOn: s.view.Today - 1}, By: "王督查", Office: s.province, Until: s.view.Today + 2}, Unmanned: true, Supersedes: []models.Urge{{ID: 7, SentOn: s.view.Today - 9}}}
	recent.Level = models.UrgeBlue
	closed := supervision.UrgeDraft{Unit: s.cities[2], Items: s.urge().Items[:1], Blocked: rules.Reason{Key: "urges.unit_closed", Args: models.Args("On", s.view.Today)}}
	c.Drafts = []supervision.UrgeDraft{ready, recent, closed}
	return c
}

func urgePages(s sample) []samplePage {
	cal, err := seeds.Calendar()
	if err != nil {
		s.t.Fatal(err)
	}
	list := newUrgesPage(s.page(), s.urgeList(), UrgeFilter{State: "sent", Level: "red", Text: "济", AsOf: "2017-06-01", Mine: true})
	list.Pager.FirstURL = "/units/370000/urges"
	empty := newUrgesPage(s.page(), &supervision.UrgeList{Unit: s.province, MaySend: true}, UrgeFilter{})
	empty.DutiesURL = "/duties?state=overdue&unit=370000"
	none := newUrgesPage(s.page(), &supervision.UrgeList{Unit: s.cities[0]}, UrgeFilter{})
	over := s.urge()
	over.Status, over.CanReceive, over.CanReply, over.CanWithdraw, over.Ahead, over.EndedOn = models.UrgeEnded, false, false, false, nil, s.view.Today
	over.Now = supervision.Escalation{Level: models.UrgeBlue}
	done := s.urge()
	done.AllDone, done.CanReceive, done.CanReply, done.Ahead = true, false, false, nil
	refused := newUrgePage(s.page(), s.urge())
	refused.Reply.refuse(s.locale, url.Values{"url": {"x"}}, &models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "text", Key: "urges.no_reply"}}})
	waits := s.urge()
	waits.Waits, waits.Ahead, waits.Provisional = true, nil, true
	waits.Items[0].Open, waits.Items[0].Waits, waits.Items[1].Open, waits.Items[1].Ended = false, true, false, "urges.why.closed"
	waits.Steps = append(waits.Steps, supervision.UrgeStepView{UrgeStep: models.UrgeStep{ID: 3, Act: models.UrgeAcknowledge, ByUser: waits.SentBy, OnBehalf: true}, Who: "李四"},
		supervision.UrgeStepView{UrgeStep: models.UrgeStep{ID: 4, Act: models.UrgeSupersede}, Why: supervision.UrgeCause{Key: "urges.why.superseded", Urge: 9}})
	form := newUrgeFormPage(s.page(), s.urgeComposition(), cal, urgeFormInput{})
	form.GrantURL = "/users"
	wrong := newUrgeFormPage(s.page(), s.urgeComposition(), cal, urgeFormInput{sent: true, chosen: []string{s.cities[1].Code}, values: url.Values{"again-" + s.cities[1].Code: {"急"}}})
	wrong.refuse(&models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "again-" + s.cities[1].Code, Key: "urges.again_long", Args: models.Args("Max", 500)}, {Name: "template", Key: "urges.bad_placeholder", Args: models.Args("Name", "{x}")}}})
	choose := newUrgeFormPage(s.page(), &supervision.UrgeComposition{Office: s.province}, cal, urgeFormInput{})
	choose.Children, choose.DutiesURL = s.cities, "/duties?unit=370000"
	rule := &supervision.UrgeRuleView{Office: s.province, Rule: supervision.DefaultUrgeRule(s.province.ID), Open: 5, Changes: []supervision.LevelChange{{From: models.UrgeYellow, To: models.UrgeRed, Count: 2}}}
	preview := newUrgeRulePage(s.page(), rule)
	preview.Previewed = true
	return []samplePage{
		{"urges", "urges", list, []string{".urge-list tbody tr:nth-child(4)", "a.btn-primary[href='/units/370000/urges/new']", ".urge-status.is-unanswered", ".chip[aria-current]", "a[rel=next][href*='after=8']", "option[value=red][selected]", ".urge-counts .is-red + strong", "a[href^='/units/370000/urges.csv?']"}},
		{"urges-empty", "urges", empty, []string{".empty-panel a.btn-primary[href^='/duties']"}},
		{"urges-none", "urges", none, []string{".empty", "main:not(:has(.btn-primary))"}},
		{"urge", "urge", newUrgePage(s.page(), s.urge()), []string{"form[action='/urges/8/receipt'] input[name=version][value='3']", "form[action='/urges/8/reply'][enctype] input[type=file]", "form[action='/urges/8/withdraw'] .btn-outline-danger",
			".urge-course li:nth-child(2).is-current", ".urge-course li:nth-child(3).is-ahead.is-red", ".urge-next", "a[href='/duties/4']", "a[href='/rectifications/7']", ".phase.is-overdue", ".urge-steps li:nth-child(2)"}},
		{"urge-ended", "urge", newUrgePage(s.page(), over), []string{"main:not(:has(form[method=post]))", ".urge-status.is-ended", ".urge-course li:nth-child(2):last-child"}},
		{"urge-done", "urge", newUrgePage(s.page(), done), []string{".note", ".urge-status.is-ended"}},
		{"urge-waits", "urge", newUrgePage(s.page(), waits), []string{".urge-waits", ".urge-status.is-waiting", ".urge-items .is-waiting", ".urge-steps a[href='/urges/9']", ".facts .mark"}},
		{"urge-refused", "urge", refused, []string{".error-summary a[href='#urge_reply-text']"}},
		{"urge-form", "urge_form", form, []string{"input[name=send][value='" + s.cities[0].Code + "'][checked]", "input[name=send][value='" + s.cities[1].Code + "']:not([checked])", "main:not(:has(input[name=send][value='" + s.cities[2].Code + "']))",
			"input[name='again-" + s.cities[1].Code + "']", ".urge-unmanned a[href='/users']", ".urge-draft a[href='/urges/7']", ".urge-refused li", "input[type=hidden][name=item][value='duty:4']", "button[formaction='/units/370000/urges/new']", ".urge-runs li:nth-child(2)", "#template"}},
		{"urge-form-refused", "urge_form", wrong, []string{".urge-draft.has-error input[checked]", ".error-summary a[href='#template']", ".error-summary a[href='#letter-" + s.cities[1].Code + "']", "input[value='急']"}},
		{"urge-form-choose", "urge_form", choose, []string{"a.btn-primary[href^='/duties']", ".urge-units input[name=unit]"}},
		{"urge-rule", "urge_rule", newUrgeRulePage(s.page(), rule), []string{"form[action='/units/370000/urges/rule'] input[name=yellow_before][value='3']", "input[name=unanswered][checked]", "button[name=preview]"}},
		{"urge-rule-preview", "urge_rule", preview, []string{".urge-changes .is-yellow", ".urge-changes .is-red"}},
	}
}

// The letter names what is owed with its clause and how far its due date is away.
func TestALetterHasTheUnitsOwnFacts(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	cal, err := seeds.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.NewDate(2017, 9, 28)
	item := func(due calendar.Date, change func(*supervision.UrgeThing)) supervision.UrgeThing {
		thing := supervision.UrgeThing{Title: rules.Text{ZH: "方案", EN: "Plan"}, Clause: "六", DueOn: due, Open: true}
		change(&thing)
		return thing
	}
	same := func(*supervision.UrgeThing) {}
	c := &supervision.UrgeComposition{Office: models.Unit{Name: "山东省"}, ReplyBy: calendar.NewDate(2017, 10, 9)}
	draft := supervision.UrgeDraft{Unit: models.Unit{Name: "济南市"}, Items: []supervision.UrgeThing{item(today-2, same), item(calendar.NewDate(2017, 10, 9), same),
		item(today+20, func(thing *supervision.UrgeThing) { thing.Provisional = true }), item(0, func(thing *supervision.UrgeThing) { thing.Clause, thing.Subject = "", "意见" })}}
	got := letterWriter{catalog.Locale("zh-CN"), cal, "{unit}{件数}项：\n{事项}\n{回复期限}，{office}", today}.fill(c, draft)
	want := strings.Join([]string{"济南市4项：", "1. 方案（六），应于2017年9月26日办结，已逾期 2 天；", "2. 方案（六），应于2017年10月9日办结，还有 3 个工作日；",
		"3. 方案（六），应于2017年10月18日办结（暂定）；", "4. 方案 · 意见，办结期限待定。", "2017年10月9日，山东省"}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("letter (-want +got):\n%s", diff)
	}
	for range 20 {
		draft.Items = append(draft.Items, item(today, same))
	}
	got = letterWriter{catalog.Locale("en"), cal, "{items}", today}.fill(c, draft)
	if lines := strings.Split(got, "\n"); len(lines) != 13 || lines[12] != "… and 12 more." {
		t.Errorf("a long letter:\n%s", got)
	}
}

// A unit that was chosen is refused by name when nothing is left to send to it, and is not
// left out of what is sent.
func TestAChosenUnitThatOwesNothingIsNotDropped(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("zh-CN"))
	cal, err := seeds.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	composed := s.urgeComposition()
	done := composed.Drafts[0]
	done.Items, done.Refused = nil, []supervision.UrgeRefusal{{UrgeThing: s.urge().Items[0], Why: rules.Reason{Key: "urges.item_done"}}}
	composed.Drafts = []supervision.UrgeDraft{done, composed.Drafts[1]}
	in := urgeFormInput{sent: true, chosen: []string{done.Unit.Code, "999999"}}
	page := newUrgeFormPage(s.page(), composed, cal, in)
	batch := page.batch(3)
	if len(batch.Letters) != 1 || batch.Letters[0].Unit != done.Unit.Code || len(batch.Letters[0].Items) != 1 {
		t.Errorf("the batch: %+v", batch)
	}
	want := []models.Field{{Name: "unit-999999", Key: "urges.unit_gone", Args: models.Args("Unit", "999999")}}
	if diff := cmp.Diff(want, page.missing(in)); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}
