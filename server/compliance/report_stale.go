package compliance

import (
	"fmt"
	"time"

	"sundial/models"
)

// overtaken is the refusal of a decision on a report that somebody else has dealt
// with first: it says who, what they did and when. A version that the report never
// had is told as such.
func (w *write) overtaken(report models.Report) error {
	by, at := lastDeed(report)
	if by == nil {
		return models.NewError(models.Stale, "report.version_unknown")
	}
	var user models.User
	if err := w.tx.Select("id, name").Where("id = ?", *by).Limit(1).Find(&user).Error; err != nil {
		return fmt.Errorf("who was first: %w", err)
	}
	return models.NewError(models.Stale, "report.stale", "Who", user.Name, "What", string(report.Status), "On", *at)
}

// lastDeed returns who brought the report to its status, and when; nobody when
// it was only filed.
func lastDeed(report models.Report) (by *uint64, at *time.Time) {
	switch report.Status {
	case models.Checked:
		return report.CheckedBy, report.CheckedAt
	case models.Verified, models.Returned:
		return report.DecidedBy, report.DecidedAt
	case models.TakenBack, models.Reopened:
		return report.EndedBy, report.EndedAt
	default:
		return nil, nil
	}
}
