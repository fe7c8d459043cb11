package bulletin

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// folder is a bulletin with its parts read.
type folder struct {
	models.Bulletin
	unit     models.Unit
	data     *Data
	words    Words
	settings Settings
}

// open reads the parts of a row.
func openFolder(row models.Bulletin, unit models.Unit) (*folder, error) {
	f := &folder{Bulletin: row, unit: unit, data: &Data{}}
	for _, part := range []struct {
		name, text string
		into       any
	}{{"data", row.Data, f.data}, {"words", row.Words, &f.words}, {"settings", row.Settings, &f.settings}} {
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return nil, fmt.Errorf("%s of bulletin %d: %w", part.name, row.ID, err)
		}
	}
	return f, nil
}

// row returns the bulletin to who may see it: published ones where they may read, drafts
// where they may manage. To others it is as if it were not there.
func (d *Desk) row(w *desk.Write, query *gorm.DB, id uint64) (models.Bulletin, models.Unit, error) {
	var row models.Bulletin
	if err := desk.One(query.Where("id = ?", id), &row, "bulletins.unknown"); err != nil {
		return row, models.Unit{}, err
	}
	permission := readBulletin
	if row.Status == models.BulletinDraft {
		permission = manageBulletin
	}
	unit, err := w.Actor.Unit(w.TX, permission, "id", row.UnitID, "bulletins.unknown")
	return row, unit, err
}

// View is a bulletin as it is worked on and read.
type View struct {
	models.Bulletin
	Unit     models.Unit
	Data     *Data
	Words    Words
	Settings Settings
	// Fields are what the words may have.
	Fields []Field
	// Publication is it as it is read; its paragraphs are nil while the words have Faults.
	Publication Publication
	Faults      []models.Field
	// Editions are all of the series that the actor may see, the newest first.
	Editions []models.Bulletin
	// Changes are against the edition before; nil for the first one.
	Changes *Changes
	// MayManage tells that the actor may change a draft, and correct what is published.
	MayManage bool
}

// Newest tells that there is no later edition, published or begun.
func (v *View) Newest() bool { return len(v.Editions) == 0 || v.Editions[0].ID == v.ID }

// Bulletin returns a bulletin: a published one to who may read about its unit, a draft to
// who may manage it.
func (d *Desk) Bulletin(ctx context.Context, actor compliance.Actor, id uint64) (*View, error) {
	w := d.Look(ctx, actor)
	row, unit, err := d.row(w, w.TX, id)
	if err != nil {
		return nil, err
	}
	f, err := openFolder(row, unit)
	if err != nil {
		return nil, err
	}
	v := &View{Bulletin: row, Unit: unit, Data: f.data, Words: f.words, Settings: f.settings, Fields: f.data.Fields(), Faults: f.words.faults(f.data),
		MayManage: actor.Allow(manageBulletin, unit) == nil}
	if v.Publication, err = f.publication(w.TX); err != nil {
		return nil, err
	}
	query := w.TX.Omit("data", "words", "settings").Where("series = ?", row.Series)
	if !v.MayManage {
		query = query.Where("status = ?", models.BulletinPublished)
	}
	if err := query.Order("edition DESC").Find(&v.Editions).Error; err != nil {
		return nil, fmt.Errorf("editions of %s: %w", row.Series, store.Translate(err))
	}
	v.Changes, err = changesOf(w.TX, f)
	return v, err
}

// publication is the bulletin as it is read.
func (f *folder) publication(tx *gorm.DB) (Publication, error) {
	p := Publication{ID: f.ID, Series: f.Series, Edition: f.Edition, Status: f.Status, Title: f.Title, Number: f.Number, Office: f.data.Scope, Year: f.Year,
		AsOf: f.AsOf, PublishedOn: f.PublishedOn, Change: f.Change, Settings: f.settings, Data: f.data, Demo: f.unit.Demo}
	var err error
	if len(f.words.faults(f.data)) == 0 {
		if p.Paragraphs, err = f.words.fill(f.data); err != nil {
			return p, err
		}
	}
	if f.Status == models.BulletinPublished {
		p.Seal, err = sealOf(tx, f.Bulletin)
	}
	return p, err
}

// Changes are what an edition has different from the one before.
type Changes struct {
	Edition    int
	Numbers    []Difference
	Paragraphs []ParagraphChange
	// TitleBefore is the title then, when it was another one.
	TitleBefore string
}

// Any tells whether there are any.
func (c *Changes) Any() bool { return len(c.Numbers)+len(c.Paragraphs) > 0 || c.TitleBefore != "" }

// changesOf compares with the edition before.
func changesOf(tx *gorm.DB, f *folder) (*Changes, error) {
	if f.Edition == 1 {
		return nil, nil
	}
	var row models.Bulletin
	if err := desk.One(tx.Where("series = ? AND edition = ?", f.Series, f.Edition-1), &row, "bulletins.unknown"); err != nil {
		return nil, err
	}
	before, err := openFolder(row, f.unit)
	if err != nil {
		return nil, err
	}
	changes := &Changes{Edition: row.Edition, Numbers: before.data.Differences(f.data)}
	if row.Title != f.Title {
		changes.TitleBefore = row.Title
	}
	then, err := before.words.fill(before.data)
	if err != nil {
		return changes, err
	}
	if len(f.words.faults(f.data)) > 0 {
		return changes, nil
	}
	now, err := f.words.fill(f.data)
	changes.Paragraphs = paragraphChanges(then, now)
	return changes, err
}
