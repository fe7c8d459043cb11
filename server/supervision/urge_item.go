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
	id, err := strconv.ParseUint(number, 10, 64)
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
	// a duty without a trigger asks for nothing yet.
	Open, Takes bool
	turns       []ItemTurn
}

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
	open   []string
}

var thingSources = map[models.UrgeObject]thingSource{
	models.UrgeDuty: {
		things: func(tx *gorm.DB) *gorm.DB {
			return tx.Table("duties d").Joins("JOIN obligations o ON o.id = d.obligation_id").
				Select("d.id, d.unit_id, o.title_zh, o.title_en, o.clause, d.period, d.subject_title AS subject")
		},
		states: func(tx *gorm.DB, ids []uint64, asOf calendar.Date) *gorm.DB {
			return tx.Table("duty_changes").Where("duty_id IN ? AND known_on <= ?", ids, asOf).
				Select("duty_id AS thing_id, known_on, outcome AS state, due_on, provisional").Order("known_on")
		},
		open: []string{string(models.Open), string(models.Unscheduled)},
	},
	models.UrgeTask: {
		things: func(tx *gorm.DB) *gorm.DB {
			return tx.Table("task_shares d").Joins("JOIN tasks o ON o.id = d.task_id").
				Select("d.id, d.unit_id, d.task_id, o.title_zh, o.title_en, o.clause")
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
			return tx.Table("rectifications d").Select("d.id, d.unit_id, d.demand AS title_zh, d.demand AS title_en, '' AS clause")
		},
		states: func(tx *gorm.DB, ids []uint64, asOf calendar.Date) *gorm.DB {
			return tx.Table("rectification_steps p").Joins("JOIN rectifications r ON r.id = p.rectification_id").
				Where("p.rectification_id IN ? AND p.done_on <= ?", ids, asOf).
				Select("p.rectification_id AS thing_id, p.done_on AS known_on, p.act AS state, p.due_on").Order("p.id")
		},
		open: []string{string(models.RectificationDemand), string(models.RectificationReturn)},
	},
}

// thingRow is a thing as its table has it.
type thingRow struct {
	ID      uint64
	UnitID  uint64
	TitleZH string
	TitleEN string
	Clause  string
	Period  string
	Subject string
	TaskID  uint64
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
		thing := newThing(object, row, of[row.ID], source.open, asOf)
		found[thing.UrgeRef] = thing
	}
	return nil
}

func newThing(object models.UrgeObject, row thingRow, states []thingState, open []string, asOf calendar.Date) UrgeThing {
	thing := UrgeThing{UrgeRef: UrgeRef{object, row.ID}, UnitID: row.UnitID, TaskID: row.TaskID, Title: rules.Text{ZH: row.TitleZH, EN: row.TitleEN},
		Clause: row.Clause, Period: row.Period, Subject: row.Subject}
	for _, state := range states {
		turn := ItemTurn{From: state.KnownOn, DueOn: state.DueOn, Done: !slices.Contains(open, state.State)}
		if state.Provisional {
			turn.DueOn = 0
		}
		thing.turns = append(thing.turns, turn)
		thing.DueOn, thing.Provisional, thing.State, thing.Open = state.DueOn, state.Provisional, state.State, !turn.Done
	}
	thing.Takes = thing.Open && thing.State != string(models.Unscheduled)
	switch object {
	case models.UrgeDuty:
		thing.State = string(rules.StateOn(rules.Outcome(thing.State), thing.DueOn, thing.Provisional, asOf))
	case models.UrgeRectification:
		thing.State = rectificationStates[models.RectificationAct(thing.State)]
	}
	return thing
}

// rectificationStates are the statuses that acts lead to.
var rectificationStates = map[models.RectificationAct]string{
	models.RectificationDemand: string(models.RectificationOpen), models.RectificationReturn: string(models.RectificationOpen),
	models.RectificationAnswer: string(models.RectificationAnswered), models.RectificationClose: string(models.RectificationClosed),
	models.RectificationWithdraw: string(models.RectificationWithdrawn),
}

// factsOf are what the level of an urge follows from.
func factsOf(urge models.Urge, about []UrgeThing) EscalationFacts {
	facts := EscalationFacts{SentOn: urge.SentOn, ReplyBy: urge.ReplyBy, RepliedOn: urge.RepliedOn}
	for _, thing := range about {
		facts.Items = append(facts.Items, ItemFacts{thing.Title, thing.turns})
	}
	return facts
}
