package main

import (
	"maps"
	"net/url"
)

// The visits of performance schemes and weights.

func init() {
	// The file of a scheme comes with the draft that it fills.
	const scheme = fileForm("项目,分值\n政务公开,100\n\r\n--frontier\r\nContent-Disposition: form-data; name=\"draft_version\"\r\n\r\n0")
	weighted := func(p place) string { return number(p.weighted) }
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/weight":     {path: at("/units/*/weight", code)},
		"GET /units/:code/weight.csv": {path: at("/units/*/weight.csv", code)},
		"GET /duties/:id/scheme":      {path: at("/duties/*/scheme", weighted)},
		"POST /duties/:id/scheme":     {path: at("/duties/*/scheme", weighted), works: scheme, harmless: url.Values{}},
	})
}
