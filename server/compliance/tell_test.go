package compliance_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// inboxes are Jinan's reporter, who is told, and others, who are not.
type inboxes struct {
	*desktest.World
	mine, other, office compliance.Actor
	desk                *notify.Desk
	locale              *frontend.Locale
}

func newInboxes(t *testing.T, s *store.Store) *inboxes {
	t.Helper()
	w := desktest.New(t, s)
	w.At("2017-06-10")
	w.Activate("shandong-2017", 2017)
	catalog, err := frontend.NewCatalog()
	w.Must(err)
	return &inboxes{w, w.Reporter(desktest.Jinan), w.Reporter(desktest.Qingdao), w.Supervisor(desktest.Shandong), notify.New(s, w.Now), catalog.Locale("en")}
}

func (i *inboxes) of(actor compliance.Actor) []notify.Item {
	i.Helper()
	page, err := i.desk.Inbox(i.Context(), actor.ID, actor.Access, notify.Query{})
	i.Must(err)
	return page.Items
}

// wantNews has the reporter of Jinan be the one to be told, in these words, once; all is
// read then.
func (i *inboxes) wantNews(want string, urgent bool) {
	i.Helper()
	items := i.of(i.mine)
	if len(items) == 0 || items[0].ReadAt != nil || len(items) > 1 && items[1].ReadAt == nil {
		i.Fatalf("the reporter has %+v, want one more message", items)
	}
	item := items[0]
	if got := i.locale.Text(item.Text.Key, item.Text.Args); got != want {
		i.Errorf("told\n%s\nwant\n%s", got, want)
	}
	if item.Message.Urgent != urgent || item.Gone || item.Message.Kind != models.MessageReport {
		i.Errorf("%s: %+v, want urgent %t, to lead to what it is about", want, item, urgent)
	}
	for name, actor := range map[string]compliance.Actor{"who did it": i.office, "another unit": i.other} {
		if told := i.of(actor); len(told) != 0 {
			i.Errorf("%s: %s is told %+v", want, name, told[0].Text)
		}
	}
	i.Must(i.desk.MarkAllRead(i.Context(), i.mine.ID, item.ID))
}

func TestTheUnitIsToldWhatTheOfficeDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newInboxes(t, s)
		ctx, duty := t.Context(), w.Duty(desktest.Jinan, "sd2017.plan")
		filing := rules.Filing{On: desktest.Day("2017-06-08"), Title: "实施方案", URL: "https://www.example.gov.cn/plan"}

		report := w.File(desktest.Jinan, duty.ID, filing)
		_, err := w.Ledger.Return(ctx, w.office, report.ID, report.Version, "网址打不开")
		w.Must(err)
		w.wantNews("Jinan: the report on “Own plan published within 30 working days”, due 16 Jun 2017, was returned: please correct it and file it anew. Reason: 网址打不开", true)

		report = w.File(desktest.Jinan, duty.ID, filing)
		report, err = w.Ledger.Verify(ctx, w.office, report.ID, report.Version)
		w.Must(err)
		w.wantNews("Jinan: the report on “Own plan published within 30 working days”, due 16 Jun 2017, was verified.", false)

		_, err = w.Ledger.Reopen(ctx, w.office, report.ID, report.Version, "日期有误")
		w.Must(err)
		w.wantNews("Jinan: the verified report on “Own plan published within 30 working days”, due 16 Jun 2017, was reopened: please file it anew. Reason: 日期有误", true)

		duty = w.Duty(desktest.Jinan, "sd2017.plan")
		w.Must(w.Ledger.Extend(ctx, w.office, duty.ID, duty.Version, compliance.ExtensionInput{To: desktest.Day("2017-07-31"), Reason: "机构改革", Document: "鲁政办字〔2017〕88号"}))
		w.wantNews("Jinan: the duty “Own plan published within 30 working days” is now due on 31 Jul 2017, by 鲁政办字〔2017〕88号. Reason: 机构改革", false)
		w.Must(w.Ledger.Exempt(ctx, w.office, duty.ID, "机构改革", "鲁政办字〔2017〕90号"))
		w.wantNews("Jinan: the duty “Own plan published within 30 working days”, due 31 Jul 2017, was exempted by 鲁政办字〔2017〕90号. Reason: 机构改革", false)
		w.Must(w.Ledger.RevokeExemption(ctx, w.office, duty.ID, "误批"))
		w.wantNews("Jinan: the duty “Own plan published within 30 working days”, due 31 Jul 2017, is owed again, its exemption was revoked. Reason: 误批", false)
	})
}

// A refused decision tells nothing, and a first acceptance of two is the offices' own
// matter.
func TestWhatIsNotDecidedIsNotTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		reporter := w.actor(models.Reporter, lixia)
		w.create(&models.Grant{UserID: reporter.ID, UnitID: w.unit(lixia).ID, Role: models.Reporter})
		wantTold := func(when string, want int64) {
			t.Helper()
			var told int64
			if w.must(s.Read(t.Context()).Model(&models.InboxEntry{}).Where("user_id = ?", reporter.ID).Count(&told).Error); told != want {
				t.Errorf("%s: %d messages, want %d", when, told, want)
			}
		}
		report, city, province := w.plan(lixia), w.actor(models.Supervisor, jinan), w.actor(models.Supervisor, "370000")
		if _, err := w.Return(t.Context(), city, report.ID, report.Version+1, "网址打不开"); !models.IsCode(err, models.Stale) {
			t.Fatalf("got %v, want it to be stale", err)
		}
		wantTold("refused", 0)
		checked, err := w.Verify(t.Context(), city, report.ID, report.Version)
		w.must(err)
		wantTold("accepted by the city", 0)
		_, err = w.Verify(t.Context(), province, report.ID, checked.Version)
		w.must(err)
		wantTold("accepted by the province", 1)
	})
}

// Who reports anywhere in the region is told of its period, each by one message.
func TestTheRegionIsToldOfItsPeriod(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newInboxes(t, s)
		ctx, province := t.Context(), w.Unit(desktest.Shandong)
		closing, err := w.Ledger.Close(ctx, w.office, province.ID, 2017, "年度考核已结束")
		w.Must(err)
		_, err = w.Ledger.Except(ctx, w.office, closing.ID, compliance.ExceptionInput{Unit: desktest.Jinan, Until: desktest.Day("2017-07-01"), Reason: "补报"})
		w.Must(err)
		w.Must(w.Ledger.Lift(ctx, w.office, closing.ID, "继续填报"))
		for name, c := range map[string]struct {
			actor compliance.Actor
			want  []string
		}{
			"Jinan": {w.mine, []string{"Shandong Province: filing for 2017 was opened again. Reason: 继续填报",
				"Jinan may go on filing for 2017 until 1 Jul 2017, that day included. Reason: 补报",
				"Shandong Province: filing for 2017 was closed for all units of the region. Reason: 年度考核已结束"}},
			"Qingdao": {w.other, []string{"Shandong Province: filing for 2017 was opened again. Reason: 继续填报",
				"Shandong Province: filing for 2017 was closed for all units of the region. Reason: 年度考核已结束"}},
			"the office": {w.office, nil},
		} {
			var got []string
			for _, item := range w.of(c.actor) {
				got = append(got, w.locale.Text(item.Text.Key, item.Text.Args))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// What a replay does long ago is history; what it does lately is news.
func TestAReplayTellsOnlyWhatIsNew(t *testing.T) {
	w := newInboxes(t, storetest.SQLite(t))
	duty, filing := w.Duty(desktest.Jinan, "sd2017.plan"), rules.Filing{On: desktest.Day("2017-06-08"), Title: "实施方案", URL: "https://www.example.gov.cn/plan", LateReason: "材料审签较晚"}
	w.At("2017-09-01")
	w.Must(w.Ledger.Replay(t.Context(), func(h *compliance.History) error {
		for _, day := range []string{"2017-08-01", "2017-08-02"} {
			report, err := h.As(w.mine, noon(day)).File(duty.ID, filing)
			if err != nil {
				return err
			}
			if _, err := h.As(w.office, noon(day)).Return(report.ID, report.Version, day); err != nil {
				return err
			}
		}
		return nil
	}))
	told := w.of(w.mine)
	if len(told) != 1 || told[0].Message.SentOn != desktest.Day("2017-08-02") {
		t.Errorf("told %+v, want what was done within the last 30 days", told)
	}
}

func noon(day string) time.Time { return desktest.Day(day).Time().Add(4 * time.Hour) }
