package assessment

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// WhyLeft says why a unit below the office gets no sheet.
type WhyLeft string

// The reasons, in the order in which one is given.
const (
	LeftClosed  WhyLeft = "closed"   // it does not exist any more
	LeftLater   WhyLeft = "later"    // it is opened on a day to come
	LeftNoClass WhyLeft = "no_class" // it has no class
	LeftOutside WhyLeft = "outside"  // the scheme does not have its class
)

// leftShown is how many units a preview names.
const leftShown = 50

// The reason, and the units for which there is one, on a day given twice; the latter of the
// classes that the scheme has.
const (
	whyLeft = "CASE WHEN closed_on IS NOT NULL AND closed_on <= ? THEN 'closed' WHEN opened_on > ? THEN 'later' WHEN class = '' THEN 'no_class' ELSE 'outside' END"
	isLeft  = "(opened_on > ? OR (closed_on IS NOT NULL AND closed_on <= ?) OR class NOT IN ?)"
)

// RoundPreview is what a round would be if it were opened now.
type RoundPreview struct {
	Edition models.ScoringScheme
	Office  models.Unit
	Scheme  *scoring.Scheme
	// Classes are those of the scheme with the number of their units.
	Classes []ClassUnits
	Units   int
	// Left counts the units that get no sheet by reason; Named are the first of them.
	// Units that were closed before the year of the scheme are not mentioned.
	Left  []LeftCount
	Named []LeftUnit
}

// ClassUnits is a class with the number of its units.
type ClassUnits struct {
	scoring.Class
	Units int
}

// LeftCount is how many units are left out for a reason.
type LeftCount struct {
	Why   WhyLeft
	Count int
}

// LeftUnit is a unit that is left out.
type LeftUnit struct {
	models.Unit
	Why WhyLeft
}

// PreviewRound tells what opening a round of the scheme would give: of the units directly
// below the office, or of the whole subtree.
func (d *Desk) PreviewRound(ctx context.Context, actor compliance.Actor, scheme uint64, whole bool) (*RoundPreview, error) {
	w := d.look(ctx, actor)
	row, office, err := w.frozenScheme(scheme)
	if err != nil {
		return nil, err
	}
	p := &RoundPreview{Edition: *row, Office: office}
	if p.Scheme, err = w.shelf.scheme(*row); err != nil {
		return nil, err
	}
	units, err := w.participants(office, p.Scheme, whole)
	if err != nil {
		return nil, err
	}
	p.Units = len(units)
	for _, class := range p.Scheme.Classes {
		of := ClassUnits{Class: class}
		for _, unit := range units {
			if unit.Class == class.ID {
				of.Units++
			}
		}
		p.Classes = append(p.Classes, of)
	}
	return p, w.leftOut(p, whole)
}

// leftOut brings the units that get no sheet.
func (w *write) leftOut(p *RoundPreview, whole bool) error {
	query := func() *gorm.DB {
		q := w.tx.Model(&models.Unit{}).Where("id <> ?", p.Office.ID).Where(isLeft, w.today, w.today, classesOf(p.Scheme)).
			Where("(closed_on IS NULL OR closed_on >= ?)", calendar.NewDate(p.Edition.Year, 1, 1))
		if whole {
			return rbac.Scope{p.Office.Path}.Where(q, "path")
		}
		return q.Where("parent_id = ?", p.Office.ID)
	}
	if err := query().Select(whyLeft+" AS why, COUNT(*) AS count", w.today, w.today).Group("why").Order("why").Scan(&p.Left).Error; err != nil {
		return fmt.Errorf("units left out: %w", store.Translate(err))
	}
	if err := query().Select("units.*, "+whyLeft+" AS why", w.today, w.today).Order("code").Limit(leftShown).Scan(&p.Named).Error; err != nil {
		return fmt.Errorf("units left out: %w", store.Translate(err))
	}
	return nil
}

// OpenableSchemes lists the frozen schemes of an office that have had no round, latest
// first, without their sources.
func (d *Desk) OpenableSchemes(ctx context.Context, actor compliance.Actor, unit string) ([]models.ScoringScheme, error) {
	w := d.look(ctx, actor)
	office, err := w.unit(unit, readScheme, manageRound)
	if err != nil {
		return nil, err
	}
	var rows []models.ScoringScheme
	err = w.tx.Omit("source").Where("unit_id = ? AND status = ? AND NOT EXISTS (SELECT 1 FROM rounds r WHERE r.scheme_id = scoring_schemes.id)", office.ID, models.SchemeFrozen).
		Order("year DESC, code, edition DESC").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("schemes of %s: %w", unit, store.Translate(err))
	}
	return rows, nil
}
