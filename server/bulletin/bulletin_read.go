package bulletin

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
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
	row, err := oneRow(query.Where("id = ?", id))
	if err != nil {
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
	v := &View{Bulletin: row, Unit: unit, Data: &Data{}, MayManage: actor.Allow(manageBulletin, unit) == nil}
	query := w.TX.Where("series = ?", row.Series)
	if !v.MayManage {
		query = query.Where("status = ?", models.BulletinPublished)
	}
	if v.Editions, err = rowsOf(query.Order("edition DESC")); err != nil {
		return nil, err
	}
	var seal Seal
	if row.Status == models.BulletinPublished {
		if seal, err = sealOf(w.TX, row); err != nil {
			return nil, err
		}
		if !seal.Holds() {
			v.Publication = brokenPublication(row, seal)
			return v, nil
		}
	}
	return v, v.fill(w.TX, seal)
}

// fill reads what the bulletin holds.
func (v *View) fill(tx *gorm.DB, seal Seal) error {
	f, err := openFolder(v.Bulletin, v.Unit)
	if err != nil {
		return err
	}
	v.Data, v.Words, v.Settings, v.Fields, v.Faults = f.data, f.words, f.settings, f.data.Fields(), f.words.faults(f.data)
	if v.Publication, err = f.publication(seal); err != nil {
		return err
	}
	v.Changes, err = changesOf(tx, f)
	return err
}

// Broken tells that it is published and not what was published any more: nothing but its
// seal is told of it.
func (v *View) Broken() bool {
	return v.Status == models.BulletinPublished && !v.Publication.Seal.Holds()
}

// publication is the bulletin as it is read.
func (f *folder) publication(seal Seal) (Publication, error) {
	p := Publication{ID: f.ID, Series: f.Series, Edition: f.Edition, Status: f.Status, Title: f.Title, Number: f.Number, Office: f.data.Scope, Year: f.Year,
		AsOf: f.AsOf, PublishedOn: f.PublishedOn, Change: f.Change, Settings: f.settings, Data: f.data, Demo: f.data.Demo, Seal: seal}
	var err error
	if len(f.words.faults(f.data)) == 0 {
		p.Paragraphs, err = f.words.fill(f.data)
	}
	return p, err
}

// Changes are what an edition has different from the one before.
type Changes struct {
	Edition int
	// Broken tells that the edition before is not what was published any more: none of it
	// is told.
	Broken     bool
	Numbers    []Difference
	Paragraphs []ParagraphChange
	// TitleBefore is the title then, when it was another one.
	TitleBefore string
	// Renumbered tells that the document had another number, NumberBefore, or none.
	Renumbered   bool
	NumberBefore string
}

// Any tells whether there are any.
func (c *Changes) Any() bool {
	return len(c.Numbers)+len(c.Paragraphs) > 0 || c.TitleBefore != "" || c.Renumbered
}

// changesOf compares with the edition before; whatever became of that one, this one is
// read.
func changesOf(tx *gorm.DB, f *folder) (*Changes, error) {
	if f.Edition == 1 {
		return nil, nil
	}
	changes := &Changes{Edition: f.Edition - 1, Broken: true}
	row, err := oneRow(tx.Where("series = ? AND edition = ?", f.Series, f.Edition-1))
	if models.IsCode(err, models.NotFound) {
		return changes, nil
	}
	if err != nil {
		return nil, err
	}
	seal, err := sealOf(tx, row)
	if err != nil {
		return nil, err
	}
	if row.Status != models.BulletinPublished || !seal.Holds() {
		return changes, nil
	}
	before, err := openFolder(row, f.unit)
	if err != nil {
		return nil, err
	}
	changes.Broken, changes.Numbers = false, before.data.Differences(f.data)
	if row.Title != f.Title {
		changes.TitleBefore = row.Title
	}
	if row.Number != f.Number {
		changes.Renumbered, changes.NumberBefore = true, row.Number
	}
	then, err := before.words.fill(before.data)
	if err != nil || len(f.words.faults(f.data)) > 0 {
		return changes, err
	}
	now, err := f.words.fill(f.data)
	changes.Paragraphs = paragraphChanges(then, now)
	return changes, err
}
