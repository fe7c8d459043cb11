package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var everyRole = flag.Bool("every-role", false, "have axe look at every page in both themes as each role sees it: some ten minutes")

// axeRun has axe look at the page: all of its rules in the light theme, in the dark one
// those of colour, the rest being the same.
const axeRun = `(async () => {
	const found = await axe.run(document, %s);
	return JSON.stringify(found.violations.map(v => ({rule: v.id, impact: v.impact, where: v.nodes.slice(0, 3).map(n => n.target.join(' ') + ': ' + n.failureSummary)})));
})()`

var axeOptions = map[string]string{
	"light": `{resultTypes: ["violations"]}`,
	"dark":  `{runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}, resultTypes: ["violations"]}`,
}

// moving are the elements of a page that move though nothing should, see stillMotion, and
// the charts that were not told so.
const moving = `[...document.querySelectorAll('*')].filter(e => [null, '::before', '::after'].some(part => {
	const style = getComputedStyle(e, part);
	return style.scrollBehavior === 'smooth' || [style.animationDuration, style.transitionDuration].some(all => all.split(',').some(one => parseFloat(one) > 0));
})).concat([...document.querySelectorAll('[data-chart]')].filter(e => JSON.parse(e.dataset.chart).animation !== false)).map(e => e.outerHTML.slice(0, 120)).slice(0, 5).join(' | ')`

// axeViolation is a rule that a page breaks, with where.
type axeViolation struct {
	Rule, Impact string
	Where        []string
}

// shownPages are the addresses of all pages of the world, by who can open them, and what
// each role sees of them.
func (w *world) shownPages() map[string][]string {
	w.t.Helper()
	pages := map[string][]string{}
	readers := map[string]*browser{"everything": w.signIn("everything"), "nation": w.signIn("nation"), "": w.browser("en")}
	for _, role := range roleNames() {
		readers[role] = w.signIn(role)
	}
	shows := func(login, path string) bool {
		got := readers[login].get(path)
		return got.StatusCode == http.StatusOK && strings.HasPrefix(got.Header.Get("Content-Type"), "text/html")
	}
	for _, route := range slices.Sorted(maps.Keys(pageVisits)) {
		if !strings.HasPrefix(route, "GET ") {
			continue
		}
		path := pageVisits[route].path(w.inside)
		for _, login := range []string{"everything", "nation", ""} {
			if shows(login, path) {
				pages[login] = append(pages[login], path)
				break
			}
		}
		for _, role := range roleNames() {
			if *everyRole && shows(role, path) {
				pages[role] = append(pages[role], path)
			}
		}
	}
	// What each role begins with, and sees of a unit and of a duty.
	for _, role := range roleNames() {
		pages[role] = append(pages[role], "/", "/units/370100", "/units/370100/board", "/duties/"+number(w.inside.open), "/duties/"+number(w.inside.waiting))
	}
	return pages
}

// TestNoPageKeepsAnybodyOut has axe look at every page, in both themes, and nothing moves
// there for who asks for that.
func TestNoPageKeepsAnybodyOut(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("../frontend/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe is not installed: run make frontend, or make test: %v", err)
	}
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	pages := w.shownPages()
	if len(pages["everything"]) < 60 {
		t.Fatalf("only %d pages were found", len(pages["everything"]))
	}
	windows := openWindows(t, server.URL, len(pages))
	for i, login := range slices.Sorted(maps.Keys(pages)) {
		window := windows[i]
		if login != "" {
			window.signIn(login, "main")
		}
		for _, path := range pages[login] {
			window.open(path)
			if moves := window.ask(moving); moves != "" {
				t.Errorf("%s: with reduced motion there move %s", path, moves)
			}
			window.do(chromedp.Evaluate[chromedp.Void](string(script)))
			for theme, options := range axeOptions {
				if theme == "dark" && !*everyRole && slices.Contains(roleNames(), login) {
					continue // the same parts in the same colours
				}
				window.ask(fmt.Sprintf("document.documentElement.dataset.bsTheme = %q", theme))
				window.axe(path+" in the "+theme+" theme", options)
			}
		}
	}
	for _, window := range windows {
		for _, fault := range window.faults {
			t.Error(fault)
		}
	}
}

func (w *window) axe(page, options string) {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](fmt.Sprintf(axeRun, options), chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: axe: %v", page, err)
	}
	var violations []axeViolation
	if err := json.Unmarshal([]byte(text), &violations); err != nil {
		w.t.Fatalf("%s: axe said %q", page, text)
	}
	for _, v := range violations {
		w.t.Errorf("%s: %s (%s)\n\t%s", page, v.Rule, v.Impact, strings.Join(v.Where, "\n\t"))
	}
}
