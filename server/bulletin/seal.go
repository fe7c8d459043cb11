package bulletin

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// sealed is all that is published, as its hash covers it; it must never change.
type sealed struct {
	Series      string        `json:"series"`
	Edition     int           `json:"edition"`
	UnitID      uint64        `json:"unit_id"`
	Year        int           `json:"year"`
	AsOf        calendar.Date `json:"as_of"`
	Policy      string        `json:"policy"`
	RoundID     *uint64       `json:"round_id"`
	Title       string        `json:"title"`
	Number      string        `json:"number"`
	Change      string        `json:"change"`
	PublishedOn calendar.Date `json:"published_on"`
	Settings    string        `json:"settings"`
	Words       string        `json:"words"`
	Data        string        `json:"data"`
}

// SealedText is all that is published as the hash covers it, byte by byte.
func SealedText(row models.Bulletin) string {
	return encoded(sealed{row.Series, row.Edition, row.UnitID, row.Year, row.AsOf, row.Policy, row.RoundID, row.Title, row.Number,
		row.Change, row.PublishedOn, row.Settings, row.Words, row.Data})
}

// hashOf returns the SHA-256 of what is published, in hexadecimal digits.
func hashOf(row models.Bulletin) string {
	sum := sha256.Sum256([]byte(SealedText(row)))
	return hex.EncodeToString(sum[:])
}

// deed is what the audit log tells of a publication.
type deed struct {
	Series  string `json:"series"`
	Edition int    `json:"issue"`
	Hash    string `json:"hash"`
}

// sealOf reads what the log has of the publication, and of the correction that followed
// it. An entry that does not fit between the one before it and the one behind it was
// changed by hand, and counts for nothing.
func sealOf(tx *gorm.DB, row models.Bulletin) (Seal, error) {
	seal := Seal{Published: row.Hash, Now: hashOf(row)}
	var done deed
	if found, err := logged(tx, row.ID, "publish", &done); err != nil || !found {
		return seal, err
	}
	var later []uint64
	if err := tx.Model(&models.Bulletin{}).Where("series = ? AND edition = ?", row.Series, row.Edition+1).Pluck("id", &later).Error; err != nil {
		return seal, fmt.Errorf("edition behind bulletin %d: %w", row.ID, store.Translate(err))
	}
	for _, id := range later {
		var corrected correction
		if found, err := logged(tx, id, "correct", &corrected); err != nil || !found || corrected.Hash != done.Hash {
			return seal, err
		}
	}
	seal.Logged = done.Hash
	return seal, nil
}

// correction is what the audit log tells of a corrected edition: its number and its hash.
type correction struct {
	Edition int    `json:"issue"`
	Hash    string `json:"hash"`
}

// logged reads the detail of the one entry of an act on a bulletin; found tells that there
// is exactly one and that the chain of the log holds on both its sides.
func logged(tx *gorm.DB, bulletin uint64, act string, detail any) (found bool, err error) {
	var entries []models.AuditEntry
	err = tx.Where("object = ? AND object_id = ? AND action = ?", "bulletin", bulletin, act).Limit(2).Find(&entries).Error
	if err != nil {
		return false, fmt.Errorf("audit entry of bulletin %d: %w", bulletin, store.Translate(err))
	}
	if len(entries) != 1 {
		return false, nil
	}
	if chained, err := isChained(tx, entries[0]); err != nil || !chained {
		return false, err
	}
	return json.Unmarshal([]byte(entries[0].Detail), detail) == nil, nil
}

// isChained tells whether an entry follows from the hash before it, and the next one of its
// strand, or the end of the strand, from its own.
func isChained(tx *gorm.DB, entry models.AuditEntry) (bool, error) {
	var around []models.AuditEntry
	if err := tx.Where("strand = ? AND seq BETWEEN ? AND ?", entry.Strand, entry.Seq-1, entry.Seq+1).Order("seq").Find(&around).Error; err != nil {
		return false, fmt.Errorf("audit entries around %d: %w", entry.Seq, store.Translate(err))
	}
	before, last := "", true
	for _, other := range around {
		switch {
		case other.Seq < entry.Seq:
			before = other.Hash
		case other.Seq > entry.Seq:
			if last = false; store.HashEntry(entry.Hash, other) != other.Hash {
				return false, nil
			}
		}
	}
	if store.HashEntry(before, entry) != entry.Hash {
		return false, nil
	}
	if !last {
		return true, nil
	}
	var ends []models.AuditStrand
	if err := tx.Where("strand = ?", entry.Strand).Find(&ends).Error; err != nil {
		return false, fmt.Errorf("end of strand %d: %w", entry.Strand, store.Translate(err))
	}
	return len(ends) == 1 && ends[0].Seq == entry.Seq && ends[0].Hash == entry.Hash, nil
}
