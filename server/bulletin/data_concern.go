package bulletin

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/supervision"
)

// concern tells of what units are urged for, and of duties in which something was found,
// whether it belongs to the bulletin: to its year and, when it has one, to its policy.
type concern map[supervision.UrgeRef]bool

// concernBatch is how many ids one statement has.
const concernBatch = 500

// concernOf asks for the things. A duty belongs to the years on whose boards it stands and
// to the policy of its obligation. A task has no year: it belongs to the policy of the
// bulletin, or to any of those that the bulletin is judged by. A rectification belongs to
// the year of its inspection or round; of one policy, when its finding is about a duty of it.
func (q question) concernOf(tx *gorm.DB, policies []string, refs []supervision.UrgeRef) (concern, error) {
	found := concern{}
	for _, source := range []struct {
		object models.UrgeObject
		query  func() *gorm.DB
	}{{models.UrgeDuty, func() *gorm.DB { return q.duties(tx) }}, {models.UrgeTask, func() *gorm.DB { return tasksOf(tx, policies) }},
		{models.UrgeRectification, func() *gorm.DB { return q.rectifications(tx) }}} {
		var ids []uint64
		for _, ref := range refs {
			if ref.Object == source.object {
				ids = append(ids, ref.ID)
			}
		}
		slices.Sort(ids)
		for some := range slices.Chunk(slices.Compact(ids), concernBatch) {
			var belong []uint64
			if err := source.query().Where("x.id IN ?", some).Pluck("x.id", &belong).Error; err != nil {
				return nil, fmt.Errorf("what belongs to a bulletin, %s: %w", source.object, store.Translate(err))
			}
			for _, id := range belong {
				found[supervision.UrgeRef{Object: source.object, ID: id}] = true
			}
		}
	}
	return found, nil
}

// duties are those x of the year, 0 for any, and, when there is one, the policy.
func (q question) duties(tx *gorm.DB) *gorm.DB {
	query := tx.Table("duties x")
	if q.year != 0 {
		query = query.Where("x.year <= ? AND x.until_year >= ?", q.year, q.year)
	}
	if q.policy == "" {
		return query
	}
	return query.Joins("JOIN obligations o ON o.id = x.obligation_id").Joins("JOIN policies p ON p.id = o.policy_id").Where("p.code = ?", q.policy)
}

// tasksOf are the parts x in tasks of the policies.
func tasksOf(tx *gorm.DB, policies []string) *gorm.DB {
	return tx.Table("task_shares x").Joins("JOIN tasks t ON t.id = x.task_id").Joins("JOIN policies p ON p.id = t.policy_id").Where("p.code IN ?", policies)
}

// rectifications are those x of the year's inspections and rounds; with a policy those of
// findings about its duties.
func (q question) rectifications(tx *gorm.DB) *gorm.DB {
	query := tx.Table("rectifications x").Joins("LEFT JOIN findings f ON f.id = x.finding_id").Joins("LEFT JOIN inspections i ON i.id = f.inspection_id").
		Joins("LEFT JOIN rounds r ON r.id = x.round_id").Where("(i.year = ? OR r.year = ?)", q.year, q.year)
	if q.policy == "" {
		return query
	}
	return query.Joins("JOIN duties d ON d.id = f.duty_id").Joins("JOIN obligations o ON o.id = d.obligation_id").
		Joins("JOIN policies p ON p.id = o.policy_id").Where("p.code = ?", q.policy)
}
