package web

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/exchange"
)

// described walks JSON by its description.
type described struct {
	*testing.T
	// seen are the fields found, as object.field.
	seen map[string]bool
}

func (d described) object(name string) *PublicObject {
	for i := range publicObjects {
		if publicObjects[i].Name == name {
			return &publicObjects[i]
		}
	}
	d.Fatalf("no object is called %q", name)
	return nil
}

func (d described) walk(name string, value any) {
	d.Helper()
	fields, isObject := value.(map[string]any)
	if !isObject {
		d.Fatalf("%s is %T", name, value)
	}
	known := map[string]bool{}
	for _, field := range d.object(name).Fields {
		known[field.Name] = true
		found, there := fields[field.Name]
		if !there {
			if !field.Optional {
				d.Errorf("%s has no %s", name, field.Name)
			}
			continue
		}
		d.seen[name+"."+field.Name] = true
		d.value(name, field, found)
	}
	for field := range fields {
		if !known[field] {
			d.Errorf("%s.%s is not described", name, field)
		}
	}
}

// forms are how texts of a kind are written.
var forms = map[string]*regexp.Regexp{kindText: regexp.MustCompile(``), kindDate: regexp.MustCompile(`^(\d{4}-\d\d-\d\d)?$`), kindPercent: regexp.MustCompile(`^\d{1,3}\.\d\d$`),
	kindScore: regexp.MustCompile(`^(\d+\.\d\d)?$`)}

func (d described) value(name string, field PublicField, found any) {
	d.Helper()
	fits := false
	switch value := found.(type) {
	case string:
		form := forms[field.Kind]
		fits = form != nil && form.MatchString(value)
	case float64:
		fits = field.Kind == kindInteger
	case bool:
		fits = field.Kind == kindBoolean
	case nil:
		fits = field.Kind == kindPercent
	case map[string]any:
		if fits = field.Kind == kindObject; fits {
			d.walk(field.Of, value)
		}
	case []any:
		fits = field.Kind == kindList
		for _, item := range value {
			d.walk(field.Of, item)
		}
	}
	if !fits {
		d.Errorf("%s.%s is described as %s and is %v", name, field.Name, field.Kind, found)
	}
}

func (d described) file(name string, value any) {
	d.Helper()
	body, isText := value.(string)
	if !isText {
		text, err := json.Marshal(value)
		if err != nil {
			d.Fatal(err)
		}
		body = string(text)
	}
	var parsed any
	if err := json.Unmarshal([]byte(body), &parsed); err != nil {
		d.Fatal(err)
	}
	d.walk(name, parsed)
}

// Every field of the JSON files is described as it is, and nothing else is.
func TestPublicFieldsAreDescribed(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	d := described{t, map[string]bool{}}
	published := s.bulletinView(models.BulletinPublished, 2)
	d.file("edition", newEditionFile(&bulletin.Public{Publication: published.Publication}))
	d.file("edition", publicExample)
	round := uint64(5)
	d.file("sealed", bulletin.SealedText(models.Bulletin{Series: "370000-2017-1", Edition: 1, UnitID: 3, Year: 2017, AsOf: s.view.AsOf, PublishedOn: s.view.AsOf, RoundID: &round}))
	entries := []bulletin.CatalogEntry{{Issue: s.issues()[0], Newest: 2}, {Issue: bulletin.Issue{Series: "210000-2016-1", Edition: 1}, Newest: 1}}
	d.file("catalog", newCatalogFile(s.locale, entries, "7"))
	for _, object := range publicObjects {
		for _, field := range object.Fields {
			// tally stands only within others, under the name of what it is the total of.
			if name := object.Name + "." + field.Name; !d.seen[name] {
				t.Errorf("%s is described and nowhere to be found", name)
			}
			if key := "public.meaning." + field.Meaning; !s.locale.Has(key) || !s.locale.Has("public.kind."+field.Kind) || field.Unit != "" && !s.locale.Has("public.unit."+field.Unit) {
				t.Errorf("%s.%s lacks words", object.Name, field.Name)
			}
		}
	}
}

// Every column of the CSV files is described, in its order, and nothing else is.
func TestPublicColumnsAreDescribed(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	locale := catalog.Locale("zh-CN")
	s := newSample(t, locale)
	kinds := map[exchange.Kind][]string{exchange.KindText: {kindText, kindPercent, kindScore}, exchange.KindInteger: {kindInteger}, exchange.KindDate: {kindDate}}
	for _, described := range publicTables {
		table := bulletinTableOf(locale, s.bulletinData(), described.Name)
		if table == nil || len(table.columns) != len(described.Fields) {
			t.Errorf("%s has other columns", described.Name)
			continue
		}
		for i, field := range described.Fields {
			fits := false
			for _, kind := range kinds[table.columns[i].Kind] {
				fits = fits || kind == field.Kind
			}
			if table.columns[i].Key != field.Name || !fits {
				t.Errorf("%s: column %d is %s, described as %s, a %s", described.Name, i, table.columns[i].Key, field.Name, field.Kind)
			}
			if !locale.Has("public.meaning." + field.Meaning) {
				t.Errorf("%s: %s has no meaning", described.Name, field.Name)
			}
		}
	}
	var listed, offered []string
	for _, file := range publicFiles {
		if file.Name[0] != '/' {
			listed = append(listed, file.Name)
		}
	}
	for _, file := range issueFiles(s.issues()[0]) {
		offered = append(offered, path.Base(file.URL))
	}
	sorted := cmp.Transformer("set", func(names []string) map[string]bool {
		set := map[string]bool{}
		for _, name := range names {
			set[name] = true
		}
		return set
	})
	if diff := cmp.Diff(offered, listed, sorted); diff != "" {
		t.Errorf("files (-offered +described):\n%s", diff)
	}
}

// The example is written as data.json is, and its numbers add up.
func TestThePublicExampleIsOne(t *testing.T) {
	again, err := json.Marshal(publicExample)
	if err != nil {
		t.Fatal(err)
	}
	var source bytes.Buffer
	if err := json.Compact(&source, exampleSource); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(source.String(), string(again)); diff != "" {
		t.Errorf("the example (-) and as it is written (+):\n%s", diff)
	}
	for _, check := range publicExample.Data.Reconcile(publicExample.Settings) {
		if !check.OK() {
			t.Errorf("%s %s: %s and %s", check.Group, check.Of, check.Stated, check.Found)
		}
	}
}
