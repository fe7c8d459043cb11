package bulletin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Difference is what two editions, or what was composed and what is found now, have
// different.
type Difference struct {
	// Group is as in Field, or "late", "ranking" and so on for lines of lists.
	Group string
	// Code and Of name the number, as in Field; of a line Of is what it is about.
	Code, Of string
	// Before and Now are the two sides; empty where there is none.
	Before, Now string
}

// encoded writes a value as canonical JSON: fields in their order, no spaces. It panics
// on what has no JSON, which is a mistake of the program.
func encoded(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("encode %T: %w", value, err))
	}
	return string(text)
}

// Same tells whether two data have the same in everything.
func (d *Data) Same(other *Data) bool { return encoded(d) == encoded(other) }

// Differences lists what is different in the later data, number by number and line by
// line.
func (d *Data) Differences(later *Data) []Difference {
	before, now := d.facts(), later.facts()
	was, is := byKey(before), byKey(now)
	var list []Difference
	for _, fact := range before {
		if after, there := is[fact.key()]; !there || after != fact.Now {
			list = append(list, Difference{fact.Group, fact.Code, fact.Of, fact.Now, after})
		}
	}
	for _, fact := range now {
		if _, there := was[fact.key()]; !there {
			list = append(list, fact)
		}
	}
	return list
}

func (d Difference) key() string { return d.Group + "\x00" + d.Code + "\x00" + d.Of }

func byKey(facts []Difference) map[string]string {
	values := make(map[string]string, len(facts))
	for _, fact := range facts {
		values[fact.key()] = fact.Now
	}
	return values
}

// facts are all that the data says, each under its own key: the fields, and the lines of
// the lists.
func (d *Data) facts() []Difference {
	var facts []Difference
	times := map[string]int{}
	add := func(group, code, of, now string) {
		fact := Difference{Group: group, Code: code, Of: of, Now: now}
		// What stands several times is told apart by its number.
		if times[fact.key()]++; times[fact.key()] > 1 {
			fact.Of += " " + strconv.Itoa(times[fact.key()])
		}
		facts = append(facts, fact)
	}
	for _, field := range d.Fields() {
		add(field.Group, field.Code, field.Of, field.Value)
	}
	for _, policy := range d.Policies {
		add("line", "policy", policy.Title.ZH, strconv.Itoa(policy.Edition))
	}
	for _, row := range d.Rows {
		for _, cell := range row.Cells {
			add("line", "cell", d.rowName(row)+" "+cell.Obligation, cellText(cell))
		}
	}
	if d.Late != nil {
		for _, line := range d.Late.Lines {
			add("line", "late", line.Unit.Name+" "+line.Title.ZH+" "+line.Period, strings.TrimSpace(line.DueOn.String()+" "+line.DoneOn.String()))
		}
	}
	if d.Ranking != nil {
		add("line", "scheme", d.Ranking.SchemeTitle.ZH, strconv.Itoa(d.Ranking.Edition))
		add("line", "round_status", d.Ranking.Title, string(d.Ranking.Status))
		for _, class := range d.Ranking.Classes {
			for _, unit := range class.Units {
				add("line", "rank", unit.Unit.Name, strings.TrimSpace(strconv.Itoa(unit.Rank)+" "+unit.Score+" "+unit.Grade.ZH))
			}
		}
	}
	if d.Findings != nil {
		for _, finding := range d.Findings.Open {
			add("line", "finding", finding.Unit.Name+" "+speech.Severities[finding.Severity]+" "+finding.Clause, finding.DueOn.String())
		}
	}
	if d.Urges != nil {
		for _, urge := range d.Urges.Silent {
			add("line", "urge", urge.Unit.Name+" "+urge.SentOn.String(), urge.ReplyBy.String())
		}
	}
	return facts
}

// cellText writes the counts of a cell, for comparison.
func cellText(c Cell) string {
	c.Obligation = ""
	return strings.Trim(fmt.Sprint(c), "{}")
}

// ParagraphChange is a paragraph that is not the same in two editions; one of the two is
// nil where it was added or left out.
type ParagraphChange struct{ Before, Now *Paragraph }

// paragraphChanges compares the filled words of two editions, heading by heading.
func paragraphChanges(before, now []Paragraph) []ParagraphChange {
	var changes []ParagraphChange
	left := slices.Clone(before)
	for i := range now {
		at := slices.IndexFunc(left, func(p Paragraph) bool { return bare(p.Heading) == bare(now[i].Heading) })
		if at < 0 {
			changes = append(changes, ParagraphChange{nil, &now[i]})
			continue
		}
		if was := left[at]; was.Text != now[i].Text {
			changes = append(changes, ParagraphChange{&was, &now[i]})
		}
		left = slices.Delete(left, at, at+1)
	}
	for i := range left {
		changes = append(changes, ParagraphChange{&left[i], nil})
	}
	return changes
}

// bare is a heading without its ordinal, which moves when another paragraph goes.
func bare(heading string) string {
	if ordinal, rest, found := strings.Cut(heading, "、"); found && len([]rune(ordinal)) <= 3 {
		return rest
	}
	return heading
}
