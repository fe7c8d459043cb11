package store

import (
	"fmt"

	"gorm.io/gorm"
)

// migrateSupervision adds what an office does with the board: messages, tasks of
// policies, urges, inspections with their findings, and bulletins. Points lost can name
// the finding for which they are, and findings can be put right.
func migrateSupervision(tx *gorm.DB) error {
	for _, table := range []any{
		&message5{}, &inboxEntry5{}, &task5{}, &taskShare5{}, &taskStep5{}, &urge5{}, &urgeItem5{}, &urgeStep5{}, &urgeRule5{},
		&inspection5{}, &inspectionUnit5{}, &finding5{}, &caseFile5{}, &bulletin5{},
	} {
		if err := createTable(tx, table); err != nil {
			return fmt.Errorf("create table of %T: %w", table, err)
		}
	}
	if err := addColumns(tx, &sheetMark5{}); err != nil {
		return fmt.Errorf("add columns of %T: %w", &sheetMark5{}, err)
	}
	return widenRectifications(tx)
}
