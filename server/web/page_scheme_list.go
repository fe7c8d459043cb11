package web

import (
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
)

// SchemesPage lists the scoring schemes that concern a unit.
type SchemesPage struct {
	Page
	Tabs  UnitTabs
	Unit  models.Unit
	Years []SchemeYear
	// Manages offers to add schemes. Copy takes over last year's, nil when there is none;
	// CopyOf is its title.
	Manages bool
	Copy    *OfficeForm
	CopyOf  string
}

// SchemeYear is a year with its schemes.
type SchemeYear struct {
	Year  int
	Lines []SchemeEntry
}

// SchemeEntry is an edition in the list; Other tells that it is of an office above.
type SchemeEntry struct {
	assessment.SchemeLine
	URL   string
	Other bool
}

func schemeURL(id uint64, steps ...string) string {
	return strings.Join(append([]string{"/schemes/" + strconv.FormatUint(id, 10)}, steps...), "/")
}

func newSchemesPage(page Page, unit models.Unit, lines []assessment.SchemeLine, manages bool) SchemesPage {
	p := SchemesPage{Page: page, Unit: unit, Manages: manages}
	for _, line := range lines {
		if len(p.Years) == 0 || p.Years[len(p.Years)-1].Year != line.Year {
			p.Years = append(p.Years, SchemeYear{Year: line.Year})
		}
		year := &p.Years[len(p.Years)-1]
		year.Lines = append(year.Lines, SchemeEntry{line, schemeURL(line.ID), line.Office.ID != unit.ID})
	}
	return p
}

// latest returns the unit's own latest frozen scheme, nil when there is none.
func (p SchemesPage) latest() *models.ScoringScheme {
	for _, year := range p.Years {
		for _, line := range year.Lines {
			if !line.Other && line.Status == models.SchemeFrozen {
				return &line.ScoringScheme
			}
		}
	}
	return nil
}

// offerCopy offers the unit's own latest frozen scheme for the year, or the year after it.
func (p *SchemesPage) offerCopy(year int) {
	from := p.latest()
	if !p.Manages || from == nil {
		return
	}
	p.Copy, p.CopyOf = newSchemeCopy(*from, max(year, from.Year+1)), schemeTitle(p.Locale, *from)
}

// newSchemeCopy is the form that copies a scheme for a year.
func newSchemeCopy(from models.ScoringScheme, year int) *OfficeForm {
	return newOfficeForm("scheme_copy", "", schemeURL(from.ID, "copy"),
		FormField{Name: "year", Label: "schemes.year", Type: "number", Value: strconv.Itoa(year), Required: true},
		FormField{Name: "id", Label: "schemes.id", Hint: "schemes.copy_id_hint", Type: "text", Value: codeFor(from, year), Required: true})
}

// codeFor is the id of a scheme as it would be called in another year.
func codeFor(from models.ScoringScheme, year int) string {
	was, is := strconv.Itoa(from.Year), strconv.Itoa(year)
	if strings.Contains(from.Code, was) || from.Year == year {
		return strings.ReplaceAll(from.Code, was, is)
	}
	return from.Code + "-" + is
}

func schemeTitle(locale *frontend.Locale, row models.ScoringScheme) string {
	return locale.In(rules.Text{ZH: row.TitleZH, EN: row.TitleEN})
}
