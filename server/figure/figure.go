// Package figure makes the pictures of a unit's year out of what the domains count. Each
// has its finding in a sentence, what it measures, where the numbers come from and on
// which day they stood, the numbers as a table, and the chart of just these numbers:
// pages, files and the API show the same figure.
package figure

import (
	"context"

	"sundial/frontend"
	"sundial/models"
	"sundial/rbac"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/training"
)

// Desk draws figures.
type Desk struct {
	Ledger     *compliance.Ledger
	Training   *training.Desk
	Assessment *assessment.Desk
	Directory  *organization.Directory
}

// Query is what a figure looks at: a unit and those below it, in a year, as it was known
// at the end of a day. Policy narrows it to the obligations of one, by its code.
type Query struct {
	Unit   models.Unit
	Year   int
	AsOf   calendar.Date
	Policy string
	// Obligation and Period choose a rotation of the policy and one of its windows, by
	// their names; empty for the one of the year.
	Obligation, Period string
	// Units are those that a comparison sets side by side: at most MaxCompared.
	Units []models.Unit
}

// Figure is a picture with all that is needed to read it. One of which there are no
// numbers has Empty instead of rows.
type Figure struct {
	Kind Kind
	Unit models.Unit
	Year int
	AsOf calendar.Date
	// Finding is the title: what the numbers say, in one sentence.
	Finding rules.Reason
	// Measure says what is counted and in which unit, Source where it is counted.
	Measure, Source rules.Reason
	Columns         []Column
	Rows            []Row
	Empty           *Empty
	// Bands are what the colours of a chart mean that has no legend of its own.
	Bands []Band
	// Compared are the units of a comparison.
	Compared []models.Unit
	// Obligation and Period are those of the rotation that is shown, empty for others.
	Obligation, Period string
	draw               func(l *frontend.Locale, description string) Chart
}

// Empty says why there is nothing to see, and what to do about it.
type Empty struct {
	Reason rules.Reason
	// Do is the key of the words on the button that leads to Where; both may be empty.
	Do    string
	Where Behind
}

// Band is what a colour means: that of a Share that is low, middle or high.
type Band struct {
	Name  rules.Reason
	Share string
}

// Column is a column of the table: a message by its Key, or a Text of the data.
type Column struct {
	Key  string
	Text rules.Text
}

// Row is a row of the table, one value per column.
type Row []Value

// Value is a value with the list that is behind it. It is a string, an int, a Decimal, a
// calendar.Date, a *bulletin.Rate, a rules.Text or several, a rules.Reason, a models.Unit, or nil
// for what is not known.
type Value struct {
	Of     any
	Behind *Behind
}

// Behind is where the duties, the unit or the page are that a value counts or names.
type Behind struct {
	// Unit is whose subtree it is, or with Own whose own duties.
	Unit       string
	Own        bool
	Obligation string
	State      rules.State
	DueSoon    bool
	// Duty and Sheet are single ones, when not 0.
	Duty, Sheet uint64
	// Page is a page of the unit: board, weight, rotation …; empty for the list of duties.
	Page string
	// Path is a page that is not of a unit, when not empty.
	Path string
}

// Chart is options for the browser to draw.
type Chart interface{ JSON() ([]byte, error) }

// Option returns the options of the chart as JSON, in the language of the locale.
func (f *Figure) Option(l *frontend.Locale) (string, error) {
	body, err := f.draw(l, f.Description(l)).JSON()
	return string(body), err
}

// Description is what the chart is for who cannot see it: the finding, what it is of, and
// that the table has the numbers.
func (f *Figure) Description(l *frontend.Locale) string {
	return l.Text("figure.description", models.Args("Finding", l.Text(f.Finding.Key, f.Finding.Args), "Unit", organizationName(f.Unit),
		"Year", f.Year, "AsOf", f.AsOf, "Count", len(f.Rows)))
}

// organizationName is the name of a unit in both languages.
func organizationName(unit models.Unit) rules.Text {
	if unit.NameEN == "" {
		return rules.Text{ZH: unit.Name, EN: unit.Name}
	}
	return rules.Text{ZH: unit.Name, EN: unit.NameEN}
}

// Draw makes the figure of a kind. Who may not read what it shows is told that there is
// none: NotFound.
func (d *Desk) Draw(ctx context.Context, actor compliance.Actor, kind Kind, q Query) (*Figure, error) {
	one, ok := find(kind)
	if !ok || !one.readable(actor.Access, q.Unit) {
		return nil, models.NewError(models.NotFound, "error.not_found")
	}
	figure, err := one.draw(d, ctx, actor, q)
	if err != nil {
		return nil, err
	}
	figure.Kind, figure.Unit, figure.Year, figure.AsOf = kind, q.Unit, q.Year, q.AsOf
	return figure, nil
}

// Readable lists the kinds of a theme that the reader may see of the unit.
func Readable(access rbac.Access, unit models.Unit, theme Theme) []Kind {
	var kinds []Kind
	for _, one := range kindsOf {
		if one.theme == theme && one.readable(access, unit) {
			kinds = append(kinds, one.kind)
		}
	}
	return kinds
}
