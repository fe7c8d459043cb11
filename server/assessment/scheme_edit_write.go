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
		if row, office, err = w.draft(id, version); err != nil {
			return err
		}
		if faults != nil {
			return faults
		}
		return w.changeScheme(row, office, text, scheme)
	})
	return row, err
}

// NewScheme is AddScheme by the form.
func (d *Desk) NewScheme(ctx context.Context, actor compliance.Actor, edit SchemeEdit) (*models.ScoringScheme, error) {
	text, scheme, faults := edit.read()
	var row *models.ScoringScheme
	err := d.write(ctx, actor, func(w *write) error {
		if _, err := w.unit(edit.Region, readScheme, manageScheme); err != nil {
			return err
		}
		if faults != nil {
			return faults
		}
		var err error
		row, err = w.addScheme(text, scheme, nil)
		return err
	})
	return row, err
}

// BlankScheme is what the form of a new scheme of the unit begins with: the classes of the
// units below it, the grades that are usual, and one indicator.
func (d *Desk) BlankScheme(ctx context.Context, actor compliance.Actor, unit models.Unit) (SchemeEdit, error) {
	w := d.look(ctx, actor)
	edit := SchemeEdit{Region: unit.Code, Year: itoa(w.today.Year()), AppealDays: "10", Indicators: []IndicatorEdit{{Method: string(scoring.MethodAward)}}}
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

func itoa(n int) string { return strconv.Itoa(n) }

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
	root := mapping(
		pair{"id", text(e.ID)}, pair{"title", both(e.TitleZH, e.TitleEN)}, pair{"year", number(e.Year)}, pair{"region", text(e.Region)},
		pair{"basis", both(e.BasisZH, e.BasisEN)}, pair{"appeal_days", number(e.AppealDays)},
		pair{"grades", list(w, "grades", e.Grades, func(g GradeEdit) *yaml.Node {
			return mapping(pair{"id", text(g.ID)}, pair{"title", both(g.TitleZH, g.TitleEN)}, pair{"from", text(g.From)})
		})},
		pair{"classes", list(w, "classes", e.Classes, func(c ClassEdit) *yaml.Node {
			return mapping(pair{"id", text(c.ID)}, pair{"title", both(c.TitleZH, c.TitleEN)}, pair{"maximum", given(c.Maximum)})
		})},
		pair{"limits", list(w, "limits", e.Limits, func(l LimitEdit) *yaml.Node {
			return mapping(pair{"id", text(l.ID)}, pair{"title", both(l.TitleZH, l.TitleEN)}, pair{"most", given(l.Most)}, pair{"within", given(l.Within)})
		})},
		pair{"indicators", w.indicators(&e, 0, len(e.Indicators), false)})
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
			node.Content = append(node.Content, text(key), w.indicators(e, row+1, below, composite))
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
		weight = text(r.Weight)
	}
	counts := both(r.CountsZH, r.CountsEN)
	if r.CountsZH+r.CountsEN == "" {
		counts = nil
	}
	return mapping(pair{"id", text(r.ID)}, pair{"title", both(r.TitleZH, r.TitleEN)}, pair{"clause", given(r.Clause)}, pair{"counts", counts},
		pair{"method", given(r.Method)}, pair{"classes", texts(r.Classes)}, pair{"weight", weight}, pair{"points", only("points", given(r.Points))},
		pair{"points_for", only("points", pointsFor(r.PointsFor))}, pair{"cap", only("cap", given(r.Cap))},
		pair{"obligations", only("obligations", texts(strings.FieldsFunc(r.Obligations, isBetween)))},
		pair{"late_share", only("late_share", given(r.LateShare))}, pair{"grade", only("grade", given(r.Grade))})
}

// isBetween tells whether the rune parts ids that are typed after each other.
func isBetween(r rune) bool { return strings.ContainsRune(" \t\r\n,;\uff0c\u3001\uff1b", r) }
