package web

import (
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// View is what pages of duties look at and what their links keep: the year, the
// as-of date and, on boards and lists, the policy.
type View struct {
	Year   int
	AsOf   calendar.Date
	Today  calendar.Date
	Policy string
	// Obligation and Period choose a rotation and one of its windows, on pages of rotations
	// and on their figure.
	Obligation, Period string
	// Compared are the codes of the units that a figure sets side by side.
	Compared []string
}

// Past tells whether the view looks at a day before today.
func (v View) Past() bool { return v.AsOf < v.Today }

// AtToday returns the view of the same year as of today.
func (v View) AtToday() View {
	v.AsOf = v.Today
	return v
}

// query has the view's parameters; today goes without saying, so that a saved
// link follows the day.
func (v View) query() url.Values {
	query := url.Values{}
	if v.Year != 0 {
		query.Set("year", strconv.Itoa(v.Year))
	}
	if v.AsOf != v.Today && !v.AsOf.IsZero() {
		query.Set("as_of", v.AsOf.String())
	}
	return query
}

func address(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// BoardURL is the board of a unit.
func (v View) BoardURL(unit string) string {
	return address("/units/"+url.PathEscape(unit)+"/board", v.withPolicy())
}

func (v View) withPolicy() url.Values {
	query := v.query()
	if v.Policy != "" {
		query.Set("policy", v.Policy)
	}
	return query
}

// UnitURL is the page of a unit's own duties.
func (v View) UnitURL(unit string) string {
	return address("/units/"+url.PathEscape(unit), v.query())
}

// DutyURL is the page of one duty.
func (v View) DutyURL(id uint64) string {
	query := v.query()
	query.Del("year")
	return address("/duties/"+strconv.FormatUint(id, 10), query)
}

// DutiesURL is the list of the duties of a unit's subtree that the filter lets
// through.
func (v View) DutiesURL(unit string, filter DutyFilter) string {
	query := v.withPolicy()
	query.Set("unit", unit)
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	set("obligation", filter.Obligation)
	set("state", string(filter.State))
	set("cursor", filter.Cursor)
	if filter.Own {
		query.Set("own", "1")
	}
	if filter.DueSoon {
		query.Set("due_soon", "1")
	}
	if filter.Extended {
		query.Set("extended", "1")
	}
	set("due", filter.DueOn.String())
	return address("/duties", query)
}

// DutyFilter narrows a list of duties; empty fields do not.
type DutyFilter struct {
	Obligation string
	State      rules.State
	DueSoon    bool
	Extended   bool
	Own        bool
	// DueOn is the one due date of the list.
	DueOn  calendar.Date
	Cursor string
}

// rowURL is where a unit's name on a board leads: its own board when it has
// units below, else its duties.
func (v View) rowURL(unit models.Unit, hasChildren bool) string {
	if hasChildren {
		return v.BoardURL(unit.Code)
	}
	return v.UnitURL(unit.Code)
}
