package web

import (
	"net/url"

	"sundial/models"
	"sundial/server/figure"
	"sundial/server/rules"
)

// UnitChoice is the form that chooses the units of a comparison.
type UnitChoice struct {
	// Action is where it leads, with the fields of the view.
	Action string
	Fields url.Values
	Limit  int
	// Open shows the form at once: after a choice that was refused.
	Open  bool
	Units []ChosenUnit
}

// ChosenUnit is a unit that may be compared.
type ChosenUnit struct {
	models.Unit
	Chosen bool
}

// unitChoice offers the children of the unit, and before them what else is compared.
func (s *Server) unitChoice(r *request, unit models.Unit, view View, compared []models.Unit) (*UnitChoice, error) {
	children, err := s.Directory.Children(r.Request.Context(), unit)
	if err != nil {
		return nil, err
	}
	chosen := make(map[string]bool, len(compared))
	for _, code := range view.Compared {
		chosen[code] = true
	}
	for _, one := range compared {
		chosen[one.Code] = true
	}
	choice := &UnitChoice{Action: "/units/" + url.PathEscape(unit.Code) + "/charts/" + string(figure.Comparison), Fields: view.withPolicy(), Limit: figure.MaxCompared, Open: len(view.Compared) > figure.MaxCompared}
	listed := make(map[uint64]bool, len(children))
	for _, child := range children {
		listed[child.ID] = true
		choice.Units = append(choice.Units, ChosenUnit{child, chosen[child.Code]})
	}
	var others []ChosenUnit
	for _, one := range compared {
		if !listed[one.ID] {
			others = append(others, ChosenUnit{one, true})
		}
	}
	choice.Units = append(others, choice.Units...)
	return choice, nil
}

// drawShown draws a figure for a page: a comparison that is refused says why, and what to
// choose instead.
func (s *Server) drawShown(r *request, kind figure.Kind, unit models.Unit, view View) (FigureView, error) {
	drawn, err := s.draw(r, kind, unit, view)
	if kind == figure.Comparison && models.IsCode(err, models.Invalid) {
		drawn, err = refusedComparison(unit, view), nil
	}
	if err != nil {
		return FigureView{}, err
	}
	shown := newFigureView(r.Locale, view, drawn)
	if kind == figure.Comparison {
		shown.Choice, err = s.unitChoice(r, unit, view, drawn.Compared)
	}
	return shown, err
}

// refusedComparison is the figure of a choice of too many units.
func refusedComparison(unit models.Unit, view View) *figure.Figure {
	return &figure.Figure{Kind: figure.Comparison, Unit: unit, Year: view.Year, AsOf: view.AsOf, Finding: rules.Reason{Key: "figure.comparison.refused"},
		Empty: &figure.Empty{Reason: rules.Reason{Key: "figure.comparison.too_many", Args: models.Args("Limit", figure.MaxCompared, "Count", len(view.Compared))}}}
}
