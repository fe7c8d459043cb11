package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-co-op/gocron/v2"

	"sundial/server/rules"
)

// The turn of the day: when it comes, for how long one process has it to itself, and how
// often and after what pause another one asks for it that found it taken.
const (
	turnMinute   = 1
	turnLease    = time.Minute
	turnAttempts = 5
	turnPause    = 30 * time.Second
)

// startJobs has the day turned at once, for the days that were missed, and each day
// shortly after midnight in Shanghai; one that failed is turned again each hour. It returns
// how to end that; a turn under way is given up then, and made again at the next start.
func (a *app) startJobs(ctx context.Context) (stop func(), err error) {
	scheduler, err := gocron.NewScheduler(gocron.WithLocation(rules.Shanghai), gocron.WithStopTimeout(shutdownTimeout))
	if err != nil {
		return nil, fmt.Errorf("scheduler of jobs: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	stop = func() {
		cancel()
		if err := scheduler.Shutdown(); err != nil {
			slog.Warn("jobs not ended", "error", err)
		}
	}
	turn := gocron.NewTask(func() { a.turnOnce(ctx) })
	for _, when := range []gocron.JobDefinition{
		gocron.OneTimeJob(gocron.OneTimeJobStartImmediately()),
		gocron.CronJob(fmt.Sprintf("%d * * * *", turnMinute), false),
	} {
		if _, err := scheduler.NewJob(when, turn); err != nil {
			stop()
			return nil, fmt.Errorf("job of the day: %w", err)
		}
	}
	scheduler.Start()
	return stop, nil
}

// turnOnce turns the day unless this process has done so without a fault.
func (a *app) turnOnce(ctx context.Context) {
	a.turning.Lock()
	defer a.turning.Unlock()
	today := a.supervised.Today()
	if a.turned != today && a.turnDay(ctx) {
		a.turned = today
	}
}

// turnDay records what the days up to today have brought about. While another process
// does it, it waits: that one may have been killed. It tells whether all of it was
// recorded.
func (a *app) turnDay(ctx context.Context) bool {
	for range turnAttempts {
		var steps int
		held, err := a.store.TryHold(ctx, "escalate", turnLease, func(ctx context.Context) (err error) {
			steps, err = a.supervised.Escalate(ctx)
			return err
		})
		switch {
		case ctx.Err() != nil:
			return false
		case err != nil:
			slog.ErrorContext(ctx, "day not turned wholly", "steps", steps, "error", err)
			return false
		case held:
			slog.InfoContext(ctx, "day turned", "steps", steps)
			return true
		}
		select {
		case <-time.After(turnPause):
		case <-ctx.Done():
		}
	}
	return false
}
