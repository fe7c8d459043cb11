package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// The people of these tests: two of the city's commission are trained, one of them
// twice, and three are left, of whom one came in May; one of Jinan itself and one
// of Qingdao are left too.
const rosterFile = `staff:
  - {id: A-1, name: 张某, unit: 370100-fgw, from: 2015-01-01, to: null}
  - {id: A-2, name: 李某, unit: 370100-fgw, from: 2016-01-01, to: null}
  - {id: A-3, name: 王某, unit: 370100-fgw, from: 2016-01-01, to: null}
  - {id: A-4, name: 赵某, unit: 370100-fgw, from: 2017-05-08, to: null}
  - {id: A-5, name: 孙某, unit: 370100-fgw, from: 2014-01-01, to: null}
  - {id: A-6, name: 周某, unit: 370100, from: 2014-01-01, to: null}
  - {id: A-7, name: 吴某, unit: 370200-fgw, from: 2014-01-01, to: null}
attendances:
  - {staff: A-1, course: 业务培训, on: 2017-03-10, present: true}
  - {staff: A-1, course: 业务培训, on: 2017-06-01, present: true}
  - {staff: A-2, course: 业务培训, on: 2017-06-01, present: true}
  - {staff: A-3, course: 业务培训, on: 2016-12-01, present: true}
  - {staff: A-5, course: 业务培训, on: 2017-06-01, present: false}
`

// withStaff lays the people of rosterFile down in the world, instead of those
// who are there.
func (w *world) withStaff() *world {
	w.t.Helper()
	staff := []struct{ number, name, unit, from string }{{"A-1", "张某", "370100-fgw", "2015-01-01"}, {"A-2", "李某", "370100-fgw", "2016-01-01"},
		{"A-3", "王某", "370100-fgw", "2016-01-01"}, {"A-4", "赵某", "370100-fgw", "2017-05-08"}, {"A-5", "孙某", "370100-fgw", "2014-01-01"},
		{"A-6", "周某", "370100", "2014-01-01"}, {"A-7", "吴某", "370200-fgw", "2014-01-01"}}
	held := []struct {
		number, on string
		present    bool
	}{{"A-1", "2017-03-10", true}, {"A-1", "2017-06-01", true}, {"A-2", "2017-06-01", true}, {"A-3", "2016-12-01", true}, {"A-5", "2017-06-01", false}}
	day, known := calendar.MustParseDate, w.app.ledger.Today()
	err := w.store.Write(w.t.Context(), func(tx *gorm.DB) error {
		units, people, touched := map[string]uint64{}, map[string]uint64{}, []uint64{}
		if err := tx.Model(&models.Posting{}).Distinct().Pluck("unit_id", &touched).Error; err != nil {
			return err
		}
		for _, table := range []string{"nominations", "attendances", "postings"} {
			if err := tx.Exec("DELETE FROM " + table).Error; err != nil {
				return err
			}
		}
		course := models.Course{UnitID: w.id("370100"), Code: "COVERAGE", Title: "业务培训", Minutes: 90}
		if err := tx.Create(&course).Error; err != nil {
			return err
		}
		for _, s := range staff {
			number, unit := s.number, w.id(s.unit)
			person := models.Person{Name: s.name, Number: &number, CreatedAt: store.Instant(w.clock.now())}
			if err := tx.Create(&person).Error; err != nil {
				return err
			}
			people[s.number], units[s.number], touched = person.ID, unit, append(touched, unit)
			posting := models.Posting{PersonID: person.ID, UnitID: unit, StartOn: day(s.from), KnownOn: known, KnownUntil: models.Forever, RecordedAt: store.Instant(w.clock.now())}
			if err := tx.Create(&posting).Error; err != nil {
				return err
			}
		}
		sessions := map[string]uint64{}
		for _, h := range held {
			if sessions[h.on] == 0 {
				session := models.TrainingSession{CourseID: course.ID, UnitID: course.UnitID, Code: "T" + h.on, Kind: models.ClassSession, Place: "大明湖会议室", StartOn: day(h.on), EndOn: day(h.on), Capacity: 50, Status: models.SessionHeld}
				if err := tx.Create(&session).Error; err != nil {
					return err
				}
				sessions[h.on] = session.ID
			}
			a := models.Attendance{SessionID: sessions[h.on], PersonID: people[h.number], UnitID: units[h.number], On: day(h.on), Present: h.present, Source: models.AttendanceByList, KnownOn: known, KnownUntil: models.Forever,
				RecordedAt: store.Instant(w.clock.now())}
			if err := tx.Create(&a).Error; err != nil {
				return err
			}
		}
		return w.app.ledger.JudgeRotations(tx, w.clock.now(), touched)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return w
}

func (w *world) id(code string) uint64 {
	w.t.Helper()
	var unit models.Unit
	if err := w.store.Read(w.t.Context()).Where("code = ?", code).Take(&unit).Error; err != nil {
		w.t.Fatal(err)
	}
	return unit.ID
}

// unitCoverage is what the API says of a unit, and rotation --json of a roster.
type unitCoverage struct {
	Unit          string
	Name          string
	Window        struct{ From, To string }
	AsOf          string `json:"as_of"`
	DueInDays     int    `json:"due_in_days"`
	Roster        int
	Trained       int
	Coverage      string
	Left          []string
	LeftCount     int `json:"left_count"`
	SeatsPerMonth int `json:"seats_per_month"`
}

type rotationAnswer struct {
	Policy string
	unitCoverage
	Units []unitCoverage
}

// UnmarshalJSON reads both halves.
func (r *rotationAnswer) UnmarshalJSON(data []byte) error {
	rest := struct {
		Policy *string
		Units  *[]unitCoverage
	}{&r.Policy, &r.Units}
	if err := json.Unmarshal(data, &r.unitCoverage); err != nil {
		return err
	}
	return json.Unmarshal(data, &rest)
}

const coverageURL = "/api/v1/rotations/shandong-2017/coverage?unit="

func TestCoverageIsWhatTheRotationCommandSays(t *testing.T) {
	w := newWorld(t).withStaff()
	file := filepath.Join(t.TempDir(), "roster.yaml")
	if err := os.WriteFile(file, []byte(rosterFile), 0o600); err != nil {
		t.Fatal(err)
	}
	said := sundial(t, "", "rotation", "--policy", "shandong-2017", "--roster", file, "--as-of", "2017-06-10", "--json")
	var want struct {
		unitCoverage
		Units []struct {
			Unit            string
			Roster, Trained int
			Coverage        string
			Left            []string
		}
	}
	if err := json.Unmarshal([]byte(said.stdout), &want); err != nil {
		t.Fatal(err, said.stderr)
	}
	for _, one := range want.Units {
		got := w.coverage("province", one.Unit, "&as_of=2017-06-10")
		if len(got.Units) > 0 { // the unit's own, not those below
			if own := got.Units[0]; own.Unit == one.Unit {
				got.unitCoverage = own
			}
		}
		if got.Roster != one.Roster || got.Trained != one.Trained || got.Coverage != one.Coverage || !sameSet(got.Left, one.Left) || got.Window != want.Window || got.DueInDays != want.DueInDays {
			t.Errorf("%s: the API says %+v, the command %+v", one.Unit, got.unitCoverage, one)
		}
	}
	all := w.coverage("province", "370000", "")
	if all.Roster != want.Roster || all.Trained != want.Trained || all.Coverage != want.Coverage || all.SeatsPerMonth != want.SeatsPerMonth || !sameSet(all.Left, want.Left) {
		t.Errorf("the province: the API says %+v, the command %+v", all.unitCoverage, want.unitCoverage)
	}
}

func sameSet(a, b []string) bool {
	set := func(list []string) map[string]bool {
		m := map[string]bool{}
		for _, one := range list {
			m[one] = true
		}
		return m
	}
	return cmp.Equal(set(a), set(b))
}

func (w *world) coverage(login, unit, rest string) rotationAnswer {
	w.t.Helper()
	var got rotationAnswer
	w.program(login).get(coverageURL + unit + rest).want(http.StatusOK).into(&got)
	return got
}

func TestCoverageHasOneEntryPerChild(t *testing.T) {
	w := newWorld(t).withStaff()
	got := w.coverage("viewer", "370100", "")
	if got.Policy != "shandong-2017" || got.Unit != "370100" || got.AsOf != "2017-06-10" || got.Window.From != "2017-01-01" || got.Window.To != "2018-12-31" {
		t.Errorf("got %+v", got)
	}
	// Never trained first; who stayed away counts as never.
	if diff := cmp.Diff([]string{"A-4", "A-5", "A-6", "A-3"}, got.Left); diff != "" || got.LeftCount != 4 || got.Roster != 6 || got.Trained != 2 || got.Coverage != "0.3333" {
		t.Errorf("left (-want +got):\n%s%+v", diff, got.unitCoverage)
	}
	var rows []string
	for _, unit := range got.Units {
		rows = append(rows, fmt.Sprintf("%s %s %d/%d %s %v %d", unit.Unit, unit.Name, unit.Trained, unit.Roster, unit.Coverage, unit.Left, unit.SeatsPerMonth))
	}
	if diff := cmp.Diff([]string{"370100 济南市 0/1 0.0000 [A-6] 1", "370100-fgw 济南市发展和改革委员会 2/5 0.4000 [A-4 A-5 A-3] 1"}, rows); diff != "" {
		t.Errorf("units (-want +got):\n%s", diff)
	}
	if few := w.coverage("viewer", "370100", "&limit=1"); len(few.Left) != 1 || few.LeftCount != 4 || len(few.Units[1].Left) != 1 || few.Units[1].LeftCount != 3 {
		t.Errorf("limit 1: %+v", few)
	}
	if none := w.coverage("viewer", "370100", "&limit=0"); none.Left == nil || len(none.Left) != 0 || none.LeftCount != 4 {
		t.Errorf("limit 0: %+v", none)
	}
	// Nothing was known before it was recorded.
	if before := w.coverage("viewer", "370100-fgw", "&as_of=2017-06-08"); before.Roster != 0 || before.Coverage != "0.0000" {
		t.Errorf("before: %+v", before.unitCoverage)
	}
}

// More people than any page holds: programs get the list as the command writes it.
func TestCoverageListsAllWhoAreLeft(t *testing.T) {
	w := newWorld(t).withStaff()
	people := make([]models.Person, 1001)
	for i := range people {
		people[i] = models.Person{Name: "在册", CreatedAt: store.Instant(w.clock.now())}
	}
	err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.CreateInBatches(&people, 500).Error; err != nil {
			return err
		}
		unit, postings := w.id("370100-fgw"), make([]models.Posting, len(people))
		for i, p := range people {
			postings[i] = models.Posting{PersonID: p.ID, UnitID: unit, StartOn: calendar.MustParseDate("2016-01-01"), KnownOn: w.app.ledger.Today(), KnownUntil: models.Forever, RecordedAt: store.Instant(w.clock.now())}
		}
		if err := tx.CreateInBatches(&postings, 500).Error; err != nil {
			return err
		}
		return w.app.ledger.JudgeRotations(tx, w.clock.now(), []uint64{unit})
	})
	if err != nil {
		t.Fatal(err)
	}
	got := w.coverage("viewer", "370100", "")
	if len(got.Left) != 1005 || got.LeftCount != 1005 || len(got.Units[1].Left) != 1004 || got.Units[1].LeftCount != 1004 {
		t.Errorf("%d of %d, of the bureau %d of %d", len(got.Left), got.LeftCount, len(got.Units[1].Left), got.Units[1].LeftCount)
	}
}

func TestBadQuestionsOfCoverageNameTheirField(t *testing.T) {
	w := newWorld(t)
	viewer := w.program("viewer")
	for path, want := range map[string]struct {
		status int
		field  string
	}{
		"/api/v1/rotations/shandong-2017/coverage":           {422, "unit"},
		coverageURL + "370100&as_of=2017-02-30":              {422, "as_of"},
		coverageURL + "370100&as_of=2017-06-11":              {422, "as_of"},
		coverageURL + "370100&limit=-1":                      {422, "limit"},
		coverageURL + "370100&limit=many":                    {422, "limit"},
		coverageURL + "370100&period=2019-2020":              {422, "period"},
		coverageURL + "370100&obligation=sd2017.plan":        {404, ""},
		coverageURL + "370200":                               {404, ""},
		"/api/v1/rotations/zengdu-2020/coverage?unit=370100": {404, ""},
		"/api/v1/rotations/no-such-one/coverage?unit=370100": {404, ""},
		"/api/v1/rotations/%FF/coverage?unit=370100":         {404, ""},
	} {
		got := viewer.get(path).refused(want.status)
		if want.field != "" && !cmp.Equal(got.fields(), []string{want.field}) {
			t.Errorf("%s names %v, want %s", path, got.fields(), want.field)
		}
	}
}

func TestTheCoveragePageShowsWhatTheAPISays(t *testing.T) {
	w := newWorld(t).withStaff()
	b := w.signIn("coordinator")
	if to := b.get("/training").want(http.StatusSeeOther).Header.Get("Location"); to != "/units/370100/rotation" {
		t.Errorf("/training leads to %s", to)
	}
	page := b.get("/units/370100/rotation").want(http.StatusOK)
	page.say(".headline-value", "33.33%")
	page.say(".headline-note", "2 of 6")
	page.say(".top-nav [aria-current]", "Training")
	for selector, want := range map[string]int{".coverage-units tbody tr": 2, "#people tbody tr": 1, "section[aria-labelledby=left] tbody tr": 4, "[data-chart]": 0} {
		if got := page.page().Find(selector).Length(); want > 0 && got != want {
			t.Errorf("%d of %s, want %d", got, selector, want)
		}
	}
	leaf := b.get("/units/370100-fgw/rotation").want(http.StatusOK)
	leaf.say("#people tbody", "大明湖会议室")
	leaf.say("#people tbody", "10 Mar 2017")
	list := b.get("/units/370100/rotation/left?newcomers=1").want(http.StatusOK)
	if names := list.text(".coverage-people tbody"); !strings.Contains(names, "赵某") || strings.Contains(names, "孙某") {
		t.Errorf("newcomers: %s", names)
	}
	file := b.get("/units/370100/rotation/left.csv").want(http.StatusOK)
	if got := strings.Count(strings.TrimSpace(file.body), "\n"); got != 4 || !strings.Contains(file.body, "A-6") || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("the file has %d rows:\n%s", got, file.body)
	}
	for path, status := range map[string]int{"/units/370100/rotation?policy=no-such": 404, "/units/370100/rotation?as_of=2030-01-01": 422, "/units/370100/rotation?period=x": 422, "/units/370100/rotation?policy=%FF": 422,
		"/units/370100/rotation/left?cursor=x": 422, "/units/370100/rotation/left?q=%FF": 422, "/units/370200/rotation/left.csv": 404} {
		b.get(path).want(status)
	}
	past := b.get("/units/370100-fgw/rotation?as_of=2017-06-08").want(http.StatusOK)
	past.say(".empty", "8 Jun 2017")
	b.get("/duties/"+number(w.duty("370100-fgw", "sd2017.rotation"))).want(http.StatusOK).say("#training", "Training")
}

func TestTrainingStatisticsOfAYear(t *testing.T) {
	w := newWorld(t).withStaff()
	page := w.signIn("viewer").get("/units/370100/training-statistics").want(http.StatusOK)
	var figures []string
	page.page().Find(".figure-value").Each(func(_ int, value *goquery.Selection) { figures = append(figures, value.Text()) })
	// Two sessions, three times present, two people both valid, 3 × 1.5 hours.
	if diff := cmp.Diff([]string{"2", "3", "2", "2", "4.5", "–"}, figures); diff != "" {
		t.Errorf("figures (-want +got):\n%s", diff)
	}
	page.say("section[aria-labelledby=rotations] tbody", "33.33%2 / 6")
	page.say("section[aria-labelledby=units] tbody", "济南市发展和改革委员会")
	// A year that has not begun is empty, and one can go on to another.
	if page := w.signIn("viewer").get("/units/370100/training-statistics?year=2018").want(http.StatusOK).page(); page.Find(".empty").Length() == 0 || page.Find("select[name=year] option").Length() < 2 {
		t.Error("the year to come is not empty, or leads nowhere")
	}
	w.signIn("viewer").get("/units/370100/training-statistics?year=2016").want(http.StatusOK).say(".figure-value", "1")
}
