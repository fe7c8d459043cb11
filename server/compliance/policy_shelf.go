package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// shelf keeps the parsed policies and the calendar. The database says which ones
// there are; a pack is parsed again only when it was loaded anew.
type shelf struct {
	mu      sync.Mutex
	books   map[uint64]*book
	almanac almanac
}

// book is a policy with its rows; policy is its latest edition.
type book struct {
	row         models.Policy
	policy      *rules.Policy
	editions    []edition
	obligations []models.Obligation
	years       []int
}

// edition is one edition of a policy, the first one has number 1.
type edition struct {
	number  int
	policy  *rules.Policy
	knownOn calendar.Date
}

// library is the shelf as of one read: policies in the order of publication, and
// the calendar of working days.
type library struct {
	books []*book
	// calendar is the one in force, almanac has those of earlier days too.
	calendar *calendar.Calendar
	almanac  almanac
	// byID finds an obligation by its row id, in the latest edition that has it.
	byID map[uint64]entry
}

// entry is an obligation in one edition of its policy.
type entry struct {
	book    *book
	row     models.Obligation
	policy  *rules.Policy
	edition int
	rule    *rules.Obligation
}

// of returns the obligation of a duty, in the edition by which it is judged.
func (lib *library) of(duty models.Duty) (entry, error) {
	latest, ok := lib.byID[duty.ObligationID]
	if !ok {
		return entry{}, fmt.Errorf("duty %d: obligation %d is in no policy", duty.ID, duty.ObligationID)
	}
	if found, ok := latest.book.entry(latest.row, duty.Edition); ok {
		return found, nil
	}
	return latest, nil
}

// demanded returns the obligation in the latest edition of its policy; not, when
// that no longer has it or the policy is retired by the day.
func (lib *library) demanded(obligation uint64, day calendar.Date) (entry, bool) {
	e, ok := lib.byID[obligation]
	retired := ok && !e.book.row.RetiredOn.IsZero() && e.book.row.RetiredOn <= day
	return e, ok && !retired && e.edition == e.book.row.Edition
}

// on returns the obligation as the edition has it that was in force on the day.
func (e entry) on(day calendar.Date) entry {
	for _, ed := range slices.Backward(e.book.editions) {
		if ed.knownOn <= day {
			if found, ok := e.book.entry(e.row, ed.number); ok {
				return found
			}
		}
	}
	return e
}

// entry returns the obligation of the row in the edition, if that has it.
func (b *book) entry(row models.Obligation, number int) (entry, bool) {
	for _, ed := range b.editions {
		if ed.number == number {
			rule, ok := ed.policy.Find(row.Code)
			return entry{book: b, row: row, policy: ed.policy, edition: number, rule: rule}, ok
		}
	}
	return entry{}, false
}

func (e entry) ref() ObligationRef {
	return ObligationRef{ID: e.row.ID, Code: e.row.Code, Clause: e.rule.Clause, Title: e.rule.Title, Policy: e.book.row.Code}
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
	at, err := l.shelf.almanacOf(db)
	if err != nil {
		return nil, err
	}
	lib := &library{calendar: at.inForce(), almanac: at, byID: map[uint64]entry{}}
	for _, row := range rows {
		b, err := l.shelf.take(db, row)
		if err != nil {
			return nil, err
		}
		lib.add(b, row, activations)
	}
	return lib, nil
}

// add puts a book of the shelf into the library, with its row as it is now: what
// is set on a policy does not make a new edition.
func (lib *library) add(b *book, row models.Policy, activations []models.Activation) {
	shown := *b
	shown.row = row
	for _, a := range activations {
		if a.PolicyID == b.row.ID {
			shown.years = append(shown.years, a.Year)
		}
	}
	lib.put(&shown)
}

// put puts a book into the library, with its obligations.
func (lib *library) put(b *book) {
	lib.books = append(lib.books, b)
	for _, row := range b.obligations {
		for _, ed := range slices.Backward(b.editions) {
			if found, ok := b.entry(row, ed.number); ok {
				lib.byID[row.ID] = found
				break
			}
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
	return b, ok && b.row.Code == row.Code && b.row.Edition == row.Edition && b.row.LoadedAt.Equal(row.LoadedAt)
}

// read reads and parses the editions of the policy of the row.
func read(db *gorm.DB, row models.Policy) (*book, error) {
	var rows []models.PolicyEdition
	if err := db.Where("policy_id = ?", row.ID).Order("edition").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("editions of %s: %w", row.Code, store.Translate(err))
	}
	b := &book{row: row}
	for _, ed := range rows {
		policy, err := rules.ParsePolicy([]byte(ed.Source))
		if err != nil {
			return nil, fmt.Errorf("policy %s, edition %d as stored: %w", row.Code, ed.Edition, err)
		}
		b.editions = append(b.editions, edition{ed.Edition, policy, ed.KnownOn})
		b.policy = policy
	}
	if b.policy == nil {
		return nil, fmt.Errorf("policy %s has no edition", row.Code)
	}
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

// order sorts obligations as their policies and documents did in the editions
// that were in force on the day.
func (lib *library) order(ids []uint64, day calendar.Date) {
	books := slices.Clone(lib.books)
	slices.SortFunc(books, func(a, b *book) int {
		return cmp.Or(cmp.Compare(a.on(day).Published, b.on(day).Published), cmp.Compare(a.row.ID, b.row.ID))
	})
	rank := map[uint64]int{}
	for _, b := range books {
		policy := b.on(day)
		place := func(row models.Obligation) int {
			at := slices.IndexFunc(policy.Obligations, func(o rules.Obligation) bool { return o.ID == row.Code })
			if at < 0 {
				return len(policy.Obligations) + row.Position
			}
			return at
		}
		rows := slices.Clone(b.obligations)
		slices.SortStableFunc(rows, func(a, b models.Obligation) int { return cmp.Compare(place(a), place(b)) })
		for _, row := range rows {
			rank[row.ID] = len(rank)
		}
	}
	slices.SortFunc(ids, func(a, b uint64) int { return rank[a] - rank[b] })
}

// on returns the policy in the edition that was in force on the day; before the
// first one, in that.
func (b *book) on(day calendar.Date) *rules.Policy {
	for _, ed := range slices.Backward(b.editions) {
		if ed.knownOn <= day {
			return ed.policy
		}
	}
	return b.editions[0].policy
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

// PolicyIn returns the policy with the code as the transaction sees it; an unknown one is
// NotFound.
func (l *Ledger) PolicyIn(tx *gorm.DB, code string) (PolicyView, error) {
	lib, err := l.library(tx)
	if err != nil {
		return PolicyView{}, err
	}
	b, err := lib.find(code)
	if err != nil {
		return PolicyView{}, err
	}
	return b.view(), nil
}

// Policy returns the policy with the code; an unknown one is NotFound.
func (l *Ledger) Policy(ctx context.Context, code string) (PolicyView, error) {
	return l.PolicyIn(l.store.Read(ctx), code)
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

// Binding is an active policy with a unit that its region meets.
type Binding struct {
	PolicyView
	Unit models.Unit
}

// Bindings returns the active policies whose region meets one of the units, each with the
// first of them, in the order of their publication.
func (l *Ledger) Bindings(ctx context.Context, units []models.Unit) ([]Binding, error) {
	lib, err := l.library(l.store.Read(ctx))
	if err != nil {
		return nil, err
	}
	var list []Binding
	for _, b := range lib.books {
		if at := slices.IndexFunc(units, b.meets); at >= 0 && len(b.years) > 0 {
			list = append(list, Binding{b.view(), units[at]})
		}
	}
	return list, nil
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
