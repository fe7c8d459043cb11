package compliance

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
)

// Queue answers a page of the reports that wait for verification below the
// unit, the oldest first.
func (l *Ledger) Queue(ctx context.Context, q QueueQuery) (*QueuePage, error) {
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	if q.Limit, err = limitOf(q.Limit); err != nil {
		return nil, err
	}
	waiting := rbac.Scope{q.Unit.Path}.Where(db.Table("reports r").Joins("JOIN units u ON u.id = r.unit_id"), "u.path").
		Where("r.status IN ?", []models.ReportStatus{models.Filed, models.Checked}).Session(&gorm.Session{})
	var total int64
	if err := waiting.Count(&total).Error; err != nil {
		return nil, fmt.Errorf("count queue: %w", store.Translate(err))
	}
	list := waiting
	if q.Cursor != "" {
		_, id, err := parseCursor(q.Cursor)
		if err != nil {
			return nil, err
		}
		list = list.Where("r.id > ?", id)
	}
	var reports []models.Report
	if err := list.Select("r.*").Order("r.id").Limit(q.Limit + 1).Find(&reports).Error; err != nil {
		return nil, fmt.Errorf("queue: %w", store.Translate(err))
	}
	page := &QueuePage{Total: int(total)}
	if len(reports) > q.Limit {
		reports = reports[:q.Limit]
		page.Next = cursorOf(0, reports[len(reports)-1].ID)
	}
	page.Items, err = l.queueItems(db, lib, reports)
	return page, err
}

// QueueItem answers one report with its duty, whatever its status. A report
// outside the scope is NotFound.
func (l *Ledger) QueueItem(ctx context.Context, scope rbac.Scope, report uint64) (*QueueItem, error) {
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	var found []models.Report
	err = scope.Where(db.Table("reports r").Joins("JOIN units u ON u.id = r.unit_id"), "u.path").
		Where("r.id = ?", report).Select("r.*").Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("report: %w", store.Translate(err))
	}
	if len(found) == 0 {
		return nil, models.NewError(models.NotFound, "report.unknown")
	}
	items, err := l.queueItems(db, lib, found)
	if err != nil {
		return nil, err
	}
	return &items[0], nil
}

func (l *Ledger) queueItems(db *gorm.DB, lib *library, reports []models.Report) ([]QueueItem, error) {
	ids := make([]uint64, len(reports))
	for i, r := range reports {
		ids[i] = r.DutyID
	}
	var duties []models.Duty
	if err := db.Where("id IN ?", ids).Find(&duties).Error; err != nil {
		return nil, fmt.Errorf("duties of queue: %w", store.Translate(err))
	}
	found := make([]dutyAsOf, len(duties))
	for i, row := range duties {
		found[i] = dutyAsOf{Duty: row, KnownOutcome: row.Outcome, KnownDueOn: row.DueOn, KnownDoneOn: row.DoneOn, KnownProvisional: row.Provisional,
			KnownEdition: row.Edition, KnownExtended: !row.ExtendedTo.IsZero()}
	}
	views, err := l.views(db, lib, found, l.Today())
	if err != nil {
		return nil, err
	}
	byDuty := map[uint64]DutyView{}
	for _, view := range views {
		byDuty[view.Duty.ID] = view
	}
	shown, err := reportViews(db, reports)
	if err != nil {
		return nil, err
	}
	items := make([]QueueItem, 0, len(shown))
	for _, report := range slices.Backward(shown) {
		items = append(items, QueueItem{Report: report, DutyView: byDuty[report.DutyID]})
	}
	return items, nil
}
