package main

import (
	"maps"
	"net/url"
)

// The visits of urges.

func init() {
	item := func(p place) any {
		return url.Values{"composed": {"1"}, "item": {"duty:" + number(p.open)}, "send": {p.code}, "again-" + p.code: {"确需催办"}}
	}
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/urges":      {path: at("/units/*/urges", code)},
		"POST /units/:code/urges":     {path: at("/units/*/urges", code), works: item, harmless: url.Values{}},
		"GET /units/:code/urges.csv":  {path: at("/units/*/urges.csv", code)},
		"GET /units/:code/urges/new":  {path: at("/units/*/urges/new", code)},
		"POST /units/:code/urges/new": {path: at("/units/*/urges/new", code), works: item, harmless: url.Values{}},
		"GET /units/:code/urges/rule": {path: at("/units/*/urges/rule", code)},
		"POST /units/:code/urges/rule": {path: at("/units/*/urges/rule", code), harmless: url.Values{},
			works: url.Values{"version": {"0"}, "yellow_before": {"5"}, "red_after": {"0"}, "reply_term": {"3"}, "cool_down": {"3"}}},
		"GET /urges/:id":           {path: at("/urges/*", urge)},
		"POST /urges/:id/receipt":  {path: at("/urges/*/receipt", urge), works: url.Values{"version": {"1"}}, harmless: staleVersion},
		"POST /urges/:id/reply":    {path: at("/urges/*/reply", urge), works: url.Values{"version": {"1"}, "text": {"已办理"}}, harmless: url.Values{}},
		"POST /urges/:id/withdraw": {path: at("/urges/*/withdraw", urge), works: url.Values{"version": {"1"}, "reason": {"误发"}}, harmless: staleVersion},
	})
}
