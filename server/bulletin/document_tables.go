package bulletin

import (
	"fmt"
	"strconv"

	"sundial/server/document"
)

// column is one of a table, by its name in document.yaml.
func column(name string, width float64, align document.Align) document.Column {
	return document.Column{Title: paper.Columns[name], Width: width, Align: align}
}

// tallyColumns are the counts that tables of completion have.
func tallyColumns(first ...document.Column) []document.Column {
	for _, name := range []string{"owed", "done", "met", "late", "overdue"} {
		first = append(first, column(name, 2.5, document.Center))
	}
	return append(first, column("completion", 4, document.Center), column("in_time", 4, document.Center))
}

func tallyCells(t Tally, first ...string) []string {
	for _, count := range []int{t.Owed, t.Done, t.Met, t.Late, t.Overdue} {
		first = append(first, strconv.Itoa(count))
	}
	return append(first, rateCell(t.Completion), rateCell(t.InTime))
}

// completionTables are the completion by unit, by class and by obligation, each with the
// total.
func completionTables(d *Data) []document.Block {
	byUnit := document.Table{Title: paper.Titles["by_unit"], Columns: tallyColumns(column("unit", 7, document.Left))}
	for _, row := range d.Rows {
		byUnit.Rows = append(byUnit.Rows, tallyCells(row.Tally, row.name()))
	}
	byUnit.Rows = append(byUnit.Rows, tallyCells(d.Total, paper.Total))
	byClass := document.Table{Title: paper.Titles["by_class"], Columns: tallyColumns(column("class", 4, document.Left), column("units", 3, document.Center))}
	units := 0
	for _, class := range d.Classes {
		byClass.Rows = append(byClass.Rows, tallyCells(class.Tally, class.name(), strconv.Itoa(class.Units)))
		units += class.Units
	}
	byClass.Rows = append(byClass.Rows, tallyCells(d.Total, paper.Total, strconv.Itoa(units)))
	byObligation := document.Table{Title: paper.Titles["by_obligation"], Columns: tallyColumns(column("obligation", 9, document.Left), column("clause", 4, document.Left))}
	for i := range d.Obligations {
		o := &d.Obligations[i]
		byObligation.Rows = append(byObligation.Rows, tallyCells(o.Tally, o.Title.ZH, o.Clause))
	}
	byObligation.Rows = append(byObligation.Rows, tallyCells(d.Total, paper.Total, ""))
	return []document.Block{byClass, byUnit, byObligation}
}

// name is that of the unit; the scope's own duties are said to be its own.
func (r *Row) name() string {
	if r.Own {
		return fmt.Sprintf(paper.Own, r.Unit.Name)
	}
	return r.Unit.Name
}

// boardTable has a row for each unit and a column for each obligation: what is done of
// what is owed.
func boardTable(d *Data) document.Table {
	t := document.Table{Title: paper.Titles["board"], Columns: []document.Column{column("unit", 6, document.Left)}, Fixed: 1}
	total := []string{paper.Total}
	for i := range d.Obligations {
		o := &d.Obligations[i]
		t.Columns = append(t.Columns, document.Column{Title: o.Title.ZH, Width: 4, Align: document.Center})
		total = append(total, doneOf(o.Tally))
	}
	if len(d.Obligations) == 0 {
		t.Columns = append(t.Columns, column("owed", 4, document.Center))
		total = append(total, doneOf(d.Total))
	}
	for i := range d.Rows {
		row := &d.Rows[i]
		cells := []string{row.name()}
		for _, cell := range row.Cells {
			cells = append(cells, doneOf(cell.Tally()))
		}
		if len(d.Obligations) == 0 {
			cells = append(cells, doneOf(row.Tally))
		}
		t.Rows = append(t.Rows, cells)
	}
	t.Rows = append(t.Rows, total)
	return t
}

// doneOf writes what is done of what is owed; where nothing is, there is no count.
func doneOf(t Tally) string {
	if t.Owed == 0 {
		return paper.None
	}
	return strconv.Itoa(t.Done) + "/" + strconv.Itoa(t.Owed)
}

// rankingTables have the places of each class, which after equal ones go on behind as many.
func rankingTables(r *Ranking) []document.Block {
	var blocks []document.Block
	for _, class := range r.Classes {
		t := document.Table{Title: class.Title.ZH, Columns: []document.Column{
			column("rank", 3, document.Center), column("unit", 9, document.Left), column("score", 4, document.Center), column("grade", 4, document.Center)}}
		for _, unit := range class.Units {
			rank, score, grade := paper.None, paper.None, paper.None
			if unit.Rank > 0 {
				rank, score, grade = strconv.Itoa(unit.Rank), unit.Score, unit.Grade.ZH
			}
			t.Rows = append(t.Rows, []string{rank, unit.Unit.Name, score, grade})
		}
		blocks = append(blocks, t)
	}
	return blocks
}

// namedTable has who is praised and criticised, and by which rule.
func namedTable(d *Data) document.Table {
	t := document.Table{Columns: []document.Column{column("class", 4, document.Center), column("unit", 9, document.Left), column("basis", 11, document.Left)}}
	add := func(kind string, list []Named) {
		for _, n := range list {
			t.Rows = append(t.Rows, []string{kind, n.Unit.Name, speech.Rules[n.Rule]})
		}
	}
	add(paper.Praise, d.Praise)
	add(paper.Criticism, d.Criticism)
	return t
}

// lateBlocks say who is late and for what.
func lateBlocks(d *Data) []document.Block {
	late := d.Late
	lead := fmt.Sprintf(paper.Leads["late"], dateText(d.AsOf), late.Total(), late.Overdue, late.Done)
	if len(late.Lines) < late.Total() {
		lead += fmt.Sprintf(paper.Leads["late_first"], len(late.Lines))
	}
	t := document.Table{Columns: []document.Column{column("unit", 6, document.Left), column("obligation", 8, document.Left), column("clause", 4, document.Left),
		column("period", 4, document.Center), column("due", 5, document.Center), column("state", 2, document.Center), column("done_on", 5, document.Center),
		column("days", 2, document.Center)}}
	for _, line := range late.Lines {
		t.Rows = append(t.Rows, []string{line.Unit.Name, line.Title.ZH, line.Clause, periodWords(line.Period), dayCell(line.DueOn),
			paper.States[line.State], dayCell(line.DoneOn), strconv.Itoa(line.Days)})
	}
	return []document.Block{document.Paragraph{Text: lead}, t}
}

// findingBlocks list the findings that are not closed.
func findingBlocks(d *Data) []document.Block {
	f := d.Findings
	t := document.Table{Columns: []document.Column{column("unit", 8, document.Left), column("severity", 3, document.Center), column("clause", 8, document.Left),
		column("found", 5, document.Center), column("rectify", 5, document.Center)}}
	for _, open := range f.Open {
		t.Rows = append(t.Rows, []string{open.Unit.Name, speech.Severities[open.Severity], open.Clause, dayCell(open.FoundOn), dayCell(open.DueOn)})
	}
	return []document.Block{document.Paragraph{Text: fmt.Sprintf(paper.Leads["findings"], dateText(d.AsOf), f.Total, f.Closed, f.Noted, len(f.Open))}, t}
}
