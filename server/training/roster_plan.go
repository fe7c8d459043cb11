package training

import (
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
)

// staffPlan decides entries one after the other, by what is stored and by what it
// has decided before. It writes nothing until it is stored; a preview never is.
type staffPlan struct {
	*write
	units map[uint64]placedUnit
	codes map[string]uint64
	// files are those of all people that were asked for; the maps below lead to them
	// by their place in it.
	files    []*staffFile
	byKey    map[uint64]int
	byNumber map[string]int
	byID     map[string]int
	byName   map[nameInUnit][]int
	// changed are the files that entries were accepted for.
	changed map[int]bool
}

// placedUnit is a unit with what the actor may do there.
type placedUnit struct {
	models.Unit
	readable, kept bool
}

type nameInUnit struct {
	name string
	unit uint64
}

// newStaffPlan begins a plan. Until the write ends nobody else adds people or
// gives them numbers, so that no two are added for one.
func (w *write) newStaffPlan() (*staffPlan, error) {
	if err := w.holdRoster(); err != nil {
		return nil, err
	}
	return &staffPlan{write: w, units: map[uint64]placedUnit{}, codes: map[string]uint64{}, byKey: map[uint64]int{},
		byNumber: map[string]int{}, byID: map[string]int{}, byName: map[nameInUnit][]int{}, changed: map[int]bool{}}, nil
}

// holdRoster waits for others who add people, and lets nobody else until the
// write ends.
func (w *write) holdRoster() error {
	var held models.Setting
	if err := w.locked().Where("name = ?", models.RosterSetting).Take(&held).Error; err != nil {
		return fmt.Errorf("hold roster: %w", err)
	}
	return nil
}

// load reads all that the entries may mean, by a number of queries that does not
// depend on what they say.
func (p *staffPlan) load(entries []StaffEntry) error {
	codes := make([]string, len(entries))
	for i, e := range entries {
		codes[i] = e.Unit
	}
	if err := loadUnits(p, "code", codes); err != nil {
		return err
	}
	// Each question is asked for those alone whom the ones before have not answered:
	// in a large file that is imported again, nobody.
	var found []models.Person
	ask := func(db *gorm.DB, condition string, of func(e StaffEntry) string) error {
		var values []string
		for _, e := range entries {
			if value := of(e); value != "" {
				values = append(values, value)
			}
		}
		return peopleWhere(db, &found, condition, values)
	}
	if err := ask(p.tx, "number IN ?", func(e StaffEntry) string { return e.Number }); err != nil {
		return err
	}
	known := identifiers(found)
	if err := ask(p.tx, "id_hash IN ?", func(e StaffEntry) string { return unless(known["id "+e.IDHash], e.IDHash) }); err != nil {
		return err
	}
	known = identifiers(found)
	err := ask(p.postedIn(entries), "name IN ?", func(e StaffEntry) string { return unless(known["id "+e.IDHash] || known["number "+e.Number], e.Name) })
	if err != nil {
		return err
	}
	return p.loadFiles(found)
}

// identifiers are the numbers and hashes of people.
func identifiers(people []models.Person) map[string]bool {
	known := make(map[string]bool, 2*len(people))
	for _, person := range people {
		if person.Number != nil {
			known["number "+*person.Number] = true
		}
		if person.IDHash != nil {
			known["id "+*person.IDHash] = true
		}
	}
	return known
}

// unless returns the text, or nothing when the condition holds.
func unless(condition bool, text string) string {
	if condition {
		return ""
	}
	return text
}

// postedIn limits people to those on rosters of the entries' units.
func (p *staffPlan) postedIn(entries []StaffEntry) *gorm.DB {
	units := map[uint64]bool{}
	for _, e := range entries {
		if id, known := p.codes[e.Unit]; known {
			units[id] = true
		}
	}
	posted := knownNow(p.tx.Table("postings").Select("1"), "postings").Where("postings.person_id = people.id AND postings.unit_id IN ?", keysOf(units))
	return p.tx.Where("EXISTS (?)", posted).Session(&gorm.Session{})
}

// peopleWhere appends the people whose column has one of the values.
func peopleWhere(db *gorm.DB, found *[]models.Person, condition string, values []string) error {
	for chunk := range slices.Chunk(distinct(values), batch) {
		var some []models.Person
		if err := db.Where(condition, chunk).Find(&some).Error; err != nil {
			return fmt.Errorf("find people: %w", err)
		}
		*found = append(*found, some...)
	}
	return nil
}

// loadUnits reads the units whose column has one of the values.
func loadUnits[T uint64 | string](p *staffPlan, column string, values []T) error {
	for chunk := range slices.Chunk(distinct(values), batch) {
		var units []models.Unit
		if err := p.tx.Where(column+" IN ?", chunk).Find(&units).Error; err != nil {
			return fmt.Errorf("units of staff: %w", err)
		}
		for _, unit := range units {
			p.codes[unit.Code] = unit.ID
			p.units[unit.ID] = placedUnit{unit, mayAt(p.write, readRotation, unit), mayAt(p.write, keepRoster, unit)}
		}
	}
	return nil
}

func mayAt(w *write, permission rbac.Permission, unit models.Unit) bool {
	return w.actor.Access.AllowsAt(permission.Object, permission.Action, unit.Path)
}

// distinct returns the values in order, each once.
func distinct[T uint64 | string](values []T) []T {
	sorted := slices.Sorted(slices.Values(values))
	return slices.Compact(sorted)
}

func keysOf(set map[uint64]bool) []uint64 { return slices.Sorted(maps.Keys(set)) }

// loadFiles opens the files of the people found, those of whom they were merged
// into instead of those who were.
func (p *staffPlan) loadFiles(found []models.Person) error {
	stands := func(person models.Person) uint64 {
		if person.MergedInto != nil {
			return *person.MergedInto
		}
		return person.ID
	}
	var fresh []uint64
	for _, person := range found {
		if _, open := p.byKey[stands(person)]; !open {
			fresh = append(fresh, stands(person))
		}
	}
	if err := p.openFiles(distinct(fresh)); err != nil {
		return err
	}
	for _, person := range found {
		if i, open := p.byKey[stands(person)]; open {
			p.nameBy(person.Number, person.IDHash, i)
		}
	}
	return nil
}

// nameBy has the number and the hash lead to the file.
func (p *staffPlan) nameBy(number, hash *string, i int) {
	if number != nil {
		p.byNumber[*number] = i
	}
	if hash != nil {
		p.byID[*hash] = i
	}
}

// openFiles locks people and reads what is known of them.
func (p *staffPlan) openFiles(ids []uint64) error {
	files, err := p.openStaff(ids)
	if err != nil {
		return err
	}
	var units []uint64
	for _, f := range files {
		for _, posting := range f.was {
			if _, known := p.units[posting.UnitID]; !known {
				units = append(units, posting.UnitID)
			}
		}
	}
	if err := loadUnits(p, "id", units); err != nil {
		return err
	}
	for _, f := range files {
		p.file(f)
	}
	return nil
}

// file puts a file to the others and returns its place.
func (p *staffPlan) file(f *staffFile) int {
	i := len(p.files)
	p.files = append(p.files, f)
	p.byKey[f.person.ID] = i
	if f.isNew() {
		delete(p.byKey, 0)
	}
	p.index(i)
	return i
}

// index has what the file says of the person lead to it.
func (p *staffPlan) index(i int) {
	f := p.files[i]
	p.nameBy(f.person.Number, f.person.IDHash, i)
	for _, posting := range f.now {
		key := nameInUnit{f.person.Name, posting.UnitID}
		if !slices.Contains(p.byName[key], i) {
			p.byName[key] = append(p.byName[key], i)
		}
	}
}

// accept replaces the file by what an accepted entry made of it.
func (p *staffPlan) accept(i int, f *staffFile) int {
	if i < 0 {
		i = p.file(f)
	} else {
		p.files[i] = f
		p.index(i)
	}
	p.changed[i] = true
	return i
}
