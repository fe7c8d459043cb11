package main

import "maps"

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/standing": {path: at("/units/*/standing", code)},
	})
}
