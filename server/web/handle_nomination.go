package web

import (
	"errors"
	"strconv"

	"sundial/models"
	"sundial/server/training"
)

func (s *Server) nominate(r *request) error {
	return s.onNominations(r, func(id uint64) ([]training.NominationOutcome, error) {
		return s.Desk.Nominate(r.Request.Context(), r.Actor, id, r.ids("person"))
	}, "flash.nominated")
}

func (s *Server) moveNominations(r *request) error {
	return s.onNominations(r, func(id uint64) ([]training.NominationOutcome, error) {
		to, err := strconv.ParseUint(r.PostForm("to"), 10, 63)
		if err != nil {
			return nil, models.InvalidFields([]models.Field{{Name: "to", Key: "nomination.no_target"}})
		}
		return s.Desk.MoveNominations(r.Request.Context(), r.Actor, id, to, r.ids("nomination"), r.PostForm("reason"))
	}, "flash.nominations_moved")
}

// onNominations runs what was chosen for people: where each of them is taken
// without a word it goes back to the session, otherwise it says what became of
// each.
func (s *Server) onNominations(r *request, do func(id uint64) ([]training.NominationOutcome, error), flash string) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	outcomes, err := do(id)
	if err != nil {
		return s.nominationsRefused(r, id, err)
	}
	waiting, plain := 0, true
	for _, o := range outcomes {
		if o.Place > 0 {
			waiting++
		}
		plain = plain && o.Refusal == nil && o.Warning.Key == ""
	}
	if waiting > 0 {
		flash += "_waiting"
	}
	if plain {
		return s.done(r, sessionURL(id), flash, models.Args("Count", len(outcomes), "Waiting", waiting))
	}
	page, err := s.sessionPage(r, id, "")
	if err != nil {
		return err
	}
	page.Outcomes = outcomes
	return s.show(r, "session", page)
}

// nominationsRefused shows the session with the refusal of an act on people.
func (s *Server) nominationsRefused(r *request, id uint64, cause error) error {
	why, status := refusedAs(r, cause)
	if why == nil {
		return cause
	}
	page, err := s.sessionPage(r, id, "")
	if err != nil {
		return errors.Join(cause, err)
	}
	page.Error = why
	page.keep(r.ids("person"), r.PostForm("reason"))
	s.send(r, status, "session", page)
	return nil
}

func (s *Server) confirmNominations(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	var chosen []uint64
	if r.PostForm("all") != "1" {
		if chosen = r.ids("nomination"); len(chosen) == 0 {
			return s.nominationsRefused(r, id, models.InvalidFields([]models.Field{{Name: "nomination", Key: "nomination.nobody"}}))
		}
	}
	n, err := s.Desk.ConfirmNominations(r.Request.Context(), r.Actor, id, chosen)
	if err != nil {
		return s.nominationsRefused(r, id, err)
	}
	return s.done(r, sessionURL(id), "flash.nominations_confirmed", models.Args("Count", n))
}

func (s *Server) withdrawNominations(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	chosen := r.ids("nomination")
	up, err := s.Desk.CancelNominations(r.Request.Context(), r.Actor, id, chosen, r.PostForm("reason"))
	if err != nil {
		return s.nominationsRefused(r, id, err)
	}
	return s.done(r, sessionURL(id), flashUp("flash.nominations_withdrawn", up), models.Args("Count", len(chosen), "Up", len(up)))
}
