package main

import "maps"

// The visits of rounds.

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /assessment":             {path: at("/assessment", none), nowhere: true},
		"GET /units/:code/assessment": {path: at("/units/*/assessment", code)},
	})
}
