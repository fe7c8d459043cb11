package web

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/training"
)

// AttendancePage is the attendance list of a session.
type AttendancePage struct {
	Page
	Tabs UnitTabs
	*training.AttendanceList
	// Days and Times are when the session is held.
	Days, Times string
	Rows        []AttendanceRow
	// Problems are what was refused of the list that was just sent.
	Problems []FieldProblem
	// WalkIn is the form for who is not on the list.
	WalkIn WalkInForm
}

// URL is the address of the list.
func (p AttendancePage) URL() string { return sessionURL(p.ID, "attendance") }

// CodeURL is the page for the screen in the room.
func (p AttendancePage) CodeURL() string { return sessionURL(p.ID, "code") }

// SessionURL is the page of the session.
func (p AttendancePage) SessionURL() string { return sessionURL(p.ID) }

// WalkInURL takes who is not on the list.
func (p AttendancePage) WalkInURL() string { return sessionURL(p.ID, "walk-ins") }

// Results tells how results of a test are entered: by a score alone where the
// course has a pass mark, else with a result beside it.
func (p AttendancePage) Results() string {
	switch {
	case !p.Course.Tested:
		return ""
	case p.Course.PassMark != "":
		return "score"
	default:
		return "result"
	}
}

// Columns counts the columns of the list.
func (p AttendancePage) Columns() int {
	return 6 + map[string]int{"score": 1, "result": 2}[p.Results()]
}

// WalkInForm names somebody who is not on the list.
type WalkInForm struct {
	Refused
	Who string
}

// AttendanceRow is a line of the list with what was typed into it.
type AttendanceRow struct {
	training.AttendanceLine
	Number int
	// Tick is 1 for present, 0 for absent and empty while nothing is recorded.
	Tick   string
	Score  string
	Passed string
	// Error says why the row was refused.
	Error string
}

// ID is that of the row's elements.
func (r AttendanceRow) ID() string { return fmt.Sprintf("row-%d", r.Person.ID) }

// CertificateURL leads to the certificate; empty while there is none.
func (r AttendanceRow) CertificateURL() string {
	if r.Attendance == nil || !r.Attendance.Valid() {
		return ""
	}
	return fmt.Sprintf("/attendances/%d/certificate", r.Attendance.ID)
}

// RemoveURL takes the attendance back.
func (r AttendanceRow) RemoveURL() string {
	return fmt.Sprintf("/attendances/%d/remove", r.Attendance.ID)
}

func newAttendancePage(page Page, tabs UnitTabs, list *training.AttendanceList) AttendancePage {
	p := AttendancePage{Page: page, Tabs: tabs, AttendanceList: list, Days: sessionDays(page.Locale, list.TrainingSession), Times: sessionTimes(list.TrainingSession)}
	for i, line := range list.Lines {
		p.Rows = append(p.Rows, newAttendanceRow(i+1, line))
	}
	return p
}

func newAttendanceRow(number int, line training.AttendanceLine) AttendanceRow {
	row := AttendanceRow{AttendanceLine: line, Number: number}
	if a := line.Attendance; a != nil {
		row.Tick, row.Score = map[bool]string{true: "1", false: "0"}[a.Present], a.Score
		if a.Passed != nil {
			row.Passed = map[bool]string{true: "1", false: "0"}[*a.Passed]
		}
	}
	return row
}

// refuse shows what was refused of the marks at their rows. What was typed stays,
// but for a row that has changed meanwhile: that shows what is known now.
func (p *AttendancePage) refuse(locale *frontend.Locale, marks []training.AttendanceMark, outcomes []training.EntryOutcome) {
	at := map[uint64]int{}
	for i, row := range p.Rows {
		at[row.Person.ID] = i
	}
	for i, outcome := range outcomes {
		place, listed := at[marks[i].Person]
		if outcome.Change != training.EntryRefused || !listed {
			continue
		}
		row, texts := &p.Rows[place], []string{}
		for _, fault := range outcome.Faults {
			texts = append(texts, locale.Text(fault.Key, fault.Args))
		}
		row.Error = strings.Join(texts, " ")
		if marks[i].Seen == row.Seen() {
			row.Tick, row.Score, row.Passed = map[bool]string{true: "1", false: "0"}[marks[i].Present], marks[i].Score, ""
		}
		p.Problems = append(p.Problems, FieldProblem{ID: row.ID(), Text: locale.Text("attendance.row_problem", models.Args("Name", row.Person.Name, "Text", row.Error))})
	}
}

// RoomPage is the page for the screen in the room.
type RoomPage struct {
	Page
	Room RoomView
}

// RoomView is what the screen shows; it is sent again every few seconds.
type RoomView struct {
	*training.RoomCode
	QR QRCode
	// Site is the address at which the code is typed; Days and Times are when the
	// session is held.
	Site, Days, Times string
}

// URL is the address that sends the view again.
func (v RoomView) URL() string { return sessionURL(v.ID, "code") }

// ListURL is the list of the session.
func (v RoomView) ListURL() string { return sessionURL(v.ID, "attendance") }

// Spaced is the code as it is read out.
func (v RoomView) Spaced() string { return v.Code[:len(v.Code)/2] + " " + v.Code[len(v.Code)/2:] }

// Seconds is for how long the code is shown.
func (v RoomView) Seconds() int { return int(v.Left.Seconds()) }

// Expected is how many have a seat or are there.
func (v RoomView) Expected() int { return v.Counts.Present + v.Counts.Open + v.Counts.Absent }

// QRCode is a code to scan: a path of black squares in a field of Size squares,
// with the quiet border that scanners need.
type QRCode struct {
	Size int
	Path string
}

// quiet is the width of the border, in squares.
const quiet = 4

// newQRCode returns the code of a text.
func newQRCode(text string) (QRCode, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return QRCode{}, fmt.Errorf("code of %s: %w", text, err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return QRCode{code.Size + 2*quiet, path.String()}, nil
}

// AttendPage is where people in the room check in.
type AttendPage struct {
	Page
	Refused
	Action string
	// Room is the session, once its code is known to be right; Days and Times are
	// when it is held.
	Room        *training.CheckedIn
	Days, Times string
	// Form is what was typed.
	Form training.CheckInInput
	// Done is set when the person is checked in.
	Done *training.CheckedIn
}

// AsksCode tells whether the code has to be typed.
func (p AttendPage) AsksCode() bool { return p.Form.Code == "" || p.Problem("code") != nil }

// CertificatePage is a certificate to print.
type CertificatePage struct {
	Page
	*training.Certificate
	// Days are those of the session. CheckURL is where strangers check it, and QR the
	// code of it.
	Days, CheckURL string
	QR             QRCode
}

// Hours is the length of the course.
func (p CertificatePage) Hours() string { return training.Hours(p.Course.Minutes) }

// CertificateCheckPage is where strangers check a certificate.
type CertificateCheckPage struct {
	Page
	Number, Check string
	// Found is the certificate, nil before one is asked for or when there is none.
	Found   *training.Certificate
	Days    string
	Refusal *models.Error
}

// Hours is the length of the course of the one that was found.
func (p CertificateCheckPage) Hours() string { return training.Hours(p.Found.Course.Minutes) }
