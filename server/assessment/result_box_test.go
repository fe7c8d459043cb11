package assessment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/scoring"
)

func TestBoxesOfScores(t *testing.T) {
	for name, of := range map[string]struct {
		scores []scoring.Score
		want   Box
		apart  []scoring.Score
	}{
		"one":             {[]scoring.Score{8050}, Box{8050, 8050, 8050, 8050, 8050}, nil},
		"two":             {[]scoring.Score{9000, 8000}, Box{8000, 8250, 8500, 8750, 9000}, nil},
		"five":            {[]scoring.Score{9000, 8500, 8000, 7500, 7000}, Box{7000, 7500, 8000, 8500, 9000}, nil},
		"one apart":       {[]scoring.Score{9000, 8900, 8800, 8700, 4000}, Box{8700, 8700, 8800, 8900, 9000}, []scoring.Score{4000}},
		"both ends apart": {[]scoring.Score{9900, 8010, 8005, 8000, 8000, 7995, 7990, 5000}, Box{7990, 7994, 8000, 8006, 8010}, []scoring.Score{9900, 5000}},
	} {
		class := RankedClass{Scores: of.scores}
		got, known := class.Box()
		if diff := cmp.Diff(of.want, got); diff != "" || !known {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		var apart []scoring.Score
		for _, score := range of.scores {
			if got.Apart(score) {
				apart = append(apart, score)
			}
		}
		if diff := cmp.Diff(of.apart, apart); diff != "" {
			t.Errorf("%s, apart (-want +got):\n%s", name, diff)
		}
	}
	if _, known := (RankedClass{}).Box(); known {
		t.Error("a box of no scores")
	}
}
