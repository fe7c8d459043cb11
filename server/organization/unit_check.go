package organization

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/calendar"
)

// NewUnit is a unit as it is entered or imported.
type NewUnit struct {
	Code   string
	Name   string
	NameEN string
	Kind   models.UnitKind
	Class  string
	// Parent is the code of the unit above, empty for a root.
	Parent   string
	OpenedOn calendar.Date
	ClosedOn calendar.Date
	Demo     bool
}

// A region has six digits; a department, town or street its region's code, a
// dash and a short code; so have zones, which the standard does not list.
var unitCode = regexp.MustCompile(`^[0-9]{6}(-[a-z0-9]+)*$`)

const (
	maxCode = 64
	maxName = 200
)

// kindRanks orders the kinds from the top: a unit stands under a higher one.
var kindRanks = map[models.UnitKind]int{
	models.Province: 1, models.City: 2, models.County: 3, models.Township: 4, models.Department: 5,
}

// faults collects what is wrong with rows.
type faults []models.Field

func (f *faults) add(row int, column, key string, args ...any) {
	*f = append(*f, models.Field{
		Name: fmt.Sprintf("units[%d].%s", row, column), Key: "organization." + key, Args: models.Args(args...),
	})
}

// checkRows finds the faults that the rows show by themselves.
func checkRows(rows []NewUnit) faults {
	var found faults
	seen := make(map[string]int, len(rows))
	for i, row := range rows {
		checkRow(&found, i, row)
		if first, twice := seen[row.Code]; twice {
			found.add(i, "code", "unit_twice", "Code", row.Code, "Row", first+1)
			continue
		}
		seen[row.Code] = i
	}
	return found
}

func checkRow(found *faults, i int, row NewUnit) {
	if !unitCode.MatchString(row.Code) || len(row.Code) > maxCode {
		found.add(i, "code", "unit_code", "Code", row.Code)
	}
	if length := utf8.RuneCountInString(row.Name); strings.TrimSpace(row.Name) == "" || length > maxName {
		found.add(i, "name", "name_length", "Max", maxName)
	}
	if utf8.RuneCountInString(row.NameEN) > maxName {
		found.add(i, "name_en", "name_en_length", "Max", maxName)
	}
	if utf8.RuneCountInString(row.Class) > maxCode {
		found.add(i, "class", "class_length", "Max", maxCode)
	}
	if kindRanks[row.Kind] == 0 {
		found.add(i, "kind", "unit_kind", "Kind", string(row.Kind))
	}
	if !row.ClosedOn.IsZero() && row.ClosedOn <= row.OpenedOn {
		found.add(i, "closed_on", "unit_closed", "Opened", row.OpenedOn.String(), "Closed", row.ClosedOn.String())
	}
}

// checkParent finds what is wrong with a row under its parent, whose kind is
// known.
func checkParent(found *faults, i int, row NewUnit, parent models.UnitKind) {
	if !mayStandUnder(row.Kind, parent) {
		found.add(i, "parent", "unit_rank", "Parent", row.Parent)
	}
}

// mayStandUnder tells whether a unit of the kind has a place right below one of
// the parent's kind: regions under higher regions, departments under any region.
func mayStandUnder(kind, parent models.UnitKind) bool {
	return parent != models.Department && kindRanks[kind] > kindRanks[parent]
}
