package compliance_test

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// staff hires, trains, or lets people go at random, on days before and after
// today. Now and then the clock of the server is a day ahead.
func (w *randomWorker) staff() error {
	unit := pick(w.r, []string{jinan, qingdao, lixia, "370000-bgt"})
	var postings []models.Posting
	w.must(w.store.Read(w.Context()).Where("unit_id = ? AND known_until = ?", w.unit(unit).ID, models.Forever).Order("id").Find(&postings).Error)
	if w.r.IntN(8) == 0 {
		w.clock.Add(24 * 60 * 60_000)
		defer w.clock.Add(-24 * 60 * 60_000)
	}
	w.doing = fmt.Sprintf("roster of %s on %s", unit, w.Today())
	switch choice := w.r.IntN(4); {
	case choice == 0 || len(postings) == 0:
		from := w.Today() + calendar.Date(w.r.IntN(120)-60)
		until := ""
		if w.r.IntN(2) == 0 {
			until = (from + calendar.Date(w.r.IntN(90))).String()
		}
		w.hired(unit, "工作人员", from.String(), until)
		return nil
	case choice < 3:
		on := w.Today() - calendar.Date(w.r.IntN(60))
		return w.onRoster(w.attendance(unit, pick(w.r, postings).PersonID, on.String()), unit)
	default:
		p := pick(w.r, postings)
		return w.onRoster(func(tx *gorm.DB) error {
			next := p
			next.ID, next.KnownOn, next.EndOn = 0, w.Today(), p.StartOn+calendar.Date(w.r.IntN(200))
			if p.KnownOn >= w.Today() {
				return tx.Model(&p).Update("end_on", next.EndOn).Error
			}
			if err := tx.Model(&p).Update("known_until", w.Today()).Error; err != nil {
				return err
			}
			return tx.Create(&next).Error
		}, unit)
	}
}

// wantPeopleCounted demands that the boards count the people that the judge finds
// on the rosters of Shandong, and that there were days with some.
func (w *randomWorker) wantPeopleCounted(shown []*compliance.Board) {
	w.Helper()
	most := [2]int{}
	for _, board := range shown {
		if board.Unit.Code[:2] != "37" || board.Year < 2017 || board.Year > 2018 {
			continue
		}
		got, want := w.tallied(board.Unit.Code, board.Year, board.AsOf), w.counted(board.Unit.Code, board.AsOf)
		if got != want {
			w.Errorf("%s on %s: people and trained %v, the rosters have %v", board.Unit.Code, board.AsOf, got, want)
		}
		most = [2]int{max(most[0], got[0]), max(most[1], got[1])}
	}
	if most[0] < 3 || most[1] < 1 {
		w.Errorf("at most %v people and trained were seen", most)
	}
}
