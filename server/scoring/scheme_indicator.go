package scoring

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sundial/server/rules"
	"sundial/server/strictyaml"
)

// rawIndicator is an indicator, or a source, as written.
type rawIndicator struct {
	ID          string            `yaml:"id"`
	Title       rules.Text        `yaml:"title,flow"`
	Clause      string            `yaml:"clause,omitempty"`
	Counts      rules.Text        `yaml:"counts,flow,omitempty"`
	Method      Method            `yaml:"method,omitempty"`
	Classes     []string          `yaml:"classes,flow,omitempty"`
	Weight      string            `yaml:"weight,omitempty"`
	Points      string            `yaml:"points,omitempty"`
	PointsFor   map[string]string `yaml:"points_for,flow,omitempty"`
	Cap         string            `yaml:"cap,omitempty"`
	Obligations []string          `yaml:"obligations,flow,omitempty"`
	LateShare   string            `yaml:"late_share,omitempty"`
	Grade       string            `yaml:"grade,omitempty"`
	Children    []yaml.Node       `yaml:"children,omitempty"`
	Sources     []yaml.Node       `yaml:"sources,omitempty"`
}

// place is where an indicator stands: its level from 1 on (a source stands at that
// of its composite), the classes that what stands above it is for, and the composite
// around it. A source has the composite's points.
type place struct {
	level     int
	classes   []string
	composite *Indicator
	source    bool
}

// below is the place of the indicators of a group, or of a source.
func (at place) below(classes []string) place {
	return place{level: at.level + 1, classes: classes, composite: at.composite}
}

func (p *parser) indicators(nodes []yaml.Node) {
	p.require(len(nodes) > 0, p.root, "indicators", "scoring.missing")
	classes := p.scheme.classIDs()
	var known bool
	p.scheme.Indicators, known = p.list(nodes, place{level: 1, classes: classes})
	p.require(p.count <= maxIndicators, p.root, "indicators", "scoring.too_many", "Size", p.count, "Max", maxIndicators)
	if !known || len(nodes) == 0 {
		return
	}
	for _, class := range classes {
		p.require(sumIn(p.scheme.Indicators, class) > 0, p.root, "classes", "scoring.class_empty", "Class", class)
	}
}

// list reads indicators that stand next to each other; known is false where the
// points of one of them could not be read.
func (p *parser) list(nodes []yaml.Node, at place) (list []Indicator, known bool) {
	known = true
	for i := range nodes {
		if p.count++; p.count > maxIndicators || p.problems.Full() {
			known = false
			continue
		}
		indicator, sound := p.indicator(&nodes[i], at)
		list = append(list, indicator)
		known = known && sound
	}
	return list, known
}

// indicator reads one, with all below it; known is false where its points, or those
// below it, could not be read.
func (p *parser) indicator(node *yaml.Node, at place) (i Indicator, known bool) {
	var raw rawIndicator
	p.add(node, strictyaml.Decode(node, &raw))
	if at.level > maxLevels {
		p.fault(node, "id", "scoring.too_deep", "Max", maxLevels)
		return i, false
	}
	i = Indicator{ID: raw.ID, Title: raw.Title, Clause: raw.Clause, Counts: raw.Counts, Method: methodOf(&raw, at),
		Classes: raw.Classes, Obligations: raw.Obligations, Grade: raw.Grade, Line: node.Line}
	p.unique(raw.ID, node)
	p.method(&raw, node, &i, at)
	p.texts(&raw, node, &i, at)
	classes := p.classesOf(&i, node, at)
	p.cap(&raw, node, &i, at)
	written, known := p.points(&raw, node, &i, at, classes)
	switch i.Method {
	case MethodVeto:
		_, found := p.scheme.gradePlace(i.Grade)
		p.require(found, node, "grade", "scoring.unknown_grade", "Value", i.Grade, "Known", p.scheme.gradeIDs())
	case MethodAuto:
		p.auto(&raw, node, &i)
	case MethodComposite:
		known = p.composite(raw.Sources, node, &i, at, classes) && known
	case MethodGroup:
		known = p.group(raw.Children, node, &i, at, classes, written) && known
	}
	if at.source && i.Method != MethodGroup {
		p.settle(node, &i, at, classes, written, at.composite.PointsIn)
	}
	return i, known
}

// methodOf returns the method as written, or what follows from where it is left out:
// a group has children, a source without is an award.
func methodOf(raw *rawIndicator, at place) Method {
	switch {
	case raw.Method != "":
		return raw.Method
	case len(raw.Children) > 0:
		return MethodGroup
	case at.source:
		return MethodAward
	default:
		return ""
	}
}

var methods = []Method{MethodGroup, MethodAward, MethodDeduct, MethodBonus, MethodVeto, MethodAuto, MethodComposite}

// fieldsOf are the fields that a method has beside those of all.
var fieldsOf = map[Method][]string{
	MethodGroup:     {"points", "points_for", "children"},
	MethodAward:     {"points", "points_for"},
	MethodDeduct:    {"points", "points_for", "cap"},
	MethodBonus:     {"points", "points_for", "cap"},
	MethodVeto:      {"grade"},
	MethodAuto:      {"points", "points_for", "obligations", "late_share"},
	MethodComposite: {"points", "points_for", "sources"},
}

// method checks the method and that no field of another one stands there.
func (p *parser) method(raw *rawIndicator, node *yaml.Node, i *Indicator, at place) {
	switch {
	case !slices.Contains(methods, i.Method):
		p.fault(node, "method", "scoring.unknown_method", "Value", raw.Method, "Known", methods)
		return
	case at.source && i.Method != MethodAward && i.Method != MethodGroup:
		p.fault(node, "method", "scoring.source_method", "Value", i.Method)
	case at.composite != nil && i.Method == MethodComposite:
		p.fault(node, "method", "scoring.composite_within", "Composite", at.composite.ID)
	}
	for _, field := range []string{"points", "points_for", "cap", "grade", "obligations", "late_share", "children", "sources"} {
		if !slices.Contains(fieldsOf[i.Method], field) && keyOf(node, field) != nil {
			p.fault(node, field, "scoring.field_of_other", "Method", i.Method, "Fields", fieldsOf[i.Method])
		}
	}
	if at.source {
		weight, ok := ParseShare(raw.Weight)
		if ok = ok && weight > 0; ok {
			i.Weight = weight
		}
		p.require(ok, node, "weight", "scoring.bad_weight", "Value", raw.Weight)
		p.require(keyOf(node, "classes") == nil, node, "classes", "scoring.source_classes", "Composite", at.composite.ID)
	} else {
		p.require(keyOf(node, "weight") == nil, node, "weight", "scoring.weight_elsewhere")
	}
}

// texts checks what people read. A group or a source only has to have a title.
func (p *parser) texts(raw *rawIndicator, node *yaml.Node, i *Indicator, at place) {
	p.text(raw.Title, node, "title")
	p.fits(raw.Clause, maxClause, node, "clause")
	asked := i.Method != MethodGroup && !at.source
	p.require(strings.TrimSpace(raw.Clause) != "" || !asked && raw.Clause == "", node, "clause", "scoring.no_clause", "ID", raw.ID)
	if asked || raw.Counts != (rules.Text{}) {
		p.text(raw.Counts, node, "counts")
	}
}

// classesOf checks for which classes the indicator is and returns them, in the
// order of the scheme.
func (p *parser) classesOf(i *Indicator, node *yaml.Node, at place) []string {
	p.require(i.Classes == nil || len(i.Classes) > 0, node, "classes", "scoring.missing")
	if all := p.scheme.classIDs(); len(i.Classes) > len(all) {
		p.fault(node, "classes", "scoring.too_many", "Size", len(i.Classes), "Max", len(all))
		i.Classes = i.Classes[:len(all)]
	}
	for n, class := range i.Classes {
		switch {
		case !slices.Contains(p.scheme.classIDs(), class):
			p.fault(node, "classes", "scoring.unknown_class", "Value", class, "Known", p.scheme.classIDs())
		case !slices.Contains(at.classes, class):
			p.fault(node, "classes", "scoring.class_outside", "Value", class, "Known", at.classes)
		case slices.Contains(i.Classes[:n], class):
			p.fault(node, "classes", "scoring.id_twice", "Value", class)
		}
	}
	var classes []string
	for _, class := range at.classes {
		if i.For(class) {
			classes = append(classes, class)
		}
	}
	return classes
}

// auto checks the obligations and the share of a late duty. Its points have no more
// decimals than what it wins of them.
func (p *parser) auto(raw *rawIndicator, node *yaml.Node, i *Indicator) {
	p.require(len(i.Obligations) > 0, node, "obligations", "scoring.no_obligations")
	if len(i.Obligations) > maxObligations {
		p.fault(node, "obligations", "scoring.too_many", "Size", len(i.Obligations), "Max", maxObligations)
		i.Obligations = i.Obligations[:maxObligations]
	}
	for n, id := range i.Obligations {
		p.require(obligationID.MatchString(id), node, "obligations", "scoring.bad_obligation", "Value", id)
		p.require(!slices.Contains(i.Obligations[:n], id), node, "obligations", "scoring.id_twice", "Value", id)
	}
	share, ok := ParseShare(raw.LateShare)
	p.require(ok, node, "late_share", "scoring.bad_late_share", "Value", raw.LateShare)
	i.LateShare = share
	p.require(i.Points%hundredth == 0, node, "points", "scoring.auto_decimals", "Value", i.Points)
	for _, class := range p.scheme.classIDs() {
		points := i.PointsFor[class]
		p.require(points%hundredth == 0, node, "points_for", "scoring.auto_decimals", "Value", points)
	}
}

// composite reads the sources; their weights are all of it.
func (p *parser) composite(nodes []yaml.Node, node *yaml.Node, i *Indicator, at place, classes []string) (known bool) {
	p.require(len(nodes) > 0, node, "sources", "scoring.no_sources")
	i.Children, known = p.list(nodes, place{level: at.level, classes: classes, composite: i, source: true})
	sum, all := Amount(0), true
	for _, source := range i.Children {
		sum += source.Weight
		all = all && source.Weight > 0
	}
	p.require(sum == Point || !all || len(nodes) == 0, node, "sources", "scoring.weights_sum", "ID", i.ID, "Sum", sum)
	return known
}
