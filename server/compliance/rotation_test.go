package compliance_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

const rotation = "sd2017.rotation"

// onRoster changes rosters as package training does, today, and has the rotations
// of the units judged.
func (w *world) onRoster(change func(tx *gorm.DB) error, units ...string) error {
	ids := make([]uint64, len(units))
	for i, code := range units {
		ids[i] = w.unit(code).ID
	}
	return w.store.Write(w.Context(), func(tx *gorm.DB) error {
		if err := w.HoldRotations(tx); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return w.JudgeRotations(tx, w.Now(), ids)
	})
}

// Now returns the instant that the clock is set to.
func (w *world) Now() time.Time { return time.UnixMilli(w.clock.Load()) }

// hired puts a person on the unit's roster; an empty until is still.
func (w *world) hired(unit, name, from, until string) *models.Posting {
	w.Helper()
	person := models.Person{Name: name, CreatedAt: store.Instant(w.Now())}
	posting := &models.Posting{UnitID: w.unit(unit).ID, StartOn: day(from), KnownOn: w.Today(), KnownUntil: models.Forever, RecordedAt: store.Instant(w.Now())}
	if until != "" {
		posting.EndOn = day(until)
	}
	w.must(w.onRoster(func(tx *gorm.DB) error {
		person.ID, posting.ID = 0, 0
		if err := tx.Create(&person).Error; err != nil {
			return err
		}
		posting.PersonID = person.ID
		return tx.Create(posting).Error
	}, unit))
	return posting
}

// trained records that the person attended on the day.
func (w *world) trained(unit string, person uint64, on string) {
	w.Helper()
	w.must(w.onRoster(w.attendance(unit, person, on), unit))
}

func (w *world) attendance(unit string, person uint64, on string) func(tx *gorm.DB) error {
	id := w.unit(unit).ID
	return func(tx *gorm.DB) error {
		course := models.Course{UnitID: id, Code: fmt.Sprintf("c%d-%s", person, on), Title: "政务公开业务培训", Version: 1}
		if err := tx.Create(&course).Error; err != nil {
			return err
		}
		session := models.TrainingSession{CourseID: course.ID, UnitID: id, Code: course.Code, Kind: models.ClassSession, StartOn: day(on), EndOn: day(on), Capacity: 50}
		if err := tx.Create(&session).Error; err != nil {
			return err
		}
		return tx.Create(&models.Attendance{SessionID: session.ID, PersonID: person, UnitID: id, On: day(on), Present: true, Source: models.AttendanceByList,
			KnownOn: w.Today(), KnownUntil: models.Forever, RecordedAt: store.Instant(w.Now())}).Error
	}
}

// leaves corrects the posting's last day, today.
func (w *world) leaves(posting *models.Posting, unit, last string) {
	w.Helper()
	next := *posting
	next.ID, next.EndOn, next.KnownOn = 0, day(last), w.Today()
	w.must(w.onRoster(func(tx *gorm.DB) error {
		next.ID = 0
		if err := tx.Model(posting).Update("known_until", w.Today()).Error; err != nil {
			return err
		}
		return tx.Create(&next).Error
	}, unit))
	*posting = next
}

// wantRotation demands the state of the unit's rotation on the day, and the same
// on boards and in lists.
func (w *world) wantRotation(unit, asOf string, want rules.State, people, trained int) {
	w.Helper()
	at := day(asOf)
	view := w.listed(compliance.DutyQuery{Unit: w.unit(unit), Own: true, Obligation: rotation, AsOf: at})[0]
	if view.Verdict.State != want || view.Verdict.Roster != people || view.Verdict.Trained != trained {
		w.Errorf("%s on %s: %s with %d of %d trained, want %s with %d of %d", unit, asOf, view.Verdict.State, view.Verdict.Trained, view.Verdict.Roster,
			want, trained, people)
	}
	for year := 2017; year <= 2018; year++ {
		w.wantBoardOfDuties("370000", year, at)
		for _, code := range []string{"370000", unit} {
			if got, counted := w.tallied(code, year, at), w.counted(code, at); got != counted {
				w.Errorf("%s for %d on %s: people and trained %v, the rosters have %v", code, year, asOf, got, counted)
			}
		}
	}
}

// tallied returns the people and the trained of the unit's cell on the day.
func (w *world) tallied(unit string, year int, on calendar.Date) [2]int {
	w.Helper()
	var row models.Tally
	w.must(w.store.Read(w.Context()).Where("unit_id = ? AND year = ? AND known_day <= ?", w.unit(unit).ID, year, int(on)).
		Where("obligation_id = (SELECT id FROM obligations WHERE code = ?)", rotation).Order("known_day DESC").Limit(1).Find(&row).Error)
	return [2]int{row.People, row.Trained}
}

// counted sums up what the judge finds for the duties of the subtree.
func (w *world) counted(unit string, on calendar.Date) (sum [2]int) {
	w.Helper()
	for _, view := range w.listed(compliance.DutyQuery{Unit: w.unit(unit), Obligation: rotation, AsOf: on, Limit: compliance.MaxLimit}) {
		sum[0] += view.Verdict.Roster
		sum[1] += view.Verdict.Trained
	}
	return sum
}

func rotating(t *testing.T, s *store.Store) *world {
	t.Helper()
	w := newWorld(t, s, "370000", jinan, qingdao, "370000-bgt").at("2017-05-10")
	w.addUnit(lixia, models.County, jinan, "2000-01-01", "")
	return w.activated("shandong-2017", 2017)
}

// The state turns on the days on which people join and leave, which were entered
// long before: nobody writes anything on those days.
func TestARotationTurnsOnDaysThatWereForeseen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := rotating(t, s)
		w.wantRotation(lixia, "2017-05-10", rules.Pending, 0, 0)
		zhang := w.hired(lixia, "张三", "2016-03-01", "")
		w.at("2017-06-01").trained(lixia, zhang.PersonID, "2017-06-01")
		w.hired(lixia, "李四", "2017-07-03", "2017-08-31")
		w.hired(lixia, "王五", "2017-10-09", "")
		w.wantRotation(lixia, "2017-05-31", rules.Pending, 1, 0)
		for _, c := range []struct {
			on              string
			want            rules.State
			people, trained int
		}{
			{"2017-06-01", rules.Met, 1, 1},
			{"2017-07-02", rules.Met, 1, 1},
			{"2017-07-03", rules.Pending, 2, 1},
			{"2017-08-31", rules.Pending, 2, 1},
			{"2017-09-01", rules.Met, 1, 1},
			{"2017-10-08", rules.Met, 1, 1},
			{"2017-10-09", rules.Pending, 2, 1},
			{"2018-12-31", rules.Pending, 2, 1},
			{"2019-01-01", rules.Overdue, 2, 1},
		} {
			w.at(c.on).wantRotation(lixia, c.on, c.want, c.people, c.trained)
		}
		w.wantSoundTallies()
	})
}

// A duty that is owed from a later day on begins with the roster of that day.
func TestARotationBeginsWithTheRosterOfItsFirstDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2016-10-10").activated("shandong-2017", 2017)
		w.hired(jinan, "张三", "2016-03-01", "2016-12-30")
		w.hired(jinan, "李四", "2016-12-31", "")
		w.hired(jinan, "王五", "2017-01-09", "")
		w.at("2017-01-01").wantRotation(jinan, "2017-01-01", rules.Pending, 1, 0)
		w.at("2017-01-09").wantRotation(jinan, "2017-01-09", rules.Pending, 2, 0)
		w.wantSoundTallies()
	})
}

// What was foreseen is given up when it turns out otherwise; what was shown on
// the days before stays.
func TestWhatWasForeseenGivesWayToWhatIsKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := rotating(t, s)
		zhang := w.hired(lixia, "张三", "2016-03-01", "2017-07-31")
		li := w.hired(lixia, "李四", "2016-03-01", "")
		w.at("2017-05-20").trained(lixia, li.PersonID, "2017-05-20")
		w.at("2017-06-05").leaves(zhang, lixia, "2017-09-30")
		w.at("2017-07-31").wantRotation(lixia, "2017-07-31", rules.Pending, 2, 1)
		w.at("2017-08-01").wantRotation(lixia, "2017-08-01", rules.Pending, 2, 1)
		w.at("2017-10-01").wantRotation(lixia, "2017-10-01", rules.Met, 1, 1)
		w.wantRotation(lixia, "2017-06-04", rules.Pending, 2, 1)
		w.leaves(zhang, lixia, "2017-05-01") // it turns out that he had left long before
		w.wantRotation(lixia, "2017-07-31", rules.Pending, 2, 1)
		w.wantRotation(lixia, "2017-10-01", rules.Met, 1, 1)
		w.wantSoundTallies()
	})
}

// An exempt unit asks nobody; when it is revoked, its people count again.
func TestAnExemptRotationCountsNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := rotating(t, s)
		w.hired(lixia, "张三", "2016-03-01", "")
		w.hired(lixia, "李四", "2017-08-01", "")
		w.at("2017-06-01").exempted(w.duty(lixia, rotation))
		w.at("2017-08-02").wantRotation(lixia, "2017-08-02", rules.Exempt, 0, 0)
		w.must(w.RevokeExemption(t.Context(), w.root(models.Supervisor), w.duty(lixia, rotation).ID, "误批"))
		w.wantRotation(lixia, "2017-08-02", rules.Pending, 2, 0)
		w.wantRotation(lixia, "2017-08-01", rules.Exempt, 0, 0)
		w.wantSoundTallies()
	})
}

// A unit that closes, or moves, takes what is foreseen of it along.
func TestWhatIsForeseenFollowsTheUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := rotating(t, s)
		w.hired(lixia, "张三", "2016-03-01", "2017-08-31")
		w.hired(lixia, "李四", "2017-09-11", "")
		w.hired("370000-bgt", "王五", "2017-09-11", "")
		w.at("2017-06-01").changed(compliance.MoveUnit{Code: lixia, Parent: qingdao, On: w.Today(), Reason: "划转"})
		w.changed(compliance.CloseUnit{Code: "370000-bgt", On: w.Today(), Reason: "撤销"})
		for _, on := range []string{"2017-06-01", "2017-08-31", "2017-09-01", "2017-09-11"} {
			w.at(on)
			for _, unit := range []string{"370000", jinan, qingdao} {
				if got, want := w.tallied(unit, 2017, w.Today()), w.counted(unit, w.Today()); got != want {
					t.Errorf("%s on %s: people and trained %v, the rosters have %v", unit, on, got, want)
				}
			}
			w.wantBoardOfDuties("370000", 2017, w.Today())
		}
		if got := w.tallied(qingdao, 2017, w.Today()); got != [2]int{1, 0} {
			t.Errorf("people and trained below the new parent: %v", got)
		}
		if got := w.tallied("370000", 2017, w.Today()); got != [2]int{1, 0} {
			t.Errorf("people and trained in the province: %v; a closed unit owes nothing", got)
		}
		w.wantSoundTallies()
	})
}

// Whoever is on a roster already is counted as soon as the duty is there: on
// activation, and for a unit that begins to owe it.
func TestANewRotationIsJudgedByTheRosterThatThereIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao, "370000-bgt").at("2017-05-10")
		w.addUnit(lixia, models.County, jinan, "2000-01-01", "")
		w.loaded("shandong-2017")
		zhang := w.hired(lixia, "张三", "2016-03-01", "")
		w.trained(lixia, zhang.PersonID, "2017-03-08")
		w.hired(jinan, "李四", "2016-03-01", "")
		w.activated("shandong-2017", 2017)
		w.wantRotation(lixia, "2017-05-10", rules.Met, 1, 1)
		w.wantRotation(jinan, "2017-05-10", rules.Pending, 1, 0)
		w.changed(compliance.OpenUnit{Unit: organization.NewUnit{Code: "370199", Name: "新区", Kind: models.County, Parent: jinan, OpenedOn: w.Today()}})
		w.hired("370199", "王五", "2017-05-10", "")
		w.wantRotation("370199", "2017-05-10", rules.Pending, 1, 0)
		w.wantSoundTallies()
	})
}

// Attendances of one unit that are recorded at once are all seen by the last of
// them to be judged.
func TestAttendancesRecordedAtOnceAddUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := rotating(t, s)
		var people []uint64
		for i := range crowd {
			people = append(people, w.hired(lixia, fmt.Sprint("工作人员", i), "2016-03-01", "").PersonID)
		}
		got := together(func(i int) error { return w.onRoster(w.attendance(lixia, people[i], "2017-05-10"), lixia) })
		if diff := cmp.Diff(map[models.Code]int{"": crowd}, got); diff != "" {
			t.Fatalf("outcomes (-want +got):\n%s", diff)
		}
		w.wantRotation(lixia, "2017-05-10", rules.Met, crowd, crowd)
		w.wantSoundTallies()
	})
}

// A policy that is activated while a roster changes has no duty that has not seen
// it: activation waits for the roster, or the roster for it.
func TestActivationMeetsRosterWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-05-10")
		w.loaded("shandong-2017")
		admin, unit := w.root(models.Administrator), w.unit(jinan).ID
		activated := make(chan error, 1)
		w.must(s.Write(t.Context(), func(tx *gorm.DB) error {
			person := models.Person{Name: "张三", CreatedAt: store.Instant(w.Now())}
			posting := models.Posting{UnitID: unit, StartOn: day("2016-03-01"), KnownOn: w.Today(), KnownUntil: models.Forever, RecordedAt: store.Instant(w.Now())}
			err := w.HoldRotations(tx)
			if err == nil {
				err = tx.Create(&person).Error
			}
			if posting.PersonID = person.ID; err == nil {
				err = tx.Create(&posting).Error
			}
			if err == nil {
				err = w.JudgeRotations(tx, w.Now(), []uint64{unit})
			}
			go func() {
				_, err := w.Activate(t.Context(), admin, "shandong-2017", 2017)
				activated <- err
			}()
			// Nothing tells that it waits for this write: it is given time to overtake it.
			select {
			case overtook := <-activated:
				activated <- overtook
			case <-time.After(time.Second):
			}
			return err
		}))
		w.must(<-activated)
		w.wantRotation(jinan, "2017-05-10", rules.Pending, 1, 0)
		w.wantSoundTallies()
	})
}

// What a server whose clock is ahead has recorded counts from that day on, also
// when another server writes meanwhile.
func TestWhatIsKnownTomorrowIsNotForgottenToday(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := rotating(t, s)
		zhang := w.hired(lixia, "张三", "2016-03-01", "")
		w.hired(lixia, "王五", "2016-03-01", "")
		w.at("2017-05-11").trained(lixia, zhang.PersonID, "2017-05-10")
		w.at("2017-05-12").exempted(w.duty(lixia, rotation))
		w.at("2017-05-10").hired(lixia, "李四", "2016-03-01", "")
		w.wantRotation(lixia, "2017-05-10", rules.Pending, 3, 0)
		w.at("2017-05-11").wantRotation(lixia, "2017-05-11", rules.Pending, 3, 1)
		w.at("2017-05-12").wantRotation(lixia, "2017-05-12", rules.Exempt, 0, 0)
		w.wantSoundTallies()
	})
}

// A past that is loaded after the roster sees the days that became known only
// later.
func TestWhatBecameKnownLaterTurnsOnItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-08-01")
		w.loaded("shandong-2017")
		w.hired(jinan, "张三", "2016-03-01", "2017-09-30")
		w.hired(jinan, "李四", "2016-03-01", "")
		w.at("2017-05-10").activated("shandong-2017", 2017)
		w.at("2017-08-01").wantRotation(jinan, "2017-08-01", rules.Pending, 2, 0)
		w.at("2017-10-01").wantRotation(jinan, "2017-10-01", rules.Pending, 1, 0)
		w.wantSoundTallies()
	})
}

// The verdict names those who are missing, as it was known.
func TestTheVerdictOfARotationNamesWhoIsMissing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := rotating(t, s)
		zhang := w.hired(lixia, "张三", "2016-03-01", "")
		w.hired(lixia, "李四", "2016-03-01", "")
		w.at("2017-06-01").trained(lixia, zhang.PersonID, "2017-06-01")
		missing := func(asOf string) any {
			return w.listed(compliance.DutyQuery{Unit: w.unit(lixia), Own: true, Obligation: rotation, AsOf: day(asOf)})[0].Verdict.Reason.Args["Left"]
		}
		for asOf, want := range map[string][]string{"2017-05-31": {"张三", "李四"}, "2017-06-01": {"李四"}} {
			if diff := cmp.Diff(any(want), missing(asOf)); diff != "" {
				t.Errorf("as of %s (-want +got):\n%s", asOf, diff)
			}
		}
	})
}
