package web

import (
	"cmp"
	"net/url"
	"slices"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/figure"
	"sundial/server/rules"
	"sundial/server/training"
)

// CoveragePage is how far a rotation has come in a unit: who is left before all.
type CoveragePage struct {
	Page
	View RotationView
	Unit models.Unit
	Tabs UnitTabs
	// Filter chooses the day, within the period of the rotation.
	Filter AsOfFilter
	// Options are the rotations to choose from. Table is nil when there is none.
	Options []compliance.RotationRef
	Table   *compliance.RotationTable
	// Empty is the key of what to do where there is nobody to count, else empty.
	Empty     string
	Headlines []CoverageHeadline
	Progress  *training.RotationProgress
	// Burnup is how the rotation comes along, Seats what each month that remains needs.
	Burnup, Seats FigureView
	Rows          []CoverageLine
	Classes       []CoverageLine
	ByClass       bool
	// People are the unit's own; MorePeople tells that there are more of them.
	People     []training.CoveredPerson
	MorePeople bool
	// Left are the first of those who are left.
	Left []training.LeftPerson
	Due  []DueLine
	// May… tell what the user may do about an empty page.
	MayKeepRoster, MayActivate bool
}

// CoverageHeadline is one of the numbers beside the chart: Note says more of it
// under the value.
type CoverageHeadline struct {
	Key      string
	Value    string
	URL      string
	Note     rules.Reason
	Of, Part int
	Alarm    bool
}

// CoverageLine is a row of the table of units or classes.
type CoverageLine struct {
	compliance.RotationCount
	Unit   models.Unit
	Class  string
	Own    bool
	Seats  int
	URL    string
	LeftTo string
}

// DueLine is a rotation by which people fall due soon.
type DueLine struct {
	training.DueRotation
	Days int
	URL  string
}

// RotationView is what the pages of a rotation look at.
type RotationView struct{ View }

// URL is a page of the rotation in the unit, by the steps below the unit.
func (v RotationView) URL(unit models.Unit, steps ...string) string {
	return v.with(unitURL(unit, steps...), nil)
}

func (v RotationView) with(path string, more url.Values) string {
	v.Year = 0
	query := v.withPolicy()
	if v.Obligation != "" {
		query.Set("obligation", v.Obligation)
	}
	if v.Period != "" {
		query.Set("period", v.Period)
	}
	for name, values := range more {
		query[name] = values
	}
	return address(path, query)
}

// LeftURL is the list of those who are left that the filter lets through.
func (v RotationView) LeftURL(unit models.Unit, f training.LeftFilter) string {
	return v.with(unitURL(unit, "rotation", "left"), leftValues(f))
}

// leftValues are the parameters of the filter.
func leftValues(f training.LeftFilter) url.Values {
	values := url.Values{}
	for name, value := range map[string]string{"class": f.Class, "q": f.Text} {
		if value != "" {
			values.Set(name, value)
		}
	}
	for name, on := range map[string]bool{"own": f.Own, "due": f.DueWithin > 0, "newcomers": f.Newcomers} {
		if on {
			values.Set(name, "1")
		}
	}
	return values
}

// fill lays out the counts of the table and what has come of it.
func (p *CoveragePage) fill(t *compliance.RotationTable, progress *training.RotationProgress, newcomers int) {
	p.Table, p.Progress = t, progress
	p.Burnup = newFigureView(p.Locale, p.View.View, figure.OfRotation(t, progress))
	p.Seats = newFigureView(p.Locale, p.View.View, figure.OfSeats(t, progress))
	for _, row := range t.Rows {
		line := CoverageLine{RotationCount: row.RotationCount, Unit: row.Unit, Own: row.Own, Seats: t.SeatsPerMonth(row.RotationCount),
			URL: p.View.URL(row.Unit, "rotation"), LeftTo: p.View.LeftURL(row.Unit, training.LeftFilter{Own: row.Own})}
		if row.Own {
			line.URL = "#people"
		}
		p.Rows = append(p.Rows, line)
	}
	slices.SortStableFunc(p.Rows, worstFirst)
	p.headlines(newcomers)
}

// worstFirst sorts by coverage, then by how many are left; rows without people
// come last, and the unit's own people first.
func worstFirst(a, b CoverageLine) int {
	rank := func(l CoverageLine) int {
		switch {
		case l.Own:
			return 0
		case l.Roster > 0:
			return 1
		default:
			return 2
		}
	}
	if by := cmp.Compare(rank(a), rank(b)); by != 0 || a.Roster == 0 || b.Roster == 0 {
		return by
	}
	return cmp.Or(cmp.Compare(a.Trained*b.Roster, b.Trained*a.Roster), cmp.Compare(b.Left(), a.Left()))
}

// addClasses lays out the counts by class, those of no class last.
func (p *CoveragePage) addClasses(classes []compliance.RotationClass) {
	for _, c := range classes {
		line := CoverageLine{RotationCount: c.RotationCount, Class: c.Class, Seats: p.Table.SeatsPerMonth(c.RotationCount)}
		if c.Class != "" {
			line.LeftTo = p.View.LeftURL(p.Unit, training.LeftFilter{Class: c.Class})
		}
		p.Classes = append(p.Classes, line)
	}
	slices.SortStableFunc(p.Classes, worstFirst)
}

func (p *CoveragePage) headlines(newcomers int) {
	t := p.Table
	left := func(f training.LeftFilter) string { return p.View.LeftURL(p.Unit, f) }
	p.Headlines = []CoverageHeadline{
		{Key: "coverage.figure", Value: percent(t.Total), Part: t.Total.Trained, Of: t.Total.Roster,
			Note: rules.Reason{Key: "coverage.trained_of", Args: models.Args("Trained", t.Total.Trained, "Roster", t.Total.Roster)}},
		{Key: "coverage.seats", Value: text(t.SeatsPerMonth(t.Total)), Note: p.seatsNote(), Alarm: p.Progress.Foreseen && p.Progress.Short() > 0},
		{Key: "coverage.left", Value: text(t.Total.Left()), URL: left(training.LeftFilter{}), Alarm: t.Over() && t.Total.Left() > 0},
		{Key: "coverage.newcomers", Value: text(newcomers), URL: left(training.LeftFilter{Newcomers: true})},
		{Key: "coverage.complete_units", Value: text(t.Total.Complete), Note: rules.Reason{Key: "coverage.of_units", Args: models.Args("Count", t.Total.Units)}},
	}
}

// seatsNote says what is scheduled, which is known of today only.
func (p *CoveragePage) seatsNote() rules.Reason {
	switch {
	case p.Table.Over():
		return rules.Reason{Key: "coverage.seats_over"}
	case !p.Progress.Foreseen:
		return rules.Reason{Key: "coverage.seats_past"}
	default:
		return rules.Reason{Key: "coverage.seats_note", Args: models.Args("Needed", p.Progress.Needed, "Scheduled", p.Progress.Scheduled)}
	}
}

// percent is the coverage with one decimal, cut off; of nobody there is none.
func percent(c compliance.RotationCount) string { return rate(c.Trained, c.Roster) }

// Percent is the line's coverage.
func (l CoverageLine) Percent() string { return percent(l.RotationCount) }

// Policies are the policies to choose from.
func (p CoveragePage) Policies() []PolicyOption {
	var list []PolicyOption
	for _, ref := range p.Options {
		one := PolicyOption{ref.Obligation.Policy, ref.PolicyTitle}
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// Obligations are the rotations of the policy that is looked at.
func (p CoveragePage) Obligations() []compliance.RotationRef {
	var list []compliance.RotationRef
	for _, ref := range p.Options {
		if ref.Obligation.Policy == p.View.Policy {
			list = append(list, ref)
		}
	}
	return list
}

// AtToday is the view as of today.
func (v RotationView) AtToday() RotationView {
	v.View = v.View.AtToday()
	return v
}

// LeftAll is the list of all who are left.
func (p CoveragePage) LeftAll() string { return p.View.LeftURL(p.Unit, training.LeftFilter{}) }

// RosterURL is the unit's roster.
func (p CoveragePage) RosterURL() string { return unitURL(p.Unit, "roster") }

// ByURL is the same page with the counts by class, or by unit.
func (p CoveragePage) ByURL(group string) string {
	more := url.Values{}
	if group != "" {
		more.Set("by", group)
	}
	return p.View.with(unitURL(p.Unit, "rotation"), more)
}

// OwnOnly tells that there is nobody below: all who are counted are the unit's own.
func (p CoveragePage) OwnOnly() bool { return len(p.Rows) == 1 && p.Rows[0].Own }

// Sum is the line of the totals.
func (p CoveragePage) Sum() CoverageLine {
	return CoverageLine{RotationCount: p.Table.Total, Seats: p.Table.SeatsPerMonth(p.Table.Total), LeftTo: p.LeftAll()}
}
