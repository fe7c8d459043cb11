package organization_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
	"sundial/server/store"
)

func (w *town) logins(q organization.UserQuery) []string {
	w.t.Helper()
	if q.Limit == 0 {
		q.Limit = 50
	}
	page, err := w.Users(w.t.Context(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	logins := []string{}
	for _, item := range page.Items {
		logins = append(logins, item.Login)
	}
	if q.Cursor == "" && page.Next == "" && page.Total != len(logins) {
		w.t.Errorf("%d in total, %d listed", page.Total, len(logins))
	}
	return logins
}

func TestUsers(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		town.office("admin", "370000")
		town.office("jinan", "370100")
		town.user("free")
		town.user("lixia")
		town.grant("lixia", models.Reporter, "370102")
		town.user("both")
		town.grant("both", models.Reporter, "370102")
		town.grant("both", models.Viewer, "370200")
		town.user("gone")
		town.grant("gone", models.Supervisor, "370100")
		if err := town.SetDisabled(t.Context(), nil, rbac.Everywhere, "gone", true); err != nil {
			t.Fatal(err)
		}
		town.invite(nil, rbac.Everywhere, organization.Invitee{Login: "zhao", Name: "100%_Zhao", Role: models.Viewer, Unit: "370100-fgw"})

		province, city, county := town.scope("370000"), town.scope("370100"), town.scope("370102")
		jinan := town.unit("370100").Path
		for name, c := range map[string]struct {
			query organization.UserQuery
			want  []string
		}{
			"nobody's scope":     {organization.UserQuery{}, []string{}},
			"a county":           {organization.UserQuery{Scope: county}, []string{"lixia"}},
			"a city":             {organization.UserQuery{Scope: city}, []string{"gone", "jinan", "lixia", "zhao"}},
			"two regions":        {organization.UserQuery{Scope: rbac.NewScope(county[0], town.unit("370200").Path)}, []string{"both", "lixia"}},
			"the province":       {organization.UserQuery{Scope: province}, []string{"admin", "both", "free", "gone", "jinan", "lixia", "zhao"}},
			"a login":            {organization.UserQuery{Scope: province, Text: " IN"}, []string{"admin", "jinan"}},
			"a name":             {organization.UserQuery{Scope: province, Text: "100%_zhao"}, []string{"zhao"}},
			"a wildcard":         {organization.UserQuery{Scope: province, Text: "%"}, []string{"zhao"}},
			"a role":             {organization.UserQuery{Scope: province, Role: models.Reporter}, []string{"both", "lixia"}},
			"a subtree":          {organization.UserQuery{Scope: province, Under: jinan}, []string{"both", "gone", "jinan", "lixia", "zhao"}},
			"a role in it":       {organization.UserQuery{Scope: province, Under: jinan, Role: models.Viewer}, []string{"zhao"}},
			"outside of scope":   {organization.UserQuery{Scope: county, Under: town.unit("370200").Path}, []string{}},
			"active":             {organization.UserQuery{Scope: city, State: organization.UserActive}, []string{"jinan", "lixia"}},
			"invited":            {organization.UserQuery{Scope: city, State: organization.UserInvited}, []string{"zhao"}},
			"disabled":           {organization.UserQuery{Scope: city, State: organization.UserDisabled}, []string{"gone"}},
			"no path at all":     {organization.UserQuery{Scope: province, Under: "x"}, []string{}},
			"after another one":  {organization.UserQuery{Scope: city, Cursor: "gone"}, []string{"jinan", "lixia", "zhao"}},
			"after the last one": {organization.UserQuery{Scope: city, Cursor: "zhao"}, []string{}},
		} {
			if diff := cmp.Diff(c.want, town.logins(c.query)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", name, diff)
			}
		}
		page, err := town.Users(t.Context(), organization.UserQuery{Scope: city, Limit: 2})
		if err != nil || page.Total != 4 || page.Next != "jinan" || len(page.Items) != 2 {
			t.Errorf("first page %+v, error %v", page, err)
		}
	})
}

func TestUserView(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx, scope := t.Context(), town.scope("370100")
		town.invite(nil, rbac.Everywhere, reporter)
		begin := town.now
		view := func() organization.UserView {
			t.Helper()
			view, err := town.UserView(ctx, nil, scope, "li")
			if err != nil {
				t.Fatal(err)
			}
			return view
		}
		got := view()
		want := organization.UserView{User: got.User, State: organization.UserInvited, InvitedUntil: begin.Add(72 * time.Hour),
			Grants: []organization.Grant{{ID: town.grantID("li"), Role: models.Reporter, Unit: town.unit("370102")}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		town.now = begin.Add(72 * time.Hour)
		if got := view(); got.State != organization.UserInvited || !got.InvitedUntil.IsZero() {
			t.Errorf("expired: %+v", got)
		}
		for range 2 {
			if _, err := town.CreateToken(ctx, nil, scope, "li"); err != nil {
				t.Fatal(err)
			}
		}
		if got := view().Tokens; got != 2 {
			t.Errorf("%d tokens, want 2", got)
		}
		if err := town.RevokeTokens(ctx, nil, scope, "li"); err != nil {
			t.Fatal(err)
		}
		town.wantChanges("revoke_tokens", "user", models.Unit{}, `{"tokens":[2,0]}`)
		if got := view().Tokens; got != 0 {
			t.Errorf("%d tokens, want none", got)
		}
		for _, login := range []string{"nobody", "LI", "", "\xff"} {
			if _, err := town.UserView(ctx, nil, scope, login); !models.IsCode(err, models.NotFound) {
				t.Errorf("%q: %v", login, err)
			}
		}
	})
}

func TestSignIns(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		user, other := town.user("li"), town.user("wang")
		from := store.WithOrigin(t.Context(), store.Origin{Via: "browser", Address: address})
		try := func(login, given string) {
			town.now = town.now.Add(time.Minute)
			_, _ = town.Authenticate(from, login, given, address)
			town.Wait()
		}
		begin := town.now
		try("li", password)
		try("li", "a wrong password")
		try("wang", password)
		try("nobody", password)
		if err := town.SetDisabled(t.Context(), nil, rbac.Everywhere, "li", true); err != nil {
			t.Fatal(err)
		}
		try("li", password)
		history := func(user models.User, limit int) []organization.SignIn {
			t.Helper()
			history, err := town.SignIns(t.Context(), user.ID, limit)
			if err != nil {
				t.Fatal(err)
			}
			return history
		}
		want := []organization.SignIn{
			{At: begin.Add(5 * time.Minute), Address: address, Refused: true, State: organization.UserDisabled},
			{At: begin.Add(2 * time.Minute), Address: address, Refused: true, State: organization.UserActive},
			{At: begin.Add(time.Minute), Address: address},
		}
		if diff := cmp.Diff(want, history(user, 10)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if diff := cmp.Diff(want[:2], history(user, 2)); diff != "" {
			t.Errorf("the newest two: -want +got:\n%s", diff)
		}
		if got := history(other, 10); len(got) != 1 {
			t.Errorf("another's history: %+v", got)
		}
	})
}
