package training

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// postingsOn returns the posting that each person has on the day, as known now;
// who has none is missing in the result.
func postingsOn(db *gorm.DB, people []uint64, day calendar.Date) (map[uint64]models.Posting, error) {
	on := make(map[uint64]models.Posting, len(people))
	for chunk := range slices.Chunk(people, batch) {
		var postings []models.Posting
		err := knownNow(db, "postings").Where("person_id IN ?", chunk).
			Where("start_on <= ? AND (end_on IS NULL OR end_on >= ?)", day, day).Find(&postings).Error
		if err != nil {
			return nil, fmt.Errorf("postings on %s: %w", day, store.Translate(err))
		}
		for _, p := range postings {
			on[p.PersonID] = p
		}
	}
	return on, nil
}

// knownNow limits rows of a table with two times to what is known now.
func knownNow(db *gorm.DB, table string) *gorm.DB {
	return db.Where(table+".known_until = ?", models.Forever)
}
