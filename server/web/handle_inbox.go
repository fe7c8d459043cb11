package web

import (
	"log/slog"
	"net/http"
	"strconv"

	"sundial/models"
	"sundial/server/notify"
)

// inboxFilter reads what the inbox is narrowed to.
func (r *request) inboxFilter() InboxFilter {
	return InboxFilter{Unread: r.Query("unread") == "1", Kind: models.MessageKind(r.Query("kind")), Cursor: r.Query("cursor")}
}

func (s *Server) showInbox(r *request) error {
	filter := r.inboxFilter()
	query := notify.Query{Unread: filter.Unread, Kind: filter.Kind, Cursor: filter.Cursor}
	found, err := s.Inbox.Inbox(r.Request.Context(), r.User.ID, r.Actor.Access, query)
	if err != nil {
		return err
	}
	return s.show(r, "inbox", newInboxPage(s.page(r), filter, found))
}

// openMessage marks a message as read and leads to what it is about.
func (s *Server) openMessage(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	item, err := s.Inbox.Open(r.Request.Context(), r.User.ID, r.Actor.Access, id)
	if err != nil {
		return err
	}
	if item.Gone {
		return s.done(r, "/inbox", "flash.message_read", nil)
	}
	r.Redirect(http.StatusSeeOther, messageURL(item))
	return nil
}

// readInbox marks all as read that had arrived when the page was shown.
func (s *Server) readInbox(r *request) error {
	newest, err := strconv.ParseUint(r.PostForm("newest"), 10, 63)
	if err != nil {
		return models.NewError(models.Invalid, "error.bad_form")
	}
	if err := s.Inbox.MarkAllRead(r.Request.Context(), r.User.ID, newest); err != nil {
		return err
	}
	return s.done(r, r.inboxFilter().address("/inbox"), "flash.messages_read", nil)
}

// unread is the number that every page shows at the bell. A page is shown without it
// rather than not at all.
func (s *Server) unread(r *request) UnreadCount {
	count, err := s.Inbox.Unread(r.Request.Context(), r.User.ID)
	if err != nil {
		slog.WarnContext(r.Request.Context(), "unread messages are not counted", "error", err)
	}
	return unreadCount(count)
}
