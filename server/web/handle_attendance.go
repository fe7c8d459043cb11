package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/gate"
	"sundial/server/training"
)

func (s *Server) showAttendance(r *request) error {
	page, err := s.attendancePage(r)
	if err != nil {
		return err
	}
	return s.show(r, "attendance", page)
}

func (s *Server) attendancePage(r *request) (AttendancePage, error) {
	id, err := r.id()
	if err != nil {
		return AttendancePage{}, err
	}
	list, err := s.Desk.AttendanceList(r.Request.Context(), r.Actor, id)
	if err != nil {
		return AttendancePage{}, err
	}
	base := s.page(r)
	if err := s.placeSession(r, &base, list.SessionView, r.Locale.Text("attendance.title", nil)); err != nil {
		return AttendancePage{}, err
	}
	return newAttendancePage(base, s.trainingTabs(r, list.Office, "sessions"), list), nil
}

// placeSession sets the breadcrumb of a page of a session, through its office where
// the caller may read that.
func (s *Server) placeSession(r *request, page *Page, session *training.SessionView, last string) error {
	if !r.may("rotation", "read", session.Office) {
		return nil
	}
	view := View{Today: s.Ledger.Today(), AsOf: s.Ledger.Today()}
	if err := s.place(r, page, view, session.Office, last); err != nil {
		return err
	}
	end := len(page.Breadcrumb) - 1
	page.AsOf = 0
	page.Breadcrumb = append(page.Breadcrumb[:end:end], Crumb{Text: session.Course.Title + " · " + sessionDays(r.Locale, session.TrainingSession), URL: sessionURL(session.ID)}, page.Breadcrumb[end])
	return nil
}

// saveAttendance takes over the list: what is right is saved, and the rest shown
// at its rows.
func (s *Server) saveAttendance(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	marks := r.marks()
	outcomes, err := s.Desk.RecordList(r.Request.Context(), r.Actor, id, marks)
	if err != nil {
		return err
	}
	saved, refused := 0, 0
	for _, outcome := range outcomes {
		switch outcome.Change {
		case training.EntryRefused:
			refused++
		case training.EntryAdded, training.EntryChanged:
			saved++
		}
	}
	if refused == 0 {
		return s.done(r, sessionURL(id, "attendance"), "flash.attendance_saved", models.Args("Count", saved))
	}
	page, err := s.attendancePage(r)
	if err != nil {
		return err
	}
	page.refuse(r.Locale, marks, outcomes)
	if saved > 0 {
		page.Flash = r.Locale.Text("flash.attendance_saved", models.Args("Count", saved))
	}
	s.send(r, http.StatusUnprocessableEntity, "attendance", page)
	return nil
}

// marks reads the rows of the list in which something is ticked or written. Who
// has a score was there.
func (r *request) marks() []training.AttendanceMark {
	var marks []training.AttendanceMark
	for _, person := range r.PostFormArray("person") {
		id, err := strconv.ParseUint(person, 10, 63)
		tick, score, passed := r.PostForm("present."+person), r.PostForm("score."+person), r.PostForm("passed."+person)
		if err != nil || tick == "" && score == "" && passed == "" {
			continue
		}
		mark := training.AttendanceMark{Person: id, Seen: r.PostForm("seen." + person), Present: tick != "0", Score: score}
		if passed != "" {
			reached := passed == "1"
			mark.Passed = &reached
		}
		marks = append(marks, mark)
	}
	return marks
}

func (s *Server) recordWalkIn(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	person, err := s.Desk.RecordWalkIn(r.Request.Context(), r.Actor, id, r.PostForm("who"))
	if !models.IsCode(err, models.Invalid) {
		if err != nil {
			return err
		}
		return s.done(r, sessionURL(id, "attendance"), "flash.walk_in", models.Args("Name", person.Name))
	}
	page, pageErr := s.attendancePage(r)
	if pageErr != nil {
		return pageErr
	}
	errors.As(err, &page.WalkIn.Error)
	page.WalkIn.Who = r.PostForm("who")
	s.send(r, http.StatusUnprocessableEntity, "attendance", page)
	return nil
}

func (s *Server) removeAttendance(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	session, err := s.Desk.RemoveAttendance(r.Request.Context(), r.Actor, id, r.PostForm("reason"))
	if err != nil {
		return err
	}
	return s.done(r, sessionURL(session, "attendance"), "flash.attendance_removed", nil)
}

// showRoomCode shows the code of a session on the screen in the room; htmx asks
// for the view every few seconds.
func (s *Server) showRoomCode(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	room, err := s.Desk.RoomCode(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	view := RoomView{RoomCode: room, Site: r.Request.Host + "/attend", Days: sessionDays(r.Locale, room.TrainingSession), Times: sessionTimes(room.TrainingSession)}
	if room.Code != "" {
		view.QR, err = newQRCode(fmt.Sprintf("%s/attend/%d?code=%s", s.site(r), id, room.Code))
		if err != nil {
			return err
		}
	}
	if r.isFragment() {
		return s.sendBlock(r, http.StatusOK, "room_code", "room_code_view", view)
	}
	return s.show(r, "room_code", RoomPage{Page: s.page(r), Room: view})
}

// attendSession returns the session of the address, 0 where the code says which.
func (r *request) attendSession() (uint64, error) {
	text := r.Param("session")
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseUint(text, 10, 63)
	if err != nil || id == 0 {
		return 0, models.NewError(models.NotFound, "error.not_found")
	}
	return id, nil
}

// showAttend is the page that the code in the room leads to.
func (s *Server) showAttend(r *request) error {
	session, err := r.attendSession()
	if err != nil {
		return err
	}
	page := s.attendPage(r, training.CheckInInput{Session: session, Code: r.Query("code")})
	if page.Form.Code == "" {
		return s.show(r, "attend", page)
	}
	if page.Room, err = s.Desk.RoomSession(r.Request.Context(), session, page.Form.Code, r.ClientIP()); err != nil {
		page.Room = nil
	}
	return s.attended(r, page, err)
}

func (s *Server) attendPage(r *request, form training.CheckInInput) AttendPage {
	return AttendPage{Page: s.page(r), Action: r.Request.URL.Path, Form: form}
}

// attend checks somebody in.
func (s *Server) attend(r *request) error {
	session, err := r.attendSession()
	if err != nil {
		return err
	}
	page := s.attendPage(r, training.CheckInInput{Session: session, Code: r.PostForm("code"), Number: r.PostForm("number"), Name: r.PostForm("name")})
	page.Done, err = s.Desk.CheckIn(r.Request.Context(), page.Form, r.ClientIP())
	if err != nil {
		page.Done = nil
	}
	return s.attended(r, page, err)
}

// attended sends the page, after a refusal with what is wrong: a code that has
// changed has to be typed anew, and the names stay.
func (s *Server) attended(r *request, page AttendPage, err error) error {
	for _, room := range []*training.CheckedIn{page.Room, page.Done} {
		if room != nil && err == nil {
			page.Days, page.Times = sessionDays(r.Locale, room.Session), sessionTimes(room.Session)
		}
	}
	if err == nil {
		return s.show(r, "attend", page)
	}
	if !errors.As(err, &page.Error) || page.Error.Code != models.Invalid && page.Error.Code != models.TooMany {
		return err
	}
	if page.Problem("code") != nil {
		page.Form.Code = ""
	}
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "attend", page)
	return nil
}

func (s *Server) showCertificate(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	certificate, err := s.Desk.Certificate(r.Request.Context(), r.Actor, id)
	if err != nil {
		return err
	}
	page := CertificatePage{Page: s.page(r), Certificate: certificate, Days: sessionDays(r.Locale, certificate.Session)}
	page.Demo = certificate.Office.Demo
	query := url.Values{"number": {certificate.Number}, "check": {certificate.Check}}
	page.CheckURL = s.site(r) + "/certificates?" + query.Encode()
	if page.QR, err = newQRCode(page.CheckURL); err != nil {
		return err
	}
	return s.show(r, "certificate", page)
}

// checkCertificate tells strangers whether a certificate was issued here.
func (s *Server) checkCertificate(r *request) error {
	page := CertificateCheckPage{Page: s.page(r), Number: r.Query("number"), Check: r.Query("check")}
	if page.Number == "" && page.Check == "" {
		return s.show(r, "certificate_check", page)
	}
	var err error
	page.Found, err = s.Desk.VerifyCertificate(r.Request.Context(), page.Number, page.Check, r.ClientIP())
	if errors.As(err, &page.Refusal) {
		page.Found = nil
		s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "certificate_check", page)
		return nil
	}
	if err != nil {
		return err
	}
	page.Days = sessionDays(r.Locale, page.Found.Session)
	return s.show(r, "certificate_check", page)
}
