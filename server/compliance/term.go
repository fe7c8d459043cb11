package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// MaxListed is how many duties are read one by one for a figure: beyond, a unit below
// has to be chosen.
const MaxListed = 5000

// Terms are the working days that units used for what a policy asks for within so many
// of its publication: of one obligation, that with most duties.
type Terms struct {
	// Obligation is empty where no policy asks for such a thing.
	Obligation ObligationRef
	// N is how many working days there are.
	N int
	// Count is how many duties there are; with more than MaxListed Rows is empty.
	Count int
	Rows  []TermRow
}

// TermRow is a unit's term. Used is known of what is done and accepted, the judge's
// value; Late is by how many calendar days it came after the due date.
type TermRow struct {
	Unit  models.Unit
	Duty  models.Duty
	State rules.State
	Used  int
	Late  int
}

// Done tells whether the office has accepted that it is done.
func (r TermRow) Done() bool { return r.State == rules.Met || r.State == rules.Late }

// Terms answers the working days used in a unit's subtree, as they were known at the end
// of the as-of date, in the order of the duties.
func (l *Ledger) Terms(ctx context.Context, q BoardQuery) (*Terms, error) {
	board, err := l.Board(ctx, q)
	if err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	terms := &Terms{}
	for i, o := range board.Obligations {
		if e := lib.byID[o.ID].on(q.AsOf); e.rule.WorkingDays != nil && e.rule.Trigger() == rules.AfterPolicy && board.Totals[i].Total() > terms.Count {
			terms.Obligation, terms.N, terms.Count = o, e.rule.WorkingDays.N, board.Totals[i].Total()
		}
	}
	if terms.Count == 0 || terms.Count > MaxListed {
		return terms, nil
	}
	found, units, err := l.listed(db, lib, q, terms.Obligation.Code)
	if err != nil {
		return nil, err
	}
	days := lib.almanac.on(q.AsOf)
	for _, duty := range found {
		row := TermRow{Unit: units[duty.UnitID], Duty: duty, State: rules.StateOn(rules.Outcome(duty.Outcome), duty.DueOn, duty.Provisional, q.AsOf)}
		if row.Done() {
			e, err := lib.of(duty)
			if err != nil {
				return nil, err
			}
			row.Used, row.Late = max(0, days.WorkingDaysBetween(e.policy.Published, duty.DoneOn)), max(0, int(duty.DoneOn-duty.DueOn))
		}
		terms.Rows = append(terms.Rows, row)
	}
	return terms, nil
}

// listed reads the duties of one obligation as they were known, with their units.
func (l *Ledger) listed(db *gorm.DB, lib *library, q BoardQuery, obligation string) ([]models.Duty, map[uint64]models.Unit, error) {
	query, err := l.dutyQuery(db, lib, DutyQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf, Obligation: obligation})
	if err != nil {
		return nil, nil, err
	}
	var found []dutyAsOf
	if err := query.Select(dutyColumns).Order("d.id").Limit(MaxListed).Find(&found).Error; err != nil {
		return nil, nil, fmt.Errorf("duties of %s: %w", obligation, store.Translate(err))
	}
	rows := make([]models.Duty, len(found))
	for i, d := range found {
		rows[i] = d.row()
	}
	units, err := unitsOn(db, unitIDs(rows), q.AsOf)
	return rows, units, err
}

// Deeds are what leaders did for openness: briefings heard, deputies appointed.
type Deeds struct {
	// Count is how many duties ask for such things; with more than MaxListed Rows is
	// empty. Briefings is how many of them owe briefings, Heard how many of these are done
	// by what the board counts, Waiting how many wait for verification.
	Count, Briefings, Heard, Waiting int
	Rows                             []Deed
}

// Deed is a report of a briefing or an appointment that stands: accepted, or waiting.
type Deed struct {
	Kind     rules.Kind
	On       calendar.Date
	Unit     models.Unit
	Duty     uint64
	Verified bool
}

// Deeds answers what was reported in a unit's subtree of briefings and appointments, as
// it was known at the end of the as-of date, by day.
func (l *Ledger) Deeds(ctx context.Context, q BoardQuery) (*Deeds, error) {
	board, err := l.Board(ctx, q)
	if err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	deeds, asked := &Deeds{}, map[string]rules.Kind{}
	for i, o := range board.Obligations {
		rule := lib.byID[o.ID].on(q.AsOf).rule
		if rule.Kind == rules.KindAppointment || rule.Kind == rules.KindCount && rule.What() == "briefing" {
			asked[o.Code] = rule.Kind
			deeds.Count += board.Totals[i].Total()
			if rule.Kind == rules.KindCount {
				deeds.Briefings += board.Totals[i].Owed()
				deeds.Heard += board.Totals[i].Done()
				deeds.Waiting += board.Totals[i].Reported
			}
		}
	}
	if deeds.Count > MaxListed {
		return deeds, nil
	}
	for code, kind := range asked {
		rows, err := l.deeds(db, lib, q, code, kind)
		if err != nil {
			return nil, err
		}
		deeds.Rows = append(deeds.Rows, rows...)
	}
	slices.SortFunc(deeds.Rows, func(a, b Deed) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Unit.Code, b.Unit.Code), cmp.Compare(a.Duty, b.Duty))
	})
	return deeds, nil
}

// deeds reads the reports of one obligation that stand.
func (l *Ledger) deeds(db *gorm.DB, lib *library, q BoardQuery, obligation string, kind rules.Kind) ([]Deed, error) {
	query, err := l.dutyQuery(db, lib, DutyQuery{Unit: q.Unit, Year: q.Year, AsOf: q.AsOf, Obligation: obligation})
	if err != nil {
		return nil, err
	}
	var reports []models.Report
	err = query.Joins("JOIN reports r ON r.duty_id = d.id AND r.filed_on <= ?", q.AsOf).
		Select("r.duty_id, d.unit_id, r.status, r.fact_on, r.filed_on, r.checked_on, r.decided_on, r.ended_on").Find(&reports).Error
	if err != nil {
		return nil, fmt.Errorf("reports of %s: %w", obligation, store.Translate(err))
	}
	var ids []uint64
	for _, report := range reports {
		ids = append(ids, report.UnitID)
	}
	slices.Sort(ids)
	units, err := unitsOn(db, slices.Compact(ids), q.AsOf)
	if err != nil {
		return nil, err
	}
	var deeds []Deed
	for _, report := range reports {
		status := statusOn(report, q.AsOf)
		if status != models.Verified && !status.Waits() || report.FactOn.IsZero() {
			continue
		}
		deeds = append(deeds, Deed{kind, report.FactOn, units[report.UnitID], report.DutyID, status == models.Verified})
	}
	return deeds, nil
}
