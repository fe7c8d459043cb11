package api

import (
	"context"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/figure"
	"sundial/server/gate"
	"sundial/server/rules"
)

// FigureInput asks for a figure of a unit.
type FigureInput struct {
	Unit   string `path:"unit" doc:"Code of the unit"`
	Figure string `path:"figure" doc:"Kind of the figure: states, matrix, trend …"`
	Year   string `query:"year" doc:"Year, this one when empty"`
	AsOf   string `query:"as_of" doc:"Day at whose end the numbers stood, YYYY-MM-DD; today when empty"`
	Policy string `query:"policy" doc:"Code of a policy to narrow the obligations to"`
	// Obligation and Period are of the rotation.
	Obligation string   `query:"obligation" doc:"Code of the obligation whose rotation is looked at, the one of the year when empty"`
	Period     string   `query:"period" doc:"Name of the rotation's window, such as 2017-2018"`
	With       []string `query:"with,explode" doc:"Codes of the units that a comparison sets side by side"`
}

// FigureOutput is the answer with a figure.
type FigureOutput struct{ Body Figure }

// Figure is a figure without its drawing. Rows have one value per column: a text, a
// number, a date as YYYY-MM-DD, a percentage as a text with two decimals, or null.
type Figure struct {
	Figure  string   `json:"figure"`
	Unit    string   `json:"unit"`
	Year    int      `json:"year"`
	AsOf    string   `json:"as_of"`
	Finding string   `json:"finding" doc:"What the numbers say"`
	Measure string   `json:"measure" doc:"What is counted, and in which unit"`
	Source  string   `json:"source"`
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
	Empty   string   `json:"empty,omitempty" doc:"Why there are no rows"`
}

func (s *Server) showFigure(ctx context.Context, input *FigureInput) (*FigureOutput, error) {
	unit, err := s.unit(ctx, input.Unit, "board", "read")
	if err != nil {
		return nil, err
	}
	year, asOf, err := s.when(input.Year, input.AsOf)
	if err != nil {
		return nil, err
	}
	if year == 0 {
		year = s.Ledger.Today().Year()
	}
	q := figure.Query{Unit: unit, Year: year, AsOf: asOf, Policy: input.Policy, Obligation: input.Obligation, Period: input.Period}
	if len(input.With) > figure.MaxCompared {
		return nil, figure.TooMany(len(input.With))
	}
	for _, code := range input.With {
		other, err := s.unit(ctx, code, "board", "read")
		if err != nil {
			return nil, err
		}
		q.Units = append(q.Units, other)
	}
	caller := gate.CallerOf(ctx)
	drawn, err := s.Figures.Draw(ctx, caller.Actor, figure.Kind(input.Figure), q)
	if err != nil {
		return nil, err
	}
	return &FigureOutput{Body: figureOf(caller.Locale, drawn)}, nil
}

func figureOf(locale *frontend.Locale, f *figure.Figure) Figure {
	reason := func(r rules.Reason) string {
		if r.Key == "" {
			return ""
		}
		return locale.Text(r.Key, r.Args)
	}
	out := Figure{Figure: string(f.Kind), Unit: f.Unit.Code, Year: f.Year, AsOf: f.AsOf.String(), Finding: reason(f.Finding),
		Measure: reason(f.Measure), Source: reason(f.Source), Columns: []string{}, Rows: [][]any{}}
	if f.Empty != nil {
		out.Empty = reason(f.Empty.Reason)
		return out
	}
	for _, column := range f.Columns {
		words := locale.Value(column.Text)
		if column.Key != "" {
			words = locale.Text(column.Key, nil)
		}
		out.Columns = append(out.Columns, words)
	}
	for _, row := range f.Rows {
		values := make([]any, len(row))
		for i, value := range row {
			values[i] = figureValue(locale, value.Of)
		}
		out.Rows = append(out.Rows, values)
	}
	return out
}

// figureValue is a value as JSON has it.
func figureValue(locale *frontend.Locale, value any) any {
	switch v := value.(type) {
	case nil, int, string:
		return v
	case *bulletin.Rate:
		if v == nil {
			return nil
		}
		return v.String()
	case calendar.Date:
		if v.IsZero() {
			return nil
		}
		return v.String()
	case rules.Reason:
		return locale.Text(v.Key, v.Args)
	case models.Unit:
		return v.Code
	default:
		return locale.Value(v)
	}
}
