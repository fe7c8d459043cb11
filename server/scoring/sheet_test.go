package scoring_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

func TestASheetIsReadFromAnItem(t *testing.T) {
	scheme := mustParse(t, whole)
	const written = `- unit: u1
  class: B
  points: {plan: "9.5", columns: 20, updates: 2.25, checks: 10, party: 12.5, praise: 1}
  na: [catalogue]
  veto: [fraud]
  duties: {duties: [met, late, pending]}
- unit: u2
  class: A
`
	var sheets []scoring.Sheet
	var faults []string
	for item, err := range scoring.Items(strings.NewReader(written)) {
		if err != nil {
			t.Fatal(err)
		}
		node, err := item.Node()
		if err != nil {
			t.Fatal(err)
		}
		sheet, problems := scheme.Sheet(node)
		sheets = append(sheets, sheet)
		for _, p := range problems {
			faults = append(faults, p.Key+" "+p.Args["ID"].(string))
		}
	}
	first, second := sheets[0], sheets[1]
	if first.Unit != "u1" || first.Line != 1 || first.Card.Class.ID != "B" || second.Unit != "u2" || second.Line != 7 {
		t.Errorf("%+v, %+v", first, second)
	}
	want := map[string]scoring.Mark{
		"plan": {Given: true, Points: 9.5e8}, "catalogue": {NA: true}, "columns": {Given: true, Points: 20e8}, "updates": {Given: true, Points: 2.25e8},
		"duties": {States: []rules.State{rules.Met, rules.Late, rules.Pending}}, "checks": {Given: true, Points: 10e8}, "filings": {},
		"party": {Given: true, Points: 12.5e8}, "accidents": {}, "reprimand": {}, "lateness": {}, "praise": {Given: true, Points: 1e8}, "fraud": {Raised: true},
	}
	if diff := cmp.Diff(want, byID(first.Card, first.Marks)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	missing := []string{"scoring.mark_missing plan", "scoring.mark_missing columns", "scoring.mark_missing duties", "scoring.mark_missing checks", "scoring.mark_missing party"}
	if diff := cmp.Diff(missing, faults); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// itemsOf reads all items of a list, as values.
func itemsOf(list string) (values []any, lines []int, err error) {
	for item, err := range scoring.Items(iotest.HalfReader(strings.NewReader(list))) {
		if err != nil {
			return values, lines, err
		}
		node, err := item.Node()
		if err != nil {
			return values, lines, err
		}
		values, lines = append(values, valueOf(node)), append(lines, node.Line)
	}
	return values, lines, nil
}

// valueOf is what encoding/json makes of the same.
func valueOf(node *yaml.Node) any {
	switch node.Kind {
	case yaml.MappingNode:
		value := map[string]any{}
		for n := 0; n < len(node.Content); n += 2 {
			value[node.Content[n].Value] = valueOf(node.Content[n+1])
		}
		return value
	case yaml.SequenceNode:
		value := []any{}
		for _, below := range node.Content {
			value = append(value, valueOf(below))
		}
		return value
	}
	switch node.Tag {
	case "!!null":
		return nil
	case "!!float":
		return json.Number(node.Value)
	default:
		return node.Value
	}
}

// drawJSON draws a value of a few levels.
func drawJSON(t *rapid.T, depth int) any {
	switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
	case kind == 0 && depth > 0:
		value := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "fields") {
			value[rapid.String().Draw(t, "name")] = drawJSON(t, depth-1)
		}
		return value
	case kind == 1 && depth > 0:
		value := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			value = append(value, drawJSON(t, depth-1))
		}
		return value
	case kind == 2:
		return json.Number(rapid.StringMatching(`-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?`).Draw(t, "number"))
	case kind == 3:
		return nil
	default:
		return rapid.String().Draw(t, "text")
	}
}

// JSON is read as encoding/json reads it, however it is indented, and every item
// begins on the line where it stands.
func TestItemsOfJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "items") {
			want = append(want, drawJSON(t, 3))
		}
		indent := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent")
		var list bytes.Buffer
		encoder := json.NewEncoder(&list)
		encoder.SetIndent("", indent)
		if err := encoder.Encode(want); err != nil {
			t.Fatal(err)
		}
		got, lines, err := itemsOf("\xEF\xBB\xBF \n" + list.String())
		if err != nil {
			t.Fatalf("%v\n%s", err, list.String())
		}
		if diff := cmp.Diff(want, append([]any{}, got...)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		for n, item := range want {
			if indent == "" || n == 0 {
				continue
			}
			before, err := json.MarshalIndent(want[n-1], "", indent)
			if err != nil {
				t.Fatal(err)
			}
			if next := lines[n-1] + bytes.Count(before, []byte("\n")) + 1; lines[n] != next {
				t.Errorf("item %v begins on line %d, want %d", item, lines[n], next)
			}
		}
	})
}

func TestAReaderThatFailsEndsTheItems(t *testing.T) {
	broken := errors.New("disk on fire")
	for _, begin := range []string{"", "[", "[{}, {", "[{}]", "- a: b\n"} {
		var last error
		for _, err := range scoring.Items(iotest.DataErrReader(&failing{strings.NewReader(begin), broken})) {
			last = err
		}
		if !errors.Is(last, broken) {
			t.Errorf("after %q: %v", begin, last)
		}
	}
}

type failing struct {
	*strings.Reader
	err error
}

func (f *failing) Read(data []byte) (int, error) {
	if f.Len() == 0 {
		return 0, f.err
	}
	return f.Reader.Read(data)
}

// A quote that does not end is found out before the whole file is in memory.
func TestAnItemIsBounded(t *testing.T) {
	large := strings.Repeat("x", 2<<20)
	for _, list := range []string{`[{"unit": "` + large + `"}]`, "- unit: " + large, "- unit: |\n" + strings.Repeat("    text\n", 1<<18)} {
		_, _, err := itemsOf(list)
		var problems strictyaml.Problems
		if !errors.As(err, &problems) || problems[0].Key != "scoring.item_large" || problems[0].Line != 1 {
			t.Errorf("%.20s…: %v", list, err)
		}
	}
}

// Whatever a file of scores holds, it is read or refused; what reads as JSON is JSON.
func FuzzItems(f *testing.F) {
	for _, seed := range []string{`[{"unit": "u1", "class": "A", "points": {"plan": "1.5"}}]`, "- unit: u1\n  class: A\n", "[", "- ", "[1,]", `["\ud800"]`, "[[[[[[[[[[[[[[", "[}]", "[\"\"\x00x]", "  - a\n- b"} {
		f.Add(seed)
	}
	scheme := mustParse(f, whole)
	f.Fuzz(func(t *testing.T, list string) {
		for item, err := range scoring.Items(strings.NewReader(list)) {
			if err != nil {
				break
			}
			if node, err := item.Node(); err == nil {
				scheme.Sheet(node)
			}
		}
		if !strings.HasPrefix(list, "[") {
			return
		}
		if _, _, err := itemsOf(list); err == nil && !json.Valid([]byte(list)) {
			t.Errorf("%q is no JSON", list)
		}
	})
}
