package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The browser tests do everything by the keyboard: what cannot be done so fails them. All
// that has the focus on the way must show it, see wantQuiet.

//go:embed testdata/keyboard.js
var keyboardScript string

// putKeyboard gives every page that opens in the window what the keys need to find the way.
var putKeyboard = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: keyboardScript})
	return err
})

// way is how the Tab key gets from the focus to an element: the steps, backwards when they
// are negative, of the stops of the page. It leads to a fold first, when the element is in one.
type way struct {
	Seen, Here, Never, Checked bool
	Kind                       string
	Steps, Stops, Arrows       int
}

// strike presses keys: what the page prevents types nothing.
func strike(keys string, options ...chromedp.KeyOption) chromedp.Action[chromedp.Void] {
	return chromedp.KeyEvent(keys, append(options, func(event *input.DispatchKeyEventParams) {
		if event.Type == kb.KeyDown {
			event.Type = kb.KeyRawDown
		}
	})...)
}

// times presses a key several times: for less than none the other one.
func times(n int, key, other string) chromedp.Action[chromedp.Void] {
	if n < 0 {
		return strike(strings.Repeat(other, -n))
	}
	return strike(strings.Repeat(key, n))
}

// tabs holds Tab down for some steps: for less than none with Shift.
func tabs(n int) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		tab := input.DispatchKeyEventParams{Type: kb.KeyRawDown, Key: "Tab", Code: "Tab", WindowsVirtualKeyCode: 9, NativeVirtualKeyCode: 9}
		if n < 0 {
			tab.Modifiers, n = int64(chromedp.ModifierShift), -n
		}
		for range n {
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, tab); err != nil {
				return err
			}
		}
		tab.Type = kb.KeyUp
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, tab)
		return err
	})
}

// wayTo asks the page for the way to the element as soon as it can be seen.
func wayTo(ctx context.Context, selector string) (way, error) {
	for {
		found, err := chromedp.Run(ctx, chromedp.Evaluate[way](fmt.Sprintf("keyboardWay(%q)", selector)))
		if err == nil && found.Seen {
			if found.Never && !found.Here {
				return found, fmt.Errorf("%s: Tab does not stop there", selector)
			}
			return found, nil
		}
		select {
		case <-ctx.Done():
			return found, fmt.Errorf("see %s: %w", selector, errors.Join(ctx.Err(), err))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// goTo leads with Tab to the element, and opens what it is folded into.
func goTo(ctx context.Context, selector string) (way, error) {
	for pressed := 0; ; {
		to, err := wayTo(ctx, selector)
		if err != nil {
			return to, err
		}
		next := tabs(to.Steps)
		switch {
		case to.Here && to.Kind == "fold":
			next = strike(kb.Enter)
		case to.Here:
			return to, nil
		case to.Steps == 0:
			next = tabs(1)
		}
		if pressed += max(to.Steps, -to.Steps, 1); pressed > 3*to.Stops {
			return to, fmt.Errorf("%s: Tab does not lead there", selector)
		}
		if _, err := chromedp.Run(ctx, next); err != nil {
			return to, err
		}
	}
}

// tabTo leads with Tab to the element.
func tabTo(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := goTo(ctx, selector)
		return err
	})
}

// press leads with Tab to the element and presses the key that it is pressed with.
func press(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		to, err := goTo(ctx, selector)
		if err != nil {
			return err
		}
		switch {
		case to.Kind == "checkbox", to.Kind == "radio" && to.Arrows == 0 && !to.Checked:
			return chromedp.Do(ctx, strike(" "))
		case to.Kind == "radio":
			return chromedp.Do(ctx, times(to.Arrows, kb.ArrowDown, kb.ArrowUp))
		}
		return chromedp.Do(ctx, strike(kb.Enter))
	})
}

// enter leads with Tab to the field and puts a value into it, for what it has: into a date
// by its digits, into a list of options by the arrow keys, else as words.
func enter(selector, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		to, err := goTo(ctx, selector)
		if err != nil {
			return err
		}
		switch to.Kind {
		case "date":
			err = chromedp.Do(ctx, dateTyped(selector, value))
		case "select-one":
			err = chromedp.Do(ctx, chosen(selector, value))
		default:
			return chromedp.Do(ctx, strike("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), strike(kb.Delete), words(value))
		}
		if err != nil {
			return err
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q).value", selector)))
		if err == nil && got != value {
			err = fmt.Errorf("%s: %q was entered and is %q", selector, value, got)
		}
		return err
	})
}

// words writes where the cursor is, as an input method does: at once.
func words(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// dateTyped types the month, the day and the year of a date, from the first of its parts.
func dateTyped(selector, date string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		year, rest, _ := strings.Cut(date, "-")
		for {
			here, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf("document.activeElement === document.querySelector(%q)", selector)))
			if err != nil {
				return err
			}
			if !here {
				return chromedp.Do(ctx, tabs(1), strike(strings.ReplaceAll(rest, "-", "")+year))
			}
			if err := chromedp.Do(ctx, tabs(-1)); err != nil {
				return err
			}
		}
	})
}

// chosen goes to the option of a value.
func chosen(selector, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		n, err := chromedp.Run(ctx, chromedp.Evaluate[int](fmt.Sprintf(
			"(() => { const list = document.querySelector(%q); return [...list.options].findIndex(o => o.value === %q) - list.selectedIndex; })()", selector, value)))
		if err != nil {
			return err
		}
		return chromedp.Do(ctx, times(n, kb.ArrowDown, kb.ArrowUp))
	})
}

// upload leads to a field for files and chooses some.
func upload(selector string, files ...string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		return chromedp.Do(ctx, tabTo(selector), chromedp.SetUploadFiles(selector, files))
	})
}

// What is between leave and arrive leads to another page.
var (
	leave  = evaluate("window.leftForGood = true")
	arrive = wait("!window.leftForGood && document.readyState === 'complete'")
)

// mark remembers the places of all that comes before the part of the page.
func (w *window) mark(part string) {
	w.t.Helper()
	w.ask(fmt.Sprintf("holdPlaces(%q), ''", part))
}

// wantHeld fails the test for what has moved since.
func (w *window) wantHeld(change string) {
	w.t.Helper()
	if moved := w.ask("movedPlaces().slice(0, 5).join(' | ')"); moved != "" {
		w.t.Errorf("%s moves %s", change, moved)
	}
}

// wantFocus waits until the focus is in a place of the page.
func (w *window) wantFocus(place string) {
	w.t.Helper()
	w.do(wait(fmt.Sprintf("document.activeElement.closest(%q)", place)))
}
