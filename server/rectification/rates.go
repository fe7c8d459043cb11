package rectification

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// Share counts rectifications by how they go: closed on an answer that came by its due
// date or after it, still under way, and overdue. Withdrawn ones do not count.
type Share struct {
	InTime, Late, Open, Overdue int
}

// Of counts them all.
func (s Share) Of() int { return s.InTime + s.Late + s.Open + s.Overdue }

// Closed counts those that are closed.
func (s Share) Closed() int { return s.InTime + s.Late }

// UnitShare is the share of a unit and all below it.
type UnitShare struct {
	Unit models.Unit
	Share
}

// SeverityShare is the share of the findings of a severity.
type SeverityShare struct {
	Severity models.Severity
	Share
}

// Rates tell how much of what is to be put right in a subtree was closed in time.
type Rates struct {
	Unit  models.Unit
	AsOf  calendar.Date
	Total Share
	// Units are the unit itself and its children that have any, by position; each counts
	// all below it, the unit itself only its own.
	Units []UnitShare
	// Severities are those of findings, the gravest first; points lost have none.
	Severities []SeverityShare
}

// Rates returns those of a unit at the end of a day, of what the query selects; its state
// and its page do not matter.
func (d *Desk) Rates(ctx context.Context, actor compliance.Actor, code string, q Query) (*Rates, error) {
	w := d.Look(ctx, actor)
	unit, err := w.Unit(code, readRectification, readRectification, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	q.AsOf = q.day(w.Today)
	rates := &Rates{Unit: unit, AsOf: q.AsOf}
	rows, err := q.shares(w, unit)
	if err != nil {
		return nil, err
	}
	children, err := childrenOf(w, unit)
	if err != nil {
		return nil, err
	}
	rates.add(children, rows)
	return rates, nil
}

// shareRow counts what goes the same way in one unit.
type shareRow struct {
	Path     string
	Severity models.Severity
	Act      models.RectificationAct
	// Late tells that the due date has passed, Tardy that the last answer came after its own.
	Late, Tardy bool
	Count       int
}

func (q Query) shares(w *desk.Write, unit models.Unit) ([]shareRow, error) {
	var rows []shareRow
	err := q.of(w, unit).
		Joins("LEFT JOIN rectification_steps a ON a.id = (SELECT max(l.id) FROM rectification_steps l WHERE l.rectification_id = r.id AND l.act = ? AND l.done_on <= ?)",
			models.RectificationAnswer, q.AsOf).
		Where("p.act <> ?", models.RectificationWithdraw).
		Select("u.path, coalesce(f.severity, '') AS severity, p.act, (p.due_on < ?) AS late, coalesce(a.done_on > a.due_on, 0) AS tardy, count(*) AS count", q.AsOf).
		Group("u.path, f.severity, p.act, late, tardy").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("rates of rectifications: %w", store.Translate(err))
	}
	return rows, nil
}

// childrenOf returns the unit and those right below it, by position.
func childrenOf(w *desk.Write, unit models.Unit) ([]models.Unit, error) {
	var children []models.Unit
	if err := w.TX.Where("parent_id = ?", unit.ID).Order("position, code").Find(&children).Error; err != nil {
		return nil, fmt.Errorf("children of %s: %w", unit.Code, store.Translate(err))
	}
	return append([]models.Unit{unit}, children...), nil
}

func (r *Rates) add(units []models.Unit, rows []shareRow) {
	byUnit, bySeverity := map[uint64]*Share{}, map[models.Severity]*Share{}
	for _, row := range rows {
		row.into(&r.Total)
		row.into(shareOf(byUnit, childAt(units, row.Path)))
		if row.Severity != "" {
			row.into(shareOf(bySeverity, row.Severity))
		}
	}
	for _, unit := range units {
		if share := byUnit[unit.ID]; share != nil {
			r.Units = append(r.Units, UnitShare{unit, *share})
		}
	}
	for _, severity := range models.Severities {
		if share := bySeverity[severity]; share != nil {
			r.Severities = append(r.Severities, SeverityShare{severity, *share})
		}
	}
}

// childAt is the id of the child whose subtree the path lies in, or of the unit itself,
// which stands first.
func childAt(units []models.Unit, path string) uint64 {
	place := slices.IndexFunc(units[1:], func(child models.Unit) bool { return strings.HasPrefix(path, child.Path) })
	return units[place+1].ID
}

func shareOf[K comparable](shares map[K]*Share, key K) *Share {
	if shares[key] == nil {
		shares[key] = &Share{}
	}
	return shares[key]
}

// into counts the row.
func (row shareRow) into(s *Share) {
	switch status := statusOf[row.Act]; {
	case status == models.RectificationClosed && row.Tardy:
		s.Late += row.Count
	case status == models.RectificationClosed:
		s.InTime += row.Count
	case status == models.RectificationOpen && row.Late:
		s.Overdue += row.Count
	default:
		s.Open += row.Count
	}
}
