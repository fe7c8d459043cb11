package main

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
)

// The rotation of the province's policy, as the board calls it.
const rotationTitle = "到2018年轮训一遍政务公开工作人员"

// addUser adds somebody with a role over a unit.
func (w *world) addUser(login string, role models.Role, unit string) {
	w.t.Helper()
	_, err := w.app.directory.CreateUser(w.t.Context(), nil, organization.NewUser{Login: login, Name: "The " + login, Password: password})
	if err == nil {
		err = w.app.directory.AddGrant(w.t.Context(), nil, rbac.Everywhere, login, role, unit)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// workbook writes a file of rows and returns its path.
func workbook(t *testing.T, name string, rows ...[]any) string {
	t.Helper()
	file := excelize.NewFile()
	defer file.Close()
	for i, row := range rows {
		if err := file.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), name)
	if err := file.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// fill enters values into the fields of a form, by their names in pairs.
func (w *window) fill(form string, pairs ...string) {
	w.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		w.do(enter(form+" [name='"+pairs[i]+"']", pairs[i+1]))
	}
}

// send presses a button that leads to another page, and waits for that.
func (w *window) send(button string) {
	w.t.Helper()
	w.do(leave, press(button), arrive)
}

// text returns the words at a place of the page.
func (w *window) text(selector string) string {
	w.t.Helper()
	return w.ask(fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.innerText).join(' ')", selector))
}

// wantText fails the test when the words at a place lack one of those wanted.
func (w *window) wantText(selector string, wanted ...string) {
	w.t.Helper()
	text := w.text(selector)
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			w.t.Errorf("%s: %s says %q, not %q", w.ask("location.href"), selector, text, want)
		}
	}
}

// importFile sends a file as an import of the province's and takes over its good
// rows; before that, the page must say some words.
func (w *window) importFile(kind, path string, preview ...string) {
	w.t.Helper()
	w.open("/units/370000/imports")
	w.do(press("input[name=kind][value="+kind+"]"), upload("#import-file", path))
	w.send("form[enctype] .btn-primary")
	w.do(chromedp.WaitVisible(".import-confirm"))
	w.wantText("main", preview...)
	if w.ask("String(!!document.querySelector('[name=skip_bad]'))") == "true" {
		w.do(press("[name=skip_bad]"))
	}
	w.send(".import-confirm .btn-primary")
	w.do(chromedp.WaitVisible(".import-status.is-done"))
}

// wantRotation fails the test when the board, as it was known on the day, has the
// rotation of the unit in another state.
func (w *window) wantRotation(unit, asOf, want string) {
	w.t.Helper()
	if got := w.cellOn(unit, rotationTitle, asOf); got != want {
		w.t.Errorf("on %s the rotation of %s is %q, want %q", asOf, unit, got, want)
	}
}

// wantCovered fails the test when the page of coverage, as it was known on the
// day, has other numbers for the unit: trained and all people.
func (w *window) wantCovered(unit, asOf, want string) {
	w.t.Helper()
	w.open("/units/370000/rotation?as_of=" + asOf)
	got := w.ask(fmt.Sprintf(`(() => {
		const row = [...document.querySelectorAll('.coverage-units tbody tr')].find(tr => tr.cells[0].textContent.includes(%q));
		return row.cells[1].innerText + ' ' + row.cells[2].innerText;
	})()`, unit))
	if got != want {
		w.t.Errorf("on %s the coverage of %s is %q, want %q", asOf, unit, got, want)
	}
}

// TestTheCoordinatorsYearInABrowser does what a training coordinator does in a
// year, with a reporter and people in the room: rosters from Excel, a course, a
// plan, sessions, nominations with a waiting list, attendance by the code in the
// room and by Excel. The board's rotation is met on the day when the last one is
// trained, and pending again with a newcomer.
func TestTheCoordinatorsYearInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addUser("trainer", models.Coordinator, "370000")
	w.addUser("zibo", models.Reporter, "370300")
	t.Cleanup(w.app.imports.Start(t.Context()))
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 3)
	office, city, room := windows[0], windows[1], windows[2]
	office.signIn("trainer", "main")
	city.signIn("zibo", "main")

	// Four people of Zibo come from Excel, with a row that names no unit.
	office.wantRotation("淄博市", "2017-06-10", "待办")
	roster := workbook(t, "花名册.xlsx", []any{"单位代码", "姓名", "工号", "职务/岗位", "专兼职", "开始日期"},
		[]any{"370300", "孙明哲", "ZB01", "政务公开科科长", "专职", "2015-03-02"}, []any{"370300", "李雪梅", "ZB02", "信息中心工程师", "兼职", "2016-01-04"},
		[]any{"370300", "周海涛", "ZB03", "科员", "专职", "2016-09-01"}, []any{"370300", "吴春燕", "ZB04", "科员", "专职", "2017-02-06"},
		[]any{"379999", "郑国强", "ZB05", "科员", "专职", "2017-02-06"})
	office.importFile("staff", roster, "379999", "A6")
	office.open("/units/370300/roster")
	office.wantText(".roster", "孙明哲", "李雪梅", "周海涛", "吴春燕")
	office.wantRotation("淄博市", "2017-06-10", "待办")

	// A course, the year's plan and two sessions, the first with two seats.
	course := office.addCourse()
	office.putPlan(course)
	first := office.addSession(course, "2017-06-20", "2")
	second := office.addSession(course, "2017-07-05", "10")

	// The city sends three people to the first: one of them waits.
	city.nominate(first, "孙明哲", "李雪梅")
	city.nominate(first, "周海涛")
	city.wantText(".outcomes, .flash", "候补")
	city.wantText("#waiting + .nominees", "周海涛")
	city.nominate(second, "周海涛", "吴春燕")
	office.open(first)
	office.send(".nomination-acts button[name=all]")
	office.wantText(".nominees", "已确认")

	// In the room: the screen shows a code, one types it without a sign-in, the
	// other one does not come.
	w.clock.set(noon("2017-06-20"))
	room.checkIn(office, first, "孙明哲", "ZB01")
	office.open(first + "/attendance")
	office.fill("main", "score."+w.personID("ZB01"), "88")
	office.send("#attendance .btn-primary")
	office.wantText("table.attendance", "合格")
	office.hold(first)
	office.open(first + "/attendance")
	office.wantText("table.attendance tr[data-tick='0']", "李雪梅")
	office.wantCovered("淄博市", "2017-06-20", "25% 1 / 4")

	// Who was absent goes to the second session. One comes in by the code; attendance
	// and scores come from Excel, but for a line that says no score.
	city.nominate(second, "李雪梅")
	w.clock.set(noon("2017-07-05"))
	office.open(second)
	office.send(".nomination-acts button[name=all]")
	room.checkIn(office, second, "周海涛", "ZB03")
	office.wantRotation("淄博市", "2017-07-05", "待办")
	sheet := workbook(t, "考勤表.xlsx", []any{"课程", "日期", "姓名", "工号", "到课", "成绩"}, []any{"《条例》解读", "2017-07-05", "李雪梅", "ZB02", "到课", 76},
		[]any{"《条例》解读", "2017-07-05", "周海涛", "ZB03", "到课", 91}, []any{"《条例》解读", "2017-07-05", "吴春燕", "ZB04", "到课", 64},
		[]any{"《条例》解读", "2017-07-05", "孙明哲", "ZB01", "到课", "很好"})
	office.importFile("attendance", sheet, "F5")
	office.hold(second)
	office.wantCovered("淄博市", "2017-07-05", "100% 4 / 4")
	office.wantRotation("淄博市", "2017-07-04", "待办")
	office.wantRotation("淄博市", "2017-07-05", "按时")

	// A newcomer has to be trained, too.
	w.clock.set(noon("2017-07-11"))
	city.open("/units/370300/roster")
	city.fill("#add form", "name", "郑国强", "number", "ZB05", "post", "科员", "start_on", "2017-07-10")
	city.send("#add form .btn-primary")
	office.wantRotation("淄博市", "2017-07-10", "按时")
	office.wantRotation("淄博市", "2017-07-11", "待办")
	office.wantCovered("淄博市", "2017-07-11", "80% 4 / 5")
	office.open(fmt.Sprintf("/duties/%d", w.duty("370300", "sd2017.rotation")))
	office.wantText("main", "郑国强")
	wantQuiet(t, windows)
}

// addCourse adds a course with a test and returns its id.
func (w *window) addCourse() string {
	w.t.Helper()
	w.open("/units/370000/courses?year=2017")
	const form = "form[action='/units/370000/courses']"
	w.fill(form, "title", "《条例》解读", "subject", "主动公开", "audience", "各市政务公开工作人员", "hours", "6", "pass_mark", "60")
	w.do(press(form + " [name=tested]"))
	w.send(form + " .btn-primary")
	w.wantText("h1", "《条例》解读")
	return strings.TrimPrefix(w.ask("location.pathname"), "/courses/")
}

// putPlan enters the plan of the year.
func (w *window) putPlan(course string) {
	w.t.Helper()
	w.open("/units/370000/plan?year=2017")
	w.fill("main form[action^='/units/370000/plan']", "title", "2017年政务公开培训计划", "adopted_on", "2017-06-09", "item_course", course, "item_month", "6", "item_sessions", "1", "item_seats", "2")
	w.send("main form[action^='/units/370000/plan'] .btn-primary")
	w.wantText("main", "2017年政务公开培训计划")
}

// addSession adds a session and returns its address.
func (w *window) addSession(course, on, seats string) string {
	w.t.Helper()
	w.open("/units/370000/sessions/new")
	w.fill(".session-form", "course", course, "start_on", on, "end_on", on, "place", "济南市行政学院", "capacity", seats, "lecturer", "刘文斌")
	w.send(".session-form .btn-primary")
	w.wantText("main", "济南市行政学院")
	return w.ask("location.pathname")
}

// nominate sends people to a session.
func (w *window) nominate(session string, names ...string) {
	w.t.Helper()
	w.open(session)
	for _, name := range names {
		choice := w.ask(fmt.Sprintf("[...document.querySelectorAll('.candidates-list li')].find(li => li.textContent.includes(%q)).querySelector('input').value", name))
		w.do(press(".candidates-list input[value='" + choice + "']"))
	}
	w.send("#nominate form[method=post] .btn-primary")
	w.wantText(".nominees", names...)
}

// checkIn has somebody in the room type the code that the office's screen shows
// there, without a sign-in.
func (w *window) checkIn(office *window, session, name, number string) {
	w.t.Helper()
	office.open(session + "/code")
	office.do(chromedp.WaitVisible(".room-code"))
	came := office.text(".room-count strong")
	office.do(tabTo(".room-back a"))
	office.mark(".foot")
	w.open("/attend")
	w.fill("form[action^='/attend']", "code", office.ask("document.querySelector('.room-code').getAttribute('aria-label')"), "name", name, "number", number)
	w.send("form[action^='/attend'] .btn-primary")
	w.wantText(".attend-done", name)
	office.do(wait("document.querySelector('.room-count strong').innerText !== '" + came + "'"))
	office.wantHeld("another number of people")
	office.wantFocus(".room-back a")
}

// hold marks a session as held.
func (w *window) hold(session string) {
	w.t.Helper()
	w.open(session)
	w.send("form[action='" + session + "/held'] .btn-primary")
	w.wantText(".phase", "已办结")
}

// personID returns the id of the person with the staff number, as pages have it.
func (w *world) personID(staffNumber string) string {
	w.t.Helper()
	var person models.Person
	if err := w.store.Read(w.t.Context()).Where("number = ?", staffNumber).Take(&person).Error; err != nil {
		w.t.Fatal(err)
	}
	return number(person.ID)
}

// trainingPages are the pages of the training of a place.
func trainingPages(p place) []string {
	pages := []string{"/courses/" + number(p.course), "/sessions/" + number(p.coming), "/sessions/" + number(p.coming) + "/edit",
		"/sessions/" + number(p.held) + "/attendance", "/sessions/" + number(p.held) + "/code", "/attendances/" + number(p.attendance) + "/certificate",
		"/people/" + number(p.staff), "/people/" + number(p.staff) + "/merge?with=%23" + number(p.namesake), "/imports/" + number(p.imported), "/attend"}
	for _, page := range []string{"rotation", "rotation/left", "roster", "duplicates", "courses", "plan?year=2017", "sessions", "sessions/new", "planner", "imports", "training-statistics"} {
		pages = append(pages, "/units/"+p.code+"/"+page)
	}
	return pages
}
