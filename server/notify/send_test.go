package notify_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/desk/desktest"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// told sends a message to who reports for the unit, and returns the users told.
func told(w *desktest.World, code string, except uint64) []uint64 {
	w.Helper()
	var users []uint64
	w.Must(w.Store.Write(w.Context(), func(tx *gorm.DB) error {
		err := notify.Send(tx, store.Instant(w.Now()), w.Ledger.Today(), notify.Note{Kind: models.MessageUrge, Unit: w.Unit(code),
			To: rbac.Permission{Object: "report", Action: "file"}, Object: "urge", ObjectID: 1, Text: rules.Reason{Key: "urges.sent"}, Except: except})
		if err != nil {
			return err
		}
		var message models.Message
		if err := tx.Order("id DESC").Take(&message).Error; err != nil {
			return err
		}
		return tx.Model(&models.InboxEntry{}).Where("message_id = ?", message.ID).Order("user_id").Pluck("user_id", &users).Error
	}))
	return users
}

func TestTheNearestPeopleAreTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := desktest.New(t, s)
		if got := told(w, desktest.Jinan, 0); len(got) != 0 {
			t.Errorf("nobody is there, told %v", got)
		}
		province := w.Reporter(desktest.Shandong)
		if diff := cmp.Diff([]uint64{province.ID}, told(w, desktest.Jinan, 0)); diff != "" {
			t.Errorf("without people of its own (-want +got):\n%s", diff)
		}
		city, office := w.Reporter(desktest.Jinan), w.Supervisor(desktest.Jinan)
		if diff := cmp.Diff([]uint64{city.ID}, told(w, desktest.Jinan, 0)); diff != "" {
			t.Errorf("with people of its own, %d is no reporter (-want +got):\n%s", office.ID, diff)
		}
		if got := told(w, desktest.Jinan, city.ID); len(got) != 0 {
			t.Errorf("who did it is told: %v", got)
		}
		w.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.User{}).Where("id = ?", city.ID).Update("disabled", true).Error
		}))
		if diff := cmp.Diff([]uint64{province.ID}, told(w, desktest.Jinan, 0)); diff != "" {
			t.Errorf("the city's reporter has left (-want +got):\n%s", diff)
		}
	})
}
