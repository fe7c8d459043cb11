package compliance_test

import (
	"slices"
	"strings"
	"testing"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestActivationIsRefusedTwiceAndForAYearWithoutDemand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017)
		admin := w.root(models.Administrator)
		w.unchanged(t, func() {
			_, err := w.Activate(t.Context(), admin, "shandong-2017", 2017)
			wantError(t, err, models.Conflict, "policy.active")
			for _, year := range []int{0, 2016, 2019} {
				_, err = w.Activate(t.Context(), admin, "shandong-2017", year)
				wantFields(t, err, map[string]string{"year": "policy.nothing_in_year"})
			}
			_, err = w.Activate(t.Context(), admin, "shandong-2018", 2017)
			wantError(t, err, models.NotFound, "policy.unknown")
		})
		if view, err := w.Policy(t.Context(), "shandong-2017"); err != nil || !slices.Equal(view.ActiveYears, []int{2017}) {
			t.Errorf("active in %v, %v", view.ActiveYears, err)
		}
	})
}

func TestAPackIsLoadedOnceAndNotReplaced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01")
		w.loaded("shandong-2017")
		w.unchanged(t, func() {
			w.loaded("shandong-2017")
			sources, err := seeds.PolicySources()
			w.must(err)
			for _, source := range sources {
				if source.ID == "shandong-2017" {
					err := w.LoadPolicy(t.Context(), compliance.Actor{}, append(source.Source, "\n# changed\n"...))
					wantError(t, err, models.Conflict, "policy.loaded_differently")
				}
			}
			if err := w.LoadPolicy(t.Context(), compliance.Actor{}, []byte("id: x")); err == nil {
				t.Error("a faulty pack was taken")
			}
		})
	})
}

func TestUnitsOweOnlyWhatFallsDueWhileTheyExist(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, "371200")
		w.addUnit("370181", models.County, jinan, "2000-01-01", "2016-12-31") // closed before
		w.addUnit("370182", models.County, jinan, "2018-01-01", "")           // opened after
		w.addUnit("370183", models.County, jinan, "2017-06-16", "")           // opened on the plan's last day
		w.addUnit("370184", models.County, jinan, "2017-06-17", "")           // opened the day after it
		w.addUnit("370185", models.County, jinan, "2000-01-01", "2017-06-16") // gone on it
		w.addUnit("370186", models.County, jinan, "2000-01-01", "2017-06-17") // still there on it
		w.addUnit("370187", models.County, jinan, "2000-01-01", "2017-12-31") // gone on the year's last day
		w.at("2017-01-01").activated("shandong-2017", 2017)
		for _, c := range []struct {
			unit                           string
			plan, briefing, word, rotation int
		}{
			{jinan, 1, 1, 1, 1},
			{"371200", 1, 1, 1, 1}, // 莱芜市 was there until the end of 2018
			{"370181", 0, 0, 0, 0},
			{"370182", 0, 0, 0, 1},
			{"370183", 1, 1, 1, 1},
			{"370184", 0, 1, 1, 1},
			{"370185", 0, 0, 1, 0},
			{"370186", 1, 0, 1, 0},
			{"370187", 1, 0, 1, 0},
		} {
			for obligation, want := range map[string]int{"sd2017.plan": c.plan, "sd2017.briefing": c.briefing, "sd2017.first-word": c.word, "sd2017.rotation": c.rotation} {
				if got := len(w.duties(c.unit, obligation)); got != want {
					t.Errorf("%s owes %s %d times, want %d", c.unit, obligation, got, want)
				}
			}
		}
		if plan := w.duty("370183", "sd2017.plan"); plan.Since != day("2017-06-16") {
			t.Errorf("owed since %s, want the opening", plan.Since)
		}
		// A unit that opens later is on no board before.
		w.at("2017-07-01")
		board := w.board("370100", 2017, "2017-06-15")
		if i := slices.IndexFunc(board.Rows, func(r compliance.BoardRow) bool { return r.Unit.Code == "370183" }); i >= 0 {
			t.Errorf("shown before it opened: %+v", board.Rows[i])
		}
		w.wantBoardOfDuties("370100", 2017, day("2017-01-01"))
		w.wantSoundTallies()
	})
}

func TestNobodyRegistersForAUnitThatIsGone(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", "371200").at("2017-01-01").activated("shandong-2017", 2017).at("2019-01-01")
	reporter := w.actor(models.Reporter, "371200")
	w.unchanged(t, func() {
		err := w.RegisterStart(t.Context(), reporter, w.duty("371200", "sd2017.first-word").ID, incident("a", "2017-08-08 21:19"))
		wantError(t, err, models.Conflict, "duty.unit_closed")
	})
}

func TestACycleStandsOnTheBoardsOfAllItsYears(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, "320000", development).at("2017-01-01").activated("shandong-2017", 2017).at("2018-01-01")
		for _, year := range []int{2017, 2018} {
			if cell := w.cell("370000", year, "2018-01-01", "sd2017.rotation"); cell.Pending != 1 || cell.Total() != 1 {
				t.Errorf("board of %d: %+v", year, cell)
			}
		}
		// The later year first: the cycle comes with it, and is there once.
		w.activated("jiangsu-2018", 2019, 2018)
		if duty := w.duty(development, "js2018.rotation"); duty.Year != 2018 || duty.UntilYear != 2019 || duty.Period != "2018-2019" {
			t.Errorf("rotation %+v", duty)
		}
		if n := len(w.duties(development, "js2018.briefing")); n != 2 {
			t.Errorf("%d briefings in two years, want 2", n)
		}
		for _, year := range []int{2018, 2019} {
			w.wantBoardOfDuties("320000", year, w.Today())
			if cell := w.cell("320000", year, "2018-01-01", "js2018.rotation"); cell.Pending != 1 || cell.Total() != 1 {
				t.Errorf("board of %d: %+v", year, cell)
			}
		}
		w.at("2019-12-31").wantState(w.duty(development, "js2018.rotation").ID, rules.Pending)
		w.at("2020-01-01").wantState(w.duty(development, "js2018.rotation").ID, rules.Overdue)
		w.wantSoundTallies()
	})
}

func TestManyActivateAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01")
		w.loaded("shandong-2017")
		admins := w.crowd(models.Administrator, "370000")
		got := together(func(i int) error {
			_, err := w.Activate(t.Context(), admins[i], "shandong-2017", 2017)
			return err
		})
		if got[""] != 1 || got[models.Conflict] != crowd-1 {
			t.Errorf("%v, want one activation and %d conflicts", got, crowd-1)
		}
		w.wantSoundTallies()
	})
}

func TestActivationLeavesBoardsOfEarlierDaysAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-05-10")
		total := func(asOf string) int {
			board, err := w.Board(t.Context(), compliance.BoardQuery{Unit: w.unit("370000"), Year: 2017, AsOf: day(asOf)})
			w.must(err)
			return compliance.Sum(board.Totals).Total()
		}
		if before := total("2017-05-09"); before != 0 {
			t.Fatalf("%d duties before anything is active", before)
		}
		w.activated("shandong-2017", 2017)
		if before, on := total("2017-05-09"), total("2017-05-10"); before != 0 || on == 0 {
			t.Errorf("%d duties the day before the activation, want none; %d on its day, want some", before, on)
		}
	})
}

func TestAReportKeepsWhatItsFormAsksFor(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
	duty := w.duty(jinan, "sd2017.plan")
	filing := soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))
	filing.Name, filing.PresidedBy = strings.Repeat("x", 100_000), "nobody"
	if report := w.filed(jinan, duty, filing); strings.Contains(report.Filing, "xxx") || strings.Contains(report.Filing, "nobody") {
		t.Errorf("a plan's report keeps the fields of other forms: %.200s", report.Filing)
	}
}
