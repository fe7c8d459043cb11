package notify

import (
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/rules"
	"sundial/server/store"
)

// Sizes of a page of an inbox, and how many unread messages are counted.
const (
	DefaultLimit = 30
	MaxLimit     = 100
	MaxUnread    = 100
)

// Kinds are all kinds of messages, in the order in which they are offered.
var Kinds = []models.MessageKind{models.MessageUrge, models.MessageReport, models.MessageTask, models.MessageInspection,
	models.MessageRectification, models.MessageScore, models.MessageBulletin}

// Desk hands out what has arrived in the inboxes. It is safe for concurrent use.
type Desk struct {
	store *store.Store
	now   func() time.Time
}

// New returns the desk over a store, by a clock.
func New(s *store.Store, now func() time.Time) *Desk { return &Desk{store: s, now: now} }

// Query asks for a part of an inbox. Empty fields do not restrict.
type Query struct {
	Unread bool
	Kind   models.MessageKind
	// Cursor is the Next of the page before; Limit at most MaxLimit.
	Cursor string
	Limit  int
}

// Item is a message in an inbox.
type Item struct {
	models.InboxEntry
	Message models.Message
	Text    rules.Reason
	// Page is by what the page is found that it leads to: of a report the id of its duty,
	// of a unit's part in a task that of the task, of a bulletin its public name, else the
	// id of the object itself.
	Page string
	// Gone tells that the object is not there any more, or not for this reader.
	Gone bool
}

// Pinned tells whether it stands first: urgent ones do until they are read.
func (i Item) Pinned() bool { return i.Message.Urgent && i.ReadAt == nil }

// Page is a page of an inbox; Next is empty on the last one. Newest is the id of the
// newest entry that has arrived, whether it is on the page or not, and Unread how many
// are, at most MaxUnread.
type Page struct {
	Items  []Item
	Next   string
	Newest uint64
	Unread int
}

// Inbox answers a page of what has arrived for the user: what is urgent and unread first,
// then the newest. A kind, cursor or limit that is none is Invalid.
func (d *Desk) Inbox(ctx context.Context, user uint64, access rbac.Access, q Query) (*Page, error) {
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	after, err := q.check()
	if err != nil {
		return nil, err
	}
	tx, page := d.store.Read(ctx), &Page{}
	if page.Items, err = items(tx, user, q, after); err != nil {
		return nil, err
	}
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		page.Next = placeOf(page.Items[q.Limit-1]).String()
	}
	if err := tx.Model(&models.InboxEntry{}).Where("user_id = ?", user).Select("COALESCE(MAX(id), 0)").Scan(&page.Newest).Error; err != nil {
		return nil, fmt.Errorf("newest entry: %w", store.Translate(err))
	}
	if page.Unread, err = d.Unread(ctx, user); err != nil {
		return nil, err
	}
	return page, lead(tx, access, page.Items)
}

// check refuses what is wrong with the query, and returns the place behind which it asks.
func (q Query) check() (*place, error) {
	var faults []models.Field
	if q.Kind != "" && !slices.Contains(Kinds, q.Kind) {
		faults = append(faults, models.Field{Name: "kind", Key: "inbox.unknown_kind", Args: models.Args("Value", string(q.Kind))})
	}
	if q.Limit < 1 || q.Limit > MaxLimit {
		faults = append(faults, models.Field{Name: "limit", Key: "list.bad_limit", Args: models.Args("Max", MaxLimit)})
	}
	var after *place
	if q.Cursor != "" {
		var err error
		if after, err = parsePlace(q.Cursor); err != nil {
			faults = append(faults, models.Field{Name: "cursor", Key: "list.bad_cursor"})
		}
	}
	return after, models.InvalidFields(faults)
}

// items returns what stands behind a place, nil for the beginning, and one more than the
// limit when there is more.
func items(tx *gorm.DB, user uint64, q Query, after *place) ([]Item, error) {
	var list []Item
	for _, pinned := range []bool{true, false} {
		if after != nil && pinned && !after.pinned {
			continue
		}
		query := q.entries(tx, user)
		if pinned {
			query = query.Where("m.urgent AND e.read_at IS NULL")
		} else {
			query = query.Where("NOT (m.urgent AND e.read_at IS NULL)")
		}
		if after != nil && after.pinned == pinned {
			query = query.Where("e.arrived_at <= ? AND (e.arrived_at < ? OR e.id < ?)", after.at, after.at, after.id)
		}
		found, err := read(tx, query.Limit(q.Limit+1-len(list)))
		if err != nil {
			return nil, err
		}
		if list = append(list, found...); len(list) > q.Limit {
			break
		}
	}
	return list, nil
}

// entries begins a query for the entries e of the user that the filter lets through, with
// their messages m, the newest first.
func (q Query) entries(tx *gorm.DB, user uint64) *gorm.DB {
	query := tx.Table("inbox_entries e").Select("e.*").Joins("JOIN messages m ON m.id = e.message_id").
		Where("e.user_id = ?", user).Order("e.arrived_at DESC, e.id DESC")
	if q.Unread {
		query = query.Where("e.read_at IS NULL")
	}
	if q.Kind != "" {
		query = query.Where("m.kind = ?", q.Kind)
	}
	return query
}

// read returns the entries of a query with their messages.
func read(tx, query *gorm.DB) ([]Item, error) {
	var entries []models.InboxEntry
	if err := query.Find(&entries).Error; err != nil {
		return nil, fmt.Errorf("entries of inbox: %w", store.Translate(err))
	}
	ids := make([]uint64, len(entries))
	for i, entry := range entries {
		ids[i] = entry.MessageID
	}
	var rows []models.Message
	if err := tx.Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("messages of inbox: %w", store.Translate(err))
	}
	messages := make(map[uint64]models.Message, len(rows))
	for _, row := range rows {
		messages[row.ID] = row
	}
	list := make([]Item, len(entries))
	for i, entry := range entries {
		message := messages[entry.MessageID]
		args, err := unpackArgs(message.Args)
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", message.ID, err)
		}
		list[i] = Item{InboxEntry: entry, Message: message, Text: rules.Reason{Key: message.Key, Args: args}}
	}
	return list, nil
}

// Unread returns how many messages of the user are unread, at most MaxUnread: every page
// shows it.
func (d *Desk) Unread(ctx context.Context, user uint64) (int, error) {
	tx := d.store.Read(ctx)
	var count int
	unread := tx.Table("inbox_entries").Select("id").Where("user_id = ? AND read_at IS NULL", user).Limit(MaxUnread)
	if err := tx.Table("(?) AS unread", unread).Select("COUNT(*)").Scan(&count).Error; err != nil {
		return 0, fmt.Errorf("unread messages: %w", store.Translate(err))
	}
	return count, nil
}

// place is a place in an inbox.
type place struct {
	pinned bool
	at     time.Time
	id     uint64
}

func placeOf(item Item) place { return place{item.Pinned(), item.ArrivedAt, item.ID} }

// String is opaque outside.
func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%t.%d.%d", p.pinned, p.at.UnixMilli(), p.id))
}

func parsePlace(cursor string) (*place, error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, err
	}
	var p place
	var milli int64
	if _, err := fmt.Sscanf(string(text), "%t.%d.%d", &p.pinned, &milli, &p.id); err != nil {
		return nil, err
	}
	if p.id > math.MaxInt64 {
		return nil, fmt.Errorf("cursor of entry %d: databases count to %d", p.id, math.MaxInt64)
	}
	p.at = time.UnixMilli(milli).UTC()
	return &p, nil
}
