package assessment_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"gorm.io/gorm"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// scoreHead stands over the lines of the files of these tests.
const scoreHead = "单位代码,单位,指标编号,指标,得分/扣分,不适用,一票否决,失分原因"

func scoreFile(round models.Round, lines ...string) assessment.ScoreFile {
	return assessment.ScoreFile{Round: round.ID, Side: models.OfficeSide, Name: "得分.csv", Content: []byte(strings.Join(append([]string{scoreHead}, lines...), "\n"))}
}

// scoreRound is a round whose self scoring is over, so that the office scores all sheets.
func (w *world) scoreRound() models.Round {
	w.Helper()
	w.activated("shandong-2017", 2017)
	round := w.round(plainScheme)
	w.at("2018-01-08")
	return round
}

// marks are the marks of the round: code, indicator, points and reason.
func (w *world) marks(round models.Round) []string {
	w.Helper()
	var rows []struct {
		Code      string
		Indicator string
		Points    *int64
		NA        bool
		Raised    bool
		Reason    string
	}
	w.must(w.store.Read(w.Context()).Table("sheet_marks m").Joins("JOIN sheets s ON s.id = m.sheet_id").Joins("JOIN units u ON u.id = s.unit_id").
		Where("s.round_id = ?", round.ID).Select("u.code, m.indicator, m.points, m.na, m.raised, m.reason").Order("u.code, m.indicator").Find(&rows).Error)
	list := []string{}
	for _, row := range rows {
		points := "-"
		if row.Points != nil {
			points = fmt.Sprint(float64(*row.Points) / 1e8)
		}
		list = append(list, fmt.Sprintf("%s %s %s %v %v %s", row.Code, row.Indicator, points, row.NA, row.Raised, row.Reason))
	}
	return list
}

func (w *world) audited() (count int64) {
	w.Helper()
	w.must(w.store.Read(w.Context()).Model(&models.AuditEntry{}).Count(&count).Error)
	return count
}

func TestWhoImportsScores(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.scoreRound()
		good := scoreFile(round, jinan+",,staff,,18,,,人手不足")
		try := func(actor compliance.Actor, file assessment.ScoreFile) error {
			_, err := w.ImportScores(t.Context(), actor, file, "")
			return err
		}
		w.wantCode(try(w.actor("210000", models.Supervisor), good), models.NotFound, "assessment.round_unknown")
		w.wantCode(try(w.reporter(jinan), good), models.Forbidden, "error.forbidden")
		w.wantCode(try(w.supervisor(jinan), good), models.Forbidden, "error.forbidden")
		w.wantCode(try(w.actor(shandong, models.Viewer), good), models.Forbidden, "error.forbidden")
		self := good
		self.Side = models.SelfSide
		w.wantCode(try(w.supervisor(shandong), self), models.Forbidden, "error.forbidden")
		self.Side = "other"
		w.wantCode(try(w.supervisor(shandong), self), models.Invalid, "scores.side_missing")
		// The round has not given the assessor the class.
		check, err := w.ImportScores(t.Context(), w.assessor(shandong), good, "")
		w.must(err)
		wantFaults(t, check, "A2 sheets.other_class")
		// A unit's own scores come to an end with the last day of self scoring.
		self.Side = models.SelfSide
		check, err = w.ImportScores(t.Context(), w.reporter(jinan), self, "")
		w.must(err)
		wantFaults(t, check, "A2 sheets.self_over")
		for _, status := range []models.RoundStatus{models.RoundAnnounced, models.RoundFrozen} {
			w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Model(&models.Round{}).Where("id = ?", round.ID).Update("status", status).Error
			}))
			w.wantCode(try(w.supervisor(shandong), good), models.Conflict, map[models.RoundStatus]string{models.RoundAnnounced: "sheets.announced", models.RoundFrozen: "rounds.frozen"}[status])
		}
		if marks := w.marks(round); len(marks) > 0 {
			t.Errorf("refused files left %v", marks)
		}
	})
}

func wantFaults(t *testing.T, check *assessment.ScoreCheck, want ...string) {
	t.Helper()
	var got []string
	for _, fault := range check.Faults {
		got = append(got, fault.Name+" "+fault.Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAFileOfScoresWithAFaultChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.scoreRound()
		const outside = "370300" // of the class, and not in the round
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Where("round_id = ? AND unit_id = ?", round.ID, w.unit(outside).ID).Delete(&models.Sheet{}).Error
		}))
		file := scoreFile(round,
			jinan+",济南市,staff,人员配备,18,,,人手不足", // 2: good
			"999999,,staff,,18,,,", outside+",,staff,,18,,,", shandong+",,staff,,18,,,",
			jinan+",青岛市,data,,1,,,迟", jinan+",,nothing,,1,,,", jinan+",,organisation,,1,,,", jinan+",,plan,,1,,,",
			qingdao+",,staff,数据开放,20,,,", qingdao+",,data,,31,,,", jinan+",,data,,-1,,,", jinan+",,errors,,2,,,", jinan+",,staff,,20,,,",
			jinan+",,praise,,1,是,,迟", jinan+",,leak,,1,,,", qingdao+",,leak,,,,,听说", qingdao+",,errors,,,,,听说", qingdao+",,errors,,１２.55555,,,x",
			",,staff,,1,,,", qingdao+",,praise,,三分,,,", qingdao+",,praise,,95%,,,", qingdao+",,staff,,,,,", // the last one is blank
		)
		before := w.audited()
		check, err := w.ImportScores(t.Context(), w.supervisor(shandong), file, "")
		w.must(err)
		wantFaults(t, check, "A3 scores.unit_unknown", "A4 scores.unit_outside", "A5 scores.class_without_scheme", "B6 scores.unit_name", "C7 scores.indicator_unknown",
			"C8 scores.indicator_group", "E9 marks.auto", "D10 scores.indicator_title", "E11 scoring.above_points", "C12 scores.twice", "H13 marks.reason_lost", "C14 scores.twice",
			"F15 scoring.na_and_points", "E16 scoring.points_of_veto", "G17 scores.raised_missing", "E18 scores.points_missing", "C19 scores.twice",
			"A20 exchange.required", "E21 exchange.number", "E22 exchange.number", "C22 scores.twice")
		if check.Blank != 1 || check.Rows != 21 {
			t.Errorf("%d rows, %d blank", check.Rows, check.Blank)
		}
		if marks := w.marks(round); len(marks) > 0 || w.audited() != before {
			t.Errorf("left %v, %d audit entries", marks, w.audited()-before)
		}
	})
}

func TestScoresAreImportedWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.scoreRound()
		actor := w.supervisor(shandong)
		file := scoreFile(round, jinan+",,staff,,１８．５ ,,,人手不足", jinan+",,data,, 30,,,", jinan+",,errors,,0,否,,", jinan+",,leak,,,,否,", qingdao+",,data,,,是,,没有数据")
		looked, err := w.CheckScores(t.Context(), actor, file)
		w.must(err)
		if looked.FaultCount > 0 || looked.Added != 4 || looked.Units != 2 || len(w.marks(round)) > 0 {
			t.Fatalf("the check says %+v", looked)
		}
		before := w.audited()
		check, err := w.ImportScores(t.Context(), actor, file, looked.Digest)
		w.must(err)
		want := []string{jinan + " data 30 false false ", jinan + " errors 0 false false ", jinan + " staff 18.5 false false 人手不足", qingdao + " data - true false 没有数据"}
		if diff := cmp.Diff(want, w.marks(round)); diff != "" || check.Added != 4 || check.Same != 1 {
			t.Errorf("%+v: -want +got:\n%s", check, diff)
		}
		// One entry for the import, and one for each sheet.
		if got := w.audited() - before; got != 3 {
			t.Errorf("%d audit entries", got)
		}
		sheet := w.sheet(round, jinan)
		if sheet.Missing != 0 || sheet.Verified == nil || *sheet.Verified != 9850 && sheet.Version != 2 {
			t.Errorf("the sheet is %+v", sheet)
		}
		// The same again changes nothing; another value changes one mark and one sheet.
		_, err = w.ImportScores(t.Context(), actor, file, "")
		w.wantCode(err, models.Conflict, "scores.nothing_new")
		other := scoreFile(round, jinan+",,staff,,19,,,人手不足", jinan+",,data,,30,,,")
		_, err = w.ImportScores(t.Context(), actor, other, looked.Digest)
		w.wantCode(err, models.Conflict, "scores.moved")
		id, err := w.KeepScores(t.Context(), actor, round.ID, models.OfficeSide, "scores.csv", bytes.NewReader(other.Content))
		w.must(err)
		_, err = w.ConfirmScores(t.Context(), actor, round.ID, id, "")
		w.wantCode(err, models.Conflict, "scores.moved")
		check, err = w.ImportScores(t.Context(), actor, other, "")
		w.must(err)
		if check.Changed != 1 || check.Same != 1 || check.Units != 1 || w.sheet(round, jinan).Version != sheet.Version+1 {
			t.Errorf("another value: %+v", check)
		}
		// What is verified is not taken again, what is the same does not matter.
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Sheet{}).Where("id = ?", sheet.ID).Update("status", models.SheetVerified).Error
		}))
		check, err = w.CheckScores(t.Context(), actor, scoreFile(round, jinan+",,staff,,19,,,人手不足", jinan+",,data,,29,,,一处"))
		w.must(err)
		wantFaults(t, check, "A3 sheets.verified")
	})
}

func scoreLanguage(t testing.TB) exchange.Language {
	t.Helper()
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Language{Tag: "zh-CN", Text: catalog.Locale("zh-CN").Text}
}

func TestTheTemplateIsReadBackAsItWasWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.activated("shandong-2017", 2017)
		round := w.round(plainScheme)
		var template bytes.Buffer
		w.must(w.WriteScoreTemplate(t.Context(), w.reporter(jinan), round.ID, "", "", &template, scoreLanguage(t)))
		book, err := excelize.OpenReader(bytes.NewReader(template.Bytes()))
		w.must(err)
		defer book.Close()
		rows, err := book.GetRows("自评得分")
		w.must(err)
		if len(rows) != 5 || rows[1][0] != jinan || rows[1][2] != "staff" || rows[2][2] != "errors" {
			t.Fatalf("the template of a unit has %q", rows)
		}
		// Filled in as people do: a number, a text in full width, a date where points belong.
		w.must(book.SetCellValue("自评得分", "G2", 19.5))
		w.must(book.SetCellValue("自评得分", "G3", "２"))
		w.must(book.SetCellFormula("自评得分", "G4", "10+20"))
		fill := func() assessment.ScoreFile {
			var filled bytes.Buffer
			w.must(book.Write(&filled))
			return assessment.ScoreFile{Round: round.ID, Side: models.SelfSide, Name: "自评.xlsx", Content: filled.Bytes()}
		}
		check, err := w.ImportScores(t.Context(), w.reporter(jinan), fill(), "")
		w.must(err)
		wantFaults(t, check, "G4 exchange.cell_formula")
		w.must(book.SetCellFormula("自评得分", "G4", ""))
		w.must(book.SetCellValue("自评得分", "G4", 30))
		check, err = w.ImportScores(t.Context(), w.reporter(jinan), fill(), "")
		w.must(err)
		if check.Added != 3 || check.Blank != 1 || check.FaultCount != 0 {
			t.Errorf("the filled template: %+v", check)
		}
		template.Reset()
		w.must(w.WriteScoreTemplate(t.Context(), w.reporter(jinan), round.ID, models.SelfSide, "A", &template, scoreLanguage(t)))
		check, err = w.CheckScores(t.Context(), w.reporter(jinan), assessment.ScoreFile{Round: round.ID, Side: models.SelfSide, Name: "x.xlsx", Content: template.Bytes()})
		w.must(err)
		if check.Same != 3 || check.Added+check.Changed+check.FaultCount != 0 {
			t.Errorf("the template with what was entered: %+v", check)
		}
		// A unit fills in its own sheet alone.
		check, err = w.CheckScores(t.Context(), w.reporter(jinan), assessment.ScoreFile{Round: round.ID, Side: models.SelfSide, Name: "x.csv",
			Content: []byte(scoreHead + "\n" + qingdao + ",,staff,,1,,,")})
		w.must(err)
		wantFaults(t, check, "A2 scores.unit_unknown")
	})
}

func TestAFileThatWaitsIsImportedAsItWasSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.scoreRound()
		actor := w.supervisor(shandong)
		send := func(by compliance.Actor, lines ...string) error {
			return second(w.KeepScores(t.Context(), by, round.ID, models.OfficeSide, `C:\考核\得分.csv`, bytes.NewReader(scoreFile(round, lines...).Content)))
		}
		w.wantCode(second(w.ConfirmScores(t.Context(), actor, round.ID, 1, "")), models.Conflict, "scores.file_unknown")
		w.wantCode(send(actor), models.Invalid, "scores.no_rows")
		w.wantCode(second(w.KeepScores(t.Context(), actor, round.ID, models.OfficeSide, "x.xlsx", strings.NewReader("PK\x03\x04 and nothing"))), models.Invalid, "exchange.unreadable")
		w.wantCode(send(w.reporter(jinan), jinan+",,data,,30,,,"), models.Forbidden, "error.forbidden")
		w.must(send(actor, jinan+",,data,,31,,,"))
		kept, err := w.KeptScores(t.Context(), actor, round.ID)
		w.must(err)
		wantFaults(t, kept, "E2 scoring.above_points")
		refused, err := w.ConfirmScores(t.Context(), actor, round.ID, kept.File, kept.Digest)
		w.must(err)
		if refused.FaultCount != 1 || len(w.marks(round)) > 0 {
			t.Errorf("a faulty file is confirmed: %+v", refused)
		}
		var marked bytes.Buffer
		w.must(w.WriteScoreFaults(t.Context(), actor, round.ID, &marked, scoreLanguage(t)))
		book, err := excelize.OpenReader(&marked)
		w.must(err)
		defer book.Close()
		if text, _ := book.GetCellValue("考评得分", "I2"); !strings.Contains(text, "超过满分 30 分") {
			t.Errorf("the marked file says %q", text)
		}
		w.must(send(actor, jinan+",,data,,30,,,", qingdao+",,data,,29.5,,,一处"))
		now, err := w.KeptScores(t.Context(), actor, round.ID)
		w.must(err)
		if now.Name != "得分.csv" || now.File == kept.File {
			t.Errorf("it waits as %+v", now)
		}
		// Who looked at the first file does not import the second one; nor does anybody else.
		w.wantCode(second(w.ConfirmScores(t.Context(), actor, round.ID, kept.File, kept.Digest)), models.Conflict, "scores.file_unknown")
		w.wantCode(second(w.ConfirmScores(t.Context(), w.assessor(shandong), round.ID, now.File, now.Digest)), models.Conflict, "scores.file_unknown")
		w.must(second(w.ConfirmScores(t.Context(), actor, round.ID, now.File, now.Digest)))
		if got := w.marks(round); len(got) != 2 {
			t.Errorf("imported %v", got)
		}
		w.wantCode(w.DropScores(t.Context(), actor, round.ID, now.File), models.Conflict, "scores.file_unknown")
		w.must(send(actor, jinan+",,data,,29,,,一处"))
		w.at("2018-01-10")
		if late, err := w.KeptScores(t.Context(), actor, round.ID); err != nil || late != nil {
			t.Errorf("two days later: %+v, %v", late, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Two imports at once: both are whole, one after the other.
func TestImportsOfScoresMeet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, actor := w.scoreRound(), w.supervisor(shandong)
		var files []assessment.ScoreFile
		for _, points := range []string{"20", "10"} {
			files = append(files, scoreFile(round, jinan+",,staff,,"+points+",,,甲", qingdao+",,staff,,"+points+",,,甲", jinan+",,data,,"+points+",,,甲", qingdao+",,data,,"+points+",,,甲"))
		}
		var wait sync.WaitGroup
		for _, file := range files {
			wait.Go(func() {
				if _, err := w.ImportScores(t.Context(), actor, file, ""); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		points := map[string]bool{}
		for _, mark := range w.marks(round) {
			points[strings.Fields(mark)[2]] = true
		}
		if len(points) != 1 || len(w.marks(round)) != 4 {
			t.Errorf("two imports have mixed: %v", w.marks(round))
		}
	})
}

// An import that fails in the middle, at any of its statements, leaves nothing.
func TestAnImportThatBreaksOffLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round, actor := w.scoreRound(), w.supervisor(shandong)
		before := w.audited()
		for _, table := range []string{"sheet_marks", "sheets", "audit_entries"} {
			name := "break-" + table
			breaks := func(tx *gorm.DB) {
				if tx.Statement.Table == table {
					_ = tx.AddError(errors.New("the connection is lost"))
				}
			}
			w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Callback().Create().Before("gorm:create").Register(name, breaks)
			}))
			if _, err := w.ImportScores(t.Context(), actor, scoreFile(round, jinan+",,staff,,20,,,", qingdao+",,data,,30,,,"), ""); err == nil {
				t.Errorf("broken off at %s: no error", table)
			}
			w.must(s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Callback().Create().Remove(name) }))
			if marks := w.marks(round); len(marks) > 0 || w.audited() != before || w.sheet(round, jinan).Version != 1 {
				t.Errorf("broken off at %s: %v, %d audit entries", table, marks, w.audited()-before)
			}
		}
	})
}

// Whatever a file holds, it is refused or read, and what is wrong is told.
func TestBrokenFilesOfScores(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	round, actor := w.scoreRound(), w.supervisor(shandong)
	var template bytes.Buffer
	w.must(w.WriteScoreTemplate(t.Context(), actor, round.ID, "", "", &template, scoreLanguage(t)))
	r := rand.New(rand.NewPCG(7, 7))
	for n := range 300 {
		content := slices.Clone(template.Bytes())
		switch n % 3 {
		case 0:
			content = content[:r.IntN(len(content))]
		case 1:
			for range 1 + r.IntN(8) {
				content[r.IntN(len(content))] ^= byte(1 << r.IntN(8))
			}
		default:
			content = append([]byte(scoreHead+"\n"), content[r.IntN(len(content)):]...)
		}
		check, err := w.ImportScores(t.Context(), actor, assessment.ScoreFile{Round: round.ID, Side: models.OfficeSide, Name: "x.xlsx", Content: content}, "")
		var refused *models.Error
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("file %d: %v", n, err)
		}
		if err == nil && check.FaultCount == 0 {
			t.Fatalf("file %d is imported: %+v", n, check)
		}
	}
	if marks := w.marks(round); len(marks) > 0 {
		t.Errorf("broken files left %v", marks)
	}
}

func TestWhatParticipantsSeeOfTheScoreTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.scoreRound()
		w.must(second(w.ImportScores(t.Context(), w.supervisor(shandong), scoreFile(round, jinan+",,staff,,18,,,甲", jinan+",,data,,30,,,", qingdao+",,staff,,20,,,", qingdao+",,data,,30,,,"), "")))
		list := func(actor compliance.Actor) ([]string, error) {
			var content bytes.Buffer
			err := w.WriteScoreList(t.Context(), actor, round.ID, &content, scoreLanguage(t))
			lines := strings.Split(strings.TrimSpace(content.String()), "\r\n")
			return lines[min(1, len(lines)):], err
		}
		w.wantCode(second(list(w.reporter(jinan))), models.Conflict, "scores.not_announced")
		w.wantCode(second(list(w.actor(shandong, models.Viewer))), models.Conflict, "scores.not_announced")
		w.wantCode(second(list(w.actor("210000", models.Viewer))), models.NotFound, "assessment.round_unknown")
		all, err := list(w.supervisor(shandong))
		w.must(err)
		if !slices.ContainsFunc(all, func(line string) bool { return strings.HasPrefix(line, jinan+",济南市,各市,") }) || len(all) < 20 {
			t.Errorf("the office sees %q", all)
		}
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			if err := tx.Model(&models.Sheet{}).Where("round_id = ? AND unit_id = ?", round.ID, w.unit(qingdao).ID).Update("final", 10000).Error; err != nil {
				return err
			}
			return tx.Model(&models.Round{}).Where("id = ?", round.ID).Updates(map[string]any{"status": models.RoundAnnounced, "announced_on": "2018-01-08"}).Error
		}))
		mine, err := list(w.reporter(jinan))
		w.must(err)
		if len(mine) != 1 || !strings.HasPrefix(mine[0], jinan+",") || !strings.Contains(mine[0], ",2,") {
			t.Errorf("a participant sees %q", mine)
		}
		var book bytes.Buffer
		w.must(w.WriteScoreTable(t.Context(), w.reporter(jinan), round.ID, &book, scoreLanguage(t)))
		opened, err := excelize.OpenReader(&book)
		w.must(err)
		defer opened.Close()
		if sheets := opened.GetSheetList(); len(sheets) != 2 {
			t.Errorf("a participant gets the sheets %q", sheets)
		}
	})
}
