package compliance

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// outcomeNow is the SQL of the outcome that a duty d has on a day, given the
// obligations that are rotations and the day. A rotation turns on days on which
// nobody writes its row: what was foreseen of it then goes before. Other rows are
// as they were written last, by whatever server.
const outcomeNow = "COALESCE((SELECT k.outcome FROM duty_changes k WHERE k.duty_id = d.id AND d.obligation_id IN ? AND k.known_on <= ?" +
	" ORDER BY k.known_on DESC LIMIT 1), d.outcome)"

// stand puts on rows that are rotations how they stand on the day, as outcomeNow
// does for one in a query. Whatever is decided by the state of a duty is decided
// by a row that stands so.
func stand(db *gorm.DB, lib *library, rows []models.Duty, day calendar.Date) error {
	places := map[uint64]int{}
	var ids []uint64
	for i, row := range rows {
		if lib.rotates(row.ObligationID) {
			places[row.ID] = i
			ids = append(ids, row.ID)
		}
	}
	for chunk := range slices.Chunk(ids, batch) {
		var known []models.DutyChange
		if err := db.Table("duties d").Joins(knownChange, day).Where("d.id IN ?", chunk).Select("c.*").Find(&known).Error; err != nil {
			return fmt.Errorf("how rotations stand: %w", store.Translate(err))
		}
		for _, change := range known {
			if row := &rows[places[change.DutyID]]; !sameBut(changeOf(*row, 0), change) {
				turn(row, change)
			}
		}
	}
	return nil
}

// turn makes the row of a rotation what was foreseen of it.
func turn(row *models.Duty, change models.DutyChange) {
	row.Outcome, row.DoneOn, row.People, row.Trained = change.Outcome, change.DoneOn, change.People, change.Trained
	row.Value = rules.Coverage{Roster: change.People, Trained: change.Trained}.Ratio()
}
