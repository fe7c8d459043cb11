package seeds

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/assessment"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
	"sundial/server/training"
)

var demoToday = calendar.NewDate(2026, time.November, 20)

// stage is a database with the demo's world around it.
type stage struct {
	*store.Store
	directory *organization.Directory
	ledger    *compliance.Ledger
	house     House
	today     calendar.Date
	// played are the activations that the demo was played for.
	played []activation
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
	ledger := compliance.New(s, mustCalendar(t), now)
	desk := training.New(s, ledger, training.Key("0123456789abcdef0123456789abcdef"), now)
	house := House{Store: s, Table: table, Directory: directory, Ledger: ledger, Training: desk, Scores: assessment.New(s, ledger, now),
		Supervision: supervision.New(s, ledger, now)}
	house.Rectifications = rectification.New(s, house.Scores.Rectified, house.Ledger.Calendar, now)
	house.Bulletins = bulletin.New(s, ledger, house.Scores, house.Supervision, now)
	return &stage{s, directory, ledger, house, today, activations(today)}
}

func (s *stage) demo(t *testing.T) (*Demonstration, error) {
	return Demo(t.Context(), s.house, s.today)
}

// perform plays some activations alone.
func (s *stage) perform(t *testing.T, list ...activation) error {
	s.played = list
	people, err := readPeople()
	if err != nil {
		return err
	}
	return people.perform(t.Context(), s.house, list, s.today-1)
}

func (s *stage) count(t *testing.T, table, where string) int {
	t.Helper()
	var n int64
	if err := s.Read(t.Context()).Table(table).Where(where).Count(&n).Error; err != nil {
		t.Fatal(err)
	}
	return int(n)
}

// root returns the unit that the policy is about.
func (s *stage) root(t *testing.T, policy string) models.Unit {
	t.Helper()
	unit, err := s.directory.Unit(t.Context(), rbac.Everywhere, mustPolicy(t, policy).Region)
	if err != nil {
		t.Fatal(err)
	}
	return unit
}

func (s *stage) board(t *testing.T, a activation, asOf calendar.Date) *compliance.Board {
	t.Helper()
	board, err := s.ledger.Board(t.Context(), compliance.BoardQuery{Unit: s.root(t, a.policy), Year: a.year, AsOf: asOf, Policy: a.policy})
	if err != nil {
		t.Fatal(err)
	}
	return board
}

// asOfDates are those at which boards are looked at: in the middle of filing, at
// the year's end, and today.
func asOfDates(a activation, today calendar.Date) []calendar.Date {
	dates := []calendar.Date{a.on + 100, calendar.NewDate(a.year, time.December, 31), today}
	return slices.DeleteFunc(dates, func(day calendar.Date) bool { return day > today })
}

func TestDemoIsRefusedBesideRealWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stage := newStage(t, s, demoToday)
		_, err := stage.directory.CreateUser(t.Context(), nil, organization.NewUser{Login: "lishi", Name: "李石", Password: "a password of his"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = stage.demo(t)
		var refusal *models.Error
		if !errors.As(err, &refusal) || refusal.Key != "demo.not_empty" {
			t.Errorf("error %v, want demo.not_empty", err)
		}
		if units, users := stage.count(t, "units", ""), stage.count(t, "users", ""); units != 0 || users != 1 {
			t.Errorf("%d units, %d users after the refusal", units, users)
		}
	})
}

func TestDemoFailedHalfWayLeavesNoFacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stage := newStage(t, s, demoToday)
		good := activation{"zengdu-2020", 2023, calendar.NewDate(2023, time.January, 5)}
		jiangsu := activation{"jiangsu-2018", demoToday.Year(), calendar.NewDate(demoToday.Year(), time.January, 4)}
		if err := stage.perform(t, good, jiangsu, activation{"zengdu-2020", 1999, good.on}); err == nil {
			t.Fatal("a year without duties was played")
		}
		trained := stage.count(t, "attendances", "")
		for _, table := range []string{"policies", "activations", "duties", "reports", "tallies"} {
			if n := stage.count(t, table, ""); n != 0 {
				t.Errorf("%d rows of %s", n, table)
			}
		}
		if err := stage.perform(t, good); err != nil {
			t.Errorf("second try: %v", err)
		}
		if n := stage.count(t, "reports", ""); n == 0 {
			t.Error("no reports after the second try")
		}
		// The training, which comes first, had been loaded and is not loaded twice.
		if n := stage.count(t, "attendances", ""); trained == 0 || n != trained {
			t.Errorf("%d attendances, then %d", trained, n)
		}
	})
}

func TestDemoOnOddDays(t *testing.T) {
	for _, today := range []string{"2026-01-01", "2027-02-28"} {
		t.Run(today, func(t *testing.T) {
			stage := newStage(t, storetest.SQLite(t), calendar.MustParseDate(today))
			list := activations(stage.today)
			if err := stage.perform(t, list[len(list)-1]); err != nil {
				t.Fatal(err)
			}
			if stage.count(t, "duties", "") == 0 {
				t.Error("no duties")
			}
			if stage.count(t, "attendances", "") == 0 {
				t.Error("no attendances")
			}
			stage.checkPast(t)
			stage.checkTrainingPast(t)
		})
	}
}

func TestLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stage := newStage(t, s, demoToday)
		units, err := Units()
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := Load(t.Context(), s, stage.directory, stage.ledger); err != nil {
				t.Fatal(err)
			}
			got := map[string]int{}
			for _, table := range []string{"units", "policies", "activations", "duties", "users", "audit_entries"} {
				got[table] = stage.count(t, table, "")
			}
			// One entry for the units, one for each policy.
			want := map[string]int{"units": len(units), "policies": 5, "activations": 0, "duties": 0, "users": 0, "audit_entries": 6}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		}
		if n := stage.count(t, "units", "demo"); n != 0 {
			t.Errorf("%d units are demo", n)
		}
	})
}

// TestDemo plays everything on SQLite and, since a server takes twice as long,
// a part of it on MariaDB.
func TestDemo(t *testing.T) {
	whole, part := newStage(t, storetest.SQLite(t), demoToday), newStage(t, storetest.MySQL(t), demoToday)
	played := make(chan error)
	go func() {
		shown, err := whole.demo(t)
		if err == nil && !shown.Fresh {
			err = errors.New("the demo was there already")
		}
		played <- err
	}()
	go func() {
		played <- part.perform(t, slices.DeleteFunc(activations(demoToday), func(a activation) bool {
			return a.policy == "liaoning-2016" || a.policy == "jiangsu-2018" && a.year < demoToday.Year()
		})...)
	}()
	if err := errors.Join(<-played, <-played); err != nil {
		t.Fatal(err)
	}
	t.Run("the same boards everywhere", func(t *testing.T) {
		for _, a := range part.played {
			for _, asOf := range asOfDates(a, demoToday) {
				if diff := cmp.Diff(cells(whole.board(t, a, asOf)), cells(part.board(t, a, asOf))); diff != "" {
					t.Errorf("%s %d as of %s (-SQLite +MariaDB):\n%s", a.policy, a.year, asOf, diff)
				}
			}
		}
	})
	for _, s := range []*stage{whole, part} {
		t.Run(s.Dialect(), func(t *testing.T) {
			t.Run("every state", s.checkStates)
			t.Run("marked", s.checkMarks)
			t.Run("past", s.checkPast)
			t.Run("past of training", s.checkTrainingPast)
			t.Run("rotations", s.checkRotations)
			t.Run("rotations from the rosters", s.checkRosters)
			t.Run("amended by a comment", s.checkComments)
			t.Run("desk", s.checkDesk)
			t.Run("boards and lists", s.checkLists)
			t.Run("inboxes", s.checkInboxes)
			t.Run("rebuild", s.checkRebuild)
			t.Run("again", s.checkAgain)
		})
	}
	t.Run("rounds", whole.checkRounds)
	t.Run("rectifications", whole.checkRectifications)
	t.Run("load after it", whole.checkLoad)
	t.Run("urges", whole.checkUrges)
	t.Run("tour", whole.checkTour)
}

// cells shows a board by the names of things, since ids differ by database.
func cells(board *compliance.Board) map[string]compliance.Cell {
	shown := map[string]compliance.Cell{}
	for _, row := range board.Rows {
		for _, cell := range row.Cells {
			shown[fmt.Sprint(row.Unit.Code, row.Own, cell.Obligation)] = cell
		}
	}
	return shown
}

func (s *stage) checkStates(t *testing.T) {
	seen := map[string]map[rules.State]int{}
	for _, a := range s.played {
		if seen[a.policy] == nil {
			seen[a.policy] = map[rules.State]int{}
		}
		sum := compliance.Sum(s.board(t, a, s.today).Totals)
		for _, state := range rules.States {
			seen[a.policy][state] += sum.Count(state)
		}
	}
	for id, states := range seen {
		starts := slices.ContainsFunc(mustPolicy(t, id).Obligations, func(o rules.Obligation) bool { return o.NeedsStart() })
		for _, state := range rules.States {
			possible := state != rules.Pending && (state != rules.Unscheduled || starts) || id == "jiangsu-2018"
			if (states[state] > 0) != possible {
				t.Errorf("%s: %d duties %s", id, states[state], state)
			}
		}
	}
	for _, status := range []models.ReportStatus{models.Filed, models.Returned, models.Verified} {
		if s.count(t, "reports", fmt.Sprintf("status = '%s'", status)) == 0 {
			t.Errorf("no report is %s", status)
		}
	}
}

func (s *stage) checkMarks(t *testing.T) {
	for _, table := range []string{"units", "users"} {
		if n := s.count(t, table, "NOT demo"); n != 0 {
			t.Errorf("%d %s are not marked as demo", n, table)
		}
	}
	if n := s.count(t, "reports", "unit_id IN (SELECT id FROM units WHERE demo) AND filed_by IN (SELECT id FROM users WHERE demo)"); n != s.count(t, "reports", "") {
		t.Errorf("%d reports are of demo units and users", n)
	}
	if n := s.count(t, "reports", "filing NOT LIKE '%.example/%'"); n != 0 {
		t.Errorf("%d reports without a link under .example", n)
	}
	if n := s.count(t, "exemptions", "document NOT LIKE '%示%'"); n != 0 {
		t.Errorf("%d exemption documents without the mark", n)
	}
}

// checkPast checks that nothing happened later than today began.
func (s *stage) checkPast(t *testing.T) {
	today := midnight(s.today)
	for column, table := range map[string]string{"fact_on": "reports", "filed_on": "reports", "decided_on": "reports", "granted_on": "exemptions", "trigger_on": "duties"} {
		var last calendar.Date
		if err := s.Read(t.Context()).Table(table).Select("MAX(" + column + ")").Scan(&last).Error; err != nil {
			t.Fatal(err)
		}
		if last >= s.today {
			t.Errorf("%s.%s: %s, today is %s", table, column, last, s.today)
		}
	}
	var reports []models.Report
	if err := s.Read(t.Context()).Find(&reports).Error; err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.FiledAt.After(today) || r.FactOn > r.FiledOn || r.DecidedAt != nil && !r.DecidedAt.After(r.FiledAt) {
			t.Errorf("report %d: fact of %s filed at %s, decided at %v", r.ID, r.FactOn, r.FiledAt, r.DecidedAt)
		}
	}
	var activations []models.Activation
	if err := s.Read(t.Context()).Find(&activations).Error; err != nil {
		t.Fatal(err)
	}
	for _, a := range activations {
		if a.ActivatedAt.After(today) {
			t.Errorf("activation of %d at %s", a.Year, a.ActivatedAt)
		}
	}
}

// checkTour checks that who signs in finds something to do.
func (s *stage) checkTour(t *testing.T) {
	people, err := readPeople()
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range people.Users {
		user, err := s.directory.Authenticate(t.Context(), person.Login, people.Password, "")
		if err != nil {
			t.Errorf("%s cannot sign in: %v", person.Login, err)
			continue
		}
		access, err := s.directory.Access(t.Context(), user.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range person.Units {
			unit, err := s.directory.Unit(t.Context(), access.Scope("duty", "read"), code)
			if err != nil {
				t.Errorf("%s: unit %s: %v", person.Login, code, err)
				continue
			}
			queue, err := s.ledger.Queue(t.Context(), compliance.QueueQuery{Unit: unit})
			if err != nil {
				t.Fatal(err)
			}
			if access.AllowsAt("report", "verify", unit.Path) && queue.Total == 0 {
				t.Errorf("%s has nothing to verify", person.Login)
			}
			open, err := s.ledger.CountDuties(t.Context(), compliance.DutyQuery{Unit: unit, AsOf: s.today, State: rules.Overdue})
			if err != nil {
				t.Fatal(err)
			}
			if person.Login == "sd-reporter" && open == 0 {
				t.Errorf("%s has nothing to file", person.Login)
			}
		}
	}
}

func (s *stage) checkLists(t *testing.T) {
	for _, a := range s.played {
		unit := s.root(t, a.policy)
		for _, asOf := range asOfDates(a, s.today) {
			count := func(q compliance.DutyQuery) int {
				q.Unit, q.Year, q.AsOf = unit, a.year, asOf
				n, err := s.ledger.CountDuties(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			for _, cell := range s.board(t, a, asOf).Totals {
				// No state has more than its list, and together they have all.
				if n := count(compliance.DutyQuery{Obligation: cell.Obligation}); n != cell.Total() {
					t.Errorf("%s in %d as of %s: cell of %d, list of %d", cell.Obligation, a.year, asOf, cell.Total(), n)
				}
				for _, state := range rules.States {
					if cell.Count(state) == 0 {
						continue
					}
					if n := count(compliance.DutyQuery{Obligation: cell.Obligation, State: state}); n != cell.Count(state) {
						t.Errorf("%s in %d as of %s: cell of %d %s, list of %d", cell.Obligation, a.year, asOf, cell.Count(state), state, n)
					}
				}
				if n := count(compliance.DutyQuery{Obligation: cell.Obligation, DueSoon: true}); n != cell.DueSoon {
					t.Errorf("%s in %d as of %s: %d due soon, list of %d", cell.Obligation, a.year, asOf, cell.DueSoon, n)
				}
			}
		}
	}
}

// tallies returns what boards are made of.
// checkInboxes holds that messages came by themselves, and that nobody has old ones left
// unread.
func (s *stage) checkInboxes(t *testing.T) {
	var entries []models.InboxEntry
	if err := s.Read(t.Context()).Order("user_id, arrived_at DESC").Find(&entries).Error; err != nil || len(entries) == 0 {
		t.Fatalf("%d messages, %v", len(entries), err)
	}
	var last models.InboxEntry
	for _, entry := range entries {
		if entry.UserID != last.UserID {
			last = entry
		}
		if old := entry.ArrivedAt.Before(last.ArrivedAt.AddDate(0, 0, -demoUnread)); old != (entry.ReadAt != nil) {
			t.Errorf("user %d: a message of %s, the last one of %s, is read: %t", entry.UserID, entry.ArrivedAt, last.ArrivedAt, !old)
		}
	}
}

func (s *stage) tallies(t *testing.T) []models.Tally {
	t.Helper()
	var rows []models.Tally
	if err := s.Read(t.Context()).Order("unit_id, year, obligation_id, known_day").Find(&rows).Error; err != nil {
		t.Fatal(err)
	}
	return rows
}

func (s *stage) checkRebuild(t *testing.T) {
	before := s.tallies(t)
	if err := s.ledger.Rebuild(t.Context(), compliance.Actor{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, s.tallies(t)); diff != "" {
		t.Errorf("tallies (-before +after):\n%s", diff)
	}
}

// rows counts the rows of the tables that the demo fills.
func (s *stage) rows(t *testing.T) map[string]int {
	t.Helper()
	rows := map[string]int{}
	for _, table := range []string{"units", "users", "grants", "policies", "activations", "duties", "reports", "exemptions", "audit_entries",
		"people", "postings", "courses", "training_plans", "plan_items", "training_sessions", "nominations", "attendances"} {
		rows[table] = s.count(t, table, "")
	}
	return rows
}

func (s *stage) checkAgain(t *testing.T) {
	before := s.rows(t)
	shown, err := s.demo(t)
	if err != nil {
		t.Fatal(err)
	}
	if shown.Fresh || len(shown.Logins) != before["users"] {
		t.Errorf("fresh %v, %d logins", shown.Fresh, len(shown.Logins))
	}
	if diff := cmp.Diff(before, s.rows(t)); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
}

// checkLoad checks that loading units and policies leaves the demo alone.
func (s *stage) checkLoad(t *testing.T) {
	before := s.rows(t)
	if err := Load(t.Context(), s.Store, s.directory, s.ledger); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, s.rows(t)); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
	s.checkMarks(t)
}

func TestDemoHasWordsForEveryObligation(t *testing.T) {
	words, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range policyIDs {
		if words.Series[id] == "" {
			t.Errorf("no document series for %s", id)
		}
		for _, o := range mustPolicy(t, id).Obligations {
			// A deputy has a name and a post, no title.
			if word := o.What(); word != "" && o.Appointment == nil && len(words.Titles[word]) == 0 {
				t.Errorf("%s: no titles for %s", o.ID, word)
			}
			if o.NeedsStart() && len(words.Starts[o.Trigger()]) == 0 {
				t.Errorf("%s: nothing to start %s", o.ID, o.Trigger())
			}
		}
	}
}

func TestFatesFollowTheirShares(t *testing.T) {
	for _, shares := range characters {
		sum := 0
		for _, share := range shares {
			sum += share
		}
		if sum != 100 || len(shares) != int(exempted)+1 {
			t.Errorf("%v: %d shares of %d in all, want %d of 100", shares, len(shares), sum, int(exempted)+1)
		}
	}
	drawn := map[fate]int{}
	by := throw("fates")
	for range 10_000 {
		drawn[draw(by, characters[1])]++
	}
	for i, share := range characters[1] {
		if got := drawn[fate(i)]; got < 80*share || got > 120*share {
			t.Errorf("fate %d: %d of 10,000, want about %d", i, got, 100*share)
		}
	}
}
