package web

import (
	"sundial/models"
	"sundial/server/assessment"
)

func (s *Server) showRound(r *request) error {
	page, err := s.roundPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "round", page)
}

// roundPage is the round of the route as the caller sees it.
func (s *Server) roundPage(r *request) (*RoundPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	filter := RoundFilter{Class: r.Query("class"), Status: r.Query("status"), Text: r.Query("q"), Cursor: r.Query("cursor")}
	// First what brings the totals in step with duties.
	sheets, err := s.Assessment.RoundSheets(r.Request.Context(), r.Actor, id, filter.query())
	if err != nil {
		return nil, err
	}
	view, err := s.Assessment.Round(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	// Who does not see the office comes from their own unit.
	unit := view.Office
	if !view.Whole && len(sheets.Items) > 0 {
		unit = sheets.Items[0].Unit
	}
	base, tabs, err := s.assessmentPage(r, unit, "rounds", view.Round.Title)
	if err != nil {
		return nil, err
	}
	page := newRoundPage(base, view, filter, sheets)
	page.Tabs = tabs
	if !view.Whole && view.Status != models.RoundScoring {
		if page.Matters, err = s.matters(r, unit, id); err != nil {
			return nil, err
		}
	}
	page.addForms(r.Locale)
	if view.Status == models.RoundScoring && r.Actor.Access.Allows("score", "import") {
		page.ImportURL = roundURL(id, "import")
	}
	return page, nil
}

func (s *Server) changeRound(r *request) error {
	return s.onRound(r, "round_change", "flash.round_changed", func(id uint64) error {
		f := formReader{values: r.Request.PostForm}
		dates := assessment.RoundDates{Title: f.text("title"), SelfUntil: f.date("self_until"), AsOf: f.date("as_of")}
		if err := models.InvalidFields(f.problems); err != nil {
			return err
		}
		_, err := s.Assessment.ChangeRound(r.Request.Context(), r.Actor, id, r.version(), dates)
		return err
	})
}

func (s *Server) assignAssessor(r *request) error {
	return s.onRound(r, "round_assign", "flash.round_assigned", func(id uint64) error {
		return s.Assessment.AssignAssessor(r.Request.Context(), r.Actor, id, r.PostForm("login"), r.PostForm("class"))
	})
}

func (s *Server) unassignAssessor(r *request) error {
	return s.onRound(r, "round_assign", "flash.round_unassigned", func(id uint64) error {
		return s.Assessment.UnassignAssessor(r.Request.Context(), r.Actor, id, r.PostForm("login"), r.PostForm("class"))
	})
}

func (s *Server) addRoundUnit(r *request) error {
	return s.onRound(r, "round_add_unit", "flash.round_unit_added", func(id uint64) error {
		return s.Assessment.AddUnit(r.Request.Context(), r.Actor, id, r.PostForm("unit"))
	})
}

func (s *Server) takeOutRoundUnit(r *request) error {
	return s.onRound(r, "round_take_out", "flash.round_unit_out", func(id uint64) error {
		return s.Assessment.TakeOut(r.Request.Context(), r.Actor, id, r.PostForm("unit"), r.PostForm("reason"))
	})
}

// onRound runs what a form asks for on a round, and goes back to it or shows the form that
// was refused.
func (s *Server) onRound(r *request, form, flash string, do func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	err = do(id)
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, roundURL(id), flash, nil)
	case why == nil:
		return err
	}
	page, err := s.roundPage(r)
	if err != nil {
		return err
	}
	if why.Code == models.Invalid {
		refuseForm(r, page.forms(), form, why)
	} else {
		page.Error = why
	}
	s.send(r, status, "round", page)
	return nil
}

func (s *Server) confirmAnnounce(r *request) error { return s.confirmRound(r, "announce") }
func (s *Server) confirmFreeze(r *request) error   { return s.confirmRound(r, "freeze") }

func (s *Server) confirmRound(r *request, act string) error {
	page, err := s.roundConfirmPage(r, act)
	if err != nil {
		return err
	}
	return s.show(r, "round_confirm", page)
}

// roundConfirmPage asks whoever manages the round of the route whether they mean it.
func (s *Server) roundConfirmPage(r *request, act string) (*RoundConfirmPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Assessment.Round(r.Request.Context(), r.Actor, id)
	switch {
	case err != nil:
		return nil, err
	case !view.Manages:
		return nil, models.NewError(models.Forbidden, "error.forbidden")
	}
	if refusal := outOfTurn(view.Round, act); refusal != nil {
		view.Blocked = refusal
	}
	var waiting *assessment.SheetPage
	if view.Status == models.RoundScoring && view.Blocked != nil {
		if waiting, err = s.Assessment.RoundSheets(r.Request.Context(), r.Actor, id, assessment.SheetQuery{Unready: true, Limit: roundSheetsShown}); err != nil {
			return nil, err
		}
	}
	base, tabs, err := s.assessmentPage(r, view.Office, "rounds", r.Locale.Text("rounds."+act+".title", nil))
	if err != nil {
		return nil, err
	}
	page := newRoundConfirmPage(base, view, act, waiting)
	page.Tabs = tabs
	return page, nil
}

// outOfTurn tells that the act is not the round's next step.
func outOfTurn(round models.Round, act string) *models.Error {
	switch {
	case round.Status == models.RoundFrozen:
		return models.NewError(models.Conflict, "rounds.frozen", "Round", round.Title, "On", round.FrozenOn)
	case act == "announce" && round.Status == models.RoundAnnounced:
		return models.NewError(models.Conflict, "rounds.announced", "Round", round.Title, "On", round.AnnouncedOn)
	case act == "freeze" && round.Status == models.RoundScoring:
		return models.NewError(models.Conflict, "rounds.not_announced")
	}
	return nil
}

func (s *Server) announceRound(r *request) error {
	return s.finishRound(r, "announce", "flash.round_announced", func(id uint64) error {
		_, err := s.Assessment.Announce(r.Request.Context(), r.Actor, id, r.version())
		return err
	})
}

func (s *Server) freezeRound(r *request) error {
	return s.finishRound(r, "freeze", "flash.round_frozen", func(id uint64) error {
		_, err := s.Assessment.Freeze(r.Request.Context(), r.Actor, id, r.version())
		return err
	})
}

// finishRound announces or freezes, or says on the page that asked why not.
func (s *Server) finishRound(r *request, act, flash string, do func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	err = do(id)
	why, status := refusedAs(r, err)
	switch {
	case err == nil:
		return s.done(r, roundURL(id), flash, nil)
	case why == nil:
		return err
	}
	page, err := s.roundConfirmPage(r, act)
	if err != nil {
		return err
	}
	page.Refused = why
	s.send(r, status, "round_confirm", page)
	return nil
}
