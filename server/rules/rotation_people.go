package rules

import (
	"cmp"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"sundial/server/strictyaml"
)

// peopleCheck finds what cannot be true of the people of a facts or roster file.
// One id may have several rows of staff: that is how a move is written.
type peopleCheck struct {
	problems *strictyaml.Problems
	postings map[string][]postingRow
}

// postingRow is a posting with its place in the file.
type postingRow struct {
	StaffMember
	node *yaml.Node
}

func checkPeople(staff []StaffMember, attendances []Attendance, root *yaml.Node, problems *strictyaml.Problems) {
	c := peopleCheck{problems: problems, postings: map[string][]postingRow{}}
	for i, node := range list(root, "staff") {
		c.addPosting(postingRow{staff[i], node})
	}
	for _, id := range slices.Sorted(maps.Keys(c.postings)) {
		c.checkOverlaps(c.postings[id])
	}
	twice := map[Attendance]bool{}
	for i, node := range list(root, "attendances") {
		a := attendances[i]
		c.checkAttendance(a, node)
		same := Attendance{Staff: a.Staff, Course: a.Course, On: a.On}
		if twice[same] {
			problems.Add(node.Line, "facts.attendance_twice", "ID", a.Staff, "On", a.On)
		}
		twice[same] = true
	}
}

// addPosting keeps the postings that can be compared with others.
func (c *peopleCheck) addPosting(row postingRow) {
	switch {
	case row.ID == "":
		c.problems.Add(row.node.Line, "facts.no_id", "Field", "staff.id")
		return
	case row.From.IsZero():
		c.problems.Add(row.node.Line, "facts.no_date", "Field", "staff.from")
	case !row.To.IsZero() && row.To < row.From:
		c.problems.Add(lineOf(row.node, "to"), "pack.span_reversed", "Field", "staff.to")
	}
	c.postings[row.ID] = append(c.postings[row.ID], row)
}

// checkOverlaps sorts the postings of a person and compares each with the one
// before it that ends last. One without a beginning has its own fault already.
func (c *peopleCheck) checkOverlaps(rows []postingRow) {
	slices.SortStableFunc(rows, func(a, b postingRow) int { return cmp.Compare(a.From, b.From) })
	before := rows[0]
	for _, row := range rows[1:] {
		first, second := min(before.node.Line, row.node.Line), max(before.node.Line, row.node.Line)
		if !before.From.IsZero() && (before.To.IsZero() || row.From <= before.To) {
			c.problems.Add(second, "facts.postings_overlap", "ID", row.ID, "Line", first)
		}
		if before.Name != "" && row.Name != "" && before.Name != row.Name {
			c.problems.Add(second, "facts.two_names", "ID", row.ID, "Name", row.Name, "Other", before.Name)
		}
		if row.endsAfter(before) {
			before = row
		}
	}
}

func (r postingRow) endsAfter(other postingRow) bool {
	return !other.To.IsZero() && (r.To.IsZero() || r.To > other.To)
}

// checkAttendance refuses a day before the person's first posting or after the
// last. Between two postings they may have worked where this file does not look.
func (c *peopleCheck) checkAttendance(a Attendance, node *yaml.Node) {
	rows := c.postings[a.Staff]
	switch {
	case len(rows) == 0:
		c.problems.Add(lineOf(node, "staff"), "facts.unknown_staff", "Field", "attendances.staff", "Value", a.Staff)
	case a.On.IsZero():
		c.problems.Add(node.Line, "facts.no_date", "Field", "attendances.on")
	case a.On < rows[0].From:
		c.problems.Add(lineOf(node, "on"), "facts.attended_before_hire", "ID", a.Staff, "On", a.On, "From", rows[0].From)
	default:
		last := rows[0]
		for _, row := range rows[1:] {
			if row.endsAfter(last) {
				last = row
			}
		}
		if !last.To.IsZero() && a.On > last.To {
			c.problems.Add(lineOf(node, "on"), "facts.attended_after_leaving", "ID", a.Staff, "On", a.On, "To", last.To)
		}
	}
}
