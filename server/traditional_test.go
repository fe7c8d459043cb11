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
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"sundial/frontend"
)

// demoReaders are the people of the demo whose pages are read, each job once.
var demoReaders = []string{"admin", "sd-supervisor", "ln-reporter", "js-coordinator", "js-assessor"}

// readTraditional follows the links of the demo and reads each kind of page: what is left
// in simplified characters was typed by somebody, and nothing traditional stands in a
// form, from where it would be written back.
func readTraditional(t *testing.T, d *demonstrated) {
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	traditional, typed := catalog.Locale("zh-TW"), d.typed()
	pages := 0
	for _, login := range demoReaders {
		shown, written := d.reads(login, "zh-TW"), d.reads(login, "zh-CN")
		shown.follow("/", func(path string, page *goquery.Document) {
			pages++
			if page.Find("main form").Length() > 0 {
				if diff := cmp.Diff(valuesOf(written.get(path).page()), valuesOf(page)); diff != "" {
					t.Errorf("%s for %s: the forms of zh-CN (-) and zh-TW (+) differ:\n%s", path, login, diff)
				}
			}
			for _, text := range textsOf(page) {
				if traditional.Chinese(text) == text {
					continue
				}
				if rest := typed.ReplaceAllString(text, " "); traditional.Chinese(rest) != rest {
					t.Errorf("%s for %s: %q is not traditional: %q", path, login, text, traditional.Chinese(rest))
				}
			}
		})
	}
	if pages < 100 {
		t.Errorf("only %d pages were read", pages)
	}
}

// follow reads the page and those that links lead to from there, each kind once.
func (b *browser) follow(start string, read func(path string, page *goquery.Document)) {
	b.t.Helper()
	seen := map[string]bool{}
	for waiting := []string{start}; len(waiting) > 0; waiting = waiting[1:] {
		path := waiting[0]
		if !strings.HasPrefix(path, "/") || seen[kindOfPage(path)] {
			continue
		}
		seen[kindOfPage(path)] = true
		answer := b.get(path)
		if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
			continue
		}
		answer.page().Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			if link, err := url.Parse(a.AttrOr("href", "")); err == nil && link.Host == "" {
				link.Fragment = ""
				waiting = append(waiting, link.String())
			}
		})
		read(path, answer.page())
	}
}

func TestErrorsAreInTraditionalCharacters(t *testing.T) {
	w := newWorld(t)
	b := w.browser("zh-HK,en;q=0.5")
	if said := b.post("/login", url.Values{"login": {"nobody"}, "password": {"wrong-" + password}}).want(http.StatusUnauthorized).text(".error-summary"); !strings.Contains(said, "用戶名或密碼錯誤。") {
		t.Errorf("the page says %q", said)
	}
	p := w.program("viewer")
	p.language = "zh-TW"
	if got := p.get("/api/v1/units/000000/board").refused(http.StatusNotFound).Detail; got != "沒有找到。" {
		t.Errorf("the API says %q", got)
	}
}

// A unit is found by its name as it is shown.
func TestUnitsAreFoundInTraditionalCharacters(t *testing.T) {
	w := newWorld(t)
	b := w.browser("zh-TW")
	b.post("/login", url.Values{"login": {"nation"}, "password": {password}}).want(http.StatusSeeOther)
	for _, path := range []string{"/search?q=", "/units?q="} {
		for _, name := range []string{"濟南市", "济南市"} {
			page := b.get(path + url.QueryEscape(name)).want(http.StatusOK)
			if found := page.text("main a[href*='370100']"); !strings.Contains(found, "濟南市") {
				t.Errorf("%s%s finds %q", path, name, found)
			}
			if kept := page.page().Find("main [name=q]").AttrOr("value", ""); kept != name {
				t.Errorf("%s%s is repeated as %q", path, name, kept)
			}
		}
	}
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

// kept are the texts that are put together from what was typed: a deputy, the document
// that an inspection cites, the number of a document, the title of a bulletin.
var kept = []string{`\p{Han}某某?`, `《[^》]+》（[^）]+）`, `\p{Han}*〔\d+〕\p{Han}*\d+号`, `关于\d+年\p{Han}+的通报`}

// placeholder is where the words of the demo have something filled in.
var placeholder = regexp.MustCompile(`%(\[\d\])?[a-z]|\{[a-z_]+\}`)

// typed matches what the people of the demo typed, and their names.
func (d *demonstrated) typed() *regexp.Regexp {
	d.t.Helper()
	var texts []string
	for _, query := range []string{"SELECT name FROM users", "SELECT name FROM people"} {
		var names []string
		if err := d.store.Read(d.t.Context()).Raw(query).Scan(&names).Error; err != nil {
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
		var words any
		if err := yaml.Unmarshal(body, &words); err != nil {
			d.t.Fatal(err)
		}
		texts = append(texts, scalars(words)...)
	}
	var patterns []string
	for _, text := range texts {
		if text = strings.Trim(text, "。\n "); utf8.RuneCountInString(text) > 1 {
			patterns = append(patterns, patternOf(text))
		}
	}
	slices.SortFunc(patterns, func(a, b string) int { return len(b) - len(a) })
	patterns = append(patterns, kept...)
	return regexp.MustCompile(`(?s)` + strings.Join(patterns, "|"))
}

// patternOf matches the text with whatever is filled in; at its ends that is a name or
// a year, and only where the rest is long enough to tell it by.
func patternOf(text string) string {
	parts := placeholder.Split(text, -1)
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	pattern := strings.Join(parts, `.{0,300}?`)
	if len(parts) > 1 && utf8.RuneCountInString(text) > 16 {
		return `[\p{Han}\d]*` + pattern + `\p{Han}*`
	}
	return strings.TrimSuffix(strings.TrimPrefix(pattern, `.{0,300}?`), `.{0,300}?`)
}

// scalars are the texts in a YAML value.
func scalars(value any) []string {
	var texts []string
	switch v := value.(type) {
	case string:
		texts = append(texts, v)
	case []any:
		for _, one := range v {
			texts = append(texts, scalars(one)...)
		}
	case map[string]any:
		for _, one := range v {
			texts = append(texts, scalars(one)...)
		}
	}
	return texts
}

// textsOf are the texts that a page shows or reads out, but what is marked as an
// official document in simplified characters.
func textsOf(page *goquery.Document) []string {
	page.Find("script, style, textarea, pre, [lang=zh-CN]").Remove()
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
	page.Find("input, textarea, option, button").Not("[name=lang]").Each(func(_ int, s *goquery.Selection) {
		if goquery.NodeName(s) == "textarea" {
			values = append(values, s.AttrOr("name", "")+"="+s.Text())
		} else if value, ok := s.Attr("value"); ok && s.AttrOr("name", "") != "key" {
			values = append(values, s.AttrOr("name", "")+"="+value)
		}
	})
	return values
}
