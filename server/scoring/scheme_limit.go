package scoring

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sundial/server/strictyaml"
)

// limits reads the limits; whether they are used is known once the indicators are
// read.
func (p *parser) limits(nodes []yaml.Node) {
	if nodes == nil {
		return
	}
	nodes = p.several(nodes, "limits", maxLimits)
	for n := range nodes {
		node := &nodes[n]
		var raw rawLimit
		p.add(node, strictyaml.Decode(node, &raw))
		p.unique(raw.ID, node)
		reserved := []string{CapOwn, CapParent, CapNone}
		p.require(!slices.Contains(reserved, raw.ID), node, "id", "scoring.limit_reserved", "Value", raw.ID)
		p.text(raw.Title, node, "title")
		most, ok := p.amount(raw.Most, node, "most")
		p.require(most > 0 || !ok, node, "most", "scoring.limit_nothing", "Value", raw.ID)
		p.scheme.Limits = append(p.scheme.Limits, Limit{ID: raw.ID, Title: raw.Title, Most: most, Within: raw.Within, Line: node.Line})
	}
	for n := range nodes {
		within := p.scheme.Limits[n].Within
		_, found := p.scheme.Limit(within)
		p.require(within == "" || found, &nodes[n], "within", "scoring.unknown_limit", "Value", within, "Known", p.scheme.limitIDs())
	}
	p.cycles(nodes)
}

// cycles reports limits that lie within each other, each cycle once, and opens
// them, so that nothing that follows runs in a circle.
func (p *parser) cycles(nodes []yaml.Node) {
	for n := range p.scheme.Limits {
		first := &p.scheme.Limits[n]
		cycle := []string{first.ID}
		for at, found := p.scheme.Limit(first.Within); found; at, found = p.scheme.Limit(at.Within) {
			if slices.Contains(cycle, at.ID) {
				if at.ID == first.ID {
					p.fault(&nodes[n], "within", "scoring.limit_cycle", "Cycle", strings.Join(append(cycle, at.ID), " → "))
					first.Within = ""
				}
				break
			}
			cycle = append(cycle, at.ID)
		}
	}
}

// cap checks the cap of a deduction, or the limit of a bonus. What is inside a
// composite stays inside it.
func (p *parser) cap(raw *rawIndicator, node *yaml.Node, i *Indicator, at place) {
	if i.Method != MethodDeduct && i.Method != MethodBonus {
		return
	}
	i.Cap = raw.Cap
	switch {
	case i.Method == MethodBonus && (raw.Cap == "" || raw.Cap == CapOwn):
		i.Cap = ""
		return
	case i.Method == MethodDeduct && (raw.Cap == "" || raw.Cap == CapOwn):
		i.Cap = CapOwn
		return
	case i.Method == MethodBonus && (raw.Cap == CapParent || raw.Cap == CapNone):
		p.fault(node, "cap", "scoring.bonus_cap", "Value", raw.Cap)
		return
	case raw.Cap == CapParent:
		p.require(at.level > 1 || at.composite != nil, node, "cap", "scoring.cap_no_parent")
		return
	}
	_, found := p.scheme.Limit(raw.Cap)
	p.require(found || raw.Cap == CapNone, node, "cap", "scoring.unknown_cap", "Value", raw.Cap,
		"Known", append([]string{CapOwn, CapParent, CapNone}, p.scheme.limitIDs()...))
	if at.composite != nil {
		p.fault(node, "cap", "scoring.cap_in_composite", "Value", raw.Cap, "Composite", at.composite.ID)
	}
	if found {
		p.limited[raw.Cap] = append(p.limited[raw.Cap], i.Method)
	}
}

// checkLimits reports limits that bound nothing, and those that bound both
// deductions and bonuses: they would offset each other.
func (p *parser) checkLimits() {
	bounds := map[string][]Method{}
	for n := range p.scheme.Limits {
		inner := &p.scheme.Limits[n]
		for at, found := inner, true; found; at, found = p.scheme.Limit(at.Within) {
			bounds[at.ID] = append(bounds[at.ID], p.limited[inner.ID]...)
		}
	}
	mixed := func(limit Limit) bool {
		return slices.Contains(bounds[limit.ID], MethodBonus) && slices.Contains(bounds[limit.ID], MethodDeduct)
	}
	for _, limit := range p.scheme.Limits {
		within := slices.ContainsFunc(p.scheme.Limits, func(inner Limit) bool { return inner.Within == limit.ID && mixed(inner) })
		switch {
		case len(bounds[limit.ID]) == 0:
			p.problems.Add(limit.Line, "scoring.limit_unused", "Value", limit.ID)
		case mixed(limit) && !within:
			p.problems.Add(limit.Line, "scoring.limit_mixed", "Value", limit.ID)
		}
	}
}
