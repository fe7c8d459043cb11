package web

import (
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/training"
)

// RosterPage is who is on the roster of a unit, or of all units below it, on a day.
type RosterPage struct {
	Page
	Tabs   UnitTabs
	Unit   models.Unit
	Roster training.RosterPage
	Filter RosterFilter
	// HasBelow tells whether there are units below the unit.
	HasBelow bool
	// Groups are the people by unit; a unit's own roster has one.
	Groups []RosterGroup
	Coming []RosterPerson
	Pager  Pager
	// Add is the form for one more; nil for who may not, or in a closed unit.
	Add *StaffForm
	// Staying counts who is on the roster of a closed unit still, to be moved by
	// MoveAll; Successor is the unit that took it over, nil for none.
	Staying   int
	Successor *models.Unit
	MoveAll   *StaffForm
	// DuplicatesURL lists people of one name, for who may merge them.
	DuplicatesURL string
}

// RosterFilter is the part of the roster that is asked for.
type RosterFilter struct {
	Path    string
	On      calendar.Date
	Today   calendar.Date
	Text    string
	Subtree bool
}

// Past tells whether the day is not today.
func (f RosterFilter) Past() bool { return f.On != f.Today }

// Any tells whether the filter narrows or looks at another day.
func (f RosterFilter) Any() bool { return f.Text != "" || f.Past() }

// URL is the roster with the filter, from the cursor on.
func (f RosterFilter) URL(cursor string) string {
	query := url.Values{}
	set := func(name, value string) {
		if value != "" {
			query.Set(name, value)
		}
	}
	set("q", f.Text)
	set("cursor", cursor)
	if f.Past() {
		query.Set("on", f.On.String())
	}
	if f.Subtree {
		query.Set("subtree", "1")
	}
	return address(f.Path, query)
}

// ClearURL is the roster of today without a text.
func (f RosterFilter) ClearURL() string {
	return RosterFilter{Path: f.Path, On: f.Today, Today: f.Today, Subtree: f.Subtree}.URL("")
}

// FileURL is the same roster as a file.
func (f RosterFilter) FileURL() string {
	f.Path += ".csv"
	return f.URL("")
}

// SubtreeURL is the same with the units below.
func (f RosterFilter) SubtreeURL() string {
	f.Subtree = true
	return f.URL("")
}

// RosterGroup are the people of one unit.
type RosterGroup struct {
	Unit   models.Unit
	URL    string
	People []RosterPerson
}

// RosterPerson is a person on the roster.
type RosterPerson struct {
	training.RosterLine
	URL string
	// ShowUnit tells that the line stands among those of other units.
	ShowUnit bool
}

// personURL is the page of a person.
func personURL(id uint64) string { return "/people/" + strconv.FormatUint(id, 10) }

func newRosterPage(page Page, found training.RosterPage, filter RosterFilter, cursor string) RosterPage {
	p := RosterPage{Page: page, Unit: found.Unit, Roster: found, Filter: filter}
	for _, line := range found.Items {
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Unit.ID != line.Unit.ID {
			p.Groups = append(p.Groups, RosterGroup{Unit: line.Unit, URL: unitURL(line.Unit, "roster")})
		}
		group := &p.Groups[len(p.Groups)-1]
		group.People = append(group.People, RosterPerson{RosterLine: line, URL: personURL(line.ID)})
	}
	for _, line := range found.Coming {
		p.Coming = append(p.Coming, RosterPerson{line, personURL(line.ID), filter.Subtree})
	}
	if cursor != "" {
		p.Pager.FirstURL = filter.URL("")
	}
	if found.Next != "" {
		p.Pager.NextURL = filter.URL(found.Next)
	}
	return p
}

// DuplicatesPage lists people of one name in a unit's subtree.
type DuplicatesPage struct {
	Page
	Tabs   UnitTabs
	Unit   models.Unit
	Groups []DuplicateGroup
}

// DuplicateGroup are people of one name.
type DuplicateGroup struct {
	training.Namesakes
	People []DuplicatePerson
}

// DuplicatePerson is one of them, with the page on which another one of the name
// is merged into them.
type DuplicatePerson struct {
	RosterPerson
	Merges []DuplicateMerge
}

// DuplicateMerge leads to the preview of a merge.
type DuplicateMerge struct {
	Code string
	URL  string
}

func newDuplicatesPage(page Page, unit models.Unit, found []training.Namesakes) DuplicatesPage {
	p := DuplicatesPage{Page: page, Unit: unit}
	for _, same := range found {
		group := DuplicateGroup{Namesakes: same}
		for _, keep := range same.People {
			person := DuplicatePerson{RosterPerson: RosterPerson{RosterLine: keep, URL: personURL(keep.ID)}}
			for _, other := range same.People {
				if other.ID != keep.ID {
					person.Merges = append(person.Merges, DuplicateMerge{other.Code(), mergeURL(keep.ID, other.Code())})
				}
			}
			group.People = append(group.People, person)
		}
		p.Groups = append(p.Groups, group)
	}
	return p
}

// mergeURL is the preview of what becomes of two people who are one.
func mergeURL(keep uint64, code string) string {
	return address(personURL(keep)+"/merge", url.Values{"with": {code}})
}
