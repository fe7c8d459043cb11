package supervision

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/rules"
	"sundial/server/store"
)

// InspectableObligation is an obligation that an inspection may look at.
type InspectableObligation struct {
	compliance.ObligationRef
	// PolicyTitle is that of its policy, with its number.
	PolicyTitle  rules.Text
	PolicyNumber string
	// Inspects tells that it demands an inspection: the basis of one.
	Inspects bool
}

// Inspectable lists the obligations of the policies that are in force at the office in
// the year.
func (d *Desk) Inspectable(ctx context.Context, office models.Unit, year int) ([]InspectableObligation, error) {
	policies, err := d.ledger.PoliciesOf(ctx, office)
	if err != nil {
		return nil, err
	}
	var list []InspectableObligation
	for _, policy := range policies {
		if !slices.Contains(policy.ActiveYears, year) {
			continue
		}
		for _, o := range policy.Policy.Obligations {
			ref := compliance.ObligationRef{Policy: policy.Row.Code, Code: o.ID, Clause: o.Clause, Title: o.Title}
			list = append(list, InspectableObligation{ref, policy.Policy.Title, policy.Policy.Number, o.Count != nil && o.Count.What == "inspection"})
		}
	}
	return list, nil
}

// Pick chooses units below an office: those of all the kinds and classes named, and those
// with the codes. With codes alone it is those; with nothing at all it is all.
type Pick struct {
	Codes   []string
	Kinds   []models.UnitKind
	Classes []string
	// Whole reaches the whole subtree, else the units directly below the office.
	Whole bool
}

// units are the units that exist today, by code.
func (p Pick) units(w *desk.Write, office models.Unit, found *complaints) ([]models.Unit, error) {
	var units []models.Unit
	if len(p.Codes) == 0 || len(p.Kinds)+len(p.Classes) > 0 {
		if err := p.within(w, office).Find(&units).Error; err != nil {
			return nil, fmt.Errorf("units of the inspection: %w", store.Translate(err))
		}
	}
	for _, code := range p.Codes {
		if slices.ContainsFunc(units, func(unit models.Unit) bool { return unit.Code == code }) {
			continue
		}
		unit, err := inspectable(w, office, code, found)
		if err != nil {
			return nil, err
		}
		if unit.ID != 0 {
			units = append(units, unit)
		}
	}
	slices.SortFunc(units, func(a, b models.Unit) int { return strings.Compare(a.Code, b.Code) })
	return units, nil
}

func (p Pick) within(w *desk.Write, office models.Unit) *gorm.DB {
	query := w.TX.Where("id <> ? AND opened_on <= ? AND (closed_on IS NULL OR closed_on > ?)", office.ID, w.Today, w.Today)
	if p.Whole {
		query = rbac.Scope{office.Path}.Where(query, "path")
	} else {
		query = query.Where("parent_id = ?", office.ID)
	}
	if len(p.Kinds) > 0 {
		query = query.Where("kind IN ?", p.Kinds)
	}
	if len(p.Classes) > 0 {
		query = query.Where("class IN ?", p.Classes)
	}
	return query
}

// inspectable returns the unit below the office with the code, which exists today; another
// one is complained of.
func inspectable(w *desk.Write, office models.Unit, code string, found *complaints) (models.Unit, error) {
	var unit models.Unit
	err := rbac.Scope{office.Path}.Where(w.TX, "path").Where("code = ? AND id <> ?", code, office.ID).Limit(1).Find(&unit).Error
	switch {
	case err != nil:
		return unit, fmt.Errorf("unit %s: %w", code, store.Translate(err))
	case unit.ID == 0:
		found.add("units", "inspections.unit_unknown", "Value", code, "Office", office.Name)
	case !unit.ExistsOn(w.Today):
		found.add("units", "inspections.unit_closed", "Unit", unit.Name)
		unit = models.Unit{}
	}
	return unit, nil
}

// Classes lists the classes of the units below the office that exist today.
func (d *Desk) Classes(ctx context.Context, actor compliance.Actor, code string) ([]string, error) {
	w := d.Look(ctx, actor)
	office, err := w.Unit(code, readInspection, manageInspection, "inspections.office_unknown")
	if err != nil {
		return nil, err
	}
	var classes []string
	if err := (Pick{Whole: true}).within(w, office).Model(&models.Unit{}).Where("class <> ''").Distinct().Order("class").Pluck("class", &classes).Error; err != nil {
		return nil, fmt.Errorf("classes below %s: %w", code, store.Translate(err))
	}
	return classes, nil
}

func sizesOf(units []models.Unit) map[string]int {
	sizes := map[string]int{}
	for _, unit := range units {
		sizes[unit.Class]++
	}
	return sizes
}

func classNames(units []models.Unit) []string { return slices.Sorted(maps.Keys(sizesOf(units))) }
