package models

import (
	"strconv"

	"sundial/server/calendar"
)

// UnitKind says what a unit is in the tree of government.
type UnitKind string

// The kinds of units.
const (
	Province   UnitKind = "province"
	City       UnitKind = "city"
	County     UnitKind = "county"
	Department UnitKind = "department"
	Township   UnitKind = "township"
)

// Unit (单位/地区) is a node of the tree: a region's government or one of its
// departments. Code is its GB/T 2260 code; a department, street or town has its
// region's code, a dash and a short code. Class groups units that are scored
// alike (A districts and counties, B departments …).
type Unit struct {
	ID       uint64 `gorm:"primaryKey"`
	Code     string
	Name     string
	NameEN   string
	Kind     UnitKind
	Class    string
	ParentID *uint64
	// Path lists the ids from the root to the unit, each followed by a slash:
	// /1/12/. A subtree is a prefix; the slash keeps /1/12/ apart from /1/123/.
	Path string
	// Position orders siblings.
	Position int
	OpenedOn calendar.Date
	// ClosedOn is the first day on which the unit no longer exists.
	ClosedOn calendar.Date
	// Demo marks made-up facts: everything of the unit is shown as demo.
	Demo bool
	// SuccessorID is the unit that this one was merged into.
	SuccessorID *uint64
}

// UnitChange is what was known of a unit from the day KnownOn until the day
// before KnownUntil: its names, its place in the tree and whether it exists.
// Boards of past days are made of it.
type UnitChange struct {
	UnitID  uint64        `gorm:"primaryKey;autoIncrement:false"`
	KnownOn calendar.Date `gorm:"primaryKey"`
	// KnownUntil is the first day on which something else is known; Forever for
	// what is known now.
	KnownUntil calendar.Date
	Name       string
	NameEN     string
	Kind       UnitKind
	Class      string
	ParentID   *uint64
	Path       string
	Position   int
	OpenedOn   calendar.Date
	ClosedOn   calendar.Date
}

// Always and Forever bound what is known of a unit: Always is the first day of
// units that were there when the product was set up.
var (
	Always  = calendar.MustParseDate("0001-01-02")
	Forever = calendar.MustParseDate("9999-12-31")
)

// ExistsOn tells whether the unit exists on the day.
func (u *Unit) ExistsOn(day calendar.Date) bool {
	return u.OpenedOn <= day && (u.ClosedOn.IsZero() || day < u.ClosedOn)
}

// ChildPath returns the path of a child with the id under the path.
func ChildPath(path string, id uint64) string {
	if path == "" {
		path = "/"
	}
	return path + strconv.FormatUint(id, 10) + "/"
}
