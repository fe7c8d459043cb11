package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"sundial/models"
	"sundial/server/rules"
)

// Tour shows to whom is new, in three steps, what their role comes for.
type Tour struct {
	Role  models.Role
	Steps []TourStep
}

// TourStep is a sentence, and the page that it is about.
type TourStep struct {
	Text, Link string
	URL        string
}

// tourRoles are the roles from the strongest on, each with what only it may do.
var tourRoles = []struct {
	role           models.Role
	object, action string
}{
	{models.Supervisor, "report", "verify"}, {models.Administrator, "user", "manage"}, {models.Coordinator, "nomination", "decide"},
	{models.Assessor, "score", "edit"}, {models.Reporter, "report", "file"}, {models.Viewer, "board", "read"},
}

// tourPages are those on which people begin, and so the tour.
var tourPages = []string{"/", "/units/:code", "/units/:code/board", "/training", "/assessment"}

// newTour leads through the pages of the unit, where the role has one.
func newTour(role models.Role, unit *models.Unit) *Tour {
	tour := &Tour{Role: role}
	for i, url := range tourURLs(role, unit) {
		key := fmt.Sprintf("tour.%s.%d", role, i+1)
		tour.Steps = append(tour.Steps, TourStep{key, key + ".link", url})
	}
	return tour
}

// tourURLs are the pages of the steps.
func tourURLs(role models.Role, unit *models.Unit) [3]string {
	of := func(page string) string {
		if unit == nil {
			return "/"
		}
		return unitURL(*unit, page)
	}
	switch role {
	case models.Supervisor:
		return [3]string{of("board"), "/queue", of("urges")}
	case models.Administrator:
		return [3]string{"/units", "/users", "/policies"}
	case models.Coordinator:
		return [3]string{of("rotation/left"), of("planner"), of("sessions")}
	case models.Assessor:
		return [3]string{"/assessment", of("assessment"), "/inbox"}
	case models.Reporter:
		return [3]string{"/", owedBy(unit), "/inbox"}
	default:
		return [3]string{"/", of("charts"), "/public"}
	}
}

// owedBy lists what the unit has to do itself.
func owedBy(unit *models.Unit) string {
	if unit == nil {
		return "/"
	}
	return View{}.DutiesURL(unit.Code, DutyFilter{Own: true, State: rules.Pending})
}

// tour is what is shown to a user who has not seen it, on a page where people begin.
func (s *Server) tour(r *request) *Tour {
	if r.User.TouredAt != nil || r.Request.Method != http.MethodGet || !slices.Contains(tourPages, r.FullPath()) {
		return nil
	}
	for _, may := range tourRoles {
		if !r.Actor.Access.Allows(may.object, may.action) {
			continue
		}
		roots, err := s.Directory.Roots(r.Request.Context(), r.Actor.Access.Scope(may.object, may.action))
		if err != nil {
			slog.WarnContext(r.Request.Context(), "no tour is shown", "error", err)
			return nil
		}
		if len(roots) == 0 {
			return newTour(may.role, nil)
		}
		return newTour(may.role, &roots[0])
	}
	return nil
}
