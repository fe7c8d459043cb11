package training_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// After whatever was done to rosters, nobody works in two units on one day, the
// duties count who is on the roster and trained, and counting anew changes
// nothing.
func TestRostersHoldTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.at("2017-05-04").activated("shandong-2017", 2017)
		r := &randomRoster{world: w, Rand: rand.New(rand.NewPCG(1, 4)), today: day("2017-05-04")}
		for range 60 {
			r.step()
		}
		r.wantSound()
	})
}

// randomRoster does to rosters what comes into its mind.
type randomRoster struct {
	*world
	*rand.Rand
	today calendar.Date
	done  int
}

var randomUnits = []string{jinan, qingdao, "370300", "370000-bgt"}

func (r *randomRoster) day() calendar.Date { return r.today + calendar.Date(r.IntN(500)-400) }

func (r *randomRoster) unitCode() string { return randomUnits[r.IntN(len(randomUnits))] }

// one returns somebody who is there, nil for nobody.
func (r *randomRoster) one() *training.PersonView {
	var ids []uint64
	r.must(r.store.Read(r.Context()).Model(&models.Person{}).Where("merged_into IS NULL").Order("id").Pluck("id", &ids).Error)
	if len(ids) == 0 {
		return nil
	}
	view := r.person(ids[r.IntN(len(ids))])
	if len(view.Postings) == 0 {
		return nil
	}
	return view
}

func (r *randomRoster) step() {
	office := r.coordinator(shandong)
	p, action := r.one(), r.IntN(8)
	if p == nil {
		action = 0
	}
	var err error
	switch action {
	case 0, 1:
		n := r.IntN(12)
		entry := staff(r.unitCode(), fmt.Sprint("某", n), r.day().String(), fmt.Sprint("N", n))
		if r.IntN(3) == 0 {
			entry.EndOn = entry.StartOn + calendar.Date(r.IntN(300))
		}
		r.same(entry)
	case 2:
		err = r.MoveStaff(r.Context(), office, p.ID, p.Version, training.Move{Unit: r.unitCode(), On: r.day()})
	case 3:
		err = r.EndPosting(r.Context(), office, p.ID, p.Version, p.Postings[r.IntN(len(p.Postings))].ID, r.day())
	case 4:
		err = r.CorrectPosting(r.Context(), office, p.ID, p.Version, p.Postings[r.IntN(len(p.Postings))].ID, training.PostingEdit{StartOn: r.day()})
	case 5:
		err = r.RemovePosting(r.Context(), office, p.ID, p.Version, p.Postings[r.IntN(len(p.Postings))].ID, "录入有误")
	case 6:
		if other := r.one(); other != nil && other.ID != p.ID && r.IntN(3) == 0 {
			err = r.MergePeople(r.Context(), office, p.ID, other.ID, [2]int{p.Version, other.Version}, "同一人")
		}
	case 7:
		r.today += calendar.Date(r.IntN(20))
		r.at(r.today.String())
		session := r.class(fmt.Sprint("S", r.today, r.Uint32()), r.today.String(), nil)
		r.recorded(present(session, p.ID))
	}
	if err != nil && !models.IsCode(err, models.Invalid) && !models.IsCode(err, models.Conflict) {
		r.Fatalf("step %d: %v", action, err)
	}
	if action < 7 && err == nil {
		r.done++
	}
	r.wantApart()
}

// same enters an entry twice: the second time changes nothing.
func (r *randomRoster) same(entry training.StaffEntry) {
	for i := range 2 {
		outcomes, err := r.EnterStaff(r.Context(), r.coordinator(shandong), []training.StaffEntry{entry})
		r.must(err)
		if change := outcomes[0].Change; i == 1 && change != training.EntrySame && change != training.EntryRefused {
			r.Fatalf("entered twice, %+v is %s", entry, change)
		}
	}
}

func (r *randomRoster) known() []models.Posting {
	var rows []models.Posting
	r.must(r.store.Read(r.Context()).Where("known_until = ?", models.Forever).Order("person_id, start_on").Find(&rows).Error)
	return rows
}

// wantApart demands that postings of a person have no day in common.
func (r *randomRoster) wantApart() {
	rows := r.known()
	for i := 1; i < len(rows); i++ {
		a, b := rows[i-1], rows[i]
		if a.PersonID == b.PersonID && (a.EndOn.IsZero() || a.EndOn >= b.StartOn) {
			r.Fatalf("person %d works in %d from %s to %s and in %d from %s", a.PersonID, a.UnitID, a.StartOn, a.EndOn, b.UnitID, b.StartOn)
		}
	}
}

// wantSound demands that each duty counts who is on the roster, and who of them
// has an attendance in the window.
func (r *randomRoster) wantSound() {
	if r.done < 10 {
		r.Fatalf("only %d steps did anything", r.done)
	}
	for _, code := range randomUnits {
		people, trained := 0, 0
		for _, p := range r.known() {
			if p.UnitID != r.unit(code).ID || !p.HoldsOn(r.today) {
				continue
			}
			people++
			var attended int64
			r.must(r.store.Read(r.Context()).Model(&models.Attendance{}).Where("person_id = ? AND known_until = ? AND present = ? AND held_on >= ?", p.PersonID, models.Forever, true, day("2017-01-01")).Count(&attended).Error)
			if attended > 0 {
				trained++
			}
		}
		if got := r.rotation(code, sdRotation, r.today).Verdict; got.Roster != people || got.Trained != trained {
			r.Errorf("%s: %d of %d are trained, want %d of %d", code, got.Trained, got.Roster, trained, people)
		}
	}
	r.wantSoundTallies()
}
