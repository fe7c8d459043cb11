package compliance_test

import (
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// What a unit owes leaves out the years that are closed, other than with an exception; the
// closings are read once, however many duties there are.
func TestOwedDutiesOfClosedYears(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newDistrict(t, s)
		w.at("2018-01-20")
		reads := 0
		w.must(s.Read(t.Context()).Callback().Query().After("gorm:query").Register("closings:count", func(tx *gorm.DB) {
			if tx.Statement.Table == "closings" {
				reads++
			}
		}))
		owed := func() (closable int) {
			reads = 0
			list, err := w.OwedDuties(t.Context(), w.root(models.Viewer), w.unit(jinan))
			w.must(err)
			for _, duty := range list {
				if duty.Duty.UntilYear == 2017 && duty.Verdict.Kind != "rotation" {
					closable++
				}
			}
			return closable
		}
		before := owed()
		if before < 2 || reads != 1 {
			t.Fatalf("%d duties of 2017, %d reads of the closings", before, reads)
		}
		closing := w.closed("370000", 2017)
		if n := owed(); n != 0 || reads != 1 {
			t.Errorf("closed: %d duties of 2017, %d reads of the closings", n, reads)
		}
		_, err := w.Except(t.Context(), w.root(models.Supervisor), closing.ID, compliance.ExceptionInput{Unit: jinan, Until: day("2018-02-10"), Reason: "区划调整"})
		w.must(err)
		if n := owed(); n != before || reads != 1 {
			t.Errorf("with an exception: %d duties of 2017, %d reads of the closings", n, reads)
		}
	})
}
