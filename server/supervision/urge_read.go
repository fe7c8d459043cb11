package supervision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/dossier"
	"sundial/server/store"
)

// UrgeView is an urge with all that has happened to it, as it stands today.
type UrgeView struct {
	models.Urge
	Unit, Office models.Unit
	SentName     string
	// Provisional tells that the calendar of a day up to ReplyBy is not published: nothing
	// follows from that day yet.
	Provisional bool
	Items       []UrgeThing
	Steps       []UrgeStepView
	// Now is the level today, which the program may not have recorded yet, and Ahead how
	// it will change when nothing is done; all empty for one that has ended.
	Now   Escalation
	Ahead []UrgeTurn
	// AllDone tells that all is done, whether that is recorded or not; Waits that the unit
	// has nothing to do until the office has looked at what it reported.
	AllDone, Waits bool
	// CanReceive, CanReply and CanWithdraw are what the actor may do now.
	CanReceive, CanReply, CanWithdraw bool
}

// UrgeStepView is a step with who took it, its files, and why for a change of level.
type UrgeStepView struct {
	models.UrgeStep
	Who   string
	Why   UrgeCause
	Files []dossier.FileView
}

// Urge returns an urge to who may read about its unit or its office.
func (d *Desk) Urge(ctx context.Context, actor compliance.Actor, id uint64) (*UrgeView, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	u, err := w.urge(id)
	if err != nil {
		return nil, err
	}
	v := &UrgeView{Urge: u.Urge, Unit: u.unit, Office: u.office, Items: u.about}
	_, v.Provisional = w.replyBy(u.Urge, w.Today)
	if err := w.addSteps(v); err != nil {
		return nil, err
	}
	rules, err := w.rulesOf([]uint64{u.OfficeID})
	if err != nil {
		return nil, err
	}
	paces, err := w.paces([]models.Urge{u.Urge}, rules)
	if err != nil {
		return nil, err
	}
	rule, facts := rules[u.OfficeID], factsOf(u.Urge, u.about)
	if v.Status == models.UrgeEnded {
		v.Now.Level, v.AllDone = v.Level, facts.done(w.Today)
		return v, nil
	}
	if v.Now, v.AllDone = standing(rule, facts, w.known, paces[u.ID], w.Today); v.AllDone {
		return v, nil
	}
	v.Waits = facts.waits(w.Today)
	v.Ahead = Ahead(rule, facts, w.known(w.Today), v.Now.Level, w.Today)
	answers := w.mayAnswer(u) == nil
	v.CanReceive, v.CanReply = answers && v.Status == models.UrgeSent, answers
	v.CanWithdraw = w.Actor.Allow(sendUrge, u.office) == nil
	return v, nil
}

func (w *urging) addSteps(v *UrgeView) error {
	var steps []models.UrgeStep
	if err := w.TX.Where("urge_id = ?", v.ID).Order("id").Find(&steps).Error; err != nil {
		return fmt.Errorf("steps of urge %d: %w", v.ID, store.Translate(err))
	}
	ids, users := make([]uint64, len(steps)), []*uint64{v.SentBy}
	for i, step := range steps {
		ids[i], users = step.ID, append(users, step.ByUser)
	}
	names, err := w.names(users...)
	if err != nil {
		return err
	}
	files, err := dossier.Of(w.TX, "urge-step", ids)
	if err != nil {
		return err
	}
	v.SentName = names.of(v.SentBy)
	for _, step := range steps {
		cause, err := causeOf(step)
		if err != nil {
			return err
		}
		v.Steps = append(v.Steps, UrgeStepView{step, names.of(step.ByUser), cause, files[step.ID]})
	}
	return nil
}

// UrgeLine is an urge in a list, as it stood at the end of a day: Status is ended as soon
// as all was done.
type UrgeLine struct {
	models.Urge
	Unit, Office models.Unit
	Items        []UrgeThing
	// Unanswered tells that the day of reply has passed without one, Waits that the unit has
	// nothing to do until the office has looked at what it reported.
	Unanswered, Waits bool
	// Provisional tells that the calendar of a day up to ReplyBy is not published.
	Provisional bool
}

// line returns the urge as it stood at the end of the day, with what it is about and by
// the calendar of that day.
func (w *urging) line(row models.Urge, rule models.UrgeRule, pace UrgePace, about []UrgeThing, asOf calendar.Date) UrgeLine {
	line := UrgeLine{Urge: row, Items: about}
	line.forget(asOf)
	line.ReplyBy, line.Provisional = w.replyBy(row, asOf)
	facts := factsOf(line.Urge, about)
	switch {
	case line.Status == models.UrgeEnded:
	case facts.done(asOf):
		line.Status = models.UrgeEnded
	case asOf == w.Today:
		now, _ := standing(rule, facts, w.known, pace, asOf)
		line.Level = now.Level
	}
	line.Waits = line.Status != models.UrgeEnded && facts.waits(asOf)
	line.Unanswered = line.Status != models.UrgeEnded && !line.Waits && facts.unanswered(w.known(asOf), asOf)
	return line
}

// forget takes away what happened after the day.
func (l *UrgeLine) forget(asOf calendar.Date) {
	for _, on := range []*calendar.Date{&l.AcknowledgedOn, &l.RepliedOn, &l.EndedOn} {
		if *on > asOf {
			*on = 0
		}
	}
	switch {
	case !l.EndedOn.IsZero():
		l.Status = models.UrgeEnded
	case !l.RepliedOn.IsZero():
		l.Status = models.UrgeReplied
	case !l.AcknowledgedOn.IsZero():
		l.Status = models.UrgeAcknowledged
	default:
		l.Status = models.UrgeSent
	}
}

// lines returns the urges as they stood at the end of the day.
func (w *urging) lines(rows []models.Urge, asOf calendar.Date) ([]UrgeLine, error) {
	var offices, unitIDs []uint64
	for _, row := range rows {
		offices, unitIDs = append(offices, row.OfficeID), append(unitIDs, row.UnitID, row.OfficeID)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	byOffice, err := w.rulesOf(offices)
	if err != nil {
		return nil, err
	}
	units, err := w.Units(unitIDs...)
	if err != nil {
		return nil, err
	}
	about, err := w.about(rows, asOf)
	if err != nil {
		return nil, err
	}
	levels, err := w.levelsThen(rows, asOf)
	if err != nil {
		return nil, err
	}
	open := slices.DeleteFunc(slices.Clone(rows), func(row models.Urge) bool { return row.Status == models.UrgeEnded })
	paces, err := w.paces(open, byOffice)
	if err != nil {
		return nil, err
	}
	lines := make([]UrgeLine, len(rows))
	for i, row := range rows {
		if then, past := levels[row.ID]; past {
			row.Level = then
		}
		lines[i] = w.line(row, byOffice[row.OfficeID], paces[row.ID], about[row.ID], asOf)
		lines[i].Unit, lines[i].Office = units[row.UnitID], units[row.OfficeID]
	}
	return lines, nil
}

// levelsThen returns the recorded levels of a day that is past.
func (w *urging) levelsThen(rows []models.Urge, asOf calendar.Date) (map[uint64]models.UrgeLevel, error) {
	levels := map[uint64]models.UrgeLevel{}
	if asOf >= w.Today {
		return levels, nil
	}
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	for start := 0; start < len(ids); start += thingBatch {
		var steps []models.UrgeStep
		some := ids[start:min(start+thingBatch, len(ids))]
		err := w.TX.Select("urge_id, level").Where("urge_id IN ? AND done_on <= ?", some, asOf).Order("id").Find(&steps).Error
		if err != nil {
			return nil, fmt.Errorf("levels of urges: %w", store.Translate(err))
		}
		for _, step := range steps {
			levels[step.UrgeID] = step.Level
		}
	}
	return levels, nil
}

// likeUrge escapes a text for LIKE.
var likeUrge = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
