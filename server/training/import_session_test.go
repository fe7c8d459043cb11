package training_test

import (
	"fmt"
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// before are records of before the system, which bring their sessions along.
var before = training.ImportRequest{Unit: shandong, Kind: models.ImportAttendance, FileName: "历史.csv", CreateSessions: true}

func TestSessionsToBeMadeAreChecked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := newImporting(t, s)
		i.class("S1", "2016-05-04", nil)
		i.attendee("张三", jinan, "2016-01-01", "")
		id := i.receivedFor(before, "课程,日期,地点,工号,到课",
			"C-S1,2017-05-04,"+strings.Repeat("楼", 201)+",N-张三,到课", "C-S1,2017-05-05,"+strings.Repeat("楼", 200)+",N-张三,到课", "C-S1,1948-05-04,楼,N-张三,到课")
		i.wantFaults(id, "C2 filing.too_long", "B4 session.too_early")
		i.run(id)
		i.wantCounts(id, "done: 3 rows, 2 bad, 1 added, 0 changed, 0 same")
	})
}

// A title that two courses have stays ambiguous after one of them was named by its
// code.
func TestAmbiguousCourseStaysSo(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	i.class("S1", "2017-05-04", nil)
	i.class("S2", "2017-05-04", nil)
	i.attendee("张三", jinan, "2016-01-01", "")
	lines := []string{"课程,日期,工号,到课"}
	for n := range 1000 {
		lines = append(lines, fmt.Sprintf("C-S1,2017-05-04,X%d,到课", n))
	}
	id := i.received(models.ImportAttendance, append(lines, "业务培训,2017-05-04,N-张三,到课")...)
	i.wantCounts(id, "checked: 1001 rows, 1001 bad, 0 added, 0 changed, 0 same")
	rows, err := i.FaultyRows(t.Context(), i.by(shandong), id, 1001, 10)
	i.must(err)
	if len(rows) != 1 || len(rows[0].Faults) != 1 || rows[0].Faults[0].Key != "imports.course_ambiguous" {
		t.Errorf("last row: %+v", rows)
	}
}

// Of people of other regions an import does not even tell that they are there.
func TestImportTellsNothingOfOtherRegions(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	i.class("S1", "2017-05-04", nil)
	e := staff("210000", "秘密", "2016-01-01", "LN1")
	e.IDNumber = idOfWang
	_, err := i.AddStaff(t.Context(), i.coordinator("210000"), e)
	i.must(err)
	id := i.received(models.ImportAttendance, "班次编号,身份证号,工号,姓名,到课",
		"S1,"+idOfWang+",,王五,到课", "S1,"+idOfWang+",,秘密,到课", "S1,"+idOfLi+",,秘密,到课", "S1,,LN1,王五,到课", "S1,,LN1,秘密,到课", "S1,,LN2,秘密,到课")
	i.wantFaults(id, "B2 imports.id_unknown", "B3 imports.id_unknown", "B4 imports.id_unknown",
		"C5 imports.number_unknown", "C6 imports.number_unknown", "C7 imports.number_unknown")
}

// A second file of one session brings its people seats, too.
func TestSecondFileOfASessionOfBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := newImporting(t, s)
		room := i.class("S1", "2017-05-05", seats(1))
		for _, name := range []string{"张三", "李四", "王五"} {
			i.attendee(name, jinan, "2016-01-01", "")
		}
		i.run(i.receivedFor(before, "课程,日期,工号,到课", "C-S1,2017-05-04,N-张三,到课"))
		second := []string{"课程,日期,工号,到课", "C-S1,2017-05-04,N-李四,到课", "C-S1,2017-05-04,N-王五,到课", "C-S1,2017-05-05,N-李四,到课", "C-S1,2017-05-05,N-王五,到课"}
		without := before
		without.CreateSessions = false
		i.wantFaults(i.receivedFor(without, second...), "C2 attendance.no_seat", "C3 attendance.no_seat", "C5 attendance.no_seat")
		id := i.receivedFor(before, second...)
		i.wantFaults(id, "C5 attendance.no_seat") // a session that was entered
		i.run(id)
		i.wantCounts(id, "done: 4 rows, 1 bad, 3 added, 0 changed, 0 same")
		var made models.TrainingSession
		i.must(s.Read(t.Context()).Where("start_on = ?", day("2017-05-04")).Take(&made).Error)
		i.must(s.Read(t.Context()).Where("id = ?", room.ID).Take(&room).Error)
		if made.Capacity != 3 || made.Version != 2 || room.Capacity != 1 {
			t.Errorf("seats: %d in version %d, and %d in the session that was entered", made.Capacity, made.Version, room.Capacity)
		}
	})
}

func TestForgottenImportsAreDropped(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	old := i.received(models.ImportStaff, append(staffFile(2), ",无单位,X7,2016-01-04")...)
	i.at("2017-06-02 12:00")
	fresh := i.received(models.ImportStaff, staffFile(2)...)
	i.at("2017-07-01 11:00")
	i.GoOn(t.Context())
	i.wantCounts(old, "checked: 3 rows, 1 bad, 2 added, 0 changed, 0 same")
	i.at("2017-07-02 11:00")
	i.GoOn(t.Context())
	i.wantCounts(old, "dropped: 3 rows, 1 bad, 0 added, 0 changed, 0 same")
	i.wantCounts(fresh, "checked: 2 rows, 0 bad, 2 added, 0 changed, 0 same")
	var rows, entries int64
	i.must(i.store.Read(t.Context()).Model(&models.ImportRow{}).Where("import_id = ?", old).Count(&rows).Error)
	i.must(i.store.Read(t.Context()).Model(&models.AuditEntry{}).Where("action = 'drop-import' AND object_id = ?", old).Count(&entries).Error)
	if rows != 0 || entries != 1 {
		t.Errorf("%d rows are kept, %d entries of the log", rows, entries)
	}
	detail, err := i.Import(t.Context(), i.by(shandong), old)
	i.must(err)
	if detail.Refusal == nil || detail.Refusal.Key != "imports.forgotten" {
		t.Errorf("the import says %v", detail.Refusal)
	}
}
