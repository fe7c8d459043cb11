package scoring_test

import (
	"math/big"

	"sundial/server/rules"
	"sundial/server/scoring"
)

// naive scores a sheet in fractions, by recursion over the scheme as it was drawn,
// before it was written and read: what the package does, done in another way.
type naive struct {
	scheme *scoring.Scheme
	class  string
	marks  map[string]scoring.Mark

	passed *big.Rat
	asked  map[string]*big.Rat
	veto   int
}

// sum is what an indicator won of what was possible.
type sum struct {
	won, possible *big.Rat
	applies       bool
}

func fraction(a scoring.Amount) *big.Rat { return big.NewRat(int64(a), int64(scoring.Point)) }

func (n *naive) result() (scored bool, won, possible *big.Rat, score scoring.Score, grade int) {
	n.passed, n.asked = new(big.Rat), map[string]*big.Rat{}
	for _, limit := range n.scheme.Limits {
		n.asked[limit.ID] = new(big.Rat)
	}
	total := n.all(n.scheme.Indicators, func(i *scoring.Indicator) (sum, *big.Rat) { return n.indicator(i, nil), big.NewRat(1, 1) })
	total.won.Add(total.won, n.passed)
	for _, limit := range n.scheme.Limits {
		if limit.Within == "" {
			total.won.Add(total.won, n.through(limit))
		}
	}
	if total.won.Sign() < 0 {
		total.won = new(big.Rat)
	}
	if total.possible.Sign() == 0 {
		return false, total.won, total.possible, 0, -1
	}
	score = n.rounded(total)
	for grade = 0; score < n.scheme.Grades[grade].From; grade++ {
	}
	return true, total.won, total.possible, score, max(grade, n.veto)
}

// rounded is the score, half up to the hundredth, at most the class's maximum.
func (n *naive) rounded(total sum) scoring.Score {
	exact := new(big.Rat).Quo(total.won, total.possible)
	exact.Mul(exact, big.NewRat(10000, 1)).Add(exact, big.NewRat(1, 2))
	score := new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
	for _, class := range n.scheme.Classes {
		if class.ID == n.class {
			return min(scoring.Score(score), class.Maximum)
		}
	}
	panic("no class " + n.class)
}

// all adds indicators up, each with its weight.
func (n *naive) all(indicators []scoring.Indicator, of func(*scoring.Indicator) (sum, *big.Rat)) sum {
	total := sum{won: new(big.Rat), possible: new(big.Rat)}
	for k := range indicators {
		if !indicators[k].For(n.class) {
			continue
		}
		one, weight := of(&indicators[k])
		if one.applies {
			total.applies = true
			total.won.Add(total.won, new(big.Rat).Mul(weight, one.won))
			total.possible.Add(total.possible, new(big.Rat).Mul(weight, one.possible))
		}
	}
	return total
}

// indicator scores one; a source has the points of its composite.
func (n *naive) indicator(i *scoring.Indicator, composite *scoring.Indicator) sum {
	points := i.PointsIn(n.class)
	if composite != nil {
		points = composite.PointsIn(n.class)
	}
	switch i.Method {
	case scoring.MethodGroup:
		group := n.all(i.Children, func(child *scoring.Indicator) (sum, *big.Rat) { return n.indicator(child, nil), big.NewRat(1, 1) })
		if group.won.Sign() < 0 {
			group.won = new(big.Rat)
		}
		return group
	case scoring.MethodComposite:
		return n.all(i.Children, func(source *scoring.Indicator) (sum, *big.Rat) {
			return n.indicator(source, i), fraction(source.Weight)
		})
	default:
		return n.leaf(i, n.marks[i.ID], fraction(points))
	}
}

func (n *naive) leaf(i *scoring.Indicator, mark scoring.Mark, points *big.Rat) sum {
	entered := fraction(mark.Points)
	none := new(big.Rat)
	switch {
	case i.Method == scoring.MethodVeto:
		for place, grade := range n.scheme.Grades {
			if mark.Raised && grade.ID == i.Grade {
				n.veto = max(n.veto, place)
			}
		}
		return sum{}
	case mark.NA:
		return sum{}
	case i.Method == scoring.MethodAward:
		return sum{entered, points, true}
	case i.Method == scoring.MethodAuto:
		return n.auto(i, mark, points)
	case i.Method == scoring.MethodBonus && i.Cap != "":
		n.asked[i.Cap].Add(n.asked[i.Cap], entered)
		return sum{none, none, true}
	case i.Method == scoring.MethodBonus:
		return sum{entered, none, true}
	}
	rest := new(big.Rat).Sub(points, entered)
	switch {
	case i.Cap == scoring.CapParent, rest.Sign() >= 0 && (i.Cap == scoring.CapOwn || i.Cap == scoring.CapNone):
		return sum{rest, points, true}
	case i.Cap == scoring.CapOwn:
		return sum{none, points, true}
	case i.Cap == scoring.CapNone:
		n.passed.Add(n.passed, rest)
		return sum{none, points, true}
	default:
		n.asked[i.Cap].Sub(n.asked[i.Cap], entered)
		return sum{points, points, true}
	}
}

func (n *naive) auto(i *scoring.Indicator, mark scoring.Mark, points *big.Rat) sum {
	if mark.Given {
		return sum{fraction(mark.Points), points, true}
	}
	part, count := new(big.Rat), int64(0)
	for _, state := range mark.States {
		switch state {
		case rules.Met:
			part.Add(part, big.NewRat(1, 1))
			count++
		case rules.Late:
			part.Add(part, fraction(i.LateShare))
			count++
		case rules.Overdue:
			count++
		}
	}
	if count == 0 {
		return sum{}
	}
	hundredths := part.Mul(part, points).Mul(part, big.NewRat(100, count)).Add(part, big.NewRat(1, 2))
	won := new(big.Int).Quo(hundredths.Num(), hundredths.Denom())
	return sum{new(big.Rat).SetFrac(won, big.NewInt(100)), points, true}
}

// through is what a limit lets through.
func (n *naive) through(limit scoring.Limit) *big.Rat {
	asked := new(big.Rat).Set(n.asked[limit.ID])
	for _, inner := range n.scheme.Limits {
		if inner.Within == limit.ID {
			asked.Add(asked, n.through(inner))
		}
	}
	most := fraction(limit.Most)
	switch {
	case asked.Cmp(most) > 0:
		return most
	case asked.Cmp(new(big.Rat).Neg(most)) < 0:
		return most.Neg(most)
	default:
		return asked
	}
}
