package audit

import (
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/rules"
	"sundial/server/store"
)

// about adds to the entries what they are about, as far as the reader may see it.
func about(db *gorm.DB, r reader, entries []models.AuditEntry) ([]Entry, error) {
	units, err := unitsOf(db, entries)
	if err != nil {
		return nil, err
	}
	list := make([]Entry, len(entries))
	for i, e := range entries {
		list[i] = Entry{AuditEntry: e, Duty: dutyTold(e)}
		if e.UnitID != nil {
			list[i].Unit = units[*e.UnitID]
		}
		if !r.seesAddress(list[i].Unit) {
			list[i].Address = ""
		}
		if !r.seesContent(e, list[i].Unit) {
			list[i].Changes, list[i].Detail = "{}", "{}"
		}
	}
	if err := findDuties(db, list); err != nil {
		return nil, err
	}
	return list, findNames(db, list)
}

func unitsOf(db *gorm.DB, entries []models.AuditEntry) (map[uint64]*models.Unit, error) {
	var ids []uint64
	for _, e := range entries {
		if e.UnitID != nil {
			ids = append(ids, *e.UnitID)
		}
	}
	var found []models.Unit
	if err := db.Where("id IN ?", ids).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("units of audit log: %w", store.Translate(err))
	}
	units := make(map[uint64]*models.Unit, len(found))
	for i := range found {
		units[found[i].ID] = &found[i]
	}
	return units, nil
}

// dutyTold returns the duty that an entry names itself.
func dutyTold(e models.AuditEntry) uint64 {
	if e.Object == "duty" || e.Object == "trigger" {
		return e.ObjectID
	}
	var detail struct {
		Duty uint64 `json:"duty"`
	}
	if err := json.Unmarshal([]byte(e.Detail), &detail); err != nil {
		return 0
	}
	return detail.Duty
}

// findDuties looks up the duties of what belongs to one and does not say to which.
func findDuties(db *gorm.DB, list []Entry) error {
	for object, table := range ofDuty {
		ids := idsOf(list, object, func(e *Entry) bool { return e.Duty == 0 })
		if len(ids) == 0 {
			continue
		}
		var rows []struct{ ID, DutyID uint64 }
		if err := db.Table(table).Select("id, duty_id").Where("id IN ?", ids).Find(&rows).Error; err != nil {
			return fmt.Errorf("duties of %s: %w", table, store.Translate(err))
		}
		duties := make(map[uint64]uint64, len(rows))
		for _, row := range rows {
			duties[row.ID] = row.DutyID
		}
		for i := range list {
			if e := &list[i]; e.Object == object && e.Duty == 0 {
				e.Duty = duties[e.ObjectID]
			}
		}
	}
	return nil
}

// idsOf returns the ids of the objects of a kind that the test lets through.
func idsOf(list []Entry, object string, test func(*Entry) bool) []uint64 {
	var ids []uint64
	for i := range list {
		if e := &list[i]; e.Object == object && e.ObjectID != 0 && test(e) {
			ids = append(ids, e.ObjectID)
		}
	}
	return ids
}

// named are the objects that have a name, with the query for it.
var named = map[string]string{
	"user":    "SELECT id, name AS zh, name AS en FROM users WHERE id IN ?",
	"unit":    "SELECT id, name AS zh, CASE name_en WHEN '' THEN name ELSE name_en END AS en FROM units WHERE id IN ?",
	"policy":  "SELECT id, title_zh AS zh, CASE title_en WHEN '' THEN title_zh ELSE title_en END AS en FROM policies WHERE id IN ?",
	"notice":  "SELECT id, number AS zh, number AS en FROM calendar_notices WHERE id IN ?",
	"period":  "SELECT id, year AS zh, year AS en FROM closings WHERE id IN ?",
	"person":  "SELECT id, name AS zh, name AS en FROM people WHERE id IN ?",
	"course":  "SELECT id, title AS zh, title AS en FROM courses WHERE id IN ?",
	"plan":    "SELECT id, title AS zh, title AS en FROM training_plans WHERE id IN ?",
	"session": "SELECT id, code AS zh, code AS en FROM training_sessions WHERE id IN ?",
}

const dutyNames = "SELECT d.id, o.title_zh AS zh, CASE o.title_en WHEN '' THEN o.title_zh ELSE o.title_en END AS en" +
	" FROM duties d JOIN obligations o ON o.id = d.obligation_id WHERE d.id IN ?"

// findNames looks up what the objects are called; what belongs to a duty is
// called by what is owed.
func findNames(db *gorm.DB, list []Entry) error {
	var duties []uint64
	for _, e := range list {
		if e.Duty != 0 {
			duties = append(duties, e.Duty)
		}
	}
	names, err := namesOf(db, dutyNames, duties)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Name = names[list[i].Duty]
	}
	for object, query := range named {
		names, err := namesOf(db, query, idsOf(list, object, func(e *Entry) bool { return e.Duty == 0 }))
		if err != nil {
			return err
		}
		for i := range list {
			if name, found := names[list[i].ObjectID]; found && list[i].Object == object {
				list[i].Name = name
			}
		}
	}
	return nil
}

func namesOf(db *gorm.DB, query string, ids []uint64) (map[uint64]rules.Text, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct {
		ID     uint64
		ZH, EN string
	}
	if err := db.Raw(query, ids).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("names of audit log: %w", store.Translate(err))
	}
	names := make(map[uint64]rules.Text, len(rows))
	for _, row := range rows {
		names[row.ID] = rules.Text{ZH: row.ZH, EN: row.EN}
	}
	return names, nil
}
