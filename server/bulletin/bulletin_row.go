package bulletin

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/desk"
	"sundial/server/store"
)

// storedRow is a row of bulletins whose days may be anything: what somebody wrote into the
// database by hand is told by the seal, and is no failure of the page.
type storedRow struct {
	models.Bulletin
	AsOf        storedDay
	PublishedOn storedDay
}

// TableName is that of models.Bulletin.
func (storedRow) TableName() string { return "bulletins" }

// row takes the days over.
func (s storedRow) row() models.Bulletin {
	s.Bulletin.AsOf, s.Bulletin.PublishedOn = s.AsOf.Date, s.PublishedOn.Date
	return s.Bulletin
}

// storedDay reads what is no day as none, with which no seal holds.
type storedDay struct{ calendar.Date }

// Scan never fails.
func (d *storedDay) Scan(value any) error {
	if d.Date.Scan(value) != nil {
		d.Date = 0
	}
	return nil
}

// oneRow reads the bulletin of the query; none is NotFound.
func oneRow(query *gorm.DB) (models.Bulletin, error) {
	var stored storedRow
	err := desk.One(query, &stored, "bulletins.unknown")
	return stored.row(), err
}

// rowsOf reads the bulletins of the query without their contents and moments.
func rowsOf(query *gorm.DB) ([]models.Bulletin, error) {
	var stored []storedRow
	if err := query.Model(&storedRow{}).Omit("data", "words", "settings", "created_at", "composed_at", "published_at").Find(&stored).Error; err != nil {
		return nil, fmt.Errorf("bulletins: %w", store.Translate(err))
	}
	rows := make([]models.Bulletin, len(stored))
	for i := range stored {
		rows[i] = stored[i].row()
	}
	return rows, nil
}
