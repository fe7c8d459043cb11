package scoring

import "slices"

// Card (评分表) is a scheme as it is for one class: the lines that are scored, in
// the order of the scheme. It is made once and shared.
type Card struct {
	Class  Class
	Scheme *Scheme
	Leaves []Leaf
	// Nodes are all indicators of the class, parents before their children.
	Nodes []Node

	byID map[string]int
	// limits are those that bound something of the class, inner ones before those they
	// lie within; limited is the place there of each leaf's limit, or -1.
	limits  []cardLimit
	limited []int
	// vetoes is the place of the grade of each leaf that is a veto, else 0.
	vetoes []int
}

// cardLimit is a limit of a card; within is the place of the one it lies within
// among the card's limits, -1 at the top.
type cardLimit struct {
	*Limit
	within int
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
// groups and composites. Depth is 0 at the first level, and one more for each
// indicator above, sources too.
type Node struct {
	*Indicator
	Points Amount
	Parent int
	Leaf   int
	Depth  int
}

// Card returns the scheme as it is for the class; found is false for a class that
// the scheme does not have.
func (s *Scheme) Card(class string) (card *Card, found bool) {
	card, found = s.cards[class]
	return card, found
}

// Leaf returns the place of the leaf with the id among the card's leaves.
func (c *Card) Leaf(id string) (place int, found bool) {
	place, found = c.byID[id]
	return place, found
}

// makeCards makes the card of each class.
func (s *Scheme) makeCards() {
	s.cards = make(map[string]*Card, len(s.Classes))
	for _, class := range s.Classes {
		card := &Card{Class: class, Scheme: s, byID: map[string]int{}}
		card.grow(s.Indicators, Node{Parent: -1, Depth: -1}, -1, Point)
		card.bound()
		s.cards[class.ID] = card
	}
}

// grow adds indicators and all below them that are for the class.
func (c *Card) grow(indicators []Indicator, parent Node, place int, weight Amount) {
	for n := range indicators {
		i := &indicators[n]
		if !i.For(c.Class.ID) {
			continue
		}
		below := weight
		if i.Weight > 0 {
			below = i.Weight
		}
		node := Node{Indicator: i, Points: i.PointsIn(c.Class.ID), Parent: place, Leaf: -1, Depth: parent.Depth + 1}
		if i.Method != MethodGroup && i.Method != MethodComposite {
			node.Leaf = len(c.Leaves)
			c.byID[i.ID] = node.Leaf
			c.Leaves = append(c.Leaves, Leaf{Indicator: i, Points: node.Points, Weight: below, Node: len(c.Nodes)})
		}
		c.Nodes = append(c.Nodes, node)
		c.grow(i.Children, node, len(c.Nodes)-1, below)
	}
}

// bound finds the limits of the leaves and the grades of the vetoes.
func (c *Card) bound() {
	used := map[string]bool{}
	for _, leaf := range c.Leaves {
		for limit, found := c.Scheme.limitOf(leaf.Indicator); found; limit, found = c.Scheme.Limit(limit.Within) {
			used[limit.ID] = true
		}
	}
	for n := range c.Scheme.Limits {
		if limit := &c.Scheme.Limits[n]; used[limit.ID] {
			c.limits = append(c.limits, cardLimit{Limit: limit})
		}
	}
	slices.SortStableFunc(c.limits, func(a, b cardLimit) int { return c.Scheme.nesting(b.Limit) - c.Scheme.nesting(a.Limit) })
	for n := range c.limits {
		c.limits[n].within = c.limitPlace(c.limits[n].Within)
	}
	c.limited, c.vetoes = make([]int, len(c.Leaves)), make([]int, len(c.Leaves))
	for n, leaf := range c.Leaves {
		c.limited[n] = -1
		if limit, found := c.Scheme.limitOf(leaf.Indicator); found {
			c.limited[n] = c.limitPlace(limit.ID)
		}
		if leaf.Method == MethodVeto {
			c.vetoes[n], _ = c.Scheme.gradePlace(leaf.Grade)
		}
	}
}

func (c *Card) limitPlace(id string) int {
	return slices.IndexFunc(c.limits, func(l cardLimit) bool { return l.ID == id })
}

// limitOf returns the limit of a deduction or a bonus that has one.
func (s *Scheme) limitOf(i *Indicator) (*Limit, bool) {
	if i.Method != MethodDeduct && i.Method != MethodBonus {
		return nil, false
	}
	return s.Limit(i.Cap)
}

// nesting tells within how many limits a limit lies.
func (s *Scheme) nesting(limit *Limit) int {
	depth := 0
	for outer, found := s.Limit(limit.Within); found; outer, found = s.Limit(outer.Within) {
		depth++
	}
	return depth
}
