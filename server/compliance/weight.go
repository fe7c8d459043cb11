package compliance

import (
	"sundial/models"
	"sundial/server/calendar"
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

// WeightQuery asks for the weights of a unit and of its children.
type WeightQuery struct {
	Unit models.Unit
	// Year is that of the children; the unit's own are of all years.
	Year int
	AsOf calendar.Date
}

// WeightTable is what is known of the weights of a unit on the as-of date.
type WeightTable struct {
	// Unit is as it was known then.
	Unit models.Unit
	Year int
	AsOf calendar.Date
	// History has the unit's own duties, the latest year first.
	History []WeightRow
	// Rows has one row for each child, in their order.
	Rows []WeightRow
}

// WeightStanding is where a unit stands with its weight of a year.
type WeightStanding string

// The standings.
const (
	WeightHolds   WeightStanding = "holds"   // accepted, and the share holds
	WeightWaits   WeightStanding = "waits"   // a scheme waits for the office
	WeightShort   WeightStanding = "short"   // accepted, and the share falls short
	WeightMissing WeightStanding = "missing" // nothing is filed
	WeightExempt  WeightStanding = "exempt"
	WeightNotOwed WeightStanding = "not_owed" // no policy asks the unit
)

// WeightStandings are all, those first of which somebody has to do something.
var WeightStandings = []WeightStanding{WeightShort, WeightMissing, WeightWaits, WeightHolds, WeightExempt, WeightNotOwed}

// WeightRow is the weight of a unit in a year. What it owes is left out where it
// owes none.
type WeightRow struct {
	Unit models.Unit
	// HasChildren tells whether there are units below it.
	HasChildren bool
	Year        int
	Standing    WeightStanding
	Duty        models.Duty
	Obligation  ObligationRef
	Rule        *rules.Weight
	State       rules.State
	// Required is the least share in percent, "> 0" for being included.
	Required string
	// Weight is the one that counts, nil without any; Waiting is a newer one that
	// waits beside it. Last is that of the year before.
	Weight  *Weight
	Waiting *Weight
	Last    *Weight
}

// Change compares with the year before, counting as this year's policy does: by
// how many percentage points, and whether it rose (1), fell (-1) or stayed (0).
// It is empty where there is nothing to compare.
func (r WeightRow) Change() (points string, sign int) {
	if r.Weight == nil || r.Last == nil {
		return "", 0
	}
	return r.Weight.Share.Change(r.Last.Share, r.Weight.Related)
}
