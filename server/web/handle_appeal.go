package web

import (
	"io"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/gate"
)

func (s *Server) listAppeals(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	filter := AppealFilter{Status: r.Query("status"), Class: r.Query("class")}
	if filter.Status != "decided" && filter.Status != string(models.AppealWithdrawn) {
		filter.Status = string(models.AppealFiled)
	}
	list, err := s.Assessment.Appeals(r.Request.Context(), r.Actor, id, assessment.AppealQuery{Status: filter.Status, Class: filter.Class, Cursor: r.Query("after"), Limit: appealsAtMost})
	if err != nil {
		return err
	}
	base, tabs, err := s.assessmentPage(r, list.Office, "rounds", r.Locale.Text("appeals.title", nil))
	if err != nil {
		return err
	}
	page := newAppealsPage(base, list, filter)
	page.Tabs = tabs
	if r.Query("after") != "" {
		page.Pager.FirstURL = page.Chips[0].URL
		for _, chip := range page.Chips {
			if chip.Current {
				page.Pager.FirstURL = chip.URL
			}
		}
	}
	return s.show(r, "appeals", page)
}

func (s *Server) showAppealForm(r *request) error {
	page, err := s.appealFormPage(r, r.Query("indicator"))
	if err != nil {
		return err
	}
	return s.show(r, "appeal_form", page)
}

func (s *Server) appealFormPage(r *request, indicator string) (*AppealPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Assessment.NewAppeal(r.Request.Context(), r.Actor, id, indicator)
	if err != nil {
		return nil, err
	}
	return s.appealOn(r, view)
}

// appealOn lays out an appeal with what is around it.
func (s *Server) appealOn(r *request, view *assessment.AppealView) (*AppealPage, error) {
	base, tabs, err := s.assessmentPage(r, view.Unit, "rounds", appealTitle(r.Locale, view))
	if err != nil {
		return nil, err
	}
	base.stepBefore(Crumb{Text: view.Round.Title, URL: roundURL(view.Round.ID)})
	page := newAppealPage(base, view)
	page.Tabs = tabs
	return page, nil
}

func (s *Server) fileAppeal(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	in := assessment.AppealInput{Indicator: r.PostForm("indicator"), Points: r.PostForm("points"), NA: r.PostForm("na") != "", Lifted: r.PostForm("lifted") != "",
		Reason: r.PostForm("reason"), URL: r.PostForm("url")}
	row, err := s.Assessment.FileAppeal(r.Request.Context(), r.Actor, id, in)
	if err == nil {
		return s.done(r, appealURL(row.ID), "flash.appeal_filed", nil)
	}
	why, status := refusedAs(r, err)
	if why == nil || why.Code != models.Invalid {
		return err
	}
	page, pageErr := s.appealFormPage(r, in.Indicator)
	if pageErr != nil {
		return err
	}
	page.File.refuse(r.Locale, r.Request.PostForm, why)
	s.send(r, status, "appeal_form", page)
	return nil
}

func (s *Server) showAppeal(r *request) error {
	page, err := s.appealPage(r)
	if err != nil {
		return err
	}
	return s.show(r, "appeal", page)
}

func (s *Server) appealPage(r *request) (*AppealPage, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	view, err := s.Assessment.Appeal(r.Request.Context(), r.Actor, id)
	if err != nil {
		return nil, err
	}
	return s.appealOn(r, view)
}

func (s *Server) decideAppeal(r *request) error {
	return s.appealAct(r, "decided", func(id uint64) error {
		in := assessment.DecisionInput{Upheld: r.PostForm("decision") == "upheld", Lifted: r.PostForm("lifted") != "", Points: r.PostForm("points"), NA: r.PostForm("na") != "", Reason: r.PostForm("reason")}
		if decision := r.PostForm("decision"); decision != "upheld" && decision != "rejected" {
			return models.InvalidFields([]models.Field{{Name: "decision", Key: "appeals.decision_required"}})
		}
		return s.Assessment.DecideAppeal(r.Request.Context(), r.Actor, id, r.version(), in)
	})
}

func (s *Server) withdrawAppeal(r *request) error {
	return s.appealAct(r, "withdrawn", func(id uint64) error {
		return s.Assessment.WithdrawAppeal(r.Request.Context(), r.Actor, id, r.version())
	})
}

// attachAppealFile takes files that prove what the appeal says.
func (s *Server) attachAppealFile(r *request) error {
	return s.appealAct(r, "attached", func(id uint64) error {
		view, err := s.Assessment.Appeal(r.Request.Context(), r.Actor, id)
		if err != nil {
			return err
		}
		return s.takeScoreFiles(r, assessment.FileOwner{SheetID: view.SheetID, Indicator: view.Indicator, AppealID: &id})
	})
}

// takeScoreFiles attaches the files of a form to the owner.
func (s *Server) takeScoreFiles(r *request, owner assessment.FileOwner) error {
	if err := s.Assessment.TakesFile(r.Request.Context(), r.Actor, owner); err != nil {
		return err
	}
	return gate.Upload(r.Writer, r.Request, s.Assessment.MaxFile(), func(name string, content io.Reader) error {
		_, err := s.Assessment.AttachFile(r.Request.Context(), r.Actor, owner, name, content)
		return err
	})
}

// appealAct does something with an appeal and goes back to its page, which shows why it
// was refused.
func (s *Server) appealAct(r *request, name string, act func(id uint64) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err = act(id); err == nil {
		return s.done(r, appealURL(id), "flash.appeal_"+name, nil)
	}
	why, status := refusedAs(r, err)
	if why == nil {
		return err
	}
	page, pageErr := s.appealPage(r)
	if pageErr != nil {
		return err
	}
	if name == "decided" && page.Decide != nil {
		page.Decide.refuse(r.Locale, r.Request.PostForm, why)
	} else {
		page.Error = why
	}
	s.send(r, status, "appeal", page)
	return nil
}

// addClaims adds to the page of a sheet what has become of its indicators.
func (s *Server) addClaims(r *request, page *ScoreSheetPage) error {
	claims, left, err := s.Assessment.Claims(r.Request.Context(), r.Actor, page.Sheet.ID)
	if err != nil || claims == nil {
		return err
	}
	page.Claims, page.AppealsURL = claims, roundURL(page.Round.ID, "appeals")
	if left > 0 {
		page.DemandURL = sheetURL(page.Sheet.ID, "rectifications", "new")
	}
	return nil
}
