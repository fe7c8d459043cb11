package web

import (
	"errors"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
)

func (s *Server) listPolicies(r *request) error {
	policies, err := s.Ledger.Policies(r.Request.Context())
	if err != nil {
		return err
	}
	page := PoliciesPage{Page: s.page(r), MayUpload: r.Actor.Access.Allows("policy", "activate")}
	for _, p := range policies {
		page.Policies = append(page.Policies, PolicyLine{Policy: p.Policy, URL: policyURL(p.Row.Code), Activated: p.ActiveYears,
			Edition: p.Row.Edition, RetiredOn: p.Row.RetiredOn})
	}
	return s.show(r, "policies", page)
}

func policyURL(code string) string { return "/policies/" + code }

func (s *Server) showPolicy(r *request) error {
	p, err := s.Ledger.Policy(r.Request.Context(), r.Param("code"))
	if err != nil {
		return err
	}
	_, err = s.regionToActivate(r, p)
	if err != nil && !models.IsCode(err, models.NotFound) {
		return err
	}
	page, err := s.policyPage(r, p, err == nil)
	if err != nil {
		return err
	}
	return s.show(r, "policy", page)
}

// regionToActivate returns the region that the policy binds when the caller may
// create duties there: all of it, since an activation creates them for all.
func (s *Server) regionToActivate(r *request, p compliance.PolicyView) (models.Unit, error) {
	return s.unit(r, p.Policy.Region, "policy", "activate")
}

// managed returns the policy of the path when the caller may manage it.
func (s *Server) managed(r *request) (compliance.PolicyView, error) {
	p, err := s.Ledger.Policy(r.Request.Context(), r.Param("code"))
	if err != nil {
		return p, err
	}
	_, err = s.regionToActivate(r, p)
	return p, err
}

func (s *Server) policyPage(r *request, p compliance.PolicyView, manages bool) (PolicyPage, error) {
	page := newPolicyPage(s.page(r), p.Policy, p.ActiveYears)
	page.Breadcrumb = policyCrumbs(r, p, "")
	page.Levels, page.RetiredOn = p.Row.Levels, p.Row.RetiredOn
	var err error
	if page.Editions, err = s.Ledger.Editions(r.Request.Context(), p.Row.Code); err != nil || !manages {
		return page, err
	}
	page.Management = &PolicyManagement{URL: policyURL(p.Row.Code), Years: s.inactiveYears(p), Levels: []int{1, compliance.MaxLevels}}
	return page, nil
}

// policyCrumbs leads from the list of policies to a page about one; last is the
// page's own text, empty for the policy's page itself.
func policyCrumbs(r *request, p compliance.PolicyView, last string) []Crumb {
	crumbs := []Crumb{{Text: r.Locale.Text("nav.policies", nil), URL: "/policies"}}
	title := r.Locale.In(p.Policy.Title)
	if last == "" {
		return append(crumbs, Crumb{Text: title})
	}
	return append(crumbs, Crumb{Text: title, URL: policyURL(p.Row.Code)}, Crumb{Text: r.Locale.Text(last, nil)})
}

// inactiveYears are the years the policy binds, up to the next one, that are not
// active.
func (s *Server) inactiveYears(p compliance.PolicyView) []int {
	years := compliance.BeginningYears(p.Policy, s.Ledger.Today().Year()+1)
	return slices.DeleteFunc(years, func(year int) bool {
		retired := p.Row.RetiredOn
		return slices.Contains(p.ActiveYears, year) || !retired.IsZero() && retired.Year() < year
	})
}

// refused returns what a form shows of an error that its sender can do something
// about; all others are nil, for the error page.
func refused(r *request, err error) *models.Error {
	cause := gate.ProblemOf(r.Request.Context(), r.Locale, err).Cause
	if cause == nil {
		return nil
	}
	switch cause.Code {
	case models.Invalid, models.Conflict, models.Stale, models.Forbidden:
		return cause
	default:
		return nil
	}
}

func yearOf(text string) (int, error) {
	year, err := strconv.Atoi(text)
	if err != nil {
		return 0, models.InvalidFields([]models.Field{{Name: "year", Key: "error.bad_year", Args: models.Args("Value", text)}})
	}
	return year, nil
}

func (s *Server) previewActivation(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	return s.activationPage(r, p, r.Query("year"), nil)
}

// activationPage shows what activating the year would create, with what kept an
// activation from being done.
func (s *Server) activationPage(r *request, p compliance.PolicyView, text string, failed error) error {
	year, err := yearOf(text)
	page := ActivationPage{Page: s.page(r), Policy: p.Policy, PolicyURL: policyURL(p.Row.Code), Year: year}
	page.Breadcrumb = policyCrumbs(r, p, "activation.title")
	if err == nil {
		page.Plan, err = s.Ledger.PreviewActivation(r.Request.Context(), r.Actor, p.Row.Code, year)
	}
	if err == nil {
		err = failed
	}
	status := 200
	if err != nil {
		if page.Error = refused(r, err); page.Error == nil {
			return err
		}
		status = gate.ProblemOf(r.Request.Context(), r.Locale, err).Status
	}
	s.send(r, status, "policy_activation", page)
	return nil
}

func (s *Server) activatePolicy(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	year, err := yearOf(r.PostForm("year"))
	var done compliance.Activation
	if err == nil {
		done, err = s.Ledger.ActivateSeen(r.Request.Context(), r.Actor, p.Row.Code, year, r.PostForm("seen"))
	}
	var known *models.Error
	if errors.As(err, &known) && known.Code != models.NotFound {
		return s.activationPage(r, p, r.PostForm("year"), err)
	}
	if err != nil {
		return err
	}
	return s.done(r, policyURL(p.Row.Code), "flash.activated", models.Args("Units", done.Units, "Duties", done.Duties))
}

func (s *Server) setLevels(r *request) error {
	p, err := s.managed(r)
	if err != nil {
		return err
	}
	levels, err := strconv.Atoi(r.PostForm("levels"))
	if err != nil {
		levels = 0 // none that can be set
	}
	if err := s.Ledger.SetLevels(r.Request.Context(), r.Actor, p.Row.Code, levels); err != nil {
		return err
	}
	return s.done(r, policyURL(p.Row.Code), "flash.levels_set", models.Args("Levels", levels))
}
