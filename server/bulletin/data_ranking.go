package bulletin

import (
	"context"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/desk"
	"sundial/server/scoring"
)

// addRanking brings the result of the round, which is one of the office's own, of the
// year, and at least announced.
func (d *Desk) addRanking(ctx context.Context, w *desk.Write, q question, data *Data) error {
	if q.round == nil {
		return nil
	}
	var round models.Round
	if err := desk.One(w.TX.Where("id = ? AND unit_id = ?", *q.round, q.unit.ID), &round, "bulletins.round_unknown"); err != nil {
		if models.IsCode(err, models.NotFound) {
			return roundFault("bulletins.round_unknown")
		}
		return err
	}
	switch {
	case round.Year != q.year:
		return roundFault("bulletins.round_year", "Round", round.Title, "RoundYear", round.Year, "Year", q.year)
	case round.Status == models.RoundScoring:
		return roundFault("bulletins.round_open", "Round", round.Title)
	}
	ranking, err := d.scores.Ranking(ctx, w.Actor, round.ID)
	if err != nil {
		return err
	}
	if !ranking.All {
		return roundFault("bulletins.round_partial", "Round", round.Title)
	}
	data.Ranking = rankingOf(ranking)
	return nil
}

func roundFault(key string, args ...any) error {
	return models.InvalidFields([]models.Field{{Name: "round", Key: key, Args: models.Args(args...)}})
}

// rankingOf lays the ranking out.
func rankingOf(r *assessment.Ranking) *Ranking {
	ranking := &Ranking{Round: r.Round.ID, Title: r.Round.Title, Status: r.Round.Status, Scheme: r.Scheme.ID, Edition: r.Edition, SchemeTitle: Text(r.Scheme.Title)}
	for _, class := range r.Classes {
		ranked := RankedClass{Class: class.ID, Title: Text(class.Title), Scored: class.Scored}
		for n, grade := range r.Scheme.Grades {
			ranked.Grades = append(ranked.Grades, Grade{grade.ID, Text(grade.Title), class.Grades[n]})
		}
		for _, sheet := range class.Rows {
			ranked.Units = append(ranked.Units, rankedUnit(r.Scheme, sheet))
		}
		ranking.Classes = append(ranking.Classes, ranked)
	}
	return ranking
}

func rankedUnit(scheme *scoring.Scheme, sheet assessment.RankedSheet) RankedUnit {
	unit := RankedUnit{Unit: unitOf(sheet.Unit)}
	unit.Unit.Class = sheet.Class
	if sheet.Final == nil {
		return unit
	}
	grade := scheme.Grades[sheet.Grade]
	unit.Rank, unit.Score, unit.GradeID, unit.Grade, unit.ByVeto = sheet.Rank, scoring.Score(*sheet.Final).String(), grade.ID, Text(grade.Title), sheet.ByVeto
	return unit
}
