package audit_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/audit"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// The log of these tests is about two provinces; the first has the city 2 with
// its county 4, and the city 3.
var paths = map[uint64]string{1: "/1/", 2: "/1/2/", 3: "/1/3/", 4: "/1/2/4/", 5: "/5/"}

// The instants are in the night between two days of Shanghai.
var midnight = time.Date(2017, time.June, 9, 16, 0, 0, 0, time.UTC)

type world struct {
	*testing.T
	*audit.Log
	store *store.Store
	table *rbac.Table
}

func newWorld(t *testing.T, s *store.Store) *world {
	t.Helper()
	table, err := rbac.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t, audit.New(s), s, table}
	w.write(func(tx *gorm.DB) error {
		for id := uint64(1); id <= 5; id++ {
			unit := models.Unit{ID: id, Code: fmt.Sprint("u", id), Name: fmt.Sprint("单位", id), Path: paths[id]}
			if parent := map[uint64]uint64{2: 1, 3: 1, 4: 2}[id]; parent != 0 {
				unit.ParentID = &parent
			}
			if err := tx.Create(&unit).Error; err != nil {
				return err
			}
		}
		for id, name := range map[uint64]string{7: "王小明", 8: "李石", 70: "王_大"} {
			if err := tx.Create(&models.User{ID: id, Login: fmt.Sprint("login", id), Name: name}).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *world) write(f func(tx *gorm.DB) error) {
	w.Helper()
	if err := w.store.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

// add records an entry about an object of a unit, 0 for none, so many seconds
// after midnight.
func (w *world) add(seconds int, user, unit uint64, action, object string, id uint64) {
	w.Helper()
	entry := models.AuditEntry{At: midnight.Add(time.Duration(seconds) * time.Second), UserID: &user, Action: action, Object: object, ObjectID: id}
	if unit != 0 {
		entry.UnitID = &unit
	}
	ctx := store.WithOrigin(w.Context(), store.Origin{Via: "browser", Address: "10.0.0.7"})
	if err := w.store.Write(ctx, func(tx *gorm.DB) error { return store.Record(tx, entry) }); err != nil {
		w.Fatal(err)
	}
}

func (w *world) access(role models.Role, units ...uint64) rbac.Access {
	var grants []rbac.Grant
	for _, unit := range units {
		grants = append(grants, rbac.Grant{Role: role, Path: paths[unit]})
	}
	return w.table.Access(grants...)
}

func (w *world) everything() rbac.Access { return w.access(models.Administrator, 1, 5) }

func (w *world) unit(id uint64) *models.Unit { return &models.Unit{ID: id, Code: "x", Path: paths[id]} }

func (w *world) page(q audit.Query) *audit.Page {
	w.Helper()
	page, err := w.Entries(w.Context(), q)
	if err != nil {
		w.Fatal(err)
	}
	return page
}

// ids lists the entries of a page by their objects' ids, in which the tests number
// them.
func (w *world) ids(q audit.Query) []uint64 {
	w.Helper()
	ids := []uint64{}
	for _, entry := range w.page(q).Items {
		ids = append(ids, entry.ObjectID)
	}
	return ids
}

func TestWhoSeesWhat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for unit := range uint64(6) {
			w.add(int(unit), 7, unit, "file", "report", unit)
		}
		for name, c := range map[string]struct {
			access rbac.Access
			unit   *models.Unit
			want   []uint64
		}{
			"nobody":                        {rbac.Access{}, nil, []uint64{}},
			"viewer":                        {w.access(models.Viewer, 1, 5), nil, []uint64{}},
			"reporter of a county":          {w.access(models.Reporter, 4), nil, []uint64{4}},
			"reporter of a city":            {w.access(models.Reporter, 2), nil, []uint64{4, 2}},
			"supervisor of a province":      {w.access(models.Supervisor, 1), nil, []uint64{4, 3, 2, 1}},
			"supervisor of all":             {w.access(models.Supervisor, 1, 5), nil, []uint64{5, 4, 3, 2, 1}},
			"administrator of a province":   {w.access(models.Administrator, 1), nil, []uint64{4, 3, 2, 1}},
			"administrator of all":          {w.everything(), nil, []uint64{5, 4, 3, 2, 1, 0}},
			"administrator, about a city":   {w.everything(), w.unit(2), []uint64{4, 2}},
			"supervisor, about a county":    {w.access(models.Supervisor, 1), w.unit(4), []uint64{4}},
			"supervisor, about a root":      {w.access(models.Supervisor, 1, 5), w.unit(5), []uint64{5}},
			"supervisor of two, one inside": {w.access(models.Supervisor, 2, 4), nil, []uint64{4, 2}},
		} {
			if diff := cmp.Diff(c.want, w.ids(audit.Query{Access: c.access, Unit: c.unit})); diff != "" {
				t.Errorf("%s: -want +got:\n%s", name, diff)
			}
		}
		for name, q := range map[string]audit.Query{
			"a sibling":             {Access: w.access(models.Reporter, 2), Unit: w.unit(3)},
			"the unit above":        {Access: w.access(models.Reporter, 2), Unit: w.unit(1)},
			"as who may not read":   {Access: w.access(models.Viewer, 1), Unit: w.unit(1)},
			"as nobody":             {Unit: w.unit(1)},
			"as who inspects other": {Access: w.access(models.Administrator, 5), Unit: w.unit(1)},
		} {
			if _, err := w.Entries(t.Context(), q); !models.IsCode(err, models.NotFound) {
				t.Errorf("%s: %v, want NotFound", name, err)
			}
		}
	})
}

// Many units are met on the way through the log, few by their index: both ways
// find the same.
func TestManyUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.write(func(tx *gorm.DB) error {
			parent := uint64(3)
			var units []models.Unit
			for id := uint64(100); id < 700; id++ {
				units = append(units, models.Unit{ID: id, Code: fmt.Sprint(id), ParentID: &parent, Path: models.ChildPath(paths[3], id)})
			}
			return tx.CreateInBatches(units, 100).Error
		})
		for n, unit := range []uint64{2, 3, 100, 4, 699, 5, 350, 0} {
			w.add(n, 7, unit, "file", "report", unit)
		}
		supervisor := w.access(models.Supervisor, 1)
		if diff := cmp.Diff([]uint64{350, 699, 4, 100, 3, 2}, w.ids(audit.Query{Access: supervisor})); diff != "" {
			t.Errorf("the province: -want +got:\n%s", diff)
		}
		if diff := cmp.Diff([]uint64{350, 699, 100, 3}, w.ids(audit.Query{Access: supervisor, Unit: w.unit(3)})); diff != "" {
			t.Errorf("a city with 600 units: -want +got:\n%s", diff)
		}
		if diff := cmp.Diff([]uint64{699}, w.ids(audit.Query{Access: supervisor, Unit: w.unit(3), Object: "report", ID: 699})); diff != "" {
			t.Errorf("one report of it: -want +got:\n%s", diff)
		}
	})
}

func TestOnlyAdministratorsSeeAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.add(0, 7, 2, "file", "report", 1)
		for role, want := range map[models.Role]string{models.Reporter: "", models.Supervisor: "", models.Administrator: "10.0.0.7"} {
			if got := w.page(audit.Query{Access: w.access(role, 2)}).Items[0].Address; got != want {
				t.Errorf("the %s sees %q, want %q", role, got, want)
			}
		}
		mixed := w.table.Access(rbac.Grant{Role: models.Administrator, Path: paths[4]}, rbac.Grant{Role: models.Supervisor, Path: paths[2]})
		if got := w.page(audit.Query{Access: mixed}).Items[0].Address; got != "" {
			t.Errorf("an administrator of another unit sees %q", got)
		}
	})
}

func TestFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		day := calendar.MustParseDate("2017-06-10")
		w.write(func(tx *gorm.DB) error {
			for _, row := range []any{
				&models.Policy{ID: 1, Code: "p"}, &models.Obligation{ID: 1, PolicyID: 1, Code: "p.x", TitleZH: "方案公布", TitleEN: "Plan"},
				&models.Duty{ID: 30, UnitID: 2, ObligationID: 1, Since: day}, &models.Duty{ID: 31, UnitID: 2, ObligationID: 1, Period: "2018", Since: day},
				&models.Report{ID: 4, DutyID: 30, UnitID: 2, FiledBy: 7, FiledOn: day}, &models.Report{ID: 5, DutyID: 31, UnitID: 2, FiledBy: 7, FiledOn: day},
				&models.Attachment{ID: 6, DutyID: 30, UnitID: 2},
			} {
				if err := tx.Create(row).Error; err != nil {
					return err
				}
			}
			return nil
		})
		w.add(-1, 7, 2, "file", "report", 4)
		w.add(0, 8, 2, "verify", "report", 5)
		w.add(86399, 7, 2, "attach", "evidence", 6)
		w.add(86400, 8, 2, "exempt", "duty", 30)
		w.add(86401, 70, 3, "verify", "report", 9)
		w.add(86402, 70, 2, "register", "trigger", 31)
		for name, c := range map[string]struct {
			query audit.Query
			want  []uint64
		}{
			"an action":               {audit.Query{Action: "verify"}, []uint64{9, 5}},
			"an unknown action":       {audit.Query{Action: "paint"}, []uint64{}},
			"a kind of object":        {audit.Query{Object: "report"}, []uint64{9, 5, 4}},
			"an object":               {audit.Query{Object: "report", ID: 5}, []uint64{5}},
			"a duty and what it has":  {audit.Query{Object: "duty", ID: 30}, []uint64{30, 6, 4}},
			"another duty":            {audit.Query{Object: "duty", ID: 31}, []uint64{31, 5}},
			"a duty, from another":    {audit.Query{Object: "duty", ID: 31, Unit: w.unit(3)}, []uint64{}},
			"a user by id":            {audit.Query{User: "8"}, []uint64{30, 5}},
			"a user by login":         {audit.Query{User: "LOGIN7"}, []uint64{31, 9, 6, 4}},
			"a user by name":          {audit.Query{User: "小明"}, []uint64{6, 4}},
			"a wildcard is a letter":  {audit.Query{User: "王_"}, []uint64{31, 9}},
			"nobody":                  {audit.Query{User: "赵"}, []uint64{}},
			"from a day":              {audit.Query{From: day + 1}, []uint64{31, 9, 30}},
			"to a day":                {audit.Query{To: day - 1}, []uint64{4}},
			"one day":                 {audit.Query{From: day, To: day}, []uint64{6, 5}},
			"a day that ended before": {audit.Query{From: day, To: day - 1}, []uint64{}},
			"all together":            {audit.Query{Action: "verify", Object: "report", User: "李石", Unit: w.unit(2), From: day, To: day}, []uint64{5}},
		} {
			c.query.Access = w.everything()
			if diff := cmp.Diff(c.want, w.ids(c.query)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", name, diff)
			}
		}
		for _, entry := range w.page(audit.Query{Access: w.everything(), Unit: w.unit(2)}).Items {
			want := map[uint64]uint64{4: 30, 5: 31, 6: 30, 30: 30, 31: 31}[entry.ObjectID]
			if entry.Duty != want || entry.Name != (rules.Text{ZH: "方案公布", EN: "Plan"}) || entry.Unit.ID != 2 {
				t.Errorf("%s %d belongs to duty %d, %v, of %v; want duty %d", entry.Object, entry.ObjectID, entry.Duty, entry.Name, entry.Unit, want)
			}
		}
	})
}

func TestNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.write(func(tx *gorm.DB) error {
			if err := tx.Create(&models.Policy{ID: 3, Code: "p", TitleZH: "要点"}).Error; err != nil {
				return err
			}
			if err := tx.Create(&models.Closing{ID: 3, UnitID: 1, Year: 2017}).Error; err != nil {
				return err
			}
			return tx.Create(&models.CalendarNotice{ID: 3, Number: "国办发明电〔2016〕17号", Year: 2017}).Error
		})
		for n, object := range []string{"policy", "period", "notice", "unit", "user", "grant", "planet"} {
			id := uint64(3)
			if object == "user" {
				id = 8
			}
			w.add(n, 7, 0, "create", object, id)
		}
		var got []rules.Text
		for _, entry := range w.page(audit.Query{Access: w.everything()}).Items {
			got = append(got, entry.Name)
		}
		want := []rules.Text{{}, {}, {ZH: "李石", EN: "李石"}, {ZH: "单位3", EN: "单位3"}, {ZH: "国办发明电〔2016〕17号", EN: "国办发明电〔2016〕17号"}, {ZH: "2017", EN: "2017"}, {ZH: "要点", EN: "要点"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.write(func(tx *gorm.DB) error {
			var users []models.User
			for n := range 201 {
				users = append(users, models.User{Login: fmt.Sprint("clerk", n)})
			}
			return tx.Create(&users).Error
		})
		for field, q := range map[string]audit.Query{
			"cursor": {Cursor: "x"}, "limit": {Limit: 201}, "id": {ID: 5}, "user": {User: "clerk"},
		} {
			q.Access = w.everything()
			_, err := w.Entries(t.Context(), q)
			var refused *models.Error
			if !errors.As(err, &refused) || refused.Code != models.Invalid || refused.Fields[0].Name != field {
				t.Errorf("%s: %v, want it Invalid", field, err)
			}
		}
	})
}

// Pages go on where the one before ended, many entries of one instant included,
// whatever is written meanwhile.
func TestPagesGoOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const all = 60
		for n := range uint64(all) {
			w.add(int(n/20), 7, 1+n%4, "file", "report", n+1)
		}
		for name, access := range map[string]rbac.Access{"administrator": w.everything(), "supervisor": w.access(models.Supervisor, 1)} {
			var seen []uint64
			q := audit.Query{Access: access, Limit: 7}
			for {
				page := w.page(q)
				for _, entry := range page.Items {
					seen = append(seen, entry.ObjectID)
				}
				if page.Next == "" {
					break
				}
				if len(page.Items) != 7 {
					t.Fatalf("%s: a page of %d entries in the middle", name, len(page.Items))
				}
				w.add(100, 7, 1, "file", "report", 999) // newer: on none of the pages that follow
				q.Cursor = page.Next
			}
			byHour := slices.IsSortedFunc(seen, func(a, b uint64) int { return int((b-1)/20) - int((a-1)/20) })
			slices.Sort(seen)
			seen = slices.DeleteFunc(seen, func(id uint64) bool { return id == 999 })
			if distinct := len(slices.Compact(slices.Clone(seen))); len(seen) != all || distinct != all || !byHour {
				t.Errorf("%s: %d entries, %d distinct, newest first: %v; want each of %d once", name, len(seen), distinct, byHour, all)
			}
		}
	})
}
