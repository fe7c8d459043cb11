package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// entities has one of every entity, parents first.
func entities() []any {
	return []any{
		&models.Unit{}, &models.User{}, &models.Grant{}, &models.Token{}, &models.Session{},
		&models.AuditEntry{}, &models.Policy{}, &models.Obligation{}, &models.Activation{},
		&models.Duty{}, &models.DutyChange{}, &models.Report{}, &models.Exemption{},
		&models.Tally{}, &models.Lease{}, &models.PolicyEdition{}, &models.UnitChange{}, &models.Draft{}, &models.EvidenceFile{},
		&models.Attachment{}, &models.LinkCheck{}, &models.Extension{}, &models.Closing{}, &models.ClosingException{},
		&models.CalendarNotice{}, &models.Invitation{}, &models.AuditStrand{},
		&models.Person{}, &models.Posting{}, &models.Course{}, &models.TrainingPlan{}, &models.PlanItem{}, &models.TrainingSession{},
		&models.Nomination{}, &models.Attendance{}, &models.Import{}, &models.ImportRow{}, &models.Setting{},
		&models.ScoringScheme{}, &models.Round{}, &models.RoundAssessor{}, &models.Sheet{}, &models.SheetMark{}, &models.Appeal{},
		&models.ScoreFile{}, &models.ScoreImport{},
		&models.Message{}, &models.InboxEntry{}, &models.Task{}, &models.TaskShare{}, &models.TaskStep{},
		&models.Urge{}, &models.UrgeItem{}, &models.UrgeStep{}, &models.UrgeRule{},
		&models.Inspection{}, &models.InspectionUnit{}, &models.Finding{}, &models.Rectification{}, &models.RectificationStep{}, &models.CaseFile{}, &models.Bulletin{},
		&models.SavedView{},
	}
}

func TestEveryEntityIsTested(t *testing.T) {
	var listed []string
	for _, entity := range entities() {
		listed = append(listed, reflect.TypeOf(entity).Elem().Name())
	}
	declared := declaredEntities(t)
	slices.Sort(listed)
	if diff := cmp.Diff(declared, listed); diff != "" {
		t.Errorf("entities of package models (-) against those tested here (+):\n%s", diff)
	}
}

// declaredEntities returns the structs of package models with a primary key.
func declaredEntities(t *testing.T) (names []string) {
	files, err := filepath.Glob("../../models/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of package models: %v", err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			spec, ok := node.(*ast.TypeSpec)
			if ok && hasPrimaryKey(spec) {
				names = append(names, spec.Name.Name)
			}
			return true
		})
	}
	slices.Sort(names)
	return names
}

func hasPrimaryKey(spec *ast.TypeSpec) bool {
	fields, ok := spec.Type.(*ast.StructType)
	return ok && slices.ContainsFunc(fields.Fields.List, func(field *ast.Field) bool {
		return field.Tag != nil && strings.Contains(field.Tag.Value, "primaryKey")
	})
}

func TestMigratedColumnsAreThoseOfTheModels(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, entity := range entities() {
			statement := &gorm.Statement{DB: s.Read(t.Context())}
			if err := statement.Parse(entity); err != nil {
				t.Fatal(err)
			}
			want := slices.Sorted(slices.Values(statement.Schema.DBNames))
			if diff := cmp.Diff(want, columns(t, s, statement.Table)); diff != "" {
				t.Errorf("%s: model (-) against the migrated table (+); a migration is missing:\n%s", statement.Table, diff)
			}
		}
	})
}

func columns(t *testing.T, s *store.Store, table string) []string {
	t.Helper()
	rows, err := s.Read(t.Context()).Table(table).Where("1 = 0").Rows()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// Every field of every entity comes back as it went in: no column is too small,
// of a wrong type or of too coarse a precision.
func TestEntitiesComeBackAsStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "DELETE FROM leases")
		exec(t, s, "DELETE FROM audit_strands")
		exec(t, s, "DELETE FROM settings")
		for _, entity := range entities() {
			name := reflect.TypeOf(entity).Elem().Name()
			fill(reflect.ValueOf(entity).Elem())
			if err := s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(entity).Error }); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := reflect.New(reflect.TypeOf(entity).Elem()).Interface()
			if err := s.Read(t.Context()).First(got).Error; err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(entity, got); diff != "" {
				t.Errorf("%s: stored (-), read (+):\n%s", name, diff)
			}
		}
	})
}

// An entity in which all that may be missing is missing is stored as well.
func TestEntitiesMayLackWhatIsOptional(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, entity := range entities() {
			name := reflect.TypeOf(entity).Elem().Name()
			fill(reflect.ValueOf(entity).Elem())
			clearOptional(reflect.ValueOf(entity).Elem())
			if err := s.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(entity).Error }); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// fill sets every field to a value that shows a loss; ids to 1, so that keys
// point at the row made before.
func fill(value reflect.Value) {
	for i := range value.NumField() {
		field := value.Field(i)
		if field.Kind() == reflect.Pointer {
			field.Set(reflect.New(field.Type().Elem()))
			field = field.Elem()
		}
		switch current := field.Interface().(type) {
		case time.Time:
			field.Set(reflect.ValueOf(instant))
		case calendar.Date:
			field.Set(reflect.ValueOf(calendar.NewDate(2017, 5, 4)))
		case []byte:
			field.SetBytes([]byte{0, 1, 255})
		case string:
			field.SetString("政务公开 𠮷 👍")
		case uint64:
			field.SetUint(1)
		case int, int64:
			field.SetInt(2017)
		case bool:
			field.SetBool(true)
		case models.Counts:
			field.Set(reflect.ValueOf(models.Counts{Open: 1, Provisional: 2, Reported: 3, Met: 4, Late: 5, Exempt: 6, Unscheduled: 7, Extended: 8}))
		default:
			if field.Kind() != reflect.String {
				panic(reflect.TypeOf(current).String() + " has no example")
			}
			field.SetString("supervisor")
		}
	}
}

// clearOptional clears texts and pointers; the entities name none of them as
// required.
func clearOptional(value reflect.Value) {
	for i := range value.NumField() {
		if field := value.Field(i); field.Kind() == reflect.Pointer || field.Kind() == reflect.String {
			field.SetZero()
		}
	}
}

func TestCodesAndLoginsTellCaseApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			if err := addUser(tx, "li"); err != nil {
				return err
			}
			return addUser(tx, "Li")
		})
		if err != nil {
			t.Fatalf("two logins that differ in case: %v", err)
		}
		var found []models.User
		if err := s.Read(t.Context()).Where("login = ?", "LI").Find(&found).Error; err != nil || len(found) != 0 {
			t.Errorf("LI found %v, error %v", found, err)
		}
	})
}

// Counts are written in raw SQL too, where OPEN must do as a name.
func TestCountsAreNamesInPlainSQL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO tallies (unit_id, year, obligation_id, known_day, open, met, open_due) VALUES (1, 2017, 1, 1, 2, 1, '')")
		exec(t, s, "UPDATE tallies SET open = open - 1, late = late + 1 WHERE unit_id IN (1, 2)")
		var tally models.Tally
		if err := s.Read(t.Context()).First(&tally).Error; err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(models.Counts{Open: 1, Met: 1, Late: 1}, tally.Counts); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}
