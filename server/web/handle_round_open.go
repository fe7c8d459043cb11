package web

import (
	"strconv"

	"sundial/models"
	"sundial/server/assessment"
)

func (s *Server) showRoundForm(r *request) error {
	page, err := s.roundOpenPage(r, r.Query("scheme"), r.Query("whole") == "1")
	if err != nil {
		return err
	}
	return s.show(r, "round_open", page)
}

// roundOpenPage is the page on which a round of the route's unit is opened.
func (s *Server) roundOpenPage(r *request, scheme string, whole bool) (*RoundOpenPage, error) {
	unit, err := s.unit(r, r.Param("code"), "round", "manage")
	if err != nil {
		return nil, err
	}
	schemes, err := s.Assessment.OpenableSchemes(r.Request.Context(), r.Actor, unit.Code)
	if err != nil {
		return nil, err
	}
	base, tabs, err := s.assessmentPage(r, unit, "rounds", r.Locale.Text("rounds.open", nil))
	if err != nil {
		return nil, err
	}
	page := &RoundOpenPage{Page: base, Tabs: tabs, Unit: unit, Schemes: schemeOptions(r.Locale, schemes), Scheme: scheme, Whole: whole,
		Action: unitURL(unit, "assessment"), SchemesURL: unitURL(unit, "schemes"), BackURL: unitURL(unit, "assessment")}
	if scheme == "" {
		return page, nil
	}
	preview, err := s.Assessment.PreviewRound(r.Request.Context(), r.Actor, schemeID(scheme), whole)
	if err == nil && preview.Office.ID != unit.ID {
		err = models.NewError(models.NotFound, "assessment.scheme_unknown")
	}
	if err != nil {
		return nil, err
	}
	page.foresee(preview)
	return page, nil
}

// schemeID reads the id of a scheme's row; what is none is the id of no row.
func schemeID(text string) uint64 {
	id, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0
	}
	return id
}

func (s *Server) openRound(r *request) error {
	// Only who opens rounds here is told what is wrong with the form.
	if _, err := s.unit(r, r.Param("code"), "round", "manage"); err != nil {
		return err
	}
	f := formReader{values: r.Request.PostForm}
	input := assessment.RoundInput{Scheme: schemeID(f.text("scheme")), Title: f.text("title"), SelfUntil: f.date("self_until"), AsOf: f.date("as_of"), Whole: f.text("whole") != ""}
	err := models.InvalidFields(f.problems)
	var round *models.Round
	if err == nil {
		round, err = s.Assessment.OpenRound(r.Request.Context(), r.Actor, input)
	}
	scheme := f.text("scheme")
	if models.IsCode(err, models.NotFound) {
		// None of the schemes that the form offered.
		scheme, err = "", models.InvalidFields([]models.Field{{Name: "scheme", Key: "rounds.choose_scheme"}})
	}
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, roundURL(round.ID), "flash.round_opened", nil)
	case why == nil || why.Code != models.Invalid:
		return err
	}
	page, err := s.roundOpenPage(r, scheme, input.Whole)
	if err != nil {
		return err
	}
	if page.Form == nil {
		page.Error = why
	} else {
		page.Form.refuse(r.Locale, r.Request.PostForm, why)
	}
	s.send(r, status, "round_open", page)
	return nil
}
