package web

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/shopspring/decimal"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// wholeScheme has every method, cap and limit.
func wholeScheme(t *testing.T) *scoring.Scheme {
	t.Helper()
	source, err := os.ReadFile("../scoring/testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	scheme, err := scoring.ParseScheme(source)
	if err != nil {
		t.Fatal(err)
	}
	return scheme
}

// randomMarks enters something for each leaf of the card, or leaves it out.
func randomMarks(r *rand.Rand, card *scoring.Card) []scoring.Mark {
	marks := make([]scoring.Mark, len(card.Leaves))
	for n, leaf := range card.Leaves {
		most := int64(leaf.Points) / 1e6
		if leaf.Method == scoring.MethodDeduct {
			most = most*2 + 500
		}
		points := scoring.Amount(r.Int64N(most+1)) * 1e6
		switch {
		case leaf.Method == scoring.MethodVeto:
			marks[n].Raised = r.IntN(4) == 0
		case r.IntN(6) == 0:
			marks[n].NA = true
		case leaf.Method == scoring.MethodAuto:
			for range r.IntN(5) {
				marks[n].States = append(marks[n].States, rules.States[r.IntN(len(rules.States))])
			}
		case r.IntN(8) > 0:
			marks[n].Given, marks[n].Points = true, points
		}
	}
	return marks
}

// computation opens random marks of a class.
func computation(r *rand.Rand, scheme *scoring.Scheme, class string) *assessment.Computation {
	card, _ := scheme.Card(class)
	arithmetic := card.Explain(randomMarks(r, card))
	score := int64(arithmetic.Score)
	return &assessment.Computation{Arithmetic: arithmetic, Of: assessment.FinalScore, Scheme: scheme, Card: card,
		Sheet: models.Sheet{ID: 7, Class: class, Self: &score, Verified: &score, Final: &score}, Round: models.Round{ID: 3, Title: "2017年度考核"},
		Unit: models.Unit{Code: "370100", Name: "济南市"}, Others: []assessment.ScoreOf{assessment.SelfScore, assessment.VerifiedScore, assessment.FinalScore}}
}

// shownNumber reads a decimal that a page shows.
func shownNumber(t *testing.T, found *goquery.Selection) decimal.Decimal {
	t.Helper()
	shown := strings.TrimSpace(found.First().Text())
	if strings.Contains(shown, "-") {
		t.Errorf("%q has a hyphen for its sign", shown)
	}
	value, err := decimal.NewFromString(strings.Replace(shown, "\u2212", "-", 1))
	if err != nil {
		t.Fatalf("%q is no number: %v", found.Text(), err)
	}
	return value
}

// What the page shows adds up to what it shows: every group, every composite, the points
// won, and the one division.
func TestTheArithmeticShownAddsUp(t *testing.T) {
	scheme := wholeScheme(t)
	catalog, templates := newTestTemplates(t)
	r := rand.New(rand.NewPCG(5, 2017))
	scored := 0
	for i := range 300 {
		class := scheme.Classes[i%len(scheme.Classes)].ID
		c := computation(r, scheme, class)
		page := newArithmeticPage(Page{Locale: catalog.Locale("en"), Version: "0"}, c)
		var html bytes.Buffer
		if err := templates.Render(&html, "arithmetic", page); err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(&html)
		if err != nil {
			t.Fatal(err)
		}
		won := shownNumber(t, doc.Find(".arithmetic-steps tfoot td"))
		sum := decimal.Zero
		doc.Find(".step-amount").Each(func(_ int, step *goquery.Selection) { sum = sum.Add(shownNumber(t, step)) })
		if !sum.Equal(won) {
			t.Fatalf("sheet %d: the steps add up to %s, shown are %s", i, sum, won)
		}
		sumsOfGroups(t, doc)
		if doc.Find(".formula").Length() == 0 {
			continue
		}
		scored++
		checkFormula(t, doc, won)
	}
	if scored < 100 {
		t.Errorf("only %d of the sheets had a score", scored)
	}
}

// sumOfOne is a sum that has a single term, and signs that are hyphens.
var sumOfOne = regexp.MustCompile(`^(\S+ = |.*-\d)`)

// sumsOfGroups adds up what stands below each group and composite.
func sumsOfGroups(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("[data-method=group], [data-method=composite]").Each(func(_ int, above *goquery.Selection) {
		if above.Find(".part-won").Length() == 0 {
			return
		}
		won, possible := decimal.Zero, decimal.Zero
		id, _ := above.Attr("data-part")
		if how := strings.TrimSpace(above.Find(".arithmetic-how").First().Text()); sumOfOne.MatchString(how) {
			t.Fatalf("%s explains itself by %q", id, how)
		}
		doc.Find(fmt.Sprintf("[data-parent=%q]", id)).Each(func(_ int, below *goquery.Selection) {
			if below.Find(".part-won").Length() == 0 {
				return
			}
			weight := decimal.NewFromInt(1)
			if below.Find(".part-weight").Length() > 0 {
				weight = shownNumber(t, below.Find(".part-weight"))
			}
			won = won.Add(shownNumber(t, below.Find(".part-won")).Mul(weight))
			possible = possible.Add(shownNumber(t, below.Find(".part-possible")).Mul(weight))
		})
		if above.Find(".part-floor").Length() > 0 {
			won = won.Add(shownNumber(t, above.Find(".part-floor")))
		}
		if shown := shownNumber(t, above.Find(".part-won")); !shown.Equal(won) {
			t.Fatalf("%s shows %s won, below it are %s", id, shown, won)
		}
		if shown := shownNumber(t, above.Find(".part-possible")); !shown.Equal(possible) {
			t.Fatalf("%s shows %s possible, below it are %s", id, shown, possible)
		}
	})
}

// checkFormula divides once more.
func checkFormula(t *testing.T, doc *goquery.Document, won decimal.Decimal) {
	t.Helper()
	possible, score := shownNumber(t, doc.Find(".formula-possible")), shownNumber(t, doc.Find(".formula-score"))
	if shown := shownNumber(t, doc.Find(".formula-won")); !shown.Equal(won) {
		t.Fatalf("the formula divides %s, the sum is %s", shown, won)
	}
	quotient := won.Mul(decimal.NewFromInt(100)).DivRound(possible, 2)
	if capped := strings.Contains(doc.Find(".formula-notes").Text(), "Above the maximum"); score.LessThan(quotient) != capped {
		t.Fatalf("100 × %s ÷ %s is %s, shown is %s", won, possible, quotient, score)
	} else if !capped && !score.Equal(quotient) {
		t.Fatalf("100 × %s ÷ %s is %s, shown is %s", won, possible, quotient, score)
	}
}

// ranking is a result with a tie, a veto, a unit without a score and one that was not
// there before.
func (s sample) ranking(status models.RoundStatus) *assessment.Ranking {
	scheme := wholeScheme(s.t)
	class := scheme.Classes[0]
	r := &assessment.Ranking{Round: models.Round{ID: 3, Title: "2017年度考核", Status: status, AnnouncedOn: s.view.AsOf}, Office: s.province, Scheme: scheme, Edition: 2, All: true,
		Earlier: []models.Round{{ID: 1, Title: "2016年度考核"}}}
	ranked := assessment.RankedClass{Class: class, Units: len(s.cities), Grades: make([]int, len(scheme.Grades))}
	for i, city := range s.cities {
		score := int64(9400 - i/2*300)
		row := assessment.RankedSheet{Unit: city, Sheet: models.Sheet{ID: uint64(i + 1), UnitID: city.ID, Class: class.ID}}
		if i < len(s.cities)-1 {
			row.Verified, row.Final, row.Rank = &score, &score, i/2*2+1
			row.Grade = scheme.GradeOf(scoring.Score(score))
			ranked.Scored++
			ranked.Scores, ranked.Places = append(ranked.Scores, scoring.Score(score)), append(ranked.Places, row.Grade)
			ranked.Grades[row.Grade]++
		}
		if i > 0 {
			before := score + int64(i-4)*25
			row.Before = &assessment.EarlierResult{Class: class.ID, Rank: 5, Final: &before}
		}
		row.ByVeto = i == 2
		ranked.Rows = append(ranked.Rows, row)
	}
	r.Classes = []assessment.RankedClass{ranked}
	return r
}

func (s sample) contribution(unit uint64) map[uint64]assessment.Contribution {
	share := rules.Share{Core: decimal.NewFromInt(40), Total: decimal.NewFromInt(1000)}
	return map[uint64]assessment.Contribution{unit: {Weight: compliance.Weight{Share: share, Verified: true}, Score: 8750}}
}

func resultPages(s sample) []samplePage {
	all := s.ranking(models.RoundAnnounced)
	all.Round.FrozenOn = calendar.MustParseDate("2018-01-31")
	page := newResultsPage(s.page(), all, ResultsView{Round: 3}, s.contribution(s.cities[0].ID))
	page.Indicators = newIndicatorPanel([]assessment.IndicatorResult{{Indicator: &all.Scheme.Indicators[0], Units: 9, Losing: 4, Possible: 90 * scoring.Point, Lost: 7 * scoring.Point,
		Reasons: []assessment.LossReason{{Text: "台账不全", Units: 3}}, States: map[rules.State]int{rules.Late: 2}}})
	provisional := newResultsPage(s.page(), s.ranking(models.RoundScoring), ResultsView{Round: 3, Text: "不存在"}, nil)
	own := s.ranking(models.RoundAnnounced)
	own.All, own.Classes[0].Rows = false, own.Classes[0].Rows[3:4]
	unit := newResultsPage(s.page(), own, ResultsView{Round: 3}, nil)
	r := rand.New(rand.NewPCG(1, 1))
	page.RoundURL, provisional.RoundURL = "/rounds/3", "/rounds/3"
	opened := newArithmeticPage(s.page(), computation(r, all.Scheme, all.Scheme.Classes[0].ID))
	opened.SheetURL = "/sheets/7"
	return []samplePage{
		{"results", "results", page, []string{".result-table tbody tr:nth-child(17)", ".contribution strong", ".change.is-up", ".change.is-down", ".result-strip rect", ".indicator-reasons li"}},
		{"results-provisional", "results", provisional, []string{".note.is-returned", ".empty"}},
		{"results-own", "results", unit, []string{".result-own-score", ".numbers .is-own", ".result-own a.btn-primary"}},
		{"arithmetic", "arithmetic", opened, []string{".formula-score", ".arithmetic-block[open] summary", ".chip[aria-current]", "[data-limit]"}},
	}
}

// A unit's own page names nobody else, not even in its chart.
func TestTheOwnResultNamesNobodyElse(t *testing.T) {
	catalog, templates := newTestTemplates(t)
	for _, lang := range frontend.Languages {
		s := newSample(t, catalog.Locale(lang))
		own := s.ranking(models.RoundAnnounced)
		own.All, own.Classes[0].Rows = false, own.Classes[0].Rows[3:4]
		var html bytes.Buffer
		if err := templates.Render(&html, "results", newResultsPage(s.page(), own, ResultsView{Round: 3}, nil)); err != nil {
			t.Fatal(err)
		}
		for i, city := range s.cities {
			if named := strings.Contains(html.String(), s.locale.Chinese(city.Name)) || strings.Contains(html.String(), city.NameEN); named != (i == 3) {
				t.Errorf("%s: %s is named: %v", lang, city.Name, named)
			}
		}
		var counted int
		for _, grade := range newResultsPage(s.page(), own, ResultsView{}, nil).Sections[0].Chart.Grades {
			for _, count := range grade.Counts {
				counted += count
			}
		}
		if counted != 16 {
			t.Errorf("the chart counts %d units, want 16", counted)
		}
	}
}
