package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/exchange"
	"sundial/server/scoring"
)

// ranking reads which result is asked for, and what of it.
func (s *Server) ranking(r *request) (*assessment.Ranking, ResultsView, error) {
	id, err := r.id()
	if err != nil {
		return nil, ResultsView{}, err
	}
	for _, values := range r.Request.URL.Query() {
		for _, value := range values {
			if !utf8.ValidString(value) {
				return nil, ResultsView{}, models.NewError(models.Invalid, "error.bad_form")
			}
		}
	}
	ranking, err := s.Assessment.Ranking(r.Request.Context(), r.Actor, id)
	view := ResultsView{Round: id, Class: r.Query("class"), Grade: r.Query("grade"), Text: r.Query("q")}
	// What is no number shows the first page.
	if from, err := strconv.Atoi(r.Query("from")); err == nil {
		view.From = max(from, 0)
	}
	return ranking, view, err
}

// showResults shows the result of a round.
func (s *Server) showResults(r *request) error {
	ctx := r.Request.Context()
	ranking, view, err := s.ranking(r)
	if err != nil {
		return err
	}
	var rows []assessment.RankedSheet
	for _, class := range ranking.Classes {
		if view.Class == "" || view.Class == class.ID {
			rows = append(rows, class.Rows...)
		}
	}
	contributions, err := s.Assessment.Contributions(ctx, r.Actor, ranking.Round, rows)
	if err != nil {
		return err
	}
	page := newResultsPage(s.page(r), ranking, view, contributions)
	if ranking.All {
		indicators, err := s.Assessment.Indicators(ctx, ranking, view.Class)
		if err != nil {
			return err
		}
		if len(indicators) > 0 {
			page.Indicators = newIndicatorPanel(indicators)
		}
	}
	unit := ranking.Office
	if !r.may("score", "read", unit) && len(rows) > 0 {
		unit = rows[0].Unit
	}
	page.Tabs = unitTabs(r, unit, "assessment", assessmentTabs, "rounds")
	if err := s.placeResult(r, &page.Page, unit, Crumb{r.Locale.Text("rounds.title", nil), unitURL(unit, "assessment")},
		Crumb{ranking.Round.Title, page.RoundURL}, Crumb{Text: r.Locale.Text("results.title", nil)}); err != nil {
		return err
	}
	return s.show(r, "results", page)
}

// resultColumns are the columns of the file, each with the key of its heading.
var resultColumns = []struct {
	key  string
	kind exchange.Kind
}{
	{"results.column.class", exchange.KindText}, {"results.column.rank", exchange.KindInteger}, {"results.column.code", exchange.KindText},
	{"results.column.unit", exchange.KindText}, {"results.score.self", exchange.KindText}, {"results.score.verified", exchange.KindText},
	{"results.score.final", exchange.KindText}, {"results.column.grade", exchange.KindText}, {"results.column.places", exchange.KindInteger},
	{"results.column.gained", exchange.KindDecimal}, {"results.column.points", exchange.KindDecimal}, {"results.column.total", exchange.KindDecimal},
	{"results.column.worth", exchange.KindDecimal}, {"results.column.brings", exchange.KindDecimal},
}

// downloadResults gives the ranking as CSV.
func (s *Server) downloadResults(r *request) error {
	ranking, view, err := s.ranking(r)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	w, err := exchange.NewWriter(&body, exchange.CSV, resultsFile(r.Locale), r.fileLanguage())
	if err != nil {
		return fmt.Errorf("file of results: %w", err)
	}
	defer w.Abort()
	for _, class := range ranking.Classes {
		if view.Class != "" && view.Class != class.ID {
			continue
		}
		rows := resultRows(ranking, class, view)
		contributions, err := s.Assessment.Contributions(r.Request.Context(), r.Actor, ranking.Round, rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := w.Write(resultCells(r.Locale, ranking, class, row, contributions)...); err != nil {
				return err
			}
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("file of results: %w", err)
	}
	r.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", fmt.Sprintf("results-%d.csv", ranking.Round.ID)))
	r.Data(http.StatusOK, "text/csv; charset=utf-8", body.Bytes())
	return nil
}

// resultCells is a row of the file; what there is none of stays blank.
func resultCells(locale *frontend.Locale, ranking *assessment.Ranking, class assessment.RankedClass, row assessment.RankedSheet, contributions map[uint64]assessment.Contribution) []any {
	cells := []any{locale.In(class.Title), nil, row.Unit.Code, unitName(locale, row.Unit), scoreCell(row.Self), scoreCell(row.Verified), scoreCell(row.Final),
		nil, nil, nil, nil, nil, nil, nil}
	if row.Final != nil {
		cells[1], cells[7] = row.Rank, locale.In(ranking.Scheme.Grades[row.Grade].Title)
	}
	if places, known := row.Climbed(); known {
		cells[8] = places
	}
	if gained, known := row.Gained(); known {
		cells[9] = decimal.New(gained, -2)
	}
	if c, known := contributions[row.UnitID]; known {
		cells[10], cells[11], cells[12], cells[13] = c.Share.Points(c.Related), c.Share.Total, c.Worth(), c.Brings()
	}
	return cells
}

func scoreCell(total *int64) any {
	if total == nil {
		return nil
	}
	return scoring.Score(*total).String()
}

// resultsFile is the table of the file in the language.
func resultsFile(locale *frontend.Locale) exchange.Table {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: locale.Text(key, nil), EN: locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("results.title")}
	for _, c := range resultColumns {
		table.Columns = append(table.Columns, exchange.Column{Key: c.key, Heading: in(c.key), Kind: c.kind})
	}
	return table
}
