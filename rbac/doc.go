// Package rbac decides who may do what, and where. policy.csv says what a role
// may do: objects are nouns, actions verbs, never paths of URLs. A grant gives a
// user a role over the subtree of a unit, so that a permission has a [Scope]:
// the subtrees in which it holds.
//
// Casbin decides every role and permission once, at [Load]; a request looks the
// decisions up. Whatever is unknown, malformed or in error is denied.
package rbac
