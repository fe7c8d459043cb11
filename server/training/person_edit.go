package training

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
)

// AddStaff puts somebody on a roster, as entered in a form: who is known gets
// another posting, and moves where the actor keeps both rosters. What is wrong
// with the entry is Invalid, with the fields of StaffEntry in snake case. Somebody
// who is there already is EntrySame.
func (d *Desk) AddStaff(ctx context.Context, actor compliance.Actor, entry StaffEntry) (EntryOutcome, error) {
	var outcome EntryOutcome
	err := d.write(ctx, actor, func(w *write) error {
		plan, err := w.newStaffPlan()
		if err != nil {
			return err
		}
		outcomes, places, err := plan.enter([]StaffEntry{entry})
		if err != nil {
			return err
		}
		if outcome = outcomes[0]; outcome.Change == EntryRefused {
			return models.InvalidFields(outcome.Faults)
		}
		f := plan.files[places[0]]
		if err := plan.store(); err != nil {
			return err
		}
		if outcome.ID = f.person.ID; outcome.Change == EntrySame {
			return nil
		}
		return w.recordStaff("enroll", f, nil)
	})
	return outcome, err
}

// PersonEdit is what can be changed of a person.
type PersonEdit struct {
	Name string
	// Number is the staff number; empty for none.
	Number string
	// IDNumber, in full, replaces the one that is known; empty leaves it. ForgetID
	// takes it away.
	IDNumber string
	ForgetID bool
}

// EditPerson changes a person's name and numbers, for who keeps the roster of the
// unit where they work, or worked last. A number of somebody else is Invalid.
func (d *Desk) EditPerson(ctx context.Context, actor compliance.Actor, id uint64, version int, edit PersonEdit) error {
	return d.changePerson(ctx, actor, id, version, "edit", nil, func(c *personChange) error {
		if err := c.mayKeep(c.units[c.home(c.today)]); err != nil {
			return err
		}
		var found rosterFaults
		edited := c.edited(edit, &found)
		if err := models.InvalidFields(found); err != nil {
			return err
		}
		if err := c.freeNumbers(edited, &found); err != nil {
			return err
		}
		if err := models.InvalidFields(found); err != nil {
			return err
		}
		c.person = edited
		for _, p := range c.was {
			c.touch(p.UnitID)
		}
		return nil
	})
}

// edited returns the person as the edit has it; a number that stays keeps its
// place, so that a person who is not changed compares as the same.
func (c *personChange) edited(edit PersonEdit, found *rosterFaults) models.Person {
	person := c.person
	person.Name = cleanName(edit.Name)
	checkName(found, person.Name)
	number := cleanNumber(edit.Number)
	checkNumber(found, number)
	switch {
	case number == "":
		person.Number = nil
	case person.Number == nil || *person.Number != number:
		person.Number = &number
	}
	hash, tail := c.cleanID(found, edit.IDNumber, "", "")
	switch {
	case hash != "" && (person.IDHash == nil || *person.IDHash != hash):
		person.IDHash, person.IDTail = &hash, tail
	case hash == "" && edit.ForgetID:
		person.IDHash, person.IDTail = nil, ""
	}
	return person
}

// freeNumbers refuses numbers that somebody else has. One of a person who was
// merged into this one is taken over from them.
func (c *personChange) freeNumbers(person models.Person, found *rosterFaults) error {
	for _, number := range []struct {
		column, field, key string
		now, before        *string
	}{
		{"number", "number", "number_taken", person.Number, c.person.Number},
		{"id_hash", "id_number", "id_taken", person.IDHash, c.person.IDHash},
	} {
		if number.now == nil || number.now == number.before {
			continue
		}
		other, err := c.holder(number.column, *number.now)
		switch {
		case err != nil:
			return err
		case other.ID == 0:
		case other.MergedInto != nil && *other.MergedInto == person.ID:
			if err := c.tx.Model(&models.Person{}).Where("id = ?", other.ID).Update(number.column, nil).Error; err != nil {
				return fmt.Errorf("take over %s: %w", number.column, err)
			}
		default:
			if err := c.taken(found, number.field, number.key, other); err != nil {
				return err
			}
		}
	}
	return nil
}

// holder returns the person who has the number, none with a zero id.
func (c *personChange) holder(column, value string) (models.Person, error) {
	var other models.Person
	err := c.tx.Where(column+" = ?", value).Take(&other).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Person{}, nil
	}
	if err != nil {
		return other, fmt.Errorf("holder of %s: %w", column, err)
	}
	return other, nil
}

// taken tells whose the number is, where the actor may read about them.
func (c *personChange) taken(found *rosterFaults, field, key string, other models.Person) error {
	if other.MergedInto != nil {
		if err := c.tx.Where("id = ?", *other.MergedInto).Take(&other).Error; err != nil {
			return fmt.Errorf("holder of %s: %w", field, err)
		}
	}
	seen, err := c.seesPerson(other.ID)
	switch {
	case err != nil:
		return err
	case seen:
		found.add(field, key, "Name", other.Name)
	default:
		found.add(field, key)
	}
	return nil
}
