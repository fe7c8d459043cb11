// Package strictyaml reads YAML without forgiveness: a field that the target
// type does not have, a field given twice and a value of the wrong type are
// problems, each with its line, and all of them are reported at once. Policy
// packs, facts files, rosters and seeds are read with it.
package strictyaml

import (
	"bytes"
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one fault at a line of a file. Key and Args name its message in
// the locale files.
type Problem struct {
	Line int
	Key  string
	Args map[string]any
}

// Problems are the faults of one file, in the order of its lines.
type Problems []Problem

// Error lists the faults for a log or a test; people are shown the rendered
// messages instead.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = fmt.Sprintf("line %d: %s %v", problem.Line, problem.Key, problem.Args)
	}
	return strings.Join(lines, "\n")
}

// Add appends a fault; pairs are names and values of the message's arguments.
func (p *Problems) Add(line int, key string, pairs ...any) {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	*p = append(*p, Problem{Line: line, Key: key, Args: args})
}

// MaxProblems is how many faults Unmarshal and Decode collect before they stop, with one
// more that tells so: who reads them corrects the first ones and tries again.
const MaxProblems = 200

// Full tells that there are as many faults as are collected.
func (p Problems) Full() bool { return len(p) >= MaxProblems }

// Cut leaves MaxProblems faults and adds, after all of them, one that tells that there may
// be more, with that key.
func (p *Problems) Cut(key string) {
	*p = (*p)[:min(len(*p), MaxProblems)]
	last := 1
	for _, problem := range *p {
		last = max(last, problem.Line)
	}
	p.Add(last, key, "Max", len(*p))
}

// Err returns the faults in the order of lines, or nil when there are none.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return p
}

// ParseError is the error of a scalar's own UnmarshalText or UnmarshalYAML that
// has a message of its own in the locale files.
type ParseError struct {
	Key  string
	Args map[string]any
}

// Error describes the fault for a log or a test.
func (e *ParseError) Error() string { return fmt.Sprintf("%s %v", e.Key, e.Args) }

// Unmarshal reads the one YAML document in data into out, a pointer to a
// struct, and returns its root node for later look-ups of lines: nil when the
// document could not be read at all, or has so many faults that it was not. A fault in the document is returned as
// Problems.
func Unmarshal(data []byte, out any) (*yaml.Node, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&document); err != nil {
		return nil, syntaxProblem(err)
	}
	if !errors.Is(decoder.Decode(new(yaml.Node)), io.EOF) {
		return nil, Problems{{Line: 1, Key: "yaml.one_document"}}
	}
	root := document.Content[0]
	err := Decode(root, out)
	var problems Problems
	if errors.As(err, &problems) && len(problems) > MaxProblems {
		return nil, err
	}
	return root, err
}

// Decode reads a node into out, a pointer, as strictly as Unmarshal. When it
// returns Problems out has what could be read, so that its content can be
// checked too and all faults be reported at once; unless an alias was found,
// which is not followed, or there are MaxProblems and more.
func Decode(node *yaml.Node, out any) error {
	var problems Problems
	check(node, reflect.TypeOf(out).Elem(), &problems)
	if problems.Full() {
		problems.Cut("yaml.more")
		return problems.Err()
	}
	if slices.ContainsFunc(problems, func(p Problem) bool { return p.Key == noAlias }) {
		return problems.Err()
	}
	if err := node.Decode(out); err != nil && len(problems) == 0 {
		return fmt.Errorf("decode yaml at line %d: %w", node.Line, err)
	}
	return problems.Err()
}

// noAlias: an alias saves typing but hides which line is at fault, and a few of
// them can stand for a document of any size.
const noAlias = "yaml.no_alias"

// maxKeys bounds a mapping of any keys: the library compares each with each.
const maxKeys = 1000

func syntaxProblem(err error) error {
	if errors.Is(err, io.EOF) {
		return Problems{{Line: 1, Key: "yaml.empty"}}
	}
	line := 1
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if _, scanErr := fmt.Sscanf(message, "line %d:", &line); scanErr == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	return Problems{{Line: line, Key: "yaml.syntax", Args: map[string]any{"Message": message}}}
}

var (
	nodeType        = reflect.TypeFor[yaml.Node]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	yamlUnmarshaler = reflect.TypeFor[yaml.Unmarshaler]()
)

// check compares the node with the type, depth first, and collects faults.
func check(node *yaml.Node, want reflect.Type, problems *Problems) {
	if problems.Full() {
		return
	}
	if node.Kind == yaml.AliasNode {
		problems.Add(node.Line, noAlias)
		return
	}
	for want.Kind() == reflect.Pointer {
		want = want.Elem()
	}
	switch {
	case want == nodeType || node.Tag == "!!null" && node.Kind == yaml.ScalarNode:
	case reflect.PointerTo(want).Implements(yamlUnmarshaler), reflect.PointerTo(want).Implements(textUnmarshaler):
		checkScalar(node, want, problems)
	case want.Kind() == reflect.Struct:
		checkStruct(node, want, problems)
	case want.Kind() == reflect.Slice:
		checkSlice(node, want, problems)
	case want.Kind() == reflect.Map:
		checkMap(node, want, problems)
	default:
		checkScalar(node, want, problems)
	}
}

func checkStruct(node *yaml.Node, want reflect.Type, problems *Problems) {
	if node.Kind != yaml.MappingNode {
		problems.Add(node.Line, "yaml.want_mapping", "Fields", strings.Join(fieldNames(want), ", "))
		return
	}
	fields := fieldTypes(want)
	seen := map[string]bool{}
	for i := 0; i < len(node.Content) && !problems.Full(); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		field, known := fields[key.Value]
		switch {
		case !known:
			problems.Add(key.Line, "yaml.unknown_field", "Field", key.Value, "Fields", strings.Join(fieldNames(want), ", "))
		case seen[key.Value]:
			problems.Add(key.Line, "yaml.field_twice", "Field", key.Value)
			node.Content = slices.Delete(node.Content, i, i+2) // or nothing of the mapping could be read
			i -= 2
		default:
			seen[key.Value] = true
			check(value, field, problems)
		}
	}
}

func checkSlice(node *yaml.Node, want reflect.Type, problems *Problems) {
	if node.Kind != yaml.SequenceNode {
		problems.Add(node.Line, "yaml.want_list")
		return
	}
	for _, item := range node.Content {
		if problems.Full() {
			return
		}
		if item.Tag == "!!null" {
			problems.Add(item.Line, "yaml.empty_item")
			continue
		}
		check(item, want.Elem(), problems)
	}
}

func checkMap(node *yaml.Node, want reflect.Type, problems *Problems) {
	if node.Kind != yaml.MappingNode {
		problems.Add(node.Line, "yaml.want_mapping", "Fields", "…")
		return
	}
	if len(node.Content) > 2*maxKeys {
		problems.Add(node.Line, "yaml.many_keys", "Size", len(node.Content)/2, "Max", maxKeys)
		node.Content = node.Content[:2*maxKeys]
	}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content) && !problems.Full(); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if seen[key.Value] {
			problems.Add(key.Line, "yaml.field_twice", "Field", key.Value)
			node.Content = slices.Delete(node.Content, i, i+2)
			i -= 2
			continue
		}
		seen[key.Value] = true
		check(value, want.Elem(), problems)
	}
}

func checkScalar(node *yaml.Node, want reflect.Type, problems *Problems) {
	if node.Kind != yaml.ScalarNode {
		problems.Add(node.Line, "yaml.want_value", "Type", typeName(want))
		return
	}
	err := node.Decode(reflect.New(want).Interface())
	var parse *ParseError
	switch {
	case err == nil:
	case errors.As(err, &parse):
		problems.Add(node.Line, parse.Key, "Value", node.Value)
		last := &(*problems)[len(*problems)-1]
		for name, value := range parse.Args {
			last.Args[name] = value
		}
	default:
		problems.Add(node.Line, "yaml.bad_value", "Value", node.Value, "Type", typeName(want))
	}
}

// typeName says what a value should have been; the locale files explain it.
func typeName(want reflect.Type) string {
	switch want.Name() {
	case "Date":
		return "YYYY-MM-DD"
	case "Time":
		return "2017-08-08T21:19:00+08:00"
	}
	if reflect.PointerTo(want).Implements(textUnmarshaler) {
		return strings.ToLower(want.Name())
	}
	return want.Kind().String()
}

func fieldTypes(want reflect.Type) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for i := range want.NumField() {
		field := want.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for inner, innerType := range fieldTypes(field.Type) {
				types[inner] = innerType
			}
		case name != "" && name != "-":
			types[name] = field.Type
		}
	}
	return types
}

func fieldNames(want reflect.Type) []string {
	var names []string
	for name := range fieldTypes(want) {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
