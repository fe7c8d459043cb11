package main

import (
	"maps"
	"net/url"
)

func init() {
	maps.Copy(pageVisits, map[string]visit{
		"GET /inbox":           {path: at("/inbox", none), nowhere: true},
		"POST /inbox/read":     {path: at("/inbox/read", none), nowhere: true, harmless: url.Values{}},
		"POST /inbox/:id/open": {path: at("/inbox/1/open", none), nowhere: true},
	})
}
