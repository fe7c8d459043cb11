package notify_test

import (
	"errors"
	"strings"
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

var toFile = rbac.Permission{Object: "report", Action: "file"}

// note is a message to who reports for the unit.
func note(w *desktest.World, code string) notify.Note {
	w.Helper()
	return notify.Note{Kind: models.MessageUrge, Unit: w.Unit(code), To: toFile, Object: "urge", ObjectID: 1, Text: rules.Reason{Key: "urges.sent"}}
}

// send sends the notes in one transaction, at the clock.
func send(w *desktest.World, notes ...notify.Note) error {
	return w.Store.Write(w.Context(), func(tx *gorm.DB) error {
		for _, n := range notes {
			if err := notify.Send(tx, store.Instant(w.Now()), w.Ledger.Today(), n); err != nil {
				return err
			}
		}
		return nil
	})
}

// told sends a message and returns the users told.
func told(w *desktest.World, n notify.Note) []uint64 {
	w.Helper()
	var last, users []uint64
	db := w.Store.Read(w.Context())
	w.Must(db.Model(&models.Message{}).Select("COALESCE(MAX(id), 0)").Scan(&last).Error)
	w.Must(send(w, n))
	w.Must(db.Model(&models.InboxEntry{}).Where("message_id > ?", last[0]).Order("user_id").Pluck("user_id", &users).Error)
	return users
}

// disable has a user leave.
func disable(w *desktest.World, user uint64) {
	w.Helper()
	w.Must(w.Store.Write(w.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.User{}).Where("id = ?", user).Update("disabled", true).Error
	}))
}

func TestTheNearestPeopleAreTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := desktest.New(t, s)
		if got := told(w, note(w, desktest.Jinan)); len(got) != 0 {
			t.Errorf("nobody is there, told %v", got)
		}
		province := w.Reporter(desktest.Shandong)
		if diff := cmp.Diff([]uint64{province.ID}, told(w, note(w, desktest.Jinan))); diff != "" {
			t.Errorf("without people of its own (-want +got):\n%s", diff)
		}
		city, office, other := w.Reporter(desktest.Jinan), w.Supervisor(desktest.Jinan), w.Reporter(desktest.Qingdao)
		if diff := cmp.Diff([]uint64{city.ID}, told(w, note(w, desktest.Jinan))); diff != "" {
			t.Errorf("with people of its own, %d is no reporter (-want +got):\n%s", office.ID, diff)
		}
		mine := note(w, desktest.Jinan)
		mine.Except = city.ID
		if got := told(w, mine); len(got) != 0 {
			t.Errorf("who did it is told: %v", got)
		}
		several := note(w, desktest.Shandong)
		several.Units = []models.Unit{w.Unit(desktest.Jinan), w.Unit(desktest.Qingdao)}
		if diff := cmp.Diff([]uint64{city.ID, other.ID}, told(w, several)); diff != "" {
			t.Errorf("of several units (-want +got):\n%s", diff)
		}
		below := note(w, desktest.Shandong)
		below.Below = true
		if diff := cmp.Diff([]uint64{province.ID, city.ID, other.ID}, told(w, below)); diff != "" {
			t.Errorf("of a whole province (-want +got):\n%s", diff)
		}
		disable(w, city.ID)
		if diff := cmp.Diff([]uint64{province.ID}, told(w, note(w, desktest.Jinan))); diff != "" {
			t.Errorf("the city's reporter has left (-want +got):\n%s", diff)
		}
		named := note(w, desktest.Jinan)
		named.Users = []uint64{city.ID, other.ID, other.ID}
		if diff := cmp.Diff([]uint64{other.ID}, told(w, named)); diff != "" {
			t.Errorf("by name, of whom one has left (-want +got):\n%s", diff)
		}
	})
}

// Nothing is left of a message when the write that it tells of fails.
func TestAMessageIsUndoneWithItsWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := desktest.New(t, s)
		w.Reporter(desktest.Jinan)
		failed := errors.New("the write fails")
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			if err := notify.Send(tx, store.Instant(w.Now()), w.Ledger.Today(), note(w, desktest.Jinan)); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		for _, table := range []string{"messages", "inbox_entries"} {
			var count int64
			if w.Must(s.Read(t.Context()).Table(table).Count(&count).Error); count != 0 {
				t.Errorf("%d rows are left in %s", count, table)
			}
		}
	})
}

func TestAMessageThatNobodyCouldReadIsRefused(t *testing.T) {
	w := desktest.New(t, storetest.SQLite(t))
	w.Reporter(desktest.Jinan)
	nowhere, unreadable := note(w, desktest.Jinan), note(w, desktest.Jinan)
	nowhere.Object = "tally"
	unreadable.Text.Args = models.Args("At", w.Now())
	for word, n := range map[string]notify.Note{"tally": nowhere, "At": unreadable} {
		if err := send(w, n); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("got %v, want an error that names %s", err, word)
		}
	}
}
