package main

import (
	"maps"
	"net/url"
)

// The visits of the planner.

var planning = url.Values{"run": {"gone"}, "share": {"30"}, "seats": {"40"}}

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/planner":     {path: at("/units/*/planner", code)},
		"POST /units/:code/planner":    {path: at("/units/*/planner", code), works: planning, harmless: url.Values{}},
		"GET /units/:code/planner.csv": {path: at("/units/*/planner.csv", code)},
	})
}
