package compliance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// StartInput is an event of a unit from which terms run: a document published, a
// congress closed, an incident. Subject is its number or another word that tells
// it apart from the unit's others. On is given for terms in working days, At for
// terms in hours.
type StartInput struct {
	Subject string
	Title   string
	On      calendar.Date
	At      time.Time
}

// RegisterStart registers the event that starts the duty's term. One event
// serves every obligation of the unit with the same trigger: an incident starts
// the term of the first word and of the press conference. When the unit is exempt
// from all of them it is a Conflict.
func (l *Ledger) RegisterStart(ctx context.Context, actor Actor, duty uint64, input StartInput) error {
	return l.write(ctx, actor, func(w *write) error { return w.registerStart(duty, input) })
}

func (w *write) registerStart(id uint64, input StartInput) error {
	row, unit, err := w.lockDuty(id)
	if err != nil {
		return err
	}
	switch {
	case !w.actor.Access.AllowsAt("trigger", "register", unit.Path):
		return models.NewError(models.Forbidden, "report.not_yours", "Unit", unit.Name)
	case w.moment.gone(unit):
		return models.NewError(models.Conflict, "duty.unit_closed", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	}
	if err := w.openFor(row, unit); err != nil {
		return err
	}
	if err := w.holdDueDatesOf(unit); err != nil {
		return err
	}
	lib, err := w.lib()
	if err != nil {
		return err
	}
	e, err := lib.of(*row)
	if err != nil {
		return err
	}
	if !e.rule.NeedsStart() {
		return models.NewError(models.Conflict, "duty.no_start")
	}
	start, err := w.checkStart(input, e, *row)
	if err != nil {
		return err
	}
	siblings, err := w.siblings(lib, e.rule.Trigger(), unit, start.On)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(siblings, func(d models.Duty) bool { return d.Subject == start.Subject }) {
		return models.InvalidFields([]models.Field{{Name: "id", Key: "duty.subject_used", Args: models.Args("Value", start.Subject)}})
	}
	if err := w.startTerms(lib, siblings, unit, start); err != nil {
		return err
	}
	return w.record(event{action: "register", object: "trigger", id: id, unit: unit,
		now: map[string]any{"trigger": e.rule.Trigger(), "subject": start.Subject, "title": start.Title, "on": start.On}})
}

func (w *write) checkStart(input StartInput, e entry, row models.Duty) (rules.Start, error) {
	start := rules.Start{Subject: strings.TrimSpace(input.Subject), Title: strings.TrimSpace(input.Title), On: input.On}
	var fields []models.Field
	fault := func(name, key string, args ...any) {
		fields = append(fields, models.Field{Name: name, Key: key, Args: models.Args(args...)})
	}
	text := func(name, text string, limit int) {
		switch length := utf8.RuneCountInString(text); {
		case length == 0:
			fault(name, "filing.required")
		case length > limit:
			fault(name, "filing.too_long", "Length", length, "Max", limit)
		}
	}
	text("title", start.Title, 200)
	text("id", start.Subject, 64)
	field := "on"
	if e.rule.Hours != nil {
		field, start.At = "at", input.At
		start.On = 0
		if !input.At.IsZero() {
			start.On = calendar.DateOf(input.At.In(rules.Shanghai))
		}
	}
	period, retired := ruleDuty(e, row).Period, e.book.row.RetiredOn
	switch {
	case !retired.IsZero() && start.On >= retired:
		fault(field, "policy.retired_start", "On", retired)
	case start.On.IsZero() && field == "at":
		fault(field, "filing.instant_required")
	case start.On.IsZero():
		fault(field, "filing.date_required")
	case start.On > w.today || start.At.After(w.moment.at):
		fault(field, "filing.future", "Value", start.On, "Today", w.today)
	case !period.Contains(start.On):
		fault(field, "filing.outside_period", "Value", start.On, "From", period.From, "To", period.To)
	}
	return start, models.InvalidFields(fields)
}

// siblings returns the unit's duties of obligations with the trigger whose
// period contains the day, locked until the write ends: another one of them may
// be registered for at the same time.
func (w *write) siblings(lib *library, trigger rules.Trigger, unit *models.Unit, day calendar.Date) ([]models.Duty, error) {
	var ids []uint64
	for id, e := range lib.byID {
		if e.rule.Trigger() == trigger {
			ids = append(ids, id)
		}
	}
	var rows []models.Duty
	err := w.tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("unit_id = ? AND obligation_id IN ? AND year = ? AND outcome <> ?", unit.ID, ids, day.Year(), models.Withdrawn).Order("id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("duties of trigger: %w", err)
	}
	return rows, nil
}

// startTerms gives each obligation of the siblings a duty for the start: the one
// that has waited for a trigger, or else a new one. An exemption granted before
// any event frees from the obligation, one from a single event's duty does not.
func (w *write) startTerms(lib *library, siblings []models.Duty, unit *models.Unit, start rules.Start) error {
	served := map[uint64]bool{}
	begun := false
	var fresh []newDuty
	exempt := func(id uint64) bool {
		return slices.ContainsFunc(siblings, func(d models.Duty) bool {
			return d.ObligationID == id && d.Outcome == models.Exempt && d.Subject == ""
		})
	}
	for i := range siblings {
		row := &siblings[i]
		if served[row.ObligationID] || exempt(row.ObligationID) {
			continue
		}
		// What starts now runs by the latest edition, whatever the others ran by.
		e, demanded := lib.demanded(row.ObligationID, start.On)
		if !demanded {
			continue
		}
		served[row.ObligationID] = true
		duty := rules.NewDuty(e.policy, e.rule, ruleDuty(e, *row).Period, start, lib.calendar)
		if !duty.FallsDueIn(ruleUnit(*unit)) {
			continue // the unit is to be closed before the term ends
		}
		begun = true
		if waits, ok := unscheduled(siblings, row.ObligationID); ok {
			schedule(waits, duty)
			if err := w.rejudge(lib, waits, unit.Path); err != nil {
				return err
			}
			continue
		}
		fresh = append(fresh, newDuty{dutyRow(duty, unit.ID, row.ObligationID, e.edition), unit.Path, w.today})
	}
	switch {
	case len(served) == 0:
		return models.NewError(models.Conflict, "duty.already_exempt")
	case !begun:
		return models.NewError(models.Conflict, "duty.unit_closed", "Unit", unit.Name, "ClosedOn", unit.ClosedOn)
	}
	return w.insert(fresh)
}

// unscheduled finds the duty that waits for a trigger; a report that there was
// nothing to report may wait with it.
func unscheduled(siblings []models.Duty, obligation uint64) (*models.Duty, bool) {
	for i := range siblings {
		waits := siblings[i].Outcome == models.Unscheduled || siblings[i].Outcome == models.Reported
		if siblings[i].ObligationID == obligation && siblings[i].DueOn.IsZero() && waits {
			return &siblings[i], true
		}
	}
	return nil, false
}
