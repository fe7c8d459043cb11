package compliance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// ClosingView is a closing with its unit, the people behind it and its
// exceptions.
type ClosingView struct {
	models.Closing
	Unit       models.Unit
	ClosedName string
	LiftedName string
	Exceptions []ExceptionView
}

// ExceptionView is an exception with its unit and who made it.
type ExceptionView struct {
	models.ClosingException
	Unit        models.Unit
	GrantedName string
}

// ClosedOn is the date of the closing.
func (c ClosingView) ClosedOn() calendar.Date { return momentOf(c.ClosedAt).today }

// Stands tells whether filing is closed: the closing was not lifted.
func (c ClosingView) Stands() bool { return c.LiftedAt == nil }

// stoodOn tells whether the closing stood at the end of the day.
func (c ClosingView) stoodOn(day calendar.Date) bool {
	return c.ClosedOn() <= day && (c.LiftedAt == nil || momentOf(*c.LiftedAt).today > day)
}

// exempts tells whether an exception lets the unit with the path act on the day.
func (c ClosingView) exempts(path string, day calendar.Date) bool {
	return slices.ContainsFunc(c.Exceptions, func(e ExceptionView) bool {
		return e.Until >= day && slices.Contains(pathIDs(path), e.UnitID)
	})
}

func (c ClosingView) refusal() *models.Error {
	return models.NewError(models.Conflict, "period.closed", "Year", c.Year, "Unit", c.Unit.Name, "On", c.ClosedOn(), "Reason", c.Reason)
}

// openFor refuses what a unit does for a duty whose year is closed, and reopening.
func (w *write) openFor(row *models.Duty, unit *models.Unit) error {
	refusal, err := w.moment.closedFor(w.tx, row, unit, nil)
	if err != nil || refusal == nil {
		return err
	}
	return refusal
}

// closedFor says why nothing is filed for the duty now although it is owed: a
// closing without exception for the unit; nil when there is none. A report that
// was returned after the closing may be answered: what was filed in time is not
// lost because the office decided later.
func (m moment) closedFor(db *gorm.DB, row *models.Duty, unit *models.Unit, returned *time.Time) (*models.Error, error) {
	if row.ExtendedTo >= m.today {
		return nil, nil
	}
	standing, err := closingsOver(db, unit.Path, row.UntilYear)
	if err != nil {
		return nil, err
	}
	if c := m.closingOf(standing, row, unit.Path, returned); c != nil {
		return c.refusal(), nil
	}
	return nil, nil
}

// closingOf returns the one of the closings that stand because of which nothing is filed
// for the duty of the unit with the path; nil for none.
func (m moment) closingOf(standing []ClosingView, row *models.Duty, path string, returned *time.Time) *ClosingView {
	if row.ExtendedTo >= m.today {
		return nil
	}
	for i, c := range standing {
		over := c.Year == row.UntilYear && slices.Contains(pathIDs(path), c.UnitID)
		if answers := returned != nil && returned.After(c.ClosedAt); over && !answers && !c.exempts(path, m.today) {
			return &standing[i]
		}
	}
	return nil
}

// closingsAt returns the closings of all years that stand at units with the paths or at
// those above them, the topmost first.
func closingsAt(db *gorm.DB, paths ...string) ([]ClosingView, error) {
	var ids []uint64
	for _, path := range paths {
		ids = append(ids, pathIDs(path)...)
	}
	var rows []models.Closing
	for some := range slices.Chunk(sorted(ids), closingBatch) {
		var found []models.Closing
		if err := db.Where("unit_id IN ? AND lifted_at IS NULL", some).Order("id").Find(&found).Error; err != nil {
			return nil, fmt.Errorf("closings: %w", store.Translate(err))
		}
		rows = append(rows, found...)
	}
	return closingViews(db, rows)
}

// closingBatch is how many units or duties one statement takes at most.
const closingBatch = 500

// ClosedYears returns, by duty, the closings because of which nothing can be filed on the
// day for the duties with the ids; others, and rotations, which are judged from the
// roster, are left out.
func (l *Ledger) ClosedYears(tx *gorm.DB, today calendar.Date, ids []uint64) (map[uint64]ClosingView, error) {
	closed := map[uint64]ClosingView{}
	lib, err := l.library(tx)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(sorted(ids), closingBatch) {
		if err := (moment{today: today}).closedYears(tx, lib, some, closed); err != nil {
			return nil, err
		}
	}
	return closed, nil
}

func (m moment) closedYears(tx *gorm.DB, lib *library, ids []uint64, closed map[uint64]ClosingView) error {
	var rows []struct {
		models.Duty
		Path string
	}
	if err := tx.Table("duties d").Joins("JOIN units u ON u.id = d.unit_id").Select("d.*, u.path").Where("d.id IN ?", ids).Scan(&rows).Error; err != nil {
		return fmt.Errorf("duties of closed years: %w", store.Translate(err))
	}
	paths := make([]string, len(rows))
	for i, row := range rows {
		paths[i] = row.Path
	}
	standing, err := closingsAt(tx, paths...)
	if err != nil || len(standing) == 0 {
		return err
	}
	reports, err := reportsOf(tx, ids)
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		e, err := lib.of(row.Duty)
		if err != nil {
			return err
		}
		d := dossier{entry: e, row: row.Duty, reports: reports[row.ID]}
		if c := m.closingOf(standing, &row.Duty, row.Path, d.returnedAt()); c != nil && d.rule.Form() != rules.FormRotation {
			closed[row.ID] = *c
		}
	}
	return nil
}

// closingsOver returns the closings of the year that stand at the unit with the
// path or at those above it, the topmost first.
func closingsOver(db *gorm.DB, path string, year int) ([]ClosingView, error) {
	var rows []models.Closing
	err := db.Where("unit_id IN ? AND year = ? AND lifted_at IS NULL", pathIDs(path), year).Order("id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("closings: %w", store.Translate(err))
	}
	return closingViews(db, rows)
}

// ClosingsOver returns the closings that concern the unit's duties of the year,
// as they stood at the end of the day.
func (l *Ledger) ClosingsOver(ctx context.Context, unit models.Unit, year int, asOf calendar.Date) ([]ClosingView, error) {
	db := l.store.Read(ctx)
	then, err := unitOn(db, unit, asOf)
	if err != nil {
		return nil, err
	}
	var rows []models.Closing
	if err := db.Where("unit_id IN ? AND year = ?", pathIDs(then.Path), year).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("closings of %s: %w", unit.Code, store.Translate(err))
	}
	views, err := closingViews(db, rows)
	views = slices.DeleteFunc(views, func(c ClosingView) bool { return !c.stoodOn(asOf) })
	for i := range views {
		views[i].Exceptions = slices.DeleteFunc(views[i].Exceptions, func(e ExceptionView) bool { return momentOf(e.GrantedAt).today > asOf })
	}
	return concerning(then, views), err
}

// Closings returns all closings that concern the unit or lie below it, lifted ones
// among them, the latest year first.
func (l *Ledger) Closings(ctx context.Context, unit models.Unit) ([]ClosingView, error) {
	db := l.store.Read(ctx)
	var rows []models.Closing
	below := rbac.Scope{unit.Path}.Where(db.Table("units u").Select("u.id"), "u.path")
	if err := db.Where("unit_id IN ? OR unit_id IN (?)", pathIDs(unit.Path), below).Order("year DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("closings of %s: %w", unit.Code, store.Translate(err))
	}
	views, err := closingViews(db, rows)
	return concerning(unit, views), err
}

// Closing returns the closing with the id; outside the scope it is NotFound.
func (l *Ledger) Closing(ctx context.Context, scope rbac.Scope, id uint64) (*ClosingView, error) {
	db := l.store.Read(ctx)
	var rows []models.Closing
	if err := db.Where("id = ?", id).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("closing: %w", store.Translate(err))
	}
	views, err := closingViews(db, rows)
	if err != nil {
		return nil, err
	}
	if len(views) == 0 || !scope.Contains(views[0].Unit.Path) {
		return nil, models.NewError(models.NotFound, "error.not_found")
	}
	return &views[0], nil
}

// concerning leaves out what exceptions other units have.
func concerning(unit models.Unit, views []ClosingView) []ClosingView {
	for i := range views {
		views[i].Exceptions = slices.DeleteFunc(views[i].Exceptions, func(e ExceptionView) bool {
			return !slices.Contains(pathIDs(unit.Path), e.UnitID) && !strings.HasPrefix(e.Unit.Path, unit.Path)
		})
	}
	return views
}

// closingViews brings the units, people and exceptions of closings.
func closingViews(db *gorm.DB, rows []models.Closing) ([]ClosingView, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var ids []uint64
	var people, places []*uint64
	for i := range rows {
		ids = append(ids, rows[i].ID)
		people, places = append(people, &rows[i].ClosedBy, rows[i].LiftedBy), append(places, &rows[i].UnitID)
	}
	var exceptions []models.ClosingException
	if err := db.Where("closing_id IN ?", ids).Order("id").Find(&exceptions).Error; err != nil {
		return nil, fmt.Errorf("exceptions: %w", store.Translate(err))
	}
	for i := range exceptions {
		people, places = append(people, &exceptions[i].GrantedBy), append(places, &exceptions[i].UnitID)
	}
	names, err := namesOf(db, people...)
	if err != nil {
		return nil, err
	}
	units, err := unitsByID(db, places...)
	if err != nil {
		return nil, err
	}
	views := make([]ClosingView, len(rows))
	for i, row := range rows {
		views[i] = ClosingView{Closing: row, Unit: units[row.UnitID], ClosedName: names.of(&row.ClosedBy), LiftedName: names.of(row.LiftedBy)}
		for _, e := range exceptions {
			if e.ClosingID == row.ID {
				views[i].Exceptions = append(views[i].Exceptions, ExceptionView{e, units[e.UnitID], names.of(&e.GrantedBy)})
			}
		}
	}
	return views, nil
}

// ClosingPreview tells what a closing would leave undone.
type ClosingPreview struct {
	// Open are duties that nobody could file for any more, Waiting reports that
	// still need a decision.
	Open    int
	Waiting int
}

// PreviewClosing counts what is undone of a year in the unit's subtree.
func (l *Ledger) PreviewClosing(ctx context.Context, unit models.Unit, year int) (ClosingPreview, error) {
	db := l.store.Read(ctx)
	var preview ClosingPreview
	lib, err := l.library(db)
	if err != nil {
		return preview, err
	}
	duties := rbac.Scope{unit.Path}.Where(db.Table("duties d").Joins("JOIN units u ON u.id = d.unit_id"), "u.path").
		Where("d.until_year = ?", year).Session(&gorm.Session{})
	var open, waiting int64
	if err := duties.Where(outcomeNow+" = ?", lib.rotations(), l.Today(), models.Open).Count(&open).Error; err != nil {
		return preview, fmt.Errorf("open duties of %d: %w", year, store.Translate(err))
	}
	err = duties.Joins("JOIN reports r ON r.duty_id = d.id").Where("r.status IN ?", waitingStatuses).Count(&waiting).Error
	if err != nil {
		return preview, fmt.Errorf("waiting reports of %d: %w", year, store.Translate(err))
	}
	return ClosingPreview{Open: int(open), Waiting: int(waiting)}, nil
}
