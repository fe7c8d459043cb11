package rectification

import (
	"context"
	"fmt"
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

// Overdue is the state, besides the statuses, that rectifications are listed by: the unit
// has not answered and the due date has passed.
const Overdue = "overdue"

// States are those that rectifications are listed by, in the order in which they are shown.
var States = []string{Overdue, string(models.RectificationOpen), string(models.RectificationAnswered), string(models.RectificationClosed), string(models.RectificationWithdrawn)}

// The origins that rectifications are listed by.
const (
	FromScore   = "score"
	FromFinding = "finding"
)

// Query asks for the rectifications of a unit and all below it, as they stood at the end
// of a day; zero is today. Empty fields do not narrow it.
type Query struct {
	AsOf calendar.Date
	// State is one of States, From an origin.
	State string
	From  string
	// Severity is that of the finding.
	Severity models.Severity
	// Year is that in which it was demanded.
	Year       int
	Round      uint64
	Inspection uint64
	// Text is looked for in names and codes of units.
	Text string
	// Cursor is where the page before ended, Limit how many there are on a page; 0 is all.
	Cursor string
	Limit  int
}

// Line is a rectification in a list: Status and DueOn are as of the day.
type Line struct {
	models.Rectification
	Unit     models.Unit
	Origin   Origin
	Restored Restoration
	Overdue  bool
}

// List is a page of rectifications, those due first before the others.
type List struct {
	Unit models.Unit
	AsOf calendar.Date
	// Counts are by state, of all that the query selects whatever its state; open ones that
	// are overdue count in both.
	Counts map[string]int
	Total  int
	Items  []Line
	Next   string
	// Rounds and Inspections are those that rectifications of the subtree come from.
	Rounds      []models.Round
	Inspections []models.Inspection
}

// statusOf is the status that each act leads to.
var statusOf = map[models.RectificationAct]models.RectificationStatus{
	models.RectificationDemand: models.RectificationOpen, models.RectificationReturn: models.RectificationOpen,
	models.RectificationAnswer: models.RectificationAnswered, models.RectificationClose: models.RectificationClosed,
	models.RectificationWithdraw: models.RectificationWithdrawn,
}

// Rectifications lists those of a unit and all below it.
func (d *Desk) Rectifications(ctx context.Context, actor compliance.Actor, code string, q Query) (*List, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readRectification, readRectification, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	q.AsOf = q.day(w.Today)
	list := &List{Unit: unit, AsOf: q.AsOf, Counts: map[string]int{}}
	if err := list.count(q.of(w, unit)); err != nil {
		return nil, err
	}
	all := Query{AsOf: q.AsOf}.of
	if err := w.TX.Where("id IN (?)", all(w, unit).Select("r.round_id")).Order("year DESC, id DESC").Find(&list.Rounds).Error; err != nil {
		return nil, fmt.Errorf("rounds of rectifications: %w", store.Translate(err))
	}
	if err := w.TX.Where("id IN (?)", all(w, unit).Select("f.inspection_id")).Order("year DESC, id DESC").Find(&list.Inspections).Error; err != nil {
		return nil, fmt.Errorf("inspections of rectifications: %w", store.Translate(err))
	}
	return list, d.fill(w, list, q)
}

// day is the day of the query, today at the latest.
func (q Query) day(today calendar.Date) calendar.Date {
	if q.AsOf.IsZero() || q.AsOf > today {
		return today
	}
	return q.AsOf
}

// known is a rectification with the last act that was known at a day, and the due date
// after it.
type known struct {
	models.Rectification
	Act      models.RectificationAct
	KnownDue calendar.Date
}

const knownColumns = "r.*, p.act, p.due_on AS known_due"

func (k known) standing(asOf calendar.Date) Standing {
	row := k.Rectification
	row.Status, row.DueOn = statusOf[k.Act], k.KnownDue
	return Standing{row, overdue(row.Status, row.DueOn, asOf)}
}

// knownOn begins a query on the rectifications r and the last steps p that were known at
// the end of a day.
func knownOn(w *desk.Write, asOf calendar.Date) *gorm.DB {
	return w.TX.Table("rectifications r").
		Joins("JOIN rectification_steps p ON p.id = (SELECT max(l.id) FROM rectification_steps l WHERE l.rectification_id = r.id AND l.done_on <= ?)", asOf)
}

// of begins a query as knownOn does, with the units u and the findings f, on what is asked
// for in whatever state.
func (q Query) of(w *desk.Write, unit models.Unit) *gorm.DB {
	query := knownOn(w, q.AsOf).Joins("JOIN units u ON u.id = r.unit_id").Joins("LEFT JOIN findings f ON f.id = r.finding_id")
	query = rbac.Scope{unit.Path}.Where(query, "u.path")
	switch q.From {
	case FromScore:
		query = query.Where("r.finding_id IS NULL")
	case FromFinding:
		query = query.Where("r.finding_id IS NOT NULL")
	}
	if q.Severity != "" {
		query = query.Where("f.severity = ?", q.Severity)
	}
	if q.Round != 0 {
		query = query.Where("r.round_id = ?", q.Round)
	}
	if q.Inspection != 0 {
		query = query.Where("f.inspection_id = ?", q.Inspection)
	}
	if q.Year != 0 {
		query = query.Where("(SELECT min(d.done_on) FROM rectification_steps d WHERE d.rectification_id = r.id) BETWEEN ? AND ?",
			calendar.NewDate(q.Year, 1, 1), calendar.NewDate(q.Year, 12, 31))
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		like := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
		query = query.Where("(u.code LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name_en) LIKE ? ESCAPE '!')", like, like, like)
	}
	return query
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func (l *List) count(query *gorm.DB) error {
	var counts []struct {
		Act   models.RectificationAct
		Late  bool
		Count int
	}
	err := query.Select("p.act, (p.due_on < ?) AS late, count(*) AS count", l.AsOf).Group("p.act, late").Scan(&counts).Error
	if err != nil {
		return fmt.Errorf("count rectifications: %w", store.Translate(err))
	}
	for _, c := range counts {
		status := statusOf[c.Act]
		l.Total += c.Count
		l.Counts[string(status)] += c.Count
		if c.Late && status == models.RectificationOpen {
			l.Counts[Overdue] += c.Count
		}
	}
	return nil
}

// narrow adds the state and the place of the page.
func (q Query) narrow(query *gorm.DB) *gorm.DB {
	var acts []models.RectificationAct
	for act, status := range statusOf {
		if string(status) == q.State || q.State == Overdue && status == models.RectificationOpen {
			acts = append(acts, act)
		}
	}
	if q.State != "" {
		query = query.Where("p.act IN ?", acts)
	}
	if q.State == Overdue {
		query = query.Where("p.due_on < ?", q.AsOf)
	}
	if due, text, found := strings.Cut(q.Cursor, "."); found {
		id, _ := strconv.ParseUint(text, 10, 63)
		query = query.Where("(p.due_on > ? OR p.due_on = ? AND r.id > ?)", due, due, id)
	}
	if q.Limit > 0 {
		query = query.Limit(q.Limit + 1)
	}
	return query
}

func (d *Desk) fill(w *desk.Write, list *List, q Query) error {
	var found []known
	if err := q.narrow(q.of(w, list.Unit)).Select(knownColumns).Order("p.due_on, r.id").Scan(&found).Error; err != nil {
		return fmt.Errorf("rectifications: %w", store.Translate(err))
	}
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
		last := found[q.Limit-1]
		list.Next = last.KnownDue.String() + "." + strconv.FormatUint(last.ID, 10)
	}
	rows, ids := make([]models.Rectification, len(found)), make([]uint64, len(found))
	for i, row := range found {
		rows[i], ids[i] = row.Rectification, row.UnitID
	}
	units, err := w.Units(ids...)
	if err != nil {
		return err
	}
	origins, err := d.origins(w, rows)
	if err != nil {
		return err
	}
	for _, row := range found {
		standing := row.standing(list.AsOf)
		origin := origins[row.ID]
		list.Items = append(list.Items, Line{Rectification: standing.Rectification, Overdue: standing.Overdue, Unit: units[row.UnitID], Origin: origin, Restored: origin.Restored(row.Rectification)})
	}
	return nil
}
