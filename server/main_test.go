package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/frontend"
)

var update = flag.Bool("update", false, "write the golden files anew")

// today is the date that the tests run on, still the day before in UTC.
var today = time.Date(2017, time.June, 16, 17, 0, 0, 0, time.UTC)

// result is what a command line left behind.
type result struct {
	code           int
	stdout, stderr string
}

// sundial runs a command line on a fixed day.
func sundial(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	e := &environment{ctx: t.Context(), stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr,
		now: func() time.Time { return today }}
	code := e.run(args)
	return result{code, stdout.String(), stderr.String()}
}

// invocation is a command line with all that it must leave behind.
type invocation struct {
	name, line     string // the line splits at blanks
	stdin          string
	code           int
	stdout, stderr string
}

func (i invocation) run(t *testing.T) {
	t.Run(i.name, func(t *testing.T) {
		got := sundial(t, i.stdin, strings.Fields(i.line)...)
		want := result{i.code, i.stdout, i.stderr}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(result{})); diff != "" {
			t.Errorf("sundial %s: -want +got\n%s", i.line, diff)
		}
	})
}

func runAll(t *testing.T, invocations []invocation) {
	t.Helper()
	for _, i := range invocations {
		i.run(t)
	}
}

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got\n%s", file, diff)
	}
}

func TestWrongCommandLinesAreWrongUsage(t *testing.T) {
	runAll(t, []invocation{
		{name: "no command", line: "", code: 2, stderr: `sundial: expected one of "workdays", "policy", "judge", "score", "rotation", ...（用法见 sundial --help）` + "\n"},
		{name: "unknown command", line: "plead", code: 2, stderr: "sundial: unexpected argument plead（用法见 sundial --help）\n"},
		{name: "unknown flag", line: "workdays --before 2017-05-04", code: 2, stderr: "sundial: unknown flag --before（用法见 sundial workdays --help）\n"},
		{name: "unknown language", line: "--lang fr policy check x", code: 2, stderr: `sundial: --lang must be one of "zh-CN","zh-TW","en" but got "fr"（用法见 sundial policy check --help）` + "\n"},
		{name: "required flags missing", line: "judge", code: 2, stderr: "sundial: missing flags: --facts=FILE, --policy=FILE（用法见 sundial judge --help）\n"},
	})
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, line := range []string{"--help", "workdays --help", "workdays count --help", "workdays notice --help",
		"policy --help", "policy check --help", "judge --help", "score --help", "rotation --help"} {
		got := sundial(t, "", strings.Fields(line)...)
		command := strings.TrimSpace(strings.TrimSuffix(line, "--help"))
		if got.code != 0 || got.stderr != "" || !strings.HasPrefix(got.stdout, strings.TrimSpace("Usage: sundial "+command)) {
			t.Errorf("sundial %s: exit %d, stderr %q, help:\n%s", line, got.code, got.stderr, got.stdout)
		}
	}
}

func TestHelpListsTheCommandsThatWork(t *testing.T) {
	help := sundial(t, "", "--help").stdout
	for _, command := range []string{"workdays count", "workdays notice <file>", "policy check <file>", "judge --policy=FILE --facts=FILE", "score --scheme=FILE --scores=FILE", "rotation --policy=FILE --roster=FILE"} {
		if !strings.Contains(help, "\n  "+command) {
			t.Errorf("help does not list %q:\n%s", command, help)
		}
	}
}

func TestVersionIsThatOfTheBuild(t *testing.T) {
	defer func(before string) { version = before }(version)
	version = "v1.2.3"
	if got := sundial(t, "", "--version"); got != (result{stdout: "v1.2.3\n"}) {
		t.Errorf("%+v", got)
	}
}

func TestEnvironmentGivesFlags(t *testing.T) {
	t.Setenv("SUNDIAL_LANG", "en")
	t.Setenv("SUNDIAL_AFTER", "2017-05-04")
	runAll(t, []invocation{
		{name: "from the environment", line: "workdays --add 30", stdout: "2017-06-16\n"},
		{name: "the flag wins", line: "workdays --after 2017-05-05 --add 30", stdout: "2017-06-19\n"},
		{name: "wrong use", line: "workdays", code: 2, stderr: "sundial: --after must be used together with --add.\n"},
	})
}

func TestUnwritableOutputIsAFailure(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	writer.Close()
	var stderr bytes.Buffer
	code := run(t.Context(), []string{"workdays", "--after", "2017-05-04", "--add", "30"}, strings.NewReader(""), writer, &stderr)
	if code != 1 || stderr.String() != "sundial: 结果写不出去：file already closed\n" {
		t.Errorf("exit %d, stderr %q", code, stderr.String())
	}
}

// TestEveryMessageHasBothLanguages finds the keys in the source: those that the
// commands name, and those of faulty notices.
func TestEveryMessageHasBothLanguages(t *testing.T) {
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	keys := append(keysIn(t, "*.go", `"(cli\.[a-z_.]+[a-z])"`, ""), keysIn(t, "calendar/*.go", `fault\("([a-z_]+)"`, "notice.")...)
	for _, day := range "0123456" {
		keys = append(keys, "calendar.weekday."+string(day))
	}
	keys = append(keys, "calendar.kind.workday", "calendar.kind.weekend", "calendar.kind.holiday", "calendar.kind.makeup")
	for _, language := range frontend.Languages {
		locale := catalog.Locale(language)
		for _, key := range keys {
			if !locale.Has(key) {
				t.Errorf("%s has no message %s", language, key)
			}
		}
	}
}

func keysIn(t *testing.T, files, pattern, prefix string) []string {
	t.Helper()
	names, err := filepath.Glob(files)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(source), -1) {
			keys = append(keys, prefix+match[1])
		}
	}
	if len(keys) < 15 {
		t.Fatalf("only %d keys found in %s: %v", len(keys), files, keys)
	}
	return keys
}
