package organization

import (
	"fmt"
	"runtime"
	"sync"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// Directory answers and changes who there is. It is safe for concurrent use.
type Directory struct {
	store     *store.Store
	table     *rbac.Table
	now       func() time.Time
	passwords passwords
	signIns   *signIns
	// afterwards are the refused sign-ins that are being noted.
	afterwards sync.WaitGroup
}

// Wait returns when the refused sign-ins so far are noted, which is done after
// they were answered; call it before the store is closed.
func (d *Directory) Wait() { d.afterwards.Wait() }

// New returns the directory of a store. now tells the instant of writes and the
// passing of time between sign-ins.
func New(s *store.Store, table *rbac.Table, now func() time.Time) (*Directory, error) {
	passwords, err := newPasswords(max(2, runtime.GOMAXPROCS(0)))
	if err != nil {
		return nil, fmt.Errorf("open directory: %w", err)
	}
	return &Directory{store: s, table: table, now: now, passwords: passwords, signIns: newSignIns()}, nil
}

// event is what the audit log says of one write.
type event struct {
	action   string
	object   string
	objectID uint64
	unitID   *uint64
	// before and now are what changed, nil for what was not there or is gone.
	before, now any
	detail      map[string]any
}

func (d *Directory) record(tx *gorm.DB, actor *models.User, e event) error {
	entry := models.AuditEntry{
		At: d.now(), Action: e.action, Object: e.object, ObjectID: e.objectID,
		UnitID: e.unitID, Changes: store.Changes(e.before, e.now), Detail: store.Detail(e.detail),
	}
	if actor != nil {
		entry.UserID, entry.UserName = &actor.ID, actor.Name
	}
	return store.Record(tx, entry)
}
