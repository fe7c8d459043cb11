package assessment_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// weighs files a performance scheme of the unit, in which openness has so many points.
func (w *world) weighs(code, total, openness string) *models.Report {
	w.Helper()
	var duty models.Duty
	w.must(w.store.Read(w.Context()).Joins("JOIN obligations o ON o.id = duties.obligation_id").
		Where("o.code = ? AND duties.unit_id = ? AND duties.year = ?", "sd2017.weight", w.unit(code).ID, 2017).Take(&duty).Error)
	rest := decimal.RequireFromString(total).Sub(decimal.RequireFromString(openness))
	receipt, err := w.ledger.File(w.Context(), w.reporter(code), duty.ID, compliance.Submission{Filing: rules.Filing{On: day("2017-03-01"), Total: total, LateReason: "方案印发较晚",
		Items: []rules.Item{{Name: "政务公开", Points: openness, Openness: rules.OpennessCore, Reason: "即政务公开工作"}, {Name: "其他", Points: rest.String()}}}})
	w.must(err)
	return receipt.Report
}

func (w *world) verifiedReport(report *models.Report) {
	w.Helper()
	_, err := w.ledger.Verify(w.Context(), w.supervisor(shandong), report.ID, report.Version)
	w.must(err)
}

func TestContributionsByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.round(simpleScheme)
		w.results(round, map[string]string{jinan: "87.5", qingdao: "87.5", "370300": "90"})
		w.verifiedReport(w.weighs(jinan, "1000", "40"))
		w.verifiedReport(w.weighs("370400", "100", "4"))
		w.verifiedReport(w.weighs("370300", "120", "5.4"))
		waiting := w.weighs(qingdao, "100", "4")
		contributions := func(round models.Round) map[uint64]assessment.Contribution {
			t.Helper()
			found, err := w.Contributions(t.Context(), w.supervisor(shandong), round, w.ranking(w.supervisor(shandong), round).Classes[0].Rows)
			w.must(err)
			return found
		}
		found := contributions(round)
		// 87.50 × 40/1000 = 3.50 of 4.00; 90 × 5.4/120 = 4.05 of 4.50.
		for code, want := range map[string]string{jinan: "3.50 of 4.00", "370300": "4.05 of 4.50"} {
			c := found[w.unit(code).ID]
			if got := c.Brings().StringFixed(2) + " of " + c.Worth().StringFixed(2); got != want {
				t.Errorf("%s: %s, want %s", code, got, want)
			}
		}
		if len(found) != 2 {
			t.Errorf("%d contributions: who has no score, or no verified scheme, has none", len(found))
		}

		// Frozen, it stays what it was on that day, whatever is verified later.
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&round).Updates(map[string]any{"status": models.RoundFrozen, "announced_on": "2017-11-20", "frozen_on": "2017-12-01"}).Error
		}))
		w.must(s.Read(t.Context()).Take(&round, round.ID).Error)
		w.at("2017-12-05").verifiedReport(waiting)
		if found := contributions(round); len(found) != 2 || found[w.unit(jinan).ID].Brings().StringFixed(2) != "3.50" {
			t.Errorf("after freezing the contributions are %v", found)
		}
		round.Status = models.RoundAnnounced
		if found := contributions(round); len(found) != 3 {
			t.Errorf("before freezing what is verified counts: %v", found)
		}
	})
}
