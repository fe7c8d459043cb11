package assessment

import (
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
)

// writeCover writes the first sheet: which round and scheme this is, as of when, the
// classes, grades and limits, and how the table computes.
func (b *scoreBook) writeCover() error {
	row := 1
	put := func(column string, style int, value string) error {
		at := column + strconv.Itoa(row)
		if err := b.file.SetCellStr(b.cover, at, value); err != nil {
			return err
		}
		return b.file.SetCellStyle(b.cover, at, at, style)
	}
	if err := put("A", b.styles.title, b.round.Title); err != nil {
		return err
	}
	row = 3
	for _, fact := range b.coverFacts() {
		if err := put("A", b.styles.label, fact[0]); err != nil {
			return err
		}
		if err := put("B", b.styles.text, fact[1]); err != nil {
			return err
		}
		row++
	}
	row++
	if err := put("A", b.styles.label, b.lang.Text("scores.book.legend", nil)); err != nil {
		return err
	}
	if err := put("B", b.styles.label, ""); err != nil {
		return err
	}
	for _, part := range []struct {
		key   string
		style int
	}{{"marks", b.styles.input}, {"sums", b.styles.sum}, {"na", b.styles.text}, {"caps", b.styles.text}, {"score", b.styles.text}, {"missing", b.styles.text}, {"rank", b.styles.text}} {
		row++
		if err := put("A", part.style, b.lang.Text("scores.book.legend_"+part.key, nil)); err != nil {
			return err
		}
		if err := put("B", b.styles.text, b.lang.Text("scores.book.legend_"+part.key+"_text", nil)); err != nil {
			return err
		}
	}
	if err := b.file.SetColWidth(b.cover, "A", "A", 22); err != nil {
		return err
	}
	if err := b.file.SetColWidth(b.cover, "B", "B", 96); err != nil {
		return err
	}
	return b.fitPage(b.cover)
}

// coverFacts are labels with what they stand for.
func (b *scoreBook) coverFacts() [][2]string {
	var facts [][2]string
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, [2]string{b.lang.Text("scores.book."+key, nil), value})
		}
	}
	text := func(key string, args ...any) string { return b.lang.Text(key, models.Args(args...)) }
	add("scheme", b.scheme.Title.In(b.lang.Tag))
	add("edition", text("scores.book.edition_text", "ID", b.row.Code, "Edition", b.row.Edition))
	add("year", strconv.Itoa(b.round.Year))
	add("office", officeName(b.office, b.lang.Tag))
	add("status", text("scores.status."+string(b.round.Status)))
	add("view", b.viewText())
	add("as_of", b.day(b.asOfDay()))
	add("announced_on", b.day(b.round.AnnouncedOn))
	add("frozen_on", b.day(b.round.FrozenOn))
	add("exported_on", b.day(b.today))
	for n, class := range b.classes {
		key := "scores.book.class_text"
		if !class.whole() {
			key = "scores.book.class_part"
		}
		facts = append(facts, [2]string{b.sheets[n], text(key, "Count", len(class.lines), "Units", class.units, "Max", class.card.Class.Maximum)})
	}
	var grades, limits []string
	for _, grade := range b.scheme.Grades {
		grades = append(grades, text("scores.book.grade", "Grade", grade.Title, "From", grade.From))
	}
	for _, limit := range b.scheme.Limits {
		limits = append(limits, text("scores.column.limit", "Limit", limit.Title, "Most", limit.Most.String()))
	}
	separator := text("scores.book.separator")
	add("grades", strings.Join(grades, separator))
	add("limits", strings.Join(limits, separator))
	return facts
}

func officeName(unit models.Unit, lang string) string {
	if lang == "en" && unit.NameEN != "" {
		return unit.NameEN
	}
	return unit.Name
}

// asOfDay is the day as of which duties were scored.
func (b *scoreBook) asOfDay() calendar.Date {
	last := b.today
	if !b.round.AnnouncedOn.IsZero() {
		last = b.round.AnnouncedOn
	}
	if b.round.AsOf.IsZero() || b.round.AsOf > last {
		return last
	}
	return b.round.AsOf
}

// day writes a date; nothing for none.
func (b *scoreBook) day(day calendar.Date) string {
	if day.IsZero() {
		return ""
	}
	return day.String()
}
