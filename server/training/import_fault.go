package training

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/exchange"
)

// ImportFault is what is wrong with a row of an imported file: a message, and the
// cell to mend.
type ImportFault struct {
	// Cell is such as D17; empty for the row as a whole, or a column that the file
	// lacks.
	Cell string
	// Column is the key of the column in the kind's table; empty for the row.
	Column string
	Key    string
	Args   map[string]any
}

// Field returns the fault as a field of a models.Error, named by its cell, or by
// the line when there is none.
func (f ImportFault) Field(line int) models.Field {
	name := f.Cell
	if name == "" {
		name = strconv.Itoa(line)
	}
	return models.Field{Name: name, Key: f.Key, Args: f.Args}
}

// filePlace is where a column stands in the file, and what it is called there.
type filePlace struct {
	Letters string `json:"letters"`
	Heading string `json:"heading"`
}

// fault returns what is wrong with the value of a column of a line, or, for the
// column "", with the row as a whole. Numbers of ID cards in its arguments are
// masked: a value may be told that stands in the wrong column.
func (j *importJob) fault(line int, column, key string, args map[string]any) ImportFault {
	fault := ImportFault{Column: column, Key: key, Args: maps.Clone(args)}
	for name, value := range fault.Args {
		if text, ok := value.(string); ok {
			fault.Args[name] = maskNumbers(text)
		}
	}
	if column == "" {
		return fault
	}
	if fault.Args == nil {
		fault.Args = map[string]any{}
	}
	if place, there := j.options.Places[column]; there {
		fault.Cell, fault.Args["Column"] = place.Letters+strconv.Itoa(line), place.Heading
	} else {
		fault.Args["Column"] = headingOf(j.kind.table(), column)
	}
	return fault
}

func headingOf(table exchange.Table, column string) exchange.Text {
	i := slices.IndexFunc(table.Columns, func(c exchange.Column) bool { return c.Key == column })
	return table.Columns[i].Heading
}

// faultJSON is a message as it is stored.
type faultJSON struct {
	Cell   string         `json:"cell,omitempty"`
	Column string         `json:"column,omitempty"`
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"`
}

// packFaults writes faults as JSON; none is the empty text.
func packFaults(faults []ImportFault) string {
	if len(faults) == 0 {
		return ""
	}
	packed := make([]faultJSON, len(faults))
	for i, f := range faults {
		packed[i] = faultJSON{f.Cell, f.Column, f.Key, packArgs(f.Args)}
	}
	return asJSON(packed)
}

// unpackFaults reads what packFaults wrote.
func unpackFaults(text string) ([]ImportFault, error) {
	if text == "" {
		return nil, nil
	}
	var packed []faultJSON
	if err := json.Unmarshal([]byte(text), &packed); err != nil {
		return nil, fmt.Errorf("faults of imported row: %w", err)
	}
	faults := make([]ImportFault, len(packed))
	for i, f := range packed {
		faults[i] = ImportFault{f.Cell, f.Column, f.Key, unpackArgs(f.Args)}
	}
	return faults, nil
}

// asJSON writes what always has JSON: texts, numbers, lists and maps of them.
func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("write imported row: %w", err))
	}
	return string(text)
}

// Arguments of messages stay what they are in the database: dates, and texts in
// both languages, are written in the language of whoever reads them.
const (
	dateArg    = "date"
	instantArg = "at"
	chineseArg = "zh"
	englishArg = "en"
)

func packArgs(args map[string]any) map[string]any {
	packed := make(map[string]any, len(args))
	for name, value := range args {
		packed[name] = packArg(value)
	}
	return packed
}

func packArg(value any) any {
	switch v := value.(type) {
	case nil, string, bool:
		return v
	case calendar.Date:
		return map[string]any{dateArg: v.String()}
	case time.Time:
		return map[string]any{instantArg: v.Format(time.RFC3339)}
	case interface{ In(lang string) string }:
		return map[string]any{chineseArg: v.In("zh-CN"), englishArg: v.In("en")}
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = packArg(v.Index(i).Interface())
		}
		return list
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	}
	return fmt.Sprint(value)
}

func unpackArgs(args map[string]any) map[string]any {
	for name, value := range args {
		args[name] = unpackArg(value)
	}
	return args
}

func unpackArg(value any) any {
	switch v := value.(type) {
	case float64:
		return int(v)
	case []any:
		for i := range v {
			v[i] = unpackArg(v[i])
		}
		return v
	case map[string]any:
		if text, ok := v[dateArg].(string); ok {
			day, _ := calendar.ParseDate(text) // packArg has written it
			return day
		}
		if text, ok := v[instantArg].(string); ok {
			at, _ := time.Parse(time.RFC3339, text)
			return at
		}
		chinese, _ := v[chineseArg].(string)
		english, _ := v[englishArg].(string)
		return exchange.Text{ZH: chinese, EN: english}
	}
	return value
}

// packFailure writes the refusal of a whole import.
func packFailure(refused *models.Error) string {
	return asJSON(faultJSON{Key: refused.Key, Args: packArgs(refused.Args)})
}

// unpackFailure reads what packFailure wrote; nil for none.
func unpackFailure(text string) (*models.Error, error) {
	if text == "" {
		return nil, nil
	}
	var packed faultJSON
	if err := json.Unmarshal([]byte(text), &packed); err != nil {
		return nil, fmt.Errorf("failure of import: %w", err)
	}
	return &models.Error{Code: models.Invalid, Key: packed.Key, Args: unpackArgs(packed.Args)}, nil
}
