package scoring

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Source returns the scheme as YAML that ParseScheme reads as the same scheme:
// fields in a fixed order, nothing that is left out by default, no comments.
func (s *Scheme) Source() ([]byte, error) {
	written := &sourceWriter{}
	raw := rawScheme{ID: s.ID, Title: s.Title, Year: s.Year, Region: s.Region, Basis: s.Basis, AppealDays: s.AppealDays}
	for _, g := range s.Grades {
		raw.Grades = append(raw.Grades, written.node(rawGrade{ID: g.ID, Title: g.Title, From: g.From.plain()}))
	}
	for _, c := range s.Classes {
		raw.Classes = append(raw.Classes, written.node(rawClass{ID: c.ID, Title: c.Title, Maximum: c.Maximum.plain()}))
	}
	for _, l := range s.Limits {
		raw.Limits = append(raw.Limits, written.node(rawLimit{ID: l.ID, Title: l.Title, Most: l.Most.String(), Within: l.Within}))
	}
	raw.Indicators = written.indicators(s.Indicators)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	written.note(encoder.Encode(raw))
	written.note(encoder.Close())
	if written.err != nil {
		return nil, fmt.Errorf("write scheme %s: %w", s.ID, written.err)
	}
	return out.Bytes(), nil
}

// sourceWriter turns parts of a scheme into nodes and keeps the first error.
type sourceWriter struct{ err error }

func (w *sourceWriter) note(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *sourceWriter) node(value any) yaml.Node {
	var node yaml.Node
	w.note(node.Encode(value))
	return node
}

func (w *sourceWriter) indicators(indicators []Indicator) []yaml.Node {
	var nodes []yaml.Node
	for n := range indicators {
		nodes = append(nodes, w.indicator(&indicators[n]))
	}
	return nodes
}

// indicator writes one with all below it. The points of sources follow from their
// composite.
func (w *sourceWriter) indicator(i *Indicator) yaml.Node {
	raw := rawIndicator{ID: i.ID, Title: i.Title, Clause: i.Clause, Counts: i.Counts, Method: i.Method, Classes: i.Classes,
		Cap: i.Cap, Obligations: i.Obligations, Grade: i.Grade}
	switch {
	case i.Weight > 0:
		raw.Weight = i.Weight.String()
	case i.Points > 0:
		raw.Points = i.Points.String()
	}
	if i.Weight == 0 {
		for class, points := range i.PointsFor {
			if raw.PointsFor == nil {
				raw.PointsFor = map[string]string{}
			}
			raw.PointsFor[class] = points.String()
		}
	}
	switch i.Method {
	case MethodAuto:
		raw.LateShare = i.LateShare.String()
	case MethodComposite:
		raw.Sources = w.indicators(i.Children)
	case MethodGroup:
		raw.Children = w.indicators(i.Children)
	}
	return w.node(raw)
}
