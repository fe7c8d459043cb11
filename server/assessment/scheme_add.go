package assessment

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// MaxSource is the largest scoring scheme, in bytes.
const MaxSource = 1 << 20

// parse reads a scheme as text. One that is too large or no UTF-8 is Invalid; faults in it
// come out as scoring.ParseScheme has them, all with their lines.
func parse(source []byte) (text string, scheme *scoring.Scheme, err error) {
	switch {
	case len(source) > MaxSource:
		return "", nil, models.InvalidFields([]models.Field{{Name: "source", Key: "schemes.too_large", Args: models.Args("Max", MaxSource>>20)}})
	case !utf8.Valid(source):
		return "", nil, models.InvalidFields([]models.Field{{Name: "source", Key: "schemes.not_utf8"}})
	}
	// Forms end lines with CR and LF, whatever the text had.
	text = strings.ReplaceAll(string(source), "\r\n", "\n")
	scheme, err = scoring.ParseScheme([]byte(text))
	return text, scheme, err
}

// AddScheme stores a scheme as a draft of the office whose region it names: another
// edition where the office has the scheme already. Its id may not be that of another
// office's scheme, and there is one draft of it at a time: that is a Conflict.
func (d *Desk) AddScheme(ctx context.Context, actor compliance.Actor, source []byte) (*models.ScoringScheme, error) {
	text, scheme, err := parse(source)
	if err != nil {
		return nil, err
	}
	return d.addParsed(ctx, actor, text, scheme)
}

func (d *Desk) addParsed(ctx context.Context, actor compliance.Actor, text string, scheme *scoring.Scheme) (added *models.ScoringScheme, err error) {
	err = d.write(ctx, actor, func(w *write) error {
		added, err = w.addScheme(text, scheme, nil)
		return err
	})
	return added, err
}

// AddSchemeOf is AddScheme for who looks at a unit: a scheme of another region is Invalid.
func (d *Desk) AddSchemeOf(ctx context.Context, actor compliance.Actor, unit models.Unit, source []byte) (*models.ScoringScheme, error) {
	text, scheme, err := parse(source)
	if err == nil && scheme.Region != unit.Code {
		err = otherRegion(scheme, unit)
	}
	if err != nil {
		return nil, err
	}
	return d.addParsed(ctx, actor, text, scheme)
}

// otherRegion tells that a scheme is not one of the office.
func otherRegion(scheme *scoring.Scheme, office models.Unit) error {
	return models.InvalidFields([]models.Field{{Name: "source", Key: "schemes.other_region", Args: models.Args("Value", scheme.Region, "Region", office.Code)}})
}

// LoadScheme stores a scheme that ships with the program as a frozen edition of its office,
// which must be there. One that the database has by its id stays as it is.
func (d *Desk) LoadScheme(ctx context.Context, source []byte) error {
	text, scheme, err := parse(source)
	if err != nil {
		return err
	}
	return d.write(ctx, compliance.Actor{}, func(w *write) error {
		var there int64
		if err := w.tx.Model(&models.ScoringScheme{}).Where("code = ?", scheme.ID).Count(&there).Error; err != nil || there > 0 {
			return store.Translate(err)
		}
		var office models.Unit
		if err := one(w.tx.Where("code = ?", scheme.Region), &office, "assessment.unit_unknown"); err != nil {
			return err
		}
		row := schemeRow(text, scheme, office, 1)
		row.Status, row.CreatedAt, row.FrozenAt = models.SchemeFrozen, w.at, &w.at
		if err := w.tx.Create(row).Error; err != nil {
			return fmt.Errorf("store scheme %s: %w", row.Code, err)
		}
		return w.record(compliance.Act{Action: "load", Object: "scoring-scheme", ID: row.ID, Unit: &office, Permission: manageScheme, Now: schemeFacts(*row)})
	})
}

// schemeRow is a new draft of an office.
func schemeRow(text string, scheme *scoring.Scheme, office models.Unit, edition int) *models.ScoringScheme {
	return &models.ScoringScheme{Code: scheme.ID, Edition: edition, UnitID: office.ID, Year: scheme.Year, TitleZH: scheme.Title.ZH, TitleEN: scheme.Title.EN,
		Source: text, Status: models.SchemeDraft, Version: 1}
}

func (w *write) addScheme(text string, scheme *scoring.Scheme, basedOn *uint64) (*models.ScoringScheme, error) {
	office, err := w.unit(scheme.Region, readScheme, manageScheme)
	if err != nil {
		return nil, err
	}
	edition, err := w.nextEdition(office, scheme.ID)
	if err != nil {
		return nil, err
	}
	row := schemeRow(text, scheme, office, edition)
	row.BasedOn, row.CreatedBy, row.CreatedAt = basedOn, w.by(), w.at
	if err := w.tx.Create(row).Error; err != nil {
		return nil, fmt.Errorf("store scheme %s: %w", row.Code, err)
	}
	return row, w.record(compliance.Act{Action: "add", Object: "scoring-scheme", ID: row.ID, Unit: &office, Permission: manageScheme, Now: schemeFacts(*row)})
}

// nextEdition counts the editions of the scheme that the office has.
func (w *write) nextEdition(office models.Unit, code string) (int, error) {
	var rows []models.ScoringScheme
	if err := w.locked().Where("code = ?", code).Find(&rows).Error; err != nil {
		return 0, fmt.Errorf("editions of scheme %s: %w", code, store.Translate(err))
	}
	edition := 1
	for _, row := range rows {
		switch {
		case row.UnitID != office.ID:
			return 0, models.NewError(models.Conflict, "schemes.id_taken", "ID", code)
		case row.Status == models.SchemeDraft:
			return 0, models.NewError(models.Conflict, "schemes.draft_there", "ID", code)
		}
		edition = max(edition, row.Edition+1)
	}
	return edition, nil
}

// FreezeScheme freezes a draft, of the version that was read: it never changes again, and
// rounds can be opened with it.
func (d *Desk) FreezeScheme(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.write(ctx, actor, func(w *write) error {
		row, office, err := w.draft(id, version)
		if err != nil {
			return err
		}
		before := schemeFacts(*row)
		row.Status, row.FrozenBy, row.FrozenAt = models.SchemeFrozen, w.by(), &w.at
		row.Version++
		if err := w.tx.Save(row).Error; err != nil {
			return fmt.Errorf("freeze scheme %d: %w", id, err)
		}
		return w.record(compliance.Act{Action: "freeze", Object: "scoring-scheme", ID: id, Unit: &office, Permission: manageScheme, Before: before, Now: schemeFacts(*row)})
	})
}

// draft returns a draft of the version that the actor may change, locked. What they may
// not read is NotFound, a frozen scheme a Conflict, another version Stale.
func (w *write) draft(id uint64, version int) (*models.ScoringScheme, models.Unit, error) {
	row, office, err := w.readableScheme(w.locked().Where("id = ?", id))
	if err != nil {
		return nil, office, err
	}
	if err := w.actor.Allow(manageScheme, office); err != nil {
		return nil, office, err
	}
	switch {
	case row.Status != models.SchemeDraft:
		return nil, office, models.NewError(models.Conflict, "schemes.frozen")
	case row.Version != version:
		return nil, office, models.NewError(models.Stale, "schemes.stale")
	}
	return &row, office, nil
}

// by is the id of who acts; nil for the program itself.
func (w *write) by() *uint64 {
	if w.actor.ID == 0 {
		return nil
	}
	id := w.actor.ID
	return &id
}

// schemeFacts are what the audit log tells of a scheme before and after a write.
func schemeFacts(row models.ScoringScheme) map[string]any {
	return map[string]any{"code": row.Code, "edition": row.Edition, "year": row.Year, "title_zh": row.TitleZH, "status": row.Status, "source": row.Source}
}
