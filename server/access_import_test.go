package main

import (
	"maps"
	"net/url"
)

func imported(p place) string { return number(p.imported) }

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/imports":          {path: at("/units/*/imports", code)},
		"POST /units/:code/imports":         {path: at("/units/*/imports?kind=staff", code), works: fileForm("姓名,开始日期\n"), harmless: url.Values{}},
		"GET /units/:code/imports/template": {path: at("/units/*/imports/template?kind=staff", code)},
		"GET /imports/:id":                  {path: at("/imports/*", imported)},
		"POST /imports/:id/confirm":         {path: at("/imports/*/confirm", imported), works: url.Values{"skip_bad": {"1"}}, harmless: url.Values{}},
		"POST /imports/:id/drop":            {path: at("/imports/*/drop", imported), works: confirmation, harmless: url.Values{}},
		"GET /imports/:id/faults":           {path: at("/imports/*/faults", imported)},
	})
}
