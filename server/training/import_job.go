package training

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/store"
)

// Imports takes files of staff and attendances over, in the background of the
// process that it was started in. It is safe for concurrent use.
type Imports struct {
	desk *Desk
	// actor returns a user with what they may do at that time.
	actor func(ctx context.Context, user uint64) (compliance.Actor, error)

	turns chan struct{}
	mu    sync.Mutex
	// files are those that this process is to read.
	files map[uint64]*importFile
	// live is the context of the work in the background; nil while there is none.
	live context.Context
	work sync.WaitGroup
}

// atOnce is how many imports a process works on at a time: the others wait.
const atOnce = 2

// NewImports returns the imports of a desk. actor returns a user with what they may
// do at that time, and for 0 the one of the program itself.
func NewImports(desk *Desk, actor func(ctx context.Context, user uint64) (compliance.Actor, error)) *Imports {
	return &Imports{desk: desk, actor: actor, turns: make(chan struct{}, atOnce), files: map[uint64]*importFile{}}
}

// importKind is what differs between staff and attendances.
type importKind interface {
	table() exchange.Table
	permission() rbac.Permission
	// read takes over the values of a row.
	read(j *importJob, row *exchange.Row, line *importLine)
	// check finds what the lines name, and adds what is wrong with them.
	check(j *importJob, db *gorm.DB, lines []*importLine) error
	// preview says what would become of lines without a fault.
	preview(j *importJob, db *gorm.DB, lines []*importLine) ([]EntryOutcome, error)
	// apply takes such lines over.
	apply(w *write, j *importJob, lines []*importLine) ([]EntryOutcome, error)
	// column is the column of a field of an entry.
	column(j *importJob, field string) string
}

var importKinds = map[models.ImportKind]importKind{models.ImportStaff: staffImport{}, models.ImportAttendance: attendanceImport{}}

// importOptions are stored with an import.
type importOptions struct {
	CreateSessions bool `json:"create_sessions,omitempty"`
	SkipBad        bool `json:"skip_bad,omitempty"`
	// RunBy is the user who has confirmed it.
	RunBy uint64 `json:"run_by,omitempty"`
	// Places are the columns that the file has, by their key.
	Places map[string]filePlace `json:"places,omitempty"`
	// Notes tell what of the file is not used.
	Notes    []faultJSON  `json:"notes,omitempty"`
	Sessions []NewSession `json:"sessions,omitempty"`
}

// importJob is an import under way, with what its lines are decided by.
type importJob struct {
	desk    *Desk
	kind    importKind
	row     models.Import
	options importOptions
	unit    models.Unit
	actor   compliance.Actor
	at      time.Time

	units    *importUnits
	sessions *importSessions
	// seed and seen find lines that say something of the same as one before.
	seed maphash.Seed
	seen map[uint64]int32
	// staffPlan and book foresee what would become of the lines.
	staffPlan *staffPlan
	book      *attendancePreview
	// made are the sessions that this transaction has looked up or made.
	made map[sessionKey]uint64
}

// job returns the import as it is worked on for the actor.
func (d *Desk) job(db *gorm.DB, row models.Import, actor compliance.Actor) (*importJob, error) {
	j := &importJob{desk: d, kind: importKinds[row.Kind], row: row, actor: actor, at: d.now(), units: newImportUnits(), sessions: newImportSessions(),
		seed: maphash.MakeSeed(), seen: map[uint64]int32{}, made: map[sessionKey]uint64{}}
	if j.kind == nil {
		return nil, fmt.Errorf("import %d is of the unknown kind %q", row.ID, row.Kind)
	}
	var err error
	if j.options, err = optionsOf(row); err != nil {
		return nil, err
	}
	j.unit, err = importUnit(db, actor, row.UnitID, j.kind.permission())
	return j, err
}

func optionsOf(row models.Import) (importOptions, error) {
	var options importOptions
	if err := json.Unmarshal([]byte(row.Options), &options); err != nil {
		return options, fmt.Errorf("options of import %d: %w", row.ID, err)
	}
	return options, nil
}

// importUnit returns the unit of an import that the actor may work on; else
// NotFound.
func importUnit(db *gorm.DB, actor compliance.Actor, id uint64, permission rbac.Permission) (models.Unit, error) {
	unit, err := readUnit(db, actor, "id", id)
	if err == nil && actor.Allow(permission, unit) != nil {
		err = models.NewError(models.NotFound, importUnknown)
	}
	return unit, err
}

// importUnknown is the refusal of an import that is not there, or that the actor
// may not see.
const importUnknown = "imports.unknown"

// refuseTwice adds a fault when a line before says something of the same: of one of
// the identities.
func (j *importJob) refuseTwice(line *importLine, identities ...string) {
	for _, identity := range identities {
		key := maphash.String(j.seed, identity)
		if first, twice := j.seen[key]; twice {
			line.add(j.fault(line.number, "", "imports.twice", models.Args("First", int(first))))
			return
		}
		j.seen[key] = int32(line.number)
	}
}

// has tells whether the file has the column.
func (j *importJob) has(column string) bool {
	_, there := j.options.Places[column]
	return there
}

// take counts what became of lines; those that were refused get the faults.
func (j *importJob) take(row *models.Import, lines []*importLine, outcomes []EntryOutcome) {
	for i, outcome := range outcomes {
		switch outcome.Change {
		case EntryAdded:
			row.Added++
		case EntryChanged:
			row.Changed++
		case EntrySame:
			row.Same++
		default:
			for _, field := range outcome.Faults {
				lines[i].add(j.fault(lines[i].number, j.kind.column(j, field.Name), field.Key, field.Args))
			}
		}
	}
}

// importRow reads the row of an import; for a write it stays locked.
func importRow(query *gorm.DB, id uint64) (models.Import, error) {
	var row models.Import
	err := query.Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, models.NewError(models.NotFound, importUnknown)
	}
	if err != nil {
		return row, fmt.Errorf("import: %w", store.Translate(err))
	}
	return row, nil
}

// saveImport stores the row of an import.
func saveImport(tx *gorm.DB, row *models.Import, options importOptions) error {
	row.Options, row.Version = asJSON(options), row.Version+1
	if err := tx.Save(row).Error; err != nil {
		return fmt.Errorf("store import: %w", err)
	}
	return nil
}

// running tells whether the status is one that work goes on in.
func running(status models.ImportStatus) bool {
	return slices.Contains([]models.ImportStatus{models.ImportReading, models.ImportRunning}, status)
}
