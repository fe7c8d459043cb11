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

// Languages lists the languages of the product; the first is the default.
var Languages = []string{"zh-CN", "en"}

// LanguageName is what a language calls itself, short.
func LanguageName(lang string) string {
	return map[string]string{"zh-CN": "简体", "zh-TW": "繁體", "en": "English"}[lang]
}

// Catalog is every message in every language, read from
// locales/<area>.<language>.yaml. It is safe for concurrent use.
type Catalog struct {
	locales map[string]*Locale
	bases   map[string]string // our language by the part of a tag before the region
	missing sync.Map          // keys asked for and not found
}

// NewCatalog reads the embedded messages. The error names the file that cannot
// be read, or the key that two files of one language share.
func NewCatalog() (*Catalog, error) {
	return newCatalog(files)
}

func newCatalog(source fs.FS) (*Catalog, error) {
	c := &Catalog{locales: map[string]*Locale{}, bases: map[string]string{}}
	for _, lang := range Languages {
		locale, err := newLocale(source, lang)
		if err != nil {
			return nil, err
		}
		locale.miss = func(key string) { c.missing.Store(key, true) }
		c.locales[lang] = locale
		base, _ := language.Make(lang).Base()
		c.bases[base.String()] = lang
	}
	return c, nil
}

func newLocale(source fs.FS, lang string) (*Locale, error) {
	bundle := i18n.NewBundle(language.Make(lang))
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	names, err := fs.Glob(source, "locales/*."+lang+".yaml")
	if err != nil {
		return nil, fmt.Errorf("list locales of %s: %w", lang, err)
	}
	locale := &Locale{lang: lang, plain: map[string]string{}}
	owner := map[string]string{}
	for _, name := range names {
		file, err := bundle.LoadMessageFileFS(source, name)
		if err != nil {
			return nil, fmt.Errorf("locale %s: %w", name, err)
		}
		for _, message := range file.Messages {
			if other, taken := owner[message.ID]; taken {
				return nil, fmt.Errorf("locale %s: key %s is also in %s", name, message.ID, other)
			}
			owner[message.ID] = path.Base(name)
			locale.add(message)
		}
	}
	locale.localizer = i18n.NewLocalizer(bundle, lang)
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
// region, else the default.
func (c *Catalog) Match(acceptLanguage, cookie string) string {
	if slices.Contains(Languages, cookie) {
		return cookie
	}
	accepted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Languages[0]
	}
	for _, tag := range accepted {
		if base, _ := tag.Base(); c.bases[base.String()] != "" {
			return c.bases[base.String()]
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
