package bulletin

import (
	"slices"
	"strconv"
	"strings"

	"sundial/models"
)

// Bounds of the words.
const (
	MaxParagraphs = 40
	MaxHeading    = 100
	MaxText       = 5000
)

// piece is a stretch of words: typed, or put in by a field.
type piece struct {
	// raw is what stands in the words, text what is shown.
	raw, text string
	field     *Field
}

// split takes words apart at their fields; bad is the first token that is none.
func split(text string, fields map[string]Field) (pieces []piece, bad string) {
	for text != "" {
		open := strings.IndexAny(text, "{｛")
		if open < 0 {
			return append(pieces, piece{raw: text, text: text}), ""
		}
		if open > 0 {
			pieces = append(pieces, piece{raw: text[:open], text: text[:open]})
			text = text[open:]
		}
		end := strings.IndexAny(text, "}｝")
		if end < 0 {
			return nil, text
		}
		_, size := decodeAt(text, end)
		token := text[:end+size]
		field, known := fields[canonical(token)]
		if !known {
			return nil, token
		}
		pieces = append(pieces, piece{token, field.Value, &field})
		text = text[end+size:]
	}
	return pieces, ""
}

func decodeAt(text string, at int) (rune, int) {
	for _, r := range text[at:] {
		return r, len(string(r))
	}
	return 0, 0
}

// canonical writes a token as Fields does: people type braces and colons of both widths,
// and spaces.
func canonical(token string) string {
	return strings.NewReplacer("｛", "{", "｝", "}", ":", "：", " ", "", "\u3000", "").Replace(token)
}

// fieldsByToken finds fields by what stands in the words.
func (d *Data) fieldsByToken() map[string]Field {
	fields := map[string]Field{}
	for _, field := range d.Fields() {
		if _, twice := fields[field.Token]; !twice {
			fields[canonical(field.Token)] = field
		}
	}
	return fields
}

// Fill puts the numbers of the data into the text; a field that the data does not have is
// Invalid and named.
func (d *Data) Fill(text string) (string, error) {
	return filled(text, d.fieldsByToken())
}

func filled(text string, fields map[string]Field) (string, error) {
	pieces, bad := split(text, fields)
	if bad != "" {
		return "", models.InvalidFields([]models.Field{unknownField("text", bad)})
	}
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String(), nil
}

func unknownField(name, token string) models.Field {
	if runes := []rune(token); len(runes) > 40 {
		token = string(runes[:40]) + "…"
	}
	return models.Field{Name: name, Key: "bulletins.field_unknown", Args: models.Args("Field", token)}
}

// fill puts the numbers into the paragraphs, and counts their headings.
func (w Words) fill(d *Data) ([]Paragraph, error) {
	fields := d.fieldsByToken()
	paragraphs := make([]Paragraph, len(w.Paragraphs))
	number := 0
	for i, p := range w.Paragraphs {
		var err error
		if paragraphs[i].Heading, err = filled(p.Heading, fields); err != nil {
			return nil, err
		}
		if paragraphs[i].Text, err = filled(p.Text, fields); err != nil {
			return nil, err
		}
		if paragraphs[i].Heading != "" {
			number++
			paragraphs[i].Heading = chineseOrdinal(number) + "、" + paragraphs[i].Heading
		}
	}
	return paragraphs, nil
}

// chineseOrdinal writes 1 to 99 in Chinese numerals.
func chineseOrdinal(n int) string {
	digits := []rune("〇一二三四五六七八九")
	tens, ones := n/10, n%10
	text := ""
	if tens > 1 {
		text = string(digits[tens])
	}
	if tens > 0 {
		text += "十"
	}
	if ones > 0 {
		text += string(digits[ones])
	}
	return text
}

// faults says what is wrong with the words, whatever the numbers: names are those of the
// form, heading_1 and text_1 for the first paragraph.
func (w Words) faults(d *Data) []models.Field {
	if len(w.Paragraphs) == 0 {
		return []models.Field{{Name: "paragraphs", Key: "bulletins.no_words"}}
	}
	if len(w.Paragraphs) > MaxParagraphs {
		return []models.Field{{Name: "paragraphs", Key: "bulletins.many_paragraphs", Args: models.Args("Max", MaxParagraphs, "Count", len(w.Paragraphs))}}
	}
	var faults []models.Field
	fields := d.fieldsByToken()
	for i, p := range w.Paragraphs {
		for _, part := range []struct {
			name, text string
			most       int
		}{{"heading", p.Heading, MaxHeading}, {"text", p.Text, MaxText}} {
			name := part.name + "_" + strconv.Itoa(i+1)
			if length := len([]rune(part.text)); length > part.most {
				faults = append(faults, models.Field{Name: name, Key: "bulletins.too_long", Args: models.Args("Max", part.most, "Length", length)})
			} else if _, bad := split(part.text, fields); bad != "" {
				faults = append(faults, unknownField(name, bad))
			}
		}
		if strings.TrimSpace(p.Text) == "" {
			faults = append(faults, models.Field{Name: "text_" + strconv.Itoa(i+1), Key: "bulletins.text_missing"})
		}
	}
	return faults
}

// clean takes out what cannot be seen, which could hide in a number, and spaces at the
// ends of lines.
func (w Words) clean() Words {
	w.Paragraphs = slices.Clone(w.Paragraphs)
	for i, p := range w.Paragraphs {
		w.Paragraphs[i] = Paragraph{strings.TrimSpace(visible(p.Heading)), strings.TrimSpace(visible(p.Text))}
	}
	return w
}
