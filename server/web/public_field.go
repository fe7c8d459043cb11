package web

import "slices"

// The kinds of values in public data.
const (
	kindText    = "text"
	kindInteger = "integer"
	kindBoolean = "boolean"
	kindDate    = "date"
	kindPercent = "percent"
	kindScore   = "score"
	kindObject  = "object"
	kindList    = "list"
)

// PublicField is a field of the JSON files, or a column of the CSV ones: the table below
// has all of them, the page that describes the data is made of it, and a test compares it
// with what is served.
type PublicField struct {
	// Name is that of the field; of a column it is the key of its heading.
	Name string
	Kind string
	// Of is the object that it is, or is a list of; Unit what is counted. Both may be empty.
	Of, Unit string
	// Meaning is the end of the key of its description.
	Meaning string
	// Optional fields are left out where they are empty.
	Optional bool
}

// PublicObject is an object of the JSON files, or a CSV file, with its fields in order.
type PublicObject struct {
	Name   string
	Fields []PublicField
}

// optional marks fields that are left out where they are empty.
func optional(fields ...PublicField) []PublicField {
	for i := range fields {
		fields[i].Optional = true
	}
	return fields
}

// counts are the fields of a cell of the board.
var counts = []PublicField{
	{"pending", kindInteger, "", "duties", "pending", false}, {"reported", kindInteger, "", "duties", "reported", false}, {"met", kindInteger, "", "duties", "met", false},
	{"late", kindInteger, "", "duties", "late", false}, {"overdue", kindInteger, "", "duties", "overdue", false}, {"exempt", kindInteger, "", "duties", "exempt", false},
	{"unscheduled", kindInteger, "", "duties", "unscheduled", false}, {"due_soon", kindInteger, "", "duties", "due_soon", false}, {"extended", kindInteger, "", "duties", "extended", false},
}

// sums are what follows from the counts.
var sums = []PublicField{
	{"owed", kindInteger, "", "duties", "owed", false}, {"done", kindInteger, "", "duties", "done", false},
	{"completion", kindPercent, "", "percent", "completion", false}, {"in_time", kindPercent, "", "percent", "in_time", false},
}

// tally are the fields of a total.
var tally = slices.Concat(counts, sums)

// publicObjects are the objects of the JSON files; data.json begins with edition,
// catalog.json with catalog, sealed.json with sealed.
var publicObjects = []PublicObject{
	{"edition", []PublicField{
		{"format", kindText, "", "", "format", false}, {"series", kindText, "", "", "series", false}, {"edition", kindInteger, "", "", "edition", false},
		{"title", kindText, "", "", "title", false}, {"number", kindText, "", "", "number", false}, {"policy", kindText, "", "", "policy", false},
		{"change", kindText, "", "", "change", false}, {"published_on", kindDate, "", "", "published_on", false}, {"sha256", kindText, "", "", "sha256", false},
		{"url", kindText, "", "", "url", false}, {"paragraphs", kindList, "paragraph", "", "paragraphs", false}, {"settings", kindObject, "settings", "", "settings", false},
		{"data", kindObject, "data", "", "data", false}}},
	{"data", slices.Concat([]PublicField{
		{"scope", kindObject, "unit", "", "scope", false}, {"year", kindInteger, "", "", "year", false}, {"as_of", kindDate, "", "", "as_of", false},
		{"demo", kindBoolean, "", "", "demo", true}, {"policies", kindList, "policy", "", "policies", false}, {"obligations", kindList, "obligation", "", "obligations", false},
		{"rows", kindList, "row", "", "rows", false}, {"total", kindObject, "tally", "", "total", false}, {"classes", kindList, "class", "", "classes", false}},
		optional(PublicField{"ranking", kindObject, "ranking", "", "ranking", true}, PublicField{"late", kindObject, "late", "", "late_list", true},
			PublicField{"tasks", kindObject, "tasks", "", "tasks", true}, PublicField{"findings", kindObject, "findings", "", "findings", true}, PublicField{"urges", kindObject, "urges", "", "urges", true}),
		[]PublicField{{"praise", kindList, "named", "", "praise", false}, {"criticism", kindList, "named", "", "criticism", false}})},
	{"unit", []PublicField{{"code", kindText, "", "", "unit_code", false}, {"name", kindText, "", "", "unit_name", false}, {"name_en", kindText, "", "", "unit_name_en", true}, {"class", kindText, "", "", "class", true}}},
	{"text", []PublicField{{"zh", kindText, "", "", "zh", false}, {"en", kindText, "", "", "en", false}}},
	{"policy", []PublicField{{"code", kindText, "", "", "policy_code", false}, {"edition", kindInteger, "", "", "policy_edition", false}, {"title", kindObject, "text", "", "policy_title", false}, {"number", kindText, "", "", "number", true}}},
	{"obligation", slices.Concat([]PublicField{{"code", kindText, "", "", "obligation_code", false}, {"policy", kindText, "", "", "policy_code", false}, {"clause", kindText, "", "", "clause", false},
		{"title", kindObject, "text", "", "obligation_title", false}, {"obligation", kindText, "", "", "obligation_again", false}}, tally)},
	{"row", slices.Concat([]PublicField{{"unit", kindObject, "unit", "", "row_unit", false}, {"own", kindBoolean, "", "", "own", true}, {"cells", kindList, "cell", "", "cells", false}}, tally)},
	{"cell", slices.Concat([]PublicField{{"obligation", kindText, "", "", "obligation_code", true}}, counts)},
	{"tally", tally},
	{"class", slices.Concat([]PublicField{{"class", kindText, "", "", "class", false}, {"own", kindBoolean, "", "", "own", true}, {"units", kindInteger, "", "units", "class_units", false}}, tally)},
	{"ranking", []PublicField{{"round", kindInteger, "", "", "round", false}, {"title", kindText, "", "", "round_title", false}, {"status", kindText, "", "", "round_status", false}, {"scheme", kindText, "", "", "scheme", false},
		{"edition", kindInteger, "", "", "scheme_edition", false}, {"scheme_title", kindObject, "text", "", "scheme_title", false}, {"classes", kindList, "ranked_class", "", "ranked_classes", false}}},
	{"ranked_class", []PublicField{{"class", kindText, "", "", "class", false}, {"title", kindObject, "text", "", "class_title", false}, {"scored", kindInteger, "", "units", "scored", false},
		{"grades", kindList, "grade", "", "grades", false}, {"units", kindList, "ranked_unit", "", "ranked_units", false}}},
	{"grade", []PublicField{{"id", kindText, "", "", "grade_id", false}, {"title", kindObject, "text", "", "grade", false}, {"units", kindInteger, "", "units", "grade_units", false}}},
	{"ranked_unit", []PublicField{{"unit", kindObject, "unit", "", "named_unit", false}, {"rank", kindInteger, "", "", "rank", false}, {"score", kindScore, "", "points", "score", false}, {"grade_id", kindText, "", "", "grade_id", false},
		{"grade", kindObject, "text", "", "grade", false}, {"by_veto", kindBoolean, "", "", "by_veto", true}}},
	{"late", []PublicField{{"overdue", kindInteger, "", "duties", "overdue", false}, {"done_late", kindInteger, "", "duties", "late", false}, {"lines", kindList, "late_duty", "", "late_lines", false}}},
	{"late_duty", []PublicField{{"unit", kindObject, "unit", "", "named_unit", false}, {"row", kindText, "", "", "row", false}, {"obligation", kindText, "", "", "obligation_code", false}, {"clause", kindText, "", "", "clause", false},
		{"title", kindObject, "text", "", "obligation_title", false}, {"period", kindText, "", "", "period", false}, {"state", kindText, "", "", "state", false}, {"due_on", kindDate, "", "", "due_on", false},
		{"done_on", kindDate, "", "", "done_on", false}, {"days", kindInteger, "", "days", "days", false}}},
	{"tasks", []PublicField{{"total", kindInteger, "", "tasks", "tasks_total", false}, {"not_started", kindInteger, "", "tasks", "not_started", false}, {"under_way", kindInteger, "", "tasks", "under_way", false},
		{"done", kindInteger, "", "tasks", "tasks_done", false}, {"stalled", kindInteger, "", "tasks", "stalled", false}, {"overdue", kindInteger, "", "tasks", "tasks_overdue", false}}},
	{"findings", []PublicField{{"total", kindInteger, "", "findings", "findings_total", false}, {"closed", kindInteger, "", "findings", "closed", false}, {"noted", kindInteger, "", "findings", "noted", false},
		{"levels", kindList, "finding_level", "", "levels", false}, {"open", kindList, "open_finding", "", "open_findings", false}}},
	{"finding_level", []PublicField{{"severity", kindText, "", "", "severity", false}, {"open", kindInteger, "", "findings", "open", false}}},
	{"open_finding", []PublicField{{"unit", kindObject, "unit", "", "named_unit", false}, {"row", kindText, "", "", "row", false}, {"severity", kindText, "", "", "severity", false}, {"clause", kindText, "", "", "clause", false},
		{"found_on", kindDate, "", "", "found_on", false}, {"due_on", kindDate, "", "", "mend_by", false}, {"overdue", kindBoolean, "", "", "finding_overdue", false}}},
	{"urges", []PublicField{{"total", kindInteger, "", "urges", "urges_total", false}, {"blue", kindInteger, "", "urges", "blue", false}, {"yellow", kindInteger, "", "urges", "yellow", false}, {"red", kindInteger, "", "urges", "red", false},
		{"silent", kindList, "silent_urge", "", "silent", false}}},
	{"silent_urge", []PublicField{{"unit", kindObject, "unit", "", "named_unit", false}, {"row", kindText, "", "", "row", false}, {"sent_on", kindDate, "", "", "sent_on", false}, {"reply_by", kindDate, "", "", "reply_by", false}}},
	{"named", slices.Concat([]PublicField{{"unit", kindObject, "unit", "", "named_unit", false}, {"rule", kindText, "", "", "rule", false}},
		optional(PublicField{"count", kindInteger, "", "", "rule_count", true}, PublicField{"of", kindInteger, "", "", "rule_of", true}, PublicField{"completion", kindPercent, "", "percent", "completion", true},
			PublicField{"below", kindPercent, "", "percent", "below", true}, PublicField{"class", kindText, "", "", "class", true}, PublicField{"rank", kindInteger, "", "", "rank", true},
			PublicField{"score", kindScore, "", "points", "score", true}, PublicField{"grade", kindObject, "text", "", "grade", true}))},
	{"paragraph", []PublicField{{"heading", kindText, "", "", "heading", false}, {"text", kindText, "", "", "paragraph_text", false}}},
	{"settings", []PublicField{{"parts", kindObject, "parts", "", "parts", false}, {"praise", kindObject, "praise_rules", "", "praise_rules", false}, {"criticism", kindObject, "criticism_rules", "", "criticism_rules", false}}},
	{"parts", []PublicField{{"late", kindBoolean, "", "", "part_late", false}, {"tasks", kindBoolean, "", "", "part_tasks", false}, {"findings", kindBoolean, "", "", "part_findings", false}, {"urges", kindBoolean, "", "", "part_urges", false}}},
	{"praise_rules", []PublicField{{"in_time", kindBoolean, "", "", "rule_in_time", false}, {"rank_to", kindInteger, "", "", "rule_rank_to", false}, {"top_grade", kindBoolean, "", "", "rule_top_grade", false}}},
	{"criticism_rules", []PublicField{{"overdue_from", kindInteger, "", "duties", "rule_overdue_from", false}, {"completion_below", kindPercent, "", "percent", "rule_completion_below", false},
		{"red_urge", kindBoolean, "", "", "rule_red_urge", false}, {"serious_finding", kindBoolean, "", "", "rule_serious_finding", false}}},
	{"sealed", []PublicField{{"series", kindText, "", "", "series", false}, {"edition", kindInteger, "", "", "edition", false}, {"unit_id", kindInteger, "", "", "unit_id", false}, {"year", kindInteger, "", "", "year", false},
		{"as_of", kindDate, "", "", "as_of", false}, {"policy", kindText, "", "", "policy", false}, {"round_id", kindInteger, "", "", "round_id", false}, {"title", kindText, "", "", "title", false}, {"number", kindText, "", "", "number", false},
		{"change", kindText, "", "", "change", false}, {"published_on", kindDate, "", "", "published_on", false}, {"settings", kindText, "", "", "sealed_settings", false}, {"words", kindText, "", "", "sealed_words", false}, {"data", kindText, "", "", "sealed_data", false}}},
	{"catalog", []PublicField{{"format", kindText, "", "", "format", false}, {"terms", kindText, "", "", "terms", false}, {"next", kindText, "", "", "next", false}, {"editions", kindList, "catalog_edition", "", "catalog_editions", false}}},
	{"catalog_edition", []PublicField{{"series", kindText, "", "", "series", false}, {"edition", kindInteger, "", "", "edition", false}, {"newest", kindInteger, "", "", "newest", false}, {"broken", kindBoolean, "", "", "broken", false},
		{"title", kindText, "", "", "title", false}, {"number", kindText, "", "", "number", false}, {"unit", kindObject, "unit", "", "scope", false}, {"year", kindInteger, "", "", "year", false}, {"as_of", kindDate, "", "", "as_of", false},
		{"policy", kindText, "", "", "policy", false}, {"published_on", kindDate, "", "", "published_on", false}, {"change", kindText, "", "", "change", false}, {"demo", kindBoolean, "", "", "demo", false},
		{"sha256", kindText, "", "", "sha256", false}, {"url", kindText, "", "", "url", false}, {"files", kindList, "file", "", "files", false}}},
	{"file", []PublicField{{"name", kindText, "", "", "file_name", false}, {"url", kindText, "", "", "file_url", false}, {"media_type", kindText, "", "", "media_type", false}}},
}

// publicTables are the CSV files, by their names, with their columns.
var publicTables = []PublicObject{
	{"board.csv", []PublicField{
		{"bulletins.column.code", kindText, "", "", "unit_code", false}, {"bulletins.column.unit", kindText, "", "", "column_unit", false}, {"bulletins.column.class", kindText, "", "", "class", false},
		{"bulletins.column.obligation_code", kindText, "", "", "column_obligation_code", false}, {"bulletins.column.obligation", kindText, "", "", "column_obligation", false}, {"bulletins.column.clause", kindText, "", "", "clause", false},
		{"bulletins.field.owed", kindInteger, "", "duties", "owed", false}, {"bulletins.field.done", kindInteger, "", "duties", "done", false},
		{"state.overdue", kindInteger, "", "duties", "overdue", false}, {"state.pending", kindInteger, "", "duties", "pending", false}, {"state.reported", kindInteger, "", "duties", "reported", false}, {"state.late", kindInteger, "", "duties", "late", false},
		{"state.met", kindInteger, "", "duties", "met", false}, {"state.exempt", kindInteger, "", "duties", "exempt", false}, {"state.unscheduled", kindInteger, "", "duties", "unscheduled", false},
		{"bulletins.field.completion", kindPercent, "", "percent", "completion", false}, {"bulletins.field.in_time", kindPercent, "", "percent", "in_time", false}}},
	{"ranking.csv", []PublicField{
		{"bulletins.column.class", kindText, "", "", "class", false}, {"bulletins.column.rank", kindInteger, "", "", "rank", false}, {"bulletins.column.code", kindText, "", "", "unit_code", false},
		{"bulletins.column.unit", kindText, "", "", "named_unit", false}, {"bulletins.column.score", kindScore, "", "points", "score", false}, {"bulletins.column.grade", kindText, "", "", "grade", false}}},
	{"late.csv", []PublicField{
		{"bulletins.column.code", kindText, "", "", "unit_code", false}, {"bulletins.column.unit", kindText, "", "", "named_unit", false}, {"bulletins.column.obligation", kindText, "", "", "obligation_title", false},
		{"bulletins.column.clause", kindText, "", "", "clause", false}, {"bulletins.column.period", kindText, "", "", "column_period", false}, {"bulletins.column.state", kindText, "", "", "column_state", false},
		{"bulletins.column.due", kindDate, "", "", "due_on", false}, {"bulletins.column.done_on", kindDate, "", "", "done_on", false}, {"bulletins.column.days", kindInteger, "", "days", "days", false}}},
	{"findings.csv", []PublicField{
		{"bulletins.column.code", kindText, "", "", "unit_code", false}, {"bulletins.column.unit", kindText, "", "", "named_unit", false}, {"bulletins.column.severity", kindText, "", "", "column_severity", false},
		{"bulletins.column.clause", kindText, "", "", "clause", false}, {"bulletins.column.found", kindDate, "", "", "found_on", false}, {"bulletins.column.due", kindDate, "", "", "mend_by", false}}},
}
