// Package models is the vocabulary of Sundial: the entities as they are stored
// and the error that a user may read. It has no behaviour beyond the entities'
// own invariants. Names are those of docs/glossary.md.
//
// Identifiers inside are auto-increment numbers and never assumed to be dense;
// outside, units and obligations go by their codes. Instants are UTC; dates are
// calendar dates in Asia/Shanghai.
package models
