// Package training keeps the roster of openness staff, the courses they attend,
// and how far a rotation has come. What a rotation duty's state is follows from
// rosters and attendances: every write that changes them has compliance judge the
// duties of the units that it touched, in the same transaction.
package training
