package compliance_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// notice2017 has the clauses of the notice for 2017.
const notice2017 = `国务院办公厅关于2017年部分节假日安排的通知
国办发明电〔2016〕17号
一、元旦：1月1日放假，1月2日（星期一）补休。
二、春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
四、劳动节：5月1日放假，与周末连休。
五、端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。
国务院办公厅
2016年12月1日`

// noticeText is a real notice as it is pasted.
func noticeText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// withoutNotices makes the ledger count by the shipped notices but those with
// the numbers.
func (w *world) withoutNotices(numbers ...string) {
	w.Helper()
	notices, err := seeds.CalendarNotices()
	w.must(err)
	cal, err := calendar.New(slices.DeleteFunc(notices, func(n calendar.Notice) bool { return slices.Contains(numbers, n.Number) }))
	w.must(err)
	w.withCalendar(cal)
}

func (w *world) previewed(by compliance.Actor, text string) *compliance.NoticePreview {
	w.Helper()
	preview, err := w.PreviewNotice(w.Context(), by, text)
	w.must(err)
	return preview
}

func (w *world) entered(by compliance.Actor, text string) *compliance.NoticePreview {
	w.Helper()
	done, err := w.EnterNotice(w.Context(), by, text, "")
	w.must(err)
	return done
}

// enteredID returns the id of the entered notice that is in force.
func (w *world) enteredID(number string) uint64 {
	w.Helper()
	var row models.CalendarNotice
	w.must(w.store.Read(w.Context()).Where("number = ? AND removed = 0", number).Take(&row).Error)
	return row.ID
}

// samePreview compares previews; calendars by what they say of days.
func samePreview(a, b *compliance.NoticePreview) string {
	calendars := cmp.Comparer(func(x, y *calendar.Calendar) bool { return len(x.ChangesTo(y)) == 0 })
	return cmp.Diff(a, b, calendars)
}

// The worked example: 30 working days after 4 May 2017 are 16 June by the notice
// for 2017, and 15 June while there is none.
func TestANoticeMovesWhatItsPreviewShows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		codes := []string{"370300", "370400", "370500", "370600"}
		w := newWorld(t, s, append(codes, "370000", jinan, qingdao)...)
		w.addUnit("370000-old", models.Department, "370000", "2000-01-01", "2017-06-16")
		w.withCalendar(noticesUntil(t, 2016))
		w.at("2017-05-04").activated("shandong-2017", 2017).at("2017-06-16")
		plan := func(unit string) models.Duty { return w.duty(unit, "sd2017.plan") }
		done := soundFiling(w.rules["sd2017.plan"], day("2017-06-16"))
		late, early := w.verified(w.filed(qingdao, plan(qingdao), done)), w.filed("370300", plan("370300"), soundFiling(w.rules["sd2017.plan"], day("2017-06-10")))
		w.exempted(plan("370400"))
		w.extended(plan("370500"), "2017-06-20")
		w.at("2017-06-17").wantState(late.DutyID, rules.Late)
		before, board := w.content(tables...), w.board("370000", 2017, "2017-06-16")

		by := w.root(models.Administrator)
		preview := w.previewed(by, notice2017)
		if diff := cmp.Diff(before, w.content(tables...)); diff != "" {
			t.Fatalf("a preview has written (-before +after):\n%s", diff)
		}
		got := map[string]string{}
		for _, m := range preview.Moves {
			got[m.Unit.Code] = strings.Join([]string{m.FromDue.String(), string(m.From), m.Duty.DueOn.String(), string(m.To)}, " ")
			if !m.FromProvisional || m.Duty.Provisional || m.Obligation.Code != "sd2017.plan" {
				t.Errorf("%s: %+v", m.Unit.Code, m)
			}
		}
		want := map[string]string{
			jinan:    "2017-06-15 pending 2017-06-16 overdue",
			"370600": "2017-06-15 pending 2017-06-16 overdue",
			qingdao:  "2017-06-15 late 2017-06-16 met",
			"370300": "2017-06-15 reported 2017-06-16 reported",
			"370400": "2017-06-15 exempt 2017-06-16 exempt",
			// On the new day the unit exists no longer: nobody owes it.
			"370000-old": "2017-06-15 pending 2017-06-16 withdrawn",
		}
		if diff := cmp.Diff(want, got); diff != "" || preview.Total != len(want) {
			t.Errorf("moves (-want +got), %d in all:\n%s", preview.Total, diff)
		}
		turns := map[compliance.StateTurn]bool{}
		for _, turn := range preview.Turns {
			turns[turn] = true
		}
		if len(turns) != 5 || !turns[compliance.StateTurn{From: rules.Pending, To: rules.Overdue, Count: 2}] || !turns[compliance.StateTurn{From: rules.Late, To: rules.Met, Count: 1}] {
			t.Errorf("turns %+v", preview.Turns)
		}

		entered, err := w.EnterNotice(t.Context(), by, notice2017, preview.Basis)
		w.must(err)
		if diff := samePreview(preview, entered); diff != "" {
			t.Errorf("(-preview +what happened):\n%s", diff)
		}
		for _, m := range entered.Moves {
			var row models.Duty
			w.must(s.Read(t.Context()).Take(&row, m.Duty.ID).Error)
			row.Version--
			if diff := cmp.Diff(m.Duty, row); diff != "" {
				t.Errorf("%s (-preview +stored):\n%s", m.Unit.Code, diff)
			}
			if m.To != rules.State(models.Withdrawn) {
				w.wantState(row.ID, m.To)
			}
		}
		if duty := plan("370500"); duty.DueOn != day("2017-06-20") || duty.Provisional {
			t.Errorf("the extended duty is due on %s", duty.DueOn)
		}
		w.wantState(early.DutyID, rules.Reported)
		if diff := cmp.Diff(board, w.board("370000", 2017, "2017-06-16")); diff != "" {
			t.Errorf("the board of the day before (-then +now):\n%s", diff)
		}
		w.wantSoundTallies()
		if settled, err := w.Settle(t.Context(), compliance.Actor{}); err != nil || settled != 0 {
			t.Errorf("settled %d more, %v", settled, err)
		}
		w.wantNoticeEntry("enter", by, preview.Total)
	})
}

// wantNoticeEntry demands that the last entry of the log about notices tells of
// one that the actor did something with, and how many duties it moved.
func (w *world) wantNoticeEntry(action string, by compliance.Actor, duties int) {
	w.Helper()
	var entries []models.AuditEntry
	w.must(w.store.Read(w.Context()).Where("object = ? AND action = ?", "notice", action).Find(&entries).Error)
	if len(entries) == 0 {
		w.Fatal("no audit entry")
	}
	last := entries[len(entries)-1]
	var detail struct{ Duties int }
	w.must(json.Unmarshal([]byte(last.Detail), &detail))
	if last.UserName != by.Name || detail.Duties != duties || !strings.Contains(last.Changes, "国办发明电") {
		w.Errorf("audit entry %+v, want %s by %s of %d duties", last, action, by.Name, duties)
	}
}

// The notice for 2026 was issued in November 2025: a term that reaches into
// January is provisional until then.
func TestNextYearsNoticeSettlesWhatReachesIntoIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development)
		w.withCalendar(noticesUntil(t, 2025))
		w.at("2025-01-01").activated("jiangsu-2018", 2025).at("2026-02-10").activated("jiangsu-2018", 2026)
		first := w.dutyIn(development, "js2018.interpretation", "2026")
		w.registered(development, first, document("1", "2026-02-10"))
		w.at("2026-02-12").registered(development, first, document("2", "2026-02-12"))
		terms := func() map[string]string {
			all := map[string]string{}
			for _, duty := range w.duties(development, "js2018.interpretation") {
				if duty.Subject != "" {
					all[duty.Subject] = duty.DueOn.String()
					if duty.Provisional {
						all[duty.Subject] += " provisional"
					}
				}
			}
			return all
		}
		without, with := map[string]string{"1": "2026-02-13 provisional", "2": "2026-02-17 provisional"}, map[string]string{"1": "2026-02-13", "2": "2026-02-24"}
		if diff := cmp.Diff(without, terms()); diff != "" {
			t.Fatalf("before (-want +got):\n%s", diff)
		}
		if count, err := w.ProvisionalDuties(t.Context(), rbac.Everywhere); err != nil || count != 2 {
			t.Errorf("%d provisional duties, %v", count, err)
		}
		elsewhere := w.withSecondLedger()
		by := w.root(models.Administrator)
		done := w.entered(by, noticeText(t, "notice-2026.txt"))
		if diff := cmp.Diff(with, terms()); diff != "" || done.Total != 2 {
			t.Errorf("after, %d moved (-want +got):\n%s", done.Total, diff)
		}
		// Another process reads it as soon as it looks.
		cal, err := elsewhere.Calendar(t.Context())
		w.must(err)
		if !cal.HasNotice(2026) || cal.Day(day("2026-02-14")).Kind != calendar.Makeup {
			t.Error("another process counts by the old calendar")
		}
		detail, err := elsewhere.Duty(t.Context(), rbac.Everywhere, w.duties(development, "js2018.interpretation")[2].ID, day("2026-02-12"))
		w.must(err)
		if e := detail.Explanation; e == nil || e.Due != day("2026-02-24") || e.Provisional {
			t.Errorf("another process explains %+v", e)
		}
		// It was wrong: out with it, and in again.
		removal, err := w.PreviewRemoval(t.Context(), by, w.enteredID("国办发明电〔2025〕7号"))
		w.must(err)
		removed, err := elsewhere.RemoveNotice(t.Context(), by, w.enteredID("国办发明电〔2025〕7号"), removal.Basis)
		w.must(err)
		if diff := samePreview(removal, removed); diff != "" {
			t.Errorf("(-preview +what happened):\n%s", diff)
		}
		if diff := cmp.Diff(without, terms()); diff != "" {
			t.Errorf("removed (-want +got):\n%s", diff)
		}
		w.wantNoticeEntry("remove", by, 2)
		w.at("2026-02-13").entered(by, noticeText(t, "notice-2026.txt"))
		if diff := cmp.Diff(with, terms()); diff != "" {
			t.Errorf("entered again (-want +got):\n%s", diff)
		}
		w.wantSoundTallies()
		w.wantNotices(map[uint64]string{1: "removed", 2: ""})
	})
}

// withSecondLedger returns another ledger over the store, as another process has.
func (w *world) withSecondLedger() *compliance.Ledger {
	first := w.Ledger
	defer func() { w.Ledger = first }()
	cal, err := first.Calendar(w.Context())
	w.must(err)
	w.withCalendar(cal)
	return w.Ledger
}

// wantNotices demands the entered notices, by id, each with what became of it.
func (w *world) wantNotices(want map[uint64]string) {
	w.Helper()
	views, err := w.Notices(w.Context())
	w.must(err)
	got := map[uint64]string{}
	for _, view := range views {
		switch {
		case view.ID == 0:
			continue
		case !view.RemovedAt.IsZero():
			got[view.ID] = "removed"
		case view.Unused:
			got[view.ID] = "unused"
		default:
			got[view.ID] = ""
		}
		if view.EnteredName == "" || view.EnteredAt.IsZero() || view.Source == "" {
			w.Errorf("%s does not tell who entered what: %+v", view.Number, view)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("entered notices (-want +got):\n%s", diff)
	}
}

// The second notice of 2020 moved the end of the Spring Festival to 2 February,
// when terms were running that the first one had settled.
func TestAnAmendmentMovesWhatIsNotDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development)
		w.withoutNotices("国办发明电〔2020〕1号")
		w.at("2020-01-01").activated("jiangsu-2018", 2020).at("2020-01-26")
		waits := w.duty(development, "js2018.interpretation")
		for _, subject := range []string{"done", "open", "reported", "soon"} {
			on := map[string]string{"soon": "2020-01-20"}[subject]
			if on == "" {
				on = "2020-01-22"
			}
			w.registered(development, waits, document(subject, on))
		}
		of := func(subject string) models.Duty {
			duties := w.duties(development, "js2018.interpretation")
			return duties[slices.IndexFunc(duties, func(d models.Duty) bool { return d.Subject == subject })]
		}
		filing := soundFiling(w.rules["js2018.interpretation"], day("2020-01-24"))
		w.verified(w.filed(development, of("done"), filing))
		w.filed(development, of("reported"), filing)
		by := w.root(models.Administrator)
		done := w.entered(by, noticeText(t, "notice-2020.txt"))
		for subject, want := range map[string]string{"done": "2020-02-01", "open": "2020-02-04", "reported": "2020-02-04", "soon": "2020-01-23"} {
			duty := of(subject)
			if duty.DueOn != day(want) || duty.Provisional {
				t.Errorf("%s is due on %s, want %s", subject, duty.DueOn, want)
			}
			// Whatever the calendar says now, the page explains this very date.
			detail, err := w.Duty(t.Context(), rbac.Everywhere, duty.ID, w.Today())
			w.must(err)
			if detail.Explanation.Due != duty.DueOn {
				t.Errorf("%s is due on %s, and the explanation ends on %s", subject, duty.DueOn, detail.Explanation.Due)
			}
		}
		if done.Total != 2 || len(done.Changes) != 3 {
			t.Errorf("%d duties moved by %d days, want 2 by 3", done.Total, len(done.Changes))
		}
		w.wantSoundTallies()
		// Of the two notices, both entered by hand, the amended one stays.
		w.withoutNotices("国办发明电〔2020〕1号", "国办发明电〔2019〕16号")
		_, err := w.RemoveNotice(t.Context(), by, 1, "")
		w.must(err)
		first := strings.NewReplacer("2026", "2020").Replace(notice2020)
		w.entered(by, first)
		w.entered(by, noticeText(t, "notice-2020.txt"))
		_, err = w.PreviewRemoval(t.Context(), by, w.enteredID("国办发明电〔2019〕16号"))
		wantError(t, err, models.Conflict, "notice.amended")
		w.unchanged(t, func() {
			_, err := w.RemoveNotice(t.Context(), by, w.enteredID("国办发明电〔2019〕16号"), "")
			wantError(t, err, models.Conflict, "notice.amended")
			_, err = w.RemoveNotice(t.Context(), by, 1, "")
			wantError(t, err, models.Conflict, "notice.removed")
			_, err = w.RemoveNotice(t.Context(), by, 0, "")
			wantError(t, err, models.NotFound, "notice.unknown")
		})
	})
}

// notice2020 has the clauses of the first notice for 2020.
const notice2020 = `国务院办公厅关于2020年部分节假日安排的通知
国办发明电〔2019〕16号
一、元旦：2020年1月1日放假，共1天。
二、春节：1月24日至30日放假调休，共7天。1月19日（星期日）、2月1日（星期六）上班。
三、清明节：4月4日至6日放假调休，共3天。
四、劳动节：5月1日至5日放假调休，共5天。4月26日（星期日）、5月9日（星期六）上班。
五、端午节：6月25日至27日放假调休，共3天。6月28日（星期日）上班。
六、国庆节、中秋节：10月1日至8日放假调休，共8天。9月27日（星期日）、10月10日（星期六）上班。
国务院办公厅
2019年11月21日`

// Whether a duty is due soon on a day is told by the notices of that day, however
// many came later: the same date always gives the same board.
func TestABoardCountsByTheNoticesOfItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan)
		w.withCalendar(noticesUntil(t, 2016))
		w.at("2017-05-04").activated("shandong-2017", 2017).at("2017-05-18")
		soon := func(asOf string) int { return w.cell("370000", 2017, asOf, "sd2017.random-inspection-list").DueSoon }
		if soon("2017-05-16") != 0 {
			t.Fatal("eleven Mondays to Fridays are soon")
		}
		w.entered(w.root(models.Administrator), notice2017)
		// With the Dragon Boat Festival there are ten working days left, but nobody
		// knew on that day.
		if soon("2017-05-16") != 0 {
			t.Error("the board of a day before the notice has changed with it")
		}
		w.wantBoardOfDuties("370000", 2017, day("2017-05-16"))
		id := w.enteredID("国办发明电〔2016〕17号")
		w.at("2017-05-20")
		if soon("2017-05-18") == 0 || soon("2017-05-19") == 0 {
			t.Error("not due soon once the notice is known")
		}
		before := w.wantBoardOfDuties("370000", 2017, day("2017-05-18"))
		_, err := w.RemoveNotice(t.Context(), w.root(models.Administrator), id, "")
		w.must(err)
		if diff := cmp.Diff(before, w.wantBoardOfDuties("370000", 2017, day("2017-05-18"))); diff != "" {
			t.Errorf("the board of a day with the notice (-then +now):\n%s", diff)
		}
	})
}

func TestNoticesThatAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development)
		w.withCalendar(noticesUntil(t, 2025))
		w.at("2026-02-10").activated("jiangsu-2018", 2026)
		w.registered(development, w.duty(development, "js2018.interpretation"), document("1", "2026-02-10"))
		sound, by := noticeText(t, "notice-2026.txt"), w.root(models.Administrator)
		for _, c := range []struct {
			name, old, now, key string
			line                int
		}{
			{"nothing", sound, "", "notice.no_year", 0},
			{"a holiday is missing", "五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n", "", "notice.incomplete", 0},
			{"a wrong weekday", "4月4日（周六）", "4月4日（周五）", "notice.weekday", 5},
			{"a day twice", "9月25日（周五）至27日（周日）放假，共3天。", "9月25日（周五）至10月1日（周四）放假。", "notice.day_twice", 9},
			{"a make-up day on a weekday", "5月9日（周六）上班", "5月8日上班", "notice.makeup_weekday", 6},
			{"a wrong number of days", "共9天", "共8天", "notice.count", 4},
			{"no such day", "2月28日（周六）", "2月30日", "notice.no_such_day", 4},
			{"no number", "国办发明电〔2025〕7号\n", "", "notice.no_number", 0},
			{"no date of issue", "2025年11月4日", "", "notice.no_issued", 0},
			{"of another year", "2025年11月4日", "2023年11月4日", "notice.issued", 0},
			{"a tag in it", "10月1日（周四）至7日", "10月1日<script>alert(1)</script>至7日", "notice.not_understood", 9},
			{"too long", sound, strings.Repeat("长", 20_001), "filing.too_long", 0},
		} {
			text := strings.Replace(sound, c.old, c.now, 1)
			if text == sound {
				t.Fatalf("%s: the notice has no %q", c.name, c.old)
			}
			w.unchanged(t, func() {
				_, err := w.PreviewNotice(t.Context(), by, text)
				wantFields(t, err, map[string]string{"text": c.key})
				_, err = w.EnterNotice(t.Context(), by, text, "")
				wantFields(t, err, map[string]string{"text": c.key})
				var refused *models.Error
				if errors.As(err, &refused); len(refused.Fields) == 1 && c.line != 0 && refused.Fields[0].Args["Line"] != c.line {
					t.Errorf("%s: line %v, want %d", c.name, refused.Fields[0].Args["Line"], c.line)
				}
			})
		}
		w.unchanged(t, func() {
			_, err := w.EnterNotice(t.Context(), by, strings.NewReplacer("2026", "2020").Replace(notice2020), "")
			wantError(t, err, models.Conflict, "notice.twice")
		})
		basis := w.previewed(by, sound).Basis
		w.entered(by, sound)
		w.unchanged(t, func() {
			_, err := w.EnterNotice(t.Context(), by, sound, basis)
			wantError(t, err, models.Conflict, "notice.twice")
			_, err = w.EnterNotice(t.Context(), by, strings.Replace(sound, "7号", "8号", 1), basis)
			wantError(t, err, models.Stale, "notice.calendar_changed")
		})
	})
}

func TestTheCalendarIsManagedByWhoHasAllUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development, "370000", jinan)
		w.withCalendar(noticesUntil(t, 2025))
		w.at("2026-02-10")
		sound, all := noticeText(t, "notice-2026.txt"), w.root(models.Administrator)
		w.entered(all, sound)
		other := strings.Replace(sound, "7号", "8号", 1)
		refused := []compliance.Actor{{}, w.actor(models.Administrator, "370000"), w.actor(models.Administrator, jinan)}
		for _, role := range rbac.Roles {
			if role != models.Administrator {
				refused = append(refused, w.root(role))
			}
		}
		for _, by := range refused {
			w.unchanged(t, func() {
				for _, do := range []func() error{
					func() error { _, err := w.PreviewNotice(t.Context(), by, other); return err },
					func() error { _, err := w.EnterNotice(t.Context(), by, other, ""); return err },
					func() error { _, err := w.PreviewRemoval(t.Context(), by, 1); return err },
					func() error { _, err := w.RemoveNotice(t.Context(), by, 1, ""); return err },
					func() error { return w.MayManageCalendar(t.Context(), by) },
				} {
					wantError(t, do(), models.Forbidden, "notice.not_national")
				}
			})
		}
		both := w.table.Access(rbac.Grant{Role: models.Administrator, Path: w.unit("370000").Path}, rbac.Grant{Role: models.Administrator, Path: w.unit("320000").Path})
		w.entered(compliance.Actor{ID: all.ID, Name: all.Name, Access: both}, other)
	})
}

func TestTwoAdministratorsEnterAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development)
		w.withCalendar(noticesUntil(t, 2025))
		w.at("2026-02-10").activated("jiangsu-2018", 2026)
		w.registered(development, w.duty(development, "js2018.interpretation"), document("1", "2026-02-10"))
		people := []compliance.Actor{w.root(models.Administrator), w.root(models.Administrator)}
		text := noticeText(t, "notice-2026.txt")
		errs := make([]error, len(people))
		var all sync.WaitGroup
		for i, by := range people {
			all.Go(func() { _, errs[i] = w.EnterNotice(t.Context(), by, text, "") })
		}
		all.Wait()
		if errs[0] != nil {
			slices.Reverse(errs)
		}
		if errs[0] != nil {
			t.Errorf("neither could enter it: %v", errs)
		}
		wantError(t, errs[1], models.Conflict, "notice.twice")
		w.wantSoundTallies()
	})
}

// A term that begins to run while the notice comes is counted by one calendar or
// the other, and settled in the end.
func TestNoTermIsLeftBehindWhenANoticeComes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development)
		w.withCalendar(noticesUntil(t, 2025))
		w.at("2026-02-12").activated("jiangsu-2018", 2026)
		waits := w.duty(development, "js2018.interpretation")
		by, reporter, text := w.root(models.Administrator), w.actor(models.Reporter, development), noticeText(t, "notice-2026.txt")
		var all sync.WaitGroup
		all.Go(func() {
			for i := range 12 {
				if err := w.RegisterStart(t.Context(), reporter, waits.ID, document(string(rune('a'+i)), "2026-02-12")); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			if _, err := w.EnterNotice(t.Context(), by, text, ""); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		for _, duty := range w.duties(development, "js2018.interpretation") {
			if duty.Provisional || duty.DueOn != day("2026-02-24") {
				t.Errorf("%s is due on %s, provisional %v", duty.Subject, duty.DueOn, duty.Provisional)
			}
		}
		w.wantSoundTallies()
	})
}

// A newer program may ship what was entered, or contradict it: it goes before,
// and what was entered never stops it.
func TestShippedNoticesGoBeforeEnteredOnes(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "320000", development)
	w.withCalendar(noticesUntil(t, 2025))
	w.at("2026-02-12").activated("jiangsu-2018", 2026)
	w.registered(development, w.duty(development, "js2018.interpretation"), document("1", "2026-02-12"))
	wrong := strings.NewReplacer("2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。", "2月15日至23日放假调休，共9天。2月14日（周六）上班。",
		"春节", "农历春节", "7号", "9号").Replace(noticeText(t, "notice-2026.txt"))
	w.entered(w.root(models.Administrator), wrong)
	w.withoutNotices()
	w.wantNotices(map[uint64]string{1: "unused"})
	cal, err := w.Calendar(t.Context())
	w.must(err)
	if cal.Day(day("2026-02-28")).Kind != calendar.Makeup {
		t.Error("the shipped notice is not in force")
	}
	if settled, err := w.Settle(t.Context(), compliance.Actor{}); err != nil || settled != 0 {
		t.Errorf("settled %d, %v", settled, err)
	}
}

// What was filed with a process of the old calendar follows the new one at the
// next word on it.
func TestADutyFollowsTheCalendarAtItsNextReport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "320000", development)
		w.withCalendar(noticesUntil(t, 2025))
		w.at("2026-02-12").activated("jiangsu-2018", 2026)
		w.registered(development, w.duty(development, "js2018.interpretation"), document("1", "2026-02-12"))
		w.withoutNotices()
		duty := w.duty(development, "js2018.interpretation")
		w.at("2026-02-24").filed(development, duty, soundFiling(w.rules["js2018.interpretation"], day("2026-02-24")))
		if duty := w.duty(development, "js2018.interpretation"); duty.DueOn != day("2026-02-24") || duty.Provisional {
			t.Errorf("due on %s, provisional %v", duty.DueOn, duty.Provisional)
		}
		w.wantSoundTallies()
	})
}
