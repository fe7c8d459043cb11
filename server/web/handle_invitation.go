package web

import (
	"errors"

	"sundial/models"
	"sundial/server/gate"
)

func (s *Server) showInvitation(r *request) error { return s.invitationPage(r, nil) }

// acceptInvitation gives the invited the password they chose and signs them in.
func (s *Server) acceptInvitation(r *request) error {
	if r.PostForm("password") != r.PostForm("repeat") {
		return s.invitationPage(r, models.InvalidFields([]models.Field{{Name: "repeat", Key: "account.repeat_differs"}}))
	}
	user, err := s.Directory.AcceptInvitation(r.Request.Context(), r.Param("secret"), r.PostForm("password"), r.ClientIP())
	if models.IsCode(err, models.Invalid) {
		return s.invitationPage(r, err)
	}
	if models.IsCode(err, models.NotFound) {
		return s.refuseInvitation(r, err)
	}
	if err != nil {
		return err
	}
	if err := s.Gate.SignIn(r.Request, user); err != nil {
		return err
	}
	return s.done(r, "/", "flash.password_chosen", nil)
}

// invitationPage shows the form, and after a refusal what has to be corrected.
func (s *Server) invitationPage(r *request, refusal error) error {
	user, err := s.Directory.Invited(r.Request.Context(), r.Param("secret"), r.ClientIP())
	if models.IsCode(err, models.NotFound) {
		return s.refuseInvitation(r, err)
	}
	if err != nil {
		return err
	}
	page := InvitationPage{Page: s.page(r), Invited: &user}
	page.Demo = user.Demo
	if !errors.As(refusal, &page.Error) {
		return s.show(r, "invitation", page)
	}
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, refusal).Status, "invitation", page)
	return nil
}

func (s *Server) refuseInvitation(r *request, err error) error {
	problem := gate.ProblemOf(r.Request.Context(), r.Locale, err)
	s.send(r, problem.Status, "invitation", InvitationPage{Page: s.page(r), Refused: Refused{problem.Cause}})
	return nil
}
