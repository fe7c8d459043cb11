package bulletin

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// Public is a published bulletin as everybody may read it.
type Public struct {
	Publication
	// Newest is the latest published edition of the series.
	Newest int
	// Editions are all published ones, the newest first, without their contents.
	Editions []models.Bulletin
	// Changes are against the edition before; nil for the first one.
	Changes *Changes
}

// Public returns a published edition of a series, 0 for the newest one, to everybody. One
// that is not published, or not there, is NotFound.
func (d *Desk) Public(ctx context.Context, series string, edition int) (*Public, error) {
	w := d.Look(ctx, compliance.Actor{})
	published := w.TX.Where("series = ? AND status = ?", series, models.BulletinPublished)
	if edition > 0 {
		published = published.Where("edition = ?", edition)
	}
	var row models.Bulletin
	if err := desk.One(published.Order("edition DESC"), &row, "bulletins.unknown"); err != nil {
		return nil, err
	}
	units, err := w.Units(row.UnitID)
	if err != nil {
		return nil, err
	}
	p := &Public{}
	err = w.TX.Omit("data", "words", "settings").Where("series = ? AND status = ?", series, models.BulletinPublished).Order("edition DESC").Find(&p.Editions).Error
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", series, store.Translate(err))
	}
	p.Newest = p.Editions[0].Edition
	f, err := openFolder(row, units[row.UnitID])
	if err != nil {
		return p.broken(row, err)
	}
	if p.Publication, err = f.publication(w.TX); err != nil {
		return nil, err
	}
	p.Changes, err = changesOf(w.TX, f)
	return p, err
}

// broken is a bulletin that was changed by hand so that it cannot be read any more: that is
// told, not hidden behind an error.
func (p *Public) broken(row models.Bulletin, cause error) (*Public, error) {
	if row.Hash == hashOf(row) {
		return nil, cause
	}
	p.Publication = Publication{ID: row.ID, Series: row.Series, Edition: row.Edition, Status: row.Status, Title: row.Title, Number: row.Number, Year: row.Year,
		AsOf: row.AsOf, PublishedOn: row.PublishedOn, Data: &Data{}, Seal: Seal{Published: row.Hash, Now: hashOf(row)}}
	return p, nil
}
