package search_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/organization"
	"sundial/server/search"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// house is a world with the desk, and with people on rosters.
type house struct {
	*desktest.World
	desk *search.Desk
}

func each(t *testing.T, body func(h *house)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := desktest.New(t, s)
		w.Activate("shandong-2017", 2017)
		h := &house{w, search.New(s, w.Ledger, w.Directory)}
		h.post(desktest.Jinan, "王小明", "JN-001", true)
		h.post(desktest.Qingdao, "王芳", "QD-001", true)
		h.post(desktest.Qingdao, "李王", "QD-0_2", true)
		h.post(desktest.Qingdao, "错录", "QD-003", false)
		body(h)
	})
}

// post puts somebody on the roster of a unit; not known any more when it was a mistake.
func (h *house) post(unit, name, number string, known bool) {
	h.Helper()
	until := models.Forever
	if !known {
		until = desktest.Day("2017-06-01")
	}
	h.Must(h.Store.Write(h.Context(), func(tx *gorm.DB) error {
		person := models.Person{Name: name, Number: &number, CreatedAt: store.Instant(h.Now())}
		if err := tx.Create(&person).Error; err != nil {
			return err
		}
		return tx.Create(&models.Posting{PersonID: person.ID, UnitID: h.Unit(unit).ID, Post: "科员", StartOn: desktest.Day("2017-01-01"),
			KnownOn: desktest.Day("2017-01-01"), KnownUntil: until, RecordedAt: store.Instant(h.Now())}).Error
	}))
}

// find answers a query in one line per kind: what each has first names it.
func (h *house) find(actor compliance.Actor, text string, limit int) map[search.Kind][]string {
	h.Helper()
	found, err := h.desk.Find(h.Context(), search.Query{Actor: actor, User: &models.User{ID: actor.ID}, Text: text, Limit: limit, Counted: true})
	h.Must(err)
	got := map[search.Kind][]string{}
	for _, unit := range found.Units.Items {
		got[search.Units] = append(got[search.Units], unit.Code)
	}
	for _, o := range found.Obligations.Items {
		got[search.Obligations] = append(got[search.Obligations], o.ID)
	}
	for _, p := range found.Policies.Items {
		got[search.Policies] = append(got[search.Policies], p.Row.Code)
	}
	for _, p := range found.People.Items {
		got[search.People] = append(got[search.People], p.Name)
	}
	for _, u := range found.Users.Items {
		got[search.Users] = append(got[search.Users], u.Login)
	}
	return got
}

type results = map[search.Kind][]string

// What lies outside of the caller's grants is not there, whatever is typed.
func TestNothingOutsideOfTheGrantsIsFound(t *testing.T) {
	each(t, func(h *house) {
		jinan, office := h.Actor(desktest.Jinan, models.Reporter), h.Actor(desktest.Shandong, models.Supervisor)
		for text, want := range map[string]results{
			"青岛": {}, "370200": {}, "Qingdao": {}, "王芳": {}, "QD-001": {}, "错录": {}, "": {}, "  ": {},
			"王": {search.People: {"王小明"}}, "Jinan": {search.Units: {desktest.Jinan}},
		} {
			if diff := cmp.Diff(want, h.find(jinan, text, 8)); diff != "" {
				t.Errorf("Jinan finds for %q: -want +got:\n%s", text, diff)
			}
		}
		for _, text := range []string{"青岛", "王芳", "QD-001", "轮训"} {
			if got := h.find(compliance.Actor{}, text, 8); len(got) > 0 {
				t.Errorf("nobody finds %v for %q", got, text)
			}
		}
		if got := h.find(office, "supervisor", 8)[search.Users]; got != nil {
			t.Errorf("who manages no users finds %v", got)
		}
	})
}

func TestWordsFind(t *testing.T) {
	each(t, func(h *house) {
		office := h.Actor(desktest.Shandong, models.Supervisor, models.Administrator)
		for text, want := range map[string]results{
			"青岛":         {search.Units: {desktest.Qingdao}},
			" qingdao ":  {search.Units: {desktest.Qingdao}},
			"370200":     {search.Units: {desktest.Qingdao}},
			"3702":       {search.Units: {desktest.Qingdao}},
			"王":          {search.People: {"王小明", "王芳", "李王"}},
			"qd-0":       {search.People: {"李王", "王芳"}},
			"王芳 QD":      {search.People: {"王芳"}},
			"0_2":        {search.People: {"李王"}},
			"%":          {search.Obligations: {"sd2017.weight"}},
			"4%":         {search.Obligations: {"sd2017.weight"}},
			"_":          {search.People: {"李王"}},
			"!":          {},
			"错录":         {},
			"轮训":         {search.Obligations: {"sd2017.rotation"}},
			"370000-SUP": {search.Users: {"370000-supervisor-administrator"}},
		} {
			got := h.find(office, text, 8)
			delete(got, search.Policies) // those of other provinces too; see below
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%q: -want +got:\n%s", text, diff)
			}
		}
	})
}

// A clause and a number are found however their brackets are typed, and the whole text
// in a title comes before the words anywhere.
func TestPoliciesAndTheirObligations(t *testing.T) {
	each(t, func(h *house) {
		office := h.Actor(desktest.Shandong, models.Supervisor)
		plain := h.find(office, "六(六)", 20)
		if len(plain[search.Obligations]) < 3 {
			t.Errorf("the clause has %v", plain)
		}
		if diff := cmp.Diff(plain[search.Obligations], h.find(office, "六\uff08六\uff09", 20)[search.Obligations]); diff != "" {
			t.Errorf("with brackets of the full width: -plain +got:\n%s", diff)
		}
		for _, text := range []string{"鲁政办发〔2017〕39号", "鲁政办发[2017]39号", "鲁政办发\uff3b2017\uff3d39号"} {
			if got := h.find(office, text, 20)[search.Policies]; !cmp.Equal(got, []string{"shandong-2017"}) {
				t.Errorf("%s finds %v", text, got)
			}
		}
		found, err := h.desk.Find(t.Context(), search.Query{Actor: office, Text: "轮训", Limit: 8})
		h.Must(err)
		if o := found.Obligations.Items; len(o) == 0 || o[0].Unit.Code != desktest.Shandong || o[0].Year != 2017 || o[0].Policy.Row.Code != "shandong-2017" {
			t.Errorf("the rotation is %+v", o)
		}
		h.Activate("liaoning-2016", 2017)
		if got := h.find(office, "ln2016", 8); got[search.Obligations] != nil {
			t.Errorf("Shandong finds what binds Liaoning: %v", got)
		}
		program := compliance.Actor{Access: h.Table.Access(rbac.Grant{Role: models.Administrator, Path: "/"})}
		retirement, err := h.Ledger.PreviewRetirement(t.Context(), program, "shandong-2017", desktest.Day("2017-12-01"))
		h.Must(err)
		_, err = h.Ledger.Retire(t.Context(), program, "shandong-2017", desktest.Day("2017-12-01"), "已被新文件代替", retirement.Seen)
		h.Must(err)
		if got := h.find(office, "轮训", 8); got[search.Obligations] != nil {
			t.Errorf("a retired policy demands %v", got)
		}
	})
}

// One more than the limit tells that there are others, and all are counted when asked.
func TestMoreThanTheLimit(t *testing.T) {
	each(t, func(h *house) {
		office := h.Actor(desktest.Shandong, models.Supervisor)
		find := func(q search.Query) *search.Found {
			t.Helper()
			q.Actor, q.Limit = office, 2
			found, err := h.desk.Find(t.Context(), q)
			h.Must(err)
			return found
		}
		for _, text := range []string{"市", "37"} {
			var want int64
			h.Must(h.Store.Read(t.Context()).Table("units").Where("path LIKE ? AND (name LIKE ? OR code LIKE ?)", h.Unit(desktest.Shandong).Path+"%", "%"+text+"%", "%"+text+"%").Count(&want).Error)
			found := find(search.Query{Text: text, Counted: true})
			if u := found.Units; len(u.Items) != 2 || !u.More || u.Total != int(want) {
				t.Errorf("%s: %d of %d, more is %v, want 2 of %d", text, len(u.Items), u.Total, u.More, want)
			}
			if u := find(search.Query{Text: text}).Units; len(u.Items) != 2 || !u.More || u.Total != 0 {
				t.Errorf("%s, not counted: %d of %d, more is %v", text, len(u.Items), u.Total, u.More)
			}
		}
		found := find(search.Query{Text: "王", Counted: true})
		if p := found.People; len(p.Items) != 2 || p.Total != 3 || !p.More || p.Items[0].Unit.Name == "" || p.Items[0].Posting.Post != "科员" {
			t.Errorf("people: %+v", p)
		}
		only := find(search.Query{Text: "王", Only: search.Units})
		if len(only.People.Items) != 0 {
			t.Error("only units were asked for")
		}
	})
}

// Units come with those above them that the caller sees, the closed ones last.
func TestUnitsStandInTheTree(t *testing.T) {
	each(t, func(h *house) {
		opened := desktest.Day("2000-01-01")
		h.Must(h.Store.Write(t.Context(), func(tx *gorm.DB) error {
			return h.Directory.PutUnits(tx, nil, rbac.Everywhere, models.Always, []organization.NewUnit{
				{Code: "370200-aaa", Name: "档案局", Kind: models.Department, Class: "B", Parent: desktest.Qingdao, OpenedOn: opened},
				{Code: "370100-aaa", Name: "档案局", Kind: models.Department, Class: "B", Parent: desktest.Jinan, OpenedOn: opened}})
		}))
		h.Must(h.Store.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("UPDATE units SET closed_on = '2017-06-01' WHERE code = '370100-aaa'").Error
		}))
		find := func(actor compliance.Actor, text string) string {
			found, err := h.desk.Find(t.Context(), search.Query{Actor: actor, Text: text, Limit: 8})
			h.Must(err)
			var lines []string
			for _, unit := range found.Units.Items {
				line := unit.Code
				for _, above := range unit.Above {
					line += " < " + above.Code
				}
				if unit.HasChildren {
					line += " +"
				}
				lines = append(lines, line)
			}
			return strings.Join(lines, "; ")
		}
		office, city := h.Actor(desktest.Shandong, models.Viewer), h.Actor(desktest.Qingdao, models.Viewer)
		if got, want := find(office, "档案局"), "370200-aaa < 370000 < 370200; 370100-aaa < 370000 < 370100"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := find(city, "档案"), "370200-aaa < 370200"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := find(city, "青岛"), "370200 +"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := find(office, "济南市"), "370100 < 370000"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestTextThatIsNone(t *testing.T) {
	each(t, func(h *house) {
		office := h.Actor(desktest.Shandong, models.Supervisor)
		if _, err := h.desk.Find(t.Context(), search.Query{Actor: office, Text: "\xff", Limit: 8}); !models.IsCode(err, models.Invalid) {
			t.Errorf("got %v", err)
		}
		if got := h.find(office, strings.Repeat("王", 100_000), 8); len(got) != 0 {
			t.Errorf("got %v", got)
		}
		if got := h.find(office, strings.Repeat("王 ", 5)+"no sixth word counts", 8)[search.People]; len(got) != 3 {
			t.Errorf("got %v", got)
		}
	})
}
