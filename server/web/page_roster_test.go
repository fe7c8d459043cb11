package web

import (
	"net/url"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/training"
)

// staffLine is somebody on the roster of a unit.
func staffLine(id uint64, unit models.Unit, name, number, post string, trained string) training.RosterLine {
	line := training.RosterLine{Person: models.Person{ID: id, Name: name, Version: 1}, Unit: unit,
		Posting: models.Posting{ID: id, PersonID: id, UnitID: unit.ID, Post: post, PartTime: id%3 == 0, StartOn: calendar.MustParseDate("2016-01-04"), KnownUntil: models.Forever}}
	if number != "" {
		line.Number = &number
	}
	if trained != "" {
		line.TrainedOn = calendar.MustParseDate(trained)
	}
	return line
}

func (s sample) tabs(unit models.Unit) UnitTabs {
	tabs := UnitTabs{Unit: unit, Label: "training.tabs"}
	for _, tab := range trainingTabs {
		tabs.Tabs = append(tabs.Tabs, NavItem{Key: "training.tab." + tab.name, URL: unitURL(unit, tab.path), Current: tab.name == "roster"})
	}
	return tabs
}

// rosterPages are rosters and people in their situations.
func rosterPages(s sample) []samplePage {
	jinan, qingdao := s.cities[0], s.cities[1]
	long := "阿布都热依木·麦合木提江·买买提明"
	lines := []training.RosterLine{staffLine(1, jinan, "王芳", "1001", "政务公开办公室主任", "2017-03-09"), staffLine(2, jinan, long, strings.Repeat("N", 40), strings.Repeat("负责政府信息公开申请答复工作", 4), ""),
		staffLine(3, qingdao, "李伟", "", "", "2016-11-20")}
	lines[0].IDTail = "002X"
	coming := staffLine(4, qingdao, "孙丽", "1004", "科员", "")
	coming.Posting.StartOn = s.view.Today + 30
	filter := RosterFilter{Path: unitURL(s.province, "roster"), On: s.view.Today, Today: s.view.Today, Subtree: true}
	full := newRosterPage(s.page(), training.RosterPage{Unit: s.province, On: filter.On, Total: 230, PartTime: 12, Items: lines, Next: "3", Coming: []training.RosterLine{coming}, ComingTotal: 1}, filter, "2")
	full.Tabs, full.HasBelow, full.DuplicatesURL = s.tabs(s.province), true, unitURL(s.province, "duplicates")
	refused := models.InvalidFields([]models.Field{{Name: "id_number", Key: "roster.id_number"}, {Name: "start_on", Key: "roster.start_missing"}}).(*models.Error)
	add := newStaffForm(s.locale, "add", "add", full.Filter.Path, attempted{"add", url.Values{"name": {long}, "id_number": {"11010519491231002X"}}, refused},
		plain(textField("name", "", true), hinted(textField("number", "", false)), hinted(textField("id_number", "", false)), partTimeField(false), dayField("start_on", s.view.Today, true))...)
	full.Add = &add
	filter.Subtree, filter.On = false, s.view.Today-100
	past := newRosterPage(s.page(), training.RosterPage{Unit: jinan, On: filter.On, Total: 2, Items: lines[:2]}, filter, "")
	past.Tabs = s.tabs(jinan)
	filter.On = s.view.Today
	empty := newRosterPage(s.page(), training.RosterPage{Unit: jinan, On: filter.On}, filter, "")
	empty.Tabs = s.tabs(jinan)
	closed := past
	closed.Unit.ClosedOn, closed.Staying, closed.Successor = s.view.Today-10, 2, &qingdao
	all := newStaffForm(s.locale, "move_all", "move_all", "/units/370100/roster/move-all", attempted{}, staffUnitField(qingdao.Code, s.cities), plain(hinted(dayField("start_on", s.view.Today, true)))[0])
	closed.MoveAll = &all
	return append([]samplePage{
		{"roster", "roster", full, []string{".group-title a[href='/units/370100/roster']", ".roster tbody tr", "#add[open] #add-id_number[aria-invalid=true]", ".pager a[rel=next]", "#coming-title", "input[name=subtree][checked]"}},
		{"roster-past", "roster", past, []string{".note a[href='/units/370000/roster']", ".roster-sum"}},
		{"roster-empty", "roster", empty, []string{".empty-panel"}},
		{"roster-closed", "roster", closed, []string{".roster-closed form[action='/units/370100/roster/move-all']", "datalist option[value='370200']"}},
		{"duplicates", "duplicates", newDuplicatesPage(s.page(), s.province, []training.Namesakes{{Name: "王芳", Likely: true, People: lines}}), []string{".duplicate-act a[href='/people/1/merge?with=%233']"}},
		{"duplicates-empty", "duplicates", newDuplicatesPage(s.page(), s.province, nil), []string{".empty"}},
	}, s.personPages(lines)...)
}

// personPages are people in their situations.
func (s sample) personPages(lines []training.RosterLine) []samplePage {
	jinan, qingdao := s.cities[0], s.cities[1]
	before := lines[0].Posting
	before.KnownOn, before.KnownUntil = s.view.Today-60, s.view.Today-20
	ended := lines[0].Posting
	ended.ID, ended.StartOn, ended.EndOn = 9, calendar.MustParseDate("2014-01-02"), calendar.MustParseDate("2016-01-03")
	session := models.TrainingSession{ID: 7, Code: "370000-2017-01", StartOn: s.view.Today + 20, EndOn: s.view.Today + 20}
	course := models.Course{ID: 3, Title: "政府信息公开条例解读"}
	passed := true
	view := &training.PersonView{Person: lines[0].Person, Home: &jinan, MayEdit: true, MayMerge: true,
		Postings: []training.PostingView{{Posting: lines[0].Posting, Unit: &jinan, MayKeep: true}, {Posting: ended}}, Before: []training.PostingView{{Posting: before, Unit: &jinan, By: "李石"}},
		Attendances: []training.PersonAttendance{{Attendance: models.Attendance{ID: 5, SessionID: 7, On: s.view.Today - 30, Present: true, Tested: true, Passed: &passed, Score: "88"}, Session: session, Course: course},
			{Attendance: models.Attendance{ID: 6, SessionID: 8, On: s.view.Today - 90, Present: true, Tested: true}, Session: session, Course: course}},
		Nominations: []training.PersonNomination{{Nomination: models.Nomination{SessionID: 7, Status: models.NominationSeated}, Session: session, Course: course, Absent: true}}}
	view.IDHash = new(string)
	stale := models.NewError(models.Stale, "person.stale", "Who", "张三", "Name", "王芳", "On", sampleNow)
	forms := personForms{page: s.page(), view: view, units: s.cities, tried: attempted{"move", url.Values{"unit": {"青岛"}}, stale}}
	whole := newPersonPage(forms)
	whole.Tabs = s.tabs(jinan)
	bare := newPersonPage(personForms{page: s.page(), view: &training.PersonView{Person: lines[2].Person}, tried: attempted{"correct-99", nil, models.NewError(models.NotFound, "person.posting_unknown")}})
	merge := &training.Merge{Keep: lines[0].Person, Duplicate: lines[2].Person, Number: "1001", IDTail: "0038", Postings: []models.Posting{ended}, Dropped: 1,
		Units: map[uint64]models.Unit{jinan.ID: jinan, qingdao.ID: qingdao}, Attendances: 2, DoubleAttendances: 1, Nominations: 1, DoubleNominations: 1}
	return []samplePage{
		{"person", "person", whole, []string{".postings li.is-current", ".posting-acts form input[name=posting][value='1']", "a[href='/attendances/5/certificate']", ".known-before td", ".person-acts details[open] .error-summary", "#edit-forget_id", ".person-absent"}},
		{"person-bare", "person", bare, []string{".error-summary", ".empty"}},
		{"merge", "merge", newMergePage(s.page(), merge, attempted{}), []string{"form[action='/people/1/merge'] textarea[name=reason]", "a[href='/people/3/merge?with=1001']", "input[name=duplicate][value='3']"}},
	}
}
