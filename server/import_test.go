package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// importing is a database with a coordinator of Shandong, and files.
type importing struct {
	*testing.T
	data string
}

func newImporting(t *testing.T) importing {
	i := importing{t, t.TempDir()}
	for _, args := range [][]string{{"seed", "--data", i.data},
		{"user", "create", "--data", i.data, "--login", "wang", "--name", "王某", "--grant", "coordinator:370000"},
		{"user", "create", "--data", i.data, "--login", "li", "--name", "李某", "--grant", "reporter:370100"}} {
		if got := sundial(t, "", args...); got.code != exitDone {
			t.Fatalf("%v: %+v", args, got)
		}
	}
	return i
}

// file writes a file and returns its name.
func (i importing) file(name string, lines ...string) string {
	i.Helper()
	name = filepath.Join(i.data, name)
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		i.Fatal(err)
	}
	return name
}

func (i importing) run(args ...string) result {
	i.Helper()
	return sundial(i.T, "", append([]string{"--lang", "en", "import", "--data", i.data}, args...)...)
}

func TestImportCommandRefuses(t *testing.T) {
	i := newImporting(t)
	good, bad := i.file("good.csv", "单位代码,姓名,开始日期", "370100,王芳,2016-01-04"), i.file("bad.csv", "单位代码,姓名,开始日期", "370100,王芳,昨天", "370200,李强,2016-01-04")
	for name, refused := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no kind":           {[]string{"marks", good}, exitUsage, "staff, attendance"},
		"no round":          {[]string{"scores", good}, exitRefused, "no round that is being scored"},
		"no such round":     {[]string{"scores", good, "--round", "9"}, exitRefused, "no such round"},
		"scores not theirs": {[]string{"scores", good, "--round", "9", "--as", "wang"}, exitRefused, "no such round"},
		"no file":           {[]string{"staff", filepath.Join(i.data, "none.csv")}, exitRefused, "none.csv"},
		"a directory":       {[]string{"staff", i.data, "--unit", "370000"}, exitRefused, "directory"},
		"several provinces": {[]string{"staff", good}, exitRefused, "--unit"},
		"no such unit":      {[]string{"staff", good, "--unit", "999999"}, exitRefused, "no such unit"},
		"no such user":      {[]string{"staff", good, "--as", "nobody"}, exitRefused, "nobody"},
		"not allowed":       {[]string{"staff", good, "--as", "li"}, exitRefused, "permission"},
		"not theirs":        {[]string{"staff", good, "--as", "wang", "--unit", "210000"}, exitRefused, "no such unit"},
		"no table":          {[]string{"staff", i.file("x.csv", "a,b"), "--as", "wang"}, exitRefused, "x.csv: "},
		"a bad row":         {[]string{"staff", bad, "--as", "wang"}, exitRefused, "bad.csv: C2: "},
		"a bad row, tried":  {[]string{"staff", bad, "--as", "wang", "--dry-run", "--skip-bad"}, exitRefused, "1 row has a problem"},
	} {
		t.Run(name, func(t *testing.T) {
			got := i.run(refused.args...)
			if got.code != refused.code || !strings.Contains(got.stderr, refused.says) {
				t.Errorf("got %+v, want code %d and %q", got, refused.code, refused.says)
			}
		})
	}
	if got := i.run("staff", good, "--as", "wang", "--dry-run"); got.code != exitDone || !strings.Contains(got.stdout, "1 to add") {
		t.Errorf("something has been stored: %+v", got)
	}
}

func TestImportCommand(t *testing.T) {
	i := newImporting(t)
	staff := i.file("staff.csv", "单位代码,姓名,工号,开始日期", "370100,王芳,JN1,2016-01-04", "370200,李强,QD1,2016-01-04", "370200,赵六,QD2,")
	for n, want := range []string{"Imported: 2 (2 added, 0 changed, 0 the same)", "Imported: 2 (0 added, 0 changed, 2 the same)"} {
		if got := i.run("staff", staff, "--unit", "370000", "--skip-bad"); got.code != exitDone || !strings.Contains(got.stdout, want) || !strings.Contains(got.stderr, "staff.csv: D4: ") {
			t.Errorf("time %d: %+v, want %q", n+1, got, want)
		}
	}
	attendance := i.file("attendance.csv", "课程,日期,工号,到课", "没有,2017-05-04,JN1,到课")
	if got := i.run("attendance", attendance, "--as", "wang", "--create-sessions"); got.code != exitRefused || !strings.Contains(got.stderr, "attendance.csv: A2: ") {
		t.Errorf("attendance of no course: %+v", got)
	}
}
