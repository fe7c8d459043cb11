package supervision

import (
	"time"

	"gorm.io/gorm"

	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// Desk is the desk of who supervises: tasks, urges and inspections. It is safe for
// concurrent use.
//
// Rows are locked in one order: tasks, shares, inspections, findings, rectifications,
// urges.
type Desk struct {
	desk.Desk
	ledger *compliance.Ledger
}

// New returns the desk over a store and the ledger of the duties.
func New(s *store.Store, ledger *compliance.Ledger, now func() time.Time) *Desk {
	return &Desk{Desk: desk.New(s, now), ledger: ledger}
}

// At returns a desk whose writes are steps of the transaction, at the moment: the past
// of a demo.
func (d *Desk) At(tx *gorm.DB, at time.Time) *Desk {
	past := *d
	past.Desk = d.Desk.At(tx, at)
	return &past
}

// The permissions of package supervision, as rbac/policy.csv has them. What an office
// decides is allowed at the office, what a unit answers at the unit.
var (
	readTask         = rbac.Permission{Object: "task", Action: "read"}
	manageTask       = rbac.Permission{Object: "task", Action: "manage"}
	reportTask       = rbac.Permission{Object: "task", Action: "report"}
	readUrge         = rbac.Permission{Object: "urge", Action: "read"}
	sendUrge         = rbac.Permission{Object: "urge", Action: "send"}
	answerUrge       = rbac.Permission{Object: "urge", Action: "answer"}
	readInspection   = rbac.Permission{Object: "inspection", Action: "read"}
	manageInspection = rbac.Permission{Object: "inspection", Action: "manage"}
)
