package assessment_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// simpleScheme has one award of 100 points for each of two classes, and a veto.
const simpleScheme = `
id: shandong-simple-2017
title: {zh: 简单方案, en: Simple scheme}
year: 2017
region: "370000"
basis: {zh: 六(六), en: Clause 6(6)}
appeal_days: 5
classes:
  - {id: A, title: {zh: 各市, en: Cities}, maximum: "100"}
  - {id: B, title: {zh: 省直部门, en: Departments}, maximum: "95"}
indicators:
  - id: work
    title: {zh: 工作情况, en: Work}
    clause: 六(六)
    counts: {zh: 酌情赋分, en: By judgement}
    method: award
    points: "100"
  - id: leak
    title: {zh: 泄密, en: Leak}
    clause: 六(六)
    counts: {zh: 发生泄密的不得评为合格以上等次, en: No better grade after a leak}
    method: veto
    grade: fail
grades:
  - {id: excellent, title: {zh: 优秀, en: Excellent}, from: "90"}
  - {id: good, title: {zh: 良好, en: Good}, from: "70"}
  - {id: pass, title: {zh: 合格, en: Pass}, from: "60"}
  - {id: fail, title: {zh: 不合格, en: Fail}, from: "0"}
`

// results enters the points of the only award of simpleScheme for some units, in an order
// that nothing depends on.
func (w *world) results(round models.Round, points map[string]string) {
	w.Helper()
	codes := make([]string, 0, len(points))
	for code := range points {
		codes = append(codes, code)
	}
	rand.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
	for _, code := range codes {
		mark := assessment.MarkInput{Indicator: "work", Points: points[code], Reason: "材料不全"}
		w.must(w.PutResults(w.Context(), w.supervisor(shandong), w.sheet(round, code).ID, []assessment.MarkInput{mark}, nil))
	}
}

// resultsAnnounced has the round announced, whatever is missing, or frozen.
func (w *world) resultsAnnounced(round models.Round, status models.RoundStatus) {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		return tx.Model(&round).Updates(map[string]any{"status": status, "announced_on": "2017-12-20"}).Error
	}))
}

// ranking returns the ranking as the actor sees it.
func (w *world) ranking(actor compliance.Actor, round models.Round) *assessment.Ranking {
	w.Helper()
	ranking, err := w.Ranking(w.Context(), actor, round.ID)
	w.must(err)
	return ranking
}

// ranks prints the first rows of a class: rank, unit, score and grade.
func ranks(r *assessment.Ranking, class string, first int) []string {
	var lines []string
	for _, c := range r.Classes {
		if c.ID != class {
			continue
		}
		for _, row := range c.Rows[:min(first, len(c.Rows))] {
			line := fmt.Sprint(row.Rank, " ", row.Unit.Code)
			if row.Final != nil {
				line += fmt.Sprint(" ", scoring.Score(*row.Final), " ", r.Scheme.Grades[row.Grade].ID)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func TestWhoSeesARanking(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(simpleScheme)
		w.results(round, map[string]string{jinan: "80", qingdao: "90"})
		ask := func(actor compliance.Actor) error {
			_, err := w.Ranking(t.Context(), actor, round.ID)
			return err
		}

		elsewhere := w.actor("210000", models.Supervisor)
		w.wantCode(ask(elsewhere), models.NotFound, "assessment.round_unknown")
		_, err := w.SchemeRanking(t.Context(), elsewhere, "shandong-simple-2017")
		w.wantCode(err, models.NotFound, "results.scheme_unknown")
		_, err = w.SchemeRanking(t.Context(), w.supervisor(shandong), "none")
		w.wantCode(err, models.NotFound, "results.scheme_unknown")
		// Below the office, whoever they are, and who only reads at the office.
		for _, actor := range []compliance.Actor{w.reporter(jinan), w.supervisor(jinan), w.assessor(jinan), w.actor(shandong, models.Viewer), w.reporter(shandong)} {
			w.wantCode(ask(actor), models.Conflict, "results.not_announced")
			_, err := w.SchemeRanking(t.Context(), actor, "shandong-simple-2017")
			w.wantCode(err, models.Conflict, "results.not_announced")
		}
		for _, actor := range []compliance.Actor{w.supervisor(shandong), w.assessor(shandong)} {
			if r := w.ranking(actor, round); !r.Provisional() || !r.All {
				t.Errorf("%s sees %+v", actor.Name, r.Round)
			}
		}

		w.resultsAnnounced(round, models.RoundAnnounced)
		w.wantCode(ask(elsewhere), models.NotFound, "assessment.round_unknown")
		own := w.ranking(w.reporter(jinan), round)
		if got := ranks(own, "A", 20); !slices.Equal(got, []string{"2 370100 80.00 good"}) || own.All || own.Classes[0].Units != 17 {
			t.Errorf("a reporter of Jinan sees %v of %d", got, own.Classes[0].Units)
		}
		if text := fmt.Sprintf("%+v", own.Classes); strings.Contains(text, "青岛") {
			t.Errorf("a reporter of Jinan sees others: %s", text)
		}
		if all := w.ranking(w.actor(shandong, models.Viewer), round); !all.All || len(all.Classes[0].Rows) != 17 || all.Provisional() {
			t.Errorf("who reads at the office sees %v", ranks(all, "A", 20))
		}
	})
}

func TestRanksAreThoseOfTheRoundedScores(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(simpleScheme)
		// 84.995 rounds up to 85.00, 84.9949 down to 84.99; 89.995 is excellent.
		w.results(round, map[string]string{
			"370100": "84.9949", "370200": "84.995", "370300": "85", "370400": "85.0049", "370500": "85.005",
			"370600": "89.995", "370700": "90", "370800": "84.99",
		})
		want := []string{
			"1 370600 90.00 excellent", "1 370700 90.00 excellent", "3 370500 85.01 good", "4 370200 85.00 good", "4 370300 85.00 good",
			"4 370400 85.00 good", "7 370100 84.99 good", "7 370800 84.99 good", "0 370900", "0 371000",
		}
		r := w.ranking(w.supervisor(shandong), round)
		if diff := cmp.Diff(want, ranks(r, "A", 10)); diff != "" {
			t.Errorf("ranks (-want +got):\n%s", diff)
		}
		if a := r.Classes[0]; a.Units != 17 || a.Scored != 8 || !slices.Equal(a.Grades, []int{2, 6, 0, 0}) {
			t.Errorf("%d of %d units scored, grades %v", a.Scored, a.Units, a.Grades)
		}
		if b := r.Classes[1]; b.ID != "B" || b.Scored != 0 || b.Rows[0].Rank != 0 {
			t.Errorf("class B is %+v", b)
		}
	})
}

func TestAVetoLowersTheGradeAndNotTheRank(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(simpleScheme)
		w.results(round, map[string]string{jinan: "99", qingdao: "90"})
		w.must(w.PutResults(t.Context(), w.supervisor(shandong), w.sheet(round, jinan).ID, []assessment.MarkInput{{Indicator: "leak", Raised: true, Reason: "网站泄密"}}, nil))
		r := w.ranking(w.supervisor(shandong), round)
		if got, want := ranks(r, "A", 2), []string{"1 370100 99.00 fail", "2 370200 90.00 excellent"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if !r.Classes[0].Rows[0].ByVeto {
			t.Error("nothing says that a veto did it")
		}
	})
}

// next returns the source of simpleScheme for the year after 2016, 2017 …
func inYear(year int) string {
	return strings.ReplaceAll(simpleScheme, "2017", fmt.Sprint(year))
}

func TestARankingComparesWithTheYearBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		before := w.round(inYear(2016))
		w.results(before, map[string]string{jinan: "80", qingdao: "90"})
		round := w.round(inYear(2017))
		w.results(round, map[string]string{jinan: "85.5", qingdao: "84", "370300": "70"})
		row := func(code string) assessment.RankedSheet {
			t.Helper()
			for _, row := range w.ranking(w.supervisor(shandong), round).Classes[0].Rows {
				if row.Unit.Code == code {
					return row
				}
			}
			t.Fatal("no row of " + code)
			return assessment.RankedSheet{}
		}

		if got := row(jinan); got.Before != nil {
			t.Errorf("compared with a round that is not announced: %+v", got.Before)
		}
		w.resultsAnnounced(before, models.RoundFrozen)
		up, down, new := row(jinan), row(qingdao), row("370300")
		if places, known := up.Climbed(); !known || places != 1 {
			t.Errorf("Jinan climbed %d (%v), want 1", places, known)
		}
		if gained, known := up.Gained(); !known || gained != 550 {
			t.Errorf("Jinan gained %d (%v), want 550", gained, known)
		}
		if gained, known := down.Gained(); !known || gained != -600 {
			t.Errorf("Qingdao gained %d (%v), want -600", gained, known)
		}
		if _, known := new.Climbed(); known {
			t.Error("a unit without a score before has climbed")
		}

		// In another class a rank says nothing, the score still does.
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Sheet{}).Where("id = ?", w.sheet(before, jinan).ID).Update("class", "B").Error
		}))
		moved := row(jinan)
		if _, known := moved.Climbed(); known || moved.Before.Class != "B" {
			t.Errorf("ranks of two classes are compared: %+v", moved.Before)
		}
		if _, known := moved.Gained(); !known {
			t.Error("scores of two classes are not compared")
		}
	})
}

// In 2016 the cities, with Jinan ranked first among them, and the departments were scored in
// rounds of their own.
func TestARankingComparesWithAllRoundsOfTheYearBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		cities := w.round(inYear(2016))
		var department string
		w.must(s.Read(t.Context()).Table("sheets s").Joins("JOIN units u ON u.id = s.unit_id").Where("s.round_id = ? AND s.class = 'B'", cities.ID).Order("u.code").Limit(1).Pluck("u.code", &department).Error)
		w.results(cities, map[string]string{jinan: "80", qingdao: "70"})
		departments := w.round(strings.ReplaceAll(inYear(2016), "simple", "departments"))
		w.results(departments, map[string]string{department: "60"})
		keep := func(round models.Round, class string) {
			w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Where("round_id = ? AND class <> ?", round.ID, class).Delete(&models.Sheet{}).Error
			}))
			w.resultsAnnounced(round, models.RoundAnnounced)
		}
		keep(cities, "A")
		keep(departments, "B")
		round := w.round(inYear(2017))
		w.results(round, map[string]string{jinan: "75", qingdao: "76", department: "65"})

		r := w.ranking(w.supervisor(shandong), round)
		gained := map[string]int64{}
		for _, class := range r.Classes {
			for _, row := range class.Rows {
				if hundredths, known := row.Gained(); known {
					gained[row.Unit.Code] = hundredths
				}
			}
		}
		if diff := cmp.Diff(map[string]int64{jinan: -500, qingdao: 600, department: 500}, gained); diff != "" {
			t.Errorf("gained (-want +got):\n%s", diff)
		}
		if places, known := r.Classes[0].Rows[0].Climbed(); !known || places != 1 {
			t.Errorf("Qingdao climbed %d (%v), want 1", places, known)
		}
		if len(r.Earlier) != 2 || r.Earlier[0].ID != departments.ID || r.Earlier[1].ID != cities.ID {
			t.Errorf("compared with %+v", r.Earlier)
		}
	})
}

// While the second edition is being scored, others still have the result of the first.
func TestASchemeShowsTheLatestRankingThatMayBeSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.resultsAnnounced(w.round(simpleScheme), models.RoundAnnounced)
		next := w.round(strings.Replace(simpleScheme, `from: "90"`, `from: "95"`, 1))
		edition := func(actor compliance.Actor) int {
			t.Helper()
			r, err := w.SchemeRanking(t.Context(), actor, "shandong-simple-2017")
			w.must(err)
			return r.Edition
		}
		others := []compliance.Actor{w.actor(shandong, models.Viewer), w.reporter(jinan), w.supervisor(jinan)}
		for _, actor := range others {
			if got := edition(actor); got != 1 {
				t.Errorf("%s sees edition %d while the second is being scored", actor.Name, got)
			}
		}
		for _, actor := range []compliance.Actor{w.supervisor(shandong), w.assessor(shandong)} {
			if got := edition(actor); got != 2 {
				t.Errorf("%s, who scores the second edition, sees edition %d", actor.Name, got)
			}
		}
		w.resultsAnnounced(next, models.RoundAnnounced)
		for _, actor := range others {
			if got := edition(actor); got != 2 {
				t.Errorf("%s sees edition %d after the announcement", actor.Name, got)
			}
		}
	})
}

func TestAFrozenRankingStaysAsItIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		round := w.round(simpleScheme)
		w.results(round, map[string]string{jinan: "80", qingdao: "90"})
		w.resultsAnnounced(round, models.RoundFrozen)
		print := func() string {
			r := w.ranking(w.supervisor(shandong), round)
			data, err := json.Marshal(r.Classes)
			w.must(err)
			return string(data)
		}
		before := print()

		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Unit{}).Where("code = ?", qingdao).Updates(map[string]any{"name": "新青岛市", "class": "B"}).Error
		}))
		next := w.round(strings.Replace(simpleScheme, `from: "90"`, `from: "95"`, 1))
		w.results(next, map[string]string{jinan: "95"})
		if after := print(); before != after {
			t.Error("a frozen ranking has changed", cmp.Diff(strings.Split(before, ","), strings.Split(after, ",")))
		}
		latest, err := w.SchemeRanking(t.Context(), w.supervisor(shandong), "shandong-simple-2017")
		w.must(err)
		if latest.Round.ID != next.ID || latest.Edition != 2 {
			t.Errorf("the scheme's ranking is that of round %d, edition %d", latest.Round.ID, latest.Edition)
		}
	})
}
