package scoring

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"go.yaml.in/yaml/v3"

	"sundial/server/strictyaml"
)

// Item is one item of a list in a file, as it stands there: a file of scores has one
// for each unit.
type Item struct {
	// Line is the line on which the item begins.
	Line int
	text []byte
	json bool
}

// maxItem bounds the bytes of an item: a quote that is never closed is found out
// before the rest of the file is in memory.
const maxItem = 1 << 20

// Items returns the items of a list, JSON in brackets or YAML with an item to each
// dash, one after the other: of the file no more is kept than the item at hand. What
// is wrong with the file is a strictyaml.Problems and ends them, or an error of the
// reader. Item.Node says what is wrong with an item.
func Items(r io.Reader) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		s := &splitter{Reader: bufio.NewReaderSize(r, 1<<16), line: 1, yield: yield}
		if mark, _ := s.Peek(len(byteOrderMark)); bytes.Equal(mark, byteOrderMark) {
			_, _ = s.Discard(len(mark))
		}
		var err error
		switch first, readErr := s.skip(); {
		case errors.Is(readErr, io.EOF):
			err = s.problem("yaml.empty")
		case readErr != nil:
			err = readErr
		case first == '[':
			err = s.array()
		default:
			s.back()
			err = s.dashes(s.blanks)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Item{}, err)
		}
	}
}

var byteOrderMark = []byte("\xEF\xBB\xBF")

// errStopped tells that whoever asked for the items wants no more.
var errStopped = errors.New("stopped")

// splitter finds where items begin and end, and on which line.
type splitter struct {
	*bufio.Reader
	line int
	// blanks is how many there are since the beginning of the line, while only blanks
	// were read.
	blanks int
	yield  func(Item, error) bool
}

func (s *splitter) problem(key string, pairs ...any) error {
	var problems strictyaml.Problems
	problems.Add(s.line, key, pairs...)
	return problems.Err()
}

func (s *splitter) next() (byte, error) {
	b, err := s.ReadByte()
	if b == '\n' && err == nil {
		s.line++
	}
	return b, err
}

// back takes back a byte that was no end of a line.
func (s *splitter) back() { _ = s.UnreadByte() }

// skip returns the next byte that is not blank.
func (s *splitter) skip() (byte, error) {
	for {
		b, err := s.next()
		switch {
		case err != nil || b != ' ' && b != '\t' && b != '\r' && b != '\n':
			return b, err
		case b == '\n':
			s.blanks = 0
		default:
			s.blanks++
		}
	}
}

// array reads the items of a JSON array, after its bracket.
func (s *splitter) array() error {
	for count := 0; ; count++ {
		b, err := s.skip()
		switch {
		case errors.Is(err, io.EOF):
			return s.problem("scoring.list_open")
		case err != nil:
			return err
		case b == ']' && count == 0:
			return s.end()
		}
		s.back()
		item := Item{Line: s.line, json: true}
		last, err := s.value(&item)
		switch {
		case err != nil:
			return err
		case !s.yield(item, nil):
			return errStopped
		case last == ']':
			return s.end()
		}
	}
}

// value reads a JSON value up to the comma or the bracket behind it, which it returns.
func (s *splitter) value(item *Item) (last byte, err error) {
	depth, quoted, escaped := 0, false, false
	for {
		b, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return 0, s.problem("scoring.list_open")
		case err != nil:
			return 0, err
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case depth == 0 && (b == ',' || b == ']'):
			return b, nil
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			depth--
		}
		if item.text = append(item.text, b); len(item.text) > maxItem {
			s.line = item.Line
			return 0, s.problem("scoring.item_large", "Max", maxItem>>20)
		}
	}
}

// end makes sure that nothing follows the array.
func (s *splitter) end() error {
	_, err := s.skip()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	default:
		return s.problem("scoring.after_list")
	}
}

// dashes reads the items of a YAML list: each begins with a dash that stands as far to
// the right as the first one. Only comments may stand before it. So many blanks of the
// first line have been read.
func (s *splitter) dashes(blanks int) error {
	lines := bufio.NewScanner(s)
	lines.Buffer(nil, maxItem)
	item, indent := Item{}, -1
	for ; lines.Scan(); s.line++ {
		text := append(bytes.Repeat([]byte(" "), blanks), lines.Bytes()...)
		content := bytes.TrimLeft(text, " ")
		blanks = 0
		at := len(text) - len(content)
		switch {
		case len(bytes.TrimSpace(content)) == 0 || content[0] == '#':
		case isDash(content) && (indent < 0 || at == indent):
			if indent >= 0 && !s.yield(item, nil) {
				return errStopped
			}
			item, indent = Item{Line: s.line}, at
		case indent < 0 && !bytes.HasPrefix(text, []byte("---")):
			return s.problem("yaml.want_list")
		case indent >= 0 && at <= indent:
			return s.problem("scoring.after_list")
		}
		if indent < 0 {
			continue
		}
		if item.text = append(append(item.text, text...), '\n'); len(item.text) > maxItem {
			s.line = item.Line
			return s.problem("scoring.item_large", "Max", maxItem>>20)
		}
	}
	switch {
	case errors.Is(lines.Err(), bufio.ErrTooLong):
		return s.problem("scoring.item_large", "Max", maxItem>>20)
	case lines.Err() != nil:
		return lines.Err()
	case indent < 0:
		return s.problem("yaml.empty")
	case !s.yield(item, nil):
		return errStopped
	default:
		return nil
	}
}

// isDash tells whether a line begins an item.
func isDash(content []byte) bool {
	return content[0] == '-' && (len(content) == 1 || content[1] == ' ' || content[1] == '\t' || content[1] == '\r')
}

// Node reads the item. An error is a strictyaml.Problems, with lines of the file.
func (i Item) Node() (*yaml.Node, error) {
	if i.json {
		return i.jsonNode()
	}
	var list []yaml.Node
	root, err := strictyaml.Unmarshal(i.text, &list)
	var problems strictyaml.Problems
	if errors.As(err, &problems) {
		for n := range problems {
			problems[n].Line += i.Line - 1
		}
	}
	if err != nil {
		return nil, err
	}
	shift(root.Content[0], i.Line-1)
	return root.Content[0], nil
}

// shift moves a node and all below it down by so many lines.
func shift(node *yaml.Node, lines int) {
	node.Line += lines
	for _, below := range node.Content {
		shift(below, lines)
	}
}
