package supervision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// inspected is an inspection with its office and what the actor sees of it.
type inspected struct {
	row    models.Inspection
	office models.Unit
	// whole tells that the actor reads at the office; others see their own units alone.
	whole bool
}

// inspectionOf returns an inspection, locked until the write ends. Who does not read at its
// office finds it when it looks at a unit that they read and that knows of it: it was
// announced, or something was found.
func inspectionOf(w *desk.Write, id uint64) (*inspected, error) {
	in := &inspected{}
	if err := desk.One(w.Locked().Where("id = ?", id), &in.row, "inspections.unknown"); err != nil {
		return nil, err
	}
	if err := desk.One(w.TX.Where("id = ?", in.row.UnitID), &in.office, "inspections.unknown"); err != nil {
		return nil, err
	}
	scope := w.Actor.Access.Scope(readInspection.Object, readInspection.Action)
	if in.whole = scope.Contains(in.office.Path); in.whole {
		return in, nil
	}
	var seen int64
	if err := seenBy(w.TX, scope).Where("i.id = ?", id).Count(&seen).Error; err != nil {
		return nil, fmt.Errorf("units of inspection %d: %w", id, store.Translate(err))
	}
	if seen == 0 {
		return nil, models.NewError(models.NotFound, "inspections.unknown")
	}
	return in, nil
}

// knownToUnit tells of a unit m of an inspection i whether the unit knows that it is looked
// at: it was announced (unannounced is given as false), or something was found.
const knownToUnit = "((i.unannounced = ? AND m.removed_on IS NULL) OR EXISTS (SELECT 1 FROM findings k WHERE k.inspection_id = i.id AND k.unit_id = m.unit_id))"

// membersAs begins a query on units m of inspections i, with u.
func membersAs(tx *gorm.DB) *gorm.DB {
	return tx.Table("inspection_units m").Joins("JOIN inspections i ON i.id = m.inspection_id").Joins("JOIN units u ON u.id = m.unit_id")
}

// seenBy begins a query on the inspections i and those of their units m and u that lie in
// the scope and know of it.
func seenBy(tx *gorm.DB, scope rbac.Scope) *gorm.DB {
	return scope.Where(membersAs(tx), "u.path").Where(knownToUnit, false)
}

// Member is a unit of an inspection with its findings.
type Member struct {
	models.InspectionUnit
	Unit models.Unit `gorm:"-"`
	// Findings are those not withdrawn.
	Findings FindingCount `gorm:"-"`
}

// readAtOnce is how many rows are asked for by id in one statement.
const readAtOnce = 200

// membersOf returns all units that the inspection looks at or has looked at, by code.
func membersOf(w *desk.Write, id uint64) ([]Member, error) {
	var rows []models.InspectionUnit
	err := w.TX.Where("inspection_id = ?", id).Joins("JOIN units u ON u.id = inspection_units.unit_id").Order("u.code").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("units of inspection %d: %w", id, store.Translate(err))
	}
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.UnitID
	}
	units, err := w.Units(ids...)
	if err != nil {
		return nil, err
	}
	members := make([]Member, len(rows))
	for i, row := range rows {
		members[i] = Member{InspectionUnit: row, Unit: units[row.UnitID]}
	}
	return members, nil
}

// memberOf returns the unit's row in the inspection, nil for none.
func memberOf(w *desk.Write, id, unit uint64) (*models.InspectionUnit, error) {
	var row models.InspectionUnit
	found := w.Locked().Where("inspection_id = ? AND unit_id = ?", id, unit).Limit(1).Find(&row)
	if found.Error != nil || found.RowsAffected == 0 {
		return nil, store.Translate(found.Error)
	}
	return &row, nil
}

// InspectionView is an inspection with what the actor sees of it.
type InspectionView struct {
	models.Inspection
	Office models.Unit
	// Whole tells that all of it is shown: else the units that the actor reads.
	Whole       bool
	Obligations []InspectableObligation
	Units       []Member
	// Checked of the units that are looked at were.
	Looked, Checked int
	// Findings are counted by severity; Total is all of them.
	Findings               map[models.Severity]FindingCount
	Total                  FindingCount
	CanManage              bool
	OpenedName, ClosedName string
}

// Inspection returns an inspection; one that the actor does not see is NotFound.
func (d *Desk) Inspection(ctx context.Context, actor compliance.Actor, id uint64) (*InspectionView, error) {
	w := d.Look(ctx, actor)
	in, err := inspectionOf(w, id)
	if err != nil {
		return nil, err
	}
	v := &InspectionView{Inspection: in.row, Office: in.office, Whole: in.whole, Findings: map[models.Severity]FindingCount{},
		CanManage: in.row.Status == models.InspectionOpen && actor.Access.AllowsAt(manageInspection.Object, manageInspection.Action, in.office.Path)}
	if v.Obligations, err = d.looksAt(ctx, in); err != nil {
		return nil, err
	}
	members, err := membersOf(w, id)
	if err != nil {
		return nil, err
	}
	found, err := countFindings(findingsOn(w.TX, w.Today).Where("f.inspection_id = ?", id), "f.unit_id", w.Today)
	if err != nil {
		return nil, err
	}
	scope := actor.Access.Scope(readInspection.Object, readInspection.Action)
	for _, m := range members {
		of := found[m.UnitID]
		if !in.whole && (!scope.Contains(m.Unit.Path) || !knows(in.row, m, of)) {
			continue
		}
		v.add(m, of)
	}
	v.OpenedName, err = personName(w, &v.OpenedBy)
	if err == nil {
		v.ClosedName, err = personName(w, v.ClosedBy)
	}
	return v, err
}

// knows tells whether the unit knows that it is looked at.
func knows(row models.Inspection, m Member, found map[models.Severity]FindingCount) bool {
	return !row.Unannounced && m.RemovedOn.IsZero() || len(found) > 0
}

func (v *InspectionView) add(m Member, found map[models.Severity]FindingCount) {
	for severity, count := range found {
		m.Findings = m.Findings.Plus(count)
		v.Findings[severity] = v.Findings[severity].Plus(count)
	}
	v.Total = v.Total.Plus(m.Findings)
	v.Units = append(v.Units, m)
	if m.RemovedOn.IsZero() {
		v.Looked++
		if !m.CheckedOn.IsZero() {
			v.Checked++
		}
	}
}

// looksAt lists the obligations that an inspection is narrowed to; one that is not in force
// any more has its code alone.
func (d *Desk) looksAt(ctx context.Context, in *inspected) ([]InspectableObligation, error) {
	if in.row.Obligations == "" {
		return nil, nil
	}
	known, err := d.Inspectable(ctx, in.office, in.row.Year)
	if err != nil {
		return nil, err
	}
	var list []InspectableObligation
	for _, code := range strings.Split(in.row.Obligations, "\n") {
		o := InspectableObligation{ObligationRef: compliance.ObligationRef{Code: code}}
		if i := slices.IndexFunc(known, func(o InspectableObligation) bool { return o.Code == code }); i >= 0 {
			o = known[i]
		}
		list = append(list, o)
	}
	return list, nil
}
