package training

import (
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/exchange"
)

// staffImport takes over people and where they work.
type staffImport struct{}

func (staffImport) table() exchange.Table { return staffTable }

// permission is the one of imports; a unit that keeps its own roster enters people
// one by one.
func (staffImport) permission() rbac.Permission { return manageRoster }

func (staffImport) read(j *importJob, row *exchange.Row, line *importLine) {
	entry := &StaffEntry{
		Unit: row.Text(columnUnitCode), Name: row.Text(columnName), Number: row.Text(columnNumber), Post: row.Text(columnPost),
		PartTime: row.Text(columnPartTime) == partTime, StartOn: row.Date(columnStart), EndOn: row.Date(columnEnd),
	}
	entry.IDHash, entry.IDTail = j.readID(row, line)
	line.content.Staff, line.unit = entry, unitRef{entry.Unit, row.Text(columnUnitName)}
	if line.unit == (unitRef{}) {
		line.add(j.fault(line.number, j.unitColumn(), "imports.unit_missing", nil))
	}
}

// readID hashes the number of an ID card. One that is none is not repeated.
func (j *importJob) readID(row *exchange.Row, line *importLine) (hash, tail string) {
	text := cleanNumber(row.Text(columnID))
	number, ok := normalID(text)
	switch {
	case text == "":
	case isMasked(text):
		line.add(j.fault(line.number, columnID, "imports.id_masked", nil))
	case !ok:
		line.add(j.fault(line.number, columnID, "imports.id_number", nil))
	default:
		return j.desk.key.hashID(number), idTail(number)
	}
	return "", ""
}

// unitColumn is the column of the file that names the unit.
func (j *importJob) unitColumn() string {
	if j.has(columnUnitName) && !j.has(columnUnitCode) {
		return columnUnitName
	}
	return columnUnitCode
}

func (staffImport) check(j *importJob, db *gorm.DB, lines []*importLine) error {
	if err := j.learnUnits(db, lines); err != nil {
		return err
	}
	for _, line := range lines {
		if unit := j.unitOf(line); unit != nil {
			line.content.Staff.Unit = unit.Code
			if !j.may(manageRoster, unit) {
				line.add(j.fault(line.number, j.unitColumn(), "imports.unit_not_managed", models.Args("Name", nameOf(unit))))
			}
		}
		j.refuseTwice(line, line.content.Staff.identities()...)
	}
	return nil
}

// identities tell whose start in a unit the entry is: two rows of one file that say
// so may contradict each other, and then the same file twice would not be the same.
func (e *StaffEntry) identities() []string {
	var of []string
	if e.IDHash != "" {
		of = append(of, "id "+e.IDHash)
	}
	if e.Number != "" {
		of = append(of, "number "+e.Number)
	}
	if len(of) == 0 {
		of = append(of, "name "+e.Name+" "+e.Unit)
	}
	for i := range of {
		of[i] += " " + e.StartOn.String()
	}
	return of
}

func (staffImport) entries(lines []*importLine) []StaffEntry {
	entries := make([]StaffEntry, len(lines))
	for i, line := range lines {
		entries[i] = *line.content.Staff
	}
	return entries
}

func (k staffImport) preview(j *importJob, db *gorm.DB, lines []*importLine) ([]EntryOutcome, error) {
	if j.staffPlan == nil {
		var err error
		if j.staffPlan, err = j.desk.look(db.Statement.Context, j.actor).newStaffPlan(); err != nil {
			return nil, err
		}
	}
	return j.staffPlan.previewStaff(k.entries(lines))
}

func (k staffImport) apply(w *write, _ *importJob, lines []*importLine) ([]EntryOutcome, error) {
	return w.enterStaff(k.entries(lines))
}

func (staffImport) column(j *importJob, field string) string {
	if field == "unit" {
		return j.unitColumn()
	}
	return field
}
