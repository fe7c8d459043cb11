package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/api"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// auditList is a page of the audit log as a client reads it.
type auditList struct {
	Items []api.AuditEntry `json:"items"`
	Next  string           `json:"next"`
	// Schema is what the description says of the answer.
	Schema string `json:"$schema"`
}

func (p *program) audit(query string) auditList {
	p.t.Helper()
	var list auditList
	p.get("/api/v1/audit?" + query).want(http.StatusOK).into(&list)
	return list
}

func TestAuditLogOfTheAPI(t *testing.T) {
	w := newWorld(t)
	reporter, supervisor, admin, all := w.program("reporter"), w.program("supervisor"), w.program("administrator"), w.program("nation")
	supervisor.call(http.MethodPost, "/api/v1/reports/"+number(w.inside.report)+"/return", map[string]any{"reason": "链接打不开"}, "If-Match", `"0"`).want(http.StatusOK)

	list := reporter.audit("unit=" + w.inside.code + "&object=report")
	if len(list.Items) < 2 || list.Items[0].Action != "return" || list.Items[len(list.Items)-1].Action != "file" {
		t.Fatalf("the reporter sees %+v, want the return first and the filing last", list.Items)
	}
	first := list.Items[0]
	if first.User != "The supervisor" || first.ObjectID != w.inside.report || first.Unit == nil || *first.Unit != w.inside.code || first.Via != "token" || first.Address != "" {
		t.Errorf("the return is told as %+v", first)
	}
	var changes map[string][2]any
	if err := json.Unmarshal(first.Changes, &changes); err != nil || changes["status"] != [2]any{"filed", "returned"} || !strings.Contains(string(first.Detail), "链接打不开") {
		t.Errorf("changes %s, detail %s, error %v", first.Changes, first.Detail, err)
	}
	// An administrator sees from where, and can prove the entry.
	seen := admin.audit("object=report&id=" + number(w.inside.report)).Items[0]
	if seen.Address == "" || seen.Entry != first.Entry {
		t.Errorf("the administrator sees %+v", seen)
	}
	var before models.AuditEntry
	if err := w.store.Read(t.Context()).Order("seq DESC").Offset(1).Take(&before, "strand = 0").Error; err != nil {
		t.Fatal(err)
	}
	unit := uint64(0)
	if err := w.store.Read(t.Context()).Table("units").Where("code = ?", *seen.Unit).Pluck("id", &unit).Error; err != nil {
		t.Fatal(err)
	}
	entry := models.AuditEntry{Seq: before.Seq + 1, At: seen.At, UserID: seen.UserID, UserName: seen.User, Behalf: seen.Behalf, Via: seen.Via, Address: seen.Address,
		Action: seen.Action, Object: seen.Object, ObjectID: seen.ObjectID, UnitID: &unit, Changes: string(seen.Changes), Detail: string(seen.Detail)}
	if got := store.HashEntry(before.Hash, entry); got != seen.Hash {
		t.Errorf("what the API tells has the hash %s, the entry %s", got, seen.Hash)
	}
	// What concerns no unit is for administrators of the whole tree.
	unitless := func(p *program) int {
		return len(slices.DeleteFunc(p.audit("limit=200").Items, func(e api.AuditEntry) bool { return e.Unit != nil }))
	}
	if some, every := unitless(admin)+unitless(w.program("governor")), unitless(all); some != 0 || every == 0 {
		t.Errorf("administrators of some units see %d entries about no unit, one of all sees %d", some, every)
	}
	// Pages go on.
	page := all.audit("limit=3")
	next := all.audit("limit=3&cursor=" + page.Next)
	if len(page.Items) != 3 || len(next.Items) != 3 || next.Items[0].Entry == page.Items[2].Entry || next.Items[0].At.After(page.Items[2].At) {
		t.Errorf("pages %+v and %+v", page.Items, next.Items)
	}
	for query, field := range map[string]string{"from=x": "from", "to=2017-02-30": "to", "id=x": "id", "id=5": "id", "limit=0": "limit", "limit=x": "limit", "limit=201": "limit", "cursor=x": "cursor"} {
		if fields := all.get("/api/v1/audit?" + query).refused(http.StatusUnprocessableEntity).fields(); len(fields) != 1 || fields[0] != field {
			t.Errorf("%s: the fields %v are refused, want %s", query, fields, field)
		}
	}
}

func TestAuditPage(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	w.signIn("supervisor").post("/reports/"+number(w.inside.report)+"/return", url.Values{"version": {"0"}, "reason": {"链接打不开"}}).want(http.StatusSeeOther)
	page := b.get("/audit?object=report").want(http.StatusOK)
	if got := page.text(".top-nav a[aria-current]"); got != "Log" {
		t.Errorf("current place %q", got)
	}
	if got := page.text(".audit-list tbody tr:last-child .audit-what strong"); got != "Filed" {
		t.Errorf("first entry %q", got)
	}
	if got := page.text(".audit-list tbody tr:first-child .audit-facts"); !strings.Contains(got, "waiting → returned") || !strings.Contains(got, "链接打不开") {
		t.Errorf("the return is told as %q", got)
	}
	if strings.Contains(page.body, w.sibling.name) || strings.Contains(page.body, "192.0.2.1") {
		t.Error("the reporter sees another city or an address")
	}
	if got := w.signIn("administrator").get("/audit?action=return").want(http.StatusOK).text(".audit-when"); !strings.Contains(got, "browser, 192.0.2.1") {
		t.Errorf("the administrator sees %q, not from where the request came", got)
	}
	duty := b.get("/audit?object=duty&id=" + number(w.inside.waiting)).want(http.StatusOK).page()
	links := duty.Find(".audit-what a[href='/duties/" + number(w.inside.waiting) + "']").Length()
	if n := duty.Find(".audit-list tbody tr").Length(); n < 2 || links != n {
		t.Errorf("%d entries about the duty, %d lead to it; want its report's two at least", n, links)
	}
	b.get("/audit?unit=" + w.sibling.code).want(http.StatusNotFound)
	b.get("/audit?from=x").want(http.StatusUnprocessableEntity)
	if w.signIn("viewer").get("/").page().Find(".top-nav a[href='/audit']").Length() != 0 {
		t.Error("a viewer is offered the log")
	}
}

// filled returns the flags of a database with a log of three entries.
func filled(t *testing.T, config store.Config) []string {
	t.Helper()
	s := storetest.Open(t, config)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range 3 {
		entry := models.AuditEntry{At: time.Date(2017, 6, 9, 4, n, 0, 0, time.UTC), Action: "file", Object: "report", ObjectID: uint64(n + 1)}
		if err := s.Write(t.Context(), func(tx *gorm.DB) error { return store.Record(tx, entry) }); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"--db", config.URL, "--data", config.Dir}
}

func TestAuditVerifyCommand(t *testing.T) {
	for name, config := range map[string]store.Config{"sqlite": {Dir: t.TempDir()}, "mysql": {URL: storetest.MySQLURL(t), Dir: t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			flags := filled(t, config)
			verify := func(more ...string) result {
				return sundial(t, "", append(append([]string{"--lang", "en", "audit", "verify"}, flags...), more...)...)
			}
			sound := verify()
			if sound.code != exitDone || !strings.HasPrefix(sound.stdout, "The audit log is sound: 3 entries.\n") || sound.stderr != "" {
				t.Fatalf("untouched: %+v", sound)
			}
			fingerprint := strings.TrimSpace(sound.stdout[strings.LastIndex(sound.stdout, ": ")+2:])
			if got := verify("--since", fingerprint); got.code != exitDone {
				t.Errorf("its own fingerprint: %+v", got)
			}
			if got := verify("--since", "abc"); got.code != exitUsage || !strings.Contains(got.stderr, "abc") {
				t.Errorf("no fingerprint: %+v", got)
			}
			var report auditReport
			if got := verify("--json"); json.Unmarshal([]byte(got.stdout), &report) != nil || !report.Sound || report.Entries != 3 || report.Fingerprint != fingerprint || report.Continues != nil {
				t.Errorf("as JSON: %+v", got)
			}
			s := storetest.Open(t, config)
			touch := func(change func(tx *gorm.DB) error) {
				t.Helper()
				if err := s.Write(t.Context(), change); err != nil {
					t.Fatal(err)
				}
			}
			var second models.AuditEntry
			if err := s.Read(t.Context()).Take(&second, "object_id = 2").Error; err != nil {
				t.Fatal(err)
			}
			entry := store.EntryName(second.Strand, second.Seq)
			touch(func(tx *gorm.DB) error {
				return tx.Model(&models.AuditEntry{}).Where("strand = ? AND seq = ?", second.Strand, second.Seq).Update("user_name", "李某").Error
			})
			got := verify()
			if want := "sundial: The audit log was touched: entry " + entry + " (9 Jun 2017 12:01) does not fit its hash and the entry before it.\n"; got.code != exitRefused || got.stderr != want || got.stdout != "" {
				t.Errorf("altered: %+v, want %s", got, want)
			}
			report = auditReport{}
			got = verify("--json", "--since", fingerprint)
			if err := json.Unmarshal([]byte(got.stdout), &report); err != nil || got.code != exitRefused || report.Sound || len(report.Broken) != 1 || report.Broken[0].Entry != entry || report.Broken[0].Fault != "altered" || report.Continues == nil || *report.Continues {
				t.Errorf("altered, as JSON: %+v", got)
			}
			// Whoever empties the log leaves a sound one, which is not the one noted.
			touch(func(tx *gorm.DB) error {
				if err := tx.Where("1 = 1").Delete(&models.AuditEntry{}).Error; err != nil {
					return err
				}
				return tx.Model(&models.AuditStrand{}).Where("1 = 1").Updates(map[string]any{"seq": 0, "hash": ""}).Error
			})
			if got := verify(); got.code != exitDone {
				t.Errorf("emptied: %+v", got)
			}
			if got := verify("--since", fingerprint); got.code != exitRefused || !strings.Contains(got.stderr, "rewritten") || got.stdout != "" {
				t.Errorf("emptied, with the fingerprint: %+v", got)
			}
		})
	}
}
