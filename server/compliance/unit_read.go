package compliance

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// unitColumns select a models.Unit of knownUnits. What a unit was merged into is
// left out: it is not kept from day to day.
const unitColumns = "u.id, u.code, u.demo," +
	" p.name, p.name_en, p.kind, p.class, p.parent_id, p.path, p.position, p.opened_on, p.closed_on"

// knownUnits are the units u with what was known of them, p, at the end of the day.
func knownUnits(db *gorm.DB, day calendar.Date) *gorm.DB {
	return db.Table("unit_changes p").Joins("JOIN units u ON u.id = p.unit_id").Where("p.known_on <= ? AND p.known_until > ?", day, day)
}

// unitsOn returns the units with the ids, by id, as they were known at the end of
// the day; one of which nothing was known yet as it is now.
func unitsOn(db *gorm.DB, ids []uint64, day calendar.Date) (map[uint64]models.Unit, error) {
	var units []models.Unit
	if err := knownUnits(db, day).Select(unitColumns).Where("p.unit_id IN ?", ids).Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units as known on %s: %w", day, store.Translate(err))
	}
	byID := make(map[uint64]models.Unit, len(ids))
	for _, unit := range units {
		byID[unit.ID] = unit
	}
	unknown := slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { return byID[id].ID != 0 })
	if len(unknown) == 0 {
		return byID, nil
	}
	if err := db.Where("id IN ?", unknown).Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units: %w", store.Translate(err))
	}
	for _, unit := range units {
		byID[unit.ID] = unit
	}
	return byID, nil
}

// formerNames are the names that units had, by id: a policy that lists a unit by
// name means it under its new name, too.
type formerNames map[uint64][]string

func readFormerNames(db *gorm.DB) (formerNames, error) {
	var rows []models.UnitChange
	err := db.Table("unit_changes p").Select("p.unit_id, p.name").Joins("JOIN units u ON u.id = p.unit_id AND u.name <> p.name").
		Order("p.unit_id, p.known_on").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("former names: %w", store.Translate(err))
	}
	names := formerNames{}
	for _, row := range rows {
		names[row.UnitID] = append(names[row.UnitID], row.Name)
	}
	return names, nil
}

// of returns the unit as the rules know it, with its former names.
func (n formerNames) of(unit models.Unit) rules.Unit {
	known := ruleUnit(unit)
	known.FormerNames = n[unit.ID]
	return known
}

// RuleUnits are the units as rules ask for them, in the order given.
func RuleUnits(db *gorm.DB, units []models.Unit) ([]rules.Unit, error) {
	names, err := readFormerNames(db)
	if err != nil {
		return nil, err
	}
	known := make([]rules.Unit, len(units))
	for i, unit := range units {
		known[i] = names.of(unit)
	}
	return known, nil
}

// unitIDs are the units of the duties.
func unitIDs(rows []models.Duty) []uint64 {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.UnitID
	}
	return ids
}

// unitOn returns the unit as it was known at the end of the day.
func unitOn(db *gorm.DB, unit models.Unit, day calendar.Date) (models.Unit, error) {
	known, err := unitsOn(db, []uint64{unit.ID}, day)
	if err != nil {
		return unit, err
	}
	if then, ok := known[unit.ID]; ok {
		return then, nil
	}
	return unit, nil
}
