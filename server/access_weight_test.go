package main

import (
	"maps"
	"net/url"
)

// The visits of performance schemes and weights.

func init() {
	weighted := func(p place) string { return number(p.weighted) }
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/weight":     {path: at("/units/*/weight", code)},
		"GET /units/:code/weight.csv": {path: at("/units/*/weight.csv", code)},
		"GET /duties/:id/scheme":      {path: at("/duties/*/scheme", weighted)},
		"POST /duties/:id/scheme":     {path: at("/duties/*/scheme", weighted), works: fileForm("项目,分值\n政务公开,100\n"), harmless: url.Values{}},
	})
}
