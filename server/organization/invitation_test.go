package organization_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/organization"
)

const chosen = "a password of my own"

var reporter = organization.Invitee{Login: "li", Name: "李某", Role: models.Reporter, Unit: "370102"}

func (w *town) invite(actor *models.User, scope rbac.Scope, input organization.Invitee) string {
	w.t.Helper()
	link, err := w.Invite(w.t.Context(), actor, scope, input)
	if err != nil {
		w.t.Fatal(err)
	}
	if !link.ExpiresAt.Equal(w.now.Add(72 * time.Hour)) {
		w.t.Errorf("the link expires at %s, now is %s", link.ExpiresAt, w.now)
	}
	return link.Secret
}

// wantRefused checks that the link does nothing.
func (w *town) wantRefused(what, secret string) {
	w.t.Helper()
	_, err := w.Invited(w.t.Context(), secret, "")
	wantKey(w.t, err, models.NotFound, "people.invitation_refused")
	if _, err = w.AcceptInvitation(w.t.Context(), secret, chosen, ""); err == nil {
		w.t.Errorf("%s: accepted", what)
	}
	wantKey(w.t, err, models.NotFound, "people.invitation_refused")
}

func TestInviteRefuses(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		town.user("wang")
		entries := town.countEntries()
		with := func(change func(*organization.Invitee)) organization.Invitee {
			input := reporter
			change(&input)
			return input
		}
		for name, c := range map[string]struct {
			input organization.Invitee
			want  []string
		}{
			"nothing":           {organization.Invitee{}, []string{"login organization.login", "name organization.name_length"}},
			"HTML as a login":   {with(func(i *organization.Invitee) { i.Login = "<b>" }), []string{"login organization.login"}},
			"a name of volumes": {with(func(i *organization.Invitee) { i.Name = strings.Repeat("李", 201) }), []string{"name organization.name_length"}},
			"another language":  {with(func(i *organization.Invitee) { i.Locale = "fr" }), []string{"locale organization.locale"}},
			"another role":      {with(func(i *organization.Invitee) { i.Role = "boss" }), []string{"role organization.role"}},
			"no role":           {with(func(i *organization.Invitee) { i.Role = "" }), []string{"role people.role_missing"}},
			"no unit":           {with(func(i *organization.Invitee) { i.Unit = "" }), []string{"unit people.unit_missing"}},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := town.Invite(t.Context(), nil, rbac.Everywhere, c.input)
				wantFields(t, err, c.want...)
			})
		}
		_, err := town.Invite(t.Context(), nil, rbac.Everywhere, with(func(i *organization.Invitee) { i.Login = "wang" }))
		wantKey(t, err, models.Conflict, "organization.login_taken")
		if town.countEntries() != entries {
			t.Error("a refused write was recorded")
		}
	})
}

func TestInvitation(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx, admin := t.Context(), town.office("admin", "370100")
		secret := town.invite(&admin, town.scope("370100"), reporter)
		user, err := town.UserByLogin(ctx, "li")
		if err != nil {
			t.Fatal(err)
		}
		var stored models.Invitation
		if err := town.store.Read(ctx).Take(&stored).Error; err != nil {
			t.Fatal(err)
		}
		town.wantEntry("create", "user", user.ID, &admin)
		town.wantEntry("create", "grant", town.grantID("li"), &admin)
		town.wantEntry("create", "invitation", stored.ID, &admin)
		if len(secret) < 43 || strings.Contains(secret, stored.Hash) || town.mentions(secret) {
			t.Errorf("the secret %s of the invitation %+v is kept", secret, stored)
		}

		// Before it is accepted nobody signs in, whatever they try.
		for _, given := range []string{"", password, "nobody", secret, stored.Hash} {
			_, err := town.Authenticate(ctx, "li", given, address)
			wantKey(t, err, models.Unauthorized, "organization.sign_in_refused")
		}
		for _, wrong := range []string{"", secret[1:], secret + "x", strings.ToUpper(secret), stored.Hash} {
			town.wantRefused("another secret", wrong)
		}
		_, err = town.AcceptInvitation(ctx, secret, "short", address)
		wantFields(t, err, "password organization.password_short")

		invited, err := town.Invited(ctx, secret, address)
		if err != nil || invited.ID != user.ID {
			t.Fatalf("invited %+v, %v", invited, err)
		}
		accepted, err := town.AcceptInvitation(ctx, secret, chosen, address)
		if err != nil || accepted.ID != user.ID || accepted.LastSignInAt == nil || !accepted.LastSignInAt.Equal(town.now) {
			t.Fatalf("accepted %+v, %v", accepted, err)
		}
		town.wantEntry("accept", "invitation", stored.ID, &user)
		town.wantChanges("accept", "invitation", models.Unit{}, `{"password":[false,true]}`)
		town.wantEntry("sign_in", "user", user.ID, &user)
		town.wantRefused("a second time", secret)
		town.now = town.now.Add(time.Minute) // the attempts above were throttled
		if _, err := town.Authenticate(ctx, "li", chosen, address); err != nil {
			t.Error(err)
		}
	})
}

// mentions tells whether the audit log holds the text.
func (w *town) mentions(text string) bool {
	w.t.Helper()
	var count int64
	like := "%" + text + "%"
	if err := w.store.Read(w.t.Context()).Model(&models.AuditEntry{}).Where("detail LIKE ? OR changes LIKE ?", like, like).Count(&count).Error; err != nil {
		w.t.Fatal(err)
	}
	return count > 0
}

func TestInvitationEnds(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx := t.Context()
		admin := town.office("admin", "370000")
		begin := town.now
		first := town.invite(&admin, rbac.Everywhere, reporter)
		link, err := town.Reset(ctx, &admin, rbac.Everywhere, "li")
		if err != nil {
			t.Fatal(err)
		}
		town.wantRefused("overtaken by a newer one", first)

		if err := town.SetDisabled(ctx, &admin, rbac.Everywhere, "li", true); err != nil {
			t.Fatal(err)
		}
		town.wantRefused("of a disabled user", link.Secret)
		if err := town.SetDisabled(ctx, &admin, rbac.Everywhere, "li", false); err != nil {
			t.Fatal(err)
		}
		town.now = begin.Add(72*time.Hour - time.Millisecond)
		if _, err := town.Invited(ctx, link.Secret, ""); err != nil {
			t.Errorf("in time: %v", err)
		}
		town.now = begin.Add(72 * time.Hour)
		town.wantRefused("expired", link.Secret)
	})
}

// A link made by somebody must not open what the user was granted beyond that
// person's reach since.
func TestInvitationIsWorthWhatItsInviterMayDo(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx := t.Context()
		governor, mayor := town.office("governor", "370000"), town.office("mayor", "370100")
		secret := town.invite(&mayor, town.scope("370100"), reporter)
		if err := town.AddGrant(ctx, &governor, town.scope("370000"), "li", models.Administrator, "370000"); err != nil {
			t.Fatal(err)
		}
		town.wantRefused("wider grants", secret)

		other := town.invite(&mayor, town.scope("370100"), organization.Invitee{Login: "zhao", Name: "赵某"})
		if _, err := town.Invited(ctx, other, ""); err != nil {
			t.Fatal(err)
		}
		if err := town.SetDisabled(ctx, &governor, town.scope("370000"), "mayor", true); err != nil {
			t.Fatal(err)
		}
		town.wantRefused("the inviter is disabled", other)
	})
}

func TestInvitationIsUsedTwiceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		secret := town.invite(nil, rbac.Everywhere, reporter)
		passwords := [2]string{"the first password", "the second password"}
		var errs [2]error
		accept := func(i int) func() {
			return func() { _, errs[i] = town.AcceptInvitation(t.Context(), secret, passwords[i], address) }
		}
		together(accept(0), accept(1))
		winner := 0
		if errs[0] != nil {
			winner = 1
		}
		if errs[winner] != nil {
			t.Fatalf("%v and %v: want one success", errs[0], errs[1])
		}
		wantKey(t, errs[1-winner], models.NotFound, "people.invitation_refused")
		if _, err := town.Authenticate(t.Context(), "li", passwords[winner], address); err != nil {
			t.Errorf("the winner's password: %v", err)
		}
		_, err := town.Authenticate(t.Context(), "li", passwords[1-winner], address)
		wantCode(t, err, models.Unauthorized)
	})
}

func TestTwoResetsAtOnceLeaveOneLink(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		town.user("li")
		var links [2]organization.Link
		var errs [2]error
		reset := func(i int) func() {
			return func() { links[i], errs[i] = town.Reset(t.Context(), nil, rbac.Everywhere, "li") }
		}
		together(reset(0), reset(1))
		open := 0
		for i, link := range links {
			if errs[i] != nil {
				t.Fatal(errs[i])
			}
			if _, err := town.Invited(t.Context(), link.Secret, ""); err == nil {
				open++
			}
		}
		if open != 1 {
			t.Errorf("%d links are open, want one", open)
		}
	})
}

func TestReset(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx, admin, user := t.Context(), town.office("admin", "370000"), town.user("li")
		_, err := town.Reset(ctx, &admin, rbac.Everywhere, "nobody")
		wantCode(t, err, models.NotFound)
		_, err = town.Reset(ctx, &admin, rbac.Everywhere, "\xff")
		wantCode(t, err, models.NotFound)

		link, err := town.Reset(ctx, &admin, rbac.Everywhere, "li")
		if err != nil {
			t.Fatal(err)
		}
		town.wantEntry("reset", "user", user.ID, &admin)
		town.wantChanges("reset", "user", models.Unit{}, `{"password":[true,false]}`)
		_, err = town.Authenticate(ctx, "li", password, address)
		wantCode(t, err, models.Unauthorized)
		wantFields(t, town.ChangePassword(ctx, user, password, "another password"), "old organization.password_old")
		if _, err := town.AcceptInvitation(ctx, link.Secret, chosen, address); err != nil {
			t.Fatal(err)
		}
		if _, err := town.Authenticate(ctx, "li", chosen, address); err != nil {
			t.Error(err)
		}
	})
}

func TestInvitationsAreThrottledByAddress(t *testing.T) {
	town := newSQLiteTown(t)
	for range 60 {
		_, err := town.Invited(t.Context(), "guessed", address)
		wantCode(t, err, models.NotFound)
	}
	_, err := town.Invited(t.Context(), "guessed", address)
	wantCode(t, err, models.TooMany)
	_, err = town.AcceptInvitation(t.Context(), "guessed", chosen, address)
	wantCode(t, err, models.TooMany)
	_, err = town.Authenticate(t.Context(), "li", password, address)
	wantCode(t, err, models.Unauthorized) // signing in is another matter
	_, err = town.Invited(t.Context(), "guessed", "192.0.2.2")
	wantCode(t, err, models.NotFound)
}

// Every message of the people's errors is there in both languages.
func TestPeopleMessages(t *testing.T) {
	keys := regexp.MustCompile(`"(people\.\w+)"`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range keys.FindAllSubmatch(text, -1) {
			used[string(match[1])] = true
		}
	}
	for _, locale := range []string{"zh-CN", "en"} {
		text, err := os.ReadFile("../../frontend/locales/people." + locale + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]any
		if err := yaml.Unmarshal(text, &messages); err != nil {
			t.Fatal(err)
		}
		for key := range used {
			if messages[key] == nil {
				t.Errorf("%s: %s is missing", locale, key)
			}
		}
		for key := range messages {
			if strings.HasPrefix(key, "people.") && !used[key] {
				t.Errorf("%s: nobody uses %s", locale, key)
			}
		}
	}
}
