// Package scoring computes the yearly openness score of units from a scoring
// scheme: parsing schemes (data, seeds/schemes), the arithmetic of one unit's
// sheet, grades and ranks. It is pure: the same scheme and marks always give the
// same score, to the hundredth of a point, whatever the order they come in.
//
// All amounts are exact decimals. Nothing is divided but twice: the share that an
// auto indicator wins of its duties, which is rounded to the hundredth and counts
// as shown, and the score itself:
//
//	score = 100 × Σ points won / Σ points possible, half up to two decimals
//
// so that the parts shown always add up to the total shown.
//
//   - award: 0 to its points. One that was not entered yet counts as nothing won.
//   - deduct: its points less what is taken off. Cap own takes at most its own
//     points. Cap parent takes at most what its parent has: the parent is never below
//     0. Cap none takes what exceeds its own points from the total. The id of a
//     limit takes all of it from the total, together with the others of that limit at
//     most what the limit says. All but cap own may have no points of their own.
//   - bonus: 0 to its points, on top; it has no points possible. Bonuses of one limit
//     add at most what the limit says.
//   - veto: no points; raised, the grade is no better than the one it names.
//   - auto: of the duties of its obligations, met ones win all, late ones a share,
//     overdue ones nothing, averaged. Duties that are exempt, unscheduled, not yet due
//     or not yet verified are left out; without any the indicator does not apply.
//   - composite: each source scores all of its points; what they win and what they
//     could win counts with the source's weight. What is inside a composite stays
//     inside it: deductions there have cap own or parent, bonuses no limit.
//   - A group is the sum of its indicators. What does not apply leaves both sides.
//   - The total is not below 0, the score not above the class's maximum.
//
// A Scheme comes from ParseScheme and has a Card for each of its classes. Card.Check
// says what is wrong with a Mark, Card.Score what marks come to, Card.Explain how;
// both share one reckoning. Ranks ranks scores.
package scoring
