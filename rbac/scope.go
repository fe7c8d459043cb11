package rbac

import (
	"slices"
	"strings"

	"gorm.io/gorm"
)

// Scope is a set of subtrees, each by the path of its root; none lies inside
// another one. An empty Scope holds nothing.
type Scope []string

// Everywhere is the scope of the program itself: commands and seeds.
var Everywhere = Scope{"/"}

// NewScope returns the scope of the subtrees. What is not a path, /1/12/, is
// left out, and so holds nothing.
func NewScope(paths ...string) Scope {
	sorted := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return !isPath(path) })
	slices.Sort(sorted)
	var scope Scope
	for _, path := range sorted {
		// Sorted, a subtree's root comes before all that lies in it.
		if !scope.Contains(path) {
			scope = append(scope, path)
		}
	}
	return scope
}

// isPath tells whether the text begins and ends with a slash: without the last
// one, /1/12 would take in /1/123/.
func isPath(text string) bool {
	return strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/")
}

// Contains tells whether the unit with the path lies in the scope.
func (s Scope) Contains(path string) bool {
	return s.RootOf(path) != ""
}

// RootOf returns the root of the subtree in which the unit with the path lies,
// as a path; empty when it lies in none. Subtrees do not overlap, so this is the
// widest grant of those that the scope was made of.
func (s Scope) RootOf(path string) string {
	for _, prefix := range s {
		if isPath(prefix) && isPath(path) && strings.HasPrefix(path, prefix) {
			return prefix
		}
	}
	return ""
}

// Where restricts a query to the rows whose column, the path of a unit, lies in
// the scope; an empty scope matches no row. The condition is a range, which an
// index on the column serves. The column is a name of the program's, not an
// input.
func (s Scope) Where(db *gorm.DB, column string) *gorm.DB {
	quoted := db.Statement.Quote(column)
	var conditions []string
	var bounds []any
	for _, prefix := range s {
		if !isPath(prefix) {
			continue
		}
		conditions = append(conditions, "("+quoted+" >= ? AND "+quoted+" < ?)")
		bounds = append(bounds, prefix, after(prefix))
	}
	if len(conditions) == 0 {
		return db.Where("1 = 0")
	}
	return db.Where("("+strings.Join(conditions, " OR ")+")", bounds...)
}

// after returns the first text behind all that begin with the path: '0' follows
// '/' in every byte-wise order.
func after(path string) string { return strings.TrimSuffix(path, "/") + "0" }
