package web

import (
	"strings"

	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// CellView is a cell of a board as it is drawn: its counts, a proportion bar
// and the list behind it.
type CellView struct {
	compliance.Cell
	URL string
}

// StateCount is the number of duties in a state.
type StateCount struct {
	State rules.State
	Count int
}

// Counts lists the states of the cell that have duties, in the order in which
// states are shown.
func (c CellView) Counts() []StateCount {
	var counts []StateCount
	for _, state := range rules.States {
		if n := c.Count(state); n > 0 {
			counts = append(counts, StateCount{state, n})
		}
	}
	return counts
}

// Only is the state of the cell's one duty, empty when it has more or none.
func (c CellView) Only() rules.State {
	if c.Total() != 1 {
		return ""
	}
	return c.Counts()[0].State
}

// Settled tells that nothing of the cell is left to do or to decide.
func (c CellView) Settled() bool { return c.Total() > 0 && c.Met+c.Late+c.Exempt == c.Total() }

// Segment is one stretch of a proportion bar, in duties.
type Segment struct {
	State    rules.State
	X, Width int
}

// Segments lays the counts end to end.
func (c CellView) Segments() []Segment {
	var segments []Segment
	x := 0
	for _, count := range c.Counts() {
		segments = append(segments, Segment{count.State, x, count.Count})
		x += count.Count
	}
	return segments
}

// Completion is the share of owed duties that are done.
func (c CellView) Completion() string { return rate(c.Done(), c.Owed()) }

// InTime is the share of owed duties that were done in time.
func (c CellView) InTime() string { return rate(c.Met, c.Owed()) }

// barOf is the rate as the length of a bar, in percent; 0 of nothing.
func barOf(part, whole int) float64 {
	if of := bulletin.RateOf(part, whole); of != nil {
		return float64(*of) / 100
	}
	return 0
}

// rate returns part of whole as a percentage, to the hundredth as bulletins have it; a
// whole number has no decimals. Of nothing there is no rate.
func rate(part, whole int) string {
	of := bulletin.RateOf(part, whole)
	if of == nil {
		return "–"
	}
	return strings.TrimSuffix(of.String(), ".00") + "%"
}
