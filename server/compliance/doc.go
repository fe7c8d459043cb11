// Package compliance keeps the ledger of duties: it creates the duties that a
// policy gives each unit, takes the units' reports and the office's decisions,
// and answers boards and lists for any as-of date.
//
// A write is whole: the report, the duty, what was known of it that day, the
// tallies of every ancestor and the audit entry commit together. What a duty's
// state is, package rules decides; this package brings the facts and keeps what
// follows from them.
package compliance
