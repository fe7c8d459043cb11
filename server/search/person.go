package search

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

// people finds who is, or was, on a roster of the scope by what is known now: by the
// beginning of a name or number with an index, as far as they are enough, else by the
// words anywhere in them.
func (f finder) people(found *Found) error {
	if len(f.scope(readRotation)) == 0 {
		return nil
	}
	rows, err := f.peopleFrom()
	// A code that units have is no number of a person's inside.
	code := f.terms.isCode() && len(found.Units.Items) > 0
	if err == nil && len(rows) <= f.query.Limit && !code {
		rows, err = f.peopleWith()
	}
	if err != nil {
		return err
	}
	hits := first(rows, f.query.Limit)
	if hits.More {
		hits.Total = 0
		if f.query.Counted {
			if hits.Total, err = count(f.peopleWithWords(), "people"); err != nil {
				return err
			}
		}
	}
	found.People = Hits[Person]{Total: hits.Total, More: hits.More}
	found.People.Items, err = f.posted(hits.Items)
	return err
}

// postings are those of the rosters that the caller may read, as known now.
func (f finder) postings(columns string) *gorm.DB {
	db := f.store.Read(f.ctx).Table("postings p").Select(columns).Joins("JOIN units u ON u.id = p.unit_id").Where("p.known_until = ?", models.Forever)
	return f.scope(readRotation).Where(db, "u.path")
}

func (f finder) peopleInScope() *gorm.DB {
	return f.store.Read(f.ctx).Table("people").Where("EXISTS (?)", f.postings("1").Where("p.person_id = people.id"))
}

// personColumns are what somebody is found by.
var personColumns = []column{{name: "people.name"}, {name: "people.number", foreign: true}}

func (f finder) peopleWithWords() *gorm.DB { return f.terms.inside(f.peopleInScope(), personColumns) }

func (f finder) peopleFrom() ([]models.Person, error) {
	column, text := "people.number", f.terms.text
	if isChinese(text) {
		column = "people.name"
	}
	query := f.peopleInScope().Where(column+" >= ? AND "+column+" < ?", text, behind(text))
	return f.readPeople(query.Order(column + ", people.id"))
}

func (f finder) peopleWith() ([]models.Person, error) {
	return f.readPeople(f.peopleWithWords().Order(f.terms.order(personColumns, "people.name, people.id")))
}

// readPeople reads one more than is asked for, which tells that there are more.
func (f finder) readPeople(query *gorm.DB) ([]models.Person, error) {
	var rows []models.Person
	if err := query.Select("people.*").Limit(f.query.Limit + 1).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("find people: %w", store.Translate(err))
	}
	return rows, nil
}

// posted adds to people where the caller finds them: their last posting in the scope.
func (f finder) posted(rows []models.Person) ([]Person, error) {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	var postings []models.Posting
	if err := f.postings("p.*").Where("p.person_id IN ?", ids).Order("p.start_on, p.id").Find(&postings).Error; err != nil {
		return nil, fmt.Errorf("postings of people: %w", store.Translate(err))
	}
	last := map[uint64]models.Posting{}
	var units []uint64
	for _, posting := range postings {
		last[posting.PersonID] = posting
		units = append(units, posting.UnitID)
	}
	known, err := f.unitsByID(units)
	people := make([]Person, len(rows))
	for i, row := range rows {
		people[i] = Person{Person: row, Posting: last[row.ID], Unit: known[last[row.ID].UnitID]}
	}
	return people, err
}
