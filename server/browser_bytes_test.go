package main

import (
	"context"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

var updateWeights = flag.Bool("update-weights", false, "write docs/page-weights.md anew")

// What the board of a province may weigh, compressed: with nothing kept of it before, and
// with scripts and styles kept.
const (
	coldLimit = 500_000
	warmLimit = 25_000
)

// pageWeight is what a page took to be shown.
type pageWeight struct {
	cold, warm, requests int
	paint                string
}

// scale weighs what a window is sent.
type scale struct {
	bytes, requests int
}

func (s *scale) hear(event any) {
	switch e := event.(type) {
	case *network.EventLoadingFinished:
		s.bytes += int(e.EncodedDataLength)
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "data:") {
			s.requests++
		}
	}
}

// TestPagesAreLight weighs the pages that people open every day: all that is sent for
// them with nothing kept by the browser, and again.
func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	pages := []struct{ name, login, path string }{
		{"Board of a province", "province", "/units/370000/board?year=2017"},
		{"Charts of a province", "province", "/units/370000/charts?year=2017"},
		{"Duties of a province", "province", "/duties?unit=370000&year=2017"},
		{"Queue", "province", "/queue"},
		{"A unit's own duties", "reporter", "/units/370100"},
		{"A duty with its form", "reporter", "/duties/" + number(w.inside.open)},
		{"Sign-in", "", "/login"},
		{"Public page", "", "/public"},
	}
	var lines strings.Builder
	windows := openWindows(t, server.URL, len(pages))
	for i, p := range pages {
		window := windows[i]
		var s scale
		if err := chromedp.Listen(window.ctx, s.hear); err != nil {
			t.Fatal(err)
		}
		if p.login != "" {
			window.signIn(p.login, "main")
		}
		got := window.weigh(p.path, &s)
		if p.path == pages[0].path && (got.cold > coldLimit || got.warm > warmLimit) {
			t.Errorf("the board takes %d bytes, and %d once scripts and styles are kept; it may take %d and %d", got.cold, got.warm, coldLimit, warmLimit)
		}
		fmt.Fprintf(&lines, "| %s | %.1f | %.1f | %d | %s |\n", p.name, float64(got.cold)/1000, float64(got.warm)/1000, got.requests, got.paint)
		t.Logf("%s: %+v", p.name, got)
	}
	if *updateWeights {
		writeWeights(t, lines.String())
	}
}

// weigh opens the page with an empty cache, and then again.
func (w *window) weigh(path string, s *scale) pageWeight {
	w.t.Helper()
	w.do(chromedp.Navigate("about:blank"), clearCache)
	*s = scale{}
	w.settle(path)
	got := pageWeight{cold: s.bytes, requests: s.requests}
	got.paint = w.ask("String(Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0))")
	*s = scale{}
	w.settle(path)
	got.warm = s.bytes
	return got
}

// settle opens a page and waits until its charts are drawn and nothing more comes.
func (w *window) settle(path string) {
	w.t.Helper()
	w.open(path)
	w.until("document.readyState === 'complete' && [...document.querySelectorAll('[data-chart]')].every(c => c.querySelector('canvas'))")
}

var clearCache = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	_, err := cdp.Call(ctx, t, network.ClearBrowserCache, cdp.Empty{})
	return err
})

func writeWeights(t *testing.T, lines string) {
	t.Helper()
	text := `# What pages weigh

Kilobytes (1000 bytes) sent for a page, compressed as a browser takes it: with nothing kept from
before (scripts, styles, charts), and when the page is opened again. First contentful paint is in
milliseconds, on the machine of the test, with the server beside the browser: good for comparing
pages, not for what a user sees. Written by ` + "`go test ./server -run TestPagesAreLight -update-weights`" + `;
the test itself fails when the board of a province (17 cities and 34 departments, 17 obligations)
takes more than 500 kB cold or 25 kB once kept.

| Page | Cold, kB | Again, kB | Requests, cold | First paint, ms |
|---|---:|---:|---:|---:|
` + lines
	if err := os.WriteFile("../docs/page-weights.md", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
