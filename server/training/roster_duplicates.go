package training

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/store"
)

// Namesakes are people of one name on the rosters of a subtree, with where they
// work, or worked last.
type Namesakes struct {
	Name   string
	People []RosterLine
	// Likely tells that two of them may well be one person: nothing speaks against
	// it, as two ID numbers or two staff numbers would.
	Likely bool
}

// namesakesAtMost bounds the names that are listed.
const namesakesAtMost = 100

// likelyFirst orders names as Duplicates lists them. Two of a name are likely where
// one lacks a staff number and one, who may be the same, an ID number: see likely.
const likelyFirst = `CASE WHEN COUNT(people.number) < COUNT(*) AND COUNT(people.id_hash) < COUNT(*) THEN 0 ELSE 1 END, people.name`

// Duplicates lists people of one name on the rosters of the unit and all below,
// the likely ones first, for who manages them; else Forbidden.
func (d *Desk) Duplicates(ctx context.Context, actor compliance.Actor, code string) ([]Namesakes, error) {
	db := d.store.Read(ctx)
	unit, err := readUnit(db, actor, "code", code)
	if err != nil {
		return nil, err
	}
	if err := actor.Allow(manageRoster, unit); err != nil {
		return nil, err
	}
	inside := func(columns string) *gorm.DB {
		query := db.Table("postings").Select(columns).Joins("JOIN people ON people.id = postings.person_id").Joins("JOIN units ON units.id = postings.unit_id")
		return rbac.NewScope(unit.Path).Where(knownNow(query, "postings"), "units.path")
	}
	var names []string
	err = inside("people.name").Group("people.name").Having("COUNT(DISTINCT people.id) > 1").Order(likelyFirst).Limit(namesakesAtMost).Pluck("people.name", &names).Error
	if err != nil {
		return nil, fmt.Errorf("names of several: %w", store.Translate(err))
	}
	var postings []models.Posting
	for chunk := range slices.Chunk(names, batch) {
		var some []models.Posting
		if err := inside("postings.*").Where("people.name IN ?", chunk).Order("people.name, people.id, postings.start_on").Find(&some).Error; err != nil {
			return nil, fmt.Errorf("people of one name: %w", store.Translate(err))
		}
		postings = append(postings, some...)
	}
	lines, err := rosterLines(db, lastOfEach(postings), d.Today())
	return grouped(lines), err
}

// lastOfEach returns each person's last posting of a list in the order of people.
func lastOfEach(postings []models.Posting) []models.Posting {
	var last []models.Posting
	for _, p := range postings {
		if n := len(last); n > 0 && last[n-1].PersonID == p.PersonID {
			last[n-1] = p
		} else {
			last = append(last, p)
		}
	}
	return last
}

func grouped(lines []RosterLine) []Namesakes {
	var groups []Namesakes
	for _, line := range lines {
		if n := len(groups); n > 0 && groups[n-1].Name == line.Name {
			groups[n-1].People = append(groups[n-1].People, line)
		} else {
			groups = append(groups, Namesakes{Name: line.Name, People: []RosterLine{line}})
		}
	}
	for i := range groups {
		groups[i].Likely = likely(groups[i].People)
	}
	slices.SortStableFunc(groups, func(a, b Namesakes) int {
		switch {
		case a.Likely == b.Likely:
			return 0
		case a.Likely:
			return -1
		default:
			return 1
		}
	})
	return groups
}

func likely(people []RosterLine) bool {
	for i, a := range people {
		for _, b := range people[:i] {
			twoNumbers := a.Number != nil && b.Number != nil
			twoIDs := a.IDHash != nil && b.IDHash != nil
			if !twoNumbers && !twoIDs {
				return true
			}
		}
	}
	return false
}
