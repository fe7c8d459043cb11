package compliance

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// linkChecksOf returns what the links of reports showed, by report, the newest
// first.
func linkChecksOf(db *gorm.DB, reports []models.Report) (map[uint64][]models.LinkCheck, error) {
	ids := make([]uint64, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	var rows []models.LinkCheck
	if err := db.Where("report_id IN ?", ids).Order("id DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("link checks: %w", store.Translate(err))
	}
	checks := map[uint64][]models.LinkCheck{}
	for _, row := range rows {
		checks[row.ReportID] = append(checks[row.ReportID], row)
	}
	return checks, nil
}
