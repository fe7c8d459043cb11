package assessment

import (
	"context"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// AppealQuery asks for appeals of a round; Status is filed, decided or withdrawn. Empty
// fields do not narrow it.
type AppealQuery struct {
	Status string
	Class  string
	// Cursor is where the page before ended, Limit how many there are on a page.
	Cursor string
	Limit  int
}

// AppealLine is an appeal in a list.
type AppealLine struct {
	models.Appeal
	Sheet models.Sheet
	Unit  models.Unit
	Leaf  scoring.Leaf
	// Verified is its part of the verified score, Mark what is entered.
	Verified scoring.Part
	Mark     models.SheetMark
}

// Claim is what the unit asks for, as a mark.
func (l *AppealLine) Claim() scoring.Mark { return markOf(l.Claimed, l.ClaimNA, false) }

// Outcome is the status, or AppealInPart.
func (l *AppealLine) Outcome() string { return appealOutcome(l.Appeal, l.Mark) }

// AppealList is a page of the appeals of a round in the order of filing.
type AppealList struct {
	Round  models.Round
	Office models.Unit
	Scheme *scoring.Scheme
	// Waiting, Decided and Withdrawn count the appeals of the class that is asked for;
	// Classes those of each class that wait.
	Waiting, Decided, Withdrawn int
	Classes                     map[string]int
	Items                       []AppealLine
	Next                        string
	Until                       calendar.Date
	Provisional, Over           bool
	// Decides tells that the actor decides them.
	Decides bool
	// Whole tells that the actor sees the appeals of all units.
	Whole bool
}

// Appeals lists the appeals of a round against sheets that the actor sees.
func (d *Desk) Appeals(ctx context.Context, actor compliance.Actor, round uint64, q AppealQuery) (*AppealList, error) {
	w := d.look(ctx, actor)
	list := &AppealList{Classes: map[string]int{}}
	var err error
	if list.Round, list.Office, list.Scheme, list.Whole, err = w.seenRound(round); err != nil {
		return nil, err
	}
	list.Decides = w.may(decideAppeal, list.Office)
	if list.Round.Status == models.RoundScoring {
		return list, nil
	}
	if list.Until, list.Provisional, list.Over, err = w.appealsOver(list.Round, list.Scheme); err != nil {
		return nil, err
	}
	seen := func() *gorm.DB {
		return w.seenSheets(list.Round, list.Whole).Joins("JOIN appeals a ON a.sheet_id = s.id")
	}
	if err := list.count(seen(), q.Class); err != nil {
		return nil, err
	}
	rows, err := q.rows(seen())
	if err != nil {
		return nil, err
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		list.Next = strconv.FormatUint(rows[len(rows)-1].ID, 10)
	}
	list.Items, err = w.appealLines(scoreRound{list.Round, list.Office, list.Scheme, list.Whole}, rows)
	return list, err
}

// count counts the appeals by class and status.
func (l *AppealList) count(query *gorm.DB, class string) error {
	var counts []struct {
		Class  string
		Status models.AppealStatus
		Count  int
	}
	if err := query.Select("s.class, a.status, count(*) AS count").Group("s.class, a.status").Scan(&counts).Error; err != nil {
		return fmt.Errorf("count appeals of round %d: %w", l.Round.ID, store.Translate(err))
	}
	for _, c := range counts {
		if c.Status == models.AppealFiled {
			l.Classes[c.Class] += c.Count
		}
		switch {
		case class != "" && c.Class != class:
		case c.Status == models.AppealFiled:
			l.Waiting += c.Count
		case c.Status == models.AppealWithdrawn:
			l.Withdrawn += c.Count
		default:
			l.Decided += c.Count
		}
	}
	return nil
}

// rows reads one appeal more than the page has.
func (q AppealQuery) rows(query *gorm.DB) ([]models.Appeal, error) {
	if q.Class != "" {
		query = query.Where("s.class = ?", q.Class)
	}
	switch q.Status {
	case "decided":
		query = query.Where("a.status IN ?", []models.AppealStatus{models.AppealUpheld, models.AppealRejected})
	case string(models.AppealFiled), string(models.AppealWithdrawn):
		query = query.Where("a.status = ?", q.Status)
	}
	if after, err := strconv.ParseUint(q.Cursor, 10, 63); err == nil {
		query = query.Where("a.id > ?", after)
	}
	var rows []models.Appeal
	err := query.Select("a.*").Order("a.id").Limit(q.Limit + 1).Scan(&rows).Error
	return rows, store.Translate(err)
}

// appealLines brings what the lines show of the sheets, which are read at once.
func (w *write) appealLines(r scoreRound, rows []models.Appeal) ([]AppealLine, error) {
	papers, err := w.papersOfAppeals(r, rows)
	if err != nil {
		return nil, err
	}
	lines := make([]AppealLine, 0, len(rows))
	for _, row := range rows {
		p := papers[row.SheetID]
		if p == nil {
			return nil, fmt.Errorf("appeal %d: round %d has no sheet %d", row.ID, r.round.ID, row.SheetID)
		}
		place, found := p.card.Leaf(row.Indicator)
		if !found {
			return nil, fmt.Errorf("appeal %d: the scheme has no indicator %s", row.ID, row.Indicator)
		}
		leaf := p.card.Leaves[place]
		lines = append(lines, AppealLine{Appeal: row, Sheet: p.sheet, Unit: p.unit, Leaf: leaf, Mark: p.marks[row.Indicator],
			Verified: p.card.Explain(p.entries(verifiedView)).Parts[leaf.Node]})
	}
	return lines, nil
}

// papersOfAppeals are the papers of the sheets that the appeals are against, by sheet.
func (w *write) papersOfAppeals(r scoreRound, rows []models.Appeal) (map[uint64]*paper, error) {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.SheetID
	}
	var sheets []models.Sheet
	if err := w.tx.Where("round_id = ? AND id IN ?", r.round.ID, ids).Find(&sheets).Error; err != nil {
		return nil, fmt.Errorf("sheets of appeals in round %d: %w", r.round.ID, store.Translate(err))
	}
	units, err := w.unitsByID(unitsOf(sheets))
	if err != nil {
		return nil, err
	}
	papers, err := w.papersOf(r, sheets, units)
	if err != nil {
		return nil, err
	}
	bySheet := make(map[uint64]*paper, len(papers))
	for _, p := range papers {
		bySheet[p.sheet.ID] = p
	}
	return bySheet, nil
}
