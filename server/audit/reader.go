package audit

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// reader is how much of the log a query shows.
type reader struct {
	// scope has the units whose entries are shown; all of them when whole.
	scope rbac.Scope
	whole bool
	// unitless tells that what concerns no unit is shown too.
	unitless bool
	// inspects has the units for which it is shown from where a request came.
	inspects rbac.Scope
	// scores has the units for which it is shown what their offices score.
	scores rbac.Scope
}

// readerOf finds out what the query's reader may see.
func readerOf(db *gorm.DB, q Query) (reader, error) {
	r := reader{scope: q.Access.Scope("audit", "read"), inspects: q.Access.Scope("audit", "inspect"), scores: q.Access.Scope("score", "edit")}
	if q.Unit != nil {
		if !r.scope.Contains(q.Unit.Path) {
			return r, models.NewError(models.NotFound, "organization.unit_not_found", "Code", q.Unit.Code)
		}
		r.scope = rbac.NewScope(q.Unit.Path)
		return r, nil
	}
	var roots []string
	if err := db.Model(&models.Unit{}).Where("parent_id IS NULL").Pluck("path", &roots).Error; err != nil {
		return r, fmt.Errorf("roots: %w", store.Translate(err))
	}
	r.whole, r.unitless = coversAll(r.scope, roots), coversAll(r.inspects, roots)
	return r, nil
}

func coversAll(scope rbac.Scope, paths []string) bool {
	for _, path := range paths {
		if !scope.Contains(path) {
			return false
		}
	}
	return len(scope) > 0
}

// few is up to how many units are named in a query one by one, so that the index
// of units finds their entries. The entries of more units are many: they are met
// soon on the way through the log in its order.
const few = 500

// pinned keeps MySQL to the order of the tables as they are written; SQLite obeys
// CROSS JOIN.
const pinned = "/*! STRAIGHT_JOIN */ "

// restrict leaves the entries that the reader may see.
func (r reader) restrict(query *gorm.DB) (*gorm.DB, error) {
	switch {
	case r.whole && r.unitless:
		return query, nil
	case r.whole:
		// A plain NULL test would invite the index of units, which is in another order.
		return query.Where("COALESCE(e.unit_id, 0) <> 0"), nil
	}
	db := query.Session(&gorm.Session{NewDB: true})
	var ids []uint64
	if err := r.scope.Where(db.Model(&models.Unit{}), "path").Limit(few+1).Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("units of audit log: %w", store.Translate(err))
	}
	if len(ids) <= few {
		return query.Where("e.unit_id IN ?", ids), nil
	}
	return r.scope.Where(query.Joins("CROSS JOIN units u ON u.id = e.unit_id"), "u.path"), nil
}

// seesAddress tells whether the reader may see from where a request about the
// unit came; nil is about none.
func (r reader) seesAddress(unit *models.Unit) bool {
	if unit == nil {
		return r.unitless
	}
	return r.inspects.Contains(unit.Path)
}

// byUnits are the acts on sheets and marks that the unit that is scored does or is told.
var byUnits = []string{"score-self", "import-self", "submit", "return"}

// seesContent tells whether the reader may see what an entry about the unit changed:
// what an office scores only who scores there, since nobody else may know it before it
// is announced.
func (r reader) seesContent(e models.AuditEntry, unit *models.Unit) bool {
	scored := (e.Object == "mark" || e.Object == "sheet") && !slices.Contains(byUnits, e.Action)
	return !scored || unit != nil && r.scores.Contains(unit.Path)
}
