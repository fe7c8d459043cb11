package rbac_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
	"pgregory.net/rapid"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestNewScope(t *testing.T) {
	for name, c := range map[string]struct {
		paths []string
		want  rbac.Scope
	}{
		"nothing":           {nil, nil},
		"no paths":          {[]string{"", "1", "/1", "1/", "/1/12"}, nil},
		"twice":             {[]string{"/1/", "/1/"}, rbac.Scope{"/1/"}},
		"nested":            {[]string{"/1/12/34/", "/1/12/", "/1/123/"}, rbac.Scope{"/1/12/", "/1/123/"}},
		"neighbours":        {[]string{"/1/2/", "/1/10/"}, rbac.Scope{"/1/10/", "/1/2/"}},
		"all inside of one": {[]string{"/1/2/", "/1/", "/1/10/"}, rbac.Scope{"/1/"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, rbac.NewScope(c.paths...)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestScopeHoldsNeitherNeighboursNorFragments(t *testing.T) {
	scope := rbac.NewScope("/1/12/")
	for _, path := range []string{"", "/", "/1/", "/1/12", "/1/123/", "/1/120/", "/11/12/", "1/12/", "/2/1/12/"} {
		if scope.Contains(path) {
			t.Errorf("/1/12/ holds %q", path)
		}
	}
	// A scope that was not made by NewScope is no way round it.
	if (rbac.Scope{"/1/12"}).Contains("/1/123/") || (rbac.Scope{""}).Contains("/1/") {
		t.Error("a fragment of a path holds units")
	}
}

// paths draws small trees, so that ids are often prefixes of one another.
func paths() *rapid.Generator[string] {
	id := rapid.SampledFrom([]string{"1", "2", "12", "120", "123", "9"})
	return rapid.Custom(func(t *rapid.T) string {
		return "/" + strings.Join(rapid.SliceOfN(id, 1, 4).Draw(t, "ids"), "/") + "/"
	})
}

// within is the plain meaning: all ids of the root, in order, begin the path.
func within(path, root string) bool {
	ids := func(p string) []string { return strings.Split(strings.Trim(p, "/"), "/") }
	inner, outer := ids(path), ids(root)
	return len(inner) >= len(outer) && slices.Equal(inner[:len(outer)], outer)
}

func TestScopeMeansSubtrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roots := rapid.SliceOfN(paths(), 0, 4).Draw(t, "roots")
		path := paths().Draw(t, "path")
		want := slices.ContainsFunc(roots, func(root string) bool { return within(path, root) })
		if got := rbac.NewScope(roots...).Contains(path); got != want {
			t.Fatalf("%v holds %s: %v, want %v", roots, path, got, want)
		}
	})
}

// The database must agree with Contains on every path.
func TestScopeWhere(t *testing.T) {
	all := []string{"/1/", "/1/12/", "/1/12/3/", "/1/12/34/", "/1/120/", "/1/123/", "/1/2/", "/11/", "/2/", "/2/12/"}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Write(t.Context(), func(tx *gorm.DB) error { return addUnits(tx, all) }); err != nil {
			t.Fatal(err)
		}
		for _, scope := range []rbac.Scope{
			nil, {""}, {"/1/12"}, {"/1/12/"}, {"/1/2/", "/2/"}, {"/1/"}, {"/3/"}, rbac.Everywhere,
		} {
			want := slices.DeleteFunc(slices.Clone(all), func(path string) bool { return !scope.Contains(path) })
			var got []string
			query := scope.Where(s.Read(t.Context()).Model(&models.Unit{}), "units.path").Where("class = ?", "A")
			if err := query.Order("path").Pluck("path", &got).Error; err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, append([]string{}, got...)); diff != "" {
				t.Errorf("scope %q: -want +got:\n%s", scope, diff)
			}
		}
	})
}

func addUnits(tx *gorm.DB, paths []string) error {
	for _, path := range paths {
		if err := tx.Create(&models.Unit{Code: path, Path: path, Class: "A"}).Error; err != nil {
			return err
		}
	}
	// One more that only the other condition leaves out: OR must not undo AND.
	return tx.Create(&models.Unit{Code: "B", Path: "/1/12/99/", Class: "B"}).Error
}
