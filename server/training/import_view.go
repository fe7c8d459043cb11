package training

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/store"
)

// ImportView is an import as it is shown.
type ImportView struct {
	models.Import
	Unit models.Unit
	// Starter is the name of who sent the file; empty for a command.
	Starter string
	// Refusal is why the file was refused, or the import given up by the program; nil
	// otherwise.
	Refusal        *models.Error
	CreateSessions bool
	SkipBad        bool
}

// Good is how many rows have no fault.
func (v ImportView) Good() int { return v.Rows - v.Bad }

// Taken is how many rows are taken over, or, while the import waits to be
// confirmed, would be.
func (v ImportView) Taken() int { return v.Added + v.Changed + v.Same }

// Working tells whether the import is being worked on.
func (v ImportView) Working() bool { return running(v.Status) }

// Percent is how much of a running import is done, from 0 to 100.
func (v ImportView) Percent() int {
	if v.Good() == 0 {
		return 100
	}
	return v.Taken() * 100 / v.Good()
}

// ImportDetail is an import with what its file says.
type ImportDetail struct {
	ImportView
	// Notes tell what of the file is not used, Sessions which ones would be made.
	Notes    []models.Field
	Sessions []NewSession
	// Earlier are imports of the same file that were carried out, the latest first.
	Earlier []ImportView
}

// FaultyRow is a row that is not taken over.
type FaultyRow struct {
	Line int
	// Name is that of the person, as the file has it.
	Name   string
	Faults []models.Field
}

// Import returns an import that the actor may work on; any other is NotFound.
func (i *Imports) Import(ctx context.Context, actor compliance.Actor, id uint64) (*ImportDetail, error) {
	db := i.desk.store.Read(ctx)
	j, err := i.find(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	detail := &ImportDetail{Sessions: j.options.Sessions}
	for _, note := range j.options.Notes {
		detail.Notes = append(detail.Notes, models.Field{Name: note.Cell, Key: note.Key, Args: unpackArgs(note.Args)})
	}
	if detail.ImportView, err = i.view(db, j.row, j.unit); err != nil {
		return nil, err
	}
	var same []models.Import
	err = db.Where("file_hash = ? AND kind = ? AND id <> ? AND status = ?", j.row.FileHash, j.row.Kind, id, models.ImportDone).Order("id DESC").Limit(mostEarlier).Find(&same).Error
	if err != nil {
		return nil, fmt.Errorf("imports of the same file: %w", store.Translate(err))
	}
	for _, row := range same {
		unit, err := importUnit(db, actor, row.UnitID, j.kind.permission())
		if models.IsCode(err, models.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		view, err := i.view(db, row, unit)
		if err != nil {
			return nil, err
		}
		detail.Earlier = append(detail.Earlier, view)
	}
	return detail, nil
}

// mostEarlier is how many imports of the same file are told.
const mostEarlier = 3

// find returns an import that the actor may work on; any other is NotFound.
func (i *Imports) find(ctx context.Context, actor compliance.Actor, id uint64) (*importJob, error) {
	db := i.desk.store.Read(ctx)
	row, err := importRow(db, id)
	if err != nil {
		return nil, err
	}
	j, err := i.desk.job(db, row, actor)
	if models.IsCode(err, models.NotFound) {
		err = models.NewError(models.NotFound, importUnknown)
	}
	return j, err
}

func (i *Imports) view(db *gorm.DB, row models.Import, unit models.Unit) (ImportView, error) {
	view := ImportView{Import: row, Unit: unit}
	options, err := optionsOf(row)
	if err != nil {
		return view, err
	}
	view.CreateSessions, view.SkipBad = options.CreateSessions, options.SkipBad
	if view.Refusal, err = unpackFailure(row.Failure); err != nil {
		return view, err
	}
	if row.StartedBy != 0 {
		err = db.Model(&models.User{}).Where("id = ?", row.StartedBy).Pluck("name", &view.Starter).Error
	}
	if err != nil {
		return view, fmt.Errorf("who began import: %w", store.Translate(err))
	}
	return view, nil
}

// ImportPage is a part of the imports of a unit, the latest first.
type ImportPage struct {
	Items []ImportView
	// Next is the id before which the rest lies; 0 when there is none.
	Next uint64
}

// List returns at most limit imports of the unit and the units below it that the
// actor may work on: those before the one with the id, or the latest for 0.
func (i *Imports) List(ctx context.Context, actor compliance.Actor, unit models.Unit, before uint64, limit int) (*ImportPage, error) {
	db := i.desk.store.Read(ctx)
	query := db.Table("imports").Joins("JOIN units u ON u.id = imports.unit_id")
	query = rbac.NewScope(unit.Path).Where(query, "u.path")
	allowed := db.Where("1 = 0")
	for _, name := range []models.ImportKind{models.ImportStaff, models.ImportAttendance} {
		permission := importKinds[name].permission()
		allowed = allowed.Or(actor.Access.Scope(permission.Object, permission.Action).Where(db.Where("imports.kind = ?", name), "u.path"))
	}
	if before != 0 {
		query = query.Where("imports.id < ?", before)
	}
	var rows []models.Import
	if err := query.Where(allowed).Select("imports.*").Order("imports.id DESC").Limit(limit + 1).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("imports: %w", store.Translate(err))
	}
	page := &ImportPage{}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].ID
	}
	for _, row := range rows {
		var of models.Unit
		if err := db.Where("id = ?", row.UnitID).Take(&of).Error; err != nil {
			return nil, fmt.Errorf("unit of import: %w", store.Translate(err))
		}
		view, err := i.view(db, row, of)
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, view)
	}
	return page, nil
}

// FaultyRows returns at most limit rows of an import that are not taken over, in
// the order of the file: those after the line.
func (i *Imports) FaultyRows(ctx context.Context, actor compliance.Actor, id uint64, after, limit int) ([]FaultyRow, error) {
	j, err := i.find(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	var rows []FaultyRow
	err = j.eachFaulty(i.desk.store.Read(ctx), after, limit, func(line *importLine) error {
		row := FaultyRow{Line: line.number, Name: j.cell(line, columnName)}
		for _, fault := range line.faults {
			row.Faults = append(row.Faults, fault.Field(line.number))
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// eachFaulty calls f with at most limit lines that are not taken over, after the
// one with the number; a limit of 0 is none.
func (j *importJob) eachFaulty(db *gorm.DB, after, limit int, f func(line *importLine) error) error {
	for left := limit; limit == 0 || left > 0; {
		most := batch
		if limit != 0 {
			most = min(left, batch)
		}
		var rows []models.ImportRow
		err := db.Where("import_id = ? AND line > ? AND faults <> ''", j.row.ID, after).Order("line").Limit(most).Find(&rows).Error
		if err != nil {
			return fmt.Errorf("rows of import: %w", store.Translate(err))
		}
		for _, row := range rows {
			line, err := lineOf(row)
			if err == nil {
				err = f(line)
			}
			if err != nil {
				return err
			}
		}
		if len(rows) < most {
			return nil
		}
		after, left = rows[len(rows)-1].Line, left-len(rows)
	}
	return nil
}

// cell returns what the file shows in a column.
func (j *importJob) cell(line *importLine, column string) string {
	i := slices.IndexFunc(j.kind.table().Columns, func(c exchange.Column) bool { return c.Key == column })
	return line.content.Cells[i]
}
