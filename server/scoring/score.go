package scoring

import "math/bits"

// Result is what a sheet comes to.
type Result struct {
	// Scored is false where nothing applies: there is no score and no grade then.
	Scored bool
	Score  Score
	// Grade is the place among the scheme's grades, -1 without a score; ByVeto tells
	// that a veto made it worse than the score's own.
	Grade  int
	ByVeto bool
	// Won and Possible are the totals, Missing how many awards have no mark yet: they
	// count as nothing won.
	Won, Possible Amount
	Missing       int
}

// Score returns what the marks come to, one for each leaf in their order.
func (c *Card) Score(marks []Mark) Result {
	// Most schemes fit here, so that nothing has to be allocated.
	var lines [128]line
	var limits [16]limitLine
	r := reckoning{lines: room(lines[:], len(c.Nodes)), limits: room(limits[:], len(c.limits))}
	r.run(c, marks)
	return r.Result
}

func room[T any](fixed []T, size int) []T {
	if size <= len(fixed) {
		return fixed[:size]
	}
	return make([]T, size)
}

// reckoning is one sheet as it is added up: the only arithmetic of scores there is.
type reckoning struct {
	Result
	lines         []line      // of the card's nodes
	limits        []limitLine // of the card's limits
	passed, floor Amount
	capped        bool
}

// line is what a node comes to, as in Part.
type line struct {
	applicable                            bool
	won, possible, floor, passed, limited Amount
}

// limitLine is what a limit comes to, as in LimitPart.
type limitLine struct{ asked, amount Amount }

// run goes through the nodes from the last to the first, so that what is below a
// node has been added to it before the node itself is added to the one above.
func (r *reckoning) run(c *Card, marks []Mark) {
	veto := 0
	for n := len(c.Nodes) - 1; n >= 0; n-- {
		node, l := &c.Nodes[n], &r.lines[n]
		if node.Leaf >= 0 {
			mark := &marks[node.Leaf]
			if node.Method == MethodVeto {
				l.applicable = true
				if mark.Raised {
					veto = max(veto, c.vetoes[node.Leaf])
				}
				continue
			}
			r.leaf(c, node, mark, l)
		} else if l.won < 0 {
			l.won, l.floor = 0, -l.won
		}
		if l.applicable {
			r.raise(c, node, l)
		}
	}
	r.through(c)
	if r.Won += r.passed; r.Won < 0 {
		r.Won, r.floor = 0, -r.Won
	}
	r.rate(c, veto)
}

// leaf fills the line of a leaf from its mark.
func (r *reckoning) leaf(c *Card, node *Node, mark *Mark, l *line) {
	if mark.NA {
		return
	}
	l.applicable, l.possible = true, node.Points
	entered := mark.Points
	if !mark.Given {
		entered = 0
	}
	switch node.Method {
	case MethodAward:
		l.won = entered
		if !mark.Given {
			r.Missing++
		}
	case MethodAuto:
		l.won = entered
		if !mark.Given {
			l.won, l.applicable = node.share(node.Points, mark.States)
		}
		if !l.applicable {
			l.possible = 0
		}
	case MethodBonus:
		l.won, l.possible = entered, 0
		if limit := c.limited[node.Leaf]; limit >= 0 {
			l.won, l.limited = 0, entered
			r.limits[limit].asked += entered
		}
	case MethodDeduct:
		r.deduct(c, node, entered, l)
	}
}

// deduct takes points off where the cap says.
func (r *reckoning) deduct(c *Card, node *Node, taken Amount, l *line) {
	l.won = node.Points
	switch limit := c.limited[node.Leaf]; {
	case limit >= 0:
		l.limited = -taken
		r.limits[limit].asked -= taken
	case node.Cap == CapParent:
		l.won -= taken
	default:
		own := min(taken, node.Points)
		l.won -= own
		if node.Cap == CapNone {
			l.passed = own - taken
			r.passed += l.passed
		}
	}
}

// raise adds a line to the one above it, that of a source with its weight, or to
// the total.
func (r *reckoning) raise(c *Card, node *Node, l *line) {
	if node.Parent < 0 {
		r.Won += l.won
		r.Possible += l.possible
		return
	}
	won, possible := l.won, l.possible
	if c.Nodes[node.Parent].Method == MethodComposite {
		won, possible = won.times(node.Weight), possible.times(node.Weight)
	}
	above := &r.lines[node.Parent]
	above.applicable = true
	above.won += won
	above.possible += possible
}

// through lets pass what the limits let: to the limit around them, or to the total.
func (r *reckoning) through(c *Card) {
	for n, limit := range c.limits {
		l := &r.limits[n]
		l.amount = max(min(l.asked, limit.Most), -limit.Most)
		if limit.within >= 0 {
			r.limits[limit.within].asked += l.amount
		} else {
			r.Won += l.amount
		}
	}
}

// rate turns the totals into score and grade. Whatever is above the class's maximum
// is cut before the division, so that no quotient is too large.
func (r *reckoning) rate(c *Card, veto int) {
	if r.Grade = -1; r.Possible <= 0 {
		return
	}
	r.Scored = true
	high, low := bits.Mul64(uint64(r.Won), uint64(fullMarks))
	mostHigh, mostLow := bits.Mul64(uint64(r.Possible), uint64(c.Class.Maximum))
	if r.capped = high > mostHigh || high == mostHigh && low > mostLow; r.capped {
		r.Score = c.Class.Maximum
	} else {
		r.Score = Score(divideHalfUp(high, low, uint64(r.Possible)))
	}
	earned := c.Scheme.GradeOf(r.Score)
	r.Grade, r.ByVeto = max(earned, veto), veto > earned
}

// Ranks returns the ranks of scores that stand from best to worst: 1, 2, 2, 4.
func Ranks(scores []Score) []int {
	ranks := make([]int, len(scores))
	for n, score := range scores {
		if n > 0 && score == scores[n-1] {
			ranks[n] = ranks[n-1]
		} else {
			ranks[n] = n + 1
		}
	}
	return ranks
}
