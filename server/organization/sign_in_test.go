package organization_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store/storetest"
)

const address = "192.0.2.1"

func TestAuthenticateRefuses(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		town.user("li")
		entries := town.countEntries()
		for name, c := range map[string]struct{ login, password string }{
			"a wrong password": {"li", "an honest passwort"},
			"no password":      {"li", ""},
			"no login":         {"", ""},
			"an unknown login": {"wang", password},
			"the stand-in":     {"wang", "nobody"},
			"another case":     {"LI", password},
			"a huge password":  {"li", string(make([]byte, 1<<20))},
		} {
			_, err := town.Authenticate(t.Context(), c.login, c.password, address)
			var refused *models.Error
			if !errors.As(err, &refused) || refused.Code != models.Unauthorized || refused.Key != "organization.sign_in_refused" {
				t.Errorf("%s: %v, want the same refusal as all", name, err)
			}
		}
		if town.countEntries() != entries {
			t.Error("a refusal was recorded as a sign-in")
		}
	})
}

func TestAuthenticate(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		user := town.user("li")
		got, err := town.Authenticate(t.Context(), "li", password, address)
		if err != nil || got != user {
			t.Errorf("%v, error %v; want %v", got, err, user)
		}
		town.wantEntry("sign_in", "user", user.ID, &user)
	})
}

func TestDisabledUserDoesNotSignIn(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		admin, user := town.user("admin"), town.user("li")
		if err := town.SetDisabled(t.Context(), &admin, rbac.Everywhere, "li", true); err != nil {
			t.Fatal(err)
		}
		town.wantEntry("disable", "user", user.ID, &admin)
		for given, want := range map[string]string{
			"a wrong password": "organization.sign_in_refused",
			password:           "organization.user_disabled",
		} {
			_, err := town.Authenticate(t.Context(), "li", given, address)
			var refused *models.Error
			if !errors.As(err, &refused) || refused.Code != models.Unauthorized || refused.Key != want {
				t.Errorf("with %q: %v, want %s", given, err, want)
			}
		}
		if err := town.SetDisabled(t.Context(), &admin, rbac.Everywhere, "li", false); err != nil {
			t.Fatal(err)
		}
		if _, err := town.Authenticate(t.Context(), "li", password, address); err != nil {
			t.Errorf("enabled again: %v", err)
		}
	})
}

// The throttle is in memory: one database is enough.
func newSQLiteTown(t *testing.T) *town { return newTown(t, storetest.SQLite(t)) }

func TestSignInIsThrottledByLogin(t *testing.T) {
	town := newSQLiteTown(t)
	town.user("li")
	town.user("wang")
	try := func(login, given string, from int) error {
		_, err := town.Authenticate(t.Context(), login, given, fmt.Sprintf("192.0.2.%d", from))
		return err
	}
	for i := range 5 {
		wantCode(t, try("li", "a wrong password", i), models.Unauthorized)
	}
	err := try("li", password, 6)
	var throttled *models.Error
	if !errors.As(err, &throttled) || throttled.Code != models.TooMany || throttled.Args["Seconds"] != 12 {
		t.Fatalf("sixth attempt: %v, want TooMany with 12 seconds", err)
	}
	if err := try("wang", password, 6); err != nil {
		t.Errorf("another login: %v", err)
	}
	town.now = town.now.Add(11 * time.Second)
	wantCode(t, try("li", password, 6), models.TooMany)
	town.now = town.now.Add(time.Second)
	if err := try("li", password, 6); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for i := range 5 {
		wantCode(t, try("li", "a wrong password", i), models.Unauthorized)
	}
	wantCode(t, try("li", password, 6), models.TooMany)
}

func TestSignInIsThrottledByAddress(t *testing.T) {
	town := newSQLiteTown(t)
	// Hashing is what takes time; a context that has ended spares it.
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range 60 {
		_, err := town.Authenticate(ended, fmt.Sprintf("user%d", i), password, address)
		if models.IsCode(err, models.TooMany) {
			t.Fatalf("attempt %d was throttled", i+1)
		}
	}
	_, err := town.Authenticate(t.Context(), "user60", password, address)
	wantCode(t, err, models.TooMany)
	_, err = town.Authenticate(t.Context(), "user60", password, "192.0.2.2")
	wantCode(t, err, models.Unauthorized)
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx, user := t.Context(), town.user("li")
		wantFields(t, town.ChangePassword(ctx, user, password, "short"), "new organization.password_short")
		wantFields(t, town.ChangePassword(ctx, user, "a wrong password", "another password"), "old organization.password_old")
		if _, err := town.Authenticate(ctx, "li", password, address); err != nil {
			t.Fatalf("the password changed: %v", err)
		}
		if err := town.ChangePassword(ctx, user, password, "another password"); err != nil {
			t.Fatal(err)
		}
		town.wantEntry("change_password", "user", user.ID, &user)
		_, err := town.Authenticate(ctx, "li", password, address)
		wantCode(t, err, models.Unauthorized)
		if _, err := town.Authenticate(ctx, "li", "another password", address); err != nil {
			t.Errorf("the new password: %v", err)
		}
	})
}

func TestChangePasswordIsThrottled(t *testing.T) {
	town := newSQLiteTown(t)
	user := town.user("li")
	for range 5 {
		wantFields(t, town.ChangePassword(t.Context(), user, "a wrong password", "another password"), "old organization.password_old")
	}
	wantCode(t, town.ChangePassword(t.Context(), user, password, "another password"), models.TooMany)
}

func TestSetPassword(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		ctx, admin, user := t.Context(), town.user("admin"), town.user("li")
		wantFields(t, town.SetPassword(ctx, &admin, rbac.Everywhere, "li", "short"), "password organization.password_short")
		wantCode(t, town.SetPassword(ctx, &admin, rbac.Everywhere, "nobody", "another password"), models.NotFound)
		if err := town.SetPassword(ctx, &admin, rbac.Everywhere, "li", "another password"); err != nil {
			t.Fatal(err)
		}
		town.wantEntry("set_password", "user", user.ID, &admin)
		if _, err := town.Authenticate(ctx, "li", "another password", address); err != nil {
			t.Error(err)
		}
	})
}

func TestManySignInsAtOnceAllEnd(t *testing.T) {
	town := newSQLiteTown(t)
	const people = 12
	for i := range people {
		town.user(fmt.Sprintf("user%d", i))
	}
	var group sync.WaitGroup
	var signedIn atomic.Int32
	for i := range people {
		group.Go(func() {
			if _, err := town.Authenticate(t.Context(), fmt.Sprintf("user%d", i), password, address); err != nil {
				t.Error(err)
			} else {
				signedIn.Add(1)
			}
		})
	}
	group.Wait()
	if signedIn.Load() != people {
		t.Errorf("%d of %d signed in", signedIn.Load(), people)
	}
}
