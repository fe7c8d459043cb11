package training_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// TestCoverageEqualsASlowRecount lets people come, go, move and be trained at
// random for more than two years, in units that are moved, closed, exempted and
// extended, and demands on random days that the coverage is what the rules find
// in the raw records, and that days gone by stay as they were.
func TestCoverageEqualsASlowRecount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &coverageWorker{world: newWorld(t, s).at("2017-05-04").activated("shandong-2017", 2017), r: rand.New(rand.NewPCG(2018, 12))}
		w.course1, w.course2 = w.layCourse(shandong, "K1", 90, false), w.layCourse(jinan, "K2", 60, true)
		var past []snapshot
		for range 220 {
			if w.r.IntN(4) > 0 {
				w.step()
				continue
			}
			past = append(past, w.look())
			w.clock.Add(int64(1+w.r.IntN(28)) * 24 * 60 * 60_000)
		}
		past = append(past, w.look())
		if last := past[len(past)-1]; last.table.AsOf < day("2019-01-15") || last.table.Total.Roster < 5 {
			t.Fatalf("chance has not gone far: %+v", last.table.Total)
		}
		for _, then := range past {
			if diff := cmp.Diff(then, w.snapshot(then.table.Unit.Code, then.table.AsOf), cmp.AllowUnexported(snapshot{}, compliance.RotationTable{})); diff != "" {
				t.Fatalf("%s as of %s has changed (-then +now):\n%s", then.table.Unit.Code, then.table.AsOf, diff)
			}
		}
		w.wantAllSorts()
	})
}

// coverageWorker does the work of many at random.
type coverageWorker struct {
	*world
	r                *rand.Rand
	course1, course2 models.Course
	opened           []string
	people           []models.Person
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (w *coverageWorker) units() []string {
	return append([]string{shandong, jinan, qingdao, "370300"}, w.opened...)
}

func (w *coverageWorker) step() {
	w.Helper()
	switch choice := w.r.IntN(40); {
	case choice < 15 || len(w.people) == 0:
		w.hire()
	case choice < 18:
		w.end(false)
	case choice < 22:
		w.end(true)
	case choice < 31:
		w.attend()
	case choice < 33:
		w.correct()
	case choice < 37:
		w.decide()
	default:
		w.reorganize()
	}
}

// around is a day near today, in the past or to come.
func (w *coverageWorker) around() calendar.Date {
	return w.Today() - calendar.Date(w.r.IntN(120)) + calendar.Date(w.r.IntN(40))
}

func (w *coverageWorker) hire() {
	person := w.layPerson(fmt.Sprintf("员%d", len(w.people)), pick(w.r, []string{"", fmt.Sprintf("N%d", len(w.people))}))
	w.people = append(w.people, person)
	w.layPosting(person, pick(w.r, w.units()), w.around().String(), "")
}

// standing is what is known of the person's last posting.
func (w *coverageWorker) standing(person models.Person) (models.Posting, bool) {
	var p models.Posting
	w.must(w.store.Read(w.Context()).Where("person_id = ? AND known_until = ?", person.ID, models.Forever).Order("start_on DESC").Limit(1).Find(&p).Error)
	return p, p.ID != 0 && p.EndOn.IsZero()
}

// end ends a posting, and has the person go on in another unit or the same.
func (w *coverageWorker) end(moves bool) {
	person := pick(w.r, w.people)
	p, stands := w.standing(person)
	if !stands {
		return
	}
	last := max(p.StartOn, w.around())
	w.layEnd(p, last)
	if moves {
		w.layPosting(person, pick(w.r, w.units()), (last + 1 + calendar.Date(w.r.IntN(2)*w.r.IntN(20))).String(), "")
	}
}

func (w *coverageWorker) attend() {
	on := min(w.Today(), w.around()).String()
	session := w.laySession(pick(w.r, []models.Course{w.course1, w.course2}), on, 50)
	for range 1 + w.r.IntN(4) {
		var passed *bool
		if session.CourseID == w.course2.ID && w.r.IntN(3) > 0 {
			result := w.r.IntN(2) == 0
			passed = &result
		}
		person := pick(w.r, w.people)
		var twice int64
		w.must(w.store.Read(w.Context()).Model(&models.Attendance{}).Where("session_id = ? AND person_id = ?", session.ID, person.ID).Count(&twice).Error)
		if twice > 0 {
			continue
		}
		before := w.coverageOf(shandong, w.Today()).Total
		w.layAttendance(person, session, w.r.IntN(6) > 0, passed)
		if after := w.coverageOf(shandong, w.Today()).Total; after.Trained < before.Trained || after.Roster != before.Roster {
			w.Errorf("an attendance more: %+v, before %+v", after, before)
		}
	}
}

func (w *coverageWorker) correct() {
	var held []models.Attendance
	w.must(w.store.Read(w.Context()).Where("known_until = ?", models.Forever).Order("id").Find(&held).Error)
	if len(held) > 0 {
		a := pick(w.r, held)
		w.layCorrection(a, !a.Present)
	}
}

// decide has the office exempt a unit, take that back, or give it more time.
func (w *coverageWorker) decide() {
	officer := w.actor(shandong, models.Supervisor)
	var duties []models.Duty
	w.must(w.store.Read(w.Context()).Joins("JOIN obligations o ON o.id = duties.obligation_id AND o.code = 'sd2017.rotation'").
		Where("unit_id IN (SELECT unit_id FROM postings) AND outcome <> ?", models.Withdrawn).Order("duties.id").Find(&duties).Error)
	if len(duties) == 0 {
		return
	}
	duty := pick(w.r, duties)
	var err error
	switch w.r.IntN(5) {
	case 0, 4:
		err = w.ledger.Exempt(w.Context(), officer, duty.ID, "机构改革", "文件")
	case 1, 2:
		err = w.ledger.RevokeExemption(w.Context(), officer, duty.ID, "恢复")
	default:
		err = w.ledger.Extend(w.Context(), officer, duty.ID, duty.Version, compliance.ExtensionInput{To: duty.DueOn + calendar.Date(1+w.r.IntN(60)), Reason: "人员调整", Document: "文件"})
	}
	w.mayRefuse(err)
}

func (w *coverageWorker) reorganize() {
	on := w.Today() - calendar.Date(w.r.IntN(15))
	var deed compliance.UnitDeed = compliance.OpenUnit{Unit: organization.NewUnit{Code: fmt.Sprintf("37019%d", len(w.opened)), Name: fmt.Sprintf("新区%d", len(w.opened)), Kind: models.County,
		Parent: pick(w.r, []string{jinan, qingdao}), OpenedOn: on}}
	if len(w.opened) > 1 {
		unit := pick(w.r, w.opened)
		switch w.r.IntN(4) {
		case 0:
			deed = compliance.CloseUnit{Code: unit, On: on + calendar.Date(w.r.IntN(40)), Reason: "撤销"}
		case 1:
			deed = compliance.ReopenUnit{Code: unit, Reason: "录入有误"}
		default:
			deed = compliance.MoveUnit{Code: unit, Parent: pick(w.r, []string{jinan, qingdao, shandong}), On: on, Reason: "划转"}
		}
	}
	_, err := w.ledger.ChangeUnits(w.Context(), w.actor(shandong, models.Administrator), deed, "")
	if open, ok := deed.(compliance.OpenUnit); ok && err == nil {
		w.opened = append(w.opened, open.Unit.Code)
	}
	w.mayRefuse(err)
}

func (w *coverageWorker) mayRefuse(err error) {
	w.Helper()
	var refusal *models.Error
	if err != nil && !errors.As(err, &refusal) {
		w.Fatal(err)
	}
}

// wantAllSorts demands that chance has brought about what makes it hard.
func (w *coverageWorker) wantAllSorts() {
	w.Helper()
	for what, query := range map[string]string{
		"corrected attendances": "SELECT COUNT(*) FROM attendances WHERE known_until <> '9999-12-31'",
		"postings to come":      "SELECT COUNT(*) FROM postings WHERE start_on > known_on",
		"moves":                 "SELECT COUNT(*) FROM postings a JOIN postings b ON b.person_id = a.person_id AND b.unit_id <> a.unit_id",
		"exempt duties":         "SELECT COUNT(*) FROM duty_changes c JOIN duties d ON d.id = c.duty_id WHERE c.outcome = 'exempt'",
		"extended duties":       "SELECT COUNT(*) FROM duty_changes WHERE extended",
		"withdrawn duties":      "SELECT COUNT(*) FROM duty_changes WHERE outcome = 'withdrawn'",
		"moved units":           "SELECT COUNT(*) FROM unit_changes WHERE known_until <> '9999-12-31'",
	} {
		var count int64
		if w.must(w.store.Read(w.Context()).Raw(query).Scan(&count).Error); count == 0 {
			w.Errorf("chance has brought about no %s", what)
		}
	}
}

// snapshot is what is shown of a unit on a day.
type snapshot struct {
	table    *compliance.RotationTable
	left     []training.LeftPerson
	progress *training.RotationProgress
}

func (w *coverageWorker) snapshot(unit string, asOf calendar.Date) snapshot {
	w.Helper()
	shot := snapshot{table: w.coverageOf(unit, asOf)}
	w.must(w.EachLeft(w.Context(), shot.table, training.LeftFilter{}, func(p training.LeftPerson) error {
		shot.left = append(shot.left, p)
		return nil
	}))
	var err error
	shot.progress, err = w.Progress(w.Context(), shot.table)
	w.must(err)
	shot.progress.Foreseen = false // of today only
	return shot
}

// look takes a snapshot of today, and demands that it and those of the units
// below say what the records say.
func (w *coverageWorker) look() snapshot {
	w.Helper()
	asOf := w.Today()
	for _, code := range append([]string{shandong, jinan, qingdao}, pick(w.r, w.units())) {
		w.check(w.snapshot(code, asOf))
	}
	shot := w.snapshot(pick(w.r, []string{shandong, jinan, qingdao}), asOf)
	w.check(shot)
	return shot
}

func (w *coverageWorker) check(shot snapshot) {
	w.Helper()
	t := shot.table
	want := w.recount(t.Unit, t.AsOf)
	if diff := cmp.Diff(want.total, t.Total); diff != "" {
		w.Fatalf("%s as of %s (-records +table):\n%s", t.Unit.Code, t.AsOf, diff)
	}
	var sum compliance.RotationCount
	for _, row := range t.Rows {
		sum.Roster, sum.Trained, sum.Units, sum.Complete, sum.Exempt = sum.Roster+row.Roster, sum.Trained+row.Trained, sum.Units+row.Units, sum.Complete+row.Complete, sum.Exempt+row.Exempt
		if row.Trained < 0 || row.Trained > row.Roster {
			w.Errorf("%s: %d of %d trained", row.Unit.Code, row.Trained, row.Roster)
		}
		if !row.Own {
			if below := w.coverageOf(row.Unit.Code, t.AsOf); below.Total != row.RotationCount {
				w.Errorf("%s is %+v, and by itself %+v", row.Unit.Code, row.RotationCount, below.Total)
			}
		}
	}
	if sum != t.Total {
		w.Errorf("the rows add up to %+v, the total is %+v", sum, t.Total)
	}
	var listed []string
	for _, p := range shot.left {
		listed = append(listed, p.Person.Code())
	}
	slices.Sort(listed)
	if diff := cmp.Diff(want.left, listed); diff != "" || len(listed) != t.Total.Left() {
		w.Fatalf("%s as of %s: %d left (-records +list):\n%s", t.Unit.Code, t.AsOf, t.Total.Left(), diff)
	}
	for i, p := range shot.left {
		if told := want.untrained[p.Person.Code()]; told.Since != p.Since || told.LastTrained != p.LastTrained || told.Newcomer != p.Newcomer {
			w.Errorf("%s: %+v, the rules say %+v", p.Person.Name, p, told)
		}
		if i > 0 && (p.DueOn < shot.left[i-1].DueOn || p.DueOn == shot.left[i-1].DueOn && p.LastTrained < shot.left[i-1].LastTrained) {
			w.Errorf("%s comes after %s", p.Person.Name, shot.left[i-1].Person.Name)
		}
	}
	w.checkNewcomers(shot)
	w.checkClasses(t)
	points := shot.progress.Points
	if last := points[len(points)-1]; last.Roster != t.Total.Roster || last.Trained != t.Total.Trained {
		w.Errorf("%s as of %s ends with %+v, the table with %+v", t.Unit.Code, t.AsOf, last, t.Total)
	}
}

func (w *coverageWorker) checkNewcomers(shot snapshot) {
	w.Helper()
	var want []string
	for _, p := range shot.left {
		if p.Newcomer {
			want = append(want, p.Person.Name)
		}
	}
	if diff := cmp.Diff(want, w.leftNames(shot.table, training.LeftFilter{Newcomers: true})); diff != "" {
		w.Errorf("newcomers of %s as of %s (-list +filter):\n%s", shot.table.Unit.Code, shot.table.AsOf, diff)
	}
}

func (w *coverageWorker) checkClasses(t *compliance.RotationTable) {
	w.Helper()
	classes, err := w.ledger.RotationClasses(w.Context(), t)
	w.must(err)
	var sum compliance.RotationCount
	for _, c := range classes {
		sum.Roster, sum.Trained, sum.Units = sum.Roster+c.Roster, sum.Trained+c.Trained, sum.Units+c.Units
	}
	if sum.Roster != t.Total.Roster || sum.Trained != t.Total.Trained || sum.Units != t.Total.Units {
		w.Errorf("the classes of %s add up to %+v, the total is %+v", t.Unit.Code, sum, t.Total)
	}
}

// recounted is what the rules find in the records.
type recounted struct {
	total     compliance.RotationCount
	left      []string
	untrained map[string]rules.Untrained
}

// recount reads all that was known at the end of the day and has the rules cover
// each unit below the unit.
func (w *coverageWorker) recount(root models.Unit, asOf calendar.Date) recounted {
	w.Helper()
	db := w.store.Read(w.Context())
	found := recounted{untrained: map[string]rules.Untrained{}}
	var obligation models.Obligation
	w.must(db.Where("code = ?", "sd2017.rotation").Take(&obligation).Error)
	var duties []models.Duty
	w.must(db.Where("obligation_id = ?", obligation.ID).Find(&duties).Error)
	for _, duty := range duties {
		var place models.UnitChange
		w.must(db.Where("unit_id = ? AND known_on <= ? AND known_until > ?", duty.UnitID, asOf, asOf).Limit(1).Find(&place).Error)
		if !strings.HasPrefix(place.Path, root.Path) {
			continue
		}
		var known models.DutyChange
		w.must(db.Where("duty_id = ? AND known_on <= ?", duty.ID, asOf).Order("known_on DESC").Limit(1).Find(&known).Error)
		switch known.Outcome {
		case "", models.Withdrawn:
			continue
		case models.Exempt:
			found.total.Exempt++
			continue
		}
		window := rules.Span{From: day("2017-01-01"), To: day("2018-12-31")}
		if known.Extended {
			window.To = max(window.To, known.DueOn)
		}
		staff, attendances := w.known(duty.UnitID, asOf)
		cover := rules.Cover(staff, attendances, window, asOf)
		found.total.Roster += cover.Roster
		found.total.Trained += cover.Trained
		found.total.Units++
		if cover.Roster > 0 && len(cover.Left) == 0 {
			found.total.Complete++
		}
		for _, u := range cover.Untrained(staff, attendances, asOf) {
			found.left = append(found.left, u.ID)
			found.untrained[u.ID] = u
		}
	}
	slices.Sort(found.left)
	return found
}

// known are the unit's postings and the people's attendances as known then.
func (w *coverageWorker) known(unit uint64, asOf calendar.Date) (staff []rules.StaffMember, attendances []rules.Attendance) {
	w.Helper()
	db := w.store.Read(w.Context())
	var postings []models.Posting
	w.must(db.Where("unit_id = ?", unit).Find(&postings).Error)
	seen := map[uint64]bool{}
	for _, p := range postings {
		if p.KnownOn > asOf || p.KnownUntil <= asOf {
			continue
		}
		var person models.Person
		w.must(db.Take(&person, p.PersonID).Error)
		staff = append(staff, rules.StaffMember{ID: person.Code(), Name: person.Name, From: p.StartOn, To: p.EndOn})
		if seen[person.ID] {
			continue
		}
		seen[person.ID] = true
		var held []models.Attendance
		w.must(db.Where("person_id = ?", person.ID).Find(&held).Error)
		for _, a := range held {
			if a.KnownOn <= asOf && asOf < a.KnownUntil {
				attendances = append(attendances, compliance.AttendanceFact(person, a))
			}
		}
	}
	return staff, attendances
}
