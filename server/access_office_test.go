package main

import (
	"maps"
	"net/http"
	"net/url"
)

// The visits of what an office decides and grants.

func init() {
	maps.Copy(pageVisits, officePageVisits)
	maps.Copy(apiVisits, officeAPIVisits)
}

func closing(p place) string { return number(p.closing) }
func waiting(p place) string { return number(p.waiting) }

// accept has the report of the place accepted, exempt frees it from what is open.
func accept(w *world, p place) {
	w.program("everything").call(http.MethodPost, "/api/v1/reports/"+report(p)+"/verify", nil, "If-Match", `"0"`).want(http.StatusOK)
}

func exempt(w *world, p place) {
	w.program("everything").call(http.MethodPost, "/api/v1/duties/"+open(p)+"/exemption", map[string]any{"reason": "机构撤并", "document": "文件"}).want(http.StatusNoContent)
}

// ifVersion names a version as If-Match, or one that never was.
func ifVersion(version string) func(works bool) []string {
	return func(works bool) []string {
		if works {
			return []string{"If-Match", version}
		}
		return []string{"If-Match", `"99"`}
	}
}

var officePageVisits = map[string]visit{
	"POST /queue/verify": {path: at("/queue/verify", none), nowhere: true, harmless: url.Values{},
		works: func(p place) any { return url.Values{"report": {report(p) + ".0"}} }},
	"POST /reports/:id/reopen": {path: at("/reports/*/reopen", report), first: accept, harmless: url.Values{},
		works: url.Values{"version": {"1"}, "reason": {"公布日期有误"}}},
	"POST /reports/:id/link-check": {path: at("/reports/*/link-check", report)}, // checks are off
	"POST /duties/:id/extension": {path: at("/duties/*/extension", waiting), harmless: url.Values{},
		works: url.Values{"version": {"1"}, "to": {"2018-06-30"}, "reason": {"机构撤并"}, "document": {"鲁政办〔2017〕1号"}}},
	"POST /duties/:id/exemption": {path: at("/duties/*/exemption", open), harmless: url.Values{},
		works: url.Values{"reason": {"机构撤并"}, "document": {"鲁政办〔2017〕1号"}}},
	"POST /duties/:id/exemption/revoke": {path: at("/duties/*/exemption/revoke", open), first: exempt, harmless: url.Values{},
		works: url.Values{"reason": {"误批"}}},
	"GET /units/:code/periods":  {path: at("/units/*/periods", code)},
	"POST /units/:code/periods": {path: at("/units/*/periods?year=2016", code), works: url.Values{"reason": {"定稿"}}, harmless: url.Values{}},
	"POST /periods/:id/lift":    {path: at("/periods/*/lift", closing), works: url.Values{"reason": {"更正"}}, harmless: url.Values{}},
	"POST /periods/:id/exceptions": {path: at("/periods/*/exceptions", closing), harmless: url.Values{},
		works: func(p place) any {
			return url.Values{"unit": {p.code}, "until": {"2017-06-30"}, "reason": {"补报"}}
		}},
}

var officeAPIVisits = map[string]visit{
	"GET /api/v1/queue": {path: at("/api/v1/queue?unit=*", code)},
	"POST /api/v1/reports/verify": {path: at("/api/v1/reports/verify", none), nowhere: true, harmless: map[string]any{"reports": []any{}},
		works: func(p place) any {
			return map[string]any{"reports": []any{map[string]any{"id": p.report, "version": 0}}}
		}},
	"POST /api/v1/reports/{id}/reopen": {path: at("/api/v1/reports/*/reopen", report), first: accept, header: ifVersion(`"1"`),
		works: map[string]any{"reason": "公布日期有误"}, harmless: map[string]any{"reason": "公布日期有误"}},
	"POST /api/v1/reports/{id}/link-check": {path: at("/api/v1/reports/*/link-check", report)}, // checks are off
	"POST /api/v1/duties/{id}/extension": {path: at("/api/v1/duties/*/extension", waiting), header: ifVersion(`"1"`),
		works:    map[string]any{"to": "2018-06-30", "reason": "机构撤并", "document": "文件"},
		harmless: map[string]any{"to": "2018-06-30", "reason": "机构撤并", "document": "文件"}},
	"POST /api/v1/duties/{id}/exemption/revoke": {path: at("/api/v1/duties/*/exemption/revoke", open), first: exempt,
		works: map[string]any{"reason": "误批"}, harmless: map[string]any{"reason": ""}},
	"GET /api/v1/units/{unit}/periods":        {path: at("/api/v1/units/*/periods", code)},
	"GET /api/v1/units/{unit}/periods/{year}": {path: at("/api/v1/units/*/periods/2017", code)},
	"POST /api/v1/units/{unit}/periods": {path: at("/api/v1/units/*/periods", code),
		works: map[string]any{"year": 2016, "reason": "定稿"}, harmless: map[string]any{"year": 2016, "reason": ""}},
	"POST /api/v1/periods/{id}/lift": {path: at("/api/v1/periods/*/lift", closing),
		works: map[string]any{"reason": "更正"}, harmless: map[string]any{"reason": ""}},
	"POST /api/v1/periods/{id}/exceptions": {path: at("/api/v1/periods/*/exceptions", closing),
		harmless: map[string]any{"unit": "", "until": "", "reason": ""},
		works:    func(p place) any { return map[string]any{"unit": p.code, "until": "2017-06-30", "reason": "补报"} }},
}
