package frontend

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"text/template"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func newTestCatalog(t *testing.T, messages map[string]string) *Catalog {
	t.Helper()
	source := fstest.MapFS{}
	for name, body := range messages {
		source["locales/"+name] = &fstest.MapFile{Data: []byte(body)}
	}
	catalog, err := newCatalog(source)
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

func TestKeyInTwoFilesIsRefused(t *testing.T) {
	_, err := newCatalog(fstest.MapFS{
		"locales/a.zh-CN.yaml": {Data: []byte("word.yes: 是")},
		"locales/b.zh-CN.yaml": {Data: []byte("word.yes: 对")},
	})
	if err == nil || !strings.Contains(err.Error(), "word.yes") {
		t.Errorf("got %v, want an error that names word.yes", err)
	}
}

func TestMissingKeyIsShownAndRemembered(t *testing.T) {
	catalog := newTestCatalog(t, map[string]string{"a.en.yaml": "word.yes: Yes"})
	if got := catalog.Locale("en").Text("word.maybe", nil); got != "word.maybe" {
		t.Errorf("got %q", got)
	}
	if diff := cmp.Diff([]string{"word.maybe"}, catalog.Missing()); diff != "" {
		t.Error(diff)
	}
}

type title struct{ zh, en string }

func (t title) In(lang string) string {
	if lang == "en" {
		return t.en
	}
	return t.zh
}

func TestArgumentsAreRenderedInTheLanguage(t *testing.T) {
	catalog := newTestCatalog(t, map[string]string{
		"a.zh-CN.yaml": "x: '{{.Title}}；{{.List}}；{{.At}}；{{.N}}'",
		"a.en.yaml":    "x: {one: 'one {{.Title}}', other: '{{.Title}}; {{.List}}; {{.At}}; {{.N}}'}",
	})
	args := map[string]any{"Title": title{"听取汇报", "Briefing"}, "List": []title{{"甲", "A"}, {"乙", "B"}},
		"At": time.Date(2017, 8, 8, 13, 19, 0, 0, time.UTC), "N": 3}
	if got, want := catalog.Locale("zh-CN").Text("x", args), "听取汇报；甲、乙；2017年8月8日 21:19；3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := catalog.Locale("en").Text("x", args), "Briefing; A, B; 8 Aug 2017 21:19; 3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	args["Count"] = 1
	if got, want := catalog.Locale("en").Text("x", args), "one Briefing"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMatchPicksTheLanguage(t *testing.T) {
	catalog := newTestCatalog(t, nil)
	for _, c := range []struct{ accept, cookie, want string }{
		{"", "", "zh-CN"},
		{"fr-FR", "", "zh-CN"},
		{"%%", "", "zh-CN"},
		{"zh-TW,en;q=0.5", "", "zh-TW"},
		{"zh-HK", "", "zh-TW"},
		{"zh-MO", "", "zh-TW"},
		{"zh-Hant", "", "zh-TW"},
		{"zh-Hant-CN", "", "zh-TW"},
		{"zh-Hans-HK", "", "zh-CN"},
		{"zh-SG", "", "zh-CN"},
		{"zh", "", "zh-CN"},
		{"ja,zh-TW;q=0.8,en;q=0.7", "", "zh-TW"},
		{"en", "zh-TW", "zh-TW"},
		{"en-GB,en;q=0.9", "", "en"},
		{"en", "zh-CN", "zh-CN"},
		{"zh-CN", "en", "en"},
		{"zh-CN", "xx", "zh-CN"},
	} {
		if got := catalog.Match(c.accept, c.cookie); got != c.want {
			t.Errorf("Match(%q, %q) = %s, want %s", c.accept, c.cookie, got, c.want)
		}
	}
}

// TestLanguagesHaveTheSameMessages compares the embedded files: the same areas,
// keys and arguments in both languages that are written, and every message a valid
// template.
func TestLanguagesHaveTheSameMessages(t *testing.T) {
	if _, err := NewCatalog(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readMessages(t, simplified), readMessages(t, english)); diff != "" {
		t.Errorf("areas, keys or arguments of %s (-) and %s (+) differ:\n%s", simplified, english, diff)
	}
}

var argument = regexp.MustCompile(`\{\{[^}]*\}\}`)
var argumentName = regexp.MustCompile(`\.([A-Z]\w*)`)

// readMessages returns the arguments by area/key.
func readMessages(t *testing.T, lang string) map[string][]string {
	names, err := fs.Glob(files, "locales/*."+lang+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	messages := map[string][]string{}
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var forms map[string]any
		if err := yaml.Unmarshal(body, &forms); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		area := strings.TrimSuffix(name, "."+lang+".yaml")
		for key, value := range forms {
			messages[area+"/"+key] = arguments(t, key, value)
		}
	}
	return messages
}

func arguments(t *testing.T, key string, value any) []string {
	texts := []string{}
	switch v := value.(type) {
	case string:
		texts = append(texts, v)
	case map[string]any:
		for _, form := range v {
			texts = append(texts, form.(string))
		}
	default:
		t.Fatalf("%s is a %T, want a text or its plural forms", key, value)
	}
	names := []string{}
	for _, text := range texts {
		if _, err := template.New(key).Parse(text); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		for _, action := range argument.FindAllString(text, -1) {
			for _, match := range argumentName.FindAllStringSubmatch(action, -1) {
				names = append(names, match[1])
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
