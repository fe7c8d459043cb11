package bulletin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// ShelfQuery narrows what is published. Empty fields do not.
type ShelfQuery struct {
	// Unit and Policy are codes. A bulletin about all policies counts under each of them.
	Unit, Policy string
	Year         int
	// Text is looked for in titles, numbers and the names of offices.
	Text string
	// Cursor is the Next of the page before, Limit how many there are on a page.
	Cursor string
	Limit  int
}

// Shelf is what all offices have published: the newest edition of each bulletin, the latest
// year first and in it the latest published.
type Shelf struct {
	Items []Shelved
	// Total is how many the query selects, All how many there are without it.
	Total, All int
	Next       string
	// Units, Years and Policies are those of all that is published.
	Units    []ShelfUnit
	Years    []int
	Policies []models.Policy
	// Unit is the office that the query names, with as much of it as ShelfUnit has.
	Unit *models.Unit
}

// Shelved is a published bulletin with the editions that it replaced, the newest first.
type Shelved struct {
	Issue
	Replaced []Issue
}

// ShelfUnit is an office that has published, with how many bulletins and the latest year.
type ShelfUnit struct {
	models.Unit
	Bulletins int
	Latest    int
}

// newestIssued selects the newest published edition of each bulletin.
func newestIssued(tx *gorm.DB) *gorm.DB {
	return tx.Model(&models.Bulletin{}).Where("bulletins.status = ?", models.BulletinPublished).
		Where("NOT EXISTS (SELECT 1 FROM bulletins l WHERE l.series = bulletins.series AND l.edition > bulletins.edition AND l.status = ?)", models.BulletinPublished)
}

// Shelf lists what is published, to everybody.
func (d *Desk) Shelf(ctx context.Context, q ShelfQuery) (*Shelf, error) {
	w := d.Look(ctx, compliance.Actor{})
	s := &Shelf{}
	if err := s.survey(w.TX); err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(s.Units, func(u ShelfUnit) bool { return u.Code == q.Unit }); at >= 0 {
		s.Unit = &s.Units[at].Unit
	}
	narrowed := s.narrow(newestIssued(w.TX), q).Session(&gorm.Session{})
	var total int64
	if err := narrowed.Count(&total).Error; err != nil {
		return nil, fmt.Errorf("count published bulletins: %w", store.Translate(err))
	}
	s.Total = int(total)
	return s, s.fill(w.TX, narrowed, q)
}

// survey counts what there is, by office and by year, and finds the policies.
func (s *Shelf) survey(tx *gorm.DB) error {
	var groups []struct {
		UnitID uint64
		Year   int
		Count  int
	}
	if err := newestIssued(tx).Select("unit_id, year, count(*) AS count").Group("unit_id, year").Scan(&groups).Error; err != nil {
		return fmt.Errorf("offices that publish: %w", store.Translate(err))
	}
	byID := map[uint64]*ShelfUnit{}
	ids := []uint64{}
	for _, g := range groups {
		if byID[g.UnitID] == nil {
			byID[g.UnitID], ids = &ShelfUnit{}, append(ids, g.UnitID)
		}
		byID[g.UnitID].Bulletins += g.Count
		byID[g.UnitID].Latest = max(byID[g.UnitID].Latest, g.Year)
		s.All += g.Count
		s.Years = append(s.Years, g.Year)
	}
	slices.Sort(s.Years)
	s.Years = slices.Compact(s.Years)
	slices.Reverse(s.Years)
	var units []models.Unit
	if err := tx.Where("id IN ?", ids).Order("code").Find(&units).Error; err != nil {
		return fmt.Errorf("offices that publish: %w", store.Translate(err))
	}
	for _, unit := range units {
		found := byID[unit.ID]
		found.Unit = unit
		s.Units = append(s.Units, *found)
	}
	return s.findPolicies(tx)
}

// findPolicies keeps the policies that something published is about.
func (s *Shelf) findPolicies(tx *gorm.DB) error {
	var all []models.Policy
	if err := tx.Omit("source").Order("published, code").Find(&all).Error; err != nil {
		return fmt.Errorf("policies of bulletins: %w", store.Translate(err))
	}
	for _, policy := range all {
		var found []uint64
		if err := about(newestIssued(tx), policy.Code).Limit(1).Pluck("bulletins.id", &found).Error; err != nil {
			return fmt.Errorf("bulletins about %s: %w", policy.Code, store.Translate(err))
		}
		if len(found) > 0 {
			s.Policies = append(s.Policies, policy)
		}
	}
	return nil
}

// policiesWithin is in how much of the data, from its beginning, the policies are looked
// for: they stand before the obligations, and lists run to hundreds of kilobytes.
const policiesWithin = 1 << 14

// about selects the bulletins that are about the policy, alone or among all of their office.
func about(query *gorm.DB, policy string) *gorm.DB {
	mark := `{"code":` + encoded(policy) + `,"edition":`
	return query.Where("(policy = ? OR (policy = '' AND INSTR(SUBSTR(data, 1, ?), ?) > 0))", policy, policiesWithin, mark)
}

// narrow adds what the query asks for. A unit that has published nothing selects nothing.
func (s *Shelf) narrow(query *gorm.DB, q ShelfQuery) *gorm.DB {
	if q.Unit != "" {
		id := uint64(0)
		if s.Unit != nil {
			id = s.Unit.ID
		}
		query = query.Where("unit_id = ?", id)
	}
	if q.Year != 0 {
		query = query.Where("year = ?", q.Year)
	}
	if q.Policy != "" {
		query = about(query, q.Policy)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		query = query.Where("(lower(title) LIKE ? ESCAPE '!' OR lower(number) LIKE ? ESCAPE '!' OR unit_id IN ?)", like(text), like(text), s.named(text))
	}
	return query
}

// named are the ids of the offices whose names have the text.
func (s *Shelf) named(text string) []uint64 {
	ids := []uint64{}
	for _, unit := range s.Units {
		if text = strings.ToLower(text); strings.Contains(unit.Name, text) || strings.Contains(strings.ToLower(unit.NameEN), text) {
			ids = append(ids, unit.ID)
		}
	}
	return ids
}

// fill reads the page that the cursor begins.
func (s *Shelf) fill(tx, query *gorm.DB, q ShelfQuery) error {
	if id, err := strconv.ParseUint(q.Cursor, 10, 63); err == nil {
		query = query.Where("(bulletins.year, bulletins.published_on, bulletins.id) < (SELECT b.year, b.published_on, b.id FROM bulletins b WHERE b.id = ?)", id)
	}
	var ids []uint64
	err := query.Order("bulletins.year DESC, bulletins.published_on DESC, bulletins.id DESC").Limit(q.Limit+1).Pluck("bulletins.id", &ids).Error
	if err != nil {
		return fmt.Errorf("published bulletins: %w", store.Translate(err))
	}
	if len(ids) > q.Limit {
		ids = ids[:q.Limit]
		s.Next = strconv.FormatUint(ids[q.Limit-1], 10)
	}
	for _, id := range ids {
		shelved, err := shelvedOf(tx, id)
		if err != nil {
			return err
		}
		s.Items = append(s.Items, shelved)
	}
	return nil
}

// shelvedOf reads a bulletin by the id of its newest edition.
func shelvedOf(tx *gorm.DB, id uint64) (Shelved, error) {
	editions, err := issuesOf(tx, tx.Where("status = ? AND series = (SELECT n.series FROM bulletins n WHERE n.id = ?)", models.BulletinPublished, id).Order("edition DESC"))
	if err != nil || len(editions) == 0 {
		return Shelved{}, err
	}
	return Shelved{editions[0], editions[1:]}, nil
}

// CatalogEntry is a published edition in the catalog; Newest is the latest edition of its
// bulletin.
type CatalogEntry struct {
	Issue
	Newest int
}

// Catalog lists all published editions, the latest published first, from the cursor on;
// next is the cursor of the page behind it, empty at the end.
func (d *Desk) Catalog(ctx context.Context, cursor string, limit int) (entries []CatalogEntry, next string, err error) {
	w := d.Look(ctx, compliance.Actor{})
	query := w.TX.Where("status = ?", models.BulletinPublished)
	if id, err := strconv.ParseUint(cursor, 10, 63); err == nil {
		query = query.Where("id < ?", id)
	}
	issues, err := issuesOf(w.TX, query.Order("id DESC").Limit(limit+1))
	if err != nil {
		return nil, "", err
	}
	if len(issues) > limit {
		issues = issues[:limit]
		next = strconv.FormatUint(issues[limit-1].id, 10)
	}
	newest, err := newestEditions(w.TX)
	if err != nil {
		return nil, "", err
	}
	for _, issue := range issues {
		entries = append(entries, CatalogEntry{issue, newest[issue.Series]})
	}
	return entries, next, nil
}
