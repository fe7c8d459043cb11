package main

import (
	"maps"
	"net/url"
)

// The visits of bulletins: what is published is read, what is changed is a draft.

func init() {
	question := url.Values{"version": {"1"}, "year": {"2017"}, "as_of": {"2017-06-08"}}
	words := url.Values{"version": {"1"}, "title": {"通报"}, "heading": {""}, "text": {"共{应办总数}项。"}}
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/bulletins":                   {path: at("/units/*/bulletins", code)},
		"GET /units/:code/bulletins/new":               {path: at("/units/*/bulletins/new?year=2017&as_of=2017-06-09", code)},
		"POST /units/:code/bulletins":                  {path: at("/units/*/bulletins", code), works: question, harmless: url.Values{"year": {"17"}}},
		"GET /bulletins/:id":                           {path: at("/bulletins/*", issued)},
		"POST /bulletins/:id/words":                    {path: at("/bulletins/*/words", draftBulletin), works: words, harmless: staleVersion},
		"POST /bulletins/:id/compose":                  {path: at("/bulletins/*/compose", draftBulletin), works: question, harmless: url.Values{"year": {"17"}}},
		"GET /bulletins/:id/check":                     {path: at("/bulletins/*/check", draftBulletin)},
		"POST /bulletins/:id/publish":                  {path: at("/bulletins/*/publish", draftBulletin), works: url.Values{"version": {"1"}}, harmless: staleVersion},
		"POST /bulletins/:id/discard":                  {path: at("/bulletins/*/discard", draftBulletin), works: url.Values{"version": {"1"}}, harmless: staleVersion},
		"POST /bulletins/:id/editions":                 {path: at("/bulletins/*/editions", issued), works: url.Values{"change": {"补充说明"}}, harmless: url.Values{}},
		"GET /public/bulletins/:series":                {path: at("/public/bulletins/*", issuedSeries), nowhere: true},
		"GET /public/bulletins/:series/:edition":       {path: at("/public/bulletins/*/1", issuedSeries), nowhere: true},
		"GET /public/bulletins/:series/:edition/:file": {path: at("/public/bulletins/*/1/board.csv", issuedSeries), nowhere: true},
	})
	maps.Copy(apiVisits, map[string]visit{
		"GET /api/v1/bulletins":      {path: at("/api/v1/bulletins?unit=*", code)},
		"GET /api/v1/bulletins/{id}": {path: at("/api/v1/bulletins/*", issued)},
		"PUT /api/v1/bulletins/{id}/words": {path: at("/api/v1/bulletins/*/words", draftBulletin), header: draftVersion,
			works:    map[string]any{"title": "通报", "words": map[string]any{"paragraphs": []any{map[string]any{"heading": "", "text": "共{应办总数}项。"}}}},
			harmless: map[string]any{"title": "通报", "words": map[string]any{"paragraphs": []any{}}}},
		"POST /api/v1/bulletins/{id}/publish": {path: at("/api/v1/bulletins/*/publish", draftBulletin), works: "", harmless: "", header: draftVersion},
	})
}

// draftVersion names the version that a row has at first, or one that it never had.
func draftVersion(works bool) []string {
	if works {
		return []string{"If-Match", `"1"`}
	}
	return []string{"If-Match", `"99"`}
}
