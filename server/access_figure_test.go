package main

import "maps"

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/charts":                   {path: at("/units/*/charts", code)},
		"GET /units/:code/charts/:figure":           {path: at("/units/*/charts/states", code)},
		"GET /units/:code/charts/:figure/table.csv": {path: at("/units/*/charts/states/table.csv", code)},
	})
	maps.Copy(apiVisits, map[string]visit{
		"GET /api/v1/figures/{unit}/{figure}": {path: at("/api/v1/figures/*/states?year=2017", code)},
	})
}
