package assessment_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// frozenWrites are all methods of the desk that write to a round, each as it would be used
// on the sheet of Jinan.
var frozenWrites = map[string]func(w *world, round models.Round, sheet models.Sheet) error{
	"ChangeRound": func(w *world, round models.Round, _ models.Sheet) error {
		_, err := w.ChangeRound(w.Context(), w.supervisor(shandong), round.ID, round.Version, assessment.RoundDates{Title: "新", SelfUntil: round.SelfUntil})
		return err
	},
	"AssignAssessor": func(w *world, round models.Round, _ models.Sheet) error {
		return w.AssignAssessor(w.Context(), w.supervisor(shandong), round.ID, "nobody", "A")
	},
	"UnassignAssessor": func(w *world, round models.Round, _ models.Sheet) error {
		return w.UnassignAssessor(w.Context(), w.supervisor(shandong), round.ID, "nobody", "A")
	},
	"AddUnit": func(w *world, round models.Round, _ models.Sheet) error {
		return w.AddUnit(w.Context(), w.supervisor(shandong), round.ID, jinan)
	},
	"TakeOut": func(w *world, round models.Round, _ models.Sheet) error {
		return w.TakeOut(w.Context(), w.supervisor(shandong), round.ID, jinan, "撤并")
	},
	"Announce": func(w *world, round models.Round, _ models.Sheet) error {
		_, err := w.Announce(w.Context(), w.supervisor(shandong), round.ID, round.Version)
		return err
	},
	"Freeze": func(w *world, round models.Round, _ models.Sheet) error {
		_, err := w.Freeze(w.Context(), w.supervisor(shandong), round.ID, round.Version)
		return err
	},
	"PutSelf": func(w *world, _ models.Round, sheet models.Sheet) error {
		_, err := w.PutSelf(w.Context(), w.reporter(jinan), sheet.ID, sheet.Version, assessment.SelfInput{Indicator: "staff", Points: "1"})
		return err
	},
	"PutSelves": func(w *world, _ models.Round, sheet models.Sheet) error {
		_, err := w.PutSelves(w.Context(), w.reporter(jinan), sheet.ID, []assessment.SelfCell{{SelfInput: assessment.SelfInput{Indicator: "staff", Points: "1"}}})
		return err
	},
	"PutMark": func(w *world, _ models.Round, sheet models.Sheet) error {
		_, err := w.PutMark(w.Context(), w.supervisor(shandong), sheet.ID, sheet.Version, assessment.MarkInput{Indicator: "staff", Points: "1", Reason: "不全"})
		return err
	},
	"PutMarks": func(w *world, _ models.Round, sheet models.Sheet) error {
		_, err := w.PutMarks(w.Context(), w.supervisor(shandong), sheet.ID, []assessment.MarkCell{{MarkInput: assessment.MarkInput{Indicator: "staff", Points: "1", Reason: "不全"}}})
		return err
	},
	"Accept": func(w *world, _ models.Round, sheet models.Sheet) error {
		_, err := w.Accept(w.Context(), w.supervisor(shandong), sheet.ID, sheet.Version, "属实")
		return err
	},
	"Submit": func(w *world, _ models.Round, sheet models.Sheet) error {
		return w.Submit(w.Context(), w.reporter(jinan), sheet.ID, sheet.Version)
	},
	"Return": func(w *world, _ models.Round, sheet models.Sheet) error {
		return w.Return(w.Context(), w.supervisor(shandong), sheet.ID, sheet.Version, "重填")
	},
	"Complete": func(w *world, _ models.Round, sheet models.Sheet) error {
		return w.Complete(w.Context(), w.supervisor(shandong), sheet.ID, sheet.Version)
	},
	"Resume": func(w *world, _ models.Round, sheet models.Sheet) error {
		return w.Resume(w.Context(), w.supervisor(shandong), sheet.ID, sheet.Version)
	},
	"FileAppeal": func(w *world, _ models.Round, sheet models.Sheet) error {
		_, err := w.FileAppeal(w.Context(), w.reporter(jinan), sheet.ID, assessment.AppealInput{Indicator: "staff", Points: "20", Reason: "材料已补"})
		return err
	},
	"WithdrawAppeal": func(w *world, round models.Round, sheet models.Sheet) error {
		return w.withAppeal(round, sheet, func(appeal models.Appeal) error {
			return w.WithdrawAppeal(w.Context(), w.reporter(jinan), appeal.ID, appeal.Version)
		})
	},
	"DecideAppeal": func(w *world, round models.Round, sheet models.Sheet) error {
		return w.withAppeal(round, sheet, func(appeal models.Appeal) error {
			return w.DecideAppeal(w.Context(), w.supervisor(shandong), appeal.ID, appeal.Version, assessment.DecisionInput{Reason: "维持"})
		})
	},
	"ImportScores": func(w *world, round models.Round, _ models.Sheet) error {
		_, err := w.ImportScores(w.Context(), w.supervisor(shandong), assessment.ScoreFile{Round: round.ID, Side: models.OfficeSide, Name: "得分.csv", Content: []byte("x")}, "")
		return err
	},
	"KeepScores": func(w *world, round models.Round, _ models.Sheet) error {
		_, err := w.KeepScores(w.Context(), w.supervisor(shandong), round.ID, models.OfficeSide, "得分.csv", strings.NewReader("x"))
		return err
	},
	"AttachFile": func(w *world, _ models.Round, sheet models.Sheet) error {
		_, err := w.AttachFile(w.Context(), w.reporter(jinan), assessment.FileOwner{SheetID: sheet.ID, Indicator: "staff"}, "证明.pdf", strings.NewReader("%PDF-1.4"))
		return err
	},
	"DetachFile": func(w *world, _ models.Round, sheet models.Sheet) error {
		file := models.ScoreFile{SheetID: sheet.ID, UnitID: sheet.UnitID, Indicator: "staff", Hash: "0", Name: "证明.pdf", AddedAt: store.Instant(w.now())}
		w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(&file).Error }))
		_, err := w.DetachFile(w.Context(), w.reporter(jinan), file.ID)
		w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Delete(&file).Error }))
		return err
	},
}

// otherMethods only read, or write nothing of a round's result. ConfirmScores is
// ImportScores of a file that was kept.
var otherMethods = []string{"KeepEvidence", "OwedSheets", "Today", "Replay", "At", "MaxFile", "TakesFile", "ScoreFile", "PutResults", "Freshen", "Rounds", "Round", "RoundSheets", "OpenRound", "PreviewRound",
	"OpenableSchemes", "Sheet", "AddScheme", "AddSchemeOf", "BlankScheme", "ChangeScheme", "CopyScheme", "DiscardScheme", "EditScheme", "FreezeScheme", "LoadScheme", "NewScheme", "PreviewFreeze", "Scheme", "Schemes",
	"Ranking", "SchemeRanking", "Computation", "Contributions", "Indicators", "CheckScores", "ConfirmScores", "DropScores", "KeptScores", "ScoreChoice", "WriteScoreFaults", "WriteScoreList",
	"WriteScoreTable", "WriteScoreTemplate", "Appeal", "Appeals", "NewAppeal", "RoundAppeals", "SheetsOf", "Claims", "ScoringRounds",
	// A rectification is no part of the result: it goes on until it is closed.
	"Rectified", "NewDemand", "DemandRectifications"}

// withAppeal runs f with an appeal of the sheet that waits, and removes it.
func (w *world) withAppeal(round models.Round, sheet models.Sheet, f func(models.Appeal) error) error {
	w.Helper()
	appeal := models.Appeal{RoundID: round.ID, SheetID: sheet.ID, UnitID: sheet.UnitID, Indicator: "staff", Reason: "材料已补", Status: models.AppealFiled, FiledAt: store.Instant(w.now()), FiledOn: w.Today(), Version: 1}
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(&appeal).Error }))
	err := f(appeal)
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Delete(&appeal).Error }))
	return err
}

// A frozen round refuses whatever can be written to one; a new method of the desk has to be
// listed above.
func TestAFrozenRoundNeverChanges(t *testing.T) {
	desk := reflect.TypeFor[*assessment.Desk]()
	for i := range desk.NumMethod() {
		name := desk.Method(i).Name
		if _, writes := frozenWrites[name]; !writes && !slices.Contains(otherMethods, name) {
			t.Errorf("Desk.%s is not listed: does a frozen round refuse it?", name)
		}
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.KeepEvidence(w.newVault())
		round := w.roundFrozen(plainScheme)
		sheet := w.sheet(round, jinan)
		before := w.roundRows(round)
		for name, write := range frozenWrites {
			err := write(w, round, sheet)
			if !models.IsCode(err, models.Conflict) || !strings.Contains(err.Error(), "rounds.frozen") {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.must(w.Freshen(t.Context(), round.ID))
		if after := w.roundRows(round); after != before {
			t.Errorf("the round was\n%s\nand is\n%s", before, after)
		}
	})
}

// The term of appeals is in working days after the announcement, by the calendar of today.
func TestARoundIsFrozenAfterTheTermOfAppeals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundAnnounced(plainScheme)
		for name, c := range map[string]struct{ announced, last, next string }{
			"a week":                  {"2017-12-01", "2017-12-08", "2017-12-09"},
			"over new year":           {"2017-12-27", "2018-01-04", "2018-01-05"}, // 1 January is a holiday, 30 and 31 December a weekend
			"a make-up day counts":    {"2018-02-07", "2018-02-13", "2018-02-14"}, // Sunday, 11 February is worked
			"over the spring holiday": {"2018-02-11", "2018-02-23", "2018-02-24"}, // 15 to 21 February
		} {
			t.Run(name, func(t *testing.T) {
				w.must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Model(&round).Update("announced_on", day(c.announced)).Error }))
				w.at(c.last)
				_, err := w.Freeze(t.Context(), w.supervisor(shandong), round.ID, round.Version)
				w.wantCode(err, models.Conflict, "rounds.appeals_open")
				if !strings.Contains(wordsOf(err), c.last) {
					t.Errorf("the refusal does not name the last day: %v", wordsOf(err))
				}
				w.at(c.next)
				view, err := w.Round(t.Context(), w.supervisor(shandong), round.ID)
				w.must(err)
				if !view.AppealsOver || view.Blocked != nil {
					t.Errorf("on the next day: %+v", view.Blocked)
				}
			})
		}
		w.at("2018-03-01")
		_, err := w.Freeze(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.must(err)
	})
}

func TestATermInAYearWithoutNoticeIsNotOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundVerified(w.round(plainScheme))
		w.at("2026-12-28")
		_, err := w.Announce(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.must(err)
		round = w.fresh(round)
		w.at("2027-03-01")
		_, err = w.Freeze(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.wantCode(err, models.Conflict, "rounds.appeals_provisional")
		view, err := w.Round(t.Context(), w.supervisor(shandong), round.ID)
		w.must(err)
		if !view.AppealsProvisional || view.AppealsOver || view.Blocked == nil || view.Blocked.Key != "rounds.appeals_provisional" {
			t.Errorf("the round shows %+v", view)
		}
	})
}

func TestAnAppealThatWaitsKeepsARoundOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.roundAnnounced(plainScheme)
		sheet := w.sheet(round, jinan)
		appeal := models.Appeal{RoundID: round.ID, SheetID: sheet.ID, UnitID: sheet.UnitID, Indicator: "staff", Reason: "材料已补", Status: models.AppealFiled, FiledAt: store.Instant(w.now()), FiledOn: w.Today(), Version: 1}
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&appeal).Error }))
		w.at("2017-12-20")
		_, err := w.Freeze(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.wantCode(err, models.Conflict, "rounds.appeals_waiting")
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Model(&appeal).Update("status", models.AppealRejected).Error }))
		_, err = w.Freeze(t.Context(), w.supervisor(shandong), round.ID, round.Version)
		w.must(err)
		if w.audits(round, "freeze") != 1 {
			t.Error("the audit log does not tell of the freezing")
		}
	})
}
