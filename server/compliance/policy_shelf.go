package compliance

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/rules"
	"sundial/server/store"
)

// shelf keeps the parsed policies. The database says which ones there are; a
// pack is parsed again only when it was loaded anew.
type shelf struct {
	mu    sync.Mutex
	books map[uint64]*book
}

// book is a policy with its rows.
type book struct {
	row         models.Policy
	policy      *rules.Policy
	obligations []models.Obligation
	years       []int
	loaded      time.Time
}

// library is the shelf as of one read: policies in the order of publication.
type library struct {
	books []*book
	// byID finds an obligation by its row id.
	byID map[uint64]entry
}

type entry struct {
	book *book
	row  models.Obligation
	rule *rules.Obligation
}

func (e entry) ref() ObligationRef {
	return ObligationRef{ID: e.row.ID, Code: e.row.Code, Clause: e.row.Clause, Title: e.rule.Title, Policy: e.book.row.Code}
}

// library reads the policies that db has.
func (l *Ledger) library(db *gorm.DB) (*library, error) {
	var rows []models.Policy
	if err := db.Omit("source").Order("published, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("policies: %w", store.Translate(err))
	}
	var activations []models.Activation
	if err := db.Order("year").Find(&activations).Error; err != nil {
		return nil, fmt.Errorf("activations: %w", store.Translate(err))
	}
	lib := &library{byID: map[uint64]entry{}}
	for _, row := range rows {
		b, err := l.shelf.take(db, row)
		if err != nil {
			return nil, err
		}
		lib.add(b, activations)
	}
	return lib, nil
}

func (lib *library) add(b *book, activations []models.Activation) {
	shown := *b
	for _, a := range activations {
		if a.PolicyID == b.row.ID {
			shown.years = append(shown.years, a.Year)
		}
	}
	lib.books = append(lib.books, &shown)
	for _, row := range b.obligations {
		if rule, ok := b.policy.Find(row.Code); ok {
			lib.byID[row.ID] = entry{&shown, row, rule}
		}
	}
}

// take returns the parsed policy of the row, from the shelf when it is current.
// The shelf is not locked while the database is asked: who holds a connection
// may wait for the shelf, so that who holds the shelf must not wait for one.
func (s *shelf) take(db *gorm.DB, row models.Policy) (*book, error) {
	if b, ok := s.look(row); ok {
		return b, nil
	}
	b, err := read(db, row)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.books == nil {
		s.books = map[uint64]*book{}
	}
	s.books[row.ID] = b
	return b, nil
}

func (s *shelf) look(row models.Policy) (*book, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.books[row.ID]
	return b, ok && b.row.Code == row.Code && b.loaded.Equal(row.LoadedAt)
}

// read reads and parses the policy of the row.
func read(db *gorm.DB, row models.Policy) (*book, error) {
	var full models.Policy
	if err := one(db.Where("id = ?", row.ID), &full, "policy"); err != nil {
		return nil, err
	}
	policy, err := rules.ParsePolicy([]byte(full.Source))
	if err != nil {
		return nil, fmt.Errorf("policy %s as stored: %w", full.Code, err)
	}
	b := &book{row: full, policy: policy, loaded: full.LoadedAt}
	if err := db.Where("policy_id = ?", row.ID).Order("position").Find(&b.obligations).Error; err != nil {
		return nil, fmt.Errorf("obligations: %w", store.Translate(err))
	}
	return b, nil
}

// find returns the policy with the code.
func (lib *library) find(code string) (*book, error) {
	for _, b := range lib.books {
		if b.row.Code == code {
			return b, nil
		}
	}
	return nil, models.NewError(models.NotFound, "policy.unknown", "Policy", code)
}

// obligation returns the obligation with the code.
func (lib *library) obligation(code string) (entry, error) {
	for _, e := range lib.byID {
		if e.row.Code == code {
			return e, nil
		}
	}
	return entry{}, models.NewError(models.NotFound, "obligation.unknown", "Obligation", code)
}

// order sorts obligations as their policies and documents do.
func (lib *library) order(ids []uint64) {
	rank := map[uint64]int{}
	for _, b := range lib.books {
		for _, row := range b.obligations {
			rank[row.ID] = len(rank)
		}
	}
	slices.SortFunc(ids, func(a, b uint64) int { return rank[a] - rank[b] })
}

// PolicyView is a policy with the years it is active in.
type PolicyView struct {
	Row         models.Policy
	Policy      *rules.Policy
	ActiveYears []int
}

func (b *book) view() PolicyView { return PolicyView{b.row, b.policy, b.years} }

// Policies returns all policies, in the order of their publication.
func (l *Ledger) Policies(ctx context.Context) ([]PolicyView, error) {
	lib, err := l.library(l.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	views := make([]PolicyView, len(lib.books))
	for i, b := range lib.books {
		views[i] = b.view()
	}
	return views, nil
}

// Policy returns the policy with the code; an unknown one is NotFound.
func (l *Ledger) Policy(ctx context.Context, code string) (PolicyView, error) {
	lib, err := l.library(l.store.Read(ctx))
	if err != nil {
		return PolicyView{}, err
	}
	b, err := lib.find(code)
	if err != nil {
		return PolicyView{}, err
	}
	return b.view(), nil
}

// PoliciesOf returns the active policies whose region meets the unit.
func (l *Ledger) PoliciesOf(ctx context.Context, unit models.Unit) ([]PolicyView, error) {
	lib, err := l.library(l.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	var views []PolicyView
	for _, b := range lib.books {
		if len(b.years) > 0 && b.meets(unit) {
			views = append(views, b.view())
		}
	}
	return views, nil
}

// Obligation returns the obligation with the code; an unknown one is NotFound.
func (l *Ledger) Obligation(ctx context.Context, code string) (*ObligationRef, error) {
	lib, err := l.library(l.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	e, err := lib.obligation(code)
	if err != nil {
		return nil, err
	}
	ref := e.ref()
	return &ref, nil
}
