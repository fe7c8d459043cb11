package seeds

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

// schemePolicies are the policies from whose duties the schemes that ship are scored.
var schemePolicies = map[string]string{
	"jiangsu-2018-assessment":  "jiangsu-2018",
	"shandong-2017-assessment": "shandong-2017",
}

func mustScheme(t *testing.T, id string) *scoring.Scheme {
	t.Helper()
	scheme, err := Scheme(id)
	if err != nil {
		t.Fatal(err)
	}
	return scheme
}

func TestAFaultySchemeNamesFileAndLine(t *testing.T) {
	sources, err := SchemeSources()
	if err != nil {
		t.Fatal(err)
	}
	source := string(sources[0].Source)
	_, err = parseScheme(sources[0].ID, []byte(strings.Replace(source, "year: 2018", "yeer: 2018", 1)))
	if err == nil || !strings.Contains(err.Error(), "schemes/jiangsu-2018-assessment.yaml:9: yaml.unknown_field") {
		t.Errorf("error = %v", err)
	}
	_, err = parseScheme(sources[1].ID, sources[0].Source)
	if err == nil || err.Error() != "schemes/shandong-2017-assessment.yaml: has the id jiangsu-2018-assessment" {
		t.Errorf("error = %v", err)
	}
	if _, err := Scheme("hubei-2018-assessment"); err == nil {
		t.Error("a scheme that does not ship was found")
	}
}

func TestSchemesHaveAHundredPointsInEachClass(t *testing.T) {
	for _, id := range schemeIDs {
		scheme := mustScheme(t, id)
		for _, class := range scheme.Classes {
			card, _ := scheme.Card(class.ID)
			sum := scoring.Amount(0)
			for _, node := range card.Nodes {
				if node.Parent < 0 && node.Method != scoring.MethodBonus {
					sum += node.Points
				}
			}
			if sum != 100*scoring.Point {
				t.Errorf("%s, class %s: %s points", id, class.ID, sum)
			}
		}
	}
}

// Every obligation is one of the policy of the scheme's region, and units of that
// class owe it in the scheme's year: else its points could never be scored.
func TestSchemesAreScoredFromDutiesThatAreOwed(t *testing.T) {
	units, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	for id, policyID := range schemePolicies {
		scheme, policy := mustScheme(t, id), mustPolicy(t, policyID)
		if scheme.Region != policy.Region {
			t.Errorf("%s is for %s, %s for %s", id, scheme.Region, policyID, policy.Region)
		}
		for _, class := range scheme.Classes {
			card, _ := scheme.Card(class.ID)
			for _, leaf := range card.Leaves {
				owed := leaf.Method != scoring.MethodAuto
				for _, name := range leaf.Obligations {
					obligation, found := policy.Find(name)
					if !found {
						t.Errorf("%s: %s has no obligation %s", id, policyID, name)
						continue
					}
					owed = owed || obligation.Years.Contains(scheme.Year) && slices.ContainsFunc(units, func(u Unit) bool {
						unit := rules.Unit{Code: u.Code, Name: u.Name, Kind: rules.UnitKind(u.Kind)}
						return u.Class == class.ID && obligation.Who.Binds(policy.Region, unit)
					})
				}
				if !owed {
					t.Errorf("%s: no unit of class %s owes a duty of %s", id, class.ID, leaf.ID)
				}
			}
		}
	}
}

// The schemes that ship show what a scheme can say.
func TestSchemesUseEveryFeature(t *testing.T) {
	used := map[string]bool{}
	note := func(feature string, is bool) { used[feature] = used[feature] || is }
	for _, id := range schemeIDs {
		scheme := mustScheme(t, id)
		note("grades of its own", !cmp.Equal(scheme.Grades, scoring.DefaultGrades()))
		note("default grades", cmp.Equal(scheme.Grades, scoring.DefaultGrades()))
		shared := map[string]int{}
		var walk func(indicators []scoring.Indicator, level int)
		walk = func(indicators []scoring.Indicator, level int) {
			note("three levels", level == 3)
			for _, i := range indicators {
				used["method "+string(i.Method)] = true
				limit, limited := scheme.Limit(i.Cap)
				switch {
				case limited:
					used[string(i.Method)+" with a limit"] = true
					note(string(i.Method)+" with a nested limit", limit.Within != "")
					shared[limit.ID]++
					note(string(i.Method)+" with a shared limit", shared[limit.ID] > 1)
				case i.Method == scoring.MethodDeduct || i.Method == scoring.MethodBonus:
					used[string(i.Method)+" with cap "+i.Cap] = true
				}
				note("points for a class", len(i.PointsFor) > 0 && i.Method == scoring.MethodAward)
				note("for some classes", len(i.Classes) > 0)
				note("weighted award", i.Weight > 0 && i.Method == scoring.MethodAward)
				note("weighted group", i.Weight > 0 && i.Method == scoring.MethodGroup)
				note("several obligations", len(i.Obligations) > 1)
				note("no points for late", i.Method == scoring.MethodAuto && i.LateShare == 0)
				note("a share for late", i.LateShare > 0)
				walk(i.Children, level+1)
			}
		}
		walk(scheme.Indicators, 1)
		for _, class := range scheme.Classes {
			used["maximum "+class.Maximum.String()] = true
		}
	}
	want := []string{
		"bonus with a limit", "bonus with a nested limit", "bonus with a shared limit", "bonus with cap ",
		"deduct with a limit", "deduct with a nested limit", "deduct with a shared limit",
		"deduct with cap none", "deduct with cap own", "deduct with cap parent", "a share for late", "default grades",
		"for some classes", "grades of its own", "maximum 100.00", "maximum 95.00", "method auto", "method award",
		"method bonus", "method composite", "method deduct", "method group", "method veto", "no points for late",
		"points for a class", "several obligations", "three levels", "weighted award", "weighted group",
	}
	maps.DeleteFunc(used, func(_ string, is bool) bool { return !is })
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(maps.Keys(used))); diff != "" {
		t.Errorf("features (-want +used):\n%s", diff)
	}
}

// schemeCase is the marks of a unit and what they come to.
type schemeCase struct {
	Unit  string               `yaml:"unit"`
	Class string               `yaml:"class"`
	Marks map[string]yaml.Node `yaml:"marks"`

	Won      string `yaml:"won"`
	Possible string `yaml:"possible"`
	Score    string `yaml:"score"`
	Grade    string `yaml:"grade"`
	Veto     bool   `yaml:"veto"`
}

func TestWorkedCasesOfSchemes(t *testing.T) {
	for _, id := range schemeIDs {
		scheme := mustScheme(t, id)
		data, err := os.ReadFile("schemes/cases/" + id + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var cases []schemeCase
		if _, err := strictyaml.Unmarshal(data, &cases); err != nil {
			t.Fatal(err)
		}
		worked := map[string]bool{}
		for _, c := range cases {
			worked[c.Class] = true
			t.Run(id+"/"+c.Unit, func(t *testing.T) {
				card, found := scheme.Card(c.Class)
				if !found {
					t.Fatalf("no class %s", c.Class)
				}
				r := card.Score(schemeMarks(t, card, c.Marks))
				got := schemeCase{Unit: c.Unit, Class: c.Class, Marks: c.Marks, Won: r.Won.String(), Possible: r.Possible.String(),
					Score: r.Score.String(), Grade: scheme.Grades[r.Grade].ID, Veto: r.ByVeto}
				if diff := cmp.Diff(c, got); diff != "" || r.Missing > 0 {
					t.Errorf("%d missing; -want +got:\n%s", r.Missing, diff)
				}
			})
		}
		for _, class := range scheme.Classes {
			if !worked[class.ID] {
				t.Errorf("%s: no worked case of class %s", id, class.ID)
			}
		}
	}
}

// schemeMarks reads marks: points, na, raised, or the states of duties.
func schemeMarks(t *testing.T, card *scoring.Card, written map[string]yaml.Node) []scoring.Mark {
	t.Helper()
	marks := make([]scoring.Mark, len(card.Leaves))
	for id, node := range written {
		leaf, found := card.Leaf(id)
		if !found {
			t.Fatalf("no indicator %s", id)
		}
		m := scoring.Mark{NA: node.Value == "na", Raised: node.Value == "raised"}
		switch {
		case node.Kind == yaml.SequenceNode:
			if err := node.Decode(&m.States); err != nil {
				t.Fatal(err)
			}
		case !m.NA && !m.Raised:
			if m.Points, m.Given = scoring.ParseAmount(node.Value); !m.Given {
				t.Fatalf("%s: %q is no mark", id, node.Value)
			}
		}
		if problem := card.Check(leaf, m); problem != nil {
			t.Fatalf("%s: %s %v", id, problem.Key, problem.Args)
		}
		marks[leaf] = m
	}
	return marks
}
