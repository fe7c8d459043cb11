package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/gate"
	"sundial/server/organization"
)

// userSignIns is how many sign-ins a user's page shows.
const userSignIns = 30

func (s *Server) showUser(r *request) error {
	page, err := s.userPage(r, r.Param("login"))
	if err != nil {
		return err
	}
	return s.show(r, "user", page)
}

func (s *Server) userPage(r *request, login string) (UserPage, error) {
	user, err := s.Directory.UserView(r.Request.Context(), r.User, r.mayManage(), login)
	if err != nil {
		return UserPage{}, err
	}
	history, err := s.Directory.SignIns(r.Request.Context(), user.ID, userSignIns)
	if err != nil {
		return UserPage{}, err
	}
	return newUserPage(s.page(r), user, history), nil
}

// showLink shows a user's page with the link of a new invitation.
func (s *Server) showLink(r *request, login string, status int, link organization.Link) error {
	page, err := s.userPage(r, login)
	if err != nil {
		return err
	}
	page.Link = &InvitationLink{URL: s.site(r) + "/invitation/" + link.Secret, ExpiresAt: link.ExpiresAt}
	s.send(r, status, "user", page)
	return nil
}

// site is how the caller's browser reaches this server.
func (s *Server) site(r *request) string {
	if s.Gate.Sessions.Cookie.Secure {
		return "https://" + r.Request.Host
	}
	return "http://" + r.Request.Host
}

// refusals of the directory that a user's page shows; others have a page of
// their own.
var userRefusals = []models.Code{models.Invalid, models.Conflict, models.Forbidden}

// refuseUser shows the page of the user with why something was not done.
func (s *Server) refuseUser(r *request, err error, at func(*UserPage, *models.Error)) error {
	var refused *models.Error
	if !errors.As(err, &refused) || !slices.Contains(userRefusals, refused.Code) {
		return err
	}
	page, pageErr := s.userPage(r, r.Param("login"))
	if pageErr != nil {
		return pageErr
	}
	at(&page, refused)
	s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "user", page)
	return nil
}

func onTop(page *UserPage, refused *models.Error) { page.Error = refused }

// confirmed wants the word of somebody who has read what will happen.
func confirmed(r *request) error {
	if r.PostForm("confirm") != "1" {
		return models.NewError(models.Invalid, "users.unconfirmed")
	}
	return nil
}

// userChange changes the user with the login for an administrator of the scope.
type userChange func(ctx context.Context, actor *models.User, scope rbac.Scope, login string) error

// changeUser changes the user of the path and goes back to the user's page.
func (s *Server) changeUser(r *request, flash string, change userChange) error {
	if err := change(r.Request.Context(), r.User, r.mayManage(), r.Param("login")); err != nil {
		return s.refuseUser(r, err, onTop)
	}
	return s.done(r, userURL(r.Param("login")), flash, nil)
}

// changeConfirmed is changeUser for what has to be confirmed.
func (s *Server) changeConfirmed(r *request, flash string, change userChange) error {
	if err := confirmed(r); err != nil {
		return s.refuseUser(r, err, onTop)
	}
	return s.changeUser(r, flash, change)
}

func (s *Server) disableUser(r *request) error {
	return s.changeConfirmed(r, "flash.user_disabled", func(ctx context.Context, actor *models.User, scope rbac.Scope, login string) error {
		return s.Directory.SetDisabled(ctx, actor, scope, login, true)
	})
}

func (s *Server) enableUser(r *request) error {
	return s.changeUser(r, "flash.user_enabled", func(ctx context.Context, actor *models.User, scope rbac.Scope, login string) error {
		return s.Directory.SetDisabled(ctx, actor, scope, login, false)
	})
}

func (s *Server) revokeTokens(r *request) error {
	return s.changeConfirmed(r, "flash.tokens_revoked", s.Directory.RevokeTokens)
}

func (s *Server) removeGrant(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	return s.changeConfirmed(r, "flash.grant_removed", func(ctx context.Context, actor *models.User, scope rbac.Scope, login string) error {
		return s.Directory.RemoveGrant(ctx, actor, scope, login, id)
	})
}

// resetUser takes the password away and shows the link by which the user chooses
// a new one; like that of an invitation, it goes out with this answer alone.
func (s *Server) resetUser(r *request) error {
	login := r.Param("login")
	err := confirmed(r)
	var link organization.Link
	if err == nil {
		link, err = s.Directory.Reset(r.Request.Context(), r.User, r.mayManage(), login)
	}
	if err != nil {
		return s.refuseUser(r, err, onTop)
	}
	return s.showLink(r, login, http.StatusOK, link)
}

func (s *Server) addGrant(r *request) error {
	login := r.Param("login")
	// Whoever may not manage the user learns nothing about units either.
	if _, err := s.Directory.UserView(r.Request.Context(), r.User, r.mayManage(), login); err != nil {
		return err
	}
	fields, unit, err := s.grantFields(r)
	if err == nil && unit == "" {
		err = models.InvalidFields([]models.Field{{Name: "unit", Key: "people.unit_missing"}})
	}
	if err == nil {
		err = s.Directory.AddGrant(r.Request.Context(), r.User, r.mayManage(), login, fields.Role, unit)
	}
	if err != nil {
		return s.refuseUser(r, err, func(page *UserPage, refused *models.Error) {
			fields.Prefix, fields.Error = page.Grant.Prefix, refused
			page.Grant = fields
		})
	}
	return s.done(r, userURL(login), "flash.granted", nil)
}
