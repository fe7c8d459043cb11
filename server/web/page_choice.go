package web

import (
	"net/http"

	"sundial/models"
)

// ChoicePage lists the units whose part of the work somebody with several may look at;
// Part begins the keys of its messages.
type ChoicePage struct {
	Page
	Part  string
	Units []ChoiceUnit
}

// ChoiceUnit is a unit with where it leads.
type ChoiceUnit struct {
	models.Unit
	URL string
}

// Key returns the key of a message of the page.
func (p ChoicePage) Key(word string) string { return p.Part + "." + word }

// choose leads to the step of the caller's topmost unit with the permission, or lists
// several.
func (s *Server) choose(r *request, object, action, step, part string) error {
	units, err := s.Directory.Roots(r.Request.Context(), r.Actor.Access.Scope(object, action))
	if err != nil {
		return err
	}
	if len(units) == 1 {
		r.Redirect(http.StatusSeeOther, unitURL(units[0], step))
		return nil
	}
	page := ChoicePage{Page: s.page(r), Part: part}
	for _, unit := range units {
		page.Demo = page.Demo || unit.Demo
		page.Units = append(page.Units, ChoiceUnit{unit, unitURL(unit, step)})
	}
	return s.show(r, "choice", page)
}
