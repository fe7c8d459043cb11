package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/compliance"
	"sundial/server/evidence"
	"sundial/server/store"
)

// serveCommand runs the server until it is told to stop.
type serveCommand struct {
	database
	Addr  string `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Demo  bool   `help:"Load the five policies, their units and made-up yearly facts, and print the logins."`
	HTTPS bool   `name:"https" help:"The server is reached by HTTPS through a proxy: cookies are for encrypted connections only."`
	// CheckLinks lists hosts as evidence.NewLinkChecker reads them.
	CheckLinks []string `help:"Hosts whose pages the server may look at when somebody asks it to check a report's link, such as www.example.gov.cn or *.example.gov.cn; none by default." placeholder:"HOST,…"`
}

// Run listens before it says so; a signal ends it after the requests under way.
func (c *serveCommand) Run(e *environment) error {
	slog.SetDefault(slog.New(slog.NewTextHandler(e.stderr, nil)))
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return misuse("cli.serve.bad_addr", "Value", c.Addr)
	}
	if c.Demo && !isLoopback(host) {
		return refusal("cli.serve.demo_beyond_loopback", "Addr", c.Addr)
	}
	links, err := evidence.NewLinkChecker(c.CheckLinks)
	if err != nil {
		return err
	}
	// A taken port is told before anything is loaded.
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return refusal("cli.serve.cannot_listen", "Addr", c.Addr, "Reason", err.Error())
	}
	defer listener.Close()
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	defer a.directory.Wait()
	if err := c.prepare(e, a, host); err != nil {
		return err
	}
	closeVault, err := a.keepEvidence(c.Data)
	if err != nil {
		return err
	}
	defer func() { _ = closeVault() }()
	a.ledger.LookAtLinks(links)
	defer a.imports.Start(e.ctx)()
	defer a.rotas.Close()
	stopJobs, err := a.startJobs(e.ctx)
	if err != nil {
		return err
	}
	defer stopJobs()
	handler, err := a.handler(c.HTTPS)
	if err != nil {
		return err
	}
	if err := e.say("cli.serve.listening", "URL", "http://"+listener.Addr().String()+"/"); err != nil {
		return err
	}
	return serve(e.ctx, listener, handler)
}

// prepare brings the data up to date before anybody is answered.
func (c *serveCommand) prepare(e *environment, a *app, host string) error {
	if !isLoopback(host) {
		if err := a.refuseDemoUsers(e.ctx, c.Addr); err != nil {
			return err
		}
	}
	if c.Demo {
		if err := a.loadDemo(e); err != nil {
			return err
		}
	}
	// A newer program may bring a newer notice.
	if _, err := a.ledger.Settle(e.ctx, compliance.Actor{}); err != nil {
		return err
	}
	// A day's sessions and more do not slow a server down until its next start.
	return store.NewSessions(a.store, a.now).DeleteExpired(e.ctx)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// refuseDemoUsers refuses to be reachable from other machines with passwords
// that everybody knows.
func (a *app) refuseDemoUsers(ctx context.Context, addr string) error {
	var demoUsers int64
	if err := a.store.Read(ctx).Model(&models.User{}).Where("demo = ?", true).Count(&demoUsers).Error; err != nil {
		return fmt.Errorf("look for demo users: %w", err)
	}
	if demoUsers > 0 {
		return refusal("cli.serve.demo_beyond_loopback", "Addr", addr)
	}
	return nil
}

// loadDemo loads the demo and prints its logins.
func (a *app) loadDemo(e *environment) error {
	if err := e.say("cli.serve.loading_demo"); err != nil {
		return err
	}
	report, err := seeds.Demo(e.ctx, a.house(), a.ledger.Today())
	if err != nil {
		return err
	}
	if err := seeds.LoadSchemes(e.ctx, a.scores); err != nil {
		return err
	}
	if err := a.tellOfPolicies(e); err != nil {
		return err
	}
	if err := e.say("cli.serve.logins", "Password", report.Password); err != nil {
		return err
	}
	for _, user := range report.Logins {
		fmt.Fprintf(e.stdout, "  %-16s %s\n", user.Login, user.Name)
	}
	return nil
}

// Limits of a connection; a slow client cannot hold one for ever.
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 60 * time.Second
	writeTimeout    = 120 * time.Second
	idleTimeout     = 120 * time.Second
	shutdownTimeout = 20 * time.Second
)

// serve answers until ctx ends or a signal comes, then lets the requests under
// way finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		stopped <- server.Shutdown(finish)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return <-stopped
}
