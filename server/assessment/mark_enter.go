package assessment

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/scoring"
)

// SelfInput is what a unit enters for one indicator. Points is a decimal text, empty to
// take back what was entered.
type SelfInput struct {
	Indicator string
	Points    string
	NA        bool
	Note      string
	URL       string
}

// MarkInput is what the office enters for one indicator. Points is a decimal text, of a
// deduction what is taken off, empty to take back what was entered. Reason says why
// points are lost, why the indicator does not apply, or why the veto is raised.
type MarkInput struct {
	Indicator string
	Points    string
	NA        bool
	Raised    bool
	Reason    string
	// Finding is the finding of an inspection for which points are lost: 0 is none, nil
	// leaves the one that was named.
	Finding *uint64
}

// Limits of the texts of a mark, in characters.
const (
	maxReason = 2000
	maxURL    = 1000
)

// checkSelf returns the row of the mark with what the unit entered, and what is wrong
// with it: an indicator that the card does not have or that is scored by duties, points
// that are none or above the maximum.
func (p *paper) checkSelf(in SelfInput) (models.SheetMark, []models.Field) {
	row, leaf, faults := p.row(in.Indicator)
	if faults != nil {
		return row, faults
	}
	if leaf.Method == scoring.MethodVeto {
		return row, []models.Field{{Name: "indicator", Key: "marks.veto_by_office"}}
	}
	row.SelfPoints, faults = p.points(leaf, in.Points, in.NA, false)
	row.SelfNA, row.SelfNote, row.SelfURL = in.NA, strings.TrimSpace(in.Note), strings.TrimSpace(in.URL)
	faults = tooLong(faults, "note", row.SelfNote, maxReason)
	faults = badURL(faults, row.SelfURL)
	return row, faults
}

// checkMark is checkSelf for what the office enters; points lost, a raised veto and what
// does not apply need the reason.
func (p *paper) checkMark(in MarkInput) (models.SheetMark, []models.Field) {
	row, leaf, faults := p.row(in.Indicator)
	if faults != nil {
		return row, faults
	}
	row.Points, faults = p.points(leaf, in.Points, in.NA, in.Raised)
	row.NA, row.Raised, row.Reason = in.NA, in.Raised, strings.TrimSpace(in.Reason)
	if len(faults) == 0 && row.Reason == "" {
		faults = p.reasonNeeded(leaf, markOf(row.Points, row.NA, row.Raised))
	}
	if len(faults) == 0 {
		faults = p.link(&row, leaf, in.Finding)
	}
	return row, tooLong(faults, "reason", row.Reason, maxReason)
}

// row returns the mark of an indicator as it is, a new one when nothing is entered yet.
func (p *paper) row(indicator string) (models.SheetMark, scoring.Leaf, []models.Field) {
	place, found := p.card.Leaf(indicator)
	if !found {
		return models.SheetMark{}, scoring.Leaf{}, []models.Field{{Name: "indicator", Key: "marks.unknown_indicator",
			Args: models.Args("Value", indicator, "Class", p.card.Class.ID)}}
	}
	leaf := p.card.Leaves[place]
	if leaf.Method == scoring.MethodAuto {
		return models.SheetMark{}, leaf, []models.Field{{Name: "points", Key: "marks.auto", Args: models.Args("Indicator", leaf.Title)}}
	}
	row, entered := p.marks[indicator]
	if !entered {
		row = models.SheetMark{SheetID: p.sheet.ID, Indicator: indicator}
	}
	return row, leaf, nil
}

// points reads the points entered for the leaf and checks them by the card.
func (p *paper) points(leaf scoring.Leaf, text string, na, raised bool) (*int64, []models.Field) {
	mark := scoring.Mark{NA: na, Raised: raised}
	if text = strings.TrimSpace(text); text != "" {
		amount, problem := scoring.ReadPoints(text)
		if problem != nil {
			return nil, []models.Field{{Name: "points", Key: problem.Key, Args: problem.Args}}
		}
		mark.Given, mark.Points = true, amount
	}
	place, _ := p.card.Leaf(leaf.ID)
	if problem := p.card.Check(place, mark); problem != nil {
		return nil, []models.Field{{Name: "points", Key: problem.Key, Args: problem.Args}}
	}
	if !mark.Given {
		return nil, nil
	}
	points := int64(mark.Points)
	return &points, nil
}

// reasonNeeded tells that a mark without reason needs one.
func (p *paper) reasonNeeded(leaf scoring.Leaf, mark scoring.Mark) []models.Field {
	switch {
	case mark.NA:
		return []models.Field{{Name: "reason", Key: "marks.reason_na"}}
	case mark.Raised:
		return []models.Field{{Name: "reason", Key: "marks.reason_veto"}}
	case leaf.Method == scoring.MethodDeduct && mark.Points > 0:
		return []models.Field{{Name: "reason", Key: "marks.reason_lost", Args: models.Args("Lost", mark.Points.String())}}
	case leaf.Method == scoring.MethodAward && mark.Given && mark.Points < leaf.Points:
		return []models.Field{{Name: "reason", Key: "marks.reason_lost", Args: models.Args("Lost", (leaf.Points - mark.Points).String())}}
	}
	return nil
}

// putMark stores the row of a mark: a version more. The caller saves the sheet.
func (w *write) putMark(p *paper, row models.SheetMark) error {
	row.Version++
	if err := w.tx.Save(&row).Error; err != nil {
		return fmt.Errorf("mark %s of sheet %d: %w", row.Indicator, p.sheet.ID, err)
	}
	p.marks[row.Indicator] = row
	return nil
}

func tooLong(faults []models.Field, name, text string, most int) []models.Field {
	if length := utf8.RuneCountInString(text); length > most {
		faults = append(faults, models.Field{Name: name, Key: "filing.too_long", Args: models.Args("Length", length, "Max", most)})
	}
	return faults
}

func badURL(faults []models.Field, text string) []models.Field {
	if text == "" {
		return faults
	}
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" {
		faults = append(faults, models.Field{Name: "url", Key: "filing.bad_url", Args: models.Args("Value", text)})
	}
	return tooLong(faults, "url", text, maxURL)
}
