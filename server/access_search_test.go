package main

import (
	"maps"
	"net/url"
)

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /search":            {path: at("/search", none), nowhere: true},
		"GET /views":             {path: at("/views", none), nowhere: true},
		"POST /views":            {path: at("/views", none), nowhere: true, harmless: url.Values{}},
		"POST /views/:id/remove": {path: at("/views/1/remove", none), nowhere: true},
	})
}
