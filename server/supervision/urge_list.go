package supervision

import (
	"cmp"
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
	"sundial/server/store"
)

// The states, besides the statuses, that urges are listed by: the day of reply has passed
// without one; the unit has reported all of it, and waits for the office.
const (
	UrgeUnanswered = "unanswered"
	UrgeWaiting    = "waiting"
)

// UrgeQuery asks for the urges of a unit's subtree, whoever sent them, and for those that
// the unit itself sent to units that have moved away since, as they stood at the end of a
// day; zero is today. Empty fields do not narrow it.
type UrgeQuery struct {
	AsOf calendar.Date
	// State is a models.UrgeStatus, UrgeUnanswered or UrgeWaiting.
	State string
	Level models.UrgeLevel
	// Text is looked for in names and codes of units.
	Text string
	// Mine narrows to those that the unit itself sent, Below to units of its subtree.
	Mine, Below bool
	// Cursor is the Next of the page before, Limit how many there are on a page; 0 is all.
	Cursor string
	Limit  int
}

// UrgeList is a page of urges: open ones first, the gravest and those to be replied to
// soonest before the others; then those that have ended, the latest first.
type UrgeList struct {
	Unit models.Unit
	AsOf calendar.Date
	// Counts are by state, of all that Level, Text and Mine select; those unanswered or
	// waiting count by their status too. Levels are those of open ones.
	Counts map[string]int
	Levels map[models.UrgeLevel]int
	Total  int
	Items  []UrgeLine
	Next   string
	// MaySend tells that the actor may urge in the name of the unit.
	MaySend bool
}

// Urges lists the urges of a unit and all below it.
func (d *Desk) Urges(ctx context.Context, actor compliance.Actor, code string, q UrgeQuery) (*UrgeList, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	unit, err := w.Unit(code, readUrge, readUrge, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	if q.AsOf.IsZero() || q.AsOf > w.Today {
		q.AsOf = w.Today
	}
	lines, err := w.find(q.rows(w.TX, unit), q.AsOf)
	if err != nil {
		return nil, err
	}
	list := &UrgeList{Unit: unit, AsOf: q.AsOf, Counts: map[string]int{}, Levels: map[models.UrgeLevel]int{}, MaySend: w.Actor.Allow(sendUrge, unit) == nil}
	list.take(q, lines)
	return list, w.addTexts(list.Items)
}

// rows selects the urges u that were sent by the day.
func (q UrgeQuery) rows(tx *gorm.DB, unit models.Unit) *gorm.DB {
	query := tx.Table("urges u").Joins("JOIN units x ON x.id = u.unit_id").Where("u.sent_on <= ?", q.AsOf)
	below := rbac.Scope{unit.Path}.Where(tx, "x.path")
	if !q.Below {
		below = below.Or("u.office_id = ?", unit.ID)
	}
	query = query.Where(below)
	if q.Mine {
		query = query.Where("u.office_id = ?", unit.ID)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		like := "%" + likeUrge.Replace(strings.ToLower(text)) + "%"
		query = query.Where("(x.code LIKE ? ESCAPE '!' OR lower(x.name) LIKE ? ESCAPE '!' OR lower(x.name_en) LIKE ? ESCAPE '!')", like, like, like)
	}
	return query
}

// find reads the urges without their texts, as they stood at the end of the day. What has
// ended is not judged again.
func (w *urging) find(query *gorm.DB, asOf calendar.Date) ([]UrgeLine, error) {
	var rows []models.Urge
	err := query.Select("u.id, u.unit_id, u.office_id, u.level, u.status, u.reply_term, u.reply_by, u.floor_level, u.again, u.sent_by, u.sent_at, u.sent_on, u.acknowledged_on, u.replied_on, u.ended_on, u.version").
		Order("u.id").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("urges: %w", store.Translate(err))
	}
	return w.lines(rows, asOf)
}

// take counts the lines and keeps the page of them.
func (l *UrgeList) take(q UrgeQuery, lines []UrgeLine) {
	var chosen []UrgeLine
	for _, line := range lines {
		if line.Status != models.UrgeEnded {
			l.Levels[line.Level]++
		}
		if q.Level != "" && line.Level != q.Level {
			continue
		}
		l.Total++
		states := line.states()
		for _, state := range states {
			l.Counts[state]++
		}
		if q.State == "" || slices.Contains(states, q.State) {
			chosen = append(chosen, line)
		}
	}
	sortUrges(chosen)
	if id, err := strconv.ParseUint(q.Cursor, 10, 63); err == nil {
		after := slices.IndexFunc(chosen, func(line UrgeLine) bool { return line.ID == id })
		chosen = chosen[after+1:]
	}
	if q.Limit > 0 && len(chosen) > q.Limit {
		chosen = chosen[:q.Limit]
		l.Next = strconv.FormatUint(chosen[q.Limit-1].ID, 10)
	}
	l.Items = chosen
}

// states are all states by which the urge is listed.
func (l UrgeLine) states() []string {
	states := []string{string(l.Status)}
	if l.Unanswered {
		states = append(states, UrgeUnanswered)
	}
	if l.Waits {
		states = append(states, UrgeWaiting)
	}
	return states
}

// sortUrges puts open ones first, the gravest and those to be replied to soonest before
// the others.
func sortUrges(lines []UrgeLine) {
	slices.SortFunc(lines, func(a, b UrgeLine) int {
		return cmp.Or(cmp.Compare(ended(a), ended(b)), cmp.Compare(b.EndedOn, a.EndedOn), cmp.Compare(gravity(a), gravity(b)),
			cmp.Compare(a.ReplyBy, b.ReplyBy), cmp.Compare(b.ID, a.ID))
	})
}

func ended(line UrgeLine) int {
	if line.Status == models.UrgeEnded {
		return 1
	}
	return 0
}

func gravity(line UrgeLine) int { return slices.Index(urgeLevels, line.Level) }

// addTexts adds the texts of the urges.
func (w *urging) addTexts(lines []UrgeLine) error {
	for some := range slices.Chunk(lines, thingBatch) {
		ids := make([]uint64, len(some))
		for i, line := range some {
			ids[i] = line.ID
		}
		var rows []models.Urge
		if err := w.TX.Select("id, text").Where("id IN ?", ids).Find(&rows).Error; err != nil {
			return fmt.Errorf("texts of urges: %w", store.Translate(err))
		}
		for i := range some {
			at := slices.IndexFunc(rows, func(row models.Urge) bool { return row.ID == some[i].ID })
			some[i].Text = rows[at].Text
		}
	}
	return nil
}

// OpenUrges returns the urges of the unit itself that are open today, the gravest first:
// what it owes first of all.
func (d *Desk) OpenUrges(ctx context.Context, actor compliance.Actor, unit models.Unit) ([]UrgeLine, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	if err := w.Actor.Allow(readUrge, unit); err != nil {
		return nil, err
	}
	lines, err := w.find(w.TX.Table("urges u").Where("u.unit_id = ? AND u.status <> ?", unit.ID, models.UrgeEnded), w.Today)
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(line UrgeLine) bool { return line.Status == models.UrgeEnded })
	sortUrges(lines)
	return lines, w.addTexts(lines)
}

// OpenLevels counts the urges of the unit and all below it that are open today, by level.
// It reads no others.
func (d *Desk) OpenLevels(ctx context.Context, actor compliance.Actor, unit models.Unit) (map[models.UrgeLevel]int, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	if err := w.Actor.Allow(readUrge, unit); err != nil {
		return nil, err
	}
	lines, err := w.find(UrgeQuery{AsOf: w.Today}.rows(w.TX, unit).Where("u.status <> ?", models.UrgeEnded), w.Today)
	if err != nil {
		return nil, err
	}
	levels := map[models.UrgeLevel]int{}
	for _, line := range lines {
		if line.Status != models.UrgeEnded {
			levels[line.Level]++
		}
	}
	return levels, nil
}

// LastUrged returns the last urge for each of the things that the actor may read about, as
// it stands today: for marks in lists. Things that nobody was urged for are left out.
func (d *Desk) LastUrged(ctx context.Context, actor compliance.Actor, object models.UrgeObject, ids []uint64) (map[uint64]UrgeLine, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	marks := map[uint64]UrgeLine{}
	for some := range slices.Chunk(ids, thingBatch) {
		query := w.TX.Table("urges u").Joins("JOIN units x ON x.id = u.unit_id").
			Where("u.id IN (SELECT MAX(i.urge_id) FROM urge_items i WHERE i.object = ? AND i.object_id IN ? GROUP BY i.object_id)", object, some)
		lines, err := w.find(w.Actor.Access.Scope(readUrge.Object, readUrge.Action).Where(query, "x.path"), w.Today)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			for _, item := range line.Items {
				if item.Object == object && slices.Contains(some, item.ID) {
					marks[item.ID] = line
				}
			}
		}
	}
	return marks, nil
}

// UrgeFacts are what a bulletin tells of the urges sent in a span of days to a unit's
// subtree, as they stood at its end.
type UrgeFacts struct {
	// Sent is how many there were, to how many Units; Open how many had not ended.
	Sent, Units, Open int
	// Levels are of all that were sent, by the level they had or ended with.
	Levels map[models.UrgeLevel]int
	// Unreceived wait for the receipt, Unanswered are without a reply after its day.
	Unreceived, Unanswered int
}

// UrgeFacts counts the urges from one day up to another one.
func (d *Desk) UrgeFacts(ctx context.Context, actor compliance.Actor, code string, from, to calendar.Date) (*UrgeFacts, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	unit, err := w.Unit(code, readUrge, readUrge, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	to = min(to, w.Today)
	lines, err := w.find(UrgeQuery{AsOf: to, Below: true}.rows(w.TX, unit).Where("u.sent_on >= ?", from), to)
	if err != nil {
		return nil, err
	}
	facts := &UrgeFacts{Sent: len(lines), Levels: map[models.UrgeLevel]int{}}
	units := map[uint64]bool{}
	for _, line := range lines {
		units[line.UnitID] = true
		facts.Levels[line.Level]++
		if line.Status != models.UrgeEnded {
			facts.Open++
		}
		if line.Status == models.UrgeSent {
			facts.Unreceived++
		}
		if line.Unanswered {
			facts.Unanswered++
		}
	}
	facts.Units = len(units)
	return facts, nil
}
