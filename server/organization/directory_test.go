package organization_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/organization"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// town is a directory with a small tree and a clock that stands still.
type town struct {
	*organization.Directory
	t     *testing.T
	store *store.Store
	now   time.Time
}

// each runs the test on both databases, with a province, two of its cities
// whose ids are easily taken for one another's, departments and a county.
func each(t *testing.T, body func(t *testing.T, town *town)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		town := newTown(t, s)
		town.mustPut(rbac.Everywhere, tree()...)
		body(t, town)
	})
}

func newTown(t *testing.T, s *store.Store) *town {
	t.Helper()
	table, err := rbac.Load()
	if err != nil {
		t.Fatal(err)
	}
	town := &town{t: t, store: s, now: time.Date(2017, 6, 16, 1, 0, 0, 0, time.UTC)}
	if town.Directory, err = organization.New(s, table, func() time.Time { return town.now }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(town.Wait)
	return town
}

func tree() []organization.NewUnit {
	opened := calendar.NewDate(2000, 1, 1)
	// A child before its parent: order does not matter.
	return []organization.NewUnit{
		{Code: "370102", Name: "历下区", NameEN: "Lixia District", Kind: models.County, Class: "A", Parent: "370100", OpenedOn: opened},
		{Code: "370000", Name: "山东省", NameEN: "Shandong", Kind: models.Province, OpenedOn: opened},
		{Code: "370100", Name: "济南市", NameEN: "Jinan", Kind: models.City, Class: "A", Parent: "370000", OpenedOn: opened},
		{Code: "370200", Name: "青岛市", NameEN: "Qingdao", Kind: models.City, Class: "A", Parent: "370000", OpenedOn: opened},
		{Code: "370100-fgw", Name: "济南市发展改革委", NameEN: "100% planning", Kind: models.Department, Class: "B", Parent: "370100", OpenedOn: opened},
		{Code: "370000-bgt", Name: "省政府办公厅", NameEN: "General Office", Kind: models.Department, Class: "B", Parent: "370000", OpenedOn: opened},
	}
}

func (w *town) put(scope rbac.Scope, units ...organization.NewUnit) error {
	w.t.Helper()
	return w.store.Write(w.t.Context(), func(tx *gorm.DB) error {
		return w.PutUnits(tx, nil, scope, calendar.DateOf(w.now), units)
	})
}

func (w *town) mustPut(scope rbac.Scope, units ...organization.NewUnit) {
	w.t.Helper()
	if err := w.put(scope, units...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) unit(code string) models.Unit {
	w.t.Helper()
	unit, err := w.Unit(w.t.Context(), rbac.Everywhere, code)
	if err != nil {
		w.t.Fatal(err)
	}
	return unit
}

// scope is that of a grant for the unit.
func (w *town) scope(code string) rbac.Scope { return rbac.NewScope(w.unit(code).Path) }

const password = "an honest password"

func (w *town) user(login string) models.User {
	w.t.Helper()
	user, err := w.CreateUser(w.t.Context(), nil, organization.NewUser{Login: login, Name: "李某", Password: password})
	if err != nil {
		w.t.Fatal(err)
	}
	return user
}

func (w *town) grant(login string, role models.Role, unit string) {
	w.t.Helper()
	if err := w.AddGrant(w.t.Context(), nil, rbac.Everywhere, login, role, unit); err != nil {
		w.t.Fatal(err)
	}
}

// wantEntry checks that the last audit entry tells of the write.
func (w *town) wantEntry(action, object string, id uint64, by *models.User) {
	w.t.Helper()
	var entry models.AuditEntry
	name := ""
	if by != nil {
		name = by.Name
	}
	if err := w.store.Read(w.t.Context()).Where("action = ? AND object = ? AND object_id = ? AND user_name = ?", action, object, id, name).Order("at DESC").Take(&entry).Error; err != nil {
		w.t.Fatal(err)
	}
	want := models.AuditEntry{Strand: entry.Strand, Seq: entry.Seq, Hash: entry.Hash, Behalf: entry.Behalf, Changes: entry.Changes, At: w.now, Action: action, Object: object, ObjectID: id, UnitID: entry.UnitID, Detail: entry.Detail}
	if by != nil {
		want.UserID, want.UserName = &by.ID, by.Name
	}
	if diff := cmp.Diff(want, entry); diff != "" {
		w.t.Errorf("audit entry: -want +got:\n%s", diff)
	}
}

func (w *town) countEntries() (count int64) {
	w.t.Helper()
	if err := w.store.Read(w.t.Context()).Model(&models.AuditEntry{}).Count(&count).Error; err != nil {
		w.t.Fatal(err)
	}
	return count
}

func wantCode(t *testing.T, err error, code models.Code) {
	t.Helper()
	if !models.IsCode(err, code) {
		t.Errorf("error %v, want code %s", err, code)
	}
}

// wantFields checks that the error is Invalid with the fields, each as
// "name key".
func wantFields(t *testing.T, err error, want ...string) {
	t.Helper()
	var invalid *models.Error
	if !errors.As(err, &invalid) || invalid.Code != models.Invalid {
		t.Fatalf("error %v, want Invalid", err)
	}
	var got []string
	for _, field := range invalid.Fields {
		got = append(got, field.Name+" "+field.Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields: -want +got:\n%s", diff)
	}
}

func codes(units []models.Unit) []string {
	list := []string{}
	for _, unit := range units {
		list = append(list, unit.Code)
	}
	return list
}

// Every message key of the package stands in both locale files, with the same
// arguments, and no file has one that nobody uses.
func TestMessages(t *testing.T) {
	used := usedKeys(t)
	arguments := regexp.MustCompile(`{{\.\w+}}`)
	var previous map[string][]string
	for _, locale := range []string{"zh-CN", "en"} {
		text, err := os.ReadFile("../../frontend/locales/organization." + locale + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]string
		if err := yaml.Unmarshal(text, &messages); err != nil {
			t.Fatal(err)
		}
		found := make(map[string][]string)
		for key, message := range messages {
			found[key] = arguments.FindAllString(message, -1)
			slices.Sort(found[key])
			if !used[key] {
				t.Errorf("%s: nobody uses %s", locale, key)
			}
		}
		for key := range used {
			if messages[key] == "" {
				t.Errorf("%s: %s is missing", locale, key)
			}
		}
		if previous != nil {
			if diff := cmp.Diff(previous, found); diff != "" {
				t.Errorf("arguments of zh-CN (-) and en (+):\n%s", diff)
			}
		}
		previous = found
	}
}

func usedKeys(t *testing.T) map[string]bool {
	keys := make(map[string]bool)
	full := regexp.MustCompile(`"(organization\.\w+)"`)
	short := regexp.MustCompile(`found\.add\(i, "\w+", "(\w+)"`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range full.FindAllSubmatch(text, -1) {
			keys[string(match[1])] = true
		}
		for _, match := range short.FindAllSubmatch(text, -1) {
			keys["organization."+string(match[1])] = true
		}
	}
	return keys
}
