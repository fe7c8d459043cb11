package compliance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
)

// ruleDuty returns the duty as the judge knows it, with its stored due date.
func ruleDuty(e entry, row models.Duty) rules.Duty {
	d := rules.Duty{Policy: e.policy, Obligation: e.rule, Since: row.Since, DueOn: row.DueOn, Provisional: row.Provisional, Extended: isExtended(row),
		Start: rules.Start{Subject: row.Subject, Title: row.SubjectTitle, On: row.TriggerOn}}
	for _, period := range e.policy.Periods(e.rule, row.Year) {
		if period.Name == row.Period {
			d.Period = period
		}
	}
	if d.Extended && !e.rule.NeedsStart() {
		// What may be done later may be dated later.
		d.Period.To = max(d.Period.To, row.DueOn)
	}
	if row.TriggerAt != nil {
		d.Start.At = *row.TriggerAt
	}
	if row.DueAt != nil {
		d.DueAt = *row.DueAt
	}
	return d
}

// dossier is all that the judge is given for one duty.
type dossier struct {
	entry
	row        models.Duty
	reports    []models.Report
	lastYear   []models.Report
	exemptions []models.Exemption
	roster     roster
}

// exemption returns the one that holds at the end of the day.
func (d dossier) exemption(day calendar.Date) *models.Exemption {
	for i := range d.exemptions {
		if d.exemptions[i].HoldsOn(day) {
			return &d.exemptions[i]
		}
	}
	return nil
}

// facts composes what was known at the end of the day: a report counts from the
// day it was filed, a decision from the day it was taken.
func (d dossier) facts(duty *rules.Duty, asOf calendar.Date) (*rules.Facts, error) {
	var filed []rules.Filed
	for _, source := range []struct {
		reports []models.Report
		year    int
	}{{d.lastYear, d.row.Year - 1}, {d.reports, d.row.Year}} {
		for _, report := range source.reports {
			status := statusOn(report, asOf)
			if !status.Waits() && status != models.Verified {
				continue
			}
			content, err := filingOf(report)
			if err != nil {
				return nil, err
			}
			filed = append(filed, rules.Filed{Filing: content, Verified: status == models.Verified, Year: source.year})
		}
	}
	facts := duty.FactsOf(filed)
	if d.rule.Rotation != nil {
		facts.Staff, facts.Attendances = d.roster.facts(asOf)
	}
	if e := d.exemption(asOf); e != nil {
		facts.Exemptions = []rules.ExemptionFact{{Obligation: d.rule.ID, Reason: e.Reason, Document: e.Document}}
	}
	return facts, nil
}

// statusOn returns the report's status as it was known at the end of the day,
// empty before it was filed.
func statusOn(report models.Report, day calendar.Date) models.ReportStatus {
	known := func(on calendar.Date) bool { return !on.IsZero() && on <= day }
	switch {
	case report.FiledOn > day:
		return ""
	case known(report.EndedOn):
		return report.Status
	case known(report.DecidedOn) && report.Status == models.Reopened:
		return models.Verified
	case known(report.DecidedOn):
		return report.Status
	case known(report.CheckedOn):
		return models.Checked
	default:
		return models.Filed
	}
}

// knownOn returns the report without what happened to it after the day.
func knownOn(report models.Report, day calendar.Date) models.Report {
	report.Status = statusOn(report, day)
	if report.EndedOn > day {
		report.EndedBy, report.EndedAt, report.EndedOn, report.EndReason = nil, nil, 0, ""
	}
	if report.DecidedOn > day {
		report.DecidedBy, report.DecidedAt, report.DecidedOn, report.Reason, report.OfficeID = nil, nil, 0, "", nil
	}
	if report.CheckedOn > day {
		report.CheckedBy, report.CheckedAt, report.CheckedOn = nil, nil, 0
	}
	return report
}

func filingOf(report models.Report) (rules.Filing, error) {
	var content rules.Filing
	if err := json.Unmarshal([]byte(report.Filing), &content); err != nil {
		return content, fmt.Errorf("filing of report %d: %w", report.ID, err)
	}
	return content, nil
}

// judge returns the verdict on the duty as of the date.
func (d dossier) judge(lib *library, asOf calendar.Date) (rules.Verdict, error) {
	return d.judgeBy(lib.countedBy(ruleDuty(d.entry, d.row), asOf), asOf)
}

// judgeBy judges by a calendar.
func (d dossier) judgeBy(cal *calendar.Calendar, asOf calendar.Date) (rules.Verdict, error) {
	duty := ruleDuty(d.entry, d.row)
	facts, err := d.facts(&duty, asOf)
	if err != nil {
		return rules.Verdict{}, err
	}
	return duty.Judge(facts, cal, asOf), nil
}

// dossiers loads what the judge needs for the duties, in their order.
func dossiers(db *gorm.DB, lib *library, rows []models.Duty) ([]dossier, error) {
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	reports, err := reportsOf(db, ids)
	if err != nil {
		return nil, err
	}
	var exemptions []models.Exemption
	if err := db.Where("duty_id IN ?", ids).Order("id").Find(&exemptions).Error; err != nil {
		return nil, fmt.Errorf("exemptions: %w", err)
	}
	list := make([]dossier, len(rows))
	for i, row := range rows {
		e, err := lib.of(row)
		if err != nil {
			return nil, err
		}
		list[i] = dossier{entry: e, row: row, reports: reports[row.ID]}
		for j := range exemptions {
			if exemptions[j].DutyID == row.ID {
				list[i].exemptions = append(list[i].exemptions, exemptions[j])
			}
		}
		if err := list[i].addLastYear(db); err != nil {
			return nil, err
		}
	}
	return list, addRosters(db, list)
}

// reportsOf returns the reports of the duties, in the order of filing.
func reportsOf(db *gorm.DB, duties []uint64) (map[uint64][]models.Report, error) {
	var reports []models.Report
	if err := db.Where("duty_id IN ?", duties).Order("id").Find(&reports).Error; err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	byDuty := map[uint64][]models.Report{}
	for _, report := range reports {
		byDuty[report.DutyID] = append(byDuty[report.DutyID], report)
	}
	return byDuty, nil
}

// addLastYear brings the reports of the year before, for a weight that must not
// fall.
func (d *dossier) addLastYear(db *gorm.DB) error {
	if d.rule.Weight == nil || !d.rule.Weight.NotBelowLastYear {
		return nil
	}
	var before models.Duty
	query := db.Where("unit_id = ? AND obligation_id = ? AND period = ?", d.row.UnitID, d.row.ObligationID, strconv.Itoa(d.row.Year-1))
	if err := query.Limit(1).Find(&before).Error; err != nil || before.ID == 0 {
		return err
	}
	reports, err := reportsOf(db, []uint64{before.ID})
	d.lastYear = reports[before.ID]
	return err
}

// rejudge judges a locked duty anew after a change to its facts and moves the
// duty, what is known of it and the tallies along.
func (w *write) rejudge(lib *library, row *models.Duty, path string) error {
	if row.Outcome == models.Withdrawn {
		return nil // not owed, whatever the facts say
	}
	list, err := dossiers(w.tx, lib, []models.Duty{*row})
	if err != nil {
		return err
	}
	next, err := w.judgeAgain(lib, &list[0], path)
	if err != nil {
		return err
	}
	*row = next.row
	if err := w.settle(row, path, next.foreseen); err != nil {
		return err
	}
	return w.rejudgeNextYear(lib, list[0].entry, row, path)
}

// judgeAgain returns the duty as the judge finds it now.
func (w *write) judgeAgain(lib *library, d *dossier, path string) (settling, error) {
	next := settling{path: path}
	settled := !slices.Contains(movable, d.row.Outcome)
	verdict, err := d.judge(lib, w.today)
	if err != nil {
		return next, err
	}
	if settled && slices.Contains(undone, models.Outcome(verdict.Outcome)) {
		if verdict, err = w.judgeByLatest(lib, d, verdict); err != nil {
			return next, err
		}
	}
	next.row = d.row
	take(&next.row, verdict)
	if d.rule.Kind == rules.KindWithinWorkingDays && slices.Contains(undone, next.row.Outcome) {
		// What was done kept its date when the calendar changed; it follows again.
		now := dueAgain(d.entry, next.row, lib.calendar)
		next.row.DueOn, next.row.Provisional = now.DueOn, now.Provisional
	}
	if err := w.withdrawOutlived(*d, &next.row); err != nil {
		return next, err
	}
	next.foreseen, err = d.foresee(lib, next.row, w.today)
	return next, err
}

// judgeByLatest moves a duty that was settled, and is open again, to the latest
// edition of its policy: others that were open have moved already. One that this
// edition no longer has stays with its own, for withdrawOutlived to see.
func (w *write) judgeByLatest(lib *library, d *dossier, verdict rules.Verdict) (rules.Verdict, error) {
	latest, ok := lib.demanded(d.row.ObligationID, w.today)
	if !ok || latest.edition == d.row.Edition || ruleDuty(latest, d.row).Period.Name != d.row.Period {
		return verdict, nil
	}
	d.entry, d.row.Edition = latest, latest.edition
	schedule(&d.row, dueAgain(latest, d.row, lib.calendar))
	return d.judge(lib, w.today)
}

// rejudgeNextYear judges the next year's duty anew where this year's facts are
// what it is measured against: a weight that must not fall.
func (w *write) rejudgeNextYear(lib *library, e entry, row *models.Duty, path string) error {
	if e.rule.Weight == nil || !e.rule.Weight.NotBelowLastYear {
		return nil
	}
	var next models.Duty
	query := w.tx.Clauses(clause.Locking{Strength: "UPDATE"}).
		Where("unit_id = ? AND obligation_id = ? AND period = ?", row.UnitID, row.ObligationID, strconv.Itoa(row.Year+1))
	if err := query.Limit(1).Find(&next).Error; err != nil {
		return fmt.Errorf("next year's duty: %w", err)
	}
	if next.ID == 0 {
		return nil
	}
	return w.rejudge(lib, &next, path)
}
