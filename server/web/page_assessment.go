package web

import (
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
)

// assessmentTabs are the pages of a unit's assessment.
var assessmentTabs = []unitTab{
	{"rounds", "assessment", "score", "read"},
	{"schemes", "schemes", "scheme", "read"},
	{"rectifications", "rectifications", "score", "read"},
	{"weight", "weight", "duty", "read"},
}

// assessmentTabs returns the tabs of the unit that the caller may open, with how much the
// unit has to put right; current is the name of the one that the page belongs to.
func (s *Server) assessmentTabs(r *request, unit models.Unit, current string) (UnitTabs, error) {
	tabs := unitTabs(r, unit, "assessment", assessmentTabs, current)
	for i, tab := range tabs.Tabs {
		if tab.Key != "assessment.tab.rectifications" {
			continue
		}
		matters, err := s.Assessment.Matters(r.Request.Context(), r.Actor, unit.Code, 0)
		if err != nil {
			return tabs, err
		}
		tabs.Tabs[i].Count = matters.Open
	}
	return tabs, nil
}

// Matter is a line on what results have brought a unit.
type Matter struct {
	Text  rules.Reason
	URL   string
	Alarm bool
	// Outcomes are keys of messages with counts: what has become of appeals.
	Outcomes []rules.Reason
}

// newMatters are the lines; the rectifications are those of the round, or for 0 all.
func newMatters(unit models.Unit, m *assessment.Matters, round uint64) []Matter {
	var lines []Matter
	if m.Open > 0 {
		line := Matter{Text: note("rectifications.owed", "Count", m.Open, "On", m.DueOn), Alarm: m.Overdue,
			URL: RectificationFilter{Round: round}.url(unit, "rectifications", string(models.RectificationOpen), "")}
		if m.Overdue {
			line.Text.Key = "rectifications.owed_late"
		}
		lines = append(lines, line)
	}
	for _, of := range m.Appeals {
		line := Matter{Text: note("appeals.filed_count", "Count", of.Of(), "Round", of.Round.Title), URL: roundURL(of.Round.ID, "appeals") + "?status=filed"}
		for _, outcome := range []string{string(models.AppealFiled), string(models.AppealUpheld), assessment.AppealInPart, string(models.AppealRejected)} {
			if count := of.Outcomes[outcome]; count > 0 {
				line.Outcomes = append(line.Outcomes, note("appeals.outcome."+outcome, "Count", count))
			}
		}
		if of.Outcomes[string(models.AppealFiled)] == 0 {
			line.URL = roundURL(of.Round.ID, "appeals") + "?status=decided"
		}
		lines = append(lines, line)
	}
	return lines
}

// isAssessment tells whether the page at the path belongs to assessment.
func isAssessment(path string) bool {
	return belongsTo(path, []string{"/assessment", "/schemes/", "/rounds/", "/sheets/", "/appeals/", "/rectifications/"}, assessmentTabs)
}
