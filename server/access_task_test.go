package main

import (
	"maps"
	"net/url"

	"gorm.io/gorm"

	"sundial/models"
)

// The visits of tasks.

func init() {
	policy := url.Values{"policy": {"shandong-2017"}}
	own := url.Values{"policy": {"shandong-2017"}, "clause": {"六(一)"}, "title": {"开展自查"}, "due_on": {"2017-12-31"}, "lead": {"370100"}}
	// part is a form about the place's part in its task.
	part := func(version string, rest url.Values) func(p place) any {
		return func(p place) any {
			form := url.Values{"share": {number(p.share)}, "version": {version}}
			maps.Copy(form, rest)
			return form
		}
	}
	reason := url.Values{"reason": {"另有安排"}}
	maps.Copy(pageVisits, map[string]visit{
		"GET /units/:code/tasks":       {path: at("/units/*/tasks", code)},
		"POST /units/:code/tasks":      {path: at("/units/*/tasks", code), works: own, harmless: policy},
		"GET /units/:code/tasks.csv":   {path: at("/units/*/tasks.csv", code)},
		"GET /units/:code/tasks/open":  {path: at("/units/*/tasks/open", code)},
		"POST /units/:code/tasks/open": {path: at("/units/*/tasks/open", code), works: policy, harmless: policy},
		"GET /units/:code/tasks/new":   {path: at("/units/*/tasks/new", code)},
		"GET /tasks/:id":               {path: at("/tasks/*", task)},
		"POST /tasks/:id/progress": {path: at("/tasks/*/progress", task), works: part("1", url.Values{"status": {"done"}, "note": {"已完成"}}),
			harmless: part("99", nil)},
		"POST /tasks/:id/return": {path: at("/tasks/*/return", task), works: part("1", reason), harmless: part("99", nil), first: (*world).finishTask},
		"POST /tasks/:id/end":    {path: at("/tasks/*/end", task), works: part("1", reason), harmless: part("99", nil)},
		"POST /tasks/:id/units": {path: at("/tasks/*/units", task), harmless: staleVersion,
			works: func(p place) any { return url.Values{"version": {"1"}, "unit": {p.code}, "role": {"cooperate"}} }},
		"POST /tasks/:id/due": {path: at("/tasks/*/due", task), works: url.Values{"version": {"1"}, "due_on": {"2018-01-31"}, "reason": {"另有安排"}}, harmless: staleVersion},
	})
}

// finishTask has the place's task done.
func (w *world) finishTask(p place) {
	w.t.Helper()
	w.mustWrite(func(tx *gorm.DB) error {
		return tx.Model(&models.TaskShare{ID: p.share}).Update("status", models.TaskDone).Error
	})
}
