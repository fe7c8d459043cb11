package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/frontend"
	"sundial/seeds"
	"sundial/server/rules"
	"sundial/server/scoring"
)

func (s sample) help() HelpPage {
	page, err := newHelpPage(s.page(), s.calendar)
	if err != nil {
		s.t.Fatal(err)
	}
	return page
}

func helpPages(s sample) []samplePage {
	page := s.help()
	return []samplePage{{"help", "help", page, []string{"#states .help-cases > div:nth-child(10)", "#rates tfoot", "#days .term .is-due", "#known li:nth-child(3)", "#weight tbody tr:nth-child(3) .s-overdue",
		"#rotation tbody tr:nth-child(6)", "#scores tbody tr:nth-child(3) .none", "#urges .is-red", "#terms dt [lang=en]", ".help-contents a[href='#terms']"}}}
}

func newHelpSample(t *testing.T) sample {
	t.Helper()
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return newSample(t, catalog.Locale("en"))
}

// An example of the help is that of a demand which is there.
func TestHelpExplainsObligationsOfAPolicyAsTheyAre(t *testing.T) {
	samples, err := helpSamples()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := seeds.Policy(samples.policy.ID)
	if err != nil {
		t.Fatal(err)
	}
	if samples.policy.Published != pack.Published || samples.policy.Effective != pack.Effective {
		t.Errorf("published %s, in force %v; the pack has %s, %v", samples.policy.Published, samples.policy.Effective, pack.Published, pack.Effective)
	}
	for _, o := range samples.policy.Obligations {
		want, found := pack.Find(o.ID)
		if !found {
			t.Errorf("the pack has no %s", o.ID)
			continue
		}
		o.Line = want.Line
		if diff := cmp.Diff(want, &o); diff != "" {
			t.Error(diff)
		}
	}
}

// Each example of a state is judged to be in that state, by the due date that the calendar
// gives it.
func TestHelpShowsEveryStateAsTheJudgeHasIt(t *testing.T) {
	page := newHelpSample(t).help()
	got := map[string]string{}
	for _, c := range page.States {
		verdict := string(c.Verdict.State)
		if !c.Verdict.DoneOn.IsZero() {
			verdict += " " + c.Verdict.DoneOn.String()
		}
		if c.Verdict.DueSoon {
			verdict += " due soon"
		}
		if c.Extended {
			verdict += " extended"
		}
		if c.Provisional {
			verdict += " provisional"
		}
		got[c.Sign] = verdict
	}
	want := map[string]string{"overdue": "overdue", "pending": "pending", "reported": "reported", "late": "late 2017-06-19", "met": "met 2017-06-16", "exempt": "exempt",
		"unscheduled": "unscheduled", "due_soon": "pending due soon", "extended": "met 2017-06-26 extended", "provisional": "pending provisional"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, state := range rules.States {
		if page.States[i].Sign != string(state) {
			t.Errorf("example %d is of %s, want the order of the states, %s", i, page.States[i].Sign, state)
		}
	}
	if page.Term.Due.String() != "2017-06-16" || page.Term.WorkingDays != 30 {
		t.Errorf("the term ends on %s after %d working days, want 2017-06-16 after 30", page.Term.Due, page.Term.WorkingDays)
	}
	for i, want := range []rules.State{rules.Overdue, rules.Reported, rules.Met} {
		if page.Known[i].Verdict.State != want {
			t.Errorf("day %d shows %s, want %s", i+1, page.Known[i].Verdict.State, want)
		}
	}
}

func TestHelpShowsTheRatesThatBoardsShow(t *testing.T) {
	page := newHelpSample(t).help()
	r := page.Rates
	if r.Total() != 12 || len(r.Lines) != len(rules.States) {
		t.Fatalf("%d duties in %d states, want 12 in each of %d", r.Total(), len(r.Lines), len(rules.States))
	}
	var owed, done, inTime int
	for _, line := range r.Lines {
		owed, done, inTime = owed+line.Owed, done+line.Done, inTime+line.InTime
	}
	if got := []string{rate(done, owed), rate(inTime, owed)}; !cmp.Equal(got, []string{r.Completion(), r.InTime()}) {
		t.Errorf("the lines come to %v, the board has %s and %s", got, r.Completion(), r.InTime())
	}
	if r.Completion() != "45.45%" || r.InTime() != "36.36%" {
		t.Errorf("completion %s, in time %s; want 5/11 and 4/11", r.Completion(), r.InTime())
	}
	if r.Bounds[0].Rate != "99.99%" || r.Bounds[1].Rate != "0.01%" {
		t.Errorf("near the bounds: %+v", r.Bounds)
	}
	var weights []string
	for _, w := range page.Weights {
		weights = append(weights, w.Strict.Percent+" "+map[bool]string{true: "holds", false: "short"}[w.Strict.Holds]+" "+w.Inclusive.Percent+" "+map[bool]string{true: "holds", false: "short"}[w.Inclusive.Holds])
	}
	if diff := cmp.Diff([]string{"4.00 holds 4.00 holds", "3.999 short 3.999 short", "3.999 short 5.999 holds"}, weights); diff != "" {
		t.Error(diff)
	}
}

func TestHelpCoversScoresAndUrges(t *testing.T) {
	page := newHelpSample(t).help()
	r := page.Rotation
	var roster, trained int
	for _, person := range r.People {
		if person.OnRoster {
			roster++
			if person.Trained {
				trained++
			}
		}
	}
	if r.Roster != roster || r.Trained != trained || r.Percent() != "40.00" || r.Seats != 1 {
		t.Errorf("coverage %d of %d (%s %%), %d seats; the lines have %d of %d", r.Trained, r.Roster, r.Percent(), r.Seats, trained, roster)
	}
	var ranks []int
	for _, rank := range page.Score.Ranks {
		ranks = append(ranks, rank.Rank)
	}
	if page.Score.Score != scoring.Score(8571) || page.Score.Counted != scoring.Score(6000) || !cmp.Equal(ranks, []int{1, 2, 2, 4}) {
		t.Errorf("score %s, counted %s, ranks %v", page.Score.Score, page.Score.Counted, ranks)
	}
	for i, want := range []string{"2017-06-05 blue, 2017-06-13 yellow, 2017-06-17 red", "2017-06-05 blue, 2017-06-09 yellow, 2017-06-13 red"} {
		var turns []string
		for _, turn := range page.Urges[i].Turns {
			turns = append(turns, turn.On.String()+" "+string(turn.Level))
		}
		if got := strings.Join(turns, ", "); got != want {
			t.Errorf("%s: %s, want %s", page.Urges[i].Key, got, want)
		}
	}
}

// What the page says is nowhere empty, and signed in or not it is the same.
func TestHelpIsReadWithoutSigningIn(t *testing.T) {
	catalog, templates := newTestTemplates(t)
	for _, lang := range frontend.Languages {
		s := newSample(t, catalog.Locale(lang))
		page := s.help()
		page.User, page.Nav = nil, nil
		var body strings.Builder
		if err := templates.Render(&body, "help", page); err != nil {
			t.Fatal(err)
		}
		for _, wrong := range []string{"help.", "<no value>", "ZgotmplZ"} {
			if strings.Contains(body.String(), wrong) {
				t.Errorf("%s: %q on the page", lang, wrong)
			}
		}
	}
}
