package assessment

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sundial/models"
	"sundial/server/strictyaml"
)

// yamlField is a field of a mapping; one without a value is left out.
type yamlField struct {
	key   string
	value *yaml.Node
}

func yamlMapping(pairs ...yamlField) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range pairs {
		if p.value != nil {
			node.Content = append(node.Content, yamlText(p.key), p.value)
		}
	}
	return node
}

func yamlText(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))}
}

// yamlGiven leaves out what is blank.
func yamlGiven(value string) *yaml.Node {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	return yamlText(value)
}

// yamlNumber writes a whole number as one; anything else stays a text, for the reader to
// refuse.
func yamlNumber(value string) *yaml.Node {
	node := yamlText(value)
	if _, err := strconv.Atoi(node.Value); err == nil {
		node.Tag = "!!int"
	}
	return node
}

func yamlBoth(zh, en string) *yaml.Node {
	return yamlMapping(yamlField{"zh", yamlText(zh)}, yamlField{"en", yamlText(en)})
}

func yamlTexts(values []string) *yaml.Node {
	if len(values) == 0 {
		return nil
	}
	node := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, value := range values {
		node.Content = append(node.Content, yamlText(value))
	}
	return node
}

func yamlPoints(points map[string]string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, class := range slices.Sorted(maps.Keys(points)) {
		if value := yamlGiven(points[class]); value != nil {
			node.Content = append(node.Content, yamlText(class), value)
		}
	}
	if len(node.Content) == 0 {
		return nil
	}
	return node
}

func yamlList[T any](w editWriter, name string, rows []T, write func(T) *yaml.Node) *yaml.Node {
	if len(rows) == 0 {
		return nil
	}
	node := &yaml.Node{Kind: yaml.SequenceNode}
	for n, row := range rows {
		item := write(row)
		w.starts[item] = fmt.Sprintf("%s[%d]", name, n)
		node.Content = append(node.Content, item)
	}
	return node
}

// editStart is where a part of the form begins in its text; key is that of a field of the
// scheme itself.
type editStart struct {
	line      int
	name, key string
}

// faults names each fault by the field of the form that its line belongs to.
func (w editWriter) faults(faults strictyaml.Problems, root *yaml.Node, source []byte) error {
	var read yaml.Node
	if err := yaml.Unmarshal(source, &read); err != nil {
		return fmt.Errorf("read the form of a scheme: %w", err)
	}
	var starts []editStart
	for i := 0; i+1 < len(read.Content[0].Content); i += 2 {
		key := read.Content[0].Content[i]
		starts = append(starts, editStart{line: key.Line, key: key.Value})
	}
	w.place(root, read.Content[0], &starts)
	slices.SortStableFunc(starts, func(a, b editStart) int { return a.line - b.line })
	fields := make([]models.Field, len(faults))
	for n, fault := range faults {
		field, _ := fault.Args["Field"].(string)
		fields[n] = models.Field{Name: nameAt(starts, fault.Line, field), Key: fault.Key, Args: fault.Args}
	}
	return models.InvalidFields(fields)
}

// place walks what was written together with what was read, which has lines.
func (w editWriter) place(written, read *yaml.Node, starts *[]editStart) {
	if name, part := w.starts[written]; part {
		*starts = append(*starts, editStart{line: read.Line, name: name})
	}
	for n := range written.Content {
		w.place(written.Content[n], read.Content[n], starts)
	}
}

// nameAt returns the name of a field at a line: that of the part of the form which begins
// last before it.
func nameAt(starts []editStart, line int, field string) string {
	at := editStart{}
	for _, s := range starts {
		if s.line <= line {
			at = s
		}
	}
	switch {
	case at.name == "" && field == "":
		return at.key
	case at.name == "":
		return field
	case field == "":
		return at.name + ".id"
	default:
		return at.name + "." + field
	}
}
