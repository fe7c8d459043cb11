package web

import "sundial/models"

var trainingTabs = []unitTab{
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
func (s *Server) trainingTabs(r *request, unit models.Unit, current string) UnitTabs {
	return unitTabs(r, unit, "training", trainingTabs, current)
}

// isTraining tells whether the page at the path belongs to training.
func isTraining(path string) bool {
	return belongsTo(path, []string{"/training", "/people/", "/courses/", "/sessions/", "/attendances/", "/imports/"}, trainingTabs)
}
