package main

import (
	"errors"
	"fmt"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/strictyaml"
)

// fault is why a command refuses, as one line: a message of the locale files,
// at a line of a file where there is one.
type fault struct {
	file  string
	line  int
	key   string
	args  map[string]any
	usage bool // the command line itself is wrong
}

// Error describes the fault for a log or a test; people are shown the rendered
// message instead.
func (f *fault) Error() string { return fmt.Sprintf("%s:%d: %s %v", f.file, f.line, f.key, f.args) }

// refusal is a fault of what a command was given to work on; pairs are names
// and values of the message's arguments.
func refusal(key string, pairs ...any) *fault {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return &fault{key: key, args: args}
}

// misuse is a fault of the command line.
func misuse(key string, pairs ...any) *fault {
	f := refusal(key, pairs...)
	f.usage = true
	return f
}

// inFile places the faults that a parser found in the file.
func inFile(file string, err error) error {
	var problems strictyaml.Problems
	var notice *calendar.NoticeError
	switch {
	case errors.As(err, &problems):
		all := make([]error, len(problems))
		for i, p := range problems {
			all[i] = &fault{file: file, line: p.Line, key: p.Key, args: p.Args}
		}
		return errors.Join(all...)
	case errors.As(err, &notice):
		return &fault{file: file, line: notice.Line, key: notice.Key, args: notice.Args}
	default:
		return err
	}
}

// report prints the error on stderr, one line for each of those it joins, and
// returns the exit code.
func (e *environment) report(err error) int {
	if err == nil {
		return exitDone
	}
	code := exitRefused
	for _, single := range separate(err) {
		var f *fault
		var known *models.Error
		switch {
		case errors.As(single, &f):
		case errors.As(single, &known):
			e.reportKnown(known)
			continue
		default:
			fmt.Fprintf(e.stderr, "sundial: %s\n", oneLine(single.Error()))
			continue
		}
		if f.usage {
			code = exitUsage
		}
		fmt.Fprintln(e.stderr, e.render(f))
	}
	return code
}

// reportKnown prints what the domain refuses, each faulty field on its line.
func (e *environment) reportKnown(known *models.Error) {
	if len(known.Fields) == 0 {
		fmt.Fprintln(e.stderr, e.render(refusal(known.Key).with(known.Args)))
	}
	for _, field := range known.Fields {
		fmt.Fprintf(e.stderr, "sundial: %s: %s\n", field.Name, oneLine(e.locale.Text(field.Key, field.Args)))
	}
}

func (f *fault) with(args map[string]any) *fault {
	f.args = args
	return f
}

func separate(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, part := range joined.Unwrap() {
		all = append(all, separate(part)...)
	}
	return all
}

func (e *environment) render(f *fault) string {
	text := oneLine(e.locale.Text(f.key, f.args))
	switch {
	case f.file == "":
		return "sundial: " + text
	case f.line == 0:
		return f.file + ": " + text
	default:
		return fmt.Sprintf("%s:%d: %s", f.file, f.line, text)
	}
}

// oneLine keeps a fault on its line, whatever text it quotes.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
