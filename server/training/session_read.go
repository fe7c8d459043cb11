package training

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/store"
)

// SessionView is a session with what it belongs to.
type SessionView struct {
	models.TrainingSession
	Course models.Course
	// Office is the unit that holds it.
	Office models.Unit
	// Region is the unit in whose region the place lies; nil for none.
	Region *models.Unit
}

// Free is how many seats are free.
func (s SessionView) Free() int { return max(0, s.Capacity-s.Seated) }

// Session returns a session of an office that the actor sees; any other is
// NotFound.
func (d *Desk) Session(ctx context.Context, actor compliance.Actor, id uint64) (*SessionView, error) {
	db := d.store.Read(ctx)
	var row models.TrainingSession
	err := db.Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, models.NewError(models.NotFound, sessionUnknown)
	}
	if err != nil {
		return nil, fmt.Errorf("session: %w", store.Translate(err))
	}
	view := &SessionView{TrainingSession: row}
	if view.Office, err = readOffice(db, actor, row.UnitID, sessionUnknown); err != nil {
		return nil, err
	}
	if view.Course, err = courseByID(db, row.CourseID); err != nil {
		return nil, err
	}
	if row.RegionID != nil {
		view.Region = &models.Unit{}
		if err := db.Where("id = ?", *row.RegionID).Take(view.Region).Error; err != nil {
			return nil, fmt.Errorf("region of session: %w", store.Translate(err))
		}
	}
	return view, nil
}
