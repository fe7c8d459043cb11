package web

import (
	"sundial/models"
	"sundial/server/rectification"
)

// RectificationShares chart how much of what is to be put right was closed in time: of all,
// of units when there are several, and of findings by severity.
type RectificationShares struct {
	Total ShareBar
	// Units count a unit and all below it; the one that is looked at only its own.
	Units      []UnitShareBar
	Severities []SeverityShareBar
}

// ShareBar is a share with the parts of its bar.
type ShareBar struct {
	rectification.Share
	Parts []SharePart
}

// SharePart is a stretch of a bar in the colour of a state of duties.
type SharePart struct {
	State       string
	Key         string
	From, Count int
}

// UnitShareBar is the share of a unit; Own that of the unit that is looked at.
type UnitShareBar struct {
	Unit models.Unit
	Own  bool
	ShareBar
}

// SeverityShareBar is the share of the findings of a severity.
type SeverityShareBar struct {
	Severity models.Severity
	ShareBar
}

// InTimeText is the share closed in time of all.
func (b ShareBar) InTimeText() string { return rate(b.InTime, b.Of()) }

func newShareBar(share rectification.Share) ShareBar {
	bar := ShareBar{Share: share}
	from := 0
	for _, part := range []SharePart{{State: "met", Key: "in_time", Count: share.InTime}, {State: "late", Key: "late", Count: share.Late},
		{State: "pending", Key: "open", Count: share.Open}, {State: "overdue", Key: "overdue", Count: share.Overdue}} {
		part.From = from
		from += part.Count
		bar.Parts = append(bar.Parts, part)
	}
	return bar
}

// newRectificationShares returns the chart, nil when there is nothing to count.
func newRectificationShares(rates *rectification.Rates) *RectificationShares {
	if rates.Total.Of() == 0 {
		return nil
	}
	shares := &RectificationShares{Total: newShareBar(rates.Total)}
	for _, of := range rates.Units {
		shares.Units = append(shares.Units, UnitShareBar{of.Unit, of.Unit.Code == rates.Unit.Code, newShareBar(of.Share)})
	}
	if len(shares.Units) == 1 {
		shares.Units = nil
	}
	for _, of := range rates.Severities {
		shares.Severities = append(shares.Severities, SeverityShareBar{of.Severity, newShareBar(of.Share)})
	}
	return shares
}
