package views_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/views"
)

var noon = time.Date(2017, time.June, 10, 4, 0, 0, 0, time.UTC)

// each runs the test for the users 1 and 2.
func each(t *testing.T, body func(t *testing.T, d *views.Desk)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		err := s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Create([]models.User{{ID: 1, Login: "one", CreatedAt: noon}, {ID: 2, Login: "two", CreatedAt: noon}}).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		body(t, views.New(s, func() time.Time { return noon }))
	})
}

// kept returns the views of the user as lines.
func kept(t *testing.T, d *views.Desk, user uint64) []string {
	t.Helper()
	list, err := d.Views(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, view := range list {
		lines = append(lines, view.Name+" "+view.Address)
	}
	return lines
}

func save(t *testing.T, d *views.Desk, user uint64, name, address string) {
	t.Helper()
	if err := d.Save(t.Context(), user, views.View{Name: name, Address: address}); err != nil {
		t.Fatal(err)
	}
}

func TestViewsThatAreRefused(t *testing.T) {
	each(t, func(t *testing.T, d *views.Desk) {
		for name, c := range map[string]struct {
			view views.View
			key  string
		}{
			"no name":        {views.View{Address: "/duties"}, "views.name_missing"},
			"spaces":         {views.View{Name: " \t ", Address: "/duties"}, "views.name_missing"},
			"a long name":    {views.View{Name: strings.Repeat("\u770b", 101), Address: "/duties"}, "views.name_long"},
			"a control":      {views.View{Name: "a\x00b", Address: "/duties"}, "views.name_control"},
			"elsewhere":      {views.View{Name: "x", Address: "//elsewhere.example"}, "views.address_foreign"},
			"a site":         {views.View{Name: "x", Address: "https://elsewhere.example/"}, "views.address_foreign"},
			"a backslash":    {views.View{Name: "x", Address: "/\\elsewhere.example"}, "views.address_foreign"},
			"no address":     {views.View{Name: "x"}, "views.address_foreign"},
			"a long address": {views.View{Name: "x", Address: "/duties?q=" + strings.Repeat("a", 1000)}, "views.address_long"},
		} {
			err := d.Save(t.Context(), 1, c.view)
			var key string
			var refusal *models.Error
			if errors.As(err, &refusal) && refusal.Code == models.Invalid && len(refusal.Fields) == 1 {
				key = refusal.Fields[0].Key
			}
			if key != c.key {
				t.Errorf("%s: got %v, want %s", name, err, c.key)
			}
		}
		if got := kept(t, d, 1); len(got) != 0 {
			t.Errorf("kept %v", got)
		}
	})
}

// A name is given once by each user, and again only to replace.
func TestSaveReplaceRemove(t *testing.T) {
	each(t, func(t *testing.T, d *views.Desk) {
		save(t, d, 1, " b  view ", "/duties?state=overdue")
		save(t, d, 1, strings.Repeat("\u770b", 100), "/"+strings.Repeat("a", 999))
		save(t, d, 2, "b view", "/queue")
		err := d.Save(t.Context(), 1, views.View{Name: "b view", Address: "/audit"})
		if !models.IsCode(err, models.Conflict) {
			t.Errorf("a name that is taken: %v", err)
		}
		if got := kept(t, d, 1); len(got) != 2 || got[0] != "b view /duties?state=overdue" {
			t.Errorf("kept %v", got)
		}
		if err := d.Save(t.Context(), 1, views.View{Name: "b view", Address: "/audit", Replace: true}); err != nil {
			t.Fatal(err)
		}
		list, err := d.Views(t.Context(), 1)
		if err != nil || len(list) != 2 || list[0].Address != "/audit" || !list[0].SavedAt.Equal(noon) {
			t.Fatalf("replaced: %v, %v", list, err)
		}
		if err := d.Remove(t.Context(), 2, list[0].ID); !models.IsCode(err, models.NotFound) {
			t.Errorf("another user's view: %v", err)
		}
		if err := d.Remove(t.Context(), 1, list[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := d.Remove(t.Context(), 1, list[0].ID); !models.IsCode(err, models.NotFound) {
			t.Errorf("removed twice: %v", err)
		}
		if diff := cmp.Diff([]string{"b view /queue"}, kept(t, d, 2)); diff != "" {
			t.Error(diff)
		}
	})
}

// There are never more views than there may be, however many are saved at a time.
func TestMostViews(t *testing.T) {
	each(t, func(t *testing.T, d *views.Desk) {
		for i := range views.MostViews - 1 {
			save(t, d, 1, fmt.Sprint("view ", i), "/duties")
		}
		var all sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			all.Go(func() { errs[i] = d.Save(t.Context(), 1, views.View{Name: fmt.Sprint("late ", i), Address: "/duties"}) })
		}
		all.Wait()
		refused := 0
		for _, err := range errs {
			if models.IsCode(err, models.Invalid) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		if got := kept(t, d, 1); len(got) != views.MostViews || refused != 3 {
			t.Errorf("%d are kept and %d were refused", len(got), refused)
		}
		if err := d.Save(t.Context(), 1, views.View{Name: "view 3", Address: "/queue", Replace: true}); err != nil {
			t.Errorf("replacing one needs no room: %v", err)
		}
	})
}
