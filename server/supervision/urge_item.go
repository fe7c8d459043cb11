package supervision

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// UrgeRef names a thing that a unit can be urged for.
type UrgeRef struct {
	Object models.UrgeObject
	ID     uint64
}

// String writes the reference as forms have it, such as duty:12.
func (r UrgeRef) String() string { return string(r.Object) + ":" + strconv.FormatUint(r.ID, 10) }

// ParseUrgeRef reads what String writes.
func ParseUrgeRef(text string) (UrgeRef, bool) {
	object, number, _ := strings.Cut(text, ":")
	id, err := strconv.ParseUint(number, 10, 63)
	ref := UrgeRef{models.UrgeObject(object), id}
	return ref, err == nil && slices.Contains([]models.UrgeObject{models.UrgeDuty, models.UrgeTask, models.UrgeRectification}, ref.Object)
}

// UrgeThing is a thing that a unit can be urged for, as it was known at the end of a day.
type UrgeThing struct {
	UrgeRef
	UnitID uint64
	// TaskID is the task of a share.
	TaskID uint64
	Title  rules.Text
	Clause string
	// Period and Subject are those of a duty.
	Period, Subject string
	DueOn           calendar.Date
	Provisional     bool
	// State is a rules.State, a models.TaskStatus, notOwed or a models.RectificationStatus.
	State string
	// Open tells that the unit still has to do it, Takes that it can be urged for it:
	// a duty without a trigger asks for nothing yet. What Waits has been reported or
	// answered and may come back.
	Open, Takes, Waits bool
	// Ended says why nobody owes it any more though it was not done: the key of a message
	// as in ItemTurn, empty otherwise.
	Ended string
	turns []ItemTurn
}

// Done tells that it is done for good, or owed no more.
func (t UrgeThing) Done() bool { return !t.Open && !t.Waits }

// Overdue tells whether it is open after its settled due date.
func (t UrgeThing) Overdue(on calendar.Date) bool {
	return t.Open && !t.Provisional && !t.DueOn.IsZero() && on > t.DueOn
}

// thingState is what was known of a thing from a day on.
type thingState struct {
	ThingID     uint64
	KnownOn     calendar.Date
	State       string
	DueOn       calendar.Date
	Provisional bool
}

// thingSource tells where things of one kind are kept: what they are, and all that was
// known of them up to a day in that order.
type thingSource struct {
	things func(tx *gorm.DB) *gorm.DB
	states func(tx *gorm.DB, ids []uint64, asOf calendar.Date) *gorm.DB
	// open are the states in which the unit has to do it, waits those in which the office
	// has to say whether it is done; every other one is the end of it.
	open, waits []string
}

var thingSources = map[models.UrgeObject]thingSource{
	models.UrgeDuty: {
		things: func(tx *gorm.DB) *gorm.DB {
			return tx.Table("duties d").Joins("JOIN obligations o ON o.id = d.obligation_id").Joins(joinUnit).
				Select("d.id, d.unit_id, x.closed_on, o.title_zh, o.title_en, o.clause, d.period, d.subject_title AS subject")
		},
		states: func(tx *gorm.DB, ids []uint64, asOf calendar.Date) *gorm.DB {
			return tx.Table("duty_changes").Where("duty_id IN ? AND known_on <= ?", ids, asOf).
				Select("duty_id AS thing_id, known_on, outcome AS state, due_on, provisional").Order("known_on")
		},
		open:  []string{string(models.Open), string(models.Unscheduled)},
		waits: []string{string(models.Reported)},
	},
	models.UrgeTask: {
		things: func(tx *gorm.DB) *gorm.DB {
			return tx.Table("task_shares d").Joins("JOIN tasks o ON o.id = d.task_id").Joins("JOIN policies p ON p.id = o.policy_id").Joins(joinUnit).
				Select("d.id, d.unit_id, x.closed_on, p.retired_on, d.task_id, o.title_zh, o.title_en, o.clause")
		},
		states: func(tx *gorm.DB, ids []uint64, asOf calendar.Date) *gorm.DB {
			// Who cooperates, or has no part any more, owes nothing.
			return tx.Table("task_steps").Where("share_id IN ? AND done_on <= ?", ids, asOf).
				Select("share_id AS thing_id, done_on AS known_on, CASE WHEN act = ? OR role <> ? THEN ? ELSE status END AS state, due_on", models.TaskEnd, models.TaskLead, notOwed).Order("id")
		},
		open: []string{string(models.TaskNotStarted), string(models.TaskUnderWay)},
	},
	models.UrgeRectification: {
		things: func(tx *gorm.DB) *gorm.DB {
			return tx.Table("rectifications d").Joins(joinUnit).Select("d.id, d.unit_id, x.closed_on, d.demand AS title_zh, d.demand AS title_en, '' AS clause")
		},
		states: func(tx *gorm.DB, ids []uint64, asOf calendar.Date) *gorm.DB {
			return tx.Table("rectification_steps p").Joins("JOIN rectifications r ON r.id = p.rectification_id").
				Where("p.rectification_id IN ? AND p.done_on <= ?", ids, asOf).
				Select("p.rectification_id AS thing_id, p.done_on AS known_on, p.act AS state, p.due_on").Order("p.id")
		},
		open:  []string{string(models.RectificationDemand), string(models.RectificationReturn)},
		waits: []string{string(models.RectificationAnswer)},
	},
}

// joinUnit brings the unit x of a thing d.
const joinUnit = "JOIN units x ON x.id = d.unit_id"

// thingRow is a thing as its table has it. ClosedOn is that of its unit, RetiredOn that of
// the policy of a task: a duty of a retired policy is withdrawn by itself.
type thingRow struct {
	ID        uint64
	UnitID    uint64
	ClosedOn  calendar.Date
	RetiredOn calendar.Date
	TitleZH   string
	TitleEN   string
	Clause    string
	Period    string
	Subject   string
	TaskID    uint64
}

// notOwed is the state of a part in a task for which the unit reports nothing.
const notOwed = "not_owed"

// thingBatch is how many things one statement reads.
const thingBatch = 500

// thingsAt returns what was known of the things at the end of the day; those that do not
// exist are left out.
func thingsAt(tx *gorm.DB, refs []UrgeRef, asOf calendar.Date) (map[UrgeRef]UrgeThing, error) {
	ids := map[models.UrgeObject][]uint64{}
	for _, ref := range refs {
		ids[ref.Object] = append(ids[ref.Object], ref.ID)
	}
	found := make(map[UrgeRef]UrgeThing, len(refs))
	for object, of := range ids {
		slices.Sort(of)
		for some := range slices.Chunk(slices.Compact(of), thingBatch) {
			if err := readThings(tx, object, some, asOf, found); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

func readThings(tx *gorm.DB, object models.UrgeObject, ids []uint64, asOf calendar.Date, found map[UrgeRef]UrgeThing) error {
	source := thingSources[object]
	var rows []thingRow
	if err := source.things(tx).Where("d.id IN ?", ids).Scan(&rows).Error; err != nil {
		return fmt.Errorf("what is urged for, %s: %w", object, store.Translate(err))
	}
	var states []thingState
	if err := source.states(tx, ids, asOf).Scan(&states).Error; err != nil {
		return fmt.Errorf("states of what is urged for, %s: %w", object, store.Translate(err))
	}
	of := map[uint64][]thingState{}
	for _, state := range states {
		of[state.ThingID] = append(of[state.ThingID], state)
	}
	for _, row := range rows {
		thing := source.thing(object, row, of[row.ID], asOf)
		found[thing.UrgeRef] = thing
	}
	return nil
}

// thing returns a thing by what was known of it.
func (source thingSource) thing(object models.UrgeObject, row thingRow, states []thingState, asOf calendar.Date) UrgeThing {
	thing := UrgeThing{UrgeRef: UrgeRef{object, row.ID}, UnitID: row.UnitID, TaskID: row.TaskID, Title: rules.Text{ZH: row.TitleZH, EN: row.TitleEN},
		Clause: row.Clause, Period: row.Period, Subject: row.Subject}
	for _, state := range states {
		turn := ItemTurn{From: state.KnownOn, DueOn: state.DueOn, Waits: slices.Contains(source.waits, state.State)}
		turn.Done = !turn.Waits && !slices.Contains(source.open, state.State)
		if state.Provisional {
			turn.DueOn = 0
		}
		thing.turns = append(thing.turns, turn)
		thing.DueOn, thing.Provisional, thing.State, thing.Open, thing.Waits = state.DueOn, state.Provisional, state.State, turn.open(), turn.Waits
	}
	thing.Takes = thing.Open && thing.State != string(models.Unscheduled)
	switch object {
	case models.UrgeDuty:
		thing.State = string(rules.StateOn(rules.Outcome(thing.State), thing.DueOn, thing.Provisional, asOf))
	case models.UrgeRectification:
		thing.State = rectificationStates[models.RectificationAct(thing.State)]
	}
	thing.end(row.ClosedOn, "urges.why.closed", asOf)
	thing.end(row.RetiredOn, "urges.why.retired", asOf)
	return thing
}

// end has nobody owe from the day on what was not done before it; zero is no day.
func (t *UrgeThing) end(on calendar.Date, why string, asOf calendar.Date) {
	if on.IsZero() || on > asOf || (ItemFacts{Turns: t.turns}).on(on-1).Done {
		return
	}
	t.turns = slices.DeleteFunc(t.turns, func(turn ItemTurn) bool { return turn.From >= on })
	t.turns = append(t.turns, ItemTurn{From: on, DueOn: t.DueOn, Done: true, Ended: why})
	t.Open, t.Takes, t.Waits, t.Ended = false, false, false, why
}

// rectificationStates are the statuses that acts lead to.
var rectificationStates = map[models.RectificationAct]string{
	models.RectificationDemand: string(models.RectificationOpen), models.RectificationReturn: string(models.RectificationOpen),
	models.RectificationAnswer: string(models.RectificationAnswered), models.RectificationClose: string(models.RectificationClosed),
	models.RectificationWithdraw: string(models.RectificationWithdrawn),
}

// factsOf are what the level of an urge follows from.
func factsOf(urge models.Urge, about []UrgeThing) EscalationFacts {
	facts := EscalationFacts{SentOn: urge.SentOn, ReplyTerm: urge.ReplyTerm, RepliedOn: urge.RepliedOn, Floor: urge.Floor}
	for _, thing := range about {
		facts.Items = append(facts.Items, ItemFacts{thing.Title, thing.turns})
	}
	return facts
}
