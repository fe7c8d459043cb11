package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTheWayAboutInABrowser finds a unit's board by the search, comes back to a list that
// was saved, and changes the theme there.
func TestTheWayAboutInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 1)
	office := windows[0]
	office.signIn("province", ".matrix")

	office.do(strike("/"))
	office.until("document.activeElement.id === 'search'")
	office.mark(".foot")
	office.do(words("\u9752\u5c9b"))
	// The answer to the whole word is there, not that to its first character.
	office.until("performance.getEntriesByType('resource').some(e => e.name.endsWith(encodeURIComponent('\u9752\u5c9b')))")
	office.until("document.querySelectorAll('.search-option').length > 1 && document.activeElement.getAttribute('aria-expanded') === 'true' && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
	office.wantHeld("the list of the search")
	office.do(strike(kb.ArrowDown))
	office.until("document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).getAttribute('aria-selected') === 'true'")
	office.do(strike(kb.Escape))
	office.until("document.querySelector('.search-panel').hidden && !document.activeElement.hasAttribute('aria-activedescendant')")
	office.do(strike(kb.ArrowDown))
	office.do(strike(kb.Enter))
	office.do(chromedp.WaitVisible(".matrix a[href^='/units/370200-fgw']"))
	office.wantText("h1", "\u9752\u5c9b\u5e02")

	// What is not marked is looked for as a page; traditional characters find the same.
	office.do(strike("/"))
	office.do(words("\u6fdf\u5357"), strike(kb.Enter))
	office.do(chromedp.WaitVisible(".search-section"))
	office.wantText(".search-section", "\u6d4e\u5357\u5e02")

	const list = "/duties?obligation=sd2017.plan&state=overdue&unit=370000&year=2017"
	office.open(list)
	office.mark(".foot")
	office.do(press(".menu-user summary"))
	office.until("!!document.querySelector('#view-name')?.value")
	office.wantHeld("the menu")
	if name := office.ask("document.querySelector('#view-name').value"); !strings.Contains(name, "\u903e\u671f") {
		t.Errorf("the name that is offered is %q", name)
	}
	office.do(enter("#view-name", "\u903e\u671f\u65b9\u6848"), strike(kb.Enter))
	office.do(chromedp.WaitVisible(".flash"))
	office.wantText(".flash", "\u903e\u671f\u65b9\u6848")
	office.open("/policies")
	office.do(press(".menu-user summary"), press(".views-list a"))
	office.do(chromedp.WaitVisible(".chips .chip"))
	if at := office.ask("location.pathname + location.search"); at != list {
		t.Errorf("the view leads to %s, want %s", at, list)
	}

	office.do(press(".menu-display button[value=dark]"), wait("document.documentElement.dataset.bsTheme === 'dark'"))
	if at := office.ask("location.pathname + location.search"); at != list {
		t.Errorf("after the theme one is at %s", at)
	}
	office.do(press(".menu-display summary"), strike(kb.Escape), wait("!document.querySelector('.menu-display').open && document.activeElement.closest('.menu-display')"))
	office.do(press(".menu-display summary"), tabTo(".bell"), wait("!document.querySelector('.menu-display').open"))
	wantQuiet(t, windows)
}
