package frontend

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// converter writes simplified Chinese in the traditional characters of Taiwan:
// from the left, the longest phrase first, else the single character. A result has
// as many characters as its source, ASCII stays, and so does what was converted
// before. It is safe for concurrent use.
type converter struct {
	characters map[rune]rune
	phrases    map[rune][]phrase // by the first character, the longest first
}

// phrase becomes another where it stands; both have the same number of characters.
type phrase struct{ from, to string }

// converters are those of data and of messages; the latter have interface words
// of their own besides.
type converters struct{ data, messages *converter }

// newConverters reads the embedded table that traditional.mjs makes, and our own
// words.
var newConverters = sync.OnceValues(func() (converters, error) {
	var table struct{ Characters, Phrases string }
	var words struct{ Office, Interface map[string]string }
	if err := readYAML("locales/traditional.yaml", &table); err != nil {
		return converters{}, err
	}
	if err := readYAML("locales/traditional_words.yaml", &words); err != nil {
		return converters{}, err
	}
	phrases := strings.Fields(table.Phrases)
	merged := make(map[string]string, len(phrases))
	for pair := range slices.Chunk(phrases, 2) {
		merged[pair[0]] = pair[1]
	}
	both := converters{data: newConverter(table.Characters, merged, words.Office)}
	both.messages = newConverter(table.Characters, merged, words.Office, words.Interface)
	return both, nil
})

func readYAML(name string, into any) error {
	body, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("traditional characters: %w", err)
	}
	if err := yaml.Unmarshal(body, into); err != nil {
		return fmt.Errorf("traditional characters %s: %w", name, err)
	}
	return nil
}

// newConverter reads pairs of characters; of the lists of phrases a later one
// overrules an earlier.
func newConverter(characters string, lists ...map[string]string) *converter {
	c := &converter{characters: map[rune]rune{}, phrases: map[rune][]phrase{}}
	for _, pair := range strings.Fields(characters) {
		from, size := utf8.DecodeRuneInString(pair)
		c.characters[from], _ = utf8.DecodeRuneInString(pair[size:])
	}
	whole := map[string]string{}
	for _, list := range lists {
		for from, to := range list {
			whole[from], whole[to] = to, to // What was converted before stays.
		}
	}
	for from, to := range whole {
		first, _ := utf8.DecodeRuneInString(from)
		c.phrases[first] = append(c.phrases[first], phrase{from, to})
	}
	for _, list := range c.phrases {
		slices.SortFunc(list, func(a, b phrase) int { return len(b.from) - len(a.from) })
	}
	return c
}

// convert returns the text in traditional characters.
func (c *converter) convert(text string) string {
	var result strings.Builder
	done := 0 // up to here the text is in the result
	for at := 0; at < len(text); {
		from, to := c.next(text[at:])
		if text[at:at+from] != to {
			result.WriteString(text[done:at])
			result.WriteString(to)
			done = at + from
		}
		at += from
	}
	if done == 0 {
		return text
	}
	result.WriteString(text[done:])
	return result.String()
}

// next returns how many bytes at the start of the text are converted together, and
// what they become.
func (c *converter) next(text string) (int, string) {
	if text[0] < utf8.RuneSelf {
		return 1, text[:1]
	}
	first, size := utf8.DecodeRuneInString(text)
	for _, p := range c.phrases[first] {
		if strings.HasPrefix(text, p.from) {
			return len(p.from), p.to
		}
	}
	if to, ok := c.characters[first]; ok {
		return size, string(to)
	}
	return size, text[:size]
}
