package training

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sundial/models"
	"sundial/server/store"
)

// enterStaff takes over the entries, each by itself: what is refused of one
// leaves the others as they are. The same entries a second time change nothing.
// The outcomes are in the order of the entries. The caller records what was done.
func (w *write) enterStaff(entries []StaffEntry) ([]EntryOutcome, error) {
	plan, err := w.newStaffPlan()
	if err != nil {
		return nil, err
	}
	outcomes, places, err := plan.enter(entries)
	if err != nil {
		return nil, err
	}
	if err := plan.store(); err != nil {
		return nil, err
	}
	for i, place := range places {
		if place >= 0 {
			outcomes[i].ID = plan.files[place].person.ID
		}
	}
	return outcomes, nil
}

// previewStaff tells what enterStaff would make of the entries. More batches can
// be entered into the plan, each decided as if those before had been stored.
func (p *staffPlan) previewStaff(entries []StaffEntry) ([]EntryOutcome, error) {
	outcomes, _, err := p.enter(entries)
	return outcomes, err
}

// enter decides the entries and writes nothing. The places are those of people in
// the plan, -1 where an entry is refused.
func (p *staffPlan) enter(entries []StaffEntry) (outcomes []EntryOutcome, places []int, err error) {
	outcomes, places = make([]EntryOutcome, len(entries)), make([]int, len(entries))
	var clean []StaffEntry
	var lines []int
	for i, e := range entries {
		good, found := p.cleanEntry(e, p.today)
		if len(found) > 0 {
			outcomes[i], places[i] = EntryOutcome{Change: EntryRefused, Faults: found}, -1
			continue
		}
		clean, lines = append(clean, good), append(lines, i)
	}
	if err := p.load(clean); err != nil {
		return nil, nil, err
	}
	order := make([]int, len(clean))
	for i := range order {
		order[i] = i
	}
	// By start, so that the moves of a person come one after the other.
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(clean[a].StartOn, clean[b].StartOn) })
	for _, i := range order {
		places[lines[i]], outcomes[lines[i]] = p.decide(clean[i])
		if place := places[lines[i]]; place >= 0 {
			outcomes[lines[i]].ID = p.files[place].person.ID
		}
	}
	return outcomes, places, nil
}

// store writes what the plan has decided.
func (p *staffPlan) store() error {
	var added, known []*staffFile
	for _, i := range slices.Sorted(maps.Keys(p.changed)) {
		if f := p.files[i]; f.isNew() {
			added = append(added, f)
		} else {
			known = append(known, f)
		}
	}
	if err := p.addPeople(added); err != nil {
		return err
	}
	if err := p.keepPostings(added); err != nil {
		return err
	}
	return p.keepFiles(known)
}

// keepFiles stores what people who are known, and their postings, are to be. Who
// changes numbers holds the roster, so that none of them is anybody else's.
func (w *write) keepFiles(files []*staffFile) error {
	rows := make([]models.Person, len(files))
	for i, f := range files {
		f.person.Version++
		rows[i] = f.person
	}
	for chunk := range slices.Chunk(rows, batch) {
		if err := w.tx.Save(&chunk).Error; err != nil {
			return fmt.Errorf("change people: %w", err)
		}
	}
	return w.keepPostings(files)
}

// identity tells new people apart; several of one name without numbers are alike
// until they get their postings.
type identity struct{ name, number, hash string }

func identityOf(person models.Person) identity {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return identity{person.Name, text(person.Number), text(person.IDHash)}
}

// addPeople stores new people. SQLite tells the ids of a batch; elsewhere they are
// read back, as the ones of this moment that no posting leads to.
func (w *write) addPeople(files []*staffFile) error {
	rows := make([]models.Person, len(files))
	names := make([]string, len(files))
	for i, f := range files {
		rows[i], names[i] = f.person, f.person.Name
	}
	if err := w.tx.CreateInBatches(rows, insertBatch).Error; err != nil {
		return fmt.Errorf("add people: %w", err)
	}
	if w.store.Dialect() == store.SQLite {
		for i, f := range files {
			f.person.ID = rows[i].ID
		}
		return nil
	}
	return w.findAdded(files, names)
}

// findAdded reads the ids of people back who were just added.
func (w *write) findAdded(files []*staffFile, names []string) error {
	ids := map[identity][]uint64{}
	for chunk := range slices.Chunk(distinct(names), batch) {
		var stored []models.Person
		err := w.tx.Where("name IN ? AND created_at = ?", chunk, w.at).
			Where("NOT EXISTS (?)", w.tx.Table("postings").Select("1").Where("postings.person_id = people.id")).
			Order("id").Find(&stored).Error
		if err != nil {
			return fmt.Errorf("read new people: %w", err)
		}
		for _, person := range stored {
			if person.MergedInto != nil {
				continue // not in the query: SQLite would take the index on it
			}
			ids[identityOf(person)] = append(ids[identityOf(person)], person.ID)
		}
	}
	for _, f := range files {
		key := identityOf(f.person)
		if len(ids[key]) == 0 {
			return errors.New("people that were just added are not there")
		}
		f.person.ID, ids[key] = ids[key][0], ids[key][1:]
	}
	return nil
}
