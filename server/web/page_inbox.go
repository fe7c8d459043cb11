package web

import (
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/notify"
)

// InboxPage is what has arrived for the user: what is urgent and unread first, then day by
// day.
type InboxPage struct {
	Page
	Filter InboxFilter
	Kinds  []models.MessageKind
	Groups []InboxGroup
	// Count is how many messages are unread, Newest the newest entry there is.
	Count  UnreadCount
	Newest uint64
	Pager  Pager
}

// InboxFilter is what the inbox is narrowed to.
type InboxFilter struct {
	Unread bool
	Kind   models.MessageKind
	Cursor string
}

// Narrowed tells whether the filter leaves anything out.
func (f InboxFilter) Narrowed() bool { return f.Unread || f.Kind != "" }

func (f InboxFilter) address(path string) string {
	query := url.Values{}
	if f.Unread {
		query.Set("unread", "1")
	}
	if f.Kind != "" {
		query.Set("kind", string(f.Kind))
	}
	if f.Cursor != "" {
		query.Set("cursor", f.Cursor)
	}
	return address(path, query)
}

// ReadURL is where all is marked as read, to come back to the same filter.
func (f InboxFilter) ReadURL() string {
	f.Cursor = ""
	return f.address("/inbox/read")
}

// AnyURL and UnreadURL are the two ways to look at the same kind.
func (f InboxFilter) AnyURL() string { return InboxFilter{Kind: f.Kind}.address("/inbox") }

// UnreadURL is AnyURL for what is unread.
func (f InboxFilter) UnreadURL() string {
	return InboxFilter{Kind: f.Kind, Unread: true}.address("/inbox")
}

// InboxGroup is a stretch of the list: what is urgent and unread, without a day, or what
// arrived on a day.
type InboxGroup struct {
	On    calendar.Date
	Lines []notify.Item
}

func newInboxPage(base Page, filter InboxFilter, found *notify.Page) InboxPage {
	p := InboxPage{Page: base, Filter: filter, Kinds: notify.Kinds, Count: unreadCount(found.Unread), Newest: found.Newest}
	for _, item := range found.Items {
		on := item.Message.SentOn
		if item.Pinned() {
			on = 0
		}
		if last := len(p.Groups) - 1; last < 0 || p.Groups[last].On != on {
			p.Groups = append(p.Groups, InboxGroup{On: on})
		}
		group := &p.Groups[len(p.Groups)-1]
		group.Lines = append(group.Lines, item)
	}
	first, next := filter, filter
	first.Cursor, next.Cursor = "", found.Next
	if filter.Cursor != "" {
		p.Pager.FirstURL = first.address("/inbox")
	}
	if found.Next != "" {
		p.Pager.NextURL = next.address("/inbox")
	}
	return p
}

// UnreadCount is how many messages are unread; More tells that there are more than Count.
type UnreadCount struct {
	Count int
	More  bool
}

func unreadCount(unread int) UnreadCount {
	if unread == notify.MaxUnread {
		return UnreadCount{unread - 1, true}
	}
	return UnreadCount{Count: unread}
}

// messageURL is the page that a message leads to.
func messageURL(item *notify.Item) string {
	page := "/" + item.Message.Object + "s/" + url.PathEscape(item.Page)
	switch item.Message.Object {
	case "report", "duty":
		return "/duties/" + item.Page
	case "period":
		return "/"
	case "round":
		return page + "/results"
	case "task-share":
		return "/tasks/" + item.Page + "?share=" + strconv.FormatUint(item.Message.ObjectID, 10)
	case "bulletin":
		return "/public" + page
	default:
		return page
	}
}
