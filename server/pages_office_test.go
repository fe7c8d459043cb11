package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
)

func TestAnExtensionOnThePages(t *testing.T) {
	w := newWorld(t)
	office, reporter := w.signIn("supervisor"), w.signIn("reporter")
	path := "/duties/" + number(w.inside.open)
	form := office.get(path).want(http.StatusOK).page().Find("#office form[action$='/extension']")
	version, _ := form.Find("[name=version]").Attr("value")
	if reporter.get(path).want(http.StatusOK).page().Find("#office form").Length() != 0 {
		t.Error("the reporter is offered the office's forms")
	}
	refused := office.post(path+"/extension", url.Values{"version": {version}, "to": {"2017-06-01"}, "reason": {"机构改革"}, "document": {""}}).want(http.StatusUnprocessableEntity)
	if open := refused.page().Find("#office details[open] .error-summary li").Length(); open != 2 {
		t.Errorf("%d problems are shown, want 2:\n%s", open, refused.text("#office"))
	}
	if kept, _ := refused.page().Find("#extend-to").Attr("value"); kept != "2017-06-01" {
		t.Errorf("the date typed is %q", kept)
	}
	grant := url.Values{"version": {version}, "to": {"2017-07-31"}, "reason": {"机构改革"}, "document": {"鲁政办字〔2017〕88号"}}
	office.post(path+"/extension", grant).want(http.StatusSeeOther)
	stale := office.post(path+"/extension", grant).want(http.StatusPreconditionFailed)
	if said := stale.text("main"); !strings.Contains(said, "31 Jul 2017") {
		t.Errorf("a second one is told %q", said)
	}
	for name, page := range map[string]answer{"the duty": reporter.get(path), "the list": office.get("/duties?unit=370100&extended=1"), "the unit": reporter.get("/units/370100")} {
		if said := page.want(http.StatusOK).text(".extension"); !strings.Contains(said, "16 Jun 2017") || !strings.Contains(said, "31 Jul 2017") || !strings.Contains(said, "88号") {
			t.Errorf("%s says of the extension: %q", name, said)
		}
	}
	board := office.get("/units/370100/board?year=2017").want(http.StatusOK).page()
	if board.Find(".matrix .s-extended").Length() == 0 || board.Find(".state-legend .s-extended").Length() != 1 {
		t.Error("the board has no mark of the extension, or does not explain it")
	}
}

func TestAnExemptionIsGrantedAndRevokedOnThePages(t *testing.T) {
	w := newWorld(t)
	office := w.signIn("supervisor")
	path := "/duties/" + number(w.inside.open)
	office.post(path+"/exemption", url.Values{"reason": {""}, "document": {"文件"}}).want(http.StatusUnprocessableEntity)
	office.post(path+"/exemption", url.Values{"reason": {"机构改革"}, "document": {"文件"}}).want(http.StatusSeeOther)
	office.post(path+"/exemption", url.Values{"reason": {"机构改革"}, "document": {"文件"}}).want(http.StatusConflict)
	office.post(path+"/exemption/revoke", url.Values{"reason": {" "}}).want(http.StatusUnprocessableEntity)
	office.post(path+"/exemption/revoke", url.Values{"reason": {"误批"}}).want(http.StatusSeeOther)
	if said := office.get(path).want(http.StatusOK).text("#office .is-revoked"); !strings.Contains(said, "机构改革") || !strings.Contains(said, "误批") {
		t.Errorf("the history says %q", said)
	}
}

func TestAReportIsReopenedAndFiledAnew(t *testing.T) {
	w := newWorld(t)
	office, reporter := w.signIn("supervisor"), w.signIn("reporter")
	path, report := "/duties/"+number(w.inside.waiting), "/reports/"+number(w.inside.report)
	office.post(report+"/verify", url.Values{"version": {"0"}}).want(http.StatusSeeOther)
	office.post(report+"/reopen", url.Values{"version": {"1"}, "reason": {""}}).want(http.StatusUnprocessableEntity)
	office.post(report+"/reopen", url.Values{"version": {"1"}, "reason": {"日期有误"}}).want(http.StatusSeeOther)
	page := reporter.get(path).want(http.StatusOK)
	if said := page.text(".report-reopened"); !strings.Contains(said, "日期有误") || page.page().Find("form.report-form").Length() == 0 {
		t.Errorf("the reporter sees %q and can file: %v", said, page.page().Find("form.report-form").Length() > 0)
	}
	reporter.post(path+"/reports", url.Values{"on": {"2017-05-30"}, "title": {"清单"}, "url": {"https://www.example.gov.cn/list"}, "late_reason": {"更正日期"}, "confirmed": {"1"}})
	if n := reporter.get(path).want(http.StatusOK).page().Find(".report-reopened").Length(); n != 1 {
		t.Errorf("%d reopened reports stay, want 1", n)
	}
}

// Two levels on the pages: the city's officer gives the first acceptance, the
// province's the final one, each in the queue of their turn.
func TestTwoOfficesInTheirQueues(t *testing.T) {
	w := newWorld(t)
	if err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Policy{}).Where("code = ?", "shandong-2017").Update("levels", 2).Error
	}); err != nil {
		t.Fatal(err)
	}
	city, province, clerk := w.signIn("supervisor"), w.signIn("province"), w.program("clerk")
	duty := w.duty("370100-fgw", "sd2017.deputy")
	clerk.call(http.MethodPost, "/api/v1/duties/"+number(duty)+"/reports", fullFilingJSON).want(http.StatusCreated)
	line := func(b *browser, query, selector string) string {
		t.Helper()
		return b.get("/queue?" + query).want(http.StatusOK).text(".queue-line:has(a[href^='/duties/" + number(duty) + "']) " + selector)
	}
	if got := line(city, "for=me", ".decision-verify"); !strings.Contains(got, "Accept first") {
		t.Errorf("the city is offered %q", got)
	}
	if got := line(province, "for=below", ".decision-verify"); !strings.Contains(got, "Verify at once") {
		t.Errorf("the province is offered %q", got)
	}
	action, _ := city.get("/duties/" + number(duty)).page().Find("form.decision-verify").Attr("action")
	city.post(action, url.Values{"version": {"0"}}).want(http.StatusSeeOther)
	if got := line(city, "for=above", ".decision"); !strings.Contains(got, "waits for the office above") {
		t.Errorf("then the city sees %q", got)
	}
	city.post(action, url.Values{"version": {"1"}}).want(http.StatusConflict)
	if got := line(province, "for=me", ".decision-verify"); got != "Verify" {
		t.Errorf("then the province is offered %q", got)
	}
	province.post(action, url.Values{"version": {"1"}}).want(http.StatusSeeOther)
	if got := city.get("/duties/" + number(duty)).text(".report-verified"); !strings.Contains(got, "first acceptance by The supervisor") || !strings.Contains(got, "The province") {
		t.Errorf("the report says %q", got)
	}
}

func TestManyAreAcceptedOnTheQueue(t *testing.T) {
	w := newWorld(t)
	b, other := w.signIn("everything"), w.signIn("province")
	waiting := func() string { return b.get("/account").want(http.StatusOK).text(".top-nav .nav-count") }
	if waiting() != "4" {
		t.Errorf("%q wait by the navigation, want 4", waiting())
	}
	page := b.get("/queue?sort=due").want(http.StatusOK).page()
	if page.Find("form#bulk[action='/queue/verify?sort=due']").Length() != 1 || page.Find("input[form=bulk]").Length() != 4 {
		t.Fatal("the queue does not offer to accept four at once")
	}
	other.post("/reports/"+number(w.sibling.report)+"/return", url.Values{"version": {"0"}, "reason": {"链接打不开"}}).want(http.StatusSeeOther)
	before := w.rows()
	b.post("/queue/verify", url.Values{}).want(http.StatusUnprocessableEntity)
	b.post("/queue/verify", url.Values{"report": {"x"}}).want(http.StatusUnprocessableEntity)
	if w.rows() != before {
		t.Error("refused choices have changed the database")
	}
	done := b.post("/queue/verify?sort=due", url.Values{"report": {number(w.inside.report) + ".0", number(w.sibling.report) + ".0", "987654.0"}}).want(http.StatusOK)
	if said := done.text(".bulk-accepted"); !strings.Contains(said, "Jinan") {
		t.Errorf("accepted: %q", said)
	}
	if said := done.text(".bulk-result .error-summary"); !strings.Contains(said, "Qingdao") || !strings.Contains(said, "The province has returned") || !strings.Contains(said, "outside your grants") {
		t.Errorf("refused: %q", said)
	}
	if waiting() != "2" {
		t.Errorf("then %q wait, want 2", waiting())
	}
}

func TestAYearIsClosedOnThePages(t *testing.T) {
	w := newWorld(t)
	office, reporter := w.signIn("supervisor"), w.signIn("reporter")
	const periods = "/units/370100/periods?year=2017"
	page := office.get(periods).want(http.StatusOK)
	if said := page.text(".facts"); !strings.Contains(said, "duties") || !strings.Contains(said, "1 report") {
		t.Errorf("the preview says %q", said)
	}
	office.post(periods, url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity)
	office.post("/units/370100/periods", url.Values{"reason": {"定稿"}}).want(http.StatusUnprocessableEntity)
	office.post(periods, url.Values{"reason": {"定稿"}}).want(http.StatusSeeOther)
	office.post(periods, url.Values{"reason": {"定稿"}}).want(http.StatusConflict)
	duty := "/duties/" + number(w.inside.open)
	if said := reporter.get(duty).want(http.StatusOK).text("#report"); !strings.Contains(said, "closed filing for 2017") {
		t.Errorf("the reporter is told %q", said)
	}
	reporter.post(duty+"/reports", fullFiling).want(http.StatusConflict)
	for _, path := range []string{"/units/370100/board?year=2017", "/units/370100?year=2017"} {
		if said := reporter.get(path).want(http.StatusOK).text(".note.is-closed"); !strings.Contains(said, "closed filing for 2017") || !strings.Contains(said, "定稿") {
			t.Errorf("%s says %q", path, said)
		}
	}
	lift, _ := office.get(periods).page().Find("form[action$='/lift']").First().Attr("action")
	except := strings.TrimSuffix(lift, "lift") + "exceptions"
	office.post(except, url.Values{"unit": {"370200"}, "until": {"2017-06-30"}, "reason": {"补报"}}).want(http.StatusUnprocessableEntity)
	office.post(except, url.Values{"unit": {"370100"}, "until": {"2017-06-30"}, "reason": {"补报"}}).want(http.StatusSeeOther)
	if n := reporter.get(duty).want(http.StatusOK).page().Find("form.report-form").Length(); n == 0 {
		t.Error("in spite of the exception nothing can be filed")
	}
	office.post(lift, url.Values{"reason": {"更正"}}).want(http.StatusSeeOther)
	if reporter.get("/units/370100?year=2017").want(http.StatusOK).page().Find(".note.is-closed").Length() != 0 {
		t.Error("the year is still shown as closed")
	}
}
