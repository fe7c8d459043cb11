package supervision

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// populationText are the codes of the units, one a line, each with its class when every
// class is drawn.
func populationText(units []models.Unit, perClass bool) string {
	lines := make([]string, len(units))
	for i, unit := range units {
		lines[i] = unit.Code
		if perClass {
			lines[i] += " " + unit.Class
		}
	}
	return strings.Join(lines, "\n")
}

// populationOf returns the class of each code that could be drawn.
func populationOf(row models.Inspection) map[string]string {
	population := map[string]string{}
	for line := range strings.Lines(row.Population) {
		code, class, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		population[code] = class
	}
	return population
}

// drawnBy draws the codes of an inspection from what it keeps.
func drawnBy(row models.Inspection) ([]string, error) {
	population := populationOf(row)
	if row.PerClass {
		drawn, err := DrawByClass(row.Seed, population, row.SampleSize)
		if err != nil {
			err = fmt.Errorf("draw of inspection %d: %w", row.ID, err)
		}
		return drawn, err
	}
	return Draw(row.Seed, slices.Collect(maps.Keys(population)), row.SampleSize), nil
}

// DrawProof is a draw done again: whether the units that the inspection keeps as drawn are
// those that its seed draws from its population.
type DrawProof struct {
	models.Inspection
	Office models.Unit
	Lots   []DrawLot
	// Same tells that the stored units are those drawn; Missing are drawn and not stored,
	// Strange stored as drawn and not drawn.
	Same             bool
	Missing, Strange []string
	// ByHand are units that were put in or taken out later, with the reasons.
	ByHand []HandMove
	// Places are how many of each class are drawn, where every class is.
	Places map[string]int
}

// DrawLot is a code of the population with its hash and its rank, counted from 1, among
// all or, where every class is drawn, in its class.
type DrawLot struct {
	Code, Class, Hash string
	Rank              int
	Drawn             bool
	// Unit is the zero unit when nothing is known of the code any more.
	Unit models.Unit
}

// HandMove is a unit that was put in or taken out after the draw.
type HandMove struct {
	Unit   models.Unit
	Out    bool
	On     calendar.Date
	Reason string
}

// Redraw draws the sample of an inspection again and compares it with what is stored. Who
// reads at the office sees it; an inspection whose units were chosen has no draw, NotFound.
func (d *Desk) Redraw(ctx context.Context, actor compliance.Actor, id uint64) (*DrawProof, error) {
	w := d.Look(ctx, actor)
	in, err := inspectionOf(w, id)
	switch {
	case err != nil:
		return nil, err
	case !in.whole || in.row.Seed == "":
		return nil, models.NewError(models.NotFound, "inspections.not_drawn")
	}
	p := &DrawProof{Inspection: in.row, Office: in.office}
	drawn, err := drawnBy(in.row)
	if err != nil {
		return nil, err
	}
	p.rank(drawn)
	if err := p.name(w); err != nil {
		return nil, err
	}
	return p, p.compare(w, drawn)
}

// rank lists the lots: by class where every class is drawn, and by hash.
func (p *DrawProof) rank(drawn []string) {
	members := map[string][]string{}
	for code, class := range populationOf(p.Inspection) {
		members[class] = append(members[class], code)
	}
	if p.PerClass {
		p.Places = map[string]int{}
	}
	for _, class := range slices.Sorted(maps.Keys(members)) {
		for i, lot := range rank(p.Seed, members[class]) {
			is := slices.Contains(drawn, lot.code)
			p.Lots = append(p.Lots, DrawLot{Code: lot.code, Class: class, Hash: lot.hash, Rank: i + 1, Drawn: is})
			if is && p.PerClass {
				p.Places[class]++
			}
		}
	}
}

func (p *DrawProof) name(w *desk.Write) error {
	at := map[string]int{}
	codes := make([]string, len(p.Lots))
	for i, lot := range p.Lots {
		at[lot.Code], codes[i] = i, lot.Code
	}
	for some := range slices.Chunk(codes, readAtOnce) {
		var units []models.Unit
		if err := w.TX.Where("code IN ?", some).Find(&units).Error; err != nil {
			return fmt.Errorf("units of the draw: %w", store.Translate(err))
		}
		for _, unit := range units {
			p.Lots[at[unit.Code]].Unit = unit
		}
	}
	return nil
}

// compare holds the stored units against those drawn.
func (p *DrawProof) compare(w *desk.Write, drawn []string) error {
	members, err := membersOf(w, p.ID)
	if err != nil {
		return err
	}
	var stored []string
	for _, m := range members {
		if m.Drawn {
			stored = append(stored, m.Unit.Code)
		}
		if m.AddReason != "" {
			p.ByHand = append(p.ByHand, HandMove{Unit: m.Unit, On: m.AddedOn, Reason: m.AddReason})
		}
		if !m.RemovedOn.IsZero() {
			p.ByHand = append(p.ByHand, HandMove{Unit: m.Unit, Out: true, On: m.RemovedOn, Reason: m.RemoveReason})
		}
	}
	without := func(all, those []string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(code string) bool { return slices.Contains(those, code) })
	}
	p.Missing, p.Strange = without(drawn, stored), without(stored, drawn)
	p.Same = len(p.Missing) == 0 && len(p.Strange) == 0
	slices.SortStableFunc(p.ByHand, func(a, b HandMove) int { return int(a.On) - int(b.On) })
	return nil
}
