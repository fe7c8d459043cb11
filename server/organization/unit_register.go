package organization

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
)

// Register (名录) changes the rows of units within a transaction and keeps what
// was known of them before: boards of earlier days are made of it. Everything
// that changes a unit goes through a Register.
type Register struct {
	tx *gorm.DB
	// known is the day from which the changes are known.
	known calendar.Date
}

// NewRegister returns the register for changes that are known from the day on.
func NewRegister(tx *gorm.DB, known calendar.Date) Register { return Register{tx, known} }

// Lock returns the unit with the code as it is now, with its history locked: who
// changes the unit at the same time waits until the transaction ends. Outside
// the scope it is NotFound.
func (r Register) Lock(scope rbac.Scope, code string) (models.Unit, error) {
	unit, err := unitIn(r.tx, scope, code)
	if err != nil {
		return unit, err
	}
	// The history and not the unit: whoever files a report locks duties before the
	// root of the tree, which is a unit.
	var current models.UnitChange
	err = r.tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("unit_id = ? AND known_until = ?", unit.ID, models.Forever).Limit(1).Find(&current).Error
	if err != nil {
		return unit, fmt.Errorf("lock unit %s: %w", code, err)
	}
	return unitIn(r.tx, scope, code)
}

// Children returns the units right below the unit, in their order, closed ones
// included.
func (r Register) Children(unit models.Unit) ([]models.Unit, error) {
	return findUnits(r.tx.Where("parent_id = ?", unit.ID).Order("position, id"), "children of "+unit.Code)
}

// Check finds what is wrong with a unit's texts, kind and dates, and with its
// place under its parent; nil when it is sound. Fields are named as
// units[0].kind.
func (r Register) Check(unit models.Unit) error {
	row := NewUnit{Code: unit.Code, Name: unit.Name, NameEN: unit.NameEN, Kind: unit.Kind, Class: unit.Class, OpenedOn: unit.OpenedOn, ClosedOn: unit.ClosedOn}
	found := checkRows([]NewUnit{row})
	if unit.ParentID != nil {
		var parent models.Unit
		if err := r.tx.Take(&parent, *unit.ParentID).Error; err != nil {
			return fmt.Errorf("parent of unit %s: %w", unit.Code, err)
		}
		row.Parent = parent.Code
		checkParent(&found, 0, row, parent.Kind)
	}
	children, err := r.Children(unit)
	if err != nil {
		return err
	}
	const i = 0
	for _, child := range children {
		if len(found) == 0 && !mayStandUnder(child.Kind, unit.Kind) {
			found.add(i, "kind", "unit_below", "Unit", child.Name)
		}
	}
	return models.InvalidFields(found)
}

// Save stores the units over their rows. Parent and path stay: [Register.Move]
// changes them.
func (r Register) Save(units ...models.Unit) error {
	for _, unit := range units {
		err := r.tx.Select("Name", "NameEN", "Kind", "Class", "Position", "OpenedOn", "ClosedOn", "Demo", "SuccessorID").Updates(&unit).Error
		if err != nil {
			return fmt.Errorf("update unit %s: %w", unit.Code, err)
		}
	}
	return r.keep(units)
}

// Move puts the unit, with all that is below it, behind the last child of
// another parent, and returns it as it then is. Whether it may stand there is
// for the caller to check.
func (r Register) Move(unit, parent models.Unit) (models.Unit, error) {
	last, err := r.lastPosition(parent.ID)
	if err != nil {
		return unit, err
	}
	subtree, err := findUnits(rbac.Scope{unit.Path}.Where(r.tx, "path").Order("path"), "subtree of "+unit.Code)
	if err != nil {
		return unit, err
	}
	moved := unit
	moved.ParentID, moved.Path, moved.Position = &parent.ID, models.ChildPath(parent.Path, unit.ID), last+1
	err = rbac.Scope{unit.Path}.Where(r.tx.Model(&models.Unit{}), "path").
		Update("path", gorm.Expr("concat(?, substr(path, ?))", moved.Path, len(unit.Path)+1)).Error
	if err != nil {
		return unit, fmt.Errorf("move subtree of %s: %w", unit.Code, err)
	}
	if err := r.tx.Select("ParentID", "Position").Updates(&moved).Error; err != nil {
		return unit, fmt.Errorf("move unit %s: %w", unit.Code, err)
	}
	for i := range subtree {
		if subtree[i].ID == unit.ID {
			subtree[i] = moved
		} else {
			subtree[i].Path = moved.Path + strings.TrimPrefix(subtree[i].Path, unit.Path)
		}
	}
	return moved, r.keep(subtree)
}

// keep stores what is known of the units from the register's day on and ends
// what was known before. What became known on that day or later is replaced: a
// board is final at the end of its day.
func (r Register) keep(units []models.Unit) error {
	for some := range slices.Chunk(units, batch) {
		ids := make([]uint64, len(some))
		for i, unit := range some {
			ids[i] = unit.ID
		}
		var current []models.UnitChange
		if err := r.tx.Select("unit_id, known_on").Where("unit_id IN ? AND known_until = ?", ids, models.Forever).Find(&current).Error; err != nil {
			return fmt.Errorf("what is known of units: %w", err)
		}
		since := make(map[uint64]calendar.Date, len(current))
		for _, change := range current {
			since[change.UnitID] = change.KnownOn
		}
		err := r.tx.Model(&models.UnitChange{}).Where("unit_id IN ? AND known_until = ? AND known_on < ?", ids, models.Forever, r.known).
			Update("known_until", r.known).Error
		if err != nil {
			return fmt.Errorf("end what was known of units: %w", err)
		}
		changes := make([]models.UnitChange, len(some))
		for i, unit := range some {
			changes[i] = changeOf(unit, max(r.known, since[unit.ID]))
		}
		if err := r.tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&changes).Error; err != nil {
			return fmt.Errorf("store what is known of units: %w", err)
		}
	}
	return nil
}

func changeOf(unit models.Unit, knownOn calendar.Date) models.UnitChange {
	return models.UnitChange{UnitID: unit.ID, KnownOn: knownOn, KnownUntil: models.Forever, Name: unit.Name, NameEN: unit.NameEN, Kind: unit.Kind,
		Class: unit.Class, ParentID: unit.ParentID, Path: unit.Path, Position: unit.Position, OpenedOn: unit.OpenedOn, ClosedOn: unit.ClosedOn}
}
