package compliance_test

import (
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func incident(id, at string) compliance.StartInput {
	return compliance.StartInput{Subject: id, Title: "突发事件" + id, At: instant(at)}
}

func document(id, on string) compliance.StartInput {
	return compliance.StartInput{Subject: id, Title: "文件" + id, On: day(on)}
}

func TestOneIncidentStartsBothTerms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-08-09")
		word, conference := w.duty(jinan, "sd2017.first-word"), w.duty(jinan, "sd2017.press-conference")
		w.wantState(word.ID, rules.Unscheduled)
		w.registered(jinan, conference, incident("a", "2017-08-08 21:19"))
		for _, c := range []struct{ obligation, due string }{{"sd2017.first-word", "2017-08-09 02:19"}, {"sd2017.press-conference", "2017-08-09 21:19"}} {
			duty := w.duty(jinan, c.obligation)
			if duty.Subject != "a" || duty.DueAt == nil || !duty.DueAt.Equal(instant(c.due)) || duty.DueOn != day("2017-08-09") || duty.TriggerOn != day("2017-08-08") {
				t.Errorf("%s: %+v, want due at %s", c.obligation, duty, c.due)
			}
			w.wantState(duty.ID, rules.Pending)
		}
		if other := w.duty(qingdao, "sd2017.first-word"); other.Outcome != models.Unscheduled {
			t.Errorf("another city's duty is %s", other.Outcome)
		}
		// Five hours to the second are in time, one second more is late.
		w.at("2017-08-20").registered(jinan, word, incident("b", "2017-08-10 10:00"))
		for _, c := range []struct {
			subject, at string
			want        rules.State
		}{{"a", "2017-08-09 02:19", rules.Met}, {"b", "2017-08-10 15:01", rules.Late}} {
			for _, duty := range w.duties(jinan, "sd2017.first-word") {
				if duty.Subject == c.subject {
					w.verified(w.filed(jinan, duty, rules.Filing{At: instant(c.at), URL: page, LateReason: lateReason}))
					w.wantState(duty.ID, c.want)
				}
			}
		}
		if n := len(w.duties(jinan, "sd2017.press-conference")); n != 2 {
			t.Errorf("%d press conferences owed after two incidents, want 2", n)
		}
		w.wantSoundTallies()
	})
}

func TestADocumentEachHasItsTerm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development).at("2018-01-01").activated("jiangsu-2018", 2018).at("2018-05-15")
		waits := w.duty(development, "js2018.interpretation")
		w.registered(development, waits, document("苏发改〔2018〕1号", "2018-04-26"))
		w.registered(development, waits, document("苏发改〔2018〕2号", "2018-05-14"))
		duties := w.duties(development, "js2018.interpretation")
		if len(duties) != 2 || duties[0].ID != waits.ID || duties[0].DueOn != day("2018-05-02") || duties[1].DueOn != day("2018-05-17") {
			t.Fatalf("duties %+v", duties)
		}
		w.wantState(duties[0].ID, rules.Overdue)
		w.wantState(duties[1].ID, rules.Pending)
		// A normative document is another trigger.
		if gazette := w.duty(development, "js2018.gazette"); gazette.Outcome != models.Unscheduled {
			t.Errorf("gazette is %s", gazette.Outcome)
		}
		// Before it was registered nothing was known of it, not even its name.
		detail, err := w.Duty(t.Context(), w.root(models.Viewer).Access.Scope("duty", "read"), waits.ID, day("2018-05-14"))
		w.must(err)
		if detail.Verdict.State != rules.Unscheduled || detail.Verdict.Subject != "" || detail.DutyView.Duty.Subject != "" || detail.Explanation != nil {
			t.Errorf("the day before: %+v of %q", detail.Verdict, detail.DutyView.Duty.Subject)
		}
		w.wantSoundTallies()
	})
}

func TestFaultyStartsAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development).at("2018-01-01").activated("jiangsu-2018", 2018).at("2018-05-15")
		w.registered(development, w.duty(development, "js2018.interpretation"), document("1", "2018-05-14"))
		documents, incidents := w.duty(development, "js2018.interpretation"), w.duty(development, "js2018.first-word")
		reporter := w.actor(models.Reporter, development)
		for _, c := range []struct {
			name  string
			duty  models.Duty
			start compliance.StartInput
			want  map[string]string
		}{
			{"nothing", documents, compliance.StartInput{}, map[string]string{"id": "filing.required", "title": "filing.required", "on": "filing.date_required"}},
			{"no instant", incidents, document("2", "2018-05-01"), map[string]string{"at": "filing.instant_required"}},
			{"tomorrow", documents, document("2", "2018-05-16"), map[string]string{"on": "filing.future"}},
			{"in a minute", incidents, incident("2", "2018-05-15 12:01"), map[string]string{"at": "filing.future"}},
			{"last year", documents, document("2", "2017-12-31"), map[string]string{"on": "filing.outside_period"}},
			{"last year's incident", incidents, incident("2", "2017-12-31 23:59"), map[string]string{"at": "filing.outside_period"}},
			{"the same once more", documents, document(" 1 ", "2018-05-10"), map[string]string{"id": "duty.subject_used"}},
			{"long", documents, compliance.StartInput{Subject: strings.Repeat("长", 65), Title: strings.Repeat("长", 201), On: day("2018-05-01")},
				map[string]string{"id": "filing.too_long", "title": "filing.too_long"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				w.unchanged(t, func() { wantFields(t, w.RegisterStart(t.Context(), reporter, c.duty.ID, c.start), c.want) })
			})
		}
		w.unchanged(t, func() {
			wantError(t, w.RegisterStart(t.Context(), reporter, w.duty(development, "js2018.briefing").ID, document("2", "2018-05-01")), models.Conflict, "duty.no_start")
		})
	})
}

func TestAnExemptionFreesFromWhatItNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-08-20")
		// 济南 is freed of one incident only, 青岛 of first words altogether.
		w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("a", "2017-08-01 10:00"))
		w.exempted(w.duty(jinan, "sd2017.first-word"))
		w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("b", "2017-08-02 10:00"))
		if n := len(w.duties(jinan, "sd2017.first-word")); n != 2 {
			t.Errorf("%d first words of 济南, want the exempt one and the new one", n)
		}
		w.exempted(w.duty(qingdao, "sd2017.first-word"))
		w.registered(qingdao, w.duty(qingdao, "sd2017.press-conference"), incident("c", "2017-08-03 10:00"))
		if duty := w.duty(qingdao, "sd2017.first-word"); duty.Outcome != models.Exempt || duty.Subject != "" {
			t.Errorf("青岛's first word: %+v", duty)
		}
		if duty := w.duty(qingdao, "sd2017.press-conference"); duty.Outcome != models.Open || duty.Subject != "c" {
			t.Errorf("青岛's press conference: %+v", duty)
		}
		// With nothing left that it could start, an event is not taken silently.
		w.exempted(w.duty(jinan, "sd2017.poverty-funds"))
		reporter := w.actor(models.Reporter, jinan)
		w.unchanged(t, func() {
			wantError(t, w.RegisterStart(t.Context(), reporter, w.duty(jinan, "sd2017.poverty-funds").ID, document("d", "2017-02-10")), models.Conflict, "duty.already_exempt")
		})
		w.wantSoundTallies()
	})
}

func TestExemptionsAreRefusedWithoutGroundsOrTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-08-20")
		supervisor, duty := w.root(models.Supervisor), w.duty(jinan, "sd2017.leading-group")
		done := w.duty(jinan, "sd2017.plan")
		w.verified(w.filed(jinan, done, soundFiling(w.rules["sd2017.plan"], day("2017-06-01"))))
		w.unchanged(t, func() {
			wantFields(t, w.Exempt(t.Context(), supervisor, duty.ID, " ", ""), map[string]string{"reason": "filing.required", "document": "filing.required"})
			wantFields(t, w.Exempt(t.Context(), supervisor, duty.ID, strings.Repeat("长", 501), "文"), map[string]string{"reason": "filing.too_long"})
			wantError(t, w.Exempt(t.Context(), supervisor, done.ID, "理由", "文"), models.Conflict, "duty.already_done")
		})
		w.exempted(duty)
		w.unchanged(t, func() {
			wantError(t, w.Exempt(t.Context(), supervisor, duty.ID, "理由", "文"), models.Conflict, "duty.already_exempt")
		})
		cell := w.cell("370000", 2017, "2017-08-20", "sd2017.leading-group")
		if cell.Exempt != 1 || cell.Owed() != cell.Total()-1 {
			t.Errorf("cell %+v", cell)
		}
	})
}
