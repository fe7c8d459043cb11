package assessment

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// RoundInput is a round to be opened.
type RoundInput struct {
	// Scheme is the id of a frozen scheme's row.
	Scheme uint64
	Title  string
	// SelfUntil is the last day on which units score themselves, AsOf the day as of which
	// duties are seen; zero is the day of the announcement.
	SelfUntil calendar.Date
	AsOf      calendar.Date
	// Whole has the whole subtree of the office scored, else the units directly below it.
	Whole bool
}

// maxRoundTitle is the longest title of a round, in characters.
const maxRoundTitle = 200

// OpenRound opens a round of a frozen scheme, with a sheet for each unit of its classes. A
// scheme has one round: a second one is a Conflict.
func (d *Desk) OpenRound(ctx context.Context, actor compliance.Actor, input RoundInput) (*models.Round, error) {
	var round *models.Round
	err := d.write(ctx, actor, func(w *write) error {
		var err error
		round, err = w.openRound(input)
		return err
	})
	return round, err
}

func (w *write) openRound(input RoundInput) (*models.Round, error) {
	row, office, err := w.frozenScheme(input.Scheme)
	if err != nil {
		return nil, err
	}
	scheme, err := w.shelf.scheme(*row)
	if err != nil {
		return nil, err
	}
	if err := models.InvalidFields(input.faults(row.Year, w.today)); err != nil {
		return nil, err
	}
	units, err := w.participants(office, scheme, input.Whole)
	if err != nil {
		return nil, err
	}
	if len(units) == 0 {
		return nil, models.NewError(models.Conflict, "rounds.nobody", "Unit", office.Name)
	}
	round := &models.Round{SchemeID: row.ID, UnitID: office.ID, Year: row.Year, Title: strings.TrimSpace(input.Title), Status: models.RoundScoring,
		SelfUntil: input.SelfUntil, AsOf: input.AsOf, OpenedBy: w.by(), OpenedAt: w.at, Version: 1}
	if err := w.tx.Create(round).Error; err != nil {
		return nil, fmt.Errorf("store round: %w", err)
	}
	if err := w.addSheets(*round, scheme, units); err != nil {
		return nil, err
	}
	return round, w.record(compliance.Act{Action: "open", Object: "round", ID: round.ID, Unit: &office, Permission: manageRound, Now: roundFacts(*round),
		Detail: map[string]any{"units": len(units), "scheme": row.Code, "edition": row.Edition}})
}

// frozenScheme returns a frozen scheme without a round, locked, of an office whose rounds
// the actor may open.
func (w *write) frozenScheme(id uint64) (*models.ScoringScheme, models.Unit, error) {
	var row models.ScoringScheme
	if err := one(w.locked().Where("id = ?", id), &row, "assessment.scheme_unknown"); err != nil {
		return nil, models.Unit{}, err
	}
	office, err := w.actor.Unit(w.tx, readScheme, "id", row.UnitID, "assessment.scheme_unknown")
	if err != nil {
		return nil, office, err
	}
	if err := w.actor.Allow(manageRound, office); err != nil {
		return nil, office, err
	}
	if row.Status != models.SchemeFrozen {
		return nil, office, models.NewError(models.Conflict, "rounds.scheme_not_frozen")
	}
	var rounds int64
	if err := w.tx.Model(&models.Round{}).Where("scheme_id = ?", id).Count(&rounds).Error; err != nil {
		return nil, office, fmt.Errorf("rounds of scheme %d: %w", id, store.Translate(err))
	}
	if rounds > 0 {
		return nil, office, models.NewError(models.Conflict, "rounds.there")
	}
	return &row, office, nil
}

// faults tells what is wrong with the input for a round of the year.
func (i RoundInput) faults(year int, today calendar.Date) []models.Field {
	var faults []models.Field
	add := func(name, key string, args ...any) {
		faults = append(faults, models.Field{Name: name, Key: key, Args: models.Args(args...)})
	}
	title := strings.TrimSpace(i.Title)
	if title == "" {
		add("title", "filing.required")
	}
	if length := utf8.RuneCountInString(title); length > maxRoundTitle {
		add("title", "filing.too_long", "Length", length, "Max", maxRoundTitle)
	}
	switch {
	case i.SelfUntil.IsZero():
		add("self_until", "filing.date_required")
	case i.SelfUntil < today:
		add("self_until", "rounds.self_until_past", "Value", i.SelfUntil, "Today", today)
	}
	if !i.AsOf.IsZero() && i.AsOf.Year() < year {
		add("as_of", "rounds.as_of_early", "Value", i.AsOf, "Year", year)
	}
	return faults
}

// participants are the units below the office that exist and have a class of the scheme.
func (w *write) participants(office models.Unit, scheme *scoring.Scheme, whole bool) ([]models.Unit, error) {
	query := w.tx.Where("id <> ? AND opened_on <= ? AND (closed_on IS NULL OR closed_on > ?) AND class IN ?", office.ID, w.today, w.today, classesOf(scheme))
	if whole {
		query = rbac.Scope{office.Path}.Where(query, "path")
	} else {
		query = query.Where("parent_id = ?", office.ID)
	}
	var units []models.Unit
	if err := query.Order("code").Find(&units).Error; err != nil {
		return nil, fmt.Errorf("units of the round: %w", store.Translate(err))
	}
	return units, nil
}

func classesOf(scheme *scoring.Scheme) []string {
	ids := make([]string, len(scheme.Classes))
	for i, class := range scheme.Classes {
		ids[i] = class.ID
	}
	return ids
}

// addSheets gives the units their sheets, scored as they are with nothing entered.
func (w *write) addSheets(round models.Round, scheme *scoring.Scheme, units []models.Unit) error {
	ids := make([]uint64, len(units))
	for i, unit := range units {
		ids[i] = unit.ID
	}
	autos := map[uint64]autoDuties{}
	for start := 0; start < len(ids); start += batch {
		some, err := w.autosOf(round, scheme, ids[start:min(start+batch, len(ids))])
		if err != nil {
			return err
		}
		for id, duties := range some {
			autos[id] = duties
		}
	}
	sheets := make([]models.Sheet, len(units))
	for i, unit := range units {
		p := &paper{round: round, scheme: scheme, autos: autos[unit.ID],
			sheet: models.Sheet{RoundID: round.ID, UnitID: unit.ID, UnitName: unit.Name, UnitNameEN: unit.NameEN, Class: unit.Class, Status: models.SheetSelf, Version: 1}}
		p.card, _ = scheme.Card(unit.Class)
		if err := p.rescore(); err != nil {
			return err
		}
		sheets[i] = p.sheet
	}
	if err := w.tx.CreateInBatches(sheets, insertBatch).Error; err != nil {
		return fmt.Errorf("store sheets: %w", err)
	}
	return nil
}

// roundFacts are what the audit log tells of a round before and after a write.
func roundFacts(row models.Round) map[string]any {
	return map[string]any{"title": row.Title, "year": row.Year, "status": row.Status, "self_until": row.SelfUntil, "as_of": row.AsOf,
		"announced_on": row.AnnouncedOn, "frozen_on": row.FrozenOn}
}
