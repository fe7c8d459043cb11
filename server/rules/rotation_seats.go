package rules

// FallsDueDays is how many days before its end a rotation presses those who are
// left.
const FallsDueDays = 90

// DueInDays returns the days from the as-of date to the window's end, by which
// everybody owes training, newcomers too; below zero once it has passed.
func DueInDays(asOf Date, window Span) int { return int(window.To - asOf) }

// FallDueWithin returns those who are left when the window ends within so many
// days of the as-of date and has not ended, else nobody.
func (c Coverage) FallDueWithin(days int, asOf Date) []StaffMember {
	if due := DueInDays(asOf, c.Window); due < 0 || due > days {
		return nil
	}
	return c.Left
}

// SeatsPerMonth returns how many seats a month train so many people by the
// window's end, rounded up: over the calendar months touched from the day after
// the as-of date, or from the window's beginning when that is later, to its end.
// A window that has ended or ends that day leaves one month: all seats at once.
func SeatsPerMonth(left int, asOf Date, window Span) int {
	months := max(1, monthOf(window.To)-monthOf(max(asOf+1, window.From))+1)
	return (left + months - 1) / months
}

// monthOf counts months so that neighbours differ by one.
func monthOf(day Date) int { return day.Year()*12 + int(day.Month()) }
