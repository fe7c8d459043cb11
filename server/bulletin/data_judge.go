package bulletin

import (
	"slices"

	"sundial/models"
)

// judge names the units to be praised and criticised by the rules, rule by rule, units in
// the order of the data. Who is criticised is not praised in the same bulletin.
func (d *Data) judge(s Settings) {
	d.praise(s.Praise)
	d.criticise(s.Criticism)
	d.Praise = slices.DeleteFunc(d.Praise, func(praised Named) bool {
		return slices.ContainsFunc(d.Criticism, func(n Named) bool { return n.Unit.Code == praised.Unit.Code })
	})
}

func (d *Data) praise(p Praise) {
	if p.InTime {
		for _, row := range d.Rows {
			if !row.Own && row.Owed > 0 && row.Met == row.Owed && d.openFindings(row.Unit.Code) == 0 {
				d.Praise = append(d.Praise, Named{Unit: row.Unit, Rule: PraiseInTime, Count: row.Met, Of: row.Owed, Completion: row.InTime})
			}
		}
	}
	d.eachRanked(func(class RankedClass, unit RankedUnit) {
		if unit.Rank <= p.RankTo && !class.failing(unit) {
			d.Praise = append(d.Praise, named(PraiseRank, class, unit))
		}
	})
	d.eachRanked(func(class RankedClass, unit RankedUnit) {
		if p.TopGrade && len(class.Grades) > 0 && unit.GradeID == class.Grades[0].ID {
			d.Praise = append(d.Praise, named(PraiseGrade, class, unit))
		}
	})
}

// failing tells whether a rank of the unit is nothing to be praised for: a veto, the lowest
// grade of several, or the last place of the class.
func (c RankedClass) failing(unit RankedUnit) bool {
	lowest := len(c.Grades) > 1 && unit.GradeID == c.Grades[len(c.Grades)-1].ID
	last := !slices.ContainsFunc(c.Units, func(u RankedUnit) bool { return u.Rank > unit.Rank })
	return unit.ByVeto || lowest || last
}

// eachRanked visits the units that have a rank.
func (d *Data) eachRanked(visit func(class RankedClass, unit RankedUnit)) {
	if d.Ranking == nil {
		return
	}
	for _, class := range d.Ranking.Classes {
		for _, unit := range class.Units {
			if unit.Rank > 0 {
				visit(class, unit)
			}
		}
	}
}

func named(rule Rule, class RankedClass, unit RankedUnit) Named {
	return Named{Unit: unit.Unit, Rule: rule, Class: class.Class, Rank: unit.Rank, Score: unit.Score, Grade: &unit.Grade}
}

func (d *Data) criticise(c Criticism) {
	for _, row := range d.Rows {
		if !row.Own && c.OverdueFrom > 0 && row.Overdue >= c.OverdueFrom {
			d.Criticism = append(d.Criticism, Named{Unit: row.Unit, Rule: CriticismOverdue, Count: row.Overdue, Of: row.Owed})
		}
	}
	for _, row := range d.Rows {
		if !row.Own && c.CompletionBelow > 0 && row.Owed > 0 && row.Done*100*100 < int(c.CompletionBelow)*row.Owed {
			below := c.CompletionBelow
			d.Criticism = append(d.Criticism, Named{Unit: row.Unit, Rule: CriticismCompletion, Count: row.Done, Of: row.Owed, Completion: row.Completion, Below: &below})
		}
	}
	for _, row := range d.Rows {
		if silent := d.silentUrges(row.Unit.Code); !row.Own && c.RedUrge && silent > 0 {
			d.Criticism = append(d.Criticism, Named{Unit: row.Unit, Rule: CriticismUrge, Count: silent})
		}
	}
	for _, row := range d.Rows {
		if overdue := d.seriousOverdue(row.Unit.Code); !row.Own && c.SeriousFinding && overdue > 0 {
			d.Criticism = append(d.Criticism, Named{Unit: row.Unit, Rule: CriticismFinding, Count: overdue})
		}
	}
}

// openFindings counts the open findings in the subtree of a row.
func (d *Data) openFindings(row string) int {
	return d.countFindings(row, func(OpenFinding) bool { return true })
}

func (d *Data) seriousOverdue(row string) int {
	return d.countFindings(row, func(f OpenFinding) bool { return f.Overdue && f.Severity == models.SeveritySerious })
}

func (d *Data) countFindings(row string, counts func(OpenFinding) bool) int {
	count := 0
	if d.Findings != nil {
		for _, f := range d.Findings.Open {
			if f.Row == row && counts(f) {
				count++
			}
		}
	}
	return count
}

func (d *Data) silentUrges(row string) int {
	count := 0
	if d.Urges != nil {
		for _, u := range d.Urges.Silent {
			if u.Row == row {
				count++
			}
		}
	}
	return count
}
