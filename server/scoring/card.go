package scoring

import (
	"sundial/server/rules"
)

// Card (评分表) is a scheme as it is for one class: the lines that are scored, in
// the order of the scheme. It is made once and shared.
type Card struct {
	Class  Class
	Scheme *Scheme
	Leaves []Leaf
	// Nodes are all indicators of the class, parents before their children.
	Nodes []Node

	byID map[string]int
}

// Leaf is an indicator that is scored by a mark.
type Leaf struct {
	*Indicator
	// Points are those for the class; of the source of a composite those of the
	// composite.
	Points Amount
	// Weight is that of the composite's source it belongs to, else one point.
	Weight Amount
	// Node is its place among the card's nodes.
	Node int
}

// Node is an indicator of a card with its place in the tree. Parent is the place of
// the indicator above, -1 at the first level; Leaf its place among the leaves, -1 for
// groups and composites. Depth is 0 at the first level.
type Node struct {
	*Indicator
	Points Amount
	Parent int
	Leaf   int
	Depth  int
}

// Mark is what is entered for one leaf. The zero Mark is one where nothing was
// entered.
type Mark struct {
	// Given tells that Points was entered: what is awarded, or for a deduction what is
	// taken off. An auto indicator has States instead, or the points that they gave.
	Given  bool
	Points Amount
	// NA (不适用) tells that the indicator does not apply to the unit.
	NA bool
	// Raised tells that a veto is raised.
	Raised bool
	// States are those of the duties of an auto indicator.
	States []rules.State
}

// Problem is what is wrong with a mark; Key and Args name the message.
type Problem struct {
	Key  string
	Args map[string]any
}

// Result is what a sheet comes to.
type Result struct {
	// Scored is false where nothing applies: there is no score then.
	Scored bool
	Score  Score
	// Grade is the place among the scheme's grades, ByVeto that a veto led to it.
	Grade  int
	ByVeto bool
	// Won and Possible are the totals, Missing how many awards have no mark yet: they
	// count as nothing won.
	Won, Possible Amount
	Missing       int
}

// Arithmetic is a Result opened into its parts.
type Arithmetic struct {
	Result
	// Parts are in the order of the card's nodes.
	Parts []Part
	// Limits are what the limits let through.
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
	// Passed is what it takes from the total, Limited what it hands to its limit.
	Passed, Limited Amount
	// Lost is how many points the mark costs: points less what was won, or what was
	// taken off; 0 where nothing was entered.
	Lost Amount
	// Shares counts the duties of an auto indicator by state.
	Shares map[rules.State]int
}

// LimitPart is what a limit lets through: of Asked, Amount, negative for
// deductions; it counts in the limit Within, at the top when that is empty.
type LimitPart struct {
	Limit  Limit
	Asked  Amount
	Amount Amount
}
