package seeds

import (
	"testing"
	"time"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

var demoToday = calendar.NewDate(2026, time.November, 20)

// stage is a store with the demo's world around it.
type stage struct {
	*store.Store
	directory *organization.Directory
	ledger    *compliance.Ledger
	table     *rbac.Table
	today     calendar.Date
}

func newStage(t *testing.T, s *store.Store, today calendar.Date) *stage {
	t.Helper()
	now := func() time.Time { return midnight(today).Add(8 * time.Hour) }
	table, err := rbac.Load()
	if err != nil {
		t.Fatal(err)
	}
	directory, err := organization.New(s, table, now)
	if err != nil {
		t.Fatal(err)
	}
	return &stage{s, directory, compliance.New(s, mustCalendar(t), now), table, today}
}

func (s *stage) demo(t *testing.T) *Demonstration {
	t.Helper()
	start := time.Now()
	shown, err := Demo(t.Context(), s.Store, s.directory, s.ledger, s.table, s.today)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("loaded in %v", time.Since(start))
	return shown
}

func TestScratch(t *testing.T) {
	s := newStage(t, storetest.MySQL(t), demoToday)
	s.demo(t)
	s = newStage(t, storetest.SQLite(t), demoToday)
	s.demo(t)
	var roots []models.Unit
	s.Read(t.Context()).Where("parent_id IS NULL").Find(&roots)
	for _, a := range activations(demoToday) {
		for _, r := range roots {
			b, err := s.ledger.Board(t.Context(), compliance.BoardQuery{Unit: r, Year: a.year, AsOf: demoToday, Policy: a.policy})
			if err != nil {
				t.Fatal(err)
			}
			if len(b.Obligations) == 0 {
				continue
			}
			t.Logf("%s %d %+v", a.policy, a.year, compliance.Sum(b.Totals))
			for _, c := range b.Totals {
				t.Logf("    %+v", c)
			}
		}
	}
	for _, table := range []string{"duties", "reports", "duty_changes", "exemptions", "tallies", "tally_changes", "audit_entries"} {
		var n int64
		s.Read(t.Context()).Table(table).Count(&n)
		t.Log(table, n)
	}
	_ = rules.Met
}
