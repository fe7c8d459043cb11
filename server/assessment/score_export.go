package assessment

import (
	"context"
	"fmt"
	"io"
	"slices"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/scoring"
	"sundial/server/store"
)

// scoreTables is the score table of a round as the actor sees it: verified marks while it
// is being scored, for those who score; final ones once it is announced, of the units
// whose scores the actor reads.
type scoreTables struct {
	scoreRound
	row     models.ScoringScheme
	view    view
	classes []scoreClass
}

// scoreClass is a class with the units of it that the actor sees.
type scoreClass struct {
	card  *scoring.Card
	lines []scoreLine
	// units counts all of the class; where the actor does not see them all, ranks cannot
	// be computed from the lines.
	units int
}

// whole tells that all units of the class are there.
func (c *scoreClass) whole() bool { return len(c.lines) == c.units }

// scoreLine is one unit with its marks in the order of the card's leaves.
type scoreLine struct {
	unit  models.Unit
	name  string
	marks []scoring.Mark
	// score is nil while an award has no mark or where nothing applies; then there is no
	// rank.
	score *int64
	grade int
	rank  int
}

// scoreTables reads the score table. Before the announcement it is a Conflict for those
// who do not score.
func (w *write) scoreTables(id uint64) (*scoreTables, error) {
	at, err := w.scoreRound(id)
	if err != nil {
		return nil, err
	}
	t := &scoreTables{scoreRound: at, view: finalView}
	if at.round.Status == models.RoundScoring {
		if t.view = verifiedView; !w.assesses(at.office) {
			return nil, models.NewError(models.Conflict, "scores.not_announced", "Round", at.round.Title)
		}
	}
	if err := one(w.tx.Where("id = ?", at.round.SchemeID), &t.row, "assessment.scheme_unknown"); err != nil {
		return nil, err
	}
	var totals []models.Sheet
	if err := w.tx.Where("round_id = ?", id).Select("id", "class", "final").Find(&totals).Error; err != nil {
		return nil, fmt.Errorf("totals of round %d: %w", id, store.Translate(err))
	}
	lines, err := w.scoreLines(at, t.view)
	if err != nil {
		return nil, err
	}
	for _, class := range at.scheme.Classes {
		card, _ := at.scheme.Card(class.ID)
		c := scoreClass{card: card, lines: lines[class.ID]}
		var finals []*int64
		for _, sheet := range totals {
			if sheet.Class == class.ID {
				finals = append(finals, sheet.Final)
			}
		}
		if c.units = len(finals); len(c.lines) == 0 {
			continue
		}
		c.rank(finals)
		t.classes = append(t.classes, c)
	}
	return t, nil
}

// scoreLines reads the units by class, in the order of their codes.
func (w *write) scoreLines(at scoreRound, v view) (map[string][]scoreLine, error) {
	sheets, units, err := w.sheetsOf(at, readScore, at.whole)
	if err != nil {
		return nil, err
	}
	lines := map[string][]scoreLine{}
	for some := range slices.Chunk(sheets, batch) {
		papers, err := w.paperBatch(at, some, units)
		if err != nil {
			return nil, err
		}
		for _, p := range papers {
			marks := p.entries(v)
			result := p.card.Score(marks)
			lines[p.sheet.Class] = append(lines[p.sheet.Class], scoreLine{unit: p.unit, name: p.sheet.UnitName, marks: marks, score: total(result), grade: result.Grade})
		}
	}
	return lines, nil
}

// rank ranks the lines: among each other when all units of the class are there, else by
// the final scores of all.
func (c *scoreClass) rank(finals []*int64) {
	if c.whole() {
		finals = finals[:0]
		for _, line := range c.lines {
			finals = append(finals, line.score)
		}
	}
	var scores []scoring.Score
	for _, final := range finals {
		if final != nil {
			scores = append(scores, scoring.Score(*final))
		}
	}
	slices.SortFunc(scores, func(a, b scoring.Score) int { return int(b - a) })
	ranks := scoring.Ranks(scores)
	for n := range c.lines {
		line := &c.lines[n]
		if line.score == nil {
			continue
		}
		if place := slices.Index(scores, scoring.Score(*line.score)); place >= 0 {
			line.rank = ranks[place]
		}
	}
}

// WriteScoreTable writes the score table of a round as a workbook: a cover, and a sheet
// for each class whose totals, grades and ranks are formulas over the marks. What the
// formulas show is what package scoring computed.
func (d *Desk) WriteScoreTable(ctx context.Context, actor compliance.Actor, round uint64, to io.Writer, lang exchange.Language) error {
	t, err := d.look(ctx, actor).scoreTables(round)
	if err != nil {
		return err
	}
	return t.writeBook(to, lang, d.Today())
}

// WriteScoreList writes the score table of a round as CSV: the values alone, all classes
// one below the other.
func (d *Desk) WriteScoreList(ctx context.Context, actor compliance.Actor, round uint64, to io.Writer, lang exchange.Language) error {
	t, err := d.look(ctx, actor).scoreTables(round)
	if err != nil {
		return err
	}
	leaves := t.leaves()
	table := exchange.Table{Name: exchange.Text{ZH: "评分表", EN: "Scores"}}
	for _, key := range []string{"code", "unit", "class", "score", "grade", "rank", "won", "possible"} {
		heading := lang.Text("scores.column."+key, nil)
		table.Columns = append(table.Columns, exchange.Column{Key: key, Heading: exchange.Text{ZH: heading, EN: heading}})
	}
	for _, leaf := range leaves {
		heading := leaf.ID + " " + leaf.Title.In(lang.Tag)
		table.Columns = append(table.Columns, exchange.Column{Key: "leaf " + leaf.ID, Heading: exchange.Text{ZH: heading, EN: heading}})
	}
	file, err := exchange.NewWriter(to, exchange.CSV, table, lang)
	if err != nil {
		return err
	}
	defer file.Abort()
	for _, class := range t.classes {
		for _, line := range class.lines {
			if err := file.Write(class.values(line, leaves, lang)...); err != nil {
				return err
			}
		}
	}
	return file.Close()
}

// leaves lists what is scored in any class, in the order of the scheme.
func (t *scoreTables) leaves() []*scoring.Indicator {
	var leaves []*scoring.Indicator
	var walk func(list []scoring.Indicator)
	walk = func(list []scoring.Indicator) {
		for n := range list {
			if len(list[n].Children) == 0 {
				leaves = append(leaves, &list[n])
			}
			walk(list[n].Children)
		}
	}
	walk(t.scheme.Indicators)
	return leaves
}

// values are a line as CSV has it.
func (c *scoreClass) values(line scoreLine, leaves []*scoring.Indicator, lang exchange.Language) []any {
	a := c.card.Explain(line.marks)
	values := []any{line.unit.Code, line.name, c.card.Class.Title.In(lang.Tag), "", "", "", a.Won.String(), a.Possible.String()}
	if line.score != nil {
		values[3], values[4] = scoring.Score(*line.score).String(), c.card.Scheme.Grades[line.grade].Title.In(lang.Tag)
		if line.rank > 0 {
			values[5] = fmt.Sprint(line.rank)
		}
	}
	for _, leaf := range leaves {
		text := ""
		if place, found := c.card.Leaf(leaf.ID); found {
			text = fmt.Sprint(markValue(a.Parts[c.card.Leaves[place].Node], lang))
		}
		values = append(values, text)
	}
	return values
}

// markValue is a mark as it stands in a table: points as they were entered, those that
// duties won, or the word for what does not apply or is raised; empty for nothing.
func markValue(part scoring.Part, lang exchange.Language) any {
	mark, method := part.Mark, part.Node.Method
	switch {
	case method == scoring.MethodVeto && mark.Raised:
		return lang.Text("scores.cell.raised", nil)
	case method == scoring.MethodVeto:
		return ""
	case !part.Applicable:
		return lang.Text("scores.cell.na", nil)
	case mark.Given:
		return mark.Points.Decimal()
	case method == scoring.MethodAuto:
		return part.Won.Decimal()
	default:
		return ""
	}
}
