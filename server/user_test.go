package main

import (
	"strings"
	"testing"
)

func TestUserCreate(t *testing.T) {
	data := t.TempDir()
	if got := sundial(t, "", "seed", "--data", data); got.code != exitDone {
		t.Fatalf("seed: %+v", got)
	}
	create := func(stdin string, more ...string) result {
		return sundial(t, stdin, append([]string{"--lang", "en", "user", "create", "--data", data, "--login", "wang", "--name", "王某"}, more...)...)
	}
	for name, refused := range map[string]struct {
		stdin string
		flags []string
		code  int
		says  string
	}{
		"no such role":   {flags: []string{"--grant", "boss:370000"}, code: exitUsage, says: "boss:370000"},
		"no such unit":   {flags: []string{"--grant", "administrator:999999"}, code: exitRefused, says: "999999"},
		"short password": {stdin: "short\n", flags: []string{"--grant", "administrator:370000", "--password-stdin"}, code: exitRefused, says: "password"},
	} {
		t.Run(name, func(t *testing.T) {
			got := create(refused.stdin, refused.flags...)
			if got.code != refused.code || !strings.Contains(got.stderr, refused.says) || got.stdout != "" {
				t.Errorf("got %+v, want code %d and %q on stderr", got, refused.code, refused.says)
			}
		})
	}
	got := create("", "--grant", "administrator:370000")
	if got.code != exitDone || !strings.Contains(got.stdout, "password (shown this once): ") {
		t.Fatalf("create: %+v", got)
	}
	if again := create("", "--grant", "administrator:370000"); again.code != exitRefused {
		t.Errorf("creating the same login again: %+v", again)
	}
	if token := sundial(t, "", "token", "create", "--data", data, "--user", "wang"); token.code != exitDone || !strings.HasPrefix(token.stdout, "sundial_") {
		t.Errorf("token: %+v", token)
	}
}
