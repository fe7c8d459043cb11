package web

import (
	"strconv"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/exchange"
	"sundial/server/rules"
)

// publicBulletin reads the edition of the route, the newest one where it names none.
func (s *Server) publicBulletin(r *request) (*bulletin.Public, error) {
	edition := 0
	if text := r.Param("edition"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			return nil, models.NewError(models.NotFound, "bulletins.unknown")
		}
		edition = number
	}
	return s.Bulletins.Public(r.Request.Context(), r.Param("series"), edition)
}

// letCachesKeep says that an answer is the same for all who read one language, and may be
// kept for a minute. It is called when nothing can fail any more.
func (r *request) letCachesKeep() {
	r.Header("Cache-Control", "public, max-age=60")
	r.Writer.Header().Add("Vary", "Accept-Language, Cookie")
}

// showPublicBulletin shows a published bulletin to everybody. It is the same for all who
// read one language, so that it can be kept for a minute: who is signed in stays out of it.
func (s *Server) showPublicBulletin(r *request) error {
	found, err := s.publicBulletin(r)
	if err != nil {
		return err
	}
	page := newPublicBulletinPage(s.publicBase(r, publicSteps(r.Locale, found)...), found)
	r.letCachesKeep()
	return s.show(r, "public_bulletin", page)
}

// publicSteps lead to a bulletin by its office. Who published one that was changed by hand
// is not told.
func publicSteps(locale *frontend.Locale, found *bulletin.Public) []Crumb {
	steps := []Crumb{{Text: found.Series + " · " + locale.Text("bulletins.edition_of", models.Args("Edition", found.Edition))}}
	if office := found.Office; office.Code != "" {
		steps = append([]Crumb{{Text: unitName(locale, namedUnit(office)), URL: PublicFilter{Unit: office.Code}.url("")}}, steps...)
	}
	return steps
}

// bulletinTable is a file of a bulletin: its columns, by the keys of their headings, and
// its rows.
type bulletinTable struct {
	columns []exchange.Column
	rows    [][]any
}

func (t *bulletinTable) column(locale *frontend.Locale, kind exchange.Kind, keys ...string) {
	for _, key := range keys {
		heading := locale.Text(key, nil)
		t.columns = append(t.columns, exchange.Column{Key: key, Heading: exchange.Text{ZH: heading, EN: heading}, Kind: kind})
	}
}

// bulletinTableOf returns the table of the file's name; nil when the data has none.
func bulletinTableOf(locale *frontend.Locale, d *bulletin.Data, file string) *bulletinTable {
	switch {
	case file == "board.csv":
		return boardTable(locale, d)
	case file == "ranking.csv" && d.Ranking != nil:
		return rankingTable(locale, d.Ranking)
	case file == "late.csv" && d.Late != nil:
		return lateTable(locale, d.Late)
	case file == "findings.csv" && d.Findings != nil:
		return findingsTable(locale, d.Findings)
	}
	return nil
}

// boardTable has a line for each unit and obligation, and one for each total.
func boardTable(locale *frontend.Locale, d *bulletin.Data) *bulletinTable {
	t := &bulletinTable{}
	t.column(locale, exchange.KindText, "bulletins.column.code", "bulletins.column.unit", "bulletins.column.class", "bulletins.column.obligation_code", "bulletins.column.obligation", "bulletins.column.clause")
	keys := []string{"bulletins.field.owed", "bulletins.field.done"}
	for _, state := range rules.States {
		keys = append(keys, "state."+string(state))
	}
	t.column(locale, exchange.KindInteger, keys...)
	t.column(locale, exchange.KindText, "bulletins.field.completion", "bulletins.field.in_time")
	add := func(unit bulletin.Unit, o *bulletin.Obligation, tally bulletin.Tally) {
		row := []any{unit.Code, unitName(locale, namedUnit(unit)), unit.Class, "", locale.Text("board.total", nil), ""}
		if o != nil {
			row[3], row[4], row[5] = o.Code, locale.In(rules.Text(o.Title)), locale.Chinese(o.Clause)
		}
		row = append(row, tally.Owed, tally.Done)
		for _, state := range rules.States {
			row = append(row, compliance.Cell(tally.Cell).Count(state))
		}
		t.rows = append(t.rows, append(row, rateText(tally.Completion), rateText(tally.InTime)))
	}
	for _, row := range d.Rows {
		for i := range row.Cells {
			add(row.Unit, &d.Obligations[i], row.Cells[i].Tally())
		}
		add(row.Unit, nil, row.Tally)
	}
	for i := range d.Obligations {
		add(bulletin.Unit{Name: locale.Text("board.total", nil)}, &d.Obligations[i], d.Obligations[i].Tally)
	}
	add(bulletin.Unit{Name: locale.Text("board.total", nil)}, nil, d.Total)
	return t
}

func rankingTable(locale *frontend.Locale, ranking *bulletin.Ranking) *bulletinTable {
	t := &bulletinTable{}
	t.column(locale, exchange.KindText, "bulletins.column.class")
	t.column(locale, exchange.KindInteger, "bulletins.column.rank")
	t.column(locale, exchange.KindText, "bulletins.column.code", "bulletins.column.unit", "bulletins.column.score", "bulletins.column.grade")
	for _, class := range ranking.Classes {
		for _, unit := range class.Units {
			var rank any
			if unit.Rank > 0 {
				rank = unit.Rank
			}
			t.rows = append(t.rows, []any{class.Class, rank, unit.Unit.Code, unitName(locale, namedUnit(unit.Unit)), unit.Score, locale.In(rules.Text(unit.Grade))})
		}
	}
	return t
}

func lateTable(locale *frontend.Locale, late *bulletin.Late) *bulletinTable {
	t := &bulletinTable{}
	t.column(locale, exchange.KindText, "bulletins.column.code", "bulletins.column.unit", "bulletins.column.obligation", "bulletins.column.clause", "bulletins.column.period", "bulletins.column.state")
	t.column(locale, exchange.KindDate, "bulletins.column.due", "bulletins.column.done_on")
	t.column(locale, exchange.KindInteger, "bulletins.column.days")
	words := words{locale}
	for _, line := range late.Lines {
		t.rows = append(t.rows, []any{line.Unit.Code, unitName(locale, namedUnit(line.Unit)), locale.In(rules.Text(line.Title)), locale.Chinese(line.Clause), words.period(line.Period),
			locale.Text("state."+string(line.State), nil), line.DueOn, line.DoneOn, line.Days})
	}
	return t
}

func findingsTable(locale *frontend.Locale, findings *bulletin.Findings) *bulletinTable {
	t := &bulletinTable{}
	t.column(locale, exchange.KindText, "bulletins.column.code", "bulletins.column.unit", "bulletins.column.severity", "bulletins.column.clause")
	t.column(locale, exchange.KindDate, "bulletins.column.found", "bulletins.column.due")
	for _, f := range findings.Open {
		t.rows = append(t.rows, []any{f.Unit.Code, unitName(locale, namedUnit(f.Unit)), locale.Text("bulletins.severity."+string(f.Severity), nil), locale.Chinese(f.Clause), f.FoundOn, f.DueOn})
	}
	return t
}
