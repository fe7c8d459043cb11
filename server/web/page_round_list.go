package web

import (
	"fmt"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// RoundsPage lists the rounds that a unit holds and the sheets that it has in others.
type RoundsPage struct {
	Page
	Tabs UnitTabs
	Unit models.Unit
	Held []RoundRow
	Mine []UnitSheetRow
	// Manages tells that the user opens rounds here; OpenURL leads to the form, and is
	// empty while no scheme waits for a round.
	Manages    bool
	OpenURL    string
	SchemesURL string
}

// RoundRow is a round in a list.
type RoundRow struct {
	assessment.RoundLine
	URL string
}

// Title is that of the scheme.
func (r RoundRow) Title() rules.Text { return rules.Text{ZH: r.Scheme.TitleZH, EN: r.Scheme.TitleEN} }

// UnitSheetRow is a sheet of a unit in a list.
type UnitSheetRow struct {
	assessment.UnitSheet
	URL, RoundURL string
}

// Score is the final score, empty before it is announced.
func (r UnitSheetRow) Score() string { return scoreText(r.Final) }

// scoreText writes a score; empty for none.
func scoreText(hundredths *int64) string {
	if hundredths == nil {
		return ""
	}
	return scoring.Score(*hundredths).String()
}

func roundURL(id uint64, steps ...string) string { return stepsOf("/rounds/", id, steps) }

func sheetURL(id uint64, steps ...string) string { return stepsOf("/sheets/", id, steps) }

func stepsOf(prefix string, id uint64, steps []string) string {
	path := fmt.Sprint(prefix, id)
	for _, step := range steps {
		path += "/" + step
	}
	return path
}

// newRoundsPage lays out the rounds of a unit.
func newRoundsPage(page Page, unit models.Unit, list *assessment.UnitRounds) *RoundsPage {
	p := &RoundsPage{Page: page, Unit: unit, SchemesURL: unitURL(unit, "schemes")}
	for _, line := range list.Held {
		p.Held = append(p.Held, RoundRow{line, roundURL(line.ID)})
	}
	for _, sheet := range list.Sheets {
		p.Mine = append(p.Mine, UnitSheetRow{sheet, sheetURL(sheet.ID), roundURL(sheet.RoundID)})
	}
	return p
}
