package training

import (
	"sundial/models"
	"sundial/server/calendar"
)

// decision is an entry under decision: the file as it would become, at its place
// in the plan, or -1 for a person who is not known yet.
type decision struct {
	*staffPlan
	entry  StaffEntry
	unit   placedUnit
	place  int
	file   *staffFile
	change EntryChange
	found  rosterFaults
}

// decide returns what becomes of a clean entry and keeps it in the plan.
func (p *staffPlan) decide(e StaffEntry) (place int, outcome EntryOutcome) {
	d := &decision{staffPlan: p, entry: e, place: -1, change: EntrySame}
	for _, step := range []func(){d.findUnit, d.findPerson, d.learn, d.post, d.keepAttended} {
		if step(); len(d.found) > 0 {
			return -1, EntryOutcome{Change: EntryRefused, Faults: d.found}
		}
	}
	if d.change == EntrySame {
		d.files[d.place].entered[d.key()] = e
		return d.place, EntryOutcome{Change: EntrySame}
	}
	return p.accept(d.place, d.file), EntryOutcome{Change: d.change}
}

// fault adds what is wrong with a field. The arguments are left out where the
// actor may not read about the person or unit that they tell of.
func (d *decision) fault(field, key string, readable bool, args ...any) {
	if !readable {
		args = nil
	}
	d.found.add(field, key, args...)
}

// readable tells whether the actor may read about the person: they are, or were,
// on a roster that the actor reads.
func (d *decision) readable(f *staffFile) bool {
	for _, posting := range f.now {
		if d.units[posting.UnitID].readable {
			return true
		}
	}
	return false
}

func (d *decision) findUnit() {
	id, known := d.codes[d.entry.Unit]
	d.unit = d.units[id]
	switch {
	case !known || !d.unit.readable:
		d.found.add("unit", "unit_unknown", "Code", d.entry.Unit)
	case !d.unit.kept:
		d.found.add("unit", "unit_not_kept", "Unit", d.unit.Name)
	default:
		checkClosing(&d.found, d.unit.Unit, d.entry.StartOn, d.entry.EndOn)
	}
}

// checkClosing refuses a posting in a unit on days after it was closed.
func checkClosing(found *rosterFaults, unit models.Unit, start, end calendar.Date) {
	switch {
	case unit.ClosedOn.IsZero():
	case start >= unit.ClosedOn:
		found.add("start_on", "unit_closed", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	case end.IsZero() || end >= unit.ClosedOn:
		found.add("end_on", "unit_closed", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	}
}

// findPerson finds whom the entry means: by the ID number, else by the staff
// number, else by the name among those of the unit.
func (d *decision) findPerson() {
	number, numbered := d.byNumber[d.entry.Number]
	numbered = numbered && d.entry.Number != ""
	id, identified := d.byID[d.entry.IDHash]
	identified = identified && d.entry.IDHash != ""
	switch {
	case numbered && identified && number != id:
		of, other := d.files[number], d.files[id]
		d.fault("number", "number_and_id_differ", d.readable(of) && d.readable(other),
			"Number", d.entry.Number, "Name", of.person.Name, "Other", other.person.Name)
	case identified:
		d.open(id, "id_of_other")
	case numbered:
		d.open(number, "number_of_other")
	default:
		d.findName()
	}
}

// open takes the file at the place, provided that it is of the same name.
func (d *decision) open(place int, otherKey string) {
	f := d.files[place]
	if f.person.Name != d.entry.Name {
		d.fault("name", otherKey, d.readable(f), "Name", f.person.Name, "Number", d.entry.Number)
		return
	}
	d.place, d.file = place, f.copy()
}

// findName finds the one of the name in the unit; of several, who started on the
// same day. An entry with a number that is new means somebody who has none and
// started on the same day: anybody else of the name may be another person.
func (d *decision) findName() {
	var same, sameStart []int
	for _, i := range d.byName[nameInUnit{d.entry.Name, d.unit.ID}] {
		f := d.files[i]
		if !f.in(d.unit.ID) || !d.mayBe(f) {
			continue
		}
		same = append(same, i)
		if f.at(d.key()) != nil {
			sameStart = append(sameStart, i)
		}
	}
	if len(sameStart) == 1 {
		same = sameStart
	}
	switch len(same) {
	case 0:
		d.file = &staffFile{person: models.Person{Name: d.entry.Name, Version: 1, CreatedAt: d.at}, entered: map[postingKey]StaffEntry{}}
	case 1:
		d.place, d.file = same[0], d.files[same[0]].copy()
	default:
		d.found.add("number", "name_twice", "Name", d.entry.Name, "Unit", d.unit.Name)
	}
}

// key tells the posting of the entry apart from others of the person.
func (d *decision) key() postingKey { return postingKey{d.unit.ID, d.entry.StartOn} }

func (d *decision) mayBe(f *staffFile) bool {
	if d.entry.Number == "" && d.entry.IDHash == "" {
		return true
	}
	clash := d.entry.Number != "" && f.person.Number != nil || d.entry.IDHash != "" && f.person.IDHash != nil
	return !clash && f.at(d.key()) != nil
}

// homeKept tells whether the actor keeps the roster to which the person belongs:
// where they work, or worked last. Nobody else adds to what is known of them, or
// anybody could make themselves a reader of somebody by a posting that never was.
func (d *decision) homeKept() bool {
	return len(d.file.now) == 0 || d.units[d.file.home(d.today)].kept
}

// keptElsewhere refuses what only who keeps that roster may add.
func (d *decision) keptElsewhere(field string) {
	home := d.units[d.file.home(d.today)]
	d.fault(field, "kept_elsewhere", home.readable, "Name", d.entry.Name, "Unit", home.Name)
}

// learn takes over a number that was not known of the person.
func (d *decision) learn() {
	person := &d.file.person
	if number := d.entry.Number; number != "" {
		switch i, known := d.byNumber[number]; {
		case known && i == d.place: // theirs, or that of somebody who was merged into them
		case !d.homeKept():
			d.keptElsewhere("number")
		case person.Number == nil:
			person.Number, d.change = &number, EntryChanged
		default:
			d.fault("number", "has_number", d.readable(d.file), "Name", person.Name, "Number", *person.Number)
		}
	}
	if hash := d.entry.IDHash; hash != "" {
		switch i, known := d.byID[hash]; {
		case known && i == d.place:
		case !d.homeKept():
			d.keptElsewhere("id_number")
		case person.IDHash == nil:
			person.IDHash, person.IDTail, d.change = &hash, d.entry.IDTail, EntryChanged
		default:
			d.fault("id_number", "has_id", d.readable(d.file), "Name", person.Name, "Tail", person.IDTail)
		}
	}
}

// post puts the posting into the file.
func (d *decision) post() {
	key := d.key()
	if before, decided := d.file.entered[key]; decided && !sameStaffEntry(before, d.entry) {
		d.found.add("start_on", "entered_twice", "Start", d.entry.StartOn)
		return
	}
	posting := models.Posting{UnitID: d.unit.ID, Post: d.entry.Post, PartTime: d.entry.PartTime, StartOn: d.entry.StartOn, EndOn: d.entry.EndOn}
	if known := d.file.at(key); known != nil {
		d.amend(known, posting)
	} else {
		d.append(posting)
	}
	d.file.entered[key] = d.entry
}

func sameStaffEntry(a, b StaffEntry) bool {
	return a.EndOn == b.EndOn && a.Post == b.Post && a.PartTime == b.PartTime
}

// amend changes a posting that is known to what the entry says. An entry without
// a last day says nothing against one that a move has set; it never brings
// somebody back who has left.
func (d *decision) amend(known *models.Posting, posting models.Posting) {
	if posting.EndOn.IsZero() && !known.EndOn.IsZero() {
		if d.file.after(known.EndOn) == nil {
			d.found.add("end_on", "has_left", "Name", d.entry.Name, "End", known.EndOn)
			return
		}
		posting.EndOn = known.EndOn
	}
	posting.ID, posting.PersonID, posting.KnownOn = known.ID, known.PersonID, known.KnownOn
	if sameWork(*known, posting) {
		return
	}
	if other := d.file.overlapping(posting, keyOf(posting)); other != nil {
		d.overlapped(posting, *other)
		return
	}
	*known, d.change = posting, EntryChanged
}

// append adds a posting, and ends the one before where the person moves.
func (d *decision) append(posting models.Posting) {
	if !d.homeKept() && d.file.after(posting.StartOn) != nil {
		d.keptElsewhere("start_on")
		return
	}
	other := d.file.overlapping(posting, postingKey{})
	if other != nil && other.EndOn.IsZero() && other.StartOn < posting.StartOn {
		if other.UnitID == posting.UnitID {
			d.found.add("start_on", "here_since", "Name", d.entry.Name, "Unit", d.unit.Name, "Start", other.StartOn)
			return
		}
		if !d.units[other.UnitID].kept {
			d.fault("unit", "works_in", d.units[other.UnitID].readable, "Name", d.entry.Name, "Unit", d.units[other.UnitID].Name, "Start", other.StartOn)
			return
		}
		other.EndOn = posting.StartOn - 1
		other = d.file.overlapping(posting, postingKey{})
	}
	if other != nil {
		d.overlapped(posting, *other)
		return
	}
	d.file.add(posting)
	d.change = EntryAdded
}

// overlapped names the days of both postings, and the unit where the actor may
// read it.
func (d *decision) overlapped(posting, other models.Posting) {
	addOverlap(&d.found, d.units[other.UnitID], posting, other)
}

func addOverlap(found *rosterFaults, unit placedUnit, posting, other models.Posting) {
	args := []any{"Start", posting.StartOn, "End", posting.EndOn, "OtherStart", other.StartOn, "OtherEnd", other.EndOn}
	if unit.readable {
		args = append(args, "Unit", unit.Name)
	}
	found.add("start_on", "overlaps", args...)
}

// keepAttended refuses to take somebody off a roster on a day when they attended
// a session.
func (d *decision) keepAttended() {
	if day := d.file.uncovered(); !day.IsZero() {
		d.found.add("end_on", "attended", "Name", d.entry.Name, "Day", day)
	}
}
