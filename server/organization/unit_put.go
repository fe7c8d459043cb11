package organization

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
)

// batch is how many rows go into one statement.
const batch = 200

// PutUnits adds the units, and updates those whose code exists, within the
// caller's transaction, as [Register.Put] does; what is new is known from the
// day on: models.Always for what was there when the product was set up. Duties
// do not follow: it is for units that nothing is owed by yet.
func (d *Directory) PutUnits(tx *gorm.DB, actor *models.User, scope rbac.Scope, since calendar.Date, rows []NewUnit) error {
	p, err := NewRegister(tx, since).put(scope, rows)
	if err != nil {
		return err
	}
	return d.record(tx, actor, event{
		action: "put", object: "unit",
		detail: map[string]any{"created": p.created, "updated": p.updated},
	})
}

// Put adds the units, and updates those whose code exists; rows may come in any
// order. What is wrong is a models.Error whose fields name row and column
// (units[2].kind). Parents and units must lie in the scope; a new root needs
// rbac.Everywhere. A unit keeps its parent: [Register.Move] changes it.
func (r Register) Put(scope rbac.Scope, rows []NewUnit) error {
	_, err := r.put(scope, rows)
	return err
}

func (r Register) put(scope rbac.Scope, rows []NewUnit) (*put, error) {
	found := checkRows(rows)
	if len(found) > 0 {
		return nil, models.InvalidFields(found)
	}
	known, err := unitsByCode(r.tx, codesOf(rows))
	if err != nil {
		return nil, err
	}
	p := &put{Register: r, scope: scope, rows: rows, known: known}
	levels, err := p.plan()
	if err != nil {
		return nil, err
	}
	for _, level := range levels {
		if err := p.store(level); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// put is one run of Put.
type put struct {
	Register
	scope rbac.Scope
	rows  []NewUnit
	// known has the stored units by code, and more of them with every level.
	known            map[string]models.Unit
	created, updated int
}

// plan puts the rows into levels, each with the indexes of rows whose parents
// are stored or stand in a level before, and refuses what has no place.
func (p *put) plan() ([][]int, error) {
	var found faults
	kinds := make(map[string]models.UnitKind, len(p.rows))
	for code, unit := range p.known {
		if p.scope.Contains(unit.Path) {
			kinds[code] = unit.Kind
		}
	}
	entered := make(map[string]bool, len(p.rows))
	for _, row := range p.rows {
		entered[row.Code] = true
	}
	var levels [][]int
	waiting := rowNumbers(len(p.rows))
	placed := make(map[string]bool)
	for len(waiting) > 0 {
		var level, rest []int
		for _, i := range waiting {
			if parent := p.rows[i].Parent; placed[parent] || !entered[parent] {
				level = append(level, i)
			} else {
				rest = append(rest, i)
			}
		}
		if len(level) == 0 {
			for _, i := range rest {
				found.add(i, "parent", "unit_circle", "Parent", p.rows[i].Parent)
			}
			break
		}
		for _, i := range level {
			p.checkPlace(&found, i, kinds)
			placed[p.rows[i].Code], kinds[p.rows[i].Code] = true, p.rows[i].Kind
		}
		levels, waiting = append(levels, level), rest
	}
	return levels, models.InvalidFields(found)
}

func rowNumbers(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// checkPlace finds what is wrong with the place of a row in the tree; kinds are
// those of the units in scope and of the rows above it.
func (p *put) checkPlace(found *faults, i int, kinds map[string]models.UnitKind) {
	row := p.rows[i]
	stored, exists := p.known[row.Code]
	parentKind, parentKnown := kinds[row.Parent]
	switch {
	case exists && !p.scope.Contains(stored.Path):
		found.add(i, "code", "unit_not_found", "Code", row.Code)
	case exists && p.moves(row, stored):
		found.add(i, "parent", "unit_moved", "Code", row.Code)
	case !exists && row.Parent == "" && !p.scope.Contains("/"):
		found.add(i, "parent", "unit_root", "Code", row.Code)
	case !exists && row.Parent != "" && !parentKnown:
		found.add(i, "parent", "unit_parent", "Parent", row.Parent)
	case parentKnown:
		checkParent(found, i, row, parentKind)
	}
}

// moves tells whether the row puts a stored unit under another parent.
func (p *put) moves(row NewUnit, stored models.Unit) bool {
	if row.Parent == "" || stored.ParentID == nil {
		return row.Parent != "" || stored.ParentID != nil
	}
	return p.known[row.Parent].ID != *stored.ParentID
}

// store writes the rows of one level: their parents are stored.
func (p *put) store(level []int) error {
	var fresh []models.Unit
	positions, err := p.lastPositions(level)
	if err != nil {
		return err
	}
	for _, i := range level {
		row := p.rows[i]
		if stored, exists := p.known[row.Code]; exists {
			if err := p.update(stored, row); err != nil {
				return err
			}
			continue
		}
		positions[row.Parent]++
		fresh = append(fresh, p.unitOf(row, positions[row.Parent]))
	}
	return p.create(fresh)
}

func (p *put) unitOf(row NewUnit, position int) models.Unit {
	unit := models.Unit{
		Code: row.Code, Name: row.Name, NameEN: row.NameEN, Kind: row.Kind, Class: row.Class,
		Position: position, OpenedOn: row.OpenedOn, ClosedOn: row.ClosedOn, Demo: row.Demo,
	}
	if row.Parent != "" {
		id := p.known[row.Parent].ID
		unit.ParentID = &id
	}
	return unit
}

// lastPositions returns the position of the last sibling that is stored, by the
// code of the parent.
func (p *put) lastPositions(level []int) (map[string]int, error) {
	last := make(map[string]int)
	for _, i := range level {
		parent := p.rows[i].Parent
		if _, asked := last[parent]; asked {
			continue
		}
		position, err := p.lastPosition(p.known[parent].ID)
		if err != nil {
			return nil, err
		}
		last[parent] = position
	}
	return last, nil
}

// lastPosition returns the position of the last unit under the parent, 0 for the
// roots.
func (r Register) lastPosition(parent uint64) (int, error) {
	query := r.tx.Model(&models.Unit{}).Where("parent_id IS NULL")
	if parent != 0 {
		query = r.tx.Model(&models.Unit{}).Where("parent_id = ?", parent)
	}
	var position int
	if err := query.Select("coalesce(max(position), 0)").Scan(&position).Error; err != nil {
		return 0, fmt.Errorf("find last unit under %d: %w", parent, err)
	}
	return position, nil
}

// update changes a stored unit to what its row says, if that differs.
func (p *put) update(stored models.Unit, row NewUnit) error {
	changed := p.unitOf(row, stored.Position)
	changed.ID, changed.ParentID, changed.Path, changed.SuccessorID = stored.ID, stored.ParentID, stored.Path, stored.SuccessorID
	if changed == stored {
		return nil
	}
	p.updated++
	return p.Save(changed)
}

// create adds units, then gives them the paths that their ids make. The ids are
// read back: not every database tells those of a batch.
func (p *put) create(fresh []models.Unit) error {
	if len(fresh) == 0 {
		return nil
	}
	if err := p.tx.CreateInBatches(fresh, batch).Error; err != nil {
		return fmt.Errorf("create units: %w", err)
	}
	if err := p.givePaths(fresh); err != nil {
		return err
	}
	codes := make([]string, len(fresh))
	for i, unit := range fresh {
		codes[i] = unit.Code
	}
	created, err := unitsByCode(p.tx, codes)
	if err != nil {
		return err
	}
	for code, unit := range created {
		p.known[code] = unit
	}
	p.created += len(fresh)
	return p.keep(slices.SortedFunc(maps.Values(created), func(a, b models.Unit) int { return cmp.Compare(a.ID, b.ID) }))
}

// givePaths sets the paths of new units, with one statement for each parent.
func (p *put) givePaths(fresh []models.Unit) error {
	paths := make(map[uint64]string)
	for _, unit := range p.known {
		paths[unit.ID] = unit.Path
	}
	done := make(map[uint64]bool)
	for _, unit := range fresh {
		var parent uint64
		query := p.tx.Model(&models.Unit{}).Where("path = '' AND parent_id IS NULL")
		if unit.ParentID != nil {
			parent = *unit.ParentID
			query = p.tx.Model(&models.Unit{}).Where("path = '' AND parent_id = ?", parent)
		}
		if done[parent] {
			continue
		}
		done[parent] = true
		prefix := paths[parent]
		if prefix == "" {
			prefix = "/"
		}
		if err := query.Update("path", gorm.Expr("concat(?, id, '/')", prefix)).Error; err != nil {
			return fmt.Errorf("set paths under unit %d: %w", parent, err)
		}
	}
	return nil
}

// codesOf returns the codes of the rows and of their parents.
func codesOf(rows []NewUnit) []string {
	codes := make([]string, 0, 2*len(rows))
	for _, row := range rows {
		codes = append(codes, row.Code)
		if row.Parent != "" {
			codes = append(codes, row.Parent)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func unitsByCode(tx *gorm.DB, codes []string) (map[string]models.Unit, error) {
	units := make(map[string]models.Unit, len(codes))
	for some := range slices.Chunk(codes, batch) {
		var found []models.Unit
		if err := tx.Where("code IN ?", some).Find(&found).Error; err != nil {
			return nil, fmt.Errorf("find units by code: %w", err)
		}
		for _, unit := range found {
			units[unit.Code] = unit
		}
	}
	return units, nil
}
