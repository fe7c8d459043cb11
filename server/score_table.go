package main

import (
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"sundial/server/exchange"
	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

// scoreTable has a column for each indicator of the scheme that is scored, headed by
// its id.
func scoreTable(scheme *scoring.Scheme) (table exchange.Table, ids []string) {
	table.Columns = []exchange.Column{
		{Key: "unit", Heading: exchange.Text{ZH: "单位代码", EN: "unit"}, Also: []string{"单位编码", "unit code"}, Required: true},
		{Key: "name", Heading: exchange.Text{ZH: "单位", EN: "name"}, Also: []string{"单位名称", "unit name"}},
		{Key: "class", Heading: exchange.Text{ZH: "类别", EN: "class"}, Also: []string{"单位类别"}, Required: true},
	}
	known := map[string]bool{}
	for _, class := range scheme.Classes {
		card, _ := scheme.Card(class.ID)
		for _, leaf := range card.Leaves {
			if !known[leaf.ID] {
				known[leaf.ID] = true
				ids = append(ids, leaf.ID)
				table.Columns = append(table.Columns, exchange.Column{Key: "indicator " + leaf.ID, Heading: exchange.Text{ZH: leaf.ID, EN: leaf.ID}})
			}
		}
	}
	return table, ids
}

// tableEntries returns the rows of a table of scores. Columns that are no indicator of
// the scheme are faults.
func tableEntries(scheme *scoring.Scheme, file *os.File) (scoreEntries, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, plainRead(file.Name(), err)
	}
	table, ids := scoreTable(scheme)
	limits := exchange.Limits{File: 1 << 30, Unpacked: 4 << 30, Strings: 128 << 20, Rows: 1 << 20, Columns: len(table.Columns) + 10, Cell: 1000}
	reader, err := exchange.Open(file.Name(), file, info.Size(), table, limits)
	if err != nil {
		return nil, err
	}
	return func(yield func(scoreEntry, error) bool) {
		for _, note := range reader.Notes() {
			if !yield(unknownColumn(note), nil) {
				return
			}
		}
		for row, err := range reader.Rows() {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(func() (*yaml.Node, error) { return rowNode(scheme, ids, row) }, nil) {
				return
			}
		}
	}, nil
}

// unknownColumn refuses a column that is no indicator.
func unknownColumn(note exchange.Fault) scoreEntry {
	return func() (*yaml.Node, error) {
		return nil, strictyaml.Problems{{Line: note.Row, Key: "scoring.unknown_indicator", Args: map[string]any{"Value": note.Args["Column"]}}}
	}
}

// rowNode writes a row as an item of a list has it.
func rowNode(scheme *scoring.Scheme, ids []string, row *exchange.Row) (*yaml.Node, error) {
	var problems strictyaml.Problems
	for _, f := range row.Faults() {
		problems = append(problems, strictyaml.Problem{Line: f.Row, Key: f.Key, Args: f.Args})
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	item := rowItem{line: row.Number}
	for _, id := range ids {
		if cell := row.Text("indicator " + id); cell != "" {
			indicator, _ := scheme.Find(id)
			item.add(indicator, cell)
		}
	}
	return item.mapping(
		item.text("unit"), item.text(row.Text("unit")), item.text("class"), item.text(row.Text("class")),
		item.text("points"), item.mapping(item.points...), item.text("na"), item.list(item.na...),
		item.text("veto"), item.list(item.veto...), item.text("duties"), item.mapping(item.duties...)), nil
}

// rowItem collects the nodes of a row, all of them on its line.
type rowItem struct {
	line                     int
	points, na, veto, duties []*yaml.Node
}

// add takes over a cell: na, for a veto a yes, for an auto indicator the states of its
// duties, else points.
func (r *rowItem) add(indicator *scoring.Indicator, cell string) {
	id := r.text(indicator.ID)
	switch word := strings.ToLower(cell); {
	case word == "na" || word == "n/a" || word == "不适用":
		r.na = append(r.na, id)
	case indicator.Method == scoring.MethodVeto && (word == "raised" || word == "yes" || word == "是"):
		r.veto = append(r.veto, id)
	case indicator.Method == scoring.MethodVeto && (word == "no" || word == "否"):
	case indicator.Method == scoring.MethodAuto && strings.Trim(cell, "0123456789.-") != "":
		var states []*yaml.Node
		for _, state := range strings.Fields(word) {
			states = append(states, r.text(state))
		}
		r.duties = append(r.duties, id, r.list(states...))
	default:
		r.points = append(r.points, id, r.text(cell))
	}
}

func (r *rowItem) text(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: r.line}
}

func (r *rowItem) mapping(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: content, Line: r.line}
}

func (r *rowItem) list(content ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: content, Line: r.line}
}
