package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sundial/frontend"
	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/api"
	"sundial/server/assessment"
	"sundial/server/audit"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/dossier"
	"sundial/server/evidence"
	"sundial/server/figure"
	"sundial/server/gate"
	"sundial/server/notify"
	"sundial/server/organization"
	"sundial/server/rectification"
	"sundial/server/search"
	"sundial/server/store"
	"sundial/server/supervision"
	"sundial/server/training"
	"sundial/server/views"
	"sundial/server/web"
)

// database are the flags that say which database a command works on.
type database struct {
	DB   string `name:"db" help:"mysql://user:password@host:3306/name; an embedded SQLite file without it." placeholder:"URL"`
	Data string `help:"Directory of the embedded database and of the uploaded files." default:"data" type:"path"`
}

// app is the product wired together over one database.
type app struct {
	store          *store.Store
	table          *rbac.Table
	directory      *organization.Directory
	ledger         *compliance.Ledger
	desk           *training.Desk
	imports        *training.Imports
	rotas          *training.Rotas
	scores         *assessment.Desk
	supervised     *supervision.Desk
	bulletins      *bulletin.Desk
	rectifications *rectification.Desk
	cabinet        *dossier.Cabinet
	vault          *evidence.Vault
	now            func() time.Time
	// turned is the day that was turned last without a fault.
	turning sync.Mutex
	turned  calendar.Date
}

// open opens the database, brings it up to date and wires the domain to it.
func (d database) open(e *environment) (*app, error) {
	s, err := store.Open(e.ctx, store.Config{URL: d.DB, Dir: d.Data})
	if err != nil {
		return nil, err
	}
	key, err := training.OpenKey(d.Data)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	a, err := newApp(e.ctx, s, key, e.now)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return a, nil
}

// evidenceDir is the directory of the vault under --data.
const evidenceDir = "evidence"

// keepEvidence opens the vault of evidence under the data directory, and returns
// how to close it. Only what serves files needs it.
func (a *app) keepEvidence(data string) (closeVault func() error, err error) {
	vault, err := evidence.Open(filepath.Join(data, evidenceDir), evidence.Limits{}, a.now())
	if err != nil {
		return nil, err
	}
	a.vault = vault
	a.ledger.KeepEvidence(vault)
	a.scores.KeepEvidence(vault)
	a.cabinet.KeepEvidence(vault)
	return vault.Close, nil
}

func newApp(ctx context.Context, s *store.Store, key training.Key, now func() time.Time) (*app, error) {
	if err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	cal, err := seeds.Calendar()
	if err != nil {
		return nil, err
	}
	table, err := rbac.Load()
	if err != nil {
		return nil, err
	}
	directory, err := organization.New(s, table, now)
	if err != nil {
		return nil, err
	}
	ledger := compliance.New(s, cal, now)
	desk := training.New(s, ledger, key, now)
	if err := desk.CheckKey(ctx); err != nil {
		return nil, err
	}
	a := &app{store: s, table: table, directory: directory, ledger: ledger, desk: desk, now: now}
	a.scores = assessment.New(s, ledger, now)
	a.rectifications = rectification.New(s, a.scores.Rectified, a.ledger.Calendar, now)
	a.supervised = supervision.New(s, ledger, now)
	a.bulletins = bulletin.New(s, ledger, a.scores, a.supervised, now)
	a.cabinet = dossier.New(s, now)
	a.imports = training.NewImports(desk, a.actor)
	a.rotas = training.NewRotas(desk)
	return a, nil
}

// house is the product as the demo plays in it.
func (a *app) house() seeds.House {
	return seeds.House{Store: a.store, Table: a.table, Directory: a.directory, Ledger: a.ledger, Training: a.desk, Scores: a.scores,
		Supervision: a.supervised, Bulletins: a.bulletins, Rectifications: a.rectifications}
}

// actor returns a user with what they may do now; for 0 the program itself, which
// does the work of coordinators everywhere.
func (a *app) actor(ctx context.Context, id uint64) (compliance.Actor, error) {
	if id == 0 {
		return compliance.Actor{Access: a.table.Access(rbac.Grant{Role: models.Coordinator, Path: "/"})}, nil
	}
	user, err := a.directory.User(ctx, id)
	if err != nil {
		return compliance.Actor{}, err
	}
	access, err := a.directory.Access(ctx, id)
	return compliance.Actor{ID: id, Name: user.Name, Access: access}, err
}

// looks is the embedded front end: words, styles and scripts, and the pages made of them.
type looks struct {
	catalog   *frontend.Catalog
	assets    *frontend.Assets
	templates *web.Templates
}

// readLooks reads the front end, which is the same for every app of the process, once.
var readLooks = sync.OnceValues(func() (looks, error) {
	catalog, err := frontend.NewCatalog()
	if err != nil {
		return looks{}, err
	}
	assets, err := frontend.NewAssets()
	if err != nil {
		return looks{}, err
	}
	templates, err := web.NewTemplates(catalog, assets)
	return looks{catalog, assets, templates}, err
})

// handler returns the pages and the API. With https the cookies are for
// encrypted connections only.
func (a *app) handler(https bool) (http.Handler, error) {
	engine, sessions, err := a.engine(https)
	if err != nil {
		return nil, err
	}
	return gate.Compress(gate.LimitBodies(sessions.LoadAndSave(engine), a.ledger.MaxFile()))
}

// engine puts the pages and the API behind the gate, and returns the sessions
// that they need around them.
func (a *app) engine(https bool) (*gin.Engine, *scs.SessionManager, error) {
	looks, err := readLooks()
	if err != nil {
		return nil, nil, err
	}
	g := &gate.Gate{Sessions: newSessions(store.NewSessions(a.store, a.now), https), Directory: a.directory, Catalog: looks.catalog}
	g.Sessions.ErrorFunc = g.FailSession
	log := audit.New(a.store)
	figures := &figure.Desk{Ledger: a.ledger, Training: a.desk, Assessment: a.scores, Directory: a.directory}
	pages := &web.Server{Ledger: a.ledger, Desk: a.desk, Imports: a.imports, Rotas: a.rotas, Assessment: a.scores, Supervision: a.supervised, Bulletins: a.bulletins, Rectifications: a.rectifications, Cabinet: a.cabinet, Inbox: notify.New(a.store, a.now), Figures: figures, Directory: a.directory, Search: search.New(a.store, a.ledger, a.directory), Views: views.New(a.store, a.now), Log: log, Gate: g, Templates: looks.templates, Assets: looks.assets, Now: a.now, Version: version}
	interfaces := &api.Server{Ledger: a.ledger, Desk: a.desk, Assessment: a.scores, Supervision: a.supervised, Bulletins: a.bulletins, Figures: figures, Directory: a.directory, Log: log}
	engine, err := a.route(g, pages, interfaces)
	return engine, g.Sessions, err
}

// route lists what is answered, in the order in which a request passes; health
// and metrics stand before the gate.
func (a *app) route(g *gate.Gate, pages *web.Server, interfaces *api.Server) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := engine.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("trust no proxy: %w", err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	fail := func(c *gin.Context, err error) {
		if strings.HasPrefix(c.Request.URL.Path, api.Prefix) {
			api.Fail(c, err)
			return
		}
		pages.Fail(c, err)
	}
	engine.Use(gate.Metrics(registry), gate.SecureHeaders)
	engine.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	engine.GET("/readyz", a.showReady)
	engine.GET("/metrics", gin.WrapH(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))
	engine.Use(gate.Language(g), gate.Recover(fail), gate.SameOrigin(fail), g.Identify(fail))
	engine.NoRoute(func(c *gin.Context) { fail(c, models.NewError(models.NotFound, "error.not_found")) })
	pages.Register(engine)
	interfaces.Register(engine, version)
	return engine, nil
}

// showReady tells whether the database answers and is up to date.
func (a *app) showReady(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	if err := a.store.Ready(ctx); err != nil {
		slog.WarnContext(ctx, "not ready", "error", err)
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return
	}
	c.String(http.StatusOK, "ready\n")
}

// sessionLifetime is a working day and the evening after it.
const sessionLifetime = 12 * time.Hour

func newSessions(kept scs.Store, https bool) *scs.SessionManager {
	sessions := scs.New()
	sessions.Store = kept
	sessions.HashTokenInStore = true
	sessions.Lifetime = sessionLifetime
	sessions.Cookie.Name = "sundial_session"
	sessions.Cookie.HttpOnly = true
	sessions.Cookie.SameSite = http.SameSiteLaxMode
	sessions.Cookie.Secure = https
	return sessions
}
