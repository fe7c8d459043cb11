package seeds

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// rotationCell returns the cell of the policy's rotation, and the people and
// trained people behind it, as known on the day.
func (s *stage) rotationCell(t *testing.T, policy string, year int, asOf calendar.Date) (cell compliance.Cell, people, trained int) {
	t.Helper()
	rotation := mustPolicy(t, policy).Rotations()[0].ID
	board := s.board(t, activation{policy: policy, year: year}, asOf)
	at := slices.IndexFunc(board.Totals, func(c compliance.Cell) bool { return c.Obligation == rotation })
	var tally models.Tally
	err := s.Read(t.Context()).Joins("JOIN obligations o ON o.id = tallies.obligation_id AND o.code = ?", rotation).
		Where("unit_id = ? AND year = ? AND known_day <= ?", s.root(t, policy).ID, year, int(asOf)).Order("known_day DESC").Take(&tally).Error
	if err != nil {
		t.Fatal(err)
	}
	return board.Totals[at], tally.People, tally.Trained
}

// rotationEnds are the last days of the first windows.
var rotationEnds = map[string]calendar.Date{
	"shandong-2017": calendar.NewDate(2018, time.December, 31),
	"liaoning-2016": calendar.NewDate(2019, time.May, 18),
	"jiangsu-2018":  calendar.NewDate(2019, time.December, 31),
}

// checkRotations checks that boards and coverage tell a story: windows that are
// over were mostly finished, and some units were not; the one of today is half
// done.
func (s *stage) checkRotations(t *testing.T) {
	for _, a := range s.played {
		end, rotates := rotationEnds[a.policy]
		if !rotates {
			continue
		}
		if a.year > end.Year() {
			end = mustPolicy(t, a.policy).Rotations()[0].Rotation.Window(calendar.NewDate(a.year, time.June, 30)).To
		}
		if end >= s.today {
			s.checkOpenRotation(t, a)
			continue
		}
		cell, people, trained := s.rotationCell(t, a.policy, a.year, end+1)
		if cell.Overdue == 0 || cell.Met < 4*cell.Overdue || cell.Pending > 0 || cell.Exempt > 0 {
			t.Errorf("%s in %d, after its end: %+v", a.policy, a.year, cell)
		}
		if trained == people || 100*trained < 90*people {
			t.Errorf("%s in %d, after its end: %d of %d trained", a.policy, a.year, trained, people)
		}
	}
}

func (s *stage) checkOpenRotation(t *testing.T, a activation) {
	cell, people, trained := s.rotationCell(t, a.policy, a.year, s.today)
	if cell.Met < 5 || cell.Pending < cell.Met || cell.Overdue > 0 || cell.Exempt > 0 {
		t.Errorf("%s in %d: %+v", a.policy, a.year, cell)
	}
	if 100*trained < 45*people || 100*trained > 60*people {
		t.Errorf("%s in %d: %d of %d trained", a.policy, a.year, trained, people)
	}
	last, rises := 0, 0
	for _, back := range []calendar.Date{300, 240, 180, 120, 60, 0} {
		_, _, trained := s.rotationCell(t, a.policy, a.year, s.today-back)
		if trained > last {
			rises++
		}
		last = trained
	}
	if rises < 5 {
		t.Errorf("%s in %d: coverage rises %d times", a.policy, a.year, rises)
	}
}

// checkDesk checks that the coordinator of Jiangsu finds something to do.
func (s *stage) checkDesk(t *testing.T) {
	root := s.root(t, "jiangsu-2018")
	user, err := s.directory.UserByLogin(t.Context(), "js-coordinator")
	if err != nil {
		t.Fatal(err)
	}
	access, err := s.directory.Access(t.Context(), user.ID)
	if err != nil {
		t.Fatal(err)
	}
	actor := compliance.Actor{ID: user.ID, Name: user.Name, Access: access}
	sessions, _, err := s.house.Training.Sessions(t.Context(), actor, training.SessionQuery{Unit: root, From: s.today, To: s.today + 365, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var free, full int
	for _, session := range sessions {
		switch {
		case session.Seated < session.Capacity:
			free++
		case session.Waiting > 0:
			full++
		}
	}
	if free == 0 || full == 0 {
		t.Errorf("%d sessions with free seats, %d with a waiting list", free, full)
	}
	namesakes, err := s.house.Training.Duplicates(t.Context(), actor, root.Code)
	if err != nil {
		t.Fatal(err)
	}
	if len(namesakes) != 2 || !namesakes[0].Likely || !namesakes[1].Likely {
		t.Errorf("namesakes %+v", namesakes)
	}
	const now = "known_until = '9999-12-31' AND "
	for _, c := range []struct{ about, table, where string }{
		{"unit with nobody", "units", "code LIKE '320000-%' AND id IN (SELECT unit_id FROM duties) AND id NOT IN (SELECT unit_id FROM postings)"},
		{"person who will leave", "postings", now + "end_on > '" + s.today.String() + "'"},
		{"newcomer to be trained", "postings", now + "start_on > '" + (s.today - 30).String() + "' AND person_id NOT IN (SELECT person_id FROM attendances)"},
		{"person who has moved", "postings", now + "start_on > '" + (s.today - 60).String() + "' AND person_id IN (SELECT person_id FROM attendances)"},
		{"seat to be confirmed", "nominations", "status = 'seated'"},
	} {
		if s.count(t, c.table, c.where) == 0 {
			t.Errorf("no %s", c.about)
		}
	}
}

// checkTrainingPast checks that nothing of the training was done later than today
// began, and that what is over is recorded.
func (s *stage) checkTrainingPast(t *testing.T) {
	today := s.today.String()
	for _, c := range []struct{ table, where string }{
		{"postings", "known_on >= '" + today + "'"},
		{"attendances", "known_on >= '" + today + "' OR held_on >= '" + today + "'"},
		{"training_sessions", "status = 'open' AND end_on < '" + (s.today - 14).String() + "'"},
		{"people", "name = '' OR id_tail <> '' AND id_hash IS NULL"},
	} {
		if n := s.count(t, c.table, c.where); n != 0 {
			t.Errorf("%d rows of %s where %s", n, c.table, c.where)
		}
	}
	var late int64
	if err := s.Read(t.Context()).Model(&models.Nomination{}).Where("nominated_at >= ?", midnight(s.today).UTC()).Count(&late).Error; err != nil || late != 0 {
		t.Errorf("%d nominations of today or later, error %v", late, err)
	}
}

func TestDemoIsRefusedBesideRealRosters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		stage := newStage(t, s, demoToday)
		if err := Load(t.Context(), s, stage.directory, stage.ledger); err != nil {
			t.Fatal(err)
		}
		unit := stage.root(t, "shandong-2017")
		actor := compliance.Actor{Access: stage.house.Table.Access(rbac.Grant{Role: models.Coordinator, Path: unit.Path})}
		entry := training.StaffEntry{Unit: "370100", Name: "李石", StartOn: demoToday - 100}
		if _, err := stage.house.Training.AddStaff(t.Context(), actor, entry); err != nil {
			t.Fatal(err)
		}
		_, err := stage.demo(t)
		var refusal *models.Error
		if !errors.As(err, &refusal) || refusal.Key != "demo.not_empty" {
			t.Errorf("error %v, want demo.not_empty", err)
		}
		if n := stage.count(t, "postings", ""); n != 1 {
			t.Errorf("%d postings after the refusal", n)
		}
	})
}

func TestTrainingWordsFit(t *testing.T) {
	words, err := readTraining()
	if err != nil {
		t.Fatal(err)
	}
	units, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"": true}
	for _, unit := range units {
		known[unit.Code] = true
	}
	for _, region := range words.Regions {
		codes := append(slices.Clone(region.Behind), region.Without...)
		for from, to := range region.Merged {
			codes = append(codes, from, to)
		}
		for _, c := range region.Cases {
			codes = append(codes, c.Unit, c.To)
		}
		for _, session := range region.Sessions {
			codes = append(codes, session.City)
			if !slices.ContainsFunc(words.Courses, func(c courseWords) bool { return c.Key == session.Course }) {
				t.Errorf("%s: no course %s", region.Unit, session.Course)
			}
			if dated := !session.On.IsZero(); dated && !mustCalendar(t).Day(session.On).Working {
				t.Errorf("%s: a session on %s, when nobody works", region.Unit, session.On)
			}
		}
		for _, code := range codes {
			if !known[code] || code != "" && !strings.HasPrefix(code, region.Unit[:2]) {
				t.Errorf("%s: unit %s is not of it", region.Unit, code)
			}
		}
	}
}
