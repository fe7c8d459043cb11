package assessment_test

import (
	"testing"
	"time"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// found has the office of Shandong find something in the unit in an inspection of 2017.
func (w *world) found(unit string) (*supervision.Desk, *models.Finding) {
	w.Helper()
	desk := supervision.New(w.store, w.ledger, func() time.Time { return time.UnixMilli(w.clock.Load()) })
	office := w.supervisor(shandong)
	row, err := desk.OpenInspection(w.Context(), office, shandong, supervision.InspectionInput{Title: "督查", Basis: "六(六)", Year: 2017, StartOn: day("2017-12-01"), EndOn: day("2017-12-20"),
		RectifyTerm: 10, Pick: supervision.Pick{Codes: []string{unit}}})
	w.must(err)
	finding, err := desk.EnterFinding(w.Context(), office, row.ID, supervision.FindingInput{Unit: unit, Severity: models.SeveritySerious, Clause: "二", Text: "目录未更新"})
	w.must(err)
	return desk, finding
}

// TestPointsLostNameTheirFinding also withdraws the finding, which the mark keeps.
func TestPointsLostNameTheirFinding(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).activated("shandong-2017", 2017)
		round := w.appealsRoundOpen()
		first, second := w.sheet(round, jinan), w.sheet(round, qingdao)
		office := w.supervisor(shandong)
		desk, finding := w.found(jinan)
		_, other := w.found(qingdao)
		w.at("2018-01-02")
		mark := func(points string, id *uint64) error {
			return w.putMark(office, first, assessment.MarkInput{Indicator: "errors", Points: points, Reason: "核查发现问题", Finding: id})
		}
		unknown := finding.ID + 99
		w.wantCode(mark("2", &other.ID), models.Invalid, "marks.finding_unknown")
		w.wantCode(mark("2", &unknown), models.Invalid, "marks.finding_unknown")
		w.wantCode(mark("0", &finding.ID), models.Invalid, "marks.finding_nothing_lost")
		w.must(mark("2", &finding.ID))
		named := func() uint64 {
			if id := w.mark(first, "errors").FindingID; id != nil {
				return *id
			}
			return 0
		}
		if named() != finding.ID {
			t.Errorf("the mark names %d, want %d", named(), finding.ID)
		}
		w.must(mark("3", nil))
		if named() != finding.ID {
			t.Error("a mark that says nothing of a finding lets it go")
		}
		if v := w.view(w.reporter(jinan), first); v.Lines[2].Mark.FindingID != nil {
			t.Error("the unit sees before the announcement for what it loses points")
		}
		seen, err := desk.Finding(t.Context(), office, finding.ID)
		w.must(err)
		if len(seen.Deductions) != 1 || *seen.Deductions[0].Points != 3e8 || seen.Deductions[0].Indicator != "errors" {
			t.Errorf("the finding has cost %+v", seen.Deductions)
		}
		if early, err := desk.Finding(t.Context(), w.reporter(jinan), finding.ID); err != nil || len(early.Deductions) != 0 {
			t.Errorf("the unit sees before the announcement what the finding has cost: %v, %v", early.Deductions, err)
		}

		// What was put right is not demanded twice.
		w.scored(first, "staff", "16", "data", "15")
		w.scored(second, "staff", "16", "errors", "6", "data", "16")
		w.appealsAnnounced(round, first, second)
		demand := assessment.DemandInput{Indicators: []string{"errors"}, Demand: "请限期整改", DueOn: day("2018-02-07")}
		_, err = w.DemandRectifications(t.Context(), office, first.ID, demand)
		w.wantCode(err, models.Invalid, "rectifications.there_finding")
		rows := w.demanded(first)
		if len(rows) < 2 {
			t.Errorf("%d others are demanded", len(rows))
		}
		for _, row := range rows {
			if row.Indicator == "errors" {
				t.Error("all others are demanded, and what is demanded already")
			}
		}
		form, err := w.NewDemand(t.Context(), office, first.ID)
		w.must(err)
		for _, loss := range form.Losses {
			if loss.Leaf.ID == "errors" && (!loss.Found || loss.Rectification != seen.RectificationID) {
				t.Errorf("the form leads to %+v", loss)
			}
		}
		w.must(desk.WithdrawFinding(t.Context(), office, finding.ID, 1, "核实有误"))
		rows, err = w.DemandRectifications(t.Context(), office, first.ID, demand)
		w.must(err)
		if len(rows) != 1 || named() != finding.ID {
			t.Errorf("after the finding was withdrawn: %+v", rows)
		}
		var logged int64
		w.must(w.store.Read(t.Context()).Model(&models.AuditEntry{}).Where("object = 'mark' AND changes LIKE '%finding%'").Count(&logged).Error)
		if logged != 1 {
			t.Errorf("the log has the finding %d times", logged)
		}
	})
}
