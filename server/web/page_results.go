package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/charts"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// ResultsPage is the result of a round, class by class: for who sees all units with their
// names, for a unit of the round its own place among the others.
type ResultsPage struct {
	Page
	*assessment.Ranking
	Tabs UnitTabs
	View ResultsView
	// Sections are the classes that the view looks at.
	Sections []ResultsSection
	// Indicators are how the units did on them; nil for who does not see all.
	Indicators *IndicatorPanel
	RoundURL   string
	CSVURL     string
	WeightURL  string
}

// ResultsView is what the page looks at.
type ResultsView struct {
	Round uint64
	Class string
	Grade string
	Text  string
	// From is how many units of the class come before the page.
	From int
}

// URL is the page of the view.
func (v ResultsView) URL() string { return v.at("") }

// CSV is the file of the view.
func (v ResultsView) CSV() string { v.From = 0; return v.at(".csv") }

func (v ResultsView) at(suffix string) string {
	query := url.Values{}
	for name, value := range map[string]string{"class": v.Class, "grade": v.Grade, "q": v.Text} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if v.From > 0 {
		query.Set("from", text(v.From))
	}
	return address(fmt.Sprintf("/rounds/%d/results%s", v.Round, suffix), query)
}

// Filtered tells that units are left out by grade or text.
func (v ResultsView) Filtered() bool { return v.Grade != "" || v.Text != "" }

func resultsURL(round models.Round) string { return ResultsView{Round: round.ID}.URL() }

// ResultsSection is the result of a class.
type ResultsSection struct {
	assessment.RankedClass
	// Mean is empty without scores; so are Best and Least.
	Mean, Best, Least string
	Shares            []GradeShare
	Bins              []ResultBin
	Chart             charts.ScoreChart
	Lines             []ResultLine
	// Matched are the units that the filter lets through; Next leads to more of them.
	Matched    int
	Next, Prev string
	// Contributes tells that the contribution of some unit is known.
	Contributes bool
}

// GradeShare is how many units of a class have a grade.
type GradeShare struct {
	scoring.Grade
	Tone  charts.GradeTone
	Count int
	// X is how many units have a better one.
	X int
}

// ResultBin is a step of the distribution.
type ResultBin struct {
	Label  string
	Counts []int
	Sum    int
	Own    bool
}

// ResultLine is a row of the ranking.
type ResultLine struct {
	assessment.RankedSheet
	Self, Verified, Final string
	// Score is the final one in hundredths, for the bar.
	Score int64
	Title rules.Text
	Tone  charts.GradeTone
	// Places and Gained are the change since the year before: nil where it is not known.
	Places *ChangeOf
	Gain   *ChangeOf
	// OtherClass is the class of the year before when it was another one.
	OtherClass   string
	Contribution *assessment.Contribution
	URL, Weight  string
	SheetURL     string
	Own          bool
}

// ChangeOf is a change: Up tells that it is for the better; By is without a sign, empty
// when nothing has changed.
type ChangeOf struct {
	Up bool
	By string
}

// pageOfResults is how many units of a class a page shows.
const pageOfResults = 100

// newResultsPage lays the ranking out as the view asks.
func newResultsPage(page Page, ranking *assessment.Ranking, view ResultsView, contributions map[uint64]assessment.Contribution) ResultsPage {
	p := ResultsPage{Page: page, Ranking: ranking, View: view, CSVURL: view.CSV(), RoundURL: roundURL(ranking.Round.ID)}
	for _, class := range ranking.Classes {
		if view.Class != "" && view.Class != class.ID || !ranking.All && len(class.Rows) == 0 {
			continue
		}
		p.Sections = append(p.Sections, p.section(class, contributions))
	}
	return p
}

func (p ResultsPage) section(class assessment.RankedClass, contributions map[uint64]assessment.Contribution) ResultsSection {
	s := ResultsSection{RankedClass: class}
	if mean, known := class.Mean(); known {
		s.Mean, s.Best, s.Least = mean.String(), class.Scores[0].String(), class.Scores[len(class.Scores)-1].String()
	}
	better := 0
	for place, grade := range p.Scheme.Grades {
		s.Shares = append(s.Shares, GradeShare{grade, charts.ToneOf(place, len(p.Scheme.Grades)), class.Grades[place], better})
		better += class.Grades[place]
	}
	rows := resultRows(p.Ranking, class, p.View)
	s.Matched = len(rows)
	from := min(p.View.From, len(rows)) / pageOfResults * pageOfResults
	view := p.View
	view.Class = class.ID
	if from > 0 {
		view.From = from - pageOfResults
		s.Prev = view.URL()
	}
	if len(rows) > from+pageOfResults {
		view.From = from + pageOfResults
		s.Next = view.URL()
	}
	for _, row := range rows[from:min(from+pageOfResults, len(rows))] {
		line := p.line(row)
		if c, known := contributions[row.UnitID]; known {
			line.Contribution, s.Contributes = &c, true
		}
		s.Lines = append(s.Lines, line)
	}
	s.spread(p)
	return s
}

// resultRows are the rows of the class that the view lets through.
func resultRows(ranking *assessment.Ranking, class assessment.RankedClass, view ResultsView) []assessment.RankedSheet {
	text := strings.ToLower(view.Text)
	return slices.DeleteFunc(slices.Clone(class.Rows), func(s assessment.RankedSheet) bool {
		named := strings.Contains(strings.ToLower(s.Unit.Name+"\n"+s.Unit.NameEN+"\n"+s.Unit.Code), text)
		graded := view.Grade == "" || s.Final != nil && ranking.Scheme.Grades[s.Grade].ID == view.Grade
		return !named || !graded
	})
}

func (p ResultsPage) line(row assessment.RankedSheet) ResultLine {
	line := ResultLine{RankedSheet: row, Self: scoreText(row.Sheet.Self), Verified: scoreText(row.Sheet.Verified), Final: scoreText(row.Sheet.Final),
		URL: arithmeticURL(row.ID, assessment.FinalScore), Weight: unitURL(row.Unit, "weight"), SheetURL: sheetURL(row.ID), Own: !p.All}
	if row.Sheet.Final != nil {
		line.Score = *row.Sheet.Final
		line.Title, line.Tone = p.Scheme.Grades[row.Grade].Title, charts.ToneOf(row.Grade, len(p.Scheme.Grades))
	}
	if places, known := row.Climbed(); known {
		line.Places = &ChangeOf{Up: places > 0}
		if places != 0 {
			line.Places.By = text(max(places, -places))
		}
	}
	if gained, known := row.Gained(); known {
		line.Gain = &ChangeOf{Up: gained > 0}
		if gained != 0 {
			line.Gain.By = scoring.Score(max(gained, -gained)).String()
		}
	}
	if row.Before != nil && row.Before.Class != row.Class {
		line.OtherClass = row.Before.Class
	}
	return line
}

// spread draws the distribution; the own places of who sees only some units are marked.
func (s *ResultsSection) spread(p ResultsPage) {
	bins := s.Spread()
	s.Chart = charts.ScoreChart{Unit: p.Locale.Text("results.units_axis", nil)}
	for n, bin := range bins {
		step := ResultBin{Label: stepText(bin), Counts: slices.Clone(bin.Grades)}
		for _, count := range bin.Grades {
			step.Sum += count
		}
		for _, line := range s.Lines {
			step.Own = step.Own || line.Own && line.Sheet.Final != nil && bin.Has(scoring.Score(line.Score), n == len(bins)-1)
		}
		s.Bins = append(s.Bins, step)
		s.Chart.Steps = append(s.Chart.Steps, step.Label)
	}
	for place, grade := range p.Scheme.Grades {
		bars := charts.GradeBars{Tone: charts.ToneOf(place, len(p.Scheme.Grades)), Name: p.Locale.In(grade.Title)}
		for n, bin := range s.Bins {
			bars.Counts = append(bars.Counts, bin.Counts[place]-s.ownIn(bins[n], n == len(bins)-1, place))
		}
		s.Chart.Grades = append(s.Chart.Grades, bars)
	}
	if !p.All {
		own := charts.GradeBars{Tone: charts.OwnTone, Name: p.Locale.Text("results.own_place", nil)}
		for n, bin := range bins {
			count := 0
			for place := range p.Scheme.Grades {
				count += s.ownIn(bin, n == len(bins)-1, place)
			}
			own.Counts = append(own.Counts, count)
		}
		s.Chart.Grades = append(s.Chart.Grades, own)
	}
	s.Chart.Description = p.Locale.Text("results.chart_description", models.Args("Class", s.Title, "Count", s.Scored, "Best", s.Best, "Least", s.Least, "Mean", s.Mean))
}

// ownIn counts the own units with the grade in the bin.
func (s *ResultsSection) ownIn(bin assessment.ScoreBin, last bool, place int) int {
	count := 0
	for _, line := range s.Lines {
		if line.Own && line.Sheet.Final != nil && line.Grade == place && bin.Has(scoring.Score(line.Score), last) {
			count++
		}
	}
	return count
}

// stepText names a step: 85–90.
func stepText(bin assessment.ScoreBin) string {
	return strings.TrimSuffix(bin.From.String(), ".00") + "–" + strings.TrimSuffix(bin.To.String(), ".00")
}

// Option is the chart as the browser draws it.
func (s ResultsSection) Option() (string, error) { return option(s.Chart) }

// Of is among how many units a rank is one.
func (s ResultsSection) Of() int { return s.Scored }

// IndicatorPanel shows on which indicators units do best and worst.
type IndicatorPanel struct {
	Worst, Best, Costliest []IndicatorLine
	All                    []IndicatorLine
}

// IndicatorLine is an indicator with the share of its points that was kept.
type IndicatorLine struct {
	assessment.IndicatorResult
	// Percent is empty where the indicator has no points; Thousandths are for the bar.
	Percent     string
	Thousandths int
	Late        int
	Overdue     int
}

// shownIndicators is how many of the best and worst ones are shown.
const shownIndicators = 5

func newIndicatorPanel(results []assessment.IndicatorResult) *IndicatorPanel {
	p := &IndicatorPanel{}
	var rated, costly []IndicatorLine
	for _, result := range results {
		line := IndicatorLine{IndicatorResult: result, Late: result.States[rules.Late], Overdue: result.States[rules.Overdue]}
		kept, known := result.Kept()
		if known {
			line.Thousandths, line.Percent = kept, fmt.Sprintf("%d.%d%%", kept/10, kept%10)
			rated = append(rated, line)
		}
		if result.Lost > 0 {
			costly = append(costly, line)
		}
		p.All = append(p.All, line)
	}
	slices.SortStableFunc(rated, func(a, b IndicatorLine) int {
		return cmp.Or(cmp.Compare(a.Thousandths, b.Thousandths), cmp.Compare(b.Lost, a.Lost))
	})
	slices.SortStableFunc(costly, func(a, b IndicatorLine) int { return cmp.Compare(b.Lost, a.Lost) })
	p.Costliest = costly[:min(shownIndicators, len(costly))]
	// None is among the best and the worst ones.
	half := (len(rated) + 1) / 2
	for _, line := range rated[:min(shownIndicators, half)] {
		if line.Lost > 0 {
			p.Worst = append(p.Worst, line)
		}
	}
	p.Best = slices.Clone(rated[max(half, len(rated)-shownIndicators):])
	slices.Reverse(p.Best)
	return p
}

// FirstReasons are the most frequent reasons, at most three.
func (l IndicatorLine) FirstReasons() []assessment.LossReason {
	return l.Reasons[:min(3, len(l.Reasons))]
}
