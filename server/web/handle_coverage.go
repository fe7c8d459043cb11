package web

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/figure"
	"sundial/server/rules"
	"sundial/server/training"
)

// showTraining leads to the coverage of the caller's topmost unit, or lists
// several.
func (s *Server) showTraining(r *request) error {
	units, err := s.Directory.Roots(r.Request.Context(), r.Actor.Access.Scope("rotation", "read"))
	if err != nil {
		return err
	}
	if len(units) == 1 {
		r.Redirect(http.StatusSeeOther, unitURL(units[0], "rotation"))
		return nil
	}
	page := TrainingPage{Page: s.page(r)}
	for _, unit := range units {
		line := TrainingUnit{Unit: unit, URL: unitURL(unit, "rotation")}
		_, table, err := s.rotation(r, unit, RotationView{View: View{AsOf: s.Ledger.Today(), Today: s.Ledger.Today()}})
		if err != nil {
			return err
		}
		if table != nil {
			line.Title, line.RotationCount = table.Obligation.Title, table.Total
		}
		page.Demo = page.Demo || unit.Demo
		page.Units = append(page.Units, line)
	}
	return s.show(r, "training", page)
}

// rotationView reads what a page of a rotation looks at.
func (s *Server) rotationView(r *request) (RotationView, error) {
	for _, values := range r.Request.URL.Query() {
		for _, value := range values {
			if !utf8.ValidString(value) {
				return RotationView{}, models.NewError(models.Invalid, "error.bad_form")
			}
		}
	}
	view, _, err := s.view(r, models.Unit{})
	view.Year = 0
	view.Obligation, view.Period = r.Query("obligation"), r.Query("period")
	return RotationView{View: view}, err
}

// rotation returns the rotations that bind units below the unit, and the table of
// the one that is asked for: without a policy, of the one whose window began last.
// The table is nil when there is none.
func (s *Server) rotation(r *request, unit models.Unit, view RotationView) ([]compliance.RotationRef, *compliance.RotationTable, error) {
	ctx := r.Request.Context()
	refs, err := s.Ledger.Rotations(ctx, unit, view.AsOf)
	if err != nil {
		return nil, nil, err
	}
	query := compliance.RotationQuery{Unit: unit, Policy: view.Policy, Obligation: view.Obligation, Period: view.Period, AsOf: view.AsOf}
	if query.Policy == "" {
		ref, ok := compliance.LatestBegun(refs, view.AsOf)
		if !ok {
			return nil, nil, nil
		}
		query.Policy, query.Obligation = ref.Obligation.Policy, ref.Obligation.Code
	}
	table, err := s.Desk.Coverage(ctx, query)
	return refs, table, err
}

// maxOwnPeople bounds the people of a unit's own that its page shows, and
// firstLeft those who are left.
const (
	maxOwnPeople = 100
	firstLeft    = 8
)

func (s *Server) showCoverage(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "rotation", "read")
	if err != nil {
		return err
	}
	view, err := s.rotationView(r)
	if err != nil {
		return err
	}
	refs, table, err := s.rotation(r, unit, view)
	if err != nil {
		return err
	}
	page := CoveragePage{Page: s.page(r), View: view, Unit: unit, Tabs: s.trainingTabs(r, unit, "coverage"), Options: refs, ByClass: r.Query("by") == "class",
		MayKeepRoster: r.may("roster", "keep", unit) || r.may("roster", "manage", unit), MayActivate: r.Actor.Access.Allows("policy", "activate")}
	if err := s.placeRotation(r, &page.Page, view, unit, ""); err != nil {
		return err
	}
	page.Filter = newAsOfFilter(page.Page, view.View, nil, view.Today, view.Today)
	if table == nil {
		page.Empty = "coverage.empty_policy"
		return s.show(r, "coverage", page)
	}
	page.Table, page.Unit, page.Filter = table, table.Unit, rotationAsOf(page.Page, view, table.Period)
	page.View.Policy = table.Obligation.Policy
	if page.Empty = figure.NobodyCounted(table, view.Past()); page.Empty != "" {
		return s.show(r, "coverage", page)
	}
	return s.showCounted(r, page)
}

// showCounted reads what the page shows besides the counts.
func (s *Server) showCounted(r *request, page CoveragePage) error {
	ctx, table := r.Request.Context(), page.Table
	progress, err := s.Desk.Progress(ctx, table)
	if err != nil {
		return err
	}
	newcomers, err := s.Desk.CountLeft(ctx, table, training.LeftFilter{Newcomers: true})
	if err != nil {
		return err
	}
	page.fill(table, progress, newcomers)
	left, err := s.Desk.Left(ctx, table, training.LeftQuery{Limit: firstLeft})
	if err != nil {
		return err
	}
	page.Left = left.Items
	if page.ByClass {
		classes, err := s.Ledger.RotationClasses(ctx, table)
		if err != nil {
			return err
		}
		page.addClasses(classes)
	}
	if page.Due, err = s.dueLines(r, page.View, page.Unit); err != nil {
		return err
	}
	if slices.ContainsFunc(table.Rows, func(row compliance.RotationRow) bool { return row.Own }) {
		if page.People, err = s.Desk.OwnPeople(ctx, table, maxOwnPeople+1); err != nil {
			return err
		}
		if page.MorePeople = len(page.People) > maxOwnPeople; page.MorePeople {
			page.People = page.People[:maxOwnPeople]
		}
	}
	return s.show(r, "coverage", page)
}

// dueLines are the rotations of all policies by which people fall due soon.
func (s *Server) dueLines(r *request, view RotationView, unit models.Unit) ([]DueLine, error) {
	due, err := s.Desk.FallDue(r.Request.Context(), unit, view.AsOf)
	if err != nil {
		return nil, err
	}
	var lines []DueLine
	for _, one := range due {
		to := view
		to.Policy, to.Obligation, to.Period = one.Obligation.Policy, one.Obligation.Code, ""
		lines = append(lines, DueLine{one, int(one.Period.To - view.AsOf), to.LeftURL(unit, training.LeftFilter{DueWithin: rules.FallsDueDays})})
	}
	return lines, nil
}

// placeRotation sets the breadcrumb of a page of a rotation: each step leads to
// the coverage of a unit above.
func (s *Server) placeRotation(r *request, page *Page, view RotationView, unit models.Unit, last string) error {
	path, err := s.Directory.Ancestors(r.Request.Context(), unit)
	if err != nil {
		return err
	}
	for _, above := range path {
		if r.may("rotation", "read", above) && (above.ID != unit.ID || last != "") {
			page.Breadcrumb = append(page.Breadcrumb, Crumb{unitName(r.Locale, above), view.URL(above, "rotation")})
		}
	}
	if last == "" {
		last = unitName(r.Locale, unit)
	}
	page.Breadcrumb = append(page.Breadcrumb, Crumb{Text: last})
	page.AsOf, page.Demo = view.AsOf, page.Demo || unit.Demo
	return nil
}
