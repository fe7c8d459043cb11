package rbac

import (
	"fmt"
	"strings"
	"testing"

	"sundial/models"
)

// decisions is the whole policy, written out: one line per permission, one mark
// per role in the order of Roles (administrator, supervisor, reporter,
// coordinator, assessor, viewer).
const decisions = `
                    adm sup rep coo ass vie
audit      inspect   x   .   .   .   .   .
appeal     decide    .   x   .   .   .   .
appeal     file      .   .   x   .   .   .
attendance record    .   .   .   x   .   .
audit      read      x   x   x   x   .   .
board      read      x   x   x   x   x   x
bulletin   manage    .   x   .   .   .   .
bulletin   read      x   x   x   x   x   x
calendar   manage    x   .   .   .   .   .
course     manage    .   .   .   x   .   .
duty       read      x   x   x   x   x   x
exemption  grant     .   x   .   .   .   .
extension  grant     .   x   .   .   .   .
inspection manage    .   x   .   .   .   .
inspection read      x   x   x   x   x   x
link       check     .   x   x   .   .   .
nomination decide    .   .   .   x   .   .
nomination make      .   .   x   x   .   .
period     close     .   x   .   .   .   .
policy     activate  x   .   .   .   .   .
policy     read      x   x   x   x   x   x
rectification answer . .   x   .   .   .
rectification demand . x   .   .   .   .
rectification read x   x   x   x   x   x
report     file      .   .   x   .   .   .
report     read      x   x   x   x   x   x
report     reopen    .   x   .   .   .   .
report     return    .   x   .   .   .   .
report     verify    .   x   .   .   .   .
roster     keep      .   .   x   x   .   .
roster     manage    .   .   .   x   .   .
rotation   read      x   x   x   x   x   x
round      manage    .   x   .   .   .   .
scheme     manage    .   x   .   .   .   .
scheme     read      x   x   x   x   x   x
score      edit      .   x   .   .   x   .
score      import    .   x   x   .   x   .
score      read      x   x   x   x   x   x
score      self      .   .   x   .   .   .
task       manage    .   x   .   .   .   .
task       read      x   x   x   x   x   x
task       report    .   .   x   .   .   .
token      create    x   .   .   .   .   .
trigger    register  .   x   x   .   .   .
unit       manage    x   .   .   .   .   .
unit       read      x   x   x   x   x   x
urge       answer    .   .   x   .   .   .
urge       read      x   x   x   x   x   x
urge       send      .   x   .   .   .   .
user       manage    x   .   .   .   .   .
`

func mustLoad(t *testing.T) *Table {
	t.Helper()
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestDecisions(t *testing.T) {
	table := mustLoad(t)
	lines := strings.Split(strings.TrimSpace(decisions), "\n")[1:]
	if len(lines) != len(table.known) {
		t.Errorf("%d permissions are decided here, the policy has %d", len(lines), len(table.known))
	}
	for _, line := range lines {
		words := strings.Fields(line)
		p := Permission{Object: words[0], Action: words[1]}
		if !table.Knows(p) {
			t.Errorf("the policy does not know %s", p)
		}
		for i, mark := range words[2:] {
			if got, want := table.Allows(Roles[i], p), mark == "x"; got != want {
				t.Errorf("%s %s: allowed %v, want %v", Roles[i], p, got, want)
			}
		}
	}
}

func TestUnknownIsDenied(t *testing.T) {
	table := mustLoad(t)
	for _, c := range []struct{ role, object, action string }{
		{"root", "board", "read"},
		{"", "board", "read"},
		{"administrator", "board", "*"},
		{"administrator", "*", "read"},
		{"administrator", "boards", "read"},
		{"administrator", "", ""},
		{"VIEWER", "board", "read"},
	} {
		p := Permission{Object: c.object, Action: c.action}
		if table.Allows(models.Role(c.role), p) {
			t.Errorf("%q may %s", c.role, p)
		}
	}
	if table.Knows(Permission{Object: "board", Action: "paint"}) {
		t.Error("the policy knows board:paint")
	}
}

func TestNoTableDenies(t *testing.T) {
	read := Permission{Object: "board", Action: "read"}
	for name, table := range map[string]*Table{"nil": nil, "zero": {}} {
		if table.Allows(models.Administrator, read) || table.Knows(read) {
			t.Errorf("%s table allows", name)
		}
	}
	if (Access{}).Allows("board", "read") {
		t.Error("the zero Access allows")
	}
}

func TestBrokenPolicyDoesNotLoad(t *testing.T) {
	for name, c := range map[string]struct{ model, policy string }{
		"no model":         {"", policyText},
		"a broken matcher": {strings.Replace(modelText, "r.action == p.action", "r.verb == p.action", 1), policyText},
		"an unknown role":  {modelText, policyText + "\np, boss, board, read\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := load(c.model, c.policy); err == nil {
				t.Error("loaded")
			}
		})
	}
}

func BenchmarkAllowsAt(b *testing.B) {
	table, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	access := table.Access(Grant{Role: models.Supervisor, Path: "/1/12/"}, Grant{Role: models.Viewer, Path: "/1/"})
	for b.Loop() {
		if !access.AllowsAt("report", "verify", "/1/12/34/") {
			b.Fatal(fmt.Errorf("denied"))
		}
	}
}
