package training

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// personUnknown is the key of the refusal of a person who is not there, or on no
// roster that the actor reads.
const personUnknown = "person.unknown"

// personChange is a person under change: locked, with what is known of them now.
type personChange struct {
	*write
	*staffFile
	units map[uint64]models.Unit
}

// changePerson changes a person by f and records what differs under the action.
// Whom the actor may not read is NotFound; a version that somebody else has
// changed is Stale and says who.
func (d *Desk) changePerson(ctx context.Context, actor compliance.Actor, id uint64, version int, action string, detail map[string]any, f func(c *personChange) error) error {
	return d.write(ctx, actor, func(w *write) error {
		if err := w.holdRoster(); err != nil {
			return err
		}
		c, err := w.openPerson(id)
		if err != nil {
			return err
		}
		if c.person.Version != version {
			return w.overtaken(c.person)
		}
		if err := f(c); err != nil {
			return err
		}
		slices.SortFunc(c.now, byStart)
		if day := c.uncovered(); !day.IsZero() {
			return models.NewError(models.Conflict, "roster.attended", "Name", c.person.Name, "Day", day)
		}
		if c.person == c.stored && len(c.changes()) == 0 {
			return nil
		}
		if err := w.recordStaff(action, c.staffFile, detail); err != nil {
			return err
		}
		return w.keepFiles([]*staffFile{c.staffFile})
	})
}

// openPerson locks the person and reads their file and the units in it.
func (w *write) openPerson(id uint64) (*personChange, error) {
	files, err := w.openStaff([]uint64{id})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, models.NewError(models.NotFound, personUnknown)
	}
	c := &personChange{write: w, staffFile: files[0]}
	if c.units, err = unitsByID(w.tx, unitsOfPostings(c.was)); err != nil {
		return nil, err
	}
	seen, err := maySeePerson(w.tx, w.actor, id, c.was, c.units)
	if err == nil && !seen {
		err = models.NewError(models.NotFound, personUnknown)
	}
	return c, err
}

// seesPerson tells whether the actor may read about the person.
func (w *write) seesPerson(id uint64) (bool, error) {
	var postings []models.Posting
	if err := knownNow(w.tx, "postings").Where("person_id = ?", id).Find(&postings).Error; err != nil {
		return false, fmt.Errorf("postings of person: %w", store.Translate(err))
	}
	units, err := unitsByID(w.tx, unitsOfPostings(postings))
	if err != nil {
		return false, err
	}
	return maySeePerson(w.tx, w.actor, id, postings, units)
}

// maySeePerson tells whether the person is, or was, on a roster that the actor
// reads. Of somebody who is on none any more what was known before tells.
func maySeePerson(db *gorm.DB, actor compliance.Actor, id uint64, postings []models.Posting, units map[uint64]models.Unit) (bool, error) {
	scope := actor.Access.Scope(readRotation.Object, readRotation.Action)
	if len(postings) > 0 {
		for _, p := range postings {
			if scope.Contains(units[p.UnitID].Path) {
				return true, nil
			}
		}
		return false, nil
	}
	var count int64
	query := db.Table("postings").Joins("JOIN units ON units.id = postings.unit_id").Where("postings.person_id = ?", id)
	if err := scope.Where(query, "units.path").Count(&count).Error; err != nil {
		return false, fmt.Errorf("rosters of person: %w", store.Translate(err))
	}
	return count > 0, nil
}

func unitsOfPostings(postings []models.Posting) []uint64 {
	ids := make([]uint64, len(postings))
	for i, p := range postings {
		ids[i] = p.UnitID
	}
	return ids
}

// overtaken is the refusal of a change of a version that is not the last one: it
// says who was first.
func (w *write) overtaken(person models.Person) error {
	var last models.AuditEntry
	err := w.tx.Where("object = ? AND object_id = ?", "person", person.ID).Order("at DESC, strand, seq DESC").Limit(1).Find(&last).Error
	switch {
	case err != nil:
		return fmt.Errorf("who was first: %w", err)
	case last.At.IsZero():
		return models.NewError(models.Stale, "person.changed", "Name", person.Name)
	default:
		return models.NewError(models.Stale, "person.stale", "Name", person.Name, "Who", last.UserName, "On", last.At)
	}
}

// mayKeep refuses what the actor may not do on the roster of the unit: one that
// they may not even read is not there for them.
func (w *write) mayKeep(unit models.Unit) error {
	if !mayAt(w, readRotation, unit) {
		return models.NewError(models.NotFound, "training.unit_unknown")
	}
	return w.actor.Allow(keepRoster, unit)
}
