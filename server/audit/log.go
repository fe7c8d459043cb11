package audit

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// Sizes of a page of the log.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Log answers what the audit log tells. It is safe for concurrent use.
type Log struct{ store *store.Store }

// New returns the log of a store.
func New(s *store.Store) *Log { return &Log{s} }

// Query asks for entries, the newest first. Empty fields do not restrict.
type Query struct {
	// Access is what the reader may do: audit:read over a unit shows what concerns
	// it, audit:inspect also from where, and over the whole tree also what concerns
	// no unit.
	Access rbac.Access
	// Unit restricts to what concerns the subtree of a unit.
	Unit *models.Unit
	// User is a user's id, or a part of the login or name of one.
	User   string
	Action string
	// Object is a kind of objects, ID one of them. A duty takes in its reports,
	// drafts and evidence.
	Object string
	ID     uint64
	// From and To are the first and last day, in Asia/Shanghai.
	From, To calendar.Date
	// Cursor is the Next of the page before; Limit at most MaxLimit.
	Cursor string
	Limit  int
}

// Page is a page of the log; Next is empty on the last one.
type Page struct {
	Items []Entry
	Next  string
}

// Entry is an entry of the log with what it is about. Address is empty when the
// reader may not see it.
type Entry struct {
	models.AuditEntry
	// Unit is the unit concerned, nil for what concerns none.
	Unit *models.Unit
	// Duty is the duty that the object belongs to, 0 for others.
	Duty uint64
	// Name is what the object is called, empty when it is not known.
	Name rules.Text
}

// Number names the entry as store.EntryName does.
func (e Entry) Number() string { return store.EntryName(e.Strand, e.Seq) }

// Entries answers a page of the log as far as the reader may see it. A unit
// outside the reader's grants is NotFound; a cursor, limit, id or user that
// cannot be is Invalid.
func (l *Log) Entries(ctx context.Context, q Query) (*Page, error) {
	db := l.store.Read(ctx)
	limit, err := limitOf(q.Limit)
	if err != nil {
		return nil, err
	}
	reader, err := readerOf(db, q)
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(db, reader, q, limit+1)
	if err != nil {
		return nil, err
	}
	entries, err := read(db, keys)
	if err != nil {
		return nil, err
	}
	page := &Page{}
	if len(entries) > limit {
		entries = entries[:limit]
		page.Next = cursorOf(entries[limit-1])
	}
	page.Items, err = about(db, reader, entries)
	return page, err
}

// inOrder is the order of the log: by instant, the newest first.
const inOrder = "e.at DESC, e.strand DESC, e.seq DESC"

// keysOf returns the query for the keys of a page, which an index answers.
func keysOf(db *gorm.DB, r reader, q Query, limit int) (*gorm.DB, error) {
	keys, err := r.restrict(db.Table("audit_entries e"))
	if err == nil {
		keys, err = filter(db, keys, q)
	}
	if err != nil {
		return nil, err
	}
	return keys.Select(pinned + "e.strand, e.seq").Order(inOrder).Limit(limit), nil
}

// read reads the entries with the keys.
func read(db, keys *gorm.DB) ([]models.AuditEntry, error) {
	var entries []models.AuditEntry
	err := db.Table("(?) k", keys).Joins("JOIN audit_entries e ON e.strand = k.strand AND e.seq = k.seq").
		Select("e.*").Order(inOrder).Find(&entries).Error
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", store.Translate(err))
	}
	return entries, nil
}

func limitOf(limit int) (int, error) {
	switch {
	case limit == 0:
		return DefaultLimit, nil
	case limit < 1 || limit > MaxLimit:
		return 0, models.InvalidFields([]models.Field{{Name: "limit", Key: "list.bad_limit", Args: models.Args("Max", MaxLimit)}})
	default:
		return limit, nil
	}
}

// startOf is the first instant of a day.
func startOf(day calendar.Date) time.Time {
	at := day.Time()
	return store.Instant(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, rules.Shanghai))
}
