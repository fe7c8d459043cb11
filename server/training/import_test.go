package training_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/frontend"
	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// importing is a world whose imports a test carries on by hand.
type importing struct {
	*world
	*training.Imports
	actors map[uint64]compliance.Actor
	// between is called each time that somebody's grants are asked for: before a file
	// is read, and before each chunk is taken over.
	between func() error
}

func newImporting(t *testing.T, s *store.Store) *importing {
	w := newWorld(t, s).at("2017-06-01")
	i := &importing{world: w, actors: map[uint64]compliance.Actor{}, between: func() error { return nil }}
	i.actors[0] = compliance.Actor{Access: w.table.Access(rbac.Grant{Role: models.Coordinator, Path: "/"})}
	i.Imports = training.NewImports(w.Desk, func(_ context.Context, id uint64) (compliance.Actor, error) {
		return i.actors[id], i.between()
	})
	return i
}

// by returns the coordinator of the unit, whom the imports know.
func (i *importing) by(unit string) compliance.Actor {
	i.Helper()
	actor := i.coordinator(unit)
	i.actors[actor.ID] = actor
	return actor
}

// received takes a CSV file for Shandong and reads it.
func (i *importing) received(kind models.ImportKind, lines ...string) uint64 {
	i.Helper()
	return i.receivedFor(training.ImportRequest{Unit: shandong, Kind: kind, FileName: "表.csv"}, lines...)
}

func (i *importing) receivedFor(request training.ImportRequest, lines ...string) uint64 {
	i.Helper()
	row, err := i.Receive(i.Context(), i.by(request.Unit), request, strings.NewReader(strings.Join(lines, "\n")))
	i.must(err)
	i.must(i.Carry(i.Context(), row.ID))
	return row.ID
}

// run confirms an import of Shandong, bad rows left out, and carries it out.
func (i *importing) run(id uint64) {
	i.Helper()
	i.must(i.Confirm(i.Context(), i.by(shandong), id, true))
	i.must(i.Carry(i.Context(), id))
}

// counts is an import in short.
func (i *importing) counts(id uint64) string {
	i.Helper()
	v, err := i.Import(i.Context(), i.by(shandong), id)
	i.must(err)
	return fmt.Sprintf("%s: %d rows, %d bad, %d added, %d changed, %d same", v.Status, v.Rows, v.Bad, v.Added, v.Changed, v.Same)
}

func (i *importing) wantCounts(id uint64, want string) {
	i.Helper()
	if got := i.counts(id); got != want {
		i.Errorf("import is %s\nwant %s\nfaults %v", got, want, i.faults(id))
	}
}

// faults are the cells and keys of what is wrong with an import's rows.
func (i *importing) faults(id uint64) []string {
	i.Helper()
	rows, err := i.FaultyRows(i.Context(), i.by(shandong), id, 0, 1000)
	i.must(err)
	var faults []string
	for _, row := range rows {
		for _, fault := range row.Faults {
			faults = append(faults, fault.Name+" "+fault.Key)
		}
	}
	return faults
}

func (i *importing) wantFaults(id uint64, want ...string) {
	i.Helper()
	if diff := cmp.Diff(want, i.faults(id)); diff != "" {
		i.Errorf("faults, -want +got:\n%s", diff)
	}
}

// staffFile is a roster of Jinan with so many people.
func staffFile(people int) []string {
	lines := []string{"单位代码,姓名,工号,开始日期"}
	for n := range people {
		lines = append(lines, fmt.Sprintf("%s,王%s,JN%05d,2016-01-04", jinan, string(rune('一'+n%20000)), n))
	}
	return lines
}

func (i *importing) people() int {
	i.Helper()
	var count int64
	i.must(i.store.Read(i.Context()).Model(&models.Posting{}).Where("known_until = ?", models.Forever).Count(&count).Error)
	return int(count)
}

const goodID = "370102199001011231"

func TestImportIsForWhoManagesRosters(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	request := training.ImportRequest{Unit: shandong, Kind: models.ImportStaff, FileName: "花名册.csv"}
	receive := func(actor compliance.Actor, request training.ImportRequest) error {
		_, err := i.Receive(t.Context(), actor, request, strings.NewReader("姓名"))
		return err
	}
	i.wantCode(receive(i.reporter(jinan), training.ImportRequest{Unit: jinan, Kind: models.ImportStaff}), models.Forbidden, "error.forbidden")
	i.wantCode(receive(i.coordinator(jinan), request), models.NotFound, "training.unit_unknown")
	i.wantCode(receive(i.coordinator("210000"), request), models.NotFound, "training.unit_unknown")
	i.wantCode(receive(i.coordinator(shandong), training.ImportRequest{Unit: shandong, Kind: "scores"}), models.Invalid, "imports.kind_missing")

	id := i.received(models.ImportStaff, staffFile(2)...)
	for _, other := range []compliance.Actor{i.coordinator(jinan), i.reporter(jinan), i.coordinator("210000"), i.actor(shandong, models.Supervisor)} {
		_, err := i.Import(t.Context(), other, id)
		i.wantCode(err, models.NotFound, "imports.unknown")
		_, err = i.FaultyRows(t.Context(), other, id, 0, 10)
		i.wantCode(err, models.NotFound, "imports.unknown")
		i.wantCode(i.WriteFaulty(t.Context(), other, id, new(bytes.Buffer), exchange.Language{}), models.NotFound, "imports.unknown")
		i.wantCode(i.Confirm(t.Context(), other, id, true), models.NotFound, "imports.unknown")
		i.wantCode(i.Drop(t.Context(), other, id), models.NotFound, "imports.unknown")
		page, err := i.List(t.Context(), other, i.unit(shandong), 0, 10)
		i.must(err)
		if len(page.Items) != 0 {
			t.Errorf("%s sees the import in the list", other.Name)
		}
	}
	i.wantCounts(id, "checked: 2 rows, 0 bad, 2 added, 0 changed, 0 same")
}

func TestStaffImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := newImporting(t, s)
		file := []string{
			"济南市花名册,,,,,,,",
			"单位代码,单位名称,姓名,工号,身份证号,职务,专兼职,开始日期,结束日期,备注",
			jinan + ",,王芳,JN1," + goodID + ",科长,专职,2016-01-04,,好",
			",青岛市,李强,QD1,,,兼职,2016/2/1,2017年3月31日,",
			",没有的市,张三,X1,,,,2016-01-04,,",
			"210100,,赵六,X2,,,,2016-01-04,,",
			jinan + ",青岛市,钱七,X3,,,,2016-01-04,,",
			jinan + ",,孙八,X4,370102199001011237,,,2016-01-04,,",
			jinan + ",,周九,X5,,,半职,4/5/2016,,",
			jinan + ",,吴十,X6,,,,2016-05-01,2016-04-01,",
			jinan + ",,郑一," + goodID + ",,,,2016-01-04,,",
			jinan + ",,王芳,JN1,,,专职,2016-01-04,,",
			",,无单位,X7,,,,2016-01-04,,",
		}
		id := i.received(models.ImportStaff, file...)
		i.wantCounts(id, "checked: 11 rows, 9 bad, 2 added, 0 changed, 0 same")
		i.wantFaults(id, "B5 imports.unit_unknown", "A6 imports.unit_unknown", "B7 imports.unit_name_differs", "E8 imports.id_number",
			"G9 exchange.word", "H9 exchange.date", "I10 roster.end_before_start", "D11 imports.id_elsewhere", "12 imports.twice", "A13 imports.unit_missing")
		if i.people() != 0 {
			t.Error("a preview has entered people")
		}
		i.wantCode(i.Confirm(t.Context(), i.by(shandong), id, false), models.Conflict, "imports.some_bad")
		i.run(id)
		i.wantCounts(id, "done: 11 rows, 9 bad, 2 added, 0 changed, 0 same")
		i.wantPostings("王芳 370100 2016-01-04", "李强 370200 2016-02-01 2017-03-31")
		i.wantCode(i.Confirm(t.Context(), i.by(shandong), id, true), models.Conflict, "imports.not_waiting")
		i.wantCode(i.Drop(t.Context(), i.by(shandong), id), models.Conflict, "imports.over")

		again := i.received(models.ImportStaff, file...)
		i.wantCounts(again, "checked: 11 rows, 9 bad, 0 added, 0 changed, 2 same")
		detail, err := i.Import(t.Context(), i.by(shandong), again)
		i.must(err)
		if len(detail.Earlier) != 1 || detail.Earlier[0].ID != id {
			t.Errorf("earlier imports of the file: %v", detail.Earlier)
		}
		if len(detail.Notes) != 1 || detail.Notes[0].Name != "J2" {
			t.Errorf("notes: %v, want one on column J", detail.Notes)
		}
		i.run(again)
		i.wantCounts(again, "done: 11 rows, 9 bad, 0 added, 0 changed, 2 same")
	})
}

func TestIDNumbersReachNothing(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	request := training.ImportRequest{Unit: shandong, Kind: models.ImportStaff, FileName: goodID + ".csv"}
	id := i.receivedFor(request, "单位代码,姓名,工号,身份证号,职务,开始日期",
		jinan+",王芳,JN1,"+goodID+",,2016-01-04",
		jinan+",李强 "+goodID+",JN2,370102199001011237,"+goodID+",坏",
		jinan+",张三,"+goodID+",,,2016-01-04",
		jinan+",赵六,JN4,3.70102199001011E+17,,2016-01-04")
	var file bytes.Buffer
	i.must(i.WriteFaulty(t.Context(), i.by(shandong), id, &file, chinese(t)))
	returned, err := exchange.Open("错误行.xlsx", bytes.NewReader(file.Bytes()), int64(file.Len()), training.StaffTable, exchange.DefaultLimits)
	i.must(err)
	var shown []string
	for row, err := range returned.Rows() {
		i.must(err)
		shown = append(shown, row.Shown("id_number"))
		for _, column := range training.StaffTable.Columns {
			if strings.Contains(row.Shown(column.Key), goodID) {
				t.Errorf("%s of row %d has the number", column.Key, row.Number)
			}
		}
	}
	if diff := cmp.Diff([]string{"******1237", "", "******E+17"}, shown); diff != "" {
		t.Errorf("ID numbers of the returned file, -want +got:\n%s", diff)
	}
	i.run(id)
	if text := i.everything(); strings.Contains(text, goodID) || strings.Contains(text, "37010219900101") {
		t.Error("the database has the number of an ID card")
	}
	var person models.Person
	i.must(i.store.Read(t.Context()).Where("number = 'JN1'").Take(&person).Error)
	if person.IDHash == nil || person.IDTail != "1231" {
		t.Errorf("the number was not hashed: %+v", person)
	}
}

// everything prints every row of every table.
func (w *world) everything() string {
	w.Helper()
	db := w.store.Read(w.Context())
	tables, err := db.Migrator().GetTables()
	w.must(err)
	var all strings.Builder
	for _, table := range tables {
		var rows []map[string]any
		w.must(db.Table(table).Find(&rows).Error)
		fmt.Fprintln(&all, table, rows)
	}
	return all.String()
}

func chinese(t *testing.T) exchange.Language {
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Language{Tag: "zh-CN", Text: catalog.Locale("zh-CN").Text}
}

// A returned file, mended, is sent again.
func TestReturnedRowsAreMended(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	id := i.received(models.ImportStaff, "单位名称,姓名,身份证号,开始日期", "济南市,王芳,"+goodID+",昨天", "没有的市,李强,,2016-01-04")
	var file bytes.Buffer
	i.must(i.WriteFaulty(t.Context(), i.by(shandong), id, &file, chinese(t)))
	row, err := i.Receive(t.Context(), i.by(shandong), training.ImportRequest{Unit: shandong, Kind: models.ImportStaff, FileName: "错误行.xlsx"}, &file)
	i.must(err)
	i.must(i.Carry(t.Context(), row.ID))
	i.wantFaults(row.ID, "D2 exchange.date", "C2 imports.id_masked", "A3 imports.unit_unknown")
	detail, err := i.Import(t.Context(), i.by(shandong), row.ID)
	i.must(err)
	if len(detail.Notes) != 0 {
		t.Errorf("the reasons are taken for a column: %v", detail.Notes)
	}
}

func TestUnreadableFileIsRefused(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	for content, key := range map[string]string{
		"":                  "exchange.file_empty",
		"颜色,形状\n红,圆\n":      "exchange.no_headings",
		"姓名,工号\n王芳,JN1\n":   "exchange.headings_missing",
		"姓名,开始日期\n":         "imports.no_rows",
		"%PDF-1.7 no table": "exchange.not_table",
		"姓名,姓名,开始日期\n王芳,王芳,\n": "exchange.heading_twice",
	} {
		id := i.received(models.ImportStaff, content)
		detail, err := i.Import(t.Context(), i.by(shandong), id)
		i.must(err)
		if detail.Status != models.ImportRefused || detail.Refusal == nil || detail.Refusal.Key != key {
			t.Errorf("%q is %s, %v; want refused, %s", content, detail.Status, detail.Refusal, key)
		}
	}
}

func TestInterruptedImportGoesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := newImporting(t, s)
		id := i.received(models.ImportStaff, staffFile(2500)...)
		i.wantCounts(id, "checked: 2500 rows, 0 bad, 2500 added, 0 changed, 0 same")
		i.must(i.Confirm(t.Context(), i.by(shandong), id, false))

		// Killed between two chunks.
		ctx, kill := context.WithCancel(t.Context())
		chunks := 0
		i.between = func() error {
			if chunks++; chunks == 2 {
				kill()
			}
			return nil
		}
		if err := i.Carry(ctx, id); !errors.Is(err, context.Canceled) {
			t.Fatalf("carried on by a dead context: %v", err)
		}
		i.wantCounts(id, "running: 2500 rows, 0 bad, 1000 added, 0 changed, 0 same")

		// A chunk that fails.
		failed := errors.New("the disk is on fire")
		i.between = func() error { return failed }
		if err := i.Carry(t.Context(), id); !errors.Is(err, failed) {
			t.Fatalf("got %v, want %v", err, failed)
		}
		detail, err := i.Import(t.Context(), i.by(shandong), id)
		i.must(err)
		if detail.Refusal == nil || detail.Refusal.Key != "imports.trouble" {
			t.Errorf("the page does not tell of the trouble: %v", detail.Refusal)
		}

		i.between = func() error { return nil }
		i.must(i.Carry(t.Context(), id))
		i.wantCounts(id, "done: 2500 rows, 0 bad, 2500 added, 0 changed, 0 same")
		if i.people() != 2500 {
			t.Errorf("%d people are entered", i.people())
		}
		if got := i.audited(id); !slices.Equal(got, []string{"finish-import", "import-rows 1002-2001", "import-rows 2-1001", "import-rows 2002-2501", "start-import", "upload-file"}) {
			t.Errorf("the log says %v", got)
		}
	})
}

// audited lists what the log says of an import, in no order of time.
func (i *importing) audited(id uint64) []string {
	i.Helper()
	var entries []models.AuditEntry
	i.must(i.store.Read(i.Context()).Where("object = 'import' AND object_id = ?", id).Find(&entries).Error)
	var said []string
	for _, e := range entries {
		text := e.Action
		if _, rest, ok := strings.Cut(e.Detail, `"from_row":`); ok {
			from, _, _ := strings.Cut(rest, ",")
			_, rest, _ = strings.Cut(e.Detail, `"to_row":`)
			to, _, _ := strings.Cut(rest, "}")
			text += " " + from + "-" + strings.TrimRight(to, "}")
		}
		said = append(said, text)
	}
	slices.Sort(said)
	return said
}

// Whoever carries an import on at the same time leaves it to the one who does.
func TestOneCarriesAnImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := newImporting(t, s)
		id := i.received(models.ImportStaff, staffFile(1500)...)
		i.must(i.Confirm(t.Context(), i.by(shandong), id, false))
		other := training.NewImports(i.Desk, func(context.Context, uint64) (compliance.Actor, error) {
			t.Error("another one works on the import, too")
			return compliance.Actor{}, nil
		})
		i.between = func() error { return other.Carry(t.Context(), id) }
		i.must(i.Carry(t.Context(), id))
		i.wantCounts(id, "done: 1500 rows, 0 bad, 1500 added, 0 changed, 0 same")
	})
}

func TestRevokedUsersImportStops(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	id := i.received(models.ImportStaff, staffFile(1500)...)
	actor := i.by(shandong)
	i.must(i.Confirm(t.Context(), actor, id, false))
	chunks := 0
	i.between = func() error {
		if chunks++; chunks == 2 {
			i.actors[actor.ID] = compliance.Actor{ID: actor.ID, Name: actor.Name}
			return models.NewError(models.Forbidden, "error.forbidden")
		}
		return nil
	}
	i.must(i.Carry(t.Context(), id))
	i.between = func() error { return nil }
	i.wantCounts(id, "dropped: 1500 rows, 0 bad, 1000 added, 0 changed, 0 same")
	detail, err := i.Import(t.Context(), i.by(shandong), id)
	i.must(err)
	if detail.Refusal == nil || detail.Refusal.Key != "imports.revoked" {
		t.Errorf("the import says %v", detail.Refusal)
	}
}

// A unit that is taken from the user before the rows are taken over is refused row by
// row.
func TestRowsAreCheckedAgain(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	id := i.receivedFor(training.ImportRequest{Unit: shandong, Kind: models.ImportStaff, FileName: "表.csv"},
		"单位名称,姓名,开始日期", "济南市,王芳,2016-01-04", "青岛市,李强,2016-01-04")
	i.must(i.Confirm(t.Context(), i.by(shandong), id, false))
	i.must(i.store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Unit{}).Where("code = ?", qingdao).Update("closed_on", day("2015-01-01")).Error
	}))
	i.must(i.Carry(t.Context(), id))
	i.wantCounts(id, "done: 2 rows, 1 bad, 1 added, 0 changed, 0 same")
	i.wantFaults(id, "C3 roster.unit_closed")
}

func TestDroppedImportLeavesWhatIsDone(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	waiting := i.received(models.ImportStaff, staffFile(3)...)
	i.must(i.Drop(t.Context(), i.by(shandong), waiting))
	i.wantCounts(waiting, "dropped: 3 rows, 0 bad, 0 added, 0 changed, 0 same")

	id := i.received(models.ImportStaff, staffFile(2500)...)
	i.must(i.Confirm(t.Context(), i.by(shandong), id, false))
	chunks := 0
	i.between = func() error {
		if chunks++; chunks == 3 {
			return i.Drop(t.Context(), i.by(shandong), id)
		}
		return nil
	}
	i.must(i.Carry(t.Context(), id))
	i.wantCounts(id, "dropped: 2500 rows, 0 bad, 2000 added, 0 changed, 0 same")
	if i.people() != 2000 {
		t.Errorf("%d people are entered", i.people())
	}
	var rows int64
	i.must(i.store.Read(t.Context()).Model(&models.ImportRow{}).Count(&rows).Error)
	if rows != 0 {
		t.Errorf("%d good rows of dropped imports are kept", rows)
	}
}

// The file of a process that died is gone with it.
func TestLostFileIsAskedForAgain(t *testing.T) {
	i := newImporting(t, storetest.SQLite(t))
	row, err := i.Receive(t.Context(), i.by(shandong), training.ImportRequest{Unit: shandong, Kind: models.ImportStaff, FileName: "表.csv"}, strings.NewReader("x"))
	i.must(err)
	other := training.NewImports(i.Desk, nil)
	stop := other.Start(t.Context())
	stop()
	i.wantCounts(row.ID, "reading: 0 rows, 0 bad, 0 added, 0 changed, 0 same")
	i.at("2017-06-01 12:02")
	i.must(other.Carry(t.Context(), row.ID))
	detail, err := i.Import(t.Context(), i.by(shandong), row.ID)
	i.must(err)
	if detail.Refusal == nil || detail.Refusal.Key != "imports.interrupted" {
		t.Errorf("the import says %v", detail.Refusal)
	}
}

func TestAttendanceImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := newImporting(t, s)
		staff := i.received(models.ImportStaff, "单位代码,姓名,工号,身份证号,开始日期",
			jinan+",王芳,JN1,"+goodID+",2016-01-04", jinan+",李强,JN2,,2016-01-04", jinan+",李强,JN3,,2016-01-04", jinan+",张三,JN4,,2017-06-01")
		i.run(staff)
		session := i.class("C1", "2017-05-10", func(c *models.Course, _ *models.TrainingSession) { c.Title = "业务培训" })
		file := []string{
			"班次编号,课程,日期,单位名称,姓名,工号,身份证号,到课,成绩,是否合格",
			session.Code + ",,,,王芳,,," + "√,,",
			",业务培训,2017-05-10,,李强,JN2,,缺课,,",
			",业务培训,2017-05-10,济南市,李强,,,到课,,",
			",业务培训,2017-05-11,,,JN3,,到课,,",
			",业务培训,2017-05-10,,,JN9,,到课,,",
			session.Code + ",,,,,JN4,,到课,,",
			session.Code + ",,,,,,," + "到课,,",
			"没有,,,,,JN3,,到课,,",
			",没有,2017-05-10,,,JN3,,到课,,",
			session.Code + ",,,,李强,JN1,,到课,,",
			session.Code + ",,,,,," + goodID + ",到课,,",
		}
		file[1] = session.Code + ",,,,王芳,JN1,,√,,"
		id := i.received(models.ImportAttendance, file...)
		i.wantCounts(id, "checked: 11 rows, 9 bad, 2 added, 0 changed, 0 same")
		i.wantFaults(id, "E4 imports.name_ambiguous", "C5 imports.session_none", "F6 imports.number_unknown", "C7 attendance.before_hire",
			"E8 imports.person_missing", "A9 imports.session_unknown", "B10 imports.course_unknown", "E11 imports.name_differs", "12 imports.twice")
		i.run(id)
		i.wantCounts(id, "done: 11 rows, 9 bad, 2 added, 0 changed, 0 same")
		again := i.received(models.ImportAttendance, file...)
		i.wantCounts(again, "checked: 11 rows, 9 bad, 0 added, 0 changed, 2 same")
	})
}

// Records of before the system bring their sessions along.
func TestAttendanceImportMakesSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := newImporting(t, s)
		lines := []string{"课程,日期,地点,工号,到课"}
		for n := range 1200 {
			lines = append(lines, "业务培训,2016-03-"+fmt.Sprintf("%02d", 1+n%3)+",礼堂,JN"+fmt.Sprintf("%05d", n)+",到课")
		}
		i.run(i.received(models.ImportStaff, staffFile(1200)...))
		i.class("C1", "2017-05-10", func(c *models.Course, _ *models.TrainingSession) { c.Title = "业务培训" })
		request := training.ImportRequest{Unit: shandong, Kind: models.ImportAttendance, FileName: "历史.csv", CreateSessions: true}

		id := i.receivedFor(request, lines...)
		i.wantCounts(id, "checked: 1200 rows, 0 bad, 1200 added, 0 changed, 0 same")
		detail, err := i.Import(t.Context(), i.by(shandong), id)
		i.must(err)
		if len(detail.Sessions) != 3 || detail.Sessions[0].People != 400 || detail.Sessions[0].Title != "业务培训" {
			t.Errorf("sessions to be made: %+v", detail.Sessions)
		}
		i.run(id)
		i.wantCounts(id, "done: 1200 rows, 0 bad, 1200 added, 0 changed, 0 same")
		var made []models.TrainingSession
		i.must(i.store.Read(t.Context()).Where("start_on < '2017-01-01'").Order("start_on").Find(&made).Error)
		if len(made) != 3 {
			t.Fatalf("%d sessions were made", len(made))
		}
		for n, session := range made {
			if session.Status != models.SessionHeld || session.Capacity != 400 || session.Place != "礼堂" || session.StartOn != day("2016-03-0"+strconv.Itoa(n+1)) {
				t.Errorf("made %+v", session)
			}
		}
		again := i.receivedFor(request, lines...)
		i.wantCounts(again, "checked: 1200 rows, 0 bad, 0 added, 0 changed, 1200 same")
		i.run(again)
		i.wantCounts(again, "done: 1200 rows, 0 bad, 0 added, 0 changed, 1200 same")
	})
}
