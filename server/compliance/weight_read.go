package compliance

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// Weights returns what is known today of the share of openness in the performance
// schemes of a year, by unit: of the units, nil for all, that the actor may read.
// Units without a filed scheme are missing. What the office has accepted goes
// before what waits; where several policies ask, the report for the strictest
// counts (rules.Weight.Stricter), then the one for the older duty.
func (l *Ledger) Weights(ctx context.Context, actor Actor, units []uint64, year int) (map[uint64]Weight, error) {
	return l.WeightsAsOf(ctx, actor, units, year, l.Today())
}

// WeightsAsOf is Weights as it was known at the end of a day.
func (l *Ledger) WeightsAsOf(ctx context.Context, actor Actor, units []uint64, year int, asOf calendar.Date) (map[uint64]Weight, error) {
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	q := weighingQuery{scope: actor.Access.Scope("duty", "read"), years: []int{year}, asOf: asOf}
	if units != nil && len(units) <= batch {
		q.narrow = func(db *gorm.DB) *gorm.DB { return db.Where("d.unit_id IN ?", units) }
	}
	wanted := map[uint64]bool{}
	for _, unit := range units {
		wanted[unit] = true
	}
	found, err := weighings(db, lib, q)
	if err != nil {
		return nil, err
	}
	by, weights := weighedOf(found), map[uint64]Weight{}
	for key := range by {
		if weight := by.best(key).weight(); weight != nil && (units == nil || wanted[key.unit]) {
			weights[key.unit] = *weight
		}
	}
	return weights, nil
}

// weighing is a duty that asks for a weight, as it was known on a day, with the
// schemes that then stood: of those that the office had accepted, and of those
// that waited. Nil is none.
type weighing struct {
	entry
	duty     models.Duty
	verified *filedScheme
	waiting  *filedScheme
}

// filedScheme is the performance scheme of a report; its points are sound.
type filedScheme struct {
	report uint64
	scheme rules.Performance
	share  rules.Share
}

// standing is the scheme that counts: the verified one, else the one that waits.
func (w *weighing) standing() *filedScheme {
	if w.verified != nil {
		return w.verified
	}
	return w.waiting
}

// weight returns the share of the scheme that counts, nil without one.
func (w *weighing) weight() *Weight {
	s := w.standing()
	if s == nil {
		return nil
	}
	return &Weight{Share: s.share, Related: w.rule.Weight.Related, Verified: w.verified != nil, ReportID: s.report, DutyID: w.duty.ID}
}

// goesBefore tells whether the weighing counts rather than another one of the
// same unit and year.
func (w *weighing) goesBefore(other *weighing) bool {
	if mine := w.verified != nil; mine != (other.verified != nil) {
		return mine
	}
	stricter := w.rule.Weight.Stricter(other.rule.Weight)
	return stricter > 0 || stricter == 0 && w.duty.ID < other.duty.ID
}

// weighingQuery asks for the duties of kind weight of the units that lay in the
// scope on the as-of date; empty years are all, narrow restricts further.
type weighingQuery struct {
	scope  rbac.Scope
	years  []int
	asOf   calendar.Date
	narrow func(*gorm.DB) *gorm.DB
}

// weighingRow is a duty with one of its reports; a duty without any has one row.
type weighingRow struct {
	Duty      dutyAsOf `gorm:"embedded"`
	ReportID  uint64
	Status    models.ReportStatus
	Filing    string
	FiledOn   calendar.Date
	CheckedOn calendar.Date
	DecidedOn calendar.Date
	EndedOn   calendar.Date
}

const weighingColumns = "d.id, d.unit_id, d.obligation_id, d.period, d.year, c.outcome AS known_outcome, c.due_on AS known_due_on," +
	" c.done_on AS known_done_on, c.provisional AS known_provisional, c.edition AS known_edition, c.extended AS known_extended," +
	" r.id AS report_id, r.status, r.filing, r.filed_on, r.checked_on, r.decided_on, r.ended_on"

// weighings reads the duties with what was filed for them, in one statement whose
// rows are taken one by one: the filings of a whole province are never held at
// once.
func weighings(db *gorm.DB, lib *library, q weighingQuery) (map[uint64]*weighing, error) {
	query := db.Table("duties d").
		Joins("JOIN duty_changes c ON c.duty_id = d.id AND c.known_on = (SELECT MAX(k.known_on) FROM duty_changes k WHERE k.duty_id = d.id AND k.known_on <= ?)", q.asOf).
		Joins("JOIN unit_changes p ON p.unit_id = d.unit_id AND p.known_on <= ? AND p.known_until > ?", q.asOf, q.asOf).
		Joins("LEFT JOIN reports r ON r.duty_id = d.id AND r.filed_on <= ?", q.asOf).
		Where("d.obligation_id IN ? AND c.outcome <> ?", lib.weights(), models.Withdrawn)
	if len(q.years) > 0 {
		query = query.Where("d.year IN ?", q.years)
	}
	if q.narrow != nil {
		query = q.narrow(query)
	}
	rows, err := q.scope.Where(query, "p.path").Select(weighingColumns).Rows()
	if err != nil {
		return nil, fmt.Errorf("duties of weight: %w", store.Translate(err))
	}
	defer rows.Close()
	found := map[uint64]*weighing{}
	for rows.Next() {
		var row weighingRow
		if err := db.ScanRows(rows, &row); err != nil {
			return nil, fmt.Errorf("duty of weight: %w", store.Translate(err))
		}
		if err := addWeighing(found, lib, row, q.asOf); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("duties of weight: %w", store.Translate(err))
	}
	return found, nil
}

// addWeighing adds a row to what was found. A duty whose edition asks for something else
// is left out.
func addWeighing(found map[uint64]*weighing, lib *library, row weighingRow, asOf calendar.Date) error {
	w := found[row.Duty.ID]
	if w == nil {
		duty := row.Duty.row()
		e, err := lib.of(duty)
		if err != nil || e.rule.Weight == nil {
			return err
		}
		w = &weighing{entry: e, duty: duty}
		found[row.Duty.ID] = w
	}
	report := models.Report{ID: row.ReportID, Status: row.Status, Filing: row.Filing, FiledOn: row.FiledOn,
		CheckedOn: row.CheckedOn, DecidedOn: row.DecidedOn, EndedOn: row.EndedOn}
	switch status := statusOn(report, asOf); {
	case row.ReportID == 0:
		return nil
	case status == models.Verified:
		return takeScheme(&w.verified, report)
	case status.Waits():
		return takeScheme(&w.waiting, report)
	default:
		return nil
	}
}

// takeScheme puts the report's scheme in place unless the one there stands, by the
// rule of the judge: facts.performance.
func takeScheme(place **filedScheme, report models.Report) error {
	content, err := filingOf(report)
	if err != nil {
		return err
	}
	filed := &filedScheme{report: report.ID, scheme: rules.Performance{On: content.On, Total: content.Total, Items: content.Items}}
	var problems []rules.FieldProblem
	if filed.share, problems = filed.scheme.Share(); len(problems) > 0 {
		return nil
	}
	filed.scheme.Items = nil
	there := *place
	if there == nil || filed.report > there.report && filed.scheme.Replaces(&there.scheme) ||
		filed.report < there.report && !there.scheme.Replaces(&filed.scheme) {
		*place = filed
	}
	return nil
}

// weights are the obligations that ask for a weight in any edition.
func (lib *library) weights() []uint64 {
	var ids []uint64
	for _, b := range lib.books {
		for _, row := range b.obligations {
			if slices.ContainsFunc(b.editions, func(ed edition) bool {
				rule, ok := ed.policy.Find(row.Code)
				return ok && rule.Weight != nil
			}) {
				ids = append(ids, row.ID)
			}
		}
	}
	return ids
}
