package rectification

import (
	"fmt"

	"sundial/models"
	"sundial/server/desk"
	"sundial/server/rules"
	"sundial/server/store"
)

// Origin is what a rectification comes from: one of both is set.
type Origin struct {
	Score   *ScoreOrigin
	Finding *FindingOrigin
}

// ScoreOrigin is an indicator that lost points in a round. Lost is what it loses by now,
// in hundred-millionths of a point, and Raised that its veto is still raised: an appeal
// may have given points back since.
type ScoreOrigin struct {
	Round     models.Round
	Indicator rules.Text
	Lost      int64
	Raised    bool
}

// FindingOrigin is a finding of an inspection.
type FindingOrigin struct {
	Finding    models.Finding
	Inspection models.Inspection
}

// Title names what has to be put right.
func (o Origin) Title() rules.Text {
	switch {
	case o.Score != nil:
		return o.Score.Indicator
	case o.Finding != nil:
		text := shortened(o.Finding.Finding.Text)
		return rules.Text{ZH: text, EN: text}
	}
	return rules.Text{}
}

// Restoration is how much of the points an appeal has given back since the demand.
type Restoration string

// How much was given back.
const (
	RestoredNothing Restoration = ""
	RestoredPart    Restoration = "part"
	RestoredAll     Restoration = "all"
)

// Restored tells how much of what the rectification is for was given back since.
func (o Origin) Restored(row models.Rectification) Restoration {
	switch {
	case o.Score == nil:
		return RestoredNothing
	case o.Score.Lost <= 0 && !o.Score.Raised:
		return RestoredAll
	case o.Score.Lost < row.Lost:
		return RestoredPart
	}
	return RestoredNothing
}

// origins finds what the rows come from, by their ids.
func (d *Desk) origins(w *desk.Write, rows []models.Rectification) (map[uint64]Origin, error) {
	var scored, found []models.Rectification
	for _, row := range rows {
		if row.FindingID != nil {
			found = append(found, row)
		} else {
			scored = append(scored, row)
		}
	}
	origins, err := findings(w, found)
	if err != nil || len(scored) == 0 {
		return origins, err
	}
	scores, err := d.scores(w, scored)
	if err != nil {
		return nil, err
	}
	for id, score := range scores {
		origins[id] = Origin{Score: &score}
	}
	return origins, nil
}

// batch is how many rows one statement asks for at most.
const batch = 200

func findings(w *desk.Write, rows []models.Rectification) (map[uint64]Origin, error) {
	origins := make(map[uint64]Origin, len(rows))
	inspections := map[uint64]models.Inspection{}
	for start := 0; start < len(rows); start += batch {
		part := rows[start:min(start+batch, len(rows))]
		var found []models.Finding
		ids := make([]uint64, len(part))
		for i, row := range part {
			ids[i] = *row.FindingID
		}
		if err := w.TX.Where("id IN ?", ids).Find(&found).Error; err != nil {
			return nil, fmt.Errorf("findings of rectifications: %w", store.Translate(err))
		}
		byID := make(map[uint64]models.Finding, len(found))
		for _, finding := range found {
			byID[finding.ID] = finding
		}
		for _, row := range part {
			finding := byID[*row.FindingID]
			inspection, known := inspections[finding.InspectionID]
			if !known {
				if err := desk.One(w.TX.Where("id = ?", finding.InspectionID), &inspection, "rectifications.unknown"); err != nil {
					return nil, err
				}
				inspections[finding.InspectionID] = inspection
			}
			origins[row.ID] = Origin{Finding: &FindingOrigin{finding, inspection}}
		}
	}
	return origins, nil
}
