package compliance

import (
	"context"

	"sundial/server/calendar"
	"sundial/server/rules"
)

// PolicyEdition is a policy in one of its editions.
type PolicyEdition struct {
	Code    string
	Edition int
	Policy  *rules.Policy
}

// PolicyOn returns the policy with the code in the edition that was in force at the end
// of the day; before the first one, in that. An unknown one is NotFound.
func (l *Ledger) PolicyOn(ctx context.Context, code string, day calendar.Date) (PolicyEdition, error) {
	lib, err := l.library(l.store.Read(ctx))
	if err != nil {
		return PolicyEdition{}, err
	}
	b, err := lib.find(code)
	if err != nil {
		return PolicyEdition{}, err
	}
	found := PolicyEdition{Code: code, Policy: b.on(day)}
	for _, ed := range b.editions {
		if ed.policy == found.Policy {
			found.Edition = ed.number
		}
	}
	return found, nil
}
