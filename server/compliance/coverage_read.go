package compliance

import (
	"cmp"
	"context"
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

// Rotation answers how far a rotation has come as it was known at the end of the
// as-of date, in the tree of that day. Like a board it costs one row per child.
// An unknown policy, or one without rotation, is NotFound; an unknown window or
// an as-of date in the future Invalid.
func (l *Ledger) Rotation(ctx context.Context, q RotationQuery) (*RotationTable, error) {
	if err := l.checkAsOf(q.AsOf); err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	e, err := lib.rotationOf(q)
	if err != nil {
		return nil, err
	}
	table := &RotationTable{AsOf: q.AsOf, Periods: e.windows(q.AsOf)}
	if table.RotationRef, err = e.rotationRef(table.Periods, q); err != nil {
		return nil, err
	}
	table.spans = e.spans(table.Period.Name)
	if table.Unit, err = unitOn(db, q.Unit, q.AsOf); err != nil {
		return nil, err
	}
	if table.extendedTo, err = table.readExtended(db); err != nil {
		return nil, err
	}
	return table, l.countRotation(db, e, table)
}

// Rotations returns the rotations of active policies that bind units of the
// subtree, in the order of their publication.
func (l *Ledger) Rotations(ctx context.Context, unit models.Unit, asOf calendar.Date) ([]RotationRef, error) {
	if err := l.checkAsOf(asOf); err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	var refs []RotationRef
	for _, b := range lib.books {
		for _, e := range b.rotations(lib, asOf) {
			binds, err := bindsBelow(db, b, e, unit)
			if err != nil {
				return nil, err
			}
			if !binds {
				continue
			}
			ref, err := e.rotationRef(e.windows(asOf), RotationQuery{AsOf: asOf})
			if err != nil {
				return nil, err
			}
			refs = append(refs, ref)
		}
	}
	return refs, nil
}

// LatestBegun returns the rotation whose window began last by the as-of date, the first
// one when none has begun; ok is false without any.
func LatestBegun(refs []RotationRef, asOf calendar.Date) (ref RotationRef, ok bool) {
	if len(refs) == 0 {
		return RotationRef{}, false
	}
	best := refs[0]
	for _, ref := range refs[1:] {
		if ref.Period.From <= asOf && ref.Period.From > best.Period.From {
			best = ref
		}
	}
	return best, true
}

// bindsBelow tells whether the active policy meets the unit, or has ever counted
// below it: a unit may have been moved out of its code's region.
func bindsBelow(db *gorm.DB, b *book, e entry, unit models.Unit) (bool, error) {
	if len(b.years) == 0 {
		return false, nil
	}
	if b.meets(unit) {
		return true, nil
	}
	var row models.Tally
	err := db.Select("unit_id").Where("unit_id = ? AND obligation_id = ?", unit.ID, e.row.ID).Limit(1).Find(&row).Error
	if err != nil {
		return false, fmt.Errorf("rotations below %s: %w", unit.Code, store.Translate(err))
	}
	return row.UnitID != 0, nil
}

// rotations returns the policy's rotations in the edition of the day.
func (b *book) rotations(lib *library, day calendar.Date) []entry {
	var list []entry
	for _, row := range b.obligations {
		if e, ok := lib.byID[row.ID]; ok {
			if e = e.on(day); e.rule.Rotation != nil {
				list = append(list, e)
			}
		}
	}
	return list
}

// rotationOf returns the rotation that is asked for.
func (lib *library) rotationOf(q RotationQuery) (entry, error) {
	b, err := lib.find(q.Policy)
	if err != nil {
		return entry{}, err
	}
	rotations := b.rotations(lib, q.AsOf)
	if len(rotations) == 0 {
		return entry{}, models.NewError(models.NotFound, "coverage.no_rotation", "Policy", b.policy.Title)
	}
	if q.Obligation == "" {
		return rotations[0], nil
	}
	for _, e := range rotations {
		if e.row.Code == q.Obligation {
			return e, nil
		}
	}
	return entry{}, models.NewError(models.NotFound, "obligation.unknown", "Obligation", q.Obligation)
}

// windows returns the rotation's windows of the years for which the policy is
// active, or could be by the day, in order.
func (e entry) windows(day calendar.Date) []rules.Period {
	years := append(slices.Clone(e.book.years), e.rule.Rotation.From.Year(), e.policy.Effective.From.Year(), day.Year())
	var periods []rules.Period
	for _, year := range years {
		for _, period := range e.policy.Periods(e.rule, year) {
			if !slices.Contains(periods, period) {
				periods = append(periods, period)
			}
		}
	}
	slices.SortFunc(periods, func(a, b rules.Period) int { return cmp.Compare(a.From, b.From) })
	return periods
}

// rotationRef picks the window that is asked for.
func (e entry) rotationRef(periods []rules.Period, q RotationQuery) (RotationRef, error) {
	ref := RotationRef{Obligation: e.ref(), PolicyTitle: e.policy.Title}
	for i, period := range periods {
		switch {
		case q.Period == period.Name, q.Period == "" && (i == 0 || period.From <= q.AsOf):
			ref.Period = period
		}
	}
	if ref.Period.Name == "" {
		return ref, models.InvalidFields([]models.Field{{Name: "period", Key: "coverage.unknown_period", Args: models.Args("Known", periodNames(periods))}})
	}
	return ref, nil
}

func periodNames(periods []rules.Period) []string {
	names := make([]string, len(periods))
	for i, period := range periods {
		names[i] = period.Name
	}
	return names
}

// spans returns the days of the window by edition; the latest that has it also
// under 0.
func (e entry) spans(period string) map[int]rules.Span {
	spans := map[int]rules.Span{}
	for _, ed := range e.book.editions {
		found, ok := e.book.entry(e.row, ed.number)
		if !ok || found.rule.Rotation == nil {
			continue
		}
		for _, p := range found.windows(ed.knownOn) {
			if p.Name == period {
				spans[ed.number], spans[0] = p.Span, p.Span
			}
		}
	}
	return spans
}

// tallyYear returns a year in whose tallies the window stands alone, the as-of
// date's when it is one. Cycles of a year that do not begin with the calendar's
// have none: each year has parts of two.
func (e entry) tallyYear(period rules.Period, asOf calendar.Date) (year int, alone bool) {
	first := min(max(asOf.Year(), period.Year), period.UntilYear())
	for _, year := range slices.Concat([]int{first}, yearsOf(period)) {
		names := map[string]bool{}
		for _, ed := range e.book.editions {
			if found, ok := e.book.entry(e.row, ed.number); ok {
				for _, p := range ed.policy.Periods(found.rule, year) {
					names[p.Name] = true
				}
			}
		}
		if len(names) == 1 {
			return year, true
		}
	}
	return 0, false
}

func yearsOf(period rules.Period) []int {
	var years []int
	for year := period.Year; year <= period.UntilYear(); year++ {
		years = append(years, year)
	}
	return years
}

// countRotation sets the rows and the total of the table.
func (l *Ledger) countRotation(db *gorm.DB, e entry, t *RotationTable) error {
	year, alone := e.tallyYear(t.Period, t.AsOf)
	if !alone {
		return t.countDuties(db)
	}
	children, tallies, err := l.countBelow(db, BoardQuery{Unit: t.Unit, Year: year, AsOf: t.AsOf}, []uint64{e.row.ID})
	if err != nil {
		return err
	}
	counts := map[uint64]RotationCount{}
	for _, row := range tallies {
		counts[row.UnitID] = countOf(row)
	}
	t.compose(children, counts)
	return nil
}

func countOf(row models.Tally) RotationCount {
	complete := row.Met + row.Late
	return RotationCount{Roster: row.People, Trained: row.Trained, Complete: complete, Exempt: row.Exempt,
		Units: complete + row.Open + row.Provisional + row.Reported + row.Unscheduled}
}

// compose makes the rows of the counts of the subtrees; the unit's own people are
// its subtree's less those of its children.
func (t *RotationTable) compose(children []child, counts map[uint64]RotationCount) {
	t.Total = counts[t.Unit.ID]
	own := t.Total
	for _, c := range children {
		count := counts[c.ID]
		own = own.minus(count)
		if c.ExistsOn(t.AsOf) && count.Units+count.Exempt > 0 || count.Units > 0 {
			t.Rows = append(t.Rows, RotationRow{Unit: c.Unit, HasChildren: c.HasChildren, RotationCount: count})
		}
	}
	if own.Units+own.Exempt > 0 {
		t.Rows = slices.Insert(t.Rows, 0, RotationRow{Unit: t.Unit, Own: true, RotationCount: own})
	}
}

// countDuties counts what tallies cannot tell apart from the duties themselves.
func (t *RotationTable) countDuties(db *gorm.DB) error {
	children, err := childrenOf(db, t.Unit, t.AsOf)
	if err != nil {
		return err
	}
	below := len(t.Unit.Path) + 1
	groups, err := t.countBy(db, "SUBSTR(p.path, "+strconv.Itoa(below)+", INSTR(SUBSTR(p.path, "+strconv.Itoa(below)+"), '/') - 1)")
	if err != nil {
		return err
	}
	counts := map[uint64]RotationCount{}
	for part, count := range groups {
		if id, err := strconv.ParseUint(part, 10, 63); err == nil {
			counts[id] = count
		}
		counts[t.Unit.ID] = counts[t.Unit.ID].plus(count)
	}
	t.compose(children, counts)
	return nil
}

// countBy counts the duties of the window in groups.
func (t *RotationTable) countBy(db *gorm.DB, group string) (map[string]RotationCount, error) {
	const counts = " AS part, SUM(c.people) AS roster, SUM(c.trained) AS trained, SUM(c.outcome <> 'exempt') AS units," +
		" SUM(c.outcome IN ('met', 'late')) AS complete, SUM(c.outcome = 'exempt') AS exempt"
	var rows []struct {
		Part string
		RotationCount
	}
	if err := t.standing(db).Select(group + counts).Group("part").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("rotation duties of %s: %w", t.Unit.Code, store.Translate(err))
	}
	groups := map[string]RotationCount{}
	for _, row := range rows {
		groups[row.Part] = row.RotationCount
	}
	return groups, nil
}

// RotationClasses counts the table's units by class, the best known first: a
// plain count over the duties of the subtree.
func (l *Ledger) RotationClasses(ctx context.Context, t *RotationTable) ([]RotationClass, error) {
	groups, err := t.countBy(l.store.Read(ctx), "p.class")
	if err != nil {
		return nil, err
	}
	var classes []RotationClass
	for _, class := range slices.Sorted(maps.Keys(groups)) {
		classes = append(classes, RotationClass{class, groups[class]})
	}
	return classes, nil
}

// standing are the duties d of the window in the subtree, with what was known of
// them, c, and of their units, p, at the end of the as-of date.
func (t *RotationTable) standing(db *gorm.DB) *gorm.DB {
	query := db.Table("duties d").
		Joins(knownChange, t.AsOf).
		Joins("JOIN unit_changes p ON p.unit_id = d.unit_id AND p.known_on <= ? AND p.known_until > ?", t.AsOf, t.AsOf).
		Where("d.obligation_id = ? AND d.period = ? AND c.outcome <> ?", t.Obligation.ID, t.Period.Name, models.Withdrawn)
	return rbac.Scope{t.Unit.Path}.Where(query, "p.path")
}

// Duties is a query of the duties that the table counts, exempt ones left out:
// unit_id with the path and class of the unit, due_on, window_from and counted_on,
// the first and the last day of attendances that count, and last_on, the last day
// of those that may yet come. Who is on the unit's
// roster on counted_on, as known on the as-of date, is counted.
func (t *RotationTable) Duties(db *gorm.DB) *gorm.DB {
	from := t.byEdition(func(span rules.Span) string { return "'" + span.From.String() + "'" })
	counted := t.byEdition(func(span rules.Span) string { return countedOn(span, t.AsOf) })
	last := t.byEdition(func(span rules.Span) string {
		return fmt.Sprintf("CASE WHEN c.extended AND c.due_on > '%s' THEN c.due_on ELSE '%s' END", span.To, span.To)
	})
	return t.standing(db).Where("c.outcome <> ?", models.Exempt).
		Select("d.unit_id, p.path, p.class, c.due_on, " + from + " AS window_from, " + counted + " AS counted_on, " + last + " AS last_on")
}

// readExtended returns the latest day to which a duty that is counted was
// extended, zero for none.
func (t *RotationTable) readExtended(db *gorm.DB) (calendar.Date, error) {
	var latest struct{ DueOn calendar.Date }
	err := t.standing(db).Where("c.outcome <> ? AND c.extended", models.Exempt).Select("MAX(c.due_on) AS due_on").Scan(&latest).Error
	if err != nil {
		return 0, fmt.Errorf("extended rotation duties of %s: %w", t.Unit.Code, store.Translate(err))
	}
	return latest.DueOn, nil
}

// byEdition writes what follows from the window's days in the edition of a duty.
func (t *RotationTable) byEdition(write func(rules.Span) string) string {
	var text strings.Builder
	for _, edition := range slices.Sorted(maps.Keys(t.spans)) {
		if span := t.spans[edition]; span != t.spans[0] {
			fmt.Fprintf(&text, " WHEN %d THEN %s", edition, write(span))
		}
	}
	if text.Len() == 0 {
		return write(t.spans[0])
	}
	return "CASE c.edition" + text.String() + " ELSE " + write(t.spans[0]) + " END"
}

// countedOn writes the last day that counts by the as-of date: a duty that was
// extended goes on beyond its window, as in ruleDuty.
func countedOn(span rules.Span, asOf calendar.Date) string {
	return fmt.Sprintf("CASE WHEN c.extended AND c.due_on > '%s' THEN (CASE WHEN c.due_on < '%s' THEN c.due_on ELSE '%s' END) ELSE '%s' END",
		span.To, asOf, asOf, min(asOf, span.To))
}
