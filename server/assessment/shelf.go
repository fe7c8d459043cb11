package assessment

import (
	"fmt"
	"sync"

	"sundial/models"
	"sundial/server/scoring"
)

// shelf keeps frozen schemes as they were parsed: they never change.
type shelf struct {
	mu     sync.Mutex
	parsed map[uint64]*scoring.Scheme
}

func newShelf() *shelf { return &shelf{parsed: map[uint64]*scoring.Scheme{}} }

// scheme parses the source of a row; the stored one parsed when it was stored.
func (s *shelf) scheme(row models.ScoringScheme) (*scoring.Scheme, error) {
	frozen := row.Status == models.SchemeFrozen
	if frozen {
		s.mu.Lock()
		scheme := s.parsed[row.ID]
		s.mu.Unlock()
		if scheme != nil {
			return scheme, nil
		}
	}
	// Outside of the lock: a large scheme holds up nobody else.
	scheme, err := scoring.ParseScheme([]byte(row.Source))
	if err != nil {
		return nil, fmt.Errorf("stored scheme %s, edition %d: %w", row.Code, row.Edition, err)
	}
	if frozen {
		s.mu.Lock()
		s.parsed[row.ID] = scheme
		s.mu.Unlock()
	}
	return scheme, nil
}
