package supervision_test

import (
	"slices"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// A rotation turns on days that were foreseen, while nobody writes its duty: who is
// urged for all that is owed is urged by how it stands today.
func TestUrgingFindsRotationsAsTheyStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		left, came := w.Duty(desktest.Jinan, "sd2017.rotation"), w.Duty(desktest.Qingdao, "sd2017.rotation")
		change := func(duty models.Duty, on string, outcome models.Outcome) models.DutyChange {
			return models.DutyChange{DutyID: duty.ID, KnownOn: day(on), Outcome: outcome, DueOn: duty.DueOn, Edition: duty.Edition}
		}
		w.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
			changes := []models.DutyChange{change(left, "2018-12-10", models.Met), change(came, "2018-12-01", models.Met), change(came, "2018-12-10", models.Open)}
			if err := tx.Create(changes).Error; err != nil {
				return err
			}
			return tx.Model(&came).Update("outcome", models.Met).Error
		}))
		w.at("2018-12-20")
		composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Units: []string{desktest.Jinan, desktest.Qingdao}})
		w.Must(err)
		listed := map[uint64]bool{}
		for _, draft := range composed.Drafts {
			listed[left.ID] = listed[left.ID] || len(draft.Refused) > 0
			listed[came.ID] = listed[came.ID] || slices.ContainsFunc(draft.Items, func(thing supervision.UrgeThing) bool { return thing.ID == came.ID })
		}
		if listed[left.ID] || !listed[came.ID] {
			t.Errorf("the one that is met is listed: %t; the one that is open again: %t", listed[left.ID], listed[came.ID])
		}
	})
}
