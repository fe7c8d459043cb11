package bulletin

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// Check is one comparison: what is stated, and what its parts come to.
type Check struct {
	// Group is what it belongs to, by the names of the messages; Of is the row, obligation
	// or class that it is about, empty for the whole.
	Group string
	Of    string
	// Stated and Found are the two sides.
	Stated, Found string
}

// OK tells that both sides are the same.
func (c Check) OK() bool { return c.Stated == c.Found }

// reckoning collects checks.
type reckoning struct{ checks []Check }

func (r *reckoning) numbers(group, of string, stated, found int) {
	r.checks = append(r.checks, Check{group, of, strconv.Itoa(stated), strconv.Itoa(found)})
}

// cells compares all counts of two cells at once; what is shown is how many duties they
// have, or the first count that differs.
func (r *reckoning) cells(group, of string, stated, found compliance.Cell) {
	stated.Obligation, found.Obligation = "", ""
	if stated == found || stated.Total() != found.Total() {
		r.numbers(group, of, stated.Total(), found.Total())
		return
	}
	for _, state := range rules.States {
		if stated.Count(state) != found.Count(state) {
			r.numbers(group+"_"+string(state), of, stated.Count(state), found.Count(state))
			return
		}
	}
	r.checks = append(r.checks, Check{group, of, fmt.Sprintf("%+v", stated), fmt.Sprintf("%+v", found)})
}

// Reconcile compares every total of the data with the sum of its parts.
func (d *Data) Reconcile(s Settings) []Check {
	r := &reckoning{}
	d.reconcileBoard(r)
	d.reconcileRates(r)
	d.reconcileLate(r)
	d.reconcileRanking(r)
	d.reconcileFollowUp(r)
	d.reconcileNames(r, s)
	return r.checks
}

// reconcileBoard adds up cells by row, by obligation and by class.
func (d *Data) reconcileBoard(r *reckoning) {
	var rows, obligations, classes []compliance.Cell
	for i, o := range d.Obligations {
		var cells []compliance.Cell
		for _, row := range d.Rows {
			if i < len(row.Cells) {
				cells = append(cells, row.Cells[i].counts())
			}
		}
		r.cells("obligation", o.Code, o.counts(), compliance.Sum(cells))
		obligations = append(obligations, o.counts())
	}
	for _, row := range d.Rows {
		var cells []compliance.Cell
		for _, cell := range row.Cells {
			cells = append(cells, cell.counts())
		}
		r.numbers("cells", row.Unit.Name, len(row.Cells), len(d.Obligations))
		r.cells("row", row.Unit.Name, row.counts(), compliance.Sum(cells))
		rows = append(rows, row.counts())
	}
	units := 0
	for _, class := range d.Classes {
		classes = append(classes, class.counts())
		units += class.Units
		_, sum := class.sum(d.Rows)
		r.cells("class", class.name(), class.counts(), sum.counts())
	}
	r.numbers("class_units", "", len(d.Rows), units)
	r.cells("total_rows", "", d.Total.counts(), compliance.Sum(rows))
	r.cells("total_obligations", "", d.Total.counts(), compliance.Sum(obligations))
	r.cells("total_classes", "", d.Total.counts(), compliance.Sum(classes))
}

// reconcileRates derives again what follows from counts.
func (d *Data) reconcileRates(r *reckoning) {
	derive := func(of string, stated Tally) {
		found := tallyOf(stated.counts())
		r.numbers("owed", of, stated.Owed, found.Owed)
		r.numbers("done", of, stated.Done, found.Done)
		r.checks = append(r.checks, Check{"completion", of, rateText(stated.Completion), rateText(found.Completion)},
			Check{"in_time", of, rateText(stated.InTime), rateText(found.InTime)})
	}
	derive("", d.Total)
	for _, class := range d.Classes {
		derive(class.name(), class.Tally)
	}
	for _, row := range d.Rows {
		derive(row.Unit.Name, row.Tally)
	}
	for _, o := range d.Obligations {
		derive(o.Code, o.Tally)
	}
}

func rateText(r *Rate) string {
	if r == nil {
		return speech.Nothing
	}
	return r.String() + "%"
}

// reconcileLate compares the list of what is late with the board: the whole, and line by
// line as long as none is left out.
func (d *Data) reconcileLate(r *reckoning) {
	l := d.Late
	if l == nil {
		return
	}
	r.numbers("late_overdue", "", l.Overdue, d.Total.Overdue)
	r.numbers("late_done", "", l.Done, d.Total.Cell.Late)
	r.numbers("late_lines", "", len(l.Lines), min(l.Total(), MaxLate))
	if l.Total() > len(l.Lines) {
		return
	}
	count := func(of func(LateDuty) bool) (overdue, done int) {
		for _, line := range l.Lines {
			switch {
			case !of(line):
			case line.State == rules.Overdue:
				overdue++
			default:
				done++
			}
		}
		return overdue, done
	}
	for _, row := range d.Rows {
		overdue, done := count(func(line LateDuty) bool { return line.Row == row.Unit.Code })
		r.numbers("late_row_overdue", row.Unit.Name, overdue, row.Overdue)
		r.numbers("late_row_done", row.Unit.Name, done, row.Cell.Late)
	}
	for _, o := range d.Obligations {
		overdue, done := count(func(line LateDuty) bool { return line.Obligation == o.Code })
		r.numbers("late_obligation_overdue", o.Code, overdue, o.Overdue)
		r.numbers("late_obligation_done", o.Code, done, o.Cell.Late)
	}
}

// reconcileRanking counts the ranked units and their grades, and ranks the scores again.
func (d *Data) reconcileRanking(r *reckoning) {
	if d.Ranking == nil {
		return
	}
	for _, class := range d.Ranking.Classes {
		name := className(class.Class)
		scored, graded := 0, 0
		var scores []scoring.Score
		var stated []int
		for _, unit := range class.Units {
			if unit.Score == "" {
				continue
			}
			scored++
			score, err := decimal.NewFromString(unit.Score)
			if err != nil {
				score = decimal.New(-1, 0)
			}
			scores, stated = append(scores, scoring.Score(score.Shift(2).IntPart())), append(stated, unit.Rank)
		}
		for _, grade := range class.Grades {
			graded += grade.Units
			of := slices.DeleteFunc(slices.Clone(class.Units), func(u RankedUnit) bool { return u.GradeID != grade.ID })
			r.numbers("grade", name+grade.Title.ZH, grade.Units, len(of))
		}
		r.numbers("scored", name, class.Scored, scored)
		r.numbers("graded", name, class.Scored, graded)
		ranks := scoring.Ranks(scores)
		r.checks = append(r.checks, Check{"ranks", name, joined(stated), joined(ranks)})
		sorted := slices.IsSortedFunc(scores, func(a, b scoring.Score) int { return int(b - a) })
		r.checks = append(r.checks, Check{"best_first", name, "true", strconv.FormatBool(sorted)})
	}
}

func joined(ranks []int) string {
	text := ""
	for i, rank := range ranks {
		if i > 0 {
			text += " "
		}
		text += strconv.Itoa(rank)
	}
	return text
}

// reconcileFollowUp adds up tasks, findings and urges.
func (d *Data) reconcileFollowUp(r *reckoning) {
	if t := d.Tasks; t != nil {
		r.numbers("tasks", "", t.Total, t.NotStarted+t.UnderWay+t.Done)
	}
	if f := d.Findings; f != nil {
		r.numbers("findings", "", f.Total, f.Closed+f.Noted+len(f.Open))
		for _, level := range f.Levels {
			open := slices.DeleteFunc(slices.Clone(f.Open), func(o OpenFinding) bool { return o.Severity != level.Severity })
			r.numbers("finding_level", speech.Severities[level.Severity], level.Open, len(open))
		}
	}
	if u := d.Urges; u != nil {
		r.numbers("urges", "", u.Total, u.Blue+u.Yellow+u.Red)
		r.numbers("urges_silent", "", len(u.Silent), min(len(u.Silent), u.Red))
	}
}

// reconcileNames judges again who is praised and criticised.
func (d *Data) reconcileNames(r *reckoning, s Settings) {
	again := *d
	again.Praise, again.Criticism = nil, nil
	again.judge(s)
	r.numbers("praise", "", len(d.Praise), len(again.Praise))
	r.numbers("criticism", "", len(d.Criticism), len(again.Criticism))
	for _, side := range []struct {
		group       string
		list, found []Named
	}{{"praised", d.Praise, again.Praise}, {"criticised", d.Criticism, again.Criticism}} {
		for i, named := range side.list {
			if i < len(side.found) {
				r.checks = append(r.checks, Check{side.group, named.Unit.Name, encoded(named), encoded(side.found[i])})
			}
		}
	}
}
