package compliance

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// names are those of users, by id.
type names map[uint64]string

// of returns the name of a user, empty for nobody.
func (n names) of(id *uint64) string {
	if id == nil {
		return ""
	}
	return n[*id]
}

// namesOf reads the names of the users; nil is nobody.
func namesOf(db *gorm.DB, people ...*uint64) (names, error) {
	var users []models.User
	if err := db.Select("id, name").Where("id IN ?", idsOf(people)).Find(&users).Error; err != nil {
		return nil, fmt.Errorf("names: %w", store.Translate(err))
	}
	found := names{}
	for _, user := range users {
		found[user.ID] = user.Name
	}
	return found, nil
}

// unitsByID reads the units; nil is none.
func unitsByID(db *gorm.DB, ids ...*uint64) (map[uint64]models.Unit, error) {
	found := map[uint64]models.Unit{}
	wanted := idsOf(ids)
	if len(wanted) == 0 {
		return found, nil
	}
	var units []models.Unit
	if err := db.Where("id IN ?", wanted).Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units: %w", store.Translate(err))
	}
	for _, unit := range units {
		found[unit.ID] = unit
	}
	return found, nil
}

// idsOf returns the ids without nil.
func idsOf(ids []*uint64) []uint64 {
	var list []uint64
	for _, id := range ids {
		if id != nil {
			list = append(list, *id)
		}
	}
	return list
}

// unitsOf reads the units of the duties.
func unitsOf(db *gorm.DB, duties []models.Duty) (map[uint64]models.Unit, error) {
	ids := make([]*uint64, len(duties))
	for i := range duties {
		ids[i] = &duties[i].UnitID
	}
	return unitsByID(db, ids...)
}
