// Package bulletin composes, reconciles and publishes bulletins (通报): the frozen result
// of a year for a scope, whose numbers come from boards, rankings and findings alone.
package bulletin

import (
	"time"

	"gorm.io/gorm"

	"sundial/rbac"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
	"sundial/server/supervision"
)

// Desk is the desk of who publishes. It is safe for concurrent use.
type Desk struct {
	desk.Desk
	ledger      *compliance.Ledger
	scores      *assessment.Desk
	supervision *supervision.Desk
}

// New returns the desk over a store and the desks whose numbers are published.
func New(s *store.Store, ledger *compliance.Ledger, scores *assessment.Desk, supervised *supervision.Desk, now func() time.Time) *Desk {
	return &Desk{Desk: desk.New(s, now), ledger: ledger, scores: scores, supervision: supervised}
}

// At returns a desk whose writes are steps of the transaction, at the moment: the past
// of a demo.
func (d *Desk) At(tx *gorm.DB, at time.Time) *Desk {
	past := *d
	past.Desk = d.Desk.At(tx, at)
	past.supervision, past.scores = d.supervision.At(tx, at), d.scores.At(tx, at)
	return &past
}

// The permissions of package bulletin, as rbac/policy.csv has them.
var (
	readBulletin   = rbac.Permission{Object: "bulletin", Action: "read"}
	manageBulletin = rbac.Permission{Object: "bulletin", Action: "manage"}
)
