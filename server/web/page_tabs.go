package web

import (
	"slices"
	"strings"

	"sundial/models"
)

// UnitTabs lead between the pages of one part of a unit's work; Label is the message that
// names them.
type UnitTabs struct {
	Unit  models.Unit
	Label string
	Tabs  []NavItem
}

// unitTab is a page of a unit: the last step of its path, and the permission that it
// takes.
type unitTab struct{ name, path, object, action string }

// unitTabs returns the tabs that the caller may open at the unit; current is the name of
// the one that the page belongs to.
func unitTabs(r *request, unit models.Unit, part string, list []unitTab, current string) UnitTabs {
	tabs := UnitTabs{Unit: unit, Label: part + ".tabs"}
	for _, tab := range list {
		if r.Actor.Access.AllowsAt(tab.object, tab.action, unit.Path) {
			tabs.Tabs = append(tabs.Tabs, NavItem{Key: part + ".tab." + tab.name, URL: unitURL(unit, tab.path), Current: tab.name == current})
		}
	}
	return tabs
}

// unitURL returns the address of a page of the unit.
func unitURL(unit models.Unit, steps ...string) string {
	return View{}.UnitURL(unit.Code) + "/" + strings.Join(steps, "/")
}

// belongsTo tells whether the page at the path lies under one of the prefixes, or is one
// of the tabs of a unit.
func belongsTo(path string, prefixes []string, tabs []unitTab) bool {
	if slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(path, prefix) }) {
		return true
	}
	rest, below := strings.CutPrefix(path, "/units/")
	_, rest, _ = strings.Cut(rest, "/")
	step, _, _ := strings.Cut(rest, "/")
	return below && slices.ContainsFunc(tabs, func(tab unitTab) bool { return tab.path == step })
}
