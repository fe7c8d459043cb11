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

// checkRosters counts the rotation of every unit anew from who was on its roster and
// where they were, by the rules alone, and holds what is stored of each day to it.
func (s *stage) checkRosters(t *testing.T) {
	var postings []models.Posting
	var attendances []models.Attendance
	var duties []models.Duty
	var changes []models.DutyChange
	for _, rows := range []any{&postings, &attendances, &duties, &changes} {
		if err := s.Read(t.Context()).Order("1").Find(rows).Error; err != nil {
			t.Fatal(err)
		}
	}
	codes := map[uint64]string{}
	var obligations []models.Obligation
	if err := s.Read(t.Context()).Find(&obligations).Error; err != nil {
		t.Fatal(err)
	}
	for _, row := range obligations {
		codes[row.ID] = row.Code
	}
	known := map[uint64][]models.DutyChange{}
	for _, c := range changes {
		known[c.DutyID] = append(known[c.DutyID], c)
	}
	staff := map[uint64][]models.Posting{}
	for _, p := range postings {
		staff[p.UnitID] = append(staff[p.UnitID], p)
	}
	attended := map[uint64][]models.Attendance{}
	for _, a := range attendances {
		attended[a.PersonID] = append(attended[a.PersonID], a)
	}
	met := 0
	for policy := range rotationEnds {
		p := mustPolicy(t, policy)
		o := p.Rotations()[0]
		for _, duty := range duties {
			if codes[duty.ObligationID] != o.ID {
				continue
			}
			window := windowOf(t, p, o, duty)
			for _, day := range []calendar.Date{window.From + 200, window.From + 500, window.To, window.To + 1, window.To + 40, s.today - 20, s.today, s.today + 30} {
				stored, any := verdictOn(known[duty.ID], day)
				if !any {
					continue
				}
				members, marks := rosterOn(staff[duty.UnitID], attended, day)
				cover := rules.Cover(members, marks, window, day)
				want := verdictOnRotation{models.Open, cover.Roster, cover.Trained}
				if cover.Roster > 0 && len(cover.Left) == 0 {
					want.Outcome = models.Met
					met++
				}
				if diff := cmp.Diff(want, stored); diff != "" {
					t.Errorf("duty %d of %s for %s, on %s (-the roster +the ledger):\n%s", duty.ID, o.ID, duty.Period, day, diff)
				}
			}
		}
	}
	if met == 0 {
		t.Error("nobody met a rotation on any day")
	}
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

// verdictOn returns the last of a duty's changes by the day, if there is one.
func verdictOn(changes []models.DutyChange, day calendar.Date) (v verdictOnRotation, any bool) {
	var last calendar.Date
	for _, c := range changes {
		if c.KnownOn <= day && c.KnownOn >= last {
			last, v, any = c.KnownOn, verdictOnRotation{c.Outcome, c.People, c.Trained}, true
		}
	}
	return v, any
}

// rosterOn returns a unit's postings and its people's attendances as known on the day.
func rosterOn(postings []models.Posting, attended map[uint64][]models.Attendance, day calendar.Date) ([]rules.StaffMember, []rules.Attendance) {
	var members []rules.StaffMember
	var marks []rules.Attendance
	listed := map[uint64]bool{}
	for _, p := range postings {
		if p.KnownOn > day || p.KnownUntil <= day {
			continue
		}
		id := fmt.Sprint(p.PersonID)
		members = append(members, rules.StaffMember{ID: id, From: p.StartOn, To: p.EndOn})
		for _, a := range attended[p.PersonID] {
			if a.KnownOn <= day && day < a.KnownUntil && !listed[p.PersonID] {
				passed := a.Passed
				if a.Tested && passed == nil {
					passed = new(bool)
				}
				marks = append(marks, rules.Attendance{Staff: id, On: a.On, Present: a.Present, Passed: passed})
			}
		}
		listed[p.PersonID] = true
	}
	return members, marks
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
