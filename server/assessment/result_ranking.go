package assessment

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// Ranking is the result of a round as somebody may see it: the final scores, class by
// class in the order of the scheme. Whoever sees only some of the units, such as those
// who report for one, has the rows of these, with their ranks among all.
type Ranking struct {
	Round  models.Round
	Office models.Unit
	Scheme *scoring.Scheme
	// Edition is that of the scheme.
	Edition int
	// Earlier are the rounds of the office of the year before, announced or frozen, with
	// which ranks and scores are compared, latest first: several where the office scored
	// its units in several.
	Earlier []models.Round
	// All tells that every unit of the round is among the rows.
	All     bool
	Classes []RankedClass
}

// Provisional tells that the result is not announced yet: only those who score see it.
func (r *Ranking) Provisional() bool { return r.Round.Status == models.RoundScoring }

// RankedClass is the result of a class.
type RankedClass struct {
	scoring.Class
	// Units are all of the class, Scored those of them with a score.
	Units, Scored int
	// Grades counts the scores by their grade, in the order of the scheme's grades.
	Grades []int
	// Scores are those of all units of the class, best first, Places the places of their
	// grades.
	Scores []scoring.Score
	Places []int
	// Rows are those that the actor may see: best first, units of one score by their
	// codes, those without a score last.
	Rows []RankedSheet
}

// RankedSheet is the place of a unit in its class. Sheet comes without its duties; Unit
// has the name that the unit had when the result was announced.
type RankedSheet struct {
	models.Sheet
	Unit models.Unit
	// Rank is 0 without a score.
	Rank int
	// Before is what the unit had in the earlier round, nil when it was not there.
	Before *EarlierResult
}

// EarlierResult is the result of a unit in the earlier round: Rank is 0 without a score.
type EarlierResult struct {
	Sheet uint64
	Class string
	Rank  int
	Final *int64
}

// Climbed is by how many places the rank is better than in the earlier round; known is
// false where there is no rank then or now, or where it was one of another class.
func (s *RankedSheet) Climbed() (places int, known bool) {
	if s.Before == nil || s.Rank == 0 || s.Before.Rank == 0 || s.Before.Class != s.Class {
		return 0, false
	}
	return s.Before.Rank - s.Rank, true
}

// Gained is by how many hundredths of a point the score is higher than in the earlier
// round; known is false where there is none then or now.
func (s *RankedSheet) Gained() (hundredths int64, known bool) {
	if s.Before == nil || s.Final == nil || s.Before.Final == nil {
		return 0, false
	}
	return *s.Final - *s.Before.Final, true
}

// Ranking returns the result of a round. A round of which the actor may see no unit is
// NotFound; one that is not announced is a Conflict for all but those who score.
func (d *Desk) Ranking(ctx context.Context, actor compliance.Actor, round uint64) (*Ranking, error) {
	return d.look(ctx, actor).ranking(ctx, round)
}

// SchemeRanking is the Ranking of the latest edition of a scheme, by its id, whose result
// the actor may see. Who sees only units of rounds that are not announced has a Conflict.
// NotFound tells nothing of schemes that the actor may not see.
func (d *Desk) SchemeRanking(ctx context.Context, actor compliance.Actor, scheme string) (*Ranking, error) {
	w := d.look(ctx, actor)
	var rounds []uint64
	err := w.tx.Model(&models.Round{}).Joins("JOIN scoring_schemes s ON s.id = rounds.scheme_id").Where("s.code = ?", scheme).
		Order("s.edition DESC, rounds.id DESC").Pluck("rounds.id", &rounds).Error
	if err != nil {
		return nil, fmt.Errorf("rounds of scheme %s: %w", scheme, store.Translate(err))
	}
	refusal := error(models.NewError(models.NotFound, "results.scheme_unknown", "Scheme", scheme))
	for _, round := range rounds {
		r, err := w.resultOf(round)
		switch {
		case err == nil:
			return w.ranked(ctx, r)
		case models.IsCode(err, models.Conflict):
			if !models.IsCode(refusal, models.Conflict) {
				refusal = err
			}
		case !models.IsCode(err, models.NotFound):
			return nil, err
		}
	}
	return nil, refusal
}

func (w *write) ranking(ctx context.Context, id uint64) (*Ranking, error) {
	r, err := w.resultOf(id)
	if err != nil {
		return nil, err
	}
	return w.ranked(ctx, r)
}

// ranked brings the scores of the result.
func (w *write) ranked(ctx context.Context, r *Ranking) (*Ranking, error) {
	if r.Provisional() {
		if err := w.Freshen(ctx, r.Round.ID); err != nil {
			return nil, err
		}
	}
	sheets, err := w.rankedSheets([]uint64{r.Round.ID})
	if err != nil {
		return nil, err
	}
	if r.Earlier, err = w.compare(sheets, r.Round); err != nil {
		return nil, err
	}
	r.fill(sheets, func(s *RankedSheet) bool { return w.may(readScore, s.Unit) })
	return r, nil
}

// resultOf returns the round when the actor may see something of its result.
func (w *write) resultOf(id uint64) (*Ranking, error) {
	r := &Ranking{}
	var err error
	if r.Round, r.Office, r.Scheme, err = w.roundOf(id); err != nil {
		return nil, err
	}
	if !w.may(readScore, r.Office) {
		if err := w.takesPart(id); err != nil {
			return nil, err
		}
	}
	if r.Provisional() && !w.assesses(r.Office) {
		return nil, models.NewError(models.Conflict, "results.not_announced", "Round", r.Round.Title)
	}
	err = w.tx.Model(&models.ScoringScheme{}).Where("id = ?", r.Round.SchemeID).Pluck("edition", &r.Edition).Error
	if err != nil {
		return nil, fmt.Errorf("edition of round %d: %w", id, store.Translate(err))
	}
	return r, nil
}

// takesPart refuses, as NotFound, who may see no unit of the round.
func (w *write) takesPart(round uint64) error {
	var sheet models.Sheet
	query := w.tx.Select("sheets.id").Joins("JOIN units u ON u.id = sheets.unit_id").Where("sheets.round_id = ?", round)
	return one(w.actor.Access.Scope(readScore.Object, readScore.Action).Where(query, "u.path"), &sheet, "assessment.round_unknown")
}

// rankedSheetColumns are those of a sheet without its duties, and its unit.
const rankedSheetColumns = "s.id, s.round_id, s.unit_id, s.unit_name, s.unit_name_en, s.class, s.status, s.self, s.verified, s.final, s.grade, s.by_veto," +
	" s.entries, s.self_missing, s.missing, s.version, u.code, u.path"

// rankedSheets returns the sheets of rounds, round by round in the order of their ranks,
// with them.
func (w *write) rankedSheets(rounds []uint64) ([]RankedSheet, error) {
	var rows []struct {
		models.Sheet `gorm:"embedded"`
		Code         string
		Path         string
	}
	err := w.tx.Table("sheets s").Select(rankedSheetColumns).Joins("JOIN units u ON u.id = s.unit_id").Where("s.round_id IN ?", rounds).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("sheets of rounds %v: %w", rounds, store.Translate(err))
	}
	sheets := make([]RankedSheet, len(rows))
	for i, row := range rows {
		unit := models.Unit{ID: row.UnitID, Code: row.Code, Name: row.UnitName, NameEN: row.UnitNameEN, Path: row.Path}
		sheets[i] = RankedSheet{Sheet: row.Sheet, Unit: unit}
	}
	rank(sheets)
	return sheets, nil
}

// rank sorts sheets by round, class, score and code, and gives those of each class of a
// round their ranks.
func rank(sheets []RankedSheet) {
	slices.SortFunc(sheets, func(a, b RankedSheet) int {
		return cmp.Or(cmp.Compare(a.RoundID, b.RoundID), cmp.Compare(a.Class, b.Class), bestFirst(a, b))
	})
	for start := 0; start < len(sheets); {
		end := start
		var scores []scoring.Score
		for ; end < len(sheets) && sheets[end].RoundID == sheets[start].RoundID && sheets[end].Class == sheets[start].Class; end++ {
			if final := sheets[end].Final; final != nil {
				scores = append(scores, scoring.Score(*final))
			}
		}
		for i, place := range scoring.Ranks(scores) {
			sheets[start+i].Rank = place
		}
		start = end
	}
}

// bestFirst sorts sheets of a class.
func bestFirst(a, b RankedSheet) int {
	switch {
	case a.Final == nil && b.Final != nil:
		return 1
	case a.Final != nil && b.Final == nil:
		return -1
	case a.Final != nil && *a.Final != *b.Final:
		return cmp.Compare(*b.Final, *a.Final)
	default:
		return cmp.Compare(a.Unit.Code, b.Unit.Code)
	}
}

// fill lays the ranked sheets out by class.
func (r *Ranking) fill(sheets []RankedSheet, visible func(*RankedSheet) bool) {
	r.All = true
	for _, class := range r.Scheme.Classes {
		ranked := RankedClass{Class: class, Grades: make([]int, len(r.Scheme.Grades))}
		for i := range sheets {
			if sheets[i].Class != class.ID {
				continue
			}
			ranked.add(&sheets[i])
			if visible(&sheets[i]) {
				ranked.Rows = append(ranked.Rows, sheets[i])
			} else {
				r.All = false
			}
		}
		if ranked.Units > 0 {
			r.Classes = append(r.Classes, ranked)
		}
	}
}

func (c *RankedClass) add(s *RankedSheet) {
	c.Units++
	if s.Final == nil {
		return
	}
	c.Scored++
	c.Scores = append(c.Scores, scoring.Score(*s.Final))
	c.Places = append(c.Places, s.Grade)
	c.Grades[s.Grade]++
}

// compare gives the sheets of a round what their units had in the latest announced round
// of the same office of the year before that they took part in, and returns those rounds.
func (w *write) compare(sheets []RankedSheet, round models.Round) ([]models.Round, error) {
	var rounds []models.Round
	err := w.tx.Where("unit_id = ? AND year = ? AND status <> ?", round.UnitID, round.Year-1, models.RoundScoring).Order("id DESC").Find(&rounds).Error
	if err != nil || len(rounds) == 0 {
		return nil, store.Translate(err)
	}
	ids := make([]uint64, len(rounds))
	for i, earlier := range rounds {
		ids[i] = earlier.ID
	}
	before, err := w.rankedSheets(ids)
	if err != nil {
		return nil, err
	}
	// Later rounds come later, and replace what the unit had in others.
	byUnit := make(map[uint64]RankedSheet, len(before))
	for _, s := range before {
		byUnit[s.UnitID] = s
	}
	used := make(map[uint64]bool, len(rounds))
	for i := range sheets {
		if s, found := byUnit[sheets[i].UnitID]; found {
			sheets[i].Before = &EarlierResult{Sheet: s.ID, Class: s.Class, Rank: s.Rank, Final: s.Final}
			used[s.RoundID] = true
		}
	}
	return slices.DeleteFunc(rounds, func(r models.Round) bool { return !used[r.ID] }), nil
}
