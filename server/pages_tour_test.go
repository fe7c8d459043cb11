package main

import (
	"net/http"
	"net/url"
	"testing"
)

// Whoever is new sees the tour where they begin, until they end it; another user's is theirs.
func TestTheTourIsShownUntilItIsEnded(t *testing.T) {
	w := newWorld(t)
	reporter, office := w.signIn("reporter"), w.signIn("supervisor")
	shows := func(b *browser) bool {
		response := b.get("/")
		for response.StatusCode == http.StatusSeeOther {
			response = b.get(response.Header.Get("Location"))
		}
		return response.want(http.StatusOK).page().Find(".tour").Length() == 1
	}
	w.browser("en").post("/tour/end", url.Values{"seen": {"1"}}).want(http.StatusUnauthorized)
	if !shows(reporter) || reporter.get("/inbox").want(http.StatusOK).page().Find(".tour").Length() != 0 {
		t.Error("the tour is shown to whoever is new where they begin, and only there")
	}
	reporter.post("/tour/end", url.Values{"next": {"/inbox"}}).want(http.StatusSeeOther)
	if !shows(reporter) {
		t.Error("a form without its button has ended the tour")
	}
	if to := reporter.post("/tour/end", url.Values{"seen": {"1"}, "next": {"/inbox"}}).want(http.StatusSeeOther).Header.Get("Location"); to != "/inbox" {
		t.Errorf("led to %s", to)
	}
	if shows(reporter) || !shows(office) {
		t.Error("the tour is ended for who has ended it, and for nobody else")
	}
	reporter.post("/tour/again", nil).want(http.StatusSeeOther)
	if !shows(reporter) {
		t.Error("the tour is not shown again")
	}
}
