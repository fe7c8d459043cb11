package training_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// shown returns the code on the screen of a session.
func (w *world) shown(session uint64) string {
	w.Helper()
	room, err := w.RoomCode(w.Context(), w.coordinator(shandong), session)
	w.must(err)
	return room.Code
}

// byCode is what an attendee enters who reads the screen now.
func (w *world) byCode(session uint64, name string) training.CheckInInput {
	w.Helper()
	return training.CheckInInput{Session: session, Code: w.shown(session), Number: "N-" + name, Name: name}
}

func (w *world) checkedIn(session uint64, name string) *training.CheckedIn {
	w.Helper()
	done, err := w.CheckIn(w.Context(), w.byCode(session, name), "10.0.0.7")
	w.must(err)
	return done
}

func TestCheckingInByTheCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 08:40")
		room := w.class("S1", "2017-05-04", nil)
		tail := add(w, models.Person{Name: "张 三", IDTail: "123x", Version: 1, CreatedAt: w.now()}).ID
		w.posted(tail, jinan, "2016-01-01", "")
		w.expected(room.ID, tail)
		for _, name := range []string{"李四", "王五", "刚来"} {
			w.expected(room.ID, w.attendee(name, jinan, map[bool]string{true: "2017-06-01", false: "2016-01-01"}[name == "刚来"], ""))
		}
		waits := w.attendee("候补", jinan, "2016-01-01", "")
		w.nominatedTo(room.ID, waits, jinan, models.NominationWaiting)
		w.attendee("没报名", jinan, "2016-01-01", "")
		// All who cannot check in are told the same.
		for _, name := range []string{"候补", "没报名", "没有此人", "刚来"} {
			_, err := w.CheckIn(t.Context(), w.byCode(room.ID, name), "")
			w.wantCode(err, models.Invalid, "attendance.not_expected")
		}
		wrong := w.byCode(room.ID, "李四")
		wrong.Name = "王五"
		_, err := w.CheckIn(t.Context(), wrong, "")
		w.wantCode(err, models.Invalid, "attendance.not_expected")
		_, err = w.CheckIn(t.Context(), training.CheckInInput{Session: room.ID, Code: w.shown(room.ID)}, "")
		w.wantCode(err, models.Invalid, "filing.required")

		w.at("2017-05-04 09:02")
		if done := w.checkedIn(room.ID, "李四"); done.Again || done.Course.Title != "业务培训" {
			t.Errorf("first: %+v", done)
		}
		w.at("2017-05-04 09:10")
		if done := w.checkedIn(room.ID, "李四"); !done.Again || !done.At.Equal(time.Date(2017, 5, 4, 1, 2, 0, 0, time.UTC)) {
			t.Errorf("again: %+v", done)
		}
		// By the end of the ID card's number, on the page that asks for the code.
		code := w.shown(room.ID)
		input := training.CheckInInput{Code: code[:4] + " " + code[4:], Number: " 123X ", Name: "张三"}
		if done, err := w.CheckIn(t.Context(), input, ""); err != nil || done.Again {
			t.Errorf("got %+v, %v", done, err)
		}
		row := w.known(room.ID)[tail]
		if !row.Valid() || row.Source != models.AttendanceByCode || row.RecordedBy != nil || row.On != day("2017-05-04") {
			t.Errorf("stored %+v", row)
		}
		var entries []models.AuditEntry
		w.must(s.Read(t.Context()).Where("action = ?", "check-in").Order("at").Find(&entries).Error)
		if len(entries) != 2 || entries[0].UserName != "" || !strings.Contains(entries[0].Detail, "李四") || entries[0].UserID != nil || entries[0].UnitID == nil || *entries[0].UnitID != w.unit(jinan).ID {
			t.Errorf("logged %+v", entries)
		}
	})
}

// TestACodeIsForOneSessionAndAMoment tries codes of another session, another day
// and another minute, and the hours of the session.
func TestACodeIsForOneSessionAndAMoment(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04 09:00")
	room, other := w.class("S1", "2017-05-04", nil), w.class("S2", "2017-05-04", nil)
	two := w.class("S3", "2017-05-04", func(_ *models.Course, s *models.TrainingSession) { s.EndOn = day("2017-05-05") })
	w.expected(room.ID, w.attendee("a", jinan, "2016-01-01", ""))
	code, ofOther, ofTwo := w.shown(room.ID), w.shown(other.ID), w.shown(two.ID)
	try := func(at string, session uint64, code string) error {
		w.at(at)
		_, err := w.RoomSession(t.Context(), session, code, "")
		return err
	}
	for name, c := range map[string]struct {
		at      string
		session uint64
		code    string
	}{
		"of another session":     {"2017-05-04 09:00", room.ID, ofOther},
		"two minutes later":      {"2017-05-04 09:02", room.ID, code},
		"before it was shown":    {"2017-05-04 08:59", room.ID, code},
		"of the day before":      {"2017-05-05 09:00", two.ID, ofTwo},
		"no code":                {"2017-05-04 09:00", room.ID, ""},
		"all of them":            {"2017-05-04 09:00", 0, "00000000"},
		"a session not there":    {"2017-05-04 09:00", 1 << 40, code},
		"a letter in its place":  {"2017-05-04 09:00", room.ID, code[:7] + "O"},
		"a code that is longer":  {"2017-05-04 09:00", room.ID, code + "0"},
		"a code of another room": {"2017-05-04 09:00", other.ID, code},
	} {
		err := try(c.at, c.session, c.code)
		if !models.IsCode(err, models.Invalid) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	for name, at := range map[string]string{"at once": "2017-05-04 09:00", "a minute later": "2017-05-04 09:01"} {
		if err := try(at, room.ID, code); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The code is taken again only while it is current: a second check-in with the
	// one of before is refused.
	w.at("2017-05-04 09:00")
	input := w.byCode(room.ID, "a")
	w.checkedIn(room.ID, "a")
	w.at("2017-05-04 09:05")
	_, err := w.CheckIn(t.Context(), input, "")
	w.wantCode(err, models.Invalid, "attendance.code_refused")
	for at, shown := range map[string]bool{
		"2017-05-04 08:29": false, "2017-05-04 08:30": true, "2017-05-04 17:29": true, "2017-05-04 17:30": false, "2017-05-03 12:00": false, "2017-05-05 09:00": false,
	} {
		w.at(at)
		if got := w.shown(room.ID) != ""; got != shown {
			t.Errorf("%s: shown %v, want %v", at, got, shown)
		}
	}
	w.at("2017-05-04 09:00")
	_, err = w.RoomCode(t.Context(), w.reporter(jinan), room.ID)
	w.wantCode(err, models.Forbidden, "error.forbidden")
}

// TestTwoDevicesCheckInOnce has one person check in from many at the same moment.
func TestTwoDevicesCheckInOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 09:00")
		room := w.class("S1", "2017-05-04", nil)
		a := w.attendee("a", jinan, "2016-01-01", "")
		w.expected(room.ID, a)
		input := w.byCode(room.ID, "a")
		var again sync.Map
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				done, err := w.CheckIn(t.Context(), input, fmt.Sprint("10.0.0.", i))
				if err != nil {
					t.Error(err)
					return
				}
				again.Store(i, done.Again)
			})
		}
		all.Wait()
		counts := map[bool]int{}
		again.Range(func(_, value any) bool { counts[value.(bool)]++; return true })
		if diff := cmp.Diff(map[bool]int{false: 1, true: 7}, counts); diff != "" || len(w.known(room.ID)) != 1 {
			t.Error(diff)
		}
	})
}

func TestCheckingInIsThrottled(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04 09:00")
	room := w.class("S1", "2017-05-04", nil)
	guess := func(session uint64, address string) error {
		_, err := w.RoomSession(t.Context(), session, "12345678", address)
		return err
	}
	var refused error
	guesses := 0
	for refused == nil && guesses < 1000 {
		if err := guess(room.ID, "10.0.0.1"); models.IsCode(err, models.TooMany) {
			refused = err
		}
		guesses++
	}
	if guesses != 301 {
		t.Errorf("an address had %d guesses", guesses)
	}
	for i := range 400 {
		refused = guess(room.ID, fmt.Sprint("10.0.1.", i))
	}
	for range 5 {
		refused = guess(room.ID, "10.0.1.399")
	}
	if !models.IsCode(refused, models.TooMany) {
		t.Errorf("got %v: a session can be guessed from many addresses", refused)
	}
	// Nobody has locked the room, the page of codes or the certificates for others.
	w.expected(room.ID, w.attendee("李四", jinan, "2016-01-01", ""))
	w.checkedIn(room.ID, "李四")
	if err := guess(0, "10.0.2.1"); !models.IsCode(err, models.Invalid) {
		t.Errorf("got %v: another door is closed, too", err)
	}
}

// A whole hall sits behind one address, and looks at the code more than once.
func TestWhoHasTheCodeIsNotThrottled(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t)).at("2017-05-04 09:00")
	room := w.class("S1", "2017-05-04", nil)
	code := w.shown(room.ID)
	for i := range 700 {
		if _, err := w.RoomSession(t.Context(), room.ID, code, "10.0.0.1"); err != nil {
			t.Fatalf("the %d. time: %v", i+1, err)
		}
	}
	for i := range 301 {
		_, err := w.RoomSession(t.Context(), room.ID, "12345678", fmt.Sprintf("2001:db8::%x", i))
		if i == 300 {
			w.wantCode(err, models.TooMany, "attendance.too_many")
		}
	}
}

// The screen in the room counts as the list does.
func TestTheScreenCountsAsTheList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s).at("2017-05-04 17:10")
		exam := w.class("S1", "2017-05-04", tested("60"))
		check := func() {
			t.Helper()
			room, err := w.RoomCode(t.Context(), w.coordinator(shandong), exam.ID)
			w.must(err)
			if diff := cmp.Diff(w.list(exam.ID).Counts, room.Counts); diff != "" {
				t.Errorf("-list +screen:\n%s", diff)
			}
		}
		check()
		for i, score := range []string{"80", "50", "", "absent", "open", "walk-in", "waits"} {
			person := w.attendee(fmt.Sprint("人", i), jinan, "2016-01-01", "")
			switch score {
			case "walk-in":
			case "waits":
				w.nominatedTo(exam.ID, person, jinan, models.NominationWaiting)
				continue
			default:
				w.expected(exam.ID, person)
			}
			entry := present(exam, person)
			switch score {
			case "open":
				continue
			case "absent":
				entry.Present = false
			case "80", "50":
				entry.Score = score
			}
			wantOutcome(w, w.recorded(entry)[0], "added")
		}
		check()
	})
}
