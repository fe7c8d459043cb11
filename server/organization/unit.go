package organization

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// Unit returns the unit with the code; outside the scope it is NotFound.
func (d *Directory) Unit(ctx context.Context, scope rbac.Scope, code string) (models.Unit, error) {
	return unitIn(d.store.Read(ctx), scope, code)
}

func unitIn(db *gorm.DB, scope rbac.Scope, code string) (models.Unit, error) {
	var unit models.Unit
	err := scope.Where(db, "path").Where("code = ?", code).Take(&unit).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return unit, models.NewError(models.NotFound, "organization.unit_not_found", "Code", code)
	}
	if err != nil {
		return unit, fmt.Errorf("find unit %s: %w", code, store.Translate(err))
	}
	return unit, nil
}

// UnitByID returns the unit with the id, whoever asks.
func (d *Directory) UnitByID(ctx context.Context, id uint64) (models.Unit, error) {
	var unit models.Unit
	if err := d.store.Read(ctx).Take(&unit, id).Error; err != nil {
		return unit, fmt.Errorf("find unit %d: %w", id, store.Translate(err))
	}
	return unit, nil
}

// Roots returns the topmost units of the scope: those of the whole tree for
// rbac.Everywhere, those that the caller was granted otherwise.
func (d *Directory) Roots(ctx context.Context, scope rbac.Scope) ([]models.Unit, error) {
	query := d.store.Read(ctx).Where("path IN ?", []string(scope))
	if scope.Contains("/") {
		query = d.store.Read(ctx).Where("parent_id IS NULL")
	}
	return findUnits(query.Order("position, code"), "roots")
}

// Children returns the units right below the unit, in their order, closed ones
// included.
func (d *Directory) Children(ctx context.Context, unit models.Unit) ([]models.Unit, error) {
	query := d.store.Read(ctx).Where("parent_id = ?", unit.ID).Order("position, code")
	return findUnits(query, "children of "+unit.Code)
}

// Ancestors returns the units above the unit, the root first.
func (d *Directory) Ancestors(ctx context.Context, unit models.Unit) ([]models.Unit, error) {
	var ids []uint64
	for text := range strings.FieldsFuncSeq(unit.Path, func(r rune) bool { return r == '/' }) {
		id, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read path of unit %s: %w", unit.Code, err)
		}
		if id != unit.ID {
			ids = append(ids, id)
		}
	}
	query := d.store.Read(ctx).Where("id IN ?", ids).Order("length(path)")
	return findUnits(query, "ancestors of "+unit.Code)
}

// Search returns at most limit units of the scope whose code or name has the
// text, whatever its case; higher units first. An empty text finds nothing.
func (d *Directory) Search(ctx context.Context, scope rbac.Scope, text string, limit int) ([]models.Unit, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	pattern := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
	query := scope.Where(d.store.Read(ctx), "path").
		Where("(code LIKE ? ESCAPE '!' OR lower(name) LIKE ? ESCAPE '!' OR lower(name_en) LIKE ? ESCAPE '!')",
			pattern, pattern, pattern).
		Order("length(path), position, code").Limit(limit)
	return findUnits(query, "units like "+text)
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func findUnits(query *gorm.DB, what string) ([]models.Unit, error) {
	var units []models.Unit
	if err := query.Find(&units).Error; err != nil {
		return nil, fmt.Errorf("list %s: %w", what, store.Translate(err))
	}
	return units, nil
}
