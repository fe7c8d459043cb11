package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/store"
)

// oldRectifications brings the database to the fourth migration, with two rectifications
// whose ids have a gap: one answered with a file, one open.
func oldRectifications(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.MigrateTo(t.Context(), "004_assessment"); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"INSERT INTO units (id, code, name, name_en, kind, class, path, position, opened_on, demo) VALUES (1, '370000', '山东省', '', 'province', '', '/1/', 0, '0001-01-02', 0)",
		"INSERT INTO units (id, code, name, name_en, kind, class, parent_id, path, position, opened_on, demo) VALUES (2, '370100', '济南市', '', 'city', '', 1, '/1/2/', 0, '0001-01-02', 0)",
		"INSERT INTO scoring_schemes (id, code, edition, unit_id, year, title_zh, title_en, source, status, created_at, version) VALUES (1, 's', 1, 1, 2017, '', '', '', 'frozen', '2018-01-01', 1)",
		"INSERT INTO rounds (id, scheme_id, unit_id, year, title, status, self_until, opened_by, opened_at, version) VALUES (1, 1, 1, 2017, '考核', 'announced', '2017-12-31', 1, '2018-01-01', 1)",
		"INSERT INTO sheets (id, round_id, unit_id, unit_name, unit_name_en, class, status, grade, by_veto, entries, self_missing, missing, autos, return_reason, version)" +
			" VALUES (1, 1, 2, '济南市', '', 'A', 'verified', 0, 0, 0, 0, 0, '', '', 1)",
		"INSERT INTO rectifications (id, unit_id, round_id, sheet_id, indicator, lost, reason, demand, due_on, status, opened_by, opened_at, version)" +
			" VALUES (3, 2, 1, 1, 'staff', 500000000, '不全', '补齐', '2018-02-07', 'answered', 9, '2018-01-10', 2), (7, 2, 1, 1, 'data', 1, '', '整改', '2018-02-08', 'open', 9, '2018-01-10', 1)",
		"INSERT INTO rectification_steps (id, rectification_id, act, note, url, by_user, done_at, done_on) VALUES (4, 3, 'demand', '补齐', '', 9, '2018-01-10', '2018-01-10')," +
			" (5, 7, 'demand', '整改', '', 9, '2018-01-10', '2018-01-10'), (9, 3, 'answer', '已补', 'https://x.invalid/1', 8, '2018-01-20', '2018-01-20')",
		"INSERT INTO score_files (id, sheet_id, unit_id, indicator, step_id, hash, name, added_by, added_at) VALUES (1, 1, 2, 'staff', NULL, 'h1', '自评.pdf', 8, '2018-01-01'), (2, 1, 2, 'staff', 9, 'h2', '整改.pdf', 8, '2018-01-20')",
	} {
		exec(t, s, statement)
	}
}

// checkRectifications demands that all of them are there, as what they are now.
func checkRectifications(t *testing.T, s *store.Store) {
	t.Helper()
	var rows []models.Rectification
	var steps []models.RectificationStep
	var cases []models.CaseFile
	var scores []models.ScoreFile
	for _, list := range []any{&rows, &steps, &cases, &scores} {
		if err := s.Read(t.Context()).Order("id").Find(list).Error; err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprint(r.ID, r.UnitID, r.OfficeID, *r.RoundID, *r.SheetID, r.FindingID == nil, " ", r.Indicator, r.Lost, r.Reason, r.Demand, r.DueOn, " ", r.Status, r.Version))
	}
	for _, p := range steps {
		got = append(got, fmt.Sprint(p.ID, p.RectificationID, " ", p.Act, p.Note, p.URL, p.DueOn, " ", p.ByUser, p.DoneOn))
	}
	for _, f := range cases {
		got = append(got, fmt.Sprint(f.Object, f.ObjectID, f.UnitID, f.OfficeID, f.Hash, f.Name, f.AddedBy))
	}
	for _, f := range scores {
		got = append(got, fmt.Sprint(f.ID, f.Name))
	}
	want := []string{
		"3 2 1 1 1 true staff500000000不全补齐2018-02-07 answered2", "7 2 1 1 1 true data1整改2018-02-08 open1",
		"4 3 demand补齐2018-02-07 9 2018-01-10", "5 7 demand整改2018-02-08 9 2018-01-10", "9 3 answer已补https://x.invalid/12018-02-07 8 2018-01-20",
		"rectification-step9 2 1h2整改.pdf8", "1自评.pdf",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	schema := s.Read(t.Context()).Migrator()
	for _, gone := range []string{"rectifications_wide", "rectification_steps_wide"} {
		if schema.HasTable(gone) {
			t.Errorf("the table %s is left", gone)
		}
	}
}

func TestMigrateWidensRectifications(t *testing.T) {
	eachEmpty(t, func(t *testing.T, again func() *store.Store) {
		s := again()
		oldRectifications(t, s)
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		checkRectifications(t, s)
		// The keys hold on the new tables.
		if err := s.Exec(t.Context(), "DELETE FROM rectifications WHERE id = 3"); err == nil {
			t.Error("a rectification with steps is deleted")
		}
		row := "INSERT INTO rectifications (unit_id, office_id, indicator, lost, reason, demand, due_on, status, opened_by, opened_at, version, sheet_id)" +
			" VALUES (2, 1, 'staff', 0, '', '', '2018-03-01', 'open', 9, '2018-01-10', 1, "
		if err := s.Exec(t.Context(), row+"1)"); err == nil {
			t.Error("an indicator is to be put right twice")
		}
		for range 2 {
			exec(t, s, row+"NULL)")
		}
	})
}

// The copy is interrupted before each of its statements in turn and taken up again; what
// comes after it goes on by a few statements each time.
func TestWideningRectificationsCanBeInterruptedAnywhere(t *testing.T) {
	eachEmpty(t, func(t *testing.T, again func() *store.Store) {
		s := again()
		oldRectifications(t, s)
		interruptions, after := 0, 0
		for {
			s.Interrupt(after)
			err := s.WidenRectifications(t.Context())
			s.Interrupt(-1)
			if err == nil {
				break
			}
			if !errors.Is(err, store.ErrInterrupted) {
				t.Fatalf("after %d interruptions: %v", interruptions, err)
			}
			interruptions++
			if after++; !s.Read(t.Context()).Migrator().HasTable("rectification_steps") || s.Read(t.Context()).Migrator().HasColumn("rectification_steps", "due_on") {
				after = 3 // the first two may find nothing left to move
			}
		}
		if interruptions < 10 {
			t.Errorf("%d interruptions: fewer than there are statements", interruptions)
		}
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		checkRectifications(t, s)
	})
}
