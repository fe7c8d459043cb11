package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/gate"
)

// exampleProblem shows huma what its errors look like, for the description.
func exampleProblem(status int, message string, _ ...error) huma.StatusError {
	return &gate.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message, Code: string(models.Invalid)}
}

// misfit is the problem of a request that does not fit the description, in the
// caller's language: which field, and what was expected. What huma says of it is
// English, and repeats the words of Go's JSON reader.
func misfit(c huma.Context, status int, message string, causes ...error) huma.StatusError {
	locale := gate.CallerOf(c.Context()).Locale
	if status >= http.StatusInternalServerError {
		return gate.ProblemOf(c.Context(), locale, errors.Join(append(causes, errors.New(message))...))
	}
	problem := &gate.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: string(models.Invalid)}
	problem.Detail = locale.Text(detailKey(status), nil)
	if status == http.StatusBadRequest {
		// The body as a whole cannot be read, so that its fields are not known.
		return problem
	}
	for _, cause := range causes {
		if detail, ok := cause.(huma.ErrorDetailer); ok {
			problem.Errors = append(problem.Errors, misfitField(locale, detail.ErrorDetail()))
		}
	}
	return problem
}

func detailKey(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "api.bad_json"
	case http.StatusRequestEntityTooLarge:
		return "api.too_large"
	case http.StatusUnsupportedMediaType:
		return "api.not_json"
	case http.StatusNotAcceptable:
		return "api.only_json"
	default:
		return "error.invalid"
	}
}

// expectations are the messages for what huma found.
var expectations = map[string]string{
	validation.MsgUnexpectedProperty: "api.unknown_field",
	validation.MsgExpectedString:     "api.want_text",
	validation.MsgExpectedBoolean:    "api.want_boolean",
	validation.MsgExpectedArray:      "api.want_list",
	validation.MsgExpectedObject:     "api.want_object",
	"invalid boolean":                "api.want_boolean",
	"invalid integer":                "api.want_number",
}

func misfitField(locale *frontend.Locale, detail *huma.ErrorDetail) gate.ProblemField {
	name := detail.Location
	for _, where := range []string{"body.", "query.", "path.", "header."} {
		name = strings.TrimPrefix(name, where)
	}
	if missing, found := strings.CutPrefix(detail.Message, "expected required property "); found {
		missing, _, _ = strings.Cut(missing, " ")
		if name != "body" {
			missing = name + "." + missing
		}
		return gate.ProblemField{Field: missing, Message: locale.Text("api.missing_field", nil)}
	}
	if length, found := strings.CutPrefix(detail.Message, "expected length <= "); found {
		return gate.ProblemField{Field: name, Message: locale.Text("api.too_long", models.Args("Max", length))}
	}
	key, known := expectations[detail.Message]
	switch {
	case known:
	case strings.HasSuffix(detail.Message, "parameter is missing"):
		key = "api.missing_field"
	default:
		key = "api.misfit"
	}
	return gate.ProblemField{Field: name, Message: locale.Text(key, nil)}
}
