package supervision

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
)

// insertAtOnce is how many rows one statement inserts.
const insertAtOnce = 50

// InspectionInput is an inspection to be opened.
type InspectionInput struct {
	Title string
	// Basis is the document or clause by which it is held.
	Basis string
	Year  int
	// Obligations are codes of those it looks at; none is everything.
	Obligations []string
	StartOn     calendar.Date
	EndOn       calendar.Date
	// RectifyTerm is how many working days units have to put findings right.
	RectifyTerm int
	// Unannounced keeps it from the units until their first finding.
	Unannounced bool
	// Pick chooses the units, or those that can be drawn.
	Pick Pick
	// Sample draws among them; nil looks at all of them.
	Sample *SampleInput
}

// SampleInput is how units are drawn.
type SampleInput struct {
	Size int
	// PerClass draws at least one unit of each class.
	PerClass bool
	// Seed is one that the office gives, with its Source: a public lottery number, say. An
	// empty one is made by the program when the inspection is opened.
	Seed   string
	Source string
}

// InspectionPreview is what an inspection would look at if it were opened now. Who is
// drawn is not foretold: a seed could be tried until the sample pleases.
type InspectionPreview struct {
	Office models.Unit
	// Units are those that are looked at or can be drawn, by code.
	Units   []models.Unit
	Classes []ClassShare
	// Count is how many are looked at.
	Count int
	// Seed is the input's, to be seen before it draws.
	Seed, Source string
	Drawn        bool
	PerClass     bool
}

// ClassShare is how many units of a class there are and how many of them are looked at; -1
// where the draw alone decides.
type ClassShare struct {
	Class string
	Units int
	Count int
}

// PreviewInspection tells what opening the inspection would give; it is refused like the
// opening itself.
func (d *Desk) PreviewInspection(ctx context.Context, actor compliance.Actor, code string, in InspectionInput) (*InspectionPreview, error) {
	w := d.Look(ctx, actor)
	office, err := w.Unit(code, readInspection, manageInspection, "inspections.office_unknown")
	if err != nil {
		return nil, err
	}
	units, err := d.foresee(ctx, w, office, &in)
	if err != nil {
		return nil, err
	}
	p := &InspectionPreview{Office: office, Units: units, Count: len(units)}
	sizes := sizesOf(units)
	var places map[string]int
	if s := in.Sample; s != nil {
		p.Count, p.Seed, p.Source, p.Drawn, p.PerClass = min(s.Size, len(units)), s.Seed, s.Source, true, s.PerClass
		if s.PerClass {
			// Checked already: there is a place for each class.
			places, _ = Allot(sizes, s.Size)
		}
	}
	for _, class := range classNames(units) {
		share := ClassShare{class, sizes[class], sizes[class]}
		switch {
		case places != nil:
			share.Count = places[class]
		case p.Count < len(units):
			share.Count = -1
		}
		p.Classes = append(p.Classes, share)
	}
	return p, nil
}

// OpenInspection opens an inspection of the office with the code: its units, drawn where a
// sample is asked for, and a message to each of them unless it is unannounced.
func (d *Desk) OpenInspection(ctx context.Context, actor compliance.Actor, code string, in InspectionInput) (*models.Inspection, error) {
	var row *models.Inspection
	err := d.Write(ctx, actor, func(w *desk.Write) error {
		office, err := w.Unit(code, readInspection, manageInspection, "inspections.office_unknown")
		if err != nil {
			return err
		}
		units, err := d.foresee(ctx, w, office, &in)
		if err != nil {
			return err
		}
		row = in.row(w, office, units)
		if err := w.TX.Create(row).Error; err != nil {
			return fmt.Errorf("store inspection: %w", err)
		}
		chosen, err := chosenOf(*row, units)
		if err != nil {
			return err
		}
		if err := putUnits(w, *row, chosen, ""); err != nil {
			return err
		}
		if err := tellUnits(w, office, *row, chosen, "inspections.message.announced"); err != nil {
			return err
		}
		return w.Record(compliance.Act{Action: "open", Object: "inspection", ID: row.ID, Unit: &office, Permission: manageInspection,
			Now: inspectionFacts(*row), Detail: drawFacts(*row, chosen)})
	})
	return row, err
}

// row is the inspection as it is stored. The seed stands before anything is drawn by it.
func (in InspectionInput) row(w *desk.Write, office models.Unit, units []models.Unit) *models.Inspection {
	row := &models.Inspection{UnitID: office.ID, Year: in.Year, Title: in.Title, Basis: in.Basis, Status: models.InspectionOpen,
		Obligations: strings.Join(in.Obligations, "\n"), Unannounced: in.Unannounced, StartOn: in.StartOn, EndOn: in.EndOn,
		RectifyTerm: in.RectifyTerm, OpenedBy: w.Actor.ID, OpenedAt: w.At, Version: 1}
	if s := in.Sample; s != nil {
		row.Seed, row.SeedSource, row.PerClass, row.SampleSize = s.Seed, s.Source, s.PerClass, min(s.Size, len(units))
		if row.Seed == "" {
			row.Seed = rand.Text()
		}
		row.Population = populationText(units, s.PerClass)
	}
	return row
}

// chosenOf are the units that an inspection begins with: those drawn, or all.
func chosenOf(row models.Inspection, units []models.Unit) ([]models.Unit, error) {
	if row.Seed == "" {
		return units, nil
	}
	drawn, err := drawnBy(row)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(units), func(unit models.Unit) bool { return !slices.Contains(drawn, unit.Code) }), nil
}

// putUnits lets the inspection look at the units; the reason is that for which they are put
// in by hand, empty at the beginning.
func putUnits(w *desk.Write, row models.Inspection, units []models.Unit, reason string) error {
	rows := make([]models.InspectionUnit, len(units))
	for i, unit := range units {
		rows[i] = models.InspectionUnit{InspectionID: row.ID, UnitID: unit.ID, Drawn: row.Seed != "" && reason == "", AddedOn: w.Today, AddReason: reason, Version: 1}
	}
	if err := w.TX.CreateInBatches(rows, insertAtOnce).Error; err != nil {
		return fmt.Errorf("units of inspection %d: %w", row.ID, err)
	}
	return nil
}

// foresee trims and checks the input, and returns the units that it picks.
func (d *Desk) foresee(ctx context.Context, w *desk.Write, office models.Unit, in *InspectionInput) ([]models.Unit, error) {
	in.trim()
	found := in.complaints(w.Today)
	known, err := d.Inspectable(ctx, office, in.Year)
	if err != nil {
		return nil, err
	}
	for _, code := range in.Obligations {
		if !slices.ContainsFunc(known, func(o InspectableObligation) bool { return o.Code == code }) {
			found.add("obligations", "inspections.obligation_unknown", "Value", code, "Year", in.Year)
		}
	}
	units, err := in.Pick.units(w, office, &found)
	if err != nil {
		return nil, err
	}
	if len(units) == 0 && len(found) == 0 {
		found.add("units", "inspections.nobody", "Unit", office.Name)
	}
	if in.Sample != nil && len(units) > 0 {
		in.Sample.check(units, &found)
	}
	return units, models.InvalidFields(found)
}

func (in *InspectionInput) trim() {
	in.Title, in.Basis = strings.TrimSpace(in.Title), strings.TrimSpace(in.Basis)
	in.Obligations = slices.Compact(slices.Sorted(slices.Values(in.Obligations)))
	if in.Sample != nil {
		in.Sample.Seed, in.Sample.Source = strings.TrimSpace(in.Sample.Seed), strings.TrimSpace(in.Sample.Source)
	}
}

func (in InspectionInput) complaints(today calendar.Date) complaints {
	var found complaints
	found.text("title", in.Title, maxInspectionTitle, true)
	found.text("basis", in.Basis, maxInspectionBasis, true)
	found.span(in.StartOn, in.EndOn)
	found.term(in.RectifyTerm)
	if in.Year < 2000 || in.Year > today.Year()+1 {
		found.add("year", "inspections.bad_year", "Value", in.Year)
	}
	return found
}

// check refuses a sample that cannot be drawn from the units.
func (s SampleInput) check(units []models.Unit, found *complaints) {
	if s.Size < 1 || s.Size > len(units) {
		found.add("sample", "inspections.bad_sample", "Value", s.Size, "Max", len(units))
	} else if classes := len(classNames(units)); s.PerClass && s.Size < classes {
		found.add("sample", "inspections.sample_classes", "Value", s.Size, "Classes", classes)
	}
	found.text("seed", s.Seed, maxSeed, false)
	if strings.ContainsFunc(s.Seed, func(r rune) bool { return r < ' ' }) {
		found.add("seed", "inspections.bad_seed")
	}
	// Where a given seed comes from is what makes it one that nobody chose.
	found.text("seed_source", s.Source, maxSeedSource, s.Seed != "")
}

// inspectionFacts are what the audit log tells of an inspection before and after a write.
func inspectionFacts(row models.Inspection) map[string]any {
	return map[string]any{"title": row.Title, "basis": row.Basis, "year": row.Year, "status": row.Status, "start_on": row.StartOn, "end_on": row.EndOn,
		"rectify_term": row.RectifyTerm, "ended_on": row.ClosedOn}
}

// drawFacts are what the audit log tells of how an inspection came to its units.
func drawFacts(row models.Inspection, chosen []models.Unit) map[string]any {
	codes := make([]string, len(chosen))
	for i, unit := range chosen {
		codes[i] = unit.Code
	}
	facts := map[string]any{"units": codes, "unannounced": row.Unannounced}
	if row.Obligations != "" {
		facts["inspected"] = strings.Split(row.Obligations, "\n")
	}
	if row.Seed != "" {
		facts["seed"], facts["seed_source"], facts["population"] = row.Seed, row.SeedSource, strings.Split(row.Population, "\n")
	}
	return facts
}
