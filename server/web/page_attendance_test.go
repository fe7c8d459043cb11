package web

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/training"
)

// examined is a class with a test that people pass from 60 on.
func (s sample) examined() *training.SessionView {
	on := calendar.MustParseDate("2017-06-29")
	return &training.SessionView{Office: s.province,
		TrainingSession: models.TrainingSession{ID: 3, Code: "370000-2017-003", Kind: models.ClassSession, Place: "省委党校第一教室", StartOn: on, EndOn: on, StartMinute: 540, EndMinute: 1020,
			Capacity: 60, Status: models.SessionOpen},
		Course: models.Course{Title: "政府信息公开业务培训（<b>第三期</b>）", Minutes: 480, Tested: true, PassMark: "60"}}
}

// attendances has somebody in every state, one of them with a name of many words.
func (s sample) attendances() *training.AttendanceList {
	number, at := "370200-0017", sampleNow.Add(-time.Hour)
	line := func(id uint64, name string, status models.NominationStatus, a *models.Attendance) training.AttendanceLine {
		if a != nil {
			a.ID, a.Tested, a.RecordedAt = id, true, at
		}
		return training.AttendanceLine{Person: models.Person{ID: id, Name: name, Number: &number}, Unit: s.cities[int(id)%len(s.cities)], Nomination: status, Attendance: a}
	}
	yes, no := true, false
	return &training.AttendanceList{SessionView: s.examined(), MayRecord: true, Counts: training.AttendanceCounts{Expected: 5, Present: 4, Absent: 1, Open: 1, Valid: 2, Free: 55},
		Lines: []training.AttendanceLine{
			line(1, "张三", models.NominationConfirmed, &models.Attendance{Present: true, Passed: &yes, Score: "86.5", Source: models.AttendanceByCode}),
			line(2, strings.Repeat("Wolfeschlegelstein", 3), models.NominationConfirmed, &models.Attendance{Present: true, Passed: &no, Score: "59.99", Source: models.AttendanceByList}),
			line(3, "王五", models.NominationSeated, &models.Attendance{Present: false, Source: models.AttendanceByList}),
			line(4, "赵<i>六</i>", models.NominationConfirmed, nil),
			line(5, "孙七", "", &models.Attendance{Present: true, Source: models.AttendanceByImport}),
			line(6, "周八", models.NominationConfirmed, &models.Attendance{Present: true, Passed: &yes, Source: models.AttendanceByImport}),
			line(7, "吴九", models.NominationWaiting, nil),
		}}
}

func attendancePages(s sample) []samplePage {
	tabs := UnitTabs{Unit: s.province, Label: "training.tabs", Tabs: []NavItem{{Key: "training.tab.sessions", URL: "/units/370000/sessions", Current: true}}}
	list := newAttendancePage(s.page(Crumb{Text: "山东省", URL: "/units/370000/board"}, Crumb{Text: "考勤"}), tabs, s.attendances())
	refused := newAttendancePage(s.page(), tabs, s.attendances())
	refused.refuse(s.locale, []training.AttendanceMark{{Person: 4, Present: true, Score: "x"}, {Person: 1, Seen: "", Present: false}}, []training.EntryOutcome{
		{Change: training.EntryRefused, Faults: []models.Field{{Name: "score", Key: "attendance.bad_score", Args: models.Args("Value", "x", "Max", 1000)}}},
		{Change: training.EntryRefused, Faults: []models.Field{{Name: "present", Key: "attendance.came_meanwhile", Args: models.Args("Name", "张三", "At", sampleNow)}}}})
	refused.WalkIn = WalkInForm{Refused{models.InvalidFields([]models.Field{{Name: "who", Key: "attendance.namesakes", Args: models.Args("Value", "李四", "Count", 2)}}).(*models.Error)}, "李四"}
	foreign := s.attendances()
	foreign.MayRecord, foreign.Course.PassMark, foreign.Status, foreign.CancelReason = false, "", models.SessionCancelled, "讲师因故不能到场"
	byResult := s.attendances()
	byResult.Course.PassMark = ""
	empty := s.attendances()
	empty.Lines = nil
	pages := []samplePage{
		{"attendance", "attendance", list, []string{"#row-1 input[name='present.1'][value='1'][checked]", "#row-1 input[name='seen.1'][value='present:passed:86.5']", "#row-3 input[value='0'][checked]",
			"#row-6 input[type=hidden][name='passed.6'][value='1']", "#row-1 a[href='/attendances/1/certificate']", "form[action='/attendances/3/remove'] input[required]", "#attendance[action='/sessions/3/attendance']", "form[action='/sessions/3/walk-ins'] #who",
			"a[href='/sessions/3/code']"}},
		{"attendance-refused", "attendance", refused, []string{".error-summary a[href='#row-4']", "#row-4.has-error input[name='score.4'][value='x']", "#row-1.has-error input[name='present.1'][value='1'][checked]", "#who[aria-invalid]"}},
		{"attendance-results", "attendance", newAttendancePage(s.page(), tabs, byResult), []string{"select[name='passed.2'] option[value='0'][selected]"}},
		{"attendance-read", "attendance", newAttendancePage(s.page(), UnitTabs{}, foreign), []string{".note.is-returned", "main:not(:has(form))", "#row-2 .att-mark"}},
		{"attendance-empty", "attendance", newAttendancePage(s.page(), tabs, empty), []string{".empty"}},
	}
	return append(append(pages, roomPages(s)...), certificatePages(s)...)
}

func (s sample) qr() QRCode {
	code, err := newQRCode("https://sundial.example.gov.cn/attend/3?code=04821773")
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func roomPages(s sample) []samplePage {
	room := RoomView{RoomCode: &training.RoomCode{SessionView: s.examined(), Code: "04821773", Left: 41 * time.Second, Opens: sampleNow, Closes: sampleNow.Add(8 * time.Hour),
		Counts: training.AttendanceCounts{Present: 38, Open: 12}}, QR: s.qr(), Site: "sundial.example.gov.cn/attend", Days: "2017年6月29日", Times: "09:00–17:00"}
	closed, over := room, room
	shut := *room.RoomCode
	shut.Code = ""
	closed.RoomCode = &shut
	ended, held := shut, *shut.SessionView
	held.Status = models.SessionHeld
	ended.SessionView = &held
	over.RoomCode = &ended
	nobody := Page{Locale: s.locale, Version: "0.1.0", Path: "/attend"}
	here := &training.CheckedIn{Name: "张三", Course: s.examined().Course, Session: s.examined().TrainingSession, At: sampleNow}
	again := *here
	again.Again = true
	refused := func(field, key string) Refused {
		return Refused{models.InvalidFields([]models.Field{{Name: field, Key: key}}).(*models.Error)}
	}
	typed := training.CheckInInput{Session: 3, Code: "04821773", Name: "张三", Number: "1234"}
	expired := typed
	expired.Code = ""
	return []samplePage{
		{"room", "room_code", RoomPage{s.page(), room}, []string{".room[hx-get='/sessions/3/code'] svg.room-qr path[d^=M]", ".room-code[aria-label='04821773']", "progress[value='41']", "a[href='/sessions/3/attendance']"}},
		{"room-closed", "room_code", RoomPage{s.page(), closed}, []string{".room-closed"}},
		{"room-over", "room_code", RoomPage{s.page(), over}, []string{".room-closed"}},
		{"attend", "attend", AttendPage{Page: nobody, Action: "/attend"}, []string{"form[action='/attend'] #code[inputmode=numeric]", "#name[required]", "#number[required]"}},
		{"attend-scanned", "attend", AttendPage{Page: nobody, Action: "/attend/3", Room: here, Form: training.CheckInInput{Session: 3, Code: "04821773"}, Days: "2017年6月29日"}, []string{".attend-course", "input[type=hidden][name=code][value='04821773']", "#name[autofocus]"}},
		{"attend-expired", "attend", AttendPage{Page: nobody, Action: "/attend/3", Form: expired, Refused: refused("code", "attendance.code_refused")}, []string{"#code[aria-invalid]", "#name[value='张三']", ".error-summary"}},
		{"attend-refused", "attend", AttendPage{Page: nobody, Action: "/attend/3", Form: typed, Refused: refused("number", "attendance.not_expected")}, []string{"input[type=hidden][name=code]", "#number[aria-invalid]"}},
		{"attend-throttled", "attend", AttendPage{Page: nobody, Action: "/attend/3", Form: typed, Refused: Refused{models.NewError(models.TooMany, "attendance.too_many", "Seconds", 2)}}, []string{".error-summary"}},
		{"attend-done", "attend", AttendPage{Page: nobody, Done: here}, []string{".attend-done .s-met"}},
		{"attend-again", "attend", AttendPage{Page: nobody, Done: &again}, []string{".attend-done h1"}},
	}
}

func certificatePages(s sample) []samplePage {
	issued := &training.Certificate{Attendance: models.Attendance{ID: 1, Present: true, Tested: true, On: s.examined().StartOn}, Person: models.Person{Name: "欧阳某某"}, Unit: s.cities[2],
		Office: s.province, Course: s.examined().Course, Session: s.examined().TrainingSession, Number: "2017-0003-00042", Check: "8F14E45FCE"}
	attended := *issued
	attended.Attendance.Tested = false
	page := CertificatePage{Page: s.page(), Certificate: issued, Days: "2017年6月29日", CheckURL: "https://sundial.example.gov.cn/certificates?number=2017-0003-00042&check=8F14E45FCE", QR: s.qr()}
	plain := page
	plain.Certificate, plain.Demo = &attended, false
	nobody := Page{Locale: s.locale, Version: "0.1.0", Path: "/certificates"}
	return []samplePage{
		{"certificate", "certificate", page, []string{".certificate h1", ".certificate-check svg path", ".certificate-demo", "a[href='/sessions/3/attendance']"}},
		{"certificate-plain", "certificate", plain, []string{".certificate:not(:has(.certificate-demo))"}},
		{"certificate-ask", "certificate_check", CertificateCheckPage{Page: nobody}, []string{"form[method=get] #number[required]", "#check"}},
		{"certificate-found", "certificate_check", CertificateCheckPage{Page: nobody, Number: issued.Number, Check: issued.Check, Found: issued, Days: "2017年6月29日"}, []string{"dl.filing dd"}},
		{"certificate-none", "certificate_check", CertificateCheckPage{Page: nobody, Number: "1", Check: "2", Refusal: models.NewError(models.NotFound, "certificate.unknown")}, []string{".error-summary", "#number[value='1']"}},
	}
}

// TestRowsOfTheListAreRead leaves out those in which nothing was done.
func TestRowsOfTheListAreRead(t *testing.T) {
	form := url.Values{"person": {"1", "2", "3", "4", "x"},
		"seen.1": {"absent"}, "present.1": {"1"},
		"present.2": {"0"}, "passed.2": {""},
		"score.3": {"80"}, "passed.3": {"0"},
		"score.4": {""}}
	gin.SetMode(gin.TestMode)
	context, _ := gin.CreateTestContext(httptest.NewRecorder())
	context.Request = httptest.NewRequest("POST", "/sessions/3/attendance", strings.NewReader(form.Encode()))
	context.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	failed := false
	want := []training.AttendanceMark{{Person: 1, Seen: "absent", Present: true}, {Person: 2}, {Person: 3, Present: true, Score: "80", Passed: &failed}}
	if diff := cmp.Diff(want, (&request{Context: context}).marks()); diff != "" {
		t.Error(diff)
	}
}
