package compliance

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// QueueSort is the order of a queue.
type QueueSort string

// The orders: the oldest report first, or the duty that was due first.
const (
	ByAge QueueSort = "age"
	ByDue QueueSort = "due"
)

// OldDays is the number of working days after which a report that waits is old.
const OldDays = 5

// QueueQuery asks for the reports that wait for a decision. Empty fields do not
// restrict.
type QueueQuery struct {
	// Actor is whose turns are shown; Unit is whose subtree the queue is of, the
	// zero Unit for all that the actor decides on.
	Actor Actor
	Unit  models.Unit
	// Policy is the code of a policy, For whose turn it is.
	Policy string
	For    WaitsFor
	// Year restricts to duties that stand on the boards of the year.
	Year int
	// PastDue restricts to reports filed after the duty's settled due date.
	PastDue bool
	Sort    QueueSort
	// Cursor is the Next of the page before; Limit at most 200.
	Cursor string
	Limit  int
}

// QueuePage is one page of the queue. Total counts what the query asks for, Counts
// all that waits, so that no filter hides a backlog.
type QueuePage struct {
	Items  []QueueItem
	Total  int
	Counts QueueCounts
	Next   string
}

// QueueCounts are what waits in the whole queue, whatever the filter: in all, by
// whose turn it is, for more than OldDays working days, and filed after the
// duty's due date.
type QueueCounts struct {
	All     int
	Mine    int
	Below   int
	Above   int
	Old     int
	PastDue int
}

// QueueItem is a report that waits, with its duty.
type QueueItem struct {
	Report ReportView
	DutyView
	// Turn is what the actor can do with it.
	Turn Turn
	// Old tells that it has waited for more than OldDays working days.
	Old bool
	// Number is 1 for the first report on the duty. Refiled tells that the one before
	// came back; LastReturn is why the last returned one was.
	Number     int
	Refiled    bool
	LastReturn string
	// Form is that of the duty's obligation.
	Form rules.Form
}

// recall tells of the reports on the duty before this one, in the order of filing.
func (i *QueueItem) recall(reports []models.Report) {
	i.Number = 1
	for _, before := range reports {
		if before.ID >= i.Report.ID {
			return
		}
		i.Number++
		i.Refiled = !before.Status.Waits() && before.Status != models.Verified
		if before.Status == models.Returned {
			i.LastReturn = before.Reason
		}
	}
}

// waitingStatuses are those of reports that wait for a decision.
var waitingStatuses = []models.ReportStatus{models.Filed, models.Checked}

// Queue answers a page of the reports that wait. An unknown policy is NotFound; a
// turn or an order that is none, a cursor that is none and a limit out of range
// are Invalid.
func (l *Ledger) Queue(ctx context.Context, q QueueQuery) (*QueuePage, error) {
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	if q.Limit, err = limitOf(q.Limit); err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	turns := turnsOf(q.Actor, lib.twoLevelObligations())
	waiting := q.waiting(db)
	page := &QueuePage{}
	if page.Counts, err = l.queueCounts(waiting, lib, turns); err != nil {
		return nil, err
	}
	asked, err := q.narrow(waiting, lib, turns)
	if err != nil {
		return nil, err
	}
	page.Total = page.Counts.All
	if q.narrows() {
		var total int64
		if err := asked.Count(&total).Error; err != nil {
			return nil, fmt.Errorf("count queue: %w", store.Translate(err))
		}
		page.Total = int(total)
	}
	places, err := q.places(asked)
	if err != nil {
		return nil, err
	}
	if len(places) > q.Limit {
		places = places[:q.Limit]
		last := places[len(places)-1]
		page.Next = cursorOf(last.Place, last.Report.ID)
	}
	reports := make([]models.Report, len(places))
	for i, p := range places {
		reports[i] = p.Report
	}
	page.Items, err = l.queueItems(db, lib, q.Actor, reports)
	return page, err
}

func (q QueueQuery) check() error {
	var fields []models.Field
	if q.For != "" && !slices.Contains(Turns, q.For) {
		fields = append(fields, models.Field{Name: "for", Key: "queue.unknown_turn", Args: models.Args("Value", string(q.For), "Known", Turns)})
	}
	if q.Sort != "" && q.Sort != ByAge && q.Sort != ByDue {
		fields = append(fields, models.Field{Name: "sort", Key: "queue.unknown_sort", Args: models.Args("Value", string(q.Sort), "Known", []QueueSort{ByAge, ByDue})})
	}
	return models.InvalidFields(fields)
}

// waiting selects what waits in the queue, before any filter.
func (q QueueQuery) waiting(db *gorm.DB) *gorm.DB {
	scope := q.Actor.Access.Scope("report", "verify")
	if q.Unit.ID != 0 {
		scope = rbac.Scope{q.Unit.Path}
	}
	query := db.Table("reports r").Joins("JOIN units u ON u.id = r.unit_id").Joins("JOIN duties d ON d.id = r.duty_id")
	return scope.Where(query, "u.path").Where("r.status IN ?", waitingStatuses).Session(&gorm.Session{})
}

func (q QueueQuery) narrows() bool { return q.Policy != "" || q.For != "" || q.Year != 0 || q.PastDue }

// pastDue is the condition that a report r was filed after the settled due date
// of its duty d.
const pastDue = "NOT d.provisional AND d.due_on < r.filed_on"

func (q QueueQuery) narrow(query *gorm.DB, lib *library, turns turnSQL) (*gorm.DB, error) {
	if q.Policy != "" {
		b, err := lib.find(q.Policy)
		if err != nil {
			return nil, err
		}
		query = query.Where("d.obligation_id IN (SELECT id FROM obligations WHERE policy_id = ?)", b.row.ID)
	}
	if q.Year != 0 {
		query = query.Where("d.year <= ? AND d.until_year >= ?", q.Year, q.Year)
	}
	if q.For != "" {
		query = turns.only(query, q.For)
	}
	if q.PastDue {
		query = query.Where(pastDue)
	}
	return query.Session(&gorm.Session{}), nil
}

// placed is a report with the day by which the queue has it in its place.
type placed struct {
	models.Report
	Place calendar.Date
}

// places reads the reports of the page and one more, in their order.
func (q QueueQuery) places(query *gorm.DB) ([]placed, error) {
	place := "r.filed_on"
	if q.Sort == ByDue {
		place = "COALESCE(d.due_on, '" + never + "')"
	}
	if q.Cursor != "" {
		day, id, err := parseCursor(q.Cursor)
		if err != nil {
			return nil, err
		}
		query = query.Where("("+place+" > ? OR ("+place+" = ? AND r.id > ?))", day, day, id)
	}
	var found []placed
	if err := query.Select("r.*, " + place + " AS place").Order(place + ", r.id").Limit(q.Limit + 1).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("queue: %w", store.Translate(err))
	}
	return found, nil
}

// queueCounts counts all that waits, in one pass.
func (l *Ledger) queueCounts(waiting *gorm.DB, lib *library, turns turnSQL) (QueueCounts, error) {
	var counts QueueCounts
	selected := "COUNT(*) AS `all`, COUNT(CASE WHEN r.filed_on <= ? THEN 1 END) AS old, COUNT(CASE WHEN " + pastDue + " THEN 1 END) AS past_due"
	args := []any{lib.oldSince(l.Today())}
	for _, turn := range []struct {
		column string
		WaitsFor
	}{{"mine", ForMe}, {"below", ForOfficeBelow}, {"above", ForOfficeAbove}} {
		expression, more := turns.count(turn.WaitsFor)
		selected += ", " + expression + " AS " + turn.column
		args = append(args, more...)
	}
	if err := waiting.Select(selected, args...).Scan(&counts).Error; err != nil {
		return counts, fmt.Errorf("count queue: %w", store.Translate(err))
	}
	return counts, nil
}

// oldSince returns the last day such that a report filed on it is old today.
func (lib *library) oldSince(today calendar.Date) calendar.Date {
	day := today
	for lib.calendar.WorkingDaysBetween(day, today) <= OldDays {
		day--
	}
	return day
}

// twoLevelObligations are the obligations of policies that ask for two
// acceptances.
func (lib *library) twoLevelObligations() []uint64 {
	var ids []uint64
	for _, b := range lib.books {
		for _, row := range b.obligations {
			if b.row.Levels >= 2 {
				ids = append(ids, row.ID)
			}
		}
	}
	return ids
}

// MaxWaiting is as far as Waiting counts.
const MaxWaiting = 1000

// Waiting returns the number of reports that wait for the actor, wherever they
// may decide, up to MaxWaiting: what the navigation shows on every page. It is
// read from an index of what waits, whatever the number of reports.
func (l *Ledger) Waiting(ctx context.Context, actor Actor) (int, error) {
	db := l.store.Read(ctx)
	var obligations []uint64
	err := db.Table("obligations o").Joins("JOIN policies p ON p.id = o.policy_id").Where("p.levels >= 2").Pluck("o.id", &obligations).Error
	if err != nil {
		return 0, fmt.Errorf("obligations with two levels: %w", store.Translate(err))
	}
	// SQLite joins in the order of CROSS JOIN: duties last, for few are asked for.
	query := db.Table("reports r").Joins("CROSS JOIN units u ON u.id = r.unit_id")
	if len(obligations) > 0 {
		query = query.Joins("CROSS JOIN duties d ON d.id = r.duty_id")
	}
	query = actor.Access.Scope("report", "verify").Where(query, "u.path").Where("r.status IN ?", waitingStatuses)
	mine := turnsOf(actor, obligations).only(query, ForMe).Select("1 AS mine").Limit(MaxWaiting)
	var count int64
	if err := db.Table("(?) AS waiting", mine).Count(&count).Error; err != nil {
		return 0, fmt.Errorf("count what waits: %w", store.Translate(err))
	}
	return int(count), nil
}

// QueueItem answers one report with its duty, whatever its status, as the actor
// sees it. A report outside the scope is NotFound.
func (l *Ledger) QueueItem(ctx context.Context, actor Actor, scope rbac.Scope, report uint64) (*QueueItem, error) {
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
	items, err := l.queueItems(db, lib, actor, found)
	if err != nil {
		return nil, err
	}
	return &items[0], nil
}

func (l *Ledger) queueItems(db *gorm.DB, lib *library, actor Actor, reports []models.Report) ([]QueueItem, error) {
	ids := make([]uint64, len(reports))
	for i, r := range reports {
		ids[i] = r.DutyID
	}
	var duties []models.Duty
	if err := db.Where("id IN ?", ids).Find(&duties).Error; err != nil {
		return nil, fmt.Errorf("duties of queue: %w", store.Translate(err))
	}
	found := make([]dutyAsOf, len(duties))
	forms := map[uint64]rules.Form{}
	for i, row := range duties {
		e, err := lib.of(row)
		if err != nil {
			return nil, err
		}
		forms[row.ID] = e.rule.Form()
		found[i] = dutyAsOf{Duty: row, KnownOutcome: row.Outcome, KnownDueOn: row.DueOn, KnownDoneOn: row.DoneOn, KnownProvisional: row.Provisional,
			KnownEdition: row.Edition, KnownExtended: isExtended(row)}
	}
	today := l.Today()
	views, err := l.views(db, lib, found, today)
	if err != nil {
		return nil, err
	}
	byDuty := map[uint64]DutyView{}
	for _, view := range views {
		byDuty[view.Duty.ID] = view
	}
	shown, err := reportViews(db, reports, l.Today())
	if err != nil {
		return nil, err
	}
	history, err := reportsOf(db, ids)
	if err != nil {
		return nil, err
	}
	items := make([]QueueItem, 0, len(shown))
	old := lib.oldSince(today)
	for _, report := range slices.Backward(shown) {
		view := byDuty[report.DutyID]
		item := QueueItem{Report: report, DutyView: view, Turn: TurnOf(actor, view.TwoLevels, view.Unit, report.Report),
			Old: report.Status.Waits() && report.FiledOn <= old, Form: forms[report.DutyID]}
		item.recall(history[report.DutyID])
		items = append(items, item)
	}
	return items, nil
}
