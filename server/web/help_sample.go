package web

import (
	_ "embed"
	"fmt"
	"sync"

	"go.yaml.in/yaml/v3"

	"sundial/server/rules"
	"sundial/server/scoring"
)

//go:embed help_policy.yaml
var helpPolicy []byte

//go:embed help_scheme.yaml
var helpScheme []byte

//go:embed help_terms.yaml
var helpTerms []byte

// HelpTerm is a word of the pages with its meaning.
type HelpTerm struct {
	Name  rules.Text `yaml:"name"`
	Means rules.Text `yaml:"means"`
}

// helpSample is what the page of help makes its examples of.
type helpSample struct {
	policy *rules.Policy
	scheme *scoring.Scheme
	terms  []HelpTerm
}

// helpSamples reads the examples once.
var helpSamples = sync.OnceValues(func() (s helpSample, err error) {
	if s.policy, err = rules.ParsePolicy(helpPolicy); err != nil {
		return s, fmt.Errorf("policy: %w", err)
	}
	if s.scheme, err = scoring.ParseScheme(helpScheme); err != nil {
		return s, fmt.Errorf("scheme: %w", err)
	}
	if err = yaml.Unmarshal(helpTerms, &s.terms); err != nil {
		return s, fmt.Errorf("terms: %w", err)
	}
	return s, nil
})
