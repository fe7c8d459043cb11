package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"sundial/seeds"
	"sundial/server/scoring"
)

// scoreCommand computes totals, ranks and grades, without a database.
type scoreCommand struct {
	Scheme  string `required:"" help:"The scoring scheme: a file, or the id of one that ships with the program." placeholder:"FILE"`
	Scores  string `required:"" help:"The scores of the units: a list as JSON or YAML, or a table with a column for each indicator (.csv, .xlsx); - reads a list from standard input." placeholder:"FILE"`
	Explain string `help:"Show how the score of this unit was computed, instead of the ranking." placeholder:"UNIT"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// Run prints the units class by class, best first.
func (c *scoreCommand) Run(e *environment) error {
	if c.JSON && c.Explain != "" {
		return misuse("cli.exclusive", "Flag", "--json", "Other", "--explain")
	}
	scheme, err := e.findScheme(c.Scheme)
	if err != nil {
		return err
	}
	file, err := e.openInput(c.Scores)
	if err != nil {
		return err
	}
	defer file.Close()
	entries, err := c.entries(scheme, file)
	if err != nil {
		return err
	}
	ranking, err := e.score(scheme, entries, c.Scores, c.Explain)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return e.printRanking(ranking)
	case c.Explain != "" && ranking.explained == nil:
		return refusal("cli.score.unit_unknown", "File", c.Scores, "Unit", c.Explain)
	case c.Explain != "":
		return e.print(e.arithmeticText(ranking))
	default:
		return e.print(e.rankingText(ranking))
	}
}

// findScheme reads the scheme; where there is no such file, one that ships under the
// id is meant.
func (e *environment) findScheme(file string) (*scoring.Scheme, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if scheme, err := seeds.Scheme(file); err == nil {
			return scheme, nil
		}
	}
	data, err := e.readText(file)
	if err != nil {
		return nil, err
	}
	scheme, err := scoring.ParseScheme(data)
	if err != nil {
		return nil, inFile(file, err)
	}
	return scheme, nil
}

// openInput opens a file of any size, or standard input for "-".
func (e *environment) openInput(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(e.stdin), nil
	}
	file, err := os.Open(name) //nolint:gosec // The user names the file.
	switch info, statErr := file.Stat(); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, refusal("cli.file.missing", "File", name)
	case errors.Is(err, fs.ErrPermission):
		return nil, refusal("cli.file.forbidden", "File", name)
	case err != nil:
		return nil, refusal("cli.file.unreadable", "File", name, "Reason", plainCause(err))
	case statErr == nil && info.IsDir():
		return nil, errors.Join(refusal("cli.file.directory", "File", name), file.Close())
	}
	return file, nil
}

// tableFiles are the extensions of files that are tables.
var tableFiles = []string{".csv", ".xlsx"}

// entries returns what the file has for each unit, one after the other.
func (c *scoreCommand) entries(scheme *scoring.Scheme, file io.Reader) (scoreEntries, error) {
	if table, ok := file.(*os.File); ok && slices.Contains(tableFiles, strings.ToLower(filepath.Ext(c.Scores))) {
		return tableEntries(scheme, table)
	}
	return func(yield func(scoreEntry, error) bool) {
		for item, err := range scoring.Items(file) {
			if !yield(item.Node, err) {
				return
			}
		}
	}, nil
}

// plainRead is what the system said of a file that could not be read on.
func plainRead(name string, err error) error {
	if errors.Is(err, syscall.EISDIR) {
		return refusal("cli.file.directory", "File", name)
	}
	return refusal("cli.file.unreadable", "File", name, "Reason", plainCause(err))
}
