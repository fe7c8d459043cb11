package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
)

// AuditStrands is how many strands the audit log has on MySQL. A write holds the
// end of one strand until it commits: with a single one, all writers of all
// processes would commit one after the other. SQLite has one writer at a time and
// uses the first strand alone.
const AuditStrands = 16

// pending collects the audit entries of a transaction; Write chains them at its
// end, so that the strand is locked last and for the shortest time.
type pending struct{ entries []models.AuditEntry }

type recording struct{}

// Record adds an entry to the audit log in the transaction of the write that it
// tells of. At, Action and Object are required. The transaction is one of
// [Store.Write].
func Record(tx *gorm.DB, entry models.AuditEntry) error {
	if entry.At.IsZero() || entry.Action == "" || entry.Object == "" {
		return errors.New("record audit entry: instant, action and object are required")
	}
	recorded, ok := tx.Statement.Context.Value(recording{}).(*pending)
	if !ok {
		return errors.New("record audit entry: not inside a write")
	}
	entry.At = Instant(entry.At)
	if origin, known := tx.Statement.Context.Value(originKey{}).(Origin); known {
		entry.Via, entry.Address = origin.Via, origin.Address
	}
	if entry.Detail == "" {
		entry.Detail = "{}"
	}
	if entry.Changes == "" {
		entry.Changes = "{}"
	}
	recorded.entries = append(recorded.entries, entry)
	return nil
}

// Origin says how the request of a write came (browser, token, command) and from
// which address.
type Origin struct{ Via, Address string }

type originKey struct{}

// WithOrigin returns a context whose writes are recorded with the origin.
func WithOrigin(ctx context.Context, origin Origin) context.Context {
	return context.WithValue(ctx, originKey{}, origin)
}

// auditBatch is how many entries go into one statement.
const auditBatch = 100

// chain appends the entries to a strand of the log: each gets the next number
// and a hash over itself and the hash before it.
func (s *Store) chain(tx *gorm.DB, entries []models.AuditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	var end models.AuditStrand
	strand := rand.N(s.strands)
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("strand = ?", strand).Take(&end).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		// Not the missing row that a caller asked for: the log was touched.
		return fmt.Errorf("strand %d of the audit log has no end", strand)
	}
	if err != nil {
		return fmt.Errorf("end of audit log: %w", err)
	}
	for i := range entries {
		entries[i].Strand, entries[i].Seq = end.Strand, end.Seq+1
		entries[i].Hash = HashEntry(end.Hash, entries[i])
		end.Seq, end.Hash = entries[i].Seq, entries[i].Hash
	}
	if err := tx.CreateInBatches(entries, auditBatch).Error; err != nil {
		return fmt.Errorf("store audit entries: %w", err)
	}
	err = tx.Model(&models.AuditStrand{}).Where("strand = ?", end.Strand).Updates(map[string]any{"seq": end.Seq, "hash": end.Hash}).Error
	if err != nil {
		return fmt.Errorf("store end of audit log: %w", err)
	}
	return nil
}

// HashEntry returns the hash of an entry behind the one with the hash before, as
// hexadecimal SHA-256. It covers every column but the hash itself; it must never
// change, since it is what the log is checked by.
func HashEntry(before string, e models.AuditEntry) string {
	covered, err := json.Marshal([]any{
		before, e.Strand, e.Seq, e.At.UTC().Format(time.RFC3339Nano), e.UserID, e.UserName, e.Behalf, e.Via, e.Address,
		e.Action, e.Object, e.ObjectID, e.UnitID, e.Changes, e.Detail,
	})
	if err != nil {
		panic(fmt.Errorf("hash audit entry: %w", err)) // texts and numbers always have JSON
	}
	sum := sha256.Sum256(covered)
	return hex.EncodeToString(sum[:])
}

// withPending returns a context in which Record collects entries.
func withPending(ctx context.Context) (context.Context, *pending) {
	recorded := &pending{}
	return context.WithValue(ctx, recording{}, recorded), recorded
}

// Detail writes what an audit entry tells beyond its columns, as JSON. It
// panics on a value that has no JSON, which is a mistake of the program.
func Detail(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("audit detail: %w", err))
	}
	return string(text)
}

// Changes tells field by field what differs between two values that are written
// as JSON objects, as a JSON object of pairs: {"due_on": [before, now]}. Either
// may be nil: for what was made, or is gone.
func Changes(before, now any) string {
	was, is := fieldsOf(before), fieldsOf(now)
	changed := map[string][2]any{}
	for name, value := range is {
		if !reflect.DeepEqual(was[name], value) {
			changed[name] = [2]any{was[name], value}
		}
	}
	for name, value := range was {
		if _, still := is[name]; !still && value != nil {
			changed[name] = [2]any{value, nil}
		}
	}
	return Detail(changed)
}

// fieldsOf returns the fields of a value as its JSON has them.
func fieldsOf(value any) map[string]any {
	fields := map[string]any{}
	if value == nil {
		return fields
	}
	if err := json.Unmarshal([]byte(Detail(value)), &fields); err != nil {
		panic(fmt.Errorf("audit changes: %w", err))
	}
	return fields
}
