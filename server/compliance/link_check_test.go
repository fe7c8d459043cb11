package compliance_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/evidence"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// site answers with a page, and nothing under /gone.
func site(t *testing.T) (address, host string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone":
			http.NotFound(w, r)
		case "/away":
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<title>实施方案</title>")
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, strings.TrimPrefix(server.URL, "http://")
}

func (w *world) looksAt(hosts ...string) *world {
	w.Helper()
	checker, err := evidence.NewLinkChecker(hosts)
	w.must(err)
	w.LookAtLinks(checker)
	return w
}

func TestLinksAreLookedAt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan, qingdao).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		address, host := site(t)
		plan := w.duty(jinan, "sd2017.plan")
		filing := soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))
		file := func(url string) *models.Report {
			filing.URL = url
			return w.filed(jinan, plan, filing)
		}
		report, officer := file(address+"/away"), w.actor(models.Supervisor, "370000")
		w.unchanged(t, func() {
			_, err := w.CheckLink(t.Context(), officer, report.ID)
			wantError(t, err, models.Conflict, "link.off")
			w.looksAt()
			_, err = w.CheckLink(t.Context(), officer, report.ID)
			wantError(t, err, models.Conflict, "link.off")
			w.looksAt("www.example.gov.cn")
			_, err = w.CheckLink(t.Context(), officer, report.ID)
			wantFields(t, err, map[string]string{"url": "link.not_listed"})
			w.looksAt(host)
			_, err = w.CheckLink(t.Context(), w.actor(models.Viewer, jinan), report.ID)
			wantError(t, err, models.Forbidden, "link.not_yours")
			for _, id := range []uint64{report.ID, 987654} {
				_, err = w.CheckLink(t.Context(), w.actor(models.Supervisor, qingdao), id)
				wantError(t, err, models.NotFound, "report.unknown")
			}
		})
		look := func(id uint64, status int, title, failure string) {
			t.Helper()
			seen, err := w.CheckLink(t.Context(), officer, id)
			w.must(err)
			if seen.Status != status || seen.Title != title || seen.Failure != failure || (seen.Why.Key == "") != (failure == "") || seen.CheckedName != officer.Name {
				t.Errorf("seen %+v", seen)
			}
		}
		look(report.ID, http.StatusFound, "", "link.redirected_outside")
		w.returned(report)
		report = file(address + "/gone")
		look(report.ID, http.StatusNotFound, "", "")
		w.returned(report)
		report = file(address + "/plan")
		_, err := w.CheckLink(t.Context(), w.actor(models.Reporter, jinan), report.ID)
		w.must(err)
		look(report.ID, http.StatusOK, "实施方案", "")
		detail, err := w.Duty(t.Context(), rbac.Everywhere, plan.ID, w.Today())
		w.must(err)
		if links := detail.Reports[0].Links; len(links) != 2 || !links[0].Sound() || links[0].CheckedBy != officer.ID || links[0].Title != "实施方案" {
			t.Errorf("on record: %+v", links)
		}
		if gone := detail.Reports[1].Links; len(gone) != 1 || gone[0].Sound() {
			t.Errorf("on record: %+v", gone)
		}
		if away := detail.Reports[2].Links; len(away) != 1 || away[0].Sound() || away[0].Why.Args["Host"] != "elsewhere.invalid" {
			t.Errorf("on record: %+v", away)
		}
		w.wantAudit("report", report.ID, 3)
	})
}

func TestLinksAreLookedAtInModeration(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
	address, host := site(t)
	filing := soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))
	filing.URL = address
	report, officer := w.looksAt(host).filed(jinan, w.duty(jinan, "sd2017.plan"), filing), w.actor(models.Supervisor, jinan)
	for range 5 {
		_, err := w.CheckLink(t.Context(), officer, report.ID)
		w.must(err)
	}
	w.unchanged(t, func() {
		_, err := w.CheckLink(t.Context(), officer, report.ID)
		wantError(t, err, models.TooMany, "link.too_many")
	})
	_, err := w.CheckLink(t.Context(), w.actor(models.Supervisor, jinan), report.ID)
	w.must(err)
	w.clock.Add(2000)
	_, err = w.CheckLink(t.Context(), officer, report.ID)
	w.must(err)
}

// A report whose form asks for no address has no link to look at.
func TestAReportWithoutALinkIsNotLookedAt(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t), "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10").looksAt("*.gov.test")
	filing := soundFiling(w.rules["sd2017.briefing"], day("2017-06-09"))
	filing.URL = ""
	report := w.filed(jinan, w.duty(jinan, "sd2017.briefing"), filing)
	_, err := w.CheckLink(t.Context(), w.root(models.Supervisor), report.ID)
	wantError(t, err, models.Conflict, "link.none")
}

func TestADutysPageOfThePastShowsNoLaterLook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "370000", jinan).at("2017-01-01").activated("shandong-2017", 2017).at("2017-06-10")
		address, host := site(t)
		filing := soundFiling(w.rules["sd2017.plan"], day("2017-06-09"))
		filing.URL = address
		report := w.looksAt(host).filed(jinan, w.duty(jinan, "sd2017.plan"), filing)
		for _, on := range []string{"2017-06-12", "2017-06-14"} {
			w.at(on)
			_, err := w.CheckLink(t.Context(), w.root(models.Supervisor), report.ID)
			w.must(err)
		}
		for asOf, want := range map[string]int{"2017-06-11": 0, "2017-06-12": 1, "2017-06-13": 1, "2017-06-14": 2} {
			detail, err := w.Duty(t.Context(), rbac.Everywhere, report.DutyID, day(asOf))
			w.must(err)
			if got := len(detail.Reports[0].Links); got != want {
				t.Errorf("as of %s %d looks are shown, want %d", asOf, got, want)
			}
		}
	})
}
