package seeds

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"sundial/server/calendar"
)

//go:embed units/*.csv
var unitFiles embed.FS

// Unit (单位/地区) is a unit of one of the five policies' regions, as in its file
// units/<region>.csv: the region, the regions one level below, and the
// departments that the policy names. Party organs are left out, but for the
// staffing offices, which serve the government too. Where the day of opening is
// not known it is 2000-01-01, before every policy.
type Unit struct {
	// Code is a GB/T 2260 code; a department, town or street has its region's
	// code, a dash and a short code: three digits of the statistics bureau's code
	// for towns and streets, initials for departments.
	Code   string
	Name   string
	NameEN string
	Kind   string
	// Class is A for regions, B for departments, C for towns and streets, empty
	// for a root, which is not scored against anybody.
	Class  string
	Parent string
	// OpenedOn is the first day on which the unit exists, ClosedOn the first on
	// which it no longer does, zero while it does.
	OpenedOn calendar.Date
	ClosedOn calendar.Date
}

// unitColumns is the heading of a units file.
var unitColumns = []string{"code", "name", "name_en", "kind", "class", "parent", "opened_on", "closed_on"}

// unitClasses are the classes by kind of unit, for units below a root.
var unitClasses = map[string]string{"province": "A", "city": "A", "county": "A", "department": "B", "township": "C"}

var unitCode = regexp.MustCompile(`^\d{6}(-[a-z0-9]+)?$`)

// Units returns the units that ship with the program, file by file, parents
// before children. An error names the file, line and column at fault.
func Units() ([]Unit, error) { return loadUnits(unitFiles) }

func loadUnits(files fs.FS) ([]Unit, error) {
	names, err := fs.Glob(files, "units/*.csv")
	if err != nil {
		return nil, fmt.Errorf("list unit seeds: %w", err)
	}
	var units []Unit
	for _, name := range names {
		file, err := files.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open unit seed: %w", err)
		}
		units, err = readUnits(units, name, file)
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
	}
	return units, nil
}

// readUnits appends the units of one file.
func readUnits(units []Unit, name string, file io.Reader) ([]Unit, error) {
	reader := csv.NewReader(file)
	heading, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if !slices.Equal(heading, unitColumns) {
		return nil, fmt.Errorf("%s:1: columns are %s, want %s", name, strings.Join(heading, ","), strings.Join(unitColumns, ","))
	}
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return units, nil
		}
		var malformed *csv.ParseError
		if errors.As(err, &malformed) {
			return nil, fmt.Errorf("%s:%d:%d: %w", name, malformed.Line, malformed.Column, malformed.Err)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		unit, column, err := readUnit(row, units)
		if err != nil {
			line, _ := reader.FieldPos(0)
			return nil, fmt.Errorf("%s:%d: %s: %w", name, line, column, err)
		}
		units = append(units, unit)
	}
}

// readUnit reads one row; earlier are the units before it. The error is about
// the column.
func readUnit(row []string, earlier []Unit) (unit Unit, column string, err error) {
	unit = Unit{Code: row[0], Name: row[1], NameEN: row[2], Kind: row[3], Class: row[4], Parent: row[5]}
	if unit.OpenedOn, err = calendar.ParseDate(row[6]); err != nil {
		return unit, "opened_on", err
	}
	if unit.ClosedOn, err = calendar.ParseDate(row[7]); err != nil {
		return unit, "closed_on", err
	}
	column, err = unit.check(earlier)
	return unit, column, err
}

// check returns the first column at fault.
func (u Unit) check(earlier []Unit) (column string, err error) {
	known := func(code string) bool {
		return slices.ContainsFunc(earlier, func(e Unit) bool { return e.Code == code })
	}
	class, kindKnown := unitClasses[u.Kind]
	if u.Parent == "" {
		class = ""
	}
	switch {
	case !unitCode.MatchString(u.Code):
		return "code", fmt.Errorf("%q is not a region's code, or one with a dash and a short code", u.Code)
	case known(u.Code):
		return "code", fmt.Errorf("%s is there already", u.Code)
	case u.Name == "":
		return "name", errors.New("is empty")
	case u.NameEN == "":
		return "name_en", errors.New("is empty")
	case !kindKnown:
		return "kind", fmt.Errorf("%q is not a kind of unit", u.Kind)
	case u.Class != class:
		return "class", fmt.Errorf("is %q, want %q for a %s here", u.Class, class, u.Kind)
	case u.Parent != "" && !known(u.Parent):
		return "parent", fmt.Errorf("%s is not among the rows before", u.Parent)
	case strings.Contains(u.Code, "-") && !strings.HasPrefix(u.Code, u.Parent+"-"):
		return "parent", fmt.Errorf("%q is not the region of %s", u.Parent, u.Code)
	case u.OpenedOn.IsZero():
		return "opened_on", errors.New("is empty")
	case !u.ClosedOn.IsZero() && u.ClosedOn <= u.OpenedOn:
		return "closed_on", fmt.Errorf("%s is not after the opening on %s", u.ClosedOn, u.OpenedOn)
	}
	return "", nil
}
