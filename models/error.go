package models

import (
	"errors"
	"fmt"
)

// Code classes an Error; the edges map it to an HTTP status or exit code.
type Code string

// The codes, each with the HTTP status it becomes.
const (
	Invalid      Code = "invalid"      // 422: the input is refused
	Unauthorized Code = "unauthorized" // 401: not signed in
	Forbidden    Code = "forbidden"    // 403: signed in, not granted
	NotFound     Code = "not_found"    // 404: absent, or outside the caller's grants
	Conflict     Code = "conflict"     // 409: the state of things forbids it
	Stale        Code = "stale"        // 412: somebody else changed it first
	TooLarge     Code = "too_large"    // 413: the body is larger than is read
	TooMany      Code = "too_many"     // 429: throttled
	Unavailable  Code = "unavailable"  // 503: the database cannot serve now
)

// Field is what is wrong with one field, row or line of an input. Name is the
// field's name in the form or JSON body (items[2].points), Key and Args the
// message in the locale files, which says what would be right.
type Field struct {
	Name string
	Key  string
	Args map[string]any
}

// Error is the only error whose content a user may read. Key and Args name a
// message of the locale files; Fields tell what to correct. Everything that is
// not an Error is shown as an internal error with an id.
type Error struct {
	Code   Code
	Key    string
	Args   map[string]any
	Fields []Field
	cause  error
}

// NewError returns an Error of a code with the message key; args are pairs of
// name and value.
func NewError(code Code, key string, args ...any) *Error {
	return &Error{Code: code, Key: key, Args: Args(args...)}
}

// InvalidFields returns the Error for an input with faulty fields, or nil when
// there are none.
func InvalidFields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Key: "error.invalid", Fields: fields}
}

// Args builds message arguments from pairs of name and value.
func Args(pairs ...any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return args
}

// Because returns a copy of e that wraps the cause; the cause reaches the log,
// never the user.
func (e *Error) Because(cause error) *Error {
	wrapped := *e
	wrapped.cause = cause
	return &wrapped
}

// Error describes e for a log or a test; users see the rendered Key instead.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %s", e.Code, e.Key)
	for _, field := range e.Fields {
		text += fmt.Sprintf("; %s: %s", field.Name, field.Key)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause, if any.
func (e *Error) Unwrap() error { return e.cause }

// IsCode tells whether err is, or wraps, an Error of the code.
func IsCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
