// Package rules is the judge of Sundial: what policies demand, when a duty is
// due, and whether the facts satisfy it. It is pure: no clock, no database, no
// HTTP. Every screen, export, API answer and command shows its results, and
// each verdict cites clause, dates and evidence.
//
// A Policy is read from a policy pack (ParsePolicy). Schedule turns it into the
// duties of a unit; Judge turns a duty, the facts and an as-of date into a
// Verdict. What a person reads is returned as a Reason, a key of the locale
// files with arguments.
package rules
