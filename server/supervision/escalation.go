package supervision

import (
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// EscalationFacts are what the level of an urge follows from.
type EscalationFacts struct {
	SentOn calendar.Date
	// ReplyTerm is how many working days there are for the reply.
	ReplyTerm int
	// RepliedOn is zero while the unit has not replied.
	RepliedOn calendar.Date
	// Floor is the level below which it does not fall without a reply, empty for none.
	Floor models.UrgeLevel
	Items []ItemFacts
}

// ItemFacts are what has been known of one thing that an urge is about, each from a day
// on, in the order of the days.
type ItemFacts struct {
	Title rules.Text
	Turns []ItemTurn
}

// ItemTurn is what was known from a day on. DueOn is zero without a settled due date.
// What Waits is reported or answered, and the office has not said yet whether that will
// do; what is Done comes back no more. Ended is the key of a message that says why it is
// done without anybody having done it, empty otherwise.
type ItemTurn struct {
	From  calendar.Date
	DueOn calendar.Date
	Waits bool
	Done  bool
	Ended string
}

// open tells whether the unit has to do it.
func (t ItemTurn) open() bool { return !t.Waits && !t.Done }

// replyBy is the last day for the reply by the calendar; provisional while the calendar of
// a day up to it is not published.
func (f EscalationFacts) replyBy(days *calendar.Calendar) (by calendar.Date, provisional bool) {
	return days.AddWorkingDays(f.SentOn, f.ReplyTerm)
}

// unanswered tells whether the day of reply has passed without one; a provisional one has
// not.
func (f EscalationFacts) unanswered(days *calendar.Calendar, on calendar.Date) bool {
	by, provisional := f.replyBy(days)
	return !f.answered(on) && !provisional && on > by
}

func (f EscalationFacts) answered(on calendar.Date) bool {
	return !f.RepliedOn.IsZero() && f.RepliedOn <= on
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

// waits tells whether the unit has nothing to do of what is not done.
func (f EscalationFacts) waits(day calendar.Date) bool {
	return !f.done(day) && !slices.ContainsFunc(f.Items, func(item ItemFacts) bool { return item.on(day).open() })
}

// holds tells whether something waits: while it does, the level does not fall.
func (f EscalationFacts) holds(day calendar.Date) bool {
	return slices.ContainsFunc(f.Items, func(item ItemFacts) bool { return item.on(day).Waits })
}

// end is why all is done: that of the item which was done last.
func (f EscalationFacts) end(day calendar.Date) UrgeCause {
	cause := UrgeCause{Key: "urges.why.all_done"}
	var last calendar.Date
	for _, item := range f.Items {
		turn := item.on(day)
		switch {
		case turn.From < last:
		case turn.Ended != "":
			last, cause = turn.From, UrgeCause{Key: turn.Ended, What: item.Title, Due: turn.From}
		default:
			last, cause = turn.From, UrgeCause{Key: "urges.why.all_done"}
		}
	}
	return cause
}

// urgent returns the open item that was due first, and its due date; none has a settled
// one when it is zero.
func (f EscalationFacts) urgent(day calendar.Date) (title rules.Text, due calendar.Date) {
	for _, item := range f.Items {
		turn := item.on(day)
		if turn.open() && !turn.DueOn.IsZero() && (due.IsZero() || turn.DueOn < due) {
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
	// Urge is the one that has taken its place.
	Urge uint64 `json:",omitempty"`
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

// LevelOn returns the level that an urge has by the rule of the office at the end of the
// day: to which it goes, and with which it begins.
// It is blue at first; yellow from YellowBefore working days before the due date of its
// most urgent open item; red from the first day after it, or RedAfter working days later.
// With Unanswered it stands one level higher while the day of reply has passed without
// one. What has no settled day raises nothing. Without a reply it does not fall below the
// level of the urge that it has taken the place of.
func LevelOn(rule models.UrgeRule, facts EscalationFacts, days *calendar.Calendar, on calendar.Date) Escalation {
	level := byDueDate(rule, facts, days, on)
	if rule.Unanswered && facts.unanswered(days, on) && level.Level != models.UrgeRed {
		by, _ := facts.replyBy(days)
		cause := UrgeCause{Key: "urges.why.unanswered", ReplyBy: by}
		if level.Level == models.UrgeYellow {
			cause = level.Why
			cause.Key, cause.ReplyBy = "urges.why.both", by
		}
		level = Escalation{above(level.Level), cause, max(level.Since, by+1)}
	}
	if facts.Floor != "" && !facts.answered(on) && graver(facts.Floor, level.Level) {
		level = Escalation{facts.Floor, UrgeCause{Key: "urges.why.carried"}, facts.SentOn}
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

// aimOn is LevelOn for an urge that has a level already. While all that is left of it
// waits for the office, the level is held; while some of it does, it does not fall.
func aimOn(rule models.UrgeRule, facts EscalationFacts, days *calendar.Calendar, level models.UrgeLevel, on calendar.Date) Escalation {
	if facts.waits(on) {
		return Escalation{level, UrgeCause{Key: "urges.why.waits"}, on}
	}
	aim := LevelOn(rule, facts, days, on)
	if facts.holds(on) && graver(level, aim.Level) {
		aim.Level = level
	}
	return aim
}

// graver tells whether one level is above the other.
func graver(level, other models.UrgeLevel) bool {
	return slices.Index(urgeLevels, level) < slices.Index(urgeLevels, other)
}

// UrgePace is where the course of an urge is taken up: its level at the beginning of a
// day, and the last day on which the level changed. It rises once a day at most.
type UrgePace struct {
	Level   models.UrgeLevel
	From    calendar.Date
	Changed calendar.Date
}

// UrgeTurn is a day on which an urge changes its level, or on which all is done.
type UrgeTurn struct {
	On   calendar.Date
	Done bool
	Escalation
}

// Course returns the turns of an urge up to and including a day. The calendar is that
// known at the end of each day. It rises by one level a day, and falls at once. It ends
// when all is done.
func Course(rule models.UrgeRule, facts EscalationFacts, known func(day calendar.Date) *calendar.Calendar, pace UrgePace, to calendar.Date) []UrgeTurn {
	var turns []UrgeTurn
	for day := pace.From; day <= to; day++ {
		if facts.done(day) {
			return append(turns, UrgeTurn{On: day, Done: true, Escalation: Escalation{pace.Level, facts.end(day), day}})
		}
		if turn, changes := pace.turn(rule, facts, known(day), day); changes {
			turns = append(turns, turn)
		}
	}
	return turns
}

// turn goes one step to where the rule has the urge on the day, if it is not there.
func (p *UrgePace) turn(rule models.UrgeRule, facts EscalationFacts, days *calendar.Calendar, day calendar.Date) (UrgeTurn, bool) {
	aim := aimOn(rule, facts, days, p.Level, day)
	rises := graver(aim.Level, p.Level)
	if aim.Level == p.Level || rises && p.Changed == day {
		return UrgeTurn{}, false
	}
	if rises {
		aim.Level = above(p.Level)
	}
	aim.Since = day
	p.Level, p.Changed = aim.Level, day
	return UrgeTurn{On: day, Escalation: aim}, true
}

// standing returns the level of an urge at the end of the day, why it has it and since
// when, and whether all is done.
func standing(rule models.UrgeRule, facts EscalationFacts, known func(day calendar.Date) *calendar.Calendar, pace UrgePace, on calendar.Date) (now Escalation, done bool) {
	now = aimOn(rule, facts, known(on), pace.Level, on)
	now.Level = pace.Level
	turns := Course(rule, facts, known, pace, on)
	if len(turns) > 0 {
		last := turns[len(turns)-1]
		now, done = last.Escalation, last.Done
	}
	return now, done
}

// Ahead returns how the level will change after the day, at whose end the urge has a
// level, when nothing is done and nothing else becomes known.
func Ahead(rule models.UrgeRule, facts EscalationFacts, days *calendar.Calendar, level models.UrgeLevel, on calendar.Date) []UrgeTurn {
	by, _ := facts.replyBy(days)
	candidates := []calendar.Date{on, by + 1}
	for _, item := range facts.Items {
		if turn := item.on(on); turn.open() && !turn.DueOn.IsZero() {
			candidates = append(candidates, yellowDay(rule, days, turn.DueOn), redDay(rule, days, turn.DueOn))
		}
	}
	// What would rise by two levels at once needs a second day.
	for _, day := range candidates[:len(candidates):len(candidates)] {
		candidates = append(candidates, day+1, day+2)
	}
	slices.Sort(candidates)
	var turns []UrgeTurn
	pace := UrgePace{Level: level}
	for _, day := range slices.Compact(candidates) {
		if day <= on {
			continue
		}
		if turn, changes := pace.turn(rule, facts, days, day); changes {
			turns = append(turns, turn)
		}
	}
	return turns
}
