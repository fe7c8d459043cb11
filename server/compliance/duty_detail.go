package compliance

import (
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// Duty answers all that was known of one duty at the end of the as-of date. A
// duty outside the scope is NotFound, an as-of date in the future Invalid.
func (l *Ledger) Duty(ctx context.Context, scope rbac.Scope, id uint64, asOf calendar.Date) (*DutyDetail, error) {
	if err := l.checkAsOf(asOf); err != nil {
		return nil, err
	}
	db := l.store.Read(ctx)
	lib, err := l.library(db)
	if err != nil {
		return nil, err
	}
	// Who was above the unit then may see what was known then.
	fresh := db.Session(&gorm.Session{NewDB: true})
	var found []dutyAsOf
	err = db.Table("duties d").Joins("JOIN units u ON u.id = d.unit_id").
		Joins("LEFT JOIN unit_changes p ON p.unit_id = d.unit_id AND p.known_on <= ? AND p.known_until > ?", asOf, asOf).
		Where(scope.Where(fresh, "u.path").Or(scope.Where(fresh, "p.path"))).
		Joins("JOIN duty_changes c ON c.duty_id = d.id AND c.known_on = (SELECT COALESCE(MAX(CASE WHEN k.known_on <= ? THEN k.known_on END), MIN(k.known_on)) FROM duty_changes k WHERE k.duty_id = d.id)", asOf).
		Select(dutyColumns).
		Where("d.id = ?", id).Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("duty: %w", store.Translate(err))
	}
	if len(found) == 0 {
		return nil, models.NewError(models.NotFound, "duty.unknown")
	}
	views, err := l.views(db, lib, found, asOf)
	if err != nil {
		return nil, err
	}
	return l.detail(db, lib, found[0].Duty, views[0], asOf)
}

func (l *Ledger) detail(db *gorm.DB, lib *library, now models.Duty, view DutyView, asOf calendar.Date) (*DutyDetail, error) {
	rows := []models.Duty{now}
	if err := stand(db, lib, rows, l.Today()); err != nil {
		return nil, err
	}
	now = rows[0]
	list, err := dossiers(db, lib, rows)
	if err != nil {
		return nil, err
	}
	var unit models.Unit
	if err := one(db.Where("id = ?", now.UnitID), &unit, "unit"); err != nil {
		return nil, err
	}
	// The unit is named as it was then, but who may act is decided where it is now.
	view.Unit.Path, view.Unit.ParentID = unit.Path, unit.ParentID
	d := list[0]
	then, err := lib.of(view.Duty)
	if err != nil {
		return nil, err
	}
	duty := ruleDuty(then, view.Duty)
	current, at := ruleDuty(d.entry, now), l.moment()
	detail := &DutyDetail{DutyView: view, Rule: then.rule, Policy: then.policy, Explanation: duty.Explain(lib.countedBy(duty, asOf)),
		Withdrawn: view.Duty.Outcome == models.Withdrawn, FiledLate: current.FiledLate(rules.Filing{}, at.at)}
	if detail.Refusal, err = at.bar(db, d, &unit, false); err != nil {
		return nil, err
	}
	noNothing, err := at.bar(db, d, &unit, true)
	if err != nil {
		return nil, err
	}
	detail.TakesNothing = noNothing == nil
	detail.Exemption = d.exemption(asOf)
	if err := l.addGrants(db, detail, d, asOf); err != nil {
		return nil, err
	}
	var known []models.Report
	for _, report := range d.reports {
		if report.FiledOn <= asOf {
			known = append(known, knownOn(report, asOf))
		}
	}
	detail.Reports, err = reportViews(db, known, asOf)
	return detail, err
}

// addGrants brings what the office has granted for the duty up to the as-of date.
func (l *Ledger) addGrants(db *gorm.DB, detail *DutyDetail, d dossier, asOf calendar.Date) error {
	detail.NotExtensible = l.moment().extensionRefusal(d.entry, &d.row, &detail.Unit)
	var extensions []models.Extension
	if err := db.Where("duty_id = ? AND granted_on <= ?", d.row.ID, asOf).Order("id DESC").Find(&extensions).Error; err != nil {
		return fmt.Errorf("extensions: %w", store.Translate(err))
	}
	var people []*uint64
	for i := range extensions {
		people = append(people, &extensions[i].GrantedBy)
	}
	for i := range d.exemptions {
		people = append(people, &d.exemptions[i].GrantedBy, d.exemptions[i].RevokedBy)
	}
	names, err := namesOf(db, people...)
	if err != nil {
		return err
	}
	for _, e := range extensions {
		detail.Extensions = append(detail.Extensions, ExtensionView{e, names.of(&e.GrantedBy)})
	}
	for _, e := range slices.Backward(d.exemptions) {
		if e.GrantedOn <= asOf {
			e = exemptionKnownOn(e, asOf)
			detail.Exemptions = append(detail.Exemptions, ExemptionView{e, names.of(&e.GrantedBy), names.of(e.RevokedBy)})
		}
	}
	return nil
}

// reportViews brings the filings of reports, the people and the office behind
// them and what their links showed, the newest first.
func reportViews(db *gorm.DB, reports []models.Report, asOf calendar.Date) ([]ReportView, error) {
	var people, offices []*uint64
	for i := range reports {
		r := &reports[i]
		people, offices = append(people, &r.FiledBy, r.CheckedBy, r.DecidedBy, r.EndedBy), append(offices, r.OfficeID)
	}
	names, err := namesOf(db, people...)
	if err != nil {
		return nil, err
	}
	units, err := unitsByID(db, offices...)
	if err != nil {
		return nil, err
	}
	links, err := linkChecksOf(db, reports, asOf)
	if err != nil {
		return nil, err
	}
	files, err := filesOf(db, reports)
	if err != nil {
		return nil, err
	}
	views := make([]ReportView, 0, len(reports))
	for _, r := range slices.Backward(reports) {
		content, err := filingOf(r)
		if err != nil {
			return nil, err
		}
		views = append(views, ReportView{Report: r, Content: content, FiledName: names.of(&r.FiledBy), CheckedName: names.of(r.CheckedBy),
			DecidedName: names.of(r.DecidedBy), EndedName: names.of(r.EndedBy), Office: officeAmong(units, r), Links: links[r.ID],
			Files: files[r.ID]})
	}
	return views, nil
}
