// Package rectification is how things are put right (整改): an office demands it, for
// points that a unit lost in a round or for what an inspection found; the unit answers; the
// office looks again and closes it (销号) or sends it back. The unit that answers never
// closes.
package rectification

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/desk"
	"sundial/server/rules"
	"sundial/server/store"
)

// Desk is the desk at which rectifications are answered and decided on. It is safe for
// concurrent use.
type Desk struct {
	desk.Desk
	scores Scores
	days   Days
}

// Days returns the calendar of working days as it is known now.
type Days func(ctx context.Context) (*calendar.Calendar, error)

// Scores tells of rectifications of points lost, by their ids, what package assessment
// knows, which opens them.
type Scores func(w *desk.Write, rows []models.Rectification) (map[uint64]ScoreOrigin, error)

// New returns the desk over a store.
func New(s *store.Store, scores Scores, days Days, now func() time.Time) *Desk {
	return &Desk{desk.New(s, now), scores, days}
}

// At returns a desk whose writes are steps of the transaction, at the moment: the past
// of a demo.
func (d *Desk) At(tx *gorm.DB, at time.Time) *Desk {
	past := *d
	past.Desk = d.Desk.At(tx, at)
	return &past
}

// The permissions of rectifications: the office that found what is wrong demands and
// closes them, the unit answers. Who reads at the unit or at the office reads them.
var (
	readRectification   = rbac.Permission{Object: "rectification", Action: "read"}
	demandRectification = rbac.Permission{Object: "rectification", Action: "demand"}
	answerRectification = rbac.Permission{Object: "rectification", Action: "answer"}
)

// stepObject is what the files of a step belong to, by the names of the audit log.
const stepObject = "rectification-step"

// The longest texts, in characters.
const (
	maxText = 2000
	maxURL  = 1000
)

func tooLong(faults []models.Field, name, text string, most int) []models.Field {
	if length := utf8.RuneCountInString(text); length > most {
		faults = append(faults, models.Field{Name: name, Key: "filing.too_long", Args: models.Args("Length", length, "Max", most)})
	}
	return faults
}

func badURL(faults []models.Field, text string) []models.Field {
	if text == "" {
		return faults
	}
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		faults = append(faults, models.Field{Name: "url", Key: "filing.bad_url", Args: models.Args("Value", text)})
	}
	return tooLong(faults, "url", text, maxURL)
}

// badDue refuses a due date that is not in the future.
func badDue(faults []models.Field, due, today calendar.Date) []models.Field {
	if due <= today {
		faults = append(faults, models.Field{Name: "due_on", Key: "rectifications.due_past", Args: models.Args("Value", due, "Today", today)})
	}
	return faults
}

// named is a unit's name in both languages.
func named(unit models.Unit) rules.Text {
	text := rules.Text{ZH: unit.Name, EN: unit.NameEN}
	if text.EN == "" {
		text.EN = text.ZH
	}
	return text
}

// longestSubject is how much of a finding names it, in characters.
const longestSubject = 40

// shortened cuts a text to what names a thing.
func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if letters := []rune(text); len(letters) > longestSubject {
		return string(letters[:longestSubject]) + "…"
	}
	return text
}

// userName returns the name of a user, empty for the program itself.
func userName(tx *gorm.DB, id uint64) (string, error) {
	var user models.User
	if err := tx.Select("id, name").Where("id = ?", id).Limit(1).Find(&user).Error; err != nil {
		return "", fmt.Errorf("user %d: %w", id, store.Translate(err))
	}
	return user.Name, nil
}
