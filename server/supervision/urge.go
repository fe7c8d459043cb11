package supervision

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/notify"
	"sundial/server/rules"
	"sundial/server/store"
)

// urging is a write, or a look, by who urges or answers: with the calendar as it was known
// on each day.
type urging struct {
	*desk.Write
	known  func(day calendar.Date) *calendar.Calendar
	ledger *compliance.Ledger
}

func (d *Desk) newUrging(w *desk.Write) (*urging, error) {
	known, err := d.ledger.Calendars(w.TX)
	return &urging{w, known, d.ledger}, err
}

func (d *Desk) lookAtUrges(ctx context.Context, actor compliance.Actor) (*urging, error) {
	return d.newUrging(d.Look(ctx, actor))
}

func (d *Desk) writeUrges(ctx context.Context, actor compliance.Actor, f func(w *urging) error) error {
	return d.Write(ctx, actor, func(w *desk.Write) error {
		u, err := d.newUrging(w)
		if err != nil {
			return err
		}
		return f(u)
	})
}

// itemsOf returns what the urges are about, by their id.
func (w *urging) itemsOf(ids []uint64) (map[uint64][]UrgeRef, error) {
	items := map[uint64][]UrgeRef{}
	for some := range slices.Chunk(ids, thingBatch) {
		var rows []models.UrgeItem
		if err := w.TX.Where("urge_id IN ?", some).Order("id").Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("items of urges: %w", store.Translate(err))
		}
		for _, row := range rows {
			items[row.UrgeID] = append(items[row.UrgeID], UrgeRef{row.Object, row.ObjectID})
		}
	}
	return items, nil
}

// about returns what the urges are about as it was known at the end of the day.
func (w *urging) about(urges []models.Urge, asOf calendar.Date) (map[uint64][]UrgeThing, error) {
	ids := make([]uint64, len(urges))
	for i, urge := range urges {
		ids[i] = urge.ID
	}
	items, err := w.itemsOf(ids)
	if err != nil {
		return nil, err
	}
	var refs []UrgeRef
	for _, of := range items {
		refs = append(refs, of...)
	}
	found, err := thingsAt(w.TX, refs, asOf)
	if err != nil {
		return nil, err
	}
	about := make(map[uint64][]UrgeThing, len(urges))
	for id, of := range items {
		for _, ref := range of {
			if thing, ok := found[ref]; ok {
				about[id] = append(about[id], thing)
			}
		}
	}
	return about, nil
}

// urgeNames are names of users, by id.
type urgeNames map[uint64]string

// of returns the name of a user, empty for nobody.
func (n urgeNames) of(id *uint64) string {
	if id == nil {
		return ""
	}
	return n[*id]
}

func (w *urging) names(users ...*uint64) (urgeNames, error) {
	var ids []uint64
	for _, id := range users {
		if id != nil {
			ids = append(ids, *id)
		}
	}
	names := urgeNames{}
	for some := range slices.Chunk(ids, thingBatch) {
		var rows []models.User
		if err := w.TX.Select("id, name").Where("id IN ?", some).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("names: %w", store.Translate(err))
		}
		for _, row := range rows {
			names[row.ID] = row.Name
		}
	}
	return names, nil
}

// open returns the urges of the query that have not ended, locked in a write, with all
// that belongs to them.
func (w *urging) open(query *gorm.DB) ([]*urged, error) {
	var rows []models.Urge
	if err := query.Where("status <> ?", models.UrgeEnded).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("open urges: %w", store.Translate(err))
	}
	about, err := w.about(rows, w.Today)
	if err != nil {
		return nil, err
	}
	var unitIDs []uint64
	for _, row := range rows {
		unitIDs = append(unitIDs, row.UnitID, row.OfficeID)
	}
	units, err := w.Units(unitIDs...)
	if err != nil {
		return nil, err
	}
	open := make([]*urged, len(rows))
	for i, row := range rows {
		open[i] = &urged{Urge: row, unit: units[row.UnitID], office: units[row.OfficeID], about: about[row.ID]}
		open[i].ReplyBy, _ = w.replyBy(row, w.Today)
	}
	return open, nil
}

// urged is an urge under way with its unit, its office and what it is about.
type urged struct {
	models.Urge
	unit, office models.Unit
	about        []UrgeThing
}

// urge returns an urge, locked in a write. Outside of what the actor may read about its
// unit and its office it is NotFound: a unit that has moved away keeps the urges of the
// office that it had, and that office keeps them in sight.
func (w *urging) urge(id uint64) (*urged, error) {
	u := &urged{}
	if err := desk.One(w.Locked().Where("id = ?", id), &u.Urge, "urges.unknown"); err != nil {
		return nil, err
	}
	u.ReplyBy, _ = w.replyBy(u.Urge, w.Today)
	units, err := w.Units(u.UnitID, u.OfficeID)
	if err != nil {
		return nil, err
	}
	u.unit, u.office = units[u.UnitID], units[u.OfficeID]
	if w.Actor.Allow(readUrge, u.unit) != nil && w.Actor.Allow(readUrge, u.office) != nil {
		return nil, models.NewError(models.NotFound, "urges.unknown")
	}
	about, err := w.about([]models.Urge{u.Urge}, w.Today)
	u.about = about[id]
	return u, err
}

// replyBy is the last day for the reply to the urge by the calendar known at the end of
// the day; provisional while that of a day up to it is not published.
func (w *urging) replyBy(urge models.Urge, on calendar.Date) (by calendar.Date, provisional bool) {
	return factsOf(urge, nil).replyBy(w.known(on))
}

// mayAnswer tells whether the actor may sign for the urge and reply to it: who may answer
// for the unit, but not who may urge in the name of the office, so that nobody answers
// what they have asked. Of an office that urges itself both are the same people.
func (w *urging) mayAnswer(u *urged) error {
	if err := w.Actor.Allow(answerUrge, u.unit); err != nil {
		return err
	}
	if u.UnitID != u.OfficeID && w.Actor.Allow(sendUrge, u.office) == nil {
		return models.NewError(models.Forbidden, "urges.own_office", "Office", notify.UnitName(u.office))
	}
	return nil
}

// may tells whether the actor may do with the urge what the permission is for.
func (w *urging) may(permission rbac.Permission, u *urged) error {
	if permission == answerUrge {
		return w.mayAnswer(u)
	}
	return w.Actor.Allow(permission, u.office)
}

// step adds a step to the urge and saves it.
func (w *urging) step(u *urged, step models.UrgeStep) (*models.UrgeStep, error) {
	step.UrgeID, step.Level, step.DoneAt = u.ID, u.Level, w.At
	if step.DoneOn.IsZero() {
		step.DoneOn = w.Today
	}
	if w.Actor.ID != 0 {
		step.ByUser = &w.Actor.ID
	}
	step.OnBehalf = (step.Act == models.UrgeAcknowledge || step.Act == models.UrgeReply) && w.Actor.Access.Narrowest(answerUrge, u.unit.Path) != u.unit.Path
	if err := w.TX.Create(&step).Error; err != nil {
		return nil, fmt.Errorf("store step of urge %d: %w", u.ID, store.Translate(err))
	}
	if err := w.TX.Save(&u.Urge).Error; err != nil {
		return nil, fmt.Errorf("store urge %d: %w", u.ID, store.Translate(err))
	}
	return &step, nil
}

// record adds the audit entry of what was done with an urge.
func (w *urging) record(u *urged, action string, permission rbac.Permission, before models.Urge, detail map[string]any) error {
	act := compliance.Act{Action: action, Object: "urge", ID: u.ID, Unit: &u.unit, Permission: permission, Before: urgeFacts(before), Now: urgeFacts(u.Urge)}
	if detail != nil {
		act.Detail = detail
	}
	return w.Record(act)
}

// urgeFacts are what the audit log compares of an urge; nothing before it was sent.
func urgeFacts(u models.Urge) map[string]any {
	if u.ID == 0 {
		return nil
	}
	return map[string]any{"level": u.Level, "status": u.Status, "acknowledged_on": u.AcknowledgedOn, "replied_on": u.RepliedOn, "ended_on": u.EndedOn}
}

// tell sends a message about the urge to the people of its unit or of its office.
func (w *urging) tell(u *urged, to models.Unit, permission rbac.Permission, key string, urgent bool, args ...any) error {
	all := models.Args(append([]any{"Unit", notify.UnitName(u.unit), "Office", notify.UnitName(u.office), "Count", len(u.about), "What", u.title(), "ReplyBy", u.ReplyBy}, args...)...)
	return notify.Send(w.TX, w.At, w.Today, notify.Note{Kind: models.MessageUrge, Unit: to, To: permission, Object: "urge", ObjectID: u.ID,
		Text: rules.Reason{Key: key, Args: all}, Urgent: urgent, Except: w.Actor.ID})
}

// title is that of the first thing that the urge is about.
func (u *urged) title() rules.Text {
	if len(u.about) == 0 {
		return rules.Text{}
	}
	return u.about[0].Title
}

// causeText is a cause as a step keeps it.
func causeText(cause UrgeCause) string {
	if cause.Key == "" {
		return ""
	}
	text, _ := json.Marshal(cause) // texts, dates and numbers always have a JSON
	return string(text)
}

// causeOf reads the cause of a step; the zero one for a step without.
func causeOf(step models.UrgeStep) (UrgeCause, error) {
	var cause UrgeCause
	if step.WhyArgs == "" {
		return cause, nil
	}
	if err := json.Unmarshal([]byte(step.WhyArgs), &cause); err != nil {
		return cause, fmt.Errorf("cause of step %d: %w", step.ID, err)
	}
	return cause, nil
}
