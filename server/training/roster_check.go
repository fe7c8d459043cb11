package training

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"sundial/models"
	"sundial/server/calendar"
)

const (
	maxPersonName = 100
	maxNumber     = 64
	maxPost       = 200
	// endYears is how far ahead somebody's last day can be foreseen: a slip of the
	// keyboard keeps nobody on the roster for centuries.
	endYears = 50
)

// firstStart is the first day on which a posting can start.
var firstStart = calendar.NewDate(1950, 1, 1)

// rosterFaults collects what is wrong with the fields of one entry.
type rosterFaults []models.Field

func (f *rosterFaults) add(field, key string, args ...any) {
	*f = append(*f, models.Field{Name: field, Key: "roster." + key, Args: models.Args(args...)})
}

// cleanEntry returns the entry as it is compared and stored, without the ID
// number in full, and what is wrong with its texts and dates by themselves.
func (d *Desk) cleanEntry(e StaffEntry, today calendar.Date) (StaffEntry, rosterFaults) {
	var found rosterFaults
	e.Unit, e.Name, e.Number, e.Post = strings.TrimSpace(e.Unit), cleanName(e.Name), cleanNumber(e.Number), strings.Join(strings.Fields(e.Post), " ")
	if e.Unit == "" {
		found.add("unit", "unit_missing")
	}
	checkName(&found, e.Name)
	checkNumber(&found, e.Number)
	e.IDHash, e.IDTail = d.cleanID(&found, e.IDNumber, e.IDHash, e.IDTail)
	e.IDNumber = ""
	checkPost(&found, e.Post)
	checkDays(&found, e.StartOn, e.EndOn, today)
	return e, found
}

// cleanID hashes the number of an ID card where one is given. A number that is
// none is not repeated: it may be somebody's with one digit mistyped.
func (d *Desk) cleanID(found *rosterFaults, number, hash, tail string) (idHash, tailOf string) {
	if strings.TrimSpace(number) == "" {
		return hash, tail
	}
	normal, ok := normalID(cleanNumber(number))
	if !ok {
		found.add("id_number", "id_number")
		return "", ""
	}
	return d.key.hashID(normal), idTail(normal)
}

func checkName(found *rosterFaults, name string) {
	switch {
	case name == "":
		found.add("name", "name_missing")
	case utf8.RuneCountInString(name) > maxPersonName:
		found.add("name", "too_long", "Max", maxPersonName)
	case holdsID(name):
		found.add("name", "id_elsewhere")
	}
}

func checkPost(found *rosterFaults, post string) {
	switch {
	case utf8.RuneCountInString(post) > maxPost:
		found.add("post", "too_long", "Max", maxPost)
	case holdsID(post):
		found.add("post", "id_elsewhere")
	}
}

// checkNumber refuses what could be taken for the code of a person without one,
// which models.Person.Code writes behind a number sign, and numbers of ID cards,
// which are stored nowhere.
func checkNumber(found *rosterFaults, number string) {
	switch {
	case strings.HasPrefix(number, "#"):
		found.add("number", "number_sign")
	case utf8.RuneCountInString(number) > maxNumber:
		found.add("number", "too_long", "Max", maxNumber)
	case holdsID(number):
		found.add("number", "id_elsewhere")
	}
}

func checkDays(found *rosterFaults, start, end, today calendar.Date) {
	// The same day of next year; 29 February runs over into March.
	lastStart := calendar.NewDate(today.Year()+1, today.Month(), today.Day())
	lastEnd := calendar.NewDate(today.Year()+endYears, today.Month(), today.Day())
	switch {
	case start.IsZero():
		found.add("start_on", "start_missing")
	case start < firstStart:
		found.add("start_on", "start_early", "Day", firstStart)
	case start > lastStart:
		found.add("start_on", "start_late", "Day", lastStart)
	}
	switch {
	case end.IsZero():
	case end < start:
		found.add("end_on", "end_before_start", "Start", start, "End", end)
	case end > lastEnd:
		found.add("end_on", "end_late", "Day", lastEnd)
	}
}

// cleanName takes out the spaces that tables put between the characters of a
// Chinese name to align it; in other names one remains.
func cleanName(name string) string {
	parts := strings.Fields(strings.ToValidUTF8(name, ""))
	for _, part := range parts {
		for _, r := range part {
			if !unicode.Is(unicode.Han, r) && r != '·' {
				return strings.Join(parts, " ")
			}
		}
	}
	return strings.Join(parts, "")
}

// cleanNumber takes out spaces and makes the wide digits of Chinese keyboards
// narrow.
func cleanNumber(number string) string {
	return strings.Join(strings.Fields(width.Narrow.String(number)), "")
}
