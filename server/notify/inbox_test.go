package notify_test

import (
	"fmt"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// mailbox is the inbox of Jinan's reporter, who is sent what the test says.
type mailbox struct {
	*desktest.World
	desk  *notify.Desk
	actor compliance.Actor
}

func newMailbox(t *testing.T, s *store.Store) mailbox {
	t.Helper()
	w := desktest.New(t, s)
	return mailbox{w, notify.New(s, w.Now), w.Reporter(desktest.Jinan)}
}

// arrives sends a message of the kind on the day, named by its text.
func (m mailbox) arrives(on, name string, kind models.MessageKind, urgent bool) {
	m.Helper()
	m.At(on)
	n := note(m.World, desktest.Jinan)
	n.Kind, n.Urgent, n.Text = kind, urgent, rules.Reason{Key: name}
	m.Must(send(m.World, n))
}

func (m mailbox) page(q notify.Query) *notify.Page {
	m.Helper()
	page, err := m.desk.Inbox(m.Context(), m.actor.ID, m.actor.Access, q)
	m.Must(err)
	return page
}

// names lists the messages of all pages of three.
func (m mailbox) names(q notify.Query) string {
	m.Helper()
	var names []string
	for q.Limit = 3; ; {
		page := m.page(q)
		for _, item := range page.Items {
			names = append(names, item.Text.Key)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return strings.Join(names, " ")
		}
	}
}

func (m mailbox) entry(name string) uint64 {
	m.Helper()
	for _, item := range m.page(notify.Query{Limit: notify.MaxLimit}).Items {
		if item.Text.Key == name {
			return item.ID
		}
	}
	m.Fatalf("no message %s", name)
	return 0
}

func fill(t *testing.T, s *store.Store) mailbox {
	m := newMailbox(t, s)
	for i, urgent := range []bool{true, false, true, true, false, true, false} {
		kind := []models.MessageKind{models.MessageUrge, models.MessageReport}[i%2]
		m.arrives(fmt.Sprintf("2017-06-%02d", 10+i), string(rune('a'+i)), kind, urgent)
	}
	// A past moment is written last, as a demo does.
	m.arrives("2017-06-01", "past", models.MessageTask, false)
	return m
}

func TestAnInboxIsInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := fill(t, s)
		if got := m.names(notify.Query{}); got != "f d c a g e b past" {
			t.Errorf("urgent ones first: got %s", got)
		}
		for _, name := range []string{"d", "e"} {
			_, err := m.desk.Open(t.Context(), m.actor.ID, m.actor.Access, m.entry(name))
			m.Must(err)
		}
		for _, c := range []struct {
			query notify.Query
			want  string
		}{
			{notify.Query{}, "f c a g e d b past"},
			{notify.Query{Unread: true}, "f c a g b past"},
			{notify.Query{Kind: models.MessageReport}, "f d b"},
			{notify.Query{Kind: models.MessageUrge, Unread: true}, "c a g"},
			{notify.Query{Kind: models.MessageScore}, ""},
		} {
			if got := m.names(c.query); got != c.want {
				t.Errorf("%+v: got %q, want %q", c.query, got, c.want)
			}
		}
		if page := m.page(notify.Query{Limit: 1}); page.Unread != 6 {
			t.Errorf("%d unread, want 6", page.Unread)
		}
	})
}

func TestAllIsReadUpToWhatWasSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := fill(t, s)
		seen := m.page(notify.Query{Limit: 1}).Newest
		m.arrives("2017-06-05", "since", models.MessageUrge, true)
		m.Must(m.desk.MarkAllRead(t.Context(), m.actor.ID, seen))
		if got := m.names(notify.Query{Unread: true}); got != "since" {
			t.Errorf("unread is %q, want what came since", got)
		}
		if first := m.page(notify.Query{}).Items; first[1].ReadAt == nil || !first[1].ReadAt.Equal(store.Instant(m.Now())) {
			t.Errorf("read at %v, want the clock's %v", first[1].ReadAt, m.Now())
		}
	})
}

func TestNobodyReadsTheMessagesOfOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := fill(t, s)
		other := m.Reporter(desktest.Qingdao)
		id, newest := m.entry("c"), m.page(notify.Query{}).Newest
		for name, user := range map[string]compliance.Actor{"another reporter": other, "the office above": m.Supervisor(desktest.Shandong)} {
			_, err := m.desk.Open(t.Context(), user.ID, user.Access, id)
			m.WantCode(err, models.NotFound, "inbox.unknown")
			m.Must(m.desk.MarkAllRead(t.Context(), user.ID, newest))
			page, err := m.desk.Inbox(t.Context(), user.ID, user.Access, notify.Query{})
			if m.Must(err); len(page.Items) != 0 || page.Newest != 0 || page.Unread != 0 {
				t.Errorf("%s has %+v", name, page)
			}
		}
		if _, err := m.desk.Open(t.Context(), m.actor.ID, m.actor.Access, 99999); err == nil {
			t.Error("a message that is not there was opened")
		}
		if unread := m.page(notify.Query{}).Unread; unread != 8 {
			t.Errorf("others have read what is theirs: %d of 8 unread", unread)
		}
	})
}

func TestAQueryThatIsNoneIsRefused(t *testing.T) {
	m := newMailbox(t, storetest.SQLite(t))
	for key, q := range map[string]notify.Query{
		"inbox.unknown_kind": {Kind: "post"}, "list.bad_cursor": {Cursor: "bm9uZQ"}, "list.bad_limit": {Limit: notify.MaxLimit + 1},
	} {
		_, err := m.desk.Inbox(t.Context(), m.actor.ID, m.actor.Access, q)
		m.WantCode(err, models.Invalid, key)
	}
}

// A message leads to its object for as long as that is there and its reader's.
func TestAMessageLeadsToItsObject(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := newMailbox(t, s)
		m.At("2017-06-10")
		m.Activate("shandong-2017", 2017)
		duty := m.Duty(desktest.Jinan, "sd2017.plan")
		report := m.File(desktest.Jinan, duty.ID, rules.Filing{On: desktest.Day("2017-06-08"), Title: "实施方案", URL: "https://www.example.gov.cn/plan"})
		n := note(m.World, desktest.Jinan)
		n.Object, n.ObjectID, n.Text.Key = "report", report.ID, "there"
		gone := n
		gone.ObjectID, gone.Text.Key = 99999, "gone"
		m.Must(send(m.World, n, gone))
		published := models.Bulletin{Series: "370000-2017", Edition: 1, UnitID: m.Unit(desktest.Shandong).ID, Status: models.BulletinPublished, AsOf: desktest.Day("2017-06-10"), ComposedAt: m.Now(), CreatedAt: m.Now()}
		m.Must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&published).Error }))
		n.Object, n.ObjectID, n.Text.Key = "bulletin", published.ID, "published"
		m.Must(send(m.World, n))
		for _, object := range []string{"duty", "period", "round", "sheet", "appeal", "rectification", "task", "task-share", "urge", "inspection", "finding", "bulletin"} {
			n.Object, n.ObjectID, n.Text.Key = object, 77777, object
			m.Must(send(m.World, n))
		}
		for _, item := range m.page(notify.Query{}).Items {
			led := item.Text.Key == "there" || item.Text.Key == "published" && item.Page == published.Series || item.Message.Object == "period"
			if item.Gone == led {
				t.Errorf("%s: gone %t", item.Text.Key, item.Gone)
			}
			if item.Text.Key == "there" && item.Page != fmt.Sprint(duty.ID) {
				t.Errorf("a report leads to %s, want its duty %d", item.Page, duty.ID)
			}
		}
		elsewhere := m.Reporter(desktest.Qingdao).Access
		opened, err := m.desk.Open(t.Context(), m.actor.ID, elsewhere, m.entry("there"))
		if m.Must(err); !opened.Gone {
			t.Errorf("who works elsewhere now is led to the report: %+v", opened)
		}
	})
}

// What every page shows costs the unread messages alone.
func TestUnreadGoesByItsIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m := newMailbox(t, s)
		m.Must(s.Write(t.Context(), func(tx *gorm.DB) error { return manyRead(tx, m.actor.ID, 3000) }))
		for i := range notify.MaxUnread + 5 {
			m.arrives("2017-06-10", fmt.Sprint(i), models.MessageUrge, false)
		}
		count, err := m.desk.Unread(t.Context(), m.actor.ID)
		if m.Must(err); count != notify.MaxUnread {
			t.Errorf("counted %d, want no more than %d", count, notify.MaxUnread)
		}
		explain := map[string]string{store.SQLite: "EXPLAIN QUERY PLAN ", store.MySQL: "EXPLAIN "}[s.Dialect()]
		var lines []map[string]any
		m.Must(s.Read(t.Context()).Raw(explain+"SELECT id FROM inbox_entries WHERE user_id = ? AND read_at IS NULL LIMIT 100", m.actor.ID).Scan(&lines).Error)
		if plan := fmt.Sprint(lines); !strings.Contains(plan, "idx_inbox_entries_unread") {
			t.Errorf("the plan goes another way: %s", plan)
		}
	})
}

// manyRead gives a user messages that were read long ago.
func manyRead(tx *gorm.DB, user uint64, count int) error {
	messages := make([]models.Message, count)
	entries := make([]models.InboxEntry, count)
	at := store.Instant(desktest.Day("2016-01-01").Time())
	for i := range messages {
		id := uint64(100_000 + i)
		messages[i] = models.Message{ID: id, UnitID: 1, Kind: models.MessageReport, Object: "duty", Key: "old", Args: "{}", SentAt: at, SentOn: desktest.Day("2016-01-01")}
		entries[i] = models.InboxEntry{MessageID: id, UserID: user, ArrivedAt: at, ReadAt: &at}
	}
	if err := tx.CreateInBatches(messages, 200).Error; err != nil {
		return err
	}
	return tx.CreateInBatches(entries, 200).Error
}
