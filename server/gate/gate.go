package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"sundial/frontend"
	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/store"
)

// LanguageCookie remembers the language that the user chose.
const LanguageCookie = "sundial_lang"

// A session has the user's id, and a proof of the password with which it began:
// a new password ends all sessions begun with the old one.
const (
	sessionUser  = "user"
	sessionProof = "proof"
)

func proofOf(user models.User) string {
	sum := sha256.Sum256([]byte(user.PasswordHash))
	return hex.EncodeToString(sum[:])
}

// Gate knows how requests say who sends them.
type Gate struct {
	Sessions  *scs.SessionManager
	Directory *organization.Directory
	Catalog   *frontend.Catalog
}

// Access is what a route asks of its caller.
type Access struct {
	permission rbac.Permission
	open       bool
	signedIn   bool
}

// Open lets everybody in: sign-in, health, assets.
func Open() Access { return Access{open: true} }

// SignedIn lets in whoever is signed in: the own account.
func SignedIn() Access { return Access{signedIn: true} }

// To lets in whoever may do the action to the object anywhere; where, the
// handler checks against the unit in question.
func To(object, action string) Access {
	return Access{permission: rbac.Permission{Object: object, Action: action}}
}

// Permission returns what the route asks for; false for routes open to all or to
// whoever is signed in.
func (a Access) Permission() (rbac.Permission, bool) {
	return a.permission, !a.open && !a.signedIn
}

// IsOpen tells whether the route asks for nothing.
func (a Access) IsOpen() bool { return a.open }

// Admit tells whether the caller passes: Unauthorized or Forbidden when not.
func (a Access) Admit(caller Caller) error {
	switch {
	case a.open:
		return nil
	case caller.User == nil:
		return models.NewError(models.Unauthorized, "error.unauthorized")
	case a.signedIn || caller.Actor.Access.Allows(a.permission.Object, a.permission.Action):
		return nil
	default:
		return models.NewError(models.Forbidden, "error.forbidden")
	}
}

// Language puts a Caller into the context who is nobody yet, but has a language:
// whatever fails after it can be told.
func Language(g *Gate) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx := store.WithOrigin(c.Request.Context(), originOf(c))
		c.Request = c.Request.WithContext(withCaller(ctx, Caller{Locale: g.locale(c.Request, nil)}))
		c.Next()
	}
}

// Identify finds out who sends the request and puts the Caller into its context.
// A token that is wrong is refused by fail; no token and no session is nobody.
func (g *Gate) Identify(fail func(*gin.Context, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		user, err := g.user(c.Request)
		if err != nil {
			fail(c, err)
			c.Abort()
			return
		}
		if user != nil {
			access, err := g.Directory.Access(c.Request.Context(), user.ID)
			if err != nil {
				fail(c, err)
				c.Abort()
				return
			}
			caller := Caller{User: user, Actor: compliance.Actor{ID: user.ID, Name: user.Name, Access: access}, Locale: g.locale(c.Request, user)}
			c.Request = c.Request.WithContext(withCaller(c.Request.Context(), caller))
		}
		c.Next()
	}
}

// originOf says for the audit log how a request came.
func originOf(c *gin.Context) store.Origin {
	via := "browser"
	if c.Request.Header.Get("Authorization") != "" {
		via = "token"
	}
	return store.Origin{Via: via, Address: c.ClientIP()}
}

// locale is the one the user chose, else the one that the browser asks for.
func (g *Gate) locale(r *http.Request, user *models.User) *frontend.Locale {
	chosen := ""
	if cookie, err := r.Cookie(LanguageCookie); err == nil {
		chosen = cookie.Value
	} else if user != nil {
		chosen = user.Locale
	}
	return g.Catalog.Locale(g.Catalog.Match(r.Header.Get("Accept-Language"), chosen))
}

// user returns who the bearer token or the session names, nil for nobody.
func (g *Gate) user(r *http.Request) (*models.User, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return nil, models.NewError(models.Unauthorized, "error.bad_token")
		}
		user, err := g.Directory.UserByToken(r.Context(), strings.TrimSpace(token))
		if models.IsCode(err, models.NotFound) || models.IsCode(err, models.Unauthorized) {
			return nil, models.NewError(models.Unauthorized, "error.bad_token").Because(err)
		}
		if err != nil {
			return nil, err
		}
		return &user, nil
	}
	id, ok := g.Sessions.Get(r.Context(), sessionUser).(uint64)
	if !ok {
		return nil, nil
	}
	user, err := g.Directory.User(r.Context(), id)
	if models.IsCode(err, models.NotFound) || err == nil && (user.Disabled || g.Sessions.GetString(r.Context(), sessionProof) != proofOf(user)) {
		return nil, g.SignOut(r)
	}
	if err != nil {
		return nil, err
	}
	return &user, nil
}

// SignIn begins a session of the user, as just read from the directory; the
// session's token is new.
func (g *Gate) SignIn(r *http.Request, user models.User) error {
	if err := g.Sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	g.Sessions.Put(r.Context(), sessionUser, user.ID)
	g.Sessions.Put(r.Context(), sessionProof, proofOf(user))
	return nil
}

// SignOut ends the session.
func (g *Gate) SignOut(r *http.Request) error { return g.Sessions.Destroy(r.Context()) }

// SameOrigin refuses what a page of another site makes a browser send.
func SameOrigin(fail func(*gin.Context, error)) gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c *gin.Context) {
		if err := protection.Check(c.Request); err != nil {
			fail(c, models.NewError(models.Forbidden, "error.forbidden").Because(err))
			c.Abort()
			return
		}
		c.Next()
	}
}

// FailSession answers when the session cannot be read or kept: without a session
// there is no page, only the words.
func (g *Gate) FailSession(w http.ResponseWriter, r *http.Request, err error) {
	problem := ProblemOf(r.Context(), g.locale(r, nil), err)
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, problem.Detail, problem.Status)
		return
	}
	w.Header().Set("Content-Type", problem.ContentType(""))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(problem.Status)
	// The client is gone when this fails.
	_ = json.NewEncoder(w).Encode(problem)
}

// Recover turns a panic of a handler into an internal error with its stack in
// the log, never on the page.
func Recover(fail func(*gin.Context, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		defer func() {
			if cause := recover(); cause != nil {
				slog.ErrorContext(c.Request.Context(), "panic", "cause", cause, "stack", string(debug.Stack()))
				fail(c, errors.New("panic in handler"))
				c.Abort()
			}
		}()
		c.Next()
	}
}
