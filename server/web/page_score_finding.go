package web

import (
	"math"
	"strconv"

	"sundial/server/scoring"
	"sundial/server/supervision"
)

// FindingChoice is a finding that points may be lost for.
type FindingChoice struct {
	ID     uint64
	Text   string
	Chosen bool
}

// findingID reads the id of a finding; 0 for none. What is no id is that of no finding.
func findingID(text string) uint64 {
	id, err := strconv.ParseUint(text, 10, 63)
	if err != nil && text != "" {
		return math.MaxInt64 // of no finding: ids are positive numbers of 63 bits
	}
	return id
}

// addFindings lets the rows of a sheet name findings about the unit, where the caller may
// read them.
func (s *Server) addFindings(r *request, page *ScoreSheetPage) error {
	if !r.may("inspection", "read", page.Unit) {
		return nil
	}
	var found []supervision.FindingLine
	if page.Mode == modeVerify {
		var err error
		if found, err = s.Supervision.FindingsOfUnit(r.Request.Context(), page.Unit.ID, page.Round.Year); err != nil {
			return err
		}
	}
	for i := range page.Rows {
		row := &page.Rows[i]
		if named := row.Mark.FindingID; named != nil {
			row.FindingURL = findingURL(*named)
		}
		if row.Editable && page.Mode == modeVerify && row.Node.Method != scoring.MethodBonus {
			row.Findings = findingChoices(r, found, row.Typed.Finding)
		}
	}
	return nil
}

// findingChoices are the findings, the chosen one among them even when it was withdrawn
// since; none at all need no choice.
func findingChoices(r *request, found []supervision.FindingLine, chosen uint64) []FindingChoice {
	var choices []FindingChoice
	there := chosen == 0
	for _, f := range found {
		text := []string{r.Locale.Text("severity."+string(f.Severity), nil), r.Locale.Chinese(f.Clause), shortText(f.Text)}
		choices = append(choices, FindingChoice{f.ID, r.Locale.Value(text), f.ID == chosen})
		there = there || f.ID == chosen
	}
	if !there {
		choices = append(choices, FindingChoice{chosen, r.Locale.Text("findings.state.withdrawn", nil), true})
	}
	return choices
}

// shortText cuts a text to what fits a select.
func shortText(text string) string {
	const most = 24
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "\u2026"
	}
	return text
}
