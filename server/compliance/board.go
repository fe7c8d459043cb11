package compliance

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// ObligationRef names an obligation on boards and lists.
type ObligationRef struct {
	ID     uint64
	Code   string
	Clause string
	Title  rules.Text
	Policy string
}

// BoardQuery asks for the board of a unit: one row per child.
type BoardQuery struct {
	Unit models.Unit
	Year int
	AsOf calendar.Date
	// Policy restricts the board to one policy's obligations, by its code.
	Policy string
}

// Board is who has done what: rows are the unit itself, when it has duties of
// its own, and its children; columns are obligations.
type Board struct {
	Unit        models.Unit
	Year        int
	AsOf        calendar.Date
	Obligations []ObligationRef
	Rows        []BoardRow
	// Totals has one cell per obligation over all rows.
	Totals []Cell
}

// BoardRow counts over the subtree of a child, or over the unit's own duties.
type BoardRow struct {
	Unit models.Unit
	// Own marks the row of the unit's own duties.
	Own bool
	// HasChildren tells whether the row can be opened as a board of its own.
	HasChildren bool
	// Cells has one cell per obligation of the board, in its order.
	Cells []Cell
}

// Cell counts the duties of one obligation by state. DueSoon is the part of
// Pending that is due within ten working days.
type Cell struct {
	Obligation  string
	Pending     int
	Reported    int
	Met         int
	Late        int
	Overdue     int
	Exempt      int
	Unscheduled int
	DueSoon     int
	// Extended are those whose due date the office extended, in whatever state.
	Extended int
}

// Count returns the number of duties in the state.
func (c Cell) Count(state rules.State) int {
	switch state {
	case rules.Pending:
		return c.Pending
	case rules.Reported:
		return c.Reported
	case rules.Met:
		return c.Met
	case rules.Late:
		return c.Late
	case rules.Overdue:
		return c.Overdue
	case rules.Exempt:
		return c.Exempt
	default:
		return c.Unscheduled
	}
}

// Total returns the number of all duties of the cell.
func (c Cell) Total() int {
	return c.Pending + c.Reported + c.Met + c.Late + c.Overdue + c.Exempt + c.Unscheduled
}

// Owed is the denominator of the rates: all duties but the exempt ones.
func (c Cell) Owed() int { return c.Total() - c.Exempt }

// Done is the numerator of the completion rate: met and late.
func (c Cell) Done() int { return c.Met + c.Late }

// Sum returns the cell of all the cells' duties.
func Sum(cells []Cell) Cell {
	var sum Cell
	for _, c := range cells {
		sum.add(c)
	}
	return sum
}

func (c *Cell) add(other Cell) {
	c.Pending += other.Pending
	c.Reported += other.Reported
	c.Met += other.Met
	c.Late += other.Late
	c.Overdue += other.Overdue
	c.Exempt += other.Exempt
	c.Unscheduled += other.Unscheduled
	c.DueSoon += other.DueSoon
	c.Extended += other.Extended
}
