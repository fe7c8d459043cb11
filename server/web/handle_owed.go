package web

import (
	"sundial/models"
	"sundial/server/supervision"
)

// owedBy gathers what the unit has to do today. A page of a past day has none.
func (s *Server) owedBy(r *request, view View, unit models.Unit) (*OwedList, error) {
	if view.Past() {
		return nil, nil
	}
	ctx := r.Request.Context()
	var things owedThings
	var err error
	if things.duties, err = s.Ledger.OwedDuties(ctx, r.Actor, unit); err != nil {
		return nil, err
	}
	if r.may("urge", "read", unit) {
		if things.urges, err = s.Supervision.OpenUrges(ctx, r.Actor, unit); err != nil {
			return nil, err
		}
	}
	if r.may("task", "read", unit) {
		if things.tasks, err = s.Supervision.OwedTasks(ctx, r.Actor, unit.Code); err != nil {
			return nil, err
		}
	}
	if r.may("score", "read", unit) {
		if things.sheets, err = s.Assessment.OwedSheets(ctx, r.Actor, unit.Code); err != nil {
			return nil, err
		}
	}
	if r.may("rectification", "read", unit) {
		if things.wrongs, err = s.Rectifications.OwedLines(ctx, r.Actor, unit.Code); err != nil {
			return nil, err
		}
	}
	list := newOwedList(words{r.Locale}, view, things)
	if list.Acts = r.may("report", "file", unit); list.Acts {
		return &list, nil
	}
	list.onlyShow()
	if list.Count() == 0 {
		return nil, nil
	}
	return &list, nil
}

// urgedBelow counts the open urges of the unit and all below it, by level; nothing for who
// may not read them.
func (s *Server) urgedBelow(r *request, unit models.Unit) (map[models.UrgeLevel]int, error) {
	if !r.may("urge", "read", unit) {
		return nil, nil
	}
	list, err := s.Supervision.Urges(r.Request.Context(), r.Actor, unit.Code, supervision.UrgeQuery{Limit: 1})
	if err != nil {
		return nil, err
	}
	return list.Levels, nil
}
