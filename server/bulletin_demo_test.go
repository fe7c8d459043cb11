package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/frontend"
	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// demonstrated is the demo with a program that may do everything in it.
type demonstrated struct {
	*world
	office  compliance.Actor
	program *program
}

// newDemonstrated loads the demo as it is on a day.
func newDemonstrated(t *testing.T) *demonstrated {
	t.Helper()
	s := storetest.Open(t, store.Config{Dir: t.TempDir()})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: s, clock: &clock{at: noon("2026-06-16")}}
	var err error
	if w.app, err = newApp(t.Context(), s, testKey, w.clock.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.app.directory.Wait)
	t.Cleanup(w.app.rotas.Close)
	closeVault, err := w.app.keepEvidence(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closeVault() })
	if w.Handler, err = w.app.handler(false); err != nil {
		t.Fatal(err)
	}
	if _, err := seeds.Demo(t.Context(), w.app.house(), w.app.ledger.Today()); err != nil {
		t.Fatal(err)
	}
	office := compliance.Actor{Access: w.app.table.Access(rbac.Grant{Role: models.Supervisor, Path: "/"}, rbac.Grant{Role: models.Viewer, Path: "/"})}
	return &demonstrated{w, office, w.program("sd-supervisor")}
}

// signIn returns the browser of a user of the demo, in English.
func (d *demonstrated) signIn(login string) *browser {
	d.t.Helper()
	b := d.browser("en")
	b.post("/login", url.Values{"login": {login}, "password": {"sundial-demo"}}).want(http.StatusSeeOther)
	return b
}

// read reads as much of an answer as the value has room for.
func (a answer) read(value any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), value); err != nil {
		a.t.Fatal(err)
	}
}

// boardAnswer is what the API answers of a board, with its counts as numbers.
type boardAnswer struct {
	Unit        string
	Obligations []struct{ ID, Clause string }
	Rows        []struct {
		Unit  string
		Cells []map[string]any
	}
	Totals []map[string]any
}

// asNumbers is a value as its JSON has it.
func asNumbers(t *testing.T, value any) map[string]any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var numbers map[string]any
	if err := json.Unmarshal(text, &numbers); err != nil {
		t.Fatal(err)
	}
	return numbers
}

// TestTheDemo looks at the demo as its people do, and composes bulletins of all five
// policies: every number is compared with what the API answers of the same day, and with
// sums of these answers made here.
func TestTheDemo(t *testing.T) {
	t.Parallel()
	d := newDemonstrated(t)
	t.Run("homes", d.wantHomes)
	t.Run("figures", d.checkFigures)
	t.Run("in traditional characters", func(t *testing.T) { readTraditional(t, d) })
	for _, c := range []struct {
		login, unit, policy string
		year                int
		asOf                string
	}{
		{"ln-supervisor", "210000", "liaoning-2016", 2017, "2017-12-31"},
		{"ln-supervisor", "210000", "", 2017, "2017-09-15"},
		{"zd-supervisor", "421303", "zengdu-2020", 2021, "2021-11-30"},
		{"lz-supervisor", "620100", "lanzhou-2016", 2016, "2017-06-30"},
		{"js-supervisor", "320000", "jiangsu-2018", 2025, "2026-06-15"},
		{"js-supervisor", "320000", "jiangsu-2018", 2018, "2018-10-08"},
		{"sd-supervisor", "370000", "shandong-2017", 2017, "2017-11-30"},
		{"sd-supervisor", "370000", "", 2017, "2018-03-31"},
	} {
		t.Run(c.unit+" "+c.asOf, func(t *testing.T) {
			in := bulletin.Input{Year: c.year, AsOf: calendar.MustParseDate(c.asOf), Policy: c.policy, Settings: bulletin.DefaultSettings}
			preview, err := d.app.bulletins.Preview(t.Context(), d.office, c.unit, in)
			if err != nil {
				t.Fatal(err)
			}
			p := d.world.program(c.login)
			var board boardAnswer
			p.get(fmt.Sprintf("/api/v1/boards/%s?year=%d&as_of=%s&policy=%s", c.unit, c.year, c.asOf, c.policy)).want(http.StatusOK).read(&board)
			compareBoard(t, preview.Data, board)
			compareLate(t, preview.Data, p, fmt.Sprintf("/api/v1/duties?unit=%s&year=%d&as_of=%s&limit=200&policy=%s", c.unit, c.year, c.asOf, c.policy))
			for _, check := range preview.Data.Reconcile(in.Settings) {
				if !check.OK() {
					t.Errorf("%s %s: %s and %s", check.Group, check.Of, check.Stated, check.Found)
				}
			}
			if typed := preview.Data.Typed(preview.Title, preview.Words); len(typed) > 0 {
				t.Errorf("its own words are pointed out: %+v", typed)
			}
		})
	}
	t.Run("ranking", func(t *testing.T) { compareRanking(t, d) })
	t.Run("unfrozen", func(t *testing.T) { publishUnfrozen(t, d) })
	t.Run("published", func(t *testing.T) { lookAtPublished(t, d) })
	t.Run("public", func(t *testing.T) { comparePublic(t, d) })
}

// compareBoard compares cell by cell, and the sums with sums made here.
func compareBoard(t *testing.T, data *bulletin.Data, board boardAnswer) {
	t.Helper()
	if len(board.Rows) < 10 || len(board.Rows) != len(data.Rows) || len(board.Obligations) != len(data.Obligations) {
		t.Fatalf("%d rows of %d, %d obligations of %d", len(data.Rows), len(board.Rows), len(data.Obligations), len(board.Obligations))
	}
	classes := map[string]map[string]float64{}
	var whole = map[string]float64{}
	for i, row := range board.Rows {
		own := data.Rows[i]
		if own.Unit.Code != row.Unit {
			t.Fatalf("row %d is %s, not %s", i, own.Unit.Code, row.Unit)
		}
		sum := map[string]float64{}
		for j, cell := range row.Cells {
			if diff := cmp.Diff(cell, asNumbers(t, own.Cells[j])); diff != "" {
				t.Errorf("%s %s (-board +bulletin):\n%s", row.Unit, board.Obligations[j].ID, diff)
			}
			addCounts(sum, cell)
		}
		wantTally(t, row.Unit, sum, own.Tally)
		key := fmt.Sprint(own.Unit.Class, false)
		if own.Own {
			key = fmt.Sprint("", true)
		}
		if classes[key] == nil {
			classes[key] = map[string]float64{}
		}
		for state, count := range sum {
			classes[key][state] += count
			whole[state] += count
		}
	}
	for j, cell := range board.Totals {
		sum := map[string]float64{}
		addCounts(sum, cell)
		wantTally(t, board.Obligations[j].ID, sum, data.Obligations[j].Tally)
	}
	wantTally(t, "all", whole, data.Total)
	if len(classes) != len(data.Classes) {
		t.Errorf("classes %v", data.Classes)
	}
	for _, class := range data.Classes {
		wantTally(t, "class "+class.Class, classes[fmt.Sprint(class.Class, class.Own)], class.Tally)
	}
}

func addCounts(sum map[string]float64, cell map[string]any) {
	for state, count := range cell {
		if n, isNumber := count.(float64); isNumber {
			sum[state] += n
		}
	}
}

// wantTally compares the counts and what follows from them: completion is (met + late) of
// all but the exempt ones, rounded half up to two decimals.
func wantTally(t *testing.T, name string, sum map[string]float64, got bulletin.Tally) {
	t.Helper()
	has := asNumbers(t, got)
	for state, count := range sum {
		if has[state] != count {
			t.Errorf("%s %s: %v, want %v", name, state, has[state], count)
		}
	}
	owed := int(sum["pending"] + sum["reported"] + sum["met"] + sum["late"] + sum["overdue"] + sum["unscheduled"])
	for rate, part := range map[string]int{"completion": int(sum["met"] + sum["late"]), "in_time": int(sum["met"])} {
		want := any(nil)
		if owed > 0 {
			hundredths := (part*10000*2 + owed) / (owed * 2)
			want = fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
		}
		if has[rate] != want {
			t.Errorf("%s %s: %v, want %v", name, rate, has[rate], want)
		}
	}
	if has["owed"] != float64(owed) {
		t.Errorf("%s owes %v, want %d", name, has["owed"], owed)
	}
}

// compareLate compares the list with the duties that the API lists.
func compareLate(t *testing.T, data *bulletin.Data, p *program, path string) {
	t.Helper()
	want := map[string]int{}
	for _, state := range []string{"overdue", "late"} {
		for next := path + "&state=" + state; next != ""; {
			var page struct {
				Items []struct {
					Unit, Obligation, State string
					DueOn                   string `json:"due_on"`
				}
				Next string
			}
			p.get(next).want(http.StatusOK).read(&page)
			for _, duty := range page.Items {
				want[duty.Unit+" "+duty.Obligation+" "+duty.State+" "+duty.DueOn]++
			}
			if next = ""; page.Next != "" {
				next = path + "&state=" + state + "&cursor=" + page.Next
			}
		}
	}
	has := map[string]int{}
	for _, line := range data.Late.Lines {
		has[line.Unit.Code+" "+line.Obligation+" "+string(line.State)+" "+line.DueOn.String()]++
	}
	if diff := cmp.Diff(want, has); diff != "" {
		t.Errorf("late (-API +bulletin):\n%s", diff)
	}
}

// compareRanking compares the ranking of the frozen round of Shandong with the API, and
// with the command score over the marks of the round.
func compareRanking(t *testing.T, d *demonstrated) {
	var round models.Round
	if err := d.store.Read(t.Context()).Where("year = 2017 AND status = ?", models.RoundFrozen).Take(&round).Error; err != nil {
		t.Fatal(err)
	}
	in := bulletin.Input{Year: 2017, AsOf: calendar.MustParseDate("2018-03-31"), Round: round.ID, Settings: bulletin.DefaultSettings}
	preview, err := d.app.bulletins.Preview(t.Context(), d.office, "370000", in)
	if err != nil {
		t.Fatal(err)
	}
	type place struct {
		Unit, Class, Score, Grade string
		Rank                      int
	}
	var published []place
	for _, class := range preview.Data.Ranking.Classes {
		for _, unit := range class.Units {
			published = append(published, place{unit.Unit.Code, class.Class, unit.Score, unit.Grade.ZH, unit.Rank})
		}
	}
	if len(published) < 50 {
		t.Fatalf("only %d units are ranked", len(published))
	}
	var ranking, scored []place
	d.program.get("/api/v1/rankings?scheme=" + preview.Data.Ranking.Scheme).want(http.StatusOK).read(&ranking)
	if diff := cmp.Diff(ranking, published); diff != "" {
		t.Errorf("ranking (-API +bulletin):\n%s", diff)
	}
	scheme, scores := filepath.Join(t.TempDir(), "scheme.yaml"), filepath.Join(t.TempDir(), "scores.json")
	var row models.ScoringScheme
	if err := d.store.Read(t.Context()).Take(&row, round.SchemeID).Error; err != nil {
		t.Fatal(err)
	}
	list := d.marksOf(t, round.ID, published[0].Unit, func(unit string) string {
		at := slices.IndexFunc(published, func(p place) bool { return p.Unit == unit })
		return published[at].Class
	})
	for name, content := range map[string][]byte{scheme: []byte(row.Source), scores: list} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := sundial(t, "", "--lang", "en", "score", "--scheme", scheme, "--scores", scores, "--json")
	if got.code != exitDone {
		t.Fatalf("score: %s", got.stderr)
	}
	if err := json.Unmarshal([]byte(got.stdout), &scored); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(scored, published); diff != "" {
		t.Errorf("ranking (-score +bulletin):\n%s", diff)
	}
}

// publishUnfrozen drafts a bulletin with a ranking that is announced and not frozen: it may
// be drafted, marked, and is not published before it is frozen.
func publishUnfrozen(t *testing.T, d *demonstrated) {
	var round models.Round
	if err := d.store.Read(t.Context()).Where("year = 2017 AND status = ?", models.RoundFrozen).Take(&round).Error; err != nil {
		t.Fatal(err)
	}
	set := func(status models.RoundStatus) {
		t.Helper()
		err := d.store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Model(&round).Update("status", status).Error })
		if err != nil {
			t.Fatal(err)
		}
	}
	publish := func(row *models.Bulletin) error {
		_, err := d.app.bulletins.Publish(t.Context(), d.office, row.ID, row.Version)
		return err
	}
	in := bulletin.Input{Year: 2017, AsOf: calendar.MustParseDate("2018-03-31"), Round: round.ID, Settings: bulletin.DefaultSettings}
	set(models.RoundAnnounced)
	row, err := d.app.bulletins.Draft(t.Context(), d.office, "370000", in)
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/bulletins/%d", row.ID)
	office := d.browser("zh-CN")
	office.post("/login", url.Values{"login": {"sd-supervisor"}, "password": {"sundial-demo"}}).want(http.StatusSeeOther)
	if got := office.get(path).want(http.StatusOK).text(".bulletin-rankings"); !strings.Contains(got, "未定稿") {
		t.Errorf("the draft does not say that the places may change: %s", short(got))
	}
	if got := office.get(path + "/check").want(http.StatusOK).text("main"); !strings.Contains(got, "尚未定稿") {
		t.Errorf("the comparison does not say it: %s", short(got))
	}
	var refusal *models.Error
	if err := publish(row); !errors.As(err, &refusal) || refusal.Key != "bulletins.round_unfrozen" {
		t.Errorf("an announced ranking is published: %v", err)
	}
	set(models.RoundFrozen)
	if err := publish(row); !models.IsCode(err, models.Conflict) {
		t.Errorf("what was composed before the round was frozen is published: %v", err)
	}
	if row, err = d.app.bulletins.Recompose(t.Context(), d.office, row.ID, row.Version, in); err != nil {
		t.Fatal(err)
	}
	if err := publish(row); err != nil {
		t.Errorf("the frozen ranking: %v", err)
	}
}

// marksOf are the final marks of a round, as a file for score.
func (d *demonstrated) marksOf(t *testing.T, round uint64, first string, class func(unit string) string) []byte {
	t.Helper()
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := d.app.scores.WriteScoreList(t.Context(), d.office, round, &out, exchange.Language{Tag: "en", Text: catalog.Locale("en").Text}); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const leaves = 8 // behind code, unit, class, score, grade, rank and two totals
	var units []map[string]any
	for _, record := range records[1:] {
		points, na, veto := map[string]string{}, []string{}, []string{}
		for i, mark := range record[leaves:] {
			leaf, _, _ := strings.Cut(records[0][leaves+i], " ")
			switch mark {
			case "":
			case "N/A":
				na = append(na, leaf)
			default:
				points[leaf] = mark
			}
		}
		units = append(units, map[string]any{"unit": record[0], "class": class(record[0]), "points": points, "na": na, "veto": veto})
	}
	text, err := json.Marshal(units)
	if err != nil || !strings.Contains(string(text), first) {
		t.Fatalf("marks of %d units, %v", len(units), err)
	}
	return text
}

// lookAtPublished reads what the demo has published, without signing in.
func lookAtPublished(t *testing.T, d *demonstrated) {
	visitor := d.browser("zh-CN")
	for path, want := range map[string]string{
		"/public/bulletins/370000-2017-1":   "关于2017年山东省政务公开工作情况的通报",
		"/public/bulletins/210000-2017-1":   "辽政办通报〔2018〕2号",
		"/public/bulletins/620100-2016-1/1": "已经发布第 2 版",
		"/public/bulletins/620100-2016-1":   "更正说明",
	} {
		got := visitor.get(path).want(http.StatusOK)
		if main := got.text("main"); !strings.Contains(main, want) || !strings.Contains(main, "内容与发布时一致") {
			t.Errorf("%s does not say %q, or that it is intact", path, want)
		}
		if cache := got.Header.Get("Cache-Control"); cache != "public, max-age=60" || got.page().Find(".menu-user, .bell").Length() != 0 {
			t.Errorf("%s is kept as %q, or shows who is signed in", path, cache)
		}
	}
	for file, want := range map[string]string{"board.csv": "济南市", "ranking.csv": "德州市", "late.csv": "逾期"} {
		got := visitor.get("/public/bulletins/370000-2017-1/1/" + file).want(http.StatusOK)
		if !strings.Contains(got.body, want) || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("%s: %s", file, short(got.body))
		}
	}
	for _, path := range []string{"/public/bulletins/none", "/public/bulletins/370000-2017-1/2", "/public/bulletins/370000-2017-1/x", "/public/bulletins/370000-2017-1/1/none.csv",
		"/public/bulletins/320000-2026-1"} {
		visitor.get(path).want(http.StatusNotFound)
	}
}
