package bulletin

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// Query narrows a list of bulletins. Empty fields do not.
type Query struct {
	Status models.BulletinStatus
	Year   int
	// Text is looked for in titles, numbers and series.
	Text string
	// Cursor is the Next of the page before, Limit how many there are on a page.
	Cursor string
	Limit  int
}

// List is a page of an office's bulletins, the latest first, without their contents.
type List struct {
	Unit  models.Unit
	Items []models.Bulletin
	// Newest are the newest published editions of the series of the office.
	Newest map[string]int
	// Counts are by status, of all that Year and Text select.
	Counts map[models.BulletinStatus]int
	Years  []int
	Next   string
	// Above are the newest published ones of the offices above the unit.
	Above     []models.Bulletin
	MayManage bool
}

// Total is how many there are in all statuses.
func (l *List) Total() int {
	return l.Counts[models.BulletinDraft] + l.Counts[models.BulletinPublished]
}

// maxAbove is how many bulletins of the offices above are listed.
const maxAbove = 10

// Bulletins lists the bulletins of an office: all editions; drafts only for those who may
// manage them.
func (d *Desk) Bulletins(ctx context.Context, actor compliance.Actor, code string, q Query) (*List, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readBulletin, readBulletin, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	list := &List{Unit: unit, Counts: map[models.BulletinStatus]int{}, MayManage: actor.Allow(manageBulletin, unit) == nil}
	seen := w.TX.Model(&models.Bulletin{}).Where("unit_id = ?", unit.ID)
	if !list.MayManage {
		seen = seen.Where("status = ?", models.BulletinPublished)
	}
	seen = seen.Session(&gorm.Session{})
	if err := seen.Distinct("year").Order("year DESC").Pluck("year", &list.Years).Error; err != nil {
		return nil, fmt.Errorf("years of bulletins: %w", store.Translate(err))
	}
	query := q.narrow(seen).Session(&gorm.Session{})
	if err := list.count(query); err != nil {
		return nil, err
	}
	if err := list.fill(query, q); err != nil {
		return nil, err
	}
	if list.Newest, err = newestEditions(w.TX.Where("unit_id = ?", unit.ID)); err != nil {
		return nil, err
	}
	list.Above, err = rowsOf(w.TX.Where("status = ? AND unit_id IN ?", models.BulletinPublished, above(unit)).
		Where("NOT EXISTS (SELECT 1 FROM bulletins l WHERE l.series = bulletins.series AND l.edition > bulletins.edition AND l.status = ?)", models.BulletinPublished).
		Order("published_on DESC, id DESC").Limit(maxAbove))
	if err != nil {
		return nil, fmt.Errorf("above %s: %w", unit.Code, err)
	}
	return list, nil
}

// newestEditions are the newest published editions among the bulletins of the query, by
// series.
func newestEditions(query *gorm.DB) (map[string]int, error) {
	var rows []struct {
		Series  string
		Edition int
	}
	err := query.Model(&models.Bulletin{}).Where("status = ?", models.BulletinPublished).Select("series, max(edition) AS edition").Group("series").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("newest editions: %w", store.Translate(err))
	}
	newest := make(map[string]int, len(rows))
	for _, row := range rows {
		newest[row.Series] = row.Edition
	}
	return newest, nil
}

// narrow adds the year and the text.
func (q Query) narrow(query *gorm.DB) *gorm.DB {
	if q.Year != 0 {
		query = query.Where("year = ?", q.Year)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		query = query.Where("(lower(title) LIKE ? ESCAPE '!' OR lower(number) LIKE ? ESCAPE '!' OR series LIKE ? ESCAPE '!')", like(text), like(text), like(text))
	}
	return query
}

// like is the pattern of what has the text in it, in lower case, with ! as its escape.
func like(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(text)) + "%"
}

func (l *List) count(query *gorm.DB) error {
	var counts []struct {
		Status models.BulletinStatus
		Count  int
	}
	if err := query.Select("status, count(*) AS count").Group("status").Scan(&counts).Error; err != nil {
		return fmt.Errorf("count bulletins: %w", store.Translate(err))
	}
	for _, c := range counts {
		l.Counts[c.Status] = c.Count
	}
	return nil
}

func (l *List) fill(query *gorm.DB, q Query) error {
	if q.Status != "" {
		query = query.Where("status = ?", q.Status)
	}
	if id, err := strconv.ParseUint(q.Cursor, 10, 63); err == nil {
		query = query.Where("id < ?", id)
	}
	if q.Limit > 0 {
		query = query.Limit(q.Limit + 1)
	}
	var err error
	if l.Items, err = rowsOf(query.Order("id DESC")); err != nil {
		return err
	}
	if q.Limit > 0 && len(l.Items) > q.Limit {
		l.Items = l.Items[:q.Limit]
		l.Next = strconv.FormatUint(l.Items[q.Limit-1].ID, 10)
	}
	return nil
}

// above are the ids of the units above the unit.
func above(unit models.Unit) []uint64 {
	ids := []uint64{}
	for _, text := range strings.Split(strings.Trim(unit.Path, "/"), "/") {
		if id, err := strconv.ParseUint(text, 10, 63); err == nil && id != unit.ID {
			ids = append(ids, id)
		}
	}
	return ids
}
