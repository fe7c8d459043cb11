package rectification

import (
	"context"
	"fmt"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/dossier"
	"sundial/server/store"
)

// View is a rectification with where it comes from and all of its steps, the first one
// first.
type View struct {
	models.Rectification
	Unit, Office models.Unit
	Origin       Origin
	Restored     Restoration
	Steps        []StepView
	// Overdue tells that the unit has not answered and the due date has passed.
	Overdue                                     bool
	CanAnswer, CanDecide, CanClose, CanWithdraw bool
}

// StepView is a step with who took it and its files. Moved tells that it set another due
// date than the one before.
type StepView struct {
	models.RectificationStep
	Who   string
	Moved bool
	Files []dossier.FileView
}

// Rectification returns one that the actor reads at the unit or at the office; others are
// NotFound.
func (d *Desk) Rectification(ctx context.Context, actor compliance.Actor, id uint64) (*View, error) {
	w := d.Look(ctx, actor)
	r, err := rectification(w, id)
	if err != nil {
		return nil, err
	}
	origins, err := d.origins(w, []models.Rectification{r.row})
	if err != nil {
		return nil, err
	}
	v := &View{Rectification: r.row, Unit: r.unit, Office: r.office, Origin: origins[id], Overdue: overdue(r.row.Status, r.row.DueOn, w.Today)}
	v.Restored = v.Origin.Restored(r.row)
	may := func(m move) bool { return r.refuses(w, m, r.row.Version) == nil && v.Origin.refuses(m) == nil }
	v.CanAnswer, v.CanDecide, v.CanClose, v.CanWithdraw = may(answerMove), may(returnMove), may(closeMove), may(withdrawMove)
	return v, v.addSteps(w)
}

func (v *View) addSteps(w *desk.Write) error {
	var steps []models.RectificationStep
	if err := w.TX.Where("rectification_id = ?", v.ID).Order("id").Find(&steps).Error; err != nil {
		return fmt.Errorf("steps of rectification %d: %w", v.ID, store.Translate(err))
	}
	ids := make([]uint64, len(steps))
	for i, step := range steps {
		ids[i] = step.ID
	}
	files, err := dossier.Of(w.TX, stepObject, ids)
	if err != nil {
		return err
	}
	for i, step := range steps {
		seen := StepView{RectificationStep: step, Moved: i > 0 && steps[i-1].DueOn != step.DueOn, Files: files[step.ID]}
		if seen.Who, err = userName(w.TX, step.ByUser); err != nil {
			return err
		}
		v.Steps = append(v.Steps, seen)
	}
	return nil
}

// overdue tells whether a rectification waits for the unit after its due date.
func overdue(status models.RectificationStatus, due, on calendar.Date) bool {
	return status == models.RectificationOpen && on > due
}

// Standing is a rectification as it stood at the end of a day: Status and DueOn are those
// of its last step that was known then.
type Standing struct {
	models.Rectification
	Overdue bool
}

// OfFindings returns the rectifications of findings, by finding, as they stood at the end
// of a day; zero is today. Whoever may see the findings may see them.
func OfFindings(w *desk.Write, ids []uint64, asOf calendar.Date) (map[uint64]Standing, error) {
	if asOf.IsZero() || asOf > w.Today {
		asOf = w.Today
	}
	standings := make(map[uint64]Standing, len(ids))
	for start := 0; start < len(ids); start += batch {
		var rows []known
		err := knownOn(w, asOf).Where("r.finding_id IN ?", ids[start:min(start+batch, len(ids))]).Select(knownColumns).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("rectifications of findings: %w", store.Translate(err))
		}
		for _, row := range rows {
			standings[*row.FindingID] = row.standing(asOf)
		}
	}
	return standings, nil
}
