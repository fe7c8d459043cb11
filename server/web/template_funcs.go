package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// templateFuncs are the functions of the templates of one language.
func templateFuncs(locale *frontend.Locale, assets *frontend.Assets) template.FuncMap {
	w := words{locale}
	return template.FuncMap{
		"t":            func(key string, args ...any) string { return locale.Text(key, models.Args(args...)) },
		"lang":         locale.Lang,
		"languageName": frontend.LanguageName,
		"asset":        assets.URL,
		"built":        assets.Built,
		"chinese":      locale.Chinese,
		"chineseTag":   locale.ChineseTag,
		"text":         func(text rules.Text) string { return locale.In(text) },
		"unit":         func(unit models.Unit) string { return unitName(locale, unit) },
		"date":         func(day calendar.Date) string { return locale.Date(day) },
		"shortDate":    func(day calendar.Date) string { return locale.ShortDate(day) },
		"instant":      locale.Instant,
		"years":        func(years []int) string { return locale.Value(years) },
		"reason":       w.reason,
		"problem":      w.problem,
		"points":       pointsText,
		"failure":      w.failure,
		"period":       w.period,
		"month":        func(day calendar.Date) string { return w.period(day.String()[:len("2006-01")]) },
		"days":         w.days,
		"who":          w.who,
		"evidence":     w.evidence,
		"dueAt":        w.dueAt,
		"measure":      w.measure,
		"holiday":      w.holiday,
		"turn":         w.turnText,
		"list":         func(items any) string { return locale.Value(items) },
		"onDays":       func(days []calendar.Date) string { return locale.Value(weekdayDates(locale, days)) },
		"runs":         w.runs,
		"weekdays":     func() []string { return weekdays },
		"states":       func() []rules.State { return rules.States },
		"iso":          func(at time.Time) string { return at.In(frontend.Zone).Format(time.RFC3339) },
		"clock":        func(at time.Time) string { return at.In(frontend.Zone).Format("15:04") },
		"id":           func(id uint64) string { return strconv.FormatUint(id, 10) },
	}
}

// words puts domain values into words of one language.
type words struct{ locale *frontend.Locale }

func (w words) reason(reason rules.Reason) string {
	if reason.Key == "" {
		return ""
	}
	return w.locale.Text(reason.Key, reason.Args)
}

func (w words) problem(field models.Field) string { return w.locale.Text(field.Key, field.Args) }

func (w words) failure(err *models.Error) string { return w.locale.Text(err.Key, err.Args) }

// period reads the name of a rules.Period: 2017, 2017-05, 2017-05+06,
// 2017-05-15 or 2018/2019.
func (w words) period(name string) string {
	if from, to, cycle := strings.Cut(name, "/"); cycle {
		return w.locale.Text("period.years", models.Args("From", from, "To", to))
	}
	if day, err := calendar.ParseDate(name); err == nil {
		return w.locale.Date(day)
	}
	months, second, double := strings.Cut(name, "+")
	month, err := time.Parse("2006-01", months)
	switch {
	case err != nil:
		return w.locale.Text("period.year", models.Args("Year", name))
	case double:
		next, _ := time.Parse("01", second)
		return w.locale.Text("period.months", models.Args("Year", month.Year(),
			"From", w.month(month), "To", w.month(next)))
	default:
		return w.locale.Text("period.month", models.Args("Year", month.Year(), "Month", w.month(month)))
	}
}

func (w words) month(month time.Time) string {
	return w.locale.Text("month."+strconv.Itoa(int(month.Month())), nil)
}

// days writes a stretch of days of one run.
func (w words) days(run calendar.Run) string {
	if run.Date == run.To {
		return w.locale.ShortDate(run.Date)
	}
	return w.locale.ShortDate(run.Date) + " – " + w.locale.ShortDate(run.To)
}

// runs writes stretches of days.
func (w words) runs(runs []calendar.Run) string {
	texts := make([]string, len(runs))
	for i, run := range runs {
		texts[i] = w.days(run)
	}
	return w.locale.Value(texts)
}

// dueAt writes when a duty is due: an instant for terms in hours, else a date.
func (w words) dueAt(duty models.Duty) string {
	if duty.DueAt != nil {
		return w.locale.Instant(*duty.DueAt)
	}
	return w.locale.Date(duty.DueOn)
}

// measure writes what a verdict reached, for the kinds that are measured in
// something; the others are done or not.
func (w words) measure(v rules.Verdict) string {
	switch v.Kind {
	case rules.KindCount, rules.KindWeight, rules.KindWithinWorkingDays, rules.KindWithinHours:
		if v.Value == "" {
			return ""
		}
		return w.locale.Text("measure."+string(v.Kind), models.Args("Value", v.Value))
	default:
		return ""
	}
}

// holidayKeys are the messages of the holidays by their name in the notices.
var holidayKeys = map[string]string{
	"元旦": "holiday.new_year", "春节": "holiday.spring", "清明节": "holiday.qingming", "劳动节": "holiday.labour",
	"端午节": "holiday.dragon_boat", "中秋节": "holiday.mid_autumn", "国庆节": "holiday.national",
}

// holiday writes the name of a notice's holiday, or of two that were joined;
// one that is not held every year keeps its Chinese name.
func (w words) holiday(name string) string {
	names := strings.Split(name, "、")
	for i, one := range names {
		if key, ok := holidayKeys[one]; ok {
			names[i] = w.locale.Text(key, nil)
		}
	}
	return w.locale.Chinese(w.locale.Value(names))
}

// weekdays are the message keys of the days of the week, Monday first.
var weekdays = []string{"weekday.1", "weekday.2", "weekday.3", "weekday.4", "weekday.5", "weekday.6", "weekday.7"}

// who writes which units an obligation binds.
func (w words) who(who rules.Who) string {
	if len(who.Units) > 0 {
		return w.locale.Chinese(w.locale.Value(unitNames(who.Units)))
	}
	var kinds []string
	for _, kind := range who.Kinds {
		kinds = append(kinds, w.locale.Text("unit_kind."+string(kind), nil))
	}
	text := w.locale.Value(kinds)
	if len(who.Levels) > 0 {
		var levels []string
		for _, level := range who.Levels {
			levels = append(levels, w.locale.Text("level."+string(level), nil))
		}
		text = w.locale.Text("who.at_levels", models.Args("Kinds", text, "Levels", levels))
	}
	if len(who.Except) > 0 {
		text = w.locale.Text("who.except", models.Args("Who", text, "Except", unitNames(who.Except)))
	}
	return text
}

// unitNames leaves out the codes of a list that gives units by code and by name.
func unitNames(units []string) []string {
	names := slices.DeleteFunc(slices.Clone(units), func(unit string) bool { return unit[0] >= '0' && unit[0] <= '9' })
	if len(names) == 0 {
		return units
	}
	return names
}

func (w words) evidence(kinds []rules.Evidence) string {
	var names []string
	for _, kind := range kinds {
		names = append(names, w.locale.Text("evidence."+string(kind), nil))
	}
	return w.locale.Value(names)
}

// text writes a count.
func text(n int) string { return fmt.Sprint(n) }
