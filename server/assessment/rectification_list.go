package assessment

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
	"sundial/server/scoring"
	"sundial/server/store"
)

// RectificationOverdue is the state, besides the statuses, that rectifications are listed
// by: the unit has not answered and the due date has passed.
const RectificationOverdue = "overdue"

// RectificationQuery asks for the rectifications of a unit and all below it, as they stood
// at the end of a day; zero is today. Empty fields do not narrow it.
type RectificationQuery struct {
	AsOf calendar.Date
	// State is a models.RectificationStatus or RectificationOverdue.
	State string
	Round uint64
	// Text is looked for in names and codes of units.
	Text string
	// Cursor is where the page before ended, Limit how many there are on a page; 0 is all.
	Cursor string
	Limit  int
}

// RectificationLine is a rectification in a list: Status is as of the day.
type RectificationLine struct {
	models.Rectification
	Unit      models.Unit
	Round     models.Round
	Indicator *scoring.Indicator
	Overdue   bool
}

// RectificationList is a page of rectifications, those due first before the others.
type RectificationList struct {
	Unit models.Unit
	AsOf calendar.Date
	// Counts are by state, of all that Round and Text select; open ones that are overdue
	// count in both.
	Counts map[string]int
	Total  int
	Items  []RectificationLine
	Next   string
	// Rounds are those that rectifications of the subtree come from.
	Rounds []models.Round
}

// statusOf is the status that the last step of each act leads to.
var statusOf = map[models.RectificationAct]models.RectificationStatus{
	models.RectificationDemand: models.RectificationOpen, models.RectificationReturn: models.RectificationOpen,
	models.RectificationAnswer: models.RectificationAnswered, models.RectificationClose: models.RectificationClosed,
}

// Rectifications lists those of a unit and all below it.
func (d *Desk) Rectifications(ctx context.Context, actor compliance.Actor, code string, q RectificationQuery) (*RectificationList, error) {
	w := d.look(ctx, actor)
	unit, err := w.unit(code, readScore, readScore)
	if err != nil {
		return nil, err
	}
	if q.AsOf.IsZero() || q.AsOf > w.today {
		q.AsOf = w.today
	}
	list := &RectificationList{Unit: unit, AsOf: q.AsOf, Counts: map[string]int{}}
	if err := list.count(w.rectifications(unit, q)); err != nil {
		return nil, err
	}
	if list.Rounds, err = w.rectifiedRounds(unit, q.AsOf); err != nil {
		return nil, err
	}
	return list, w.fillRectifications(list, q)
}

// rectifications begins a query on the rectifications r, their units u and the last steps
// p that were known at the day.
func (w *write) rectifications(unit models.Unit, q RectificationQuery) *gorm.DB {
	query := w.tx.Table("rectifications r").Joins("JOIN units u ON u.id = r.unit_id").
		Joins("JOIN rectification_steps p ON p.id = (SELECT max(l.id) FROM rectification_steps l WHERE l.rectification_id = r.id AND l.done_on <= ?)", q.AsOf)
	query = rbac.Scope{unit.Path}.Where(query, "u.path")
	if q.Round != 0 {
		query = query.Where("r.round_id = ?", q.Round)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		like := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
		query = query.Where("(u.code LIKE ? ESCAPE '!' OR lower(u.name) LIKE ? ESCAPE '!' OR lower(u.name_en) LIKE ? ESCAPE '!')", like, like, like)
	}
	return query
}

func (l *RectificationList) count(query *gorm.DB) error {
	var counts []struct {
		Act   models.RectificationAct
		Late  bool
		Count int
	}
	err := query.Select("p.act, (r.due_on < ?) AS late, count(*) AS count", l.AsOf).Group("p.act, late").Scan(&counts).Error
	if err != nil {
		return fmt.Errorf("count rectifications: %w", store.Translate(err))
	}
	for _, c := range counts {
		status := statusOf[c.Act]
		l.Total += c.Count
		l.Counts[string(status)] += c.Count
		if c.Late && status == models.RectificationOpen {
			l.Counts[RectificationOverdue] += c.Count
		}
	}
	return nil
}

// rectifiedRounds lists the rounds that rectifications of the subtree come from.
func (w *write) rectifiedRounds(unit models.Unit, asOf calendar.Date) ([]models.Round, error) {
	var rounds []models.Round
	ids := w.rectifications(unit, RectificationQuery{AsOf: asOf}).Select("r.round_id")
	if err := w.tx.Where("id IN (?)", ids).Order("year DESC, id DESC").Find(&rounds).Error; err != nil {
		return nil, fmt.Errorf("rounds of rectifications: %w", store.Translate(err))
	}
	return rounds, nil
}

// narrow adds the state and the place of the page.
func (q RectificationQuery) narrow(query *gorm.DB) *gorm.DB {
	var acts []models.RectificationAct
	for act, status := range statusOf {
		if string(status) == q.State || q.State == RectificationOverdue && status == models.RectificationOpen {
			acts = append(acts, act)
		}
	}
	if q.State != "" {
		query = query.Where("p.act IN ?", acts)
	}
	if q.State == RectificationOverdue {
		query = query.Where("r.due_on < ?", q.AsOf)
	}
	if due, text, found := strings.Cut(q.Cursor, "."); found {
		id, _ := strconv.ParseUint(text, 10, 64)
		query = query.Where("(r.due_on > ? OR r.due_on = ? AND r.id > ?)", due, due, id)
	}
	if q.Limit > 0 {
		query = query.Limit(q.Limit + 1)
	}
	return query
}

func (w *write) fillRectifications(list *RectificationList, q RectificationQuery) error {
	var rows []struct {
		models.Rectification
		Act models.RectificationAct
	}
	err := q.narrow(w.rectifications(list.Unit, q)).Select("r.*, p.act").Order("r.due_on, r.id").Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("rectifications: %w", store.Translate(err))
	}
	if q.Limit > 0 && len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last := rows[q.Limit-1]
		list.Next = last.DueOn.String() + "." + strconv.FormatUint(last.ID, 10)
	}
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.UnitID
	}
	units, err := w.unitsByID(ids)
	if err != nil {
		return err
	}
	schemes := map[uint64]*scoring.Scheme{}
	rounds := map[uint64]models.Round{}
	for _, row := range rows {
		if schemes[row.RoundID] == nil {
			if rounds[row.RoundID], _, schemes[row.RoundID], err = w.roundOf(row.RoundID); err != nil {
				return err
			}
		}
		line := RectificationLine{Rectification: row.Rectification, Unit: units[row.UnitID], Round: rounds[row.RoundID]}
		line.Status = statusOf[row.Act]
		line.Overdue = overdue(line.Status, line.DueOn, list.AsOf)
		line.Indicator, _ = schemes[row.RoundID].Find(line.Rectification.Indicator)
		list.Items = append(list.Items, line)
	}
	return nil
}
