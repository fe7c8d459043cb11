package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/exchange"
)

// publicAtMost is how many bulletins the public list has on a page, catalogAtMost how many
// editions the catalog: the seal of each is checked.
const (
	publicAtMost  = 20
	catalogAtMost = 100
)

// showPublic lists what is published to everybody, whether or not they are signed in.
func (s *Server) showPublic(r *request) error {
	filter := PublicFilter{Unit: r.Query("unit"), Policy: r.Query("policy"), Text: strings.TrimSpace(r.Query("q"))}
	filter.Year, _ = strconv.Atoi(r.Query("year")) // what is no year does not narrow
	shelf, err := s.Bulletins.Shelf(r.Request.Context(), bulletin.ShelfQuery{Unit: filter.Unit, Policy: filter.Policy, Year: filter.Year,
		Text: filter.Text, Cursor: r.Query("after"), Limit: publicAtMost})
	if err != nil {
		return err
	}
	var steps []Crumb
	if shelf.Unit != nil {
		steps = []Crumb{{Text: unitName(r.Locale, *shelf.Unit)}}
	}
	page := newPublicPage(s.publicBase(r, steps...), shelf, filter)
	if r.Query("after") != "" {
		page.Pager.FirstURL = filter.url("")
	}
	r.letCachesKeep()
	return s.show(r, "public", page)
}

// showRobots lets search engines read what is public and nothing else.
func (s *Server) showRobots(r *request) error {
	r.Header("Cache-Control", "public, max-age=60")
	r.String(http.StatusOK, "User-agent: *\nAllow: /public\nAllow: /assets/\nDisallow: /\n")
	return nil
}

// sendPublicData sends a file of public data. Pages of other sites may read it too; who has
// it with the tag already is told that it is still the same.
func sendPublicData(r *request, mediaType, name, tag string, body []byte) {
	header := r.Writer.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("ETag", strconv.Quote(tag))
	http.ServeContent(r.Writer, r.Request, "", time.Time{}, bytes.NewReader(body))
}

// sendCatalog lists all published editions with their files, for programs.
func (s *Server) sendCatalog(r *request) error {
	entries, next, err := s.Bulletins.Catalog(r.Request.Context(), r.Query("after"), catalogAtMost)
	if err != nil {
		return err
	}
	body, err := json.Marshal(newCatalogFile(r.Locale, entries, next))
	if err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	sum := sha256.Sum256(body)
	r.letCachesKeep()
	sendPublicData(r, jsonType, "catalog.json", hex.EncodeToString(sum[:]), body)
	return nil
}

// downloadPublicFile gives a file of a published bulletin. What is not what was published
// any more is not given out. The files of an edition never change, so the seal is their
// tag; tables have their headings in the language of who asks.
func (s *Server) downloadPublicFile(r *request) error {
	found, err := s.publicBulletin(r)
	if err != nil {
		return err
	}
	if !found.Seal.Holds() {
		return models.NewError(models.Conflict, "bulletins.broken")
	}
	name, tag := fmt.Sprintf("%s-%d-%s", found.Series, found.Edition, r.Param("file")), found.Seal.Published
	switch r.Param("file") {
	case "data.json":
		body, err := json.Marshal(newEditionFile(found))
		if err != nil {
			return fmt.Errorf("data of bulletin: %w", err)
		}
		r.Header("Cache-Control", "public, max-age=60")
		sendPublicData(r, jsonType, name, tag+"-data", body)
		return nil
	case "sealed.json":
		r.Header("Cache-Control", "public, max-age=60")
		sendPublicData(r, jsonType, name, tag, []byte(found.Sealed))
		return nil
	}
	table := bulletinTableOf(r.Locale, found.Data, r.Param("file"))
	if table == nil {
		return models.NewError(models.NotFound, "error.not_found")
	}
	body, err := table.csv(found.Title, r.fileLanguage())
	if err != nil {
		return fmt.Errorf("table of bulletin: %w", err)
	}
	r.letCachesKeep()
	sendPublicData(r, csvType, name, tag+"-"+r.Locale.Lang(), body)
	return nil
}

// csv writes the table as CSV.
func (t *bulletinTable) csv(title string, language exchange.Language) ([]byte, error) {
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, exchange.Table{Name: exchange.Text{ZH: title, EN: title}, Columns: t.columns}, language)
	if err != nil {
		return nil, err
	}
	defer w.Abort()
	for _, row := range t.rows {
		if err := w.Write(row...); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return body.Bytes(), err
}
