package compliance_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// packText is a pack of the seeds with some of its text replaced: pairs of what
// stands there and what shall.
func (w *world) packText(id string, pairs ...string) []byte {
	w.Helper()
	sources, err := seeds.PolicySources()
	w.must(err)
	for _, source := range sources {
		if source.ID != id {
			continue
		}
		text := string(source.Source)
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				w.Fatalf("%s has no %q", id, pairs[i])
			}
			text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
		}
		return []byte(text)
	}
	w.Fatalf("no pack %s", id)
	return nil
}

// without is the pack without the obligation with the id.
func without(source []byte, id string) []byte {
	const division = "\n# The division of tasks"
	obligations, tasks, _ := strings.Cut(string(source), division)
	parts := strings.Split(obligations, "\n  - id: ")
	kept := slices.DeleteFunc(parts, func(part string) bool { return strings.HasPrefix(part, id+"\n") })
	return []byte(strings.Join(kept, "\n  - id: ") + division + tasks)
}

// amended previews the amendment of Shandong's pack and does it.
func (w *world) amended(source []byte) *compliance.Amendment {
	w.Helper()
	admin := w.root(models.Administrator)
	preview, err := w.PreviewAmendment(w.Context(), admin, "shandong-2017", source)
	w.must(err)
	before := w.dutyRows()
	done, err := w.Amend(w.Context(), admin, "shandong-2017", source, "省政府办公厅通知", preview.Seen)
	w.must(err)
	if diff := cmp.Diff(preview, done); diff != "" {
		w.Errorf("preview and outcome differ (-preview +outcome):\n%s", diff)
	}
	w.wantMoves(preview, before, w.dutyRows())
	return preview
}

// dutyRows returns all duties by id.
func (w *world) dutyRows() map[uint64]models.Duty {
	w.Helper()
	var rows []models.Duty
	w.must(w.store.Read(w.Context()).Find(&rows).Error)
	byID := map[uint64]models.Duty{}
	for _, row := range rows {
		byID[row.ID] = row
	}
	return byID
}

// wantMoves demands that the rows changed as the preview says, and no others.
func (w *world) wantMoves(preview *compliance.Amendment, before, after map[uint64]models.Duty) {
	w.Helper()
	standing := func(row models.Duty) string {
		if row.Outcome == models.Withdrawn || row.ID == 0 {
			return "none"
		}
		at := time.Time{}
		if row.DueAt != nil {
			at = row.DueAt.UTC()
		}
		return fmt.Sprint(row.DueOn, at, row.Provisional, rules.StateOn(rules.Outcome(row.Outcome), row.DueOn, row.Provisional, w.Today()))
	}
	said := func(s compliance.Standing) string {
		if s.State == "" {
			return "none"
		}
		return fmt.Sprint(s.DueOn, s.DueAt.UTC(), s.Provisional, s.State)
	}
	name := func(unit uint64, period, subject string) string { return fmt.Sprint(unit, " ", period, " ", subject) }
	want := map[string][]string{}
	for _, moves := range preview.Moves {
		for _, m := range moves {
			key := name(m.Unit.ID, m.Period, m.Subject) + " " + m.Obligation
			want[key] = append(want[key], said(m.Before)+" > "+said(m.After))
		}
	}
	codes := w.obligationCodes()
	got := map[string][]string{}
	moved := 0
	for id, now := range after {
		was := before[id]
		if was.Outcome == models.Met || was.Outcome == models.Late || was.Outcome == models.Exempt {
			if diff := cmp.Diff(was, now); diff != "" {
				w.Errorf("a settled duty changed:\n%s", diff)
			}
			continue
		}
		if now.Outcome != models.Withdrawn && now.Edition != preview.Edition {
			w.Errorf("duty %d of %s is still judged by edition %d", id, codes[now.ObligationID], now.Edition)
		}
		if standing(was) != standing(now) {
			moved++
			key := name(now.UnitID, now.Period, now.Subject) + " " + codes[now.ObligationID]
			got[key] = append(got[key], standing(was)+" > "+standing(now))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("duties moved (-preview +rows):\n%s", diff)
	}
	if sum := preview.Moved + preview.Created + preview.Withdrawn; sum != moved {
		w.Errorf("the preview counts %d duties that change, %d did", sum, moved)
	}
}

func (w *world) obligationCodes() map[uint64]string {
	w.Helper()
	var rows []models.Obligation
	w.must(w.store.Read(w.Context()).Find(&rows).Error)
	codes := map[uint64]string{}
	for _, row := range rows {
		codes[row.ID] = row.Code
	}
	return codes
}

var shandongCities = []string{"370000", jinan, qingdao, "370300", "370400", "370500", "370600"}

// shandongInJune has plans that are open, waiting, done in time and late, and
// exempt on 20 June 2017, four days after they were due.
func shandongInJune(t *testing.T, s *store.Store) *world {
	w := newWorld(t, s, shandongCities...).at("2017-01-01").activated("shandong-2017", 2017)
	file := func(unit, on string) *models.Report {
		return w.filed(unit, w.duty(unit, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day(on)))
	}
	w.at("2017-06-18")
	file(qingdao, "2017-06-15")
	w.verified(file("370300", "2017-06-14"))
	w.verified(file("370400", "2017-06-17"))
	w.exempted(w.duty("370600", "sd2017.plan"))
	w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("a", "2017-06-01 09:00"))
	return w.at("2017-06-20")
}

func TestAnAmendmentMovesOpenDutiesOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		w.extended(w.duty("370500", "sd2017.plan"), "2017-08-31")
		past := w.board("370000", 2017, "2017-06-19")
		listed := w.shownOn("2017-06-19")
		w.wantState(w.duty(jinan, "sd2017.plan").ID, rules.Overdue)

		amendment := w.amended(w.packText("shandong-2017",
			"n: 30, after: policy-published", "n: 40, after: policy-published",
			"what: random-inspection-list, on: 2017-05-31", "what: random-inspection-list, on: 2017-06-30",
			"n: 5, after: incident", "n: 6, after: incident",
			"30个工作日内公开实施方案", "40个工作日内公开实施方案"))

		for unit, want := range map[string]string{jinan: "2017-06-30 open 2", qingdao: "2017-06-30 reported 2", "370300": "2017-06-16 met 1",
			"370400": "2017-06-16 late 1", "370600": "2017-06-16 exempt 1", "370500": "2017-08-31 open 2"} {
			row := w.duty(unit, "sd2017.plan")
			if got := fmt.Sprint(row.DueOn, " ", row.Outcome, " ", row.Edition); got != want {
				t.Errorf("the plan of %s is %s, want %s", unit, got, want)
			}
		}
		w.wantState(w.duty(jinan, "sd2017.plan").ID, rules.Pending)
		word := w.duty(jinan, "sd2017.first-word")
		if got := word.DueAt.In(rules.Shanghai).Format("15:04"); got != "15:00" || word.Subject != "a" {
			t.Errorf("the first word on %q is due at %s, want six hours after 09:00", word.Subject, got)
		}
		if amendment.Settled != 3 || amendment.Created != 0 || amendment.Withdrawn != 0 || amendment.Moved == 0 || amendment.Kept == 0 {
			t.Errorf("counts %+v", amendment.Changes)
		}
		// The day before stays as it was, titles and reasons included.
		if diff := cmp.Diff(past, w.board("370000", 2017, "2017-06-19")); diff != "" {
			t.Errorf("yesterday's board changed:\n%s", diff)
		}
		if diff := cmp.Diff(listed, w.shownOn("2017-06-19")); diff != "" {
			t.Errorf("yesterday's list changed:\n%s", diff)
		}
		w.wantSoundTallies()
	})
}

// shown is what a list shows of a duty.
type shown struct {
	Unit       string
	Obligation compliance.ObligationRef
	DueAt      *time.Time
	Edition    int
	Verdict    rules.Verdict
}

// shownOn lists Shandong's duties of 2017 as a list of the day shows them.
func (w *world) shownOn(asOf string) []shown {
	w.Helper()
	var list []shown
	for _, view := range w.listed(compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day(asOf)}) {
		list = append(list, shown{view.Unit.Code, view.Obligation, view.Duty.DueAt, view.Duty.Edition, view.Verdict})
	}
	return list
}

func TestADutysPageOfThePastIsJudgedByTheEditionThen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		w.amended(w.packText("shandong-2017", "n: 30, after: policy-published", "n: 40, after: policy-published",
			"30个工作日内公开实施方案", "40个工作日内公开实施方案", "n: 5, after: incident", "n: 6, after: incident"))
		for asOf, want := range map[string]string{
			"2017-06-19": "2017-06-16 overdue 30 30个工作日内公开实施方案 30",
			"2017-06-20": "2017-06-30 pending 40 40个工作日内公开实施方案 40",
		} {
			d, err := w.Duty(t.Context(), rbac.Everywhere, w.duty(jinan, "sd2017.plan").ID, day(asOf))
			w.must(err)
			counted := d.Explanation.WorkingDays
			if got := fmt.Sprint(d.Verdict.DueOn, " ", d.Verdict.State, " ", d.Rule.WorkingDays.N, " ", d.Obligation.Title.ZH, " ", counted); got != want {
				t.Errorf("as of %s: %s, want %s", asOf, got, want)
			}
		}
		for asOf, want := range map[string]string{"2017-06-19": "14:00", "2017-06-20": "15:00"} {
			d, err := w.Duty(t.Context(), rbac.Everywhere, w.duty(jinan, "sd2017.first-word").ID, day(asOf))
			w.must(err)
			if got := d.Duty.DueAt.In(rules.Shanghai).Format("15:04"); got != want || !d.Verdict.DueAt.Equal(*d.Duty.DueAt) {
				t.Errorf("as of %s the first word is due at %s, want %s", asOf, got, want)
			}
		}
	})
}

func TestAnAmendmentCreatesAndWithdraws(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		source := w.packText("shandong-2017",
			// Another demand, and one on whom nobody was bound before.
			"obligations:\n", `obligations:
  - id: sd2017.open-day
    clause: 新增
    title: {zh: 政府开放日, en: Open day}
    counts: {zh: 当年举办的政府开放日, en: An open day held in the year}
    kind: count
    who: {kinds: [city]}
    years: {from: 2017, to: 2017}
    require: {what: open-day, min: 1, window: year}
    points: "3"
`,
			"who: {kinds: [province, city, county]}\n    years: {from: 2017, to: 2017}\n    require: {what: random",
			"who: {kinds: [province, city, county], except: [\"370200\"]}\n    years: {from: 2017, to: 2017}\n    require: {what: random")
		source = without(source, "sd2017.document-procedure")
		w.create(&models.Draft{DutyID: w.duty(jinan, "sd2017.document-procedure").ID, UserID: 1, Filing: "{}", SavedAt: instant("2017-06-19 10:00")})
		amendment := w.amended(source)
		if amendment.Created != 6 || amendment.Withdrawn != 7 || amendment.Drafts != 1 {
			t.Errorf("%+v, want an open day for 6 cities, 6 procedures and a list withdrawn, and a draft", amendment.Changes)
		}
		if row := w.duty(jinan, "sd2017.document-procedure"); row.Outcome != models.Withdrawn || row.Edition != 1 {
			t.Errorf("the procedure is %s by edition %d", row.Outcome, row.Edition)
		}
		if cell := w.cell("370000", 2017, "2017-06-19", "sd2017.document-procedure"); cell.Total() != 6 {
			t.Errorf("yesterday's board has %d procedures, want 6", cell.Total())
		}
		titles := func(asOf string) string { return fmt.Sprint(w.board("370000", 2017, asOf).Obligations) }
		if strings.Contains(titles("2017-06-20"), "document-procedure") || !strings.Contains(titles("2017-06-20"), "open-day") ||
			strings.Contains(titles("2017-06-19"), "open-day") {
			t.Errorf("columns of 19 June %s, of 20 June %s", titles("2017-06-19"), titles("2017-06-20"))
		}
		w.wantSoundTallies()

		// And back: what was withdrawn is owed again, once, and nothing twice.
		w.at("2017-06-22")
		again := w.amended(w.packText("shandong-2017"))
		if again.Created != 7 || again.Withdrawn != 6 {
			t.Errorf("%+v, want 7 back and 6 open days gone", again.Changes)
		}
		if rows := w.duties(jinan, "sd2017.document-procedure"); len(rows) != 1 || rows[0].Outcome != models.Open || rows[0].Edition != 3 {
			t.Errorf("procedures %+v", rows)
		}
		w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantSoundTallies()
	})
}

func TestAnAmendedDutyMayBeDoneAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01")
		source := w.packText("shandong-2017", "{what: briefing, min: 1,", "{what: briefing, min: 2,")
		w.must(w.LoadPolicy(t.Context(), compliance.Actor{}, source))
		for i, o := range must(rules.ParsePolicy(source)).Obligations {
			w.rules[o.ID] = &must(rules.ParsePolicy(source)).Obligations[i]
		}
		_, err := w.Activate(t.Context(), w.root(models.Administrator), "shandong-2017", 2017)
		w.must(err)
		w.at("2017-06-20")
		w.verified(w.filed(jinan, w.duty(jinan, "sd2017.briefing"), soundFiling(w.rules["sd2017.briefing"], day("2017-03-01"))))
		w.wantState(w.duty(jinan, "sd2017.briefing").ID, rules.Pending)
		amendment := w.amended(w.packText("shandong-2017"))
		move := amendment.Moves[compliance.Moves]
		if len(move) != 1 || move[0].Before.State != rules.Pending || move[0].After.State != rules.Met {
			t.Errorf("moves %+v, want the briefing met", move)
		}
		w.wantState(w.duty(jinan, "sd2017.briefing").ID, rules.Met)
		w.wantSoundTallies()
	})
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// wantRefusals demands a Conflict that names exactly the obligations.
func wantRefusals(t *testing.T, err error, want map[string]string) {
	t.Helper()
	var e *models.Error
	if !errors.As(err, &e) || e.Code != models.Conflict || e.Key != "policy.amend_refused" {
		t.Errorf("error %v, want a refusal of %v", err, want)
		return
	}
	got := map[string]string{}
	for _, field := range e.Fields {
		got[field.Name] = field.Key
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

func TestAnAmendmentIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		admin := w.root(models.Administrator)
		moved := w.packText("shandong-2017", "n: 30, after: policy-published", "n: 40, after: policy-published")
		amend := func(by compliance.Actor, code string, source []byte, reason string) error {
			_, err := w.Amend(t.Context(), by, code, source, reason, "x")
			if err == nil {
				t.Fatal("it was done")
			}
			return err
		}
		// Whatever a preview refuses is refused, and the other way round.
		both := func(source []byte) error {
			_, err := w.PreviewAmendment(t.Context(), admin, "shandong-2017", source)
			if done := amend(admin, "shandong-2017", source, "x"); fmt.Sprint(done) != fmt.Sprint(err) {
				t.Errorf("preview: %v; amendment: %v", err, done)
			}
			return err
		}
		w.unchanged(t, func() {
			for _, by := range []compliance.Actor{{}, w.actor(models.Supervisor, "370000"), w.actor(models.Administrator, jinan)} {
				_, err := w.PreviewAmendment(t.Context(), by, "shandong-2017", moved)
				wantError(t, err, models.Forbidden, "policy.not_your_region")
				wantError(t, amend(by, "shandong-2017", moved, "x"), models.Forbidden, "policy.not_your_region")
			}
			wantError(t, amend(admin, "shandong-2018", moved, "x"), models.NotFound, "policy.unknown")
			wantFields(t, amend(admin, "shandong-2017", moved, " "), map[string]string{"reason": "filing.required"})
			wantFields(t, amend(admin, "shandong-2017", moved, strings.Repeat("长", 501)), map[string]string{"reason": "filing.too_long"})
			wantError(t, amend(admin, "shandong-2017", moved, "x"), models.Stale, "policy.preview_stale")
			if err := amend(admin, "shandong-2017", []byte("id: x"), "x"); err == nil || !strings.Contains(err.Error(), "pack.bad_id") {
				t.Errorf("a faulty pack: %v", err)
			}
			wantError(t, both(w.packText("shandong-2017")), models.Conflict, "policy.amend_unchanged")
			wantError(t, both(w.packText("shandong-2017", "id: shandong-2017", "id: shandong-2018")), models.Conflict, "policy.amend_other")
			wantError(t, both(w.packText("shandong-2017", `region: "370000"`, `region: "000000"`)), models.Conflict, "policy.amend_region")
			// A waiting report and those that were accepted: the exempt one has none.
			wantRefusals(t, both(without(w.packText("shandong-2017"), "sd2017.plan")), map[string]string{"sd2017.plan": "policy.amend_orphans"})
			wantRefusals(t, both(w.packText("shandong-2017", "kind: within_working_days\n    who: {kinds: [city, county, township, department]}\n    years: {from: 2017, to: 2017}\n    require: {n: 30, after: policy-published, what: plan}",
				"kind: by_date\n    who: {kinds: [city, county, township, department]}\n    years: {from: 2017, to: 2017}\n    require: {on: 2017-12-31, what: plan}")),
				map[string]string{"sd2017.plan": "policy.amend_nature"})
			wantRefusals(t, both(w.packText("shandong-2017", "what: plan}", "what: arrangement}", "what: first-word}", "what: press-conference}")),
				map[string]string{"sd2017.plan": "policy.amend_nature", "sd2017.first-word": "policy.amend_nature"})
		})
		w.exempted(w.duty(jinan, "sd2017.leading-group"))
		w.unchanged(t, func() {
			// The deadline past the year's end is another period: who was freed from
			// the old one would owe the new one.
			wantRefusals(t, both(w.packText("shandong-2017", "what: leading-group, on: 2017-12-31", "what: leading-group, on: 2018-03-31")),
				map[string]string{"sd2017.leading-group": "policy.amend_periods"})
		})
	})
}

func TestAPeriodMakesRoomForAnotherWhileNothingHangsOnIt(t *testing.T) {
	w := shandongInJune(t, storetest.SQLite(t))
	amendment := w.amended(w.packText("shandong-2017", "what: leading-group, on: 2017-12-31", "what: leading-group, on: 2018-03-31"))
	if amendment.Created != 6 || amendment.Withdrawn != 6 {
		t.Errorf("%+v, want 6 duties for 6", amendment.Changes)
	}
	w.wantSoundTallies()
}

func TestOneOfManyAmendmentsWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		admins := w.crowd(models.Administrator, "370000")
		sources, seen := make([][]byte, crowd), make([]string, crowd)
		for i := range crowd {
			sources[i] = w.packText("shandong-2017", "n: 30, after: policy-published", fmt.Sprintf("n: %d, after: policy-published", 31+i))
			preview, err := w.PreviewAmendment(t.Context(), admins[i], "shandong-2017", sources[i])
			w.must(err)
			seen[i] = preview.Seen
		}
		got := together(func(i int) error {
			_, err := w.Amend(t.Context(), admins[i], "shandong-2017", sources[i], "x", seen[i])
			return err
		})
		if got[""] != 1 || got[models.Stale]+got[models.Conflict] != crowd-1 {
			t.Errorf("%v, want one amendment and %d told that it was overtaken", got, crowd-1)
		}
		view, err := w.Policy(t.Context(), "shandong-2017")
		w.must(err)
		row := w.duty(jinan, "sd2017.plan")
		cal := must(seeds.Calendar())
		if want, _ := cal.AddWorkingDays(view.Policy.Published, must2(view.Policy.Find("sd2017.plan")).WorkingDays.N); row.DueOn != want || view.Row.Edition != 2 {
			t.Errorf("the plan is due on %s, by edition %d it is %s", row.DueOn, view.Row.Edition, want)
		}
		w.wantSoundTallies()
	})
}

func must2[T any](value T, ok bool) T {
	if !ok {
		panic("absent")
	}
	return value
}

func TestAPreviewThatTheWorldOvertookIsNotApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := shandongInJune(t, s)
		admin := w.root(models.Administrator)
		source := w.packText("shandong-2017", "n: 30, after: policy-published", "n: 40, after: policy-published")
		preview, err := w.PreviewAmendment(t.Context(), admin, "shandong-2017", source)
		w.must(err)
		w.filed(jinan, w.duty(jinan, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-19")))
		w.unchanged(t, func() {
			_, err := w.Amend(t.Context(), admin, "shandong-2017", source, "x", preview.Seen)
			wantError(t, err, models.Stale, "policy.preview_stale")
		})
		w.amended(source)
		editions, err := w.Editions(t.Context(), "shandong-2017")
		w.must(err)
		if len(editions) != 2 || editions[0].Number != 2 || editions[0].Reason != "省政府办公厅通知" || editions[0].LoadedBy == "" || editions[1].Reason != "" {
			t.Errorf("editions %+v", editions)
		}
		for edition, want := range map[int]string{0: string(source), 2: string(source), 1: string(w.packText("shandong-2017"))} {
			if text, err := w.Source(t.Context(), "shandong-2017", edition); err != nil || text != want {
				t.Errorf("edition %d: %v, %.80s", edition, err, text)
			}
		}
		for _, unknown := range []int{3, -1} {
			_, err := w.Source(t.Context(), "shandong-2017", unknown)
			wantError(t, err, models.NotFound, "policy.unknown")
		}
		_, err = w.Editions(t.Context(), "shandong-2018")
		wantError(t, err, models.NotFound, "policy.unknown")
		w.wantAudit("policy", 1, 3) // loaded, activated, amended
	})
}

// After an amendment what starts anew runs by it, also where all that started
// before is done, and what is no longer demanded does not start.
func TestTermsStartByTheLatestEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-02")
		w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("a", "2017-06-01 09:00"))
		for _, code := range []string{"sd2017.first-word", "sd2017.press-conference"} {
			w.verified(w.filed(jinan, w.duty(jinan, code), rules.Filing{At: instant("2017-06-01 12:00"), URL: page, LateReason: "值班"}))
		}
		w.amended(without(w.packText("shandong-2017", "n: 5, after: incident", "n: 6, after: incident"), "sd2017.press-conference"))
		w.at("2017-07-02")
		w.registered(jinan, w.duty(jinan, "sd2017.first-word"), incident("b", "2017-07-01 09:00"))
		words := w.duties(jinan, "sd2017.first-word")
		if len(words) != 2 || words[1].Edition != 2 || words[1].DueAt.In(rules.Shanghai).Format("15:04") != "15:00" || words[0].Edition != 1 {
			t.Errorf("first words %+v", words)
		}
		if rows := w.duties(jinan, "sd2017.press-conference"); len(rows) != 1 || rows[0].Outcome != models.Met {
			t.Errorf("press conferences %+v, want the one of before", rows)
		}
		w.wantSoundTallies()
	})
}

// A duty that was put off until after its unit's closing is nobody's, and stays so
// although the policy itself would have it due before.
func TestAnAmendmentLeavesWhatWasPutOffPastAClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-06-20")
		plan := w.duty("370103", "sd2017.plan")
		w.extended(plan, "2017-10-31")
		w.changed(compliance.CloseUnit{Code: "370103", On: day("2017-10-01"), Reason: "撤销"})
		if row := w.dutyAt(plan.ID); row.Outcome != models.Withdrawn {
			t.Fatalf("due after the closing it is %s", row.Outcome)
		}
		w.at("2017-06-22")
		if amendment := w.amended(w.packText("shandong-2017", "n: 30, after: policy-published", "n: 40, after: policy-published")); amendment.Created != 0 {
			t.Errorf("%+v, want nothing created", amendment.Changes)
		}
		if row := w.dutyAt(plan.ID); row.Outcome != models.Withdrawn {
			t.Errorf("amended it is %s, due on %s", row.Outcome, row.DueOn)
		}
		w.wantBoardOfDuties(jinan, 2017, w.Today())
		w.wantSoundTallies()
	})
}
