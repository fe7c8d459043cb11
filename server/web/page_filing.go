package web

import (
	"net/url"
	"strings"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// instantLayout is how a datetime-local field writes an instant, in Asia/Shanghai.
const instantLayout = "2006-01-02T15:04"

// presidedByOther is the choice that another than the principal presided; the
// name stands in the field presided_by_name.
const presidedByOther = "other"

// parseFiling reads a report form into a Filing. It finds what cannot be read;
// whether the filing is complete and true, compliance decides.
func parseFiling(values url.Values) (rules.Filing, []models.Field) {
	r := formReader{values: values}
	filing := rules.Filing{
		On: r.date("on"), At: r.instant("at"), Title: r.text("title"), URL: r.text("url"),
		PresidedBy: r.text("presided_by"),
		Name:       r.text("name"), Post: r.text("post"), From: r.date("from"),
		InDivisionOfWork: r.text("in_division_of_work") != "", AnnouncedOn: r.date("announced_on"),
		Total: r.text("total"), Items: r.items(), Note: r.text("note"),
		LateReason: r.text("late_reason"), Nothing: r.text("nothing") != "",
	}
	if filing.PresidedBy == presidedByOther {
		filing.PresidedBy = r.text("presided_by_name")
	}
	return filing, r.problems
}

type formReader struct {
	values   url.Values
	problems []models.Field
}

func (r *formReader) text(name string) string { return strings.TrimSpace(r.values.Get(name)) }

func (r *formReader) date(name string) calendar.Date {
	day, err := calendar.ParseDate(r.text(name))
	if err != nil {
		r.problems = append(r.problems, models.Field{Name: name, Key: "field.bad_date"})
	}
	return day
}

func (r *formReader) instant(name string) time.Time {
	text := r.text(name)
	if text == "" {
		return time.Time{}
	}
	// Browsers add seconds when the step allows them.
	at, err := time.ParseInLocation(instantLayout, text[:min(len(text), len(instantLayout))], frontend.Zone)
	if err != nil {
		r.problems = append(r.problems, models.Field{Name: name, Key: "field.bad_instant"})
	}
	return at
}

// items reads the rows of the performance scheme; rows left blank are no items.
func (r *formReader) items() []rules.Item {
	var items []rules.Item
	points, marks, reasons := r.values["item_points"], r.values["item_openness"], r.values["item_reason"]
	for i, name := range r.values["item_name"] {
		item := rules.Item{Name: strings.TrimSpace(name)}
		if i < len(points) {
			item.Points = strings.TrimSpace(points[i])
		}
		if i < len(marks) {
			item.Openness = rules.Openness(marks[i])
		}
		if i < len(reasons) {
			item.Reason = strings.TrimSpace(reasons[i])
		}
		if item.Name != "" || item.Points != "" || item.Reason != "" {
			items = append(items, item)
		}
	}
	return items
}

// filingLines puts a filing into words, field by field, with the labels of the
// form that asked for it.
func filingLines(locale *frontend.Locale, form rules.Form, f rules.Filing) []FilingLine {
	var lines []FilingLine
	if f.Nothing {
		return []FilingLine{{Key: "field.nothing", Value: f.Note}}
	}
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, FilingLine{Key: key, Value: value})
		}
	}
	add(labelOn(locale, "field.on", form), locale.Date(f.On))
	add("field.at", locale.Instant(f.At))
	add("field.presided_by", presidedBy(locale, f.PresidedBy))
	add("field.name", f.Name)
	add("field.post", f.Post)
	add("field.from", locale.Date(f.From))
	if f.Name != "" {
		add("field.in_division_of_work", locale.Text(yesNo(f.InDivisionOfWork), nil))
	}
	add("field.announced_on", locale.Date(f.AnnouncedOn))
	add(labelOn(locale, "field.title", form), f.Title)
	add("field.total", f.Total)
	for _, item := range f.Items {
		lines = append(lines, FilingLine{Key: "field.item." + opennessWord(item.Openness), Label: item.Name, Value: itemText(locale, item)})
	}
	for _, share := range shares(f) {
		add(share.Key, share.Value)
	}
	if f.URL != "" {
		lines = append(lines, FilingLine{Key: "field.url", Value: f.URL, URL: f.URL})
	}
	add("field.note", f.Note)
	add("field.late_reason", f.LateReason)
	return lines
}

// itemText puts the points, the mark and its reason into words.
func itemText(locale *frontend.Locale, item rules.Item) string {
	key := "field.item_value"
	if item.Reason != "" {
		key = "weight.item_reasoned"
	}
	return locale.Text(key, models.Args("Points", item.Points, "Openness", locale.Text("field.item."+opennessWord(item.Openness), nil), "Reason", item.Reason))
}

// labelOn is the label that a field has on a form, else the one that it has
// anywhere.
func labelOn(locale *frontend.Locale, key string, form rules.Form) string {
	if own := key + "." + string(form); form != "" && locale.Has(own) {
		return own
	}
	return key
}

// shares are the strict share of openness in a performance scheme and, where it
// differs, the inclusive one.
func shares(f rules.Filing) []FilingLine {
	scheme := rules.Performance{Total: f.Total, Items: f.Items}
	share, problems := scheme.Share()
	if len(f.Items) == 0 || len(problems) > 0 {
		return nil
	}
	lines := []FilingLine{{Key: "field.share", Value: share.Percentage(false) + "%"}}
	if !share.Related.IsZero() {
		lines = append(lines, FilingLine{Key: "field.share_related", Value: share.Percentage(true) + "%"})
	}
	return lines
}

func presidedBy(locale *frontend.Locale, who string) string {
	if who == rules.PresidedByPrincipal {
		return locale.Text("field.presided_by.principal", nil)
	}
	return who
}

func yesNo(yes bool) string {
	if yes {
		return "word.yes"
	}
	return "word.no"
}

// opennessWord names the mark of an item in messages.
func opennessWord(mark rules.Openness) string {
	if mark == rules.OpennessNone {
		return "none"
	}
	return string(mark)
}
