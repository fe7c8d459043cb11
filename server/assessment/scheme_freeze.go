package assessment

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// SchemeFreezing tells what freezing a draft would settle.
type SchemeFreezing struct {
	*SchemeView
	Classes []FrozenClass
	// Without are units directly below the office whose class neither this scheme nor
	// another frozen one of the office and year has: nobody would score them. Left counts
	// those that are not listed.
	Without []models.Unit
	Left    int
	// Unknown are obligations that no policy has: their indicators would not apply to
	// anybody.
	Unknown []string
}

// FrozenClass is a class with how many units it has directly below the office, and in the
// whole subtree.
type FrozenClass struct {
	scoring.Class
	Direct, Whole int
}

// withoutListed is how many units without a scheme are listed.
const withoutListed = 50

// PreviewFreeze tells what freezing a draft would settle, for who may do it.
func (d *Desk) PreviewFreeze(ctx context.Context, actor compliance.Actor, id uint64) (*SchemeFreezing, error) {
	view, err := d.Scheme(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	w := d.look(ctx, actor)
	if err := w.actor.Allow(manageScheme, view.Office); err != nil {
		return nil, err
	}
	if view.Status != models.SchemeDraft {
		return nil, models.NewError(models.Conflict, "schemes.frozen")
	}
	freezing := &SchemeFreezing{SchemeView: view}
	for _, id := range view.Scheme.Obligations() {
		if _, known := view.Obligations[id]; !known {
			freezing.Unknown = append(freezing.Unknown, id)
		}
	}
	if err := w.countClasses(freezing); err != nil {
		return nil, err
	}
	return freezing, w.addWithout(freezing)
}

// existing begins a query of the units below the office that exist.
func (w *write) existing(office models.Unit) *gorm.DB {
	query := w.tx.Model(&models.Unit{}).Where("id <> ? AND opened_on <= ? AND (closed_on IS NULL OR closed_on > ?)", office.ID, w.today, w.today)
	return rbac.Scope{office.Path}.Where(query, "path")
}

func (w *write) countClasses(f *SchemeFreezing) error {
	var counts []struct {
		Class  string
		Direct int
		Whole  int
	}
	err := w.existing(f.Office).Select("class, SUM(CASE WHEN parent_id = ? THEN 1 ELSE 0 END) AS direct, COUNT(*) AS whole", f.Office.ID).Group("class").Find(&counts).Error
	if err != nil {
		return fmt.Errorf("classes below %s: %w", f.Office.Code, store.Translate(err))
	}
	for _, class := range f.Scheme.Classes {
		line := FrozenClass{Class: class}
		for _, count := range counts {
			if count.Class == class.ID {
				line.Direct, line.Whole = count.Direct, count.Whole
			}
		}
		f.Classes = append(f.Classes, line)
	}
	return nil
}

// addWithout finds the units that no scheme of the office and year scores.
func (w *write) addWithout(f *SchemeFreezing) error {
	classes := classesOf(f.Scheme)
	var others []models.ScoringScheme
	err := w.tx.Where("unit_id = ? AND year = ? AND status = ? AND code <> ?", f.UnitID, f.Year, models.SchemeFrozen, f.Code).Find(&others).Error
	if err != nil {
		return fmt.Errorf("schemes of %s in %d: %w", f.Office.Code, f.Year, store.Translate(err))
	}
	for _, other := range others {
		scheme, err := w.shelf.scheme(other)
		if err != nil {
			return err
		}
		classes = append(classes, classesOf(scheme)...)
	}
	without := func() *gorm.DB {
		return w.existing(f.Office).Where("parent_id = ? AND class NOT IN ?", f.Office.ID, classes)
	}
	var total int64
	if err := without().Count(&total).Error; err != nil {
		return fmt.Errorf("units without a scheme: %w", store.Translate(err))
	}
	if err := without().Order("class, code").Limit(withoutListed).Find(&f.Without).Error; err != nil {
		return fmt.Errorf("units without a scheme: %w", store.Translate(err))
	}
	f.Left = int(total) - len(f.Without)
	return nil
}
