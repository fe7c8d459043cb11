package organization_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/organization"
)

// register changes units with what is known from the day on.
func (w *town) register(day calendar.Date, change func(r organization.Register) error) {
	w.t.Helper()
	err := w.store.Write(w.t.Context(), func(tx *gorm.DB) error { return change(organization.NewRegister(tx, day)) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// stretch is a row of a unit's history, in short.
type stretch struct {
	Until        calendar.Date
	Name, Parent string
}

func (w *town) history(code string) map[calendar.Date]stretch {
	w.t.Helper()
	var changes []models.UnitChange
	if err := w.store.Read(w.t.Context()).Where("unit_id = ?", w.unit(code).ID).Find(&changes).Error; err != nil {
		w.t.Fatal(err)
	}
	history := map[calendar.Date]stretch{}
	for _, change := range changes {
		parent, err := w.UnitByID(w.t.Context(), *change.ParentID)
		if err != nil {
			w.t.Fatal(err)
		}
		if want := models.ChildPath(parent.Path, change.UnitID); change.KnownUntil == models.Forever && change.Path != want {
			w.t.Errorf("%s is known to be at %s, want %s", code, change.Path, want)
		}
		history[change.KnownOn] = stretch{change.KnownUntil, change.Name, parent.Code}
	}
	return history
}

func TestWhatWasKnownOfAUnitIsKept(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		entered, monday, friday := calendar.DateOf(town.now), calendar.NewDate(2017, 7, 3), calendar.NewDate(2017, 7, 7)
		rename := func(day calendar.Date, name string) {
			town.register(day, func(r organization.Register) error {
				unit := town.unit("370102")
				unit.Name = name
				return r.Save(unit)
			})
		}
		move := func(day calendar.Date, to string) {
			town.register(day, func(r organization.Register) error {
				_, err := r.Move(town.unit("370102"), town.unit(to))
				return err
			})
		}
		rename(monday, "历下新区")
		rename(monday, "历下区政府")
		move(friday, "370200")
		rename(friday, "历下区")
		// Known on an earlier day than what is known: it is put right, not undone.
		rename(monday, "历下")
		want := map[calendar.Date]stretch{entered: {monday, "历下区", "370100"}, monday: {friday, "历下区政府", "370100"}, friday: {models.Forever, "历下", "370200"}}
		if diff := cmp.Diff(want, town.history("370102")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestAMoveTakesTheSubtreeAlong(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		town.mustPut(rbac.Everywhere, organization.NewUnit{Code: "370102-jyj", Name: "教育局", Kind: models.Department, Parent: "370102"},
			organization.NewUnit{Code: "370202", Name: "市南区", Kind: models.County, Parent: "370200"})
		other := town.unit("370100-fgw")
		monday := calendar.NewDate(2017, 7, 3)
		town.register(monday, func(r organization.Register) error {
			moved, err := r.Move(town.unit("370102"), town.unit("370200"))
			if moved.Position != 2 || *moved.ParentID != town.unit("370200").ID {
				t.Errorf("moved to %d of unit %d, want the second of Qingdao", moved.Position, *moved.ParentID)
			}
			return err
		})
		for _, code := range []string{"370102", "370102-jyj"} {
			if unit := town.unit(code); !rbac.NewScope(town.unit("370200").Path).Contains(unit.Path) {
				t.Errorf("%s is at %s", code, unit.Path)
			}
			if history := town.history(code); len(history) != 2 || history[monday].Until != models.Forever {
				t.Errorf("history of %s: %v", code, history)
			}
		}
		if diff := cmp.Diff(other, town.unit("370100-fgw")); diff != "" {
			t.Errorf("a unit that stayed (-before +after):\n%s", diff)
		}
	})
}

func TestUnitsAreListedLevelByLevel(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		closed := tree()[3]
		closed.ClosedOn = calendar.NewDate(2018, 1, 1)
		town.mustPut(rbac.Everywhere, closed)
		for name, c := range map[string]struct {
			scope rbac.Scope
			query organization.UnitQuery
			want  []string
			total int
		}{
			"nothing in scope": {nil, organization.UnitQuery{}, []string{}, 0},
			"the roots":        {rbac.Everywhere, organization.UnitQuery{}, []string{"370000"}, 1},
			"the topmost":      {town.scope("370100"), organization.UnitQuery{}, []string{"370100"}, 1},
			"children":         {rbac.Everywhere, organization.UnitQuery{Under: town.unit("370000")}, []string{"370100", "370000-bgt"}, 2},
			"closed ones too":  {rbac.Everywhere, organization.UnitQuery{Under: town.unit("370000"), WithClosed: true}, []string{"370100", "370200", "370000-bgt"}, 3},
			"the second page":  {rbac.Everywhere, organization.UnitQuery{Under: town.unit("370000"), WithClosed: true, Offset: 2}, []string{"370000-bgt"}, 3},
			"children outside": {town.scope("370200"), organization.UnitQuery{Under: town.unit("370000")}, []string{}, 0},
			"found":            {rbac.Everywhere, organization.UnitQuery{Text: "济南"}, []string{"370100", "370100-fgw"}, 2},
			"found outside":    {town.scope("370102"), organization.UnitQuery{Text: "济南"}, []string{}, 0},
			"a percent sign":   {rbac.Everywhere, organization.UnitQuery{Text: "0%"}, []string{"370100-fgw"}, 1},
		} {
			c.query.Limit = 50
			page, err := town.Units(t.Context(), c.scope, c.query)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, line := range page.Lines {
				got = append(got, line.Code)
				if line.Code == "370100" && line.Below != 2 {
					t.Errorf("%d units below %s, want 2", line.Below, line.Code)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" || page.Total != c.total {
				t.Errorf("%s: %d in total, want %d; -want +got:\n%s", name, page.Total, c.total, diff)
			}
		}
		counts, err := town.CountUnits(t.Context(), rbac.Everywhere)
		if err != nil || counts != (organization.UnitCounts{Open: 5, Closed: 1}) {
			t.Errorf("counts %+v, %v", counts, err)
		}
	})
}
