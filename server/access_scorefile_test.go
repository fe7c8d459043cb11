package main

import (
	"maps"
	"net/url"
)

// The visits of files of scores. No file waits for anybody: what is to be done with it is
// refused with 409.
func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /rounds/:id/import":          {path: at("/rounds/*/import", round)},
		"POST /rounds/:id/import":         {path: at("/rounds/*/import", round), works: fileForm("单位代码,指标编号,得分\n370100,work,80\n"), harmless: url.Values{}},
		"POST /rounds/:id/import/confirm": {path: at("/rounds/*/import/confirm", round), works: url.Values{"file": {"1"}}, harmless: url.Values{}},
		"POST /rounds/:id/import/drop":    {path: at("/rounds/*/import/drop", round), works: url.Values{"file": {"1"}}, harmless: url.Values{}},
		"GET /rounds/:id/import/faults":   {path: at("/rounds/*/import/faults", round)},
		"GET /rounds/:id/import/template": {path: at("/rounds/*/import/template", round)},
		"GET /rounds/:id/scores.xlsx":     {path: at("/rounds/*/scores.xlsx", round)},
		"GET /rounds/:id/scores.csv":      {path: at("/rounds/*/scores.csv", round)},
	})
}
