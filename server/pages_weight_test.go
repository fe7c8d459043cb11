package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"sundial/models"
)

// sendScheme sends a file with a performance scheme with the rest of the form, as
// a browser does: what stands below the file comes after it.
func (b *browser) sendScheme(path, name, content string, above, below url.Values) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	write := func(values url.Values) {
		for field, texts := range values {
			for _, text := range texts {
				if err := form.WriteField(field, text); err != nil {
					b.t.Fatal(err)
				}
			}
		}
	}
	write(above)
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := file.Write([]byte(content)); err != nil {
		b.t.Fatal(err)
	}
	write(below)
	if err := form.Close(); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.request(r)
}

const schemeCSV = "项目,分值,标注,理由\n政务公开,39.99,核心,即政务公开工作\n热线办理,30,相关,答复公开\n其他各项,930.01,,\n合计,1000,,\n"

var draftBegun = url.Values{"draft_version": {"0"}}

func TestASchemeFileIsTakenFromWhoMayFileOnly(t *testing.T) {
	w := newWorld(t)
	inside, outside := "/duties/"+number(w.inside.weighted)+"/scheme", "/duties/"+number(w.sibling.weighted)+"/scheme"
	reporter := w.signIn("reporter")
	var others []*browser
	for _, login := range []string{"viewer", "supervisor", "administrator", "coordinator"} {
		others = append(others, w.signIn(login))
	}
	before := w.rows()
	for _, other := range others {
		other.sendScheme(inside, "方案.csv", schemeCSV, draftBegun, nil).want(http.StatusForbidden)
	}
	reporter.sendScheme(outside, "方案.csv", schemeCSV, draftBegun, nil).want(http.StatusNotFound)
	reporter.get(outside).want(http.StatusNotFound)
	w.browser("en").sendScheme(inside, "方案.csv", schemeCSV, draftBegun, nil).want(http.StatusUnauthorized)
	// A duty that takes no scheme, and a form without a draft.
	other := "/duties/" + number(w.duty("370100", "sd2017.briefing")) + "/scheme"
	reporter.sendScheme(other, "方案.csv", schemeCSV, draftBegun, nil).want(http.StatusConflict)
	reporter.get(other).want(http.StatusConflict)
	reporter.sendScheme(inside, "方案.csv", schemeCSV, nil, nil).want(http.StatusUnprocessableEntity)
	if w.rows() != before {
		t.Error("refused files have changed the database")
	}
}

func TestARefusedSchemeFileChangesNothing(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("reporter"), "/duties/"+number(w.inside.weighted)
	b.post(path+"/draft", url.Values{"draft_version": {"0"}, "total": {"100"}, "item_name": {"甲"}, "item_points": {"100"}, "item_openness": {""}, "item_reason": {""}}).want(http.StatusSeeOther)
	before := w.rows()
	typed := url.Values{"draft_version": {"1"}, "total": {"100"}, "item_name": {"甲"}, "item_points": {"100"}, "item_openness": {""}, "item_reason": {""}}
	const unread = "larger than taken"
	for name, c := range map[string]struct{ content, want string }{
		"points in words":  {"项目,分值\n政务公开,四分\n", "B2:"},
		"short":            {"项目,分值\n政务公开,4\n其他,95.5\n合计,100\n", "0.5"},
		"too many":         {"项目,分值\n" + strings.Repeat("x,1\n", 10_000), "500"},
		"not a table":      {"%PDF-1.7\n", "Excel"},
		"without a reason": {"项目,分值,标注,理由\n政务公开,4,核心,\n", "D2:"},
		unread:             {strings.Repeat("项目,分值\n", 400_000), "4 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			refused := b.sendScheme(path+"/scheme", "方案.csv", c.content, typed, url.Values{"note": {"备注"}})
			if refused.StatusCode != http.StatusUnprocessableEntity && refused.StatusCode != http.StatusRequestEntityTooLarge {
				t.Fatalf("answered %d", refused.StatusCode)
			}
			if said := refused.text(".scheme-file .error-summary"); !strings.Contains(said, c.want) || !strings.Contains(said, "方案.csv") && name != unread {
				t.Errorf("refused with %q, want %q", said, c.want)
			}
			page := refused.page()
			if item, _ := page.Find("[name=item_name]").First().Attr("value"); item != "甲" || page.Find("[name=note]").Text() != "备注" && name != unread {
				t.Errorf("what was typed is lost: %q", item)
			}
		})
	}
	if w.rows() != before {
		t.Error("refused files have changed the database")
	}
}

func TestASchemeFromAFileIsReviewedAndFiled(t *testing.T) {
	w := newWorld(t)
	b, path := w.signIn("reporter"), "/duties/"+number(w.inside.weighted)
	template := b.get(path + "/scheme").want(http.StatusOK)
	if kind := template.Header.Get("Content-Type"); !strings.Contains(kind, "spreadsheetml") {
		t.Errorf("the template is %q", kind)
	}
	reports := w.count(&models.Report{})
	b.sendScheme(path+"/scheme", "2017年方案.csv", schemeCSV, draftBegun, url.Values{"on": {"2017-06-01"}, "note": {"市委考核办印发"}}).want(http.StatusSeeOther)
	if n := w.count(&models.Report{}); n != reports {
		t.Errorf("%d reports where there were %d", n, reports)
	}
	page := b.get(path).want(http.StatusOK)
	if said := page.text(".flash"); !strings.Contains(said, "3 items") || !strings.Contains(said, "not filed") {
		t.Errorf("said %q", said)
	}
	form := page.page().Find("form.report-form")
	for field, want := range map[string]string{"total": "1000", "on": "2017-06-01"} {
		if got := form.Find("[name="+field+"]").AttrOr("value", ""); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	var items []string
	form.Find(".scheme-table tbody tr").Slice(0, 3).Each(func(_ int, row *goquery.Selection) {
		items = append(items, row.Find("[name=item_name]").AttrOr("value", "")+" "+row.Find("[name=item_points]").AttrOr("value", "")+" "+
			row.Find("[name=item_openness] option[selected]").AttrOr("value", "")+" "+row.Find("[name=item_reason]").Text())
	})
	if diff := cmp.Diff([]string{"政务公开 39.99 core 即政务公开工作", "热线办理 30 related 答复公开", "其他各项 930.01  "}, items); diff != "" {
		t.Errorf("items for review (-want +got):\n%s", diff)
	}
	// Changed while it is reviewed, it must still add up.
	filing := url.Values{"on": {"2017-06-01"}, "total": {"1000"}, "item_name": {"政务公开", "热线办理", "其他各项"}, "item_points": {"39.99", "30", "930"},
		"item_openness": {"core", "related", ""}, "item_reason": {"即政务公开工作", "答复公开", ""}}
	if said := b.post(path+"/reports", filing).want(http.StatusUnprocessableEntity).text(".error-summary"); !strings.Contains(said, "0.01") {
		t.Errorf("a scheme that does not add up: %q", said)
	}
	filing["item_points"][2] = "930.01"
	b.submit(path, filing)
	shown := b.get(path).want(http.StatusOK)
	if said := shown.text(".report .filing"); !strings.Contains(said, "即政务公开工作") || !strings.Contains(said, "3.999%") {
		t.Errorf("the report says %q", said)
	}
	// Another window's draft is not overwritten.
	other := "/duties/" + number(w.sibling.weighted)
	sibling := w.signIn("clerk")
	sibling.post(other+"/draft", url.Values{"draft_version": {"0"}, "note": {"在填"}}).want(http.StatusSeeOther)
	sibling.sendScheme(other+"/scheme", "方案.csv", schemeCSV, draftBegun, nil).want(http.StatusPreconditionFailed)
}

// filesScheme has the unit file a scheme through the page, and the office accept
// it.
func (w *world) filesScheme(unit string, values url.Values) string {
	w.t.Helper()
	path := "/duties/" + number(w.duty(unit, "sd2017.weight"))
	w.signIn("clerk").submit(path, values)
	w.clock.set(w.clock.now().Add(time.Minute))
	form := w.signIn("province").get(path).want(http.StatusOK).page().Find("form.decision-verify")
	action, _ := form.Attr("action")
	version, _ := form.Find("[name=version]").Attr("value")
	w.signIn("province").post(action, url.Values{"version": {version}}).want(http.StatusSeeOther)
	return path
}

func TestThePageOfAWeightShowsFractionAndItems(t *testing.T) {
	scheme := func(total, core, related, rest string) url.Values {
		return url.Values{"on": {"2017-06-01"}, "total": {total}, "item_name": {"政务公开", "热线", "其他"}, "item_points": {core, related, rest},
			"item_openness": {"core", "related", ""}, "item_reason": {"即政务公开", "答复公开", ""}}
	}
	for _, c := range []struct {
		name              string
		scheme            url.Values
		strict, inclusive string
		state             string
	}{
		{"39.99 of 1000", scheme("1000", "39.99", "0.01", "960"), "39.99 / 1000 = 3.999% Falls short", "40 / 1000 = 4.00% Holds", "s-pending"},
		{"40 of 1000", scheme("1000", "40", "1", "959"), "40 / 1000 = 4.00% Holds", "41 / 1000 = 4.10% Holds", "s-met"},
		{"30 of 1000", scheme("1000", "30", "1", "969"), "30 / 1000 = 3.00% Falls short", "31 / 1000 = 3.10% Falls short", "s-pending"},
		{"3 and 3 of 100", scheme("100", "3", "3", "94"), "3 / 100 = 3.00% Falls short", "6 / 100 = 6.00% Holds", "s-pending"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			path := w.filesScheme("370100", c.scheme)
			shown := w.signIn("reporter").get(path).want(http.StatusOK)
			page := shown.page()
			lines := page.Find(".weight-lines tbody tr")
			for i, want := range []string{c.strict, c.inclusive} {
				row := lines.Eq(i)
				got := strings.Join(strings.Fields(row.Find("td").Eq(0).Text()+" "+row.Find("td").Eq(1).Text()), " ")
				if got != want {
					t.Errorf("line %d says %q, want %q", i, got, want)
				}
			}
			if page.Find(".panel.verdict."+c.state).Length() != 1 {
				t.Errorf("the verdict is not %s: %s", c.state, shown.text(".verdict"))
			}
			if items := page.Find(".weight-items li"); items.Length() != 2 || !strings.Contains(items.Eq(0).Text(), "即政务公开") {
				t.Errorf("items: %s", shown.text(".weight-items"))
			}
			if said := page.Find("svg.weight-bar").AttrOr("aria-label", ""); !strings.Contains(said, "4.00% required") {
				t.Errorf("the picture says %q", said)
			}
			if html := shown.body; strings.Contains(html, " style=") {
				t.Error("the page has an inline style")
			}
		})
	}
}

func TestTheWeightsOfAUnitAndThoseBelow(t *testing.T) {
	w := newWorld(t)
	w.filesScheme("370100", url.Values{"on": {"2017-06-01"}, "total": {"100"}, "item_name": {"政务公开", "其他"}, "item_points": {"3", "97"},
		"item_openness": {"core", ""}, "item_reason": {"即政务公开", ""}})
	supervisor := w.signIn("province")
	page := supervisor.get("/units/370000/weight").want(http.StatusOK)
	row := page.page().Find(".weights tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return s.Find("a[href^='/units/370100/weight']").Length() == 1
	})
	if text := strings.Join(strings.Fields(row.Text()), " "); !strings.Contains(text, "Falls short") || !strings.Contains(text, "3 / 100") {
		t.Errorf("the row says %q", text)
	}
	if said := page.text("#figure-weights .figure-title"); !strings.Contains(said, "1 fall short") {
		t.Errorf("the finding is %q", said)
	}
	none := supervisor.get("/units/370000/weight?standing=holds").want(http.StatusOK)
	if none.page().Find(".weights").Length() != 0 || none.page().Find(".empty").Length() != 1 {
		t.Error("nobody holds, and somebody is listed")
	}
	file := supervisor.get("/units/370000/weight.csv?standing=short").want(http.StatusOK)
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(file.body, "\r", "")), "\n")
	if len(lines) != 2 || !strings.Contains(lines[1], "370100") || !strings.Contains(lines[1], ",3,3,100,3,3,") {
		t.Errorf("the file is\n%s", file.body)
	}
	own := w.signIn("reporter").get("/units/370100/weight").want(http.StatusOK)
	if said := own.text(".weights tbody tr"); !strings.Contains(said, "2017") || !strings.Contains(said, "Falls short") {
		t.Errorf("its own years: %q", said)
	}
	if link := w.signIn("reporter").get("/units/370100").page().Find("a[href^='/units/370100/weight']").Length(); link != 1 {
		t.Errorf("%d links from the unit", link)
	}
	w.signIn("reporter").get("/units/370200/weight").want(http.StatusNotFound)
	supervisor.get("/units/370000/weight?as_of=2099-01-01").want(http.StatusUnprocessableEntity)
	supervisor.get("/units/370000/weight?year=x").want(http.StatusUnprocessableEntity)
}
