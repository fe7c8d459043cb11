package rules

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"sundial/server/strictyaml"
)

// ParseFacts reads a facts file of the judge command. Every fault is reported with
// its line as strictyaml.Problems: an unknown field, a performance scheme that
// does not add up, an attendance of somebody who was not on the staff. A person
// who moved has a row of staff for each posting, here or in another unit.
func ParseFacts(data []byte) (*Facts, error) {
	var facts Facts
	root, err := strictyaml.Unmarshal(data, &facts)
	if err != nil {
		return nil, err
	}
	var problems strictyaml.Problems
	facts.checkUnit(root, &problems)
	facts.checkDates(root, &problems)
	facts.checkPerformance(list(root, "performance"), &problems)
	facts.checkSubjects(root, &problems)
	checkPeople(facts.Staff, facts.Attendances, root, &problems)
	return &facts, problems.Err()
}

// list returns the items of a field that is a list.
func list(root *yaml.Node, field string) []*yaml.Node {
	if node := child(root, field); node != nil {
		return node.Content
	}
	return nil
}

func child(mapping *yaml.Node, field string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == field {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func (f *Facts) checkUnit(root *yaml.Node, problems *strictyaml.Problems) {
	line := lineOf(root, "unit")
	if f.Unit.Code == "" {
		problems.Add(line, "facts.unit_code")
	}
	if !knownUnitKind(f.Unit.Kind) {
		problems.Add(line, "pack.unknown_unit_kind", "Field", "unit.kind", "Value", f.Unit.Kind, "Known", unitKinds)
	}
	if !f.Unit.ClosedOn.IsZero() && f.Unit.ClosedOn <= f.Unit.OpenedOn {
		problems.Add(line, "pack.span_reversed", "Field", "closed_on")
	}
}

func (f *Facts) checkPerformance(nodes []*yaml.Node, problems *strictyaml.Problems) {
	for i := range f.Performance {
		_, faults := f.Performance[i].Share()
		for _, fault := range faults {
			field, _, _ := strings.Cut(fault.Field, "[")
			args := []any{"Field", fault.Field}
			for name, value := range fault.Args {
				args = append(args, name, value)
			}
			problems.Add(lineOf(nodes[i], field), fault.Key, args...)
		}
	}
}

// checkDates requires the day of each fact: a fact without one would always
// have been known.
func (f *Facts) checkDates(root *yaml.Node, problems *strictyaml.Problems) {
	require := func(field string, dates func(i int) Date, names string) {
		for i, node := range list(root, field) {
			if dates(i).IsZero() {
				problems.Add(node.Line, "facts.no_date", "Field", field+"."+names)
			}
		}
	}
	require("briefings", func(i int) Date { return f.Briefings[i].On }, "on")
	require("deputies", func(i int) Date { return f.Deputies[i].From }, "from")
	require("publications", func(i int) Date { return f.Publications[i].On }, "on")
	require("events", func(i int) Date { return f.Events[i].On }, "on")
	require("deliverables", func(i int) Date { return f.Deliverables[i].On }, "on")
	require("documents", func(i int) Date { return max(f.Documents[i].PublishedOn, f.Documents[i].IssuedOn) }, "published_on")
}

// checkSubjects requires ids that tell documents and incidents apart.
func (f *Facts) checkSubjects(root *yaml.Node, problems *strictyaml.Problems) {
	seen := map[string]bool{}
	require := func(kind, id string, node *yaml.Node) {
		switch {
		case id == "":
			problems.Add(node.Line, "facts.no_id", "Field", kind+".id")
		case seen[kind+id]:
			problems.Add(lineOf(node, "id"), "facts.id_twice", "Field", kind+".id", "Value", id)
		}
		seen[kind+id] = true
	}
	for i, node := range list(root, "documents") {
		require("documents", f.Documents[i].ID, node)
	}
	for i, node := range list(root, "incidents") {
		require("incidents", f.Incidents[i].ID, node)
		incident := f.Incidents[i]
		if incident.At.IsZero() {
			problems.Add(node.Line, "facts.no_instant", "Field", "incidents.at")
		}
		for field, at := range map[string]time.Time{"first_word_at": incident.FirstWordAt, "press_conference_at": incident.PressConferenceAt} {
			if !at.IsZero() && at.Before(incident.At) {
				problems.Add(lineOf(node, field), "facts.before_incident", "Field", "incidents."+field)
			}
		}
	}
}
