package organization_test

import (
	"testing"

	"sundial/models"
)

func TestTheTourIsEachUsersOwn(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		li, wang := town.user("li"), town.user("wang")
		toured := func(user models.User) bool {
			user, err := town.UserByLogin(t.Context(), user.Login)
			if err != nil {
				t.Fatal(err)
			}
			return user.TouredAt != nil
		}
		before := town.countEntries()
		if err := town.EndTour(t.Context(), &li); err != nil {
			t.Fatal(err)
		}
		if !toured(li) || toured(wang) {
			t.Errorf("li has seen the tour: %t, wang: %t; only li has", toured(li), toured(wang))
		}
		if err := town.BeginTour(t.Context(), &li); err != nil {
			t.Fatal(err)
		}
		if toured(li) {
			t.Error("the tour is not shown again")
		}
		if after := town.countEntries(); after != before {
			t.Errorf("%d entries in the audit log; what people keep for themselves is not in it", after-before)
		}
	})
}
