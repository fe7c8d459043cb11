package main

import "maps"

// The visits of results. The rounds of the places are not announced: who does not score
// for the office is told so, with 409.

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /rounds/:id/results":     {path: at("/rounds/*/results", round)},
		"GET /rounds/:id/results.csv": {path: at("/rounds/*/results.csv", round)},
		"GET /sheets/:id/arithmetic":  {path: at("/sheets/*/arithmetic", sheet)},
	})
	maps.Copy(apiVisits, map[string]visit{
		"GET /api/v1/rankings": {path: at("/api/v1/rankings?scheme=place-*", code)},
	})
}
