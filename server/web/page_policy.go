package web

import (
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// PoliciesPage lists the policies that are loaded.
type PoliciesPage struct {
	Page
	Policies []PolicyLine
	// MayUpload offers to load another one.
	MayUpload bool
}

// PolicyLine is a policy with the years whose duties have been created.
type PolicyLine struct {
	Policy    *rules.Policy
	URL       string
	Activated []int
	Edition   int
	RetiredOn calendar.Date
}

// PolicyPage is one policy with its obligations.
type PolicyPage struct {
	Page
	Policy      *rules.Policy
	Activated   []int
	Levels      int
	RetiredOn   calendar.Date
	Obligations []WhatCounts
	Tasks       TaskDivision
	Editions    []compliance.EditionView
	// Management is set when the user may manage the policy.
	Management *PolicyManagement
}

// PolicyManagement is what may be done with a policy.
type PolicyManagement struct {
	// URL is the policy's own path.
	URL string
	// Years are those that the policy binds and that are not active yet.
	Years []int
	// Levels are the numbers of offices to choose from.
	Levels []int
}

// newPolicyPage lays out a policy. The rest is set by the caller.
func newPolicyPage(page Page, policy *rules.Policy, activated []int) PolicyPage {
	return PolicyPage{Page: page, Policy: policy, Activated: activated, Obligations: allCounts(policy), Tasks: newTaskDivision(policy)}
}

// ActivationPage tells what activating a policy for a year would create.
type ActivationPage struct {
	Page
	Policy    *rules.Policy
	PolicyURL string
	Year      int
	// Plan is nil when the year cannot be activated; Error says why, or what came
	// between.
	Plan  *compliance.ActivationPreview
	Error *models.Error
}

// RetirementPage asks for the day on which a policy ends, and tells what that
// would do.
type RetirementPage struct {
	Page
	Policy    *rules.Policy
	PolicyURL string
	On        string
	Reason    string
	// Plan is nil until a day is chosen.
	Plan  *compliance.Retirement
	Error *models.Error
}

// Fate lists the duties that would be withdrawn.
func (p RetirementPage) Fate() FateView {
	return newFateView(compliance.Withdraws, p.Plan.Withdrawn, p.Plan.Moves)
}

// Problem returns what is wrong with a field, nil when nothing is.
func (p RetirementPage) Problem(name string) *models.Field { return fieldOf(p.Error, name) }
