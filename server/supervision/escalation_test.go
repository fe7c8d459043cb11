package supervision_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/desk/desktest"
	"sundial/server/rules"
	"sundial/server/supervision"
)

var day = desktest.Day

// days is the calendar of the notices that ship with the program; without returns it as it
// would be without those of a year.
func days(t testing.TB, without int) *calendar.Calendar {
	t.Helper()
	notices, err := seeds.CalendarNotices()
	if err != nil {
		t.Fatal(err)
	}
	var kept []calendar.Notice
	for _, notice := range notices {
		if notice.Year != without {
			kept = append(kept, notice)
		}
	}
	cal, err := calendar.New(kept)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// about returns an item that has been known since long ago.
func about(title string, turns ...supervision.ItemTurn) supervision.ItemFacts {
	return supervision.ItemFacts{Title: rules.Text{ZH: title, EN: title}, Turns: turns}
}

func dueOn(text string) supervision.ItemTurn {
	return supervision.ItemTurn{From: day("2017-01-01"), DueOn: day(text)}
}

// Three working days before Monday 9 October 2017 is Thursday 28 September: the holiday
// lasts from the 1st to the 8th, and Saturday the 30th is worked.
func TestLevelOverALongHoliday(t *testing.T) {
	rule := supervision.DefaultUrgeRule(1)
	facts := supervision.EscalationFacts{SentOn: day("2017-09-20"), ReplyTerm: 3, RepliedOn: day("2017-09-21"),
		Items: []supervision.ItemFacts{about("计划", dueOn("2017-10-09")), about("名单", dueOn("2017-12-31"))}}
	for on, want := range map[string]struct {
		level models.UrgeLevel
		why   string
		since string
	}{
		"2017-09-20": {models.UrgeBlue, "urges.why.calm", "2017-09-20"},
		"2017-09-27": {models.UrgeBlue, "urges.why.calm", "2017-09-20"},
		"2017-09-28": {models.UrgeYellow, "urges.why.due_soon", "2017-09-28"},
		"2017-10-08": {models.UrgeYellow, "urges.why.due_soon", "2017-09-28"},
		"2017-10-09": {models.UrgeYellow, "urges.why.due_soon", "2017-09-28"},
		"2017-10-10": {models.UrgeRed, "urges.why.overdue", "2017-10-10"},
	} {
		got := supervision.LevelOn(rule, facts, days(t, 0), day(on))
		if got.Level != want.level || got.Why.Key != want.why || got.Since != day(want.since) {
			t.Errorf("on %s: %s since %s because of %s, want %+v", on, got.Level, got.Since, got.Why.Key, want)
		}
	}
	rule.RedAfter = 2
	for on, want := range map[string]models.UrgeLevel{"2017-10-10": models.UrgeYellow, "2017-10-11": models.UrgeRed} {
		if got := supervision.LevelOn(rule, facts, days(t, 0), day(on)); got.Level != want {
			t.Errorf("red two working days later: %s on %s", got.Level, on)
		}
	}
}

func TestWhatRaisesALevel(t *testing.T) {
	rule := supervision.DefaultUrgeRule(1)
	for name, c := range map[string]struct {
		facts func(f *supervision.EscalationFacts)
		on    string
		want  models.UrgeLevel
	}{
		"no reply by the day":            {func(*supervision.EscalationFacts) {}, "2017-09-25", models.UrgeBlue},
		"no reply after the day":         {func(*supervision.EscalationFacts) {}, "2017-09-26", models.UrgeYellow},
		"a late reply lets it fall":      {func(f *supervision.EscalationFacts) { f.RepliedOn = day("2017-09-27") }, "2017-09-27", models.UrgeBlue},
		"the day before the late reply":  {func(f *supervision.EscalationFacts) { f.RepliedOn = day("2017-09-27") }, "2017-09-26", models.UrgeYellow},
		"due soon and no reply":          {func(*supervision.EscalationFacts) {}, "2017-09-28", models.UrgeRed},
		"overdue and no reply, not more": {func(*supervision.EscalationFacts) {}, "2017-10-10", models.UrgeRed},
		"without a settled due date":     {func(f *supervision.EscalationFacts) { f.Items = f.Items[1:] }, "2017-09-25", models.UrgeBlue},
		"provisional, and no reply":      {func(f *supervision.EscalationFacts) { f.Items = f.Items[1:] }, "2018-09-25", models.UrgeYellow},
		"the urgent one is done":         {func(f *supervision.EscalationFacts) { f.Items[0].Turns[0].Done = true }, "2017-09-25", models.UrgeBlue},
		"overdue when it was sent":       {func(f *supervision.EscalationFacts) { f.Items[0].Turns[0].DueOn = day("2017-08-31") }, "2017-09-20", models.UrgeRed},
	} {
		t.Run(name, func(t *testing.T) {
			facts := supervision.EscalationFacts{SentOn: day("2017-09-20"), ReplyTerm: 3,
				Items: []supervision.ItemFacts{about("计划", dueOn("2017-10-09")), about("未定", supervision.ItemTurn{From: day("2017-01-01")})}}
			c.facts(&facts)
			if got := supervision.LevelOn(rule, facts, days(t, 0), day(c.on)); got.Level != c.want {
				t.Errorf("%s because of %s, want %s", got.Level, got.Why.Key, c.want)
			}
		})
	}
	rule.Unanswered = false
	facts := supervision.EscalationFacts{SentOn: day("2017-09-20"), ReplyTerm: 3, Items: []supervision.ItemFacts{about("计划", dueOn("2017-10-09"))}}
	if got := supervision.LevelOn(rule, facts, days(t, 0), day("2017-09-26")); got.Level != models.UrgeBlue {
		t.Errorf("the office does not mind: %s", got.Level)
	}
}

// Without the notice of 2018 three working days before Monday 19 February are counted
// without the holiday from the 15th to the 21st.
func TestCourseWithAChangedCalendar(t *testing.T) {
	before, after := days(t, 2018), days(t, 0)
	known := func(on calendar.Date) *calendar.Calendar {
		if on < day("2018-02-12") {
			return before
		}
		return after
	}
	facts := supervision.EscalationFacts{SentOn: day("2018-02-01"), ReplyTerm: 3, RepliedOn: day("2018-02-02"),
		Items: []supervision.ItemFacts{about("计划", dueOn("2018-02-19"))}}
	rule := supervision.DefaultUrgeRule(1)
	for name, c := range map[string]struct {
		known func(calendar.Date) *calendar.Calendar
		want  []string
	}{
		"never entered":     {func(calendar.Date) *calendar.Calendar { return before }, []string{"2018-02-14 yellow", "2018-02-20 red"}},
		"always known":      {func(calendar.Date) *calendar.Calendar { return after }, []string{"2018-02-11 yellow", "2018-02-20 red"}},
		"entered afterward": {known, []string{"2018-02-12 yellow", "2018-02-20 red"}},
	} {
		got := course(rule, facts, c.known, supervision.UrgePace{Level: models.UrgeBlue, From: day("2018-02-01")}, "2018-02-25")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCourseOfAnExtension(t *testing.T) {
	facts := supervision.EscalationFacts{SentOn: day("2017-09-20"), ReplyTerm: 3, RepliedOn: day("2017-09-21"),
		Items: []supervision.ItemFacts{about("计划", dueOn("2017-09-22"), supervision.ItemTurn{From: day("2017-09-26"), DueOn: day("2017-11-30")},
			supervision.ItemTurn{From: day("2017-10-02"), DueOn: day("2017-11-30"), Done: true})}}
	always := func(calendar.Date) *calendar.Calendar { return days(t, 0) }
	got := course(supervision.DefaultUrgeRule(1), facts, always, supervision.UrgePace{Level: models.UrgeYellow, From: day("2017-09-20")}, "2017-10-20")
	want := []string{"2017-09-23 red", "2017-09-26 blue", "2017-10-02 blue done"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("turns (-want +got):\n%s", diff)
	}
}

// course are the turns up to a day, each as its day, the level after it, and the end.
func course(rule models.UrgeRule, facts supervision.EscalationFacts, known func(calendar.Date) *calendar.Calendar, pace supervision.UrgePace, to string) []string {
	var list []string
	for _, turn := range supervision.Course(rule, facts, known, pace, day(to)) {
		text := turn.On.String() + " " + string(turn.Level)
		if turn.Done {
			text += " done"
		}
		list = append(list, text)
	}
	return list
}

// The day on which it is due soon is the one after that of the reply, 28 September: it is
// yellow on that day and red on the next one, each with its own step.
func TestAnUrgeRisesOnceADay(t *testing.T) {
	facts := supervision.EscalationFacts{SentOn: day("2017-09-20"), ReplyTerm: 5, Items: []supervision.ItemFacts{about("计划", dueOn("2017-10-09"))}}
	always := func(calendar.Date) *calendar.Calendar { return days(t, 0) }
	rule, from := supervision.DefaultUrgeRule(1), supervision.UrgePace{Level: models.UrgeBlue, From: day("2017-09-20")}
	want := []string{"2017-09-28 yellow", "2017-09-29 red"}
	if diff := cmp.Diff(want, course(rule, facts, always, from, "2017-10-20")); diff != "" {
		t.Errorf("all at once (-want +got):\n%s", diff)
	}
	// Looked at again on the day on which it rose, it does not rise again.
	again := supervision.UrgePace{Level: models.UrgeYellow, From: day("2017-09-28"), Changed: day("2017-09-28")}
	if diff := cmp.Diff([]string(nil), course(rule, facts, always, again, "2017-09-28")); diff != "" {
		t.Errorf("on the same day (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[1:], course(rule, facts, always, again, "2017-10-20")); diff != "" {
		t.Errorf("afterwards (-want +got):\n%s", diff)
	}
}

// While all of it waits for the office its level is held, through the days of reply and of
// its due date; what comes back goes on from there. While some of it waits the level may
// rise for the rest, and does not fall.
func TestCourseOfWhatWaits(t *testing.T) {
	always := func(calendar.Date) *calendar.Calendar { return days(t, 0) }
	reported := supervision.ItemTurn{From: day("2017-09-28"), DueOn: day("2017-10-09"), Waits: true}
	back, verified := supervision.ItemTurn{From: day("2017-10-20"), DueOn: day("2017-10-09")}, supervision.ItemTurn{From: day("2017-10-20"), DueOn: day("2017-10-09"), Done: true}
	later := about("名单", dueOn("2017-12-31"))
	for name, c := range map[string]struct {
		items []supervision.ItemFacts
		want  []string
	}{
		"all of it, and verified": {[]supervision.ItemFacts{about("计划", dueOn("2017-10-09"), reported, verified)}, []string{"2017-09-26 yellow", "2017-10-20 yellow done"}},
		"all of it, and returned": {[]supervision.ItemFacts{about("计划", dueOn("2017-10-09"), reported, back)}, []string{"2017-09-26 yellow", "2017-10-20 red"}},
		// Without a reply the rest keeps it yellow; with the verification nothing changes.
		"some of it": {[]supervision.ItemFacts{about("计划", dueOn("2017-09-29"), reported, verified), later}, []string{"2017-09-26 yellow", "2017-09-27 red", "2017-10-20 yellow"}},
	} {
		facts := supervision.EscalationFacts{SentOn: day("2017-09-20"), ReplyTerm: 3, Items: c.items}
		got := course(supervision.DefaultUrgeRule(1), facts, always, supervision.UrgePace{Level: models.UrgeBlue, From: day("2017-09-20")}, "2017-11-01")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A day of reply that is provisional raises nothing until the notice of its year is known;
// from then on it is counted by that. Of three working days after 28 December 2017 the last
// is 3 January, since the 1st is a holiday; without the notice it would be the 2nd.
func TestAProvisionalDayOfReplyRaisesNothing(t *testing.T) {
	before, after := days(t, 2018), days(t, 0)
	facts := supervision.EscalationFacts{SentOn: day("2017-12-28"), ReplyTerm: 3, Items: []supervision.ItemFacts{about("计划", dueOn("2018-06-29"))}}
	for name, c := range map[string]struct {
		noticed string
		want    []string
	}{
		"never":           {"2030-01-01", nil},
		"in time":         {"2017-12-29", []string{"2018-01-04 yellow"}},
		"after the day":   {"2018-01-15", []string{"2018-01-15 yellow"}},
		"on its last day": {"2018-01-03", []string{"2018-01-04 yellow"}},
	} {
		known := func(on calendar.Date) *calendar.Calendar {
			if on < day(c.noticed) {
				return before
			}
			return after
		}
		got := course(supervision.DefaultUrgeRule(1), facts, known, supervision.UrgePace{Level: models.UrgeBlue, From: facts.SentOn}, "2018-02-01")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("notice %s (-want +got):\n%s", name, diff)
		}
	}
}

// What is foreseen comes true when nothing happens.
func TestAheadIsTheCourseWhenNothingHappens(t *testing.T) {
	cal := days(t, 0)
	always := func(calendar.Date) *calendar.Calendar { return cal }
	first := day("2017-08-01")
	rapid.Check(t, func(t *rapid.T) {
		rule := models.UrgeRule{YellowBefore: rapid.IntRange(0, 12).Draw(t, "yellow"), RedAfter: rapid.IntRange(0, 5).Draw(t, "red"), Unanswered: rapid.Bool().Draw(t, "unanswered")}
		facts := supervision.EscalationFacts{SentOn: first, ReplyTerm: rapid.IntRange(1, 40).Draw(t, "reply")}
		for range rapid.IntRange(1, 4).Draw(t, "items") {
			facts.Items = append(facts.Items, about("x", supervision.ItemTurn{From: first - 9, DueOn: first + calendar.Date(rapid.IntRange(-30, 90).Draw(t, "due")), Waits: rapid.IntRange(0, 3).Draw(t, "waits") == 0}))
		}
		on := first + calendar.Date(rapid.IntRange(0, 60).Draw(t, "on"))
		level := rapid.SampledFrom([]models.UrgeLevel{models.UrgeBlue, models.UrgeYellow, models.UrgeRed}).Draw(t, "level")
		facts.Floor = rapid.SampledFrom([]models.UrgeLevel{"", models.UrgeYellow, models.UrgeRed}).Draw(t, "floor")
		ahead := supervision.Ahead(rule, facts, cal, level, on)
		turns := supervision.Course(rule, facts, always, supervision.UrgePace{Level: level, From: on + 1}, on+200)
		if diff := cmp.Diff(turns, ahead); diff != "" {
			t.Fatalf("foreseen (-course +ahead):\n%s", diff)
		}
		for i := range turns {
			if i > 0 && turns[i].On == turns[i-1].On {
				t.Fatalf("two turns on %s", turns[i].On)
			}
		}
	})
}
