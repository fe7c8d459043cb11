package main

import "maps"

// The visits of bulletins as Word files.
func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /bulletins/:id/document.docx":                     {path: at("/bulletins/*/document.docx", issued)},
		"GET /public/bulletins/:series/:edition/document.docx": {path: at("/public/bulletins/*/1/document.docx", issuedSeries), nowhere: true},
	})
}
