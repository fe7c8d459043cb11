package scoring_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

//go:embed testdata/cases.yaml
var workedCases []byte

// workedGroup is a scheme without its texts, and cases.
type workedGroup struct {
	Group      string       `yaml:"group"`
	Grades     yaml.Node    `yaml:"grades"`
	Classes    yaml.Node    `yaml:"classes"`
	Limits     yaml.Node    `yaml:"limits"`
	Indicators yaml.Node    `yaml:"indicators"`
	Cases      []workedCase `yaml:"cases"`
}

// workedCase is the marks of a unit and what they come to; Won, Possible, Exact and
// what is said of single indicators is compared where given.
type workedCase struct {
	Name  string               `yaml:"name"`
	Class string               `yaml:"class"`
	Marks map[string]yaml.Node `yaml:"marks"`

	Unscored bool   `yaml:"unscored"`
	Score    string `yaml:"score"`
	Grade    string `yaml:"grade"`
	Veto     bool   `yaml:"veto"`
	Capped   bool   `yaml:"capped"`
	Missing  int    `yaml:"missing"`

	Won      string            `yaml:"won"`
	Possible string            `yaml:"possible"`
	Exact    string            `yaml:"exact"`
	Passed   string            `yaml:"passed"`
	Floor    string            `yaml:"floor"`
	Parts    map[string]string `yaml:"parts"`
	Floors   map[string]string `yaml:"floors"`
	Lost     map[string]string `yaml:"lost"`
	Limits   map[string]string `yaml:"limits"`
}

func TestWorkedCases(t *testing.T) {
	var groups []workedGroup
	if _, err := strictyaml.Unmarshal(workedCases, &groups); err != nil {
		t.Fatal(err)
	}
	for _, group := range groups {
		scheme := group.scheme(t)
		for _, c := range group.Cases {
			t.Run(group.Group+"/"+c.Name, func(t *testing.T) {
				if c.Class == "" {
					c.Class = "A"
				}
				card := mustCard(t, scheme, c.Class)
				c.compare(t, card, c.marks(t, card))
			})
		}
	}
}

// scheme gives the group the texts and the class that it does not have.
func (g *workedGroup) scheme(t *testing.T) *scoring.Scheme {
	t.Helper()
	parts := map[string]any{
		"id": "trial", "title": text, "year": 2018, "region": "370000", "basis": text, "appeal_days": 10,
		"classes": []any{map[string]any{"id": "A", "title": text}}, "indicators": &g.Indicators,
	}
	for name, list := range map[string]*yaml.Node{"grades": &g.Grades, "classes": &g.Classes, "limits": &g.Limits, "indicators": &g.Indicators} {
		if !list.IsZero() {
			titled(list)
			parts[name] = list
		}
	}
	source, err := yaml.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, string(source))
}

var text = map[string]string{"zh": "文", "en": "Text"}

// titled adds title, clause and counts to what is listed, and to what is below.
func titled(list *yaml.Node) {
	for _, item := range list.Content {
		add := []string{"title"}
		for n := 0; n+1 < len(item.Content); n += 2 {
			switch item.Content[n].Value {
			case "method":
				add = append(add, "clause", "counts")
			case "children", "sources":
				titled(item.Content[n+1])
			}
		}
		for _, field := range add {
			var key, value yaml.Node
			key.SetString(field)
			if value.SetString("一"); field != "clause" {
				_ = value.Encode(text)
			}
			item.Content = append(item.Content, &key, &value)
		}
	}
}

// marks reads the marks as a case writes them.
func (c *workedCase) marks(t *testing.T, card *scoring.Card) []scoring.Mark {
	t.Helper()
	marks := make([]scoring.Mark, len(card.Leaves))
	for id, written := range c.Marks {
		leaf, found := card.Leaf(id)
		if !found {
			t.Fatalf("class %s has no indicator %s", c.Class, id)
		}
		var m scoring.Mark
		switch {
		case written.Kind == yaml.SequenceNode:
			if err := written.Decode(&m.States); err != nil {
				t.Fatal(err)
			}
		case written.Value == "na":
			m.NA = true
		case written.Value == "raised":
			m.Raised = true
		default:
			m.Points, m.Given = scoring.ParseAmount(written.Value)
			if !m.Given {
				t.Fatalf("%s: %q is no mark", id, written.Value)
			}
		}
		if problem := card.Check(leaf, m); problem != nil {
			t.Fatalf("%s: %s %v", id, problem.Key, problem.Args)
		}
		marks[leaf] = m
	}
	return marks
}

func (c *workedCase) compare(t *testing.T, card *scoring.Card, marks []scoring.Mark) {
	t.Helper()
	a := card.Explain(marks)
	if result := card.Score(marks); result != a.Result {
		t.Errorf("Score says %+v, Explain %+v", result, a.Result)
	}
	if a.Scored == c.Unscored {
		t.Fatalf("scored %v: %+v", a.Scored, a.Result)
	}
	if c.Unscored {
		if a.Grade != -1 || a.Score != 0 || a.ByVeto {
			t.Errorf("without a score: %+v", a.Result)
		}
		return
	}
	got := workedCase{Name: c.Name, Class: c.Class, Marks: c.Marks, Score: a.Score.String(), Grade: card.Scheme.Grades[a.Grade].ID,
		Veto: a.ByVeto, Capped: a.Capped, Missing: a.Missing, Won: given(c.Won, a.Won), Possible: given(c.Possible, a.Possible),
		Passed: given(c.Passed, a.Passed), Floor: given(c.Floor, a.Floor)}
	if c.Exact != "" {
		got.Exact = a.Exact
	}
	got.Parts = partsOf(c.Parts, a, func(p scoring.Part) scoring.Amount { return p.Won })
	got.Floors = partsOf(c.Floors, a, func(p scoring.Part) scoring.Amount { return p.Floor })
	got.Lost = partsOf(c.Lost, a, func(p scoring.Part) scoring.Amount { return p.Lost })
	if c.Limits != nil {
		got.Limits = map[string]string{}
		for _, limit := range a.Limits {
			got.Limits[limit.Limit.ID] = limit.Amount.String()
		}
	}
	if diff := cmp.Diff(*c, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// given returns the amount where the case says what it is.
func given(want string, amount scoring.Amount) string {
	if want == "" {
		return ""
	}
	return amount.String()
}

func partsOf(want map[string]string, a scoring.Arithmetic, of func(scoring.Part) scoring.Amount) map[string]string {
	if want == nil {
		return nil
	}
	got := map[string]string{}
	for _, part := range a.Parts {
		if _, asked := want[part.Node.ID]; asked {
			got[part.Node.ID] = of(part).String()
		}
	}
	return got
}

func TestRanksAreSharedByTies(t *testing.T) {
	for _, c := range []struct {
		scores []scoring.Score
		want   []int
	}{
		{nil, []int{}},
		{[]scoring.Score{9000}, []int{1}},
		{[]scoring.Score{9000, 8500, 8500, 8000}, []int{1, 2, 2, 4}},
		{[]scoring.Score{9000, 9000, 9000, 8999, 8999, 1}, []int{1, 1, 1, 4, 4, 6}},
	} {
		if diff := cmp.Diff(c.want, scoring.Ranks(c.scores)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.scores, diff)
		}
	}
}

func TestWhatAMarkMayNotBe(t *testing.T) {
	card := mustCard(t, mustParse(t, whole), "B")
	for _, c := range []struct {
		leaf string
		mark scoring.Mark
		want string
	}{
		{"plan", scoring.Mark{Given: true, Points: 10 * scoring.Point}, ""},
		{"plan", scoring.Mark{Given: true, Points: 10*scoring.Point + 1}, "scoring.above_points"},
		{"plan", scoring.Mark{Given: true, Points: -1}, "scoring.points_negative"},
		{"plan", scoring.Mark{Given: true, NA: true}, "scoring.na_and_points"},
		{"plan", scoring.Mark{Raised: true}, "scoring.raised_elsewhere"},
		{"plan", scoring.Mark{States: []rules.State{rules.Met}}, "scoring.duties_elsewhere"},
		{"party", scoring.Mark{Given: true, Points: 15 * scoring.Point}, ""},
		{"party", scoring.Mark{Given: true, Points: 16 * scoring.Point}, "scoring.above_points"},
		{"catalogue", scoring.Mark{Given: true, Points: 100 * scoring.Point}, ""},
		{"catalogue", scoring.Mark{Given: true, Points: (scoring.MaxPoints + 1) * scoring.Point}, "scoring.points_large"},
		{"praise", scoring.Mark{Given: true, Points: 3 * scoring.Point}, ""},
		{"praise", scoring.Mark{Given: true, Points: 4 * scoring.Point}, "scoring.above_points"},
		{"fraud", scoring.Mark{Raised: true}, ""},
		{"fraud", scoring.Mark{NA: true}, "scoring.na_of_veto"},
		{"fraud", scoring.Mark{Given: true}, "scoring.points_of_veto"},
		{"duties", scoring.Mark{States: rules.States}, ""},
		{"duties", scoring.Mark{States: []rules.State{"done"}}, "scoring.unknown_state"},
		{"duties", scoring.Mark{States: []rules.State{rules.Met}, NA: true}, "scoring.na_and_duties"},
		{"duties", scoring.Mark{States: []rules.State{rules.Met}, Given: true}, "scoring.points_and_duties"},
		{"duties", scoring.Mark{Given: true, Points: 21 * scoring.Point}, "scoring.above_points"},
	} {
		leaf, _ := card.Leaf(c.leaf)
		got := ""
		if problem := card.Check(leaf, c.mark); problem != nil {
			got = problem.Key
			if said := catalog.Locale("en").Text(problem.Key, problem.Args); strings.Contains(said, "<no value>") || said == problem.Key {
				t.Errorf("%s: %s", problem.Key, said)
			}
		}
		if got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.leaf, c.mark, got, c.want)
		}
	}
}
