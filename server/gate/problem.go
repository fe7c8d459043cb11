package gate

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/strictyaml"
)

// statuses maps the codes of models.Error to HTTP.
var statuses = map[models.Code]int{
	models.Invalid:      http.StatusUnprocessableEntity,
	models.Unauthorized: http.StatusUnauthorized,
	models.Forbidden:    http.StatusForbidden,
	models.NotFound:     http.StatusNotFound,
	models.Conflict:     http.StatusConflict,
	models.Stale:        http.StatusPreconditionFailed,
	models.TooLarge:     http.StatusRequestEntityTooLarge,
	models.TooMany:      http.StatusTooManyRequests,
	models.Unavailable:  http.StatusServiceUnavailable,
}

// Problem is an error as a client sees it: an RFC 9457 problem document.
type Problem struct {
	Type   string         `json:"type" doc:"Always about:blank; code tells problems apart"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail" doc:"What is wrong, in the caller's language"`
	Code   string         `json:"code" doc:"A word for programs, such as stale"`
	Errors []ProblemField `json:"errors,omitempty"`
	// ID is set on internal errors; the log has it.
	ID string `json:"id,omitempty"`
	// Cause is the error a page shows; nil for internal errors.
	Cause *models.Error `json:"-"`
}

// ProblemField is what is wrong with one field, and what would be right.
type ProblemField struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the media type of problem documents.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// ProblemOf turns an error into what the client sees, in the locale's language,
// and logs it once when it is not the client's.
func ProblemOf(ctx context.Context, locale *frontend.Locale, err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	var known *models.Error
	var faults strictyaml.Problems
	switch {
	case errors.As(err, &known):
	case errors.As(err, &faults):
		known = packError(faults)
	case errors.Is(err, context.Canceled):
		known = models.NewError(models.Unavailable, "error.canceled")
	default:
		return internal(ctx, locale, err)
	}
	p := &Problem{Type: "about:blank", Status: statuses[known.Code], Code: string(known.Code),
		Detail: locale.Text(known.Key, known.Args), Cause: known}
	p.Title = http.StatusText(p.Status)
	if len(known.Fields) > 0 {
		p.Errors = FieldsOf(locale, known.Fields)
	}
	if p.Status == http.StatusServiceUnavailable {
		slog.WarnContext(ctx, "request not served", "error", err)
	}
	return p
}

// packError shows the faults of a YAML file as fields named by their lines.
func packError(faults strictyaml.Problems) *models.Error {
	fields := make([]models.Field, len(faults))
	for i, fault := range faults {
		fields[i] = models.Field{Name: "line " + itoa(fault.Line), Key: fault.Key, Args: fault.Args}
	}
	return &models.Error{Code: models.Invalid, Key: "error.invalid", Fields: fields}
}

// FieldsOf renders messages on fields in the locale's language.
func FieldsOf(locale *frontend.Locale, fields []models.Field) []ProblemField {
	list := make([]ProblemField, len(fields))
	for i, field := range fields {
		list[i] = ProblemField{field.Name, locale.Text(field.Key, field.Args)}
	}
	return list
}

func internal(ctx context.Context, locale *frontend.Locale, err error) *Problem {
	id := newID()
	slog.ErrorContext(ctx, "internal error", "id", id, "error", err)
	return &Problem{Type: "about:blank", Title: http.StatusText(http.StatusInternalServerError), Status: http.StatusInternalServerError,
		Code: "internal", Detail: locale.Text("error.internal", models.Args("ID", id)), ID: id}
}

func newID() string {
	var id [6]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}
