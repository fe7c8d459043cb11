package web

import (
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/organization"
)

// LoginPage is the sign-in form. Error says why a try failed.
type LoginPage struct {
	Page
	Login string
	// Next is the path to go to afterwards.
	Next  string
	Error *models.Error
}

// AccountPage shows the user's own account and changes the password.
type AccountPage struct {
	Page
	Refused
	Roles []RoleLine
	// SignIns are the latest, so that others' are noticed.
	SignIns []organization.SignIn
}

// RoleLine is a role of the user over a unit's subtree.
type RoleLine struct {
	Role models.Role
	Unit models.Unit
}

// Refused is what a page says of its form that was refused: as a whole, and at
// the fields. Without an Error the form is fresh.
type Refused struct{ Error *models.Error }

// Problem returns what is wrong with a field of the form, nil for nothing.
func (r Refused) Problem(name string) *models.Field {
	if r.Error == nil {
		return nil
	}
	for i := range r.Error.Fields {
		if r.Error.Fields[i].Name == name {
			return &r.Error.Fields[i]
		}
	}
	return nil
}

// HomePage lists the units of a user who has more than one.
type HomePage struct {
	Page
	View  View
	Units []HomeUnit
}

// HomeUnit is one of the user's units with what its board sums up to, and how many urges
// are open in it and below, and how many of them are red.
type HomeUnit struct {
	Unit models.Unit
	URL  string
	Year int
	Sum  CellView
	// Rate is its completion, Counts what is to be looked at, each with the list behind.
	Rate       Headline
	Counts     []Headline
	Urged, Red int
	UrgesURL   string
}

func newHomeUnit(view View, unit models.Unit, url string, sum compliance.Cell, levels map[models.UrgeLevel]int) HomeUnit {
	home := HomeUnit{Unit: unit, URL: url, Year: view.Year, Sum: CellView{sum, url}, Red: levels[models.UrgeRed], UrgesURL: unitURL(unit, "urges")}
	for _, line := range headlines(view, unit.Code, home.Sum) {
		switch line.Key {
		case "board.completion":
			home.Rate = line
		case "board.in_time":
		default:
			home.Counts = append(home.Counts, line)
		}
	}
	for _, count := range levels {
		home.Urged += count
	}
	return home
}

// ErrorPage says what went wrong and what to do. ID is that of the log line of
// an internal error, else empty.
type ErrorPage struct {
	Page
	Status int
	Error  *models.Error
	ID     string
}

// Key names the messages of the status; what is not listed is an internal error.
func (p ErrorPage) Key() string {
	switch p.Status {
	case 401, 403:
		return "error_page.forbidden"
	case 404:
		return "error_page.not_found"
	case 409:
		return "error_page.conflict"
	case 412:
		return "error_page.stale"
	case 413, 422:
		return "error_page.invalid"
	case 429:
		return "error_page.too_many"
	case 503:
		return "error_page.unavailable"
	default:
		return "error_page.internal"
	}
}

// Detail is the error when it says more than the page's own words do.
func (p ErrorPage) Detail() *models.Error {
	if p.Error == nil || len(p.Error.Fields) == 0 && p.Error.Key == "error."+strings.TrimPrefix(p.Key(), "error_page.") {
		return nil
	}
	return p.Error
}
