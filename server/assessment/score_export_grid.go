package assessment

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"sundial/server/exchange"
	"sundial/server/scoring"
)

// scoreGrid is the sheet of one class: where everything stands, and the formulas.
//
// Cells hold points; whatever is added up is rounded to the decimals that it can have, so
// that no rest of binary fractions is handed on. The score is computed in whole numbers:
// won W and possible P in the smallest unit that occurs are rounded to integers, and
//
//	score = (INT(100·W/P)·100 + INT((200·MOD(100·W,P) + P) / (2·P))) / 100
//
// is ⌊10000·W/P + ½⌋ / 100, divided as on paper: first the whole points, then, of the rest,
// the hundredths half up. No number in it is above 2^48, so that all are exact and
// spreadsheets that look at 15 digits only (LibreOffice) divide them rightly too.
type scoreGrid struct {
	card *scoring.Card
	lang exchange.Language
	// whole tells that all units of the class are there, so that ranks are formulas too.
	whole bool
	// first and last are the rows of the units; levels is how many rows of titles there
	// are above, full the row of the points that marks are out of.
	first, last, levels, full int
	columns                   []gridColumn
	// at is the column of each node: of its mark, or of what it won; possible the next.
	at     []int
	limits []int
	// passed is 0 where no deduction passes anything on.
	passed, won, possible, missing int
	// unit is the power of ten of the smallest unit: 4 decimals, or more with weights.
	unit int
	// plain tells that there are no formulas: the scheme is beyond what they can do.
	plain    bool
	formulas []string
}

// gridColumn is a column: its heading, and for a mark its node.
type gridColumn struct {
	kind    gridKind
	node    int
	heading string
	width   float64
}

type gridKind int

const (
	gridText gridKind = iota // unit code and name
	gridScore
	gridGrade
	gridRank
	gridMark
	gridWon
	gridPossible
	gridLimit
	gridPassed
	gridTotalWon
	gridTotalPossible
	gridMissing
)

// The columns that every grid begins with.
const (
	gridCodeAt = iota + 1
	gridNameAt
	gridScoreAt
	gridGradeAt
	gridRankAt
	gridFixed = gridRankAt
)

func newScoreGrid(class *scoreClass, lang exchange.Language) *scoreGrid {
	g := &scoreGrid{card: class.card, lang: lang, whole: class.whole(), at: make([]int, len(class.card.Nodes)), limits: nil, unit: scoring.MaxDecimals}
	for _, node := range g.card.Nodes {
		g.levels = max(g.levels, node.Depth+1)
		if node.Weight > 0 {
			g.unit = max(g.unit, scoring.MaxDecimals+decimalsOf(node.Weight))
		}
	}
	const title, codes, methods = 1, 1, 1
	g.full = title + g.levels + codes + methods + 1
	g.first = g.full + 1
	g.last = g.full + len(class.lines)
	g.place()
	g.write()
	return g
}

// decimalsOf counts the decimals of a weight.
func decimalsOf(weight scoring.Amount) int {
	_, decimals, _ := strings.Cut(weight.String(), ".")
	return len(decimals)
}

// place gives everything its column.
func (g *scoreGrid) place() {
	g.add(gridText, "scores.column.code", 12)
	g.add(gridText, "scores.column.unit", 20)
	g.add(gridScore, "scores.column.score", 9)
	g.add(gridGrade, "scores.column.grade", 9)
	g.add(gridRank, "scores.column.rank", 7)
	next := g.placeBelow(-1, 0)
	if next != len(g.card.Nodes) {
		panic("assessment: a node of the card has no column")
	}
	for _, limit := range g.card.Explain(make([]scoring.Mark, len(g.card.Leaves))).Limits {
		g.columns = append(g.columns, gridColumn{kind: gridLimit, heading: g.lang.Text("scores.column.limit", map[string]any{"Limit": limit.Limit.Title, "Most": limit.Limit.Most.String()}), width: 17})
		g.limits = append(g.limits, len(g.columns))
	}
	for _, leaf := range g.card.Leaves {
		if leaf.Method == scoring.MethodDeduct && leaf.Cap == scoring.CapNone {
			g.passed = g.add(gridPassed, "scores.column.passed", 12)
			break
		}
	}
	g.won = g.add(gridTotalWon, "scores.column.won", 11)
	g.possible = g.add(gridTotalPossible, "scores.column.possible", 11)
	g.missing = g.add(gridMissing, "scores.column.missing", 8)
}

func (g *scoreGrid) add(kind gridKind, heading string, width float64) int {
	g.columns = append(g.columns, gridColumn{kind: kind, heading: g.lang.Text(heading, nil), width: width})
	return len(g.columns)
}

// placeBelow gives the nodes below one their columns, from the node at next on: of a group
// its indicators first, then what it won and could win. It returns the next node.
func (g *scoreGrid) placeBelow(parent, next int) int {
	for next < len(g.card.Nodes) && g.card.Nodes[next].Parent == parent {
		n := next
		next++
		if g.card.Nodes[n].Leaf >= 0 {
			g.columns = append(g.columns, gridColumn{kind: gridMark, node: n, width: 10})
			g.at[n] = len(g.columns)
			continue
		}
		next = g.placeBelow(n, next)
		for _, of := range []struct {
			kind gridKind
			key  string
		}{{gridWon, "scores.column.group_won"}, {gridPossible, "scores.column.group_possible"}} {
			g.columns = append(g.columns, gridColumn{kind: of.kind, node: n, heading: g.lang.Text(of.key, nil), width: 9})
		}
		g.at[n] = len(g.columns) - 1
	}
	return next
}

// rowMark stands for the row in formulas, which are written once for all rows.
const rowMark = "\x00"

// Bounds of what formulas can do: a spreadsheet's longest, and the largest total in units
// whose division is exact everywhere (see scoreGrid).
const (
	longestFormula = 8000
	largestTotal   = 250_000_000_000
)

// write makes the formula of each column; those of columns without are empty.
func (g *scoreGrid) write() {
	g.formulas = make([]string, len(g.columns))
	for i, column := range g.columns {
		formula := ""
		switch column.kind {
		case gridScore:
			formula = g.scoreFormula()
		case gridGrade:
			formula = g.gradeFormula()
		case gridRank:
			if g.whole {
				score := columnLetters(gridScoreAt)
				formula = fmt.Sprintf(`IF(ISNUMBER(%s),RANK(%s,%s$%d:%s$%d),"")`, g.cell(gridScoreAt), g.cell(gridScoreAt), score, g.first, score, g.last)
			}
		case gridWon:
			formula = g.rounded("MAX(0,"+sumOf(g.terms(column.node, g.wonTerm))+")", column.node)
		case gridPossible:
			formula = g.rounded(sumOf(g.terms(column.node, g.possibleTerm)), column.node)
		case gridPassed:
			formula = g.passedFormula()
		case gridTotalWon:
			formula = fmt.Sprintf("ROUND(MAX(0,%s),%d)", sumOf(g.totalTerms()), g.unit)
		case gridTotalPossible:
			formula = fmt.Sprintf("ROUND(%s,%d)", sumOf(g.terms(-1, g.possibleTerm)), g.unit)
		case gridMissing:
			formula = g.missingFormula()
		}
		g.formulas[i] = formula
		g.plain = g.plain || len(formula) > longestFormula
	}
	for n, column := range g.limits {
		g.formulas[column-1] = g.limitFormula(n)
	}
	total := scoring.Amount(0)
	for _, node := range g.card.Nodes {
		if node.Parent < 0 {
			total += node.Points
		}
	}
	// Whole points first: no product gets too large for this.
	g.plain = g.plain || float64(total/scoring.Point+1) > largestTotal/pow10(g.unit)
}

func pow10(exponent int) float64 {
	power, _ := strconv.ParseFloat("1e"+strconv.Itoa(exponent), 64)
	return power
}

// formula returns that of a column for a row.
func (g *scoreGrid) formula(column, row int) string {
	if g.plain {
		return ""
	}
	return strings.ReplaceAll(g.formulas[column-1], rowMark, strconv.Itoa(row))
}

// cell is the cell of a column in the row of the formula, most the points that a mark is
// out of.
func (g *scoreGrid) cell(column int) string { return columnLetters(column) + rowMark }

func (g *scoreGrid) most(column int) string {
	return columnLetters(column) + "$" + strconv.Itoa(g.full)
}

func (g *scoreGrid) notApplicable() string { return quoted(g.lang.Text("scores.cell.na", nil)) }

// rounded rounds a sum of points: four decimals, or those of the smallest unit where
// weights have come in.
func (g *scoreGrid) rounded(sum string, node int) string {
	decimals := scoring.MaxDecimals
	if g.weighted(node) {
		decimals = g.unit
	}
	return fmt.Sprintf("ROUND(%s,%d)", sum, decimals)
}

// weighted tells whether the node is a composite or has one below it.
func (g *scoreGrid) weighted(node int) bool {
	for n := node; n < len(g.card.Nodes); n++ {
		if n > node && g.card.Nodes[n].Depth <= g.card.Nodes[node].Depth {
			return false
		}
		if g.card.Nodes[n].Method == scoring.MethodComposite {
			return true
		}
	}
	return false
}

// terms are what the children of a node bring, those of a composite with their weights.
func (g *scoreGrid) terms(parent int, term func(n int) string) []string {
	var terms []string
	for n, node := range g.card.Nodes {
		if node.Parent != parent {
			continue
		}
		text := term(n)
		if text == "" {
			continue
		}
		if node.Weight > 0 {
			text = fmt.Sprintf("PRODUCT(%s,%s)", node.Weight, sumOf([]string{text}))
		}
		terms = append(terms, text)
	}
	return terms
}

// sumOf adds terms up; texts and blanks in the cells among them count as nothing.
func sumOf(terms []string) string {
	if len(terms) == 0 {
		return "0"
	}
	return "SUM(" + strings.Join(terms, ",") + ")"
}

// wonTerm is what a node brings to the one above it.
func (g *scoreGrid) wonTerm(n int) string {
	node := g.card.Nodes[n]
	mark, most := g.cell(g.at[n]), g.most(g.at[n])
	limited := node.Leaf >= 0 && g.card.Scheme.Limited(node.Indicator)
	switch {
	case node.Leaf < 0, node.Method == scoring.MethodAward, node.Method == scoring.MethodAuto, node.Method == scoring.MethodBonus && !limited:
		return mark
	case node.Method == scoring.MethodDeduct && limited:
		return g.unlessNA(n, most)
	case node.Method == scoring.MethodDeduct && node.Cap == scoring.CapParent:
		return g.unlessNA(n, most+"-"+mark)
	case node.Method == scoring.MethodDeduct:
		return g.unlessNA(n, fmt.Sprintf("MAX(0,%s-%s)", most, mark))
	}
	return ""
}

// possibleTerm is what a node could bring.
func (g *scoreGrid) possibleTerm(n int) string {
	node := g.card.Nodes[n]
	switch {
	case node.Leaf < 0:
		return g.cell(g.at[n] + 1)
	case node.Method == scoring.MethodAuto:
		return fmt.Sprintf("IF(ISNUMBER(%s),%s,0)", g.cell(g.at[n]), g.most(g.at[n]))
	case node.Method == scoring.MethodAward, node.Method == scoring.MethodDeduct:
		return g.unlessNA(n, g.most(g.at[n]))
	}
	return ""
}

func (g *scoreGrid) unlessNA(n int, value string) string {
	return fmt.Sprintf("IF(%s=%s,0,%s)", g.cell(g.at[n]), g.notApplicable(), value)
}

// totalTerms are what was won on the first level, let through by limits, and passed on.
func (g *scoreGrid) totalTerms() []string {
	terms := g.terms(-1, g.wonTerm)
	for n, limit := range g.card.Limits() {
		if limit.Within == "" {
			terms = append(terms, g.cell(g.limits[n]))
		}
	}
	if g.passed > 0 {
		terms = append(terms, g.cell(g.passed))
	}
	return terms
}

// limitFormula is what the limit lets through, negative for deductions. A limit bounds
// either deductions or bonuses.
func (g *scoreGrid) limitFormula(n int) string {
	limits := g.card.Limits()
	var terms, taken []string
	for inner, other := range limits {
		if other.Within == limits[n].ID {
			terms = append(terms, g.cell(g.limits[inner]))
		}
	}
	for i, node := range g.card.Nodes {
		switch {
		case node.Leaf < 0, node.Cap != limits[n].ID, !g.card.Scheme.Limited(node.Indicator):
		case node.Method == scoring.MethodDeduct:
			taken = append(taken, g.cell(g.at[i]))
		default:
			terms = append(terms, g.cell(g.at[i]))
		}
	}
	if len(taken) > 0 {
		terms = append(terms, "PRODUCT(-1,"+sumOf(taken)+")")
	}
	return fmt.Sprintf("ROUND(MAX(-%s,MIN(%s,%s)),%d)", limits[n].Most, limits[n].Most, sumOf(terms), scoring.MaxDecimals)
}

// passedFormula is what uncapped deductions take beyond their own points.
func (g *scoreGrid) passedFormula() string {
	var terms []string
	for n, node := range g.card.Nodes {
		if node.Method == scoring.MethodDeduct && node.Cap == scoring.CapNone {
			terms = append(terms, g.unlessNA(n, fmt.Sprintf("MIN(0,%s-%s)", g.most(g.at[n]), g.cell(g.at[n]))))
		}
	}
	return fmt.Sprintf("ROUND(%s,%d)", sumOf(terms), scoring.MaxDecimals)
}

// missingFormula counts the awards without a mark.
func (g *scoreGrid) missingFormula() string {
	sum := "0"
	for n, node := range g.card.Nodes {
		if node.Leaf >= 0 && node.Method == scoring.MethodAward {
			sum += fmt.Sprintf("+ISBLANK(%s)", g.cell(g.at[n]))
		}
	}
	return sum
}

func (g *scoreGrid) scoreFormula() string {
	scale := strconv.FormatFloat(pow10(g.unit), 'f', -1, 64)
	won := fmt.Sprintf("ROUND(%s*%s,0)", g.cell(g.won), scale)
	possible := fmt.Sprintf("ROUND(%s*%s,0)", g.cell(g.possible), scale)
	score := fmt.Sprintf("(INT(100*%s/%s)*100+INT((200*MOD(100*%s,%s)+%s)/(2*%s)))/100", won, possible, won, possible, possible, possible)
	return fmt.Sprintf(`IF(OR(%s>0,%s=0),"",MIN(%s,%s))`, g.cell(g.missing), g.cell(g.possible), g.card.Class.Maximum, score)
}

// gradeFormula is the grade that the score reaches, or the worst one that a veto leads to.
func (g *scoreGrid) gradeFormula() string {
	grades := g.card.Scheme.Grades
	reached := strconv.Itoa(len(grades))
	for n := len(grades) - 2; n >= 0; n-- {
		reached = fmt.Sprintf("IF(%s>=%s,%d,%s)", g.cell(gridScoreAt), grades[n].From, n+1, reached)
	}
	places := []string{reached}
	for n, node := range g.card.Nodes {
		if node.Method == scoring.MethodVeto {
			places = append(places, fmt.Sprintf("IF(%s=%s,%d,0)", g.cell(g.at[n]), quoted(g.lang.Text("scores.cell.raised", nil)), g.card.VetoGrade(node.Leaf)+1))
		}
	}
	titles := make([]string, len(grades))
	for n, grade := range grades {
		titles[n] = quoted(grade.Title.In(g.lang.Tag))
	}
	return fmt.Sprintf(`IF(ISNUMBER(%s),CHOOSE(MAX(%s),%s),"")`, g.cell(gridScoreAt), strings.Join(places, ","), strings.Join(titles, ","))
}

// quoted is a text in a formula.
func quoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

func columnLetters(column int) string {
	letters, err := excelize.ColumnNumberToName(column)
	if err != nil {
		panic(err) // no scheme has so many indicators
	}
	return letters
}
