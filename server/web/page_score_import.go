package web

import (
	"net/url"
	"strconv"

	"sundial/models"
	"sundial/server/assessment"
)

// ScoreImportPage takes files of scores of a round, and gives the files out.
type ScoreImportPage struct {
	Page
	Tabs UnitTabs
	assessment.ScoreChoice
	// Templates are those of the sides and classes of the caller.
	Templates []ScoreTemplateLink
	// Side is the one that is chosen; Failed says why something was refused.
	Side   models.ScoreSide
	Failed *models.Error
	// MaxMB and MaxRows are the most that a file may have.
	MaxMB   int64
	MaxRows int
	// RoundURL is the round's, URL that of this page.
	RoundURL, URL string
	// Check is nil while no file waits.
	Check *ScoreCheckPart
}

// ScoreTemplateLink leads to the template of a side and a class.
type ScoreTemplateLink struct {
	Side models.ScoreSide
	assessment.ScoreClassChoice
	URL string
}

// ScoreCheckPart is what the file that waits would do.
type ScoreCheckPart struct {
	*assessment.ScoreCheck
	URL string
	// MoreFaults and MoreDifferences are those that are not shown.
	MoreFaults, MoreDifferences int
}

func newScoreImportPage(choice *assessment.ScoreChoice, side models.ScoreSide, failed *models.Error) *ScoreImportPage {
	p := &ScoreImportPage{ScoreChoice: *choice, Side: side, Failed: failed, MaxMB: assessment.ScoreLimits.File >> 20, MaxRows: assessment.ScoreLimits.Rows,
		RoundURL: roundURL(choice.Round.ID), URL: roundURL(choice.Round.ID, "import")}
	chosen := false
	for _, of := range choice.Sides {
		chosen = chosen || of.Side == side
		for _, class := range of.Classes {
			at := address(roundURL(choice.Round.ID, "import", "template"), url.Values{"side": {string(of.Side)}, "class": {class.Class.ID}})
			p.Templates = append(p.Templates, ScoreTemplateLink{of.Side, class, at})
		}
	}
	if !chosen && len(choice.Sides) > 0 {
		p.Side = choice.Sides[0].Side
	}
	return p
}

func newScoreCheckPart(checked *assessment.ScoreCheck) *ScoreCheckPart {
	if checked == nil {
		return nil
	}
	return &ScoreCheckPart{ScoreCheck: checked, URL: roundURL(checked.Round.ID, "import"), MoreFaults: checked.FaultCount - len(checked.Faults),
		MoreDifferences: checked.Added + checked.Changed - len(checked.Differences)}
}

// FileID is the id of the file as forms send it.
func (p ScoreCheckPart) FileID() string { return strconv.FormatUint(p.File, 10) }
