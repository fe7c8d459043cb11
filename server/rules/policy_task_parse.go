package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sundial/server/strictyaml"
)

// rawParty and rawTask are an entry of parties and of tasks as written; a task
// names its parties by their words.
type rawParty struct {
	Unit       string `yaml:"unit"`
	Name       Text   `yaml:"name"`
	Who        *Who   `yaml:"who"`
	Indefinite bool   `yaml:"indefinite"`
}

type rawTask struct {
	ID        string   `yaml:"id"`
	Clause    string   `yaml:"clause"`
	Title     Text     `yaml:"title"`
	Lead      []string `yaml:"lead"`
	Cooperate []string `yaml:"cooperate"`
	Due       Date     `yaml:"due"`
}

// Limits of the division of tasks; the longest document names 43 tasks and about
// forty parties.
const (
	maxTasks   = 300
	maxParties = 300
)

// taskPrefix begins the second half of a task's id, so that it never is the id of
// an obligation.
const taskPrefix = "task-"

// tasks reads the optional division of tasks of a pack into the policy.
func (p *parser) tasks(raw rawPolicy, policy *Policy) {
	root := p.lines
	p.require(len(raw.Parties) <= maxParties, root, "parties", "pack.too_many_parties", "Count", len(raw.Parties), "Max", maxParties)
	p.require(len(raw.Tasks) <= maxTasks, root, "tasks", "pack.too_many_tasks", "Count", len(raw.Tasks), "Max", maxTasks)
	if len(raw.Parties) > maxParties || len(raw.Tasks) > maxTasks {
		return
	}
	policy.TasksDue = raw.TasksDue
	p.taskDay(raw.TasksDue, root, "tasks_due", policy)
	parties := map[string]Party{}
	words := slices.Sorted(maps.Keys(raw.Parties))
	for _, word := range words {
		node := raw.Parties[word]
		parties[word] = p.party(word, &node, policy)
	}
	named := map[string]bool{}
	for i := range raw.Tasks {
		policy.Tasks = append(policy.Tasks, p.task(&raw.Tasks[i], policy, parties, named))
	}
	for _, word := range words {
		if !named[word] {
			p.problems.Add(raw.Parties[word].Line, "pack.unused_party", "Party", word)
		}
	}
}

func (p *parser) party(name string, node *yaml.Node, policy *Policy) Party {
	var raw rawParty
	p.add(strictyaml.Decode(node, &raw))
	if !word.MatchString(name) {
		p.problems.Add(node.Line, "pack.bad_party", "Party", name)
	}
	p.text(raw.Name, node, "name")
	p.require(raw.Unit == "" || inRegion(raw.Unit, policy.Region), node, "unit", "pack.bad_unit", "Value", raw.Unit, "Region", policy.Region)
	p.require(raw.Unit == "" || raw.Who == nil, node, "unit", "pack.unit_or_who", "Party", name)
	p.require(raw.Who != nil || !raw.Indefinite, node, "indefinite", "pack.indefinite_who", "Party", name)
	if raw.Who != nil {
		p.who(*raw.Who, node, policy.Region)
	}
	return Party{Word: name, Unit: raw.Unit, Name: raw.Name, Who: raw.Who, Indefinite: raw.Indefinite}
}

func (p *parser) task(node *yaml.Node, policy *Policy, known map[string]Party, named map[string]bool) Task {
	var raw rawTask
	p.add(strictyaml.Decode(node, &raw))
	short, suffix, _ := strings.Cut(raw.ID, ".")
	good := short == policy.Short && strings.HasPrefix(suffix, taskPrefix) && word.MatchString(suffix)
	p.require(good, node, "id", "pack.bad_task_id", "Value", raw.ID, "Short", policy.Short)
	_, twice := policy.FindTask(raw.ID)
	p.require(!twice, node, "id", "pack.task_twice", "Value", raw.ID)
	p.require(strings.TrimSpace(raw.Clause) != "", node, "clause", "pack.task_no_clause", "ID", raw.ID)
	p.fits(raw.ID, maxCode, node, "id")
	p.fits(raw.Clause, maxLine, node, "clause")
	p.text(raw.Title, node, "title")
	p.require(len(raw.Lead) > 0, node, "lead", "pack.missing")
	p.taskDay(raw.Due, node, "due", policy)
	here := map[string]bool{}
	task := Task{ID: raw.ID, Clause: raw.Clause, Title: raw.Title, Due: raw.Due, Line: node.Line}
	task.Lead = p.partiesOf(raw.Lead, node, "lead", known, here)
	task.Cooperate = p.partiesOf(raw.Cooperate, node, "cooperate", known, here)
	maps.Copy(named, here)
	return task
}

// partiesOf returns the parties that the words name, none of them twice in a task.
func (p *parser) partiesOf(words []string, node *yaml.Node, field string, known map[string]Party, here map[string]bool) Parties {
	var parties Parties
	for _, word := range words {
		party, found := known[word]
		p.require(found, node, field, "pack.unknown_party", "Value", word)
		p.require(!here[word], node, field, "pack.party_twice", "Value", word)
		if found && !here[word] {
			parties = append(parties, party)
		}
		here[word] = true
	}
	return parties
}

// taskDay reports a day on which the policy is not, or no longer, in effect.
func (p *parser) taskDay(day Date, node *yaml.Node, field string, policy *Policy) {
	p.require(day.IsZero() || policy.Effective.Contains(day), node, field, "pack.day_outside",
		"Value", day, "From", policy.Effective.From, "To", cmp.Or(policy.Effective.To.String(), "…"))
}

// inRegion tells whether the text is the code of a unit in the region.
func inRegion(unit, region string) bool {
	return unitCode.MatchString(unit) && strings.HasPrefix(unit, RegionPrefix(region))
}
