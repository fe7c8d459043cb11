package api

import (
	"context"
	"encoding/base64"
	"net/url"
	"slices"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/gate"
	"sundial/server/scoring"
)

// RankingInput asks for the ranking of a scheme.
type RankingInput struct {
	Scheme string `query:"scheme" required:"true" doc:"Id of the scheme; of its editions the latest one that was scored" example:"shandong-2017-assessment"`
	Class  string `query:"class" doc:"Id of one of the scheme's classes; all of them when left out" example:"A"`
	Cursor string `query:"cursor" doc:"From the link to the next page"`
	Limit  string `query:"limit" doc:"Units on a page, at most 200; all of them when left out"`
}

// RankingOutput is the ranking, as score --json has it.
type RankingOutput struct {
	Link string `header:"Link" doc:"The next page, rel=\"next\"; absent on the last one"`
	Body []RankedUnit
}

// RankedUnit is the place of a unit in its class. Score, rank and grade are null where
// there is no score.
type RankedUnit struct {
	Unit    string             `json:"unit"`
	Class   string             `json:"class"`
	Score   *string            `json:"score" doc:"The final score, two decimals" example:"87.50"`
	Rank    *int               `json:"rank" doc:"In the class: 1, 2, 2, 4"`
	Grade   *string            `json:"grade" doc:"Its title in Chinese" example:"良好"`
	GradeID *string            `json:"grade_id" doc:"Its id in the scheme" example:"good"`
	ByVeto  bool               `json:"by_veto" doc:"A veto made the grade worse than the score's own"`
	Name    string             `json:"name" doc:"Of the unit, as it was when the result was announced"`
	Round   uint64             `json:"round"`
	Edition int                `json:"edition" doc:"Of the scheme"`
	Year    int                `json:"year"`
	Status  models.RoundStatus `json:"status" doc:"scoring: provisional, shown only to those who score; announced; frozen"`
}

// maxRanked is how many units a page of a ranking has at most.
const maxRanked = 200

func (s *Server) showRanking(ctx context.Context, input *RankingInput) (*RankingOutput, error) {
	ranking, err := s.Assessment.SchemeRanking(ctx, gate.CallerOf(ctx).Actor, input.Scheme)
	if err != nil {
		return nil, err
	}
	rows, err := classRows(ranking, input.Class)
	if err != nil {
		return nil, err
	}
	output := &RankingOutput{}
	page, next, err := pageOfRows(rows, input)
	if err != nil {
		return nil, err
	}
	if next != "" {
		query := url.Values{"scheme": {input.Scheme}, "cursor": {next}, "limit": {input.Limit}}
		if input.Class != "" {
			query.Set("class", input.Class)
		}
		output.Link = "<" + Prefix + "/rankings?" + query.Encode() + `>; rel="next"`
	}
	output.Body = make([]RankedUnit, len(page))
	for i := range page {
		output.Body[i] = rankedUnit(ranking, page[i])
	}
	return output, nil
}

// classRows are the rows of a class, or of all.
func classRows(ranking *assessment.Ranking, class string) ([]assessment.RankedSheet, error) {
	known := slices.ContainsFunc(ranking.Scheme.Classes, func(c scoring.Class) bool { return c.ID == class })
	if class != "" && !known {
		return nil, models.InvalidFields([]models.Field{{Name: "class", Key: "results.class_unknown", Args: models.Args("Value", class)}})
	}
	var rows []assessment.RankedSheet
	for _, c := range ranking.Classes {
		if class == "" || c.ID == class {
			rows = append(rows, c.Rows...)
		}
	}
	return rows, nil
}

// pageOfRows cuts the page out of the rows that follows the cursor, the last unit of the
// page before.
func pageOfRows(rows []assessment.RankedSheet, input *RankingInput) (page []assessment.RankedSheet, next string, err error) {
	limit := limitOf(input.Limit, max(len(rows), 1))
	if limit < 0 || input.Limit != "" && limit > maxRanked {
		return nil, "", models.InvalidFields([]models.Field{{Name: "limit", Key: "list.bad_limit", Args: models.Args("Max", maxRanked)}})
	}
	if input.Cursor != "" {
		last, decodeErr := base64.RawURLEncoding.DecodeString(input.Cursor)
		after := slices.IndexFunc(rows, func(s assessment.RankedSheet) bool { return s.Unit.Code == string(last) })
		if decodeErr != nil || after < 0 {
			return nil, "", models.InvalidFields([]models.Field{{Name: "cursor", Key: "list.bad_cursor"}})
		}
		rows = rows[after+1:]
	}
	if len(rows) <= limit {
		return rows, "", nil
	}
	return rows[:limit], base64.RawURLEncoding.EncodeToString([]byte(rows[limit-1].Unit.Code)), nil
}

func rankedUnit(ranking *assessment.Ranking, s assessment.RankedSheet) RankedUnit {
	unit := RankedUnit{Unit: s.Unit.Code, Class: s.Class, Name: s.Unit.Name, Round: ranking.Round.ID, Edition: ranking.Edition,
		Year: ranking.Round.Year, Status: ranking.Round.Status}
	if s.Final == nil {
		return unit
	}
	score, grade := scoring.Score(*s.Final).String(), ranking.Scheme.Grades[s.Grade]
	unit.Score, unit.Rank, unit.Grade, unit.GradeID, unit.ByVeto = &score, &s.Rank, &grade.Title.ZH, &grade.ID, s.ByVeto
	return unit
}
