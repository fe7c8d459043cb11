package scoring

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// points reads the points of an indicator and returns those that are written, by
// class; known is false where one could not be read.
func (p *parser) points(raw *rawIndicator, node *yaml.Node, i *Indicator, at place, classes []string) (written map[string]Amount, known bool) {
	written, known = map[string]Amount{}, true
	if keyOf(node, "points") != nil {
		if i.Points, known = p.amount(raw.Points, node, "points"); known {
			for _, class := range classes {
				written[class] = i.Points
			}
		}
	}
	if all := p.scheme.classIDs(); len(raw.PointsFor) > len(all) {
		p.fault(node, "points_for", "scoring.too_many", "Size", len(raw.PointsFor), "Max", len(all))
		return written, false
	}
	for _, class := range slices.Sorted(maps.Keys(raw.PointsFor)) {
		if !slices.Contains(classes, class) {
			p.fault(node, "points_for", "scoring.class_outside", "Value", class, "Known", classes)
			known = false
			continue
		}
		points, ok := p.amount(raw.PointsFor[class], node, "points_for")
		if i.PointsFor == nil {
			i.PointsFor = map[string]Amount{}
		}
		i.PointsFor[class], written[class] = points, points
		known = known && ok
	}
	if known && asksPoints(i, at) {
		known = p.someForEach(node, i, classes, written)
	}
	return written, known
}

// asksPoints tells whether the indicator must have points: those of a group or a
// source follow from others, and a deduction may take from others' alone.
func asksPoints(i *Indicator, at place) bool {
	switch i.Method {
	case MethodAward, MethodBonus, MethodAuto, MethodComposite:
		return !at.source
	case MethodDeduct:
		return !at.source && i.Cap == CapOwn
	default:
		return false
	}
}

// someForEach reports classes without points.
func (p *parser) someForEach(node *yaml.Node, i *Indicator, classes []string, written map[string]Amount) bool {
	if len(written) == 0 && len(classes) > 0 {
		p.fault(node, "points", "scoring.points_missing", "ID", i.ID)
		return false
	}
	for _, class := range classes {
		if points, found := written[class]; points == 0 {
			field := "points"
			if _, own := i.PointsFor[class]; own || !found {
				field = "points_for"
			}
			p.fault(node, field, "scoring.points_none", "ID", i.ID, "Class", class)
			return false
		}
	}
	return true
}

func (p *parser) amount(text string, node *yaml.Node, field string) (Amount, bool) {
	if text == "" {
		p.fault(node, field, "scoring.missing")
		return 0, false
	}
	points, wrong := ReadPoints(text)
	if wrong != nil {
		p.fault(node, field, wrong.Key, pairsOf(wrong.Args)...)
	}
	return points, wrong == nil
}

func pairsOf(args map[string]any) []any {
	var pairs []any
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// group reads the indicators of a group or a source. Their sum is what a group has;
// of a source it must be what the composite has.
func (p *parser) group(nodes []yaml.Node, node *yaml.Node, i *Indicator, at place, classes []string, written map[string]Amount) bool {
	p.require(len(nodes) > 0, node, "children", "scoring.no_children", "ID", i.ID)
	children, known := p.list(nodes, at.below(classes))
	i.Children = children
	if !known || len(children) == 0 {
		return false
	}
	sum := func(class string) Amount { return sumIn(children, class) }
	if at.source {
		p.compare(node, "children", "scoring.sum_of_source", i, classes, at.composite.PointsIn, sum)
		sum = at.composite.PointsIn
	}
	p.settle(node, i, at, classes, written, sum)
	return true
}

// settle gives a group or a source the points that follow for each class. What is
// written must be the same; when it is not, a group's counts for what stands above.
func (p *parser) settle(node *yaml.Node, i *Indicator, at place, classes []string, written map[string]Amount, follows func(string) Amount) {
	own := func(class string) Amount {
		if points, found := written[class]; found {
			return points
		}
		return follows(class)
	}
	if at.source {
		p.compare(node, "points", "scoring.sum_of_source", i, classes, follows, own)
		own = follows
	} else {
		p.compare(node, "points", "scoring.sum", i, classes, own, follows)
	}
	i.Points, i.PointsFor = 0, nil
	for n, class := range classes {
		switch points := own(class); {
		case n == 0:
			i.Points = points
		case points != i.Points && i.PointsFor == nil:
			i.PointsFor = map[string]Amount{class: points}
		case points != i.Points:
			i.PointsFor[class] = points
		}
	}
}

// compare reports points that are not the sum that they must be, classes with the
// same difference together.
func (p *parser) compare(node *yaml.Node, field, key string, i *Indicator, classes []string, points, sum func(string) Amount) {
	type gap struct{ points, sum Amount }
	var gaps []gap
	in := map[gap][]string{}
	for _, class := range classes {
		g := gap{points(class), sum(class)}
		if g.points != g.sum && in[g] == nil {
			gaps = append(gaps, g)
		}
		in[g] = append(in[g], class)
	}
	for _, g := range gaps {
		p.fault(node, field, key, "ID", i.ID, "Classes", in[g], "Points", g.points, "Sum", g.sum, "Difference", max(g.sum-g.points, g.points-g.sum))
	}
}

// sumIn adds up the points that indicators next to each other have for a class.
func sumIn(indicators []Indicator, class string) Amount {
	sum := Amount(0)
	for n := range indicators {
		if i := &indicators[n]; i.For(class) && i.Method != MethodBonus {
			sum += i.PointsIn(class)
		}
	}
	return sum
}
