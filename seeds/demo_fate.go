package seeds

import (
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// fate is what becomes of a duty in the demo.
type fate int

const (
	inTime    fate = iota
	tooLate        // done after the due date
	nothing        // nothing is reported
	waiting        // reported, not yet decided on
	corrected      // returned, reported again and verified
	returned       // returned and left there
	exempted       // freed by the office
	short          // verified, but less than asked for
)

// characters are how often, of a hundred duties, each fate but short befalls
// the units of a character. A unit's character is drawn like all else: it says
// nothing about the unit of that name.
var characters = [][]int{
	{86, 5, 1, 2, 3, 1, 2},   // exemplary
	{66, 11, 8, 4, 5, 3, 3},  // usual
	{66, 11, 8, 4, 5, 3, 3},  // usual
	{38, 17, 23, 6, 6, 6, 4}, // lagging
}

// fateOf draws the fate of a duty, as far as its rule allows it.
func (d *demo) fateOf(by *dice, unit models.Unit, duty compliance.HistoryDuty) fate {
	if duty.Rule.Form() == rules.FormRotation {
		// Judged from the rosters and attendances; nobody is freed from it.
		return nothing
	}
	drawn := draw(by, pick(throw(unit.Code, "character"), characters))
	switch {
	case duty.Rule.Kind == rules.KindCount && drawn == tooLate:
		// What is held after the window belongs to the next one.
		return inTime
	case duty.Rule.Kind == rules.KindCount && duty.Rule.Count.Min > 1 && drawn == nothing && by.chance(70):
		return short
	case duty.Rule.Kind == rules.KindWeight && (drawn == nothing || drawn == inTime && by.chance(12)):
		return short
	default:
		return drawn
	}
}

// draw returns a fate by its share.
func draw(by *dice, shares []int) fate {
	roll := by.below(100)
	for i, share := range shares {
		if roll -= share; roll < 0 {
			return fate(i)
		}
	}
	return inTime
}
