package supervision

import (
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// EscalationFacts are what the level of an urge follows from.
type EscalationFacts struct {
	SentOn  calendar.Date
	ReplyBy calendar.Date
	// RepliedOn is zero while the unit has not replied.
	RepliedOn calendar.Date
	Items     []ItemFacts
}

// ItemFacts are what has been known of one thing that an urge is about, each from a day
// on, in the order of the days.
type ItemFacts struct {
	Title rules.Text
	Turns []ItemTurn
}

// ItemTurn is what was known from a day on. DueOn is zero without a settled due date.
type ItemTurn struct {
	From  calendar.Date
	DueOn calendar.Date
	Done  bool
}

// on returns what was known at the end of the day.
func (f ItemFacts) on(day calendar.Date) ItemTurn {
	for _, turn := range slices.Backward(f.Turns) {
		if turn.From <= day {
			return turn
		}
	}
	return ItemTurn{}
}

// done tells whether all was done at the end of the day.
func (f EscalationFacts) done(day calendar.Date) bool {
	return !slices.ContainsFunc(f.Items, func(item ItemFacts) bool { return !item.on(day).Done })
}

// urgent returns the open item that was due first, and its due date; none has a settled
// one when it is zero.
func (f EscalationFacts) urgent(day calendar.Date) (title rules.Text, due calendar.Date) {
	for _, item := range f.Items {
		turn := item.on(day)
		if !turn.Done && !turn.DueOn.IsZero() && (due.IsZero() || turn.DueOn < due) {
			title, due = item.Title, turn.DueOn
		}
	}
	return title, due
}

// UrgeCause is why an urge has its level: the key of a message with what it speaks of.
type UrgeCause struct {
	Key     string
	What    rules.Text
	Due     calendar.Date
	ReplyBy calendar.Date
	// Days are working days.
	Days int
}

// Reason returns the cause as a message.
func (c UrgeCause) Reason() rules.Reason {
	return rules.Reason{Key: c.Key, Args: models.Args("What", c.What, "Due", c.Due, "ReplyBy", c.ReplyBy, "Days", c.Days)}
}

// Escalation is the level of an urge, why it has it and since when, by what is known on
// the day that was asked about.
type Escalation struct {
	Level models.UrgeLevel
	Why   UrgeCause
	Since calendar.Date
}

// LevelOn returns the level of an urge at the end of the day, by the rule of the office.
// It is blue at first; yellow from YellowBefore working days before the due date of its
// most urgent open item; red from the first day after it, or RedAfter working days later.
// With Unanswered it stands one level higher while the day of reply has passed without
// one. What has no settled due date raises nothing.
func LevelOn(rule models.UrgeRule, facts EscalationFacts, days *calendar.Calendar, on calendar.Date) Escalation {
	level := byDueDate(rule, facts, days, on)
	answered := !facts.RepliedOn.IsZero() && facts.RepliedOn <= on
	if rule.Unanswered && !answered && on > facts.ReplyBy && level.Level != models.UrgeRed {
		cause := UrgeCause{Key: "urges.why.unanswered", ReplyBy: facts.ReplyBy}
		if level.Level == models.UrgeYellow {
			cause = level.Why
			cause.Key, cause.ReplyBy = "urges.why.both", facts.ReplyBy
		}
		level = Escalation{above(level.Level), cause, max(level.Since, facts.ReplyBy+1)}
	}
	return level
}

func above(level models.UrgeLevel) models.UrgeLevel {
	if level == models.UrgeBlue {
		return models.UrgeYellow
	}
	return models.UrgeRed
}

// byDueDate is LevelOn without what follows from the reply.
func byDueDate(rule models.UrgeRule, facts EscalationFacts, days *calendar.Calendar, on calendar.Date) Escalation {
	title, due := facts.urgent(on)
	if due.IsZero() {
		return Escalation{models.UrgeBlue, UrgeCause{Key: "urges.why.unsettled"}, facts.SentOn}
	}
	cause := UrgeCause{What: title, Due: due, Days: rule.YellowBefore}
	if red := redDay(rule, days, due); !red.IsZero() && on >= red {
		cause.Key = "urges.why.overdue"
		return Escalation{models.UrgeRed, cause, max(red, facts.SentOn)}
	}
	if yellow := yellowDay(rule, days, due); on >= yellow {
		cause.Key = "urges.why.due_soon"
		if on > due {
			cause.Key = "urges.why.past_due"
		}
		return Escalation{models.UrgeYellow, cause, max(yellow, facts.SentOn)}
	}
	cause.Key = "urges.why.calm"
	return Escalation{models.UrgeBlue, cause, facts.SentOn}
}

// yellowDay is the first day from which at most YellowBefore working days are left.
func yellowDay(rule models.UrgeRule, days *calendar.Calendar, due calendar.Date) calendar.Date {
	day := due
	for days.WorkingDaysBetween(day-1, due) <= rule.YellowBefore {
		day--
	}
	return day
}

// redDay is the first day on which what was due counts as overdue; zero while the days
// up to it are not settled.
func redDay(rule models.UrgeRule, days *calendar.Calendar, due calendar.Date) calendar.Date {
	if rule.RedAfter == 0 {
		return due + 1
	}
	day, provisional := days.AddWorkingDays(due, rule.RedAfter)
	if provisional {
		return 0
	}
	return day
}

// UrgeTurn is a day on which an urge changes its level, or on which all is done.
type UrgeTurn struct {
	On   calendar.Date
	Done bool
	Escalation
}

// Course returns the turns of an urge from a day on, at whose beginning it has the level,
// up to and including another one. The calendar is that known at the end of each day. It
// ends when all is done.
func Course(rule models.UrgeRule, facts EscalationFacts, known func(day calendar.Date) *calendar.Calendar, level models.UrgeLevel, from, to calendar.Date) []UrgeTurn {
	var turns []UrgeTurn
	for day := from; day <= to; day++ {
		if facts.done(day) {
			return append(turns, UrgeTurn{On: day, Done: true, Escalation: Escalation{Level: level, Since: day}})
		}
		if now := LevelOn(rule, facts, known(day), day); now.Level != level {
			turns = append(turns, UrgeTurn{On: day, Escalation: now})
			level = now.Level
		}
	}
	return turns
}

// Ahead returns how the level will change after the day, when nothing is done and nothing
// else becomes known.
func Ahead(rule models.UrgeRule, facts EscalationFacts, days *calendar.Calendar, on calendar.Date) []UrgeTurn {
	candidates := []calendar.Date{facts.ReplyBy + 1}
	for _, item := range facts.Items {
		if due := item.on(on).DueOn; !due.IsZero() && !item.on(on).Done {
			candidates = append(candidates, yellowDay(rule, days, due), redDay(rule, days, due))
		}
	}
	slices.Sort(candidates)
	var turns []UrgeTurn
	level := LevelOn(rule, facts, days, on).Level
	for _, day := range candidates {
		if day <= on {
			continue
		}
		if then := LevelOn(rule, facts, days, day); then.Level != level {
			turns = append(turns, UrgeTurn{On: day, Escalation: then})
			level = then.Level
		}
	}
	return turns
}
