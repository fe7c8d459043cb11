package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// publicFilesOf are the addresses under which an edition is read.
func publicFilesOf(series string) []string {
	base := "/public/bulletins/" + series + "/1"
	return []string{"/public/bulletins/" + series, base, base + "/data.json", base + "/sealed.json", base + "/board.csv", base + "/late.csv", base + "/document.docx"}
}

// TestWhatIsNotPublishedIsNotPublic looks for a draft, a discarded one and one that was
// changed by hand, wherever something is public.
func TestWhatIsNotPublishedIsNotPublic(t *testing.T) {
	w := newWorld(t)
	visitor, office := w.browser("en"), w.signIn("everything")
	var draft models.Bulletin
	if err := w.store.Read(t.Context()).Take(&draft, w.inside.bulletin).Error; err != nil {
		t.Fatal(err)
	}
	for _, path := range publicFilesOf(draft.Series) {
		visitor.get(path).want(http.StatusNotFound)
		office.get(path).want(http.StatusNotFound)
	}
	lists := func() string {
		return visitor.get("/public").want(http.StatusOK).body + visitor.get("/public/catalog.json").want(http.StatusOK).body
	}
	if strings.Contains(lists(), draft.Series) {
		t.Errorf("the draft %s is listed", draft.Series)
	}
	if strings.Count(lists(), w.inside.issuedSeries+"/1/data.json") != 2 {
		t.Errorf("%s is not listed", w.inside.issuedSeries)
	}
	if err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Exec("UPDATE bulletins SET title = ? WHERE id = ?", "forged words", w.inside.issued).Error
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range publicFilesOf(w.inside.issuedSeries)[2:] {
		if got := visitor.get(path).want(http.StatusConflict); strings.Contains(got.body, "forged") || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s gives out what was changed, or lets it be kept", path)
		}
	}
	page := visitor.get("/public/bulletins/" + w.inside.issuedSeries).want(http.StatusOK)
	if text := lists() + page.body; strings.Contains(text, "forged") || strings.Contains(text, w.inside.issuedSeries+"/1/data.json") || !strings.Contains(page.text("[role=alert]"), "Do not cite it") {
		t.Error("what was changed by hand is told, or not that it was")
	}
	if got := visitor.get("/public").text(".public-issue:has(.field-error)"); !strings.Contains(got, w.inside.issuedSeries) {
		t.Errorf("the list says of it %q", got)
	}
}

// TestPublicPagesAreTheSameForAll reads them as nobody and as who may do everything.
func TestPublicPagesAreTheSameForAll(t *testing.T) {
	w := newWorld(t)
	visitor, office := w.browser("en"), w.signIn("everything")
	for _, path := range []string{"/public", "/public?unit=370100", "/public/data", "/public/catalog.json", "/robots.txt", "/public/bulletins/" + w.inside.issuedSeries} {
		got := visitor.get(path).want(http.StatusOK)
		if office.get(path).want(http.StatusOK).body != got.body {
			t.Errorf("%s tells who reads it", path)
		}
		if got.Header.Get("Cache-Control") != "public, max-age=60" || len(got.Cookies()) != 0 {
			t.Errorf("%s is kept as %q, with %v", path, got.Header.Get("Cache-Control"), got.Cookies())
		}
		if shared := got.Header.Get("Access-Control-Allow-Origin"); (shared == "*") != strings.HasSuffix(path, ".json") {
			t.Errorf("%s is for pages of %q", path, shared)
		}
	}
	if got := visitor.get("/robots.txt").body; !strings.Contains(got, "Allow: /public\n") {
		t.Errorf("robots are told %q", got)
	}
	if link := visitor.get("/login").page().Find("main a[href='/public']"); link.Length() != 1 {
		t.Error("the sign-in page does not lead to what is public")
	}
}

// TestPublicFilesAreKeptByTheirSeal asks for files again with their tags.
func TestPublicFilesAreKeptByTheirSeal(t *testing.T) {
	w := newWorld(t)
	visitor := w.browser("en")
	tags := map[string]string{}
	for _, path := range publicFilesOf(w.inside.issuedSeries)[2:6] {
		got := visitor.get(path).want(http.StatusOK)
		tags[path] = got.Header.Get("ETag")
		if tags[path] == "" || got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Cache-Control") != "public, max-age=60" {
			t.Errorf("%s has the tag %s and is for %q", path, tags[path], got.Header.Get("Access-Control-Allow-Origin"))
		}
		visitor.header.Set("If-None-Match", tags[path])
		if again := visitor.get(path).want(http.StatusNotModified); again.body != "" {
			t.Errorf("%s is sent again", path)
		}
		visitor.header.Set("If-None-Match", `"another"`)
		visitor.get(path).want(http.StatusOK)
		visitor.header.Del("If-None-Match")
	}
	sealed := visitor.get("/public/bulletins/" + w.inside.issuedSeries + "/1/sealed.json").want(http.StatusOK)
	sum := sha256.Sum256([]byte(sealed.body))
	if tag, _ := strconv.Unquote(sealed.Header.Get("ETag")); tag != hex.EncodeToString(sum[:]) {
		t.Errorf("the hash of what is sealed is not its tag %s", tag)
	}
	board := "/public/bulletins/" + w.inside.issuedSeries + "/1/board.csv"
	if tag := w.browser("zh-CN").get(board).Header.Get("ETag"); tag == tags[board] {
		t.Error("a table has the same tag in two languages")
	}
}

// publicData is as much of data.json as is compared.
type publicData struct {
	SHA256 string
	Data   *bulletin.Data
}

// comparePublic compares the page, the CSV and the JSON of what the demo has published with
// the board of the as-of date, and the served fields with their description.
func comparePublic(t *testing.T, d *demonstrated) {
	visitor := d.browser("en")
	base := "/public/bulletins/370000-2017-1/1"
	var file publicData
	served := visitor.get(base + "/data.json").want(http.StatusOK)
	if err := json.Unmarshal([]byte(served.body), &file); err != nil {
		t.Fatal(err)
	}
	var board boardAnswer
	d.program.get("/api/v1/boards/370000?year=2017&as_of=2018-03-31").want(http.StatusOK).read(&board)
	compareBoard(t, file.Data, board)
	comparePage(t, visitor.get(base).want(http.StatusOK).page(), file.Data)
	compareTable(t, visitor.get(base+"/board.csv").want(http.StatusOK).body, file.Data)
	compareFields(t, visitor, served.body, visitor.get(base+"/sealed.json").body, visitor.get("/public/catalog.json").want(http.StatusOK).body)
	var sealed struct{ Data string }
	visitor.get(base + "/sealed.json").want(http.StatusOK).read(&sealed)
	var frozen bulletin.Data
	if err := json.Unmarshal([]byte(sealed.Data), &frozen); err != nil || !frozen.Same(file.Data) {
		t.Errorf("what is sealed is something else, %v", err)
	}
	if late := visitor.get(base).page().Find("#late").Closest("section"); late.Find("tbody tr").Length() != 30 || !strings.Contains(late.Text(), fmt.Sprintf("All %d in the CSV", len(file.Data.Late.Lines))) {
		t.Errorf("of the late duties the page says %q", short(late.Find(".bulletin-more").Text()))
	}
	list := visitor.get("/public").want(http.StatusOK).page()
	if all, marked := list.Find(".public-issue").Length(), list.Find(".public-issue .mark:contains(Demo)").Length(); all < 3 || marked != all || list.Find(".demo-banner").Length() != 1 {
		t.Errorf("%d of %d bulletins are marked as demo", marked, all)
	}
}

// comparePage compares the matrix cell by cell.
func comparePage(t *testing.T, page *goquery.Document, data *bulletin.Data) {
	t.Helper()
	rows := page.Find(".bulletin-matrix tbody tr")
	if rows.Length() != len(data.Rows) {
		t.Fatalf("the page has %d rows of %d", rows.Length(), len(data.Rows))
	}
	rows.Each(func(i int, row *goquery.Selection) {
		row.Find("td:not(.matrix-rate)").Each(func(j int, cell *goquery.Selection) {
			for _, state := range rules.States {
				shown := cell.Find(".state.s-" + string(state)).Length() // A single duty stands as its state.
				if count := cell.Find(".count.s-" + string(state)); count.Length() > 0 {
					text := count.Clone()
					text.Find(".vh").Remove()
					shown, _ = strconv.Atoi(strings.TrimSpace(text.Text()))
				}
				if want := compliance.Cell(data.Rows[i].Cells[j]).Count(state); shown != want {
					t.Errorf("%s %s: the page shows %d %s, want %d", data.Rows[i].Unit.Code, data.Obligations[j].Code, shown, state, want)
				}
			}
		})
	})
	total := page.Find(".public-cards .headline-value").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	want := []string{data.Total.Completion.String() + "%", data.Total.InTime.String() + "%", strconv.Itoa(data.Total.Overdue), strconv.Itoa(data.Total.Late), strconv.Itoa(data.Total.Exempt)}
	if !slices.Equal(total, want) {
		t.Errorf("the figures are %v, want %v", total, want)
	}
}

// compareTable compares board.csv line by line.
func compareTable(t *testing.T, body string, data *bulletin.Data) {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string][]string{}
	for _, record := range records[1:] {
		lines[record[0]+" "+record[3]] = record
	}
	if want := (len(data.Rows) + 1) * (len(data.Obligations) + 1); len(lines) != want || len(records) != want+1 {
		t.Fatalf("the table has %d lines, want %d", len(records)-1, want)
	}
	compare := func(unit, obligation string, tally bulletin.Tally) {
		t.Helper()
		want := []string{strconv.Itoa(tally.Owed), strconv.Itoa(tally.Done)}
		for _, state := range rules.States {
			want = append(want, strconv.Itoa(compliance.Cell(tally.Cell).Count(state)))
		}
		for _, rate := range []*bulletin.Rate{tally.Completion, tally.InTime} {
			if rate == nil {
				want = append(want, "–")
			} else {
				want = append(want, rate.String()+"%")
			}
		}
		if line := lines[unit+" "+obligation]; line == nil || !slices.Equal(line[6:], want) {
			t.Errorf("%s %s: %v, want %v", unit, obligation, line, want)
		}
	}
	for _, row := range data.Rows {
		for j, cell := range row.Cells {
			compare(row.Unit.Code, data.Obligations[j].Code, cell.Tally())
		}
		compare(row.Unit.Code, "", row.Tally)
	}
	for _, o := range data.Obligations {
		compare("", o.Code, o.Tally)
	}
	compare("", "", data.Total)
}

// compareFields looks for every field of the files on the page that describes them.
func compareFields(t *testing.T, visitor *browser, files ...string) {
	t.Helper()
	described := map[string]bool{}
	visitor.get("/public/data").want(http.StatusOK).page().Find("section[aria-labelledby^=object-] tbody th code").Each(func(_ int, s *goquery.Selection) { described[s.Text()] = true })
	var look func(value any)
	look = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			for field, within := range value {
				if !described[field] {
					t.Errorf("%s is served and not described", field)
					described[field] = true
				}
				look(within)
			}
		case []any:
			for _, within := range value {
				look(within)
			}
		}
	}
	for _, file := range files {
		var value any
		if err := json.Unmarshal([]byte(file), &value); err != nil {
			t.Fatal(err)
		}
		look(value)
	}
}
