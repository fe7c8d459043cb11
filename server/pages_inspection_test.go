package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
)

// TestAnInspectionOnItsPages walks by plain forms, as without scripts.
func TestAnInspectionOnItsPages(t *testing.T) {
	w := newWorld(t)
	office := w.signIn("province")
	form := url.Values{"year": {"2017"}, "title": {"督查"}, "basis": {"六(六)"}, "start_on": {"2017-06-10"}, "end_on": {"2017-06-30"}, "rectify_term": {"10"}, "codes": {"370100, 370200"}}
	wrong := url.Values{"year": {"2017"}, "title": {" "}, "rectify_term": {"x"}, "codes": {"370100"}}
	if got := office.post("/units/370000/inspections", wrong).want(http.StatusUnprocessableEntity).page(); got.Find(".error-summary li").Length() != 1 {
		t.Errorf("refused with %q", got.Find(".error-summary").Text())
	}
	preview := office.post("/units/370000/inspections", form).want(http.StatusOK).page()
	if preview.Find("#preview .inspection-names li").Length() != 2 || preview.Find("#preview input[name=codes]").AttrOr("value", "") != "370100, 370200" {
		t.Error("the preview does not name the two units")
	}
	var before int64
	if err := w.store.Read(t.Context()).Model(&models.Inspection{}).Where("unit_id = (SELECT id FROM units WHERE code = '370000')").Count(&before).Error; err != nil || before != 1 {
		t.Fatalf("a preview opens an inspection: %d, %v", before, err)
	}
	form.Set("confirm", "1")
	at := office.post("/units/370000/inspections", form).want(http.StatusSeeOther).Header.Get("Location")
	page := office.get(at).want(http.StatusOK).page()
	if page.Find(".inspection-units tbody tr").Length() != 2 {
		t.Error("the inspection does not look at two units")
	}

	finding := url.Values{"unit": {"370100"}, "severity": {"ordinary"}, "clause": {"六(一)"}, "text": {"没有会议纪要"}, "due_on": {"2017-06-25"}}
	refused := office.post(at+"/findings", finding).want(http.StatusUnprocessableEntity).page()
	if text := refused.Find("#finding-due_on-error").Text(); !strings.Contains(text, "25 Jun 2017 is no working day") {
		t.Errorf("the due date is refused with %q", text)
	}
	if refused.Find("textarea[name=text]").Text() != "没有会议纪要" {
		t.Error("what was typed is lost")
	}
	finding.Set("due_on", "")
	found := office.post(at+"/findings", finding).want(http.StatusSeeOther).Header.Get("Location")
	if state := office.get(found).want(http.StatusOK).page().Find(".finding-state.is-open").Length(); state != 1 {
		t.Error("the finding does not wait to be put right")
	}

	// Two note what they saw in a unit: the second one is told, and keeps what was typed.
	seenIn := url.Values{"units": {"370200"}, "checked_on": {"2017-06-10"}, "note": {"查看门户网站"}, "version-370200": {page.Find("input[name=version-370200]").AttrOr("value", "")}}
	office.post(at+"/checks", seenIn).want(http.StatusSeeOther)
	seenIn.Set("note", "网站正常")
	late := office.post(at+"/checks", seenIn).want(http.StatusPreconditionFailed).page()
	checks := late.Find("form[action='" + at + "/checks']")
	if checks.Find("textarea[name=note]").Text() != "网站正常" || !strings.Contains(late.Find(".inspection-units").Text(), "查看门户网站") || checks.Closest("details[open]").Length() != 1 {
		t.Errorf("too late: %q", checks.Text())
	}

	// The unit sees its own, and nothing of the other one.
	city := w.signIn("reporter")
	seen := city.get(at).want(http.StatusOK).page()
	if text := seen.Find("main").Text(); strings.Contains(text, "青岛") || !strings.Contains(text, "没有会议纪要") || seen.Find("main form").Length() > 0 {
		t.Errorf("Jinan sees %q", text)
	}
	city.get(at + "/draw").want(http.StatusNotFound)
	city.get(at + "/findings/new").want(http.StatusForbidden)
	city.post(found+"/withdraw", url.Values{"version": {"1"}, "reason": {"x"}}).want(http.StatusForbidden)
	csv := city.get("/units/370100/findings.csv?severity=ordinary").want(http.StatusOK).body
	if !strings.Contains(csv, "没有会议纪要") || strings.Count(csv, "\n") != 2 {
		t.Errorf("the file is %q", csv)
	}
	if got := city.get("/units/370100/findings?state=overdue").want(http.StatusOK).page(); got.Find(".finding-list").Length() != 0 {
		t.Error("a finding of today is overdue")
	}
	w.signIn("governor").get(found).want(http.StatusNotFound)
	office.post(at+"/close", url.Values{"version": {"1"}}).want(http.StatusSeeOther)
	if got := office.get(at).want(http.StatusOK).page(); got.Find(".inspection-status.is-ended").Length() != 1 || got.Find("main form").Length() != 0 {
		t.Error("the inspection has not ended")
	}
}

// TestADutyShowsWhatWasFound marks it in lists too, and the score that it cost.
func TestADutyShowsWhatWasFound(t *testing.T) {
	w := newWorld(t)
	w.mustWrite(func(tx *gorm.DB) error {
		return tx.Model(&models.Finding{}).Where("id = ?", w.inside.finding).Update("duty_id", w.inside.open).Error
	})
	b := w.signIn("reporter")
	duty := b.get("/duties/" + number(w.inside.open)).want(http.StatusOK).page()
	if text := duty.Find(".duty-findings:has(.finding-state.is-noted)").Text(); !strings.Contains(text, "链接失效") {
		t.Errorf("the duty shows %q", text)
	}
	if past := b.get("/duties/" + number(w.inside.open) + "?as_of=2017-06-08").want(http.StatusOK).page(); past.Find(".duty-findings").Length() != 0 {
		t.Error("the duty of the day before shows what was found later")
	}
	for _, path := range []string{"/units/370100?year=2017", "/duties?unit=370100&year=2017"} {
		if got := b.get(path).want(http.StatusOK).page().Find(".finding-mark").Length(); got != 1 {
			t.Errorf("%s has %d marks", path, got)
		}
	}
}

// TestPointsAreLostForAFindingOnTheSheet chooses the finding in the form of the sheet.
func TestPointsAreLostForAFindingOnTheSheet(t *testing.T) {
	w := newWorld(t)
	w.clock.set(noon("2018-01-02"))
	b := w.signIn("supervisor")
	sheet := "/sheets/" + number(w.inside.sheet)
	form := b.get(sheet).want(http.StatusOK).page()
	row := form.Find("#m-work")
	if option := row.Find("select[name=finding-work] option[value='" + number(w.inside.finding) + "']"); option.Length() != 1 || !strings.Contains(option.Text(), "链接失效") {
		t.Fatalf("the row offers %q", row.Find("select").Text())
	}
	value := func(name string) string { return form.Find("[name='"+name+"']").AttrOr("value", "") }
	marks := url.Values{"cell": {"work"}, "version-work": {value("version-work")}, "was-work": {value("was-work")}, "points-work": {"90"}, "text-work": {"链接失效"}, "finding-work": {"99999"}}
	b.post(sheet+"/marks", marks).want(http.StatusUnprocessableEntity)
	marks.Set("finding-work", number(w.inside.finding))
	b.post(sheet+"/marks", marks).want(http.StatusSeeOther)
	again := b.get(sheet).want(http.StatusOK).page()
	if again.Find("#m-work option[selected]").AttrOr("value", "") != number(w.inside.finding) || again.Find("#m-work .score-finding-link").AttrOr("href", "") != "/findings/"+number(w.inside.finding) {
		t.Error("the row does not name its finding")
	}
	if text := b.get(sheet+"/arithmetic?view=verified").want(http.StatusOK).page().Find(".score-finding-link").AttrOr("href", ""); text != "/findings/"+number(w.inside.finding) {
		t.Errorf("the arithmetic leads to %q", text)
	}
	if text := b.get("/findings/" + number(w.inside.finding)).want(http.StatusOK).page().Find(".finding-cost").Text(); !strings.Contains(text, "2017年度考核") {
		t.Errorf("the finding has cost %q", text)
	}
}
