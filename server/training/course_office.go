package training

import (
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/store"
)

// Courses, plans and sessions belong to an office. Who reads the unit of an
// office sees them, and so does every unit below the office: their people are
// whom it trains.

// seen limits a query over units to the offices whose courses the actor sees:
// the units that they may read, and all above those.
func seen(db *gorm.DB, actor compliance.Actor, path, id string) *gorm.DB {
	fresh := db.Session(&gorm.Session{NewDB: true})
	scope := actor.Access.Scope(readRotation.Object, readRotation.Action)
	condition := scope.Where(fresh, path)
	if above := idsAbove(scope); len(above) > 0 {
		condition = condition.Or(id+" IN ?", above)
	}
	return db.Where(condition)
}

// idsAbove returns the ids of the units above the subtrees.
func idsAbove(scope rbac.Scope) []uint64 {
	var ids []uint64
	for _, path := range scope {
		line := lineage(path)
		ids = append(ids, line[:max(0, len(line)-1)]...)
	}
	return ids
}

// lineage returns the ids of a path: from the root to the unit itself.
func lineage(path string) []uint64 {
	var ids []uint64
	for text := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		// What is no number is no unit's id.
		if id, err := strconv.ParseUint(text, 10, 63); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// readOffice returns the unit of an office whose courses the actor sees; else
// NotFound with the key.
func readOffice(db *gorm.DB, actor compliance.Actor, id uint64, unknown string) (models.Unit, error) {
	var office models.Unit
	err := seen(db, actor, "path", "id").Where("id = ?", id).Limit(1).Find(&office).Error
	switch {
	case err != nil:
		return office, fmt.Errorf("office: %w", store.Translate(err))
	case office.ID == 0:
		return office, models.NewError(models.NotFound, unknown)
	}
	return office, nil
}

// office returns the unit of an office for what the actor means to do there: one
// whose courses they do not see is NotFound with the key; where they see but not
// do what is asked, Forbidden.
func (w *write) office(id uint64, permission rbac.Permission, unknown string) (models.Unit, error) {
	office, err := readOffice(w.tx, w.actor, id, unknown)
	if err != nil {
		return office, err
	}
	return office, w.actor.Allow(permission, office)
}

// lockUnit returns the unit with the code, which the actor may manage courses of:
// codes made for it run on without gaps or doubles.
func (w *write) lockUnit(code string) (models.Unit, error) {
	unit, err := w.unit(code, manageCourse)
	if err != nil {
		return unit, err
	}
	return unit, w.hold(unit)
}

// hold locks the row of the unit.
func (w *write) hold(unit models.Unit) error {
	var held models.Unit
	if err := w.locked().Where("id = ?", unit.ID).Take(&held).Error; err != nil {
		return fmt.Errorf("lock unit: %w", err)
	}
	return nil
}

// nextCode returns the code behind the last one in the table that is the prefix
// and a number.
func (w *write) nextCode(table any, prefix string, digits int) (string, error) {
	var codes []string
	if err := w.tx.Model(table).Where("code >= ? AND code < ?", prefix, prefix+":").Pluck("code", &codes).Error; err != nil {
		return "", fmt.Errorf("codes that begin with %s: %w", prefix, err)
	}
	last := 0
	for _, code := range codes {
		if n, err := strconv.Atoi(strings.TrimPrefix(code, prefix)); err == nil && n > last {
			last = n
		}
	}
	return fmt.Sprintf("%s%0*d", prefix, digits, last+1), nil
}

// freeCode refuses a code that another row of the table has.
func (w *write) freeCode(table any, code string, id uint64) error {
	var taken int64
	if err := w.tx.Model(table).Where("code = ? AND id <> ?", code, id).Count(&taken).Error; err != nil {
		return fmt.Errorf("code %s: %w", code, err)
	}
	var f faults
	if taken > 0 {
		f.add("code", "training.code_taken", "Value", code)
	}
	return f.err()
}
