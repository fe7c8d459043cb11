package web

import (
	"sundial/models"
	"sundial/server/assessment"
)

// showArithmetic shows how a score of a sheet was computed: the final one unless another
// is asked for, or the unit's own while nothing else is seen.
func (s *Server) showArithmetic(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	of := assessment.ScoreOf(r.DefaultQuery("view", string(assessment.FinalScore)))
	c, err := s.Assessment.Computation(r.Request.Context(), r.Actor, id, of)
	if models.IsCode(err, models.Conflict) && r.Query("view") == "" {
		c, err = s.Assessment.Computation(r.Request.Context(), r.Actor, id, assessment.SelfScore)
	}
	if err != nil {
		return err
	}
	page := newArithmeticPage(s.page(r), c)
	page.Tabs = unitTabs(r, c.Unit, "assessment", assessmentTabs, "rounds")
	page.SheetURL = sheetURL(c.Sheet.ID)
	if len(c.Others) > 1 {
		page.ResultsURL = resultsURL(c.Round)
	}
	if err := s.placeResult(r, &page.Page, c.Unit, Crumb{Text: r.Locale.Text("results.arithmetic", nil)}); err != nil {
		return err
	}
	return s.show(r, "arithmetic", page)
}

// placeResult sets the breadcrumb of a page of a result: the units above, each leading to
// its assessment.
func (s *Server) placeResult(r *request, page *Page, unit models.Unit, last ...Crumb) error {
	path, err := s.Directory.Ancestors(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	for _, above := range path {
		if r.may("score", "read", above) {
			page.Breadcrumb = append(page.Breadcrumb, Crumb{unitName(r.Locale, above), unitURL(above, "assessment")})
		}
	}
	page.Breadcrumb = append(page.Breadcrumb, last...)
	page.Demo = page.Demo || unit.Demo
	return nil
}
