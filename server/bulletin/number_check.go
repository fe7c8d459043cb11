package bulletin

import (
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// TypedNumber is a number in the words that is none of the data.
type TypedNumber struct {
	Ticked
	// Paragraph is that in which it stands, counted from 1, 0 for the title; InHeading
	// tells that it stands in the heading, InChange in the note of a correction.
	Paragraph int
	InHeading bool
	InChange  bool
	// Before, Shown and After are what is read around it, with the number in the middle.
	Before, Shown, After string
	// Mixed tells that typed signs stand so close to a field that another number is read:
	// it has to be changed. Others may be ticked: Excused tells that this one is.
	Mixed   bool
	Excused bool
}

// around is how many runes are shown on either side of a number.
const around = 10

// numbersOf are the numbers that may be typed.
type numbersOf struct {
	plain, percent map[string]bool
	// names are those that may have numbers in them.
	names []string
}

// numbers are those of the fields, and the ranks.
func (d *Data) numbers() numbersOf {
	n := numbersOf{map[string]bool{}, map[string]bool{}, d.names()}
	for _, field := range d.Fields() {
		value, err := decimal.NewFromString(strings.TrimSuffix(field.Value, "%"))
		switch {
		case err != nil:
		case field.Kind == FieldRate:
			n.percent[value.String()] = true
		case field.Kind != FieldText:
			n.plain[value.String()] = true
		}
	}
	d.eachRanked(func(_ RankedClass, unit RankedUnit) {
		if score, err := decimal.NewFromString(unit.Score); err == nil {
			n.plain[score.String()] = true
		}
		n.plain[decimal.New(int64(unit.Rank), 0).String()] = true
	})
	return n
}

func (n numbersOf) has(s spot) bool {
	switch s.kind {
	case plainNumber:
		return n.plain[s.value.String()]
	case percentNumber:
		return n.percent[s.value.String()]
	}
	return false
}

// names are the names in the data that have numbers in them.
func (d *Data) names() []string {
	var names []string
	add := func(name string) {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsNumber(r) || isNumeral(r) }) && !slices.Contains(names, name) {
			names = append(names, string(normal([]rune(name))))
		}
	}
	for _, row := range d.Rows {
		add(row.Unit.Name)
	}
	for _, policy := range d.Policies {
		add(policy.Title.ZH)
		add(policy.Number)
	}
	for _, o := range d.Obligations {
		add(o.Title.ZH)
	}
	if d.Ranking != nil {
		add(d.Ranking.Title)
		add(d.Ranking.SchemeTitle.ZH)
	}
	return names
}

// Typed points out the numbers in the title and the words that are none of the data,
// those that were ticked among them.
func (d *Data) Typed(title string, w Words) []TypedNumber {
	fields, numbers := d.fieldsByToken(), d.numbers()
	var typed []TypedNumber
	look := func(paragraph int, heading bool, text string) {
		pieces, bad := split(text, fields)
		if bad != "" {
			return // refused for itself
		}
		for _, found := range shownOf(pieces).typed(numbers) {
			found.Paragraph, found.InHeading = paragraph, heading
			found.Excused = !found.Mixed && slices.ContainsFunc(w.Ticked, found.isTicked)
			typed = append(typed, found)
		}
	}
	look(0, false, title)
	for i, p := range w.Paragraphs {
		look(i+1, true, p.Heading)
		look(i+1, false, p.Text)
	}
	return typed
}

// TypedNote is Typed for the note of a correction, which has no fields.
func (d *Data) TypedNote(change string, w Words) []TypedNumber {
	var typed []TypedNumber
	for _, found := range shownOf([]piece{{raw: change, text: change}}).typed(d.numbers()) {
		found.InChange, found.Excused = true, slices.ContainsFunc(w.Ticked, found.isTicked)
		typed = append(typed, found)
	}
	return typed
}

// isTicked tells whether a tick is for the number: it is the same, with the same around
// it, or on one side of it where enough is there to tell: people tick a number and mend
// what stands next to it at once.
func (t TypedNumber) isTicked(tick Ticked) bool {
	if t.Ticked == tick {
		return true
	}
	before, after, _ := strings.Cut(t.Around, place)
	tickedBefore, tickedAfter, found := strings.Cut(tick.Around, place)
	telling := func(a, b string) bool { return a == b && len([]rune(a)) >= around/2 }
	return found && t.Number == tick.Number && (telling(before, tickedBefore) || telling(after, tickedAfter))
}

// place stands for the number in what is around it.
const place = "□"

// shown is what is read, rune by rune, with the piece that each one comes from.
type shown struct {
	text   []rune
	of     []int
	pieces []piece
}

func shownOf(pieces []piece) shown {
	s := shown{pieces: pieces}
	for i, p := range pieces {
		for _, r := range p.text {
			s.text, s.of = append(s.text, r), append(s.of, i)
		}
	}
	return s
}

// typed finds the numbers that are not a field for themselves and none of the data.
func (s shown) typed(numbers numbersOf) []TypedNumber {
	text := normal(s.text)
	spans := excuses(string(text), numbers.names)
	var found []TypedNumber
	for _, at := range scanNumbers(text) {
		typed, mixed := s.origin(at)
		switch {
		case !typed:
		case mixed:
			found = append(found, s.pointOut(at, true))
		case !at.within(spans) && !numbers.has(at):
			found = append(found, s.pointOut(at, false))
		}
	}
	return found
}

// origin tells whether a number is typed at all, and whether it is read from more than
// one piece. What a field of text has in it is not typed.
func (s shown) origin(at spot) (typed, mixed bool) {
	first, last := s.of[at.from], s.of[at.to-1]
	if first != last {
		return true, true
	}
	return s.pieces[first].field == nil, false
}

// pointOut tells of a number as it stands in the words and as it is read.
func (s shown) pointOut(at spot, mixed bool) TypedNumber {
	from, to := max(0, at.from-around), min(len(s.text), at.to+around)
	return TypedNumber{Ticked: Ticked{string(s.text[at.from:at.to]), s.raw(from, at.from) + place + s.raw(at.to, to)}, Mixed: mixed,
		Before: string(s.text[from:at.from]), Shown: string(s.text[at.from:at.to]), After: string(s.text[at.to:to])}
}

// raw is the words from one rune to another: of fields their tokens, so that a tick
// outlives new numbers.
func (s shown) raw(from, to int) string {
	var b strings.Builder
	last := -1
	for i := from; i < to; i++ {
		piece := s.pieces[s.of[i]]
		if piece.field == nil {
			b.WriteRune(s.text[i])
		} else if s.of[i] != last {
			b.WriteString(piece.raw)
		}
		last = s.of[i]
	}
	return b.String()
}

// visible leaves out runes that take no place, and writes line ends in one way.
func visible(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || unicode.Is(unicode.Mn, r)) {
			return -1
		}
		return r
	}, text)
}
