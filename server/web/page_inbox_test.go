package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/notify"
	"sundial/server/rules"
)

// message is one that arrived so many hours ago.
func (s sample) message(id uint64, hours int, kind models.MessageKind, text rules.Reason) notify.Item {
	at := sampleNow.Add(-time.Duration(hours) * time.Hour)
	return notify.Item{InboxEntry: models.InboxEntry{ID: id, ArrivedAt: at}, Text: text, Page: "44",
		Message: models.Message{ID: id, Kind: kind, Object: "report", ObjectID: 7, SentAt: at, SentOn: s.view.Today}}
}

func inboxPages(s sample) []samplePage {
	unit, title, due := notify.UnitName(s.cities[1]), s.policy.Obligations[0].Title, s.view.Today+3
	returned := s.message(5, 1, models.MessageReport, note("reports.message.returned", "Unit", unit, "Title", title, "DueOn", due, "Reason", "网址打不开，请核对后重新填报。"))
	returned.Message.Urgent = true
	verified := s.message(4, 2, models.MessageReport, note("reports.message.verified", "Unit", unit, "Title", title, "DueOn", due))
	gone := s.message(3, 3, models.MessageReport, note("duties.message.exempted", "Unit", unit, "Title", title, "DueOn", calendar.Date(0), "Reason", "机构改革", "Document", "鲁政办字〔2017〕88号"))
	gone.Gone = true
	read := s.message(2, 30, models.MessageScore, verified.Text)
	read.ReadAt, read.Message.SentOn = &read.ArrivedAt, s.view.Today-1
	full := newInboxPage(s.page(), InboxFilter{Kind: models.MessageReport, Cursor: "a"}, &notify.Page{Items: []notify.Item{returned, verified, gone, read}, Next: "b", Newest: 5, Unread: 3})
	full.Unread, full.Path = full.Count, "/inbox?kind=report"
	many := newInboxPage(s.page(), InboxFilter{Unread: true}, &notify.Page{Unread: notify.MaxUnread})
	many.Unread = many.Count
	return []samplePage{
		{"inbox", "inbox", full, []string{".bell[aria-current] .nav-count", ".inbox-urgent form[action='/inbox/5/open'] button", ".inbox-mark", "section:nth-of-type(3) .inbox-line:not(.is-unread)",
			"form[action='/inbox/read?kind=report'] [name=newest][value='5']", "select[name=kind] option[value=report][selected]", "a[rel=next][href*='cursor=b']", "a[rel=first]", "p.inbox-text"}},
		{"inbox-more", "inbox", many, []string{".chip[aria-current][href='/inbox?unread=1']", ".empty"}},
		{"inbox-empty", "inbox", newInboxPage(s.page(), InboxFilter{}, &notify.Page{}), []string{".bell:not(:has(.nav-count))", ".empty"}},
	}
}

// Every object leads to a route that there is.
func TestMessagesLeadToPages(t *testing.T) {
	for object, want := range map[string]string{
		"report": "/duties/:id", "duty": "/duties/:id", "period": "/", "round": "/rounds/:id/results", "sheet": "/sheets/:id", "appeal": "/appeals/:id",
		"rectification": "/rectifications/:id", "task": "/tasks/:id", "task-share": "/tasks/:id", "urge": "/urges/:id", "inspection": "/inspections/:id",
		"finding": "/findings/:id", "bulletin": "/public/bulletins/:series",
	} {
		url := messageURL(&notify.Item{Page: "7", Message: models.Message{Object: object, ObjectID: 8}})
		path, _, _ := strings.Cut(url, "?")
		if got := strings.NewReplacer("bulletins/7", "bulletins/:series", "7", ":id").Replace(path); got != want {
			t.Errorf("%s leads to %s, want %s", object, url, want)
		}
		if !slices.ContainsFunc(Routes(), func(r Route) bool { return r.Method == http.MethodGet && r.Path == want }) {
			t.Errorf("there is no route %s for %s", want, object)
		}
	}
}
