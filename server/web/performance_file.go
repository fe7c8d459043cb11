package web

import (
	"cmp"
	"io"
	"slices"

	"github.com/shopspring/decimal"

	"sundial/models"
	"sundial/server/exchange"
	"sundial/server/rules"
)

// Columns of a performance scheme as a file.
const (
	schemeName   = "name"
	schemePoints = "points"
	schemeMark   = "openness"
	schemeReason = "reason"
)

// schemeTable is a performance scheme as a file: a row for each item, and one that
// is called a total.
var schemeTable = exchange.Table{
	Name: exchange.Text{ZH: "绩效考核方案", EN: "Performance scheme"},
	Columns: []exchange.Column{
		{Key: schemeName, Heading: exchange.Text{ZH: "项目", EN: "Item"}, Also: []string{"项目名称", "考核项目", "考核内容", "考核指标", "指标", "指标名称", "名称", "name"},
			Required: true, Width: 40, Hint: "weight.file.hint_name", Example: "政务公开"},
		{Key: schemePoints, Heading: exchange.Text{ZH: "分值", EN: "Points"}, Also: []string{"分数", "标准分", "标准分值", "满分", "基准分"},
			Kind: exchange.KindDecimal, Required: true, Hint: "weight.file.hint_points", Example: "40"},
		{Key: schemeMark, Heading: exchange.Text{ZH: "标注", EN: "Mark"}, Also: []string{"属于", "政务公开标注", "是否政务公开", "counts as"},
			Kind: exchange.KindChoice, Hint: "weight.file.hint_mark", Example: "核心", Words: []exchange.Word{
				{Value: string(rules.OpennessCore), Text: exchange.Text{ZH: "核心", EN: "Core"}, Also: []string{"政务公开", "政务公开本项", "政务公开本身", "本项", "openness"}},
				{Value: string(rules.OpennessRelated), Text: exchange.Text{ZH: "相关", EN: "Related"}, Also: []string{"相关项"}},
				{Value: schemeNoMark, Text: exchange.Text{ZH: "其他", EN: "Other"}, Also: []string{"无", "否", "不标注", "-", "—", "–", "/", "none"}},
			}},
		{Key: schemeReason, Heading: exchange.Text{ZH: "理由", EN: "Reason"}, Also: []string{"标注理由", "标注说明", "计入理由"},
			Width: 50, Hint: "weight.file.hint_reason", Example: "考核主动公开和政策解读"},
	},
}

// schemeNoMark is the word for an item that has no mark; an empty cell is none too.
const schemeNoMark = "none"

// maxSchemeFile bounds a file with a performance scheme, in bytes.
const maxSchemeFile = 4 << 20

var performanceLimits = exchange.Limits{File: maxSchemeFile, Unpacked: 64 << 20, Strings: 16 << 20, Rows: 5000, Columns: 200, Cell: 100_000}

// schemeFile is a performance scheme as it was read from a file. Total is empty
// when no row says it.
type schemeFile struct {
	total string
	items []rules.Item
}

// readSchemeFile reads a performance scheme. It is taken as a whole or refused as
// Invalid, each fault named by its cell with what would be right.
func readSchemeFile(name string, file io.ReaderAt, size int64) (schemeFile, error) {
	reader, err := exchange.Open(name, file, size, schemeTable, performanceLimits)
	if err != nil {
		return schemeFile{}, err
	}
	r := schemeReader{}
	for row, err := range reader.Rows() {
		if err != nil {
			return schemeFile{}, err
		}
		if len(r.rows) == rules.MaxItems && !rules.IsTotal(row.Text(schemeName)) {
			return schemeFile{}, models.NewError(models.Invalid, "filing.too_many_items", "Max", rules.MaxItems)
		}
		r.read(row)
	}
	r.check()
	if r.total == nil && len(r.rows) == 0 {
		return schemeFile{}, models.NewError(models.Invalid, "weight.file.no_items", "Name", name)
	}
	return r.result()
}

// schemeReader collects the items of a file with the rows that they stand in.
type schemeReader struct {
	items []rules.Item
	rows  []*exchange.Row
	total *exchange.Row
	sums  []*exchange.Row
}

func (r *schemeReader) read(row *exchange.Row) {
	if rules.IsTotal(row.Text(schemeName)) {
		r.sums = append(r.sums, row)
		if r.total != nil {
			row.Fault(schemeName, "weight.file.total_twice", "Row", r.total.Number)
			return
		}
		r.total = row
		return
	}
	mark := rules.Openness(row.Text(schemeMark))
	if mark == schemeNoMark {
		mark = rules.OpennessNone
	}
	item := rules.Item{Name: row.Text(schemeName), Openness: mark, Reason: row.Text(schemeReason)}
	if row.Given(schemePoints) {
		item.Points = r.points(row)
	}
	r.items, r.rows = append(r.items, item), append(r.rows, row)
}

// points writes the points as a form would; what is no number of points is a
// fault.
func (r *schemeReader) points(row *exchange.Row) string {
	value := row.Decimal(schemePoints)
	if problem := rules.CheckPoints(value); problem != nil {
		row.Fault(schemePoints, problem.Key, "Value", row.Shown(schemePoints))
	}
	return value.String()
}

// check finds what is wrong with the items beyond single cells, and whether they
// add up to the total that the file has.
func (r *schemeReader) check() {
	for _, problem := range rules.CheckItems(r.items) {
		i, part := problem.Item()
		if slices.ContainsFunc(r.rows[i].Faults(), func(f exchange.Fault) bool { return f.Column == part }) {
			continue // it could not be read at all
		}
		args := make([]any, 0, 2*len(problem.Args))
		for name, value := range problem.Args {
			if name == "Number" {
				name, value = "Row", r.rows[value.(int)-1].Number
			}
			args = append(args, name, value)
		}
		key := problem.Key
		if key == "filing.item_twice" {
			key = "weight.file.item_twice"
		}
		r.rows[i].Fault(part, key, args...)
	}
	if r.total == nil || !r.total.Given(schemePoints) || r.faulty() {
		return
	}
	total, sum := r.total.Decimal(schemePoints), decimal.Zero
	if problem := rules.CheckPoints(total); problem != nil || total.IsZero() {
		r.total.Fault(schemePoints, "filing.total_positive")
		return
	}
	for _, row := range r.rows {
		sum = sum.Add(row.Decimal(schemePoints))
	}
	if difference := sum.Sub(total); !difference.IsZero() {
		r.total.Fault(schemePoints, "filing.does_not_add_up", "Sum", sum.String(), "Total", total.String(),
			"Difference", difference.Abs().String(), "Over", difference.IsPositive())
	}
}

func (r *schemeReader) faulty() bool {
	return slices.ContainsFunc(slices.Concat(r.rows, r.sums), func(row *exchange.Row) bool { return len(row.Faults()) > 0 })
}

// result is the scheme, or all that is wrong with it, from top to bottom.
func (r *schemeReader) result() (schemeFile, error) {
	rows := slices.Concat(r.rows, r.sums)
	slices.SortFunc(rows, func(a, b *exchange.Row) int { return a.Number - b.Number })
	var fields []models.Field
	for _, row := range rows {
		faults := row.Faults()
		slices.SortStableFunc(faults, func(a, b exchange.Fault) int { return cmp.Compare(a.Cell, b.Cell) })
		for _, fault := range faults {
			fields = append(fields, fault.Field())
		}
	}
	if err := models.InvalidFields(fields); err != nil {
		return schemeFile{}, err
	}
	read := schemeFile{items: r.items}
	if r.total != nil {
		read.total = r.total.Decimal(schemePoints).String()
	}
	return read, nil
}
