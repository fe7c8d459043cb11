package web

import (
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// showStanding shows a unit among those of its class.
func (s *Server) showStanding(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "duty", "read")
	if err != nil {
		return err
	}
	view, years, err := s.view(r, unit)
	if err != nil {
		return err
	}
	view.Policy = ""
	page := StandingPage{Page: s.page(r), View: view, Unit: unit}
	if err := s.place(r, &page.Page, view, unit, r.Locale.Text("homes.tab.standing", nil)); err != nil {
		return err
	}
	if page.Tabs, err = s.boardTabs(r, view, unit, "standing"); err != nil {
		return err
	}
	if page.Filter, err = s.asOfYear(r, page.Page, view, years, unit); err != nil {
		return err
	}
	path, err := s.Directory.Ancestors(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	if len(path) > 0 {
		above := path[len(path)-1]
		board, err := s.Ledger.Board(r.Request.Context(), compliance.BoardQuery{Unit: above, Year: view.Year, AsOf: view.AsOf})
		if err != nil {
			return err
		}
		page.fill(board, func(peer models.Unit) bool { return r.may("duty", "read", peer) })
	}
	if err := s.addStanding(r, &page); err != nil {
		return err
	}
	return s.show(r, "standing", page)
}

// addStanding adds what is overdue, and what supervision and assessment have of the unit
// for who may read that.
func (s *Server) addStanding(r *request, page *StandingPage) error {
	ctx, unit, view := r.Request.Context(), page.Unit, page.View
	if page.Sum.Overdue > 0 {
		found, err := s.Ledger.Duties(ctx, compliance.DutyQuery{Unit: unit, Year: view.Year, AsOf: view.AsOf, State: rules.Overdue, Limit: boardLines})
		if err != nil {
			return err
		}
		page.Overdue = dutyLines(view, found.Items)
	}
	if view.Past() {
		return nil // the rest is of today
	}
	if r.may("urge", "read", unit) {
		urges, err := s.Supervision.OpenUrges(ctx, r.Actor, unit)
		if err != nil {
			return err
		}
		page.UrgesURL = unitURL(unit, "urges")
		for _, urge := range urges {
			page.Urges = append(page.Urges, StandingUrge{urge, urgeURL(urge.ID)})
		}
	}
	if r.may("bulletin", "read", unit) {
		list, err := s.Bulletins.Bulletins(ctx, r.Actor, unit.Code, bulletin.Query{Status: models.BulletinPublished, Limit: 1})
		if err != nil {
			return err
		}
		page.Bulletin = latestBulletin(list)
	}
	if !r.may("score", "read", unit) {
		return nil
	}
	score, err := s.frozenScore(r, unit)
	page.Score = score
	return err
}

// frozenScore returns the unit's place in the latest frozen round that has scored it, nil
// without one.
func (s *Server) frozenScore(r *request, unit models.Unit) (*StandingScore, error) {
	rounds, err := s.Assessment.Rounds(r.Request.Context(), r.Actor, unit.Code)
	if err != nil {
		return nil, err
	}
	for _, sheet := range rounds.Sheets {
		if sheet.Round.Status != models.RoundFrozen || sheet.Final == nil {
			continue
		}
		ranking, err := s.Assessment.Ranking(r.Request.Context(), r.Actor, sheet.RoundID)
		if err != nil {
			return nil, err
		}
		return newStandingScore(ranking, unit), nil
	}
	return nil, nil
}

func newStandingScore(ranking *assessment.Ranking, unit models.Unit) *StandingScore {
	for _, class := range ranking.Classes {
		for _, row := range class.Rows {
			if row.UnitID == unit.ID && row.Final != nil {
				return &StandingScore{Round: ranking.Round, URL: roundURL(ranking.Round.ID, "results"), Final: scoring.Score(*row.Final),
					Rank: row.Rank, Of: class.Scored, Best: class.Scores[0]}
			}
		}
	}
	return nil
}
