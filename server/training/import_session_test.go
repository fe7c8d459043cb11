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
