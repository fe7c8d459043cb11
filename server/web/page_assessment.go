package web

import (
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rectification"
	"sundial/server/rules"
)

// assessmentTabs are the pages of a unit's assessment.
var assessmentTabs = []unitTab{
	{"rounds", "assessment", "score", "read"},
	{"schemes", "schemes", "scheme", "read"},
	{"weight", "weight", "duty", "read"},
}

// Matter is a line on what results have brought a unit.
type Matter struct {
	Text  rules.Reason
	URL   string
	Alarm bool
	// Outcomes are keys of messages with counts: what has become of appeals.
	Outcomes []rules.Reason
}

// matters returns what a round has brought the unit: what it has to put right and what has
// become of its appeals, for who reads the unit's scores.
func (s *Server) matters(r *request, unit models.Unit, round uint64) ([]Matter, error) {
	owed, err := s.Rectifications.Owed(r.Request.Context(), r.Actor, unit.Code, round)
	if err != nil {
		return nil, err
	}
	appeals, err := s.Assessment.RoundAppeals(r.Request.Context(), r.Actor, unit.Code, round)
	return newMatters(unit, owed, appeals, round), err
}

// newMatters are the lines.
func newMatters(unit models.Unit, owed rectification.Owed, appeals []assessment.RoundAppeals, round uint64) []Matter {
	var lines []Matter
	if owed.Open > 0 {
		line := Matter{Text: note("rectifications.owed", "Count", owed.Open, "On", owed.DueOn), Alarm: owed.Overdue,
			URL: RectificationFilter{Round: round}.url(unit, "rectifications", string(models.RectificationOpen), "")}
		if owed.Overdue {
			line.Text.Key = "rectifications.owed_late"
		}
		lines = append(lines, line)
	}
	for _, of := range appeals {
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
	return belongsTo(path, []string{"/assessment", "/schemes/", "/rounds/", "/sheets/", "/appeals/"}, assessmentTabs)
}
