package organization

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// UnitQuery asks for units: those right below Under, or all of the scope whose
// code or name has the Text. Neither asks for the topmost of the scope.
type UnitQuery struct {
	Under models.Unit
	Text  string
	// WithClosed takes in those that are known to be closed.
	WithClosed bool
	// Offset leaves out the first ones, Limit bounds the page.
	Offset, Limit int
}

// UnitLine is a unit with the number of units right below it.
type UnitLine struct {
	models.Unit
	Below int
}

// UnitPage is a page of units; Total counts all that the query asks for.
type UnitPage struct {
	Lines []UnitLine
	Total int
}

// Units answers a page of units of the scope: siblings in their order, found ones
// the higher first.
func (d *Directory) Units(ctx context.Context, scope rbac.Scope, q UnitQuery) (*UnitPage, error) {
	db := d.store.Read(ctx)
	asked := q.within(scope.Where(db.Table("units u"), "u.path"), scope)
	if !q.WithClosed {
		asked = asked.Where("u.closed_on IS NULL")
	}
	asked = asked.Session(&gorm.Session{})
	var total int64
	if err := asked.Count(&total).Error; err != nil {
		return nil, fmt.Errorf("count units: %w", store.Translate(err))
	}
	page := &UnitPage{Total: int(total)}
	const below = ", (SELECT COUNT(*) FROM units c WHERE c.parent_id = u.id AND (c.closed_on IS NULL OR ?)) AS below"
	err := asked.Select("u.*"+below, q.WithClosed).Order(q.order()).Offset(q.Offset).Limit(q.Limit).Find(&page.Lines).Error
	if err != nil {
		return nil, fmt.Errorf("list units: %w", store.Translate(err))
	}
	return page, nil
}

// within narrows the query to what is asked for.
func (q UnitQuery) within(query *gorm.DB, scope rbac.Scope) *gorm.DB {
	switch text := strings.TrimSpace(q.Text); {
	case text != "":
		pattern := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
		return query.Where("(u.code LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name_en) LIKE ? ESCAPE '!')", pattern, pattern, pattern)
	case q.Under.ID != 0:
		return query.Where("u.parent_id = ?", q.Under.ID)
	case scope.Contains("/"):
		return query.Where("u.parent_id IS NULL")
	default:
		return query.Where("u.path IN ?", []string(scope))
	}
}

func (q UnitQuery) order() string {
	if strings.TrimSpace(q.Text) != "" {
		return "length(u.path), u.position, u.code"
	}
	return "u.position, u.id"
}

// UnitCounts counts the units of the scope, by whether they are known to be
// closed.
type UnitCounts struct{ Open, Closed int }

// CountUnits counts the units of the scope.
func (d *Directory) CountUnits(ctx context.Context, scope rbac.Scope) (UnitCounts, error) {
	var counts UnitCounts
	err := scope.Where(d.store.Read(ctx).Model(&models.Unit{}), "path").
		Select("COUNT(*) - COUNT(closed_on) AS open, COUNT(closed_on) AS closed").Scan(&counts).Error
	if err != nil {
		return counts, fmt.Errorf("count units: %w", store.Translate(err))
	}
	return counts, nil
}

// Predecessors returns the units that were merged into the unit.
func (d *Directory) Predecessors(ctx context.Context, unit models.Unit) ([]models.Unit, error) {
	return findUnits(d.store.Read(ctx).Where("successor_id = ?", unit.ID).Order("closed_on, id"), "predecessors of "+unit.Code)
}

// UnitsOfKinds returns at most limit open units of the scope that are of one of
// the kinds, the higher ones first: what a unit may be moved or merged into.
func (d *Directory) UnitsOfKinds(ctx context.Context, scope rbac.Scope, kinds []models.UnitKind, limit int) ([]models.Unit, error) {
	query := scope.Where(d.store.Read(ctx), "path").Where("kind IN ? AND closed_on IS NULL", kinds)
	return findUnits(query.Order("length(path), position, code").Limit(limit), "units of kinds")
}

// KindsUnder returns the kinds of units that may stand right below one of the
// kind, the higher ones first.
func KindsUnder(kind models.UnitKind) []models.UnitKind {
	return kindsThat(func(other models.UnitKind) bool { return mayStandUnder(other, kind) })
}

// KindsAbove returns the kinds of units below which one of the kind may stand.
func KindsAbove(kind models.UnitKind) []models.UnitKind {
	return kindsThat(func(other models.UnitKind) bool { return mayStandUnder(kind, other) })
}

func kindsThat(fit func(models.UnitKind) bool) []models.UnitKind {
	kinds := []models.UnitKind{models.Province, models.City, models.County, models.Township, models.Department}
	return slices.DeleteFunc(kinds, func(kind models.UnitKind) bool { return !fit(kind) })
}
