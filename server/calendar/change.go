package calendar

// Change is a day of which one calendar says something else than another.
type Change struct{ Before, After Day }

// Counts tells whether terms may be counted otherwise: the day is worked or no
// longer, or known for certain or no longer.
func (c Change) Counts() bool {
	return c.Before.Working != c.After.Working || c.Before.Published != c.After.Published
}

// Renamed tells whether the day is of another kind or another holiday's.
func (c Change) Renamed() bool {
	return c.Before.Kind != c.After.Kind || c.Before.Holiday != c.After.Holiday
}

// ChangesTo returns the days that after has otherwise than c, in their order.
func (c *Calendar) ChangesTo(after *Calendar) []Change {
	first := c.first
	if first.IsZero() || !after.first.IsZero() && after.first < first {
		first = after.first
	}
	var changes []Change
	for d := first; d <= max(c.last(), after.last()); d++ {
		if was, is := c.Day(d), after.Day(d); was != is {
			changes = append(changes, Change{was, is})
		}
	}
	return changes
}

// last returns the last day that a notice could name, no date when there is none.
func (c *Calendar) last() Date {
	if len(c.days) == 0 {
		return 0
	}
	return c.days[len(c.days)-1].Date
}
