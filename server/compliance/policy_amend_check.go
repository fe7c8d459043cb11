package compliance

import (
	"slices"

	"sundial/models"
	"sundial/server/rules"
)

// nature is what the reports of an obligation are made for: when it changes they
// no longer fit.
type nature struct {
	kind    rules.Kind
	form    rules.Form
	what    string
	trigger rules.Trigger
}

func natureOf(o *rules.Obligation) nature {
	return nature{kind: o.Kind, form: o.Form(), what: o.What(), trigger: o.Trigger()}
}

// checkReports refuses obligations whose reports would no longer fit: those of
// another kind, and those with other periods instead of the ones reported for.
func (a *amending) checkReports() error {
	reports, err := a.countByObligation(a.tx.Table("reports r").Joins("JOIN duties d ON d.id = r.duty_id"), a.book.ids())
	if err != nil {
		return err
	}
	started, err := a.countByObligation(a.tx.Table("duties d").Where("d.subject <> ''"), a.book.ids())
	if err != nil {
		return err
	}
	granted, err := a.countByObligation(a.tx.Table("duties d").Where(outcomeNow+" = ? OR d.extended_to IS NOT NULL", a.lib.rotations(), a.today, models.Exempt), a.book.ids())
	if err != nil {
		return err
	}
	for _, row := range a.book.obligations {
		was, now := a.beforeAndAfter(row)
		if was == nil || now == nil {
			continue
		}
		if natureOf(was) != natureOf(now) && reports[row.ID]+started[row.ID] > 0 {
			a.refuse(now, "policy.amend_nature", "Count", reports[row.ID], "Started", started[row.ID])
		} else if a.replaced(was, now) && reports[row.ID]+granted[row.ID] > 0 {
			a.refuse(now, "policy.amend_periods", "Count", reports[row.ID], "Granted", granted[row.ID])
		}
	}
	return nil
}

// beforeAndAfter returns the obligation in the latest edition that had it, and
// in the new one.
func (a *amending) beforeAndAfter(row models.Obligation) (was, now *rules.Obligation) {
	for _, ed := range a.book.editions {
		if ed.number == a.book.row.Edition {
			now, _ = ed.policy.Find(row.Code)
		} else if found, ok := ed.policy.Find(row.Code); ok {
			was = found
		}
	}
	return was, now
}

// replaced tells whether periods of the active years make room for others: a
// duty that was done for one of them would be owed again for another.
func (a *amending) replaced(was, now *rules.Obligation) bool {
	before, after := a.periods(a.old, was), a.periods(a.book.policy, now)
	lost := func(names, others []string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(others, name) })
	}
	return lost(before, after) && lost(after, before)
}

// periods returns the names of the obligation's periods in the active years.
func (a *amending) periods(policy *rules.Policy, o *rules.Obligation) []string {
	var names []string
	for _, year := range a.book.years {
		for _, period := range policy.Periods(o, year) {
			names = append(names, period.Name)
		}
	}
	return names
}

// orphan counts the reports of a duty that would be withdrawn: those that wait
// for a decision and those that were accepted.
func (a *amending) orphan(d dossier) {
	for _, report := range d.reports {
		if report.Status.Waits() || report.Status == models.Verified {
			a.orphaned[d.entry.row.Code]++
		}
	}
}

// refuse names an obligation that must not be amended like this.
func (a *amending) refuse(o *rules.Obligation, key string, pairs ...any) {
	args := models.Args(append(pairs, "Title", o.Title)...)
	a.refused = append(a.refused, models.Field{Name: o.ID, Key: key, Args: args})
}

// refusal is the Conflict with all that must not be done, if anything.
func (a *amending) refusal() error {
	for _, row := range a.book.obligations {
		named := slices.ContainsFunc(a.refused, func(f models.Field) bool { return f.Name == row.Code })
		if count := a.orphaned[row.Code]; count > 0 && !named {
			was, _ := a.beforeAndAfter(row)
			a.refuse(was, "policy.amend_orphans", "Count", count)
		}
	}
	if len(a.refused) == 0 {
		return nil
	}
	return &models.Error{Code: models.Conflict, Key: "policy.amend_refused", Fields: a.refused}
}
