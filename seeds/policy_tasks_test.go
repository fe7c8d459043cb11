package seeds

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"sundial/server/rules"
)

// passages are, by document and clause, the passages that close with who leads or
// answers for them, counted while reading the documents.
var passages = map[string]map[string]int{
	"liaoning-2016": {
		"二(一)": 2, "二(二)": 2, "二(三)": 3, "二(四)": 2,
		"三(一)": 2, "三(二)": 2,
		"四(一)": 4, "四(二)": 1, "四(三)": 4, "四(四)": 2, "四(五)": 1,
		"五(一)": 1, "五(二)": 3, "五(三)": 2, "五(四)": 1,
		"六(一)": 3, "六(二)": 1, "六(三)": 1, "六(四)": 3, "六(五)": 3,
	},
	"lanzhou-2016": {
		"一(一)": 2, "一(二)": 1, "一(三)": 1, "一(四)": 3,
		"二(一)": 1, "二(二)": 2, "二(三)": 1, "二(四)": 2, "二(五)": 1,
		"三(一)": 1, "三(二)": 1, "三(三)": 1, "三(四)": 1, "三(五)": 1, "三(六)": 3,
		"四(一)": 1, "四(二)": 3, "四(三)": 2,
		"五(一)": 1, "五(二)": 1, "五(三)": 1,
		"六(一)": 1, "六(二)": 2, "六(三)": 2,
	},
	"shandong-2017": {
		"一(一)": 3, "一(二)": 1, "一(三)": 2, "一(四)": 1,
		"二(一)": 4, "二(二)": 1, "二(三)": 1, "二(四)": 1,
		"三(一)": 1, "三(二)": 1, "三(三)": 1,
		"四(一)": 2, "四(二)": 3, "四(三)": 4, "四(四)": 1,
		"五(一)": 1, "五(二)": 4, "五(三)": 1,
	},
	// Neither names anybody: Zengdu's annex is not in the source.
	"jiangsu-2018": {},
	"zengdu-2020":  {},
}

func TestEveryPassageIsATask(t *testing.T) {
	for _, id := range policyIDs {
		found, cited := map[string]int{}, map[string]bool{}
		for _, task := range mustPolicy(t, id).Tasks {
			clause := task.Clause[:strings.Index(task.Clause, ")")+1]
			found[clause]++
			if cited[task.Clause] {
				t.Errorf("%s: two tasks cite %s", id, task.Clause)
			}
			cited[task.Clause] = true
			// Which of several passages is told; of a single one nothing is.
			if alone := passages[id][clause] == 1; alone != (task.Clause == clause) {
				t.Errorf("%s cites %s, which has %d passages", task.ID, task.Clause, passages[id][clause])
			}
		}
		if diff := cmp.Diff(passages[id], found); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestTasksAreShortAndTheirUnitsSeeded(t *testing.T) {
	units, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, u := range units {
		kinds[u.Code] = u.Kind
	}
	for _, id := range policyIDs {
		for _, task := range mustPolicy(t, id).Tasks {
			if length := utf8.RuneCountInString(task.Title.ZH); length > 30 {
				t.Errorf("%s: the title has %d characters", task.ID, length)
			}
			for _, party := range slices.Concat(task.Lead, task.Cooperate) {
				if party.Unit != "" && kinds[party.Unit] != "department" {
					t.Errorf("%s: %s is no seeded department", task.ID, party.Unit)
				}
			}
		}
	}
}

// The days that passages set themselves, as read from the documents; all others
// are due with the document.
func TestDaysOfTheTasks(t *testing.T) {
	want := map[string]string{
		"ln2016.task-rotation":           "2019-05-18",
		"lz2016.task-interpretation":     "2016-12-31",
		"lz2016.task-websites":           "2016-12-31",
		"lz2016.task-performance":        "2016-12-31",
		"sd2017.task-regulation-cleanup": "2017-12-31",
		"sd2017.task-random-inspection":  "2017-05-31",
		"sd2017.task-online-services":    "2017-12-31",
		"sd2017.task-schools":            "2017-08-31",
		"sd2017.task-enrolment":          "2017-06-30",
	}
	others := map[string]string{"liaoning-2016": "2020-12-31", "lanzhou-2016": "2016-12-31", "shandong-2017": "2017-12-31"}
	got := map[string]string{}
	for _, id := range policyIDs {
		policy := mustPolicy(t, id)
		for _, task := range policy.Tasks {
			if !task.Due.IsZero() {
				got[task.ID] = task.Due.String()
			} else if due := policy.TaskDue(&task).String(); due != others[id] {
				t.Errorf("%s is due %s, want %s", task.ID, due, others[id])
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// division is who has which part in a task, worked out by hand: units by code,
// others by the name that the document has.
type division struct {
	Lead, Cooperate []string
	// Outside and Open are the parties of either part that are no units, and those
	// of which the document leaves open who they are.
	Outside, Open []string
}

var (
	liaoningCities = []string{"210100", "210200", "210300", "210400", "210500", "210600", "210700", "210800", "210900",
		"211000", "211100", "211200", "211300", "211400"}
	shandongCities = []string{"370100", "370200", "370300", "370400", "370500", "370600", "370700", "370800", "370900",
		"371000", "371100", "371200", "371300", "371400", "371500", "371600", "371700"}
	lanzhouCounties = []string{"620102", "620103", "620104", "620105", "620111", "620121", "620122", "620123"}
)

var divisions = map[string]division{
	"ln2016.task-decision-drafts": {Lead: with(liaoningCities, "210000-bgt", "210000-fzb"),
		Cooperate: but("210000-", "210000-bgt", "210000-fzb")},
	"ln2016.task-incident-word":   {Cooperate: liaoningCities, Outside: []string{"省委宣传部"}, Open: []string{"省政府有关部门"}},
	"ln2016.task-website-closure": {Lead: liaoningCities},
	"ln2016.task-new-media":       {Lead: with(liaoningCities, but("210000-")...)},
	"ln2016.task-accountability":  {Lead: []string{"210000-bgt"}, Cooperate: []string{"210000-jct", "210000-rst"}},

	"lz2016.task-tax-cuts":       {Lead: []string{"620100-czj", "620100-disj", "620100-guosj"}},
	"lz2016.task-ppp":            {Lead: []string{"620100-czj", "620100-fgw"}, Open: []string{"行业主管部门"}},
	"lz2016.task-audit":          {Lead: with(lanzhouCounties, "620100-sjj")},
	"lz2016.task-interpretation": {Lead: with(lanzhouCounties, but("620100-")...)},
	"lz2016.task-performance":    {Lead: []string{"620100-bgt"}, Outside: []string{"市委组织部", "市效能办"}},

	"sd2017.task-audit":          {Lead: []string{"370000-sjt"}},
	"sd2017.task-housing-market": {Lead: []string{"370000-rmyh", "370000-yjj", "370000-zjt"}},
	"sd2017.task-power-lists":    {Lead: with(shandongCities, "370000-bb"), Open: []string{"省政府有关部门"}},
	"sd2017.task-overcapacity": {Lead: with(shandongCities, "370000-czt", "370000-fgw", "370000-gzw", "370000-jxw",
		"370000-zjj")},
	"sd2017.task-drinking-water": {Lead: []string{"370000-hbt", "370000-wjw", "370000-zjt"}, Open: []string{"其他有关部门"}},
}

func with(codes []string, more ...string) []string {
	return slices.Sorted(slices.Values(slices.Concat(codes, more)))
}

// but returns the departments of a government, whose codes begin with the prefix,
// that are seeded, but for some.
func but(prefix string, except ...string) []string {
	units, err := Units()
	if err != nil {
		panic(err)
	}
	var codes []string
	for _, u := range units {
		if strings.HasPrefix(u.Code, prefix) && !slices.Contains(except, u.Code) {
			codes = append(codes, u.Code)
		}
	}
	return slices.Sorted(slices.Values(codes))
}

func TestWhoLeadsAndCooperates(t *testing.T) {
	seeded, err := Units()
	if err != nil {
		t.Fatal(err)
	}
	var units []rules.Unit
	for _, u := range seeded {
		units = append(units, rules.Unit{Code: u.Code, Name: u.Name, Kind: rules.UnitKind(u.Kind)})
	}
	got := map[string]division{}
	for _, id := range policyIDs {
		policy := mustPolicy(t, id)
		for _, task := range policy.Tasks {
			if _, worked := divisions[task.ID]; worked {
				parties := slices.Concat(task.Lead, task.Cooperate)
				got[task.ID] = division{codesOf(task.LeadUnits(policy.Region, units)), codesOf(task.CooperatingUnits(policy.Region, units)),
					namesOf(parties.Outside()), namesOf(parties.Indefinite())}
			}
		}
	}
	if diff := cmp.Diff(divisions, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func codesOf(units []rules.Unit) []string {
	var codes []string
	for _, u := range units {
		codes = append(codes, u.Code)
	}
	slices.Sort(codes)
	return codes
}

func namesOf(parties rules.Parties) []string {
	var names []string
	for _, p := range parties {
		names = append(names, p.Name.ZH)
	}
	return names
}

func TestFaultyTasksNameFileAndLine(t *testing.T) {
	sources, err := PolicySources()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ id, was, now, key string }{
		{"liaoning-2016", "    clause: 二(二)第1段\n", "    clauses: 二(二)第1段\n", "yaml.unknown_field"},
		{"lanzhou-2016", "    lead: [police]\n", "    lead: [public-security]\n", "pack.unknown_party"},
		{"shandong-2017", "    due: 2017-08-31\n", "    due: 2071-08-31\n", "pack.day_outside"},
	} {
		i := slices.IndexFunc(sources, func(s PolicySource) bool { return s.ID == c.id })
		before, _, found := strings.Cut(string(sources[i].Source), c.was)
		if !found {
			t.Fatalf("%s: no %q", c.id, c.was)
		}
		_, err := parsePolicy(c.id, []byte(strings.Replace(string(sources[i].Source), c.was, c.now, 1)))
		want := fmt.Sprintf("policies/%s.yaml:%d: %s", c.id, strings.Count(before, "\n")+1, c.key)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}
