package organization_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/organization"
)

func TestUnitOutsideTheScopeIsNotFound(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		for name, scope := range map[string]rbac.Scope{
			"nothing": nil, "a sibling": town.scope("370200"), "a child": town.scope("370102"),
		} {
			_, err := town.Unit(t.Context(), scope, "370100")
			if !models.IsCode(err, models.NotFound) {
				t.Errorf("scope of %s: %v, want NotFound", name, err)
			}
		}
		_, err := town.Unit(t.Context(), rbac.Everywhere, "370101")
		wantCode(t, err, models.NotFound)
		_, err = town.UnitByID(t.Context(), 999)
		wantCode(t, err, models.NotFound)

		unit, err := town.Unit(t.Context(), town.scope("370000"), "370100")
		if err != nil || unit.Name != "济南市" {
			t.Errorf("%v, error %v", unit, err)
		}
	})
}

func TestTree(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		want := func(what string, want []string, units []models.Unit, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, codes(units)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", what, diff)
			}
		}
		ctx := t.Context()
		units, err := town.Roots(ctx, nil)
		want("roots of nothing", []string{}, units, err)
		units, err = town.Roots(ctx, rbac.Everywhere)
		want("roots", []string{"370000"}, units, err)
		units, err = town.Roots(ctx, rbac.NewScope(town.unit("370102").Path, town.unit("370200").Path))
		want("roots of grants", []string{"370102", "370200"}, units, err)
		units, err = town.Children(ctx, town.unit("370000"))
		want("children", []string{"370100", "370200", "370000-bgt"}, units, err)
		units, err = town.Children(ctx, town.unit("370102"))
		want("children of a leaf", []string{}, units, err)
		units, err = town.Ancestors(ctx, town.unit("370102"))
		want("ancestors", []string{"370000", "370100"}, units, err)
		units, err = town.Ancestors(ctx, town.unit("370000"))
		want("ancestors of the root", []string{}, units, err)

		child := town.unit("370102")
		if wantPath := models.ChildPath(town.unit("370100").Path, child.ID); child.Path != wantPath {
			t.Errorf("path %s, want %s", child.Path, wantPath)
		}
	})
}

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		for name, c := range map[string]struct {
			scope rbac.Scope
			text  string
			limit int
			want  []string
		}{
			"no scope":          {nil, "济南", 9, []string{}},
			"outside":           {town.scope("370200"), "济南", 9, []string{}},
			"no text":           {rbac.Everywhere, " ", 9, []string{}},
			"a wildcard":        {rbac.Everywhere, "_", 9, []string{}},
			"a percent sign":    {rbac.Everywhere, "0%", 9, []string{"370100-fgw"}},
			"an escape":         {rbac.Everywhere, "!", 9, []string{}},
			"a name":            {rbac.Everywhere, "济南", 9, []string{"370100", "370100-fgw"}},
			"a name in English": {rbac.Everywhere, "GENERAL", 9, []string{"370000-bgt"}},
			"a code":            {town.scope("370100"), "370", 9, []string{"370100", "370102", "370100-fgw"}},
			"a few":             {rbac.Everywhere, "370", 1, []string{"370000"}},
		} {
			units, err := town.Search(t.Context(), c.scope, c.text, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, codes(units)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", name, diff)
			}
		}
	})
}

func TestPutUnitsRefuses(t *testing.T) {
	day := calendar.NewDate(2017, 5, 4)
	unit := func(change func(u *organization.NewUnit)) []organization.NewUnit {
		u := organization.NewUnit{Code: "370300", Name: "淄博市", Kind: models.City, Parent: "370000"}
		change(&u)
		return []organization.NewUnit{u}
	}
	each(t, func(t *testing.T, town *town) {
		entries := town.countEntries()
		jinan := town.scope("370100")
		for name, c := range map[string]struct {
			scope rbac.Scope
			rows  []organization.NewUnit
			want  []string
		}{
			"a short code": {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Code = "3703" }), []string{"units[0].code organization.unit_code"}},
			"an odd code":  {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Code = "370300-X" }), []string{"units[0].code organization.unit_code"}},
			"a long code":  {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Code += "-" + strings.Repeat("x", 60) }), []string{"units[0].code organization.unit_code"}},
			"no name":      {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Name = " " }), []string{"units[0].name organization.name_length"}},
			"long names": {rbac.Everywhere, unit(func(u *organization.NewUnit) {
				u.Name = strings.Repeat("市", 201)
				u.NameEN = u.Name
				u.Class = u.Name
			}), []string{"units[0].name organization.name_length", "units[0].name_en organization.name_en_length", "units[0].class organization.class_length"}},
			"no kind":         {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Kind = "village" }), []string{"units[0].kind organization.unit_kind"}},
			"closed too soon": {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.OpenedOn, u.ClosedOn = day, day }), []string{"units[0].closed_on organization.unit_closed"}},
			"twice":           {rbac.Everywhere, append(unit(func(*organization.NewUnit) {}), unit(func(*organization.NewUnit) {})...), []string{"units[1].code organization.unit_twice"}},
			"no such parent":  {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Parent = "999999" }), []string{"units[0].parent organization.unit_parent"}},
			"its own parent":  {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Parent = u.Code }), []string{"units[0].parent organization.unit_circle"}},
			"under an equal":  {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Parent = "370100" }), []string{"units[0].parent organization.unit_rank"}},
			"under an office": {rbac.Everywhere, unit(func(u *organization.NewUnit) { u.Parent = "370000-bgt" }), []string{"units[0].parent organization.unit_rank"}},
			"a move":          {rbac.Everywhere, []organization.NewUnit{{Code: "370102", Name: "历下区", Kind: models.County, Parent: "370200"}}, []string{"units[0].parent organization.unit_moved"}},
			"a new root":      {jinan, unit(func(u *organization.NewUnit) { u.Parent = "" }), []string{"units[0].parent organization.unit_root"}},
			"parent outside":  {jinan, unit(func(*organization.NewUnit) {}), []string{"units[0].parent organization.unit_parent"}},
			"itself outside":  {jinan, []organization.NewUnit{{Code: "370200", Name: "x", Kind: models.City, Parent: "370000"}}, []string{"units[0].code organization.unit_not_found"}},
		} {
			t.Run(name, func(t *testing.T) { wantFields(t, town.put(c.scope, c.rows...), c.want...) })
		}
		if _, err := town.Unit(t.Context(), rbac.Everywhere, "370300"); !models.IsCode(err, models.NotFound) {
			t.Errorf("a refused unit was stored: %v", err)
		}
		if town.unit("370200").Name != "青岛市" || town.countEntries() != entries {
			t.Error("a refused change left traces")
		}
	})
}

func TestPutUnitsUpdates(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		before, untouched := town.unit("370200"), town.unit("370102")
		rows := tree()
		rows[3].Name, rows[3].ClosedOn = "青岛", calendar.NewDate(2019, 1, 1)
		rows = append(rows, organization.NewUnit{Code: "370300", Name: "淄博市", Kind: models.City, Parent: "370000"})
		town.mustPut(rbac.Everywhere, rows...)
		town.wantEntry("put", "unit", 0, nil)

		want := before
		want.Name, want.ClosedOn = "青岛", calendar.NewDate(2019, 1, 1)
		if diff := cmp.Diff(want, town.unit("370200")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		units, err := town.Children(t.Context(), town.unit("370000"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"370100", "370200", "370000-bgt", "370300"}, codes(units)); diff != "" {
			t.Errorf("children: -want +got:\n%s", diff)
		}
		if diff := cmp.Diff(untouched, town.unit("370102")); diff != "" {
			t.Errorf("a unit whose row did not change: -want +got:\n%s", diff)
		}
	})
}

// An administrator of a city keeps its units, and only those.
func TestPutUnitsInsideAScope(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		admin := town.user("admin")
		err := town.store.Write(t.Context(), func(tx *gorm.DB) error {
			return town.PutUnits(tx, &admin, town.scope("370100"), calendar.DateOf(town.now), []organization.NewUnit{
				{Code: "370103", Name: "市中区", Kind: models.County, Parent: "370100"},
				{Code: "370103-jyj", Name: "教育局", Kind: models.Department, Parent: "370103"},
				{Code: "370100", Name: "济南", Kind: models.City, Parent: "370000"},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		town.wantEntry("put", "unit", 0, &admin)
		if got := town.unit("370103-jyj"); !town.scope("370103").Contains(got.Path) {
			t.Errorf("path %s is not under 370103", got.Path)
		}
		if town.unit("370100").Name != "济南" {
			t.Error("the city was not updated")
		}
	})
}

func TestPutUnitsInBatches(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		var rows []organization.NewUnit
		for i := range 450 {
			rows = append(rows, organization.NewUnit{
				Code: fmt.Sprintf("370100-d%03d", i), Name: "部门", Kind: models.Department, Parent: "370100",
			})
		}
		town.mustPut(rbac.Everywhere, rows...)
		units, err := town.Children(t.Context(), town.unit("370100"))
		if err != nil || len(units) != 452 {
			t.Fatalf("%d children, error %v; want 452", len(units), err)
		}
		city := town.unit("370100")
		for i, unit := range units {
			if unit.Position != i+1 || unit.Path != models.ChildPath(city.Path, unit.ID) {
				t.Fatalf("unit %s has position %d and path %s", unit.Code, unit.Position, unit.Path)
			}
		}
	})
}
