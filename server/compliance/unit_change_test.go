package compliance_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// changed makes the change as an administrator of everything.
func (w *world) changed(deed compliance.UnitDeed) *compliance.UnitEffects {
	w.Helper()
	effects, err := w.ChangeUnits(w.Context(), w.root(models.Administrator), deed, "")
	w.must(err)
	w.reread()
	return effects
}

// reread brings the units that the test knows up to date.
func (w *world) reread() {
	w.Helper()
	var rows []models.Unit
	w.must(w.store.Read(w.Context()).Order("id").Find(&rows).Error)
	clear(w.units)
	for _, row := range rows {
		w.units[row.Code] = row
	}
}

func newCounty(code, parent, opened string) organization.NewUnit {
	return organization.NewUnit{Code: code, Name: "单位" + code, Kind: models.County, Parent: parent, OpenedOn: day(opened)}
}

// newShire is Shandong with two cities, their counties and a department, in 2017.
func newShire(t *testing.T, s *store.Store) *world {
	w := newWorld(t, s, "370000", jinan, qingdao, "370300")
	w.addUnit("370102", models.County, jinan, "2000-01-01", "")
	w.addUnit("370103", models.County, jinan, "2000-01-01", "")
	w.addUnit("370102-jyj", models.Department, "370102", "2000-01-01", "")
	w.addUnit("370202", models.County, qingdao, "2000-01-01", "")
	return w.at("2017-01-01").activated("shandong-2017", 2017)
}

// deedsOfAYear are changes of all sorts, by the day on which they are entered.
var deedsOfAYear = []struct {
	day  string
	deed compliance.UnitDeed
}{
	{"2017-03-01", compliance.EditUnit{Code: "370103", Name: "市中新区", Kind: models.County, Class: "A", Position: 1}},
	{"2017-04-10", compliance.OpenUnit{Unit: newCounty("370115", jinan, "2017-04-01"), Reason: "新设"}},
	{"2017-05-20", compliance.MoveUnit{Code: "370102", Parent: qingdao, On: day("2017-05-01"), Reason: "区划调整"}},
	{"2017-05-20", compliance.EditUnit{Code: "370102", Name: "历下新区", Kind: models.County}},
	{"2017-06-12", compliance.MergeUnits{Codes: []string{"370103", "370115"}, New: &organization.NewUnit{Code: "370116", Name: "市中区", Kind: models.County, Parent: jinan}, On: day("2017-06-10"), Reason: "撤并"}},
	{"2017-07-03", compliance.MergeUnits{Codes: []string{"370102"}, Into: "370202", On: day("2017-07-01"), Reason: "撤并"}},
	{"2017-08-01", compliance.ReopenUnit{Code: "370102", Reason: "录入有误"}},
	{"2017-09-01", compliance.MoveUnit{Code: "370102", Parent: "370300", On: day("2017-09-01"), Reason: "区划调整"}},
	{"2017-09-01", compliance.MoveUnit{Code: "370102", Parent: jinan, On: day("2017-09-01"), Reason: "区划调整"}},
	{"2017-10-09", compliance.CloseUnit{Code: "370116", On: day("2018-01-01"), Reason: "撤销"}},
}

// shot is what all boards of a day show.
type shot struct {
	day    calendar.Date
	boards map[string]*compliance.Board
}

func (w *world) shoot(year int) shot {
	w.Helper()
	taken := shot{w.Today(), map[string]*compliance.Board{}}
	for code := range w.units {
		taken.boards[code] = w.wantBoardOfDuties(code, year, w.Today())
	}
	return taken
}

// wantShots demands that the boards are what they were; read gives them now.
func (w *world) wantShots(shots []shot, read func(unit string, year int, asOf calendar.Date) *compliance.Board) {
	w.Helper()
	for _, then := range shots {
		for code, board := range then.boards {
			if now := read(code, board.Year, then.day); !cmp.Equal(board, now) {
				w.Errorf("board of %s as of %s (-then +now):\n%s", code, then.day, cmp.Diff(board, now))
			}
		}
	}
}

func TestBoardsOfEarlierDaysStayWhateverBecomesOfUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s)
		plan := w.rules["sd2017.plan"]
		var shots []shot
		for i, entered := range deedsOfAYear {
			w.at(entered.day)
			if i == 0 || deedsOfAYear[i-1].day != entered.day {
				w.clock.Add(-24 * 3600_000)
				shots = append(shots, w.shoot(2017))
				w.at(entered.day)
			}
			if entered.day == "2017-05-20" {
				if open := w.duty("370102", "sd2017.plan"); open.Outcome == models.Open {
					w.verified(w.filed("370102", open, soundFiling(plan, day("2017-05-19"))))
				}
			}
			w.changed(entered.deed)
			w.wantShots(shots, func(unit string, year int, asOf calendar.Date) *compliance.Board {
				return w.board(unit, year, asOf.String())
			})
		}
		shots = append(shots, w.shoot(2017))
		w.wantSoundTallies()
		w.at("2019-01-01")
		w.wantShots(shots, w.wantBoardOfDuties)
	})
}

func TestAPreviewIsWhatHappens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s)
		admin := w.root(models.Administrator)
		for _, entered := range deedsOfAYear {
			w.at(entered.day)
			var seen *compliance.UnitEffects
			w.unchanged(t, func() {
				var err error
				seen, err = w.PreviewUnits(t.Context(), admin, entered.deed)
				w.must(err)
				_, err = w.ChangeUnits(t.Context(), admin, entered.deed, "something else")
				wantError(t, err, models.Stale, "unit.preview_stale")
			})
			done, err := w.ChangeUnits(t.Context(), admin, entered.deed, seen.Digest)
			w.must(err)
			if len(seen.Created) != len(done.Created) || len(seen.Withdrawn) != len(done.Withdrawn) || len(seen.Restored) != len(done.Restored) ||
				!cmp.Equal(named(seen), named(done)) {
				t.Errorf("%T: preview %v, done %v", entered.deed, named(seen), named(done))
			}
			for _, board := range done.Boards {
				if shown := compliance.Sum(w.boardOf(board.Unit, board.Year).Totals).Total(); shown != board.After {
					t.Errorf("%T: board of %s has %d duties, the effects say %d", entered.deed, board.Unit.Code, shown, board.After)
				}
			}
		}
	})
}

func (w *world) boardOf(unit models.Unit, year int) *compliance.Board {
	w.Helper()
	board, err := w.Board(w.Context(), compliance.BoardQuery{Unit: unit, Year: year, AsOf: w.Today()})
	w.must(err)
	return board
}

// named tells in texts what becomes of units and boards.
func named(e *compliance.UnitEffects) []string {
	var texts []string
	for _, unit := range e.Units {
		texts = append(texts, fmt.Sprint(unit.Action, " ", unit.After.Code, " under ", unit.To.Code, " closed ", unit.After.ClosedOn, " into ", unit.Successor.Code))
	}
	for _, board := range e.Boards {
		texts = append(texts, fmt.Sprint(board.Unit.Code, " ", board.Year, " ", board.Before, " ", board.After))
	}
	return texts
}

func TestAMoveCountsFromTheDayItIsEntered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-11-22")
		before := compliance.Sum(w.board(jinan, 2017, "2017-11-21").Totals).Total()
		gone := compliance.Sum(w.board("370102", 2017, "2017-11-22").Totals).Total()
		effects := w.changed(compliance.MoveUnit{Code: "370102", Parent: qingdao, On: day("2017-11-01"), Reason: "区划调整"})
		if got := compliance.Sum(w.board(jinan, 2017, "2017-11-21").Totals).Total(); got != before {
			t.Errorf("the day before: %d duties, before the move %d", got, before)
		}
		if got := compliance.Sum(w.board(jinan, 2017, "2017-11-22").Totals).Total(); got != before-gone {
			t.Errorf("the old parent has %d duties, want %d less %d", got, before, gone)
		}
		if len(effects.Boards) != 4 || len(effects.Created)+len(effects.Withdrawn) != 0 {
			t.Errorf("effects %v, want two boards of two years and no duty", named(effects))
		}
		for _, c := range []struct {
			unit, asOf string
			shown      bool
		}{{jinan, "2017-11-21", true}, {jinan, "2017-11-22", false}, {qingdao, "2017-11-21", false}, {qingdao, "2017-11-22", true}} {
			rows := w.wantBoardOfDuties(c.unit, 2017, day(c.asOf)).Rows
			if got := slices.ContainsFunc(rows, func(r compliance.BoardRow) bool { return r.Unit.Code == "370102" }); got != c.shown {
				t.Errorf("on the board of %s as of %s: %v", c.unit, c.asOf, got)
			}
		}
		// The department below came along, and work goes on.
		if unit := w.unit("370102-jyj"); !strings.HasPrefix(unit.Path, w.unit(qingdao).Path) {
			t.Errorf("path %s", unit.Path)
		}
		w.verified(w.filed("370102", w.duty("370102", "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-01"))))
		w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantBoardOfDuties(qingdao, 2017, w.Today())
		w.wantSoundTallies()
	})
}

// Who was above a unit sees what was known then, in lists and one by one; who is
// above it now sees all of it.
func TestWhoSeesAUnitThatMoved(t *testing.T) {
	w := newShire(t, storetest.SQLite(t)).at("2017-11-22")
	duty := w.duty("370102", "sd2017.plan")
	w.changed(compliance.MoveUnit{Code: "370102", Parent: qingdao, On: day("2017-11-01"), Reason: "区划调整"})
	old, now := w.actor(models.Supervisor, jinan).Access.Scope("duty", "read"), w.actor(models.Supervisor, qingdao).Access.Scope("duty", "read")
	_, err := w.Duty(t.Context(), old, duty.ID, w.Today())
	wantError(t, err, models.NotFound, "duty.unknown")
	for _, asOf := range []string{"2017-11-21", "2017-11-22"} {
		if _, err := w.Duty(t.Context(), now, duty.ID, day(asOf)); err != nil {
			t.Errorf("above it now, as of %s: %v", asOf, err)
		}
	}
	detail, err := w.Duty(t.Context(), old, duty.ID, day("2017-11-21"))
	w.must(err)
	if detail.Unit.Path != w.unit("370102").Path {
		t.Errorf("who may act is decided by the path %s, want that of now", detail.Unit.Path)
	}
}

func TestMergingInMidYearKeepsBothHistories(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-06-05")
		plan := w.rules["sd2017.plan"]
		done := w.verified(w.filed("370102", w.duty("370102", "sd2017.plan"), soundFiling(plan, day("2017-06-01"))))
		open := w.duty("370103", "sd2017.plan")
		waits := w.filed("370103", w.duty("370103", "sd2017.briefing"), soundFiling(w.rules["sd2017.briefing"], day("2017-03-01")))
		w.at("2017-07-01")
		w.changed(compliance.MergeUnits{Codes: []string{"370102", "370103"}, New: &organization.NewUnit{Code: "370116", Name: "新区", Kind: models.County, Parent: jinan},
			On: day("2017-07-01"), Reason: "区划调整"})
		for _, code := range []string{"370102", "370103"} {
			if unit := w.unit(code); unit.ClosedOn != day("2017-07-01") || unit.SuccessorID == nil || *unit.SuccessorID != w.unit("370116").ID {
				t.Errorf("%s closed on %s in favour of %v", code, unit.ClosedOn, unit.SuccessorID)
			}
		}
		if unit := w.unit("370102-jyj"); *unit.ParentID != w.unit("370116").ID {
			t.Error("the department below did not go to the successor")
		}
		// What fell due before stays with the old units, done or not; what falls due
		// later is the successor's.
		w.wantState(done.DutyID, "met")
		w.wantState(open.ID, "overdue")
		w.wantState(waits.DutyID, "reported")
		for _, c := range []struct {
			unit string
			want int
		}{{"370102", 1}, {"370103", 1}, {"370116", 0}} {
			if got := len(w.owing(c.unit, "sd2017.plan")); got != c.want {
				t.Errorf("%s owes the plan %d times, want %d", c.unit, got, c.want)
			}
		}
		if got := len(w.owing("370102", "sd2017.briefing")); got != 0 {
			t.Error("a unit that is gone owes what falls due after it")
		}
		if got := w.owing("370116", "sd2017.briefing"); len(got) != 1 || got[0].Since != day("2017-07-01") {
			t.Errorf("the successor owes %+v", got)
		}
		detail, err := w.Duty(t.Context(), w.root(models.Viewer).Access.Scope("duty", "read"), done.DutyID, w.Today())
		w.must(err)
		if len(detail.Reports) != 1 || detail.Unit.Code != "370102" {
			t.Errorf("history of the old unit: %d reports of %s", len(detail.Reports), detail.Unit.Code)
		}
		// The report that waits is sent back: nobody owes it any more.
		w.at("2017-07-10")
		w.returned(waits)
		if row := w.duty("370103", "sd2017.briefing"); row.Outcome != models.Withdrawn {
			t.Errorf("returned to a unit that is gone: %s", row.Outcome)
		}
		if _, err := w.File(t.Context(), w.actor(models.Reporter, "370103"), open.ID, compliance.Submission{Filing: soundFiling(plan, day("2017-06-20"))}); !models.IsCode(err, models.Conflict) {
			t.Errorf("a unit that is gone filed: %v", err)
		}
		w.wantBoardOfDuties(jinan, 2017, w.Today())
		w.wantSoundTallies()
	})
}

// owing returns the duties of the obligation that the unit has and that are not
// withdrawn.
func (w *world) owing(unit, obligation string) []models.Duty {
	w.Helper()
	return slices.DeleteFunc(w.duties(unit, obligation), func(d models.Duty) bool { return d.Outcome == models.Withdrawn })
}

func TestAClosedUnitOwesOnlyWhatFellDueBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-05-10")
		w.registered("370202", w.duty("370202", "sd2017.first-word"), incident("a", "2017-05-09 10:00"))
		w.changed(compliance.CloseUnit{Code: "370202", On: day("2017-06-17"), Reason: "撤销"})
		if len(w.owing("370202", "sd2017.plan")) != 1 || len(w.owing("370202", "sd2017.briefing")) != 0 || len(w.owing("370202", "sd2017.first-word")) != 1 {
			t.Error("it owes the plan, due the day before, and the incident's word, and nothing of the year's end")
		}
		// Of the terms of an incident shortly before, the one that would end after the
		// closing is nobody's.
		conferences := w.owing("370202", "sd2017.press-conference")
		w.at("2017-06-16")
		w.registered("370202", conferences[0], incident("b", "2017-06-16 01:00"))
		if len(w.owing("370202", "sd2017.first-word")) != 2 || len(w.owing("370202", "sd2017.press-conference")) != len(conferences) {
			t.Error("want a second first word and no second press conference")
		}
		before := w.content("duties")
		w.changed(compliance.ReopenUnit{Code: "370202", Reason: "录入有误"})
		if len(w.owing("370202", "sd2017.briefing")) != 1 || len(w.owing("370202", "sd2017.rotation")) != 1 {
			t.Error("a unit that goes on owes the year again")
		}
		if len(before["duties"]) != len(w.content("duties")["duties"]) {
			t.Error("duties were made anew instead of restored")
		}
		w.wantBoardOfDuties(qingdao, 2017, w.Today())
		w.wantSoundTallies()
	})
}

func TestAUnitOpenedLateAndARetiredPolicy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-09-01")
		w.changed(compliance.OpenUnit{Unit: newCounty("370190", jinan, "2017-07-01")})
		if len(w.owing("370190", "sd2017.plan")) != 0 || len(w.owing("370190", "sd2017.briefing")) != 1 {
			t.Error("opened in July: no plan of June, but a briefing this year")
		}
		if total := compliance.Sum(w.board("370190", 2017, "2017-08-31").Totals).Total(); total != 0 {
			t.Errorf("%d duties on the day before it was known", total)
		}
		w.exec("UPDATE policies SET retired_on = '2017-09-01'")
		w.changed(compliance.OpenUnit{Unit: newCounty("370191", jinan, "2017-07-01")})
		if got := len(w.owing("370191", "sd2017.briefing")); got != 0 {
			t.Errorf("a retired policy created %d duties", got)
		}
		w.wantBoardOfDuties(jinan, 2017, w.Today())
		w.wantSoundTallies()
	})
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Exec(sql, args...).Error }))
}

// A renamed unit stays the one that a policy lists; another kind owes otherwise.
func TestRenamingAndAnotherKind(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "320000", development).at("2018-01-01").activated("jiangsu-2018", 2018)
	before := w.content("duties", "duty_changes")
	w.changed(compliance.EditUnit{Code: development, Name: "新名称", Kind: models.Department})
	if diff := cmp.Diff(before, w.content("duties", "duty_changes")); diff != "" {
		t.Errorf("renaming changed duties:\n%s", diff)
	}
	w = newShire(t, storetest.SQLite(t))
	effects := w.changed(compliance.EditUnit{Code: "370202", Name: "单位370202", Kind: models.Department})
	if len(effects.Withdrawn) == 0 && len(effects.Created) == 0 {
		t.Error("a county that becomes a department owes the same")
	}
	w.wantBoardOfDuties(qingdao, 2017, w.Today())
	w.wantSoundTallies()
}

func TestChangesOfUnitsThatAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s)
		w.addUnit("370109", models.County, jinan, "2000-01-01", "2016-01-01")
		w.at("2017-11-22")
		move := func(change func(d *compliance.MoveUnit)) compliance.UnitDeed {
			d := compliance.MoveUnit{Code: "370102", Parent: qingdao, On: w.Today(), Reason: "区划调整"}
			change(&d)
			return d
		}
		merge := func(change func(d *compliance.MergeUnits)) compliance.UnitDeed {
			d := compliance.MergeUnits{Codes: []string{"370102"}, Into: "370103", On: w.Today(), Reason: "区划调整"}
			change(&d)
			return d
		}
		closing := func(change func(d *compliance.CloseUnit)) compliance.UnitDeed {
			d := compliance.CloseUnit{Code: "370103", On: w.Today(), Reason: "撤销"}
			change(&d)
			return d
		}
		opening := func(change func(u *organization.NewUnit)) compliance.UnitDeed {
			u := newCounty("370190", jinan, "2017-11-22")
			change(&u)
			return compliance.OpenUnit{Unit: u}
		}
		for name, c := range map[string]struct {
			deed compliance.UnitDeed
			want string
		}{
			"move without a reason":   {move(func(d *compliance.MoveUnit) { d.Reason = " " }), "reason filing.required"},
			"move with a long reason": {move(func(d *compliance.MoveUnit) { d.Reason = strings.Repeat("长", 501) }), "reason filing.too_long"},
			"move without a day":      {move(func(d *compliance.MoveUnit) { d.On = 0 }), "on filing.date_required"},
			"move tomorrow":           {move(func(d *compliance.MoveUnit) { d.On++ }), "on unit.day_to_come"},
			"move last year":          {move(func(d *compliance.MoveUnit) { d.On = day("2016-12-31") }), "on unit.day_too_early"},
			"move below itself":       {move(func(d *compliance.MoveUnit) { d.Code, d.Parent = jinan, "370102" }), "parent organization.unit_circle"},
			"move under itself":       {move(func(d *compliance.MoveUnit) { d.Parent = "370102" }), "parent organization.unit_circle"},
			"move where it is":        {move(func(d *compliance.MoveUnit) { d.Parent = jinan }), "parent unit.same_parent"},
			"move under an equal":     {move(func(d *compliance.MoveUnit) { d.Parent = "370103" }), "parent organization.unit_rank"},
			"move under a department": {move(func(d *compliance.MoveUnit) { d.Code, d.Parent = "370103", "370102-jyj" }), "parent organization.unit_rank"},
			"move under a closed one": {move(func(d *compliance.MoveUnit) { d.Code, d.Parent = "370102-jyj", "370109" }), "parent unit.parent_closed"},
			"move under nothing":      {move(func(d *compliance.MoveUnit) { d.Parent = "999999" }), "parent organization.unit_parent"},
			"move a closed one":       {move(func(d *compliance.MoveUnit) { d.Code = "370109" }), "conflict unit.closed_already"},
			"move nothing":            {move(func(d *compliance.MoveUnit) { d.Code = "999999" }), "not_found organization.unit_not_found"},
			"merge nothing":           {merge(func(d *compliance.MergeUnits) { d.Codes = nil }), "codes filing.required"},
			"merge into itself":       {merge(func(d *compliance.MergeUnits) { d.Into = "370102" }), "into unit.merged_into_itself"},
			"merge into one below":    {merge(func(d *compliance.MergeUnits) { d.Into = "370102-jyj" }), "into unit.successor_below"},
			"merge into a closed one": {merge(func(d *compliance.MergeUnits) { d.Into = "370109" }), "into unit.closed_already"},
			"merge into a new one below": {merge(func(d *compliance.MergeUnits) {
				d.New = &organization.NewUnit{Code: "370102-x", Name: "x", Kind: models.Department, Parent: "370102"}
			}), "new_parent unit.successor_below"},
			"merge into a taken code": {merge(func(d *compliance.MergeUnits) {
				d.New = &organization.NewUnit{Code: "370103", Name: "x", Kind: models.County, Parent: jinan}
			}), "new_code unit.code_taken"},
			"merge into a bad code": {merge(func(d *compliance.MergeUnits) {
				d.New = &organization.NewUnit{Code: "3701", Name: "x", Kind: models.County, Parent: jinan}
			}), "new_code organization.unit_code"},
			"merge what is not there": {merge(func(d *compliance.MergeUnits) { d.Codes = []string{"999999"} }), "codes organization.unit_not_found"},
			"merge a closed one":      {merge(func(d *compliance.MergeUnits) { d.Codes = []string{"370109"} }), "conflict unit.closed_already"},
			"merge tomorrow":          {merge(func(d *compliance.MergeUnits) { d.On++ }), "on unit.day_to_come"},
			"merge with children into a department": {merge(func(d *compliance.MergeUnits) {
				d.New = &organization.NewUnit{Code: "370100-x", Name: "x", Kind: models.Department, Parent: jinan}
			}), "conflict unit.cannot_take_over"},
			"close with units below":       {closing(func(d *compliance.CloseUnit) { d.Code = "370102" }), "conflict unit.has_children"},
			"close twice":                  {closing(func(d *compliance.CloseUnit) { d.Code = "370109" }), "conflict unit.closed_already"},
			"close in a far year":          {closing(func(d *compliance.CloseUnit) { d.On = day("2019-01-01") }), "on unit.day_too_late"},
			"close last year":              {closing(func(d *compliance.CloseUnit) { d.On = day("2016-12-31") }), "on unit.day_too_early"},
			"reopen an open one":           {compliance.ReopenUnit{Code: "370103", Reason: "x"}, "conflict unit.not_closed"},
			"open with a taken code":       {opening(func(u *organization.NewUnit) { u.Code = "370109" }), "code unit.code_taken"},
			"open with a bad code":         {opening(func(u *organization.NewUnit) { u.Code = "x" }), "code organization.unit_code"},
			"open without a name":          {opening(func(u *organization.NewUnit) { u.Name = "" }), "name organization.name_length"},
			"open without a day":           {opening(func(u *organization.NewUnit) { u.OpenedOn = 0 }), "opened_on filing.date_required"},
			"open under a closed one":      {opening(func(u *organization.NewUnit) { u.Parent, u.Kind, u.Code = "370109", models.Department, "370109-x" }), "parent unit.parent_closed"},
			"open under an equal":          {opening(func(u *organization.NewUnit) { u.Parent = "370103" }), "parent organization.unit_rank"},
			"open a root":                  {opening(func(u *organization.NewUnit) { u.Parent = "" }), "parent organization.unit_parent"},
			"edit to nothing new":          {compliance.EditUnit{Code: "370103", Name: "单位370103", NameEN: "370103", Kind: models.County}, "conflict unit.nothing_changed"},
			"edit to a kind of its parent": {compliance.EditUnit{Code: "370103", Name: "x", Kind: models.City}, "parent organization.unit_rank"},
			"edit away from its children":  {compliance.EditUnit{Code: "370102", Name: "x", Kind: models.Department}, "kind organization.unit_below"},
			"edit without a kind":          {compliance.EditUnit{Code: "370103", Name: "x"}, "kind organization.unit_kind"},
		} {
			w.unchanged(t, func() {
				_, err := w.ChangeUnits(t.Context(), w.root(models.Administrator), c.deed, "")
				if got := told(err); !strings.HasPrefix(got, c.want) {
					t.Errorf("%s: %s, want %s", name, got, c.want)
				}
			})
		}
	})
}

// told writes a refusal as its first field, or its code, and the key.
func told(err error) string {
	var e *models.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	if e.Code != models.Invalid || len(e.Fields) == 0 {
		return fmt.Sprint(e.Code, " ", e.Key)
	}
	return e.Fields[0].Name + " " + e.Fields[0].Key
}

func TestWhoMayChangeUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newShire(t, s).at("2017-11-22")
		deeds := map[string]compliance.UnitDeed{
			"open":   compliance.OpenUnit{Unit: newCounty("370190", jinan, "2017-11-22")},
			"edit":   compliance.EditUnit{Code: "370103", Name: "x", Kind: models.County},
			"close":  compliance.CloseUnit{Code: "370103", On: w.Today(), Reason: "x"},
			"move":   compliance.MoveUnit{Code: "370103", Parent: qingdao, On: w.Today(), Reason: "x"},
			"merge":  compliance.MergeUnits{Codes: []string{"370103"}, Into: "370202", On: w.Today(), Reason: "x"},
			"reopen": compliance.ReopenUnit{Code: "370103", Reason: "x"},
		}
		for name, deed := range deeds {
			w.unchanged(t, func() {
				for _, role := range []models.Role{models.Supervisor, models.Reporter, models.Viewer, models.Coordinator, models.Assessor} {
					_, err := w.ChangeUnits(t.Context(), w.root(role), deed, "")
					wantError(t, err, models.Forbidden, "error.forbidden")
				}
				_, err := w.ChangeUnits(t.Context(), w.actor(models.Administrator, "370300"), deed, "")
				if code := codeOf(err); code != models.NotFound && code != models.Invalid {
					t.Errorf("%s from outside: %v", name, err)
				}
			})
		}
		// Both parents must be within reach, and all that is merged.
		for name, c := range map[string]struct {
			at   string
			deed compliance.UnitDeed
			want string
		}{
			"the new parent": {jinan, deeds["move"], "parent organization.unit_parent"},
			"the old parent": {"370103", compliance.MoveUnit{Code: "370103", Parent: "370103", On: w.Today(), Reason: "x"}, "forbidden unit.parent_outside"},
			"the successor":  {jinan, deeds["merge"], "into organization.unit_not_found"},
			"what is merged": {qingdao, deeds["merge"], "codes organization.unit_not_found"},
		} {
			w.unchanged(t, func() {
				_, err := w.ChangeUnits(t.Context(), w.actor(models.Administrator, c.at), c.deed, "")
				if got := told(err); got != c.want {
					t.Errorf("%s is outside: %s, want %s", name, got, c.want)
				}
			})
		}
		if _, err := w.ChangeUnits(t.Context(), w.actor(models.Administrator, jinan), deeds["edit"], ""); err != nil {
			t.Errorf("inside: %v", err)
		}
	})
}
