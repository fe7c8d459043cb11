package organization_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store/storetest"
)

const address = "192.0.2.1"

func TestAuthenticateRefuses(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		user := town.user("li")
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
		town.Wait()
		// Those of li alone; a password that cannot be anybody's is not even compared.
		var noted []models.AuditEntry
		if err := town.store.Read(t.Context()).Where("action = 'sign_in_refused'").Find(&noted).Error; err != nil || len(noted) != 2 {
			t.Fatalf("%d refusals noted, error %v; want those of li", len(noted), err)
		}
		for _, entry := range noted {
			if entry.ObjectID != user.ID || entry.UserID != nil || entry.UserName != "" {
				t.Errorf("noted %+v", entry)
			}
		}
		if town.countEntries() != entries+2 {
			t.Error("a refusal was recorded as a sign-in")
		}
	})
}

func TestAuthenticate(t *testing.T) {
	each(t, func(t *testing.T, town *town) {
		user := town.user("li")
		got, err := town.Authenticate(t.Context(), "li", password, address)
		user.LastSignInAt = &town.now
		if diff := cmp.Diff(user, got); diff != "" || err != nil {
			t.Errorf("error %v; -want +got:\n%s", err, diff)
		}
		if stored, err := town.User(t.Context(), user.ID); err != nil || cmp.Diff(user, stored) != "" {
			t.Errorf("stored %+v, error %v", stored, err)
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
