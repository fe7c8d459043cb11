package training

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/throttle"
)

// Failures to check in: an address, behind which a whole room may sit, has three
// hundred at once and two more every second; a session, or the page on which codes
// are typed, six hundred and five. When those are used up, whoever is to blame, each
// address still has a few: nobody locks a room for others. A code has a hundred
// million values.
const (
	addressFailures     = 300
	addressFailureEvery = 500 * time.Millisecond
	doorFailures        = 600
	doorFailureEvery    = 200 * time.Millisecond
	spareFailures       = 5
	spareFailureEvery   = 2 * time.Minute
)

// checkIns throttles who fails to check in; who succeeds uses up nothing.
type checkIns struct{ addresses, doors, spare *throttle.Throttle }

func newCheckIns() *checkIns {
	return &checkIns{throttle.New(addressFailureEvery, addressFailures), throttle.New(doorFailureEvery, doorFailures), throttle.New(spareFailureEvery, spareFailures)}
}

// attempt has somebody at the address try to get in by the door. What is refused as
// Invalid or NotFound is a failure of the address and at the door; after too many of
// them nothing is tried, and the error is of code TooMany.
func (c *checkIns) attempt(address, door string, now time.Time, try func() error) error {
	address = network(address)
	wait := c.addresses.Wait(address, now)
	if wait == 0 && c.doors.Wait(door, now) > 0 {
		wait = c.spare.Wait(address+" "+door, now)
	}
	if wait > 0 {
		return models.NewError(models.TooMany, "attendance.too_many", "Seconds", throttle.Seconds(wait))
	}
	err := try()
	if models.IsCode(err, models.Invalid) || models.IsCode(err, models.NotFound) {
		c.addresses.Take(address, now)
		if c.doors.Take(door, now) > 0 {
			c.spare.Take(address+" "+door, now)
		}
	}
	return err
}

// network is what of an address one caller cannot choose: of IPv6, the first half.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	return netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
}

// doorOf is the door of a session; sessions that are found by the code alone have
// one together.
func doorOf(session uint64) string { return "session " + strconv.FormatUint(session, 10) }

// CheckInInput is what somebody in the room enters.
type CheckInInput struct {
	// Session is 0 where the code alone says which.
	Session uint64
	Code    string
	// Number is the staff number, or the last four characters of the ID card.
	Number string
	Name   string
}

// CheckedIn is what somebody is told who has checked in.
type CheckedIn struct {
	Name    string
	Course  models.Course
	Session models.TrainingSession
	// At is when they did, before now when Again.
	At    time.Time
	Again bool
}

// RoomSession returns the session, with its course, to whoever has its code at
// hand; a wrong one is Invalid.
func (d *Desk) RoomSession(ctx context.Context, session uint64, code, address string) (*CheckedIn, error) {
	at, db := d.now(), d.store.Read(ctx)
	var row models.TrainingSession
	err := d.checkIns.attempt(address, doorOf(session), at, func() error {
		var err error
		row, err = d.sessionOfCode(db, session, cleanCode(code), at)
		return err
	})
	if err != nil {
		return nil, err
	}
	course, err := courseByID(db, row.CourseID)
	return &CheckedIn{Course: course, Session: row}, err
}

// CheckIn records who is in the room by the code that is shown there, once. The
// session, the code and the person are checked without a sign-in; whoever is not
// expected, whom the office has recorded as absent and who is nobody at all are
// refused in the same words.
func (d *Desk) CheckIn(ctx context.Context, input CheckInInput, address string) (*CheckedIn, error) {
	if err := input.check(); err != nil {
		return nil, err
	}
	at := d.now()
	var done *CheckedIn
	err := d.checkIns.attempt(address, doorOf(input.Session), at, func() error {
		var err error
		done, err = d.checkInAt(ctx, input, at)
		return err
	})
	return done, err
}

func (d *Desk) checkInAt(ctx context.Context, input CheckInInput, at time.Time) (*CheckedIn, error) {
	session, err := d.sessionOfCode(d.store.Read(ctx), input.Session, cleanCode(input.Code), at)
	if err != nil {
		return nil, err
	}
	var done CheckedIn
	err = d.write(ctx, compliance.Actor{}, func(w *write) error {
		done = CheckedIn{At: w.at}
		if done.Session, done.Course, err = w.lockSession(session.ID); err != nil {
			return err
		}
		person, err := w.expectedPerson(session.ID, input)
		if err != nil {
			return err
		}
		done.Name = person.Name
		return w.checkIn(&done, person)
	})
	return &done, err
}

func (in CheckInInput) check() error {
	var f faults
	f.text("code", strings.TrimSpace(in.Code), maxTitle, true)
	f.text("name", strings.TrimSpace(in.Name), maxTitle, true)
	f.text("number", strings.TrimSpace(in.Number), maxTitle, true)
	return f.err()
}

// notExpected is the refusal of everybody who cannot check in: it does not say
// why, since that would tell who is on the list.
func notExpected() error {
	return models.InvalidFields([]models.Field{{Name: "number", Key: "attendance.not_expected"}})
}

// expectedPerson returns the one person with a seat in the session who has the
// name, and the number or the end of the ID card's.
func (w *write) expectedPerson(session uint64, input CheckInInput) (models.Person, error) {
	number := strings.ToUpper(cleanNumber(input.Number))
	seated := w.tx.Model(&models.Nomination{}).Select("person_id").
		Where("session_id = ? AND status IN ?", session, []models.NominationStatus{models.NominationSeated, models.NominationConfirmed})
	var people []models.Person
	err := w.tx.Where("merged_into IS NULL AND id IN (?) AND (UPPER(number) = ? OR UPPER(id_tail) = ?)", seated, number, number).Find(&people).Error
	if err != nil {
		return models.Person{}, fmt.Errorf("expected people: %w", err)
	}
	var found []models.Person
	for _, person := range people {
		if strings.EqualFold(cleanName(person.Name), cleanName(input.Name)) {
			found = append(found, person)
		}
	}
	if len(found) != 1 {
		return models.Person{}, notExpected()
	}
	return found[0], nil
}

// checkIn records the person in the locked session. The log has it as done by the
// program: a name that somebody typed is nobody who signed in.
func (w *write) checkIn(done *CheckedIn, person models.Person) error {
	book := w.attendanceBook()
	entry := AttendanceEntry{Session: done.Session.ID, Person: person.ID, On: w.today, Present: true, Source: models.AttendanceByCode}
	if err := book.learn([]AttendanceEntry{entry}); err != nil {
		return err
	}
	outcomes, changes, err := w.takeOver(book, []AttendanceEntry{entry})
	switch {
	case err != nil:
		return err
	case outcomes[0].Change == EntryRefused:
		return notExpected()
	case outcomes[0].Change == EntrySame:
		done.At, done.Again = book.people[person.ID].attendances[done.Session.ID].RecordedAt, true
		return nil
	}
	row := changes[0].now
	unit, err := unitOfAttendance(w.tx, *row)
	if err != nil {
		return err
	}
	return w.record(event{action: "check-in", object: "attendance", id: row.ID, unit: &unit, permission: recordAttendance, now: attendanceFacts(*row),
		detail: map[string]any{"session": done.Session.Code, "name": person.Name, "number": person.Code()}})
}

// unitOfAttendance returns the unit that the person worked in then.
func unitOfAttendance(db *gorm.DB, row models.Attendance) (models.Unit, error) {
	units, err := unitsByID(db, []uint64{row.UnitID})
	return units[row.UnitID], err
}
