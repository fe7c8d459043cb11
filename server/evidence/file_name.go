package evidence

import (
	"path"
	"strings"
	"unicode"
)

const (
	maxName = 200 // runes of a name with its extension
	// maxExtension is the longest ending, in runes with its dot, that is kept
	// when a name is cut.
	maxExtension = 16
	nameless     = "evidence"
)

// CleanName returns the name of a file as people gave it, less what does not
// belong to a name or deceives its reader: directories, control characters,
// invisible characters and those that turn the direction of writing, white
// space and dots around it. It has at most 200 runes, the extension among
// them, and is never empty. A clean name stays as it is.
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimRightFunc(visible(name), spaceOrDot)
	extension := path.Ext(name)
	stem := strings.TrimLeftFunc(strings.TrimSuffix(name, extension), spaceOrDot)
	if stem == "" {
		stem = nameless
	}
	if len([]rune(stem+extension)) > maxName {
		if len([]rune(extension)) > maxExtension {
			stem, extension = stem+extension, ""
		}
		stem = shorten(stem, maxName-len([]rune(extension)))
	}
	return strings.TrimRightFunc(stem+extension, spaceOrDot)
}

// visible leaves out of a text what cannot be seen: control and format
// characters, among them the marks that turn the direction of writing.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// shorten cuts a text to a number of runes.
func shorten(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

func spaceOrDot(r rune) bool { return unicode.IsSpace(r) || r == '.' }
