package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/store"
)

// tallyKey is the key of a TallyChange.
type tallyKey struct {
	unit       uint64
	year       int
	knownDay   int
	obligation uint64
	dueDay     int
}

// tallySums collects by how much tallies move.
type tallySums map[tallyKey]models.Counts

// move takes a duty out of the bucket of one change and puts it into that of
// another, for every ancestor and every year the duty stands on. A nil change is
// no bucket.
func (s tallySums) move(path string, duty models.Duty, from, to *models.DutyChange) {
	known := 0
	if to != nil {
		known = int(to.KnownOn)
	}
	for _, unit := range pathIDs(path) {
		for year := duty.Year; year <= duty.UntilYear; year++ {
			key := tallyKey{unit: unit, year: year, knownDay: known, obligation: duty.ObligationID}
			s.add(key, from, -1)
			s.add(key, to, 1)
		}
	}
}

func (s tallySums) add(key tallyKey, change *models.DutyChange, by int) {
	if change == nil || change.Outcome == models.Withdrawn {
		return
	}
	key.dueDay = int(change.DueOn)
	counts := s[key]
	*bucket(&counts, change) += by
	s[key] = counts
}

// bucket returns the count that the change belongs to.
func bucket(c *models.Counts, change *models.DutyChange) *int {
	switch {
	case change.Outcome == models.Open && change.Provisional:
		return &c.Provisional
	case change.Outcome == models.Reported:
		return &c.Reported
	case change.Outcome == models.Met:
		return &c.Met
	case change.Outcome == models.Late:
		return &c.Late
	case change.Outcome == models.Exempt:
		return &c.Exempt
	case change.Outcome == models.Unscheduled:
		return &c.Unscheduled
	default:
		return &c.Open
	}
}

// pathIDs returns the ids of a unit's path, from the root down.
func pathIDs(path string) []uint64 {
	var ids []uint64
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if id, err := strconv.ParseUint(part, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// apply adds the sums to the stored tallies and their changes. Rows go from the
// root down, always in the same order, so that two writers cannot deadlock.
func (w *write) apply(sums tallySums) error {
	if w.later != nil {
		for key, counts := range sums {
			w.later[key] = plus(w.later[key], counts)
		}
		return nil
	}
	changes := make([]models.TallyChange, 0, len(sums))
	totals := map[tallyKey]models.Counts{}
	for key, counts := range sums {
		if counts == (models.Counts{}) {
			continue
		}
		changes = append(changes, models.TallyChange{UnitID: key.unit, Year: key.year, KnownDay: key.knownDay,
			ObligationID: key.obligation, DueDay: key.dueDay, Counts: counts})
		key.knownDay = 0
		totals[key] = plus(totals[key], counts)
	}
	tallies := make([]models.Tally, 0, len(totals))
	for key, counts := range totals {
		tallies = append(tallies, models.Tally{UnitID: key.unit, Year: key.year, ObligationID: key.obligation, DueDay: key.dueDay, Counts: counts})
	}
	slices.SortFunc(tallies, func(a, b models.Tally) int {
		return cmp.Or(cmp.Compare(a.UnitID, b.UnitID), cmp.Compare(a.Year, b.Year), cmp.Compare(a.ObligationID, b.ObligationID), cmp.Compare(a.DueDay, b.DueDay))
	})
	slices.SortFunc(changes, func(a, b models.TallyChange) int {
		return cmp.Or(cmp.Compare(a.UnitID, b.UnitID), cmp.Compare(a.Year, b.Year), cmp.Compare(a.KnownDay, b.KnownDay),
			cmp.Compare(a.ObligationID, b.ObligationID), cmp.Compare(a.DueDay, b.DueDay))
	})
	if err := w.upsert("tallies").CreateInBatches(tallies, batch).Error; err != nil {
		return fmt.Errorf("store tallies: %w", err)
	}
	if err := w.upsert("tally_changes").CreateInBatches(changes, batch).Error; err != nil {
		return fmt.Errorf("store tally changes: %w", err)
	}
	return nil
}

func plus(a, b models.Counts) models.Counts {
	return models.Counts{Open: a.Open + b.Open, Provisional: a.Provisional + b.Provisional, Reported: a.Reported + b.Reported,
		Met: a.Met + b.Met, Late: a.Late + b.Late, Exempt: a.Exempt + b.Exempt, Unscheduled: a.Unscheduled + b.Unscheduled}
}

var countColumns = []string{"open", "provisional", "reported", "met", "late", "exempt", "unscheduled"}

// upsert makes an insert into the table add its counts to a row that is there.
func (w *write) upsert(table string) *gorm.DB {
	sums := clause.Set{}
	for _, column := range countColumns {
		added := fmt.Sprintf("`%s`.`%s` + excluded.`%s`", table, column, column)
		if w.store.Dialect() == store.MySQL {
			added = fmt.Sprintf("`%s` + VALUES(`%s`)", column, column)
		}
		sums = append(sums, clause.Assignment{Column: clause.Column{Name: column}, Value: gorm.Expr(added)})
	}
	key := []clause.Column{{Name: "unit_id"}, {Name: "year"}, {Name: "obligation_id"}, {Name: "due_day"}}
	if table == "tally_changes" {
		key = append(key, clause.Column{Name: "known_day"})
	}
	return w.tx.Clauses(clause.OnConflict{Columns: key, DoUpdates: sums})
}

// Rebuild computes all tallies anew from what is known of the duties. It changes
// nothing as long as every write has kept its promise.
func (l *Ledger) Rebuild(ctx context.Context, actor Actor) error {
	return l.write(ctx, actor, func(w *write) error {
		// Clear first: writers under way have locked their rows, so that this waits
		// for them, and what is read next has their changes.
		for _, table := range []any{&models.Tally{}, &models.TallyChange{}} {
			if err := w.tx.Where("1 = 1").Delete(table).Error; err != nil {
				return fmt.Errorf("clear tallies: %w", err)
			}
		}
		sums, err := w.allSums()
		if err != nil {
			return err
		}
		if err := w.apply(sums); err != nil {
			return err
		}
		return w.record("rebuild", "tally", 0, nil, map[string]any{"rows": len(sums)})
	})
}

// known is a change with what the tallies need of its duty.
type known struct {
	models.DutyChange
	ObligationID uint64
	Year         int
	UntilYear    int
	Path         string
}

// allSums adds up the changes of all duties, one duty after the other.
func (w *write) allSums() (tallySums, error) {
	rows, err := w.tx.Table("duty_changes c").
		Select("c.*, d.obligation_id, d.year, d.until_year, u.path").
		Joins("JOIN duties d ON d.id = c.duty_id").Joins("JOIN units u ON u.id = d.unit_id").
		Order("c.duty_id, c.known_on").Rows()
	if err != nil {
		return nil, fmt.Errorf("duty changes: %w", err)
	}
	defer rows.Close()
	sums := tallySums{}
	var last *models.DutyChange
	for rows.Next() {
		var k known
		if err := w.tx.ScanRows(rows, &k); err != nil {
			return nil, fmt.Errorf("duty change: %w", err)
		}
		if last != nil && last.DutyID != k.DutyID {
			last = nil
		}
		sums.move(k.Path, models.Duty{ObligationID: k.ObligationID, Year: k.Year, UntilYear: k.UntilYear}, last, &k.DutyChange)
		last = &k.DutyChange
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("duty changes: %w", err)
	}
	return sums, nil
}
