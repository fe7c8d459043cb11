package notify

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// recipients returns the users to be told, each once, without who did it and without those
// who cannot sign in any more.
func recipients(tx *gorm.DB, note Note) ([]uint64, error) {
	var users []uint64
	var err error
	if len(note.Users) > 0 {
		users, err = enabled(tx, note.Users)
	} else {
		users, err = concerned(tx, note)
	}
	slices.Sort(users)
	users = slices.Compact(users)
	return slices.DeleteFunc(users, func(user uint64) bool { return user == note.Except }), err
}

// Holders returns, by unit, the users who can sign in and hold the permission for it, by a
// grant at it or above it.
func Holders(tx *gorm.DB, permission rbac.Permission, units ...models.Unit) (map[uint64][]uint64, error) {
	holders, err := holding(tx, permission)
	if err != nil {
		return nil, err
	}
	grants, err := grantsOver(holders, units)
	if err != nil {
		return nil, err
	}
	users := make(map[uint64][]uint64, len(units))
	for _, unit := range units {
		for _, id := range ancestry(unit.Path) {
			users[unit.ID] = append(users[unit.ID], grants[id]...)
		}
	}
	return users, nil
}

// holding begins queries for grants that allow what the permission is for, of those who
// can sign in.
func holding(tx *gorm.DB, permission rbac.Permission) (func() *gorm.DB, error) {
	roles, err := rbac.RolesWith(permission)
	return func() *gorm.DB {
		return tx.Joins("JOIN users ON users.id = grants.user_id AND users.disabled = ?", false).Where("grants.role IN ?", roles)
	}, err
}

func enabled(tx *gorm.DB, users []uint64) ([]uint64, error) {
	var ids []uint64
	for chunk := range slices.Chunk(users, batch) {
		var some []uint64
		if err := tx.Model(&models.User{}).Where("id IN ? AND disabled = ?", chunk, false).Pluck("id", &some).Error; err != nil {
			return nil, fmt.Errorf("users to be told: %w", store.Translate(err))
		}
		ids = append(ids, some...)
	}
	return ids, nil
}

// concerned returns the people of the units.
func concerned(tx *gorm.DB, note Note) ([]uint64, error) {
	holders, err := holding(tx, note.To)
	if err != nil {
		return nil, err
	}
	units := note.Units
	if len(units) == 0 {
		units = []models.Unit{note.Unit}
	}
	grants, err := grantsOver(holders, units)
	if err != nil {
		return nil, err
	}
	var users []uint64
	for _, unit := range units {
		users = append(users, nearest(unit.Path, grants)...)
	}
	if !note.Below {
		return users, nil
	}
	var below []uint64
	inside := rbac.Scope{note.Unit.Path}.Where(holders().Model(&models.Grant{}).Joins("JOIN units ON units.id = grants.unit_id"), "units.path")
	if err := inside.Distinct().Pluck("grants.user_id", &below).Error; err != nil {
		return nil, fmt.Errorf("people below unit %s: %w", note.Unit.Code, store.Translate(err))
	}
	return append(users, below...), nil
}

// grantsOver returns, by unit, the users with grants at the units and above them.
func grantsOver(holders func() *gorm.DB, units []models.Unit) (map[uint64][]uint64, error) {
	ids := map[uint64]bool{}
	for _, unit := range units {
		for _, id := range ancestry(unit.Path) {
			ids[id] = true
		}
	}
	grants := map[uint64][]uint64{}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(ids)), batch) {
		var rows []models.Grant
		if err := holders().Where("grants.unit_id IN ?", chunk).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("people of units: %w", store.Translate(err))
		}
		for _, row := range rows {
			grants[row.UnitID] = append(grants[row.UnitID], row.UserID)
		}
	}
	return grants, nil
}

// ancestry returns the ids on a path, the root first.
func ancestry(path string) []uint64 {
	var ids []uint64
	for _, text := range strings.Split(strings.Trim(path, "/"), "/") {
		if id, err := strconv.ParseUint(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// nearest returns the users of the grants that lie deepest on the path.
func nearest(path string, grants map[uint64][]uint64) []uint64 {
	for _, unit := range slices.Backward(ancestry(path)) {
		if users := grants[unit]; len(users) > 0 {
			return users
		}
	}
	return nil
}
