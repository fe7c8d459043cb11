package web

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/audit"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// silent are fields of the log that say nothing to a reader of the page: counters
// of versions, ids that the line shows already, digests.
var silent = []string{"version", "duty", "hash", "path", "position"}

// auditFacts tells what an entry says of each field: first what has changed, then
// what else there is to know, and what was filed.
func auditFacts(w auditWords, e audit.Entry) []AuditFact {
	w.unit = e.Unit
	var changes map[string][2]any
	var detail map[string]any
	if json.Unmarshal([]byte(e.Changes), &changes) != nil || json.Unmarshal([]byte(e.Detail), &detail) != nil {
		// It was touched, or is of a program that wrote something else.
		return []AuditFact{{Label: w.field("changes"), Now: cut(e.Changes)}, {Label: w.field("detail"), Now: cut(e.Detail)}}
	}
	var facts []AuditFact
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		before, now := changes[name][0], changes[name][1]
		if slices.Contains(silent, name) || isNothing(before) && isNothing(now) {
			continue
		}
		fact := AuditFact{Label: w.field(name), Now: w.value(name, now)}
		if before != nil || now == nil {
			fact.Before, fact.Changed = w.value(name, before), true
		}
		facts = append(facts, fact)
	}
	for _, name := range slices.Sorted(maps.Keys(detail)) {
		told := reflect.DeepEqual(changes[name][0], detail[name]) || reflect.DeepEqual(changes[name][1], detail[name])
		if !told && !slices.Contains(silent, name) && name != "filing" && !isNothing(detail[name]) {
			facts = append(facts, AuditFact{Label: w.field(name), Now: w.value(name, detail[name])})
		}
	}
	return append(facts, filedFacts(w, e.Detail)...)
}

// filedFacts tells what was filed, as the page of the duty does.
func filedFacts(w auditWords, detail string) []AuditFact {
	var filed struct {
		Filing *rules.Filing `json:"filing"`
	}
	if json.Unmarshal([]byte(detail), &filed) != nil || filed.Filing == nil {
		return nil
	}
	var facts []AuditFact
	for _, line := range filingLines(w.locale, "", *filed.Filing) {
		facts = append(facts, AuditFact{Label: cmp.Or(line.Label, w.locale.Text(line.Key, nil)), Now: cut(line.Value)})
	}
	return facts
}

// isNothing tells whether a value is that of a field that was never set.
func isNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	default:
		return false
	}
}

func (w auditWords) field(name string) string { return w.word("audit.field.", name) }

// value puts the value of a field into words.
func (w auditWords) value(field string, value any) string {
	switch v := value.(type) {
	case nil:
		return w.locale.Text("audit.nothing", nil)
	case bool:
		return w.locale.Text(yesNo(v), nil)
	case string:
		return w.text(field, v)
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = w.value(field, part)
		}
		return cut(w.locale.Value(parts))
	case float64:
		if field == "size" {
			return sizeText(int64(v))
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case map[string]any:
		return cut(w.record(field, v))
	default:
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return cut(string(text))
	}
}

// record puts a record into words: a file or a holiday by its name, counts of
// duties by how their state turned.
func (w auditWords) record(field string, fields map[string]any) string {
	if name, named := fields["name"].(string); named {
		return name
	}
	if field == "states" {
		var turns []string
		for _, turn := range slices.Sorted(maps.Keys(fields)) {
			from, to, _ := strings.Cut(turn, " > ")
			turns = append(turns, w.locale.Text("audit.turn", models.Args("From", w.word("state.", from), "To", w.word("state.", to),
				"Count", w.value("", fields[turn]))))
		}
		return w.locale.Value(turns)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return ""
	}
	return string(text)
}

// text puts a text into words: one of a field's few values, a date, an instant, or
// what somebody has typed.
func (w auditWords) text(field, text string) string {
	for _, prefix := range []string{"audit.value." + field + ".", map[string]string{"role": "role.", "kind": "unit_kind."}[field]} {
		if prefix != "" && w.locale.Has(prefix+text) {
			return w.locale.Text(prefix+text, nil)
		}
	}
	if text == "" {
		return w.locale.Text("audit.nothing", nil)
	}
	if field == "unit" && w.unit != nil && w.unit.Code == text {
		return w.locale.Text("audit.unit", models.Args("Name", unitName(w.locale, *w.unit), "Code", text))
	}
	if day, err := calendar.ParseDate(text); err == nil {
		switch day {
		case models.Always, models.Forever:
			return w.locale.Text("audit.nothing", nil)
		}
		return w.locale.Date(day)
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return w.locale.Instant(at)
	}
	return cut(text)
}

// longest is how much of a text a line shows; the interface has all of it.
const longest = 200

func cut(text string) string {
	letters := []rune(strings.Join(strings.Fields(text), " "))
	if len(letters) <= longest {
		return string(letters)
	}
	return string(letters[:longest]) + "…"
}
