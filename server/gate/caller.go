package gate

import (
	"context"
	"strconv"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
)

// Caller is who sends a request, and in which language they read.
type Caller struct {
	// User is nil while nobody is signed in.
	User   *models.User
	Actor  compliance.Actor
	Locale *frontend.Locale
}

type callerKey struct{}

// CallerOf returns the caller that Identify put into the context.
func CallerOf(ctx context.Context) Caller {
	caller, _ := ctx.Value(callerKey{}).(Caller)
	return caller
}

func withCaller(ctx context.Context, caller Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, caller)
}

func itoa(n int) string { return strconv.Itoa(n) }
