package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-sql-driver/mysql"
	"gorm.io/gorm"

	"sundial/models"
)

// AuditFault says what is wrong at a place of the audit log.
type AuditFault string

// The faults.
const (
	AuditAltered  AuditFault = "altered"  // the entry fits neither its hash nor what stands before it
	AuditMoved    AuditFault = "moved"    // the entry stands under another number
	AuditMissing  AuditFault = "missing"  // there is no entry with the number
	AuditInserted AuditFault = "inserted" // the log never had an entry with the number
	AuditEnd      AuditFault = "end"      // the strand's end is not its last entry
	AuditNoEnd    AuditFault = "no_end"   // the strand has no end
)

// AuditBreak is a place where the audit log was touched.
type AuditBreak struct {
	Strand int
	Seq    int64
	// At is the instant that the entry there tells; where there is none, that of
	// the last one before it.
	At    time.Time
	Fault AuditFault
	// Found is the number under which a moved entry stands.
	Found int64
}

// Entry returns the name of the entry, its strand and its number: 3-17.
func (b AuditBreak) Entry() string { return EntryName(b.Strand, b.Seq) }

// FoundEntry returns the name under which a moved entry stands.
func (b AuditBreak) FoundEntry() string { return EntryName(b.Strand, b.Found) }

// EntryName returns the name of an audit entry, its strand and its number: 3-17.
func EntryName[N int64 | uint64](strand int, seq N) string { return fmt.Sprintf("%d-%d", strand, seq) }

// AuditState is what a check of the audit log has found.
type AuditState struct {
	// Entries counts those that are proved.
	Entries uint64
	// Breaks has the first break of each strand that was touched, the earliest
	// first; none in a sound log.
	Breaks []AuditBreak
	// Fingerprint is that of the log as it was checked.
	Fingerprint Fingerprint
	// Continues tells that the log begins with what it had when the fingerprint
	// asked about was taken; true when none was.
	Continues bool
}

// VerifyAudit checks the whole audit log: that the entries of each strand follow
// each other without a gap, that each has the hash of what it says and of the
// entry before it, and that each strand ends where its end says. Writers may go
// on meanwhile. The error is the database's; what is wrong with the log is in
// the state.
func (s *Store) VerifyAudit(ctx context.Context, since Fingerprint) (AuditState, error) {
	var state AuditState
	ends, noted := make([]models.AuditStrand, AuditStrands), make([]string, AuditStrands)
	for i := range ends {
		w := &strandWalk{db: s.Read(ctx), strand: i, note: since.seq(i), batch: verifyBatch}
		broken, err := w.walk()
		if err != nil {
			return state, fmt.Errorf("verify strand %d of audit log: %w", i, Translate(err))
		}
		state.Entries += w.last.Seq
		ends[i], noted[i] = models.AuditStrand{Seq: w.last.Seq, Hash: w.last.Hash}, w.noted
		if broken != nil {
			state.Breaks = append(state.Breaks, *broken)
		}
	}
	foreign, err := foreignEntry(s.Read(ctx))
	if err != nil {
		return state, fmt.Errorf("verify audit log: %w", Translate(err))
	}
	state.Breaks = append(state.Breaks, foreign...)
	slices.SortStableFunc(state.Breaks, func(a, b AuditBreak) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Strand, b.Strand))
	})
	state.Fingerprint, state.Continues = fingerprintOf(ends), since.begins(noted)
	return state, nil
}

// foreignEntry finds the first entry of a strand that the log does not have.
func foreignEntry(db *gorm.DB) ([]AuditBreak, error) {
	var found []AuditBreak
	err := db.Model(&models.AuditEntry{}).Select("strand, seq, at").Where("strand < 0 OR strand >= ?", AuditStrands).
		Order("strand, seq").Limit(1).Find(&found).Error
	for i := range found {
		found[i].Fault = AuditInserted
	}
	return found, err
}

// verifyBatch is how many entries are in memory at a time.
const verifyBatch = 500

// strandWalk checks one strand.
type strandWalk struct {
	db     *gorm.DB
	strand int
	batch  int
	// last is the last entry that is proved.
	last models.AuditEntry
	// noted is the hash of the entry with the number note.
	note  uint64
	noted string
}

// walk goes from the first entry to the strand's end and returns the first break,
// nil when there is none. What is appended meanwhile lies behind the end that was
// read, and is left for the next time.
func (w *strandWalk) walk() (*AuditBreak, error) {
	end, err := w.end()
	if err != nil {
		return nil, err
	}
	if broken, err := w.follow(end); broken != nil || err != nil {
		return broken, err
	}
	switch {
	case end == nil:
		return w.breakAt(AuditNoEnd), nil
	case w.last.Seq < end.Seq && w.last.Hash == end.Hash, w.last.Seq == end.Seq && w.last.Hash != end.Hash:
		return w.breakAt(AuditEnd), nil
	case w.last.Seq < end.Seq:
		return w.missing(nil)
	}
	return w.beyond()
}

// end reads the strand's end: nil when there is none, or none that can be read.
func (w *strandWalk) end() (*models.AuditStrand, error) {
	var end models.AuditStrand
	err := w.db.Where("strand = ?", w.strand).Take(&end).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || isUnreadable(err) {
		return nil, nil
	}
	return &end, err
}

// follow proves entry after entry up to the end.
func (w *strandWalk) follow(end *models.AuditStrand) (*AuditBreak, error) {
	for {
		query := w.db.Where("strand = ? AND seq > ?", w.strand, w.last.Seq).Order("seq").Limit(w.batch)
		if end != nil {
			query = query.Where("seq <= ?", end.Seq)
		}
		var entries []models.AuditEntry
		err := query.Find(&entries).Error
		switch {
		case isUnreadable(err) && w.batch > 1:
			w.batch = 1 // to find out which of them it is
			continue
		case isUnreadable(err):
			broken := w.breakAt(AuditAltered)
			broken.Seq++
			return broken, nil
		case err != nil || len(entries) == 0:
			return nil, err
		}
		for _, entry := range entries {
			if broken, err := w.step(entry); broken != nil || err != nil {
				return broken, err
			}
		}
	}
}

// step proves the next entry.
func (w *strandWalk) step(entry models.AuditEntry) (*AuditBreak, error) {
	if entry.Seq != w.last.Seq+1 {
		return w.missing(&entry)
	}
	if entry.Hash != HashEntry(w.last.Hash, entry) {
		broken, err := w.missing(&entry)
		if broken != nil && broken.Fault == AuditMissing {
			broken.Fault = AuditAltered
		}
		return broken, err
	}
	w.last = entry
	if entry.Seq == w.note {
		w.noted = entry.Hash
	}
	return nil, nil
}

// breakAt returns a break at the last entry that is proved.
func (w *strandWalk) breakAt(fault AuditFault) *AuditBreak {
	return &AuditBreak{Strand: w.strand, Seq: int64(w.last.Seq), At: w.last.At, Fault: fault}
}

// missing returns the break where the next entry is not: it is looked for under
// all other numbers. There may be another one in its place, or behind it.
func (w *strandWalk) missing(instead *models.AuditEntry) (*AuditBreak, error) {
	broken := w.breakAt(AuditMissing)
	broken.Seq++
	if instead != nil {
		broken.At = instead.At
	}
	for at := w.last.Seq; ; {
		var entries []models.AuditEntry
		err := w.db.Where("strand = ? AND seq > ?", w.strand, at).Order("seq").Limit(verifyBatch).Find(&entries).Error
		if len(entries) == 0 || isUnreadable(err) {
			return broken, nil
		}
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			at = entry.Seq
			if entry.Seq = w.last.Seq + 1; at != entry.Seq && entry.Hash == HashEntry(w.last.Hash, entry) {
				broken.Fault, broken.Found, broken.At = AuditMoved, int64(at), entry.At
				return broken, nil
			}
		}
	}
}

// beyond finds what stands outside of the strand: with its end read in the same
// statement, since writers move it.
func (w *strandWalk) beyond() (*AuditBreak, error) {
	var found []AuditBreak
	err := w.db.Table("audit_entries e").Select("e.strand, e.seq, e.at").
		Joins("JOIN audit_strands s ON s.strand = e.strand").
		Where("e.strand = ? AND (e.seq < 1 OR e.seq > s.seq)", w.strand).Order("e.seq").Limit(1).Find(&found).Error
	if err != nil || len(found) == 0 {
		return nil, err
	}
	found[0].Fault = AuditInserted
	return &found[0], nil
}

// isUnreadable tells whether a row holds what its column cannot: SQLite keeps
// whatever it is given. It is no error of the database's, nor of the connection.
func isUnreadable(err error) bool {
	var refused *mysql.MySQLError
	return err != nil && !errors.Is(err, gorm.ErrRecordNotFound) && !isContextError(err) && !isOutage(err) &&
		!errors.As(err, &refused) && sqliteCode(err) == 0
}
