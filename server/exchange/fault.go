package exchange

import (
	"strconv"

	"sundial/models"
)

// Fault is what is wrong with a cell or a row of a file: where, and the message
// that says what would be right.
type Fault struct {
	Row    int    // as a spreadsheet counts, from 1
	Column string // key of the column; empty for a row as a whole
	Cell   string // such as C17; empty for a row, or a column that the file lacks
	Key    string
	Args   map[string]any // Column is the heading as the file has it
}

// Field returns the fault as a field of a models.Error, named by its cell, or
// by its row when there is none.
func (f Fault) Field() models.Field {
	name := f.Cell
	if name == "" {
		name = strconv.Itoa(f.Row)
	}
	return models.Field{Name: name, Key: f.Key, Args: f.Args}
}

// problem is what is wrong with the content of a cell, wherever it stands.
type problem struct {
	key  string
	args []any
}

func wrong(key string, args ...any) *problem { return &problem{key, args} }

// refuse returns the error for a file that cannot be read as a whole.
func refuse(cause error, key string, args ...any) error {
	return models.NewError(models.Invalid, key, args...).Because(cause)
}
