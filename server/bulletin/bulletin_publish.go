package bulletin

import (
	"context"
	"fmt"
	"slices"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/notify"
	"sundial/server/rules"
)

// Report is all that is compared before a bulletin is published.
type Report struct {
	// Checks are of the totals with the sums of their parts.
	Checks []Check
	// Stale tells that the board, the ranking or what is followed up say something else
	// now; Differences are what.
	Stale       bool
	Differences []Difference
	// Board and BoardNow are how many duties the composed board has, and the board that
	// the API answers.
	Board, BoardNow int
	// Typed are the numbers in the words, and in the note of a correction, that are none of the data.
	Typed []TypedNumber
	// Faults are what else is wrong with the words.
	Faults []models.Field
	// Unfrozen is the title of the round whose ranking it has and that is not frozen yet,
	// empty when none is: the places may still change.
	Unfrozen string
}

// Failed are the checks whose two sides differ.
func (r *Report) Failed() []Check {
	return slices.DeleteFunc(slices.Clone(r.Checks), Check.OK)
}

// Open are the typed numbers that are not ticked.
func (r *Report) Open() []TypedNumber {
	return slices.DeleteFunc(slices.Clone(r.Typed), func(t TypedNumber) bool { return t.Excused })
}

// OK tells that the bulletin can be published.
func (r *Report) OK() bool {
	return !r.Stale && r.Unfrozen == "" && len(r.Failed())+len(r.Open())+len(r.Faults) == 0
}

// refusal says why it cannot be published, nil when it can.
func (r *Report) refusal() error {
	switch {
	case r.Stale:
		return models.NewError(models.Conflict, "bulletins.data_changed", "Count", len(r.Differences))
	case r.Unfrozen != "":
		return models.NewError(models.Conflict, "bulletins.round_unfrozen", "Round", r.Unfrozen)
	case len(r.Failed()) > 0:
		return models.NewError(models.Conflict, "bulletins.sums_differ", "Count", len(r.Failed()))
	case len(r.Faults) > 0:
		return models.InvalidFields(r.Faults)
	case len(r.Open()) == 0:
		return nil
	}
	var faults []models.Field
	for _, typed := range r.Open() {
		faults = append(faults, typed.fault())
	}
	return models.InvalidFields(faults)
}

// fault names the number, where it stands, and what stands around it.
func (t TypedNumber) fault() models.Field {
	name, key := fmt.Sprintf("text_%d", t.Paragraph), "bulletins.number_unknown"
	switch {
	case t.InChange:
		name = "change"
	case t.Paragraph == 0:
		name = "title"
	case t.InHeading:
		name = fmt.Sprintf("heading_%d", t.Paragraph)
	}
	if t.Mixed {
		key = "bulletins.number_mixed"
	}
	return models.Field{Name: name, Key: key, Args: models.Args("Number", t.Shown, "Around", t.Before+t.Shown+t.After, "Paragraph", t.Paragraph)}
}

// Report compares all that is compared before publishing.
func (d *Desk) Report(ctx context.Context, actor compliance.Actor, id uint64) (*Report, error) {
	w := d.Look(ctx, actor)
	row, unit, err := d.row(w, w.TX, id)
	if err != nil {
		return nil, err
	}
	f, err := openFolder(row, unit)
	if err != nil {
		return nil, err
	}
	if err := actor.Allow(manageBulletin, unit); err != nil {
		return nil, err
	}
	return d.report(ctx, w, f)
}

func (d *Desk) report(ctx context.Context, w *desk.Write, f *folder) (*Report, error) {
	now, err := d.compose(ctx, w, questionOf(f.Bulletin, f.unit, f.settings))
	if err != nil {
		return nil, err
	}
	r := &Report{Checks: f.data.Reconcile(f.settings), Stale: !f.data.Same(now), Board: f.data.Total.counts().Total(), BoardNow: now.Total.counts().Total(),
		Typed: append(f.data.Typed(f.Title, f.words), f.data.TypedNote(f.Change, f.words)...), Faults: f.words.faults(f.data)}
	if r.Stale {
		r.Differences = f.data.Differences(now)
	}
	if f.data.Ranking.Unfrozen() {
		r.Unfrozen = f.data.Ranking.Title
	}
	if f.Edition > 1 && f.Change == "" {
		r.Faults = append(r.Faults, models.Field{Name: "change", Key: "bulletins.change_missing"})
	}
	changes, err := changesOf(w.TX, f)
	if err != nil {
		return nil, err
	}
	if changes != nil && !changes.Broken && !changes.Any() {
		r.Faults = append(r.Faults, models.Field{Name: "change", Key: "bulletins.change_nothing", Args: models.Args("Edition", changes.Edition)})
	}
	return r, nil
}

// Publish freezes a draft: in the transaction that does it, it is compared with what is
// known now, and refused when anything differs, or while its round is not frozen. From
// then on nothing changes it; the hash of all of it goes into the audit log. The units
// named are told.
func (d *Desk) Publish(ctx context.Context, actor compliance.Actor, id uint64, version int) (*models.Bulletin, error) {
	var row models.Bulletin
	err := d.Write(ctx, actor, func(w *desk.Write) error {
		f, err := d.draft(w, id, version)
		if err != nil {
			return err
		}
		report, err := d.At(w.TX, w.At).report(ctx, w, f)
		if err != nil {
			return err
		}
		if err := report.refusal(); err != nil {
			return err
		}
		before := factsOf(f.Bulletin)
		f.Status, f.PublishedBy, f.PublishedAt, f.PublishedOn = models.BulletinPublished, &actor.ID, &w.At, w.Today
		f.Hash = hashOf(f.Bulletin)
		if err := f.store(w, "publish", before, deed{f.Series, f.Edition, f.Hash}); err != nil {
			return err
		}
		row = f.Bulletin
		return d.tell(w, f)
	})
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// maxTold is how many units are told that they are named.
const maxTold = 500

// tell sends a message to each unit that is praised or criticised.
func (d *Desk) tell(w *desk.Write, f *folder) error {
	named := map[string]string{}
	var codes []string
	for _, list := range []struct {
		word  string
		named []Named
	}{{"praised", f.data.Praise}, {"criticised", f.data.Criticism}} {
		for _, n := range list.named {
			if named[n.Unit.Code] == "" {
				codes = append(codes, n.Unit.Code)
				named[n.Unit.Code] = list.word
			}
		}
	}
	codes = codes[:min(len(codes), maxTold)]
	for some := range slices.Chunk(codes, tellBatch) {
		var units []models.Unit
		if err := w.TX.Where("code IN ?", some).Order("id").Find(&units).Error; err != nil {
			return fmt.Errorf("units named: %w", err)
		}
		for _, unit := range units {
			if err := f.tellUnit(w, unit, named[unit.Code]); err != nil {
				return err
			}
		}
	}
	return nil
}

const tellBatch = 200

func (f *folder) tellUnit(w *desk.Write, unit models.Unit, how string) error {
	key := "bulletins.message." + how
	if f.Edition > 1 {
		key = "bulletins.message.corrected"
	}
	return notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageBulletin, Unit: unit, To: rbac.Permission{Object: "report", Action: "file"},
		Object: "bulletin", ObjectID: f.ID, Except: w.Actor.ID, Text: rules.Reason{Key: key, Args: models.Args("Unit", rules.Text{ZH: unit.Name, EN: unit.NameEN},
			"Title", f.Title, "On", f.PublishedOn, "Edition", f.Edition)}})
}
