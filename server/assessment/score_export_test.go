package assessment

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/exchange"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// edges has awards of 60 and 40 points, so that any score can be reached, and a maximum
// that is no binary fraction.
const edges = `
id: edges-2018
title: {zh: 边界, en: Edges}
year: 2018
region: "370000"
basis: {zh: 依据, en: Basis}
appeal_days: 5
classes:
  - {id: A, title: {zh: '=甲类 "A"', en: '=Class "A"'}, maximum: "94.35"}
indicators:
  - {id: one, title: {zh: 一, en: One}, clause: 一, counts: {zh: 计, en: Counts}, method: award, points: "60"}
  - {id: two, title: {zh: 二, en: Two}, clause: 一, counts: {zh: 计, en: Counts}, method: award, points: "40"}
grades:
  - {id: top, title: {zh: '优"秀"', en: 'Top "1"'}, from: "85"}
  - {id: low, title: {zh: 其他, en: Other}, from: "0"}
`

// fine has weights of four decimals and a composite inside a group.
const fine = `
id: fine-2018
title: {zh: 细, en: Fine}
year: 2018
region: "370000"
basis: {zh: 依据, en: Basis}
appeal_days: 5
classes:
  - {id: A, title: {zh: 甲类, en: Class A}, maximum: "100"}
indicators:
  - id: group
    title: {zh: 组, en: Group}
    children:
      - id: mixed
        title: {zh: 综合, en: Mixed}
        clause: 一
        counts: {zh: 计, en: Counts}
        method: composite
        points: "900"
        sources:
          - {id: first, title: {zh: 甲, en: First}, weight: "0.3333"}
          - {id: second, title: {zh: 乙, en: Second}, weight: "0.6667"}
      - {id: rest, title: {zh: 其余, en: Rest}, clause: 一, counts: {zh: 计, en: Counts}, method: deduct, cap: none, points: "100.0001"}
grades:
  - {id: top, title: {zh: 优秀, en: Top}, from: "85"}
  - {id: low, title: {zh: 其他, en: Other}, from: "0"}
`

func mustScheme(t testing.TB, source string) *scoring.Scheme {
	t.Helper()
	scheme, err := scoring.ParseScheme([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return scheme
}

// wholeScheme has every method, cap and limit.
func wholeScheme(t testing.TB) *scoring.Scheme {
	t.Helper()
	source, err := os.ReadFile("../scoring/testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return mustScheme(t, string(source))
}

func bookLanguage(t testing.TB, tag string) exchange.Language {
	t.Helper()
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Language{Tag: tag, Text: catalog.Locale(tag).Text}
}

// randomMark is a mark that the card takes, of few values so that ties, caps and limits
// come about.
func randomMark(r *rand.Rand, leaf scoring.Leaf) scoring.Mark {
	if leaf.Method == scoring.MethodVeto {
		return scoring.Mark{Raised: r.IntN(6) == 0}
	}
	if leaf.Method == scoring.MethodAuto {
		states := []rules.State{rules.Met, rules.Late, rules.Overdue, rules.Pending}
		return scoring.Mark{States: []rules.State{states[r.IntN(4)], states[r.IntN(4)]}}
	}
	if r.IntN(8) == 0 {
		return scoring.Mark{NA: true}
	}
	if r.IntN(40) == 0 {
		return scoring.Mark{}
	}
	most := leaf.Points
	if leaf.Method == scoring.MethodDeduct {
		most = 2*leaf.Points + 6*scoring.Point
	}
	unit := []scoring.Amount{scoring.Point, scoring.Point / 2, scoring.Point / 10000}[r.IntN(3)]
	return scoring.Mark{Given: true, Points: unit * scoring.Amount(r.Int64N(int64(most/unit)+1))}
}

// newTables has so many units in each class, with random marks.
func newTables(t testing.TB, r *rand.Rand, scheme *scoring.Scheme, units int) *scoreTables {
	t.Helper()
	tables := &scoreTables{view: finalView}
	tables.scheme = scheme
	tables.round = models.Round{ID: 1, Title: "2018年度考核", Year: 2018, Status: models.RoundAnnounced, AnnouncedOn: calendar.MustParseDate("2019-01-15")}
	tables.office = models.Unit{Code: "370000", Name: "山东省"}
	tables.row = models.ScoringScheme{Code: scheme.ID, Edition: 2}
	for _, class := range scheme.Classes {
		c := scoreClass{units: units}
		c.card, _ = scheme.Card(class.ID)
		for n := range units {
			marks := make([]scoring.Mark, len(c.card.Leaves))
			for i, leaf := range c.card.Leaves {
				marks[i] = randomMark(r, leaf)
			}
			c.lines = append(c.lines, newLine(c.card, n, marks))
		}
		c.rank(nil)
		tables.classes = append(tables.classes, c)
	}
	return tables
}

func newLine(card *scoring.Card, n int, marks []scoring.Mark) scoreLine {
	result := card.Score(marks)
	return scoreLine{unit: models.Unit{Code: fmt.Sprintf("37%04d", n)}, name: fmt.Sprintf("=单位%d", n), marks: marks, score: total(result), grade: result.Grade}
}

func openBook(t testing.TB, tables *scoreTables, lang exchange.Language) *excelize.File {
	t.Helper()
	var content bytes.Buffer
	if err := tables.writeBook(&content, lang, calendar.MustParseDate("2019-02-01")); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&content)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

// wantComputed fails unless each formula of the class gives what the lines come to.
func wantComputed(t *testing.T, book *excelize.File, sheet string, class *scoreClass, lang exchange.Language) {
	t.Helper()
	g := newScoreGrid(class, lang)
	b := &scoreBook{scoreTables: &scoreTables{}, lang: lang}
	for n, line := range class.lines {
		row := g.first + n
		for i, cell := range b.cells(g, line, row) {
			cell := cell.(excelize.Cell)
			at := columnLetters(i+1) + strconv.Itoa(row)
			if cell.Formula == "" {
				continue
			}
			got, err := book.CalcCellValue(sheet, at, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatalf("%s %s: %v: %s", sheet, at, err, cell.Formula)
			}
			if number, err := decimal.NewFromString(got); err == nil && g.columns[i].kind != gridScore {
				got = number.Round(8).String() // the last digits are binary
			}
			if want := plainValue(cell.Value); got != want {
				t.Errorf("%s %s of %s: computed %q, want %q: %s", sheet, at, line.unit.Code, got, want, cell.Formula)
			}
		}
	}
}

func plainValue(value any) string {
	if number, ok := value.(float64); ok {
		return decimal.NewFromFloat(number).String()
	}
	return fmt.Sprint(value)
}

func TestTheFormulasOfTheScoreTableComputeWhatScoringDoes(t *testing.T) {
	for seed, scheme := range []*scoring.Scheme{wholeScheme(t), mustScheme(t, edges), mustScheme(t, fine)} {
		for _, tag := range []string{"zh-CN", "en"} {
			t.Run(scheme.ID+" "+tag, func(t *testing.T) {
				r, lang := rand.New(rand.NewPCG(uint64(seed), 5)), bookLanguage(t, tag)
				tables := newTables(t, r, scheme, 25)
				book := openBook(t, tables, lang)
				for n := range tables.classes {
					sheet := book.GetSheetList()[n+1]
					wantComputed(t, book, sheet, &tables.classes[n], lang)
					remark(t, r, book, sheet, &tables.classes[n], lang)
					wantComputed(t, book, sheet, &tables.classes[n], lang)
				}
			})
		}
	}
}

// remark types other marks into the workbook, as a person would.
func remark(t *testing.T, r *rand.Rand, book *excelize.File, sheet string, class *scoreClass, lang exchange.Language) {
	t.Helper()
	g := newScoreGrid(class, lang)
	for n := range class.lines {
		marks := slices.Clone(class.lines[n].marks)
		for i, leaf := range class.card.Leaves {
			if r.IntN(3) > 0 {
				continue
			}
			marks[i] = randomMark(r, leaf)
			part := class.card.Explain(marks).Parts[leaf.Node]
			at := columnLetters(g.at[leaf.Node]) + strconv.Itoa(g.first+n)
			value := markValue(part, lang)
			if points, ok := value.(decimal.Decimal); ok {
				value = number(points)
			}
			if value == "" {
				value = nil
			}
			if err := book.SetCellValue(sheet, at, value); err != nil {
				t.Fatal(err)
			}
		}
		class.lines[n] = newLine(class.card, n, marks)
	}
	class.rank(nil)
}

func TestScoresAreRoundedHalfUpInTheScoreTable(t *testing.T) {
	scheme, lang := mustScheme(t, edges), bookLanguage(t, "zh-CN")
	card, _ := scheme.Card("A")
	tables := newTables(t, rand.New(rand.NewPCG(1, 1)), scheme, 0)
	class := &tables.classes[0]
	var want []string
	for _, c := range []struct{ two, score string }{
		{"24.995", "85"}, {"24.9949", "84.99"}, {"29.995", "90"}, {"29.9949", "89.99"}, {"34.355", "94.35"}, {"34.3449", "94.34"}, {"40", "94.35"},
		{"0.005", "60.01"}, {"0.0049", "60"}, {"9.845", "69.85"}, {"1.115", "61.12"}, {"24.995", "85"},
	} {
		two, _ := scoring.ParseAmount(c.two)
		class.lines = append(class.lines, newLine(card, len(class.lines), []scoring.Mark{{Given: true, Points: 60 * scoring.Point}, {Given: true, Points: two}}))
		want = append(want, c.score)
	}
	class.units = len(class.lines)
	class.rank(nil)
	book := openBook(t, tables, lang)
	sheet := book.GetSheetList()[1]
	wantComputed(t, book, sheet, class, lang)
	for n, score := range want {
		got, err := book.CalcCellValue(sheet, fmt.Sprintf("C%d", newScoreGrid(class, lang).first+n), excelize.Options{RawCellValue: true})
		if err != nil || got != score {
			t.Errorf("line %d: %s, %v, want %s", n, got, err, score)
		}
	}
	// 94.35 twice by the maximum and once on its own: ranks 1, 1, 3 or the like.
	ranks := map[int]int{}
	for _, line := range class.lines {
		ranks[line.rank]++
	}
	if ranks[1] != 2 || ranks[2] != 0 || ranks[3] != 1 {
		t.Errorf("ranks are %v", ranks)
	}
}

func TestTextsInTheScoreTableAreNoFormulas(t *testing.T) {
	tables := newTables(t, rand.New(rand.NewPCG(2, 2)), mustScheme(t, edges), 3)
	tables.round.Title = "=HYPERLINK(\"x\")"
	book := openBook(t, tables, bookLanguage(t, "zh-CN"))
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, text := range row {
				at := columnLetters(c+1) + strconv.Itoa(r+1)
				formula, err := book.GetCellFormula(sheet, at)
				if err != nil {
					t.Fatal(err)
				}
				if formula != "" && strings.HasPrefix(text, "=") || strings.Contains(formula, "HYPERLINK") {
					t.Errorf("%s %s: the text %q is the formula %s", sheet, at, text, formula)
				}
			}
		}
	}
	if name, _ := book.GetCellValue(book.GetSheetList()[1], "B6"); name != "=单位0" {
		t.Errorf("the first unit is %q", name)
	}
}

func TestASchemeBeyondFormulasHasValues(t *testing.T) {
	var list strings.Builder
	for n := range 700 {
		fmt.Fprintf(&list, "  - {id: i%d, title: {zh: 项, en: Item}, clause: 一, counts: {zh: 计, en: Counts}, method: award, points: \"1\"}\n", n)
	}
	source := edges[:strings.Index(edges, "  - {id: one")] + list.String() + edges[strings.Index(edges, "grades:"):]
	tables := newTables(t, rand.New(rand.NewPCG(3, 3)), mustScheme(t, source), 2)
	book := openBook(t, tables, bookLanguage(t, "zh-CN"))
	sheet := book.GetSheetList()[1]
	if formula, _ := book.GetCellFormula(sheet, "C6"); formula != "" {
		t.Errorf("a formula of %d characters", len(formula))
	}
}
