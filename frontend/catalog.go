package frontend

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// The languages of the product. Chinese in traditional characters is derived from
// the simplified: nobody writes its messages.
const (
	simplified  = "zh-CN"
	traditional = "zh-TW"
	english     = "en"
)

// Languages lists the languages of the product; the first is the default.
var Languages = []string{simplified, traditional, english}

// LanguageName is what a language calls itself, short.
func LanguageName(lang string) string {
	return map[string]string{"zh-CN": "简体", "zh-TW": "繁體", "en": "English"}[lang]
}

// Catalog is every message in every language, read from
// locales/<area>.<language>.yaml. It is safe for concurrent use.
type Catalog struct {
	locales map[string]*Locale
	missing sync.Map // keys asked for and not found
}

// NewCatalog returns the embedded messages, read once in the process. The error
// names the file that cannot be read, or the key that two files of one language
// share.
func NewCatalog() (*Catalog, error) {
	return embedded()
}

var embedded = sync.OnceValues(func() (*Catalog, error) { return newCatalog(files) })

func newCatalog(source fs.FS) (*Catalog, error) {
	c := &Catalog{locales: map[string]*Locale{}}
	for _, lang := range []string{simplified, english} {
		messages, err := loadMessages(source, lang)
		if err != nil {
			return nil, err
		}
		if c.locales[lang], err = c.newLocale(lang, messages); err != nil {
			return nil, err
		}
		if lang != simplified {
			continue
		}
		if c.locales[traditional], err = c.newTraditional(messages); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// loadMessages reads the files of a language.
func loadMessages(source fs.FS, lang string) ([]*i18n.Message, error) {
	names, err := fs.Glob(source, "locales/*."+lang+".yaml")
	if err != nil {
		return nil, fmt.Errorf("list locales of %s: %w", lang, err)
	}
	var messages []*i18n.Message
	owner := map[string]string{}
	for _, name := range names {
		body, err := fs.ReadFile(source, name)
		if err != nil {
			return nil, fmt.Errorf("locale %s: %w", name, err)
		}
		file, err := i18n.ParseMessageFileBytes(body, name, map[string]i18n.UnmarshalFunc{"yaml": yaml.Unmarshal})
		if err != nil {
			return nil, fmt.Errorf("locale %s: %w", name, err)
		}
		for _, message := range file.Messages {
			if other, taken := owner[message.ID]; taken {
				return nil, fmt.Errorf("locale %s: key %s is also in %s", name, message.ID, other)
			}
			owner[message.ID] = path.Base(name)
			messages = append(messages, message)
		}
	}
	return messages, nil
}

func (c *Catalog) newLocale(lang string, messages []*i18n.Message) (*Locale, error) {
	bundle := i18n.NewBundle(language.Make(lang))
	locale := &Locale{lang: lang, plain: map[string]string{}, miss: func(key string) { c.missing.Store(key, true) }}
	if err := bundle.AddMessages(language.Make(lang), messages...); err != nil {
		return nil, fmt.Errorf("messages of %s: %w", lang, err)
	}
	for _, message := range messages {
		locale.add(message)
	}
	locale.localizer = i18n.NewLocalizer(bundle, lang)
	return locale, nil
}

// newTraditional derives the locale from the messages in simplified characters;
// arguments are ASCII and stay as they are.
func (c *Catalog) newTraditional(messages []*i18n.Message) (*Locale, error) {
	all, err := newConverters()
	if err != nil {
		return nil, err
	}
	converted := make([]*i18n.Message, len(messages))
	for i, message := range messages {
		converted[i] = &i18n.Message{ID: message.ID, One: all.messages.convert(message.One), Other: all.messages.convert(message.Other)}
	}
	locale, err := c.newLocale(traditional, converted)
	if err != nil {
		return nil, err
	}
	locale.data, locale.written = all.data, c.locales[simplified]
	return locale, nil
}

// Locale returns the messages of a language of Languages, for any other those
// of the default.
func (c *Catalog) Locale(lang string) *Locale {
	if locale, ok := c.locales[lang]; ok {
		return locale
	}
	return c.locales[Languages[0]]
}

// Match picks the language of a request: the cookie's when it names one of
// ours, else the first of the Accept-Language header that we have, whatever its
// region, else the default. Of Chinese the script decides: that of Taiwan, Hong Kong
// and Macao is traditional unless they say otherwise.
func (c *Catalog) Match(acceptLanguage, cookie string) string {
	if slices.Contains(Languages, cookie) {
		return cookie
	}
	accepted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Languages[0]
	}
	for _, tag := range accepted {
		base, _ := tag.Base()
		script, _ := tag.Script()
		switch {
		case base.String() == "zh" && script.String() == "Hant":
			return traditional
		case base.String() == "zh":
			return simplified
		case base.String() == "en":
			return english
		}
	}
	return Languages[0]
}

// Missing returns the keys that were asked for and have no message, sorted.
func (c *Catalog) Missing() []string {
	var keys []string
	c.missing.Range(func(key, _ any) bool {
		keys = append(keys, key.(string))
		return true
	})
	slices.Sort(keys)
	return keys
}

// add keeps a message without arguments as it is: most messages of a page are
// such, and a board asks for hundreds.
func (l *Locale) add(m *i18n.Message) {
	if m.One == "" && !strings.Contains(m.Other, "{{") {
		l.plain[m.ID] = m.Other
	}
}
