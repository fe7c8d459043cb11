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
	"sundial/server/store"
)

// FindingQuery asks for the findings of a unit and all below it, as they stood at the end
// of a day; zero is today. Empty fields do not narrow it.
type FindingQuery struct {
	AsOf       calendar.Date
	Severity   models.Severity
	State      FindingState
	Inspection uint64
	Year       int
	// Text is looked for in names and codes of units.
	Text string
	// Cursor is where the page before ended, Limit how many there are on a page; 0 is all.
	Cursor string
	Limit  int
}

// FindingList is a page of findings, the latest first.
type FindingList struct {
	Unit models.Unit
	AsOf calendar.Date
	// Count is of all that the query selects but for its state.
	Count FindingCount
	Items []FindingLine
	Next  string
	// Inspections are those in which something was found in the subtree.
	Inspections []models.Inspection
}

// Findings lists those of a unit and all below it.
func (d *Desk) Findings(ctx context.Context, actor compliance.Actor, code string, q FindingQuery) (*FindingList, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readInspection, readInspection, "inspections.unit_unreadable")
	if err != nil {
		return nil, err
	}
	if q.AsOf.IsZero() || q.AsOf > w.Today {
		q.AsOf = w.Today
	}
	list := &FindingList{Unit: unit, AsOf: q.AsOf}
	counts, err := countFindings(q.narrow(findingsWithin(w.TX, unit, q.AsOf)), "0", q.AsOf)
	if err != nil {
		return nil, err
	}
	for _, count := range counts[0] {
		list.Count = list.Count.Plus(count)
	}
	ids := findingsWithin(w.TX, unit, q.AsOf).Select("f.inspection_id")
	if err := w.TX.Where("id IN (?)", ids).Order("year DESC, id DESC").Find(&list.Inspections).Error; err != nil {
		return nil, fmt.Errorf("inspections of findings: %w", store.Translate(err))
	}
	query := q.page(q.narrow(findingsWithin(w.TX, unit, q.AsOf)))
	if list.Items, err = findingLines(w, query.Order("f.id DESC"), q.AsOf); err != nil {
		return nil, err
	}
	if q.Limit > 0 && len(list.Items) > q.Limit {
		list.Items = list.Items[:q.Limit]
		list.Next = strconv.FormatUint(list.Items[q.Limit-1].ID, 10)
	}
	return list, nil
}

func findingsWithin(tx *gorm.DB, unit models.Unit, day calendar.Date) *gorm.DB {
	return rbac.Scope{unit.Path}.Where(findingsOn(tx, day), "u.path")
}

func (q FindingQuery) narrow(query *gorm.DB) *gorm.DB {
	if q.Severity != "" {
		query = query.Where("f.severity = ?", q.Severity)
	}
	if q.Inspection != 0 {
		query = query.Where("f.inspection_id = ?", q.Inspection)
	}
	if q.Year != 0 {
		query = query.Where("i.year = ?", q.Year)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		like := "%" + likeUnit.Replace(strings.ToLower(text)) + "%"
		query = query.Where("(u.code LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name_en) LIKE ? ESCAPE '!')", like, like, like)
	}
	return query
}

var likeUnit = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// page adds the state and the place of the page.
func (q FindingQuery) page(query *gorm.DB) *gorm.DB {
	if q.State != "" {
		query = query.Where(findingState+" = ?", q.AsOf, true, q.AsOf, q.State)
	}
	if q.Limit > 0 {
		query = query.Limit(q.Limit + 1)
		if before, err := strconv.ParseUint(q.Cursor, 10, 63); err == nil {
			query = query.Where("f.id < ?", before)
		}
	}
	return query
}

// FindingsOfDuty lists the findings about a duty that stand at the end of a day, the latest
// first. The caller lets the actor read the duty.
func (d *Desk) FindingsOfDuty(ctx context.Context, duty uint64, asOf calendar.Date) ([]FindingLine, error) {
	w := d.Look(ctx, compliance.Actor{})
	return standingFindings(w, findingsOn(w.TX, asOf).Where("f.duty_id = ?", duty), asOf)
}

// standingFindings lists the findings of a query that are not withdrawn.
func standingFindings(w *desk.Write, query *gorm.DB, day calendar.Date) ([]FindingLine, error) {
	return findingLines(w, query.Where("(f.withdrawn_on IS NULL OR f.withdrawn_on > ?)", day).Order("f.id DESC"), day)
}

// FindingMarks tells, of duties, how many findings about each stand at the end of a day;
// those without any are left out.
func (d *Desk) FindingMarks(ctx context.Context, duties []uint64, asOf calendar.Date) (map[uint64]FindingCount, error) {
	marks := map[uint64]FindingCount{}
	for some := range slices.Chunk(duties, readAtOnce) {
		counts, err := countFindings(findingsOn(d.Look(ctx, compliance.Actor{}).TX, asOf).Where("f.duty_id IN ?", some), "f.duty_id", asOf)
		if err != nil {
			return nil, err
		}
		for duty, of := range counts {
			for _, count := range of {
				marks[duty] = marks[duty].Plus(count)
			}
			if marks[duty].Found == 0 {
				delete(marks, duty)
			}
		}
	}
	return marks, nil
}

// FindingsOfUnit lists the findings about a unit itself in inspections of a year that stand
// today. The caller lets the actor read them.
func (d *Desk) FindingsOfUnit(ctx context.Context, unit uint64, year int) ([]FindingLine, error) {
	w := d.Look(ctx, compliance.Actor{})
	return standingFindings(w, findingsOn(w.TX, w.Today).Where("f.unit_id = ? AND i.year = ?", unit, year), w.Today)
}
