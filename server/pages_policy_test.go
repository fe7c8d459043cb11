package main

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"sundial/seeds"
	"sundial/server/compliance"
)

// postForm sends a form as one with a file is sent; a file is given as its name
// and content.
func (b *browser) postForm(path string, fields url.Values, file ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range fields {
		for _, value := range values {
			if err := form.WriteField(name, value); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	if len(file) == 2 {
		part, err := form.CreateFormFile("file", file[0])
		if err == nil {
			_, err = part.Write([]byte(file[1]))
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.request(r)
}

// kept returns what the page's form to the action sends along: its hidden fields
// and the texts that nobody sees.
func (a answer) kept(action string) url.Values {
	values := url.Values{}
	form := a.page().Find("form[method=post][action='" + action + "']")
	if form.Length() != 1 {
		a.t.Fatalf("%d forms to %s", form.Length(), action)
	}
	for _, field := range form.Find("input[type=hidden], textarea[hidden]").EachIter() {
		value, _ := field.Attr("value")
		if field.Is("textarea") {
			value = strings.ReplaceAll(field.Text(), "\n", "\r\n") // as browsers send texts
		}
		values.Set(field.AttrOr("name", ""), value)
	}
	return values
}

func packSource(t *testing.T, id string) string {
	t.Helper()
	sources, err := seeds.PolicySources()
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		if source.ID == id {
			return string(source.Source)
		}
	}
	t.Fatalf("no pack %s", id)
	return ""
}

func TestAFaultyPackIsToldAllItsFaultsAtOnce(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	faulty := strings.NewReplacer("issuer: 试验单位", "issuer: 试验单位\ncolour: <script>alert(1)</script>", "kind: count", "kind: <b>count</b>",
		`points: "1"`, `points: "<i>"`).Replace(smallPack)
	before := w.rows()
	for name, got := range map[string]answer{
		"typed":    b.postForm("/policies/new", url.Values{"source": {faulty}}),
		"uploaded": b.postForm("/policies/new", url.Values{"source": {"not looked at"}}, "pack.yaml", faulty),
		"stored":   b.postForm("/policies", url.Values{"source": {faulty}}),
		"plain":    b.post("/policies/new", url.Values{"source": {faulty}}),
	} {
		lines := got.want(http.StatusUnprocessableEntity).page().Find(".pack-faults li")
		if lines.Length() != 3 {
			t.Errorf("%s: %d faults, want 3:\n%s", name, lines.Length(), got.text(".error-summary"))
		}
		for i, want := range []string{"colour: <script>alert(1)</script>", "kind: <b>count</b>", `points: "<i>"`} {
			if shown := lines.Eq(i).Find("code").Text(); shown != want {
				t.Errorf("%s: fault %d shows %q, want %q", name, i, shown, want)
			}
		}
		if strings.Contains(got.body, "<script>alert") || strings.Contains(got.body, "<b>count") {
			t.Errorf("%s: the page has the pack's markup", name)
		}
		if kept := got.page().Find("#source").Text(); kept != faulty {
			t.Errorf("%s: the form has lost the text", name)
		}
	}
	large := strings.Repeat("# 长\n", compliance.MaxSource/6+1)
	for name, got := range map[string]answer{
		"too large a file":     b.postForm("/policies/new", nil, "pack.yaml", large),
		"far too large a file": b.postForm("/policies/new", nil, "pack.yaml", strings.Repeat(large, 4)),
		"too large a text":     b.postForm("/policies/new", url.Values{"source": {large}}),
		"no text":              b.postForm("/policies/new", nil, "pack.yaml", "id: \xff\xfe"),
		"nothing":              b.postForm("/policies/new", nil),
		"another form":         b.post("/policies/new", nil),
		"broken reason":        b.postForm("/policies/shandong-2017/amendment", url.Values{"source": {smallPack}, "reason": {"\xff"}}),
	} {
		if got.want(http.StatusUnprocessableEntity).page().Find(".error-summary").Length() != 1 {
			t.Errorf("%s: nothing is said", name)
		}
	}
	if w.rows() != before {
		t.Error("refused packs have changed the database")
	}
}

func TestAPackIsUploadedPreviewedAndLoaded(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	if got := w.signIn("viewer").get("/policies").page().Find("a[href='/policies/new']").Length(); got != 0 {
		t.Error("a viewer is offered to upload")
	}
	b.get("/policies").want(http.StatusOK)
	marked := strings.Replace(smallPack, "en: Trial", "en: <b>Trial</b>", 1)
	preview := b.postForm("/policies/new", nil, "pack.yaml", marked).want(http.StatusOK)
	if strings.Contains(preview.body, "<b>Trial") {
		t.Error("the page has the title's markup")
	}
	if said := preview.text(".plan tbody tr"); !strings.Contains(said, "Open day") || !strings.Contains(said, "31 Dec 2018") {
		t.Errorf("the preview says %q", said)
	}
	kept := preview.kept("/policies")
	b.postForm("/policies", kept).want(http.StatusSeeOther)
	// Sent twice it is the same.
	if to := b.postForm("/policies", kept).want(http.StatusSeeOther).Header.Get("Location"); to != "/policies/shandong-2099" {
		t.Errorf("led to %s", to)
	}
	if got := b.postForm("/policies/new", kept).page().Find(".note a[href='/policies/shandong-2099']").Length(); got != 1 {
		t.Error("the same pack is not told to be loaded")
	}
	other := strings.Replace(smallPack, "min: 1", "min: 2", 1)
	amend := b.postForm("/policies/new", url.Values{"source": {other}}).kept("/policies/shandong-2099/amendment/preview")
	b.postForm("/policies/shandong-2099/amendment/preview", amend).want(http.StatusOK)
	b.postForm("/policies", url.Values{"source": {other}}).want(http.StatusConflict)

	// Then a year is looked at and activated, once.
	form := b.get("/policies/shandong-2099").page().Find("form.activation[method=get]")
	if form.Find("option[value='2017']").Length() != 1 {
		t.Fatal("2017 is not offered")
	}
	seen := b.get("/policies/shandong-2099/activation?year=2017").want(http.StatusOK).kept("/policies/shandong-2099/activations")
	b.post("/policies/shandong-2099/activations", url.Values{"year": {"2017"}, "seen": {"of another"}}).want(http.StatusPreconditionFailed).
		kept("/policies/shandong-2099/activations")
	b.post("/policies/shandong-2099/activations", seen).want(http.StatusSeeOther)
	b.post("/policies/shandong-2099/activations", seen).want(http.StatusConflict)
	for _, year := range []string{"", "x", "1800", "99999999999999999999"} {
		b.get("/policies/shandong-2099/activation?year=" + year).want(http.StatusUnprocessableEntity)
	}
}

func TestAnAmendmentIsConfirmedAsSeen(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	const url0 = "/policies/shandong-2017/amendment"
	source := packSource(t, "shandong-2017")
	if kept := b.get(url0).want(http.StatusOK).page().Find("#source").Text(); kept != source {
		t.Fatal("the form does not begin with the text in force")
	}
	b.postForm(url0+"/preview", url.Values{"source": {source}}).want(http.StatusConflict)
	preview := b.postForm(url0+"/preview", nil, "pack.yaml", strings.Replace(source, "n: 30,", "n: 40,", 1)).want(http.StatusOK)
	if said := preview.text(".changes tbody tr"); !strings.Contains(said, "30 working days") || !strings.Contains(said, "40 working days") {
		t.Errorf("the preview says %q", said)
	}
	kept := preview.kept(url0)
	// Without a reason the preview comes again.
	again := b.postForm(url0, kept).want(http.StatusUnprocessableEntity)
	if again.page().Find("#reason[aria-invalid=true]").Length() != 1 || again.kept(url0).Get("seen") != kept.Get("seen") {
		t.Error("the missing reason is not marked, or the preview is another")
	}
	// Somebody reports in between: the preview is shown anew, with what was typed.
	before := w.rows()
	duty := w.inside.open
	w.signIn("reporter").post(fmt.Sprintf("/duties/%d/reports", duty), fullFiling).want(http.StatusSeeOther)
	changed := w.rows()
	if changed == before {
		t.Fatal("nothing was reported")
	}
	kept.Set("reason", "鲁政办发〔2017〕60号<br>")
	stale := b.postForm(url0, kept).want(http.StatusPreconditionFailed)
	if w.rows() != changed {
		t.Error("a stale preview was applied")
	}
	if typed := stale.page().Find("#reason").Text(); typed != kept.Get("reason") {
		t.Errorf("the reason typed was %q, is %q", kept.Get("reason"), typed)
	}
	fresh := stale.kept(url0)
	if fresh.Get("seen") == kept.Get("seen") {
		t.Fatal("the new preview has the old mark")
	}
	fresh.Set("reason", kept.Get("reason"))
	b.postForm(url0, fresh).want(http.StatusSeeOther)
	page := b.get("/policies/shandong-2017").want(http.StatusOK)
	if said := page.text(".editions tbody tr"); !strings.Contains(said, "Edition 2") || !strings.Contains(said, "60号<br>") {
		t.Errorf("the editions are %q", said)
	}
	if text := b.get("/policies/shandong-2017/editions/1").want(http.StatusOK); text.body != source ||
		!strings.HasPrefix(text.Header.Get("Content-Disposition"), "attachment") {
		t.Error("the first edition is not the one loaded")
	}
	for _, unknown := range []string{"0", "3", "x", "-1"} {
		b.get("/policies/shandong-2017/editions/" + unknown).want(http.StatusNotFound)
	}
	// Sent again it would change nothing, which is said.
	b.postForm(url0, fresh).want(http.StatusConflict)
}

func TestAnAmendmentThatOrphansReportsNamesThem(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	parts := strings.Split(packSource(t, "shandong-2017"), "\n  - id: ")
	for i, part := range parts {
		if strings.HasPrefix(part, "sd2017.random-inspection-list\n") {
			parts = append(parts[:i:i], parts[i+1:]...)
			break
		}
	}
	before := w.rows()
	got := b.postForm("/policies/shandong-2017/amendment/preview", url.Values{"source": {strings.Join(parts, "\n  - id: ")}}).want(http.StatusConflict)
	if said := got.text(".error-summary li"); !strings.Contains(said, "List of random inspections") {
		t.Errorf("said %q", said)
	}
	if w.rows() != before {
		t.Error("a refused amendment has changed the database")
	}
}

func TestAPolicyIsRetiredAsSeen(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	const path = "/policies/shandong-2017/retirement"
	b.get(path).want(http.StatusOK)
	for _, on := range []string{"x", "2016-01-01", "2017-02-30"} {
		b.get(path + "?on=" + on).want(http.StatusUnprocessableEntity)
	}
	preview := b.get(path + "?on=2017-07-01").want(http.StatusOK)
	kept := preview.kept(path)
	if again := b.post(path, kept).want(http.StatusUnprocessableEntity); again.page().Find("#reason[aria-invalid=true]").Length() != 1 {
		t.Error("the missing reason is not marked")
	}
	kept.Set("reason", "废止")
	kept.Set("on", "2017-07-02")
	b.post(path, kept).want(http.StatusPreconditionFailed)
	kept.Set("on", "2017-07-01")
	b.post(path, kept).want(http.StatusSeeOther)
	page := b.get("/policies/shandong-2017").want(http.StatusOK)
	if page.page().Find("a[href$=retirement], a[href$=amendment]").Length() != 0 || page.page().Find(".note").Length() != 1 {
		t.Error("a retired policy is not shown as one")
	}
	b.post(path, kept).want(http.StatusConflict)
	b.get(path + "?on=2017-07-01").want(http.StatusConflict)
	b.get("/policies/shandong-2017/activation?year=2018").want(http.StatusConflict)
}

func TestLevelsAreSetOnThePolicysPage(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("everything")
	for _, wrong := range []string{"", "0", "3", "x"} {
		b.post("/policies/shandong-2017/levels", url.Values{"levels": {wrong}}).want(http.StatusUnprocessableEntity)
	}
	b.post("/policies/shandong-2017/levels", url.Values{"levels": {"2"}}).want(http.StatusSeeOther)
	if got := b.get("/policies/shandong-2017").page().Find("form[action$=levels] option[selected]").AttrOr("value", ""); got != "2" {
		t.Errorf("levels are %q", got)
	}
	if w.signIn("viewer").get("/policies/shandong-2017").page().Find(".policy-management").Length() != 0 {
		t.Error("a viewer is offered to manage")
	}
}
