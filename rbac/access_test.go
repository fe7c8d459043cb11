package rbac

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
)

func TestAccess(t *testing.T) {
	access := mustLoad(t).Access(
		Grant{models.Supervisor, "/1/12/", "the district"},
		Grant{models.Viewer, "/1/", "the city"},
		Grant{models.Reporter, "/1/9/7/", "the office"},
		Grant{models.Administrator, "", "nowhere"},
		Grant{"boss", "/", "everywhere"},
	)
	for _, c := range []struct {
		object, action, path string
		want                 bool
	}{
		{"report", "verify", "/1/", false},
		{"report", "verify", "/1/123/", false},
		{"report", "verify", "/1/9/7/", false},
		{"report", "verify", "", false},
		{"report", "file", "/1/12/", false},
		{"user", "manage", "/1/12/", false},
		{"board", "read", "/2/", false},
		{"report", "verify", "/1/12/", true},
		{"report", "verify", "/1/12/34/", true},
		{"report", "file", "/1/9/7/", true},
		{"board", "read", "/1/123/", true},
	} {
		if got := access.AllowsAt(c.object, c.action, c.path); got != c.want {
			t.Errorf("%s:%s at %q is %v, want %v", c.object, c.action, c.path, got, c.want)
		}
	}
	if access.Allows("user", "manage") {
		t.Error("a grant without a path allows")
	}
	if !access.Allows("trigger", "register") {
		t.Error("trigger:register is denied everywhere")
	}
	for path, want := range map[string]string{"/1/12/34/": "the district", "/1/9/7/": "", "/2/": ""} {
		if got := access.Behalf("report", "verify", path); got != want {
			t.Errorf("a decision on %s is in the name of %q, want %q", path, got, want)
		}
	}
	if got := access.Behalf("board", "read", "/1/12/"); got != "the district" {
		t.Errorf("read in the name of %q, want the narrowest grant's unit", got)
	}
	want := Scope{"/1/12/", "/1/9/7/"}
	if diff := cmp.Diff(want, access.Scope("trigger", "register")); diff != "" {
		t.Errorf("scope of trigger:register: -want +got:\n%s", diff)
	}
}

func TestTheWidestGrantSpeaks(t *testing.T) {
	access := mustLoad(t).Access(
		Grant{models.Viewer, "/", "everybody"},
		Grant{models.Supervisor, "/1/12/", "the district"},
		Grant{models.Supervisor, "/1/", "the city"},
	)
	for path, want := range map[string]string{"/1/12/34/": "the city", "/1/": "the city", "/2/": "", "": ""} {
		if got := access.BehalfWidest("report", "verify", path); got != want {
			t.Errorf("a decision on %s is in the name of %q, want %q", path, got, want)
		}
	}
	scope := access.Scope("report", "verify")
	for path, want := range map[string]string{"/1/12/34/": "/1/", "/1/": "/1/", "/12/": "", "/1/12": "", "": ""} {
		if got := scope.RootOf(path); got != want {
			t.Errorf("%q lies in the subtree of %q, want %q", path, got, want)
		}
	}
}
