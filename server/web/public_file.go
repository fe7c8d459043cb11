package web

import (
	"path"

	"sundial/frontend"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/document"
)

// The media types of public data.
const (
	jsonType = "application/json; charset=utf-8"
	csvType  = "text/csv; charset=utf-8"
)

// The names of the forms in which data is given; another form would have another name.
const (
	editionFormat = "sundial-bulletin-1"
	catalogFormat = "sundial-catalog-1"
)

// EditionFile is data.json: a published edition whole, as it was frozen.
type EditionFile struct {
	Format      string               `json:"format"`
	Series      string               `json:"series"`
	Edition     int                  `json:"edition"`
	Title       string               `json:"title"`
	Number      string               `json:"number"`
	Policy      string               `json:"policy"`
	Change      string               `json:"change"`
	PublishedOn calendar.Date        `json:"published_on"`
	SHA256      string               `json:"sha256"`
	URL         string               `json:"url"`
	Paragraphs  []bulletin.Paragraph `json:"paragraphs"`
	Settings    bulletin.Settings    `json:"settings"`
	Data        *bulletin.Data       `json:"data"`
}

func newEditionFile(p *bulletin.Public) EditionFile {
	return EditionFile{Format: editionFormat, Series: p.Series, Edition: p.Edition, Title: p.Title, Number: p.Number, Policy: p.Policy, Change: p.Change,
		PublishedOn: p.PublishedOn, SHA256: p.Seal.Published, URL: publicURL(p.Series, p.Edition), Paragraphs: p.Paragraphs, Settings: p.Settings, Data: p.Data}
}

// CatalogFile is catalog.json: the published editions, the latest published first. Next is
// the address of the ones behind them, empty at the end.
type CatalogFile struct {
	Format   string           `json:"format"`
	Terms    string           `json:"terms"`
	Next     string           `json:"next"`
	Editions []CatalogEdition `json:"editions"`
}

// CatalogEdition is an edition in the catalog. A broken one was changed after it had been
// published: it has no files, and what it says is not told.
type CatalogEdition struct {
	Series      string            `json:"series"`
	Edition     int               `json:"edition"`
	Newest      int               `json:"newest"`
	Broken      bool              `json:"broken"`
	Title       string            `json:"title"`
	Number      string            `json:"number"`
	Unit        bulletin.Unit     `json:"unit"`
	Year        int               `json:"year"`
	AsOf        calendar.Date     `json:"as_of"`
	Policy      string            `json:"policy"`
	PublishedOn calendar.Date     `json:"published_on"`
	Change      string            `json:"change"`
	Demo        bool              `json:"demo"`
	SHA256      string            `json:"sha256"`
	URL         string            `json:"url"`
	Files       []CatalogFileLine `json:"files"`
}

// CatalogFileLine is a file of an edition.
type CatalogFileLine struct {
	Name      string `json:"name"`
	URL       string `json:"url"`
	MediaType string `json:"media_type"`
}

func newCatalogFile(locale *frontend.Locale, entries []bulletin.CatalogEntry, next string) CatalogFile {
	file := CatalogFile{Format: catalogFormat, Terms: locale.Text("public.terms", nil), Editions: []CatalogEdition{}}
	if next != "" {
		file.Next = "/public/catalog.json?after=" + next
	}
	for _, e := range entries {
		edition := CatalogEdition{Series: e.Series, Edition: e.Edition, Newest: e.Newest, Broken: !e.Seal.Holds(), Title: e.Title, Number: e.Number, Unit: e.Office, Year: e.Year,
			AsOf: e.AsOf, Policy: e.Policy, PublishedOn: e.PublishedOn, Change: e.Change, Demo: e.Demo, SHA256: e.Seal.Published, URL: publicURL(e.Series, e.Edition), Files: []CatalogFileLine{}}
		if !edition.Broken {
			for _, f := range issueFiles(e.Issue) {
				edition.Files = append(edition.Files, CatalogFileLine{path.Base(f.URL), f.URL, mediaTypes[path.Ext(f.URL)]})
			}
		}
		file.Editions = append(file.Editions, edition)
	}
	return file
}

// mediaTypes are those of the files, by how their names end.
var mediaTypes = map[string]string{".docx": document.MediaType, ".csv": csvType, ".json": jsonType}
