package exchange

// Text is a text in both languages of the product.
type Text struct{ ZH, EN string }

// In returns the text in a language that people write: zh-CN or en.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// Language is the language in which a file is written: its tag (zh-CN, en) and
// the rendering of messages, as frontend.Locale has them.
type Language struct {
	Tag  string
	Text func(key string, args map[string]any) string
}

// Table describes a table: what it is called, which names its sheet, and its
// columns in the order in which they are written. Read, they may stand in any
// order.
type Table struct {
	Name    Text
	Columns []Column
}

// Column describes a column.
type Column struct {
	Key      string   // by which a Row is asked for it; unique in the table
	Heading  Text     // as written; read in either language
	Also     []string // further headings that are read
	Required bool     // the heading must be there, and a value in every row
	Kind     Kind
	Words    []Word  // of KindChoice: all; of KindYesNo: besides the usual ones
	Width    float64 // in characters; 0: a usual one for the kind
	Hint     string  // key of a message that says how to fill the column in; may be empty
	Example  string  // of a value, for the template
}

// Kind is the kind of value that a column holds.
type Kind int

// The kinds, each with the method of Row that returns its values.
const (
	KindText    Kind = iota // Row.Text; numbers of people and things are texts too
	KindDate                // Row.Date
	KindYesNo               // Row.Yes
	KindChoice              // Row.Text returns the Value of the Word
	KindInteger             // Row.Integer; of at most 15 digits
	KindDecimal             // Row.Decimal; of at most 15 digits
)

// Word is an accepted word of a column: Value is what it stands for, Text how it
// is written, Also what else is understood. Case, width and blanks do not
// matter.
type Word struct {
	Value string
	Text  Text
	Also  []string
}

// Values of the words of a KindYesNo column.
const (
	Yes = "yes"
	No  = "no"
)

// yesNo is understood in every KindYesNo column, after the column's own words.
var yesNo = []Word{
	{Value: Yes, Text: Text{"是", "Yes"}, Also: []string{"y", "1", "true", "真", "对", "有", "√", "✓", "✔", "☑"}},
	{Value: No, Text: Text{"否", "No"}, Also: []string{"n", "0", "false", "假", "错", "无", "×", "✗", "✘", "x"}},
}

// words returns the accepted words, those that are written first.
func (c *Column) words() []Word {
	if c.Kind == KindYesNo {
		return append(c.Words[:len(c.Words):len(c.Words)], yesNo...)
	}
	return c.Words
}

// written returns the words that a writer uses and a template offers: one for
// each value.
func (c *Column) written() []Word {
	var written []Word
	seen := map[string]bool{}
	for _, word := range c.words() {
		if !seen[word.Value] {
			seen[word.Value] = true
			written = append(written, word)
		}
	}
	return written
}

// word returns how the column writes the value in a language.
func (c *Column) word(value, lang string) (string, bool) {
	for _, word := range c.words() {
		if word.Value == value {
			return word.Text.In(lang), true
		}
	}
	return "", false
}

// vocabulary is what the words of a column stand for, by what fold leaves of
// them.
type vocabulary map[string]string

func (c *Column) vocabulary() vocabulary {
	known := vocabulary{}
	for _, word := range c.words() {
		for _, text := range append([]string{word.Text.ZH, word.Text.EN}, word.Also...) {
			if _, taken := known[fold(text)]; !taken && fold(text) != "" {
				known[fold(text)] = word.Value
			}
		}
	}
	return known
}
