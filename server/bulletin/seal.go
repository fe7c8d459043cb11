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

// hashOf returns the SHA-256 of what is published, in hexadecimal digits.
func hashOf(row models.Bulletin) string {
	sum := sha256.Sum256([]byte(encoded(sealed{row.Series, row.Edition, row.UnitID, row.Year, row.AsOf, row.Policy, row.RoundID, row.Title, row.Number,
		row.Change, row.PublishedOn, row.Settings, row.Words, row.Data})))
	return hex.EncodeToString(sum[:])
}

// deed is what the audit log tells of a publication.
type deed struct {
	Series  string `json:"series"`
	Edition int    `json:"issue"`
	Hash    string `json:"hash"`
}

// sealOf reads what the log has of the publication. An entry that does not fit behind the
// one before it was changed by hand, and counts for nothing.
func sealOf(tx *gorm.DB, row models.Bulletin) (Seal, error) {
	seal := Seal{Published: row.Hash, Now: hashOf(row)}
	var entries []models.AuditEntry
	err := tx.Where("object = ? AND object_id = ? AND action = ?", "bulletin", row.ID, "publish").Order("at, strand, seq").Find(&entries).Error
	if err != nil || len(entries) != 1 {
		return seal, store.Translate(err)
	}
	var before string
	if entries[0].Seq > 1 {
		err := tx.Model(&models.AuditEntry{}).Where("strand = ? AND seq = ?", entries[0].Strand, entries[0].Seq-1).Pluck("hash", &before).Error
		if err != nil {
			return seal, fmt.Errorf("audit entry of bulletin %d: %w", row.ID, store.Translate(err))
		}
	}
	var done deed
	if store.HashEntry(before, entries[0]) == entries[0].Hash && json.Unmarshal([]byte(entries[0].Detail), &done) == nil {
		seal.Logged = done.Hash
	}
	return seal, nil
}
