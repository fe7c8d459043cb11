package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"unicode/utf8"

	"sundial/server/calendar"
)

// maxInput bounds the files that commands read whole.
const maxInput = 10 << 20

// readText reads a text file, or standard input for "-".
func (e *environment) readText(file string) ([]byte, error) {
	data, err := e.readInput(file)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		return nil, refusal("cli.file.missing", "File", file)
	case errors.Is(err, fs.ErrPermission):
		return nil, refusal("cli.file.forbidden", "File", file)
	case errors.Is(err, syscall.EISDIR):
		return nil, refusal("cli.file.directory", "File", file)
	default:
		return nil, refusal("cli.file.unreadable", "File", file, "Reason", plainCause(err))
	}
	if len(data) > maxInput {
		return nil, refusal("cli.file.huge", "File", file, "Max", maxInput>>20)
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, refusal("cli.file.not_text", "File", file)
	}
	return data, nil
}

// readInput reads one byte more than may be, so that more is noticed without
// being read.
func (e *environment) readInput(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(io.LimitReader(e.stdin, maxInput+1))
	}
	f, err := os.Open(file) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxInput+1))
}

// print writes to standard output.
func (e *environment) print(text string) error {
	if _, err := io.WriteString(e.stdout, text); err != nil {
		return refusal("cli.cannot_write", "Reason", plainCause(err))
	}
	return nil
}

// plainCause is what the system said, without the call that it said it to.
func plainCause(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// printJSON prints indented JSON with Chinese and URLs as they are.
func (e *environment) printJSON(value any) error {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	return e.print(out.String())
}

// dateOrNull is how JSON shows a date that may be none.
func dateOrNull(day calendar.Date) *calendar.Date {
	if day.IsZero() {
		return nil
	}
	return &day
}

// say prints a message of the locale files as one line.
func (e *environment) say(key string, pairs ...any) error {
	return e.print(e.locale.Text(key, refusal(key, pairs...).args) + "\n")
}

// note tells on standard error what a reader of the result should know.
func (e *environment) note(key string, pairs ...any) {
	f := refusal(key, pairs...)
	fmt.Fprintln(e.stderr, e.render(f))
}

// headings are the first row of a table.
func (e *environment) headings(prefix string, columns ...string) []string {
	row := make([]string, len(columns))
	for i, column := range columns {
		row[i] = e.locale.Text(prefix+column, nil)
	}
	return row
}

// lastDate is the last one that the form YYYY-MM-DD can write.
var lastDate = calendar.MustParseDate("9999-12-31")

// dateOfFlag reads the date that a flag was given.
func dateOfFlag(flag, text string) (calendar.Date, error) {
	date, err := calendar.ParseDate(text)
	if err != nil || date.IsZero() {
		return 0, misuse("cli.not_a_date", "Flag", flag, "Value", text)
	}
	return date, nil
}
