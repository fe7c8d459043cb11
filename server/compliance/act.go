package compliance

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// Act is what the audit log says of a write of another domain: the action on an
// object, for a unit when it concerns one, and what the object was before and is
// now. Permission is that by which it was done: the entry is in the name of the unit
// whose grant it comes from.
type Act struct {
	Action, Object string
	ID             uint64
	Unit           *models.Unit
	Permission     rbac.Permission
	Before         any
	Now            any
	Detail         any
}

// Record adds the audit entry of an act at the moment of its write.
func (a Actor) Record(tx *gorm.DB, at time.Time, act Act) error {
	entry := models.AuditEntry{At: at, UserName: a.Name, Action: act.Action, Object: act.Object, ObjectID: act.ID, Changes: store.Changes(act.Before, act.Now)}
	if a.ID != 0 {
		entry.UserID = &a.ID
	}
	if act.Unit != nil {
		entry.UnitID = &act.Unit.ID
		entry.Behalf = a.Access.Behalf(act.Permission.Object, act.Permission.Action, act.Unit.Path)
	}
	if act.Detail != nil {
		entry.Detail = store.Detail(act.Detail)
	}
	return store.Record(tx, entry)
}

// Unit returns the unit whose column has the value. Outside what the actor may read
// by the permission it is NotFound with the message key.
func (a Actor) Unit(db *gorm.DB, read rbac.Permission, column string, value any, unknown string) (models.Unit, error) {
	var unit models.Unit
	err := a.Access.Scope(read.Object, read.Action).Where(db, "path").Where(column+" = ?", value).Limit(1).Find(&unit).Error
	switch {
	case err != nil:
		return unit, fmt.Errorf("unit: %w", store.Translate(err))
	case unit.ID == 0:
		return unit, models.NewError(models.NotFound, unknown)
	}
	return unit, nil
}

// Allow refuses, as Forbidden, what the actor may not do for the unit.
func (a Actor) Allow(permission rbac.Permission, unit models.Unit) error {
	if !a.Access.AllowsAt(permission.Object, permission.Action, unit.Path) {
		return models.NewError(models.Forbidden, "error.forbidden")
	}
	return nil
}
