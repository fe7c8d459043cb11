package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sundial/models"
)

// wait waits until an expression of the page is true, whichever page that is by
// then.
func wait(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for {
			holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
			if err == nil && holds {
				return nil
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("%s: %w", expression, errors.Join(ctx.Err(), err))
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// TestADraftInABrowser types a report, loses the server in between, comes back,
// uploads files, removes one, and submits: on three screens from sign-in.
func TestADraftInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	city := openWindows(t, server.URL, 1)[0]
	city.signIn("reporter", ".duty-list")
	path := "/duties/" + number(w.inside.open)
	city.do(press(".owed-do a[href^='"+path+"#']"), chromedp.WaitVisible("form.report-form"),
		enter("#field-title", "（草稿）"), wait("document.querySelector('[data-draft-status]').textContent.includes('草稿已保存')"))
	if n := w.count(&models.Draft{}); n != 1 {
		t.Errorf("%d drafts, want 1", n)
	}
	// What cannot be saved is kept in the browser and saved when the page is back.
	city.do(evaluate("window.fetch = () => Promise.reject(new Error('away')); 0"),
		enter("#field-note", "断网时填写"), wait("document.querySelector('.draft-status.is-bad')"))
	city.open("/")
	city.open(path)
	if note := city.ask("document.querySelector('#field-note').value"); note != "断网时填写" {
		t.Errorf("after the connection was lost the note is %q", note)
	}
	city.do(wait("document.querySelector('[data-draft-status]').textContent.includes('草稿已保存')"))

	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	city.mark("[data-files]")
	city.do(upload("#files", file("方案.pdf", contentOf("a")), file("附表.pdf", contentOf("b")), file("网页.pdf", "<html>")),
		wait("document.querySelectorAll('[data-files] [data-remove]').length === 2 && document.querySelector('.file.is-failed .field-error')"))
	city.wantHeld("an upload")
	city.do(press(".file:has([aria-label*='附表']) [data-remove]"), wait("document.querySelectorAll('[data-files] [data-remove]').length === 1"))
	city.wantFocus("[data-files]")
	city.do(enter("#field-on", "2017-06-08"), enter("#field-url", "https://www.example.gov.cn/plan"),
		press(".report-send .btn-primary"), chromedp.WaitVisible(".flash"))
	if files := city.ask("document.querySelector('.report .links').innerText"); files != "方案.pdf 17 B" {
		t.Errorf("filed with %q", files)
	}
	if drafts, files := w.count(&models.Draft{}), w.count(&models.Attachment{}); drafts != 0 || files != 5 {
		t.Errorf("%d drafts and %d files are left", drafts, files)
	}
	for _, fault := range city.faults {
		// The browser itself notes the answer that refuses the page as a file.
		if fault != "in the log: Failed to load resource: the server responded with a status of 422 (Unprocessable Entity) "+server.URL+path+"/evidence" {
			t.Error(fault)
		}
	}
}

func evaluate(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](script)
}
