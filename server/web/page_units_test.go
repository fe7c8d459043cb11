package web

import (
	"net/url"
	"testing"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/organization"
	"sundial/server/rules"
)

// unitPages are the list of units and the administration of one in all states.
func unitPages(s sample) []samplePage {
	found := organization.UnitPage{Total: 240}
	for i, unit := range s.cities {
		unit.Class, unit.OpenedOn = "A", day("2000-01-01")
		if i == 3 {
			unit.ClosedOn = day("2017-05-01")
		}
		found.Lines = append(found.Lines, organization.UnitLine{Unit: unit, Below: i % 3})
	}
	list := newUnitsPage(s.page(), UnitFilter{Under: "370000", Page: 2, WithClosed: true}, &s.province, found)
	list.Counts = organization.UnitCounts{Open: 198, Closed: 4}
	none := newUnitsPage(s.page(), UnitFilter{Text: "x", Page: 1}, nil, organization.UnitPage{})

	unit := s.cities[1]
	unit.Class, unit.OpenedOn, unit.ParentID = "A", day("2000-01-01"), &s.province.ID
	forms := unitForms{locale: s.locale, unit: unit, parent: s.province, today: s.view.Today, parents: []models.Unit{s.province}, peers: s.cities}
	manage := UnitManagePage{Page: s.page(), Unit: unit, Parent: &UnitLink{s.province, manageURL("370000")}, Predecessors: []UnitLink{{Unit: s.cities[4]}},
		Below: 9, BelowURL: "/units?under=370200", UnitURL: "/units/370200", Forms: forms.forms(attempted{}), History: newUnitPast(s.locale, s.past(unit))}
	refused := manage
	refused.Forms = forms.forms(attempted{action: "merge", values: url.Values{"into": {"999999"}, "reason": {"x"}}, failed: models.InvalidFields([]models.Field{
		{Name: "into", Key: "organization.unit_not_found", Args: models.Args("Code", "999999")}, {Name: "on", Key: "filing.date_required"}}).(*models.Error)})
	preview := manage
	preview.Forms = forms.forms(attempted{action: "merge", values: url.Values{"into": {"370100"}, "reason": {"区划调整"}}})
	preview.Preview = newUnitPreview(s.locale, preview.Forms[3], url.Values{"into": {"370100"}}, s.effects(unit))
	preview.Preview.Stale = models.NewError(models.Stale, "unit.preview_stale")
	closed := manage
	closed.Unit.ClosedOn = s.view.Today - 9
	closed.Successor = &UnitLink{Unit: s.cities[0], URL: manageURL("370100")}
	forms.unit = closed.Unit
	closed.Forms = forms.forms(attempted{})

	gone := newUnitPage(s.page(), s.view, closed.Unit, nil)
	gone.Successor, gone.Predecessors, gone.ManageURL = closed.Successor, manage.Predecessors, manageURL("370200")
	return []samplePage{
		{"units", "units", list, []string{".units-list tbody tr:nth-child(17)", "tr.is-closed", "a[href='/units?closed=1&under=370300']", ".pager a[rel=next]", "input[name=closed][checked]", "a[href='/units/370000/manage']"}},
		{"units-empty", "units", none, []string{".empty"}},
		{"unit-manage", "unit_manage", manage, []string{"#edit [name=name][value]", "#open [name=code]", "#move [name=parent][list]", "#merge [name=new_code]", "#close [name=on]", ".unit-history li", "datalist option[value='370000']"}},
		{"unit-manage-refused", "unit_manage", refused, []string{"#merge[open] .error-summary a[href='#merge-into']", "#merge-into[aria-invalid]", "#merge-reason"}},
		{"unit-manage-preview", "unit_manage", preview, []string{"#preview .error-summary", "#preview input[name=digest]", "#preview input[name=into][value='370100']", "#preview .unit-boards td", "#preview .unit-duties tbody tr", "#merge[open]"}},
		{"unit-manage-closed", "unit_manage", closed, []string{".note a[href='/units/370100/manage']", "#reopen [name=reason]"}},
		{"unit-closed", "unit", gone, []string{".note a[href='/units/370100/manage']", "a[href='/units/370200/manage']"}},
	}
}

func day(text string) calendar.Date { return calendar.MustParseDate(text) }

// past is a unit that was renamed, moved and closed.
func (s sample) past(unit models.Unit) []compliance.UnitPast {
	first := models.UnitChange{UnitID: unit.ID, KnownOn: models.Always, Name: "旧名称", Kind: models.County, Class: "A", ParentID: &s.province.ID, OpenedOn: day("2000-01-01")}
	second := first
	second.KnownOn, second.Name, second.NameEN, second.Kind, second.Class, second.Position = day("2017-03-01"), unit.Name, unit.NameEN, models.City, "", 4
	third := second
	third.KnownOn, third.ClosedOn, third.ParentID = day("2017-06-01"), day("2017-05-20"), nil
	fourth := third
	fourth.KnownOn, fourth.ClosedOn = day("2017-06-09"), 0
	act := compliance.UnitAct{Action: "edit", At: sampleNow, Who: "王小明", On: day("2017-05-20"), Reason: "国函〔2017〕1号"}
	return []compliance.UnitPast{{Before: &third, Now: fourth, Acts: []compliance.UnitAct{act}}, {Before: &second, Now: third, From: s.province, To: s.cities[0], Acts: []compliance.UnitAct{act, act}},
		{Before: &first, Now: second, From: s.province, To: s.province}, {Now: first, To: s.province}}
}

// effects are those of a merger.
func (s sample) effects(unit models.Unit) *compliance.UnitEffects {
	after := unit
	after.ClosedOn = s.view.Today
	effects := &compliance.UnitEffects{Digest: "d", Boards: []compliance.BoardEffect{{Unit: s.province, Year: 2017, Before: 420, After: 402}, {Unit: s.cities[0], Year: 2017, Before: 18, After: 36}},
		Units: []compliance.UnitEffect{{Action: "merge", Before: &unit, After: after, From: s.province, To: s.province, Successor: s.cities[0]}, {Action: "open", After: s.cities[5], To: s.province}}}
	for i := range 60 {
		duty := s.duty(i%8, rules.Pending)
		effects.Withdrawn = append(effects.Withdrawn, compliance.DutyEffect{Unit: unit, Obligation: duty.Obligation, Duty: duty.Duty})
	}
	effects.Created = effects.Withdrawn[:3]
	return effects
}

// A form sends every field once.
func TestUnitFormsHaveEachFieldOnce(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale(frontend.Languages[0]))
	forms := unitForms{locale: s.locale, unit: s.cities[0], parent: s.province, today: s.view.Today}.forms(attempted{})
	if len(forms) != 5 {
		t.Fatalf("%d forms of an open unit, want five", len(forms))
	}
	for _, form := range forms {
		names := map[string]bool{}
		for _, field := range form.all() {
			if names[field.Name] {
				t.Errorf("%s has two fields %s", form.Action, field.Name)
			}
			names[field.Name] = true
		}
	}
}
