package web

import (
	"sundial/models"
)

// showAssessment leads to the assessment of the caller's topmost unit, or lists several.
func (s *Server) showAssessment(r *request) error {
	return s.choose(r, "score", "read", "assessment", "rounds")
}

// assessmentPage is what a page about the assessment of a unit has around it: its
// breadcrumb, and its tabs with the name of the one that it belongs to. Who does not see
// the unit, whose round scores them, has neither.
func (s *Server) assessmentPage(r *request, unit models.Unit, current, last string) (Page, UnitTabs, error) {
	base := s.page(r)
	base.Demo = base.Demo || unit.Demo
	if !r.may("score", "read", unit) {
		return base, UnitTabs{}, nil
	}
	err := s.place(r, &base, View{}, unit, last)
	if err != nil {
		return base, UnitTabs{}, err
	}
	return base, unitTabs(r, unit, "assessment", assessmentTabs, current), nil
}

func (s *Server) listRounds(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "score", "read")
	if err != nil {
		return err
	}
	list, err := s.Assessment.Rounds(r.Request.Context(), r.Actor, unit.Code)
	if err != nil {
		return err
	}
	base, tabs, err := s.assessmentPage(r, unit, "rounds", r.Locale.Text("rounds.title", nil))
	if err != nil {
		return err
	}
	page := newRoundsPage(base, unit, list)
	page.Tabs = tabs
	if page.Manages = r.may("round", "manage", unit); page.Manages {
		schemes, err := s.Assessment.OpenableSchemes(r.Request.Context(), r.Actor, unit.Code)
		if err != nil {
			return err
		}
		if len(schemes) > 0 {
			page.OpenURL = unitURL(unit, "assessment", "new")
		}
	}
	return s.show(r, "rounds", page)
}
