package web

import (
	"slices"
	"strings"

	"sundial/models"
)

// TrainingTabs lead between the training pages of a unit.
type TrainingTabs struct {
	Unit models.Unit
	Tabs []NavItem
}

// trainingTab is a page of a unit's training: the last step of its path, and the
// permission that it takes.
type trainingTab struct{ name, path, object, action string }

var trainingTabs = []trainingTab{
	{"coverage", "rotation", "rotation", "read"},
	{"roster", "roster", "rotation", "read"},
	{"courses", "courses", "rotation", "read"},
	{"sessions", "sessions", "rotation", "read"},
	{"planner", "planner", "nomination", "decide"},
	{"imports", "imports", "roster", "manage"},
	{"statistics", "training-statistics", "rotation", "read"},
}

// trainingTabs returns the tabs of the unit that the caller may open; current is
// the name of the one that the page belongs to.
func (s *Server) trainingTabs(r *request, unit models.Unit, current string) TrainingTabs {
	tabs := TrainingTabs{Unit: unit}
	for _, tab := range trainingTabs {
		if r.Actor.Access.AllowsAt(tab.object, tab.action, unit.Path) {
			tabs.Tabs = append(tabs.Tabs, NavItem{Key: "training.tab." + tab.name, URL: trainingURL(unit, tab.path), Current: tab.name == current})
		}
	}
	return tabs
}

// trainingURL returns the address of a training page of the unit.
func trainingURL(unit models.Unit, steps ...string) string {
	return View{}.UnitURL(unit.Code) + "/" + strings.Join(steps, "/")
}

// isTraining tells whether the page at the path belongs to training.
func isTraining(path string) bool {
	for _, prefix := range []string{"/training", "/people/", "/courses/", "/sessions/", "/attendances/", "/imports/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	rest, below := strings.CutPrefix(path, "/units/")
	_, rest, _ = strings.Cut(rest, "/")
	step, _, _ := strings.Cut(rest, "/")
	return below && slices.ContainsFunc(trainingTabs, func(tab trainingTab) bool { return tab.path == step })
}
