package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTheDaySlidesInABrowser moves the day of the board with the arrow keys: the address
// and the numbers follow while the page stays where it is, what the new block has works,
// and the way back leads through the days.
func TestTheDaySlidesInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.set(noon("2017-06-20"))
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	windows := openWindows(t, server.URL, 1)
	office := windows[0]
	office.signIn("province", ".matrix")
	overdue := func() string {
		return office.ask("document.querySelector('.headline.s-overdue .headline-value').textContent")
	}
	height := func() float64 {
		n, err := strconv.ParseFloat(office.ask("String(document.querySelector('main').getBoundingClientRect().height)"), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	office.do(press(".tour-end button"), chromedp.WaitNotPresent(".tour"), chromedp.WaitVisible(".matrix"))
	today, tall := overdue(), height()
	office.mark("#as-of-view")
	office.ask("window.stayed = 'yes'")
	office.do(tabTo(".as-of-range"), strike(strings.Repeat(kb.ArrowLeft, 5)))
	office.until("location.search.includes('as_of=2017-06-15') && !document.querySelector('#as-of-view[aria-busy]')")
	if said := office.ask("document.querySelector('.as-of output').textContent + document.querySelector('.as-of-range').getAttribute('aria-valuetext') + document.querySelector('[name=as_of]').value"); said != "2017年6月15日2017年6月15日2017-06-15" {
		t.Errorf("the slider says %q", said)
	}
	if then := overdue(); then == today || then == "" {
		t.Errorf("%q are overdue on the 15th, %q on the 20th", then, today)
	}
	office.wantHeld("another day")
	if got := height(); got < tall {
		t.Errorf("the page was %f high, now %f", tall, got)
	}
	if focused := office.ask("document.activeElement.className + ' ' + (window.stayed || 'no')"); focused != "as-of-range yes" {
		t.Errorf("the focus is on %q", focused)
	}
	if said := office.ask("document.querySelector('.as-of [role=status]').textContent"); said == "" || said != office.ask("document.querySelector('#page-finding').textContent") {
		t.Errorf("what is said of the new day is %q", said)
	}

	// The numbers are those of the API on that day.
	var board struct {
		Totals []struct{ Overdue int }
	}
	answer := w.program("province").get("/api/v1/boards/370000?year=2017&as_of=2017-06-15").want(http.StatusOK)
	if err := json.Unmarshal([]byte(answer.body), &board); err != nil {
		t.Fatal(err)
	}
	late := 0
	for _, cell := range board.Totals {
		late += cell.Overdue
	}
	if got := overdue(); got != strconv.Itoa(late) {
		t.Errorf("the board has %s overdue, the API %d", got, late)
	}

	// Back to today: the units can be chosen again, and are counted.
	office.do(press(".as-of-today"))
	office.until("location.search.includes('year=2017') && !location.search.includes('as_of') && document.querySelector('.urge-pick') !== null")
	office.do(press(".urge-pick"))
	if button := office.ask("document.querySelector('form[data-bulk] button').textContent"); !strings.Contains(button, "1") {
		t.Errorf("one unit is chosen and the button says %q", button)
	}
	office.ask("history.back(), ''")
	office.until("location.search.includes('as_of=2017-06-15') && document.querySelector('[name=as_of]')?.value === '2017-06-15' && document.querySelector('.matrix') !== null")

	// A typed date, and another year of the same day.
	office.do(enter(".as-of input[type=date]", "2017-06-09"), tabTo(".as-of-range"))
	office.until("location.search.includes('as_of=2017-06-09') && document.querySelector('.as-of-range')?.value === '159'")

	// A year that the arrow keys pass by is not opened before Enter is pressed.
	office.do(tabTo("[data-as-of-year]"), strike(kb.ArrowUp))
	if at := office.ask("document.activeElement.value + document.querySelector('[name=as_of]').value + location.search"); at != "20182017-06-09?year=2017&as_of=2017-06-09" {
		t.Errorf("in the list of years one is at %s", at)
	}
	office.do(leave, strike(kb.Enter), arrive, wait("location.search.includes('year=2018')"))
	wantQuiet(t, windows)
}
