package training

import (
	"cmp"
	"maps"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
)

// staffFile is what is known of a person now, and what it is to become.
type staffFile struct {
	// stored and person are the person before and after; stored is zero for a new
	// one.
	stored, person models.Person
	// was and now are the postings before and after, by start.
	was, now []models.Posting
	// attended are the days of attendances.
	attended []calendar.Date
	// entered are the postings that entries of this batch have decided.
	entered map[postingKey]StaffEntry
}

// postingKey tells the postings of a person apart.
type postingKey struct {
	unit  uint64
	start calendar.Date
}

func keyOf(p models.Posting) postingKey { return postingKey{p.UnitID, p.StartOn} }

// copy returns a file that can be changed without the first one.
func (f *staffFile) copy() *staffFile {
	changed := *f
	changed.now, changed.entered = slices.Clone(f.now), maps.Clone(f.entered)
	return &changed
}

// isNew tells whether the person is to be added.
func (f *staffFile) isNew() bool { return f.stored.ID == 0 }

// add adds a posting to what is to be.
func (f *staffFile) add(p models.Posting) {
	p.PersonID = f.person.ID
	f.now = append(f.now, p)
	slices.SortFunc(f.now, byStart)
}

func byStart(a, b models.Posting) int { return cmp.Compare(a.StartOn, b.StartOn) }

// in tells whether the person is, or was, on the unit's roster.
func (f *staffFile) in(unit uint64) bool {
	return slices.ContainsFunc(f.now, func(p models.Posting) bool { return p.UnitID == unit })
}

// at returns the posting with the key, nil for none.
func (f *staffFile) at(key postingKey) *models.Posting {
	for i := range f.now {
		if keyOf(f.now[i]) == key {
			return &f.now[i]
		}
	}
	return nil
}

// after returns the first posting that starts after the day, nil for none.
func (f *staffFile) after(day calendar.Date) *models.Posting {
	for i := range f.now {
		if f.now[i].StartOn > day {
			return &f.now[i]
		}
	}
	return nil
}

// on returns the posting that holds on the day, nil for none.
func (f *staffFile) on(day calendar.Date) *models.Posting { return postingOn(f.now, day) }

func postingOn(postings []models.Posting, day calendar.Date) *models.Posting {
	for i := range postings {
		if postings[i].HoldsOn(day) {
			return &postings[i]
		}
	}
	return nil
}

// overlapping returns the first posting to be, other than the one with the key,
// that shares a day with the posting; nil for none.
func (f *staffFile) overlapping(p models.Posting, except postingKey) *models.Posting {
	for i, other := range f.now {
		if keyOf(other) != except && overlap(p, other) {
			return &f.now[i]
		}
	}
	return nil
}

// overlap tells whether two postings have a day in common.
func overlap(a, b models.Posting) bool {
	return (b.EndOn.IsZero() || a.StartOn <= b.EndOn) && (a.EndOn.IsZero() || b.StartOn <= a.EndOn)
}

// uncovered returns the first day of an attendance on which the person would be on
// no roster any more; zero for none.
func (f *staffFile) uncovered() calendar.Date {
	for _, day := range f.attended {
		if postingOn(f.was, day) != nil && f.on(day) == nil {
			return day
		}
	}
	return 0
}

// sameWork tells whether two postings say the same of a person's work.
func sameWork(a, b models.Posting) bool {
	return a.PersonID == b.PersonID && keyOf(a) == keyOf(b) && a.EndOn == b.EndOn && a.Post == b.Post && a.PartTime == b.PartTime
}

// postingChange is what becomes of a posting: a new one has nothing before, one
// that is taken back nothing now.
type postingChange struct{ before, now *models.Posting }

// changes returns what differs between the postings before and after.
func (f *staffFile) changes() []postingChange {
	var list []postingChange
	for _, old := range f.was {
		i := slices.IndexFunc(f.now, func(p models.Posting) bool { return p.ID == old.ID })
		switch {
		case i < 0:
			list = append(list, postingChange{before: &old})
		case !sameWork(old, f.now[i]):
			now := f.now[i]
			list = append(list, postingChange{&old, &now})
		}
	}
	for _, p := range f.now {
		if p.ID == 0 {
			list = append(list, postingChange{now: &p})
		}
	}
	return list
}

// home returns the unit to which the person belongs on the day, by what is to be:
// where they work, else where they worked last, else where they will. Who is to
// be on no roster belongs where they were.
func (f *staffFile) home(day calendar.Date) uint64 {
	postings := f.now
	if len(postings) == 0 {
		postings = f.was
	}
	return homeOf(postings, day)
}

// homeOf is home by postings in the order of their start.
func homeOf(postings []models.Posting, day calendar.Date) uint64 {
	var unit uint64
	for _, p := range postings {
		if unit == 0 || p.StartOn <= day {
			unit = p.UnitID
		}
	}
	return unit
}
