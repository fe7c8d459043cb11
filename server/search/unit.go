package search

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// unitColumns are what a unit is found by.
var unitColumns = []column{{name: "u.name"}, {name: "u.name_en", foreign: true}, {name: "u.code", foreign: true}}

// units finds units: those whose code begins with the text, by an index; where there are
// none, those of the scope that have the words, names that begin with the text first.
func (f finder) units(found *Found) error {
	rows, err := f.unitsByCode()
	counted := f.unitsWithCode
	if err == nil && len(rows) == 0 {
		counted = f.unitsWithWords
		rows, err = f.unitsByName()
	}
	if err != nil {
		return err
	}
	hits := first(rows, f.query.Limit)
	if hits.More {
		hits.Total = 0
		if f.query.Counted {
			if hits.Total, err = count(counted(), "units"); err != nil {
				return err
			}
		}
	}
	found.Units = Hits[Unit]{Total: hits.Total, More: hits.More}
	found.Units.Items, err = f.placed(hits.Items)
	return err
}

func (f finder) unitsByCode() ([]models.Unit, error) {
	if !f.terms.isCode() {
		return nil, nil
	}
	return f.readUnits(f.unitsWithCode().Order("u.closed_on IS NOT NULL, length(u.code), u.code"))
}

func (f finder) unitsWithCode() *gorm.DB {
	text := strings.ToLower(f.terms.text)
	query := f.store.Read(f.ctx).Table("units u").Where("u.code >= ? AND u.code < ?", text, behind(text))
	return f.scope(readDuty).Where(query, "u.path")
}

func (f finder) unitsByName() ([]models.Unit, error) {
	return f.readUnits(f.unitsWithWords().Order(f.terms.order(unitColumns, "u.closed_on IS NOT NULL, length(u.path), length(u.name), u.position, u.code")))
}

// unitsWithWords looks at every unit of the scope. Through the index on their paths SQLite
// takes six times as long to look at a whole province as without; MySQL sees how many they
// are and leaves it out by itself.
func (f finder) unitsWithWords() *gorm.DB {
	scope, table := f.scope(readDuty), "units u"
	whole := slices.ContainsFunc(scope, func(path string) bool { return strings.Count(path, "/") <= 2 })
	if whole && f.store.Dialect() == store.SQLite {
		table += " NOT INDEXED"
	}
	return scope.Where(f.terms.inside(f.store.Read(f.ctx).Table(table), unitColumns), "u.path")
}

// readUnits reads one more than is asked for, which tells that there are more.
func (f finder) readUnits(query *gorm.DB) ([]models.Unit, error) {
	var rows []models.Unit
	if err := query.Select("u.*").Limit(f.query.Limit + 1).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("find units: %w", store.Translate(err))
	}
	return rows, nil
}

func count(query *gorm.DB, what string) (int, error) {
	var total int64
	if err := query.Count(&total).Error; err != nil {
		return 0, fmt.Errorf("count %s: %w", what, store.Translate(err))
	}
	return int(total), nil
}

// placed adds to units where they stand in the tree.
func (f finder) placed(rows []models.Unit) ([]Unit, error) {
	var own, above []uint64
	for _, row := range rows {
		own = append(own, row.ID)
		above = append(above, idsOf(row.Path)...)
	}
	db, scope := f.store.Read(f.ctx), f.scope(readDuty)
	parents := map[uint64]bool{}
	var ids []uint64
	if err := db.Model(&models.Unit{}).Where("parent_id IN ? AND closed_on IS NULL", own).Distinct().Pluck("parent_id", &ids).Error; err != nil {
		return nil, fmt.Errorf("units below: %w", store.Translate(err))
	}
	for _, id := range ids {
		parents[id] = true
	}
	known, err := f.unitsByID(above)
	if err != nil {
		return nil, err
	}
	units := make([]Unit, len(rows))
	for i, row := range rows {
		units[i] = Unit{Unit: row, HasChildren: parents[row.ID]}
		for _, id := range idsOf(row.Path) {
			if over := known[id]; id != row.ID && scope.Contains(over.Path) {
				units[i].Above = append(units[i].Above, over)
			}
		}
	}
	return units, nil
}

func (f finder) unitsByID(ids []uint64) (map[uint64]models.Unit, error) {
	var rows []models.Unit
	if err := f.store.Read(f.ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("units by id: %w", store.Translate(err))
	}
	known := make(map[uint64]models.Unit, len(rows))
	for _, row := range rows {
		known[row.ID] = row
	}
	return known, nil
}

// idsOf returns the ids of a path, the root's first.
func idsOf(path string) []uint64 {
	var ids []uint64
	for step := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' }) {
		if id, err := strconv.ParseUint(step, 10, 63); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}
