package seeds

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/strictyaml"
)

// workedGroup is the cases of one obligation; a case may override what it
// inherits from the group.
type workedGroup struct {
	Obligation string       `yaml:"obligation"`
	Unit       rules.Unit   `yaml:"unit"`
	Year       int          `yaml:"year"`
	Period     string       `yaml:"period"`
	Subject    string       `yaml:"subject"`
	Cases      []workedCase `yaml:"cases"`
}

// workedCase is one unit's facts and the verdict on them as of a day.
type workedCase struct {
	Name    string        `yaml:"name"`
	AsOf    calendar.Date `yaml:"as_of"`
	Unit    *rules.Unit   `yaml:"unit"`
	Year    int           `yaml:"year"`
	Period  *string       `yaml:"period"`
	Subject *string       `yaml:"subject"`
	Facts   rules.Facts   `yaml:"facts"`
	Want    workedVerdict `yaml:"want"`
}

// workedVerdict is what a case demands. None says that there is no such duty;
// Value and Required are compared where given.
type workedVerdict struct {
	None     bool          `yaml:"none"`
	State    rules.State   `yaml:"state"`
	DueOn    calendar.Date `yaml:"due_on"`
	DoneOn   calendar.Date `yaml:"done_on"`
	Value    string        `yaml:"value"`
	Required string        `yaml:"required"`
}

// namedCases must be worked for every obligation.
var namedCases = []string{"in_time", "last_day", "day_late", "nothing", "not_due"}

func TestWorkedCases(t *testing.T) {
	cal := mustCalendar(t)
	for _, id := range policyIDs {
		policy := mustPolicy(t, id)
		for _, group := range workedGroups(t, id) {
			for _, c := range group.Cases {
				t.Run(group.Obligation+"/"+c.Name, func(t *testing.T) { judgeCase(t, policy, cal, group, c) })
			}
		}
	}
}

func judgeCase(t *testing.T, policy *rules.Policy, cal *calendar.Calendar, group workedGroup, c workedCase) {
	facts, year := c.Facts, group.Year
	facts.Unit = group.Unit
	if c.Unit != nil {
		facts.Unit = *c.Unit
	}
	if c.Year != 0 {
		year = c.Year
	}
	period, subject := override(group.Period, c.Period), override(group.Subject, c.Subject)
	found := slices.DeleteFunc(rules.Judge(policy, &facts, cal, c.AsOf, year), func(v rules.Verdict) bool {
		return v.Obligation != group.Obligation || period != "" && v.Period != period || subject != "" && v.Subject != subject
	})
	if c.Want.None {
		if len(found) != 0 {
			t.Errorf("%d duties, want none: %s", len(found), describe(found))
		}
		return
	}
	if len(found) != 1 {
		t.Fatalf("%d duties, want one: %s", len(found), describe(found))
	}
	v := found[0]
	got := workedVerdict{State: v.State, DueOn: v.DueOn, DoneOn: v.DoneOn}
	if c.Want.Value != "" {
		got.Value = v.Value
	}
	if c.Want.Required != "" {
		got.Required = v.Required
	}
	if diff := cmp.Diff(c.Want, got); diff != "" {
		t.Errorf("verdict (-want +got):\n%s%s", diff, describe(found))
	}
}

func override(inherited string, own *string) string {
	if own != nil {
		return *own
	}
	return inherited
}

func describe(verdicts []rules.Verdict) string {
	var lines []string
	for _, v := range verdicts {
		lines = append(lines, fmt.Sprintf("%s %s %s due %s: %s, done %s, %s of %s; %s %v %v", v.Obligation, v.Period,
			v.Subject, v.DueOn, v.State, v.DoneOn, v.Value, v.Required, v.Reason.Key, v.Reason.Args, v.Notes))
	}
	return strings.Join(lines, "\n")
}

func TestEveryObligationHasTheNamedCases(t *testing.T) {
	for _, id := range policyIDs {
		worked := map[string][]string{}
		for _, group := range workedGroups(t, id) {
			for _, c := range group.Cases {
				if slices.Contains(worked[group.Obligation], c.Name) {
					t.Errorf("%s: case %s twice", group.Obligation, c.Name)
				}
				worked[group.Obligation] = append(worked[group.Obligation], c.Name)
			}
		}
		for _, o := range mustPolicy(t, id).Obligations {
			for _, name := range namedCases {
				if !slices.Contains(worked[o.ID], name) {
					t.Errorf("%s: no case %s", o.ID, name)
				}
			}
			delete(worked, o.ID)
		}
		for unknown := range worked {
			t.Errorf("cases of %s: there is no such obligation", unknown)
		}
	}
}

func TestFaultyPacksNameFileAndLine(t *testing.T) {
	sources, err := PolicySources()
	if err != nil {
		t.Fatal(err)
	}
	source := string(sources[0].Source)
	const governments = "kinds: [province, city, county, township]"
	// at is the file and the line on which the text first stands.
	at := func(text string) string {
		before, _, _ := strings.Cut(source, text)
		return fmt.Sprintf("policies/liaoning-2016.yaml:%d: ", strings.Count(before, "\n")+1)
	}
	tests := []struct{ name, id, text, want string }{
		{"unknown field", "liaoning-2016", strings.Replace(source, "\nnumber:", "\nnumbr:", 1), at("number:") + "yaml.unknown_field"},
		{"unknown kind of unit", "liaoning-2016", strings.Replace(source, governments, "kinds: [village]", 1), at(governments) + "pack.unknown_unit_kind"},
		{"another id than the file's", "zengdu-2020", source, "policies/zengdu-2020.yaml: has the id liaoning-2016"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parsePolicy(test.id, []byte(test.text))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error = %v, want %s…", err, test.want)
			}
		})
	}
	if _, err := Policy("hubei-2020"); err == nil {
		t.Error("a policy that does not ship was found")
	}
}

func TestListedUnitsAreSeeded(t *testing.T) {
	units, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, u := range units {
		names[u.Code] = u.Name
	}
	for _, id := range policyIDs {
		for _, o := range mustPolicy(t, id).Obligations {
			for _, list := range [][]string{o.Who.Units, o.Who.Except} {
				for pair := range slices.Chunk(list, 2) {
					if len(pair) != 2 || names[pair[0]] != pair[1] {
						t.Errorf("%s lists %v: want a seeded unit's code and name", o.ID, pair)
					}
				}
			}
		}
	}
}

// Jiangsu's departments have one directory to file each, by one of three dates.
func TestJiangsuDirectoriesDivideTheDepartments(t *testing.T) {
	units, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	policy := mustPolicy(t, "jiangsu-2018")
	bound := map[string]int{}
	for _, u := range units {
		if u.Kind != "department" || !strings.HasPrefix(u.Code, "320000-") {
			continue
		}
		owed := 0
		for _, o := range policy.Obligations {
			if o.ByDate != nil && o.ByDate.What == "directory" && o.Who.Binds(policy.Region, rules.Unit{Code: u.Code, Name: u.Name, Kind: "department"}) {
				bound[o.ID]++
				owed++
			}
		}
		if owed != 1 {
			t.Errorf("%s owes %d directories", u.Name, owed)
		}
	}
	// Nine fields, with two bureaus for taxes; fifteen fields.
	if bound["js2018.directory-first"] != 10 || bound["js2018.directory-second"] != 15 {
		t.Errorf("bound: %v", bound)
	}
}

func mustPolicy(t *testing.T, id string) *rules.Policy {
	t.Helper()
	policy, err := Policy(id)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

func mustCalendar(t *testing.T) *calendar.Calendar {
	t.Helper()
	cal, err := Calendar()
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func workedGroups(t *testing.T, id string) []workedGroup {
	t.Helper()
	name := "policies/cases/" + id + ".yaml"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var groups []workedGroup
	if _, err := strictyaml.Unmarshal(data, &groups); err != nil {
		t.Fatal(atLines(name, err))
	}
	return groups
}

// demand is what the acceptance table expects of one obligation.
type demand struct {
	id, clause string
	parameters any
}

func date(text string) calendar.Date { return calendar.MustParseDate(text) }

func byDate(what, on string) *rules.ByDate { return &rules.ByDate{What: what, On: date(on)} }

func byEach(what string, each rules.MonthDay) *rules.ByDate {
	return &rules.ByDate{What: what, Each: each}
}

func yearly(what string, min int) *rules.Count {
	return &rules.Count{What: what, Min: min, Window: rules.Window{Kind: rules.WindowYear}}
}

func byPrincipal(what string, min int) *rules.Count {
	count := yearly(what, min)
	count.PresidedBy = rules.PresidedByPrincipal
	return count
}

func incident(what string, n, target int) *rules.WithinHours {
	return &rules.WithinHours{N: n, Target: target, After: rules.AfterIncident, What: what}
}

func workingDays(n int, after rules.Trigger, what string) *rules.WithinWorkingDays {
	return &rules.WithinWorkingDays{N: n, After: after, What: what}
}

// acceptance is what the five documents demand, row by row of the domain's own
// summary, as read from the documents.
var acceptance = map[string][]demand{
	"principal hears a report": {
		{"ln2016.briefing", "六(一)", byPrincipal("briefing", 1)},
		{"lz2016.briefing", "最后一段", byPrincipal("briefing", 1)},
		{"js2018.briefing", "(十六)", byPrincipal("briefing", 1)},
		{"sd2017.briefing", "六(一)", byPrincipal("briefing", 1)},
	},
	"deputy in charge": {
		{"ln2016.deputy", "六(一)", &rules.Appointment{Office: "deputy", MustBePublic: true, MustBeInDivisionWork: true}},
		{"lz2016.deputy", "最后一段", &rules.Appointment{Office: "deputy", MustBePublic: true, MustBeInDivisionWork: true}},
		{"js2018.deputy", "(十六)", &rules.Appointment{Office: "deputy", MustBePublic: true, MustBeInDivisionWork: true}},
		{"sd2017.deputy", "六(一)", &rules.Appointment{Office: "deputy", MustBePublic: true, MustBeInDivisionWork: true}},
		{"zd2020.person-in-charge", "三(二)", &rules.Appointment{Office: "person-in-charge"}},
	},
	"openness in the performance scheme": {
		{"ln2016.weight", "六(四)", &rules.Weight{NotBelowLastYear: true}},
		{"zd2020.weight", "三(三)", &rules.Weight{Included: true}},
		{"lz2016.weight", "六(三)", &rules.Weight{AtLeast: percent("4%")}},
		{"js2018.weight", "(二十)", &rules.Weight{AtLeast: percent("4%")}},
		{"sd2017.weight", "六(六)", &rules.Weight{AtLeast: percent("4%")}},
	},
	"plan within 30 working days": {
		{"lz2016.plan", "最后一段", workingDays(30, rules.AfterPolicy, "plan")},
		{"sd2017.plan", "最后一段", workingDays(30, rules.AfterPolicy, "plan")},
	},
	"rotation": {
		{"ln2016.rotation", "六(五)", &rules.Rotation{From: date("2016-05-18"), Until: date("2019-05-18")}},
		{"js2018.rotation", "(十九)", &rules.Rotation{From: date("2018-01-01"), Years: 2}},
		{"sd2017.rotation", "六(六)", &rules.Rotation{From: date("2017-01-01"), Until: date("2018-12-31")}},
	},
	"training": {
		{"ln2016.training", "六(五)", yearly("training-course", 1)},
		{"zd2020.training", "三(二)", yearly("training-course", 1)},
		{"lz2016.training", "六(三)", yearly("training-course", 1)},
		{"js2018.training-plan", "(十九)", byDate("training-plan", "2018-12-31")},
		{"sd2017.training-plan", "六(六)", byDate("training-plan", "2017-12-31")},
	},
	"interpretation within 3 working days": {
		{"lz2016.interpretation", "五(一)", workingDays(3, rules.AfterDocument, "interpretation")},
		{"js2018.interpretation", "(四)", workingDays(3, rules.AfterDocument, "interpretation")},
	},
	"interpretation by the principal": {
		{"lz2016.principal-interpretation", "五(一)", byPrincipal("interpretation", 1)},
		{"lz2016.principal-interpretation-department", "五(一)", byPrincipal("interpretation", 1)},
		{"js2018.principal-interpretation", "(四)", byPrincipal("interpretation", 3)},
	},
	"grave incident": {
		{"js2018.first-word", "(五)", incident("first-word", 5, 3)},
		{"sd2017.first-word", "六(三)", incident("first-word", 5, 0)},
		{"lz2016.press-conference", "五(二)", incident("press-conference", 24, 0)},
		{"js2018.press-conference", "(五)", incident("press-conference", 24, 0)},
		{"sd2017.press-conference", "六(三)", incident("press-conference", 24, 0)},
	},
	"press": {
		{"ln2016.press-briefing", "四(三)", &rules.Count{What: "press-briefing", Min: 1, Window: rules.Window{Kind: rules.WindowMonth}}},
		{"ln2016.press-conference", "四(三)", &rules.Count{What: "press-conference", Min: 1, Window: rules.Window{Kind: rules.WindowTwoMonths}}},
	},
	"open day": {
		{"ln2016.open-day", "四(一)", &rules.Count{What: "open-day", Min: 1, Window: rules.Window{Kind: rules.WindowOneDay, Day: rules.MonthDay{Month: 5, Day: 15}}}},
		{"js2018.open-day", "(十二)", yearly("open-day", 1)},
	},
	"self-check in November": {
		{"js2018.self-check", "(三)", &rules.Count{What: "self-check", Min: 1, Window: rules.Window{Kind: rules.WindowOneMonth, Day: rules.MonthDay{Month: 11, Day: 1}}}},
	},
	"gazette": {
		{"js2018.gazette", "(九)", workingDays(5, rules.AfterNormative, "gazette")},
	},
	"directories": {
		{"zd2020.directory-pilot", "一；二(一)", byDate("directory-pilot", "2020-12-31")},
		{"zd2020.directory-rest", "一；二(一)", byDate("directory-rest", "2022-12-31")},
		{"zd2020.directory-unified", "一", byDate("directory-unified", "2023-12-31")},
		{"js2018.directory-first", "(二)", byDate("directory", "2018-03-31")},
		{"js2018.directory-second", "(二)", byDate("directory", "2018-06-30")},
		{"js2018.directory-departments", "(二)", byDate("directory", "2018-12-31")},
		{"js2018.directory-regions", "(二)", byDate("directory", "2018-12-31")},
		{"js2018.directory-grassroots", "(二)", byDate("directory-grassroots", "2019-12-31")},
	},
	"office": {
		{"ln2016.office", "六(一)", byDate("office", "2016-12-31")},
		{"zd2020.office", "三(二)", byDate("office", "2020-12-31")},
		{"js2018.office", "(十八)", byDate("office", "2018-06-30")},
		{"sd2017.leading-group", "六(一)", byDate("leading-group", "2017-12-31")},
	},
	"dated deliverables": {
		{"ln2016.negative-list", "一；六(二)", byDate("negative-list", "2020-12-31")},
		{"lz2016.weibo-wechat", "六(二)", byDate("weibo-wechat", "2016-12-31")},
		{"lz2016.site-migration", "六(二)", byDate("site-migration", "2016-12-31")},
		{"js2018.observers", "(三)", byDate("observers", "2018-03-31")},
		{"js2018.data-platform", "(十三)", byDate("data-platform", "2018-06-30")},
		{"js2018.data-platform-cities", "(十三)", byDate("data-platform", "2018-12-31")},
		{"js2018.open-data-site", "(十四)", byDate("open-data-site", "2018-06-30")},
		{"sd2017.random-inspection-list", "二(一)3", byDate("random-inspection-list", "2017-05-31")},
		{"sd2017.regulation-cleanup", "二(一)2", byDate("regulation-cleanup", "2017-12-31")},
		{"sd2017.enrolment", "四(三)3", byEach("enrolment", rules.MonthDay{Month: 6, Day: 30})},
		{"sd2017.poverty-funds", "四(一)1", workingDays(60, rules.AfterCongress, "poverty-funds")},
	},
	"inspection": {
		{"ln2016.third-party-assessment", "六(四)", byDate("third-party-assessment", "2020-12-31")},
		{"zd2020.inspection", "三(三)", yearly("inspection", 1)},
		{"lz2016.inspection", "最后一段", yearly("inspection", 1)},
		{"js2018.inspection", "(二十)", yearly("inspection", 1)},
		{"sd2017.inspection", "六(六)", yearly("inspection", 1)},
	},
}

func percent(text string) (p rules.Percent) {
	if err := p.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return p
}

func TestAcceptanceTable(t *testing.T) {
	packs := map[string]*rules.Policy{}
	for _, id := range policyIDs {
		policy := mustPolicy(t, id)
		packs[policy.Short] = policy
	}
	samePercent := cmp.Comparer(func(a, b rules.Percent) bool { return a.Equal(b.Decimal) })
	for row, demands := range acceptance {
		for _, want := range demands {
			short, _, _ := strings.Cut(want.id, ".")
			o, found := packs[short].Find(want.id)
			if !found {
				t.Errorf("%s: no obligation %s", row, want.id)
				continue
			}
			if o.Clause != want.clause {
				t.Errorf("%s cites %s, want %s", want.id, o.Clause, want.clause)
			}
			if diff := cmp.Diff(want.parameters, parametersOf(o), samePercent); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", row, want.id, diff)
			}
		}
	}
}

func parametersOf(o *rules.Obligation) any {
	switch o.Kind {
	case rules.KindCount:
		return o.Count
	case rules.KindAppointment:
		return o.Appointment
	case rules.KindWeight:
		return o.Weight
	case rules.KindWithinWorkingDays:
		return o.WorkingDays
	case rules.KindWithinHours:
		return o.Hours
	case rules.KindByDate:
		return o.ByDate
	default:
		return o.Rotation
	}
}

func TestDatesOfThePolicies(t *testing.T) {
	want := map[string][4]string{ // issued, published, effective from and to
		"liaoning-2016": {"2016-05-18", "2016-05-18", "2016-05-18", "2020-12-31"},
		"zengdu-2020":   {"2020-09-27", "2020-10-14", "2020-09-27", "2023-12-31"},
		"lanzhou-2016":  {"", "2017-03-23", "2016-01-01", "2016-12-31"},
		"jiangsu-2018":  {"", "", "2018-01-01", ""},
		"shandong-2017": {"2017-05-04", "2017-05-04", "2017-01-01", "2018-12-31"},
	}
	for id, dates := range want {
		p := mustPolicy(t, id)
		got := [4]string{p.Issued.String(), p.Published.String(), p.Effective.From.String(), p.Effective.To.String()}
		if got != dates {
			t.Errorf("%s: %v, want %v", id, got, dates)
		}
		if p.ID == "shandong-2017" {
			for _, o := range p.Obligations {
				if o.Kind != rules.KindRotation && o.Years != (rules.YearSpan{From: 2017, To: 2017}) {
					t.Errorf("%s reaches past the priorities of 2017: %v", o.ID, o.Years)
				}
			}
		}
	}
}
