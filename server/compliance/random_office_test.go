package compliance_test

import (
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// office lets the office do one of the rarer things of its work.
func (w *randomWorker) office(duty models.Duty) error {
	switch choice := w.r.IntN(12); {
	case choice < 2:
		return w.Exempt(w.Context(), w.officer, duty.ID, "机构改革", "文件")
	case choice < 4:
		return w.revoke()
	case choice < 6:
		input := compliance.ExtensionInput{To: duty.DueOn + calendar.Date(w.r.IntN(90)), Reason: "人员调整", Document: "文件"}
		return w.Extend(w.Context(), w.officer, duty.ID, duty.Version, input)
	case choice < 8:
		return w.reopen()
	case choice < 11:
		return w.check()
	default:
		return w.closeOrLift()
	}
}

func (w *randomWorker) revoke() error {
	var exempt []models.Duty
	w.must(w.store.Read(w.Context()).Where("outcome = ?", models.Exempt).Order("id").Find(&exempt).Error)
	if len(exempt) == 0 {
		return nil
	}
	return w.RevokeExemption(w.Context(), w.officer, pick(w.r, exempt).ID, "误批")
}

func (w *randomWorker) reopen() error {
	var accepted []models.Report
	w.must(w.store.Read(w.Context()).Where("status = ?", models.Verified).Order("id").Find(&accepted).Error)
	if len(accepted) == 0 {
		return nil
	}
	report := pick(w.r, accepted)
	w.doing = fmt.Sprintf("reopening report %d", report.ID)
	_, err := w.Reopen(w.Context(), w.officer, report.ID, report.Version, "数据有误")
	return err
}

// check files for the district and has the city accept it, so that it waits for
// the province.
func (w *randomWorker) check() error {
	var duties []models.Duty
	w.must(w.store.Read(w.Context()).Where("since <= ? AND outcome = ? AND unit_id = ?", w.Today(), models.Open, w.unit(lixia).ID).Order("id").Find(&duties).Error)
	if len(duties) == 0 {
		return nil
	}
	duty := pick(w.r, duties)
	var obligation models.Obligation
	w.must(w.store.Read(w.Context()).Where("id = ?", duty.ObligationID).Take(&obligation).Error)
	report, err := w.File(w.Context(), w.reporter, duty.ID, compliance.Submission{Filing: soundFiling(w.rules[obligation.Code], w.dayFor(duty))})
	if err != nil {
		return err
	}
	w.doing = fmt.Sprintf("checking report %d", report.ID)
	_, err = w.Verify(w.Context(), w.city, report.ID, report.Version)
	return err
}

// closeOrLift closes a year of a city, or opens it again.
func (w *randomWorker) closeOrLift() error {
	var standing []models.Closing
	w.must(w.store.Read(w.Context()).Where("lifted_at IS NULL").Order("id").Find(&standing).Error)
	if len(standing) > 0 {
		return w.Lift(w.Context(), w.officer, standing[0].ID, "更正")
	}
	_, err := w.Close(w.Context(), w.officer, w.unit(pick(w.r, []string{jinan, "210100"})).ID, 2016+w.r.IntN(3), "定稿")
	return err
}

// wantOfficeWork demands that chance has brought about what an office does.
func (w *randomWorker) wantOfficeWork() {
	w.Helper()
	for _, c := range []struct{ table, condition string }{{"reports", "checked_by IS NOT NULL"}, {"extensions", "1 = 1"}, {"closings", "lifted_by IS NOT NULL"},
		{"exemptions", "revoked_by IS NOT NULL"}, {"reports", "status = 'reopened'"}, {"reports", "status = 'returned'"}} {
		var count int64
		if w.must(w.store.Read(w.Context()).Table(c.table).Where(c.condition).Count(&count).Error); count == 0 {
			w.Errorf("chance has brought about no %s where %s", c.table, c.condition)
		}
	}
}

// wantTurns demands that every queue, narrowed to a turn, has the reports of that
// turn and counts them.
func (w *randomWorker) wantTurns() {
	w.Helper()
	for _, officer := range []compliance.Actor{w.officer, w.city, w.reporter, w.actor(models.Supervisor, "370000"), w.actor(models.Supervisor, "210100")} {
		want := map[compliance.WaitsFor]int{}
		all, err := w.Queue(w.Context(), compliance.QueueQuery{Actor: officer, Limit: compliance.MaxLimit})
		w.must(err)
		for _, item := range all.Items {
			want[item.Turn.For]++
		}
		counts := map[compliance.WaitsFor]int{compliance.ForMe: all.Counts.Mine, compliance.ForOfficeBelow: all.Counts.Below, compliance.ForOfficeAbove: all.Counts.Above}
		for _, turn := range compliance.Turns {
			narrowed, err := w.Queue(w.Context(), compliance.QueueQuery{Actor: officer, For: turn, Limit: compliance.MaxLimit})
			w.must(err)
			for _, item := range narrowed.Items {
				if item.Turn.For != turn {
					w.Errorf("report %d for %q has the turn %+v", item.Report.ID, turn, item.Turn)
				}
			}
			if len(narrowed.Items) != want[turn] || counts[turn] != want[turn] || narrowed.Total != want[turn] {
				w.Errorf("for %q: %d listed, %d counted, %d in all; want %d", turn, len(narrowed.Items), counts[turn], narrowed.Total, want[turn])
			}
		}
		if waiting, err := w.Waiting(w.Context(), officer); err != nil || waiting != want[compliance.ForMe] {
			w.Errorf("%d wait for %s (%v), want %d", waiting, officer.Name, err, want[compliance.ForMe])
		}
	}
}
