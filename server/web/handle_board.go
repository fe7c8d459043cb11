package web

import (
	"net/http"

	"sundial/models"
	"sundial/server/compliance"
)

// showHome leads to the caller's one unit, or lists several.
func (s *Server) showHome(r *request) error {
	units, err := s.Directory.Roots(r.Request.Context(), r.Actor.Access.Scope("board", "read"))
	if err != nil {
		return err
	}
	if len(units) == 1 {
		url, err := s.homeOf(r, units[0])
		if err != nil {
			return err
		}
		r.Redirect(http.StatusSeeOther, url)
		return nil
	}
	page := HomePage{Page: s.page(r)}
	for _, unit := range units {
		view, _, err := s.view(r, unit)
		if err != nil {
			return err
		}
		board, err := s.Ledger.Board(r.Request.Context(), compliance.BoardQuery{Unit: unit, Year: view.Year, AsOf: view.AsOf})
		if err != nil {
			return err
		}
		url, err := s.homeOf(r, unit)
		if err != nil {
			return err
		}
		page.View = view
		page.Demo = page.Demo || unit.Demo
		levels, err := s.urgedBelow(r, unit)
		if err != nil {
			return err
		}
		page.Units = append(page.Units, newHomeUnit(view, unit, url, compliance.Sum(board.Totals), levels))
	}
	return s.show(r, "home", page)
}

// homeOf is where a unit's people begin, by what they may do for it: who decides on reports
// with the board of the units below, who reports with what the unit owes, who trains with
// those who are left, who scores with the open round, and who only reads with the unit
// among those of its class.
func (s *Server) homeOf(r *request, unit models.Unit) (string, error) {
	switch {
	case r.may("report", "verify", unit) || r.may("unit", "manage", unit):
		return s.boardHome(r, unit)
	case r.may("report", "file", unit):
		return s.reporterHome(r, unit)
	case r.may("roster", "manage", unit):
		return unitURL(unit, "rotation"), nil
	case r.may("score", "edit", unit):
		return s.assessorHome(r, unit)
	case unit.ParentID != nil:
		return View{}.StandingURL(unit), nil
	default:
		return s.boardHome(r, unit)
	}
}

// boardHome is the board of the units below, or without any the unit's own page.
func (s *Server) boardHome(r *request, unit models.Unit) (string, error) {
	children, err := s.Directory.Children(r.Request.Context(), unit)
	if err != nil {
		return "", err
	}
	if len(children) == 0 {
		return View{}.UnitURL(unit.Code), nil
	}
	return View{}.BoardURL(unit.Code), nil
}

// reporterHome is what the unit owes; with nothing to do for the unit itself, the board of
// the units below, if there are any.
func (s *Server) reporterHome(r *request, unit models.Unit) (string, error) {
	home, err := s.boardHome(r, unit)
	if err != nil {
		return "", err
	}
	if owes, err := s.owes(r, unit); err != nil || owes {
		return View{}.UnitURL(unit.Code), err
	}
	return home, nil
}

// assessorHome is the latest round of the unit that is being scored, else all its rounds.
func (s *Server) assessorHome(r *request, unit models.Unit) (string, error) {
	rounds, err := s.Assessment.Rounds(r.Request.Context(), r.Actor, unit.Code)
	if err != nil {
		return "", err
	}
	for _, held := range rounds.Held {
		if held.Status == models.RoundScoring {
			return roundURL(held.ID), nil
		}
	}
	return unitURL(unit, "assessment"), nil
}

func (s *Server) board(r *request) (View, []int, *compliance.Board, error) {
	unit, err := s.unit(r, r.Param("code"), "board", "read")
	if err != nil {
		return View{}, nil, nil, err
	}
	view, years, err := s.view(r, unit)
	if err != nil {
		return view, nil, nil, err
	}
	board, err := s.Ledger.Board(r.Request.Context(), compliance.BoardQuery{Unit: unit, Year: view.Year, AsOf: view.AsOf, Policy: view.Policy})
	return view, years, board, err
}

func (s *Server) showBoard(r *request) error {
	view, years, board, err := s.board(r)
	if err != nil {
		return err
	}
	base := s.page(r)
	if err := s.place(r, &base, view, board.Unit, ""); err != nil {
		return err
	}
	page := newBoardPage(base, view, board)
	page.MayActivate = r.Actor.Access.Allows("policy", "activate")
	if page.Filter, err = s.asOfYear(r, base, view, years, board.Unit); err != nil {
		return err
	}
	policies, err := s.Ledger.PoliciesOf(r.Request.Context(), board.Unit)
	if err != nil {
		return err
	}
	for _, p := range policies {
		page.Policies = append(page.Policies, PolicyOption{p.Row.Code, p.Policy.Title})
	}
	if page.Period, err = s.periodNote(r, view, board.Unit); err != nil {
		return err
	}
	if page.Tabs, err = s.boardTabs(r, view, board.Unit, "board"); err != nil {
		return err
	}
	if page.Sum.Total() > 0 {
		if err := s.fillBoard(r, &page, board); err != nil {
			return err
		}
	}
	page.sortRows(r.Query("sort"))
	return s.show(r, "board", page)
}

// fillBoard adds what a board with duties has beside its matrix: what has changed, what
// is due soon, what waits, and who can be urged.
func (s *Server) fillBoard(r *request, page *BoardPage, board *compliance.Board) error {
	ctx, view := r.Request.Context(), page.View
	if day, known := comparable(view); known {
		before, err := s.Ledger.Board(ctx, compliance.BoardQuery{Unit: board.Unit, Year: view.Year, AsOf: day, Policy: view.Policy})
		if err != nil {
			return err
		}
		page.compare(before, board)
	}
	cal, err := s.Ledger.Calendar(ctx)
	if err != nil {
		return err
	}
	due, err := s.Ledger.DueAhead(ctx, compliance.BoardQuery{Unit: board.Unit, Year: view.Year, AsOf: view.AsOf, Policy: view.Policy})
	if err != nil {
		return err
	}
	page.addDueAhead(due)
	if view.Past() || !r.may("report", "verify", board.Unit) {
		page.addWaiting()
	} else {
		queue, err := s.Ledger.Queue(ctx, compliance.QueueQuery{Actor: r.Actor, Unit: board.Unit, Policy: view.Policy, Year: view.Year, Limit: boardLines})
		if err != nil {
			return err
		}
		page.addQueue(queue, cal)
	}
	if view.Past() {
		return nil
	}
	office, err := s.urgeOffice(r, board.Unit)
	if err == nil && office.ID != 0 {
		page.mayUrge(office)
	}
	return err
}

// maxUnitDuties bounds a unit's own page; no policy gives a unit more in a year.
const maxUnitDuties = compliance.MaxLimit

func (s *Server) showUnit(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "duty", "read")
	if err != nil {
		return err
	}
	view, years, err := s.view(r, unit)
	if err != nil {
		return err
	}
	duties, err := s.ownDuties(r, unit, view)
	if err != nil {
		return err
	}
	base := s.page(r)
	if err := s.place(r, &base, view, unit, ""); err != nil {
		return err
	}
	page := newUnitPage(base, view, unit, duties)
	for _, group := range page.Groups {
		if err := s.markFindings(r, unit, view, group.Lines); err != nil {
			return err
		}
	}
	if err := s.standing(r, &page); err != nil {
		return err
	}
	if page.Filter, err = s.asOfYear(r, base, view, years, unit); err != nil {
		return err
	}
	if page.Tabs, err = s.boardTabs(r, view, unit, "own"); err != nil {
		return err
	}
	weights, err := s.Ledger.WeightYears(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	if len(weights) > 0 {
		page.WeightURL = view.WeightURL(unit.Code, nil)
	}
	if page.Period, err = s.periodNote(r, view, unit); err != nil {
		return err
	}
	if page.Owed, err = s.owedBy(r, view, unit); err != nil {
		return err
	}
	return s.show(r, "unit", page)
}

// ownDuties reads all pages of the unit's own duties.
func (s *Server) ownDuties(r *request, unit models.Unit, view View) ([]compliance.DutyView, error) {
	query := compliance.DutyQuery{Unit: unit, Own: true, Year: view.Year, AsOf: view.AsOf, Limit: maxUnitDuties}
	var duties []compliance.DutyView
	for {
		found, err := s.Ledger.Duties(r.Request.Context(), query)
		if err != nil {
			return nil, err
		}
		duties = append(duties, found.Items...)
		if query.Cursor = found.Next; found.Next == "" {
			return duties, nil
		}
	}
}
