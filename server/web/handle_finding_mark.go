package web

import "sundial/models"

// markFindings marks the duties in lists about which inspections found something, for who
// may read that at the unit of the lists.
func (s *Server) markFindings(r *request, unit models.Unit, view View, lists ...[]DutyLine) error {
	if !r.may("inspection", "read", unit) {
		return nil
	}
	var ids []uint64
	for _, lines := range lists {
		for _, line := range lines {
			ids = append(ids, line.Duty.ID)
		}
	}
	marks, err := s.Supervision.FindingMarks(r.Request.Context(), ids, view.AsOf)
	if err != nil {
		return err
	}
	for _, lines := range lists {
		for i := range lines {
			lines[i].Findings = marks[lines[i].Duty.ID]
		}
	}
	return nil
}
