package assessment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

// EditScheme is ChangeScheme by the form: what is wrong is Invalid, each fault with the
// field's name, such as indicators[4].points.
func (d *Desk) EditScheme(ctx context.Context, actor compliance.Actor, id uint64, version int, edit SchemeEdit) (*models.ScoringScheme, error) {
	text, scheme, faults := edit.read()
	var row *models.ScoringScheme
	err := d.write(ctx, actor, func(w *write) error {
		var office models.Unit
		var err error
		if row, office, err = w.draft(id, version); err != nil || faults != nil {
			return err
		}
		return w.changeScheme(row, office, text, scheme)
	})
	if err == nil {
		err = faults
	}
	return row, err
}

// NewScheme is AddScheme by the form.
func (d *Desk) NewScheme(ctx context.Context, actor compliance.Actor, edit SchemeEdit) (*models.ScoringScheme, error) {
	text, scheme, faults := edit.read()
	var row *models.ScoringScheme
	err := d.write(ctx, actor, func(w *write) error {
		_, err := w.unit(edit.Region, readScheme, manageScheme)
		if err == nil && faults == nil {
			row, err = w.addScheme(text, scheme, nil)
		}
		return err
	})
	if err == nil {
		err = faults
	}
	return row, err
}

// BlankScheme is what the form of a new scheme of the unit begins with: the classes of the
// units below it, the grades that are usual, and one indicator.
func (d *Desk) BlankScheme(ctx context.Context, actor compliance.Actor, unit models.Unit) (SchemeEdit, error) {
	w := d.look(ctx, actor)
	edit := SchemeEdit{Region: unit.Code, Year: strconv.Itoa(w.today.Year()), AppealDays: "10", Indicators: []IndicatorEdit{{Method: string(scoring.MethodAward)}}}
	unit, err := w.unit(unit.Code, readScheme, manageScheme)
	if err != nil {
		return edit, err
	}
	edit.ID = fmt.Sprintf("openness-%s-%d", unit.Code, w.today.Year())
	for _, g := range scoring.DefaultGrades() {
		edit.Grades = append(edit.Grades, GradeEdit{g.ID, g.Title.ZH, g.Title.EN, plainScore(g.From)})
	}
	var classes []string
	if err := w.existing(unit).Where("parent_id = ? AND class <> ''", unit.ID).Distinct().Order("class").Pluck("class", &classes).Error; err != nil {
		return edit, fmt.Errorf("classes below %s: %w", unit.Code, err)
	}
	for _, class := range classes {
		edit.Classes = append(edit.Classes, ClassEdit{ID: class, Maximum: "100"})
	}
	return edit, nil
}

// read turns what was typed into a scheme by the one checker there is: it is written as
// YAML, and parsed. The text is the scheme's own (scoring.Scheme.Source).
func (e SchemeEdit) read() (text string, scheme *scoring.Scheme, err error) {
	written := editWriter{starts: map[*yaml.Node]string{}}
	source, root, err := written.source(e)
	if err != nil {
		return "", nil, err
	}
	_, scheme, err = parse(source)
	var faults strictyaml.Problems
	if errors.As(err, &faults) {
		return "", nil, written.faults(faults, root, source)
	}
	if err != nil {
		return "", nil, err
	}
	own, err := scheme.Source()
	return string(own), scheme, err
}

// editWriter writes an edit as YAML and remembers which part of the form each mapping is.
type editWriter struct{ starts map[*yaml.Node]string }

func (w editWriter) source(e SchemeEdit) ([]byte, *yaml.Node, error) {
	root := yamlMapping(
		yamlField{"id", yamlText(e.ID)}, yamlField{"title", yamlBoth(e.TitleZH, e.TitleEN)}, yamlField{"year", yamlNumber(e.Year)}, yamlField{"region", yamlText(e.Region)},
		yamlField{"basis", yamlBoth(e.BasisZH, e.BasisEN)}, yamlField{"appeal_days", yamlNumber(e.AppealDays)},
		yamlField{"grades", yamlList(w, "grades", e.Grades, func(g GradeEdit) *yaml.Node {
			return yamlMapping(yamlField{"id", yamlText(g.ID)}, yamlField{"title", yamlBoth(g.TitleZH, g.TitleEN)}, yamlField{"from", yamlText(g.From)})
		})},
		yamlField{"classes", yamlList(w, "classes", e.Classes, func(c ClassEdit) *yaml.Node {
			return yamlMapping(yamlField{"id", yamlText(c.ID)}, yamlField{"title", yamlBoth(c.TitleZH, c.TitleEN)}, yamlField{"maximum", yamlGiven(c.Maximum)})
		})},
		yamlField{"limits", yamlList(w, "limits", e.Limits, func(l LimitEdit) *yaml.Node {
			return yamlMapping(yamlField{"id", yamlText(l.ID)}, yamlField{"title", yamlBoth(l.TitleZH, l.TitleEN)}, yamlField{"most", yamlGiven(l.Most)}, yamlField{"within", yamlGiven(l.Within)})
		})},
		yamlField{"indicators", w.indicators(&e, 0, len(e.Indicators), false)})
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, nil, fmt.Errorf("write the form of scheme %s: %w", e.ID, err)
	}
	return out.Bytes(), root, nil
}

// indicators writes the rows from one to before another that stand next to each other;
// what stands below them is written last of each.
func (w editWriter) indicators(e *SchemeEdit, from, to int, sources bool) *yaml.Node {
	nodes := &yaml.Node{Kind: yaml.SequenceNode}
	for row := from; row < to; row = e.end(row) {
		node := w.indicator(e.Indicators[row], sources)
		w.starts[node] = fmt.Sprintf("indicators[%d]", row)
		if below := e.end(row); below > row+1 {
			key, composite := "children", e.Indicators[row].Method == string(scoring.MethodComposite)
			if composite {
				key = "sources"
			}
			node.Content = append(node.Content, yamlText(key), w.indicators(e, row+1, below, composite))
		}
		nodes.Content = append(nodes.Content, node)
	}
	if len(nodes.Content) == 0 {
		return nil
	}
	return nodes
}

// usedBy are the fields that are written for a method alone: what was typed for another
// one before the method was changed does not count.
var usedBy = map[scoring.Method][]string{
	scoring.MethodGroup: {"points"}, scoring.MethodAward: {"points"}, scoring.MethodComposite: {"points"},
	scoring.MethodDeduct: {"points", "cap"}, scoring.MethodBonus: {"points", "cap"}, scoring.MethodVeto: {"grade"},
	scoring.MethodAuto: {"points", "obligations", "late_share"},
}

func (w editWriter) indicator(r IndicatorEdit, source bool) *yaml.Node {
	used := usedBy[scoring.Method(r.Method)]
	only := func(field string, node *yaml.Node) *yaml.Node {
		if !slices.Contains(used, field) || source && field == "points" {
			return nil
		}
		return node
	}
	var weight *yaml.Node
	if source {
		weight = yamlText(r.Weight)
	}
	counts := yamlBoth(r.CountsZH, r.CountsEN)
	if r.CountsZH+r.CountsEN == "" {
		counts = nil
	}
	return yamlMapping(yamlField{"id", yamlText(r.ID)}, yamlField{"title", yamlBoth(r.TitleZH, r.TitleEN)}, yamlField{"clause", yamlGiven(r.Clause)}, yamlField{"counts", counts},
		yamlField{"method", yamlGiven(r.Method)}, yamlField{"classes", yamlTexts(r.Classes)}, yamlField{"weight", weight}, yamlField{"points", only("points", yamlGiven(r.Points))},
		yamlField{"points_for", only("points", yamlPoints(r.PointsFor))}, yamlField{"cap", only("cap", yamlGiven(r.Cap))},
		yamlField{"obligations", only("obligations", yamlTexts(strings.FieldsFunc(r.Obligations, isBetween)))},
		yamlField{"late_share", only("late_share", yamlGiven(r.LateShare))}, yamlField{"grade", only("grade", yamlGiven(r.Grade))})
}

// isBetween tells whether the rune parts ids that are typed after each other.
func isBetween(r rune) bool { return strings.ContainsRune(" \t\r\n,;\uff0c\u3001\uff1b", r) }
