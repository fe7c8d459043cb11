package compliance_test

import (
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// jinan is 济南市, development 江苏省发展和改革委员会.
const (
	jinan       = "370100"
	qingdao     = "370200"
	development = "320000-fgw"
)

// filingCase files a changed copy of a sound filing.
type filingCase struct {
	name   string
	change func(f *rules.Filing)
	want   map[string]string
}

func TestFaultyFilingsAreRefusedFieldByField(t *testing.T) {
	long := strings.Repeat("长", 2001)
	groups := []struct {
		unit, obligation string
		// on is the day of the fact of the sound filing.
		on    string
		cases []filingCase
	}{
		{jinan, "sd2017.briefing", "2017-06-01", []filingCase{
			{"nothing", func(f *rules.Filing) { *f = rules.Filing{} }, map[string]string{
				"on": "filing.date_required", "presided_by": "filing.not_presided_by_principal", "title": "filing.required", "late_reason": "filing.late_reason"}},
			{"in the future", func(f *rules.Filing) { f.On = day("2018-03-16") }, map[string]string{"on": "filing.future"}},
			{"before the year", func(f *rules.Filing) { f.On = day("2016-12-31") }, map[string]string{"on": "filing.outside_period"}},
			{"after the year", func(f *rules.Filing) { f.On = day("2018-01-01") }, map[string]string{"on": "filing.outside_period"}},
			{"presided by a deputy", func(f *rules.Filing) { f.PresidedBy = "王副市长" }, map[string]string{"presided_by": "filing.not_presided_by_principal"}},
			{"blank topic", func(f *rules.Filing) { f.Title = " \t" }, map[string]string{"title": "filing.required"}},
			{"long topic and note", func(f *rules.Filing) { f.Title, f.Note = long[:201*3], long },
				map[string]string{"title": "filing.too_long", "note": "filing.too_long"}},
			{"a script as link", func(f *rules.Filing) { f.URL = "javascript:alert(1)" }, map[string]string{"url": "filing.bad_url"}},
			{"no host", func(f *rules.Filing) { f.URL = "https:///x" }, map[string]string{"url": "filing.bad_url"}},
			{"long link", func(f *rules.Filing) { f.URL = page + strings.Repeat("x", 1000) }, map[string]string{"url": "filing.bad_url"}},
		}},
		{development, "js2018.open-day", "2018-03-01", []filingCase{
			{"last year", func(f *rules.Filing) { f.On = day("2017-12-31") }, map[string]string{"on": "filing.outside_period"}},
			{"no link", func(f *rules.Filing) { f.URL = "" }, map[string]string{"url": "filing.url_required"}},
			{"long name of who presided", func(f *rules.Filing) { f.PresidedBy = long }, map[string]string{"presided_by": "filing.too_long"}},
		}},
		{development, "js2018.principal-interpretation", "2018-03-01", []filingCase{
			{"by a deputy", func(f *rules.Filing) { f.PresidedBy = "李某" }, map[string]string{"presided_by": "filing.not_presided_by_principal"}},
		}},
		{jinan, "sd2017.deputy", "2017-06-01", []filingCase{
			{"nothing", func(f *rules.Filing) { *f = rules.Filing{} }, map[string]string{"name": "filing.required", "from": "filing.date_required",
				"in_division_of_work": "filing.not_in_division_of_work", "announced_on": "filing.date_required", "url": "filing.announcement_url", "late_reason": "filing.late_reason"}},
			{"announced without a link", func(f *rules.Filing) { f.URL = "" }, map[string]string{"url": "filing.announcement_url"}},
			{"outside the division of work", func(f *rules.Filing) { f.InDivisionOfWork = false }, map[string]string{"in_division_of_work": "filing.not_in_division_of_work"}},
			{"from and announced in the future", func(f *rules.Filing) { f.From, f.AnnouncedOn = day("2018-04-01"), day("2018-04-01") },
				map[string]string{"from": "filing.future", "announced_on": "filing.future"}},
			{"long name and post", func(f *rules.Filing) { f.Name, f.Post = long[:61*3], long[:201*3] },
				map[string]string{"name": "filing.too_long", "post": "filing.too_long"}},
		}},
		{jinan, "sd2017.weight", "2017-06-01", []filingCase{
			{"nothing", func(f *rules.Filing) { *f = rules.Filing{} }, map[string]string{
				"on": "filing.date_required", "total": "filing.bad_points", "items": "filing.no_items", "late_reason": "filing.late_reason"}},
			{"short by one", func(f *rules.Filing) { f.Items[1].Points = "95" }, map[string]string{"items": "filing.does_not_add_up"}},
			{"openness alone", func(f *rules.Filing) { f.Items = f.Items[:1] }, map[string]string{"items": "filing.does_not_add_up"}},
			{"over by a hundredth", func(f *rules.Filing) { f.Items[1].Points = "96.01" }, map[string]string{"items": "filing.does_not_add_up"}},
			{"no number", func(f *rules.Filing) { f.Items[0].Points = "四" }, map[string]string{"items[0].points": "filing.bad_points"}},
			{"negative", func(f *rules.Filing) { f.Items[1].Points = "-96" }, map[string]string{"items[1].points": "filing.bad_points"}},
			{"total of nothing", func(f *rules.Filing) { f.Total = "0" }, map[string]string{"total": "filing.total_positive"}},
			{"item without a name", func(f *rules.Filing) { f.Items[1].Name = " " }, map[string]string{"items[1].name": "filing.required"}},
			{"unknown mark", func(f *rules.Filing) { f.Items[1].Openness = "much" }, map[string]string{"items[1].openness": "filing.bad_mark"}},
			{"of another time", func(f *rules.Filing) { f.On = day("2015-12-31") }, map[string]string{"on": "filing.outside_period"}},
			{"in the future", func(f *rules.Filing) { f.On = day("2018-03-16") }, map[string]string{"on": "filing.future"}},
			{"too many items", func(f *rules.Filing) { f.Items = make([]rules.Item, 0, 501); f.Items = fill(f.Items, 501) }, map[string]string{"items": "filing.too_many_items"}},
		}},
		{jinan, "sd2017.plan", "2017-06-01", []filingCase{
			{"nothing", func(f *rules.Filing) { *f = rules.Filing{} }, map[string]string{
				"on": "filing.date_required", "title": "filing.required", "url": "filing.url_required", "late_reason": "filing.late_reason"}},
			{"late without a reason", func(f *rules.Filing) { f.LateReason = " " }, map[string]string{"late_reason": "filing.late_reason"}},
			{"long reason", func(f *rules.Filing) { f.LateReason = long[:501*3] }, map[string]string{"late_reason": "filing.too_long"}},
			{"no web address", func(f *rules.Filing) { f.URL = "公告栏" }, map[string]string{"url": "filing.bad_url"}},
			{"tomorrow", func(f *rules.Filing) { f.On = day("2018-03-16") }, map[string]string{"on": "filing.future"}},
		}},
		{jinan, "sd2017.first-word", "2017-08-09", []filingCase{
			{"nothing", func(f *rules.Filing) { *f = rules.Filing{} }, map[string]string{"at": "filing.instant_required", "url": "filing.url_required", "late_reason": "filing.late_reason"}},
			{"before the incident", func(f *rules.Filing) { f.At = instant("2017-08-08 21:18") }, map[string]string{"at": "filing.before_start"}},
			{"a minute from now", func(f *rules.Filing) { f.At = instant("2018-03-15 12:01") }, map[string]string{"at": "filing.future"}},
		}},
		{jinan, "sd2017.enrolment", "2017-06-01", []filingCase{
			{"another year", func(f *rules.Filing) { f.On = day("2018-01-05") }, map[string]string{"on": "filing.outside_period"}},
			{"no link", func(f *rules.Filing) { f.URL = "" }, map[string]string{"url": "filing.url_required"}},
		}},
		{jinan, "sd2017.document-procedure", "2018-02-01", []filingCase{
			{"no day", func(f *rules.Filing) { f.On = 0 }, map[string]string{"on": "filing.date_required"}},
		}},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := filingWorld(t, s)
		for _, group := range groups {
			duty := w.duty(group.unit, group.obligation)
			reporter := w.actor(models.Reporter, group.unit)
			w.unchanged(t, func() {
				for _, c := range group.cases {
					filing := soundFiling(w.rules[group.obligation], day(group.on))
					c.change(&filing)
					t.Run(group.obligation+"/"+c.name, func(t *testing.T) {
						_, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: filing})
						wantFields(t, err, c.want)
					})
				}
			})
			// What was changed is what was wrong: the sound filing is taken.
			w.filed(group.unit, duty, soundFiling(w.rules[group.obligation], day(group.on)))
			w.wantState(duty.ID, rules.Reported)
		}
		w.wantSoundTallies()
	})
}

// filingWorld stands in March 2018, with an incident of 2017 registered.
func filingWorld(t *testing.T, s *store.Store) *world {
	w := newWorld(t, s, "370000", jinan, "320000", development).at("2017-01-01").activated("shandong-2017", 2017).
		at("2018-03-15").activated("jiangsu-2018", 2018)
	w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("爆炸", "2017-08-08 21:19"))
	return w
}

func fill(items []rules.Item, n int) []rules.Item {
	for len(items) < n {
		items = append(items, rules.Item{Name: "项", Points: "1"})
	}
	return items
}

func TestSchemeThatDoesNotAddUpNamesTheDifference(t *testing.T) {
	w := filingWorld(t, storetest.SQLite(t))
	filing := scheme(day("2017-06-01"), "100", "4")
	filing.Items[1].Points = "95.5"
	_, err := w.File(t.Context(), w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.weight").ID, compliance.Submission{Filing: filing})
	var args map[string]any
	if e, ok := err.(*models.Error); ok && len(e.Fields) == 1 {
		args = e.Fields[0].Args
	}
	if args["Difference"] != "0.5" || args["Sum"] != "99.5" || args["Total"] != "100" || args["Over"] != false {
		t.Errorf("arguments %v of %v", args, err)
	}
}

func TestStatesInWhichADutyTakesNoReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, "371200", "210000", "210000-xwb").at("2016-06-01").activated("liaoning-2016", 2016).
			at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-01")
		late := w.at("2016-08-15").dutyIn("210000-xwb", "ln2016.press-briefing", "2016-09")
		w.refused("210000-xwb", late, day("2016-08-15"), "duty.not_begun")
		w.at("2017-06-01")
		w.refused(jinan, w.duty(jinan, "sd2017.rotation"), day("2017-06-01"), "duty.judged_from_roster")
		w.refused(jinan, w.duty(jinan, "sd2017.press-conference"), day("2017-06-01"), "duty.register_first")
		exempt := w.duty(jinan, "sd2017.leading-group")
		w.exempted(exempt)
		w.refused(jinan, exempt, day("2017-06-01"), "duty.exempt_refused")
		plan := w.duty(jinan, "sd2017.plan")
		report := w.filed(jinan, plan, soundFiling(w.rules["sd2017.plan"], day("2017-06-01")))
		w.refused(jinan, plan, day("2017-06-01"), "duty.waits")
		w.verified(report)
		w.refused(jinan, plan, day("2017-06-01"), "duty.already_done")
		// 莱芜市 became a part of 济南市 on 1 January 2019.
		laiwu := w.duty("371200", "sd2017.plan")
		w.at("2019-01-01").refused("371200", laiwu, day("2017-06-01"), "duty.unit_closed")
		w.at("2018-12-31").filed("371200", laiwu, soundFiling(w.rules["sd2017.plan"], day("2017-06-01")))
	})
}

// refused files what would be sound, were it not for the duty's state, and
// compares the reason with the one that the duty's page gives.
func (w *world) refused(unit string, duty models.Duty, on calendar.Date, key string) {
	w.Helper()
	detail, err := w.Duty(w.Context(), w.root(models.Viewer).Access.Scope("duty", "read"), duty.ID, w.Today())
	w.must(err)
	if detail.Refusal == nil || detail.Refusal.Key != key {
		w.Errorf("the duty's page says %v, want %s", detail.Refusal, key)
	}
	reporter := w.actor(models.Reporter, unit)
	w.unchanged(w.T, func() {
		_, err = w.File(w.Context(), reporter, duty.ID, compliance.Submission{Filing: soundFiling(detail.Rule, on)})
		wantError(w.T, err, models.Conflict, key)
	})
}

func TestSeveralEventsOfACountAreFiledSideBySide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := filingWorld(t, s)
		duty := w.duty(development, "js2018.principal-interpretation")
		var reports []*models.Report
		for _, on := range []string{"2018-01-10", "2018-02-10", "2018-03-10"} {
			reports = append(reports, w.filed(development, duty, soundFiling(w.rules["js2018.principal-interpretation"], day(on))))
		}
		for _, report := range reports {
			w.wantState(duty.ID, rules.Reported)
			w.verified(report)
		}
		w.wantState(duty.ID, rules.Met)
		if done := w.duty(development, "js2018.principal-interpretation").DoneOn; done != day("2018-03-10") {
			t.Errorf("done on %s, want the day of the third", done)
		}
	})
}

func TestTheSameKeyFilesOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := filingWorld(t, s)
		reporter, duty := w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.plan")
		filing := soundFiling(w.rules["sd2017.plan"], day("2017-06-01"))
		first, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: filing, Key: "key"})
		w.must(err)
		w.unchanged(t, func() {
			padded := filing
			padded.Title = "  " + padded.Title + "\n"
			again, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: padded, Key: "key"})
			if err != nil || again.ID != first.ID {
				t.Errorf("report %v, error %v, want report %d again", again, err, first.ID)
			}
			other := filing
			other.Title = "另一份"
			_, err = w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: other, Key: "key"})
			wantError(t, err, models.Conflict, "report.key_used")
			_, err = w.File(t.Context(), reporter, w.duty(jinan, "sd2017.enrolment").ID, compliance.Submission{Filing: filing, Key: "key"})
			wantError(t, err, models.Conflict, "report.key_used")
		})
		w.verified(first.Report)
		if again, err := w.File(t.Context(), reporter, duty.ID, compliance.Submission{Filing: filing, Key: "key"}); err != nil || again.Status != models.Verified {
			t.Errorf("after the decision: report %v, error %v", again, err)
		}
		// Another person's key is another key.
		if _, err := w.File(t.Context(), w.actor(models.Reporter, jinan), w.duty(jinan, "sd2017.enrolment").ID, compliance.Submission{Filing: filing, Key: "key"}); err != nil {
			t.Errorf("another person: %v", err)
		}
	})
}
