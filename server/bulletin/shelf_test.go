package bulletin_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/bulletin"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// shelf is the series and editions that a query finds.
func (s scene) shelf(q bulletin.ShelfQuery) (found []string, shelf *bulletin.Shelf) {
	s.Helper()
	q.Limit = max(q.Limit, 1)
	shelf, err := s.Shelf(s.Context(), q)
	s.Must(err)
	found = []string{}
	for _, item := range shelf.Items {
		found = append(found, item.Series)
	}
	return found, shelf
}

// issue publishes a bulletin of the unit about the policy.
func (s scene) issue(unit, policy string) string {
	s.Helper()
	in := s.input()
	in.Policy = policy
	row, err := s.Draft(s.Context(), s.Supervisor(unit), unit, in)
	s.Must(err)
	row, err = s.Publish(s.Context(), s.Supervisor(unit), row.ID, row.Version)
	s.Must(err)
	return row.Series
}

func TestNothingIsOnAnEmptyShelf(t *testing.T) {
	s := newScene(t, storetest.SQLite(t))
	discarded := s.draft()
	s.Must(s.Discard(s.Context(), s.office, discarded.ID, discarded.Version))
	s.draft()
	found, shelf := s.shelf(bulletin.ShelfQuery{})
	if len(found) != 0 || shelf.All != 0 || len(shelf.Units)+len(shelf.Years)+len(shelf.Policies) != 0 {
		t.Errorf("drafts are on the shelf: %v, %+v", found, shelf)
	}
	if entries, next, err := s.Catalog(s.Context(), "", 10); err != nil || len(entries) != 0 || next != "" {
		t.Errorf("the catalog has %v, %v", entries, err)
	}
}

func TestWhatIsPublishedIsOnTheShelf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		province := s.publish(s.draft().ID)
		city := s.issue(desktest.Jinan, "shandong-2017")
		s.draft()
		second, err := s.Correct(s.Context(), s.office, province.ID, "补充说明。")
		s.Must(err)
		if _, shelf := s.shelf(bulletin.ShelfQuery{Limit: 9}); shelf.All != 2 || len(shelf.Items[1].Replaced) != 0 {
			t.Errorf("a correction that is drafted is on the shelf: %+v", shelf.Items)
		}
		view := s.view(second.ID)
		_, err = s.PutWords(s.Context(), s.office, second.ID, view.Version, bulletin.WordsInput{Title: view.Title, Number: "〔100%〕1号", Change: view.Change, Words: view.Words})
		s.Must(err)
		s.publish(second.ID)

		for name, c := range map[string]struct {
			query bulletin.ShelfQuery
			want  []string
		}{
			"all":                    {bulletin.ShelfQuery{Limit: 9}, []string{province.Series, city}},
			"of a unit":              {bulletin.ShelfQuery{Limit: 9, Unit: desktest.Jinan}, []string{city}},
			"of a unit without any":  {bulletin.ShelfQuery{Limit: 9, Unit: desktest.Qingdao}, []string{}},
			"of a year":              {bulletin.ShelfQuery{Limit: 9, Year: 2017}, []string{province.Series, city}},
			"of another year":        {bulletin.ShelfQuery{Limit: 9, Year: 2016}, []string{}},
			"about the policy":       {bulletin.ShelfQuery{Limit: 9, Policy: "shandong-2017"}, []string{province.Series, city}},
			"about another policy":   {bulletin.ShelfQuery{Limit: 9, Policy: "liaoning-2016"}, []string{}},
			"about no policy at all": {bulletin.ShelfQuery{Limit: 9, Policy: `x" OR 1=1`}, []string{}},
			"by the unit's name":     {bulletin.ShelfQuery{Limit: 9, Text: " 济南 "}, []string{city}},
			"by its English name":    {bulletin.ShelfQuery{Limit: 9, Text: "jinan"}, []string{city}},
			"by number":              {bulletin.ShelfQuery{Limit: 9, Text: "100%"}, []string{province.Series}},
			"by what stands nowhere": {bulletin.ShelfQuery{Limit: 9, Text: "_"}, []string{}},
		} {
			got, shelf := s.shelf(c.query)
			if len(c.want) == 2 && got[0] == city { // Both were published on one day.
				got[0], got[1] = got[1], got[0]
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			if shelf.Total != len(c.want) || shelf.All != 2 || len(shelf.Units) != 2 || len(shelf.Policies) != 1 {
				t.Errorf("%s: %d of %d, %d offices, policies %v", name, shelf.Total, shelf.All, len(shelf.Units), shelf.Policies)
			}
		}

		first, shelf := s.shelf(bulletin.ShelfQuery{})
		rest, end := s.shelf(bulletin.ShelfQuery{Cursor: shelf.Next})
		if shelf.Next == "" || end.Next != "" || len(first) != 1 || len(rest) != 1 || first[0] == rest[0] {
			t.Errorf("the pages have %v and %v", first, rest)
		}
		_, shelf = s.shelf(bulletin.ShelfQuery{Unit: desktest.Shandong, Limit: 9})
		item := shelf.Items[0]
		if item.Edition != 2 || item.Change != "补充说明。" || len(item.Replaced) != 1 || item.Replaced[0].Edition != 1 || shelf.Unit.Code != desktest.Shandong {
			t.Errorf("the corrected one is %+v", item)
		}
		public, err := s.Public(s.Context(), province.Series, 2)
		s.Must(err)
		if diff := cmp.Diff(public.Data.Total, item.Total); diff != "" {
			t.Errorf("its figures (-page +shelf):\n%s", diff)
		}
		if sum := sha256.Sum256([]byte(public.Sealed)); hex.EncodeToString(sum[:]) != public.Seal.Published {
			t.Error("the seal is not the hash of what it covers")
		}
	})
}

// Of what was changed by hand nothing is told, here either.
func TestABrokenBulletinOnTheShelf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.publish(s.draft().ID)
		s.touch("UPDATE bulletins SET title = ?, data = ? WHERE id = ?", "伪造", strings.Replace(row.Data, `"done":1`, `"done":2`, 1), row.ID)
		_, shelf := s.shelf(bulletin.ShelfQuery{Limit: 9})
		entries, _, err := s.Catalog(s.Context(), "", 9)
		s.Must(err)
		public, err := s.Public(s.Context(), row.Series, 1)
		s.Must(err)
		for name, issue := range map[string]bulletin.Issue{"shelf": shelf.Items[0].Issue, "catalog": entries[0].Issue, "edition": public.Editions[0]} {
			if issue.Seal.Holds() || issue.Title != "" || issue.Office.Code != "" || issue.Total.Owed != 0 || issue.HasLate {
				t.Errorf("%s tells %+v", name, issue)
			}
		}
		if public.Sealed != "" {
			t.Error("what was changed is given out as sealed")
		}
	})
}

func TestTheCatalogHasEveryEdition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		s := newScene(t, st)
		row := s.publish(s.draft().ID)
		s.issue(desktest.Jinan, "")
		second, err := s.Correct(s.Context(), s.office, row.ID, "补充说明。")
		s.Must(err)
		s.Must(s.append(second.ID, "补充说明。"))
		s.publish(second.ID)
		var editions []int
		cursor := ""
		for {
			entries, next, err := s.Catalog(s.Context(), cursor, 2)
			s.Must(err)
			for _, entry := range entries {
				if entry.Series == row.Series {
					editions = append(editions, entry.Edition, entry.Newest)
				}
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		if diff := cmp.Diff([]int{2, 2, 1, 2}, editions); diff != "" {
			t.Errorf("editions and the newest of each (-want +got):\n%s", diff)
		}
	})
}
