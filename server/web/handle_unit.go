package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/gate"
	"sundial/server/organization"
)

func (s *Server) listUnits(r *request) error {
	scope := r.Actor.Access.Scope("unit", "manage")
	filter := UnitFilter{Under: r.Query("under"), Text: strings.TrimSpace(r.Query("q")), WithClosed: r.Query("closed") == "1", Page: 1}
	if page, err := strconv.Atoi(r.Query("page")); err == nil && page > 1 && page < 1_000_000 {
		filter.Page = page
	}
	query := organization.UnitQuery{Text: frontend.Simplified(filter.Text), WithClosed: filter.WithClosed, Offset: (filter.Page - 1) * unitsPerPage, Limit: unitsPerPage}
	var under *models.Unit
	if filter.Under != "" {
		unit, err := s.unit(r, filter.Under, "unit", "manage")
		if err != nil {
			return err
		}
		under, query.Under = &unit, unit
	}
	found, err := s.Directory.Units(r.Request.Context(), scope, query)
	if err != nil {
		return err
	}
	page := newUnitsPage(s.page(r), filter, under, *found)
	if page.Counts, err = s.Directory.CountUnits(r.Request.Context(), scope); err != nil {
		return err
	}
	if under != nil {
		page.Demo = page.Demo || under.Demo
		page.Breadcrumb, err = s.unitTrail(r, *under)
	}
	if err != nil {
		return err
	}
	return s.show(r, "units", page)
}

// unitTrail leads from the list of all units to the unit.
func (s *Server) unitTrail(r *request, unit models.Unit) ([]Crumb, error) {
	above, err := s.Directory.Ancestors(r.Request.Context(), unit)
	if err != nil {
		return nil, err
	}
	trail := []Crumb{{Text: r.Locale.Text("units.title", nil), URL: "/units"}}
	for _, a := range above {
		if r.may("unit", "manage", a) {
			trail = append(trail, Crumb{Text: unitName(r.Locale, a), URL: UnitFilter{Under: a.Code}.URL()})
		}
	}
	return append(trail, Crumb{Text: unitName(r.Locale, unit)}), nil
}

func (s *Server) manageUnit(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "unit", "manage")
	if err != nil {
		return err
	}
	page, err := s.managePage(r, unit, attempted{})
	if err != nil {
		return err
	}
	return s.show(r, "unit_manage", page)
}

// managePage is the administration of a unit, after a refused form with what was
// typed.
func (s *Server) managePage(r *request, unit models.Unit, tried attempted) (*UnitManagePage, error) {
	ctx, scope := r.Request.Context(), r.Actor.Access.Scope("unit", "manage")
	page := &UnitManagePage{Page: s.page(r), Unit: unit, UnitURL: View{}.UnitURL(unit.Code)}
	page.Demo = page.Demo || unit.Demo
	var err error
	if page.Breadcrumb, err = s.unitTrail(r, unit); err != nil {
		return nil, err
	}
	if err := s.relatives(r, page); err != nil {
		return nil, err
	}
	children, err := s.Directory.Children(ctx, unit)
	if err != nil {
		return nil, err
	}
	if page.Below = len(children); page.Below > 0 {
		page.BelowURL = UnitFilter{Under: unit.Code, WithClosed: true}.URL()
	}
	past, err := s.Ledger.UnitHistory(ctx, unit)
	if err != nil {
		return nil, err
	}
	page.History = newUnitPast(r.Locale, past)
	forms := unitForms{locale: r.Locale, unit: unit, today: s.Ledger.Today()}
	if page.Parent != nil {
		forms.parent = page.Parent.Unit
	}
	if forms.parents, err = s.Directory.UnitsOfKinds(ctx, scope, organization.KindsAbove(unit.Kind), optionsAtMost); err != nil {
		return nil, err
	}
	if forms.peers, err = s.Directory.UnitsOfKinds(ctx, scope, []models.UnitKind{unit.Kind}, optionsAtMost); err != nil {
		return nil, err
	}
	page.Forms = forms.forms(tried)
	return page, nil
}

// optionsAtMost bounds the units that a field offers; others are typed.
const optionsAtMost = 500

// relatives names the units that the unit has to do with.
func (s *Server) relatives(r *request, page *UnitManagePage) error {
	link := func(id *uint64) (*UnitLink, error) {
		if id == nil {
			return nil, nil
		}
		unit, err := s.Directory.UnitByID(r.Request.Context(), *id)
		if err != nil {
			return nil, err
		}
		return s.manageLink(r, unit), nil
	}
	var err error
	if page.Parent, err = link(page.Unit.ParentID); err != nil {
		return err
	}
	if page.Successor, err = link(page.Unit.SuccessorID); err != nil {
		return err
	}
	merged, err := s.Directory.Predecessors(r.Request.Context(), page.Unit)
	for _, unit := range merged {
		page.Predecessors = append(page.Predecessors, *s.manageLink(r, unit))
	}
	return err
}

func (s *Server) manageLink(r *request, unit models.Unit) *UnitLink {
	link := &UnitLink{Unit: unit}
	if r.may("unit", "manage", unit) {
		link.URL = manageURL(unit.Code)
	}
	return link
}

// changeUnit shows what a change would do, and does it once that is confirmed.
func (s *Server) changeUnit(r *request) error {
	unit, err := s.unit(r, r.Param("code"), "unit", "manage")
	if err != nil {
		return err
	}
	tried := attempted{action: r.PostForm("action"), values: r.Request.PostForm}
	deed, err := readDeed(r, unit)
	var effects *compliance.UnitEffects
	confirmed := r.PostForm("confirm") == "1"
	switch {
	case err != nil:
	case confirmed:
		effects, err = s.Ledger.ChangeUnits(r.Request.Context(), r.Actor, deed, r.PostForm("digest"))
	default:
		effects, err = s.Ledger.PreviewUnits(r.Request.Context(), r.Actor, deed)
	}
	var refused *models.Error
	switch {
	case err == nil && confirmed:
		return s.done(r, manageURL(unit.Code), "flash.unit_changed", models.Args("Unit", unitName(r.Locale, effects.Units[0].After),
			"Created", len(effects.Created)+len(effects.Restored), "Withdrawn", len(effects.Withdrawn)))
	case err != nil && !errors.As(err, &refused), models.IsCode(err, models.NotFound):
		return err
	case refused != nil && refused.Code != models.Stale:
		tried.failed = refused
	}
	return s.showPreview(r, unit, tried, effects, refused)
}

// showPreview sends the administration of a unit with what a change would do, or
// why it is refused.
func (s *Server) showPreview(r *request, unit models.Unit, tried attempted, effects *compliance.UnitEffects, refused *models.Error) error {
	page, err := s.managePage(r, unit, tried)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status = gate.ProblemOf(r.Request.Context(), r.Locale, refused).Status
	}
	for _, form := range page.Forms {
		if form.Action == tried.action && tried.failed == nil && effects != nil {
			page.Preview = newUnitPreview(r.Locale, form, tried.values, effects)
			page.Preview.Stale = refused
		}
	}
	s.send(r, status, "unit_manage", page)
	return nil
}

// readDeed reads the form of a change of the unit.
func readDeed(r *request, unit models.Unit) (compliance.UnitDeed, error) {
	f := &formReader{values: r.Request.PostForm}
	var deed compliance.UnitDeed
	switch r.PostForm("action") {
	case "edit":
		edit := compliance.EditUnit{Code: unit.Code, Name: f.text("name"), NameEN: f.text("name_en"), Class: f.text("class"),
			Kind: models.UnitKind(f.text("kind")), Position: f.place("position"), Reason: f.text("reason")}
		if edit.Kind == "" {
			edit.Kind = unit.Kind
		}
		deed = edit
	case "open":
		row := f.newUnit("")
		row.Parent, row.OpenedOn = unit.Code, f.date("opened_on")
		deed = compliance.OpenUnit{Unit: row, Reason: f.text("reason")}
	case "move":
		deed = compliance.MoveUnit{Code: unit.Code, Parent: f.text("parent"), On: f.date("on"), Reason: f.text("reason")}
	case "merge":
		deed = f.merger(unit)
	case "close":
		deed = compliance.CloseUnit{Code: unit.Code, On: f.date("on"), Reason: f.text("reason")}
	case "reopen":
		deed = compliance.ReopenUnit{Code: unit.Code, Reason: f.text("reason")}
	default:
		return nil, models.NewError(models.Invalid, "error.bad_form")
	}
	return deed, models.InvalidFields(f.problems)
}

// newUnit reads the fields of a unit that is to be opened.
func (r *formReader) newUnit(prefix string) organization.NewUnit {
	return organization.NewUnit{Code: r.text(prefix + "code"), Name: r.text(prefix + "name"), NameEN: r.text(prefix + "name_en"),
		Kind: models.UnitKind(r.text(prefix + "kind")), Class: r.text(prefix + "class"), Parent: r.text(prefix + "parent")}
}

// merger reads into what the unit, and others with it, is merged: an existing
// unit or a new one.
func (r *formReader) merger(unit models.Unit) compliance.MergeUnits {
	others := strings.FieldsFunc(r.text("codes"), func(c rune) bool { return strings.ContainsRune(" ,;\u3001\uff0c\uff1b\n\t", c) })
	deed := compliance.MergeUnits{Codes: append([]string{unit.Code}, others...), Into: r.text("into"), On: r.date("on"), Reason: r.text("reason")}
	fresh := r.newUnit("new_")
	switch {
	case deed.Into != "" && fresh.Code != "":
		r.problems = append(r.problems, models.Field{Name: "into", Key: "unit.merge_both"})
	case deed.Into == "" && fresh.Code == "":
		r.problems = append(r.problems, models.Field{Name: "into", Key: "unit.merge_neither"})
	case fresh.Code != "":
		deed.New = &fresh
	}
	return deed
}

// place reads a place in an order, the first one 1; nothing is 0.
func (r *formReader) place(name string) int {
	text := r.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		r.problems = append(r.problems, models.Field{Name: name, Key: "unit.bad_position"})
	}
	return n
}

// standing tells on the page of a unit what became of it: where it went when it is
// closed, and what was merged into it.
func (s *Server) standing(r *request, page *UnitPage) error {
	link := func(unit models.Unit) UnitLink {
		l := UnitLink{Unit: unit}
		if r.may("duty", "read", unit) {
			l.URL = page.View.UnitURL(unit.Code)
		}
		return l
	}
	if page.Unit.SuccessorID != nil {
		unit, err := s.Directory.UnitByID(r.Request.Context(), *page.Unit.SuccessorID)
		if err != nil {
			return err
		}
		successor := link(unit)
		page.Successor = &successor
	}
	merged, err := s.Directory.Predecessors(r.Request.Context(), page.Unit)
	for _, unit := range merged {
		page.Predecessors = append(page.Predecessors, link(unit))
	}
	if r.may("unit", "manage", page.Unit) {
		page.ManageURL = manageURL(page.Unit.Code)
	}
	return err
}
