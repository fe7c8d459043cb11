package web

import "net/http"

// endTour shows the tour no more, and goes back to the page; a form without its button is
// no word of the user's.
func (s *Server) endTour(r *request) error {
	if r.PostForm("seen") != "" {
		if err := s.Directory.EndTour(r.Request.Context(), r.User); err != nil {
			return err
		}
	}
	r.Redirect(http.StatusSeeOther, localPath(r.PostForm("next")))
	return nil
}

// beginTour shows the tour again where the user begins.
func (s *Server) beginTour(r *request) error {
	if err := s.Directory.BeginTour(r.Request.Context(), r.User); err != nil {
		return err
	}
	r.Redirect(http.StatusSeeOther, "/")
	return nil
}
