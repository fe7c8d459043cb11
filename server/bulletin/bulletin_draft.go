package bulletin

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// Input says what a bulletin is about.
type Input struct {
	Year   int
	AsOf   calendar.Date
	Policy string
	// Round is that whose ranking is published, 0 for none.
	Round    uint64
	Settings Settings
}

func (in Input) question(unit models.Unit) question {
	q := question{unit: unit, year: in.Year, asOf: in.AsOf, policy: in.Policy, settings: in.Settings}
	if in.Round != 0 {
		q.round = &in.Round
	}
	return q
}

// Preview is what a bulletin would begin with.
type Preview struct {
	Unit  models.Unit
	Title string
	Data  *Data
	Words Words
	// Paragraphs are the words with their numbers.
	Paragraphs []Paragraph
}

// Preview composes a bulletin of the unit and keeps nothing.
func (d *Desk) Preview(ctx context.Context, actor compliance.Actor, code string, in Input) (*Preview, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readBulletin, manageBulletin, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	data, err := d.compose(ctx, w, in.question(unit))
	if err != nil {
		return nil, err
	}
	p := &Preview{Unit: unit, Data: data}
	p.Title, p.Words = draftWords(data)
	p.Paragraphs, err = p.Words.fill(data)
	return p, err
}

// Rounds are those of the office whose ranking a bulletin may publish, the latest first.
func (d *Desk) Rounds(ctx context.Context, actor compliance.Actor, unit models.Unit) ([]models.Round, error) {
	w := d.Look(ctx, actor)
	if err := actor.Allow(manageBulletin, unit); err != nil {
		return nil, err
	}
	var rounds []models.Round
	err := w.TX.Where("unit_id = ? AND status <> ?", unit.ID, models.RoundScoring).Order("year DESC, id DESC").Find(&rounds).Error
	if err != nil {
		return nil, fmt.Errorf("rounds of %s: %w", unit.Code, store.Translate(err))
	}
	return rounds, nil
}

// Draft begins a bulletin of the unit: composed, with words to begin with.
func (d *Desk) Draft(ctx context.Context, actor compliance.Actor, code string, in Input) (*models.Bulletin, error) {
	preview, err := d.Preview(ctx, actor, code, in)
	if err != nil {
		return nil, err
	}
	q := in.question(preview.Unit)
	row := models.Bulletin{Edition: 1, UnitID: preview.Unit.ID, Year: in.Year, AsOf: in.AsOf, Policy: in.Policy, RoundID: q.round, Title: preview.Title,
		Status: models.BulletinDraft, Settings: encoded(in.Settings), Words: encoded(preview.Words), Data: encoded(preview.Data), CreatedBy: actor.ID, Version: 1}
	err = d.Write(ctx, actor, func(w *desk.Write) error {
		unit, err := w.Unit(code, readBulletin, manageBulletin, "supervision.unit_unknown")
		if err != nil {
			return err
		}
		row.ID, row.CreatedAt, row.ComposedAt = 0, w.At, w.At
		if row.Series, err = nextSeries(w, unit, in.Year); err != nil {
			return err
		}
		if err := w.TX.Create(&row).Error; err != nil {
			return fmt.Errorf("store bulletin: %w", err)
		}
		return w.Record(compliance.Act{Action: "create", Object: "bulletin", ID: row.ID, Unit: &unit, Permission: manageBulletin, Now: factsOf(row)})
	})
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// nextSeries names a new series: the code of the office, the year and a number, so that it
// can be cited. The office's row is locked: two that begin at once have two numbers.
func nextSeries(w *desk.Write, unit models.Unit, year int) (string, error) {
	if err := w.Locked().Select("id").Where("id = ?", unit.ID).Take(&models.Unit{}).Error; err != nil {
		return "", fmt.Errorf("lock unit %s: %w", unit.Code, err)
	}
	prefix := unit.Code + "-" + strconv.Itoa(year) + "-"
	var taken []string
	err := w.TX.Model(&models.Bulletin{}).Where("unit_id = ? AND year = ?", unit.ID, year).Pluck("series", &taken).Error
	if err != nil {
		return "", fmt.Errorf("series of %s: %w", unit.Code, err)
	}
	last := 0
	for _, series := range taken {
		if number, err := strconv.Atoi(strings.TrimPrefix(series, prefix)); err == nil {
			last = max(last, number)
		}
	}
	return prefix + strconv.Itoa(last+1), nil
}

// factsOf are what the audit log tells of a bulletin.
func factsOf(row models.Bulletin) map[string]any {
	return map[string]any{"series": row.Series, "issue": row.Edition, "year": row.Year, "as_of": row.AsOf, "policy": row.Policy, "round": row.RoundID,
		"title": row.Title, "number": row.Number, "publication": row.Status, "change": row.Change}
}

// draft locks a draft that the actor may change and checks its version.
func (d *Desk) draft(w *desk.Write, id uint64, version int) (*folder, error) {
	row, unit, err := d.row(w, w.Locked(), id)
	if err != nil {
		return nil, err
	}
	if err := w.Actor.Allow(manageBulletin, unit); err != nil {
		return nil, err
	}
	switch {
	case row.Status == models.BulletinPublished:
		return nil, models.NewError(models.Conflict, "bulletins.published", "Title", row.Title, "On", row.PublishedOn)
	case row.Version != version:
		return nil, models.NewError(models.Stale, "bulletins.stale")
	}
	return openFolder(row, unit)
}

// store writes the changed row of a draft.
func (f *folder) store(w *desk.Write, action string, before map[string]any, detail any) error {
	seen := f.Version
	f.Version++
	stored := w.TX.Model(&models.Bulletin{}).Where("id = ? AND version = ? AND status = ?", f.ID, seen, models.BulletinDraft).
		Select("*").Omit("id", "created_at", "created_by").Updates(f.Bulletin)
	if stored.Error != nil {
		return fmt.Errorf("store bulletin %d: %w", f.ID, stored.Error)
	}
	if stored.RowsAffected != 1 {
		return store.ErrOvertaken
	}
	return w.Record(compliance.Act{Action: action, Object: "bulletin", ID: f.ID, Unit: &f.unit, Permission: manageBulletin, Before: before, Now: factsOf(f.Bulletin), Detail: detail})
}

// WordsInput are the words of a draft.
type WordsInput struct {
	Title, Number string
	// Change says what a correction changes and why; it stays empty in a first edition.
	Change string
	Words  Words
}

// Bounds of what stands around the words.
const (
	maxTitle  = 200
	maxNumber = 100
	maxChange = 2000
	maxTicked = 500
)

// PutWords changes the words of a draft; its numbers stay. Fields that the data does not
// have are Invalid, each with the paragraph. Ticks of numbers that are not there any more
// are dropped.
func (d *Desk) PutWords(ctx context.Context, actor compliance.Actor, id uint64, version int, in WordsInput) (*models.Bulletin, error) {
	in.Title, in.Number, in.Change = strings.TrimSpace(visible(in.Title)), strings.TrimSpace(visible(in.Number)), strings.TrimSpace(visible(in.Change))
	in.Words = in.Words.clean()
	var row models.Bulletin
	err := d.Write(ctx, actor, func(w *desk.Write) error {
		f, err := d.draft(w, id, version)
		if err != nil {
			return err
		}
		if err := models.InvalidFields(append(in.faults(f.Edition), in.Words.faults(f.data)...)); err != nil {
			return err
		}
		before := factsOf(f.Bulletin)
		words := Words{Paragraphs: in.Words.Paragraphs}
		for _, typed := range append(f.data.Typed(in.Title, in.Words), f.data.TypedNote(in.Change, in.Words)...) {
			if typed.Excused {
				words.Ticked = append(words.Ticked, typed.Ticked)
			}
		}
		f.Title, f.Number, f.Change, f.Bulletin.Words = in.Title, in.Number, in.Change, encoded(words)
		if err := f.store(w, "edit", before, map[string]any{"paragraphs": len(words.Paragraphs), "ticked": len(words.Ticked)}); err != nil {
			return err
		}
		row = f.Bulletin
		return nil
	})
	return &row, err
}

func (in WordsInput) faults(edition int) []models.Field {
	var faults []models.Field
	long := func(name, text string, most int) {
		if length := len([]rune(text)); length > most {
			faults = append(faults, models.Field{Name: name, Key: "bulletins.too_long", Args: models.Args("Max", most, "Length", length)})
		}
	}
	long("title", in.Title, maxTitle)
	long("number", in.Number, maxNumber)
	long("change", in.Change, maxChange)
	switch {
	case in.Title == "":
		faults = append(faults, models.Field{Name: "title", Key: "filing.required"})
	case len(in.Words.Ticked) > maxTicked:
		faults = append(faults, models.Field{Name: "ticked", Key: "bulletins.many_ticks", Args: models.Args("Max", maxTicked)})
	}
	if edition > 1 && in.Change == "" {
		faults = append(faults, models.Field{Name: "change", Key: "bulletins.change_missing"})
	}
	return faults
}

// Recompose composes a draft anew, of what the input asks for; its words stay.
func (d *Desk) Recompose(ctx context.Context, actor compliance.Actor, id uint64, version int, in Input) (*models.Bulletin, error) {
	look := d.Look(ctx, actor)
	row, unit, err := d.row(look, look.TX, id)
	if err != nil {
		return nil, err
	}
	if err := actor.Allow(manageBulletin, unit); err != nil {
		return nil, err
	}
	if row.Status == models.BulletinPublished {
		return nil, models.NewError(models.Conflict, "bulletins.published", "Title", row.Title, "On", row.PublishedOn)
	}
	q := in.question(unit)
	data, err := d.compose(ctx, look, q)
	if err != nil {
		return nil, err
	}
	err = d.Write(ctx, actor, func(w *desk.Write) error {
		f, err := d.draft(w, id, version)
		if err != nil {
			return err
		}
		if f.Year != in.Year {
			return models.InvalidFields([]models.Field{{Name: "year", Key: "bulletins.year_fixed", Args: models.Args("Series", f.Series, "Year", f.Year)}})
		}
		before := factsOf(f.Bulletin)
		f.AsOf, f.Policy, f.RoundID, f.Bulletin.Settings, f.Bulletin.Data, f.ComposedAt = in.AsOf, in.Policy, q.round, encoded(in.Settings), encoded(data), w.At
		if err := f.store(w, "compose", before, map[string]any{"settings": in.Settings, "differences": len(f.data.Differences(data))}); err != nil {
			return err
		}
		row = f.Bulletin
		return nil
	})
	return &row, err
}

// Discard throws a draft away.
func (d *Desk) Discard(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.Write(ctx, actor, func(w *desk.Write) error {
		f, err := d.draft(w, id, version)
		if err != nil {
			return err
		}
		if err := w.TX.Where("status = ?", models.BulletinDraft).Delete(&models.Bulletin{ID: id}).Error; err != nil {
			return fmt.Errorf("discard bulletin %d: %w", id, err)
		}
		return w.Record(compliance.Act{Action: "discard", Object: "bulletin", ID: id, Unit: &f.unit, Permission: manageBulletin, Before: factsOf(f.Bulletin)})
	})
}

// Correct begins the next edition of a published bulletin, its newest one: the same
// question, composed anew, and the same words. Change says what is corrected and why.
func (d *Desk) Correct(ctx context.Context, actor compliance.Actor, id uint64, change string) (*models.Bulletin, error) {
	change = strings.TrimSpace(visible(change))
	look := d.Look(ctx, actor)
	base, unit, err := d.row(look, look.TX, id)
	if err != nil {
		return nil, err
	}
	if err := actor.Allow(manageBulletin, unit); err != nil {
		return nil, err
	}
	if base.Status != models.BulletinPublished {
		return nil, models.NewError(models.Conflict, "bulletins.not_published")
	}
	if change == "" {
		return nil, models.InvalidFields([]models.Field{{Name: "change", Key: "bulletins.change_missing"}})
	}
	if length := len([]rune(change)); length > maxChange {
		return nil, models.InvalidFields([]models.Field{{Name: "change", Key: "bulletins.too_long", Args: models.Args("Max", maxChange, "Length", length)}})
	}
	seal, err := sealOf(look.TX, base)
	if err != nil {
		return nil, err
	}
	// In the transaction of a replay the log is written at its end: what is not there yet
	// says nothing.
	if seal.Now != seal.Published || seal.Logged != "" && seal.Logged != seal.Now {
		return nil, models.NewError(models.Conflict, "bulletins.broken_base")
	}
	f, err := openFolder(base, unit)
	if err != nil {
		return nil, err
	}
	data, err := d.compose(ctx, look, questionOf(base, unit, f.settings))
	if err != nil {
		return nil, err
	}
	var row models.Bulletin
	err = d.Write(ctx, actor, func(w *desk.Write) error {
		if err := d.isNewest(w, base); err != nil {
			return err
		}
		row = base
		row.ID, row.Edition, row.Status, row.Hash, row.Change, row.Data, row.Version = 0, base.Edition+1, models.BulletinDraft, "", change, encoded(data), 1
		row.CreatedBy, row.CreatedAt, row.ComposedAt = actor.ID, w.At, w.At
		row.PublishedBy, row.PublishedAt, row.PublishedOn = nil, nil, 0
		if err := w.TX.Create(&row).Error; err != nil {
			return fmt.Errorf("store edition %d of %s: %w", row.Edition, row.Series, err)
		}
		return w.Record(compliance.Act{Action: "correct", Object: "bulletin", ID: row.ID, Unit: &unit, Permission: manageBulletin, Now: factsOf(row),
			Detail: correction{base.Edition, base.Hash}})
	})
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// isNewest locks the edition and refuses one that another one follows.
func (d *Desk) isNewest(w *desk.Write, base models.Bulletin) error {
	if err := w.Locked().Select("id").Where("id = ?", base.ID).Take(&models.Bulletin{}).Error; err != nil {
		return fmt.Errorf("lock bulletin %d: %w", base.ID, err)
	}
	var later models.Bulletin
	found := w.TX.Select("id, edition, status").Where("series = ? AND edition > ?", base.Series, base.Edition).Order("edition DESC").Limit(1).Find(&later)
	switch {
	case found.Error != nil:
		return fmt.Errorf("later editions of %s: %w", base.Series, found.Error)
	case found.RowsAffected == 0:
		return nil
	case later.Status == models.BulletinDraft:
		return models.NewError(models.Conflict, "bulletins.draft_waits", "Edition", later.Edition)
	default:
		return models.NewError(models.Conflict, "bulletins.not_newest", "Edition", later.Edition)
	}
}
