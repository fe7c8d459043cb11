package web

import "sundial/models"

// assessmentTabs are the pages of a unit's assessment.
var assessmentTabs = []unitTab{
	{"rounds", "assessment", "score", "read"},
	{"schemes", "schemes", "scheme", "read"},
	{"rectifications", "rectifications", "score", "read"},
	{"weight", "weight", "duty", "read"},
}

// assessmentTabs returns the tabs of the unit that the caller may open; current is the
// name of the one that the page belongs to.
func (s *Server) assessmentTabs(r *request, unit models.Unit, current string) UnitTabs {
	return unitTabs(r, unit, "assessment", assessmentTabs, current)
}

// isAssessment tells whether the page at the path belongs to assessment.
func isAssessment(path string) bool {
	return belongsTo(path, []string{"/assessment", "/schemes/", "/rounds/", "/sheets/", "/appeals/", "/rectifications/"}, assessmentTabs)
}
