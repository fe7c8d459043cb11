package notify

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// packed is an argument that JSON alone would not bring back as what it was.
type packed struct {
	Date *calendar.Date `json:"date,omitempty"`
	ZH   *string        `json:"zh,omitempty"`
	EN   *string        `json:"en,omitempty"`
}

// packArgs writes the arguments of a message so that unpackArgs brings them back as the
// locales need them. An argument of another kind than those that Note names is an error.
func packArgs(args map[string]any) (string, error) {
	values := make(map[string]any, len(args))
	for name, value := range args {
		packed, err := pack(value)
		if err != nil {
			return "", fmt.Errorf("argument %s: %w", name, err)
		}
		values[name] = packed
	}
	text, err := json.Marshal(values)
	return string(text), err
}

func pack(value any) (any, error) {
	switch v := value.(type) {
	case calendar.Date:
		return packed{Date: &v}, nil
	case rules.Text:
		return packed{ZH: &v.ZH, EN: &v.EN}, nil
	}
	switch of := reflect.ValueOf(value); of.Kind() {
	case reflect.String:
		return of.String(), nil
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return value, nil
	case reflect.Slice:
		list := make([]any, of.Len())
		for i := range list {
			var err error
			if list[i], err = pack(of.Index(i).Interface()); err != nil {
				return nil, err
			}
		}
		return list, nil
	default:
		return nil, fmt.Errorf("a %T cannot be an argument of a message", value)
	}
}

// unpackArgs brings back the arguments that packArgs has written: texts, ints, dates,
// texts in both languages, and lists of them.
func unpackArgs(text string) (map[string]any, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, fmt.Errorf("arguments of message: %w", err)
	}
	args := make(map[string]any, len(raw))
	for name, value := range raw {
		var err error
		if args[name], err = unpack(value); err != nil {
			return nil, fmt.Errorf("argument %s of message: %w", name, err)
		}
	}
	return args, nil
}

func unpack(raw json.RawMessage) (any, error) {
	switch raw[0] {
	case '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	case '[':
		var parts []json.RawMessage
		if err := json.Unmarshal(raw, &parts); err != nil {
			return nil, err
		}
		list := make([]any, len(parts))
		for i, part := range parts {
			var err error
			if list[i], err = unpack(part); err != nil {
				return nil, err
			}
		}
		return list, nil
	case '{':
		var value packed
		err := json.Unmarshal(raw, &value)
		switch {
		case err != nil:
			return nil, err
		case value.Date != nil:
			return *value.Date, nil
		case value.ZH != nil && value.EN != nil:
			return rules.Text{ZH: *value.ZH, EN: *value.EN}, nil
		}
		return nil, fmt.Errorf("unknown kind %s", raw)
	default:
		var number int
		err := json.Unmarshal(raw, &number)
		return number, err
	}
}

// UnitName is a unit's name in both languages, as an argument of a message. Units without
// an English name keep the Chinese one.
func UnitName(unit models.Unit) rules.Text {
	return rules.Text{ZH: unit.Name, EN: cmp.Or(unit.NameEN, unit.Name)}
}
