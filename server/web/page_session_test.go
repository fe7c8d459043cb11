package web

import (
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/training"
)

func (s sample) course() models.Course {
	return models.Course{ID: 3, UnitID: s.province.ID, Code: "370000-K01", Title: "政务公开业务培训", Subject: "条例与政策解读", Audience: "各市、各部门政务公开工作人员",
		Minutes: 510, Tested: true, PassMark: "60", Version: 2}
}

// scheduled is one of the province in July, of 40 seats.
func (s sample) scheduled(id uint64, change func(*models.TrainingSession)) training.SessionLine {
	row := models.TrainingSession{ID: id, CourseID: 3, UnitID: s.province.ID, Code: "370000-2017-00" + text(int(id)), Kind: models.ClassSession, Place: "省委党校第一教室",
		StartOn: calendar.MustParseDate("2017-07-12"), EndOn: calendar.MustParseDate("2017-07-13"), StartMinute: 540, EndMinute: 1020, Capacity: 40, Seated: 3, Lecturer: "李石", Status: models.SessionOpen, Version: 4}
	if change != nil {
		change(&row)
	}
	return training.SessionLine{SessionView: training.SessionView{TrainingSession: row, Course: s.course(), Office: s.province}, Mine: 2, MineWaiting: 1}
}

// sessions has one in every phase.
func (s sample) sessions() []training.SessionLine {
	on := func(from, to string) func(*models.TrainingSession) {
		return func(t *models.TrainingSession) {
			t.StartOn, t.EndOn = calendar.MustParseDate(from), calendar.MustParseDate(to)
		}
	}
	lines := []training.SessionLine{s.scheduled(1, on("2017-05-02", "2017-05-02")), s.scheduled(2, on("2017-06-29", "2017-06-30")), s.scheduled(3, nil),
		s.scheduled(4, func(t *models.TrainingSession) { t.Seated, t.Waiting = 40, 7 }), s.scheduled(5, on("2017-05-03", "2017-05-03")), s.scheduled(6, nil)}
	lines[4].Status, lines[5].Status = models.SessionHeld, models.SessionCancelled
	online := s.scheduled(7, func(t *models.TrainingSession) {
		t.Kind, t.Place, t.StartMinute, t.EndMinute, t.UnitID = models.OnlineSession, "", 0, 0, s.cities[1].ID
	})
	online.Office, online.Course.Title = s.cities[1], strings.Repeat("关于进一步加强基层政务公开标准化规范化工作的", 3)+"专题培训"
	lines = append(lines, online)
	slices.SortStableFunc(lines, func(a, b training.SessionLine) int { return int(a.StartOn - b.StartOn) })
	return lines
}

func (s sample) nominations() []training.NominationView {
	var list []training.NominationView
	for i, status := range []models.NominationStatus{models.NominationConfirmed, models.NominationSeated, models.NominationSeated, models.NominationWaiting, models.NominationWaiting, models.NominationCancelled} {
		unit := s.cities[i/2]
		v := training.NominationView{Nomination: models.Nomination{ID: uint64(i + 1), UnitID: unit.ID, Status: status}, Person: models.Person{ID: uint64(i + 1), Name: "王小明" + text(i)}, Unit: unit, Post: "政务公开科科长"}
		v.Gone = i == 1
		switch status {
		case models.NominationWaiting:
			v.Place = i - 2
			v.MayWithdraw = true
		case models.NominationCancelled:
			v.Ended, v.Reason = v.ID, "临时出差"
		default:
			v.MayWithdraw = i != 2
		}
		list = append(list, v)
	}
	return list
}

func (s sample) candidates() []training.Candidate {
	person := func(i int) training.Candidate {
		return training.Candidate{Person: models.Person{ID: uint64(i), Name: "欧阳某某" + text(i)}, Unit: s.cities[i%2], Post: "办公室科员"}
	}
	list := []training.Candidate{person(1), person(2), person(3), person(4)}
	list[1].TrainedOn = calendar.MustParseDate("2014-05-06")
	list[2].TrainedOn, list[2].Current = calendar.MustParseDate("2017-05-06"), true
	list[3].Refusal = models.NewError(models.Conflict, "nomination.overlaps", "Session", "370000-2017-002", "On", s.view.Today)
	return list
}

// coursePages are plans, courses and sessions as the office and as a unit has them.
func coursePages(s sample) []samplePage {
	crumbs := unitCrumbs(s.locale, s.view, nil, unitName(s.locale, s.province))
	invalid := func(name, key string, args ...any) *models.Error {
		return models.InvalidFields([]models.Field{{Name: name, Key: key, Args: models.Args(args...)}}).(*models.Error)
	}
	return append(planPages(s, crumbs, invalid), sessionPages(s, crumbs, invalid)...)
}

type fault func(name, key string, args ...any) *models.Error

func planPages(s sample, crumbs []Crumb, invalid fault) []samplePage {
	course := s.course()
	plan := training.PlanView{TrainingPlan: models.TrainingPlan{ID: 5, Year: 2017, Title: "2017年政务公开培训计划", Goal: "年内轮训一遍。\n新进人员三个月内参训。", Document: "鲁政办字〔2017〕6号", URL: "https://www.example.gov.cn/plan", AdoptedOn: s.view.Today, Version: 1}, Sessions: 3, Seats: 120}
	for _, month := range []int{4, 6, 9} {
		plan.Items = append(plan.Items, training.PlannedItem{PlanItem: models.PlanItem{CourseID: 3, Month: month, Sessions: 1, Seats: 40, Note: "各市"}, Course: course, Done: training.PlanProgress{Sessions: month % 2, Seats: 20}})
	}
	plan.Beyond = []training.PlannedItem{{PlanItem: models.PlanItem{CourseID: 3}, Course: course, Done: training.PlanProgress{Sessions: 1, Held: 1, Seats: 30, Seated: 28, Attended: 27}}}
	retired := training.CourseView{Course: course, Office: s.cities[1]}
	retired.UnitID, retired.RetiredOn, retired.Tested = s.cities[1].ID, s.view.Today, false
	courses := []training.CourseView{{Course: course, Office: s.province, Sessions: 4, Held: 2, LastOn: s.view.Today}, retired}
	full := newCoursesPage(s.page(crumbs...), s.province, plan, courses, true)
	full.Tabs = s.tabs(s.province)
	refused := newCoursesPage(s.page(crumbs...), s.province, training.PlanView{TrainingPlan: models.TrainingPlan{Year: 2018}}, nil, true)
	refused.Refusal = models.NewError(models.NotFound, "plan.none_to_copy", "Year", "2017")
	refused.Add.refuse(s.locale, map[string][]string{"title": {"x"}}, invalid("hours", "course.broken_minutes", "Value", "0.33"))
	reader := newCoursesPage(s.page(crumbs...), s.province, plan, courses, false)
	page := newCoursePage(s.page(crumbs...), course, s.province, s.sessions(), true)
	gone := newCoursePage(s.page(crumbs...), retired.Course, s.province, nil, true)
	options := []training.CourseView{courses[0]}
	form := newPlanPage(s.page(crumbs...), s.province, planAsTyped(&plan, ""), options)
	bad := newPlanPage(s.page(crumbs...), s.province, planAsTyped(&plan, ""), options)
	bad.refuse(s.locale, &models.Error{Code: models.Invalid, Fields: []models.Field{{Name: "title", Key: "filing.required"}, {Name: "items[1].seats", Key: "training.number_range", Args: models.Args("Value", 0, "Least", 1, "Most", 9)},
		{Name: "items[2].course", Key: "plan.item_twice", Args: models.Args("Row", 1)}, {Name: "items[0].month", Key: "training.number_range", Args: models.Args("Value", 13, "Least", 1, "Most", 12)}}})
	stale := newPlanPage(s.page(crumbs...), s.province, planAsTyped(&training.PlanView{TrainingPlan: models.TrainingPlan{Year: 2018}}, "2018"), nil)
	stale.refuse(s.locale, models.NewError(models.Stale, "plan.stale", "Year", "2018"))
	return []samplePage{
		{"courses", "courses", full, []string{".tabs a[aria-current]", ".plan-table tbody tr:nth-child(4).is-beyond", ".plan-table .is-short", ".plan-goal", ".course-list .mark.is-closed", "#course_add-title", "a[href='/units/370000/plan?year=2017']"}},
		{"courses-refused", "courses", refused, []string{".error-summary", "form[action='/units/370000/plan/copy'] input[value='2018']", "#course_add-hours[aria-invalid]", ".empty"}},
		{"courses-read", "courses", reader, []string{".plan-table", ".course-list"}},
		{"course", "course", page, []string{".session-list tbody tr:nth-child(7)", ".phase.is-full", "a[href='/units/370000/sessions/new?course=3']", "#course_retire-on", "#course_edit-code"}},
		{"course-retired", "course", gone, []string{".note.is-closed", ".empty", "form[action='/courses/3/retirement']"}},
		{"plan", "plan", form, []string{"#plan-title", "#plan-item-0-course option[selected][value='3']", "#plan-item-6-note"}},
		{"plan-refused", "plan", bad, []string{".error-summary a[href='#plan-item-1-seats']", "#plan-item-2-course[aria-invalid]", "#plan-title[aria-invalid]"}},
		{"plan-empty", "plan", stale, []string{".error-summary", ".plan-items .note a"}},
	}
}

func sessionPages(s sample, crumbs []Crumb, invalid fault) []samplePage {
	agenda := newSessionsPage(s.page(crumbs...), s.cities[1], SessionFilter{Year: 2017, When: "all"}, s.sessions())
	agenda.Tabs, agenda.AddURL, agenda.HasBelow, agenda.More = s.tabs(s.province), "/units/370200/sessions/new", true, true
	none := newSessionsPage(s.page(crumbs...), s.cities[1], SessionFilter{Year: 2017, When: "past"}, s.sessions()[5:])
	lines := s.sessions()
	open := s.scheduled(4, func(t *models.TrainingSession) { t.Capacity, t.Seated, t.Waiting = 4, 4, 2 })
	open.Region = &s.cities[1]
	office := newSessionPage(s.page(crumbs...), &open.SessionView, s.nominations())
	office.Tabs, office.SheetURL = s.tabs(s.province), "/sessions/4/sheet"
	office.addForms()
	office.addActs(true, lines)
	office.offer("欧阳", s.candidates(), true)
	refused := newSessionPage(s.page(crumbs...), &open.SessionView, s.nominations())
	refused.addForms()
	refused.addActs(false, lines)
	refused.offer("", s.candidates()[:1], false)
	refused.keep([]uint64{1}, "出差")
	refused.Error = models.NewError(models.Conflict, "nomination.begun", "Session", open.Code)
	refused.Outcomes = []training.NominationOutcome{{Person: models.Person{Name: "王小明"}}, {Person: models.Person{Name: "李某"}, Place: 3, Warning: rules.Reason{Key: "nomination.trained", Args: models.Args("On", s.view.Today)}},
		{Refusal: models.NewError(models.NotFound, "nomination.not_on_roster", "On", s.view.Today)}}
	empty := newSessionPage(s.page(crumbs...), &s.sessions()[6].SessionView, nil)
	empty.offer("没有", nil, false)
	cancelled := s.scheduled(6, func(t *models.TrainingSession) {
		t.Status, t.CancelReason = models.SessionCancelled, "场地停电"
	})
	held := s.scheduled(5, func(t *models.TrainingSession) { t.Status = models.SessionHeld })
	over := newSessionPage(s.page(crumbs...), &held.SessionView, s.nominations()[:2])
	over.addForms()
	over.Forms[0].refuse(s.locale, nil, invalid("reason", "filing.required"))
	past := s.scheduled(1, func(t *models.TrainingSession) { t.EndOn = s.view.Today })
	ending := newSessionPage(s.page(crumbs...), &past.SessionView, nil)
	ending.addForms()
	form := &SessionFormPage{Page: s.page(crumbs...), Tabs: s.tabs(s.province), Unit: s.province, Title: "x", BackURL: "/units/370000/sessions", HasCourses: true}
	form.Form = newOfficeForm("session_add", "", "/units/370000/sessions", sessionFields(s.locale, sessionTyped{kind: "class", course: "3", capacity: "0"}, []FieldOption{{"3", "政务公开业务培训"}}, []FieldOption{{"", "–"}})...)
	form.Form.refuse(s.locale, map[string][]string{"capacity": {"0"}, "course": {"3"}}, invalid("capacity", "training.number_range", "Value", 0, "Least", 1, "Most", 9))
	course := s.course()
	edit := &SessionFormPage{Page: s.page(crumbs...), Unit: s.province, Title: "x", Course: &course, BackURL: "/sessions/4", HasCourses: true}
	edit.Form = newOfficeForm("session_edit", "", "/sessions/4/edit", sessionFields(s.locale, sessionAsTyped(&open.SessionView), nil, []FieldOption{{"370200", "青岛市"}})...)
	edit.Form.refuse(s.locale, map[string][]string{}, models.NewError(models.Stale, "session.stale", "Session", open.Code))
	nothing := &SessionFormPage{Page: s.page(crumbs...), Unit: s.province, Title: "x", CoursesURL: "/units/370000/courses"}
	sheet := newSheetPage(s.page(crumbs...), &open.SessionView, s.nominations())
	return []samplePage{
		{"sessions", "sessions", agenda, []string{"#month-2017-05", "#month-2017-07", ".phase.is-over", ".phase.is-running", ".phase.is-cancelled", ".mark.is-office", ".sub.is-mine", ".sub.is-waiting", ".note", "input[name=below]"}},
		{"sessions-none", "sessions", none, []string{".empty"}},
		{"session", "session", office, []string{".nominees input[name=nomination][value='1']", ".nominees p.check", ".nominees li:nth-child(2) .mark", "#waiting + .nominees .place", ".gone", "meter[value='100']", "button[formaction$='/confirm'][name=all]", "button[formaction$='/withdraw']", "#acts-to option[value='3']", ".candidates-list .is-refused input[disabled]", ".candidates-list .mark.is-confirmed", "form[action='/sessions/4/cancel'] .btn-outline-danger", "a[href='/sessions/4/edit']", ".nominate-search"}},
		{"session-refused", "session", refused, []string{".error-summary", ".outcomes .is-faulty", ".outcomes .is-sound .sub", "input[name=person][checked]", "#acts-reason[value='出差']"}},
		{"session-empty", "session", empty, []string{"#nominate .empty", "#nominations"}},
		{"session-cancelled", "session", newSessionPage(s.page(crumbs...), &cancelled.SessionView, nil), []string{".note.is-returned"}},
		{"session-held", "session", over, []string{"form[action='/sessions/5/reopen']", ".error-summary", ".phase.is-held"}},
		{"session-over", "session", ending, []string{"form[action='/sessions/1/held']"}},
		{"session-new", "session_form", form, []string{"select[name=course] option[selected]", "#session_add-capacity[aria-invalid]", "input[type=time]"}},
		{"session-edit", "session_form", edit, []string{".error-summary", "#session_edit-region option[value='370200']"}},
		{"session-no-course", "session_form", nothing, []string{".empty a"}},
		{"sheet", "sheet", sheet, []string{".sheet-list tbody tr:nth-child(6)"}},
	}
}
