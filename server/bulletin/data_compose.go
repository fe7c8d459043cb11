package bulletin

import (
	"context"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/rules"
)

// question is what a bulletin is about.
type question struct {
	unit     models.Unit
	year     int
	asOf     calendar.Date
	policy   string
	round    *uint64
	settings Settings
}

func questionOf(row models.Bulletin, unit models.Unit, settings Settings) question {
	return question{unit, row.Year, row.AsOf, row.Policy, row.RoundID, settings}
}

// compose asks the board, the ranking and what the office follows up. What cannot be
// asked is Invalid, with the field.
func (d *Desk) compose(ctx context.Context, w *desk.Write, q question) (*Data, error) {
	if err := q.check(w.Today); err != nil {
		return nil, err
	}
	board, err := d.board(ctx, q)
	if err != nil {
		return nil, err
	}
	data := newData(board)
	for _, part := range []func() error{
		func() error { return d.addPolicies(ctx, data) },
		func() error { return d.addRanking(ctx, w, q, data) },
		func() error { return d.addLate(ctx, q, data) },
		func() error { return d.addTasks(ctx, w, q, data) },
		func() error { return d.addFindings(ctx, w, q, data) },
		func() error { return d.addUrges(ctx, w, q, data) },
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	data.judge(q.settings)
	return data, nil
}

// check refuses what no board can be asked for.
func (q question) check(today calendar.Date) error {
	var faults []models.Field
	if q.year < 1949 || q.year > 2200 {
		faults = append(faults, models.Field{Name: "year", Key: "error.bad_year", Args: models.Args("Value", q.year)})
	}
	switch {
	case q.asOf.IsZero():
		faults = append(faults, models.Field{Name: "as_of", Key: "bulletins.as_of_missing"})
	case q.asOf >= today:
		// The day is not over: what is filed this afternoon would not be in it.
		faults = append(faults, models.Field{Name: "as_of", Key: "bulletins.as_of_unfinished", Args: models.Args("Value", q.asOf, "Latest", today-1)})
	case q.asOf.Year() < q.year:
		faults = append(faults, models.Field{Name: "as_of", Key: "bulletins.as_of_early", Args: models.Args("Value", q.asOf, "Year", q.year)})
	}
	return models.InvalidFields(append(faults, q.settings.faults()...))
}

// board is the board of the API, by the same call. One without any duty is no bulletin.
func (d *Desk) board(ctx context.Context, q question) (*compliance.Board, error) {
	board, err := d.ledger.Board(ctx, compliance.BoardQuery{Unit: q.unit, Year: q.year, AsOf: q.asOf, Policy: q.policy})
	switch {
	case models.IsCode(err, models.NotFound):
		return nil, models.InvalidFields([]models.Field{{Name: "policy", Key: "bulletins.policy_unknown", Args: models.Args("Value", q.policy)}})
	case err != nil:
		return nil, err
	case len(board.Obligations) > 0:
		return board, nil
	case q.policy != "":
		return nil, models.InvalidFields([]models.Field{{Name: "policy", Key: "bulletins.policy_idle", Args: models.Args("Policy", q.policy, "Year", q.year, "AsOf", q.asOf)}})
	default:
		return nil, models.InvalidFields([]models.Field{{Name: "year", Key: "bulletins.year_idle", Args: models.Args("Unit", q.unit.Name, "Year", q.year, "AsOf", q.asOf)}})
	}
}

// newData is what a board tells.
func newData(board *compliance.Board) *Data {
	data := &Data{Scope: unitOf(board.Unit), Year: board.Year, AsOf: board.AsOf, Demo: board.Unit.Demo, Total: tallyOf(compliance.Sum(board.Totals)), Praise: []Named{}, Criticism: []Named{}}
	for i, o := range board.Obligations {
		data.Obligations = append(data.Obligations, Obligation{o.Code, o.Policy, o.Clause, Text(o.Title), tallyOf(board.Totals[i])})
	}
	for _, row := range board.Rows {
		line := Row{Unit: unitOf(row.Unit), Own: row.Own, Tally: tallyOf(compliance.Sum(row.Cells)), path: row.Unit.Path}
		for _, cell := range row.Cells {
			line.Cells = append(line.Cells, Cell(cell))
		}
		data.Rows = append(data.Rows, line)
	}
	data.Classes = classesOf(data.Rows)
	return data
}

// addPolicies names the policies of the columns, in their order.
func (d *Desk) addPolicies(ctx context.Context, data *Data) error {
	for _, o := range data.Obligations {
		if slices.ContainsFunc(data.Policies, func(p Policy) bool { return p.Code == o.Policy }) {
			continue
		}
		found, err := d.ledger.PolicyOn(ctx, o.Policy, data.AsOf)
		if err != nil {
			return err
		}
		data.Policies = append(data.Policies, Policy{o.Policy, found.Edition, Text(found.Policy.Title), found.Policy.Number})
	}
	return nil
}

// addLate lists who is late and for what: what is overdue first.
func (d *Desk) addLate(ctx context.Context, q question, data *Data) error {
	if !q.settings.Parts.Late {
		return nil
	}
	late := &Late{Lines: []LateDuty{}}
	for _, state := range []rules.State{rules.Overdue, rules.Late} {
		query := compliance.DutyQuery{Unit: q.unit, Year: q.year, AsOf: q.asOf, Policy: q.policy, State: state}
		count, err := d.ledger.CountDuties(ctx, query)
		if err != nil {
			return err
		}
		if state == rules.Overdue {
			late.Overdue = count
		} else {
			late.Done = count
		}
		if err := d.lateLines(ctx, query, data, late); err != nil {
			return err
		}
	}
	data.Late = late
	return nil
}

// lateLines adds the duties of the query, page by page, while there is room.
func (d *Desk) lateLines(ctx context.Context, query compliance.DutyQuery, data *Data, late *Late) error {
	for len(late.Lines) < MaxLate {
		query.Limit = min(compliance.MaxLimit, MaxLate-len(late.Lines))
		page, err := d.ledger.Duties(ctx, query)
		if err != nil {
			return err
		}
		for _, duty := range page.Items {
			late.Lines = append(late.Lines, data.lateDuty(duty))
		}
		if query.Cursor = page.Next; page.Next == "" {
			return nil
		}
	}
	return nil
}

func (d *Data) lateDuty(v compliance.DutyView) LateDuty {
	line := LateDuty{Unit: unitOf(v.Unit), Row: d.rowOf(v.Unit.Path), Obligation: v.Obligation.Code, Clause: v.Verdict.Clause, Title: Text(v.Obligation.Title),
		Period: v.Verdict.Period, State: v.Verdict.State, DueOn: v.Verdict.DueOn, DoneOn: v.Verdict.DoneOn}
	until := line.DoneOn
	if line.State == rules.Overdue {
		line.DoneOn, until = 0, d.AsOf
	}
	line.Days = int(until - line.DueOn)
	return line
}
