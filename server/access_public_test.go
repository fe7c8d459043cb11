package main

import "maps"

// The visits of what is open to everybody.

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /public":              {path: at("/public", none), nowhere: true},
		"GET /public/data":         {path: at("/public/data", none), nowhere: true},
		"GET /public/catalog.json": {path: at("/public/catalog.json", none), nowhere: true},
		"GET /robots.txt":          {path: at("/robots.txt", none), nowhere: true},
	})
}
