package main

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sundial/models"
)

// wantHomes demands that each role of the demo begins where its work is.
func (d *demonstrated) wantHomes(t *testing.T) {
	for login, want := range map[string]string{
		"sd-supervisor":  "/units/370000/board",
		"sd-reporter":    "/units/370100",
		"sd-qingdao":     "/units/370200",
		"sd-units":       "/units/370000/board", // nothing is left to report for the province itself
		"sd-coordinator": "/units/370000/rotation",
		"sd-assessor":    "/units/370000/assessment", // its round is frozen
		"js-assessor":    "/rounds/",                 // its round is open
		"sd-viewer":      "/units/370100/standing",
		"zd-supervisor":  "/units/421303/board",
	} {
		b := d.signIn(login)
		to := b.get("/").want(http.StatusSeeOther).Header.Get("Location")
		if to != want && (!strings.HasSuffix(want, "/") || !strings.HasPrefix(to, want)) {
			t.Errorf("%s begins at %s, want %s", login, to, want)
		}
		b.get(to).want(http.StatusOK)
	}
}

// The leader of a city sees its place among all cities, but the names of none; the
// province's sees all names.
func TestTheClassHasNamesForWhoMayReadThem(t *testing.T) {
	w := newWorld(t)
	w.addUser("leader", models.Viewer, "370100")
	if to := w.signIn("leader").get("/").want(http.StatusSeeOther).Header.Get("Location"); to != "/units/370100/standing" {
		t.Errorf("the leader begins at %s", to)
	}
	look := func(login string) (own, names, dots int, place string) {
		page := w.signIn(login).get("/units/370100/standing?year=2017").want(http.StatusOK).page()
		strip := page.Find(".placing").First()
		return strip.Find(".strip-own title").Length(), strip.Find(".strip-dot title").Length(), strip.Find(".strip-dot").Length(), page.Find(".placing-place").First().Text()
	}
	own, names, dots, place := look("leader")
	if own != 1 || names != 0 || dots != 16 {
		t.Errorf("the leader of Jinan sees %d names on %d dots, and the own one %d times", names, dots, own)
	}
	_, names, dots, same := look("province")
	if names != 16 || dots != 16 || same != place {
		t.Errorf("the province sees %d names on %d dots, and %s instead of %s", names, dots, same, place)
	}
	if body := w.signIn("leader").get("/units/370100/standing?year=2017").body; strings.Contains(body, "Qingdao") || strings.Contains(body, "青岛") {
		t.Error("the page names another city")
	}
	w.signIn("leader").get("/units/370200/standing").want(http.StatusNotFound)
}

// Whatever the board says of what comes next is what the lists behind it have.
func TestTheBoardsListsLeadToWhatTheyCount(t *testing.T) {
	w := newWorld(t)
	w.addUser("overseer", models.Viewer, "370000")
	w.clock.set(noon("2017-06-12"))
	b := w.signIn("province")
	page := b.get("/units/370000/board?year=2017").want(http.StatusOK).page()
	if page.Find(".board-lists section").Length() != 3 {
		t.Fatal("the board has not its three lists")
	}
	page.Find("section[aria-labelledby=ahead] .board-line").Each(func(_ int, line *goquery.Selection) {
		path, _ := line.Attr("href")
		want := strings.Fields(line.Find(".board-much").Text())[0]
		count := 0
		for path != "" {
			list := b.get(path).want(http.StatusOK).page()
			count += list.Find(".duty-list tbody tr").Length()
			path, _ = list.Find(".pager a[rel=next]").Attr("href")
		}
		if strconv.Itoa(count) != want {
			t.Errorf("%s: %d duties, the line says %s", line.Text(), count, want)
		}
	})
	waiting := page.Find("section[aria-labelledby=waiting] .board-line")
	if waiting.Length() == 0 {
		t.Error("nothing waits for the province")
	}
	figure := page.Find(".headline.s-reported .headline-value").Text()
	if all := page.Find("section[aria-labelledby=waiting] .panel-head a").Text(); !strings.Contains(all, figure) {
		t.Errorf("%s wait, the list is %q", figure, all)
	}
	general := w.signIn("overseer").get("/units/370000/board?year=2017").want(http.StatusOK).page()
	if general.Find("section[aria-labelledby=waiting] .board-line[href^='/duties?']").Length() == 0 {
		t.Error("who does not verify sees nothing of what waits")
	}
	b.get("/duties?unit=370000&due=yesterday").want(http.StatusUnprocessableEntity)
}
