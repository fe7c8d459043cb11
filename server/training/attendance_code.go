package training

import (
	"context"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// codeLife is for how long a code is shown; it is taken for as long again, so that
// there is time to type it.
const codeLife = time.Minute

// codeDigits is the length of a code: long enough not to be guessed within the
// attempts that are let through, short enough to be typed.
const codeDigits = 8

// RoomCode is what the screen in the room shows.
type RoomCode struct {
	*SessionView
	// Code is empty while the session takes none: from Opens to Closes on each of
	// its days.
	Code string
	// Left is for how long the code is shown.
	Left          time.Duration
	Opens, Closes time.Time
	Counts        AttendanceCounts
}

// RoomCode returns the code of a session of which the actor records attendance.
func (d *Desk) RoomCode(ctx context.Context, actor compliance.Actor, session uint64) (*RoomCode, error) {
	view, err := d.Session(ctx, actor, session)
	if err != nil {
		return nil, err
	}
	if err := actor.Allow(recordAttendance, view.Office); err != nil {
		return nil, err
	}
	at := d.now()
	room := &RoomCode{SessionView: view}
	if room.Counts, err = attendanceCounts(d.store.Read(ctx), view.TrainingSession); err != nil {
		return nil, err
	}
	room.Opens, room.Closes = codeHours(view.TrainingSession, min(max(dateOf(at), view.StartOn), view.EndOn))
	if takesCode(view.TrainingSession, at) {
		room.Code = d.key.roomCode(session, slotOf(at))
		room.Left = codeLife - at.Sub(at.Truncate(codeLife))
	}
	return room, nil
}

// codeHours are the instants between which codes of the session are taken on the
// day.
func codeHours(s models.TrainingSession, day calendar.Date) (opens, closes time.Time) {
	if s.EndMinute == 0 {
		return instantOf(day, 0), instantOf(day+1, 0)
	}
	return instantOf(day, max(0, s.StartMinute-entryMargin)), instantOf(day, min(minutesPerDay, s.EndMinute+entryMargin))
}

// takesCode tells whether the session's code is shown and taken at the instant.
func takesCode(s models.TrainingSession, at time.Time) bool {
	day := dateOf(at)
	opens, closes := codeHours(s, day)
	return s.Status == models.SessionOpen && s.StartOn <= day && day <= s.EndOn && !at.Before(opens) && at.Before(closes)
}

func slotOf(at time.Time) int64 { return at.UnixMilli() / codeLife.Milliseconds() }

// roomCode returns the code of the session in a slot of time.
func (k Key) roomCode(session uint64, slot int64) string {
	sum := k.sign("room-code", fmt.Sprintf("%d %d", session, slot))
	return fmt.Sprintf("%0*d", codeDigits, binary.BigEndian.Uint64(sum)%100_000_000)
}

// knowsCode tells whether the code is that of the session now or a moment ago.
func (d *Desk) knowsCode(s models.TrainingSession, code string, at time.Time) bool {
	known := 0
	for _, slot := range []int64{slotOf(at), slotOf(at) - 1} {
		known |= subtle.ConstantTimeCompare([]byte(d.key.roomCode(s.ID, slot)), []byte(code))
	}
	return known == 1 && takesCode(s, at)
}

// cleanCode takes out what people put between the digits.
func cleanCode(text string) string { return strings.ReplaceAll(cleanNumber(text), "-", "") }

// sessionOfCode returns the session whose code it is: the one with the id, or for
// 0 any that is held today. All others are refused in the same words, as is one
// that is not there.
func (d *Desk) sessionOfCode(db *gorm.DB, id uint64, code string, at time.Time) (models.TrainingSession, error) {
	today := dateOf(at)
	query := db.Where("start_on <= ? AND end_on >= ? AND status = ?", today, today, models.SessionOpen)
	if id != 0 {
		query = query.Where("id = ?", id)
	}
	var sessions []models.TrainingSession
	if err := query.Order("id").Find(&sessions).Error; err != nil {
		return models.TrainingSession{}, fmt.Errorf("sessions of today: %w", store.Translate(err))
	}
	for _, session := range sessions {
		if d.knowsCode(session, code, at) {
			return session, nil
		}
	}
	return models.TrainingSession{}, models.InvalidFields([]models.Field{{Name: "code", Key: "attendance.code_refused"}})
}
