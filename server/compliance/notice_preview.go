package compliance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
)

const (
	// MaxPreview is how many duties a preview lists; it counts all of them.
	MaxPreview = 200
	// maxNotice is the longest text of a notice, in characters.
	maxNotice = 20_000
)

// NoticePreview is what a notice does to the calendar and to due dates when it is
// entered or removed, and after that, what it did.
type NoticePreview struct {
	Notice calendar.Notice
	// Basis names the entered notices that the preview rests on. Entering with it
	// is refused once they are others.
	Basis string
	// Calendar is the calendar afterwards, Changes are the days that are off, worked
	// or named otherwise than before.
	Calendar *calendar.Calendar
	Changes  []calendar.Change
	// Moves are the first MaxPreview duties whose due date moves, Total counts all.
	Moves []DueMove
	Total int
	// Turns count the moves by the state before and after.
	Turns []StateTurn
}

// DueMove is a duty whose due date moves, or is settled, or is provisional again.
type DueMove struct {
	Duty       models.Duty // as it is afterwards
	Unit       models.Unit
	Obligation ObligationRef
	// FromDue and FromProvisional are the due date before.
	FromDue         calendar.Date
	FromProvisional bool
	// From and To are the states today, by the due date before and afterwards.
	From, To rules.State
}

// StateTurn counts duties that turn from one state into another, or keep theirs.
type StateTurn struct {
	From, To rules.State
	Count    int
}

// PreviewNotice tells what entering the text of a State Council notice would do.
// Who may not manage the calendar of all units is Forbidden; a text that is no
// sound notice is Invalid, with the line at fault as the argument Line of the
// field text; a number that is there already is a Conflict.
func (l *Ledger) PreviewNotice(ctx context.Context, actor Actor, text string) (*NoticePreview, error) {
	return l.preview(ctx, actor, func(lib *library) (*calendarTurn, error) { return lib.almanac.entering(text) })
}

// PreviewRemoval tells what removing an entered notice would do. An unknown one
// is NotFound; one that is removed already, or that a later notice amends, is a
// Conflict.
func (l *Ledger) PreviewRemoval(ctx context.Context, actor Actor, id uint64) (*NoticePreview, error) {
	return l.preview(ctx, actor, func(lib *library) (*calendarTurn, error) { return lib.almanac.removing(id) })
}

func (l *Ledger) preview(ctx context.Context, actor Actor, turning func(*library) (*calendarTurn, error)) (*NoticePreview, error) {
	db := l.store.Read(ctx)
	if err := mayManageCalendar(db, actor); err != nil {
		return nil, err
	}
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	turn, err := turning(lib)
	if err != nil {
		return nil, err
	}
	today := l.Today()
	preview := turn.preview()
	err = turn.recount(lib, today).each(db, func(moves []dueMove) error {
		preview.add(moves, today)
		return nil
	})
	return preview, err
}

// MayManageCalendar tells whether the actor may enter and remove notices: the
// calendar is one for all units, so it takes the permission over all of them.
// The error is Forbidden.
func (l *Ledger) MayManageCalendar(ctx context.Context, actor Actor) error {
	return mayManageCalendar(l.store.Read(ctx), actor)
}

func mayManageCalendar(db *gorm.DB, actor Actor) error {
	scope := actor.Access.Scope("calendar", "manage")
	var roots []string
	if err := db.Model(&models.Unit{}).Where("parent_id IS NULL").Pluck("path", &roots).Error; err != nil {
		return fmt.Errorf("topmost units: %w", err)
	}
	for _, root := range roots {
		if !scope.Contains(root) {
			scope = nil
		}
	}
	if len(scope) == 0 {
		return models.NewError(models.Forbidden, "notice.not_national")
	}
	return nil
}

// ProvisionalDuties returns how many duties of the scope are due on a day that
// depends on a notice that is not there yet.
func (l *Ledger) ProvisionalDuties(ctx context.Context, scope rbac.Scope) (int, error) {
	var count int64
	query := l.store.Read(ctx).Table("duties d").Joins("JOIN units u ON u.id = d.unit_id").
		Where("d.provisional = ? AND d.outcome <> ?", true, models.Withdrawn)
	if err := scope.Where(query, "u.path").Count(&count).Error; err != nil {
		return 0, fmt.Errorf("provisional duties: %w", err)
	}
	return int(count), nil
}

// calendarTurn is one calendar taking the place of another.
type calendarTurn struct {
	notice calendar.Notice
	// text is what was pasted; removes is the id of the notice's row when it is
	// taken out of force.
	text    string
	removes uint64
	basis   string
	after   *calendar.Calendar
	changes []calendar.Change
}

// entering returns the turn that the text of a notice makes.
func (a almanac) entering(text string) (*calendarTurn, error) {
	if length := utf8.RuneCountInString(text); length > maxNotice {
		return nil, models.InvalidFields([]models.Field{{Name: "text", Key: "filing.too_long", Args: models.Args("Length", length, "Max", maxNotice)}})
	}
	notice, err := calendar.ParseNotice(text)
	if err != nil {
		return nil, refusedNotice(err)
	}
	// Alone on top of those in force it must fit; those that a newer program
	// contradicts are out of use.
	if _, err := calendar.New(append(a.inForce().Notices(), notice)); err != nil {
		return nil, refusedNotice(err)
	}
	turn, err := a.turn(notice, append(a.standing(), notice))
	if err == nil {
		turn.text = text
	}
	return turn, err
}

// removing returns the turn that the removal of an entered notice makes.
func (a almanac) removing(id uint64) (*calendarTurn, error) {
	var removed *enteredNotice
	var rest []calendar.Notice
	for i, e := range a.entered {
		switch {
		case e.ID == id:
			removed = &a.entered[i]
		case e.Removed == 0:
			rest = append(rest, e.notice)
		}
	}
	switch {
	case removed == nil:
		return nil, models.NewError(models.NotFound, "notice.unknown")
	case removed.Removed != 0:
		return nil, models.NewError(models.Conflict, "notice.removed", "Number", removed.Number, "At", *removed.RemovedAt)
	}
	turn, err := a.turn(removed.notice, rest)
	if err != nil {
		return nil, err
	}
	turn.removes = id
	for _, notice := range a.inForce().Notices() {
		if notice.Number != removed.Number && !has(turn.after, notice.Number) {
			return nil, models.NewError(models.Conflict, "notice.amended", "Number", removed.Number, "Other", notice.Number)
		}
	}
	return turn, nil
}

func (a almanac) turn(notice calendar.Notice, standing []calendar.Notice) (*calendarTurn, error) {
	after, _, err := calendarOf(a.shipped, standing)
	if err != nil {
		return nil, err
	}
	return &calendarTurn{notice: notice, basis: a.basis(), after: after, changes: a.inForce().ChangesTo(after)}, nil
}

// basis names what was entered and removed so far.
func (a almanac) basis() string {
	var text strings.Builder
	for _, s := range a.stamps {
		fmt.Fprintf(&text, "%d.%d-", s.ID, s.Removed)
	}
	return text.String() + fmt.Sprint(len(a.shipped))
}

func has(cal *calendar.Calendar, number string) bool {
	for _, notice := range cal.Notices() {
		if notice.Number == number {
			return true
		}
	}
	return false
}

// refusedNotice is the fault of a notice as its author reads it.
func refusedNotice(err error) error {
	var fault *calendar.NoticeError
	if !errors.As(err, &fault) {
		return err
	}
	if fault.Key == "notice.twice" {
		return &models.Error{Code: models.Conflict, Key: fault.Key, Args: fault.Args}
	}
	args := maps.Clone(fault.Args)
	args["Line"] = fault.Line
	return models.InvalidFields([]models.Field{{Name: "text", Key: fault.Key, Args: args}})
}

// preview is the turn before any duty was looked at.
func (t *calendarTurn) preview() *NoticePreview {
	p := &NoticePreview{Notice: t.notice, Basis: t.basis, Calendar: t.after}
	for _, change := range t.changes {
		if change.Renamed() {
			p.Changes = append(p.Changes, change)
		}
	}
	return p
}

// recount counts due dates by the calendar after the turn.
func (t *calendarTurn) recount(lib *library, today calendar.Date) recount {
	r := recount{lib: lib, calendar: t.after, today: today, from: models.Forever}
	for _, change := range t.changes {
		if change.Counts() {
			r.from = change.Before.Date
			break
		}
	}
	return r
}

// add takes in duties that move.
func (p *NoticePreview) add(moves []dueMove, today calendar.Date) {
	p.Total += len(moves)
	for _, m := range moves {
		move := DueMove{Duty: m.after, Unit: m.unit, Obligation: m.ref(), FromDue: m.before.DueOn, FromProvisional: m.before.Provisional,
			From: stateOn(m.before, today), To: stateOn(m.after, today)}
		if len(p.Moves) < MaxPreview {
			p.Moves = append(p.Moves, move)
		}
		p.count(move.From, move.To)
	}
}

func (p *NoticePreview) count(from, to rules.State) {
	for i := range p.Turns {
		if p.Turns[i].From == from && p.Turns[i].To == to {
			p.Turns[i].Count++
			return
		}
	}
	p.Turns = append(p.Turns, StateTurn{from, to, 1})
}

func stateOn(row models.Duty, day calendar.Date) rules.State {
	return rules.StateOn(rules.Outcome(row.Outcome), row.DueOn, row.Provisional, day)
}
