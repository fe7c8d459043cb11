package frontend

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Zone is the zone in which instants are shown.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Locale renders messages, dates and lists in one language.
type Locale struct {
	lang      string
	plain     map[string]string
	localizer *i18n.Localizer
	miss      func(key string)
	// Of the language in traditional characters only: how data becomes traditional,
	// and the language that people write.
	data    *converter
	written *Locale
}

// Lang returns the language's tag, one of Languages.
func (l *Locale) Lang() string { return l.lang }

// Chinese returns Chinese data, such as the name of a unit or a clause, in the
// characters of the language: traditional for zh-TW, as it is for any other. It is
// for what pages show of the product's own; what somebody typed, and what is sent
// back in a form, stays as it is.
func (l *Locale) Chinese(text string) string {
	if l.data == nil {
		return text
	}
	return l.data.convert(text)
}

// Has tells whether there is a message with the key.
func (l *Locale) Has(key string) bool {
	if _, ok := l.plain[key]; ok {
		return true
	}
	_, err := l.localizer.Localize(&i18n.LocalizeConfig{MessageID: key})
	var notFound *i18n.MessageNotFoundErr
	return !errors.As(err, &notFound)
}

// official names the arguments that are data of the product even where they come as
// plain strings; the others may be what somebody typed.
var official = map[string]bool{"Clause": true, "Earned": true, "Except": true, "Grade": true, "Holiday": true, "Indicator": true, "Limit": true, "Notice": true,
	"Obligation": true, "Office": true, "Parent": true, "Party": true, "Policy": true, "Region": true, "Successor": true, "Task": true, "Unit": true, "Units": true}

// Text returns the message of the key with its arguments rendered in the
// language. An argument named Count also chooses the plural form. A missing key
// is returned as it is, so that it is seen, and remembered by Catalog.Missing.
func (l *Locale) Text(key string, args map[string]any) string {
	if text, ok := l.plain[key]; ok {
		return text
	}
	config := &i18n.LocalizeConfig{MessageID: key}
	if count, ok := args["Count"].(int); ok {
		config.PluralCount = count
	}
	data := make(map[string]any, len(args))
	for name, value := range args {
		text := l.Value(value)
		if official[name] {
			text = l.Chinese(text)
		}
		data[name] = text
	}
	config.TemplateData = data
	text, _ := l.localizer.Localize(config)
	if text == "" {
		l.miss(key)
		return key
	}
	return text
}

// bilingual is a text that knows its languages, such as rules.Text.
type bilingual interface{ In(lang string) string }

// In returns a text that is kept in both languages in this one.
func (l *Locale) In(text bilingual) string { return l.Chinese(text.In(l.lang)) }

// ChineseTag is the tag of what Chinese returns, to mark it with.
func (l *Locale) ChineseTag() string {
	if l.data == nil {
		return simplified
	}
	return l.lang
}

// Written returns the language in which texts are kept: letters and titles that a form
// proposes, and files that are read again. It is the language itself but for
// traditional characters, which nothing is kept in.
func (l *Locale) Written() *Locale {
	if l.written == nil {
		return l
	}
	return l.written
}

// dated is a calendar date; the frontend does not know the type itself.
type dated interface {
	IsZero() bool
	Time() time.Time
}

// Value renders an argument in the language: texts in both languages, dates,
// instants, days of the week, lists, and anything else as fmt prints it.
func (l *Locale) Value(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bilingual:
		return l.In(v)
	case dated:
		return l.Date(v)
	case time.Time:
		return l.Instant(v)
	case time.Month:
		return l.pick(strconv.Itoa(int(v)), v.String()[:3])
	case time.Weekday:
		return l.Text("calendar.weekday."+strconv.Itoa(int(v)), nil)
	}
	if list := reflect.ValueOf(value); list.Kind() == reflect.Slice {
		return l.list(list)
	}
	return fmt.Sprint(value)
}

// Date returns a date as it is written in the language: 2017年6月16日,
// 16 Jun 2017; nothing for no date.
func (l *Locale) Date(day dated) string {
	if day.IsZero() {
		return ""
	}
	return day.Time().Format(l.pick("2006年1月2日", "2 Jan 2006"))
}

// ShortDate is Date without the year.
func (l *Locale) ShortDate(day dated) string {
	if day.IsZero() {
		return ""
	}
	return day.Time().Format(l.pick("1月2日", "2 Jan"))
}

// Instant returns date and time to the minute in Zone; nothing for none.
func (l *Locale) Instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(Zone).Format(l.pick("2006年1月2日 15:04", "2 Jan 2006 15:04"))
}

func (l *Locale) list(list reflect.Value) string {
	parts := make([]string, list.Len())
	for i := range parts {
		parts[i] = l.Value(list.Index(i).Interface())
	}
	return strings.Join(parts, l.pick("、", ", "))
}

func (l *Locale) pick(inChinese, inEnglish string) string {
	if l.lang == english {
		return inEnglish
	}
	return inChinese
}
