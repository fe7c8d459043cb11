package training

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// Certificate (培训证书) says that somebody attended a session, and passed where it
// had a test.
type Certificate struct {
	Attendance models.Attendance
	Person     models.Person
	// Unit is the one that the person worked in then; Office holds the session.
	Unit    models.Unit
	Office  models.Unit
	Course  models.Course
	Session models.TrainingSession
	// Number is made of the year and of the numbers of session and person within the
	// program: it stays when the attendance is corrected. Check proves that it was
	// issued here.
	Number string
	Check  string
}

// Certificate returns the certificate of an attendance: the one that is known now
// where it was corrected since. One that does not count is a Conflict that says
// why. Who reads the office, or a unit in which the person worked, sees it.
func (d *Desk) Certificate(ctx context.Context, actor compliance.Actor, attendance uint64) (*Certificate, error) {
	db := d.store.Read(ctx)
	row, err := attendanceByID(db, attendance)
	if err != nil {
		return nil, err
	}
	c, err := d.certificate(db, row.SessionID, row.PersonID)
	if err != nil {
		return nil, err
	}
	then := row
	if c.Attendance.ID != 0 {
		then = c.Attendance
	}
	seen, err := d.sees(db, actor, c, then)
	if err != nil {
		return nil, err
	}
	if !seen {
		return nil, models.NewError(models.NotFound, attendanceUnknown)
	}
	return c, c.refusal()
}

// sees tells whether the actor reads the office, the unit in which the person
// worked then, or the one in which they work today.
func (d *Desk) sees(db *gorm.DB, actor compliance.Actor, c *Certificate, then models.Attendance) (bool, error) {
	postings, err := postingsOn(db, []uint64{c.Person.ID}, d.Today())
	if err != nil {
		return false, err
	}
	units, err := unitsByID(db, []uint64{c.Office.ID, then.UnitID, postings[c.Person.ID].UnitID})
	if err != nil {
		return false, err
	}
	c.Unit = units[then.UnitID]
	scope := actor.Access.Scope(readRotation.Object, readRotation.Action)
	for _, unit := range units {
		if scope.Contains(unit.Path) {
			return true, nil
		}
	}
	return false, nil
}

// refusal says why there is no certificate.
func (c *Certificate) refusal() error {
	var key string
	switch a := c.Attendance; {
	case a.ID == 0:
		key = "certificate.removed"
	case !a.Present:
		key = "certificate.absent"
	case a.Valid():
		return nil
	case a.Passed == nil:
		key = "certificate.awaited"
	default:
		key = "certificate.failed"
	}
	return models.NewError(models.Conflict, key, "Name", c.Person.Name, "Course", c.Course.Title)
}

// certificate reads what is known now of a person in a session; the attendance is
// the zero one when nothing is.
func (d *Desk) certificate(db *gorm.DB, session, person uint64) (*Certificate, error) {
	c := &Certificate{}
	if err := db.Where("id = ? OR id = (SELECT merged_into FROM people WHERE id = ?)", person, person).
		Where("merged_into IS NULL").Take(&c.Person).Error; err != nil {
		return nil, fmt.Errorf("person of certificate: %w", store.Translate(err))
	}
	if err := db.Where("id = ?", session).Take(&c.Session).Error; err != nil {
		return nil, fmt.Errorf("session of certificate: %w", store.Translate(err))
	}
	err := knownNow(db, "attendances").Where("session_id = ? AND person_id = ?", session, c.Person.ID).Limit(1).Find(&c.Attendance).Error
	if err != nil {
		return nil, fmt.Errorf("attendance of certificate: %w", store.Translate(err))
	}
	if c.Course, err = courseByID(db, c.Session.CourseID); err != nil {
		return nil, err
	}
	offices, err := unitsByID(db, []uint64{c.Session.UnitID})
	c.Office = offices[c.Session.UnitID]
	c.Number = certificateNumber(c.Session, c.Person.ID)
	c.Check = d.key.certificateCheck(session, c.Person.ID)
	return c, err
}

// certificateNumber is the number of the certificate of a person; of one who was
// merged into another since, it is the one that was issued then.
func certificateNumber(session models.TrainingSession, person uint64) string {
	return fmt.Sprintf("%d-%04d-%05d", session.StartOn.Year(), session.ID, person)
}

// certificateCheck is what the certificate of a person in a session has beside its
// number.
func (k Key) certificateCheck(session, person uint64) string {
	return strings.ToUpper(hex.EncodeToString(k.sign("certificate", fmt.Sprintf("%d %d", session, person))[:5]))
}

// VerifyCertificate returns the certificate with the number to whoever has its
// check, without a sign-in: a wrong one, and one that does not count any more, is
// NotFound.
func (d *Desk) VerifyCertificate(ctx context.Context, number, check, address string) (*Certificate, error) {
	var found *Certificate
	err := d.checkIns.attempt(address, "certificate", d.now(), func() error {
		var err error
		found, err = d.verify(ctx, number, check)
		return err
	})
	return found, err
}

func (d *Desk) verify(ctx context.Context, number, check string) (*Certificate, error) {
	unknown := models.NewError(models.NotFound, "certificate.unknown")
	session, person, ok := parseNumber(number)
	if !ok {
		return nil, unknown
	}
	given := []byte(strings.ToUpper(strings.TrimSpace(check)))
	if subtle.ConstantTimeCompare(given, []byte(d.key.certificateCheck(session, person))) != 1 {
		return nil, unknown
	}
	c, err := d.certificate(d.store.Read(ctx), session, person)
	if models.IsCode(err, models.NotFound) || err == nil && (certificateNumber(c.Session, person) != strings.TrimSpace(number) || c.refusal() != nil) {
		return nil, unknown
	}
	return c, err
}

// parseNumber reads the session and the person from a certificate's number.
func parseNumber(number string) (session, person uint64, ok bool) {
	parts := strings.Split(strings.TrimSpace(number), "-")
	if len(parts) != 3 {
		return 0, 0, false
	}
	session, errSession := strconv.ParseUint(parts[1], 10, 63)
	person, errPerson := strconv.ParseUint(parts[2], 10, 63)
	return session, person, errSession == nil && errPerson == nil
}

// MaskedName is the person's name as strangers are shown it: the first character,
// and a star for each other one.
func (c *Certificate) MaskedName() string {
	letters := []rune(c.Person.Name)
	for i := 1; i < len(letters); i++ {
		letters[i] = '*'
	}
	return string(letters)
}
