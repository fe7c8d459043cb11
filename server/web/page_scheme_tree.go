package web

import (
	"strconv"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// schemeTree makes the tree of a card.
type schemeTree struct {
	view  *assessment.SchemeView
	card  *scoring.Card
	whole scoring.Amount
}

// below returns the nodes below the place of a node, numbered after it.
func (t schemeTree) below(parent int, number string) []SchemeNode {
	var nodes []SchemeNode
	for place, node := range t.card.Nodes {
		if node.Parent != parent {
			continue
		}
		own := number + strconv.Itoa(len(nodes)+1)
		line := SchemeNode{Indicator: node.Indicator, Number: own, Points: node.Points, Share: node.Points, Whole: t.whole, Means: t.means(node),
			Source: node.Weight > 0, Children: t.below(place, own+".")}
		switch {
		case line.Source:
			line.Share, line.Whole = node.Weight, scoring.Point
		case t.inside(node), node.Method == scoring.MethodBonus, node.Method == scoring.MethodVeto:
			line.Share = 0
		}
		line.Others = t.others(node)
		for _, id := range node.Obligations {
			found, known := t.view.Obligations[id]
			line.Obligations = append(line.Obligations, ObligationLink{id, known, found})
		}
		nodes = append(nodes, line)
	}
	return nodes
}

// inside tells whether the node belongs to a composite: its points are not those of the
// total.
func (t schemeTree) inside(node scoring.Node) bool {
	for at := node.Parent; at >= 0; at = t.card.Nodes[at].Parent {
		if t.card.Nodes[at].Method == scoring.MethodComposite {
			return true
		}
	}
	return false
}

// others lists the classes for which the indicator has other points.
func (t schemeTree) others(node scoring.Node) []ClassPoints {
	var list []ClassPoints
	for _, class := range t.view.Scheme.Classes {
		card, _ := t.view.Scheme.Card(class.ID)
		other := ClassPoints{Class: class.ID, Not: true}
		for _, n := range card.Nodes {
			if n.ID == node.ID {
				other.Points, other.Not = n.Points, false
			}
		}
		if other.Not || other.Points != node.Points {
			list = append(list, other)
		}
	}
	return list
}

// means says how an indicator is scored; nothing of a group, which is the sum of what is
// below it.
func (t schemeTree) means(node scoring.Node) rules.Reason {
	key := "schemes.means." + string(node.Method)
	args := models.Args("Points", node.Points.String())
	switch node.Method {
	case scoring.MethodDeduct, scoring.MethodBonus:
		limit, limited := t.view.Scheme.Limit(node.Cap)
		switch {
		case limited:
			key += ".limit"
			args["Limit"], args["Most"] = limit.Title, limit.Most.String()
		case node.Method == scoring.MethodDeduct:
			key += "." + node.Cap
		}
		if limited && node.Points > 0 && node.Method == scoring.MethodDeduct {
			key += "_points"
		}
	case scoring.MethodVeto:
		args["Grade"] = t.gradeTitle(node.Grade)
	case scoring.MethodAuto:
		args["Late"] = node.LateShare.Decimal().Shift(2).String()
	case scoring.MethodGroup:
		if node.Weight == 0 {
			return rules.Reason{}
		}
		key = "schemes.means.source"
	}
	return rules.Reason{Key: key, Args: args}
}

func (t schemeTree) gradeTitle(id string) rules.Text {
	for _, grade := range t.view.Scheme.Grades {
		if grade.ID == id {
			return grade.Title
		}
	}
	return rules.Text{}
}
