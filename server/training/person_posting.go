package training

import (
	"context"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// PostingEdit is what can be corrected of a posting; the unit is changed by a
// move, or by removing it and adding the right one.
type PostingEdit struct {
	Post     string
	PartTime bool
	StartOn  calendar.Date
	EndOn    calendar.Date
}

// CorrectPosting corrects a posting, for who keeps the roster of its unit. Days on
// which the person works elsewhere are Invalid; one of an attendance that would
// lie outside is a Conflict. What was known before stays on record.
func (d *Desk) CorrectPosting(ctx context.Context, actor compliance.Actor, person uint64, version int, posting uint64, edit PostingEdit) error {
	edit.Post = strings.Join(strings.Fields(edit.Post), " ")
	return d.changePerson(ctx, actor, person, version, "correct", nil, func(c *personChange) error {
		p, err := c.posting(posting)
		if err != nil {
			return err
		}
		var found rosterFaults
		checkPost(&found, edit.Post)
		c.setDays(&found, p, edit.StartOn, edit.EndOn)
		p.Post, p.PartTime = edit.Post, edit.PartTime
		return models.InvalidFields(found)
	})
}

// EndPosting sets a posting's last day, which may lie ahead, for who keeps the
// roster of its unit.
func (d *Desk) EndPosting(ctx context.Context, actor compliance.Actor, person uint64, version int, posting uint64, last calendar.Date) error {
	return d.changePerson(ctx, actor, person, version, "leave", nil, func(c *personChange) error {
		p, err := c.posting(posting)
		if err != nil {
			return err
		}
		var found rosterFaults
		if last.IsZero() {
			found.add("end_on", "end_missing")
		} else {
			c.setDays(&found, p, p.StartOn, last)
		}
		return models.InvalidFields(found)
	})
}

// RemovePosting takes back a posting that was entered by mistake, with the reason,
// for who keeps the roster of its unit.
func (d *Desk) RemovePosting(ctx context.Context, actor compliance.Actor, person uint64, version int, posting uint64, reason string) error {
	reason = strings.TrimSpace(reason)
	return d.changePerson(ctx, actor, person, version, "unlist", map[string]any{"reason": reason}, func(c *personChange) error {
		if _, err := c.posting(posting); err != nil {
			return err
		}
		c.now = slices.DeleteFunc(c.now, func(p models.Posting) bool { return p.ID == posting })
		return checkReason(reason)
	})
}

// posting returns a posting of the person on a roster that the actor keeps.
func (c *personChange) posting(id uint64) (*models.Posting, error) {
	i := slices.IndexFunc(c.now, func(p models.Posting) bool { return p.ID == id })
	if i < 0 {
		return nil, models.NewError(models.NotFound, "person.posting_unknown")
	}
	return &c.now[i], c.mayKeep(c.units[c.now[i].UnitID])
}

// setDays gives a posting other days, where the person works nowhere else.
func (c *personChange) setDays(found *rosterFaults, p *models.Posting, start, end calendar.Date) {
	if p.StartOn == start && p.EndOn == end {
		return
	}
	before := len(*found)
	checkDays(found, start, end, c.today)
	if len(*found) == before {
		checkClosing(found, c.units[p.UnitID], start, end)
	}
	if len(*found) > before {
		return
	}
	p.StartOn, p.EndOn = start, end
	for i := range c.now {
		if &c.now[i] != p && overlap(*p, c.now[i]) {
			c.overlaps(found, *p, c.now[i])
			return
		}
	}
}

func (c *personChange) overlaps(found *rosterFaults, posting, other models.Posting) {
	unit := c.units[other.UnitID]
	addOverlap(found, placedUnit{Unit: unit, readable: mayAt(c.write, readRotation, unit)}, posting, other)
}

// Move puts a person on the roster of another unit from a day on.
type Move struct {
	// Unit is the code of the unit that the person goes to.
	Unit     string
	On       calendar.Date
	Post     string
	PartTime bool
	// EndOn is the last day there; zero for the one that was foreseen before the
	// move, if any.
	EndOn calendar.Date
}

// MoveStaff ends the posting that holds on the day, on the day before, and begins
// one in another unit, for who keeps the rosters of both. What is wrong is
// Invalid.
func (d *Desk) MoveStaff(ctx context.Context, actor compliance.Actor, person uint64, version int, move Move) error {
	return d.changePerson(ctx, actor, person, version, "transfer", nil, func(c *personChange) error {
		unit, err := c.unit(strings.TrimSpace(move.Unit), keepRoster)
		if models.IsCode(err, models.NotFound) {
			return models.InvalidFields([]models.Field{{Name: "unit", Key: "roster.unit_unknown", Args: models.Args("Code", move.Unit)}})
		}
		if err != nil {
			return err
		}
		return c.move(unit, move)
	})
}

func (c *personChange) move(to models.Unit, move Move) error {
	var found rosterFaults
	posting := models.Posting{PersonID: c.person.ID, UnitID: to.ID, Post: strings.Join(strings.Fields(move.Post), " "), PartTime: move.PartTime, StartOn: move.On, EndOn: move.EndOn}
	checkPost(&found, posting.Post)
	checkDays(&found, move.On, move.EndOn, c.today)
	if err := models.InvalidFields(found); err != nil {
		return err
	}
	from := c.on(move.On)
	switch {
	case from == nil:
		found.add("start_on", "not_posted", "Name", c.person.Name, "Day", move.On)
	case from.UnitID == to.ID:
		found.add("unit", "same_unit", "Name", c.person.Name, "Unit", to.Name)
	case from.StartOn == move.On:
		found.add("start_on", "move_on_start", "Name", c.person.Name, "Start", from.StartOn)
	default:
		return c.moveFrom(from, to, posting)
	}
	return models.InvalidFields(found)
}

func (c *personChange) moveFrom(from *models.Posting, to models.Unit, posting models.Posting) error {
	if err := c.mayKeep(c.units[from.UnitID]); err != nil {
		return err
	}
	if posting.EndOn.IsZero() {
		posting.EndOn = from.EndOn
	}
	var found rosterFaults
	checkClosing(&found, to, posting.StartOn, posting.EndOn)
	from.EndOn = posting.StartOn - 1
	if other := c.overlapping(posting, postingKey{}); other != nil {
		c.overlaps(&found, posting, *other)
	}
	c.add(posting)
	return models.InvalidFields(found)
}
