package supervision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/dossier"
	"sundial/server/store"
)

// FindingLine is a finding in a list, as it stood at the end of a day.
type FindingLine struct {
	models.Finding
	Unit       models.Unit
	Inspection models.Inspection
	State      FindingState
	// DueOn is the last day to put it right, zero where nothing is demanded; ClosedOn the
	// day on which it was closed, InTime that the unit had put it right by the due date.
	DueOn    calendar.Date
	ClosedOn calendar.Date
	InTime   bool
	// RectificationID is 0 where nothing is demanded.
	RectificationID uint64
}

// findingRow is what a query of findingsOn brings of a finding.
type findingRow struct {
	models.Finding
	State           FindingState
	InTime          bool
	RectificationID *uint64
	DueOn           calendar.Date
	StepOn          calendar.Date
}

// findingColumns select a findingRow; its arguments are those of findingState.
const findingColumns = "f.*, " + findingState + " AS state, " + answeredInTime + " AS in_time, r.id AS rectification_id, p.due_on AS due_on, p.done_on AS step_on"

// findingLines reads the findings of a query of findingsOn the day.
func findingLines(w *desk.Write, query *gorm.DB, day calendar.Date) ([]FindingLine, error) {
	var rows []findingRow
	if err := query.Select(findingColumns, day, true, day).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("findings: %w", store.Translate(err))
	}
	units, rounds := make([]uint64, len(rows)), make([]uint64, len(rows))
	for i, row := range rows {
		units[i], rounds[i] = row.UnitID, row.InspectionID
	}
	names, err := w.Units(units...)
	if err != nil {
		return nil, err
	}
	inspections, err := inspectionsByID(w, rounds)
	if err != nil {
		return nil, err
	}
	lines := make([]FindingLine, len(rows))
	for i, row := range rows {
		lines[i] = FindingLine{Finding: row.Finding, Unit: names[row.UnitID], Inspection: inspections[row.InspectionID], State: row.State, DueOn: row.DueOn, InTime: row.InTime}
		if row.RectificationID != nil {
			lines[i].RectificationID = *row.RectificationID
		}
		if row.State == FindingClosed {
			lines[i].ClosedOn = row.StepOn
		}
	}
	return lines, nil
}

func inspectionsByID(w *desk.Write, ids []uint64) (map[uint64]models.Inspection, error) {
	inspections := map[uint64]models.Inspection{}
	for some := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), readAtOnce) {
		var rows []models.Inspection
		if err := w.TX.Where("id IN ?", some).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("inspections of findings: %w", store.Translate(err))
		}
		for _, row := range rows {
			inspections[row.ID] = row
		}
	}
	return inspections, nil
}

// found is a finding with the unit and the office, whom it concerns.
type found struct {
	row        models.Finding
	inspection models.Inspection
	unit       models.Unit
	office     models.Unit
}

// findingOf returns a finding about a unit that the actor reads, or of an office that they
// read at, locked until the write ends; others are NotFound.
func findingOf(w *desk.Write, id uint64) (*found, error) {
	f := &found{}
	var at models.Finding
	if err := desk.One(w.TX.Where("id = ?", id), &at, "findings.unknown"); err != nil {
		return nil, err
	}
	// Inspections are locked before findings.
	if err := desk.One(w.Locked().Where("id = ?", at.InspectionID), &f.inspection, "findings.unknown"); err != nil {
		return nil, err
	}
	if err := desk.One(w.Locked().Where("id = ?", id), &f.row, "findings.unknown"); err != nil {
		return nil, err
	}
	units, err := w.Units(f.row.UnitID, f.inspection.UnitID)
	if err != nil {
		return nil, err
	}
	f.unit, f.office = units[f.row.UnitID], units[f.inspection.UnitID]
	scope := w.Actor.Access.Scope(readInspection.Object, readInspection.Action)
	if !scope.Contains(f.unit.Path) && !scope.Contains(f.office.Path) {
		return nil, models.NewError(models.NotFound, "findings.unknown")
	}
	return f, nil
}

// FindingView is a finding with all that belongs to it.
type FindingView struct {
	FindingLine
	Office models.Unit
	// Duty is what it concerns, nil for none.
	Duty  *FindingDuty
	Files []dossier.FileView
	// Deductions are the points that it has cost so far, where the actor reads scores.
	Deductions []FindingDeduction
	FoundName  string
	// CanWithdraw tells that the actor may take it back now.
	CanWithdraw bool
}

// FindingDuty names the duty that a finding concerns.
type FindingDuty struct {
	ID         uint64
	Period     string
	Subject    string
	Obligation compliance.ObligationRef
}

// FindingDeduction is what a finding has cost in a round.
type FindingDeduction struct {
	SheetID   uint64
	Round     string
	Indicator string
	// Points are in hundred-millionths of a point, nil where a veto is raised or the
	// indicator was not scored.
	Points *int64
	Raised bool
}

// Finding returns a finding; one that the actor does not see is NotFound.
func (d *Desk) Finding(ctx context.Context, actor compliance.Actor, id uint64) (*FindingView, error) {
	w := d.Look(ctx, actor)
	f, err := findingOf(w, id)
	if err != nil {
		return nil, err
	}
	lines, err := findingLines(w, findingsOn(w.TX, w.Today).Where("f.id = ?", id), w.Today)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, models.NewError(models.NotFound, "findings.unknown")
	}
	v := &FindingView{FindingLine: lines[0], Office: f.office}
	v.CanWithdraw = v.State != FindingWithdrawn && actor.Access.AllowsAt(manageInspection.Object, manageInspection.Action, f.office.Path)
	if v.FoundName, err = personName(w, &f.row.FoundBy); err != nil {
		return nil, err
	}
	if v.Duty, err = d.dutyOf(ctx, w, f.row.DutyID); err != nil {
		return nil, err
	}
	files, err := dossier.Of(w.TX, "finding", []uint64{id})
	if err != nil {
		return nil, err
	}
	v.Files = files[id]
	v.Deductions, err = deductionsFor(w, f)
	return v, err
}

// dutyOf names a duty; nil for none.
func (d *Desk) dutyOf(ctx context.Context, w *desk.Write, id *uint64) (*FindingDuty, error) {
	if id == nil {
		return nil, nil
	}
	var row struct {
		models.Duty
		Code string
	}
	query := w.TX.Table("duties d").Joins("JOIN obligations o ON o.id = d.obligation_id").Select("d.*, o.code").Where("d.id = ?", *id)
	if err := query.Limit(1).Scan(&row).Error; err != nil {
		return nil, fmt.Errorf("duty %d: %w", *id, store.Translate(err))
	}
	ref, err := d.ledger.Obligation(ctx, row.Code)
	if err != nil {
		return nil, err
	}
	return &FindingDuty{ID: *id, Period: row.Period, Subject: row.SubjectTitle, Obligation: *ref}, nil
}

var readsScore = rbac.Permission{Object: "score", Action: "read"}

// deductionsFor lists what the finding has cost: for the unit once the round was
// announced, for the office at once.
func deductionsFor(w *desk.Write, f *found) ([]FindingDeduction, error) {
	scope := w.Actor.Access.Scope(readsScore.Object, readsScore.Action)
	if !scope.Contains(f.unit.Path) {
		return nil, nil
	}
	query := w.TX.Table("sheet_marks m").Joins("JOIN sheets s ON s.id = m.sheet_id").Joins("JOIN rounds n ON n.id = s.round_id").
		Select("m.sheet_id, n.title AS round, m.indicator, m.points, m.raised").Where("m.finding_id = ?", f.row.ID)
	if !scope.Contains(f.office.Path) {
		query = query.Where("n.status <> ?", models.RoundScoring)
	}
	var rows []FindingDeduction
	if err := query.Order("m.id").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("points lost for finding %d: %w", f.row.ID, store.Translate(err))
	}
	return rows, nil
}

// personName returns the name of a user, empty for nobody.
func personName(w *desk.Write, id *uint64) (string, error) {
	var names []string
	if id == nil {
		return "", nil
	}
	if err := w.TX.Model(&models.User{}).Where("id = ?", *id).Pluck("name", &names).Error; err != nil {
		return "", fmt.Errorf("user %d: %w", *id, store.Translate(err))
	}
	return strings.Join(names, ""), nil
}
