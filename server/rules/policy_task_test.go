package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/rules"
)

// taskParties begin on line 17 of a pack: two units, a group, one that is left open
// and one outside of the system.
const taskParties = `parties:
  office: {unit: 370000-bgt, name: {zh: 省政府办公厅, en: General Office}}
  finance: {unit: 370000-czt, name: {zh: 省财政厅, en: Finance}}
  cities: {who: {kinds: [city], except: ["370200"]}, name: {zh: 各市, en: Cities}}
  concerned: {who: {kinds: [department], levels: [province]}, indefinite: true, name: {zh: 省有关部门, en: Departments concerned}}
  publicity: {name: {zh: 省委宣传部, en: Publicity Department}}
`

// soundTasks follow on line 23.
const soundTasks = `tasks:
  - id: tr2017.task-website
    clause: 二(一)第1段
    title: {zh: 网站专栏, en: Website columns}
    lead: [office, cities]
    cooperate: [concerned]
    due: 2017-06-30
  - id: tr2017.task-publicity
    clause: 二(一)第2段
    title: {zh: 宣传, en: Publicity}
    lead: [publicity]
    cooperate: [finance]
`

func packWithTasks(text string) string {
	return packOf("by_date", "{what: list, on: 2017-05-31}", text)
}

func TestFaultyTasksAreNamedByLine(t *testing.T) {
	sound := packWithTasks(taskParties + soundTasks)
	mustParse(t, sound)
	for _, c := range []struct {
		name, was, now string
		want           []string
	}{
		{"unknown field of a task", "cooperate: [concerned]", "co-operate: [concerned]", []string{"21 pack.unused_party", "28 yaml.unknown_field"}},
		{"unknown field of a party", "unit: 370000-bgt,", "code: 370000-bgt,", []string{"18 yaml.unknown_field"}},
		{"field twice", "due: 2017-06-30", "clause: 三", []string{"29 yaml.field_twice"}},
		{"no clause", "clause: 二(一)第1段", `clause: " "`, []string{"25 pack.task_no_clause"}},
		{"no title in English", "{zh: 网站专栏, en: Website columns}", "{zh: 网站专栏}", []string{"26 pack.both_languages"}},
		{"no lead", "    lead: [publicity]\n", "", []string{"22 pack.unused_party", "30 pack.missing"}},
		{"party misspelt", "[office, cities]", "[ofice, cities]", []string{"18 pack.unused_party", "27 pack.unknown_party"}},
		{"lead that cooperates too", "cooperate: [concerned]", "cooperate: [concerned, office]", []string{"28 pack.party_twice"}},
		{"list without brackets", "lead: [publicity]", "lead: publicity", []string{"22 pack.unused_party", "33 yaml.want_list", "33 pack.missing"}},
		{"id of an obligation", "tr2017.task-website", "tr2017.website", []string{"24 pack.bad_task_id"}},
		{"id of another pack", "tr2017.task-website", "sd2017.task-website", []string{"24 pack.bad_task_id"}},
		{"id twice", "tr2017.task-publicity", "tr2017.task-website", []string{"30 pack.task_twice"}},
		{"no such day", "due: 2017-06-30", "due: 2017-06-31", []string{"29 yaml.bad_value"}},
		{"day before the policy", "due: 2017-06-30", "due: 2007-06-30", []string{"29 pack.day_outside"}},
		{"day for all before the policy", "parties:\n", "tasks_due: 2016-12-31\nparties:\n", []string{"17 pack.day_outside"}},
		{"unit of another province", "370000-czt", "210000-czt", []string{"19 pack.bad_unit"}},
		{"unknown kind of unit", "who: {kinds: [city],", "who: {kinds: [village],", []string{"20 pack.unknown_unit_kind"}},
		{"group that is nobody", "who: {kinds: [city],", "who: {", []string{"20 pack.binds_nobody"}},
		{"unit and group at once", "{unit: 370000-czt,", "{unit: 370000-czt, who: {kinds: [city]},", []string{"19 pack.unit_or_who"}},
		{"open without a group", "publicity: {name", "publicity: {indefinite: true, name", []string{"22 pack.indefinite_who"}},
		{"party without a name", ", name: {zh: 省财政厅, en: Finance}}", "}", []string{"19 pack.both_languages"}},
		{"party named in Chinese", "  finance:", "  财政:", []string{"19 pack.bad_party", "19 pack.unused_party", "34 pack.unknown_party"}},
		{"party twice", "  finance:", "  office:", []string{"19 yaml.field_twice", "34 pack.unknown_party"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			faulty := strings.Replace(sound, c.was, c.now, 1)
			if faulty == sound {
				t.Fatalf("%q does not stand in the pack", c.was)
			}
			_, err := rules.ParsePolicy([]byte(faulty))
			if diff := cmp.Diff(c.want, keysOf(err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestTooManyTasksAreRefused(t *testing.T) {
	var parties, tasks strings.Builder
	for i := range 301 {
		fmt.Fprintf(&parties, "  city-%d: {name: {zh: 市, en: City}}\n", i)
		fmt.Fprintf(&tasks, "  - {id: tr2017.task-t%d}\n", i)
	}
	_, err := rules.ParsePolicy([]byte(packWithTasks("parties:\n" + parties.String() + "tasks:\n" + tasks.String())))
	if diff := cmp.Diff([]string{"17 pack.too_many_parties", "319 pack.too_many_tasks"}, keysOf(err)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAPackWithoutTasksIsSound(t *testing.T) {
	if policy := mustParse(t, packWithTasks("")); len(policy.Tasks) != 0 {
		t.Errorf("tasks: %v", policy.Tasks)
	}
}

func TestWhoLeadsAndCooperates(t *testing.T) {
	policy := mustParse(t, packWithTasks(taskParties+"  all: {who: {kinds: [department, city]}, name: {zh: 全部, en: All}}\n"+
		strings.Replace(soundTasks, "cooperate: [finance]", "cooperate: [all, concerned]", 1)+
		"  - {id: tr2017.task-budget, clause: 三, title: {zh: 预算, en: Budget}, lead: [finance, cities], cooperate: [all]}\n"))
	units := []rules.Unit{
		{Code: "370000", Kind: "province"},
		{Code: "370100", Kind: "city"},
		{Code: "370200", Kind: "city"},
		{Code: "370000-bgt", Kind: "department"},
		{Code: "370000-czt", Kind: "department"},
		{Code: "210100", Kind: "city"},
	}
	for _, c := range []struct {
		task                                   string
		lead, cooperate, outside, indefinitely []string
	}{
		{task: "tr2017.task-website", lead: []string{"370100", "370000-bgt"}, indefinitely: []string{"concerned"}},
		{task: "tr2017.task-publicity", cooperate: []string{"370100", "370200", "370000-bgt", "370000-czt"},
			outside: []string{"publicity"}, indefinitely: []string{"concerned"}},
		// Who leads does not cooperate, though of the group that does.
		{task: "tr2017.task-budget", lead: []string{"370100", "370000-czt"}, cooperate: []string{"370200", "370000-bgt"}},
	} {
		task, found := policy.FindTask(c.task)
		if !found {
			t.Fatalf("no task %s", c.task)
		}
		got := [][]string{codesOf(task.LeadUnits("370000", units)), codesOf(task.CooperatingUnits("370000", units)),
			wordsOf(task.Lead.Outside()), wordsOf(append(task.Lead.Indefinite(), task.Cooperate.Indefinite()...))}
		if diff := cmp.Diff([][]string{c.lead, c.cooperate, c.outside, c.indefinitely}, got); diff != "" {
			t.Errorf("%s: lead, cooperate, outside, indefinite (-want +got):\n%s", c.task, diff)
		}
	}
}

func TestDayOfATask(t *testing.T) {
	for _, c := range []struct{ name, span, all, want string }{
		{"end of the policy", "{from: 2017-01-01, to: 2018-12-31}", "", "2018-12-31"},
		{"day for all tasks", "{from: 2017-01-01, to: 2018-12-31}", "tasks_due: 2017-12-31\n", "2017-12-31"},
		{"policy without an end", "{from: 2017-01-01}", "", ""},
	} {
		text := strings.Replace(packWithTasks(c.all+taskParties+soundTasks), "{from: 2017-01-01}", c.span, 1)
		policy := mustParse(t, text)
		if got := policy.TaskDue(&policy.Tasks[0]).String(); got != "2017-06-30" {
			t.Errorf("%s: a task with its own day is due %s", c.name, got)
		}
		if got := policy.TaskDue(&policy.Tasks[1]).String(); got != c.want {
			t.Errorf("%s: due %q, want %q", c.name, got, c.want)
		}
	}
}

func codesOf(units []rules.Unit) []string {
	var codes []string
	for _, u := range units {
		codes = append(codes, u.Code)
	}
	return codes
}

func wordsOf(parties rules.Parties) []string {
	var words []string
	for _, p := range parties {
		words = append(words, p.Word)
	}
	return words
}
