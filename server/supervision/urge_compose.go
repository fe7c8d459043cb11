package supervision

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/store"
)

// MaxUrgeUnits is how many units can be urged at once, MaxUrgeItems for how many things.
const (
	MaxUrgeUnits = 500
	MaxUrgeItems = 5000
)

// UrgeAsk is what somebody wants to urge for: things, and units for all that they owe and
// that is overdue or due soon.
type UrgeAsk struct {
	Items []UrgeRef
	Units []string
	// ReplyTerm is how many working days there are for the reply; 0 is that of the rule.
	ReplyTerm int
}

// UrgeComposition is what would be sent, unit by unit.
type UrgeComposition struct {
	Office models.Unit
	Rule   models.UrgeRule
	// ReplyBy is the last day for replies, and why; Provisional while the calendar of one
	// of the days is not published.
	ReplyTerm   int
	ReplyBy     calendar.Date
	Explanation calendar.Explanation
	Provisional bool
	Drafts      []UrgeDraft
	// Unknown are things that were asked for and do not exist or lie outside.
	Unknown []UrgeRef
}

// UrgeDraft is an urge as it would be sent to a unit.
type UrgeDraft struct {
	Unit models.Unit
	// Items are what it is urged for, Refused what it is not, and why.
	Items   []UrgeThing
	Refused []UrgeRefusal
	// Blocked says why the unit cannot be urged at all; its key is empty when it can.
	Blocked rules.Reason
	// Recent is the last urge within the cool-down, by whatever office; nil without one.
	Recent *RecentUrge
	// Supersedes are open urges of the office all of which is in this one: they end with it,
	// and it begins at no lower level.
	Supersedes []models.Urge
	// Unmanned tells that nobody can sign for it in the unit or above it.
	Unmanned bool
	// Escalation is the level with which it would begin, Days how many days are left up
	// to the due date of each item, or negative since then.
	Escalation
}

// Sendable tells that there is something to send.
func (d UrgeDraft) Sendable() bool { return d.Blocked.Key == "" && len(d.Items) > 0 }

// UrgeRefusal is a thing for which the unit is not urged.
type UrgeRefusal struct {
	UrgeThing
	Why rules.Reason
}

// RecentUrge is an urge within the cool-down: by whom and in the name of which office, and
// the first day after it.
type RecentUrge struct {
	models.Urge
	By     string
	Office models.Unit
	Until  calendar.Date
}

// ComposeUrges returns what would be sent in the name of the office, grouped by unit.
// Things and units outside of it are as if they were not there.
func (d *Desk) ComposeUrges(ctx context.Context, actor compliance.Actor, office string, ask UrgeAsk) (*UrgeComposition, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	unit, err := w.Unit(office, readUrge, sendUrge, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	owed, err := w.owedBy(unit, ask.Units)
	if err != nil {
		return nil, err
	}
	closed, err := w.closedYears(owed)
	if err != nil {
		return nil, err
	}
	owed = slices.DeleteFunc(owed, func(ref UrgeRef) bool { return closed[ref].Year != 0 })
	return w.compose(unit, append(slices.Clone(ask.Items), owed...), ask.ReplyTerm)
}

// compose is ComposeUrges for the things.
func (w *urging) compose(office models.Unit, refs []UrgeRef, term int) (*UrgeComposition, error) {
	if len(refs) > MaxUrgeItems {
		return nil, models.InvalidFields([]models.Field{{Name: "item", Key: "urges.many_items", Args: models.Args("Max", MaxUrgeItems, "Count", len(refs))}})
	}
	rule, err := w.ruleOf(office.ID)
	if err != nil {
		return nil, err
	}
	c := &UrgeComposition{Office: office, Rule: rule, ReplyTerm: term}
	if term == 0 {
		c.ReplyTerm = rule.ReplyTerm
	}
	if c.ReplyTerm < 1 || c.ReplyTerm > MaxUrgeTerm {
		return nil, models.InvalidFields([]models.Field{{Name: "reply_term", Key: "urges.bad_term", Args: models.Args("Min", 1, "Max", MaxUrgeTerm)}})
	}
	c.Explanation = w.known(w.Today).Explain(w.Today, c.ReplyTerm)
	c.ReplyBy, c.Provisional = c.Explanation.Due, c.Explanation.Provisional
	if err := w.draft(c, refs); err != nil {
		return nil, err
	}
	if len(c.Drafts) > MaxUrgeUnits {
		return nil, models.InvalidFields([]models.Field{{Name: "item", Key: "urges.many_units", Args: models.Args("Max", MaxUrgeUnits, "Count", len(c.Drafts))}})
	}
	return c, nil
}

// draft groups the things by unit.
func (w *urging) draft(c *UrgeComposition, refs []UrgeRef) error {
	refs = slices.Clone(refs)
	slices.SortFunc(refs, func(a, b UrgeRef) int { return strings.Compare(a.String(), b.String()) })
	refs = slices.Compact(refs)
	found, err := thingsAt(w.TX, refs, w.Today)
	if err != nil {
		return err
	}
	units, err := w.unitsBelow(c.Office, found)
	if err != nil {
		return err
	}
	closed, err := w.closedYears(refs)
	if err != nil {
		return err
	}
	by := map[uint64]*UrgeDraft{}
	for _, ref := range refs {
		thing := found[ref]
		unit, inside := units[thing.UnitID]
		if !inside {
			c.Unknown = append(c.Unknown, ref)
			continue
		}
		if by[unit.ID] == nil {
			by[unit.ID] = &UrgeDraft{Unit: unit}
		}
		if in := closed[ref]; in.Year != 0 && thing.Open {
			by[unit.ID].Refused = append(by[unit.ID].Refused, UrgeRefusal{thing, rules.Reason{Key: "urges.item_year_closed", Args: models.Args("Year", in.Year, "On", in.ClosedOn())}})
			continue
		}
		by[unit.ID].add(thing)
	}
	recent, err := w.recent(c.Rule.CoolDown, by)
	if err != nil {
		return err
	}
	if err := w.supersede(c, by); err != nil {
		return err
	}
	if err := w.findPeople(c.Office, by); err != nil {
		return err
	}
	for _, draft := range by {
		w.finish(c, draft)
		draft.Recent = recent[draft.Unit.ID]
		c.Drafts = append(c.Drafts, *draft)
	}
	slices.SortFunc(c.Drafts, func(a, b UrgeDraft) int { return strings.Compare(a.Unit.Code, b.Unit.Code) })
	return nil
}

// closedYears returns the closings of years for which units cannot report any more what
// they are to be urged for.
func (w *urging) closedYears(refs []UrgeRef) (map[UrgeRef]compliance.ClosingView, error) {
	var duties []uint64
	for _, ref := range refs {
		if ref.Object == models.UrgeDuty {
			duties = append(duties, ref.ID)
		}
	}
	found, err := w.ledger.ClosedYears(w.TX, w.Today, duties)
	closed := make(map[UrgeRef]compliance.ClosingView, len(found))
	for id, in := range found {
		closed[UrgeRef{models.UrgeDuty, id}] = in
	}
	return closed, err
}

func (d *UrgeDraft) add(thing UrgeThing) {
	switch {
	case thing.Takes:
		d.Items = append(d.Items, thing)
	case thing.Open:
		d.Refused = append(d.Refused, UrgeRefusal{thing, rules.Reason{Key: "urges.item_unscheduled"}})
	case thing.Ended != "":
		d.Refused = append(d.Refused, UrgeRefusal{thing, rules.Reason{Key: "urges.item_ended"}})
	case thing.State == notOwed:
		d.Refused = append(d.Refused, UrgeRefusal{thing, rules.Reason{Key: "urges.item_not_owed"}})
	default:
		d.Refused = append(d.Refused, UrgeRefusal{thing, rules.Reason{Key: "urges.item_done"}})
	}
}

// finish sorts what the unit is urged for by due date, and adds its level.
func (w *urging) finish(c *UrgeComposition, draft *UrgeDraft) {
	slices.SortStableFunc(draft.Items, func(a, b UrgeThing) int { return int(dueOrLast(a) - dueOrLast(b)) })
	if closed := draft.Unit.ClosedOn; !closed.IsZero() && w.Today >= closed {
		draft.Blocked = rules.Reason{Key: "urges.unit_closed", Args: models.Args("On", closed)}
	}
	facts := factsOf(models.Urge{SentOn: w.Today, ReplyTerm: c.ReplyTerm, Floor: draft.floor()}, draft.Items)
	draft.Escalation = LevelOn(c.Rule, facts, w.known(w.Today), w.Today)
}

// dueOrLast sorts what has no due date to the end.
func dueOrLast(thing UrgeThing) calendar.Date {
	if thing.DueOn.IsZero() {
		return models.Forever
	}
	return thing.DueOn
}

// unitsBelow returns the units of the things that lie in the office's subtree and may be
// read, by id.
func (w *urging) unitsBelow(office models.Unit, found map[UrgeRef]UrgeThing) (map[uint64]models.Unit, error) {
	var ids []uint64
	for _, thing := range found {
		ids = append(ids, thing.UnitID)
	}
	slices.Sort(ids)
	units := map[uint64]models.Unit{}
	for some := range slices.Chunk(slices.Compact(ids), thingBatch) {
		var rows []models.Unit
		query := w.Actor.Access.Scope(readUrge.Object, readUrge.Action).Where(rbac.Scope{office.Path}.Where(w.TX, "path"), "path")
		if err := query.Where("id IN ?", some).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("units to be urged: %w", store.Translate(err))
		}
		for _, row := range rows {
			units[row.ID] = row
		}
	}
	return units, nil
}

// recent returns the last urge within the cool-down, by unit, whichever office sent it: a
// unit is to be left alone, and not only by one of them.
func (w *urging) recent(coolDown int, drafts map[uint64]*UrgeDraft) (map[uint64]*RecentUrge, error) {
	var rows []models.Urge
	for some := range slices.Chunk(slices.Sorted(maps.Keys(drafts)), thingBatch) {
		var found []models.Urge
		err := w.TX.Where("unit_id IN ? AND sent_on > ?", some, w.Today-calendar.Date(coolDown)).Order("id").Find(&found).Error
		if err != nil {
			return nil, fmt.Errorf("urges within the cool-down: %w", store.Translate(err))
		}
		rows = append(rows, found...)
	}
	var users []*uint64
	var offices []uint64
	for _, row := range rows {
		users, offices = append(users, row.SentBy), append(offices, row.OfficeID)
	}
	names, err := w.names(users...)
	if err != nil {
		return nil, err
	}
	units, err := w.Units(offices...)
	if err != nil {
		return nil, err
	}
	found := map[uint64]*RecentUrge{}
	for _, row := range rows {
		found[row.UnitID] = &RecentUrge{row, names.of(row.SentBy), units[row.OfficeID], row.SentOn + calendar.Date(coolDown)}
	}
	return found, nil
}

// supersede adds to each draft the open urges of the office to its unit of which the draft
// has all that is left, with the level that they have today. What waits for the office is
// left too: it may come back.
func (w *urging) supersede(c *UrgeComposition, drafts map[uint64]*UrgeDraft) error {
	for some := range slices.Chunk(slices.Sorted(maps.Keys(drafts)), thingBatch) {
		open, err := w.open(w.Locked().Where("office_id = ? AND unit_id IN ?", c.Office.ID, some))
		if err != nil {
			return err
		}
		rows := make([]models.Urge, len(open))
		for i, u := range open {
			rows[i] = u.Urge
		}
		paces, err := w.paces(rows, map[uint64]models.UrgeRule{c.Office.ID: c.Rule})
		if err != nil {
			return err
		}
		for _, u := range open {
			draft := drafts[u.UnitID]
			now, done := standing(c.Rule, factsOf(u.Urge, u.about), w.known, paces[u.ID], w.Today)
			left := slices.ContainsFunc(u.about, func(thing UrgeThing) bool { return !thing.Done() && !draft.has(thing.UrgeRef) })
			if !done && !left {
				u.Level = now.Level
				draft.Supersedes = append(draft.Supersedes, u.Urge)
			}
		}
	}
	return nil
}

// floor is the gravest level of those that the urge takes the place of, empty for none.
func (d *UrgeDraft) floor() models.UrgeLevel {
	var floor models.UrgeLevel
	for _, urge := range d.Supersedes {
		if floor == "" || graver(urge.Level, floor) {
			floor = urge.Level
		}
	}
	return floor
}

// findPeople tells of each draft whether nobody can sign for it.
func (w *urging) findPeople(office models.Unit, drafts map[uint64]*UrgeDraft) error {
	var units []models.Unit
	for _, draft := range drafts {
		units = append(units, draft.Unit)
	}
	people, err := notify.Holders(w.TX, answerUrge, units...)
	if err != nil {
		return err
	}
	senders, err := notify.Holders(w.TX, sendUrge, office)
	if err != nil {
		return err
	}
	for id, draft := range drafts {
		draft.Unmanned = !slices.ContainsFunc(people[id], func(user uint64) bool { return id == office.ID || !slices.Contains(senders[office.ID], user) })
	}
	return nil
}

// owedBy returns what the units themselves owe that is overdue or due within ten working
// days; units outside of the office owe nothing.
func (w *urging) owedBy(office models.Unit, codes []string) ([]UrgeRef, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	before, _ := w.known(w.Today).AddWorkingDays(w.Today, rules.DueSoonDays+1)
	var refs []UrgeRef
	for some := range slices.Chunk(codes, thingBatch) {
		units := rbac.Scope{office.Path}.Where(w.TX.Table("units"), "path").Where("code IN ?", some).Select("id")
		known := map[string]any{"before": before, "units": units, "today": w.Today}
		for object, query := range map[models.UrgeObject]string{
			// By what is known today: a rotation turns while nobody writes its duty.
			models.UrgeDuty: "SELECT c.duty_id FROM duty_changes c WHERE c.outcome = 'open' AND NOT c.provisional AND c.due_on < @before" +
				" AND c.duty_id IN (SELECT id FROM duties WHERE unit_id IN (@units))" +
				" AND c.known_on = (SELECT MAX(k.known_on) FROM duty_changes k WHERE k.duty_id = c.duty_id AND k.known_on <= @today)",
			models.UrgeTask: "SELECT s.id FROM task_shares s JOIN tasks t ON t.id = s.task_id JOIN policies p ON p.id = t.policy_id WHERE s.status <> 'done' AND s.role = 'lead' AND s.ended_on IS NULL" +
				" AND t.due_on < @before AND (p.retired_on IS NULL OR p.retired_on > @today) AND s.unit_id IN (@units)",
			models.UrgeRectification: "SELECT id FROM rectifications WHERE status = 'open' AND due_on < @before AND unit_id IN (@units)",
		} {
			var ids []uint64
			if err := w.TX.Raw(query, known).Scan(&ids).Error; err != nil {
				return nil, fmt.Errorf("what units owe, %s: %w", object, store.Translate(err))
			}
			for _, id := range ids {
				refs = append(refs, UrgeRef{object, id})
			}
		}
	}
	return refs, nil
}
