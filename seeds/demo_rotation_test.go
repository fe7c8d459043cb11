package seeds

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// verdictOnRotation is what a duty's row of a day says of a rotation.
type verdictOnRotation struct {
	Outcome         models.Outcome
	People, Trained int
}

// rosterBook is all that is stored of rosters and rotations.
type rosterBook struct {
	duties   map[string][]models.Duty
	changes  map[uint64][]models.DutyChange
	postings map[uint64][]models.Posting
	attended map[uint64][]models.Attendance
}

func (s *stage) rosterBook(t *testing.T) rosterBook {
	t.Helper()
	var obligations []models.Obligation
	var duties []models.Duty
	var changes []models.DutyChange
	var postings []models.Posting
	var attendances []models.Attendance
	for _, rows := range []any{&obligations, &duties, &changes, &postings, &attendances} {
		if err := s.Read(t.Context()).Order("1").Find(rows).Error; err != nil {
			t.Fatal(err)
		}
	}
	codes := map[uint64]string{}
	for _, row := range obligations {
		codes[row.ID] = row.Code
	}
	return rosterBook{
		by(duties, func(d models.Duty) string { return codes[d.ObligationID] }),
		by(changes, func(c models.DutyChange) uint64 { return c.DutyID }),
		by(postings, func(p models.Posting) uint64 { return p.UnitID }),
		by(attendances, func(a models.Attendance) uint64 { return a.PersonID }),
	}
}

func by[K comparable, V any](rows []V, key func(V) K) map[K][]V {
	groups := map[K][]V{}
	for _, row := range rows {
		groups[key(row)] = append(groups[key(row)], row)
	}
	return groups
}

// checkRosters counts the rotation of every unit anew from who was on its roster and
// where they were, by the rules alone, and holds what is stored of each day to it.
func (s *stage) checkRosters(t *testing.T) {
	book, found := s.rosterBook(t), map[models.Outcome]int{}
	for policy := range rotationEnds {
		p := mustPolicy(t, policy)
		o := p.Rotations()[0]
		for _, duty := range book.duties[o.ID] {
			window := windowOf(t, p, o, duty)
			for _, day := range []calendar.Date{window.From + 200, window.From + 500, window.To, window.To + 1, window.To + 40, s.today - 20, s.today, s.today + 30} {
				stored, owed := verdictOn(book.changes[duty.ID], day)
				if !owed {
					continue
				}
				want := book.judge(duty.UnitID, window, day)
				if diff := cmp.Diff(want, stored); diff != "" {
					t.Errorf("duty %d of %s for %s, on %s (-the roster +the ledger):\n%s", duty.ID, o.ID, duty.Period, day, diff)
				}
				found[want.Outcome]++
			}
		}
	}
	if found[models.Met] == 0 || found[models.Open] == 0 {
		t.Errorf("rotations by outcome: %v", found)
	}
}

// judge covers the unit's roster of the day.
func (b rosterBook) judge(unit uint64, window rules.Span, day calendar.Date) verdictOnRotation {
	staff, attendances := b.known(unit, day)
	cover := rules.Cover(staff, attendances, window, day)
	v := verdictOnRotation{models.Open, cover.Roster, cover.Trained}
	if cover.Roster > 0 && len(cover.Left) == 0 {
		v.Outcome = models.Met
	}
	return v
}

func windowOf(t *testing.T, p *rules.Policy, o *rules.Obligation, duty models.Duty) rules.Span {
	t.Helper()
	for _, period := range p.Periods(o, duty.Year) {
		if period.Name == duty.Period {
			return period.Span
		}
	}
	t.Fatalf("%s has no period %s in %d", o.ID, duty.Period, duty.Year)
	return rules.Span{}
}

// verdictOn returns the last of a duty's changes by the day; before the first one it
// is not owed.
func verdictOn(changes []models.DutyChange, day calendar.Date) (v verdictOnRotation, owed bool) {
	var last calendar.Date
	for _, c := range changes {
		if c.KnownOn <= day && c.KnownOn >= last {
			last, v, owed = c.KnownOn, verdictOnRotation{c.Outcome, c.People, c.Trained}, true
		}
	}
	return v, owed
}

// known returns a unit's postings and its people's attendances as known on the day.
func (b rosterBook) known(unit uint64, day calendar.Date) (staff []rules.StaffMember, attendances []rules.Attendance) {
	listed := map[uint64]bool{}
	for _, p := range b.postings[unit] {
		if p.KnownOn > day || p.KnownUntil <= day {
			continue
		}
		id := fmt.Sprint(p.PersonID)
		staff = append(staff, rules.StaffMember{ID: id, From: p.StartOn, To: p.EndOn})
		for _, a := range b.attended[p.PersonID] {
			if a.KnownOn <= day && day < a.KnownUntil && !listed[p.PersonID] {
				passed := a.Passed
				if a.Tested && passed == nil {
					passed = new(bool)
				}
				attendances = append(attendances, rules.Attendance{Staff: id, On: a.On, Present: a.Present, Passed: passed})
			}
		}
		listed[p.PersonID] = true
	}
	return staff, attendances
}

// checkComments checks that a pack that differs from the stored one by a comment
// moves no duty of its policy: what is stored is what is judged.
func (s *stage) checkComments(t *testing.T) {
	admin := compliance.Actor{Access: s.house.Table.Access(rbac.Grant{Role: models.Administrator, Path: "/"})}
	played := map[string]bool{}
	for _, a := range s.played {
		if played[a.policy] {
			continue
		}
		played[a.policy] = true
		source, err := policyFiles.ReadFile(policyFile(a.policy))
		if err != nil {
			t.Fatal(err)
		}
		preview, err := s.ledger.PreviewAmendment(t.Context(), admin, a.policy, append(source, "# a comment\n"...))
		if err != nil {
			t.Fatal(err)
		}
		if preview.Moved+preview.Created+preview.Withdrawn > 0 || preview.Kept == 0 {
			t.Errorf("a comment in %s: %+v, %+v", a.policy, preview.Changes, preview.Moves)
		}
	}
}
