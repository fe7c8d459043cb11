package notify

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/rbac"
	"sundial/server/store"
)

// object is a kind of objects that messages lead to.
type object struct {
	table string
	// page is the column of the table o by which the page is found: the id of the object
	// itself or of what it belongs to, or its public name.
	page string
	// read is the permission that opens the page, at one of the units u that a join names.
	read  rbac.Permission
	joins []string
	// public are the objects that everybody may read; without one there are none.
	public string
}

// Where the units of an object stand.
const (
	ofUnit   = "JOIN units u ON u.id = o.unit_id"
	ofOffice = "JOIN units u ON u.id = o.office_id"
	ofRound  = "JOIN rounds r ON r.id = o.round_id JOIN units u ON u.id = r.unit_id"
)

func reading(object string) rbac.Permission { return rbac.Permission{Object: object, Action: "read"} }

// objects are those to which messages lead, by the names of the audit log. A closed period
// has no page: its message leads home.
var objects = map[string]object{
	"report":        {"reports", "o.duty_id", reading("duty"), []string{ofUnit}, ""},
	"duty":          {"duties", "o.id", reading("duty"), []string{ofUnit}, ""},
	"period":        {},
	"round":         {"rounds", "o.id", reading("score"), []string{ofUnit, "JOIN sheets s ON s.round_id = o.id JOIN units u ON u.id = s.unit_id"}, ""},
	"sheet":         {"sheets", "o.id", reading("score"), []string{ofUnit, ofRound}, ""},
	"appeal":        {"appeals", "o.id", reading("score"), []string{ofUnit, ofRound}, ""},
	"rectification": {"rectifications", "o.id", reading("rectification"), []string{ofUnit, ofOffice}, ""},
	"task":          {"tasks", "o.id", reading("task"), []string{ofUnit, "JOIN task_shares s ON s.task_id = o.id JOIN units u ON u.id = s.unit_id"}, ""},
	"task-share":    {"task_shares", "o.task_id", reading("task"), []string{ofUnit, "JOIN tasks t ON t.id = o.task_id JOIN units u ON u.id = t.unit_id"}, ""},
	"urge":          {"urges", "o.id", reading("urge"), []string{ofUnit, ofOffice}, ""},
	"inspection": {"inspections", "o.id", reading("inspection"), []string{ofUnit,
		"JOIN inspection_units s ON s.inspection_id = o.id JOIN units u ON u.id = s.unit_id"}, ""},
	"finding":  {"findings", "o.id", reading("inspection"), []string{ofUnit, "JOIN inspections i ON i.id = o.inspection_id JOIN units u ON u.id = i.unit_id"}, ""},
	"bulletin": {table: "bulletins", page: "o.series", public: "o.status = 'published'"},
}

// lead tells of the items to which page they lead the reader, for those whose object is
// there and is theirs to read.
func lead(tx *gorm.DB, access rbac.Access, items []Item) error {
	ids := map[string][]uint64{}
	for _, item := range items {
		ids[item.Message.Object] = append(ids[item.Message.Object], item.Message.ObjectID)
	}
	pages := map[string]map[uint64]string{}
	for name, wanted := range ids {
		var err error
		if pages[name], err = objects[name].pages(tx, access, wanted); err != nil {
			return fmt.Errorf("objects %s of inbox: %w", name, err)
		}
	}
	for i := range items {
		m := items[i].Message
		page, found := pages[m.Object][m.ObjectID]
		items[i].Page, items[i].Gone = page, !found
	}
	return nil
}

// pages returns the ids of the pages of the objects that the reader may open.
func (o object) pages(tx *gorm.DB, access rbac.Access, ids []uint64) (map[uint64]string, error) {
	pages := map[uint64]string{}
	if o.table == "" {
		for _, id := range ids {
			pages[id] = "/"
		}
		return pages, nil
	}
	found := func() *gorm.DB { return tx.Table(o.table+" o").Where("o.id IN ?", ids) }
	var queries []*gorm.DB
	if o.public != "" {
		queries = append(queries, found().Where(o.public))
	}
	scope := access.Scope(o.read.Object, o.read.Action)
	for _, join := range o.joins {
		queries = append(queries, scope.Where(found().Joins(join), "u.path"))
	}
	for _, query := range queries {
		var rows []struct {
			ID   uint64
			Page string
		}
		if err := query.Distinct("o.id", o.page+" AS page").Find(&rows).Error; err != nil {
			return nil, store.Translate(err)
		}
		for _, row := range rows {
			pages[row.ID] = row.Page
		}
	}
	return pages, nil
}
