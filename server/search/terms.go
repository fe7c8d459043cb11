package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
)

// longest bounds what is searched for, in characters, and most the words of it: nothing
// has a longer name.
const (
	longest = 100
	most    = 5
)

// terms are what is searched for.
type terms struct {
	// text is as it was typed, without space around it; words are its words in lower
	// case, all of which have to be there.
	text  string
	words []string
}

func termsOf(text string) (terms, error) {
	if !utf8.ValidString(text) {
		return terms{}, models.NewError(models.Invalid, "error.bad_form")
	}
	runes := []rune(strings.TrimSpace(text))
	t := terms{text: strings.TrimSpace(string(runes[:min(longest, len(runes))]))}
	t.words = strings.Fields(strings.ToLower(t.text))
	t.words = t.words[:min(most, len(t.words))]
	return t, nil
}

// column is a column of names. One that is foreign has no Chinese: neither has what is
// looked for there.
type column struct {
	name    string
	foreign bool
}

// isChinese tells whether the text has Chinese characters.
func isChinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// place is the expression for where the text stands in the column, whatever its case, from
// 1, 0 for nowhere. Looking for it without a pattern needs no escape and takes a third of
// the time; so does leaving out the case where there is none.
func (c column) place(text string) string {
	if text != strings.ToUpper(text) {
		return "instr(lower(" + c.name + "), ?)"
	}
	return "instr(" + c.name + ", ?)"
}

// of leaves out the columns in which the text cannot be.
func of(columns []column, text string) []column {
	return slices.DeleteFunc(slices.Clone(columns), func(c column) bool { return c.foreign && isChinese(text) })
}

// inside restricts a query to the rows that have every word in one of the columns.
func (t terms) inside(db *gorm.DB, columns []column) *gorm.DB {
	for _, word := range t.words {
		var conditions []string
		var arguments []any
		for _, c := range of(columns, word) {
			conditions = append(conditions, c.place(word)+" > 0")
			arguments = append(arguments, word)
		}
		db = db.Where("("+strings.Join(conditions, " OR ")+")", arguments...)
	}
	return db
}

// order puts the rows first that have the whole text at the beginning of one of the
// columns, among them the shortest, which is the text itself; then the rest decides.
func (t terms) order(columns []column, rest string) clause.OrderBy {
	text := strings.ToLower(t.text)
	var conditions []string
	var arguments []any
	for _, c := range of(columns, text) {
		conditions = append(conditions, c.place(text)+" = 1")
		arguments = append(arguments, text)
	}
	return clause.OrderBy{Expression: clause.Expr{
		SQL: "CASE WHEN " + strings.Join(conditions, " OR ") + " THEN 0 ELSE 1 END, " + rest, Vars: arguments, WithoutParentheses: true,
	}}
}

// behind follows all texts that begin with the text, in the order of code points, which
// both databases keep: an index serves the range up to it, as it does not serve LIKE.
func behind(text string) string { return text + "\U0010FFFF" }

// isCode tells whether the text may be the beginning of the code of a unit.
func (t terms) isCode() bool {
	return len(t.words) == 1 && unicode.IsDigit(rune(t.text[0])) && !strings.ContainsFunc(t.text, func(r rune) bool {
		return r != '-' && (r > unicode.MaxASCII || !unicode.IsDigit(r) && !unicode.IsLetter(r))
	})
}

// fold writes a text so that it is found however its brackets are typed: those of the
// full width, and the shells and squares around years, become plain ones.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("\u3014\u3010\u3016[\uff3b", r):
			return '('
		case strings.ContainsRune("\u3015\u3011\u3017]\uff3d", r):
			return ')'
		case r >= '\uff01' && r <= '\uff5e':
			return unicode.ToLower(r - '\uff01' + '!')
		case unicode.IsSpace(r):
			return -1
		default:
			return unicode.ToLower(r)
		}
	}, text)
}

// in tells whether every word stands in one of the texts, and how well: 0 when the whole
// text stands in the first one, 1 when in the second, and so on.
func (t terms) in(texts ...string) (rank int, found bool) {
	all := fold(strings.Join(texts, "\n"))
	for _, word := range t.words {
		if !strings.Contains(all, fold(word)) {
			return 0, false
		}
	}
	whole := fold(t.text)
	for i, text := range texts {
		if strings.Contains(fold(text), whole) {
			return i, true
		}
	}
	return len(texts), true
}

// Match tells whether every word of the text stands in one of the names.
func Match(text string, names ...string) bool {
	t, err := termsOf(text)
	if err != nil || len(t.words) == 0 {
		return false
	}
	_, found := t.in(names...)
	return found
}
