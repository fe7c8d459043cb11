package store

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
)

// migrateYearOfWork adds what a year of reports, decisions and administration
// needs: evidence, drafts, two levels, extensions, closings, editions of
// policies, the history of units, entered notices, invitations and the chained
// audit log.
func migrateYearOfWork(tx *gorm.DB) error {
	for _, table := range []any{
		&policyEdition2{}, &unitChange2{}, &draft2{}, &evidenceFile2{}, &attachment2{}, &linkCheck2{}, &extension2{},
		&closing2{}, &closingException2{}, &calendarNotice2{}, &invitation2{}, &auditStrand2{},
	} {
		if err := createTable(tx, table); err != nil {
			return fmt.Errorf("create table of %T: %w", table, err)
		}
	}
	for _, table := range []any{&unit2{}, &user2{}, &policy2{}, &duty2{}, &dutyChange2{}, &report2{}, &exemption2{}, &tally2{}} {
		if err := addColumns(tx, table); err != nil {
			return fmt.Errorf("add columns of %T: %w", table, err)
		}
	}
	for _, step := range []func(*gorm.DB) error{allowExemptionsAnew, firstEditions, firstUnitChanges, chainLog} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
}

// addColumns adds the columns of a frozen struct that its table lacks, and its
// indexes.
func addColumns(tx *gorm.DB, frozen any) error {
	statement := &gorm.Statement{DB: tx}
	if err := statement.Parse(frozen); err != nil {
		return err
	}
	for _, field := range statement.Schema.Fields {
		if field.DBName == "" || field.PrimaryKey || tx.Migrator().HasColumn(frozen, field.DBName) {
			continue
		}
		if err := tx.Migrator().AddColumn(frozen, field.DBName); err != nil {
			return err
		}
	}
	return createTable(tx, frozen)
}

// allowExemptionsAnew lets a duty have another exemption after one was revoked.
func allowExemptionsAnew(tx *gorm.DB) error {
	schema := tx.Migrator()
	// MySQL wants an index for the foreign key at all times.
	if !schema.HasIndex(&exemption2{}, "idx_exemptions_of_duty") {
		if err := schema.CreateIndex(&exemption2{}, "idx_exemptions_of_duty"); err != nil {
			return fmt.Errorf("index exemptions: %w", err)
		}
	}
	if schema.HasIndex(&exemption2{}, "idx_exemptions_duty") {
		if err := schema.DropIndex(&exemption2{}, "idx_exemptions_duty"); err != nil {
			return fmt.Errorf("drop index of exemptions: %w", err)
		}
	}
	return nil
}

// firstEditions makes the first edition of every policy.
func firstEditions(tx *gorm.DB) error {
	err := tx.Exec("INSERT INTO policy_editions (policy_id, edition, source, reason, loaded_at, known_on)" +
		" SELECT p.id, 1, p.source, '', p.loaded_at, '0001-01-02' FROM policies p" +
		" WHERE NOT EXISTS (SELECT 1 FROM policy_editions e WHERE e.policy_id = p.id)").Error
	if err != nil {
		return fmt.Errorf("first editions: %w", err)
	}
	return nil
}

// firstUnitChanges begins the history of every unit.
func firstUnitChanges(tx *gorm.DB) error {
	err := tx.Exec("INSERT INTO unit_changes (unit_id, known_on, known_until, name, name_en, kind, class, parent_id, path, position, opened_on, closed_on)" +
		" SELECT u.id, '0001-01-02', '9999-12-31', u.name, u.name_en, u.kind, u.class, u.parent_id, u.path, u.position, u.opened_on, u.closed_on FROM units u" +
		" WHERE NOT EXISTS (SELECT 1 FROM unit_changes c WHERE c.unit_id = u.id)").Error
	if err != nil {
		return fmt.Errorf("first unit changes: %w", err)
	}
	return nil
}

// chainLog begins the strands and moves the log so far, in its order, into the
// first one. Every step can be the one that an interrupted run stopped at.
func chainLog(tx *gorm.DB) error {
	schema := tx.Migrator()
	for strand := range AuditStrands {
		err := tx.Exec("INSERT INTO audit_strands (strand, seq, hash) SELECT ?, 0, '' FROM (SELECT 1 AS one) o"+
			" WHERE NOT EXISTS (SELECT 1 FROM audit_strands a WHERE a.strand = ?)", strand, strand).Error
		if err != nil {
			return fmt.Errorf("begin strand %d: %w", strand, err)
		}
	}
	if schema.HasTable(&auditEntry1{}) && schema.HasColumn(&auditEntry1{}, "id") {
		if err := copyLog(tx); err != nil {
			return err
		}
		if err := schema.DropTable(&auditEntry1{}); err != nil {
			return fmt.Errorf("drop old audit log: %w", err)
		}
	}
	if schema.HasTable(&auditEntry2{}) {
		if err := schema.RenameTable(&auditEntry2{}, "audit_entries"); err != nil {
			return fmt.Errorf("rename audit log: %w", err)
		}
	}
	return nil
}

// copyLog writes the old entries into the new table, which it makes anew.
func copyLog(tx *gorm.DB) error {
	schema := tx.Migrator()
	if schema.HasTable(&auditEntry2{}) {
		if err := schema.DropTable(&auditEntry2{}); err != nil {
			return fmt.Errorf("drop half a copy of the audit log: %w", err)
		}
	}
	if err := schema.CreateTable(&auditEntry2{}); err != nil {
		return fmt.Errorf("create audit log: %w", err)
	}
	var last uint64
	end := auditStrand2{}
	for {
		var old []auditEntry1
		if err := tx.Where("id > ?", last).Order("id").Limit(auditBatch).Find(&old).Error; err != nil {
			return fmt.Errorf("read old audit log: %w", err)
		}
		if len(old) == 0 {
			break
		}
		fresh := make([]auditEntry2, len(old))
		for i, e := range old {
			fresh[i] = chained(&end, e)
		}
		if err := tx.Create(&fresh).Error; err != nil {
			return fmt.Errorf("copy audit log: %w", err)
		}
		last = old[len(old)-1].ID
	}
	if err := tx.Exec("UPDATE audit_strands SET seq = ?, hash = ? WHERE strand = 0", end.Seq, end.Hash).Error; err != nil {
		return fmt.Errorf("end of old audit log: %w", err)
	}
	return nil
}

// chained returns an old entry as the next one of the strand.
func chained(end *auditStrand2, e auditEntry1) auditEntry2 {
	fresh := auditEntry2{Seq: end.Seq + 1, At: Instant(e.At), UserID: e.UserID, UserName: e.UserName, Action: e.Action, Object: e.Object,
		ObjectID: e.ObjectID, UnitID: e.UnitID, Changes: "{}", Detail: e.Detail}
	fresh.Hash = HashEntry(end.Hash, models.AuditEntry{Seq: fresh.Seq, At: fresh.At, UserID: fresh.UserID, UserName: fresh.UserName,
		Action: fresh.Action, Object: fresh.Object, ObjectID: fresh.ObjectID, UnitID: fresh.UnitID, Changes: fresh.Changes, Detail: fresh.Detail})
	end.Seq, end.Hash = fresh.Seq, fresh.Hash
	return fresh
}
