package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"sundial/frontend"
)

// demoReaders are the people of the demo whose pages are read, each job once.
var demoReaders = []string{"admin", "sd-supervisor", "sd-reporter", "sd-coordinator", "sd-assessor", "sd-viewer", "ln-supervisor", "lz-supervisor", "zd-reporter"}

// TestPagesAreInTraditionalCharacters follows the links of the demo and reads each kind
// of page: what is left in simplified characters was typed by somebody, and nothing
// traditional stands in a form, from where it would be written back.
func TestPagesAreInTraditionalCharacters(t *testing.T) {
	d := newDemonstrated(t)
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	traditional, typed := catalog.Locale("zh-TW"), d.typed()
	seen := map[string]bool{}
	for _, login := range demoReaders {
		shown, written := d.reads(login, "zh-TW"), d.reads(login, "zh-CN")
		waiting := []string{"/"}
		for len(waiting) > 0 {
			path := waiting[0]
			waiting = waiting[1:]
			if kind := kindOfPage(path); seen[login+kind] || !strings.HasPrefix(path, "/") {
				continue
			} else {
				seen[login+kind] = true
			}
			answer := shown.get(path)
			if answer.Code != http.StatusOK || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
				continue
			}
			page := answer.page()
			for _, text := range textsOf(page) {
				rest := text
				for _, words := range typed {
					rest = strings.ReplaceAll(rest, words, " ")
				}
				if want := traditional.Chinese(rest); want != rest {
					t.Errorf("%s for %s: %q is not traditional: %q", path, login, text, want)
				}
			}
			if diff := cmp.Diff(valuesOf(written.get(path).page()), valuesOf(page)); diff != "" {
				t.Errorf("%s for %s: the forms of zh-CN (-) and zh-TW (+) differ:\n%s", path, login, diff)
			}
			page.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
				href, _ := a.Attr("href")
				if link, err := url.Parse(href); err == nil && link.Host == "" {
					link.Fragment = ""
					waiting = append(waiting, link.String())
				}
			})
		}
	}
	t.Logf("%d pages", len(seen))
}

var digits = regexp.MustCompile(`[0-9]+(-[a-z]+)*`)

// kindOfPage is the path of a page without what tells its things apart.
func kindOfPage(path string) string {
	link, err := url.Parse(path)
	if err != nil {
		return path
	}
	keys := []string{}
	for key := range link.Query() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return digits.ReplaceAllString(link.Path, "#") + "?" + strings.Join(keys, "&")
}

func (d *demonstrated) reads(login, language string) *browser {
	b := d.browser(language)
	b.post("/login", url.Values{"login": {login}, "password": {"sundial-demo"}}).want(http.StatusSeeOther)
	return b
}

var chinese = regexp.MustCompile(`\p{Han}[\p{Han}\p{P}0-9 ]*`)

// typed are the texts that the people of the demo typed, and their names, the longest
// first.
func (d *demonstrated) typed() []string {
	d.t.Helper()
	var texts []string
	for _, query := range []string{"SELECT name FROM users", "SELECT name FROM people"} {
		var names []string
		if err := d.store.DB.Raw(query).Scan(&names).Error; err != nil {
			d.t.Fatal(err)
		}
		texts = append(texts, names...)
	}
	files, err := filepath.Glob("../seeds/demo/*.yaml")
	if err != nil || len(files) == 0 {
		d.t.Fatal("no words of the demo", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, words := range chinese.FindAllString(string(body), -1) {
			texts = append(texts, strings.TrimSpace(words))
		}
	}
	slices.SortFunc(texts, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(texts)
}

// textsOf are the texts that a page shows or reads out, but what is marked as an
// official document in simplified characters.
func textsOf(page *goquery.Document) []string {
	page.Find("script, style, textarea, [lang=zh-CN]").Remove()
	var texts []string
	for _, name := range []string{"aria-label", "title", "placeholder", "alt"} {
		page.Find("[" + name + "]").Each(func(_ int, s *goquery.Selection) { texts = append(texts, s.AttrOr(name, "")) })
	}
	page.Find("*").Contents().Each(func(_ int, s *goquery.Selection) {
		if goquery.NodeName(s) == "#text" && strings.TrimSpace(s.Text()) != "" {
			texts = append(texts, strings.TrimSpace(s.Text()))
		}
	})
	return texts
}

// valuesOf are the fields of a page with what they would send.
func valuesOf(page *goquery.Document) []string {
	var values []string
	page.Find("input, textarea, option, button").Each(func(_ int, s *goquery.Selection) {
		if goquery.NodeName(s) == "textarea" {
			values = append(values, s.AttrOr("name", "")+"="+s.Text())
		} else if value, ok := s.Attr("value"); ok && s.AttrOr("name", "") != "key" {
			values = append(values, s.AttrOr("name", "")+"="+value)
		}
	})
	return values
}
