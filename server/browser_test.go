package main

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sundial/frontend"
)

// browserPatience bounds the whole of a test in the browser, stepPatience some
// steps on one page.
const (
	browserPatience = 300 * time.Second
	stepPatience    = 30 * time.Second
)

// window is a tab of a real browser with cookies of its own. It remembers what
// nobody must see: errors on the console, and requests that leave this machine.
type window struct {
	t    *testing.T
	ctx  context.Context
	site string

	mu       sync.Mutex
	requests int
	faults   []string
}

// stillMotion shows the pages as to who wants nothing to move: what is on its way elsewhere
// has any colour and any place.
var stillMotion = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
	return err
})

// patience bounds the whole of a test in the browser.
func patience() time.Duration {
	if *everyRole {
		return time.Hour
	}
	return browserPatience
}

// openWindows starts a browser and opens as many windows of it.
func openWindows(t *testing.T, site string, count int) []*window {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: run apt-get install chromium fonts-noto-cjk, or make test")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", "zh-CN"))
	ctx, cancel := context.WithTimeout(t.Context(), patience())
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	windows := make([]*window, count)
	for i := range windows {
		tab, cancel := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
		t.Cleanup(cancel)
		windows[i] = &window{t: t, ctx: tab, site: site}
		if err := chromedp.Listen(tab, windows[i].hear); err != nil {
			t.Fatalf("open a window: %v", err)
		}
		if err := chromedp.Do(tab, putKeyboard, stillMotion); err != nil {
			t.Fatalf("open a window: %v", err)
		}
	}
	return windows
}

// hear notes an event of the browser.
func (w *window) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests++
		if !strings.HasPrefix(e.Request.URL, w.site) && !strings.HasPrefix(e.Request.URL, "data:") {
			w.faults = append(w.faults, "a request to "+e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		w.faults = append(w.faults, "an exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			for _, arg := range e.Args {
				w.faults = append(w.faults, fmt.Sprintf("on the console: %s %s", arg.Value, arg.Description))
			}
		}
	case *log.EventEntryAdded:
		// Violations of the content policy come here too.
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			w.faults = append(w.faults, fmt.Sprintf("in the log: %s %s", e.Entry.Text, e.Entry.URL))
		}
	}
}

// do carries out the steps, or ends the test with what the page says.
func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, stepPatience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		body, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText"))
		w.t.Fatalf("%v\n%s\n%s", err, short(body), strings.Join(w.faults, "\n"))
	}
}

func (w *window) open(path string) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.site + path))
}

// ask evaluates an expression that gives a text.
func (w *window) ask(expression string) string {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return strings.Join(strings.Fields(text), " ")
}

func (w *window) signIn(login, landing string) {
	w.t.Helper()
	w.open("/")
	w.do(enter("#login", login), enter("#password", password), leave, strike(kb.Enter), arrive, chromedp.WaitVisible(landing))
}

// cell returns the words of the cell of a unit and an obligation on the board.
func (w *window) cell(unit, obligation string) string {
	w.t.Helper()
	return w.cellOn(unit, obligation, "")
}

// cellOn returns the words of the cell as it was known on the day; empty for today.
func (w *window) cellOn(unit, obligation, asOf string) string {
	w.t.Helper()
	w.open("/units/370000/board?year=2017&as_of=" + asOf)
	return w.ask(fmt.Sprintf(`(() => {
		const column = [...document.querySelectorAll('.matrix thead th')].findIndex(th => th.textContent.includes(%q));
		const row = [...document.querySelectorAll('.matrix tbody tr')].find(tr => tr.cells[0].textContent.includes(%q));
		return row.cells[column].innerText;
	})()`, obligation, unit))
}

// wantCell fails the test when the cell has other words.
func (w *window) wantCell(unit, obligation, want string) {
	w.t.Helper()
	if got := w.cell(unit, obligation); got != want {
		w.t.Errorf("%s, %s: the board says %q, want %q", unit, obligation, got, want)
	}
}

// TestMainJobInABrowser does the product's main job as its people do it: the
// province looks at its board, a city files its plan, the province verifies it,
// and the board moves; another report is returned with the reason and filed anew.
func TestMainJobInABrowser(t *testing.T) {
	t.Parallel()
	assets, err := frontend.NewAssets()
	if err != nil {
		t.Fatal(err)
	}
	if !assets.Built() {
		t.Fatal("frontend/dist is empty: run make frontend, or make test")
	}
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 2)
	office, city := windows[0], windows[1]

	office.signIn("province", ".matrix")
	if lang := office.ask("document.documentElement.lang"); lang != "zh-CN" {
		t.Errorf("the page is in %s", lang)
	}
	office.wantCell("济南市", "30个工作日内公开实施方案", "待办 2 即将到期 2")
	office.do(press(".tabs a[href*='/charts']"), chromedp.WaitVisible(".chart canvas, .chart svg"))

	city.signIn("reporter", ".duty-list")
	if place, err := url.Parse(city.ask("location.href")); err != nil || place.Path != "/units/370100" {
		t.Errorf("the reporter begins at %v, %v", place, err)
	}
	plan := "/duties/" + number(w.inside.open)
	city.do(press(".owed-do a[href^='"+plan+"#']"), chromedp.WaitVisible("form.report-form"),
		enter("#field-on", "2017-06-08"), enter("#field-url", "https://www.example.gov.cn/plan"),
		press("form.report-form .btn-primary"), chromedp.WaitVisible(".flash"))
	if state := city.ask("document.querySelector('.duty-badge').innerText"); state != "待审核" {
		t.Errorf("the plan's state is %q", state)
	}

	office.open("/queue")
	office.ask("window.stayed = 'yes'")
	planLine := fmt.Sprintf(".queue-line:has(a[href^='%s'])", plan)
	office.mark(planLine)
	office.do(press(planLine+" .decision-verify button"), chromedp.WaitVisible(planLine+".is-done"))
	office.wantHeld("a decision")
	office.wantFocus(planLine)
	listLine := fmt.Sprintf(".queue-line:has(a[href^='/duties/%d'])", w.inside.waiting)
	office.mark(listLine)
	office.do(enter(listLine+" textarea", "链接打不开"), press(listLine+" .decision-return form button"),
		chromedp.WaitVisible(listLine+".is-done"))
	office.wantHeld("a return")
	office.wantFocus(listLine)
	if stayed := office.ask("window.stayed || 'no'"); stayed != "yes" {
		t.Error("the queue was loaded anew for a decision")
	}
	office.wantCell("济南市", "30个工作日内公开实施方案", "待办 1 按时 1 即将到期 1")
	office.wantCell("济南市", "汇总公布随机抽查事项清单", "逾期")

	city.open(fmt.Sprintf("/duties/%d", w.inside.waiting))
	if why := city.ask("document.querySelector('.report-decision q').innerText"); why != "链接打不开" {
		t.Errorf("the reason is %q", why)
	}
	city.do(enter("#field-on", "2017-05-30"), enter("#field-url", "https://www.example.gov.cn/list"),
		press("form.report-form .btn-primary"), chromedp.WaitVisible(".flash"))
	office.wantCell("济南市", "汇总公布随机抽查事项清单", "待审核")
	office.open("/queue")
	office.do(press(listLine+" .decision-verify button"), chromedp.WaitVisible(listLine+".is-done"))
	office.wantCell("济南市", "汇总公布随机抽查事项清单", "按时")

	wantQuiet(t, windows)
}

// wantQuiet fails the test for what nobody must see in the windows.
func wantQuiet(t *testing.T, windows []*window) {
	t.Helper()
	for _, window := range windows {
		if window.requests < 10 {
			t.Errorf("only %d requests were heard", window.requests)
		}
		for _, fault := range window.faults {
			t.Error(fault)
		}
	}
}

// TestAYearInABrowser walks a duty through a year of a unit and its office: what
// is typed is kept, a file is attached, the report is submitted, returned, filed
// anew with the same file, accepted, and reopened; the board follows each step.
func TestAYearInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 2)
	office, city := windows[0], windows[1]
	const obligation = "30个工作日内公开实施方案"
	plan := "/duties/" + number(w.inside.open)
	planLine := fmt.Sprintf(".queue-line:has(a[href^='%s'])", plan)
	office.signIn("province", ".matrix")

	// The first screen after signing in has the duty, the second its form.
	city.signIn("reporter", ".duty-list")
	city.do(press(".owed-do a[href^='"+plan+"#']"), chromedp.WaitVisible("form.report-form"),
		enter("#field-url", "https://www.example.gov.cn/plan"), chromedp.WaitVisible("[data-draft-status]:not(:empty)"))
	city.until("document.querySelector('[data-draft-status]').innerText.includes('已保存')")
	city.open(plan)
	if kept := city.ask("document.querySelector('#field-url').value"); kept != "https://www.example.gov.cn/plan" {
		t.Errorf("of the draft there is %q", kept)
	}
	file := filepath.Join(t.TempDir(), "实施方案.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7\nplan\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	city.do(upload("#files", file), chromedp.WaitVisible("[data-files] a[href^='/evidence/']"),
		enter("#field-on", "2017-06-08"))
	city.submit()
	office.wantCell("济南市", obligation, "待办 1 待审核 1 即将到期 1")

	office.open("/queue")
	if name := office.ask("document.querySelector(`" + planLine + "`).querySelector('a[href^=\"/evidence/\"]').innerText"); name != "实施方案.pdf" {
		t.Errorf("the queue shows the file as %q", name)
	}
	office.do(enter(planLine+" textarea", "请附盖章件"), press(planLine+" .decision-return form button"), chromedp.WaitVisible(planLine+".is-done"))
	office.wantCell("济南市", obligation, "待办 2 即将到期 2")

	city.open(plan)
	city.do(chromedp.WaitVisible(".evidence input[name=evidence]:checked"), enter("#field-note", "已附盖章件"))
	city.submit()
	office.open("/queue")
	office.do(press(planLine+" .decision-verify button"), chromedp.WaitVisible(planLine+".is-done"))
	office.wantCell("济南市", obligation, "待办 1 按时 1 即将到期 1")

	office.open(plan)
	office.do(enter("form[action$='/reopen'] textarea", "日期有误，请核对"), press("form[action$='/reopen'] .btn"), chromedp.WaitVisible(".flash"))
	office.wantCell("济南市", obligation, "待办 2 即将到期 2")
	city.open(plan)
	city.do(chromedp.WaitVisible(".versions-table"), chromedp.WaitVisible("form.report-form"))
	if changed := city.ask("document.querySelector('.versions-table tr.is-changed').innerText"); !strings.Contains(changed, "已附盖章件") {
		t.Errorf("between the versions %q has changed", changed)
	}
	wantQuiet(t, windows)
}

// TestNothingIsWiderThanAPhone opens every page and all that opens on it at the
// width of a phone: nobody must scroll sideways to a button.
func TestNothingIsWiderThanAPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	duty, pages := "/duties/"+number(w.inside.open), map[string][]string{}
	pages["nation"] = []string{"/units", "/units/370100/manage", "/users", "/users/reporter", "/account", "/calendar", "/calendar?year=2030", "/policies",
		"/policies/new", "/policies/shandong-2017", "/policies/shandong-2017/amendment", "/policies/shandong-2017/retirement",
		"/policies/liaoning-2016/activation?year=2018", "/audit"}
	pages["province"] = []string{"/queue", "/units/370000/board?year=2017", "/units/370000/periods", "/duties?unit=370000&year=2017", duty}
	pages["reporter"] = []string{"/units/370100", duty, fmt.Sprintf("/duties/%d", w.inside.waiting)}
	pages["everything"] = trainingPages(w.inside)
	windows := openWindows(t, server.URL, len(pages))
	for i, login := range slices.Sorted(maps.Keys(pages)) {
		phone := windows[i]
		phone.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		phone.signIn(login, "main")
		for _, path := range pages[login] {
			phone.open(path)
			phone.ask("document.querySelectorAll('main details').forEach(d => d.open = true), ''")
			if width := phone.ask("String(document.documentElement.scrollWidth)"); width != "390" {
				t.Errorf("%s for %s is %s px wide", path, login, width)
			}
			// Windows of 1280 and 1800 px at 200 %.
			for _, wide := range []int64{640, 900} {
				phone.do(chromedp.EmulateViewport(wide, 400))
				if width := phone.ask("String(document.documentElement.scrollWidth)"); width != fmt.Sprint(wide) {
					t.Errorf("%s for %s is %s px wide in a window of %d", path, login, width, wide)
				}
			}
			phone.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		}
	}
	wantQuiet(t, windows)
}

// submit sends the report form and waits until it is filed.
func (w *window) submit() {
	w.t.Helper()
	w.do(press(".report-send .btn-primary:not([disabled])"), chromedp.WaitVisible(".flash"))
	if state := w.ask("document.querySelector('.duty-badge').innerText"); state != "待审核" {
		w.t.Errorf("after filing the state is %q", state)
	}
}

// until waits for an expression to become true.
func (w *window) until(expression string) {
	w.t.Helper()
	w.do(wait(expression))
}
