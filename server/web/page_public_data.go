package web

import (
	"fmt"
	"slices"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// PublicDataPage describes the public data: its files, their fields, how rates are
// computed, and how anybody checks a seal.
type PublicDataPage struct {
	Page
	Files   []PublicFileLine
	Tables  []PublicTable
	Objects []PublicObject
	// Rates are the totals of the example, by which the rates are explained.
	Rates              bulletin.Tally
	All                int
	Completion, InTime string
	// Example is data.json of a made-up bulletin.
	Example string
}

// PublicFileLine is a file of an edition; Meaning is the key of what it has.
type PublicFileLine struct{ Name, MediaType, Meaning, Anchor string }

// PublicTable is a CSV file with its columns and the values of one row as an example.
type PublicTable struct {
	Name, Anchor string
	Columns      []PublicColumn
}

// PublicColumn is a column of a CSV file.
type PublicColumn struct {
	PublicField
	Heading, Example string
}

// publicFiles are the files that anybody may have, with the place of their description.
var publicFiles = []PublicFileLine{
	{"board.csv", csvType, "public.has.board", "table-board"}, {"ranking.csv", csvType, "public.has.ranking", "table-ranking"},
	{"late.csv", csvType, "public.has.late", "table-late"}, {"findings.csv", csvType, "public.has.findings", "table-findings"},
	{"data.json", jsonType, "public.has.data", "object-edition"}, {"sealed.json", jsonType, "public.has.sealed", "object-sealed"},
	{"document.docx", "Word", "public.has.word", ""}, {"/public/catalog.json", jsonType, "public.has.catalog", "object-catalog"},
}

// showPublicData describes the data to everybody.
func (s *Server) showPublicData(r *request) error {
	page := newPublicDataPage(s.publicBase(r, Crumb{Text: r.Locale.Text("public.data", nil)}))
	r.letCachesKeep()
	return s.show(r, "public_data", page)
}

func newPublicDataPage(base Page) *PublicDataPage {
	data := publicExample.Data
	p := &PublicDataPage{Page: base, Files: publicFiles, Objects: publicObjects, Rates: data.Total, All: compliance.Cell(data.Total.Cell).Total(),
		Completion: rateText(data.Total.Completion), InTime: rateText(data.Total.InTime), Example: string(exampleSource)}
	for _, table := range publicTables {
		p.Tables = append(p.Tables, describedTable(base.Locale, table))
	}
	return p
}

// describedTable puts a row of the example to the columns.
func describedTable(locale *frontend.Locale, table PublicObject) PublicTable {
	described := PublicTable{Name: table.Name, Anchor: "table-" + strings.TrimSuffix(table.Name, ".csv")}
	example := bulletinTableOf(locale, publicExample.Data, table.Name)
	row := fullestRow(example.rows)
	for i, field := range table.Fields {
		described.Columns = append(described.Columns, PublicColumn{field, locale.Text(field.Name, nil), fileText(row[i])})
	}
	return described
}

// fullestRow is the first row in which fewest values are empty or nothing.
func fullestRow(rows [][]any) []any {
	return slices.MinFunc(rows, func(a, b []any) int { return gaps(a) - gaps(b) })
}

// gaps counts the values that a row lacks; a nought is less of a gap than nothing.
func gaps(row []any) int {
	count := 0
	for _, value := range row {
		switch fileText(value) {
		case "", "–":
			count += len(row)
		case "0":
			count++
		}
	}
	return count
}

// fileText is a value as the files have it.
func fileText(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// Rule computes the rates of the example.
func (p PublicDataPage) Rule() rules.Reason {
	t := p.Rates
	return rules.Reason{Key: "public.rates_example", Args: models.Args("All", p.All, "Exempt", t.Exempt, "Owed", t.Owed, "Met", t.Met, "Late", t.Cell.Late, "Done", t.Done,
		"Completion", p.Completion, "InTime", p.InTime)}
}
