package training

import (
	"fmt"
	"maps"
	"slices"

	"sundial/models"
)

// keepPostings stores what the postings of the files are to be: what was known
// until yesterday stays on record, what was entered today is corrected in place.
// The units concerned are touched.
func (w *write) keepPostings(files []*staffFile) error {
	var past []uint64
	var corrected, fresh []models.Posting
	for _, f := range files {
		for _, change := range f.changes() {
			if change.before != nil {
				w.touch(change.before.UnitID)
			}
			if change.now != nil {
				w.touch(change.now.UnitID)
			}
			switch {
			case change.now == nil:
				past = append(past, change.before.ID)
			case change.before == nil:
				fresh = append(fresh, w.recorded(*change.now, f.person.ID))
			case change.before.KnownOn >= w.today:
				corrected = append(corrected, w.recorded(*change.now, f.person.ID))
			default:
				past = append(past, change.before.ID)
				change.now.ID = 0
				fresh = append(fresh, w.recorded(*change.now, f.person.ID))
			}
		}
	}
	return w.storePostings(past, corrected, fresh)
}

// recorded is the posting as the actor enters it now.
func (w *write) recorded(p models.Posting, person uint64) models.Posting {
	if p.ID == 0 {
		p.KnownOn = w.today
	}
	p.PersonID, p.KnownUntil, p.RecordedAt, p.RecordedBy = person, models.Forever, w.at, nil
	if w.actor.ID != 0 {
		p.RecordedBy = &w.actor.ID
	}
	return p
}

func (w *write) storePostings(past []uint64, corrected, fresh []models.Posting) error {
	for chunk := range slices.Chunk(past, batch) {
		if err := w.tx.Model(&models.Posting{}).Where("id IN ?", chunk).Update("known_until", w.today).Error; err != nil {
			return fmt.Errorf("close postings: %w", err)
		}
	}
	for chunk := range slices.Chunk(corrected, batch) {
		if err := w.tx.Save(&chunk).Error; err != nil {
			return fmt.Errorf("correct postings: %w", err)
		}
	}
	if len(fresh) > 0 {
		if err := w.tx.CreateInBatches(fresh, insertBatch).Error; err != nil {
			return fmt.Errorf("add postings: %w", err)
		}
	}
	return nil
}

// openStaff locks the people with the ids and reads their files, in the order of
// ids; those who are not there, or were merged into others, have none.
func (w *write) openStaff(ids []uint64) ([]*staffFile, error) {
	people, err := w.lockPeople(ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[uint64]*staffFile, len(people))
	for id, person := range people {
		byID[id] = &staffFile{stored: person, person: person, entered: map[postingKey]StaffEntry{}}
	}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(people)), batch) {
		var postings []models.Posting
		if err := knownNow(w.tx, "postings").Where("person_id IN ?", chunk).Order("start_on, id").Find(&postings).Error; err != nil {
			return nil, fmt.Errorf("postings of people: %w", err)
		}
		for _, p := range postings {
			f := byID[p.PersonID]
			f.was, f.now = append(f.was, p), append(f.now, p)
		}
		var attendances []models.Attendance
		err := knownNow(w.tx, "attendances").Select("person_id", "held_on").Where("person_id IN ? AND present = ?", chunk, true).Find(&attendances).Error
		if err != nil {
			return nil, fmt.Errorf("attendances of people: %w", err)
		}
		for _, a := range attendances {
			byID[a.PersonID].attended = append(byID[a.PersonID].attended, a.On)
		}
	}
	files := make([]*staffFile, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		files = append(files, byID[id])
	}
	return files, nil
}
