package organization

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sundial/models"
	"sundial/server/store"
)

// SignIn is one attempt to sign in as a user, as the audit log has it.
type SignIn struct {
	At      time.Time
	Address string
	Refused bool
	// State is that of the account when the attempt was refused: an active one had
	// the password wrong.
	State UserState
}

// SignIns returns at most limit sign-ins of the user and refused attempts, the
// newest first.
func (d *Directory) SignIns(ctx context.Context, userID uint64, limit int) ([]SignIn, error) {
	var entries []models.AuditEntry
	err := d.store.Read(ctx).Where("object = ? AND object_id = ? AND action IN ?", "user", userID, []string{"sign_in", "sign_in_refused"}).
		Order("at DESC, strand, seq DESC").Limit(limit).Find(&entries).Error
	if err != nil {
		return nil, fmt.Errorf("list sign-ins of user %d: %w", userID, store.Translate(err))
	}
	history := make([]SignIn, len(entries))
	for i, entry := range entries {
		history[i] = SignIn{At: entry.At, Address: entry.Address, Refused: entry.Action == "sign_in_refused"}
		var detail struct {
			State UserState `json:"state"`
		}
		if err := json.Unmarshal([]byte(entry.Detail), &detail); err != nil {
			return nil, fmt.Errorf("read sign-in of user %d: %w", userID, err)
		}
		history[i].State = detail.State
	}
	return history, nil
}
