package web

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// owedThings are one or more of everything that a unit owes.
func (s sample) owedThings() owedThings {
	overdue, soon, later := s.duty(0, rules.Overdue), s.duty(1, rules.Pending), s.duty(2, rules.Pending)
	overdue.Duty.DueOn, soon.Duty.DueOn, later.Duty.DueOn = s.view.Today-14, s.view.Today, s.view.Today+1
	returned := models.Report{ID: 9, Status: models.Returned, Reason: "网址打不开，请核对后重新填报。"}
	provisional := s.duty(3, rules.Pending)
	provisional.Duty.DueOn, provisional.Duty.Provisional = s.view.Today-1, true
	rotation := s.duty(4, rules.Pending)
	rotation.Verdict.Kind, rotation.Duty.DueOn = rules.KindRotation, 0
	urged := s.duty(5, rules.Pending)
	urged.Duty.DueOn = s.view.Today + 60
	thing := func(id uint64) supervision.UrgeThing {
		return supervision.UrgeThing{UrgeRef: supervision.UrgeRef{Object: models.UrgeDuty, ID: id}, Title: s.policy.Obligations[5].Title}
	}
	urge := func(id uint64, level models.UrgeLevel, status models.UrgeStatus, things ...supervision.UrgeThing) supervision.UrgeLine {
		return supervision.UrgeLine{Urge: models.Urge{ID: id, Level: level, Status: status, ReplyBy: s.view.Today + 3, Version: 1}, Office: s.province, Items: things}
	}
	return owedThings{
		urges: []supervision.UrgeLine{urge(1, models.UrgeBlue, models.UrgeAcknowledged, thing(99)), urge(2, models.UrgeRed, models.UrgeSent, thing(urged.Duty.ID), thing(98)),
			urge(3, models.UrgeYellow, models.UrgeReplied, thing(soon.Duty.ID))},
		duties: []compliance.OwedDuty{{DutyView: overdue, Returned: &returned}, {DutyView: provisional}, {DutyView: soon}, {DutyView: later, Drafted: true}, {DutyView: urged}, {DutyView: rotation}},
		tasks: []supervision.TaskLine{{Share: models.TaskShare{ID: 6}, Task: models.Task{ID: 5, TitleZH: "推进开放日活动", TitleEN: "Hold open days", Clause: "四(一)"},
			TaskStanding: supervision.TaskStanding{DueOn: s.view.Today - 2}}},
		sheets: []assessment.OwedSheet{{Sheet: models.Sheet{ID: 70}, Round: models.Round{Title: "2017年度政务公开考核", SelfUntil: s.view.Today + 9}, Office: s.province}},
	}
}

func owedPages(s sample) []samplePage {
	page := func(list *OwedList) UnitPage {
		unit := newUnitPage(s.page(), s.view, s.cities[1], s.duties())
		unit.Filter, unit.Owed = yearAsOf(unit.Page, s.view, []int{2017}), list
		return unit
	}
	things := s.owedThings()
	few := newOwedList(words{s.locale}, s.view, things)
	few.Acts = true
	for len(things.duties) < 14 {
		things.duties = append(things.duties, things.duties[1])
	}
	many := newOwedList(words{s.locale}, s.view, things)
	many.onlyShow()
	return []samplePage{
		{"owed", "unit", page(&few), []string{".owed-line.is-red:first-child form[action='/urges/2/receipt'] [name=version][value='1']", ".owed-line .owed-do a[href$='#report']", "a[href='/urges/1#reply']",
			".owed-line.is-late a[href='/tasks/5?share=6']", "a[href='/sheets/70'].btn", ".owed-reason", ".owed-days.is-late", ".owed-sum.is-urged"}},
		{"owed-many", "unit", page(&many), []string{".owed-list > li:nth-child(10)", ".owed-rest .owed-line:not(:has(.owed-do))", ".owed:not(:has(.owed-do))"}},
		{"owed-none", "unit", page(&OwedList{Acts: true}), []string{".owed .empty"}},
	}
}

// The gravest urge stands first and each before what it is about; then what is late, then
// what is due first. A provisional day makes nothing late.
func TestWhatIsOwedIsInOrder(t *testing.T) {
	catalog, _ := newTestTemplates(t)
	s := newSample(t, catalog.Locale("en"))
	list := newOwedList(words{s.locale}, s.view, s.owedThings())
	var got []string
	for _, line := range slices.Concat(list.Lines, list.Rest) {
		got = append(got, strings.Join(append([]string{line.Kind, string(line.Level), strings.TrimPrefix(line.Do, "owed.do."), text(line.Days)}, line.Marks...), " "))
	}
	want := []string{"urge red receipt 3", "duty red report 60", "duty yellow report 0", "urge blue reply 3", "duty  again -14 owed.returned", "task  progress -2",
		"duty  report -1", "duty  draft 1 owed.drafted", "sheet  sheet 9"}
	if diff := cmp.Diff(want, got[:len(got)-1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if last := got[len(got)-1]; !strings.HasPrefix(last, "duty  look ") {
		t.Errorf("what has no day stands last, got %s", last)
	}
	// What waits for the office is not the unit's to do.
	waits := s.owedThings().urges
	waits[1].Waits = true
	waiting := newOwedList(words{s.locale}, s.view, owedThings{urges: waits})
	if waiting.Urged != 1 || waiting.Count() != 1 {
		t.Errorf("with one that waits %d urged, %d lines", waiting.Urged, waiting.Count())
	}
	if list.Urged != 4 || list.Overdue != 2 || list.Count() != 10 {
		t.Errorf("%d urged, %d overdue of %d", list.Urged, list.Overdue, list.Count())
	}
}
