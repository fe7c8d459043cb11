package store

import (
	"fmt"

	"gorm.io/gorm"
)

// migrateAssessment adds what the yearly score needs: scoring schemes, rounds, sheets
// with their marks, appeals, rectifications and the files that belong to them.
func migrateAssessment(tx *gorm.DB) error {
	for _, table := range []any{
		&scoringScheme4{}, &round4{}, &roundAssessor4{}, &sheet4{}, &sheetMark4{}, &appeal4{}, &rectification4{},
		&rectificationStep4{}, &scoreFile4{}, &scoreImport4{},
	} {
		if err := createTable(tx, table); err != nil {
			return fmt.Errorf("create table of %T: %w", table, err)
		}
	}
	return nil
}
