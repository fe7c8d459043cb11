package training

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
)

// LeftFilter narrows the list of those who are left; empty fields do not.
type LeftFilter struct {
	// Own takes the unit's own people only.
	Own bool
	// DueWithin takes those who fall due within so many days.
	DueWithin int
	// Newcomers takes those who came to their unit inside the window.
	Newcomers bool
	// Class is that of the unit.
	Class string
	// Text is part of the person's name, number or post, or of the unit's name.
	Text string
}

// LeftQuery asks for a page of those who are left of a rotation.
type LeftQuery struct {
	LeftFilter
	Cursor string
	Limit  int
}

// LeftPage is a page of those who are left; Next is the cursor of the next one,
// empty on the last.
type LeftPage struct {
	Items []LeftPerson
	Total int
	Next  string
}

// LeftPerson is somebody on the roster who is not trained in the window.
type LeftPerson struct {
	Person models.Person
	// Unit is where the person works, as it was known on the as-of date.
	Unit     models.Unit
	Post     string
	PartTime bool
	// Since is the first day of their unbroken time on the unit's roster.
	Since calendar.Date
	// LastTrained is the day of their last valid attendance by the as-of date, zero
	// for never.
	LastTrained calendar.Date
	Newcomer    bool
	DueOn       calendar.Date
	// DaysLeft are the days until then, below zero once it has passed.
	DaysLeft int
}

// DaysOver are the days since the due date.
func (p LeftPerson) DaysOver() int { return -p.DaysLeft }

// leftRow is a row of the query behind the list.
type leftRow struct {
	UnitID     uint64
	PersonID   uint64
	Path       string
	Post       string
	PartTime   bool
	StartOn    calendar.Date
	DueOn      calendar.Date
	WindowFrom calendar.Date
	LastOn     calendar.Date
}

// MaxLeft is the largest page of those who are left.
const MaxLeft = 200

// Left answers a page of the people of a rotation who are not trained yet: by due
// date, then longest untrained first, who never was before all. There are as many
// as the table's roster less those trained.
func (d *Desk) Left(ctx context.Context, t *compliance.RotationTable, q LeftQuery) (*LeftPage, error) {
	if q.Limit < 0 || q.Limit > MaxLeft {
		return nil, models.InvalidFields([]models.Field{{Name: "limit", Key: "list.bad_limit", Args: models.Args("Max", MaxLeft)}})
	}
	if q.Limit == 0 {
		q.Limit = compliance.DefaultLimit
	}
	after, err := parseLeftCursor(q.Cursor)
	if err != nil {
		return nil, err
	}
	db := d.store.Read(ctx)
	page := &LeftPage{}
	if page.Total, err = d.countLeft(db, t, q.LeftFilter); err != nil {
		return nil, err
	}
	rows, err := d.leftRows(db, t, q.LeftFilter, after, q.Limit+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		page.Next = rows[len(rows)-1].cursor()
	}
	page.Items, err = leftPeople(db, t, rows)
	return page, err
}

// EachLeft visits all people that Left would list, in its order. The list is read
// once, so that it is of one state of the database however long it is.
func (d *Desk) EachLeft(ctx context.Context, t *compliance.RotationTable, f LeftFilter, visit func(LeftPerson) error) error {
	db := d.store.Read(ctx)
	rows, err := d.leftRows(db, t, f, nil, 0)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(rows, batch) {
		people, err := leftPeople(db, t, chunk)
		if err != nil {
			return err
		}
		for _, person := range people {
			if err := visit(person); err != nil {
				return err
			}
		}
	}
	return nil
}

// CountLeft returns how many people Left would list.
func (d *Desk) CountLeft(ctx context.Context, t *compliance.RotationTable, f LeftFilter) (int, error) {
	return d.countLeft(d.store.Read(ctx), t, f)
}

func (d *Desk) countLeft(db *gorm.DB, t *compliance.RotationTable, f LeftFilter) (int, error) {
	var count int64
	if err := d.left(db, t, f).Count(&count).Error; err != nil {
		return 0, fmt.Errorf("count who is left in %s: %w", t.Unit.Code, store.Translate(err))
	}
	return int(count), nil
}

// left is the query of those who are left and pass the filter.
func (d *Desk) left(db *gorm.DB, t *compliance.RotationTable, f LeftFilter) *gorm.DB {
	query := untrained(counted(db, t), t.AsOf)
	if f.Own {
		query = query.Where("r.unit_id = ?", t.Unit.ID)
	}
	if f.DueWithin > 0 {
		query = query.Where("r.due_on BETWEEN ? AND ?", t.AsOf, t.AsOf+calendar.Date(f.DueWithin))
	}
	if f.Class != "" {
		query = query.Where("r.class = ?", f.Class)
	}
	if f.Newcomers {
		// Some posting since the window began follows no other in the unit.
		query = query.Where("EXISTS (SELECT 1 FROM postings b WHERE b.person_id = q.person_id AND b.unit_id = q.unit_id AND b.known_on <= ? AND b.known_until > ?"+
			" AND b.start_on > r.window_from AND b.start_on <= q.start_on AND NOT EXISTS (SELECT 1 FROM postings e WHERE e.person_id = q.person_id"+
			" AND e.unit_id = q.unit_id AND e.known_on <= ? AND e.known_until > ? AND e.end_on = "+d.dayBefore("b.start_on")+"))", t.AsOf, t.AsOf, t.AsOf, t.AsOf)
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		pattern := "%" + likeEscape.Replace(strings.ToLower(text)) + "%"
		query = query.Joins("JOIN people n ON n.id = q.person_id").Joins("JOIN unit_changes m ON m.unit_id = r.unit_id AND m.known_on <= ? AND m.known_until > ?", t.AsOf, t.AsOf).
			Where("(lower(n.name) LIKE ? ESCAPE '!' OR lower(n.number) LIKE ? ESCAPE '!' OR lower(q.post) LIKE ? ESCAPE '!' OR lower(m.name) LIKE ? ESCAPE '!')",
				pattern, pattern, pattern, pattern)
	}
	return query
}

// dayBefore writes the day before a column's.
func (d *Desk) dayBefore(column string) string {
	if d.store.Dialect() == store.MySQL {
		return "CAST(DATE_SUB(" + column + ", INTERVAL 1 DAY) AS CHAR(10))"
	}
	return "DATE(" + column + ", '-1 day')"
}

// leftColumns select a leftRow, with the day of the last valid attendance.
const leftColumns = "r.unit_id, q.person_id, r.path, q.post, q.part_time, q.start_on, r.due_on, r.window_from," +
	" (SELECT MAX(a.held_on) " + validThen + " AND a.held_on <= ?) AS last_on"

// leftRows returns the first rows after a place in the list; a limit of 0 is none.
func (d *Desk) leftRows(db *gorm.DB, t *compliance.RotationTable, f LeftFilter, after *leftRow, limit int) ([]leftRow, error) {
	all := d.left(db, t, f).Select(leftColumns, t.AsOf, t.AsOf, t.AsOf)
	query := db.Table("(?) l", all).Order("l.due_on, COALESCE(l.last_on, ''), l.person_id")
	if after != nil {
		last := dayOrEmpty(after.LastOn)
		query = query.Where("l.due_on > ? OR (l.due_on = ? AND (COALESCE(l.last_on, '') > ? OR (COALESCE(l.last_on, '') = ? AND l.person_id > ?)))",
			after.DueOn, after.DueOn, last, last, after.PersonID)
	}
	if limit > 0 {
		query = query.Limit(limit)
	}
	var rows []leftRow
	if err := query.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("who is left in %s: %w", t.Unit.Code, store.Translate(err))
	}
	return rows, nil
}

func dayOrEmpty(day calendar.Date) string {
	if day.IsZero() {
		return ""
	}
	return day.String()
}

// cursor names the row's place in the list; it is opaque outside.
func (r leftRow) cursor() string {
	text := r.DueOn.String() + "." + dayOrEmpty(r.LastOn) + "." + strconv.FormatUint(r.PersonID, 10)
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// parseLeftCursor returns nil for none.
func parseLeftCursor(cursor string) (*leftRow, error) {
	if cursor == "" {
		return nil, nil
	}
	var row leftRow
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(text), ".")
	if err == nil && len(parts) == 3 {
		var errs [3]error
		row.DueOn, errs[0] = calendar.ParseDate(parts[0])
		row.LastOn, errs[1] = calendar.ParseDate(parts[1])
		row.PersonID, errs[2] = strconv.ParseUint(parts[2], 10, 63)
		if errs == [3]error{} && !row.DueOn.IsZero() {
			return &row, nil
		}
	}
	return nil, models.InvalidFields([]models.Field{{Name: "cursor", Key: "list.bad_cursor"}})
}

// leftPeople tells of the rows what is shown of them.
func leftPeople(db *gorm.DB, t *compliance.RotationTable, rows []leftRow) ([]LeftPerson, error) {
	var people, units []uint64
	for _, row := range rows {
		people, units = append(people, row.PersonID), append(units, row.UnitID)
	}
	named, err := namesOf(db, people)
	if err != nil {
		return nil, err
	}
	places, err := unitsThen(db, units, t.AsOf)
	if err != nil {
		return nil, err
	}
	since, err := rosterSince(db, rows, t.AsOf)
	if err != nil {
		return nil, err
	}
	list := make([]LeftPerson, len(rows))
	for i, row := range rows {
		list[i] = LeftPerson{Person: named[row.PersonID], Unit: places[row.UnitID], Post: row.Post, PartTime: row.PartTime,
			Since: since[i], LastTrained: row.LastOn, Newcomer: since[i] > row.WindowFrom, DueOn: row.DueOn, DaysLeft: int(row.DueOn - t.AsOf)}
	}
	return list, nil
}

// namesOf returns the people with the ids, merged ones too.
func namesOf(db *gorm.DB, ids []uint64) (map[uint64]models.Person, error) {
	people := map[uint64]models.Person{}
	for chunk := range slices.Chunk(ids, batch) {
		var some []models.Person
		if err := db.Where("id IN ?", chunk).Find(&some).Error; err != nil {
			return nil, fmt.Errorf("people: %w", store.Translate(err))
		}
		for _, person := range some {
			people[person.ID] = person
		}
	}
	return people, nil
}

// unitsThen returns the units as they were known at the end of the day.
func unitsThen(db *gorm.DB, ids []uint64, day calendar.Date) (map[uint64]models.Unit, error) {
	units := map[uint64]models.Unit{}
	for chunk := range slices.Chunk(ids, batch) {
		var some []models.Unit
		err := db.Table("unit_changes p").Joins("JOIN units u ON u.id = p.unit_id").Select("u.id, u.code, u.demo, p.name, p.name_en, p.kind, p.class, p.path").
			Where("p.unit_id IN ? AND p.known_on <= ? AND p.known_until > ?", chunk, day, day).Find(&some).Error
		if err != nil {
			return nil, fmt.Errorf("units as known on %s: %w", day, store.Translate(err))
		}
		for _, unit := range some {
			units[unit.ID] = unit
		}
	}
	return units, nil
}

// rosterSince returns since when the people of the rows are on their roster
// without a break, as known on the day: rules says how postings are joined.
func rosterSince(db *gorm.DB, rows []leftRow, day calendar.Date) ([]calendar.Date, error) {
	var ids []uint64
	for _, row := range rows {
		ids = append(ids, row.PersonID)
	}
	staff := map[uint64][]rules.StaffMember{}
	for chunk := range slices.Chunk(ids, batch) {
		var postings []models.Posting
		if err := db.Where("person_id IN ? AND known_on <= ? AND known_until > ?", chunk, day, day).Find(&postings).Error; err != nil {
			return nil, fmt.Errorf("postings: %w", store.Translate(err))
		}
		for _, p := range postings {
			staff[p.PersonID] = append(staff[p.PersonID], memberOf(p))
		}
	}
	since := make([]calendar.Date, len(rows))
	for i, row := range rows {
		since[i] = rules.RosterSince(rules.StaffMember{Unit: strconv.FormatUint(row.UnitID, 10), From: row.StartOn}, staff[row.PersonID])
	}
	return since, nil
}

// memberOf is the posting as the rules know it, by the ids of its rows.
func memberOf(p models.Posting) rules.StaffMember {
	return rules.StaffMember{ID: strconv.FormatUint(p.PersonID, 10), Unit: strconv.FormatUint(p.UnitID, 10), From: p.StartOn, To: p.EndOn}
}

// LeftCodes are the codes of those who are left of a subtree, in the order of
// Left.
type LeftCodes struct {
	// All are those of the whole subtree, ByRow those of each row of the table.
	All   []string
	ByRow [][]string
}

// LeftCodes returns the codes for the table and for each of its rows: all of
// them, or the first ones of each list up to the limit where it is not below 0.
func (d *Desk) LeftCodes(ctx context.Context, t *compliance.RotationTable, limit int) (LeftCodes, error) {
	db := d.store.Read(ctx)
	codes := LeftCodes{ByRow: make([][]string, len(t.Rows))}
	if limit == 0 {
		return codes, nil
	}
	rows, err := d.leftRows(db, t, LeftFilter{}, nil, 0)
	if err != nil {
		return codes, err
	}
	if limit < 0 {
		limit = len(rows)
	}
	all, byRow := divide(t, rows, limit)
	wanted := map[uint64]bool{}
	for _, ids := range append(byRow, all) {
		for _, id := range ids {
			wanted[id] = true
		}
	}
	people, err := namesOf(db, slices.Sorted(maps.Keys(wanted)))
	if err != nil {
		return codes, err
	}
	codes.All = personCodes(people, all)
	for i, ids := range byRow {
		codes.ByRow[i] = personCodes(people, ids)
	}
	return codes, nil
}

// divide puts the first people into the lists of the table and of its rows.
func divide(t *compliance.RotationTable, rows []leftRow, limit int) (all []uint64, byRow [][]uint64) {
	byRow = make([][]uint64, len(t.Rows))
	place := map[string]int{}
	for i, row := range t.Rows {
		place[row.Unit.Path] = i
	}
	for _, row := range rows {
		if len(all) < limit {
			all = append(all, row.PersonID)
		}
		under := t.Unit.Path
		if rest := strings.TrimPrefix(row.Path, under); rest != "" {
			part, _, _ := strings.Cut(rest, "/")
			under += part + "/"
		}
		if i, ok := place[under]; ok && len(byRow[i]) < limit {
			byRow[i] = append(byRow[i], row.PersonID)
		}
	}
	return all, byRow
}

func personCodes(people map[uint64]models.Person, ids []uint64) []string {
	codes := make([]string, len(ids))
	for i, id := range ids {
		person := people[id]
		codes[i] = person.Code()
	}
	return codes
}
