// Package organization keeps who there is: units in their tree, the people who
// sign in, and the grants that say who may do what where.
//
// A unit outside the caller's scope does not exist for the caller: it is
// NotFound, like one that was never there. The actor of a write is the user who
// asked for it, nil for the program itself (commands, seeds), and stands in the
// audit log.
package organization
