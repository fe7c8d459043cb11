package models

import (
	"time"

	"sundial/server/calendar"
)

// MessageKind groups the messages of an inbox.
type MessageKind string

// The kinds of messages.
const (
	MessageUrge          MessageKind = "urge"          // urged, escalated, received for, replied to
	MessageReport        MessageKind = "report"        // returned, verified, reopened
	MessageTask          MessageKind = "task"          // given, changed, progress
	MessageInspection    MessageKind = "inspection"    // announced, findings
	MessageRectification MessageKind = "rectification" // demanded, answered, sent back, closed
	MessageScore         MessageKind = "score"         // sheets returned, results, appeals
	MessageBulletin      MessageKind = "bulletin"      // published, corrected
)

// Message (消息) tells people of a unit what has happened. It is written in the
// transaction of what it tells. Text is made from Key and Args when it is read, in the
// language of the reader.
type Message struct {
	ID     uint64 `gorm:"primaryKey"`
	UnitID uint64
	Kind   MessageKind
	// Object and ObjectID are what it leads to, by the names of the audit log.
	Object   string
	ObjectID uint64
	Key      string `gorm:"column:message_key"`
	// Args are the arguments of the text, as JSON.
	Args string
	// Urgent ones stand first until they are read.
	Urgent bool
	SentAt time.Time
	SentOn calendar.Date
}

// InboxEntry is a message for one user.
type InboxEntry struct {
	ID        uint64 `gorm:"primaryKey"`
	MessageID uint64
	UserID    uint64
	// ArrivedAt is the SentAt of the message, by which an inbox is in order.
	ArrivedAt time.Time
	ReadAt    *time.Time
	// SentAt is when it was passed on outside of the program, by mail or a robot; those
	// that are nil are the outbox.
	SentAt *time.Time
}
