package bulletin_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

// scene is a world in which Shandong's policy of 2017 is in force, Jinan has published its
// plan in time, and the office publishes bulletins.
type scene struct {
	*desktest.World
	*bulletin.Desk
	scores *assessment.Desk
	office compliance.Actor
}

func newScene(t *testing.T, s *store.Store) scene {
	t.Helper()
	w := desktest.New(t, s)
	w.At("2017-05-05")
	w.Activate("shandong-2017", 2017)
	w.At("2017-06-10")
	w.Verify(w.File(desktest.Jinan, w.Duty(desktest.Jinan, "sd2017.plan").ID, planned))
	w.At("2017-07-10 09:00")
	scores := assessment.New(s, w.Ledger, w.Now)
	return scene{w, bulletin.New(s, w.Ledger, scores, supervision.New(s, w.Ledger, w.Now), w.Now), scores, w.Supervisor(desktest.Shandong)}
}

var planned = rules.Filing{On: desktest.Day("2017-06-08"), Title: "实施方案", URL: "https://x.invalid/plan"}

func (s scene) input() bulletin.Input {
	return bulletin.Input{Year: 2017, AsOf: desktest.Day("2017-06-30"), Settings: bulletin.DefaultSettings}
}

func (s scene) draft() *models.Bulletin {
	s.Helper()
	row, err := s.Draft(s.Context(), s.office, desktest.Shandong, s.input())
	s.Must(err)
	return row
}

func (s scene) view(id uint64) *bulletin.View {
	s.Helper()
	view, err := s.Bulletin(s.Context(), s.office, id)
	s.Must(err)
	return view
}

// append adds to the first paragraph of a draft.
func (s scene) append(id uint64, text string, ticks ...bulletin.Ticked) error {
	s.Helper()
	view := s.view(id)
	in := bulletin.WordsInput{Title: view.Title, Number: view.Number, Change: view.Change, Words: view.Words}
	in.Words.Paragraphs[0].Text += text
	in.Words.Ticked = append(in.Words.Ticked, ticks...)
	_, err := s.PutWords(s.Context(), s.office, id, view.Version, in)
	return err
}

func (s scene) publish(id uint64) *models.Bulletin {
	s.Helper()
	row, err := s.Publish(s.Context(), s.office, id, s.view(id).Version)
	s.Must(err)
	return row
}

// rows counts the rows of the tables that publishing writes to.
func (s scene) rows() (counts [3]int64) {
	s.Helper()
	for i, table := range []string{"bulletins", "messages", "audit_entries"} {
		s.Must(s.Store.Read(s.Context()).Table(table).Count(&counts[i]).Error)
	}
	return counts
}

func TestWhoMayPublish(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.draft()
		before := s.rows()
		for name, c := range map[string]struct {
			actor compliance.Actor
			code  models.Code
		}{
			"who reports for the province": {s.Reporter(desktest.Shandong), models.Forbidden},
			"the supervisor of a city":     {s.Supervisor(desktest.Jinan), models.NotFound},
			"somebody of another province": {s.Supervisor("210000"), models.NotFound},
		} {
			_, err := s.Draft(s.Context(), c.actor, desktest.Shandong, s.input())
			if !models.IsCode(err, c.code) {
				t.Errorf("%s drafts: %v", name, err)
			}
			// A draft is not there for who may not manage it.
			in := bulletin.WordsInput{Title: "标题", Words: bulletin.Words{Paragraphs: []bulletin.Paragraph{{Text: "文字"}}}}
			_, read := s.Bulletin(s.Context(), c.actor, row.ID)
			_, report := s.Report(s.Context(), c.actor, row.ID)
			_, words := s.PutWords(s.Context(), c.actor, row.ID, row.Version, in)
			_, composed := s.Recompose(s.Context(), c.actor, row.ID, row.Version, s.input())
			_, published := s.Publish(s.Context(), c.actor, row.ID, row.Version)
			for act, err := range map[string]error{"reads": read, "checks": report, "writes": words, "composes": composed, "publishes": published,
				"discards": s.Discard(s.Context(), c.actor, row.ID, row.Version)} {
				if !models.IsCode(err, models.NotFound) {
					t.Errorf("%s %s: %v", name, act, err)
				}
			}
		}
		if _, err := s.Public(s.Context(), row.Series, 1); !models.IsCode(err, models.NotFound) {
			t.Errorf("the draft is public: %v", err)
		}
		if list, err := s.Bulletins(s.Context(), s.Reporter(desktest.Shandong), desktest.Shandong, bulletin.Query{}); err != nil || len(list.Items) != 0 {
			t.Errorf("who reports sees %d drafts, %v", len(list.Items), err)
		}
		if after := s.rows(); after != before {
			t.Errorf("what was refused has written: %v, before %v", after, before)
		}
		s.publish(row.ID)
		if _, err := s.Correct(s.Context(), s.Reporter(desktest.Shandong), row.ID, "更正"); !models.IsCode(err, models.Forbidden) {
			t.Errorf("who reports corrects: %v", err)
		}
	})
}

func TestWhatNoBulletinIsAbout(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		for key, change := range map[string]func(in *bulletin.Input){
			"bulletins.as_of_unfinished": func(in *bulletin.Input) { in.AsOf = desktest.Day("2017-07-10") },
			"bulletins.as_of_missing":    func(in *bulletin.Input) { in.AsOf = 0 },
			"bulletins.as_of_early":      func(in *bulletin.Input) { in.AsOf = desktest.Day("2016-12-31") },
			"error.bad_year":             func(in *bulletin.Input) { in.Year = 17 },
			"bulletins.year_idle":        func(in *bulletin.Input) { in.Year = 2016 },
			"bulletins.policy_unknown": func(in *bulletin.Input) {
				in.Policy = "none"
			},
			"bulletins.policy_idle":      func(in *bulletin.Input) { in.Policy = "liaoning-2016" },
			"bulletins.round_unknown":    func(in *bulletin.Input) { in.Round = 99 },
			"bulletins.out_of_range":     func(in *bulletin.Input) { in.Settings.Praise.RankTo = -1 },
			"bulletins.bad_rate":         func(in *bulletin.Input) { in.Settings.Criticism.CompletionBelow = 10001 },
			"bulletins.rule_needs_urges": func(in *bulletin.Input) { in.Settings.Parts.Urges = false },
			"bulletins.rule_needs_findings": func(in *bulletin.Input) {
				in.Settings.Parts.Findings, in.Settings.Criticism.SeriousFinding = false, false
			},
		} {
			in := s.input()
			change(&in)
			_, err := s.Draft(s.Context(), s.office, desktest.Shandong, in)
			s.WantCode(err, models.Invalid, key)
		}
		if counts := s.rows(); counts[0] != 0 {
			t.Errorf("%d bulletins are stored", counts[0])
		}
	})
}

func TestRoundsThatCannotBePublished(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	schemes := uint64(0)
	round := func(unit string, year int, status models.RoundStatus) uint64 {
		schemes++
		row := models.Round{SchemeID: schemes, UnitID: s.Unit(unit).ID, Year: year, Title: "考核", Status: status, OpenedAt: store.Instant(s.Now()), Version: 1}
		s.Must(s.Store.Write(s.Context(), func(tx *gorm.DB) error {
			scheme := models.ScoringScheme{ID: schemes, Code: "x", Edition: int(schemes), UnitID: row.UnitID, Year: year, Status: models.SchemeFrozen, CreatedAt: row.OpenedAt, Version: 1}
			if err := tx.Create(&scheme).Error; err != nil {
				return err
			}
			return tx.Create(&row).Error
		}))
		return row.ID
	}
	for key, id := range map[string]uint64{
		"bulletins.round_unknown": round("210000", 2017, models.RoundFrozen),
		"bulletins.round_year":    round(desktest.Shandong, 2016, models.RoundFrozen),
		"bulletins.round_open":    round(desktest.Shandong, 2017, models.RoundScoring),
	} {
		in := s.input()
		in.Round = id
		_, err := s.Draft(s.Context(), s.office, desktest.Shandong, in)
		s.WantCode(err, models.Invalid, key)
	}
}

func TestWordsThatAreRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.draft()
		s.WantCode(s.append(row.ID, "共{没有的}项。"), models.Invalid, "bulletins.field_unknown")
		s.Must(s.append(row.ID, "另有1234家单位。"))
		_, err := s.Publish(s.Context(), s.office, row.ID, s.view(row.ID).Version)
		s.WantCode(err, models.Invalid, "bulletins.number_unknown")
		view := s.view(row.ID)
		_, err = s.PutWords(s.Context(), s.office, row.ID, row.Version, bulletin.WordsInput{Title: view.Title, Words: view.Words})
		s.WantCode(err, models.Stale, "bulletins.stale")

		report, err := s.Report(s.Context(), s.office, row.ID)
		s.Must(err)
		if report.OK() || len(report.Typed) != 1 || report.Typed[0].Shown != "1234" || report.Typed[0].Paragraph != 1 {
			t.Fatalf("pointed out %+v", report.Typed)
		}
		s.Must(s.append(row.ID, "", report.Typed[0].Ticked))
		s.publish(row.ID)
	})
}

func TestPublishingFreezes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		city := s.Reporter("370200")
		row := s.publish(s.draft().ID)
		if row.Series != "370000-2017-1" || row.Edition != 1 || len(row.Hash) != 64 || row.PublishedOn != desktest.Day("2017-07-10") {
			t.Errorf("published %+v", row)
		}
		in := bulletin.WordsInput{Title: "别的", Words: bulletin.Words{Paragraphs: []bulletin.Paragraph{{Text: "文字"}}}}
		_, words := s.PutWords(s.Context(), s.office, row.ID, row.Version, in)
		_, composed := s.Recompose(s.Context(), s.office, row.ID, row.Version, s.input())
		_, again := s.Publish(s.Context(), s.office, row.ID, row.Version)
		for _, err := range []error{words, composed, again, s.Discard(s.Context(), s.office, row.ID, row.Version)} {
			s.WantCode(err, models.Conflict, "bulletins.published")
		}
		public, err := s.Public(s.Context(), row.Series, 0)
		s.Must(err)
		if !public.Seal.Holds() || public.Newest != 1 || len(public.Paragraphs) == 0 || public.Data.Total.Owed == 0 {
			t.Errorf("public %+v, seal %+v", public.Publication, public.Seal)
		}
		// Jinan has done its plan, Qingdao has not: what is late is told to who is named.
		var told []models.InboxEntry
		s.Must(st.Read(t.Context()).Where("user_id = ?", city.ID).Find(&told).Error)
		named := false
		for _, n := range public.Data.Criticism {
			named = named || n.Unit.Code == desktest.Qingdao
		}
		if named != (len(told) == 1) {
			t.Errorf("Qingdao is named %v and told %d times", named, len(told))
		}
		if !named {
			t.Error("the rules of the test name nobody")
		}
	})
}

// Of a day that is over nothing that is filed later changes anything: not what is drafted,
// and not what was published.
func TestWhatIsFiledLaterIsNotInIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		in := s.input()
		in.AsOf = desktest.Day("2017-07-09")
		row, err := s.Draft(s.Context(), s.office, desktest.Shandong, in)
		s.Must(err)
		filing := planned
		filing.LateReason = "材料审签较晚"
		s.Verify(s.File(desktest.Qingdao, s.Duty(desktest.Qingdao, "sd2017.plan").ID, filing))
		s.publish(row.ID)
		now, err := s.Preview(s.Context(), s.office, desktest.Shandong, in)
		s.Must(err)
		if differences := s.view(row.ID).Data.Differences(now.Data); len(differences) > 0 {
			t.Errorf("the evening says %+v", differences)
		}
	})
}

// A draft whose numbers are not those of the board any more, for whatever reason, has to be
// composed again.
func TestChangedDataAreNotPublished(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.draft()
		s.touch("UPDATE bulletins SET data = REPLACE(data, ?, ?) WHERE id = ?", `"done":1,`, `"done":2,`, row.ID)
		_, err := s.Publish(s.Context(), s.office, row.ID, row.Version)
		s.WantCode(err, models.Conflict, "bulletins.data_changed")
		report, err := s.Report(s.Context(), s.office, row.ID)
		s.Must(err)
		found := false
		for _, d := range report.Differences {
			found = found || d.Group == "all" && d.Code == "done" && d.Before == "2" && d.Now == "1"
		}
		if !report.Stale || !found {
			t.Errorf("differences %+v", report.Differences)
		}
		row, err = s.Recompose(s.Context(), s.office, row.ID, row.Version, s.input())
		s.Must(err)
		s.publish(row.ID)
	})
}

func TestTwoPublicationsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.draft()
		var wait sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wait.Go(func() { _, errs[i] = s.Publish(s.Context(), s.office, row.ID, row.Version) })
		}
		wait.Wait()
		published := 0
		for _, err := range errs {
			if err == nil {
				published++
				continue
			}
			s.WantCode(err, models.Conflict, "bulletins.published")
		}
		var entries int64
		s.Must(st.Read(t.Context()).Model(&models.AuditEntry{}).Where("object = ? AND action = ?", "bulletin", "publish").Count(&entries).Error)
		if published != 1 || entries != 1 {
			t.Errorf("published %d times, %d entries", published, entries)
		}
	})
}

func TestTwoDraftsAtOnceHaveTwoNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		var wait sync.WaitGroup
		var mu sync.Mutex
		series := map[string]bool{}
		for range 4 {
			wait.Go(func() {
				row, err := s.Draft(s.Context(), s.office, desktest.Shandong, s.input())
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
					return
				}
				series[row.Series] = true
			})
		}
		wait.Wait()
		if len(series) != 4 {
			t.Errorf("series %v", series)
		}
	})
}

// touch changes the database by hand.
func (s scene) touch(sql string, values ...any) {
	s.Helper()
	s.Must(s.Store.Write(s.Context(), func(tx *gorm.DB) error { return tx.Exec(sql, values...).Error }))
}

func TestChangesByHandAreSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.publish(s.draft().ID)
		holds := func() bool {
			public, err := s.Public(s.Context(), row.Series, 1)
			s.Must(err)
			return public.Seal.Holds()
		}
		if !holds() {
			t.Fatal("untouched, the seal does not hold")
		}
		var was models.Bulletin
		s.Must(st.Read(t.Context()).Take(&was, row.ID).Error)
		for column, value := range map[string]any{"title": "别的标题", "number": "〔2018〕9号", "year": 2016, "as_of": "2017-06-29", "policy": "shandong-2017",
			"words": strings.Replace(was.Words, "政务公开", "政务工作", 1), "data": strings.Replace(was.Data, `"met":1`, `"met":2`, 1), "change_note": "改",
			"published_on": "2017-07-09", "settings": strings.Replace(was.Settings, "true", "false", 1), "unit_id": s.Unit(desktest.Jinan).ID, "data ": "{"} {
			column = strings.TrimSpace(column)
			s.touch("UPDATE bulletins SET "+column+" = ? WHERE id = ?", value, row.ID)
			if holds() {
				t.Errorf("%s is changed and the seal holds", column)
			}
			s.Must(st.Write(t.Context(), func(tx *gorm.DB) error { return tx.Save(&was).Error }))
			if !holds() {
				t.Fatalf("%s is as it was and the seal does not hold", column)
			}
		}
		// Whatever is written there, the page stays one, and nothing is read out of it.
		for name, c := range map[string]struct{ column, value string }{
			"more scored than listed": {"data", strings.Replace(was.Data, `"praise":`, `"ranking":{"classes":[{"class":"A","scored":2,"units":[{"rank":1}]}]},"praise":`, 1)},
			"no grade":                {"data", strings.Replace(was.Data, `"criticism":[`, `"criticism":[{"rule":"rank"},{"rule":"completion"},`, 1)},
			"nothing":                 {"data", "null"}, "empty": {"data", "{}"}, "no JSON": {"words", "?"}, "no settings": {"settings", ""},
		} {
			s.touch("UPDATE bulletins SET "+c.column+" = ? WHERE id = ?", c.value, row.ID)
			public, err := s.Public(s.Context(), row.Series, 1)
			s.Must(err)
			view, err := s.Bulletin(s.Context(), s.office, row.ID)
			s.Must(err)
			if public.Seal.Holds() || public.Paragraphs != nil || len(public.Data.Rows) > 0 || !view.Broken() || len(view.Data.Rows) > 0 {
				t.Errorf("%s: %+v", name, public.Publication)
			}
			_, err = s.Correct(s.Context(), s.office, row.ID, "更正。")
			s.WantCode(err, models.Conflict, "bulletins.broken_base")
			s.Must(st.Write(t.Context(), func(tx *gorm.DB) error { return tx.Save(&was).Error }))
		}
		// Whoever changes the hash too has the log against them, and the log has its chain.
		s.touch("UPDATE bulletins SET title = ? WHERE id = ?", "别的标题", row.ID)
		public, err := s.Public(s.Context(), row.Series, 1)
		s.Must(err)
		s.touch("UPDATE bulletins SET hash = ? WHERE id = ?", public.Seal.Now, row.ID)
		if holds() {
			t.Error("with its hash changed too the seal holds")
		}
		s.touch("UPDATE audit_entries SET detail = REPLACE(detail, ?, ?) WHERE object = ? AND action = ?", row.Hash, public.Seal.Now, "bulletin", "publish")
		if holds() {
			t.Error("with the log changed too the seal holds")
		}
	})
}

// A day that is none can be written by hand into SQLite alone.
func TestDaysThatAreNone(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	row := s.publish(s.draft().ID)
	for _, column := range []string{"as_of", "published_on", "published_at", "created_at", "composed_at"} {
		var was string
		s.Must(s.Store.Read(s.Context()).Raw("SELECT CAST(" + column + " AS TEXT) FROM bulletins").Scan(&was).Error)
		s.touch("UPDATE bulletins SET "+column+" = ? WHERE id = ?", "garbage", row.ID)
		public, err := s.Public(s.Context(), row.Series, 0)
		s.Must(err)
		if public.Seal.Holds() != strings.HasSuffix(column, "_at") {
			t.Errorf("%s is garbage; the seal: %+v", column, public.Seal)
		}
		_, err = s.Bulletins(s.Context(), s.office, desktest.Shandong, bulletin.Query{})
		s.Must(err)
		s.touch("UPDATE bulletins SET "+column+" = ? WHERE id = ?", was, row.ID)
	}
}

// rewrite changes what the log has of an act, with the hash that follows from it.
func (s scene) rewrite(id uint64, action, old, now string) {
	s.Helper()
	var e models.AuditEntry
	s.Must(s.Store.Read(s.Context()).Where("object = ? AND action = ? AND object_id = ?", "bulletin", action, id).Take(&e).Error)
	var before string
	s.Must(s.Store.Read(s.Context()).Model(&models.AuditEntry{}).Where("strand = ? AND seq = ?", e.Strand, e.Seq-1).Pluck("hash", &before).Error)
	e.Detail = strings.Replace(e.Detail, old, now, 1)
	s.touch("UPDATE audit_entries SET detail = ?, hash = ? WHERE strand = ? AND seq = ?", e.Detail, store.HashEntry(before, e), e.Strand, e.Seq)
}

func TestALogThatIsRewrittenBreaksTheSeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.publish(s.draft().ID)
		s.touch("UPDATE bulletins SET title = ? WHERE id = ?", "伪造", row.ID)
		public, err := s.Public(s.Context(), row.Series, 1)
		s.Must(err)
		s.touch("UPDATE bulletins SET hash = ? WHERE id = ?", public.Seal.Now, row.ID)
		s.rewrite(row.ID, "publish", row.Hash, public.Seal.Now)
		if public, err = s.Public(s.Context(), row.Series, 1); err != nil || public.Seal.Holds() {
			t.Errorf("with its entry rewritten at the end of the log: %v, %+v", err, public.Seal)
		}
		s.draft()
		if public, err = s.Public(s.Context(), row.Series, 1); err != nil || public.Seal.Holds() {
			t.Errorf("with its entry rewritten inside the log: %v, %+v", err, public.Seal)
		}
	})
}

func TestTheEditionBeforeIsCheckedToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.publish(s.draft().ID)
		second, err := s.Correct(s.Context(), s.office, row.ID, "补充说明。")
		s.Must(err)
		s.Must(s.append(second.ID, "请认真整改。"))
		s.publish(second.ID)
		var was models.Bulletin
		s.Must(st.Read(t.Context()).Take(&was, row.ID).Error)
		for column, value := range map[string]string{"title": "伪造的旧标题", "data": "{", "words": strings.Replace(was.Words, "{年度}", "{无}", 1), "status": "draft"} {
			s.touch("UPDATE bulletins SET "+column+" = ? WHERE id = ?", value, row.ID)
			public, err := s.Public(s.Context(), row.Series, 2)
			s.Must(err)
			if !public.Seal.Holds() || !public.Changes.Broken || public.Changes.Any() {
				t.Errorf("%s of the first edition is changed: %+v, changes %+v", column, public.Seal, public.Changes)
			}
			s.Must(st.Write(t.Context(), func(tx *gorm.DB) error { return tx.Save(&was).Error }))
		}
		s.touch("DELETE FROM bulletins WHERE id = ?", row.ID)
		if public, err := s.Public(s.Context(), row.Series, 2); err != nil || !public.Changes.Broken {
			t.Errorf("the first edition is gone: %v", err)
		}
	})
}

// What marks made-up facts is part of what is published.
func TestTheMarkOfADemoIsFrozen(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	row := s.publish(s.draft().ID)
	s.touch("UPDATE units SET demo = NOT demo WHERE id = ?", row.UnitID)
	public, err := s.Public(s.Context(), row.Series, 1)
	s.Must(err)
	if public.Demo || !public.Seal.Holds() {
		t.Errorf("the mark came afterwards: %v, %+v", public.Demo, public.Seal)
	}
}

func TestACorrectionIsAnotherEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		first := s.draft()
		_, err := s.Correct(s.Context(), s.office, first.ID, "更正")
		s.WantCode(err, models.Conflict, "bulletins.not_published")
		s.publish(first.ID)
		_, err = s.Correct(s.Context(), s.office, first.ID, " ")
		s.WantCode(err, models.Invalid, "bulletins.change_missing")
		second, err := s.Correct(s.Context(), s.office, first.ID, "补充说明。")
		s.Must(err)
		_, err = s.Correct(s.Context(), s.office, first.ID, "补充说明。")
		s.WantCode(err, models.Conflict, "bulletins.draft_waits")
		s.Must(s.append(second.ID, "请认真整改。"))
		s.publish(second.ID)
		_, err = s.Correct(s.Context(), s.office, first.ID, "补充说明。")
		s.WantCode(err, models.Conflict, "bulletins.not_newest")

		old, err := s.Public(s.Context(), first.Series, 1)
		s.Must(err)
		now, err := s.Public(s.Context(), first.Series, 0)
		s.Must(err)
		if old.Newest != 2 || old.Changes != nil || !old.Seal.Holds() || now.Edition != 2 || now.Change != "补充说明。" {
			t.Errorf("the first edition %d of %d, the newest %d: %s", old.Edition, old.Newest, now.Edition, now.Change)
		}
		if c := now.Changes; len(c.Numbers) != 0 || len(c.Paragraphs) != 1 || !strings.HasSuffix(c.Paragraphs[0].Now.Text, "请认真整改。") {
			t.Errorf("changes %+v", c)
		}
	})
}

// A number in the note of a correction has to be one of the data, or ticked; what cannot be
// seen is taken out.
func TestTheNoteIsCheckedBeforePublishing(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	row, err := s.Correct(s.Context(), s.office, s.publish(s.draft().ID).ID, "原有4\u200b242项，现予更正。")
	s.Must(err)
	if row.Change != "原有4242项，现予更正。" {
		t.Errorf("the note is %q", row.Change)
	}
	// Nothing is corrected yet.
	_, err = s.Publish(s.Context(), s.office, row.ID, row.Version)
	s.WantCode(err, models.Invalid, "bulletins.change_nothing")
	s.Must(s.append(row.ID, "请认真整改。"))
	_, err = s.Publish(s.Context(), s.office, row.ID, s.view(row.ID).Version)
	s.WantCode(err, models.Invalid, "bulletins.number_unknown")
	report, err := s.Report(s.Context(), s.office, row.ID)
	s.Must(err)
	s.Must(s.append(row.ID, "", report.Open()[0].Ticked))
	s.publish(row.ID)
}

// numbersOf lists the places of the whole numbers below some keys of a JSON object.
func numbersOf(value any, at []any, visit func(at []any)) {
	switch v := value.(type) {
	case map[string]any:
		for key, below := range v {
			numbersOf(below, append(at[:len(at):len(at)], key), visit)
		}
	case []any:
		for i, below := range v {
			numbersOf(below, append(at[:len(at):len(at)], i), visit)
		}
	case float64:
		visit(at)
	}
}

// Every count of the board and every total is held by at least one comparison: none can be
// changed alone.
func TestEveryTotalReconciles(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	view := s.view(s.draft().ID)
	failed := func(text []byte) int {
		var data bulletin.Data
		s.Must(json.Unmarshal(text, &data))
		report := bulletin.Report{Checks: data.Reconcile(view.Settings)}
		return len(report.Failed())
	}
	if got := failed([]byte(view.Bulletin.Data)); got != 0 {
		t.Fatalf("%d comparisons fail as it is", got)
	}
	var parsed map[string]any
	s.Must(json.Unmarshal([]byte(view.Bulletin.Data), &parsed))
	changed := 0
	for _, key := range []string{"total", "rows", "obligations", "classes"} {
		numbersOf(parsed[key], []any{key}, func(at []any) {
			switch at[len(at)-1] {
			case "due_soon", "extended":
				return // parts of others
			}
			if changed++; changed%7 != 0 {
				return // every one would take minutes
			}
			var copied any
			s.Must(json.Unmarshal([]byte(view.Bulletin.Data), &copied))
			add(copied, at)
			text, err := json.Marshal(copied)
			s.Must(err)
			if failed(text) == 0 {
				t.Errorf("%v can be changed alone", at)
			}
		})
	}
	for _, at := range [][]any{{"late", "overdue"}, {"late", "done_late"}} {
		var copied any
		s.Must(json.Unmarshal([]byte(view.Bulletin.Data), &copied))
		add(copied, at)
		text, err := json.Marshal(copied)
		s.Must(err)
		if failed(text) == 0 {
			t.Errorf("%v can be changed alone", at)
		}
	}
	if changed < 1000 {
		t.Errorf("only %d numbers are found", changed)
	}
}

// add adds one to the number at the place.
func add(value any, at []any) {
	for _, step := range at[:len(at)-1] {
		switch key := step.(type) {
		case string:
			value = value.(map[string]any)[key]
		case int:
			value = value.([]any)[key]
		}
	}
	switch key := at[len(at)-1].(type) {
	case string:
		value.(map[string]any)[key] = value.(map[string]any)[key].(float64) + 1
	case int:
		value.([]any)[key] = value.([]any)[key].(float64) + 1
	}
}

func TestTheDraftOfAWorldReadsWell(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	view := s.view(s.draft().ID)
	if len(view.Faults) > 0 || view.Title != "关于2017年山东省政务公开工作情况的通报" {
		t.Errorf("%s: %+v", view.Title, view.Faults)
	}
	var headings []string
	for _, p := range view.Publication.Paragraphs {
		headings = append(headings, p.Heading)
		if strings.ContainsAny(p.Text, "{}#") {
			t.Errorf("not filled in: %s", p.Text)
		}
	}
	if diff := cmp.Diff([]string{"一、总体情况", "二、逾期情况", "三、通报批评", "四、工作要求"}, headings); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	if typed := view.Data.Typed(view.Title, view.Words); len(typed) > 0 {
		t.Errorf("its own words are pointed out: %+v", typed)
	}
	var refusal *models.Error
	if _, err := view.Data.Fill("{没有}"); !errors.As(err, &refusal) || refusal.Fields[0].Args["Field"] != "{没有}" {
		t.Errorf("an unknown field: %v", err)
	}
}
