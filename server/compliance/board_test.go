package compliance_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func (w *world) board(unit string, year int, asOf string) *compliance.Board {
	w.Helper()
	board, err := w.Board(w.Context(), compliance.BoardQuery{Unit: w.unit(unit), Year: year, AsOf: day(asOf)})
	w.must(err)
	return board
}

// cell is the total of an obligation on a board.
func (w *world) cell(unit string, year int, asOf, obligation string) compliance.Cell {
	w.Helper()
	for _, cell := range w.board(unit, year, asOf).Totals {
		if cell.Obligation == obligation {
			return cell
		}
	}
	w.Fatalf("no column %s", obligation)
	return compliance.Cell{}
}

// listed reads a list of duties to its end, page by page.
func (w *world) listed(q compliance.DutyQuery) []compliance.DutyView {
	w.Helper()
	var all []compliance.DutyView
	for {
		page, err := w.Duties(w.Context(), q)
		w.must(err)
		all = append(all, page.Items...)
		if q.Cursor = page.Next; q.Cursor == "" {
			return all
		}
	}
}

// spot is a cell of a board: a child, or the unit itself, and an obligation.
type spot struct{ unit, obligation string }

// countOne adds one duty to a cell.
func countOne(cell *compliance.Cell, view compliance.DutyView) {
	v := view.Verdict
	*map[rules.State]*int{rules.Pending: &cell.Pending, rules.Reported: &cell.Reported, rules.Met: &cell.Met, rules.Late: &cell.Late,
		rules.Overdue: &cell.Overdue, rules.Exempt: &cell.Exempt, rules.Unscheduled: &cell.Unscheduled}[v.State]++
	if v.DueSoon {
		cell.DueSoon++
	}
	if !view.Duty.ExtendedTo.IsZero() {
		cell.Extended++
	}
}

// wantBoardOfDuties demands that every cell of the board counts what the judge
// finds of the duties listed behind it.
func (w *world) wantBoardOfDuties(unit string, year int, asOf calendar.Date) *compliance.Board {
	w.Helper()
	root := w.unit(unit)
	board, err := w.Board(w.Context(), compliance.BoardQuery{Unit: root, Year: year, AsOf: asOf})
	w.must(err)
	rows, totals := map[spot]compliance.Cell{}, map[string]compliance.Cell{}
	for _, view := range w.listed(compliance.DutyQuery{Unit: root, Year: year, AsOf: asOf, Limit: compliance.MaxLimit}) {
		at := spot{w.rowOf(board.Unit, view.Unit), view.Obligation.Code}
		row, total := rows[at], totals[at.obligation]
		row.Obligation, total.Obligation = at.obligation, at.obligation
		countOne(&row, view)
		countOne(&total, view)
		rows[at], totals[at.obligation] = row, total
	}
	shownRows, shownTotals := map[spot]compliance.Cell{}, map[string]compliance.Cell{}
	for i, cell := range board.Totals {
		shownTotals[board.Obligations[i].Code] = cell
	}
	for _, row := range board.Rows {
		for i, cell := range row.Cells {
			if cell.Total() != 0 {
				shownRows[spot{row.Unit.Code, board.Obligations[i].Code}] = cell
			}
			if cell.Done() > cell.Owed() || cell.Met < 0 || cell.DueSoon > cell.Pending {
				w.Errorf("%s as of %s: %+v", row.Unit.Code, asOf, cell)
			}
		}
	}
	if diff := cmp.Diff(totals, shownTotals); diff != "" {
		w.Errorf("totals of %s for %d as of %s (-duties +board):\n%s", unit, year, asOf, diff)
	}
	if diff := cmp.Diff(rows, shownRows); diff != "" {
		w.Errorf("rows of %s for %d as of %s (-duties +board):\n%s", unit, year, asOf, diff)
	}
	return board
}

// rowOf is the code of the row on the root's board that a unit counts in.
func (w *world) rowOf(root, unit models.Unit) string {
	next, _, _ := strings.Cut(strings.TrimPrefix(unit.Path, root.Path), "/")
	for _, child := range w.units {
		if strconv.FormatUint(child.ID, 10) == next {
			return child.Code
		}
	}
	return root.Code
}

// wantAhead demands that what is due soon is what the board counts, divided by obligation
// and due date as the lists behind have it, and that its days are among those of the year.
func (w *world) wantAhead(board *compliance.Board) {
	w.Helper()
	query := compliance.BoardQuery{Unit: board.Unit, Year: board.Year, AsOf: board.AsOf}
	ahead, err := w.DueAhead(w.Context(), query)
	w.must(err)
	days, err := w.DueDays(w.Context(), query)
	w.must(err)
	soon := 0
	for i, due := range ahead {
		soon += due.Count
		got, err := w.CountDuties(w.Context(), compliance.DutyQuery{Unit: board.Unit, Obligation: due.Obligation.Code, DueSoon: true, DueOn: due.DueOn, Year: board.Year, AsOf: board.AsOf})
		if err != nil || got != due.Count {
			w.Errorf("%s due on %s as of %s: %d duties, %v, want %d", due.Obligation.Code, due.DueOn, board.AsOf, got, err, due.Count)
		}
		if i > 0 && ahead[i-1].DueOn > due.DueOn {
			w.Errorf("%s stands after %s", due.DueOn, ahead[i-1].DueOn)
		}
		if due.DueOn.Year() == board.Year && !slices.Contains(days, due.DueOn) {
			w.Errorf("%s is not among the due days of %d: %v", due.DueOn, board.Year, days)
		}
	}
	if want := compliance.Sum(board.Totals).DueSoon; soon != want {
		w.Errorf("%s for %d as of %s: %d are due soon, the board says %d", board.Unit.Code, board.Year, board.AsOf, soon, want)
	}
}

// wantCounts demands that the number in every total and in every row's state is
// the number of duties that the list behind it has.
func (w *world) wantCounts(board *compliance.Board) {
	w.Helper()
	count := func(q compliance.DutyQuery, want int) {
		w.Helper()
		q.Year, q.AsOf = board.Year, board.AsOf
		if got, err := w.CountDuties(w.Context(), q); err != nil || got != want {
			w.Errorf("%s %s %s due soon %v as of %s: %d duties, %v; the board says %d", q.Unit.Code, q.Obligation, q.State, q.DueSoon, q.AsOf, got, err, want)
		}
	}
	w.wantAhead(board)
	for i, cell := range board.Totals {
		code := board.Obligations[i].Code
		count(compliance.DutyQuery{Unit: board.Unit, Obligation: code}, cell.Total())
		count(compliance.DutyQuery{Unit: board.Unit, Obligation: code, DueSoon: true}, cell.DueSoon)
		count(compliance.DutyQuery{Unit: board.Unit, Obligation: code, Extended: true}, cell.Extended)
		for _, state := range rules.States {
			count(compliance.DutyQuery{Unit: board.Unit, Obligation: code, State: state}, cell.Count(state))
		}
	}
	for _, row := range board.Rows {
		sum := compliance.Sum(row.Cells)
		for _, state := range rules.States {
			count(compliance.DutyQuery{Unit: row.Unit, Own: row.Own, State: state}, sum.Count(state))
		}
	}
}

// story lives through the year 2017 in Shandong, calling look at the end of each
// of its days.
func story(w *world, look func()) {
	plan := func(on string) rules.Filing { return soundFiling(w.rules["sd2017.plan"], day(on)) }
	w.at("2017-01-01").activated("shandong-2017", 2017)
	look()
	w.at("2017-05-20")
	jinanPlan := w.filed(jinan, w.duty(jinan, "sd2017.plan"), plan("2017-05-19"))
	look()
	w.at("2017-06-02")
	w.verified(jinanPlan)
	look()
	w.at("2017-06-12")
	qingdaoPlan := w.filed(qingdao, w.duty(qingdao, "sd2017.plan"), plan("2017-06-09"))
	look()
	w.at("2017-06-16")
	look()
	w.at("2017-06-20")
	w.returned(qingdaoPlan)
	look()
	// Filed and returned on one day, and filed once more.
	w.at("2017-06-22")
	w.returned(w.filed(qingdao, w.duty(qingdao, "sd2017.plan"), plan("2017-06-09")))
	again := w.filed(qingdao, w.duty(qingdao, "sd2017.plan"), plan("2017-06-09"))
	look()
	w.at("2017-06-30")
	lateFiled := w.filed("370300", w.duty("370300", "sd2017.plan"), plan("2017-06-16"))
	lateDone := w.filed("370400", w.duty("370400", "sd2017.plan"), plan("2017-06-19"))
	look()
	w.at("2017-07-05")
	w.verified(again)
	w.verified(lateFiled)
	w.verified(lateDone)
	w.exempted(w.duty("370500", "sd2017.plan"))
	look()
	w.at("2017-08-09")
	w.registered("370600", w.duty("370600", "sd2017.first-word"), incident("a", "2017-08-08 21:19"))
	w.exempted(w.duty("370700", "sd2017.first-word"))
	look()
	w.at("2018-01-02")
	look()
}

func TestBoardsCountTheDutiesBehindThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.addUnit("370102", models.County, jinan, "2000-01-01", "")
		var days []calendar.Date
		boards := map[calendar.Date][]*compliance.Board{}
		story(w, func() {
			today := w.Today()
			days = append(days, today)
			for _, unit := range []string{"370000", jinan, "370000-bgt"} {
				boards[today] = append(boards[today], w.wantBoardOfDuties(unit, 2017, today))
			}
			boards[today] = append(boards[today], w.wantBoardOfDuties("370000", 2018, today))
		})
		// Years later every day still has its board.
		w.at("2019-05-01")
		for _, asOf := range days {
			for _, then := range boards[asOf] {
				now := w.wantBoardOfDuties(then.Unit.Code, then.Year, asOf)
				if diff := cmp.Diff(then, now); diff != "" {
					t.Errorf("board of %s as of %s (-then +now):\n%s", then.Unit.Code, asOf, diff)
				}
			}
		}
		for _, asOf := range []string{"2017-06-05", "2017-06-25", "2017-07-05"} {
			w.wantCounts(w.board("370000", 2017, asOf))
		}
		w.wantCounts(w.board(jinan, 2017, "2017-08-09"))
		w.wantSoundTallies()
	})
}

func TestAPlanInTimeButFiledLateWasOverdueUntilThen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", "370300").at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-30")
		report := w.filed("370300", w.duty("370300", "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-16")))
		w.at("2017-07-05").verified(report)
		for _, c := range []struct {
			asOf string
			want compliance.Cell
		}{
			{"2017-05-31", compliance.Cell{Pending: 1}}, // eleven working days before the last one
			{"2017-06-01", compliance.Cell{Pending: 1}},
			{"2017-06-02", compliance.Cell{Pending: 1, DueSoon: 1}},
			{"2017-06-16", compliance.Cell{Pending: 1, DueSoon: 1}},
			{"2017-06-17", compliance.Cell{Overdue: 1}},
			{"2017-06-29", compliance.Cell{Overdue: 1}},
			{"2017-06-30", compliance.Cell{Reported: 1}},
			{"2017-07-04", compliance.Cell{Reported: 1}},
			{"2017-07-05", compliance.Cell{Met: 1}},
		} {
			c.want.Obligation = "sd2017.plan"
			if diff := cmp.Diff(c.want, w.cell("370000", 2017, c.asOf, "sd2017.plan")); diff != "" {
				t.Errorf("as of %s (-want +got):\n%s", c.asOf, diff)
			}
		}
	})
}

func TestTheFutureHasNoBoard(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-30")
	tomorrow := w.Today() + 1
	_, err := w.Board(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: tomorrow})
	wantFields(t, err, map[string]string{"as_of": "board.as_of_future"})
	_, err = w.Duties(t.Context(), compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: tomorrow})
	wantFields(t, err, map[string]string{"as_of": "board.as_of_future"})
	_, err = w.CountDuties(t.Context(), compliance.DutyQuery{Unit: w.unit("370000"), Year: 2017, AsOf: tomorrow})
	wantFields(t, err, map[string]string{"as_of": "board.as_of_future"})
	_, err = w.Duty(t.Context(), w.root(models.Viewer).Access.Scope("duty", "read"), w.duty(jinan, "sd2017.plan").ID, tomorrow)
	wantFields(t, err, map[string]string{"as_of": "board.as_of_future"})
}

func TestABoardOfOnePolicy(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017)
	ask := func(policy string) (*compliance.Board, error) {
		return w.Board(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: w.Today(), Policy: policy})
	}
	if _, err := ask("shandong-2018"); !models.IsCode(err, models.NotFound) {
		t.Errorf("unknown policy: %v", err)
	}
	board, err := ask("shandong-2017")
	w.must(err)
	if diff := cmp.Diff(w.board("370000", 2017, "2017-01-01"), board); diff != "" {
		t.Errorf("-all +policy:\n%s", diff)
	}
	if len(board.Rows) != 2 || !board.Rows[0].Own || board.Rows[0].HasChildren || board.Rows[1].Unit.Code != jinan {
		t.Errorf("rows %+v, want the province's own and the city's", board.Rows)
	}
	for i, o := range board.Obligations {
		if o.Policy != "shandong-2017" || i > 0 && o.ID < board.Obligations[i-1].ID {
			t.Errorf("column %d is %s of %s, want the order of the document", i, o.Code, o.Policy)
		}
	}
}

func TestAProvisionalDueDateIsNeverOverdueAndSettlesWithTheNotice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao)
		full, err := w.Calendar(t.Context())
		w.must(err)
		w.withCalendar(noticesUntil(t, 2016))
		w.at("2017-01-01").activated("shandong-2017", 2017)
		duty := w.duty(jinan, "sd2017.plan")
		// Without the notice of 2017 the Dragon Boat Festival is a working day.
		if !duty.Provisional || duty.DueOn != day("2017-06-15") {
			t.Fatalf("due on %s, provisional %v", duty.DueOn, duty.Provisional)
		}
		w.verified(w.at("2017-06-16").filed(qingdao, w.duty(qingdao, "sd2017.plan"), soundFiling(w.rules["sd2017.plan"], day("2017-06-10"))))
		w.at("2017-12-30").wantState(duty.ID, rules.Pending)
		if cell := w.cell("370000", 2017, "2017-12-30", "sd2017.plan"); cell.Pending != 1 || cell.Met != 1 || cell.DueSoon != 0 {
			t.Errorf("cell %+v", cell)
		}
		provisional := w.wantBoardOfDuties("370000", 2017, w.Today())
		w.wantCounts(provisional)
		// The notice comes.
		w.withCalendar(full)
		w.at("2017-12-31")
		if settled, err := w.Settle(t.Context(), compliance.Actor{}); err != nil || settled != 2 {
			t.Errorf("settled %d, %v; want 2", settled, err)
		}
		if settled, err := w.Settle(t.Context(), compliance.Actor{}); err != nil || settled != 0 {
			t.Errorf("settled %d once more, %v", settled, err)
		}
		w.wantState(duty.ID, rules.Overdue)
		w.wantBoardOfDuties("370000", 2017, w.Today())
		if diff := cmp.Diff(provisional, w.wantBoardOfDuties("370000", 2017, day("2017-12-30"))); diff != "" {
			t.Errorf("the day before (-then +now):\n%s", diff)
		}
		w.wantSoundTallies()
	})
}

func TestYearsOfAUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, "320000", development).at("2017-01-01").activated("shandong-2017", 2017)
		years, err := w.Years(t.Context(), w.unit("370000"))
		w.must(err)
		if got := years.All(2020); !slices.Equal(got, []int{2020, 2018, 2017}) {
			t.Errorf("years %v", got)
		}
		for this, want := range map[int]int{2016: 2016, 2017: 2017, 2018: 2017, 2020: 2017} {
			if got := years.Current(this); got != want {
				t.Errorf("in %d the year looked at first is %d, want %d", this, got, want)
			}
		}
		none, err := w.Years(t.Context(), w.unit("320000"))
		w.must(err)
		if got := none.All(2018); !slices.Equal(got, []int{2018}) || none.Current(2018) != 2018 {
			t.Errorf("years of a unit without duties: %v", got)
		}
	})
}
