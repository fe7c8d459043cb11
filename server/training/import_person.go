package training

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// findPeople looks up the people of lines of attendances: by ID number, by staff
// number, or by their name on the roster of a unit on the day.
func (j *importJob) findPeople(db *gorm.DB, lines []*importLine) error {
	var hashes, numbers []string
	named := map[uint64][]string{}
	for _, line := range good(lines) {
		a := line.content.Attendance
		switch {
		case a.idHash != "" || a.number != "":
			hashes, numbers = appendGiven(hashes, a.idHash), appendGiven(numbers, a.number)
			if line.unit != (unitRef{}) {
				j.unitOf(line)
			}
		default:
			if unit := j.unitOf(line); unit != nil {
				named[unit.ID] = append(named[unit.ID], a.name)
			}
		}
	}
	byHash, err := peopleBy(db, "id_hash", hashes, func(p models.Person) string { return *p.IDHash })
	if err != nil {
		return err
	}
	byNumber, err := peopleBy(db, "number", numbers, func(p models.Person) string { return *p.Number })
	if err != nil {
		return err
	}
	if err := j.leaveReadable(db, byHash, byNumber); err != nil {
		return err
	}
	byName, err := peopleByName(db, named)
	if err != nil {
		return err
	}
	for _, line := range good(lines) {
		if a := line.content.Attendance; a.idHash != "" || a.number != "" {
			j.findKnown(line, a, byHash, byNumber)
		} else {
			j.findNamed(line, a, byName)
		}
	}
	return nil
}

func appendGiven(list []string, text string) []string {
	if text == "" {
		return list
	}
	return append(list, text)
}

// peopleBy returns the people whose column has one of the values, by the value;
// instead of one who was merged, the one that they turned out to be.
func peopleBy(db *gorm.DB, column string, values []string, key func(models.Person) string) (map[string]models.Person, error) {
	people := make(map[string]models.Person, len(values))
	var merged []uint64
	for chunk := range slices.Chunk(values, batch) {
		var some []models.Person
		if err := db.Where(column+" IN ?", chunk).Find(&some).Error; err != nil {
			return nil, fmt.Errorf("people of import: %w", store.Translate(err))
		}
		for _, person := range some {
			people[key(person)] = person
			if person.MergedInto != nil {
				merged = append(merged, *person.MergedInto)
			}
		}
	}
	if len(merged) == 0 {
		return people, nil
	}
	standing, err := peopleByID(db, merged)
	for value, person := range people {
		if person.MergedInto != nil {
			people[value] = standing[*person.MergedInto]
		}
	}
	return people, err
}

// leaveReadable leaves in the maps only people who are, or were, on a roster that
// the actor reads: of others nothing is told, not even that there are any.
func (j *importJob) leaveReadable(db *gorm.DB, found ...map[string]models.Person) error {
	var ids []uint64
	for _, people := range found {
		for _, person := range people {
			ids = append(ids, person.ID)
		}
	}
	readable := map[uint64]bool{}
	for chunk := range slices.Chunk(distinct(ids), batch) {
		var some []uint64
		query := knownNow(db.Table("postings"), "postings").Joins("JOIN units u ON u.id = postings.unit_id").Where("postings.person_id IN ?", chunk)
		query = j.actor.Access.Scope(readRotation.Object, readRotation.Action).Where(query, "u.path")
		if err := query.Distinct().Pluck("postings.person_id", &some).Error; err != nil {
			return fmt.Errorf("people of import: %w", store.Translate(err))
		}
		for _, id := range some {
			readable[id] = true
		}
	}
	for _, people := range found {
		maps.DeleteFunc(people, func(_ string, person models.Person) bool { return !readable[person.ID] })
	}
	return nil
}

// postedPerson is a person with a posting, as known now.
type postedPerson struct {
	models.Posting
	Name   string
	Number *string
}

// peopleByName returns the postings of people of the names in the units, by unit and
// name.
func peopleByName(db *gorm.DB, named map[uint64][]string) (map[nameInUnit][]postedPerson, error) {
	people := map[nameInUnit][]postedPerson{}
	var units []uint64
	var names []string
	for unit, some := range named {
		units, names = append(units, unit), append(names, some...)
	}
	for someUnits := range slices.Chunk(units, batch) {
		for someNames := range slices.Chunk(names, batch) {
			var some []postedPerson
			err := db.Table("postings").Select("postings.*, people.name, people.number").Joins("JOIN people ON people.id = postings.person_id").
				Where("postings.known_until = ? AND postings.unit_id IN ? AND people.name IN ?", models.Forever, someUnits, someNames).
				Order("postings.id").Scan(&some).Error
			if err != nil {
				return nil, fmt.Errorf("people of import: %w", store.Translate(err))
			}
			for _, p := range some {
				key := nameInUnit{p.Name, p.UnitID}
				people[key] = append(people[key], p)
			}
		}
	}
	return people, nil
}

// findKnown finds somebody by numbers; the name, where the row has it, must agree.
func (j *importJob) findKnown(line *importLine, a *attendanceLine, byHash, byNumber map[string]models.Person) {
	person, column := byHash[a.idHash], columnID
	if a.number != "" {
		numbered := byNumber[a.number]
		if a.idHash != "" && person.ID != 0 && numbered.ID != 0 && numbered.ID != person.ID {
			line.add(j.fault(line.number, columnNumber, "imports.numbers_differ", models.Args("Number", a.number)))
			return
		}
		if person.ID == 0 {
			person, column = numbered, columnNumber
		}
	}
	switch {
	case person.ID == 0 && column == columnNumber:
		line.add(j.fault(line.number, column, "imports.number_unknown", models.Args("Value", a.number)))
	case person.ID == 0:
		line.add(j.fault(line.number, column, "imports.id_unknown", nil))
	case a.name != "" && a.name != person.Name:
		line.add(j.fault(line.number, columnName, "imports.name_differs", models.Args("Value", a.name)))
	}
	a.Person = person.ID
}

// findNamed finds somebody by the name on the roster of the unit: on the day, or
// ever where the row has no day or nobody of the name was there then.
func (j *importJob) findNamed(line *importLine, a *attendanceLine, byName map[nameInUnit][]postedPerson) {
	unit := j.unitOf(line)
	if unit == nil {
		return
	}
	all := byName[nameInUnit{a.name, unit.ID}]
	found := all
	if !a.On.IsZero() {
		found = slices.DeleteFunc(slices.Clone(all), func(p postedPerson) bool { return !p.HoldsOn(a.On) })
	}
	if len(found) == 0 {
		found = all
	}
	ids := map[uint64]bool{}
	var codes []string
	for _, p := range found {
		if !ids[p.PersonID] {
			ids[p.PersonID] = true
			a.Person = p.PersonID
			codes = append(codes, (&models.Person{ID: p.PersonID, Number: p.Number}).Code())
		}
	}
	switch {
	case len(ids) == 0:
		line.add(j.fault(line.number, columnName, "imports.name_unknown", models.Args("Value", a.name, "Unit", nameOf(unit))))
	case len(ids) > 1:
		line.add(j.fault(line.number, columnName, "imports.name_ambiguous", models.Args("Value", a.name, "Unit", nameOf(unit), "Codes", shortList(codes), "Count", strconv.Itoa(len(ids)))))
	}
}
