package web

import (
	"strings"
	"testing"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// policyPages are the pages of policies in their situations.
func policyPages(s sample) []samplePage {
	day := calendar.MustParseDate
	policy := newPolicyPage(s.page(), s.policy, []int{2017})
	policy.Levels = 1
	divided := policy
	divided.Tasks = TaskDivision{Lines: s.liaoningTasks("ln2016.task-letters", "ln2016.task-rotation"), Default: day("2020-12-31"), Cooperates: true, Outside: true}
	policy.Editions = []compliance.EditionView{{Number: 2, LoadedAt: sampleNow, LoadedBy: "李石", Reason: "<b>鲁政办发〔2017〕60号</b>"}, {Number: 1, LoadedAt: sampleNow.AddDate(-1, 0, 0)}}
	reader := policy
	reader.RetiredOn = day("2018-01-01")
	policy.Management = &PolicyManagement{URL: "/policies/shandong-2017", Years: []int{2018}, Levels: []int{1, 2}}
	plan := s.activation()
	overtaken := models.NewError(models.Stale, "policy.preview_stale")
	fresh := &compliance.PackPreview{Policy: s.policy, Text: "\n# <script>alert(1)</script>", Units: 158, Years: []*compliance.ActivationPreview{plan}}
	known := &compliance.PackPreview{Policy: s.policy, Text: "x", Known: true}
	same := &compliance.PackPreview{Policy: s.policy, Text: "x", Known: true, Same: true}
	source := "id: shandong-2017\nshort: <b>x</b>\n" + strings.Repeat("长", 400)
	faulty := &models.Error{Code: models.Invalid, Key: "error.invalid", Fields: []models.Field{
		{Name: "line 2", Key: "pack.bad_short", Args: models.Args("Value", "<b>x</b>")}, {Name: "line 3", Key: "pack.missing", Args: models.Args("Field", "issuer")}}}
	refused := &models.Error{Code: models.Conflict, Key: "policy.amend_refused", Fields: []models.Field{
		{Name: "sd2017.plan", Key: "policy.amend_orphans", Args: models.Args("Title", rules.Text{ZH: "实施方案", EN: "Plan"}, "Count", 3)}}}
	amending := AmendmentPage{Page: s.page(), Policy: s.policy, PolicyURL: "/policies/shandong-2017", Form: PackForm{Source: source, Action: "/policies/shandong-2017/amendment/preview"}}
	amended := amending
	amended.Preview = newAmendmentView(s.locale, s.amendment())
	amended.Form.Error = models.InvalidFields([]models.Field{{Name: "reason", Key: "filing.required"}}).(*models.Error)
	impossible := amending
	impossible.Form.Error = refused
	retiring := RetirementPage{Page: s.page(), Policy: s.policy, PolicyURL: "/policies/shandong-2017"}
	retired := retiring
	retired.On, retired.Error = "2017-07-01", overtaken
	retired.Plan = &compliance.Retirement{On: day("2017-07-01"), Withdrawn: 300, Waiting: 2, Kept: 7, Drafts: 1, Moves: s.amendment().Moves[compliance.Withdraws], Seen: "abc"}
	return []samplePage{
		{"policies", "policies", PoliciesPage{Page: s.page(), MayUpload: true, Policies: []PolicyLine{{s.policy, "/policies/shandong-2017", []int{2017}, 2, day("2018-01-01")}}},
			[]string{".policy-list a", "a[href='/policies/new']", ".policy-list .mark"}},
		{"policy", "policy", reader, []string{".obligations tbody tr:nth-child(3)", ".note", ".editions tbody tr:nth-child(2)",
			".task-division:not([open]) tbody tr:nth-child(33)", ".task-division .mark"}},
		{"policy-tasks", "policy", divided, []string{".task-division[open] tbody tr:nth-child(1) .mark.is-outside", ".task-division tr:nth-child(2) .is-none", ".task-division-note",
			".task-division thead th:nth-child(4)"}},
		{"policy-managed", "policy", policy, []string{"form.activation[action$=activation] option", "form[action$=levels] option[selected][value='1']", "a[href$=amendment]",
			"a[href$=retirement]", "a[href$='/editions/2']"}},
		{"policy-pack", "policy_pack", PackPage{Page: s.page(), Form: PackForm{Action: "/policies/new"}}, []string{"form[enctype='multipart/form-data'] input[type=file]", "#source"}},
		{"policy-pack-faulty", "policy_pack", PackPage{Page: s.page(), Form: PackForm{Source: source, Error: faulty, Faults: newFaults(source, faulty)}},
			[]string{".pack-faults li:nth-child(2) code", ".fault-line"}},
		{"policy-pack-new", "policy_pack", PackPage{Page: s.page(), Form: PackForm{Source: source}, Preview: newPackView(fresh)},
			[]string{"form[action='/policies'] textarea[hidden]", ".plan tbody tr:nth-child(17)", ".obligations:not(.plan) tbody tr:nth-child(17)", ".task-division tbody tr:nth-child(33)", ".again #source"}},
		{"policy-pack-known", "policy_pack", PackPage{Page: s.page(), Preview: newPackView(known)}, []string{"form[action='/policies/shandong-2017/amendment/preview'] textarea[hidden]"}},
		{"policy-pack-same", "policy_pack", PackPage{Page: s.page(), Preview: newPackView(same)}, []string{".note a[href='/policies/shandong-2017']"}},
		{"policy-activation", "policy_activation", ActivationPage{Page: s.page(), Policy: s.policy, PolicyURL: "/policies/shandong-2017", Year: 2017, Plan: plan, Error: overtaken},
			[]string{"form[action$=activations] input[name=seen][value=abc]", ".plan tr.is-none", ".error-summary"}},
		{"policy-activation-none", "policy_activation", ActivationPage{Page: s.page(), Policy: s.policy, PolicyURL: "/policies/shandong-2017",
			Error: models.NewError(models.Conflict, "policy.active", "Policy", "x", "Year", 2017)}, []string{".error-summary", "a.btn[href='/policies/shandong-2017']"}},
		{"policy-amendment", "policy_amendment", amending, []string{"#source", "input[type=file]"}},
		{"policy-amendment-refused", "policy_amendment", impossible, []string{".error-summary li"}},
		{"policy-amendment-preview", "policy_amendment", amended, []string{"form[action$=amendment] textarea[hidden]", "#reason[aria-invalid=true]", ".changes del", ".changes ins",
			".moves tbody tr", ".moves .s-overdue", ".more", ".fates", ".again #source"}},
		{"policy-retirement", "policy_retirement", retiring, []string{"form[method=get] input[type=date]"}},
		{"policy-retirement-preview", "policy_retirement", retired, []string{"form[action$=retirement] input[name=seen]", ".moves tbody tr", ".more", ".error-summary"}},
	}
}

// activation is a year of the sample's policy.
func (s sample) activation() *compliance.ActivationPreview {
	due := calendar.MustParseDate("2017-06-16")
	plan := &compliance.ActivationPreview{Policy: s.policy, Year: 2017, Idle: 3, Seen: "abc"}
	for i := range s.policy.Obligations {
		line := compliance.ObligationPlan{Rule: &s.policy.Obligations[i], Units: 20 * (i % 4), Duties: 20 * (i % 4)}
		if line.Duties > 0 {
			line.First, line.Last = due, due+calendar.Date(i%3)
			line.Provisional, line.Unscheduled = i%5, i%2
		}
		plan.Units = max(plan.Units, line.Units)
		plan.Duties += line.Duties
		plan.Obligations = append(plan.Obligations, line)
	}
	return plan
}

// amendment changes, adds and removes obligations of the sample's policy.
func (s sample) amendment() *compliance.Amendment {
	now := *s.policy
	now.Obligations = append([]rules.Obligation{}, s.policy.Obligations[1:]...)
	now.Title.ZH, now.Title.EN = now.Title.ZH+"（修订）", now.Title.EN+" (amended)"
	plan := &now.Obligations[len(now.Obligations)-1]
	term := *plan.WorkingDays
	term.N = 40
	plan.WorkingDays = &term
	plan.Title = rules.Text{ZH: "40个工作日内公开<b>实施方案</b>", EN: "Plan within <b>40</b> working days"}
	added := now.Obligations[0]
	added.ID, added.Title = "sd2017.added", rules.Text{ZH: "新增", EN: "Added"}
	now.Obligations = append(now.Obligations, added)
	a := &compliance.Amendment{Code: s.policy.ID, Edition: 2, Text: "id: x", Before: s.policy, After: &now, Years: []int{2017}, Seen: "abc",
		Changes: compliance.Changes{Moved: 340, Kept: 51, Created: 1, Withdrawn: 1, Settled: 12, Drafts: 2}, Moves: map[compliance.Fate][]compliance.DutyMove{}}
	for i := range now.Obligations {
		was, _ := s.policy.Find(now.Obligations[i].ID)
		a.Obligations = append(a.Obligations, compliance.ObligationAmendment{Before: was, After: &now.Obligations[i], Changes: compliance.Changes{Kept: 3}})
	}
	last := &a.Obligations[len(a.Obligations)-2]
	last.Changes = compliance.Changes{Moved: 340, Settled: 12}
	a.Obligations = append(a.Obligations, compliance.ObligationAmendment{Before: &s.policy.Obligations[0], Changes: compliance.Changes{Withdrawn: 1}})
	before := compliance.Standing{DueOn: calendar.MustParseDate("2017-06-16"), State: rules.Overdue}
	after := compliance.Standing{DueOn: calendar.MustParseDate("2017-06-30"), State: rules.Pending, Provisional: true}
	move := compliance.DutyMove{Unit: s.cities[0], Obligation: plan.ID, Title: plan.Title, Period: "2017"}
	for fate, sides := range map[compliance.Fate][2]compliance.Standing{compliance.Moves: {before, after}, compliance.Creates: {{}, after}, compliance.Withdraws: {before, {}}} {
		move.Before, move.After = sides[0], sides[1]
		move.Duty = map[compliance.Fate]uint64{compliance.Moves: 41, compliance.Withdraws: 42}[fate]
		a.Moves[fate] = append(a.Moves[fate], move)
	}
	return a
}

func TestAnAmendmentIsToldInWords(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	for lang, want := range map[string]string{
		"zh-CN": "政策公布后 30 个工作日内 > 政策公布后 40 个工作日内",
		"en":    "within 30 working days after the policy is published > within 40 working days after the policy is published",
	} {
		locale := catalog.Locale(lang)
		view := newAmendmentView(locale, newSample(t, locale).amendment())
		var told []string
		fates := map[compliance.Fate]int{}
		for _, line := range view.Lines {
			fates[line.Fate]++
			for _, change := range line.Differences {
				told = append(told, change.Was+" > "+change.Now)
			}
		}
		if !strings.Contains(strings.ToLower(strings.Join(told, "\n")), want) || len(told) != 2 {
			t.Errorf("%s: told %q, want the title and %q", lang, told, want)
		}
		if len(view.Lines) != 3 || fates[compliance.Creates] != 1 || fates[compliance.Withdraws] != 1 || len(view.Document) != 1 {
			t.Errorf("%s: lines %+v, document %+v", lang, view.Lines, view.Document)
		}
		if len(view.Fates) != 3 || view.Fates[0].More != 339 || view.Fates[1].More != 0 {
			t.Errorf("%s: fates %+v", lang, view.Fates)
		}
	}
	// What has no words of its own is told of all the same.
	o := newSample(t, catalog.Locale(frontend.Languages[0])).policy.Obligations[0]
	other := o
	other.Line++
	if !sameDemand(o, other) {
		t.Error("another line is another demand")
	}
	by := *o.ByDate
	by.What = "else"
	if other.ByDate = &by; sameDemand(o, other) {
		t.Error("another deliverable is the same demand")
	}
}

func TestFaultsAreShownWithTheirLines(t *testing.T) {
	fields := []models.Field{{Name: "source", Key: "x"}, {Name: "line 0", Key: "x"}, {Name: "line 2", Key: "x"}, {Name: "line 9", Key: "x"}}
	for range 200 {
		fields = append(fields, models.Field{Name: "line 3", Key: "x"})
	}
	faults := newFaults("a\n  b: <i>  \n"+strings.Repeat("长", 161), &models.Error{Fields: fields})
	if len(faults.Lines) != maxFaults || faults.More != 103 || faults.Total() != 203 {
		t.Errorf("%d listed, %d more", len(faults.Lines), faults.More)
	}
	for i, want := range []string{"", "b: <i>", "", strings.Repeat("长", 160) + "…"} {
		if faults.Lines[i].Text != want {
			t.Errorf("fault %d shows %q, want %q", i, faults.Lines[i].Text, want)
		}
	}
}
