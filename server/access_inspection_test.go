package main

import (
	"maps"
	"net/url"
)

// The visits of inspections and findings.

func init() {
	found := func(p place) any {
		return url.Values{"unit": {p.code}, "severity": {"ordinary"}, "clause": {"六(六)"}, "text": {"目录未更新"}}
	}
	looked := func(p place) any {
		return url.Values{"units": {p.code}, "version-" + p.code: {"1"}, "checked_on": {"2017-06-10"}}
	}
	out := func(p place) any {
		return url.Values{"version": {"1"}, "units": {p.code}, "reason": {"x"}}
	}
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/inspections":     {path: at("/units/*/inspections", code)},
		"GET /units/:code/inspections/new": {path: at("/units/*/inspections/new", code)},
		"POST /units/:code/inspections":    {path: at("/units/*/inspections", code), harmless: url.Values{}},
		"GET /inspections/:id":             {path: at("/inspections/*", inspection)},
		"GET /inspections/:id/draw":        {path: at("/inspections/*/draw", inspection)},
		"POST /inspections/:id/change": {path: at("/inspections/*/change", inspection), harmless: staleVersion,
			works: url.Values{"version": {"1"}, "title": {"督查"}, "basis": {"六"}, "start_on": {"2017-06-10"}, "end_on": {"2017-06-20"}, "rectify_term": {"5"}}},
		"POST /inspections/:id/units":        {path: at("/inspections/*/units", inspection), harmless: staleVersion},
		"POST /inspections/:id/units/remove": {path: at("/inspections/*/units/remove", inspection), harmless: staleVersion, works: out, first: (*world).dropFindings},
		"POST /inspections/:id/checks":       {path: at("/inspections/*/checks", inspection), harmless: url.Values{}, works: looked},
		"POST /inspections/:id/close":        {path: at("/inspections/*/close", inspection), harmless: staleVersion, works: url.Values{"version": {"1"}}},
		"GET /inspections/:id/findings/new":  {path: at("/inspections/*/findings/new", inspection)},
		"POST /inspections/:id/findings":     {path: at("/inspections/*/findings", inspection), harmless: url.Values{}, works: found},
		"GET /units/:code/findings":          {path: at("/units/*/findings", code)},
		"GET /units/:code/findings.csv":      {path: at("/units/*/findings.csv", code)},
		"GET /findings/:id":                  {path: at("/findings/*", finding)},
		"POST /findings/:id/withdraw":        {path: at("/findings/*/withdraw", finding), harmless: staleVersion, works: url.Values{"version": {"1"}, "reason": {"核实有误"}}},
	})
}
