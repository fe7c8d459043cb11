package charts

import (
	"encoding/json"

	"github.com/go-echarts/go-echarts/v2/charts"
)

// TreeChart is fields as large as what they count, some divided into others.
type TreeChart struct {
	// Description is what a screen reader says.
	Description string
	Fields      []TreeField
}

// TreeField is a field; Words are its tooltip. What its parts do not count is left of it.
type TreeField struct {
	Name, Words string
	Count       int
	// Color is one of ShareColors.
	Color string
	Parts []TreeField
}

// treeNode is a field as the browser draws it.
type treeNode struct {
	Name    string            `json:"name"`
	Value   int               `json:"value"`
	Style   map[string]string `json:"itemStyle"`
	Tooltip words             `json:"tooltip"`
	Parts   []treeNode        `json:"children,omitempty"`
}

// treeLabel is how fields are named.
type treeLabel struct {
	Show     bool   `json:"show"`
	Format   string `json:"formatter,omitempty"`
	Color    string `json:"color,omitempty"`
	Overflow string `json:"overflow,omitempty"`
	Height   int    `json:"height,omitempty"`
}

// treeSeries has what the library does not know of a treemap.
type treeSeries struct {
	Type       string           `json:"type"`
	Data       []treeNode       `json:"data"`
	NodeClick  bool             `json:"nodeClick"`
	Roam       bool             `json:"roam"`
	Breadcrumb map[string]bool  `json:"breadcrumb"`
	Left       int              `json:"left"`
	Right      int              `json:"right"`
	Top        int              `json:"top"`
	Bottom     int              `json:"bottom"`
	Label      treeLabel        `json:"label"`
	UpperLabel treeLabel        `json:"upperLabel"`
	ItemStyle  map[string]any   `json:"itemStyle"`
	Levels     []map[string]any `json:"levels"`
}

// JSON returns the chart's options.
func (c TreeChart) JSON() ([]byte, error) {
	tree := charts.NewTreeMap()
	tree.Accept(strictVisitor{})
	tree.SetGlobalOptions(itemOptions(c.Description, false)...)
	tree.Validate()
	option := tree.JSON()
	label := treeLabel{Show: true, Format: "{b}\n{c}", Color: labelInk, Overflow: "truncate"}
	upper := label
	upper.Format, upper.Height = "{b} {c}", 20
	edge := func(width int) map[string]any {
		return map[string]any{"itemStyle": map[string]any{"borderColor": "var(--paper)", "borderWidth": width, "gapWidth": width}}
	}
	option["series"] = []treeSeries{{Type: "treemap", Data: treeNodes(c.Fields), Breadcrumb: map[string]bool{"show": false}, Label: label, UpperLabel: upper,
		ItemStyle: map[string]any{"borderColor": "var(--line-strong)"},
		Levels:    []map[string]any{{"upperLabel": map[string]bool{"show": false}, "itemStyle": edge(2)["itemStyle"]}, edge(1), edge(1)}}}
	return json.Marshal(option)
}

func treeNodes(fields []TreeField) []treeNode {
	nodes := make([]treeNode, len(fields))
	for i, f := range fields {
		nodes[i] = treeNode{f.Name, f.Count, map[string]string{"color": f.Color, "borderColor": f.Color}, words{f.Words}, treeNodes(f.Parts)}
	}
	return nodes
}
