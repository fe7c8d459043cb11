package web

import (
	"net/http"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/gate"
)

func (s *Server) showAmendmentForm(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	text, err := s.Ledger.Source(r.Request.Context(), p.Row.Code, 0)
	if err != nil {
		return err
	}
	return s.amendmentPage(r, p, http.StatusOK, PackForm{Source: text}, nil)
}

// amendmentPage shows the form of an amendment, with the preview when there is
// one.
func (s *Server) amendmentPage(r *request, p compliance.PolicyView, status int, form PackForm, a *compliance.Amendment) error {
	page := AmendmentPage{Page: s.page(r), Policy: p.Policy, PolicyURL: policyURL(p.Row.Code), Form: form, Reason: r.PostForm("reason")}
	page.Form.Action = page.PolicyURL + "/amendment/preview"
	page.Breadcrumb = policyCrumbs(r, p, "policy_amend.title")
	if a != nil {
		page.Preview = newAmendmentView(r.Locale, a)
	}
	s.send(r, status, "policy_amendment", page)
	return nil
}

// amendmentRefused shows the form again with what is wrong. A faulty reason, and
// a preview that the world overtook, come with the preview as it is now.
func (s *Server) amendmentRefused(r *request, p compliance.PolicyView, source []byte, err error) error {
	cause := refused(r, err)
	if cause == nil {
		return err
	}
	form := PackForm{Source: textOf(source), Error: cause}
	form.Faults = newFaults(form.Source, cause)
	status := gate.ProblemOf(r.Request.Context(), r.Locale, err).Status
	var preview *compliance.Amendment
	if cause.Code == models.Stale || fieldOf(cause, "reason") != nil {
		preview, err = s.Ledger.PreviewAmendment(r.Request.Context(), r.Actor, p.Row.Code, source)
		if err != nil {
			return s.amendmentRefused(r, p, source, err)
		}
	}
	return s.amendmentPage(r, p, status, form, preview)
}

// fieldOf returns the problem of the field with the name, nil without one.
func fieldOf(err *models.Error, name string) *models.Field {
	if err == nil {
		return nil
	}
	for i := range err.Fields {
		if err.Fields[i].Name == name {
			return &err.Fields[i]
		}
	}
	return nil
}

func (s *Server) previewAmendment(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	source, err := r.packSource()
	if err != nil {
		return s.amendmentRefused(r, p, source, err)
	}
	preview, err := s.Ledger.PreviewAmendment(r.Request.Context(), r.Actor, p.Row.Code, source)
	if err != nil {
		return s.amendmentRefused(r, p, source, err)
	}
	return s.amendmentPage(r, p, http.StatusOK, PackForm{Source: textOf(source)}, preview)
}

func (s *Server) amendPolicy(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	source, err := r.packSource()
	if err != nil {
		return s.amendmentRefused(r, p, source, err)
	}
	done, err := s.Ledger.Amend(r.Request.Context(), r.Actor, p.Row.Code, source, r.PostForm("reason"), r.PostForm("seen"))
	if err != nil {
		return s.amendmentRefused(r, p, source, err)
	}
	return s.done(r, policyURL(p.Row.Code), "flash.amended", models.Args("Edition", done.Edition, "Moved", done.Moved,
		"Created", done.Created, "Withdrawn", done.Withdrawn))
}

func (s *Server) showRetirement(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	return s.retirementPage(r, p, r.Query("on"), nil)
}

// retirementPage shows what retiring the policy on the day would do, once a day
// is given, with what kept it from being done.
func (s *Server) retirementPage(r *request, p compliance.PolicyView, on string, failed error) error {
	page := RetirementPage{Page: s.page(r), Policy: p.Policy, PolicyURL: policyURL(p.Row.Code), On: on, Reason: r.PostForm("reason")}
	page.Breadcrumb = policyCrumbs(r, p, "policy_retire.title")
	err := failed
	if on != "" {
		day, parseErr := dayOf(on)
		if parseErr == nil {
			page.Plan, parseErr = s.Ledger.PreviewRetirement(r.Request.Context(), r.Actor, p.Row.Code, day)
		}
		if parseErr != nil {
			err = parseErr
		}
	}
	status := http.StatusOK
	if err != nil {
		if page.Error = refused(r, err); page.Error == nil {
			return err
		}
		status = gate.ProblemOf(r.Request.Context(), r.Locale, err).Status
	}
	s.send(r, status, "policy_retirement", page)
	return nil
}

func dayOf(text string) (calendar.Date, error) {
	day, err := calendar.ParseDate(text)
	if err != nil {
		return 0, models.InvalidFields([]models.Field{{Name: "on", Key: "error.bad_date", Args: models.Args("Value", text)}})
	}
	return day, nil
}

func (s *Server) retirePolicy(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	on := r.PostForm("on")
	day, err := dayOf(on)
	var done *compliance.Retirement
	if err == nil {
		done, err = s.Ledger.Retire(r.Request.Context(), r.Actor, p.Row.Code, day, r.PostForm("reason"), r.PostForm("seen"))
	}
	if err != nil {
		return s.retirementPage(r, p, on, err)
	}
	return s.done(r, policyURL(p.Row.Code), "flash.retired", models.Args("On", done.On, "Withdrawn", done.Withdrawn, "Waiting", done.Waiting))
}
