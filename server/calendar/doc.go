// Package calendar holds dates and the working-day calendar: which days are
// worked under the State Council's yearly notices, the n-th working day after a
// trigger, and why each day of a term counts or not.
//
// Working days are Monday to Friday, less the holidays, plus the make-up days
// of the notices. The package is pure: no clock, no database, no files; the
// notices are handed to New, and a Calendar never changes afterwards.
package calendar
