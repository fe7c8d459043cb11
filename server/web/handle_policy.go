package web

import (
	"errors"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
	"sundial/server/rules"
)

func (s *Server) listPolicies(r *request) error {
	policies, err := s.Ledger.Policies(r.Request.Context())
	if err != nil {
		return err
	}
	page := PoliciesPage{Page: s.page(r)}
	for _, p := range policies {
		page.Policies = append(page.Policies, PolicyLine{Policy: p.Policy, URL: "/policies/" + p.Row.Code, Activated: p.ActiveYears})
	}
	return s.show(r, "policies", page)
}

func (s *Server) showPolicy(r *request) error {
	p, err := s.Ledger.Policy(r.Request.Context(), r.Param("code"))
	if err != nil {
		return err
	}
	_, err = s.regionToActivate(r, p)
	if err != nil && !models.IsCode(err, models.NotFound) {
		return err
	}
	return s.show(r, "policy", s.policyPage(r, p, err == nil))
}

// regionToActivate returns the region that the policy binds when the caller may
// create duties there: all of it, since an activation creates them for all.
func (s *Server) regionToActivate(r *request, p compliance.PolicyView) (models.Unit, error) {
	return s.unit(r, p.Policy.Region, "policy", "activate")
}

func (s *Server) policyPage(r *request, p compliance.PolicyView, mayActivate bool) PolicyPage {
	page := newPolicyPage(s.page(r), p.Policy, p.ActiveYears)
	page.Breadcrumb = []Crumb{{Text: r.Locale.Text("nav.policies", nil), URL: "/policies"}, {Text: p.Policy.Title.In(r.Locale.Lang())}}
	if mayActivate {
		page.Activation = &ActivationForm{Action: "/policies/" + p.Row.Code + "/activations", Years: s.inactiveYears(p)}
	}
	return page
}

// inactiveYears are the years the policy binds, up to the next one, that are not
// active.
func (s *Server) inactiveYears(p compliance.PolicyView) []int {
	last := s.Ledger.Today().Year() + 1
	if to := p.Policy.Effective.To; !to.IsZero() {
		last = min(last, to.Year())
	}
	var years []int
	for year := p.Policy.Effective.From.Year(); year <= last; year++ {
		if !slices.Contains(p.ActiveYears, year) && begins(p.Policy, year) {
			years = append(years, year)
		}
	}
	return years
}

// begins tells whether any period of the policy begins in the year: a year that
// only goes on with a cycle has nothing to create.
func begins(policy *rules.Policy, year int) bool {
	for i := range policy.Obligations {
		for _, period := range policy.Periods(&policy.Obligations[i], year) {
			if period.Year == year {
				return true
			}
		}
	}
	return false
}

func (s *Server) activatePolicy(r *request) error {
	p, err := s.Ledger.Policy(r.Request.Context(), r.Param("code"))
	if err != nil {
		return err
	}
	if _, err := s.regionToActivate(r, p); err != nil {
		return err
	}
	year, err := strconv.Atoi(r.PostForm("year"))
	if err != nil {
		err = models.InvalidFields([]models.Field{{Name: "year", Key: "error.bad_year", Args: models.Args("Value", r.PostForm("year"))}})
	}
	var done compliance.Activation
	if err == nil {
		done, err = s.Ledger.Activate(r.Request.Context(), r.Actor, p.Row.Code, year)
	}
	var refused *models.Error
	if errors.As(err, &refused) && (refused.Code == models.Invalid || refused.Code == models.Conflict) {
		page := s.policyPage(r, p, true)
		page.Activation.Error = refused
		s.send(r, gate.ProblemOf(r.Request.Context(), r.Locale, err).Status, "policy", page)
		return nil
	}
	if err != nil {
		return err
	}
	return s.done(r, "/policies/"+p.Row.Code, "flash.activated", models.Args("Units", done.Units, "Duties", done.Duties))
}
