package seeds

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"sundial/server/calendar"
	"sundial/server/strictyaml"
)

//go:embed calendar/*.yaml
var calendarFiles embed.FS

// Calendar returns the working-day calendar of the notices that ship with the
// program. An error names the file and line at fault.
func Calendar() (*calendar.Calendar, error) {
	notices, err := CalendarNotices()
	if err != nil {
		return nil, err
	}
	c, err := calendar.New(notices)
	if err != nil {
		return nil, fmt.Errorf("calendar seeds: %w", err)
	}
	return c, nil
}

// CalendarNotices returns the State Council's notices that ship with the
// program, file by file in the order of years.
func CalendarNotices() ([]calendar.Notice, error) {
	return loadNotices(calendarFiles)
}

func loadNotices(files fs.FS) ([]calendar.Notice, error) {
	names, err := fs.Glob(files, "calendar/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list calendar seeds: %w", err)
	}
	var notices []calendar.Notice
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read calendar seed: %w", err)
		}
		ofYear, err := readNotices(name, data)
		if err != nil {
			return nil, err
		}
		notices = append(notices, ofYear...)
	}
	return notices, nil
}

// readNotices reads one file, named after the year of its notices.
func readNotices(name string, data []byte) ([]calendar.Notice, error) {
	var notices []calendar.Notice
	root, err := strictyaml.Unmarshal(data, &notices)
	if err != nil {
		return nil, atLines(name, err)
	}
	year := strings.TrimSuffix(strings.TrimPrefix(name, "calendar/"), ".yaml")
	for i, n := range notices {
		line := root.Content[i].Line
		if strconv.Itoa(n.Year) != year {
			return nil, fmt.Errorf("%s:%d: notice of %d in the file of %s", name, line, n.Year, year)
		}
		if err := n.Validate(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	return notices, nil
}

// atLines writes every problem of a file as file:line: problem.
func atLines(name string, err error) error {
	var problems strictyaml.Problems
	if !errors.As(err, &problems) {
		return fmt.Errorf("%s: %w", name, err)
	}
	all := make([]error, len(problems))
	for i, p := range problems {
		all[i] = fmt.Errorf("%s:%d: %s %v", name, p.Line, p.Key, p.Args)
	}
	return errors.Join(all...)
}
