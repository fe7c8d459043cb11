package web

import (
	"fmt"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// BulletinContent is what a bulletin tells, laid out for a page.
type BulletinContent struct {
	bulletin.Publication
	// Lead is the office with its address, as the head of the document.
	Unit        models.Unit
	Sum         CellView
	Completion  string
	InTime      string
	Classes     []BulletinRow
	Rows        []BulletinRow
	Obligations []BulletinRow
	Ranking     []BulletinRanking
	Late        []BulletinLate
	// LateLeft is how many late duties are not among Late, LateTotal all there are.
	LateLeft, LateTotal int
	Findings            []BulletinFinding
	Leads               BulletinLeads
	// LateURL leads to the file that has InFile late duties; empty while there is none.
	LateURL           string
	InFile            int
	Praise, Criticism []BulletinNamed
}

// BulletinRow is a row of counts: of a unit, a class or an obligation.
type BulletinRow struct {
	Unit  models.Unit
	Class string
	Title rules.Text
	// Note is the clause of an obligation.
	Note  string
	Own   bool
	Units int
	bulletin.Tally
	Cell               CellView
	Completion, InTime string
	// Cells are those of a unit, one per obligation.
	Cells []CellView
}

// BulletinRanking is the ranking of a class.
type BulletinRanking struct {
	Class  string
	Title  rules.Text
	Grades []BulletinGrade
	Rows   []BulletinRanked
	// Lead is nil where nobody has a score.
	Lead *BulletinExtremes
}

// BulletinGrade counts the units of a grade.
type BulletinGrade struct {
	Title rules.Text
	Units int
}

// BulletinRanked is a unit in a ranking.
type BulletinRanked struct {
	Unit  models.Unit
	Rank  int
	Score string
	Grade rules.Text
}

// BulletinLate is a late duty.
type BulletinLate struct {
	bulletin.LateDuty
	Unit  models.Unit
	Title rules.Text
}

// BulletinFinding is an open finding.
type BulletinFinding struct {
	bulletin.OpenFinding
	Unit models.Unit
}

// BulletinNamed is a unit that is named, with why.
type BulletinNamed struct {
	Unit models.Unit
	Why  rules.Reason
}

// lateOnPage is how many late duties a page shows; the file has them all.
const lateOnPage = 30

func newBulletinContent(p bulletin.Publication) *BulletinContent {
	d := p.Data
	c := &BulletinContent{Publication: p, Unit: namedUnit(d.Scope), Sum: CellView{Cell: compliance.Cell(d.Total.Cell)}, Completion: rateText(d.Total.Completion), InTime: rateText(d.Total.InTime), Leads: bulletinLeads(d)}
	for _, class := range d.Classes {
		c.Classes = append(c.Classes, bulletinRow(BulletinRow{Class: class.Class, Own: class.Own, Units: class.Units, Tally: class.Tally}))
	}
	for _, row := range d.Rows {
		line := bulletinRow(BulletinRow{Unit: namedUnit(row.Unit), Own: row.Own, Tally: row.Tally})
		for _, cell := range row.Cells {
			line.Cells = append(line.Cells, CellView{Cell: compliance.Cell(cell)})
		}
		c.Rows = append(c.Rows, line)
	}
	for _, o := range d.Obligations {
		c.Obligations = append(c.Obligations, bulletinRow(BulletinRow{Title: rules.Text(o.Title), Note: o.Clause, Tally: o.Tally}))
	}
	c.addRanking(d)
	c.addLists(d)
	return c
}

func bulletinRow(row BulletinRow) BulletinRow {
	row.Cell = CellView{Cell: compliance.Cell(row.Tally.Cell)}
	row.Completion, row.InTime = rateText(row.Tally.Completion), rateText(row.Tally.InTime)
	return row
}

func (c *BulletinContent) addRanking(d *bulletin.Data) {
	if d.Ranking == nil {
		return
	}
	for _, class := range d.Ranking.Classes {
		ranking := BulletinRanking{Class: class.Class, Title: rules.Text(class.Title), Lead: rankingLead(class)}
		for _, grade := range class.Grades {
			ranking.Grades = append(ranking.Grades, BulletinGrade{rules.Text(grade.Title), grade.Units})
		}
		for _, unit := range class.Units {
			ranking.Rows = append(ranking.Rows, BulletinRanked{namedUnit(unit.Unit), unit.Rank, unit.Score, rules.Text(unit.Grade)})
		}
		c.Ranking = append(c.Ranking, ranking)
	}
}

func (c *BulletinContent) addLists(d *bulletin.Data) {
	if d.Late != nil {
		c.LateTotal = d.Late.Total()
		for _, line := range d.Late.Lines[:min(len(d.Late.Lines), lateOnPage)] {
			c.Late = append(c.Late, BulletinLate{line, namedUnit(line.Unit), rules.Text(line.Title)})
		}
		c.LateLeft = c.LateTotal - len(c.Late)
		if c.Seal.Holds() {
			c.LateURL, c.InFile = publicURL(c.Series, c.Edition)+"/late.csv", len(d.Late.Lines)
		}
	}
	if d.Findings != nil {
		for _, finding := range d.Findings.Open {
			c.Findings = append(c.Findings, BulletinFinding{finding, namedUnit(finding.Unit)})
		}
	}
	for _, n := range d.Praise {
		c.Praise = append(c.Praise, BulletinNamed{namedUnit(n.Unit), n.Reason()})
	}
	for _, n := range d.Criticism {
		c.Criticism = append(c.Criticism, BulletinNamed{namedUnit(n.Unit), n.Reason()})
	}
}

// namedUnit is as much of a unit as a page needs to name it.
func namedUnit(u bulletin.Unit) models.Unit {
	return models.Unit{Code: u.Code, Name: u.Name, NameEN: u.NameEN, Class: u.Class}
}

// rateText writes a rate of a bulletin, which is rounded to two decimals.
func rateText(rate *bulletin.Rate) string {
	if rate == nil {
		return "–"
	}
	return rate.String() + "%"
}

func bulletinURL(id uint64, steps ...string) string { return stepsOf("/bulletins/", id, steps) }

// publicURL is the address of an edition that everybody may read.
func publicURL(series string, edition int) string {
	return fmt.Sprintf("/public/bulletins/%s/%d", series, edition)
}
