package training

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/exchange"
	"sundial/server/store"
)

// importUnits are the units that rows name, found once each.
type importUnits struct {
	byCode map[string]*models.Unit
	// byName has the units of one name by their code.
	byName map[string][]*models.Unit
}

func newImportUnits() *importUnits {
	return &importUnits{byCode: map[string]*models.Unit{}, byName: map[string][]*models.Unit{}}
}

// unitRef is how a row names its unit: by its code, its name or both.
type unitRef struct{ code, name string }

// learnUnits reads the units of the lines: those that lie below the import's unit
// and that the actor may read.
func (j *importJob) learnUnits(db *gorm.DB, lines []*importLine) error {
	var codes, names []string
	for _, line := range lines {
		ref := line.unit
		if _, known := j.units.byCode[ref.code]; ref.code != "" && !known {
			j.units.byCode[ref.code] = nil
			codes = append(codes, ref.code)
		}
		if _, known := j.units.byName[ref.name]; ref.code == "" && ref.name != "" && !known {
			j.units.byName[ref.name] = nil
			names = append(names, ref.name)
		}
	}
	byCode, err := j.findUnits(db, codes, "code IN ?")
	for _, unit := range byCode {
		j.units.byCode[unit.Code] = unit
	}
	if err != nil {
		return err
	}
	byName, err := j.findUnits(db, names, "(name IN ? OR name_en IN ?)")
	for _, unit := range byName {
		for _, name := range slices.Compact([]string{unit.Name, unit.NameEN}) {
			if slices.Contains(names, name) {
				j.units.byName[name] = append(j.units.byName[name], unit)
			}
		}
	}
	return err
}

// findUnits returns the units for which the condition holds with some of the
// values, in the order of their codes.
func (j *importJob) findUnits(db *gorm.DB, values []string, condition string) ([]*models.Unit, error) {
	var found []*models.Unit
	for chunk := range slices.Chunk(values, batch) {
		args := make([]any, strings.Count(condition, "?"))
		for i := range args {
			args[i] = chunk
		}
		var some []*models.Unit
		query := j.actor.Access.Scope(readRotation.Object, readRotation.Action).Where(db, "path")
		query = rbac.NewScope(j.unit.Path).Where(query, "path")
		if err := query.Where(condition, args...).Order("code").Find(&some).Error; err != nil {
			return nil, fmt.Errorf("units of import: %w", store.Translate(err))
		}
		found = append(found, some...)
	}
	return found, nil
}

// unitOf returns the unit that a line names, or adds to the line why there is none;
// nil also for a line that names no unit.
func (j *importJob) unitOf(line *importLine) *models.Unit {
	ref := line.unit
	switch {
	case ref.code != "":
		return j.unitOfCode(line, ref)
	case ref.name != "":
		return j.unitOfName(line, ref.name)
	}
	return nil
}

func (j *importJob) unitOfCode(line *importLine, ref unitRef) *models.Unit {
	unit := j.units.byCode[ref.code]
	switch {
	case unit == nil:
		line.add(j.fault(line.number, j.unitColumn(), "imports.unit_unknown", models.Args("Value", ref.code, "Unit", nameOf(&j.unit))))
	case ref.name != "" && ref.name != unit.Name && ref.name != unit.NameEN:
		line.add(j.fault(line.number, columnUnitName, "imports.unit_name_differs", models.Args("Code", ref.code, "Name", nameOf(unit), "Value", ref.name)))
	}
	return unit
}

func (j *importJob) unitOfName(line *importLine, name string) *models.Unit {
	switch units := j.units.byName[name]; len(units) {
	case 0:
		line.add(j.fault(line.number, columnUnitName, "imports.unit_unknown", models.Args("Value", name, "Unit", nameOf(&j.unit))))
	case 1:
		return units[0]
	default:
		line.add(j.fault(line.number, columnUnitName, "imports.unit_ambiguous", models.Args("Value", name, "Codes", codesOf(units))))
	}
	return nil
}

// may tells whether the actor has the permission in the unit.
func (j *importJob) may(permission rbac.Permission, unit *models.Unit) bool {
	return j.actor.Access.AllowsAt(permission.Object, permission.Action, unit.Path)
}

// nameOf is the name of a unit in both languages.
func nameOf(unit *models.Unit) exchange.Text {
	return exchange.Text{ZH: unit.Name, EN: cmp.Or(unit.NameEN, unit.Name)}
}

// mostCodes is how many codes a message lists.
const mostCodes = 6

func shortList(codes []string) []string {
	if len(codes) > mostCodes {
		return append(slices.Clone(codes[:mostCodes]), "…")
	}
	return codes
}

func codesOf(units []*models.Unit) []string {
	codes := make([]string, len(units))
	for i, unit := range units {
		codes[i] = unit.Code
	}
	return shortList(codes)
}
