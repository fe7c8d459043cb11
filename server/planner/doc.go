// Package planner proposes who goes to which training session, so that a
// rotation completes in its window: as many people as possible, among equally
// many those longest untrained, no session over its seats, and no unit without
// more than a set share of its people on any day.
//
// # Method
//
// People of one unit who can attend the same sessions form a class. For every
// unit and every stretch of days there is a lane: it holds the sessions of just
// these days, and no more people may pass than the unit can spare on each of
// them. A plan is a flow class → lane → session → sink.
//
// People are taken one by one, the longest untrained first, and each is seated
// by an augmenting path, along which those already seated may change sessions
// but never lose their seat. The sets of people that can be seated together are
// the independent sets of a matroid (a gammoid: sets linked into the seats by
// disjoint paths). For a matroid this greedy choice is of greatest cardinality
// and at once the best by priority, position by position: whoever is refused
// could only be seated by unseating somebody longer untrained, and nobody else
// would gain by it. A search that fails stays failed: from the nodes it saw no
// residual arc leads out, and no later path can enter them and come out again.
//
// # Where that is exact
//
// Whenever no two lanes of a unit share a day on which the unit's limit can
// bind: sessions last a day, or sessions of several days have the same days or
// none in common, and nobody is free for one session of a day but not for
// another. Otherwise the limit of a day spans several lanes, which no flow
// expresses; the problem then contains timetabling with availabilities, which is
// NP-hard. There each lane is given a part of the limit, so that a plan is
// always within it, and a relaxation, in which lanes that share a day are merged
// into one, bounds what any plan could reach, set by set. Parts are shifted
// while that helps; then a search with branch and bound divides the problem
// until both agree or its budget of steps is spent. [Proposal] says whether the
// result is proven.
//
// With the number per class fixed, a flow of least cost chooses the places; last,
// the longest untrained take the earliest sessions, by exchanges that lose
// nothing of the above.
//
// The package is pure: the same problem gives the same proposal.
package planner
