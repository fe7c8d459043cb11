package models

import (
	"time"

	"sundial/server/calendar"
)

// BulletinStatus is where a bulletin stands.
type BulletinStatus string

// The statuses of a bulletin.
const (
	BulletinDraft     BulletinStatus = "draft"
	BulletinPublished BulletinStatus = "published"
)

// Bulletin (通报) is one edition of a published result of an office. A published one
// never changes: a correction is the next edition of the same series.
type Bulletin struct {
	ID uint64 `gorm:"primaryKey"`
	// Series is the public name of all editions of a bulletin; Edition counts from 1.
	Series  string
	Edition int
	// UnitID is the office, and the subtree that the bulletin is about.
	UnitID uint64
	Year   int
	AsOf   calendar.Date
	// Policy narrows it to one policy, by code; RoundID is the round whose ranking it
	// publishes, nil for none.
	Policy  string
	RoundID *uint64
	Title   string
	// Number is the number of the document, as 〔2017〕12号.
	Number string
	Status BulletinStatus
	// Settings are the rules of praise and criticism and the parts it has, Words its
	// paragraphs, Data its numbers, each as JSON.
	Settings string
	Words    string
	Data     string
	// Hash is the SHA-256 of all that is published, in hexadecimal digits; empty for
	// drafts.
	Hash string
	// Change says what this edition changes and why; empty for the first.
	Change      string `gorm:"column:change_note"`
	ComposedAt  time.Time
	CreatedBy   uint64
	CreatedAt   time.Time
	PublishedBy *uint64
	PublishedAt *time.Time
	PublishedOn calendar.Date
	Version     int
}
