package main

import "maps"

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /search": {path: at("/search", none), nowhere: true},
	})
}
