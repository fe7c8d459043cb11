package rules

import (
	"fmt"
	"slices"
	"time"

	"sundial/server/calendar"
)

// Shanghai is the zone in which instants become dates. It is fixed:
// no daylight saving has applied since 1991.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Start is the event from which a term runs: a document published or issued, a
// congress closed, an incident. Subject identifies it within the unit.
type Start struct {
	Subject string
	Title   string
	On      calendar.Date
	// At is the instant, for terms in hours; On is then its date in Shanghai.
	At time.Time
}

// Duty is an obligation as owed by one unit for one period: what Judge judges.
type Duty struct {
	Policy     *Policy
	Obligation *Obligation
	Period     Period
	// Start is the event of the term, zero where the obligation has no trigger or
	// nothing has triggered it yet.
	Start Start
	// Since is the first day on which the duty is owed.
	Since calendar.Date
	// DueOn is zero while there is no trigger: the duty is unscheduled. DueAt is
	// the instant at which a term in hours ends.
	DueOn       calendar.Date
	DueAt       time.Time
	Provisional bool
	// Extended tells that DueOn is a later one than the policy's, by the office.
	Extended bool
}

// Trigger returns the trigger of the obligation's term, empty for obligations
// without a term.
func (o *Obligation) Trigger() Trigger {
	switch o.Kind {
	case KindWithinWorkingDays:
		return o.WorkingDays.After
	case KindWithinHours:
		return o.Hours.After
	default:
		return ""
	}
}

// NeedsStart tells whether the term runs from an event of the unit's own, so
// that there is one duty per event and none is scheduled before the first.
func (o *Obligation) NeedsStart() bool {
	trigger := o.Trigger()
	return trigger != "" && trigger != AfterPolicy
}

// Periods returns the periods of the obligation that begin in the year or stand
// on its board, as the policy's effective span and the obligation's years allow.
func (p *Policy) Periods(o *Obligation, year int) []Period {
	return slices.DeleteFunc(p.candidates(o, year), func(period Period) bool {
		return !period.covers(year) || !p.binds(o, period)
	})
}

// UntilYear returns the last year on whose board the period stands.
func (p Period) UntilYear() int { return p.To.Year() }

// covers tells whether the period stands on the year's board.
func (p Period) covers(year int) bool { return p.Year <= year && year <= p.UntilYear() }

// binds tells whether the policy is in force in the period.
func (p *Policy) binds(o *Obligation, period Period) bool {
	inForce := p.Effective.From <= period.To && (p.Effective.To.IsZero() || period.From <= p.Effective.To)
	wholeYears := o.Kind == KindByDate && !o.ByDate.On.IsZero() || o.Kind == KindRotation
	return inForce && (wholeYears || o.Years.Contains(period.Year))
}

// candidates returns the periods that the obligation's kind gives the year,
// whether or not the policy is in force in them.
func (p *Policy) candidates(o *Obligation, year int) []Period {
	switch o.Kind {
	case KindCount:
		return o.Count.Window.periods(year)
	case KindByDate:
		return []Period{p.byDatePeriod(o, year)}
	case KindRotation:
		return o.Rotation.periods(year)
	case KindWithinWorkingDays:
		if o.WorkingDays.After == AfterPolicy {
			return []Period{yearPeriod(max(p.Effective.From.Year(), o.Years.From))}
		}
	}
	return []Period{yearPeriod(year)}
}

// byDatePeriod is the year of the due date, or from the first of the
// obligation's years up to a later due date.
func (p *Policy) byDatePeriod(o *Obligation, year int) Period {
	if !o.ByDate.Each.IsZero() {
		return yearPeriod(year)
	}
	due := o.ByDate.On
	first := due.Year()
	if o.Years.From != 0 {
		first = min(first, o.Years.From)
	}
	return spanPeriod(calendar.NewDate(first, time.January, 1), due)
}

// spanPeriod names a stretch by its years: 2018, or 2018-2019.
func spanPeriod(from, to calendar.Date) Period {
	name := fmt.Sprint(from.Year())
	if to.Year() > from.Year() {
		name = fmt.Sprintf("%d-%d", from.Year(), to.Year())
	}
	return Period{Name: name, Year: from.Year(), Span: Span{From: from, To: to}}
}

// Window returns the cycle's window that contains the day, or the one window
// until a date.
func (r *Rotation) Window(day calendar.Date) Span {
	if !r.Until.IsZero() {
		return Span{From: r.From, To: r.Until}
	}
	window := r.window(0)
	for i := 1; window.To < day; i++ {
		window = r.window(i)
	}
	return window
}

// window returns the i-th window of a cycle of years.
func (r *Rotation) window(i int) Span {
	start := func(i int) calendar.Date {
		return calendar.NewDate(r.From.Year()+i*r.Years, r.From.Month(), r.From.Day())
	}
	return Span{From: start(i), To: start(i+1) - 1}
}

// periods returns the windows that touch the year.
func (r *Rotation) periods(year int) []Period {
	if !r.Until.IsZero() {
		return []Period{spanPeriod(r.From, r.Until)}
	}
	var periods []Period
	last := yearEnd.In(year)
	for window := r.Window(calendar.NewDate(year, time.January, 1)); window.From <= last; window = r.Window(window.To + 1) {
		periods = append(periods, spanPeriod(window.From, window.To))
	}
	return periods
}

// Schedule returns the duties that the unit owes on the board of one year, in
// the order of the obligations: for an obligation with a trigger one per start,
// or one that is unscheduled while there is none. Starts maps a trigger to the
// unit's events. A unit owes a duty if it exists on the due date, and not before
// it was opened.
func Schedule(p *Policy, unit Unit, starts map[Trigger][]Start, cal *calendar.Calendar, year int) []Duty {
	var duties []Duty
	for i := range p.Obligations {
		o := &p.Obligations[i]
		if !o.Who.Binds(p.Region, unit) {
			continue
		}
		for _, period := range p.Periods(o, year) {
			duties = append(duties, p.dutiesOf(o, period, starts[o.Trigger()], cal)...)
		}
	}
	duties = slices.DeleteFunc(duties, func(d Duty) bool { return !d.FallsDueIn(unit) })
	for i := range duties {
		duties[i].Since = max(duties[i].Since, unit.OpenedOn)
	}
	return duties
}

// Owed returns the unit's duty of one obligation in the year's period of the
// name, with its start where the obligation has a trigger, and whether the unit
// owes it: as Schedule does, of a single duty.
func Owed(p *Policy, o *Obligation, unit Unit, year int, period string, start Start, cal *calendar.Calendar) (Duty, bool) {
	if !o.Who.Binds(p.Region, unit) {
		return Duty{}, false
	}
	for _, candidate := range p.Periods(o, year) {
		if candidate.Name == period {
			d := NewDuty(p, o, candidate, start, cal)
			d.Since = max(d.Since, unit.OpenedOn)
			return d, d.FallsDueIn(unit)
		}
	}
	return Duty{}, false
}

// dutiesOf returns the duties of one period.
func (p *Policy) dutiesOf(o *Obligation, period Period, starts []Start, cal *calendar.Calendar) []Duty {
	if !o.NeedsStart() {
		return []Duty{NewDuty(p, o, period, Start{}, cal)}
	}
	var duties []Duty
	for _, start := range starts {
		if period.Contains(start.On) {
			duties = append(duties, NewDuty(p, o, period, start, cal))
		}
	}
	if len(duties) == 0 {
		duties = []Duty{NewDuty(p, o, period, Start{}, cal)}
	}
	return duties
}

// NewDuty returns the duty of a period with its due date.
func NewDuty(p *Policy, o *Obligation, period Period, start Start, cal *calendar.Calendar) Duty {
	d := Duty{Policy: p, Obligation: o, Period: period, Start: start, Since: max(period.From, start.On)}
	switch o.Kind {
	case KindCount, KindRotation:
		d.DueOn = period.To
	case KindAppointment:
		d.DueOn = o.Appointment.Due.dueIn(period.Year)
	case KindWeight:
		d.DueOn = o.Weight.Due.dueIn(period.Year)
	case KindByDate:
		d.DueOn = o.ByDate.On
		if d.DueOn.IsZero() {
			d.DueOn = o.ByDate.Each.In(period.Year)
		}
	case KindWithinWorkingDays:
		if on := d.termStart(); !on.IsZero() {
			d.DueOn, d.Provisional = cal.AddWorkingDays(on, o.WorkingDays.N)
		}
	case KindWithinHours:
		if !start.At.IsZero() {
			d.DueAt = start.At.Add(time.Duration(o.Hours.N) * time.Hour)
			d.DueOn = calendar.DateOf(d.DueAt.In(Shanghai))
		}
	}
	return d
}

// termStart returns the day from which a term in working days runs.
func (d *Duty) termStart() calendar.Date {
	if d.Obligation.Trigger() == AfterPolicy {
		return d.Policy.Published
	}
	return d.Start.On
}

// Explain tells day by day how the due date was counted; nil for duties whose
// due date is not counted in working days, or not known.
func (d *Duty) Explain(cal *calendar.Calendar) *calendar.Explanation {
	if d.Obligation.Kind != KindWithinWorkingDays || d.DueOn.IsZero() {
		return nil
	}
	explanation := cal.Explain(d.termStart(), d.Obligation.WorkingDays.N)
	return &explanation
}

// FallsDueIn tells whether the unit exists when the duty falls due: on the due
// date, and while there is none, at the beginning of the period or when it opens
// in it. Otherwise it does not owe the duty.
func (d *Duty) FallsDueIn(unit Unit) bool {
	exists := func(day calendar.Date) bool {
		return unit.OpenedOn <= day && (unit.ClosedOn.IsZero() || day < unit.ClosedOn)
	}
	if d.DueOn.IsZero() {
		return exists(max(d.Period.From, unit.OpenedOn)) && unit.OpenedOn <= d.Period.To
	}
	return exists(d.DueOn)
}
