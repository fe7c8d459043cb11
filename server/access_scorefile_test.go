package main

import (
	"bytes"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"sundial/models"
)

// tableForm is a form with a table of scores: of the side, one line under the heads.
type tableForm struct {
	side models.ScoreSide
	line string
}

// text is the table.
func (f tableForm) text() string { return "单位代码,指标编号,得分\n" + f.line + "\n" }

// sendTable sends the form.
func (b *browser) sendTable(path string, form tableForm) answer {
	b.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	file := func() error {
		if err := parts.WriteField("side", string(form.side)); err != nil {
			return err
		}
		part, err := parts.CreateFormFile("file", "scores.csv")
		if err != nil {
			return err
		}
		if _, err := part.Write([]byte(form.text())); err != nil {
			return err
		}
		return parts.Close()
	}
	if err := file(); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	return b.request(r)
}

// waitingScores is a file of self scores that the user everything has sent for the
// place's round; what confirming names of it.
var waitingScores = map[string]url.Values{}

func (w *world) keepScores(p place) {
	w.t.Helper()
	user, err := w.app.directory.UserByLogin(w.t.Context(), "everything")
	if err != nil {
		w.t.Fatal(err)
	}
	actor, err := w.app.actor(w.t.Context(), user.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.app.scores.KeepScores(w.t.Context(), actor, p.round, models.SelfSide, "scores.csv", strings.NewReader(ownScore(p).text())); err != nil {
		w.t.Fatal(err)
	}
	kept, err := w.app.scores.KeptScores(w.t.Context(), actor, p.round)
	if err != nil {
		w.t.Fatal(err)
	}
	waitingScores[p.code] = url.Values{"file": {number(kept.File)}, "digest": {kept.Digest}}
}

func ownScore(p place) tableForm { return tableForm{models.SelfSide, p.code + ",work,80"} }

// The visits of files of scores. No file waits for who sees the page, so that what is to
// be done with one is refused with 409, but for a user who has sent one first.
func init() {
	confirm := func(p place) any {
		if form := waitingScores[p.code]; form != nil {
			return form
		}
		return url.Values{"file": {"1"}}
	}
	maps.Copy(pageVisits, map[string]visit{
		"GET /rounds/:id/import":          {path: at("/rounds/*/import", round)},
		"POST /rounds/:id/import":         {path: at("/rounds/*/import", round), works: func(p place) any { return ownScore(p) }, harmless: url.Values{}},
		"POST /rounds/:id/import/confirm": {path: at("/rounds/*/import/confirm", round), works: confirm, harmless: url.Values{}, first: (*world).keepScores},
		"POST /rounds/:id/import/drop":    {path: at("/rounds/*/import/drop", round), works: confirm, harmless: url.Values{}, first: (*world).keepScores},
		"GET /rounds/:id/import/faults":   {path: at("/rounds/*/import/faults", round)},
		"GET /rounds/:id/import/template": {path: at("/rounds/*/import/template", round)},
		"GET /rounds/:id/scores.xlsx":     {path: at("/rounds/*/scores.xlsx", round)},
		"GET /rounds/:id/scores.csv":      {path: at("/rounds/*/scores.csv", round)},
	})
}
