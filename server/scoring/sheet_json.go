package scoring

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sundial/server/strictyaml"
)

// maxDepth is far deeper than anything in a file of scores nests.
const maxDepth = 10

// jsonReader turns JSON into nodes that know their lines, so that one reader of
// sheets is enough for JSON and YAML. It is several times faster than going through
// the tokens of encoding/json, which is asked about whatever is not plain.
type jsonReader struct {
	text []byte
	at   int
	line int
	room []yaml.Node
}

func (i Item) jsonNode() (*yaml.Node, error) {
	r := &jsonReader{text: i.text, line: i.Line}
	node, err := r.node(0)
	if r.next(); err == nil && r.at < len(r.text) {
		err = r.problem("a comma is missing")
	}
	return node, err
}

func (r *jsonReader) problem(message string) error {
	var problems strictyaml.Problems
	problems.Add(r.line, "scoring.json_syntax", "Message", message)
	return problems.Err()
}

// next skips blanks and returns the byte behind them without reading it, 0 at the end.
func (r *jsonReader) next() byte {
	for ; r.at < len(r.text); r.at++ {
		switch b := r.text[r.at]; b {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			return b
		}
	}
	return 0
}

// nodes that are made at once.
const nodeRoom = 64

func (r *jsonReader) add(kind yaml.Kind, tag, value string) *yaml.Node {
	if len(r.room) == 0 {
		r.room = make([]yaml.Node, nodeRoom)
	}
	node := &r.room[0]
	r.room = r.room[1:]
	node.Kind, node.Tag, node.Value, node.Line = kind, tag, value, r.line
	return node
}

func (r *jsonReader) node(depth int) (*yaml.Node, error) {
	switch b := r.next(); {
	case b == 0:
		return nil, r.problem("unexpected end")
	case depth > maxDepth:
		return nil, r.problem("nested too deeply")
	case b == '{':
		return r.members(r.add(yaml.MappingNode, "!!map", ""), '}', depth)
	case b == '[':
		return r.members(r.add(yaml.SequenceNode, "!!seq", ""), ']', depth)
	case b == '"':
		return r.quoted()
	default:
		return r.plain()
	}
}

// members reads what is in a mapping or a list, up to the byte that closes it.
func (r *jsonReader) members(node *yaml.Node, closing byte, depth int) (*yaml.Node, error) {
	r.at++
	for first := true; ; first = false {
		b := r.next()
		if b == closing && (first || len(node.Content) > 0) {
			r.at++
			return node, nil
		}
		if !first {
			if b != ',' {
				return nil, r.problem("a comma is missing")
			}
			r.at++
		}
		if closing == '}' {
			if r.next() != '"' {
				return nil, r.problem("a name in quotes is missing")
			}
			name, err := r.quoted()
			if err != nil {
				return nil, err
			}
			if r.next() != ':' {
				return nil, r.problem("a colon is missing")
			}
			r.at++
			node.Content = append(node.Content, name)
		}
		value, err := r.node(depth + 1)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, value)
	}
}

// quoted reads a text.
func (r *jsonReader) quoted() (*yaml.Node, error) {
	start, isPlain := r.at, true
	for r.at++; r.at < len(r.text) && r.text[r.at] != '"'; r.at++ {
		switch b := r.text[r.at]; {
		case b == '\\':
			isPlain = false
			r.at++
		case b < ' ':
			return nil, r.problem("a control character in a text")
		}
	}
	if r.at >= len(r.text) {
		return nil, r.problem("a text does not end")
	}
	r.at++
	within := r.text[start+1 : r.at-1]
	if isPlain && utf8.Valid(within) {
		return r.add(yaml.ScalarNode, "!!str", string(within)), nil
	}
	var value string
	if err := json.Unmarshal(r.text[start:r.at], &value); err != nil {
		return nil, r.problem(err.Error())
	}
	return r.add(yaml.ScalarNode, "!!str", value), nil
}

// plain reads a number, true, false or null. All but numbers have no value that a file
// of scores could use.
func (r *jsonReader) plain() (*yaml.Node, error) {
	length := bytes.IndexAny(r.text[r.at:], " \t\r\n,:]}[{\"")
	if length < 0 {
		length = len(r.text) - r.at
	}
	word := r.text[r.at : r.at+length]
	if !json.Valid(word) {
		return nil, r.problem("neither a text nor a number")
	}
	r.at += length
	switch word[0] {
	case 't', 'f':
		return r.add(yaml.ScalarNode, "!!bool", ""), nil
	case 'n':
		return r.add(yaml.ScalarNode, "!!null", ""), nil
	default:
		return r.add(yaml.ScalarNode, "!!float", string(word)), nil
	}
}
