package training

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"sundial/models"
	"sundial/server/compliance"
)

const (
	// runsKept is how many proposals are at hand, the last ones.
	runsKept = 8
	// patience is for how long a proposal is worked on that nobody asks for.
	patience = time.Minute
)

// Rotas makes proposals in the background, so that pages can tell how far they
// are, and keeps the last ones. They are lost with the process: the page that asks
// for one that is gone begins it anew. Safe for concurrent use.
type Rotas struct {
	desk *Desk
	mu   sync.Mutex
	runs []*Run
	live context.Context
	stop context.CancelFunc
	work sync.WaitGroup
}

// NewRotas returns proposals of the desk; Close ends them.
func NewRotas(desk *Desk) *Rotas {
	live, stop := context.WithCancel(context.Background())
	return &Rotas{desk: desk, live: live, stop: stop}
}

// Close stops what is worked on and waits for it.
func (r *Rotas) Close() {
	r.mu.Lock()
	r.stop()
	r.mu.Unlock()
	r.work.Wait()
}

// Run is a proposal that is made, or was.
type Run struct {
	ID      string
	Request PlanRequest
	Begun   time.Time
	actor   uint64
	unit    uint64
	cancel  context.CancelFunc
	idle    *time.Timer
	percent atomic.Int32
	done    chan struct{}
	// proposal and err are set once done is closed.
	proposal *Proposal
	err      error
}

// Begin has a proposal made. An actor has one at work at a time: the same request
// once more goes on with it, another one stops it.
func (r *Rotas) Begin(actor compliance.Actor, unit models.Unit, request PlanRequest) *Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.runs {
		if run.actor != actor.ID || run.over() {
			continue
		}
		if run.unit == unit.ID && run.Request.Equal(request) {
			return run
		}
		run.cancel()
	}
	ctx, cancel := context.WithCancel(r.live)
	run := &Run{ID: rand.Text(), Request: request, Begun: r.desk.now(), actor: actor.ID, unit: unit.ID, cancel: cancel, done: make(chan struct{})}
	run.idle = time.AfterFunc(patience, cancel)
	r.runs = append(r.runs, run)
	if len(r.runs) > runsKept {
		r.runs[0].cancel()
		r.runs = slices.Delete(r.runs, 0, 1)
	}
	r.work.Go(func() {
		defer cancel()
		defer run.idle.Stop()
		defer close(run.done)
		run.proposal, run.err = r.desk.Propose(ctx, actor, unit, request, func(done, total int) {
			if total > 0 {
				run.percent.Store(int32(100 * done / total))
			}
		})
	})
	return run
}

// Find returns what the actor has begun for the unit under the id; nil when it is
// gone, or was stopped.
func (r *Rotas) Find(actor compliance.Actor, unit models.Unit, id string) *Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.runs {
		if run.ID == id && run.actor == actor.ID && run.unit == unit.ID && !run.stopped() {
			return run
		}
	}
	return nil
}

func (run *Run) over() bool {
	select {
	case <-run.done:
		return true
	default:
		return false
	}
}

// stopped tells whether the run ended without an answer of its own.
func (run *Run) stopped() bool {
	return run.over() && (errors.Is(run.err, context.Canceled) || errors.Is(run.err, context.DeadlineExceeded))
}

// Percent tells how much is done.
func (run *Run) Percent() int { return int(run.percent.Load()) }

// Wait waits so long for the end, and tells whether it has come. Who waits keeps
// the work going.
func (run *Run) Wait(ctx context.Context, atMost time.Duration) bool {
	if !run.over() {
		run.idle.Reset(patience)
	}
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-run.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return run.over()
}

// Proposal returns what came of a run that is over.
func (run *Run) Proposal() (*Proposal, error) {
	<-run.done
	return run.proposal, run.err
}
