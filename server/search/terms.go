package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

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

// lower returns the text in lower case, as columns are compared with it.
func (t terms) lower() string { return strings.ToLower(t.text) }

// likeEscape takes the meaning from the wildcards of LIKE ... ESCAPE '!'.
var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// inside restricts a query to the rows that have every word in one of the columns, which
// are expressions of the program's, not input.
func (t terms) inside(db *gorm.DB, columns ...string) *gorm.DB {
	condition := "(" + strings.Join(columns, " LIKE ? ESCAPE '!' OR ") + " LIKE ? ESCAPE '!')"
	for _, word := range t.words {
		arguments := make([]any, len(columns))
		for i := range arguments {
			arguments[i] = "%" + likeEscape.Replace(word) + "%"
		}
		db = db.Where(condition, arguments...)
	}
	return db
}

// beginning is the pattern of what begins with the whole text.
func (t terms) beginning() string { return likeEscape.Replace(t.lower()) + "%" }

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
