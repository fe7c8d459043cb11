package organization_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
)

func TestCreateUserRefuses(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		for name, c := range map[string]struct {
			user organization.NewUser
			want []string
		}{
			"nothing":           {organization.NewUser{}, []string{"login organization.login", "name organization.name_length", "password organization.password_short"}},
			"an odd login":      {organization.NewUser{Login: "li li", Name: "李某", Password: password}, []string{"login organization.login"}},
			"a long login":      {organization.NewUser{Login: strings.Repeat("l", 65), Name: "李某", Password: password}, []string{"login organization.login"}},
			"a short password":  {organization.NewUser{Login: "li", Name: "李某", Password: "政务公开政务公开政"}, []string{"password organization.password_short"}},
			"a long password":   {organization.NewUser{Login: "li", Name: "李某", Password: strings.Repeat("x", 201)}, []string{"password organization.password_long"}},
			"the login again":   {organization.NewUser{Login: "li.of.jinan", Name: "李某", Password: "Li.of.Jinan"}, []string{"password organization.password_is_login"}},
			"another language":  {organization.NewUser{Login: "li", Name: "李某", Password: password, Locale: "fr"}, []string{"locale organization.locale"}},
			"a name of volumes": {organization.NewUser{Login: "li", Name: strings.Repeat("李", 201), Password: password}, []string{"name organization.name_length"}},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := town.CreateUser(t.Context(), nil, c.user)
				wantFields(t, err, c.want...)
			})
		}
		town.user("li")
		_, err := town.CreateUser(t.Context(), nil, organization.NewUser{Login: "li", Name: "又一个", Password: password})
		wantCode(t, err, models.Conflict)
	})
}

func TestCreateUser(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		admin := town.user("admin")
		user, err := town.CreateUser(t.Context(), &admin, organization.NewUser{
			Login: "li", Name: "李某", Password: password, Locale: "en",
		})
		if err != nil {
			t.Fatal(err)
		}
		town.wantEntry("create", "user", user.ID, &admin)
		if !strings.HasPrefix(user.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash %s", user.PasswordHash)
		}
		byID, err := town.User(t.Context(), user.ID)
		if err != nil {
			t.Fatal(err)
		}
		byLogin, err := town.UserByLogin(t.Context(), "li")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]models.User{user, user}, []models.User{byID, byLogin}); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		_, err = town.User(t.Context(), 999)
		wantCode(t, err, models.NotFound)
		_, err = town.UserByLogin(t.Context(), "LI")
		wantCode(t, err, models.NotFound)
	})
}

// Who may manage users of a city has no power over those with grants beyond it.
func TestUsersWithWiderGrantsAreOutOfReach(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		li := town.user("li")
		town.grant("li", models.Reporter, "370102")
		town.grant("li", models.Viewer, "370200")
		ctx, jinan := t.Context(), town.scope("370100")
		entries := town.countEntries()
		grants, err := town.Grants(ctx, rbac.Everywhere, li.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, scope := range []rbac.Scope{jinan, nil, town.scope("370200"), town.scope("370102")} {
			_, err := town.Reset(ctx, nil, scope, "li")
			wantCode(t, err, models.NotFound)
			wantCode(t, town.SetDisabled(ctx, nil, scope, "li", true), models.NotFound)
			wantCode(t, town.RevokeTokens(ctx, nil, scope, "li"), models.NotFound)
			wantCode(t, town.AddGrant(ctx, nil, scope, "li", models.Viewer, "370102"), models.NotFound)
			for _, grant := range grants {
				wantCode(t, town.RemoveGrant(ctx, nil, scope, "li", grant.ID), models.NotFound)
			}
			_, err = town.CreateToken(ctx, nil, scope, "li")
			wantCode(t, err, models.NotFound)
			_, err = town.UserView(ctx, nil, scope, "li")
			wantCode(t, err, models.NotFound)
		}
		if town.countEntries() != entries {
			t.Error("a refused write was recorded")
		}
		if _, err := town.Reset(ctx, nil, town.scope("370000"), "li"); err != nil {
			t.Error(err)
		}
	})
}

func TestUserWithoutGrantsIsOutOfReachForNobodysScope(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		town.user("li")
		_, err := town.Reset(t.Context(), nil, nil, "li")
		wantCode(t, err, models.NotFound)
		_, err = town.UserView(t.Context(), nil, nil, "li")
		wantCode(t, err, models.NotFound)
		_, err = town.Invite(t.Context(), nil, nil, organization.Invitee{Login: "wang", Name: "王某"})
		wantCode(t, err, models.Forbidden)
	})
}

func TestGrants(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		admin, user := town.user("admin"), town.user("li")
		town.invitedBy(&admin, user)
		ctx, jinan := t.Context(), town.scope("370100")
		wantCode(t, town.AddGrant(ctx, &admin, jinan, "li", models.Reporter, "370200"), models.NotFound)
		wantCode(t, town.AddGrant(ctx, &admin, jinan, "nobody", models.Reporter, "370102"), models.NotFound)
		wantFields(t, town.AddGrant(ctx, &admin, jinan, "li", "boss", "370102"), "role organization.role")

		if err := town.AddGrant(ctx, &admin, jinan, "li", models.Reporter, "370102"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, town.AddGrant(ctx, &admin, jinan, "li", models.Reporter, "370102"), models.Conflict)
		first, err := town.Grants(ctx, rbac.Everywhere, user.ID)
		if err != nil || len(first) != 1 {
			t.Fatalf("%v, error %v; want one grant", first, err)
		}
		town.wantEntry("create", "grant", first[0].ID, &admin)
		town.wantChanges("create", "grant", town.unit("370102"), `{"role":[null,"reporter"],"unit":[null,"370102"]}`)

		town.grant("li", models.Viewer, "370200")
		seen, err := town.Grants(ctx, jinan, user.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := []organization.Grant{{ID: first[0].ID, Role: models.Reporter, Unit: town.unit("370102")}}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("grants seen from 370100: -want +got:\n%s", diff)
		}

		town.user("wang")
		province := town.scope("370000")
		wantCode(t, town.RemoveGrant(ctx, &admin, province, "wang", first[0].ID), models.NotFound)
		if err := town.RemoveGrant(ctx, &admin, province, "li", first[0].ID); err != nil {
			t.Fatal(err)
		}
		town.wantEntry("delete", "grant", first[0].ID, &admin)
		town.wantChanges("delete", "grant", town.unit("370102"), `{"role":["reporter",null],"unit":["370102",null]}`)
		wantCode(t, town.RemoveGrant(ctx, &admin, province, "li", first[0].ID), models.NotFound)
	})
}

func TestAccess(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		user := town.user("li")
		may := func(action, unit string) bool {
			t.Helper()
			access, err := town.Access(t.Context(), user.ID)
			if err != nil {
				t.Fatal(err)
			}
			return access.AllowsAt("report", action, town.unit(unit).Path)
		}
		if may("read", "370102") {
			t.Error("a user without grants may read")
		}
		town.grant("li", models.Reporter, "370102")
		if may("verify", "370102") || may("file", "370100") || may("file", "370200") {
			t.Error("a reporter may do more than granted")
		}
		if !may("file", "370102") {
			t.Error("a reporter may not file")
		}
		if err := town.SetDisabled(t.Context(), nil, rbac.Everywhere, "li", true); err != nil {
			t.Fatal(err)
		}
		if may("file", "370102") {
			t.Error("a disabled user may file")
		}
	})
}

func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx, user := t.Context(), town.user("li")
		_, err := town.CreateToken(ctx, nil, rbac.Everywhere, "nobody")
		wantCode(t, err, models.NotFound)
		create := func() string {
			t.Helper()
			plain, err := town.CreateToken(ctx, nil, rbac.Everywhere, "li")
			if err != nil {
				t.Fatal(err)
			}
			return plain
		}
		refused := func(plain string) {
			t.Helper()
			_, err := town.UserByToken(ctx, plain)
			wantCode(t, err, models.Unauthorized)
		}
		accepted := func(plain string) {
			t.Helper()
			if got, err := town.UserByToken(ctx, plain); err != nil || got.ID != user.ID {
				t.Errorf("user %d, error %v; want %d", got.ID, err, user.ID)
			}
		}
		first, second := create(), create()
		var stored []models.Token
		if err := town.store.Read(ctx).Order("id").Find(&stored).Error; err != nil || len(stored) != 2 {
			t.Fatalf("%v, error %v", stored, err)
		}
		town.wantEntry("create", "token", stored[1].ID, nil)
		for _, wrong := range []string{"", "sundial_", first + "x", strings.ToUpper(first), stored[0].Hash} {
			refused(wrong)
		}
		if len(first) < 40 || first == second || strings.Contains(first, stored[0].Hash) {
			t.Errorf("tokens %s and %s", first, second)
		}
		accepted(first)
		accepted(second)

		if err := town.SetDisabled(ctx, nil, rbac.Everywhere, "li", true); err != nil {
			t.Fatal(err)
		}
		refused(first)
		if err := town.SetDisabled(ctx, nil, rbac.Everywhere, "li", false); err != nil {
			t.Fatal(err)
		}
		accepted(first)
		if err := town.RevokeTokens(ctx, nil, rbac.Everywhere, "li"); err != nil {
			t.Fatal(err)
		}
		town.wantEntry("revoke_tokens", "user", user.ID, nil)
		refused(first)
		refused(second)
		accepted(create())
	})
}
