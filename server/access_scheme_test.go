package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
)

// The visits of scoring schemes.

func frozenScheme(p place) string { return number(p.scheme) }
func draftScheme(p place) string  { return number(p.draft) }

// schemeText is a scheme of the place.
func schemeText(p place) url.Values {
	return url.Values{"version": {"1"}, "source": {fmt.Sprintf(strings.Replace(roundScheme, "place-", "draft-", 1), p.code)}}
}

var schemePageVisits = map[string]visit{
	"GET /units/:code/schemes": {path: at("/units/*/schemes", code)},
	"POST /units/:code/schemes": {path: at("/units/*/schemes", code), harmless: url.Values{}, works: func(p place) any {
		return url.Values{"source": {fmt.Sprintf(strings.Replace(roundScheme, "place-", "another-", 1), p.code)}}
	}},
	"GET /units/:code/schemes/upload": {path: at("/units/*/schemes/upload", code)},
	"GET /units/:code/schemes/new":    {path: at("/units/*/schemes/new", code)},
	"POST /units/:code/schemes/new":   {path: at("/units/*/schemes/new", code), harmless: url.Values{}, works: url.Values{"do": {"add-class"}}},
	"GET /schemes/:id":                {path: at("/schemes/*", frozenScheme), above: permitted},
	"GET /schemes/:id/source":         {path: at("/schemes/*/source", frozenScheme), above: permitted},
	"GET /schemes/:id/download":       {path: at("/schemes/*/download", frozenScheme), above: permitted},
	"POST /schemes/:id/copy": {path: at("/schemes/*/copy", frozenScheme), above: managed, harmless: url.Values{},
		works: func(p place) any { return url.Values{"id": {"next-" + p.code}, "year": {"2018"}} }},
	"GET /schemes/:id/edit":     {path: at("/schemes/*/edit", draftScheme)},
	"POST /schemes/:id/edit":    {path: at("/schemes/*/edit", draftScheme), harmless: url.Values{}, works: url.Values{"do": {"after"}}},
	"POST /schemes/:id/source":  {path: at("/schemes/*/source", draftScheme), harmless: url.Values{}, works: func(p place) any { return schemeText(p) }},
	"POST /schemes/:id/discard": {path: at("/schemes/*/discard", draftScheme), harmless: url.Values{}, works: url.Values{"version": {"1"}}},
	"GET /schemes/:id/freeze":   {path: at("/schemes/*/freeze", draftScheme)},
	"POST /schemes/:id/freeze":  {path: at("/schemes/*/freeze", draftScheme), harmless: url.Values{}, works: url.Values{"version": {"1"}}},
}

func init() { maps.Copy(pageVisits, schemePageVisits) }

// addDrafts gives the four places a draft each, beside the frozen scheme of their round.
func addDrafts(ctx context.Context, a *app) error {
	office := compliance.Actor{Access: a.table.Access(rbac.Grant{Role: models.Supervisor, Path: "/"})}
	for _, code := range []string{"370100", "370200", "370000", "210100"} {
		if _, err := a.scores.AddScheme(ctx, office, []byte(schemeText(place{code: code}).Get("source"))); err != nil {
			return err
		}
	}
	return nil
}

// placeScheme names the place's schemes.
func (w *world) placeScheme(p *place, unit models.Unit) {
	w.t.Helper()
	var rows []models.ScoringScheme
	if err := w.store.Read(w.t.Context()).Where("unit_id = ? AND code LIKE ?", unit.ID, "%-"+unit.Code).Order("code DESC").Find(&rows).Error; err != nil || len(rows) != 2 {
		w.t.Fatalf("%d schemes of %s, %v", len(rows), unit.Code, err)
	}
	p.scheme, p.draft = rows[0].ID, rows[1].ID
	if rows[0].Status != models.SchemeFrozen || rows[1].Status != models.SchemeDraft {
		w.t.Fatalf("schemes of %s: %s, %s", unit.Code, rows[0].Status, rows[1].Status)
	}
}
