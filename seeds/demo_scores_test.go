package seeds

import (
	"testing"

	"sundial/models"
	"sundial/server/scoring"
)

// checkRounds checks that the demo has a round that is over, one that was just announced
// and one that goes on, with sheets at every stage of it.
func (s *stage) checkRounds(t *testing.T) {
	for where, want := range map[string]int{
		"status = 'frozen' AND year = 2017": 1, "status = 'announced' AND year = 2025": 1, "status = 'scoring' AND year = 2026": 1,
	} {
		if got := s.count(t, "rounds", where); got != want {
			t.Errorf("%d rounds where %s, want %d", got, where, want)
		}
	}
	for _, code := range []string{"jiangsu-2025-assessment", "jiangsu-2026-assessment"} {
		var row models.ScoringScheme
		if err := s.Read(t.Context()).Where("code = ?", code).Take(&row).Error; err != nil {
			t.Fatal(err)
		}
		scheme, err := scoring.ParseScheme([]byte(row.Source))
		if err != nil {
			t.Fatal(err)
		}
		for _, obligation := range scheme.Obligations() {
			if _, known := mustPolicy(t, "jiangsu-2018").Find(obligation); !known {
				t.Errorf("%s is scored by %s, which no policy asks for", code, obligation)
			}
		}
	}
	going := " AND round_id IN (SELECT id FROM rounds WHERE status = 'scoring')"
	for _, where := range []string{
		"status = 'self' AND self_missing = entries" + going, "status = 'self' AND self_missing > 0 AND self_missing < entries" + going,
		"status = 'submitted'" + going, "status = 'verified' AND verified IS NOT NULL" + going,
	} {
		if s.count(t, "sheets", where) == 0 {
			t.Errorf("no sheet where %s", where)
		}
	}
	if n := s.count(t, "sheets", "autos = ''"); n > 0 {
		t.Errorf("%d sheets have no duty to be scored by", n)
	}
	if n := s.count(t, "sheets", "final IS NULL AND round_id IN (SELECT id FROM rounds WHERE status <> 'scoring')"); n > 0 {
		t.Errorf("%d sheets of announced rounds have no score", n)
	}
	if n := s.count(t, "sheet_marks", "points IS NOT NULL AND self_points > points AND reason = ''"); n > 0 {
		t.Errorf("%d marks lose points without a reason", n)
	}
}
