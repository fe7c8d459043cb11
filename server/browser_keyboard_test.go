package main

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// maxTabs is as often as anybody presses Tab on one page.
const maxTabs = 120

// tabTo presses Tab until the element has the focus. All on the way there must show that
// they have it.
func (w *window) tabTo(selector string) {
	w.t.Helper()
	for range maxTabs {
		w.do(chromedp.KeyEvent(kb.Tab))
		at := w.ask(fmt.Sprintf(`(() => {
			const e = document.activeElement;
			if (e.matches(%q)) return 'here';
			const label = e.closest('label, .tick, .check');
			const shown = [e, label, label?.querySelector('span')].some(x => x && (getComputedStyle(x).outlineStyle !== 'none' || getComputedStyle(x).boxShadow !== 'none'));
			return e === document.body || shown ? '' : e.outerHTML.slice(0, 120);
		})()`, selector))
		switch {
		case at == "here":
			return
		case at != "":
			w.t.Errorf("%s: nothing shows that it has the focus: %s", w.ask("location.pathname"), at)
		}
	}
	w.t.Fatalf("%s: Tab does not lead to %s", w.ask("location.pathname"), selector)
}

// enter leads with Tab to the element and presses Enter there.
func (w *window) enter(selector string) {
	w.t.Helper()
	w.tabTo(selector)
	w.do(chromedp.KeyEvent(kb.Enter))
}

// typeInto leads with Tab to a field and types.
func (w *window) typeInto(selector, text string) {
	w.t.Helper()
	w.tabTo(selector)
	w.do(chromedp.KeyEvent(text))
}

// TestTheMainJobByKeyboard signs in, files, returns, files anew and verifies without a
// mouse, changes the theme, and finds its way by the search.
func TestTheMainJobByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 2)
	office, city := windows[0], windows[1]
	plan := "/duties/" + number(w.inside.open)
	planLine := fmt.Sprintf(".queue-line:has(a[href^='%s'])", plan)
	for login, window := range map[string]*window{"province": office, "reporter": city} {
		window.open("/login")
		window.typeInto("#login", login)
		window.typeInto("#password", password)
		window.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".top-nav"))
	}
	file := func(text string) {
		city.typeInto("#field-on", "06082017")
		city.typeInto("#field-url", text)
		city.enter(".report-send .btn-primary")
		city.do(chromedp.WaitVisible(".flash"))
	}
	city.open("/units/370100")
	city.enter(".owed-do a[href^='" + plan + "#']")
	city.do(chromedp.WaitVisible("form.report-form"))
	file("https://www.example.gov.cn/plan")

	office.open("/queue")
	office.enter(planLine + " .decision-return summary")
	office.do(chromedp.WaitVisible(planLine + " .decision-return textarea"))
	office.typeInto(planLine+" .decision-return textarea", "请附盖章件")
	office.enter(planLine + " .decision-return form button")
	office.do(chromedp.WaitVisible(planLine + ".is-done"))

	city.open(plan)
	file("https://www.example.gov.cn/plan-again")
	office.open("/queue")
	office.enter(planLine + " .decision-verify button")
	office.do(chromedp.WaitVisible(planLine + ".is-done"))

	// From anywhere to the board of a city, and back by the way up.
	office.open("/duties?unit=370000&year=2017")
	office.do(scoringKeys("/"), wait("document.activeElement.id === 'search'"), chromedp.KeyEvent("济南"),
		wait("performance.getEntriesByType('resource').some(e => e.name.endsWith(encodeURIComponent('\u6d4e\u5357')))"),
		wait("document.activeElement.getAttribute('aria-expanded') === 'true' && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"),
		chromedp.KeyEvent(kb.ArrowDown), wait("document.querySelector('#search-list [aria-selected=true]')"), scoringKeys(kb.Enter), wait("location.pathname.startsWith('/units/370100')"))
	office.open("/units/370000/board?year=2017")
	if said := office.cell("济南市", "30个工作日内公开实施方案"); !strings.Contains(said, "按时 1") {
		t.Errorf("the board says %q", said)
	}
	office.enter(".menu-display summary")
	office.enter(".menu-display button[value=dark]")
	office.do(wait("document.documentElement.dataset.bsTheme === 'dark'"))
	if place := office.ask("location.pathname"); place != "/units/370000/board" {
		t.Errorf("after the theme one is at %s", place)
	}
	office.enter(".menu-display summary")
	office.do(chromedp.KeyEvent(kb.Escape), wait("!document.querySelector('.menu-display').open && document.activeElement.closest('.menu-display')"))
	wantQuiet(t, windows)
}
