package supervision

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/dossier"
	"sundial/server/evidence"
)

// FindingInput is a finding to be entered.
type FindingInput struct {
	// Unit is the code of a unit that the inspection looks at.
	Unit     string
	Severity models.Severity
	Clause   string
	Text     string
	URL      string
	// Duty is one of the unit's, in whatever state, 0 for none.
	Duty uint64
	// Noted notes a minor finding, for which no rectification is demanded.
	Noted bool
	// Demand is what the unit has to do; empty is to put right what was found.
	Demand string
	// DueOn is the last day to put it right: that of the term, or a later working day; zero
	// is that of the term.
	DueOn calendar.Date
	Files []evidence.File
}

// FindingForm is what the form of a finding shows.
type FindingForm struct {
	models.Inspection
	Office models.Unit
	// Units are those that the inspection looks at.
	Units       []models.Unit
	Obligations []InspectableObligation
	// Due explains the due date that is suggested.
	Due calendar.Explanation
}

// NewFinding returns what the form shows; it is refused like the finding itself to who may
// not enter one.
func (d *Desk) NewFinding(ctx context.Context, actor compliance.Actor, inspection uint64) (*FindingForm, error) {
	w := d.Look(ctx, actor)
	in, err := managedInspection(w, inspection)
	if err != nil {
		return nil, err
	}
	f := &FindingForm{Inspection: in.row, Office: in.office}
	members, err := membersOf(w, inspection)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if m.RemovedOn.IsZero() {
			f.Units = append(f.Units, m.Unit)
		}
	}
	if f.Obligations, err = d.looksAt(ctx, in); err != nil {
		return nil, err
	}
	days, err := d.ledger.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	f.Due = days.Explain(w.Today, in.row.RectifyTerm)
	return f, nil
}

// EnterFinding enters what an open inspection found in a unit, with the rectification that
// it demands. The unit counts as looked at.
func (d *Desk) EnterFinding(ctx context.Context, actor compliance.Actor, inspection uint64, input FindingInput) (*models.Finding, error) {
	days, err := d.ledger.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	var row *models.Finding
	err = d.Write(ctx, actor, func(w *desk.Write) error {
		in, err := managedInspection(w, inspection)
		if err != nil {
			return err
		}
		input.trim()
		unit, member, err := input.check(w, in, days)
		if err != nil {
			return err
		}
		if row, err = input.store(w, in, unit); err != nil {
			return err
		}
		if member.CheckedOn.IsZero() {
			member.CheckedOn, member.CheckedBy = w.Today, &w.Actor.ID
			if err := saveMember(w, member); err != nil {
				return err
			}
		}
		return input.demand(w, in, unit, *row)
	})
	return row, err
}

func (i *FindingInput) trim() {
	i.Clause, i.Text, i.URL, i.Demand = strings.TrimSpace(i.Clause), strings.TrimSpace(i.Text), strings.TrimSpace(i.URL), strings.TrimSpace(i.Demand)
}

// check refuses what is wrong with the input, and settles the due date.
func (i *FindingInput) check(w *desk.Write, in *inspected, days *calendar.Calendar) (models.Unit, *models.InspectionUnit, error) {
	var found complaints
	unit, member, err := in.member(w, i.Unit, &found)
	if err != nil {
		return unit, nil, err
	}
	if !slices.Contains(models.Severities, i.Severity) {
		found.add("severity", "findings.choose_severity")
	}
	found.text("clause", i.Clause, maxFindingClause, true)
	found.text("text", i.Text, maxFindingText, true)
	found.text("demand", i.Demand, maxFindingText, false)
	found.address("url", i.URL)
	found = dossier.Check(found, i.Files)
	if i.Noted && i.Severity != models.SeverityMinor {
		found.add("noted", "findings.noted_minor")
	}
	if !i.Noted {
		i.due(w.Today, in.row.RectifyTerm, days, &found)
	}
	if i.Duty != 0 && unit.ID != 0 {
		var of int64
		if err := w.TX.Model(&models.Duty{}).Where("id = ? AND unit_id = ?", i.Duty, unit.ID).Count(&of).Error; err != nil {
			return unit, nil, fmt.Errorf("duty %d: %w", i.Duty, err)
		}
		if of == 0 {
			found.add("duty", "findings.duty_unknown", "Unit", unit.Name)
		}
	}
	return unit, member, models.InvalidFields(found)
}

// due settles the due date: that of the term, or a later working day. Where the notice of
// its year is not published yet, any later day will do.
func (i *FindingInput) due(today calendar.Date, term int, days *calendar.Calendar, found *complaints) {
	least, provisional := days.AddWorkingDays(today, term)
	switch {
	case i.DueOn.IsZero():
		i.DueOn = least
	case i.DueOn < least:
		found.add("due_on", "findings.due_early", "Value", i.DueOn, "Least", least, "Days", term)
	case !provisional && days.HasNotice(i.DueOn.Year()) && !days.Day(i.DueOn).Working:
		found.add("due_on", "findings.due_no_workday", "Value", i.DueOn)
	}
}

// store stores the finding with its files and its audit entry.
func (i *FindingInput) store(w *desk.Write, in *inspected, unit models.Unit) (*models.Finding, error) {
	row := &models.Finding{InspectionID: in.row.ID, UnitID: unit.ID, Clause: i.Clause, Severity: i.Severity, Noted: i.Noted, Text: i.Text, URL: i.URL,
		FoundBy: w.Actor.ID, FoundAt: w.At, FoundOn: w.Today, Version: 1}
	if i.Duty != 0 {
		row.DutyID = &i.Duty
	}
	if err := w.TX.Create(row).Error; err != nil {
		return nil, fmt.Errorf("store finding: %w", err)
	}
	if err := dossier.Keep(w, dossier.Owner{Object: "finding", ID: row.ID, UnitID: unit.ID, OfficeID: in.office.ID}, i.Files); err != nil {
		return nil, err
	}
	return row, w.Record(compliance.Act{Action: "enter", Object: "finding", ID: row.ID, Unit: &unit, Permission: manageInspection,
		Now: findingFacts(*row), Detail: map[string]any{"inspection": in.row.ID, "files": dossier.Facts(i.Files)}})
}

// findingFacts are what the audit log tells of a finding.
func findingFacts(row models.Finding) map[string]any {
	facts := map[string]any{"severity": row.Severity, "clause": row.Clause, "finding": row.Text, "url": row.URL, "noted": row.Noted, "withdrawn_on": row.WithdrawnOn}
	if row.DutyID != nil {
		facts["duty"] = *row.DutyID
	}
	return facts
}
