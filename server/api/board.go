package api

import (
	"context"
	"strconv"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/gate"
)

// BoardInput asks for a board.
type BoardInput struct {
	Unit   string `path:"unit" doc:"Code of the unit" example:"370000"`
	Year   string `query:"year" doc:"Year; the current one when left out" example:"2017"`
	AsOf   string `query:"as_of" doc:"YYYY-MM-DD; today when left out"`
	Policy string `query:"policy" doc:"Restrict to one policy, by its id"`
}

// BoardOutput is a board.
type BoardOutput struct {
	Body Board
}

// Board counts the duties below a unit, one row per child.
type Board struct {
	Unit        string       `json:"unit"`
	Year        int          `json:"year"`
	AsOf        string       `json:"as_of"`
	Obligations []Obligation `json:"obligations"`
	Rows        []Row        `json:"rows"`
	Totals      []Cell       `json:"totals"`
}

// Obligation is a column of a board.
type Obligation struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Clause string `json:"clause"`
}

// Row counts over the subtree of a child; the first row may be the unit's own
// duties, under its own code.
type Row struct {
	Unit  string `json:"unit"`
	Name  string `json:"name"`
	Cells []Cell `json:"cells"`
}

// Cell counts the duties of one obligation by state; due_soon is a part of
// pending.
type Cell struct {
	Obligation  string `json:"obligation"`
	Pending     int    `json:"pending"`
	Reported    int    `json:"reported"`
	Met         int    `json:"met"`
	Late        int    `json:"late"`
	Overdue     int    `json:"overdue"`
	Exempt      int    `json:"exempt"`
	Unscheduled int    `json:"unscheduled"`
	DueSoon     int    `json:"due_soon"`
	Extended    int    `json:"extended" doc:"Those whose due date the office extended, in whatever state"`
}

func (s *Server) showBoard(ctx context.Context, input *BoardInput) (*BoardOutput, error) {
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
	board, err := s.Ledger.Board(ctx, compliance.BoardQuery{Unit: unit, Year: year, AsOf: asOf, Policy: input.Policy})
	if err != nil {
		return nil, err
	}
	return &BoardOutput{Body: boardOf(gate.CallerOf(ctx).Locale, board)}, nil
}

// when reads a year and an as-of date; no year is 0, no date today.
func (s *Server) when(yearText, asOfText string) (int, calendar.Date, error) {
	var fields []models.Field
	year := 0
	if yearText != "" {
		parsed, err := strconv.Atoi(yearText)
		if err != nil || parsed < 1949 || parsed > 2200 {
			fields = append(fields, models.Field{Name: "year", Key: "error.bad_year", Args: models.Args("Value", yearText)})
		}
		year = parsed
	}
	asOf, err := calendar.ParseDate(asOfText)
	if err != nil {
		fields = append(fields, models.Field{Name: "as_of", Key: "error.bad_date", Args: models.Args("Value", asOfText)})
	}
	if asOf.IsZero() {
		asOf = s.Ledger.Today()
	} else if today := s.Ledger.Today(); asOf > today {
		fields = append(fields, models.Field{Name: "as_of", Key: "board.as_of_future", Args: models.Args("Today", today)})
	}
	return year, asOf, models.InvalidFields(fields)
}

func boardOf(locale *frontend.Locale, b *compliance.Board) Board {
	board := Board{Unit: b.Unit.Code, Year: b.Year, AsOf: b.AsOf.String(), Obligations: []Obligation{}, Rows: []Row{}, Totals: cellsOf(b.Totals)}
	for _, o := range b.Obligations {
		board.Obligations = append(board.Obligations, Obligation{o.Code, o.Title.In(locale.Lang()), o.Clause})
	}
	for _, row := range b.Rows {
		board.Rows = append(board.Rows, Row{row.Unit.Code, row.Unit.Name, cellsOf(row.Cells)})
	}
	return board
}

func cellsOf(cells []compliance.Cell) []Cell {
	list := make([]Cell, len(cells))
	for i, c := range cells {
		list[i] = Cell(c)
	}
	return list
}
