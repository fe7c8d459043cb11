package training_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/planner"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

const (
	jiangsu = "320000"
	nanjing = "320100"
	suzhou  = "320500"
)

// rotaWorld is Jiangsu in the second year of its first window, 2018 and 2019, with
// a course.
type rotaWorld struct {
	*world
	course *models.Course
	code   int
}

func newRotaWorld(t *testing.T, s *store.Store) *rotaWorld {
	t.Helper()
	w := &rotaWorld{world: newWorld(t, s).at("2018-01-08").activated("jiangsu-2018", 2018)}
	w.course = w.world.course(jiangsu)
	w.at("2019-06-03")
	return w
}

// lesson adds a class of one day in the region.
func (w *rotaWorld) lesson(on, region string, seats int) *models.TrainingSession {
	w.Helper()
	input := class(w.course, on, seats)
	input.Region = region
	return w.added(input)
}

func (w *rotaWorld) added(input training.SessionInput) *models.TrainingSession {
	w.Helper()
	session, err := w.AddSession(w.Context(), w.coordinator(jiangsu), input)
	w.must(err)
	return session
}

// trainedOn records that the person was at a session of a past day, or of this
// window.
func (w *rotaWorld) trainedOn(person models.Person, on string) {
	w.Helper()
	w.code++
	row := add(w.world, models.TrainingSession{CourseID: w.course.ID, UnitID: w.course.UnitID, Code: fmt.Sprint("past-", w.code), Kind: models.ClassSession,
		StartOn: day(on), EndOn: day(on), StartMinute: 540, EndMinute: 1020, Capacity: 50, Status: models.SessionHeld})
	w.layAttendance(person, row, true, nil)
}

// row returns the person as stored.
func (w *rotaWorld) row(id uint64) models.Person {
	w.Helper()
	var person models.Person
	w.must(w.store.Read(w.Context()).Take(&person, id).Error)
	return person
}

// changed edits the session.
func (w *rotaWorld) changed(session *models.TrainingSession, edit func(*training.SessionInput)) {
	w.Helper()
	now, err := w.Session(w.Context(), w.coordinator(jiangsu), session.ID)
	w.must(err)
	input := class(w.course, now.StartOn.String(), now.Capacity)
	edit(&input)
	_, _, err = w.EditSession(w.Context(), w.coordinator(jiangsu), session.ID, now.Version, input)
	w.must(err)
}

var thirty = training.PlanRequest{Policy: "jiangsu-2018", Share: 30, Seats: 40}

func (w *rotaWorld) proposed(request training.PlanRequest) *training.Proposal {
	w.Helper()
	p, err := w.Propose(w.Context(), w.coordinator(jiangsu), w.unit(jiangsu), request, nil)
	w.must(err)
	return p
}

// seatsOf tells who goes where: "day name".
func seatsOf(p *training.Proposal) []string {
	var seats []string
	for _, s := range p.Sessions {
		for _, unit := range s.Units {
			for _, person := range unit.People {
				seats = append(seats, s.StartOn.String()+" "+person.Person.Name)
			}
		}
	}
	slices.Sort(seats)
	return seats
}

// over tells who is left over and why: "name reason".
func over(p *training.Proposal) []string {
	var list []string
	for _, left := range p.Left {
		list = append(list, left.Person.Name+" "+string(left.Reason))
	}
	slices.Sort(list)
	return list
}

// The example of Jiangsu, worked by hand. Nanjing has five people, of whom 30 %
// are one: n4 is trained, and n5 has the seat of Nanjing on 10 July. Suzhou has
// two, of whom one can go at a time: s2 leaves in August and so goes in July, s1
// goes to the class in Suzhou in September, together with n1, who was never
// trained. n2 and n3 are left over, though a seat is free: they take two more
// days, the last of them 31 December, a Tuesday.
func TestJiangsuIsPlannedAsWorkedByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newRotaWorld(t, s)
		n := make([]models.Person, 6)
		for i := 1; i <= 5; i++ {
			n[i] = w.layStaff(fmt.Sprint("n", i), nanjing, "2014-01-06", "")
		}
		w.layStaff("s1", suzhou, "2014-01-06", "")
		w.layStaff("s2", suzhou, "2014-01-06", "2019-08-30")
		w.trainedOn(n[2], "2015-05-05")
		w.trainedOn(n[3], "2016-05-05")
		w.trainedOn(n[4], "2018-05-05")
		july := w.lesson("2019-07-10", nanjing, 3)
		w.lesson("2019-09-11", suzhou, 2)
		w.lesson("2020-02-11", suzhou, 90) // after the window
		w.nominated(w.coordinator(jiangsu), july.ID, n[5].ID)

		p := w.proposed(thirty)
		if diff := cmp.Diff([]string{"2019-07-10 s2", "2019-09-11 n1", "2019-09-11 s1"}, seatsOf(p)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"n2 share", "n3 share"}, over(p)); diff != "" {
			t.Error(diff)
		}
		if p.Planned != 1 || p.Proposed != 3 || p.ToPlan() != 5 || p.Free() != 4 || p.Missing() != 1 || !p.Best || !p.Greatest() {
			t.Errorf("planned %d, proposed %d of %d, %d seats free, %d missing, best %v of %d", p.Planned, p.Proposed, p.ToPlan(), p.Free(), p.Missing(), p.Best, p.Bound)
		}
		want := &training.ExtraSessions{Sessions: 2, Seats: 40, By: day("2019-12-30"), PerDay: 1, Unit: w.unit(nanjing)}
		if diff := cmp.Diff(want, p.Extra); diff != "" {
			t.Error(diff)
		}
		if end := p.AtEnd(); end.Trained != 5 || end.Roster != 7 || p.Table.Total.Trained != 1 {
			t.Errorf("%d of %d trained in the end, %d now", end.Trained, end.Roster, p.Table.Total.Trained)
		}
	})
}

// Units whose duty is exempt are not asked, people who moved go from where they
// work now, and who waits elsewhere is not sent to two places at a time.
func TestWhoIsPlannedFollowsRosters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newRotaWorld(t, s)
		moved := w.layStaff("moved", nanjing, "2014-01-06", "2019-06-14")
		w.layPosting(moved, suzhou, "2019-06-15", "")
		gone := w.layStaff("gone", nanjing, "2014-01-06", "2019-06-14")
		w.layStaff("exempt", "320300", "2014-01-06", "")
		coming := w.layStaff("coming", suzhou, "2019-07-01", "")
		waits := w.layStaff("waits", "320200", "2014-01-06", "")
		duty := w.world.rotation("320300", "js2018.rotation", w.Today())
		w.must(w.ledger.Exempt(t.Context(), w.actor(jiangsu, models.Supervisor), duty.Duty.ID, "机构筹建", "苏政办〔2019〕1号"))
		full := w.lesson("2019-07-10", jiangsu, 1)
		w.nominated(w.coordinator(jiangsu), full.ID, w.layStaff("first", "320400", "2014-01-06", "").ID, waits.ID)
		w.lesson("2019-07-10", jiangsu, 9)
		p := w.proposed(thirty)
		if diff := cmp.Diff([]string{"2019-07-10 moved"}, seatsOf(p)); diff != "" {
			t.Error(diff)
		}
		if unit := p.Sessions[0].Units[0].Unit.Code; unit != suzhou {
			t.Errorf("who moves goes from %s", unit)
		}
		if diff := cmp.Diff([]string{"gone off_roster", "waits busy"}, over(p)); diff != "" {
			t.Error(diff)
		}
		if p.Extra.Sessions != 1 || p.Extra.Leaving != 1 || p.Extra.Seated(len(p.Left)) != 1 {
			t.Errorf("extra %+v for %s and %s", p.Extra, gone.Name, coming.Name)
		}
	})
}

// A session that can be taken at any time takes nobody away from work.
func TestAnyTimeTakesNobodyAway(t *testing.T) {
	w := newRotaWorld(t, storetest.SQLite(t))
	for i := range 4 {
		w.layStaff(fmt.Sprint("n", i), nanjing, "2014-01-06", "")
	}
	w.layStaff("leaves", nanjing, "2014-01-06", "2019-07-03")
	online := class(w.course, "2019-07-01", 5)
	online.EndOn, online.StartMinute, online.EndMinute, online.Kind = day("2019-07-12"), 0, 0, models.OnlineSession
	w.added(online)
	p := w.proposed(thirty)
	if p.Proposed != 5 || !p.Best {
		t.Fatalf("%v have a seat, left over %v", seatsOf(p), over(p))
	}
	outcomes, err := w.Apply(t.Context(), w.coordinator(jiangsu), p, nil)
	w.must(err)
	if sum := training.Sum(outcomes); sum != (training.RotaSum{Seated: 5}) {
		t.Errorf("%+v", sum)
	}
}

func TestWithoutSessionsAProposalSaysHowManyAreNeeded(t *testing.T) {
	w := newRotaWorld(t, storetest.SQLite(t))
	for i := range 5 {
		w.layStaff(fmt.Sprint("n", i), nanjing, "2014-01-06", "")
	}
	w.layStaff("s", suzhou, "2014-01-06", "")
	request := thirty
	request.Seats = 2
	p := w.proposed(request)
	want := &training.ExtraSessions{Sessions: 5, Seats: 2, By: day("2019-12-25"), PerDay: 1, Unit: w.unit(nanjing)}
	if diff := cmp.Diff(want, p.Extra); diff != "" || p.Left[0].Reason != planner.NoSession {
		t.Errorf("%s\n%v", diff, over(p))
	}
	request.Share = 100
	want.Sessions, want.By, want.Unit = 3, day("2019-12-27"), models.Unit{}
	if diff := cmp.Diff(want, w.proposed(request).Extra); diff != "" {
		t.Error(diff)
	}
	// On the last two days of the window five days are not to be had.
	w.at("2019-12-29")
	request.Share = 30
	got := w.proposed(request).Extra
	if got.Beyond != 3 || got.By != day("2019-12-30") || got.Seated(6) != 3 {
		t.Errorf("on the last two days: %+v", got)
	}
	w.at("2019-12-31")
	if got := w.proposed(request).Extra; got.Beyond != 6 || !got.By.IsZero() {
		t.Errorf("on the last day: %+v", got)
	}
}

// The window ends with 2019; Nanjing alone has more time.
func TestExtendedUnitsArePlannedUntilTheirLastDay(t *testing.T) {
	w := newRotaWorld(t, storetest.SQLite(t))
	w.layStaff("n", nanjing, "2014-01-06", "")
	w.layStaff("s", suzhou, "2014-01-06", "")
	obligation := w.proposed(thirty).Table.Obligation.Code
	duty := w.rotation(nanjing, obligation, w.Today()).Duty
	w.must(w.ledger.Extend(w.Context(), w.actor(jiangsu, models.Supervisor), duty.ID, duty.Version,
		compliance.ExtensionInput{To: day("2020-02-28"), Reason: "人员调整", Document: "文件"}))
	w.at("2019-12-30")
	w.lesson("2020-02-10", nanjing, 3)
	w.lesson("2020-03-10", nanjing, 3)
	p := w.proposed(thirty)
	if diff := cmp.Diff([]string{"2020-02-10 n"}, seatsOf(p)); diff != "" || len(p.Left) != 1 {
		t.Errorf("seats (-want +got):\n%s%v", diff, over(p))
	}
	if p.Table.Over() || p.Table.LastDay() != day("2020-02-28") || p.Table.DaysLeft() != 60 || p.Table.SeatsPerMonth(p.Table.Total) != 1 {
		t.Errorf("the last day is %v, in %d days", p.Table.LastDay(), p.Table.DaysLeft())
	}
	progress, err := w.Progress(w.Context(), p.Table)
	w.must(err)
	if !progress.Foreseen || progress.Scheduled != 3 || len(progress.Months) != 3 {
		t.Errorf("forecast %+v", progress)
	}
	for at, over := range map[string]bool{"2020-02-28": false, "2020-02-29": true} {
		w.at("2020-02-29")
		table, err := w.Coverage(w.Context(), compliance.RotationQuery{Unit: w.unit(jiangsu), Policy: thirty.Policy, Period: p.Table.Period.Name, AsOf: day(at)})
		w.must(err)
		if table.Over() != over {
			t.Errorf("on %s it is over: %v", at, table.Over())
		}
	}
}

func TestNobodyIsLeftToPlan(t *testing.T) {
	w := newRotaWorld(t, storetest.SQLite(t))
	w.trainedOn(w.layStaff("n", nanjing, "2014-01-06", ""), "2018-05-05")
	w.lesson("2019-07-10", nanjing, 3)
	if p := w.proposed(thirty); p.ToPlan() != 0 || p.Extra != nil || p.AtEnd().Trained != 1 {
		t.Errorf("%+v", p)
	}
}

func TestOnlyWhoDecidesOnNominationsPlans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newRotaWorld(t, s)
		w.layStaff("n", nanjing, "2014-01-06", "")
		w.lesson("2019-07-10", nanjing, 3)
		p := w.proposed(thirty)
		reporter, stranger := w.reporter(nanjing), w.coordinator(shandong)
		ask := func(err error, code models.Code, key string) {
			t.Helper()
			w.wantCode(err, code, key)
		}
		_, err := w.Propose(t.Context(), reporter, w.unit(nanjing), thirty, nil)
		ask(err, models.Forbidden, "error.forbidden")
		_, err = w.Propose(t.Context(), stranger, w.unit(jiangsu), thirty, nil)
		ask(err, models.NotFound, "training.unit_unknown")
		_, err = w.PlanGround(t.Context(), reporter, w.unit(nanjing), thirty)
		ask(err, models.Forbidden, "error.forbidden")
		_, err = w.Apply(t.Context(), reporter, p, nil)
		ask(err, models.NotFound, "training.unit_unknown")
		_, err = w.Apply(t.Context(), w.actor(jiangsu, models.Supervisor), p, nil)
		ask(err, models.Forbidden, "error.forbidden")
		for _, request := range []training.PlanRequest{{Policy: "jiangsu-2018", Seats: 1}, {Policy: "jiangsu-2018", Seats: 1, Share: 101}, {Policy: "jiangsu-2018", Share: 1}} {
			_, err := w.Propose(t.Context(), w.coordinator(jiangsu), w.unit(jiangsu), request, nil)
			ask(err, models.Invalid, "training.number_range")
		}
		_, err = w.Apply(t.Context(), w.coordinator(jiangsu), p, map[uint64][]uint64{p.Sessions[0].ID: {999}})
		ask(err, models.NotFound, "planner.unknown_person")
		_, err = w.Apply(t.Context(), w.coordinator(jiangsu), p, map[uint64][]uint64{999: {p.Sessions[0].Units[0].People[0].Person.ID}})
		ask(err, models.NotFound, "planner.unknown_person")
		_, err = w.Apply(t.Context(), w.coordinator(jiangsu), p, map[uint64][]uint64{})
		ask(err, models.Invalid, "nomination.nobody")
		if seated, waiting := w.rows(p.Sessions[0].ID); len(seated)+len(waiting) > 0 {
			t.Error("somebody was nominated all the same")
		}
	})
}

// away counts, by unit and day, who misses work by standing nominations.
func (w *rotaWorld) away(sessions []*models.TrainingSession) map[string]int {
	w.Helper()
	away := map[string]int{}
	for _, s := range sessions {
		seated, waiting := w.rows(s.ID)
		if len(waiting) > 0 {
			w.Errorf("%d wait for %s", len(waiting), s.Code)
		}
		for _, row := range seated {
			away[fmt.Sprint(row.UnitID, " ", s.StartOn)]++
		}
	}
	return away
}

func TestWhatIsAppliedIsWhatWasProposed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newRotaWorld(t, s)
		cities := []string{nanjing, "320200", "320300", "320400", suzhou}
		for i, city := range cities {
			for k := range 4 + 3*i {
				w.layStaff(fmt.Sprintf("%s-%d", city, k), city, "2014-01-06", "")
			}
		}
		var sessions []*models.TrainingSession
		for i, on := range []string{"2019-07-10", "2019-07-10", "2019-07-24", "2019-08-07", "2019-09-04", "2019-09-05"} {
			sessions = append(sessions, w.lesson(on, cities[i%5], 7+i))
		}
		p := w.proposed(thirty)
		// The first session goes without its first person, the last one without anybody.
		chosen := map[uint64][]uint64{}
		var want []string
		for _, session := range p.Sessions[:5] {
			for _, unit := range session.Units {
				for _, person := range unit.People {
					chosen[session.ID] = append(chosen[session.ID], person.Person.ID)
					want = append(want, session.StartOn.String()+" "+person.Person.Name)
				}
			}
		}
		first := p.Sessions[0].ID
		chosen[first], want = chosen[first][1:], want[1:]
		slices.Sort(want)
		outcomes, err := w.Apply(t.Context(), w.coordinator(jiangsu), p, chosen)
		w.must(err)
		if sum := training.Sum(outcomes); sum != (training.RotaSum{Seated: len(want)}) {
			t.Errorf("%+v for %d people", sum, len(want))
		}
		var got []string
		for _, session := range sessions {
			seated, _ := w.rows(session.ID)
			for _, row := range seated {
				got = append(got, session.StartOn.String()+" "+w.row(row.PersonID).Name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		sizes := map[uint64]int{}
		for i, city := range cities {
			sizes[w.unit(city).ID] = 4 + 3*i
		}
		for key, n := range w.away(sessions) {
			var unit uint64
			var on string
			_, err := fmt.Sscan(key, &unit, &on)
			w.must(err)
			if n > max(1, sizes[unit]*30/100) {
				t.Errorf("on %s unit %d misses %d of %d", on, unit, n, sizes[unit])
			}
		}
		w.wantEntry("apply-rota", fmt.Sprintf(`"people":%d`, len(want)))
		// What stands is kept: the next proposal has only the others.
		if next := w.proposed(thirty); next.Planned != len(want) || next.ToPlan() != p.ToPlan()-len(want) {
			t.Errorf("%d are planned and %d to plan, want %d and %d", next.Planned, next.ToPlan(), len(want), p.ToPlan()-len(want))
		}
	})
}

// wantEntry demands one entry of the action in the log, with the text.
func (w *world) wantEntry(action, text string) {
	w.Helper()
	var entries []models.AuditEntry
	w.must(w.store.Read(w.Context()).Where("action = ?", action).Find(&entries).Error)
	if len(entries) != 1 || !strings.Contains(fmt.Sprint(entries[0].Detail), text) {
		w.Errorf("%d entries of %s: %+v", len(entries), action, entries)
	}
}

// Whatever a proposal is made of changes: nothing is done.
func TestAProposalOfWhatHasChangedIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newRotaWorld(t, s)
		people := []models.Person{}
		for i := range 4 {
			people = append(people, w.layStaff(fmt.Sprint("n", i), nanjing, "2014-01-06", ""))
		}
		other := w.layStaff("other", suzhou, "2014-01-06", "")
		sessions := []*models.TrainingSession{w.lesson("2019-07-10", nanjing, 3), w.lesson("2019-07-11", nanjing, 3)}
		coordinator := w.coordinator(jiangsu)
		for _, c := range []struct {
			what   string
			change func()
		}{
			{"a seat is taken", func() { w.nominated(coordinator, sessions[1].ID, other.ID) }},
			{"a session is moved", func() { w.changed(sessions[0], func(in *training.SessionInput) { in.StartOn = day("2019-07-12") }) }},
			{"seats are added", func() { w.changed(sessions[0], func(in *training.SessionInput) { in.Capacity = 9 }) }},
			{"a session is added", func() { sessions = append(sessions, w.lesson("2019-07-15", "", 3)) }},
			{"somebody is trained", func() { w.trainedOn(people[3], "2019-05-05") }},
			{"somebody moves", func() {
				id := people[2].ID
				w.must(w.MoveStaff(t.Context(), coordinator, id, w.row(id).Version, training.Move{Unit: suzhou, On: day("2019-07-01")}))
			}},
			{"somebody comes", func() { w.layStaff("new", nanjing, "2019-06-01", "") }},
			{"the day ends", func() { w.at("2019-06-04") }},
		} {
			p := w.proposed(thirty)
			before := w.standing()
			c.change()
			between := w.standing()
			_, err := w.Apply(t.Context(), coordinator, p, nil)
			if !models.IsCode(err, models.Stale) {
				t.Errorf("%s: %v", c.what, err)
			}
			if after := w.standing(); after != between {
				t.Errorf("%s: %d nominations became %d, from %d", c.what, between, after, before)
			}
		}
		p := w.proposed(thirty)
		outcomes, err := w.Apply(t.Context(), coordinator, p, nil)
		w.must(err)
		if sum := training.Sum(outcomes); sum.Seated != p.Proposed || sum.Refused+sum.Waiting > 0 {
			t.Errorf("%+v of %d", sum, p.Proposed)
		}
	})
}

func (w *world) standing() int64 {
	w.Helper()
	var n int64
	w.must(w.store.Read(w.Context()).Model(&models.Nomination{}).Where("ended = 0").Count(&n).Error)
	return n
}

// Two coordinators apply the same proposal at once, while units nominate: one of
// them is told that it has changed, and nobody is seated twice.
func TestProposalsMeetOtherNominations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newRotaWorld(t, s)
		for i := range 12 {
			w.layStaff(fmt.Sprint("n", i), nanjing, "2014-01-06", "")
		}
		others := []uint64{}
		for i := range 4 {
			others = append(others, w.layStaff(fmt.Sprint("s", i), suzhou, "2014-01-06", "").ID)
		}
		sessions := []*models.TrainingSession{w.lesson("2019-07-10", nanjing, 3), w.lesson("2019-07-11", nanjing, 3), w.lesson("2019-07-12", nanjing, 4)}
		p := w.proposed(thirty)
		first, second, reporter := w.coordinator(jiangsu), w.actor(jiangsu, models.Coordinator, models.Supervisor), w.reporter(suzhou)
		var group sync.WaitGroup
		errs := make([]error, 2)
		group.Go(func() { _, errs[0] = w.Apply(t.Context(), first, p, nil) })
		group.Go(func() { _, errs[1] = w.Apply(t.Context(), second, p, nil) })
		group.Go(func() {
			if _, err := w.Nominate(t.Context(), reporter, sessions[2].ID, others); err != nil {
				t.Error(err)
			}
		})
		group.Wait()
		applied := 0
		for _, err := range errs {
			switch {
			case err == nil:
				applied++
			case !models.IsCode(err, models.Stale):
				t.Error(err)
			}
		}
		if applied > 1 {
			t.Error("both were applied")
		}
		seen := map[uint64]bool{}
		for _, session := range sessions {
			seated, _ := w.rows(session.ID)
			for _, row := range seated {
				if seen[row.PersonID] && !slices.Contains(others, row.PersonID) {
					t.Errorf("person %d sits twice", row.PersonID)
				}
				seen[row.PersonID] = true
			}
		}
	})
}

func TestAProposalIsStoppedByItsContext(t *testing.T) {
	w := newRotaWorld(t, storetest.SQLite(t))
	w.layStaff("n", nanjing, "2014-01-06", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Propose(ctx, w.coordinator(jiangsu), w.unit(jiangsu), thirty, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if p := w.proposed(thirty); p.ToPlan() != 1 {
		t.Error("who was stopped holds others up")
	}
}

func TestRunsAreKeptForWhoBeganThem(t *testing.T) {
	w := newRotaWorld(t, storetest.SQLite(t))
	w.layStaff("n", nanjing, "2014-01-06", "")
	rotas := training.NewRotas(w.Desk)
	defer rotas.Close()
	mine, other, unit := w.coordinator(jiangsu), w.coordinator(nanjing), w.unit(jiangsu)
	run := rotas.Begin(mine, unit, thirty)
	for !run.Wait(t.Context(), 1e9) {
	}
	p, err := run.Proposal()
	w.must(err)
	if p.ToPlan() != 1 || rotas.Find(mine, unit, run.ID) != run {
		t.Errorf("%+v is not found", p)
	}
	if rotas.Find(other, unit, run.ID) != nil || rotas.Find(mine, w.unit(nanjing), run.ID) != nil || rotas.Find(mine, unit, "x") != nil {
		t.Error("a run is found by who did not begin it")
	}
	for range 8 {
		next := rotas.Begin(mine, unit, thirty)
		for !next.Wait(t.Context(), 1e9) {
		}
	}
	if rotas.Find(mine, unit, run.ID) != nil {
		t.Error("runs are kept for ever")
	}
	refused := rotas.Begin(mine, unit, training.PlanRequest{Policy: "jiangsu-2018"})
	refused.Wait(t.Context(), 1e10)
	if _, err := refused.Proposal(); !models.IsCode(err, models.Invalid) || rotas.Find(mine, unit, refused.ID) == nil {
		t.Errorf("got %v", err)
	}
}
