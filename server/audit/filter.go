package audit

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// filter narrows the entries to those that the query asks for.
func filter(db, query *gorm.DB, q Query) (*gorm.DB, error) {
	if q.Action != "" {
		query = query.Where("e.action = ?", q.Action)
	}
	if !q.From.IsZero() {
		query = query.Where("e.at >= ?", startOf(q.From))
	}
	if !q.To.IsZero() {
		query = query.Where("e.at < ?", startOf(q.To+1))
	}
	for _, narrow := range []func(db, query *gorm.DB, q Query) (*gorm.DB, error){byObject, byUser, fromCursor} {
		narrowed, err := narrow(db, query, q)
		if err != nil {
			return nil, err
		}
		query = narrowed
	}
	return query, nil
}

// ofDuty are the tables of what belongs to a duty, by the object that the log
// calls it.
var ofDuty = map[string]string{"report": "reports", "draft": "drafts", "evidence": "attachments"}

func byObject(db, query *gorm.DB, q Query) (*gorm.DB, error) {
	switch {
	case q.ID != 0 && q.Object == "":
		return nil, models.InvalidFields([]models.Field{{Name: "id", Key: "audit.id_alone"}})
	case q.Object == "":
		return query, nil
	case q.ID == 0:
		return query.Where("e.object = ?", q.Object), nil
	case q.Object != "duty":
		return query.Where("e.object = ? AND e.object_id = ?", q.Object, q.ID), nil
	}
	any := db.Where("e.object IN ? AND e.object_id = ?", []string{"duty", "trigger"}, q.ID)
	for object, table := range ofDuty {
		var ids []uint64
		if err := db.Table(table).Where("duty_id = ?", q.ID).Pluck("id", &ids).Error; err != nil {
			return nil, fmt.Errorf("%s of duty: %w", table, store.Translate(err))
		}
		if len(ids) > 0 {
			any = any.Or("e.object = ? AND e.object_id IN ?", object, ids)
		}
	}
	return query.Where(any), nil
}

// maxUsers is how many users a text may mean.
const maxUsers = 200

func byUser(db, query *gorm.DB, q Query) (*gorm.DB, error) {
	text := strings.TrimSpace(q.User)
	if text == "" {
		return query, nil
	}
	like := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
	meant := db.Where("lower(login) LIKE ? ESCAPE '!' OR lower(name) LIKE ? ESCAPE '!'", like, like)
	if id, err := strconv.ParseUint(text, 10, 63); err == nil {
		meant = meant.Or("id = ?", id)
	}
	var ids []uint64
	if err := db.Model(&models.User{}).Where(meant).Limit(maxUsers+1).Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("users of audit log: %w", store.Translate(err))
	}
	if len(ids) > maxUsers {
		return nil, models.InvalidFields([]models.Field{{Name: "user", Key: "audit.many_users", Args: models.Args("Max", maxUsers)}})
	}
	return query.Where("e.user_id IN ?", ids), nil
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func fromCursor(_, query *gorm.DB, q Query) (*gorm.DB, error) {
	if q.Cursor == "" {
		return query, nil
	}
	at, strand, seq, err := parseCursor(q.Cursor)
	if err != nil {
		return nil, models.InvalidFields([]models.Field{{Name: "cursor", Key: "list.bad_cursor"}})
	}
	// The first comparison alone is a range of the index.
	return query.Where("e.at <= ? AND (e.at < ? OR e.strand < ? OR e.strand = ? AND e.seq < ?)", at, at, strand, strand, seq), nil
}

// cursorOf names a place in the log; it is opaque outside.
func cursorOf(e models.AuditEntry) string {
	text := fmt.Sprintf("%d.%d.%d", e.At.UnixMilli(), e.Strand, e.Seq)
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

func parseCursor(cursor string) (at time.Time, strand int, seq uint64, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return at, 0, 0, err
	}
	var milli int64
	if _, err := fmt.Sscanf(string(text), "%d.%d.%d", &milli, &strand, &seq); err != nil {
		return at, 0, 0, err
	}
	return time.UnixMilli(milli).UTC(), strand, seq, nil
}
