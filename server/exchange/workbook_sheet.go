package exchange

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"sundial/models"
)

// lines reads a sheet from its top. Rows without content are passed over. After
// the last row comes a line that says which cells are merged.
func (w *workbook) lines(part string) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		p, err := w.openPart(part, w.limits.Unpacked)
		if err == nil {
			defer p.content.Close()
			s := &sheetReader{workbook: w, part: p}
			err = s.read(func(l line) bool { return yield(l, nil) })
		}
		var known *models.Error
		switch {
		case err == nil, errors.As(err, &known):
		case errors.Is(err, errTooLarge):
			err = w.tooLarge(err)
		default:
			err = w.unreadable(fmt.Errorf("sheet %s: %w", part, err))
		}
		if err != nil {
			yield(line{}, err)
		}
	}
}

// sheetReader reads the part of a sheet.
type sheetReader struct {
	workbook *workbook
	part     *xmlPart
	yield    func(line) bool
	row      line // at hand
	cell     cell
	kind     string // the cell's, as the part has it
	style    string
	formula  bool
	result   bool // there is one, if only an empty text
	text     textReader
	complete bool // the last row was read to its end
	merged   []area
}

var errStop = errors.New("no more is wanted")

func (s *sheetReader) read(yield func(line) bool) error {
	s.yield = yield
	for {
		token, err := s.part.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = s.take(token)
		}
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if !s.complete {
		return io.ErrUnexpectedEOF
	}
	yield(line{number: s.row.number, merged: s.merged})
	return nil
}

func (s *sheetReader) take(token xml.Token) error {
	s.text.take(token)
	switch token := token.(type) {
	case xml.StartElement:
		return s.start(token)
	case xml.EndElement:
		return s.end(token.Name.Local)
	}
	return nil
}

func (s *sheetReader) start(element xml.StartElement) error {
	switch element.Name.Local {
	case "row":
		return s.startRow(attribute(element, "r"))
	case "c":
		return s.startCell(element)
	case "f":
		s.formula = true
	case "v":
		s.result = true
	case "mergeCell":
		merged, ok := parseArea(attribute(element, "ref"))
		switch {
		case !ok:
			return errBroken
		case len(s.merged) == maxMerged:
			return errTooLarge
		}
		s.merged = append(s.merged, merged)
	}
	return nil
}

func (s *sheetReader) end(element string) error {
	switch element {
	case "c":
		return s.endCell()
	case "row":
		s.cell.column = 0
		if len(s.row.cells) > 0 && !s.yield(s.row) {
			return errStop
		}
	case "sheetData":
		s.complete = true
	}
	return nil
}

// startRow begins a row; one without a number follows the one before.
func (s *sheetReader) startRow(number string) error {
	next := s.row.number + 1
	if number != "" {
		stated, err := strconv.Atoi(number)
		if err != nil || stated < next {
			return errBroken
		}
		next = stated
	}
	if next > lastRow {
		return errBroken
	}
	s.row, s.cell = line{number: next}, cell{}
	return nil
}

// startCell begins a cell; one without an address follows the one before.
func (s *sheetReader) startCell(element xml.StartElement) error {
	next := s.cell.column + 1
	s.kind, s.style, s.formula, s.result = "", "", false, false
	s.text = textReader{content: s.text.content[:0]}
	for _, a := range element.Attr {
		switch a.Name.Local {
		case "r":
			stated, row, ok := parseAddress(a.Value)
			if !ok || stated < next || row != s.row.number {
				return errBroken
			}
			next = stated
		case "t":
			s.kind = a.Value
		case "s":
			s.style = a.Value
		}
	}
	if next > lastColumn {
		return errBroken
	}
	s.cell = cell{column: next}
	return nil
}

// endCell adds the cell to its row, when there is something in it.
func (s *sheetReader) endCell() error {
	limits := s.workbook.limits
	if len(s.text.content) > limits.Cell {
		return refuse(nil, "exchange.cell_size", "Cell", address(s.cell.column, s.row.number), "Max", limits.Cell/3)
	}
	content := s.cell
	content.text = string(s.text.content)
	if err := s.interpret(&content); err != nil {
		return err
	}
	if content.isBlank() {
		return nil
	}
	if content.column > limits.Columns {
		return refuse(nil, "exchange.too_many_columns", "Cell", address(content.column, s.row.number), "Max", limits.Columns)
	}
	s.row.cells = append(s.row.cells, content)
	return nil
}

// interpret says what the text of a cell is, by the kind that the part states.
func (s *sheetReader) interpret(c *cell) error {
	switch {
	case s.formula && !s.result:
		c.kind = formulaCell
	case c.text == "": // nothing, of whatever kind
	case s.kind == "s":
		text, ok := s.workbook.strings.at(c.text)
		if !ok {
			return errBroken
		}
		c.text = text
	case s.kind == "inlineStr", s.kind == "str":
		c.text = unescape(c.text)
	case s.kind == "d": // a date as text
	case s.kind == "b":
		c.kind = boolCell
	case s.kind == "e":
		c.kind = errorCell
	default:
		c.kind = numberCell
		c.shown = s.workbook.display(s.style)
	}
	return nil
}

func (w *workbook) display(style string) display {
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(w.displays) {
		return display{}
	}
	return w.displays[i]
}
