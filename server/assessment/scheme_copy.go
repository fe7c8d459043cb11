package assessment

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
	"sundial/server/strictyaml"
)

// CopyInput says what a copy of a scheme is called and which year it is for. With the id
// of the scheme it becomes that one's next edition.
type CopyInput struct {
	ID   string
	Year int
}

// CopyScheme stores a copy of a scheme, frozen or not, as a draft of the same office. An
// id or a year that no scheme can have is Invalid; an id that another office has, or that
// has a draft already, is a Conflict.
func (d *Desk) CopyScheme(ctx context.Context, actor compliance.Actor, id uint64, input CopyInput) (*models.ScoringScheme, error) {
	var added *models.ScoringScheme
	err := d.write(ctx, actor, func(w *write) error {
		row, office, err := w.readableScheme(w.locked().Where("id = ?", id))
		if err != nil {
			return err
		}
		if err := w.actor.Allow(manageScheme, office); err != nil {
			return err
		}
		text, scheme, err := w.copied(row, input)
		if err != nil {
			return err
		}
		added, err = w.addScheme(text, scheme, &row.ID)
		return err
	})
	return added, err
}

// copied returns the scheme under its new id and year, checked as any other.
func (w *write) copied(row models.ScoringScheme, input CopyInput) (string, *scoring.Scheme, error) {
	original, err := w.shelf.scheme(row)
	if err != nil {
		return "", nil, err
	}
	copied := *original
	copied.ID, copied.Year = input.ID, input.Year
	// A title tells its year.
	was, is := strconv.Itoa(original.Year), strconv.Itoa(input.Year)
	copied.Title.ZH, copied.Title.EN = strings.ReplaceAll(original.Title.ZH, was, is), strings.ReplaceAll(original.Title.EN, was, is)
	source, err := copied.Source()
	if err != nil {
		return "", nil, err
	}
	text, scheme, err := parse(source)
	var faults strictyaml.Problems
	if errors.As(err, &faults) {
		return "", nil, copyFaults(faults)
	}
	return text, scheme, err
}

// copyFaults names what is wrong with a copy by the fields of its input: only they are
// new.
func copyFaults(faults strictyaml.Problems) error {
	fields := make([]models.Field, len(faults))
	for i, fault := range faults {
		name, _ := fault.Args["Field"].(string)
		fields[i] = models.Field{Name: name, Key: fault.Key, Args: fault.Args}
	}
	return models.InvalidFields(fields)
}

// ChangeScheme replaces the text of a draft, of the version that was read. Faults come out
// as scoring.ParseScheme has them; another office's region is one of them. Under another
// id it becomes the next edition of that scheme.
func (d *Desk) ChangeScheme(ctx context.Context, actor compliance.Actor, id uint64, version int, source []byte) (*models.ScoringScheme, error) {
	text, scheme, faults := parse(source)
	var row *models.ScoringScheme
	err := d.write(ctx, actor, func(w *write) error {
		var office models.Unit
		var err error
		if row, office, err = w.draft(id, version); err != nil || faults != nil {
			return err
		}
		return w.changeScheme(row, office, text, scheme)
	})
	if err == nil {
		err = faults
	}
	return row, err
}

func (w *write) changeScheme(row *models.ScoringScheme, office models.Unit, text string, scheme *scoring.Scheme) error {
	if scheme.Region != office.Code {
		return otherRegion(scheme, office)
	}
	before := schemeFacts(*row)
	if scheme.ID != row.Code {
		edition, err := w.nextEdition(office, scheme.ID)
		if err != nil {
			return err
		}
		row.Code, row.Edition = scheme.ID, edition
	}
	row.Year, row.TitleZH, row.TitleEN, row.Source = scheme.Year, scheme.Title.ZH, scheme.Title.EN, text
	row.Version++
	if err := w.tx.Save(row).Error; err != nil {
		return fmt.Errorf("change scheme %d: %w", row.ID, err)
	}
	return w.record(compliance.Act{Action: "change", Object: "scoring-scheme", ID: row.ID, Unit: &office, Permission: manageScheme, Before: before, Now: schemeFacts(*row)})
}

// DiscardScheme deletes a draft, of the version that was read. What was copied from it
// counts as copied from what it came from itself.
func (d *Desk) DiscardScheme(ctx context.Context, actor compliance.Actor, id uint64, version int) error {
	return d.write(ctx, actor, func(w *write) error {
		row, office, err := w.draft(id, version)
		if err != nil {
			return err
		}
		if err := w.tx.Model(&models.ScoringScheme{}).Where("based_on = ?", id).Update("based_on", row.BasedOn).Error; err != nil {
			return fmt.Errorf("copies of scheme %d: %w", id, store.Translate(err))
		}
		if err := w.tx.Delete(row).Error; err != nil {
			return fmt.Errorf("discard scheme %d: %w", id, store.Translate(err))
		}
		return w.record(compliance.Act{Action: "discard", Object: "scoring-scheme", ID: id, Unit: &office, Permission: manageScheme, Before: schemeFacts(*row)})
	})
}
