package compliance

import (
	"sundial/server/rules"
)

// Weight is the share that openness has in a unit's performance scheme of a year,
// with the report and the duty that it is known from.
type Weight struct {
	Share rules.Share
	// Related tells that the policy counts items marked related as well.
	Related bool
	// Verified tells that the office has accepted the report; else it waits.
	Verified bool
	ReportID uint64
	DutyID   uint64
}

// Points are the points that the policy counts.
func (w Weight) Points() string { return w.Share.Points(w.Related).String() }
