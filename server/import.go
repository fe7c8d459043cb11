package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/training"
)

// importCommand takes a file over, as the pages do.
type importCommand struct {
	database
	Kind           string `arg:"" help:"What the file holds: staff, attendance or scores."`
	File           string `arg:"" help:"An Excel workbook (.xlsx) or CSV."`
	DryRun         bool   `help:"Check the rows and say what would become of them; store nothing of them."`
	Unit           string `help:"The unit below which all rows must lie; the topmost one when there is only one." placeholder:"CODE"`
	SkipBad        bool   `help:"Import the good rows when there are bad ones, too."`
	CreateSessions bool   `help:"Attendance: add sessions that are missing, as held, by course, date and place."`
	Round          uint64 `help:"Scores: the round; the one that is being scored when there is only one." placeholder:"ID"`
	Self           bool   `help:"Scores: those of the units themselves, not those of the office."`
	As             string `help:"Act as this user, with their grants; as the program itself without it." placeholder:"USER"`
}

// importKinds are those that there are.
var importKinds = []models.ImportKind{models.ImportStaff, models.ImportAttendance, scoresKind}

// Run imports, or says on standard error what is wrong: with each row by its cell.
func (c *importCommand) Run(e *environment) error {
	kind := models.ImportKind(c.Kind)
	if _, known := training.ImportTable(kind); !known && kind != scoresKind {
		return misuse("cli.import.kind", "Value", c.Kind, "Kinds", importKinds)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return c.unreadable(err)
	}
	defer file.Close()
	a, err := c.open(e)
	if err != nil {
		return err
	}
	defer a.store.Close()
	run := &importRun{importCommand: c, environment: e, app: a}
	if kind == scoresKind {
		if run.actor, err = c.scorer(e, a); err != nil {
			return err
		}
		return run.importScores(file)
	}
	if run.actor, err = c.actor(e, a); err != nil {
		return err
	}
	return run.run(kind, file)
}

func (c *importCommand) unreadable(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return refusal("cli.file.missing", "File", c.File)
	case errors.Is(err, fs.ErrPermission):
		return refusal("cli.file.forbidden", "File", c.File)
	case errors.Is(err, syscall.EISDIR):
		return refusal("cli.file.directory", "File", c.File)
	default:
		return refusal("cli.file.unreadable", "File", c.File, "Reason", plainCause(err))
	}
}

func (c *importCommand) actor(e *environment, a *app) (compliance.Actor, error) {
	if c.As == "" {
		return a.actor(e.ctx, 0)
	}
	user, err := a.directory.UserByLogin(e.ctx, c.As)
	if err != nil {
		return compliance.Actor{}, err
	}
	return a.actor(e.ctx, user.ID)
}

// importRun is one run of the command.
type importRun struct {
	*importCommand
	*environment
	app   *app
	actor compliance.Actor
}

func (r *importRun) run(kind models.ImportKind, file io.Reader) error {
	unit, err := r.unit(kind)
	if err != nil {
		return err
	}
	imports := r.app.imports
	received, err := imports.Receive(r.ctx, r.actor, training.ImportRequest{Unit: unit, Kind: kind, FileName: filepath.Base(r.File), CreateSessions: r.CreateSessions}, file)
	if errors.Is(err, syscall.EISDIR) {
		return r.unreadable(err)
	}
	if err != nil {
		return err
	}
	checked, err := r.carry(received.ID)
	if err != nil {
		return err
	}
	if err := r.say("cli.import.checked", "Rows", checked.Rows, "Good", checked.Good(), "Bad", checked.Bad, "Added", checked.Added, "Changed", checked.Changed, "Same", checked.Same); err != nil {
		return err
	}
	if checked.Bad > 0 {
		if err := r.tellFaults(received.ID); err != nil {
			return err
		}
	}
	if bad := checked.Bad > 0; r.DryRun || bad && !r.SkipBad || checked.Good() == 0 {
		return r.leave(received.ID, checked.Bad)
	}
	if err := imports.Confirm(r.ctx, r.actor, received.ID, r.SkipBad); err != nil {
		return err
	}
	done, err := r.carry(received.ID)
	if err != nil {
		return err
	}
	return r.tell(checked, done)
}

// unit returns the code of the unit of the import: the only topmost one unless one
// is named.
func (r *importRun) unit(kind models.ImportKind) (string, error) {
	if r.Unit != "" {
		return r.Unit, nil
	}
	object, action := training.ImportPermission(kind)
	roots, err := r.app.directory.Roots(r.ctx, r.actor.Access.Scope(object, action))
	if err != nil {
		return "", err
	}
	codes := make([]string, len(roots))
	for i, root := range roots {
		codes[i] = root.Code
	}
	switch len(codes) {
	case 1:
		return codes[0], nil
	case 0:
		return "", refusal("cli.import.no_unit")
	default:
		return "", refusal("cli.import.unit_needed", "Codes", codes)
	}
}

const (
	importPoll = 200 * time.Millisecond
	// faultsAtOnce is how many rows are asked for at a time.
	faultsAtOnce = 1000
)

// carry has the import worked on until it waits or is over, by this process or by
// another one, and shows how far it is.
func (r *importRun) carry(id uint64) (*training.ImportDetail, error) {
	finished := make(chan error, 1)
	work := func() { finished <- r.app.imports.Carry(r.ctx, id) }
	go work()
	for {
		var err error
		idle := false
		select {
		case err = <-finished:
			idle = true
		case <-time.After(importPoll):
		}
		if err != nil {
			return nil, err
		}
		detail, err := r.app.imports.Import(r.ctx, r.actor, id)
		if err != nil {
			return nil, err
		}
		r.showProgress(detail.ImportView)
		switch {
		case idle && detail.Working(): // another process has it
			time.Sleep(importPoll)
			go work()
		case idle && detail.Refusal != nil:
			return nil, &fault{file: r.File, key: detail.Refusal.Key, args: detail.Refusal.Args}
		case idle:
			return detail, nil
		}
	}
}

// showProgress writes one line over and over, where a person sees it.
func (r *importRun) showProgress(view training.ImportView) {
	terminal, ok := r.stderr.(*os.File)
	if !ok {
		return
	}
	if info, err := terminal.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return
	}
	text := ""
	switch view.Status {
	case models.ImportReading:
		text = r.locale.Text("imports.reading", models.Args("Rows", view.Rows))
	case models.ImportRunning:
		text = r.locale.Text("imports.running", models.Args("Taken", view.Taken(), "Good", view.Good(), "Percent", view.Percent()))
	}
	// Back to the start of the line, which is cleared.
	fmt.Fprintf(terminal, "\r\x1b[K%s", text)
}

// tellFaults prints what is wrong with each row that is not imported.
func (r *importRun) tellFaults(id uint64) error {
	for after := 0; ; {
		rows, err := r.app.imports.FaultyRows(r.ctx, r.actor, id, after, faultsAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			for _, field := range row.Faults {
				fmt.Fprintf(r.stderr, "%s: %s: %s\n", r.File, field.Name, oneLine(r.locale.Text(field.Key, field.Args)))
			}
			after = row.Line
		}
	}
}

// leave gives up an import of which nothing is taken over.
func (r *importRun) leave(id uint64, bad int) error {
	if err := r.app.imports.Drop(r.ctx, r.actor, id); err != nil {
		return err
	}
	if bad > 0 {
		return refusal("cli.import.bad_rows", "Count", bad)
	}
	return nil
}

// tell says what became of the rows; those that were good when they were checked and
// are not any more are a failure unless bad ones were to be left out.
func (r *importRun) tell(checked, done *training.ImportDetail) error {
	err := r.say("cli.import.done", "Taken", done.Taken(), "Added", done.Added, "Changed", done.Changed, "Same", done.Same)
	if err != nil || done.Bad == checked.Bad {
		return err
	}
	if err := r.tellFaults(done.ID); err != nil || r.SkipBad {
		return err
	}
	return refusal("cli.import.bad_rows", "Count", done.Bad)
}
