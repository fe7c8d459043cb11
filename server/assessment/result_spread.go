package assessment

import "sundial/server/scoring"

// ScoreBin counts the scores from From on and below To; the last bin has those of To
// too. Grades counts them by the places of their grades.
type ScoreBin struct {
	From, To scoring.Score
	Grades   []int
}

// Has tells whether a score is in the bin, which is the last one of its class when last.
func (b ScoreBin) Has(score scoring.Score, last bool) bool {
	return score >= b.From && (score < b.To || last && score == b.To)
}

// binWidth is five points; maxBins are as many bins as fit into a picture.
const (
	binWidth scoring.Score = 500
	maxBins  scoring.Score = 24
)

// Spread counts the scores of the class in steps of five points, or of as many times five
// as it takes, from the lowest one to the class's maximum; none without scores.
func (c RankedClass) Spread() []ScoreBin {
	if len(c.Scores) == 0 {
		return nil
	}
	lowest, width := c.Scores[len(c.Scores)-1], binWidth
	for (c.Maximum-lowest)/width >= maxBins {
		width += binWidth
	}
	var bins []ScoreBin
	for from := min(lowest, c.Maximum-1) / width * width; from < c.Maximum; from += width {
		bins = append(bins, ScoreBin{From: from, To: min(from+width, c.Maximum), Grades: make([]int, len(c.Grades))})
	}
	for i, score := range c.Scores {
		for n := range bins {
			if bins[n].Has(score, n == len(bins)-1) {
				bins[n].Grades[c.Places[i]]++
			}
		}
	}
	return bins
}

// Mean is the average score of the class, half up; known is false without scores.
func (c RankedClass) Mean() (mean scoring.Score, known bool) {
	if len(c.Scores) == 0 {
		return 0, false
	}
	sum, count := scoring.Score(0), scoring.Score(len(c.Scores))
	for _, score := range c.Scores {
		sum += score
	}
	return (2*sum + count) / (2 * count), true
}
