package assessment

import "sundial/server/scoring"

// Box is how the scores of a class lie: half of them are between Lower and Upper. Least and
// Best are the ends of those within one and a half times that stretch of it; others stand
// apart.
type Box struct {
	Least, Lower, Median, Upper, Best scoring.Score
}

// Apart tells whether a score stands apart from the others.
func (b Box) Apart(score scoring.Score) bool { return score < b.Least || score > b.Best }

// Box returns how the scores of the class lie; known is false without scores.
func (c RankedClass) Box() (box Box, known bool) {
	if len(c.Scores) == 0 {
		return Box{}, false
	}
	box = Box{Lower: c.quartile(1), Median: c.quartile(2), Upper: c.quartile(3)}
	reach := 3 * (box.Upper - box.Lower) / 2
	box.Least, box.Best = box.Lower, box.Upper
	for _, score := range c.Scores {
		if score >= box.Lower-reach {
			box.Least = min(box.Least, score)
		}
		if score <= box.Upper+reach {
			box.Best = max(box.Best, score)
		}
	}
	return box, true
}

// quartile is the score below which so many quarters are, straight between the two next to
// it, half up.
func (c RankedClass) quartile(quarters int) scoring.Score {
	last := len(c.Scores) - 1
	place, rest := last*quarters/4, scoring.Score(last*quarters%4)
	low := c.Scores[last-place]
	if rest == 0 {
		return low
	}
	return low + ((c.Scores[last-place-1]-low)*rest+2)/4
}
