package bulletin

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// Issue is a published edition as it is listed: what it is, and the main figures of its
// frozen data. Of one whose seal does not hold only Series, Edition, Year, PublishedOn
// and the Seal are told.
type Issue struct {
	id          uint64
	Series      string
	Edition     int
	Title       string
	Number      string
	Office      Unit
	Year        int
	AsOf        calendar.Date
	PublishedOn calendar.Date
	// Policy is the code of the one it is narrowed to, empty for all.
	Policy string
	// Change says what a correction changes and why.
	Change string
	Total  Tally
	Demo   bool
	// HasRanking, HasLate and HasFindings tell which lists its data has.
	HasRanking, HasLate, HasFindings bool
	Seal                             Seal
}

// issuedData is as much of Data as an Issue tells.
type issuedData struct {
	Scope    Unit      `json:"scope"`
	Demo     bool      `json:"demo"`
	Total    Tally     `json:"total"`
	Ranking  *struct{} `json:"ranking"`
	Late     *struct{} `json:"late"`
	Findings *struct{} `json:"findings"`
}

// issuesOf reads the published editions of the query and checks the seal of each.
func issuesOf(tx, query *gorm.DB) ([]Issue, error) {
	var stored []storedRow
	if err := query.Model(&storedRow{}).Omit("created_at", "composed_at", "published_at").Find(&stored).Error; err != nil {
		return nil, fmt.Errorf("published bulletins: %w", store.Translate(err))
	}
	issues := make([]Issue, len(stored))
	for i := range stored {
		var err error
		if issues[i], err = issueOf(tx, stored[i].row()); err != nil {
			return nil, err
		}
	}
	return issues, nil
}

// issueOf reads an Issue out of its row.
func issueOf(tx *gorm.DB, row models.Bulletin) (Issue, error) {
	issue := Issue{id: row.ID, Series: row.Series, Edition: row.Edition, Year: row.Year, PublishedOn: row.PublishedOn}
	var err error
	if issue.Seal, err = sealOf(tx, row); err != nil || !issue.Seal.Holds() {
		return issue, err
	}
	var data issuedData
	if err := json.Unmarshal([]byte(row.Data), &data); err != nil {
		return issue, fmt.Errorf("data of bulletin %d: %w", row.ID, err)
	}
	issue.Title, issue.Number, issue.AsOf, issue.Policy, issue.Change = row.Title, row.Number, row.AsOf, row.Policy, row.Change
	issue.Office, issue.Demo, issue.Total = data.Scope, data.Demo, data.Total
	issue.HasRanking, issue.HasLate, issue.HasFindings = data.Ranking != nil, data.Late != nil, data.Findings != nil
	return issue, nil
}
