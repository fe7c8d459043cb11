package compliance

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// MaxLimit is the largest page of a list, DefaultLimit the usual one.
const (
	MaxLimit     = 200
	DefaultLimit = 50
)

// never sorts duties without a due date to the end.
const never = "9999-12-31"

// dutyAsOf is a duty with what was known of it on the as-of date.
type dutyAsOf struct {
	models.Duty
	KnownOutcome     models.Outcome
	KnownDueOn       calendar.Date
	KnownDoneOn      calendar.Date
	KnownProvisional bool
	KnownEdition     int
	KnownExtended    bool
}

// dutyColumns select a dutyAsOf from duties d and their changes c.
const dutyColumns = "d.*, c.outcome AS known_outcome, c.due_on AS known_due_on, c.done_on AS known_done_on," +
	" c.provisional AS known_provisional, c.edition AS known_edition, c.extended AS known_extended"

// knownChange joins to duties d the last change c known on a day.
const knownChange = "JOIN duty_changes c ON c.duty_id = d.id AND c.known_on =" +
	" (SELECT MAX(k.known_on) FROM duty_changes k WHERE k.duty_id = d.id AND k.known_on <= ?)"

// row returns the duty as it was known. One that was without a due date then
// had no trigger either, whatever was registered since.
func (d dutyAsOf) row() models.Duty {
	row := d.Duty
	row.Outcome, row.DueOn, row.DoneOn, row.Provisional = d.KnownOutcome, d.KnownDueOn, d.KnownDoneOn, d.KnownProvisional
	row.Edition = d.KnownEdition
	row.ExtendedTo = 0
	if d.KnownExtended {
		row.ExtendedTo = d.KnownDueOn
	}
	if row.DueOn.IsZero() {
		row.Subject, row.SubjectTitle, row.TriggerOn, row.TriggerAt, row.DueAt = "", "", 0, nil, nil
	}
	return row
}

// Duties answers a page of duties as they were known at the end of the as-of
// date, by due date. An unknown obligation or policy is NotFound, a cursor that
// is none, a limit out of range or an as-of date in the future Invalid.
func (l *Ledger) Duties(ctx context.Context, q DutyQuery) (*DutyPage, error) {
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	if q.Limit, err = limitOf(q.Limit); err != nil {
		return nil, err
	}
	query, err := l.dutyQuery(db, lib, q)
	if err != nil {
		return nil, err
	}
	if q.Cursor != "" {
		due, id, err := parseCursor(q.Cursor)
		if err != nil {
			return nil, err
		}
		query = query.Where("COALESCE(c.due_on, ?) > ? OR (COALESCE(c.due_on, ?) = ? AND d.id > ?)", never, due, never, due, id)
	}
	var found []dutyAsOf
	err = query.Select(dutyColumns).
		Order(fmt.Sprintf("COALESCE(c.due_on, '%s'), d.id", never)).Limit(q.Limit + 1).Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("duties of %s: %w", q.Unit.Code, store.Translate(err))
	}
	page := &DutyPage{}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		last := found[len(found)-1].row()
		page.Next = cursorOf(last.DueOn, last.ID)
	}
	page.Items, err = l.views(db, lib, found, q.AsOf)
	return page, err
}

// CountDuties returns the number of duties that Duties would list.
func (l *Ledger) CountDuties(ctx context.Context, q DutyQuery) (int, error) {
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return 0, err
	}
	query, err := l.dutyQuery(db, lib, q)
	if err != nil {
		return 0, err
	}
	var count int64
	if err := query.Count(&count).Error; err != nil {
		return 0, fmt.Errorf("count duties: %w", store.Translate(err))
	}
	return int(count), nil
}

// dutyQuery selects the duties and the last change known on the as-of date.
func (l *Ledger) dutyQuery(db *gorm.DB, lib *library, q DutyQuery) (*gorm.DB, error) {
	if err := l.checkAsOf(q.AsOf); err != nil {
		return nil, err
	}
	query := db.Table("duties d").
		Joins(knownChange, q.AsOf).
		Where("c.outcome <> ?", models.Withdrawn)
	if q.Own {
		query = query.Where("d.unit_id = ?", q.Unit.ID)
	} else {
		// The subtree as it was then: a unit that has moved since counts where it was.
		root, err := unitOn(db, q.Unit, q.AsOf)
		if err != nil {
			return nil, err
		}
		query = rbac.Scope{root.Path}.Where(query.Joins("JOIN unit_changes p ON p.unit_id = d.unit_id AND p.known_on <= ? AND p.known_until > ?", q.AsOf, q.AsOf), "p.path")
	}
	if q.Year != 0 {
		query = query.Where("d.year <= ? AND d.until_year >= ?", q.Year, q.Year)
	}
	switch {
	case q.Obligation != "":
		e, err := lib.obligation(q.Obligation)
		if err != nil {
			return nil, err
		}
		query = query.Where("d.obligation_id = ?", e.row.ID)
	case q.Policy != "":
		b, err := lib.find(q.Policy)
		if err != nil {
			return nil, err
		}
		query = query.Where("d.obligation_id IN (SELECT id FROM obligations WHERE policy_id = ?)", b.row.ID)
	}
	return inState(query, lib, q)
}

// inState narrows the query to a state on the as-of date; rules.StateOn says the
// same of a single duty.
func inState(query *gorm.DB, lib *library, q DutyQuery) (*gorm.DB, error) {
	if q.Extended {
		query = query.Where("c.extended = ?", true)
	}
	if !q.DueOn.IsZero() {
		query = query.Where("c.due_on = ?", q.DueOn)
	}
	if q.DueSoon {
		// The last day that is at most DueSoonDays working days away.
		beyond, _ := lib.almanac.on(q.AsOf).AddWorkingDays(q.AsOf, rules.DueSoonDays+1)
		return query.Where("c.outcome = ? AND NOT c.provisional AND c.due_on >= ? AND c.due_on < ?", models.Open, q.AsOf, beyond), nil
	}
	switch q.State {
	case "":
		return query, nil
	case rules.Overdue:
		return query.Where("c.outcome = ? AND NOT c.provisional AND c.due_on < ?", models.Open, q.AsOf), nil
	case rules.Pending:
		return query.Where("c.outcome = ? AND (c.provisional OR c.due_on >= ?)", models.Open, q.AsOf), nil
	}
	if !slices.Contains(rules.States, q.State) {
		return nil, models.InvalidFields([]models.Field{{Name: "state", Key: "duty.unknown_state", Args: models.Args("Value", string(q.State), "Known", rules.States)}})
	}
	return query.Where("c.outcome = ?", string(q.State)), nil
}

// views judges the duties of a page.
func (l *Ledger) views(db *gorm.DB, lib *library, found []dutyAsOf, asOf calendar.Date) ([]DutyView, error) {
	rows := make([]models.Duty, len(found))
	for i, d := range found {
		rows[i] = d.row()
	}
	list, err := dossiers(db, lib, rows)
	if err != nil {
		return nil, err
	}
	units, err := unitsOn(db, unitIDs(rows), asOf)
	if err != nil {
		return nil, err
	}
	views := make([]DutyView, len(rows))
	for i, d := range list {
		if found[i].KnownEdition != found[i].Edition {
			d.row = dueThen(d.entry, d.row)
			rows[i] = d.row
		}
		verdict, err := d.judge(lib, asOf)
		if err != nil {
			return nil, err
		}
		views[i] = DutyView{Duty: rows[i], Unit: units[d.row.UnitID], Obligation: d.ref(), Verdict: verdict,
			TwoLevels: d.book.twoLevels(units[d.row.UnitID].Path)}
	}
	return views, addExtensions(db, views, asOf)
}

// addExtensions brings to extended duties the extension that they stand by.
func addExtensions(db *gorm.DB, views []DutyView, asOf calendar.Date) error {
	extended := map[uint64]*DutyView{}
	for i := range views {
		if !views[i].Duty.ExtendedTo.IsZero() {
			extended[views[i].Duty.ID] = &views[i]
		}
	}
	if len(extended) == 0 {
		return nil
	}
	var rows []models.Extension
	if err := db.Where("duty_id IN ? AND granted_on <= ?", slices.Collect(maps.Keys(extended)), asOf).Order("id").Find(&rows).Error; err != nil {
		return fmt.Errorf("extensions: %w", store.Translate(err))
	}
	for i := range rows {
		if view := extended[rows[i].DutyID]; rows[i].ToDue == view.Duty.ExtendedTo {
			view.Extension = &rows[i]
		}
	}
	return nil
}

func limitOf(limit int) (int, error) {
	switch {
	case limit == 0:
		return DefaultLimit, nil
	case limit < 1 || limit > MaxLimit:
		return 0, models.InvalidFields([]models.Field{{Name: "limit", Key: "list.bad_limit", Args: models.Args("Max", MaxLimit)}})
	default:
		return limit, nil
	}
}

// cursorOf names a place in a list by due date and id; it is opaque outside.
func cursorOf(due calendar.Date, id uint64) string {
	text := due.String()
	if due.IsZero() {
		text = never
	}
	return base64.RawURLEncoding.EncodeToString([]byte(text + "." + strconv.FormatUint(id, 10)))
}

func parseCursor(cursor string) (due string, id uint64, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		date, number, _ := strings.Cut(string(text), ".")
		if day, bad := calendar.ParseDate(date); bad == nil && !day.IsZero() {
			if id, err = strconv.ParseUint(number, 10, 63); err == nil {
				return date, id, nil
			}
		}
	}
	return "", 0, models.InvalidFields([]models.Field{{Name: "cursor", Key: "list.bad_cursor"}})
}
