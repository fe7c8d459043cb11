package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// record writes one audit entry, in a write of its own.
func record(t *testing.T, s *store.Store, n int) {
	t.Helper()
	user, unit := uint64(n%3+1), uint64(n%5+1)
	entry := models.AuditEntry{At: instant.Add(time.Duration(n) * time.Minute), UserID: &user, UserName: "王某", Behalf: "济南市", Action: "file",
		Object: "report", ObjectID: uint64(n), UnitID: &unit, Changes: `{"status":[null,"filed"]}`, Detail: `{"title":"实施方案 <1>"}`}
	ctx := store.WithOrigin(t.Context(), store.Origin{Via: "browser", Address: "10.0.0.7"})
	if err := s.Write(ctx, func(tx *gorm.DB) error { return store.Record(tx, entry) }); err != nil {
		t.Fatal(err)
	}
}

// testLog is a log of a few dozen entries over four strands that a test touches,
// and puts back.
type testLog struct {
	*testing.T
	*store.Store
	entries []models.AuditEntry // of strand
	strand  int
	state   store.AuditState
}

func newTestLog(t *testing.T, s *store.Store) *testLog {
	t.Helper()
	s.SetStrands(4)
	for n := range 48 {
		record(t, s, n)
	}
	l := &testLog{T: t, Store: s}
	for strand := range 4 {
		var entries []models.AuditEntry
		if err := s.Read(t.Context()).Where("strand = ?", strand).Order("seq").Find(&entries).Error; err != nil {
			t.Fatal(err)
		}
		if len(entries) > len(l.entries) {
			l.entries, l.strand = entries, strand
		}
	}
	for _, table := range []string{"entries", "strands"} {
		exec(t, s, "CREATE TABLE kept_"+table+" AS SELECT * FROM audit_"+table)
	}
	l.state = l.verify(store.Fingerprint{})
	if len(l.state.Breaks) != 0 || l.state.Entries != 48 || !l.state.Continues {
		t.Fatalf("untouched: %+v, want 48 sound entries", l.state)
	}
	return l
}

func (l *testLog) verify(since store.Fingerprint) store.AuditState {
	l.Helper()
	state, err := l.VerifyAudit(l.Context(), since)
	if err != nil {
		l.Fatal(err)
	}
	return state
}

func (l *testLog) putBack() {
	l.Helper()
	for _, table := range []string{"entries", "strands"} {
		exec(l.T, l.Store, "DELETE FROM audit_"+table)
		exec(l.T, l.Store, "INSERT INTO audit_"+table+" SELECT * FROM kept_"+table)
	}
}

// set changes columns of the entry with the number.
func (l *testLog) set(seq uint64, columns map[string]any) {
	l.Helper()
	err := l.Write(l.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.AuditEntry{}).Where("strand = ? AND seq = ?", l.strand, seq).Updates(columns).Error
	})
	if err != nil {
		l.Fatal(err)
	}
}

// run executes a statement in which S stands for the strand, N for the number of
// its last entry and M for the one before.
func (l *testLog) run(statement string, args ...any) {
	l.Helper()
	last := len(l.entries)
	statement = strings.NewReplacer("{S}", fmt.Sprint(l.strand), "{N}", fmt.Sprint(last), "{M}", fmt.Sprint(last-1)).Replace(statement)
	if err := l.Exec(l.Context(), statement, args...); err != nil {
		l.Fatalf("%s: %v", statement, err)
	}
}

// add inserts an entry that fits behind the one with the number.
func (l *testLog) add(behind models.AuditEntry, strand int, seq uint64) {
	l.Helper()
	forged := behind
	forged.Strand, forged.Seq, forged.At = strand, seq, behind.At.Add(time.Minute)
	forged.Hash = store.HashEntry(behind.Hash, forged)
	if err := l.Write(l.Context(), func(tx *gorm.DB) error { return tx.Create(&forged).Error }); err != nil {
		l.Fatal(err)
	}
}

// wantBreak demands that this is the first break.
func (l *testLog) wantBreak(name string, fault store.AuditFault, seq int) store.AuditBreak {
	l.Helper()
	state := l.verify(store.Fingerprint{})
	if len(state.Breaks) == 0 {
		l.Errorf("%s: nothing is found", name)
		return store.AuditBreak{}
	}
	first := state.Breaks[0]
	if first.Strand != l.strand || first.Seq != int64(seq) || first.Fault != fault {
		l.Errorf("%s: found %s at %s, want %s at %d-%d", name, first.Fault, first.Entry(), fault, l.strand, seq)
	}
	return first
}

// others are values that no entry of the log has.
var others = map[string][]any{
	"at":      {instant.Add(-time.Hour), instant.Add(time.Millisecond)},
	"user_id": {nil, 4711}, "user_name": {"", "李某"}, "behalf": {"青岛市"}, "via": {"token"}, "address": {"10.0.0.8"},
	"action": {"verify"}, "object": {"duty"}, "object_id": {4711}, "unit_id": {nil, 4711},
	"changes": {"{}", `{"status":[null,"verified"]}`}, "detail": {"{}"}, "hash": {strings.Repeat("0", 64), ""},
}

func TestVerifyAuditNamesAnAlteredEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := newTestLog(t, s)
		for _, column := range columns(t, s, "audit_entries") {
			if column == "strand" || column == "seq" {
				continue // see the next test
			}
			if len(others[column]) == 0 {
				t.Errorf("column %s is not altered here", column)
			}
			for _, value := range others[column] {
				for _, seq := range []int{1, 3, len(l.entries)} {
					l.set(uint64(seq), map[string]any{column: value})
					l.wantBreak(fmt.Sprintf("%s of entry %d is %v", column, seq, value), store.AuditAltered, seq)
					l.putBack()
				}
			}
		}
		if s.Dialect() == store.SQLite {
			for _, statement := range []string{"UPDATE audit_entries SET at = 'never' WHERE strand = {S} AND seq = 3",
				"UPDATE audit_entries SET unit_id = 'nobody' WHERE strand = {S} AND seq = 3"} {
				l.run(statement)
				l.wantBreak(statement, store.AuditAltered, 3)
				l.putBack()
			}
		}
	})
}

func TestVerifyAuditNamesWhatWasTouched(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := newTestLog(t, s)
		n := len(l.entries)
		third, last := l.entries[2], l.entries[n-1]
		for _, c := range []struct {
			name  string
			touch func()
			fault store.AuditFault
			seq   int
		}{
			{"first deleted", func() { l.run("DELETE FROM audit_entries WHERE strand = {S} AND seq = 1") }, store.AuditMissing, 1},
			{"middle deleted", func() { l.run("DELETE FROM audit_entries WHERE strand = {S} AND seq IN (3, 4)") }, store.AuditMissing, 3},
			{"last deleted", func() { l.run("DELETE FROM audit_entries WHERE strand = {S} AND seq = {N}") }, store.AuditMissing, n},
			{"all deleted", func() { l.run("DELETE FROM audit_entries WHERE strand = {S}") }, store.AuditMissing, 1},
			{"deleted and closed up", func() {
				l.run("DELETE FROM audit_entries WHERE strand = {S} AND seq = 3")
				for seq := 4; seq <= n; seq++ {
					l.run(fmt.Sprintf("UPDATE audit_entries SET seq = %d WHERE strand = {S} AND seq = %d", seq-1, seq))
				}
			}, store.AuditAltered, 3},
			{"inserted behind the end", func() { l.add(last, l.strand, uint64(n+1)) }, store.AuditInserted, n + 1},
			{"inserted far behind the end", func() { l.add(last, l.strand, uint64(n+9)) }, store.AuditInserted, n + 9},
			{"inserted before the first", func() { l.add(last, l.strand, 0) }, store.AuditInserted, 0},
			{"inserted instead of another", func() {
				l.run("DELETE FROM audit_entries WHERE strand = {S} AND seq = 3")
				l.add(last, l.strand, 3)
			}, store.AuditAltered, 3},
			{"numbers swapped", func() {
				l.run("UPDATE audit_entries SET seq = 999 WHERE strand = {S} AND seq = 3")
				l.run("UPDATE audit_entries SET seq = 3 WHERE strand = {S} AND seq = 5")
				l.run("UPDATE audit_entries SET seq = 5 WHERE strand = {S} AND seq = 999")
			}, store.AuditMoved, 3},
			{"last two swapped", func() {
				l.run("UPDATE audit_entries SET seq = 999 WHERE strand = {S} AND seq = {N}")
				l.run("UPDATE audit_entries SET seq = {N} WHERE strand = {S} AND seq = {M}")
				l.run("UPDATE audit_entries SET seq = {M} WHERE strand = {S} AND seq = 999")
			}, store.AuditMoved, n - 1},
			{"put behind the end", func() { l.run("UPDATE audit_entries SET seq = 999 WHERE strand = {S} AND seq = {N}") }, store.AuditMoved, n},
			{"contents swapped", func() {
				l.set(3, map[string]any{"object_id": l.entries[4].ObjectID, "at": l.entries[4].At})
				l.set(5, map[string]any{"object_id": third.ObjectID, "at": third.At})
			}, store.AuditAltered, 3},
			{"altered with its hash", func() {
				forged := third
				forged.Action = "verify"
				l.set(3, map[string]any{"action": "verify", "hash": store.HashEntry(l.entries[1].Hash, forged)})
			}, store.AuditAltered, 4},
			{"last altered with its hash", func() {
				forged := last
				forged.Action = "verify"
				l.set(uint64(n), map[string]any{"action": "verify", "hash": store.HashEntry(l.entries[n-2].Hash, forged)})
			}, store.AuditEnd, n},
			{"end says more", func() { l.run("UPDATE audit_strands SET seq = seq + 1 WHERE strand = {S}") }, store.AuditEnd, n},
			{"end says less", func() { l.run("UPDATE audit_strands SET seq = seq - 1 WHERE strand = {S}") }, store.AuditEnd, n - 1},
			{"end says nothing", func() { l.run("UPDATE audit_strands SET seq = 0, hash = '' WHERE strand = {S}") }, store.AuditInserted, 1},
			{"end of another hash", func() { l.run("UPDATE audit_strands SET hash = ? WHERE strand = {S}", third.Hash) }, store.AuditEnd, n},
			{"end deleted", func() { l.run("DELETE FROM audit_strands WHERE strand = {S}") }, store.AuditNoEnd, n},
		} {
			c.touch()
			first := l.wantBreak(c.name, c.fault, c.seq)
			if c.fault == store.AuditMoved && first.Found == 0 {
				t.Errorf("%s: not said where the entry is", c.name)
			}
			l.putBack()
		}
		l.add(last, store.AuditStrands, 1)
		l.strand = store.AuditStrands
		l.wantBreak("a strand that is none", store.AuditInserted, 1)
		l.putBack()
		if state := l.verify(store.Fingerprint{}); len(state.Breaks) != 0 {
			t.Errorf("put back: %+v", state.Breaks)
		}
	})
}

func TestVerifyAuditNamesTheEarliestBreakFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := newTestLog(t, s)
		var late, early models.AuditEntry
		if err := errors.Join(s.Read(t.Context()).Order("at DESC").Take(&late).Error,
			s.Read(t.Context()).Where("strand <> ?", late.Strand).Order("at").Take(&early).Error); err != nil {
			t.Fatal(err)
		}
		for _, entry := range []models.AuditEntry{late, early} {
			if err := s.Exec(t.Context(), "UPDATE audit_entries SET user_name = 'x' WHERE strand = ? AND seq = ?", entry.Strand, entry.Seq); err != nil {
				t.Fatal(err)
			}
		}
		want := []store.AuditBreak{
			{Strand: early.Strand, Seq: int64(early.Seq), At: early.At, Fault: store.AuditAltered},
			{Strand: late.Strand, Seq: int64(late.Seq), At: late.At, Fault: store.AuditAltered},
		}
		if diff := cmp.Diff(want, l.verify(store.Fingerprint{}).Breaks); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// Who can write to the whole database can make another sound log; not one that
// fits a fingerprint that was noted elsewhere.
func TestFingerprintProvesTheBeginning(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := newTestLog(t, s)
		text := l.state.Fingerprint.String()
		noted, ok := store.ParseFingerprint(text)
		if !ok || noted.String() != text {
			t.Fatalf("fingerprint %s is read as %s", text, noted)
		}
		for n := range 8 {
			record(t, s, 100+n)
		}
		if state := l.verify(noted); !state.Continues || len(state.Breaks) != 0 || state.Entries != 56 {
			t.Errorf("after more entries: %+v, want a continued log", state)
		}
		l.putBack()
		rewrite := func(name string, entries []models.AuditEntry) {
			err := s.Write(t.Context(), func(tx *gorm.DB) error {
				if err := tx.Where("strand = ?", l.strand).Delete(&models.AuditEntry{}).Error; err != nil {
					return err
				}
				before := ""
				for i := range entries {
					entries[i].Seq = uint64(i + 1)
					entries[i].Hash = store.HashEntry(before, entries[i])
					before = entries[i].Hash
				}
				if err := tx.Create(&entries).Error; err != nil {
					return err
				}
				return tx.Model(&models.AuditStrand{}).Where("strand = ?", l.strand).Updates(map[string]any{"seq": len(entries), "hash": before}).Error
			})
			if err != nil {
				t.Fatal(err)
			}
			if state := l.verify(store.Fingerprint{}); len(state.Breaks) != 0 || !state.Continues {
				t.Fatalf("%s: the forgery is not sound: %+v", name, state)
			}
			if state := l.verify(noted); state.Continues {
				t.Errorf("%s: passes for the log of the fingerprint", name)
			}
			l.putBack()
		}
		rewrite("last entry gone", append([]models.AuditEntry{}, l.entries[:len(l.entries)-1]...))
		rewrite("first entry gone", append([]models.AuditEntry{}, l.entries[1:]...))
		other := append([]models.AuditEntry{}, l.entries...)
		other[0].UserName = "李某"
		rewrite("first entry altered", other)
	})
}

func TestParseFingerprintRefuses(t *testing.T) {
	digest := strings.Repeat("0a", 32)
	for _, text := range []string{"", ":", digest, ":" + digest, "1:", "1:" + digest[1:], "1:" + strings.ToUpper(digest), "1..2:" + digest, "-1:" + digest,
		"1:" + digest + "\n", strings.Repeat("1.", store.AuditStrands) + "1:" + digest, "9999999999999999999:" + digest} {
		if f, ok := store.ParseFingerprint(text); ok {
			t.Errorf("%q is read as %s", text, f)
		}
	}
	if f, ok := store.ParseFingerprint("0:" + digest); !ok || f.String() != "0:"+digest {
		t.Errorf("an empty log's fingerprint is read as %s", f)
	}
}

// Two opened stores are two processes. What rolls back or runs again leaves
// neither gap nor double.
func TestConcurrentWritersChainWithoutGaps(t *testing.T) {
	eachEmpty(t, func(t *testing.T, again func() *store.Store) {
		first, second := again(), again()
		if err := first.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		const writers, rounds = 8, 12
		done := make(chan int)
		for w := range 2 * writers {
			s := []*store.Store{first, second}[w%2]
			go func() { done <- writeMixed(t, s, w, rounds) }()
		}
		written := 0
		for range 2 * writers {
			written += <-done
		}
		state, err := second.VerifyAudit(t.Context(), store.Fingerprint{})
		if err != nil || len(state.Breaks) != 0 {
			t.Fatalf("breaks %+v, error %v", state.Breaks, err)
		}
		if state.Entries != uint64(written) || written == 0 {
			t.Errorf("%d entries of %d that were committed", state.Entries, written)
		}
	})
}

// writeMixed commits, rolls back and runs again by turns; it returns how many
// entries it committed.
func writeMixed(t *testing.T, s *store.Store, writer, rounds int) (committed int) {
	refused := errors.New("refused")
	// Too long a word is refused by MySQL only once the strand is locked.
	tooLong := strings.Repeat("x", 65)
	for round := range rounds {
		entries, runs := 1+rand.N(3), 0
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			runs++
			for n := range entries {
				entry := models.AuditEntry{At: instant, Action: "try", Object: fmt.Sprintf("%d-%d", writer, round), ObjectID: uint64(n)}
				if err := store.Record(tx, entry); err != nil {
					return err
				}
			}
			switch {
			case round%4 == 0 && s.Dialect() == store.MySQL:
				return store.Record(tx, models.AuditEntry{At: instant, Action: tooLong, Object: "x"})
			case round%4 == 1:
				return refused
			case round%4 == 2 && runs == 1:
				return &mysql.MySQLError{Number: 1213}
			}
			return nil
		})
		switch {
		case round%4 == 0 && s.Dialect() == store.MySQL && err != nil:
		case round%4 == 1 && errors.Is(err, refused):
		case err != nil:
			t.Errorf("write %d of writer %d: %v", round, writer, err)
		default:
			committed += entries
		}
	}
	return committed
}
