package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
)

// TestCheckingInOnThePages has somebody come with the code on the screen, twice,
// while the office has its list open.
func TestCheckingInOnThePages(t *testing.T) {
	w := newWorld(t)
	w.clock.set(noon("2017-06-08"))
	office, phone, id := w.signIn("coordinator"), w.browser("en"), number(w.inside.held)
	var late models.Person
	err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Where("number = ?", "late-370100").Take(&late).Error; err != nil {
			return err
		}
		return tx.Create(&models.Nomination{SessionID: w.inside.held, PersonID: late.ID, Status: models.NominationConfirmed, NominatedAt: w.clock.now(), Version: 1}).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	list := office.get("/sessions/" + id + "/attendance").want(http.StatusOK).page()
	person := number(late.ID)
	if seen, there := list.Find("#row-" + person + " input[name='seen." + person + "']").Attr("value"); !there || seen != "" {
		t.Fatalf("who is expected is seen as %q", seen)
	}
	screen := office.get("/sessions/" + id + "/code").want(http.StatusOK)
	code, _ := screen.page().Find(".room-code").Attr("aria-label")
	poll := httptest.NewRequest(http.MethodGet, "/sessions/"+id+"/code", nil)
	poll.Header.Set("HX-Request", "true")
	if again := office.request(poll).want(http.StatusOK); !strings.HasPrefix(again.body, "<section") || again.page().Find(".room-qr path").Length() != 1 {
		t.Errorf("the screen is refreshed with\n%s", short(again.body))
	}

	scanned := phone.get("/attend/" + id + "?code=" + code).want(http.StatusOK)
	if said := scanned.text(".attend-course"); !strings.Contains(said, "业务培训") {
		t.Errorf("who has scanned the code is told %q", said)
	}
	wrong := phone.get("/attend/" + id + "?code=00000000").want(http.StatusUnprocessableEntity)
	if strings.Contains(wrong.body, "业务培训") || wrong.page().Find("#code[aria-invalid]").Length() != 1 {
		t.Error("a wrong code tells of the session, or is not asked for again")
	}
	typed := url.Values{"code": {code}, "name": {"late-370100"}, "number": {"nobody"}}
	refused := phone.post("/attend/"+id, typed).want(http.StatusUnprocessableEntity)
	if kept, _ := refused.page().Find("#name").Attr("value"); kept != "late-370100" || refused.page().Find("input[type=hidden][name=code]").Length() != 1 {
		t.Errorf("the name typed is %q, or the code is asked for again", kept)
	}
	typed.Set("number", "late-370100")
	phone.post("/attend/"+id, typed).want(http.StatusOK).say(".attend-done h1", "you are checked in")
	typed.Set("code", code[:4]+" "+code[4:])
	phone.post("/attend", typed).want(http.StatusOK).say(".attend-done h1", "you checked in at 12:00 already")

	// The list that was opened before does not undo it.
	stale := url.Values{"person": {person}, "seen." + person: {""}, "present." + person: {"0"}}
	told := office.post("/sessions/"+id+"/attendance", stale).want(http.StatusUnprocessableEntity)
	if said := told.text(".att-error"); !strings.Contains(said, "has checked in at 8 Jun 2017 12:00") {
		t.Errorf("the list says %q", said)
	}
	if told.page().Find("#row-"+person+" input[value='1'][checked]").Length() != 1 {
		t.Error("the row does not show what is known now")
	}
	stale.Set("seen."+person, "present::")
	office.post("/sessions/"+id+"/attendance", stale).want(http.StatusSeeOther)
	// Whom the office has recorded as absent does not change that.
	phone.post("/attend", typed).want(http.StatusUnprocessableEntity)
}

func TestCertificatesOnThePages(t *testing.T) {
	w := newWorld(t)
	office, stranger := w.signIn("coordinator"), w.browser("en")
	path := "/attendances/" + number(w.inside.attendance)
	page := office.get(path + "/certificate").want(http.StatusOK)
	var printed []string
	for _, part := range page.page().Find(".certificate-check span").EachIter() {
		printed = append(printed, part.Text())
	}
	query := url.Values{"number": {printed[0]}, "check": {printed[1]}}
	found := stranger.get("/certificates?" + query.Encode()).want(http.StatusOK)
	if strings.Contains(found.body, "there-370100") || !strings.Contains(found.text("dl"), "t***********") {
		t.Errorf("a stranger is told %q", found.text("dl"))
	}
	query.Set("check", "0000000000")
	stranger.get("/certificates?"+query.Encode()).want(http.StatusNotFound).say(".error-summary", "There is no such certificate")
	office.post(path+"/remove", url.Values{"reason": {"误登"}}).want(http.StatusSeeOther)
	office.get(path+"/certificate").want(http.StatusConflict).say("main", "was removed")
}
