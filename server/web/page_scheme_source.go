package web

import (
	"sundial/models"
	"sundial/server/assessment"
)

// SchemeSourcePage shows the text of a scheme; a draft's can be changed, and that of a new
// one typed or uploaded.
type SchemeSourcePage struct {
	Page
	Title string
	// Subject is the scheme whose text it is, empty for a new one.
	Subject string
	BackURL string
	// DownloadURL is empty for a new scheme.
	DownloadURL string
	Source      string
	// Form is nil for who only reads, and of a frozen scheme.
	Form    *PackForm
	Version int
}

// SchemeFreezePage asks to freeze a draft, and tells what that settles.
type SchemeFreezePage struct {
	Page
	*assessment.SchemeFreezing
	URL     string
	Classes []FreezeClass
	Refusal *models.Error
}

// FreezeClass is a class with what it comes to and how many units it has.
type FreezeClass struct {
	SchemeClass
	Direct, Whole int
}

func newSchemeFreezePage(page Page, freezing *assessment.SchemeFreezing) *SchemeFreezePage {
	p := &SchemeFreezePage{Page: page, SchemeFreezing: freezing, URL: schemeURL(freezing.ID)}
	for n, class := range newSchemePage(page, freezing.SchemeView, "").Classes {
		p.Classes = append(p.Classes, FreezeClass{class, freezing.Classes[n].Direct, freezing.Classes[n].Whole})
	}
	return p
}
