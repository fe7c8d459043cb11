package bulletin

import (
	"context"

	"sundial/models"
	"sundial/server/compliance"
)

// Public is a published bulletin as everybody may read it.
type Public struct {
	Publication
	// Newest is the latest published edition of the series.
	Newest int
	// Policy is the code of the one it is narrowed to, empty for all.
	Policy string
	// Sealed is what the hash of its seal covers, byte by byte; empty when that does not
	// hold.
	Sealed string
	// Editions are all published ones, the newest first.
	Editions []Issue
	// Changes are against the edition before; nil for the first one.
	Changes *Changes
}

// Public returns a published edition of a series, 0 for the newest one, to everybody. One
// that is not published, or not there, is NotFound. Of one that is not what was published
// any more only its name and its seal are told.
func (d *Desk) Public(ctx context.Context, series string, edition int) (*Public, error) {
	w := d.Look(ctx, compliance.Actor{})
	published := w.TX.Omit("created_at", "composed_at", "published_at").Where("series = ? AND status = ?", series, models.BulletinPublished)
	if edition > 0 {
		published = published.Where("edition = ?", edition)
	}
	row, err := oneRow(published.Order("edition DESC"))
	if err != nil {
		return nil, err
	}
	units, err := w.Units(row.UnitID)
	if err != nil {
		return nil, err
	}
	p := &Public{}
	p.Editions, err = issuesOf(w.TX, w.TX.Where("series = ? AND status = ?", series, models.BulletinPublished).Order("edition DESC"))
	if err != nil {
		return nil, err
	}
	p.Newest = p.Editions[0].Edition
	seal, err := sealOf(w.TX, row)
	if err != nil {
		return nil, err
	}
	if !seal.Holds() {
		p.Publication = brokenPublication(row, seal)
		return p, nil
	}
	f, err := openFolder(row, units[row.UnitID])
	if err != nil {
		return nil, err
	}
	p.Policy, p.Sealed = row.Policy, SealedText(row)
	if p.Publication, err = f.publication(seal); err != nil {
		return nil, err
	}
	p.Changes, err = changesOf(w.TX, f)
	return p, err
}

// brokenPublication is a bulletin that was changed by hand: that is told, and nothing is
// read out of what it holds.
func brokenPublication(row models.Bulletin, seal Seal) Publication {
	return Publication{ID: row.ID, Series: row.Series, Edition: row.Edition, Status: row.Status, Title: row.Title, Number: row.Number, Year: row.Year,
		AsOf: row.AsOf, PublishedOn: row.PublishedOn, Data: &Data{}, Seal: seal}
}
