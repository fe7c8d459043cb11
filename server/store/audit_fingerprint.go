package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sundial/models"
)

// Fingerprint stands for the audit log as it was at one time: how many entries
// each strand had, and a digest of the hashes of their last ones. Noted down
// where the database's owner cannot write, it proves later that the log still
// begins with what it had then. The zero Fingerprint is none.
type Fingerprint struct {
	seqs   []uint64
	digest string
}

// fingerprintOf takes the fingerprint of the ends of strands, in their order.
func fingerprintOf(ends []models.AuditStrand) Fingerprint {
	f := Fingerprint{seqs: make([]uint64, len(ends))}
	digest := sha256.New()
	for i, end := range ends {
		f.seqs[i] = end.Seq
		if end.Seq > 0 {
			fmt.Fprintf(digest, "%d %d %s\n", i, end.Seq, end.Hash)
		}
	}
	f.digest = hex.EncodeToString(digest.Sum(nil))
	return f
}

// String writes the fingerprint on one line: the numbers of entries with dots
// between them, those of empty strands at the end left out, a colon and the
// digest.
func (f Fingerprint) String() string {
	last := 1
	for i, seq := range f.seqs {
		if seq > 0 {
			last = i + 1
		}
	}
	numbers := make([]string, 0, last)
	for _, seq := range f.seqs[:min(last, len(f.seqs))] {
		numbers = append(numbers, strconv.FormatUint(seq, 10))
	}
	return strings.Join(numbers, ".") + ":" + f.digest
}

var fingerprintForm = regexp.MustCompile(`^\d{1,18}(\.\d{1,18})*:[0-9a-f]{64}$`)

// ParseFingerprint reads what String wrote; false when it is nothing of the kind.
func ParseFingerprint(text string) (Fingerprint, bool) {
	if !fingerprintForm.MatchString(text) {
		return Fingerprint{}, false
	}
	numbers, digest, _ := strings.Cut(text, ":")
	f := Fingerprint{digest: digest}
	for number := range strings.SplitSeq(numbers, ".") {
		seq, err := strconv.ParseUint(number, 10, 64)
		if err != nil || len(f.seqs) == AuditStrands {
			return Fingerprint{}, false
		}
		f.seqs = append(f.seqs, seq)
	}
	return f, true
}

// seq returns the number of entries that the strand had.
func (f Fingerprint) seq(strand int) uint64 {
	if strand >= len(f.seqs) {
		return 0
	}
	return f.seqs[strand]
}

// begins tells whether the fingerprint is that of a log with the hashes: those
// that the entries with its numbers have now, strand by strand.
func (f Fingerprint) begins(hashes []string) bool {
	ends := make([]models.AuditStrand, len(hashes))
	for i, hash := range hashes {
		ends[i] = models.AuditStrand{Seq: f.seq(i), Hash: hash}
	}
	return f.digest == "" || fingerprintOf(ends).digest == f.digest
}
