package training

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
)

// RosterQuery asks who is on a roster.
type RosterQuery struct {
	// Unit is the code of the unit, with all below it for a Subtree.
	Unit    string
	Subtree bool
	// On is the day; zero for today.
	On calendar.Date
	// Text is part of a name, staff number or post, whatever its case.
	Text   string
	Cursor string
	// Limit bounds the page; zero for all.
	Limit int
}

// RosterLine is a person on a roster.
type RosterLine struct {
	models.Person
	Posting models.Posting
	Unit    models.Unit
	// TrainedOn is the day of the last valid attendance by the day of the roster;
	// zero for none.
	TrainedOn calendar.Date
}

// RosterPage is a page of a roster, by unit and name. Next is the cursor of the
// following page, empty on the last one.
type RosterPage struct {
	Unit models.Unit
	On   calendar.Date
	// Total counts all that are asked for, PartTime those of them who do it beside
	// other work.
	Total, PartTime int
	Items           []RosterLine
	Next            string
	// Coming are the first of those who start after the day, unless it is past, and
	// ComingTotal counts them.
	Coming      []RosterLine
	ComingTotal int
}

// comingAtMost bounds the list of those who start later.
const comingAtMost = 50

// Roster returns who is on the roster of a unit on a day, by what is known now,
// for who reads the unit; else it is NotFound.
func (d *Desk) Roster(ctx context.Context, actor compliance.Actor, q RosterQuery) (RosterPage, error) {
	db := d.store.Read(ctx)
	page := RosterPage{On: q.On}
	if page.On.IsZero() {
		page.On = d.Today()
	}
	var err error
	if page.Unit, err = readUnit(db, actor, "code", q.Unit); err != nil {
		return page, err
	}
	r := rosterReader{db: db, query: q, unit: page.Unit, on: page.On, today: d.Today()}
	if err := r.count(&page); err != nil {
		return page, err
	}
	if page.Items, page.Next, err = r.lines(r.present, q.Limit, q.Cursor); err != nil {
		return page, err
	}
	if page.ComingTotal > 0 && q.Cursor == "" {
		page.Coming, _, err = r.lines(r.coming, comingAtMost, "")
	}
	return page, err
}

// rosterReader reads one roster.
type rosterReader struct {
	db    *gorm.DB
	query RosterQuery
	unit  models.Unit
	on    calendar.Date
	today calendar.Date
}

// postings are those of the roster's units that the text lets through, as known
// now.
func (r rosterReader) postings() *gorm.DB {
	db := r.db.Table("postings").Joins("JOIN people ON people.id = postings.person_id").Joins("JOIN units ON units.id = postings.unit_id")
	db = knownNow(db, "postings")
	if r.query.Subtree {
		db = rbac.NewScope(r.unit.Path).Where(db, "units.path")
	} else {
		db = db.Where("postings.unit_id = ?", r.unit.ID)
	}
	if text := strings.ToLower(strings.TrimSpace(r.query.Text)); text != "" {
		pattern := "%" + likeEscape.Replace(text) + "%"
		db = db.Where("(lower(people.name) LIKE ? ESCAPE '!' OR lower(people.number) LIKE ? ESCAPE '!' OR lower(postings.post) LIKE ? ESCAPE '!')", pattern, pattern, pattern)
	}
	return db
}

var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func (r rosterReader) present() *gorm.DB {
	return r.postings().Where("postings.start_on <= ? AND (postings.end_on IS NULL OR postings.end_on >= ?)", r.on, r.on)
}

// coming are the postings of people who start after the day and are not on the
// roster of that unit yet.
func (r rosterReader) coming() *gorm.DB { return r.postings().Where("postings.start_on > ?", r.on) }

func (r rosterReader) count(page *RosterPage) error {
	var counts struct{ Total, PartTime int }
	err := r.present().Select("COUNT(*) AS total, COALESCE(SUM(CASE WHEN postings.part_time THEN 1 ELSE 0 END), 0) AS part_time").Scan(&counts).Error
	if err != nil {
		return fmt.Errorf("count roster: %w", store.Translate(err))
	}
	page.Total, page.PartTime = counts.Total, counts.PartTime
	if r.on < r.today {
		return nil
	}
	var coming int64
	if err := r.coming().Count(&coming).Error; err != nil {
		return fmt.Errorf("count who is to come: %w", store.Translate(err))
	}
	page.ComingTotal = int(coming)
	return nil
}

// rosterOrder has the units of a region stand together, by their codes.
const rosterOrder = "units.code, people.name, postings.id"

// lines reads a page of people from the cursor on: the id of the posting before.
func (r rosterReader) lines(postings func() *gorm.DB, limit int, cursor string) ([]RosterLine, string, error) {
	db := postings().Select("postings.*").Order(rosterOrder)
	if after, err := strconv.ParseUint(cursor, 10, 63); err == nil {
		anchor := r.db.Table("postings").Select("units.code, people.name, postings.id").
			Joins("JOIN people ON people.id = postings.person_id").Joins("JOIN units ON units.id = postings.unit_id").Where("postings.id = ?", after)
		db = db.Where("("+rosterOrder+") > (?)", anchor)
	}
	if limit > 0 {
		db = db.Limit(limit + 1)
	}
	var rows []models.Posting
	if err := db.Find(&rows).Error; err != nil {
		return nil, "", fmt.Errorf("roster: %w", store.Translate(err))
	}
	next := ""
	if limit > 0 && len(rows) > limit {
		rows = rows[:limit]
		next = strconv.FormatUint(rows[limit-1].ID, 10)
	}
	lines, err := rosterLines(r.db, rows, r.on)
	return lines, next, err
}

// rosterLines adds to postings whose they are and where.
func rosterLines(db *gorm.DB, postings []models.Posting, on calendar.Date) ([]RosterLine, error) {
	ids := make([]uint64, len(postings))
	for i, p := range postings {
		ids[i] = p.PersonID
	}
	found, err := rowsOf[models.Person](func() *gorm.DB { return db }, "id", distinct(ids))
	if err != nil {
		return nil, err
	}
	people := make(map[uint64]models.Person, len(found))
	for _, person := range found {
		people[person.ID] = person
	}
	units, err := unitsByID(db, unitsOfPostings(postings))
	if err != nil {
		return nil, err
	}
	trained, err := lastTrained(db, distinct(ids), on)
	if err != nil {
		return nil, err
	}
	lines := make([]RosterLine, len(postings))
	for i, p := range postings {
		lines[i] = RosterLine{Person: people[p.PersonID], Posting: p, Unit: units[p.UnitID], TrainedOn: trained[p.PersonID]}
	}
	return lines, nil
}

// lastTrained returns the day of each person's last valid attendance by the day,
// as known now.
func lastTrained(db *gorm.DB, people []uint64, on calendar.Date) (map[uint64]calendar.Date, error) {
	last := map[uint64]calendar.Date{}
	for chunk := range slices.Chunk(people, batch) {
		var rows []struct {
			PersonID uint64
			HeldOn   calendar.Date
		}
		err := knownNow(db.Table("attendances"), "attendances").Select("person_id, MAX(held_on) AS held_on").
			Where("person_id IN ? AND held_on <= ? AND present = ? AND (tested = ? OR passed = ?)", chunk, on, true, false, true).
			Group("person_id").Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("last attendances: %w", store.Translate(err))
		}
		for _, row := range rows {
			last[row.PersonID] = row.HeldOn
		}
	}
	return last, nil
}

// Staying counts who is, or will be, on the roster of the unit on the day or
// later, for the notice that a closed unit still has people.
func (d *Desk) Staying(ctx context.Context, actor compliance.Actor, unit string, day calendar.Date) (int, error) {
	db := d.store.Read(ctx)
	row, err := readUnit(db, actor, "code", unit)
	if err != nil {
		return 0, err
	}
	var count int64
	if err := staying(db, row.ID, day).Distinct("person_id").Count(&count).Error; err != nil {
		return 0, fmt.Errorf("count who stays: %w", store.Translate(err))
	}
	return int(count), nil
}
