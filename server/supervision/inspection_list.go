package supervision

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/rules"
	"sundial/server/store"
)

// InspectionQuery asks for inspections as they stood at the end of a day; zero is today.
// Empty fields do not narrow it.
type InspectionQuery struct {
	AsOf   calendar.Date
	Year   int
	Status models.InspectionStatus
	// Text is looked for in titles.
	Text string
	// Cursor is where the page before ended, Limit how many there are on a page; 0 is all.
	Cursor string
	Limit  int
}

// InspectionLine is an inspection in a list: all of one that is held by the unit of the list
// or below it (Held), else what concerns that unit and those below it.
type InspectionLine struct {
	models.Inspection
	Office          models.Unit
	Held            bool
	Looked, Checked int
	Findings        FindingCount
}

// InspectionList are the inspections that a unit and those below it hold, and those of
// offices above it that look at one of them; the latest first.
type InspectionList struct {
	Unit  models.Unit
	AsOf  calendar.Date
	Items []InspectionLine
	Next  string
	// Total is how many there are in all, before the list is narrowed, and Years are theirs.
	Total int
	Years []int
}

// Inspections lists the inspections of a unit. A unit that the actor does not read is
// NotFound.
func (d *Desk) Inspections(ctx context.Context, actor compliance.Actor, code string, q InspectionQuery) (*InspectionList, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readInspection, readInspection, "inspections.unit_unreadable")
	if err != nil {
		return nil, err
	}
	if q.AsOf.IsZero() || q.AsOf > w.Today {
		q.AsOf = w.Today
	}
	list := &InspectionList{Unit: unit, AsOf: q.AsOf}
	rows, err := inspectionsAround(w, unit)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if calendar.DateOf(row.OpenedAt.In(rules.Shanghai)) > q.AsOf {
			continue
		}
		list.Total++
		if !slices.Contains(list.Years, row.Year) {
			list.Years = append(list.Years, row.Year)
		}
		if row.ClosedOn > q.AsOf {
			row.Status, row.ClosedOn = models.InspectionOpen, 0
		}
		if q.matches(row) {
			list.Items = append(list.Items, InspectionLine{Inspection: row})
		}
	}
	slices.SortFunc(list.Years, func(a, b int) int { return b - a })
	if q.Limit > 0 && len(list.Items) > q.Limit {
		list.Items = list.Items[:q.Limit]
		list.Next = strconv.FormatUint(list.Items[q.Limit-1].ID, 10)
	}
	return list, list.fill(w)
}

// inspectionsAround reads the inspections of the unit and those below it, and those that
// look at one of them and are known to it.
func inspectionsAround(w *desk.Write, unit models.Unit) ([]models.Inspection, error) {
	below := rbac.Scope{unit.Path}
	held := below.Where(w.TX.Table("inspections i").Joins("JOIN units o ON o.id = i.unit_id"), "o.path").Select("i.id")
	var rows []models.Inspection
	err := w.TX.Where("id IN (?) OR id IN (?)", held, seenBy(w.TX, below).Select("i.id")).Order("id DESC").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("inspections of %s: %w", unit.Code, store.Translate(err))
	}
	return rows, nil
}

func (q InspectionQuery) matches(row models.Inspection) bool {
	before, err := strconv.ParseUint(q.Cursor, 10, 63)
	return (q.Year == 0 || row.Year == q.Year) && (q.Status == "" || row.Status == q.Status) &&
		strings.Contains(strings.ToLower(row.Title), strings.ToLower(strings.TrimSpace(q.Text))) && (err != nil || row.ID < before)
}

// fill brings the offices and the progress of the inspections of the list.
func (l *InspectionList) fill(w *desk.Write) error {
	ids, offices := make([]uint64, len(l.Items)), make([]uint64, len(l.Items))
	for i, line := range l.Items {
		ids[i], offices[i] = line.ID, line.UnitID
	}
	units, err := w.Units(offices...)
	if err != nil {
		return err
	}
	below := rbac.Scope{l.Unit.Path}
	var held, about []uint64
	for i := range l.Items {
		line := &l.Items[i]
		line.Office = units[line.UnitID]
		if line.Held = below.Contains(line.Office.Path); line.Held {
			held = append(held, line.ID)
		} else {
			about = append(about, line.ID)
		}
	}
	all := func(query *gorm.DB) *gorm.DB { return query }
	if err := l.count(w, held, all, all); err != nil {
		return err
	}
	return l.count(w, about, func(query *gorm.DB) *gorm.DB { return below.Where(query, "u.path").Where(knownToUnit, false) },
		func(query *gorm.DB) *gorm.DB { return below.Where(query, "u.path") })
}

// count adds the progress of the inspections with the ids: of those units and findings that
// looked and found leave.
func (l *InspectionList) count(w *desk.Write, ids []uint64, looked, found func(query *gorm.DB) *gorm.DB) error {
	for some := range slices.Chunk(ids, readAtOnce) {
		var progress []struct {
			InspectionID    uint64
			Looked, Checked int
		}
		query := membersAs(w.TX).
			Where("m.inspection_id IN ? AND m.added_on <= ? AND (m.removed_on IS NULL OR m.removed_on > ?)", some, l.AsOf, l.AsOf)
		err := looked(query).Select("m.inspection_id, COUNT(*) AS looked, SUM(CASE WHEN m.checked_on <= ? THEN 1 ELSE 0 END) AS checked", l.AsOf).
			Group("m.inspection_id").Scan(&progress).Error
		if err != nil {
			return fmt.Errorf("progress of inspections: %w", store.Translate(err))
		}
		findings, err := countFindings(found(findingsOn(w.TX, l.AsOf)).Where("f.inspection_id IN ?", some), "f.inspection_id", l.AsOf)
		if err != nil {
			return err
		}
		for i := range l.Items {
			line := &l.Items[i]
			for _, p := range progress {
				if p.InspectionID == line.ID {
					line.Looked, line.Checked = p.Looked, p.Checked
				}
			}
			for _, count := range findings[line.ID] {
				line.Findings = line.Findings.Plus(count)
			}
		}
	}
	return nil
}
