package web

import (
	"fmt"
	"net/url"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
)

// RoundOpenPage opens a round: the scheme is chosen first, then it shows whom the round
// would score, with the form that opens it.
type RoundOpenPage struct {
	Page
	Tabs    UnitTabs
	Unit    models.Unit
	Schemes []FieldOption
	// Scheme is the chosen one, Whole that the whole subtree is scored.
	Scheme string
	Whole  bool
	// Preview is nil before a scheme is chosen.
	Preview    *assessment.RoundPreview
	Form       *OfficeForm
	Hidden     url.Values
	Action     string
	SchemesURL string
	BackURL    string
	Error      *models.Error
}

// More is how many units are left out that are not named.
func (p RoundOpenPage) More() int {
	left := -len(p.Preview.Named)
	for _, of := range p.Preview.Left {
		left += of.Count
	}
	return left
}

// schemeOptions are the schemes that a round can be opened of.
func schemeOptions(locale *frontend.Locale, schemes []models.ScoringScheme) []FieldOption {
	var options []FieldOption
	for _, scheme := range schemes {
		options = append(options, FieldOption{fmt.Sprint(scheme.ID), locale.Text("rounds.edition_of_year", models.Args("Year", scheme.Year, "Title", schemeTitle(locale, scheme), "Edition", scheme.Edition))})
	}
	return options
}

// daysOfSelfScoring is how many days units have at first to score themselves.
const daysOfSelfScoring = 30

// foresee adds the preview with the form that opens the round.
func (p *RoundOpenPage) foresee(preview *assessment.RoundPreview) {
	p.Preview = preview
	if preview.Units == 0 {
		return
	}
	p.Form = newOfficeForm("round_open", "", p.Action,
		FormField{Name: "title", Label: "rounds.field.title", Type: "text", Required: true, Value: p.Locale.Written().Text("rounds.title_of_year", models.Args("Year", preview.Edition.Year))},
		FormField{Name: "self_until", Label: "rounds.field.self_until", Hint: "rounds.field.self_until_hint", Type: "date", Min: p.Today.String(), Required: true, Value: (p.Today + daysOfSelfScoring).String()},
		FormField{Name: "as_of", Label: "rounds.field.as_of", Hint: "rounds.field.as_of_hint", Type: "date", Min: calendar.NewDate(preview.Edition.Year, 1, 1).String()})
	p.Form.Submit.Args = models.Args("Count", preview.Units)
	p.Hidden = url.Values{"scheme": {p.Scheme}}
	if p.Whole {
		p.Hidden.Set("whole", "1")
	}
}
