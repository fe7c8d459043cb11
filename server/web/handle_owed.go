package web

import "sundial/models"

// owedParts read what the unit has to do today, one domain each, the quick ones first.
func (s *Server) owedParts(r *request, unit models.Unit, things *owedThings) []func() error {
	ctx := r.Request.Context()
	parts := []struct {
		object string
		read   func() error
	}{
		{"urge", func() (err error) { things.urges, err = s.Supervision.OpenUrges(ctx, r.Actor, unit); return err }},
		{"task", func() (err error) { things.tasks, err = s.Supervision.OwedTasks(ctx, r.Actor, unit.Code); return err }},
		{"rectification", func() (err error) {
			things.wrongs, err = s.Rectifications.OwedLines(ctx, r.Actor, unit.Code)
			return err
		}},
		{"score", func() (err error) { things.sheets, err = s.Assessment.OwedSheets(ctx, r.Actor, unit.Code); return err }},
		{"", func() (err error) { things.duties, err = s.Ledger.OwedDuties(ctx, r.Actor, unit); return err }},
	}
	var reads []func() error
	for _, part := range parts {
		if part.object == "" || r.may(part.object, "read", unit) {
			reads = append(reads, part.read)
		}
	}
	return reads
}

// owes tells whether the unit itself has anything to do; it looks no further than it must.
func (s *Server) owes(r *request, unit models.Unit) (bool, error) {
	today := s.Ledger.Today()
	var things owedThings
	for _, read := range s.owedParts(r, unit, &things) {
		if err := read(); err != nil {
			return false, err
		}
		list := newOwedList(words{r.Locale}, View{AsOf: today, Today: today}, things)
		if list.Count() > 0 {
			return true, nil
		}
	}
	return false, nil
}

// owedBy gathers what the unit has to do today. A page of a past day has none.
func (s *Server) owedBy(r *request, view View, unit models.Unit) (*OwedList, error) {
	if view.Past() {
		return nil, nil
	}
	var things owedThings
	for _, read := range s.owedParts(r, unit, &things) {
		if err := read(); err != nil {
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
	return s.Supervision.OpenLevels(r.Request.Context(), r.Actor, unit)
}
