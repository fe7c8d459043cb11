package assessment

import (
	"archive/zip"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"sundial/server/calendar"
	"sundial/server/exchange"
	"sundial/server/scoring"
)

// scoreBook is the workbook in the making.
type scoreBook struct {
	*scoreTables
	file   *excelize.File
	lang   exchange.Language
	today  calendar.Date
	styles bookStyles
	cover  string
	// sheets are the names of the sheets of the classes.
	sheets []string
}

// bookStyles are the numbers of the styles of cells.
type bookStyles struct{ title, heading, code, text, input, sum, score, grade, rank, label, note int }

func (t *scoreTables) writeBook(to io.Writer, lang exchange.Language, today calendar.Date) error {
	b := &scoreBook{scoreTables: t, file: excelize.NewFile(), lang: lang, today: today}
	defer b.file.Close()
	if err := b.begin(); err != nil {
		return fmt.Errorf("begin score table: %w", err)
	}
	for n := range t.classes {
		if err := b.writeClass(&t.classes[n], b.sheets[n]); err != nil {
			return fmt.Errorf("score table of class %s: %w", t.classes[n].card.Class.ID, err)
		}
	}
	// The library would first gather the whole archive in memory.
	archive := zip.NewWriter(to)
	b.file.ZipWriter = func(io.Writer) excelize.ZipWriter { return archive }
	if err := b.file.Write(io.Discard); err != nil {
		return fmt.Errorf("write score table: %w", err)
	}
	return nil
}

func (b *scoreBook) begin() error {
	if err := b.file.SetDefaultFont(b.lang.Text("scores.book.font", nil)); err != nil {
		return err
	}
	if err := b.makeStyles(); err != nil {
		return err
	}
	b.cover = b.lang.Text("scores.book.cover", nil)
	if err := b.file.SetSheetName("Sheet1", b.cover); err != nil {
		return err
	}
	for n, class := range b.classes {
		b.sheets = append(b.sheets, sheetName(n+1, class.card.Class.Title.In(b.lang.Tag)))
		if _, err := b.file.NewSheet(b.sheets[n]); err != nil {
			return err
		}
	}
	if err := b.writeCover(); err != nil {
		return err
	}
	b.file.SetActiveSheet(min(1, len(b.sheets)))
	return nil
}

// sheetName makes the name of a sheet of a title: numbered, so that it is the only one of
// its name, without what spreadsheets forbid, and of 31 characters at most.
func sheetName(number int, title string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) || r > 0xFFFF {
			return -1
		}
		return r
	}, exchange.Clean(title))
	runes := []rune(strconv.Itoa(number) + " " + strings.ReplaceAll(name, "\n", " "))
	return strings.TrimSpace(string(runes[:min(len(runes), excelize.MaxSheetNameLength)]))
}

// The colours of the workbook.
const (
	headingFill = "DDE6F0"
	inputFill   = "FFF9E5"
	sumFill     = "F1F3F6"
	lineColour  = "C3CBD6"
)

func (b *scoreBook) makeStyles() error {
	font := b.lang.Text("scores.book.font", nil)
	border := []excelize.Border{{Type: "left", Color: lineColour, Style: 1}, {Type: "right", Color: lineColour, Style: 1},
		{Type: "top", Color: lineColour, Style: 1}, {Type: "bottom", Color: lineColour, Style: 1}}
	hundredths, whole := "0.00", 1
	style := func(size float64, bold bool, fill, horizontal string, wrap bool) excelize.Style {
		s := excelize.Style{Font: &excelize.Font{Family: font, Size: size, Bold: bold}, Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: wrap}}
		if fill != "" {
			s.Fill, s.Border = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}, border
		}
		return s
	}
	score, rank := style(11, true, sumFill, "center", false), style(11, false, sumFill, "center", false)
	score.CustomNumFmt, rank.NumFmt = &hundredths, whole
	const white = "FFFFFF"
	for _, each := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.styles.title, style(16, true, "", "left", false)},
		{&b.styles.heading, style(10, true, headingFill, "center", true)},
		{&b.styles.code, style(9, false, headingFill, "center", true)},
		{&b.styles.text, style(11, false, white, "left", true)},
		{&b.styles.input, style(11, false, inputFill, "center", false)},
		{&b.styles.sum, style(11, false, sumFill, "center", false)},
		{&b.styles.score, score},
		{&b.styles.grade, style(11, false, sumFill, "center", false)},
		{&b.styles.rank, rank},
		{&b.styles.label, style(11, true, headingFill, "left", true)},
		{&b.styles.note, style(10, false, "", "left", false)},
	} {
		var err error
		if *each.id, err = b.file.NewStyle(&each.style); err != nil {
			return err
		}
	}
	return nil
}

// writeClass writes the sheet of a class, row by row.
func (b *scoreBook) writeClass(class *scoreClass, sheet string) error {
	g := newScoreGrid(class, b.lang)
	if err := b.askForMarks(g, sheet); err != nil {
		return err
	}
	if err := b.fitPage(sheet); err != nil {
		return err
	}
	stream, err := b.file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: gridFixed, YSplit: g.full, TopLeftCell: columnLetters(gridFixed+1) + strconv.Itoa(g.first), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	for i, column := range g.columns {
		if err := stream.SetColWidth(i+1, i+1, column.width); err != nil {
			return err
		}
	}
	if err := b.writeHeadings(g, stream, class); err != nil {
		return err
	}
	for n, line := range class.lines {
		if err := stream.SetRow("A"+strconv.Itoa(g.first+n), b.cells(g, line, g.first+n)); err != nil {
			return err
		}
	}
	return stream.Flush()
}

// fitPage prints all columns on the width of one landscape page.
func (b *scoreBook) fitPage(sheet string) error {
	const sizeA3 = 8
	fit, landscape, size, wide, high := true, "landscape", sizeA3, 1, 0
	if err := b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &size, FitToWidth: &wide, FitToHeight: &high})
}

// Heights of rows.
const (
	titleHeight = 30
	levelHeight = 30
	leafHeight  = 66
)

// writeHeadings writes the title, the tree of indicators above their columns, and the rows
// of their codes, methods and points.
func (b *scoreBook) writeHeadings(g *scoreGrid, stream *excelize.StreamWriter, class *scoreClass) error {
	title := b.lang.Text("scores.book.title", map[string]any{"Round": b.round.Title, "Class": class.card.Class.Title.In(b.lang.Tag), "View": b.viewText(), "Cover": b.cover})
	if err := stream.SetRow("A1", []any{excelize.Cell{StyleID: b.styles.title, Value: title}}, excelize.RowOpts{Height: titleHeight}); err != nil {
		return err
	}
	rows := make([][]any, g.full-1)
	for n := range rows {
		rows[n] = make([]any, len(g.columns))
		style := b.styles.heading
		if n >= g.levels {
			style = b.styles.code
		}
		for i := range rows[n] {
			rows[n][i] = excelize.Cell{StyleID: style}
		}
	}
	put := func(row, column int, value any) {
		cell := rows[row-2][column-1].(excelize.Cell)
		cell.Value = value
		rows[row-2][column-1] = cell
	}
	levels := g.levels + 1 // the last row of titles
	var merged [][4]int
	for i, column := range g.columns {
		switch column.kind {
		case gridMark:
			b.headMark(g, column.node, put)
			merged = append(merged, [4]int{i + 1, 2 + g.card.Nodes[column.node].Depth, i + 1, levels})
		case gridWon:
			node := g.card.Nodes[column.node]
			put(2+node.Depth, g.leftmost(column.node), b.nodeTitle(node))
			put(3+node.Depth, i+1, column.heading)
			put(3+node.Depth, i+2, g.columns[i+1].heading)
			merged = append(merged, [4]int{g.leftmost(column.node), 2 + node.Depth, i + 2, 2 + node.Depth}, [4]int{i + 1, 3 + node.Depth, i + 1, g.full}, [4]int{i + 2, 3 + node.Depth, i + 2, g.full})
		case gridPossible: // with gridWon
		default:
			put(2, i+1, column.heading)
			merged = append(merged, [4]int{i + 1, 2, i + 1, g.full})
		}
	}
	for n, row := range rows {
		options := excelize.RowOpts{}
		switch {
		case n == g.levels-1:
			options.Height = leafHeight
		case n < g.levels:
			options.Height = levelHeight
		}
		if err := stream.SetRow("A"+strconv.Itoa(n+2), row, options); err != nil {
			return err
		}
	}
	return mergeAll(stream, merged)
}

// headMark writes what stands above a mark: title, code, method, and its points, which
// formulas refer to.
func (b *scoreBook) headMark(g *scoreGrid, n int, put func(row, column int, value any)) {
	node := g.card.Nodes[n]
	column := g.at[n]
	put(2+node.Depth, column, b.nodeTitle(node))
	put(g.full-2, column, node.ID)
	put(g.full-1, column, b.lang.Text("scores.method."+string(node.Method), nil))
	if node.Method != scoring.MethodVeto {
		put(g.full, column, number(node.Points.Decimal()))
	}
}

// nodeTitle is the title of an indicator, of a source with its weight.
func (b *scoreBook) nodeTitle(node scoring.Node) string {
	title := node.Title.In(b.lang.Tag)
	if node.Weight > 0 {
		title += b.lang.Text("scores.book.weight", map[string]any{"Percent": node.Weight.Decimal().Shift(2).String()})
	}
	return title
}

// leftmost is the first column of the indicators below a node.
func (g *scoreGrid) leftmost(n int) int {
	for g.card.Nodes[n].Leaf < 0 {
		n++ // the first one below follows
	}
	return g.at[n]
}

// mergeAll merges areas: columns and rows from the first to the last.
func mergeAll(stream *excelize.StreamWriter, areas [][4]int) error {
	for _, a := range areas {
		if a[0] == a[2] && a[1] == a[3] {
			continue
		}
		if err := stream.MergeCell(columnLetters(a[0])+strconv.Itoa(a[1]), columnLetters(a[2])+strconv.Itoa(a[3])); err != nil {
			return err
		}
	}
	return nil
}

// cells are the row of a unit: its marks, and formulas with what package scoring says
// that they come to.
func (b *scoreBook) cells(g *scoreGrid, line scoreLine, row int) []any {
	a := g.card.Explain(line.marks)
	cells := make([]any, len(g.columns))
	for i, column := range g.columns {
		cell := excelize.Cell{StyleID: b.styles.sum, Formula: g.formula(i+1, row)}
		switch column.kind {
		case gridText:
			cell = excelize.Cell{StyleID: b.styles.text, Value: map[bool]string{true: line.unit.Code, false: line.name}[i == 0]}
		case gridScore:
			cell.StyleID, cell.Value = b.styles.score, ""
			if line.score != nil {
				cell.Value = number(decimal.New(*line.score, -2))
			}
		case gridGrade:
			cell.StyleID, cell.Value = b.styles.grade, ""
			if line.score != nil {
				cell.Value = g.card.Scheme.Grades[line.grade].Title.In(b.lang.Tag)
			}
		case gridRank:
			cell.StyleID, cell.Value = b.styles.rank, ""
			if line.rank > 0 {
				cell.Value = line.rank
			}
		case gridMark:
			cell.StyleID, cell.Value = b.styles.input, markValue(a.Parts[column.node], b.lang)
			if points, ok := cell.Value.(decimal.Decimal); ok {
				cell.Value = number(points)
			} else if cell.Value == "" {
				cell.Value = nil
			}
		case gridWon:
			cell.Value = number(a.Parts[column.node].Won.Decimal())
		case gridPossible:
			cell.Value = number(a.Parts[column.node].Possible.Decimal())
		case gridLimit:
			cell.Value = number(a.Limits[i+1-g.limits[0]].Amount.Decimal())
		case gridPassed:
			cell.Value = number(a.Passed.Decimal())
		case gridTotalWon:
			cell.Value = number(a.Won.Decimal())
		case gridTotalPossible:
			cell.Value = number(a.Possible.Decimal())
		case gridMissing:
			cell.Value = a.Missing
		}
		cells[i] = cell
	}
	return cells
}

// number is the binary number next to a decimal one, as spreadsheets store them.
func number(d decimal.Decimal) float64 { return d.InexactFloat64() }

// askForMarks lets the cells of marks take what the card takes: points within bounds or
// the word for what does not apply, and of a veto the word for a raised one.
func (b *scoreBook) askForMarks(g *scoreGrid, sheet string) error {
	for _, column := range g.columns {
		if column.kind != gridMark {
			continue
		}
		node := g.card.Nodes[column.node]
		letters := columnLetters(g.at[column.node])
		first := letters + strconv.Itoa(g.first)
		rule := excelize.NewDataValidation(true)
		rule.SetSqref(first + ":" + letters + strconv.Itoa(g.last))
		if node.Method == scoring.MethodVeto {
			if err := rule.SetDropList([]string{b.lang.Text("scores.cell.raised", nil)}); err != nil {
				return err
			}
		} else {
			most := fmt.Sprintf(",%s<=%s$%d", first, letters, g.full)
			if node.Method == scoring.MethodDeduct {
				most = ""
			}
			rule.Type = "custom"
			// The library writes it as it is.
			rule.Formula1 = html.EscapeString(fmt.Sprintf("OR(%s=%s,AND(ISNUMBER(%s),%s>=0%s))", first, g.notApplicable(), first, first, most))
			rule.SetError(excelize.DataValidationErrorStyleStop, node.ID, b.lang.Text("scores.book.cell_rule", map[string]any{"Max": node.Points.String()}))
		}
		if err := b.file.AddDataValidation(sheet, rule); err != nil {
			return err
		}
	}
	return nil
}

// viewText says which of the three scores the table has.
func (b *scoreBook) viewText() string {
	if b.view == verifiedView {
		return b.lang.Text("scores.view.verified", nil)
	}
	return b.lang.Text("scores.view.final", nil)
}
