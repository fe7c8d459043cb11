package scoring

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sundial/server/rules"
	"sundial/server/strictyaml"
)

// Sheet is what a file of scores has for one unit.
type Sheet struct {
	// Line is where it begins.
	Line  int
	Unit  string
	Card  *Card
	Marks []Mark
}

// sheetFields are the fields of an item of a file of scores.
var sheetFields = []string{"class", "duties", "na", "points", "unit", "veto"}

// Sheet reads an item of a file of scores: the unit, its class, the points by
// indicator, what is not applicable, the vetoes raised, and the states of the duties of
// auto indicators. All that is wrong with it is returned, each with its line: also an
// award or an auto indicator of which nothing is said. Unit is known even then, where
// it could be read.
func (s *Scheme) Sheet(item *yaml.Node) (Sheet, strictyaml.Problems) {
	r := sheetReader{scheme: s, Sheet: Sheet{Line: item.Line}}
	fields := r.fields(item)
	r.Unit = r.text(item, fields, "unit")
	class := r.text(item, fields, "class")
	if class == "" {
		return r.Sheet, r.problems
	}
	card, found := s.Card(class)
	if !found {
		r.problems.Add(fields["class"].Line, "scoring.class_without_scheme", "Value", class, "Known", s.classIDs())
		return r.Sheet, r.problems
	}
	r.Card, r.Marks, r.lines = card, make([]Mark, len(card.Leaves)), make([]int, len(card.Leaves))
	r.points(fields["points"])
	r.each(fields["na"], "na", func(m *Mark) *bool { return &m.NA })
	r.each(fields["veto"], "veto", func(m *Mark) *bool { return &m.Raised })
	r.duties(fields["duties"])
	r.check()
	return r.Sheet, r.problems
}

// sheetReader is a sheet as it is read; lines are those of its marks, 0 where nothing
// is said of a leaf.
type sheetReader struct {
	Sheet
	scheme   *Scheme
	lines    []int
	problems strictyaml.Problems
}

// fields returns the values of the fields by their names.
func (r *sheetReader) fields(item *yaml.Node) map[string]*yaml.Node {
	if item.Kind != yaml.MappingNode {
		r.problems.Add(item.Line, "yaml.want_mapping", "Fields", strings.Join(sheetFields, ", "))
		return nil
	}
	fields := make(map[string]*yaml.Node, len(sheetFields))
	for n := 0; n+1 < len(item.Content); n += 2 {
		key, value := item.Content[n], item.Content[n+1]
		switch {
		case !slices.Contains(sheetFields, key.Value):
			r.problems.Add(key.Line, "yaml.unknown_field", "Field", key.Value, "Fields", strings.Join(sheetFields, ", "))
		case fields[key.Value] != nil:
			r.problems.Add(key.Line, "yaml.field_twice", "Field", key.Value)
		default:
			fields[key.Value] = value
		}
	}
	return fields
}

// text returns the text of a field that must be there.
func (r *sheetReader) text(item *yaml.Node, fields map[string]*yaml.Node, name string) string {
	node := fields[name]
	if node == nil {
		if fields != nil {
			r.problems.Add(item.Line, "scoring.missing", "Field", name)
		}
		return ""
	}
	text, ok := r.scalar(node)
	switch length := utf8.RuneCountInString(text); {
	case ok && strings.TrimSpace(text) == "":
		r.problems.Add(node.Line, "scoring.missing", "Field", name)
		return ""
	case length > maxCode:
		r.problems.Add(node.Line, "scoring.too_long", "Field", name, "Length", length, "Max", maxCode)
		return ""
	}
	return strings.TrimSpace(text)
}

// scalar returns a single value: a text or a number.
func (r *sheetReader) scalar(node *yaml.Node) (string, bool) {
	switch {
	case node.Kind == yaml.AliasNode:
		r.problems.Add(node.Line, "yaml.no_alias")
		return "", false
	case node.Kind != yaml.ScalarNode:
		r.problems.Add(node.Line, "yaml.want_value", "Type", "string")
		return "", false
	default:
		return node.Value, true
	}
}

// leaf returns the mark of an indicator of the card, or says why there is none; it
// notes that something is said of it.
func (r *sheetReader) leaf(id string, line int) *Mark {
	leaf, found := r.Card.Leaf(id)
	if found {
		r.lines[leaf] = line
		return &r.Marks[leaf]
	}
	i, known := r.scheme.Find(id)
	switch {
	case !known:
		r.problems.Add(line, "scoring.unknown_indicator", "Value", id)
	case i.Method == MethodGroup || i.Method == MethodComposite:
		r.problems.Add(line, "scoring.not_scored_itself", "Value", id)
	default:
		r.problems.Add(line, "scoring.not_of_class", "Value", id, "Class", r.Card.Class.ID)
	}
	return nil
}

// pairs goes through a mapping by indicator.
func (r *sheetReader) pairs(node *yaml.Node, read func(m *Mark, key, value *yaml.Node)) {
	switch {
	case node == nil || node.Tag == "!!null":
	case node.Kind != yaml.MappingNode:
		r.problems.Add(node.Line, "yaml.want_mapping", "Fields", "…")
	default:
		for n := 0; n+1 < len(node.Content); n += 2 {
			key, value := node.Content[n], node.Content[n+1]
			if m := r.leaf(key.Value, key.Line); m != nil {
				read(m, key, value)
			}
		}
	}
}

func (r *sheetReader) points(node *yaml.Node) {
	r.pairs(node, func(m *Mark, key, value *yaml.Node) {
		if m.Given {
			r.problems.Add(key.Line, "scoring.id_twice", "Field", "points", "Value", key.Value)
			return
		}
		text, ok := r.scalar(value)
		if !ok {
			return
		}
		points, wrong := ReadPoints(text)
		if wrong != nil {
			leaf, _ := r.Card.Leaf(key.Value)
			wrong.Args["Indicator"] = r.Card.Leaves[leaf].Title
			r.problems = append(r.problems, strictyaml.Problem{Line: value.Line, Key: markKeys[wrong.Key], Args: wrong.Args})
			return
		}
		m.Given, m.Points = true, points
	})
}

// markKeys are the messages that also name the indicator.
var markKeys = map[string]string{
	"scoring.points_bad": "scoring.mark_bad", "scoring.points_negative": "scoring.mark_negative",
	"scoring.points_large": "scoring.mark_large", "scoring.points_decimals": "scoring.mark_decimals",
}

// each sets a part of the mark of every indicator that is listed.
func (r *sheetReader) each(node *yaml.Node, field string, part func(*Mark) *bool) {
	for _, item := range r.list(node) {
		id, ok := r.scalar(item)
		if !ok {
			continue
		}
		m := r.leaf(id, item.Line)
		switch {
		case m == nil:
		case *part(m):
			r.problems.Add(item.Line, "scoring.id_twice", "Field", field, "Value", id)
		default:
			*part(m) = true
		}
	}
}

func (r *sheetReader) list(node *yaml.Node) []*yaml.Node {
	if node == nil || node.Tag == "!!null" {
		return nil
	}
	if node.Kind != yaml.SequenceNode {
		r.problems.Add(node.Line, "yaml.want_list")
		return nil
	}
	return node.Content
}

func (r *sheetReader) duties(node *yaml.Node) {
	r.pairs(node, func(m *Mark, key, value *yaml.Node) {
		if m.States != nil {
			r.problems.Add(key.Line, "scoring.id_twice", "Field", "duties", "Value", key.Value)
		}
		m.States = []rules.State{}
		for _, item := range r.list(value) {
			if state, ok := r.scalar(item); ok {
				m.States = append(m.States, rules.State(state))
			}
		}
	})
}

// check reports marks that something is wrong with, and leaves of which something had
// to be said. Deductions, bonuses and vetoes are for what happened.
func (r *sheetReader) check() {
	for n := range r.Marks {
		leaf, line := &r.Card.Leaves[n], r.lines[n]
		asked := leaf.Method == MethodAward || leaf.Method == MethodAuto
		if line == 0 && asked {
			r.problems.Add(r.Line, "scoring.mark_missing", "Indicator", leaf.Title, "ID", leaf.ID)
		} else if wrong := r.Card.Check(n, r.Marks[n]); wrong != nil {
			r.problems = append(r.problems, strictyaml.Problem{Line: line, Key: wrong.Key, Args: wrong.Args})
		}
	}
}
