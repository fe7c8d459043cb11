package compliance

import (
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
)

// A policy may ask for two acceptances (models.Policy.Levels). Then a unit's
// reports are accepted first by its office, the unit above it, and finally by an
// office above that one. Where the unit's office is the root of the tree, or the
// unit is the root itself, there is nobody above, and one acceptance is enough.
// The office above may accept a report that its unit's office has not looked at
// yet: nobody's backlog hangs on an absent officer.

// WaitsFor says whose decision a report waits for, as an officer sees it.
type WaitsFor string

// Whom a report waits for.
const (
	ForMe          WaitsFor = "me"        // the officer, or a colleague of the same office
	ForOfficeBelow WaitsFor = "below"     // the unit's office comes first; the officer may go before
	ForOfficeAbove WaitsFor = "above"     // the officer's office has accepted it
	ForColleague   WaitsFor = "colleague" // the officer filed it, or accepted it at the first level
)

// Turns lists whom a queue may be narrowed to.
var Turns = []WaitsFor{ForMe, ForOfficeBelow, ForOfficeAbove}

// Turn is what an officer can do with a report. The zero Turn is nothing.
type Turn struct {
	For WaitsFor
	// Accept is what the report becomes when the officer accepts it: Checked or
	// Verified; empty when the officer cannot.
	Accept models.ReportStatus
}

// TurnOf says whose turn it is to decide on a report of the unit, seen by the
// actor. TwoLevels is that of the report's duty.
func TurnOf(actor Actor, twoLevels bool, unit models.Unit, report models.Report) Turn {
	office := actor.Access.Scope("report", "verify").RootOf(unit.Path)
	if office == "" || !report.Status.Waits() {
		return Turn{}
	}
	final := !twoLevels || liesAbove(office, officeOf(unit.Path))
	checked := report.Status == models.Checked
	switch {
	case report.FiledBy == actor.ID:
		return Turn{For: ForColleague}
	case !final && checked:
		return Turn{For: ForOfficeAbove}
	case !final:
		return Turn{ForMe, models.Checked}
	case twoLevels && checked && *report.CheckedBy == actor.ID:
		return Turn{For: ForColleague}
	case twoLevels && !checked:
		return Turn{ForOfficeBelow, models.Verified}
	default:
		return Turn{ForMe, models.Verified}
	}
}

// officeOf returns the path of the unit above the one with the path.
func officeOf(path string) string {
	return path[:strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/')+1]
}

// liesAbove tells whether one of two roots of the same unit lies above the other.
func liesAbove(one, other string) bool { return len(one) < len(other) }

// twoLevels tells whether the reports of a unit with the path take two
// acceptances under the policy: there are at least two units above it.
func (b *book) twoLevels(path string) bool { return b.row.Levels >= 2 && len(pathIDs(path)) >= 3 }

// turnSQL are conditions on reports r, duties d and units u that say what TurnOf
// says.
type turnSQL struct {
	where map[WaitsFor]string
	args  map[WaitsFor][]any
}

// deep is a path with two units above.
const deep = "u.path LIKE '/%/%/%/'"

// turnsOf returns the conditions for the actor; obligations are those of
// policies with two levels.
func turnsOf(actor Actor, obligations []uint64) turnSQL {
	sql := turnSQL{map[WaitsFor]string{}, map[WaitsFor][]any{}}
	set := func(turn WaitsFor, condition string, args ...any) {
		sql.where[turn], sql.args[turn] = "(r.filed_by <> ? AND "+condition+")", append([]any{actor.ID}, args...)
	}
	if len(obligations) == 0 {
		set(ForMe, "1 = 1")
		set(ForOfficeBelow, "1 = 0")
		set(ForOfficeAbove, "1 = 0")
		return sql
	}
	const two = "d.obligation_id IN ? AND " + deep
	final, paths := finalOffice(actor.Access.Scope("report", "verify"))
	args := func(statuses ...any) []any { return append(append([]any{obligations}, paths...), statuses...) }
	set(ForMe, "CASE WHEN NOT ("+two+") THEN 1 WHEN "+final+" THEN (r.status = ? AND r.checked_by <> ?) ELSE r.status = ? END = 1",
		args(models.Checked, actor.ID, models.Filed)...)
	set(ForOfficeBelow, two+" AND "+final+" AND r.status = ?", args(models.Filed)...)
	set(ForOfficeAbove, two+" AND NOT "+final+" AND r.status = ?", args(models.Checked)...)
	return sql
}

// finalOffice is the condition that a root of the scope lies above the unit's
// office: at least two units below the root.
func finalOffice(scope rbac.Scope) (condition string, args []any) {
	conditions := []string{"1 = 0"}
	for _, root := range scope {
		conditions = append(conditions, "u.path LIKE ?")
		args = append(args, root+"%/%/")
	}
	return "(" + strings.Join(conditions, " OR ") + ")", args
}

// only narrows the query to the turn.
func (t turnSQL) only(query *gorm.DB, turn WaitsFor) *gorm.DB {
	return query.Where(t.where[turn], t.args[turn]...)
}

// count returns an expression that counts the turn, with its arguments.
func (t turnSQL) count(turn WaitsFor) (expression string, args []any) {
	return "COUNT(CASE WHEN " + t.where[turn] + " THEN 1 END)", t.args[turn]
}
