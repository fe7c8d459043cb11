package training

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/exchange"
)

// importLine is a row of an imported file on its way into the database.
type importLine struct {
	number  int
	content importContent
	faults  []ImportFault
	// unit is the one that the row names.
	unit unitRef
}

// importContent is what is stored of a row until it is taken over.
type importContent struct {
	// Cells are as the file shows them, by column of the kind's table; numbers of ID
	// cards are masked.
	Cells      []string        `json:"cells"`
	Staff      *StaffEntry     `json:"staff,omitempty"`
	Attendance *attendanceLine `json:"attendance,omitempty"`
}

// readLine reads a row of the file. Nothing of it holds the number of an ID card in
// full but the entry itself, where it is hashed before anything else is done.
func (j *importJob) readLine(row *exchange.Row) *importLine {
	line := &importLine{number: row.Number}
	for _, found := range row.Faults() {
		line.faults = append(line.faults, ImportFault{found.Cell, found.Column, found.Key, maskArgs(found)})
	}
	columns := j.kind.table().Columns
	line.content.Cells = make([]string, len(columns))
	for i, column := range columns {
		shown := row.Shown(column.Key)
		if column.Key == columnID {
			line.content.Cells[i] = maskID(shown)
			continue
		}
		line.content.Cells[i] = maskNumbers(shown)
		if line.content.Cells[i] != shown {
			line.faults = append(line.faults, j.fault(line.number, column.Key, "imports.id_elsewhere", nil))
		}
	}
	j.kind.read(j, row, line)
	return line
}

func (l *importLine) add(fault ImportFault) { l.faults = append(l.faults, fault) }

func (l *importLine) bad() bool { return len(l.faults) > 0 }

// row is the line as it is stored: of a bad one only what the file shows, which is
// masked.
func (l *importLine) row(imported uint64) models.ImportRow {
	content := l.content
	if l.bad() {
		content = importContent{Cells: content.Cells}
	}
	return models.ImportRow{ImportID: imported, Line: l.number, Content: asJSON(content), Faults: packFaults(l.faults)}
}

// lineOf returns a stored line.
func lineOf(row models.ImportRow) (*importLine, error) {
	line := &importLine{number: row.Line}
	if err := json.Unmarshal([]byte(row.Content), &line.content); err != nil {
		return nil, fmt.Errorf("imported row in line %d: %w", row.Line, err)
	}
	if staff := line.content.Staff; staff != nil {
		line.unit.code = staff.Unit
	}
	var err error
	line.faults, err = unpackFaults(row.Faults)
	return line, err
}

// good are the lines without a fault.
func good(lines []*importLine) []*importLine {
	return slices.DeleteFunc(slices.Clone(lines), (*importLine).bad)
}

// maskID returns what may be shown of what stands under ID number, whether it is
// one or not.
func maskID(text string) string {
	runes := []rune(text)
	switch {
	case text == "":
		return ""
	case len(runes) <= 2*len(mask):
		return mask
	default:
		return mask + string(runes[len(runes)-4:])
	}
}

// maskArgs returns the arguments of a message without numbers of ID cards.
func maskArgs(found exchange.Fault) map[string]any {
	for name, value := range found.Args {
		switch text, ok := value.(string); {
		case !ok || name == "Column":
		case found.Column == columnID:
			found.Args[name] = maskID(text)
		default:
			found.Args[name] = maskNumbers(text)
		}
	}
	return found.Args
}

// isMasked tells whether the text is one that maskID has written: rows that were
// given back to be mended have it.
func isMasked(text string) bool { return strings.HasPrefix(text, mask) }
