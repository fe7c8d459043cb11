package strictyaml_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/strictyaml"
)

type event struct {
	On   calendar.Date `yaml:"on"`
	What string        `yaml:"what"`
}

type file struct {
	Unit   string            `yaml:"unit"`
	Number int               `yaml:"number"`
	Events []event           `yaml:"events"`
	Points map[string]string `yaml:"points"`
}

func TestUnmarshalNamesEveryProblemWithItsLine(t *testing.T) {
	for name, test := range map[string]struct {
		yaml string
		want map[int]string
	}{
		"unknown fields": {"unit: a\nunti: b\nevents:\n  - on: 2017-05-04\n    waht: x\n",
			map[int]string{2: "yaml.unknown_field", 5: "yaml.unknown_field"}},
		"a field twice":  {"unit: a\nunit: b\n", map[int]string{2: "yaml.field_twice"}},
		"a bad date":     {"events:\n  - on: 2017-02-30\n", map[int]string{2: "yaml.bad_value"}},
		"a bad number":   {"number: many\n", map[int]string{1: "yaml.bad_value"}},
		"not a list":     {"events: none\n", map[int]string{1: "yaml.want_list"}},
		"not a mapping":  {"events: [today]\n", map[int]string{1: "yaml.want_mapping"}},
		"map of mapping": {"points: {a: {b: c}}\n", map[int]string{1: "yaml.want_value"}},
		"list for text":  {"unit: [1]\n", map[int]string{1: "yaml.want_value"}},
		"an empty item":  {"events:\n  -\n  - what: x\n", map[int]string{2: "yaml.empty_item"}},
		"an alias":       {"events: &e [{what: x}]\npoints: *e\n", map[int]string{2: "yaml.no_alias"}},
		"broken syntax":  {"unit: a\nevents: [\n", map[int]string{2: "yaml.syntax"}},
		"nothing":        {"", map[int]string{1: "yaml.empty"}},
		"two documents":  {"unit: a\n---\nunit: b\n", map[int]string{1: "yaml.one_document"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := strictyaml.Unmarshal([]byte(test.yaml), &file{})
			var problems strictyaml.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got error %v, want Problems", err)
			}
			got := map[int]string{}
			for _, problem := range problems {
				got[problem.Line] = problem.Key
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnmarshalReadsAGoodFile(t *testing.T) {
	var got file
	if _, err := strictyaml.Unmarshal([]byte("unit: \"370100\"\nnumber: 3\nevents: [{on: 2017-05-04, what: open-day}]\npoints: {a: \"1\"}\n"), &got); err != nil {
		t.Fatal(err)
	}
	want := file{Unit: "370100", Number: 3, Events: []event{{calendar.MustParseDate("2017-05-04"), "open-day"}}, Points: map[string]string{"a": "1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
}
