package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// InspectionOpenPage opens an inspection: the form first, then what it would look at, with
// the button that opens it.
type InspectionOpenPage struct {
	Page
	Tabs UnitTabs
	Unit models.Unit
	Year int
	// Years can be chosen; the obligations are those of the chosen one.
	Years    []int
	Fields   []FormField
	Policies []ObligationGroup
	Kinds    []PickChoice
	Classes  []PickChoice
	Whole    bool
	Sample   bool
	Problems []FieldProblem
	// Preview is nil before the form was sent; Hidden are its values, for the button that
	// opens it.
	Preview *supervision.InspectionPreview
	Hidden  url.Values
	Action  string
	BackURL string
}

// ObligationGroup are the obligations of a policy, to be chosen from.
type ObligationGroup struct {
	Title rules.Text
	Items []ObligationChoice
}

// ObligationChoice is an obligation that may be chosen.
type ObligationChoice struct {
	supervision.InspectableObligation
	Chosen bool
}

// PickChoice is a kind or class of units that may be chosen. Key names a message, Text
// stands as it is.
type PickChoice struct {
	Value, Key, Text string
	Chosen           bool
}

// Field returns the field with the name.
func (p InspectionOpenPage) Field(name string) FormField {
	i := slices.IndexFunc(p.Fields, func(f FormField) bool { return f.Name == name })
	return p.Fields[i]
}

// ChoosesObligations tells that some are chosen.
func (p InspectionOpenPage) ChoosesObligations() bool {
	return slices.ContainsFunc(p.Policies, func(g ObligationGroup) bool {
		return slices.ContainsFunc(g.Items, func(c ObligationChoice) bool { return c.Chosen })
	})
}

// inspectionDays is how many days an inspection lasts at first.
const inspectionDays = 30

// newInspectionOpenPage lays out the form; typed is what was sent, nil for a fresh one.
func newInspectionOpenPage(base Page, unit models.Unit, year int, known []supervision.InspectableObligation, classes []string, typed url.Values) *InspectionOpenPage {
	p := &InspectionOpenPage{Page: base, Unit: unit, Year: year, Action: unitURL(unit, "inspections"), BackURL: unitURL(unit, "inspections"), Hidden: url.Values{}}
	field := func(name, kind, value string, required bool) {
		f := FormField{Name: name, Label: "inspections.field." + name, Type: kind, Value: value, Required: required}
		if slices.Contains([]string{"basis", "rectify_term", "unannounced", "codes", "sample", "per_class", "seed", "seed_source"}, name) {
			f.Hint = "inspections.field." + name + "_hint"
		}
		if typed != nil {
			f.Value = typed.Get(name)
		}
		p.Fields = append(p.Fields, f)
	}
	field("title", "text", base.Locale.Text("inspections.title_of_year", models.Args("Year", year)), true)
	field("basis", "textarea", basisText(base.Locale.Written(), known), true)
	field("start_on", "date", base.Today.String(), true)
	field("end_on", "date", (base.Today + inspectionDays).String(), true)
	field("rectify_term", "number", strconv.Itoa(supervision.DefaultRectifyTerm), true)
	field("unannounced", "checkbox", "", false)
	field("codes", "textarea", "", false)
	field("sample", "number", "", false)
	field("per_class", "checkbox", "", false)
	field("seed", "text", "", false)
	field("seed_source", "text", "", false)
	identified("inspection", p.Fields)
	p.choices(known, classes, typed)
	return p
}

func (p *InspectionOpenPage) choices(known []supervision.InspectableObligation, classes []string, typed url.Values) {
	for _, o := range known {
		if n := len(p.Policies); n == 0 || p.Policies[n-1].Title != o.PolicyTitle {
			p.Policies = append(p.Policies, ObligationGroup{Title: o.PolicyTitle})
		}
		group := &p.Policies[len(p.Policies)-1]
		group.Items = append(group.Items, ObligationChoice{o, slices.Contains(typed["obligations"], o.Code)})
	}
	for _, kind := range []models.UnitKind{models.City, models.County, models.Department, models.Township} {
		p.Kinds = append(p.Kinds, PickChoice{Value: string(kind), Key: "unit_kind." + string(kind), Chosen: slices.Contains(typed["kinds"], string(kind))})
	}
	for _, class := range classes {
		p.Classes = append(p.Classes, PickChoice{Value: class, Text: class, Chosen: slices.Contains(typed["classes"], class)})
	}
	p.Whole, p.Sample = typed.Get("whole") == "1", typed.Get("mode") == "sample"
}

// basisText cites the clauses of the policies in force that demand inspections, one a line.
func basisText(locale *frontend.Locale, known []supervision.InspectableObligation) string {
	var lines []string
	for _, o := range known {
		line := locale.Text("inspections.basis_clause", models.Args("Title", o.PolicyTitle.ZH, "Number", o.PolicyNumber, "Clause", o.Clause))
		if o.Inspects && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// refuse shows what is wrong with the form.
func (p *InspectionOpenPage) refuse(why *models.Error) {
	for _, problem := range why.Fields {
		name := problem.Name
		if name == "units" {
			name = "codes"
		}
		p.Problems = append(p.Problems, placeAtField(p.Locale, p.Fields, name, p.Locale.Text(problem.Key, problem.Args)))
	}
	if len(why.Fields) == 0 {
		p.Problems = []FieldProblem{{Text: p.Locale.Text(why.Key, why.Args)}}
	}
}

// foresee adds what the inspection would look at.
func (p *InspectionOpenPage) foresee(preview *supervision.InspectionPreview, typed url.Values) {
	p.Preview = preview
	for name, values := range typed {
		p.Hidden[name] = values
	}
	p.Hidden.Set("confirm", "1")
}
