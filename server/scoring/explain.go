package scoring

import "sundial/server/rules"

// Arithmetic is a Result opened into its parts.
type Arithmetic struct {
	Result
	// Parts are in the order of the card's nodes.
	Parts []Part
	// Limits are what the limits of the class let through, inner ones before those
	// they lie within.
	Limits []LimitPart
	// Passed is what uncapped deductions take from the total, not above 0. Floor is
	// what is added so that the total is not below 0.
	//
	//	Won = Σ Won of the first level + Passed + Σ Amount of Limits at the top + Floor
	Passed, Floor Amount
	// Exact is the score before rounding, cut off after eight decimals; Capped
	// tells that the class's maximum cut it.
	Exact  string
	Capped bool
}

// Part is one indicator in the arithmetic.
type Part struct {
	Node       Node
	Mark       Mark
	Applicable bool
	// Won and Possible are its own; inside a source they are not yet weighted. Floor
	// is what a group was lifted by so as not to be below 0. Of a group, Won = Σ Won of
	// the applicable children + Floor; of a composite Σ Weight × Won.
	Won, Possible, Floor Amount
	// Passed is what it takes from the total, not above 0; Limited what it hands to
	// its limit, negative for a deduction.
	Passed, Limited Amount
	// Lost is how many points the mark costs: points less what was won, or what was
	// taken off; 0 where nothing was entered.
	Lost Amount
	// Shares counts the duties of an auto indicator by state.
	Shares map[rules.State]int
}

// LimitPart is what a limit lets through: of Asked, Amount, both negative for
// deductions; it counts in the limit Within, at the top when that is empty.
type LimitPart struct {
	Limit  Limit
	Asked  Amount
	Amount Amount
}

// Explain returns what Score returns, opened into its parts.
func (c *Card) Explain(marks []Mark) Arithmetic {
	r := reckoning{lines: make([]line, len(c.Nodes)), limits: make([]limitLine, len(c.limits))}
	r.run(c, marks)
	a := Arithmetic{Result: r.Result, Passed: r.passed, Floor: r.floor, Capped: r.capped}
	for n, node := range c.Nodes {
		l := r.lines[n]
		part := Part{Node: node, Applicable: l.applicable, Won: l.won, Possible: l.possible, Floor: l.floor,
			Passed: l.passed, Limited: l.limited}
		if node.Leaf >= 0 {
			part.Mark = marks[node.Leaf]
			part.Lost, part.Shares = part.lost(), counted(part.Mark.States)
		}
		a.Parts = append(a.Parts, part)
	}
	for n, limit := range c.limits {
		a.Limits = append(a.Limits, LimitPart{Limit: *limit.Limit, Asked: r.limits[n].asked, Amount: r.limits[n].amount})
	}
	if r.Scored {
		quotient, _ := r.Won.Decimal().Shift(2).QuoRem(r.Possible.Decimal(), 8)
		a.Exact = quotient.String()
	}
	return a
}

func (p *Part) lost() Amount {
	entered := p.Mark.Given || len(p.Mark.States) > 0
	switch {
	case !p.Applicable || !entered:
		return 0
	case p.Node.Method == MethodAward, p.Node.Method == MethodAuto, p.Node.Method == MethodDeduct && p.Node.Cap == CapOwn:
		return p.Node.Points - p.Won
	case p.Node.Method == MethodDeduct:
		return p.Mark.Points
	default:
		return 0
	}
}

func counted(states []rules.State) map[rules.State]int {
	if len(states) == 0 {
		return nil
	}
	shares := map[rules.State]int{}
	for _, state := range states {
		shares[state]++
	}
	return shares
}
