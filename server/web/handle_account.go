package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/rbac"
	"sundial/server/gate"
	"sundial/server/views"
)

func (s *Server) showLogin(r *request) error {
	if r.User != nil {
		r.Redirect(http.StatusSeeOther, "/")
		return nil
	}
	return s.show(r, "login", LoginPage{Page: s.page(r), Next: localPath(r.Query("next"))})
}

func (s *Server) login(r *request) error {
	login, next := strings.TrimSpace(r.PostForm("login")), localPath(r.PostForm("next"))
	user, err := s.Directory.Authenticate(r.Request.Context(), login, r.PostForm("password"), r.ClientIP())
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code != models.Unavailable {
		page := LoginPage{Page: s.page(r), Login: login, Next: next, Error: refused}
		s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "login", page)
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.Gate.SignIn(r.Request, user); err != nil {
		return err
	}
	r.Redirect(http.StatusSeeOther, next)
	return nil
}

func (s *Server) logout(r *request) error {
	if err := s.Gate.SignOut(r.Request); err != nil {
		return err
	}
	r.Redirect(http.StatusSeeOther, "/login")
	return nil
}

// localPath lets nothing through but a path of this server: a link to the
// sign-in page must not lead away.
func localPath(path string) string {
	if !views.IsLocal(path) {
		return "/"
	}
	return path
}

const yearOfSeconds = 365 * 24 * 60 * 60

func (s *Server) chooseLanguage(r *request) error {
	lang := r.PostForm("lang")
	if slices.Contains(frontend.Languages, lang) {
		s.remember(r, gate.LanguageCookie, lang)
	}
	r.Redirect(http.StatusSeeOther, localPath(r.PostForm("next")))
	return nil
}

// themeCookie remembers the theme that the user chose.
const themeCookie = "sundial_theme"

func (s *Server) chooseTheme(r *request) error {
	s.remember(r, themeCookie, string(themeOf(r.PostForm("theme"))))
	r.Redirect(http.StatusSeeOther, localPath(r.PostForm("next")))
	return nil
}

func (r *request) theme() Theme {
	name, _ := r.Cookie(themeCookie)
	return themeOf(name)
}

// remember keeps a choice of how pages look in the browser.
func (s *Server) remember(r *request, cookie, choice string) {
	r.SetSameSite(http.SameSiteLaxMode)
	r.SetCookie(cookie, choice, yearOfSeconds, "/", "", s.Gate.Sessions.Cookie.Secure, true)
}

// ownSignIns is how many sign-ins the own account shows.
const ownSignIns = 10

func (s *Server) showAccount(r *request) error {
	page, err := s.accountPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "account", page)
}

func (s *Server) accountPage(r *request) (AccountPage, error) {
	page := AccountPage{Page: s.page(r)}
	for _, grant := range r.Actor.Access.Grants() {
		units, err := s.Directory.Roots(r.Request.Context(), rbac.NewScope(grant.Path))
		if err != nil {
			return page, err
		}
		for _, unit := range units {
			page.Roles = append(page.Roles, RoleLine{grant.Role, unit})
		}
	}
	var err error
	page.SignIns, err = s.Directory.SignIns(r.Request.Context(), r.User.ID, ownSignIns)
	return page, err
}

func (s *Server) changePassword(r *request) error {
	var err error
	if r.PostForm("new") != r.PostForm("repeat") {
		err = models.InvalidFields([]models.Field{{Name: "repeat", Key: "account.repeat_differs"}})
	} else {
		err = s.Directory.ChangePassword(r.Request.Context(), *r.User, r.PostForm("old"), r.PostForm("new"))
	}
	var refused *models.Error
	if errors.As(err, &refused) {
		page, pageErr := s.accountPage(r)
		if pageErr != nil {
			return pageErr
		}
		page.Error = refused
		s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "account", page)
		return nil
	}
	if err != nil {
		return err
	}
	// All sessions end with the old password; this one begins anew.
	user, err := s.Directory.User(r.Request.Context(), r.User.ID)
	if err != nil {
		return err
	}
	if err := s.Gate.SignIn(r.Request, user); err != nil {
		return err
	}
	return s.done(r, "/account", "flash.password_changed", nil)
}
