// Command sundial is the whole product in one binary: the server, and the
// commands that answer a question without it.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"sundial/frontend"
	"sundial/server/store"
)

// version is set by the build: -ldflags '-X main.version=v1.2.3'.
var version = "dev"

// Exit codes: a command did what it was asked, refused or failed, or was asked
// wrongly.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

// commands is the command line: every command is a struct of its flags with a
// method Run(*environment) error.
type commands struct {
	Lang    string           `help:"Language of what people read: zh-CN, zh-TW or en." enum:"zh-CN,zh-TW,en" default:"zh-CN"`
	Version kong.VersionFlag `help:"Print the version." env:"-"`

	Workdays workdaysCommand `cmd:"" help:"Count working days under the State Council's notices."`
	Policy   policyCommand   `cmd:"" help:"Work on policy packs."`
	Judge    judgeCommand    `cmd:"" help:"Judge one unit's facts against a policy, without a database."`
	Score    scoreCommand    `cmd:"" help:"Compute totals, ranks and grades from a scoring scheme, without a database."`
	Rotation rotationCommand `cmd:"" help:"Compute how far a rotation training has come, without a database."`
	Serve    serveCommand    `cmd:"" help:"Run the server."`
	Migrate  migrateCommand  `cmd:"" help:"Bring a database up to date."`
	Seed     seedCommand     `cmd:"" help:"Load the units and policies that ship with the program."`
	Rebuild  rebuildCommand  `cmd:"" help:"Compute the tallies of the boards anew."`
	User     userCommand     `cmd:"" help:"Manage users."`
	Token    tokenCommand    `cmd:"" help:"Manage the tokens of programs."`
	Import   importCommand   `cmd:"" help:"Import staff or attendance from Excel or CSV."`
	Audit    auditCommand    `cmd:"" help:"Check the audit log."`
}

// environment is what a command has of the world around it.
type environment struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	locale         *frontend.Locale
}

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &environment{ctx: store.WithOrigin(ctx, store.Origin{Via: "command"}), stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now}
	return e.run(args)
}

func (e *environment) run(args []string) int {
	catalog, err := frontend.NewCatalog()
	if err != nil {
		return e.report(err)
	}
	e.locale = catalog.Locale(frontend.Languages[0])
	var line commands
	// Help and version ask to exit in the middle of parsing.
	exit := -1
	parser, err := kong.New(&line,
		kong.Name("sundial"),
		kong.Description("Government openness: what each unit owes by when, judged from the facts."),
		kong.Vars{"version": version},
		kong.DefaultEnvars("SUNDIAL"),
		kong.Writers(e.stdout, e.stderr),
		kong.Exit(func(code int) { exit = code }),
	)
	if err != nil {
		return e.report(err)
	}
	parsed, err := parser.Parse(args)
	switch {
	case exit >= 0:
		return exit
	case err != nil:
		return e.report(parseFault(err))
	}
	e.locale = catalog.Locale(line.Lang)
	return e.report(parsed.Run(e))
}

// parseFault takes over what the command-line library says, with the command
// whose help would have told.
func parseFault(err error) error {
	command := "sundial"
	var fault *kong.ParseError
	if errors.As(err, &fault) && fault.Context != nil {
		if selected := fault.Context.Selected(); selected != nil {
			command = selected.FullPath()
		}
	}
	return misuse("cli.parse", "Message", err.Error(), "Command", command)
}
