// Package audit reads the audit log that package store writes and verifies: who
// did what to which object of which unit, and what changed. Who may read the log
// of a unit reads what concerns the unit; what concerns no unit (users, policies,
// the calendar) and from where a request came is for administrators.
package audit
