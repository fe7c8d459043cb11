package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"strings"

	"sundial/frontend"
)

// Templates are the page templates, parsed once for each language: the words of
// a page are then a plain function of its templates.
type Templates struct {
	pages map[string]map[string]*template.Template // by language and page
}

// sharedTemplates are the files whose blocks every page may use.
const sharedTemplates = "part_*.html"

// NewTemplates parses the embedded templates.
func NewTemplates(catalog *frontend.Catalog, assets *frontend.Assets) (*Templates, error) {
	t := &Templates{pages: map[string]map[string]*template.Template{}}
	for _, lang := range frontend.Languages {
		pages, err := parsePages(templateFuncs(catalog.Locale(lang), assets))
		if err != nil {
			return nil, err
		}
		t.pages[lang] = pages
	}
	return t, nil
}

func parsePages(funcs template.FuncMap) (map[string]*template.Template, error) {
	files := frontend.Templates()
	base, err := template.New("base").Funcs(funcs).ParseFS(files, "layout.html", sharedTemplates)
	if err != nil {
		return nil, fmt.Errorf("parse shared templates: %w", err)
	}
	names, err := fs.Glob(files, "page_*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		page, err := base.Clone()
		if err != nil {
			return nil, fmt.Errorf("clone shared templates: %w", err)
		}
		if page, err = page.ParseFS(files, name); err != nil {
			return nil, fmt.Errorf("parse template %s: %w", name, err)
		}
		pages[strings.TrimSuffix(strings.TrimPrefix(name, "page_"), ".html")] = page
	}
	return pages, nil
}

// Render writes the whole page of the name, such as board, in the page's
// language. Nothing is written when it fails.
func (t *Templates) Render(w io.Writer, name string, page pageData) error {
	return t.execute(w, page.locale(), name, "layout.html", page)
}

// RenderBlock writes one block of a page's templates, for htmx requests.
func (t *Templates) RenderBlock(w io.Writer, locale *frontend.Locale, name, block string, data any) error {
	return t.execute(w, locale, name, block, data)
}

func (t *Templates) execute(w io.Writer, locale *frontend.Locale, name, block string, data any) error {
	page, ok := t.pages[locale.Lang()][name]
	if !ok {
		return fmt.Errorf("no template for page %s", name)
	}
	var buffer bytes.Buffer
	if err := page.ExecuteTemplate(&buffer, block, data); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	_, err := buffer.WriteTo(w)
	return err
}
