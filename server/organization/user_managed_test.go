package organization_test

import (
	"errors"
	"sync"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
)

// wantChanges checks what the newest entry of the action on the object says of
// before and now, and of which unit.
func (w *town) wantChanges(action, object string, unit models.Unit, want string) {
	w.t.Helper()
	var entry models.AuditEntry
	if err := w.store.Read(w.t.Context()).Where("action = ? AND object = ?", action, object).Order("at DESC, seq DESC").Take(&entry).Error; err != nil {
		w.t.Fatal(err)
	}
	if entry.Changes != want {
		w.t.Errorf("%s of %s: changes %s, want %s", action, object, entry.Changes, want)
	}
	if unit.ID != 0 && (entry.UnitID == nil || *entry.UnitID != unit.ID) {
		w.t.Errorf("%s of %s: unit %v, want %d", action, object, entry.UnitID, unit.ID)
	}
}

func wantKey(t *testing.T, err error, code models.Code, key string) {
	t.Helper()
	var known *models.Error
	if !errors.As(err, &known) || known.Code != code || known.Key != key {
		t.Errorf("error %v, want %s: %s", err, code, key)
	}
}

// office adds an administrator of the unit.
func (w *town) office(login, unit string) models.User {
	w.t.Helper()
	user := w.user(login)
	w.grant(login, models.Administrator, unit)
	return user
}

func (w *town) grantID(login string) uint64 {
	w.t.Helper()
	user, err := w.UserByLogin(w.t.Context(), login)
	if err != nil {
		w.t.Fatal(err)
	}
	grants, err := w.Grants(w.t.Context(), rbac.Everywhere, user.ID)
	if err != nil || len(grants) == 0 {
		w.t.Fatalf("grants of %s: %v, %v", login, grants, err)
	}
	return grants[0].ID
}

// Nobody gives themselves roles or shuts themselves out.
func TestOwnAccountIsOutOfReach(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		admin := town.office("admin", "370000")
		town.office("deputy", "370000")
		ctx, scope := t.Context(), town.scope("370000")
		entries := town.countEntries()
		_, err := town.Reset(ctx, &admin, scope, "admin")
		wantKey(t, err, models.Forbidden, "people.own_account")
		wantKey(t, town.SetDisabled(ctx, &admin, scope, "admin", true), models.Forbidden, "people.own_account")
		wantKey(t, town.AddGrant(ctx, &admin, scope, "admin", models.Supervisor, "370100"), models.Forbidden, "people.own_account")
		wantKey(t, town.RemoveGrant(ctx, &admin, scope, "admin", town.grantID("admin")), models.Forbidden, "people.own_account")
		if town.countEntries() != entries {
			t.Error("a refused write was recorded")
		}
	})
}

// invitedBy makes the user one whom the administrator has invited.
func (w *town) invitedBy(by *models.User, user models.User) {
	w.t.Helper()
	invitation := models.Invitation{UserID: user.ID, Hash: user.Login, CreatedAt: w.now, ExpiresAt: w.now, InvitedBy: &by.ID}
	if err := w.store.Write(w.t.Context(), func(tx *gorm.DB) error { return tx.Create(&invitation).Error }); err != nil {
		w.t.Fatal(err)
	}
}

// Who could reset an account that belongs to nobody yet would keep its password
// when it is given to somebody of a higher office.
func TestUserWithoutGrantsIsTheInvitersAndTheTopmostAdministrators(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		governor, mayor, other := town.office("governor", "370000"), town.office("mayor", "370100"), town.office("other", "370100")
		town.invitedBy(&mayor, town.user("li"))
		ctx, city := t.Context(), town.scope("370100")
		entries := town.countEntries()
		_, err := town.Reset(ctx, &other, city, "li")
		wantCode(t, err, models.NotFound)
		_, err = town.CreateToken(ctx, &other, city, "li")
		wantCode(t, err, models.NotFound)
		_, err = town.UserView(ctx, &other, city, "li")
		wantCode(t, err, models.NotFound)
		wantCode(t, town.AddGrant(ctx, &other, city, "li", models.Viewer, "370102"), models.NotFound)
		wantCode(t, town.SetDisabled(ctx, &other, city, "li", true), models.NotFound)
		if town.countEntries() != entries {
			t.Error("a refused write was recorded")
		}
		if _, err := town.UserView(ctx, &mayor, city, "li"); err != nil {
			t.Errorf("the inviter: %v", err)
		}
		token, err := town.CreateToken(ctx, nil, rbac.Everywhere, "li")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := town.Reset(ctx, &governor, town.scope("370000"), "li"); err != nil {
			t.Errorf("the topmost administrator: %v", err)
		}
		_, err = town.UserByToken(ctx, token)
		wantCode(t, err, models.Unauthorized)
	})
}

func TestCityDoesNotReachTheProvince(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		town.office("governor", "370000")
		mayor := town.office("mayor", "370100")
		town.invitedBy(&mayor, town.user("li"))
		ctx, scope := t.Context(), town.scope("370100")
		for _, unit := range []string{"370000", "370200", "370000-bgt", "999999"} {
			wantKey(t, town.AddGrant(ctx, &mayor, scope, "li", models.Administrator, unit), models.NotFound, "organization.unit_not_found")
			_, err := town.Invite(ctx, &mayor, scope, organization.Invitee{Login: "wang", Name: "王某", Role: models.Viewer, Unit: unit})
			wantKey(t, err, models.NotFound, "organization.unit_not_found")
		}
		_, err := town.UserByLogin(ctx, "wang")
		wantCode(t, err, models.NotFound)
		wantCode(t, town.SetDisabled(ctx, &mayor, scope, "governor", true), models.NotFound)
		if err := town.AddGrant(ctx, &mayor, scope, "li", models.Administrator, "370102"); err != nil {
			t.Error(err)
		}
	})
}

func TestLastAdministratorOfARootStays(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		admin := town.office("admin", "370000")
		ctx := t.Context()
		// None of these can take over: one is disabled, one has no password yet, one
		// has a city only and one reads only.
		town.office("disabled", "370000")
		if err := town.SetDisabled(ctx, nil, rbac.Everywhere, "disabled", true); err != nil {
			t.Fatal(err)
		}
		if _, err := town.Invite(ctx, nil, rbac.Everywhere, organization.Invitee{Login: "invited", Name: "王某", Role: models.Administrator, Unit: "370000"}); err != nil {
			t.Fatal(err)
		}
		town.office("mayor", "370100")
		town.user("viewer")
		town.grant("viewer", models.Viewer, "370000")

		entries := town.countEntries()
		wantKey(t, town.SetDisabled(ctx, nil, rbac.Everywhere, "admin", true), models.Conflict, "people.last_administrator")
		wantKey(t, town.RemoveGrant(ctx, nil, rbac.Everywhere, "admin", town.grantID("admin")), models.Conflict, "people.last_administrator")
		_, err := town.Reset(ctx, nil, rbac.Everywhere, "admin")
		wantKey(t, err, models.Conflict, "people.last_administrator")
		if town.countEntries() != entries {
			t.Error("a refused write was recorded")
		}
		// The others go as they like.
		if err := town.RemoveGrant(ctx, &admin, rbac.Everywhere, "invited", town.grantID("invited")); err != nil {
			t.Error(err)
		}
		if err := town.SetDisabled(ctx, &admin, rbac.Everywhere, "mayor", true); err != nil {
			t.Error(err)
		}
		town.office("deputy", "370000")
		if err := town.SetDisabled(ctx, nil, rbac.Everywhere, "admin", true); err != nil {
			t.Errorf("with a deputy: %v", err)
		}
	})
}

// together runs the functions at the same time.
func together(functions ...func()) {
	var group sync.WaitGroup
	for _, function := range functions {
		group.Go(function)
	}
	group.Wait()
}

func TestTwoAdministratorsDisableEachOther(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		wang, li := town.office("wang", "370000"), town.office("li", "370000")
		var first, second error
		together(
			func() { first = town.SetDisabled(t.Context(), &wang, rbac.Everywhere, "li", true) },
			func() { second = town.SetDisabled(t.Context(), &li, rbac.Everywhere, "wang", true) },
		)
		if (first == nil) == (second == nil) {
			t.Fatalf("%v and %v: one succeeds, the other is refused", first, second)
		}
		wantKey(t, errors.Join(first, second), models.Conflict, "people.last_administrator")
	})
}

func TestTwoAdministratorsDoTheSame(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		wang, zhang := town.office("wang", "370000"), town.office("zhang", "370000")
		town.user("li")
		ctx := t.Context()
		once := func(what string, code models.Code, do func(actor *models.User) error) {
			t.Helper()
			var first, second error
			together(func() { first = do(&wang) }, func() { second = do(&zhang) })
			if (first == nil) == (second == nil) {
				t.Fatalf("%s: %v and %v; want one success", what, first, second)
			}
			wantCode(t, errors.Join(first, second), code)
		}
		once("invite", models.Conflict, func(actor *models.User) error {
			_, err := town.Invite(ctx, actor, rbac.Everywhere, organization.Invitee{Login: "zhao", Name: "赵某"})
			return err
		})
		once("grant", models.Conflict, func(actor *models.User) error {
			return town.AddGrant(ctx, actor, rbac.Everywhere, "li", models.Viewer, "370100")
		})
		grant := town.grantID("li")
		once("remove", models.NotFound, func(actor *models.User) error {
			return town.RemoveGrant(ctx, actor, rbac.Everywhere, "li", grant)
		})
	})
}

func TestDisable(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		admin, user := town.office("admin", "370000"), town.user("li")
		ctx := t.Context()
		if err := town.SetDisabled(ctx, &admin, rbac.Everywhere, "li", true); err != nil {
			t.Fatal(err)
		}
		town.wantEntry("disable", "user", user.ID, &admin)
		town.wantChanges("disable", "user", models.Unit{}, `{"disabled":[false,true]}`)
		entries := town.countEntries()
		if err := town.SetDisabled(ctx, &admin, rbac.Everywhere, "li", true); err != nil {
			t.Error(err)
		}
		if town.countEntries() != entries {
			t.Error("what was so already was recorded")
		}
		_, err := town.Reset(ctx, &admin, rbac.Everywhere, "li")
		wantKey(t, err, models.Conflict, "people.reset_disabled")
		if err := town.SetDisabled(ctx, &admin, rbac.Everywhere, "li", false); err != nil {
			t.Fatal(err)
		}
		town.wantChanges("enable", "user", models.Unit{}, `{"disabled":[true,false]}`)
	})
}
