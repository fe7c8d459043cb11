package web

import (
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// letterLines is how many things a letter names; the others are counted.
const letterLines = 12

// letterWriter fills the template of an office with what one unit is urged for.
type letterWriter struct {
	locale   *frontend.Locale
	days     *calendar.Calendar
	template string
	today    calendar.Date
}

// templateOf is the text with which urges of the office begin.
func templateOf(locale *frontend.Locale, rule models.UrgeRule) string {
	if rule.Template != "" {
		return rule.Template
	}
	return locale.Text("urges.template", nil)
}

// fill writes the letter to the unit of a draft.
func (w letterWriter) fill(c *supervision.UrgeComposition, draft supervision.UrgeDraft) string {
	values := map[string]string{"unit": unitName(w.locale, draft.Unit), "office": unitName(w.locale, c.Office), "items": w.lines(draft.Items),
		"count": text(len(draft.Items)), "reply_by": w.locale.Date(c.ReplyBy)}
	var pairs []string
	for placeholder, value := range supervision.UrgePlaceholders {
		pairs = append(pairs, placeholder, values[value])
	}
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(w.template))
}

// lines names what is owed, one thing a line.
func (w letterWriter) lines(items []supervision.UrgeThing) string {
	var lines []string
	for i, item := range items[:min(len(items), letterLines)] {
		key := "urges.letter.line"
		if i == len(items)-1 {
			key = "urges.letter.last"
		}
		lines = append(lines, w.locale.Text(key, models.Args("Number", i+1, "What", w.name(item), "Due", w.due(item))))
	}
	if left := len(items) - letterLines; left > 0 {
		lines = append(lines, w.locale.Text("urges.letter.more", models.Args("Count", left)))
	}
	return strings.Join(lines, "\n")
}

// name is what a thing is called, with its clause.
func (w letterWriter) name(item supervision.UrgeThing) string {
	title := w.locale.In(item.Title)
	if runes := []rune(title); len(runes) > longestTitle {
		title = string(runes[:longestTitle]) + "…"
	}
	if item.Subject != "" {
		title += " · " + item.Subject
	}
	if item.Clause == "" {
		return title
	}
	return w.locale.Text("urges.letter.of_clause", models.Args("What", title, "Clause", rules.CitedClause(item.Clause)))
}

// longestTitle is how many characters of a title a letter has.
const longestTitle = 60

// due tells when a thing is due, and how far that is away.
func (w letterWriter) due(item supervision.UrgeThing) string {
	switch {
	case item.DueOn.IsZero():
		return w.locale.Text("urges.letter.no_due", nil)
	case item.Provisional:
		return w.locale.Text("urges.letter.provisional", models.Args("Due", item.DueOn))
	case item.Overdue(w.today):
		return w.locale.Text("urges.letter.overdue", models.Args("Due", item.DueOn, "Count", int(w.today-item.DueOn)))
	default:
		return w.locale.Text("urges.letter.left", models.Args("Due", item.DueOn, "Count", w.days.WorkingDaysBetween(w.today, item.DueOn)))
	}
}
