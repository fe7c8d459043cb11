package supervision

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// FindingState is where a finding stands on a day.
type FindingState string

// The states of a finding. All but the first two and the last are those of its
// rectification.
const (
	FindingOverdue   FindingState = "overdue"  // not answered, and the due date has passed
	FindingOpen      FindingState = "open"     // the unit has to put it right
	FindingAnswered  FindingState = "answered" // the office checks
	FindingClosed    FindingState = "closed"   // 销号
	FindingNoted     FindingState = "noted"    // nothing is demanded
	FindingWithdrawn FindingState = "withdrawn"
)

// FindingStates are all, those that wait first.
var FindingStates = []FindingState{FindingOverdue, FindingOpen, FindingAnswered, FindingClosed, FindingNoted, FindingWithdrawn}

// Settled tells that nothing is to be done any more.
func (s FindingState) Settled() bool {
	return s == FindingClosed || s == FindingNoted || s == FindingWithdrawn
}

// findingState is the state of findings f with the last step p of their rectification that
// was known on a day, which is given twice; and whether what was closed had been answered
// in time, the day being given once: what the unit did counts, not when the office looked.
const (
	findingState = "CASE WHEN f.withdrawn_on IS NOT NULL AND f.withdrawn_on <= ? THEN 'withdrawn' WHEN f.noted = ? OR p.act = 'withdraw' THEN 'noted'" +
		" WHEN p.act = 'close' THEN 'closed' WHEN p.act = 'answer' THEN 'answered' WHEN p.due_on < ? THEN 'overdue' ELSE 'open' END"
	answeredInTime = "(p.act = 'close' AND EXISTS (SELECT 1 FROM rectification_steps a WHERE a.done_on <= p.due_on AND a.id =" +
		" (SELECT MAX(b.id) FROM rectification_steps b WHERE b.rectification_id = r.id AND b.act = 'answer' AND b.id < p.id)))"
)

// findingsOn begins a query on findings f that were known on the day, with their units u,
// inspections i, rectifications r and the last steps p of these.
func findingsOn(tx *gorm.DB, day calendar.Date) *gorm.DB {
	return tx.Table("findings f").Joins("JOIN units u ON u.id = f.unit_id").Joins("JOIN inspections i ON i.id = f.inspection_id").
		Joins("LEFT JOIN rectifications r ON r.finding_id = f.id").
		Joins("LEFT JOIN rectification_steps p ON p.id = (SELECT MAX(l.id) FROM rectification_steps l WHERE l.rectification_id = r.id AND l.done_on <= ?)", day).
		Where("f.found_on <= ?", day)
}

// FindingCount counts findings by state. Found are all but those withdrawn; InTime those
// closed that the unit had put right by their due date.
type FindingCount struct {
	Found, Overdue, Open, Answered, Closed, InTime, Noted, Withdrawn int
}

// Demanded are those for which rectification is demanded, NotClosed those of them that wait.
func (c FindingCount) Demanded() int { return c.Found - c.Noted }

// NotClosed are those that are not put right yet.
func (c FindingCount) NotClosed() int { return c.Overdue + c.Open + c.Answered }

// Of returns the count of a state.
func (c FindingCount) Of(state FindingState) int {
	return map[FindingState]int{FindingOverdue: c.Overdue, FindingOpen: c.Open, FindingAnswered: c.Answered, FindingClosed: c.Closed,
		FindingNoted: c.Noted, FindingWithdrawn: c.Withdrawn}[state]
}

// Plus adds two counts.
func (c FindingCount) Plus(d FindingCount) FindingCount {
	return FindingCount{c.Found + d.Found, c.Overdue + d.Overdue, c.Open + d.Open, c.Answered + d.Answered, c.Closed + d.Closed, c.InTime + d.InTime,
		c.Noted + d.Noted, c.Withdrawn + d.Withdrawn}
}

// counted is the count of findings in one state.
func counted(state FindingState, inTime bool, n int) FindingCount {
	c := FindingCount{Found: n}
	switch state {
	case FindingOverdue:
		c.Overdue = n
	case FindingOpen:
		c.Open = n
	case FindingAnswered:
		c.Answered = n
	case FindingNoted:
		c.Noted = n
	case FindingWithdrawn:
		return FindingCount{Withdrawn: n}
	case FindingClosed:
		c.Closed = n
		if inTime {
			c.InTime = n
		}
	}
	return c
}

// countFindings counts the findings of a query of findingsOn the day, by the column of an
// id and by severity.
func countFindings(query *gorm.DB, column string, day calendar.Date) (map[uint64]map[models.Severity]FindingCount, error) {
	var rows []struct {
		Key      uint64 `gorm:"column:counted_by"`
		Severity models.Severity
		State    FindingState
		InTime   bool
		Count    int `gorm:"column:findings"`
	}
	err := query.Select(column+" AS counted_by, f.severity, "+findingState+" AS state, "+answeredInTime+" AS in_time, COUNT(*) AS findings", day, true, day).
		Group("counted_by, f.severity, state, in_time").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count findings: %w", store.Translate(err))
	}
	counts := map[uint64]map[models.Severity]FindingCount{}
	for _, row := range rows {
		if counts[row.Key] == nil {
			counts[row.Key] = map[models.Severity]FindingCount{}
		}
		counts[row.Key][row.Severity] = counts[row.Key][row.Severity].Plus(counted(row.State, row.InTime, row.Count))
	}
	return counts, nil
}
