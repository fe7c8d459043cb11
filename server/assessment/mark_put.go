package assessment

import (
	"context"
	"time"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/compliance"
	"sundial/server/scoring"
)

// SelfCell is what a unit enters for one indicator; Version is the mark's as it was
// read, 0 where nothing was entered.
type SelfCell struct {
	Version int
	SelfInput
}

// MarkCell is SelfCell for what the office enters.
type MarkCell struct {
	Version int
	MarkInput
}

// PutSelf stores what the unit enters for one indicator of its sheet and returns the
// sheet as it is then. A mark that somebody else has changed since it was read is Stale:
// the refusal tells who, when and to what.
func (d *Desk) PutSelf(ctx context.Context, actor compliance.Actor, sheet uint64, version int, in SelfInput) (*SheetView, error) {
	return d.put(ctx, actor, sheet, selfSide, []entry{selfEntry(SelfCell{version, in})})
}

// PutSelves is PutSelf for several indicators at once: all of them are stored, or none,
// and what is wrong is named by cell: marks[id].points.
func (d *Desk) PutSelves(ctx context.Context, actor compliance.Actor, sheet uint64, cells []SelfCell) (*SheetView, error) {
	entries := make([]entry, len(cells))
	for i, cell := range cells {
		entries[i] = selfEntry(cell)
		entries[i].among = true
	}
	return d.put(ctx, actor, sheet, selfSide, entries)
}

// PutMark is PutSelf for what the office enters.
func (d *Desk) PutMark(ctx context.Context, actor compliance.Actor, sheet uint64, version int, in MarkInput) (*SheetView, error) {
	return d.put(ctx, actor, sheet, officeSide, []entry{markEntry(MarkCell{version, in})})
}

// PutMarks is PutSelves for what the office enters.
func (d *Desk) PutMarks(ctx context.Context, actor compliance.Actor, sheet uint64, cells []MarkCell) (*SheetView, error) {
	entries := make([]entry, len(cells))
	for i, cell := range cells {
		entries[i] = markEntry(cell)
		entries[i].among = true
	}
	return d.put(ctx, actor, sheet, officeSide, entries)
}

// entry is one mark to be entered.
type entry struct {
	indicator string
	version   int
	// among tells that it is one of several, so that faults name the mark.
	among bool
	check func(p *paper) (models.SheetMark, []models.Field)
}

func selfEntry(cell SelfCell) entry {
	return entry{indicator: cell.Indicator, version: cell.Version, check: func(p *paper) (models.SheetMark, []models.Field) { return p.checkSelf(cell.SelfInput) }}
}

func markEntry(cell MarkCell) entry {
	return entry{indicator: cell.Indicator, version: cell.Version, check: func(p *paper) (models.SheetMark, []models.Field) { return p.checkMark(cell.MarkInput) }}
}

func (e entry) field(name string) string {
	if e.among {
		return cellName(e.indicator, name)
	}
	return name
}

// side is who enters marks: the unit or the office.
type side struct {
	// action is what is recorded of marks entered one by one, imported of those from a file.
	action     string
	imported   string
	permission rbac.Permission
	// allow refuses who may not, or not now.
	allow func(w *write, p *paper) error
	// of is the unit in whose log it stands: what is verified stands in the office's.
	of    func(p *paper) *models.Unit
	facts func(row models.SheetMark) map[string]any
	stamp func(w *write, row *models.SheetMark)
	// last tells who entered last on this side, and what.
	last func(row models.SheetMark) (lastEntry, bool)
}

var selfSide = side{
	action: "score-self", imported: "import-self", permission: scoreSelf,
	allow: func(w *write, p *paper) error {
		if err := w.actor.Allow(scoreSelf, p.unit); err != nil {
			return err
		}
		return w.takesSelf(p)
	},
	of:    func(p *paper) *models.Unit { return &p.unit },
	facts: selfMarkFacts,
	stamp: func(w *write, row *models.SheetMark) { row.SelfBy, row.SelfAt = w.by(), &w.at },
	last:  lastSelf,
}

var officeSide = side{
	action: "score", imported: "import-marks", permission: editScore,
	allow: func(w *write, p *paper) error {
		if err := w.mustVerify(p); err != nil {
			return err
		}
		if err := w.takesMarks(p); err != nil {
			return err
		}
		return w.linkable(p)
	},
	of:    func(p *paper) *models.Unit { return &p.office },
	facts: markFacts,
	stamp: func(w *write, row *models.SheetMark) { row.MarkedBy, row.MarkedAt = w.by(), &w.at },
	last:  lastMark,
}

// put stores marks of one side and returns the sheet as it is then.
func (d *Desk) put(ctx context.Context, actor compliance.Actor, sheet uint64, s side, entries []entry) (*SheetView, error) {
	var seen *SheetView
	err := d.write(ctx, actor, func(w *write) error {
		p, err := w.paper(sheet)
		if err != nil {
			return err
		}
		if err := s.allow(w, p); err != nil {
			return err
		}
		if err := w.enter(p, s, entries); err != nil {
			return err
		}
		seen, err = w.viewOf(p)
		return err
	})
	return seen, err
}

// enter checks all marks and stores those that say something new.
func (w *write) enter(p *paper, s side, entries []entry) error {
	rows, err := w.checked(p, s, entries)
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, row := range rows {
		before := s.facts(p.marks[row.Indicator])
		s.stamp(w, &row)
		if err := w.putMark(p, row); err != nil {
			return err
		}
		row = p.marks[row.Indicator]
		err := w.record(compliance.Act{Action: s.action, Object: "mark", ID: row.ID, Unit: s.of(p), Permission: s.permission, Before: before, Now: s.facts(row),
			Detail: map[string]any{"sheet": p.sheet.ID, "unit": p.unit.Name, "indicator": row.Indicator}})
		if err != nil {
			return err
		}
	}
	return w.save(p)
}

// checked returns the rows that change; faults of all marks are refused together.
func (w *write) checked(p *paper, s side, entries []entry) ([]models.SheetMark, error) {
	var rows []models.SheetMark
	var faults, stale []models.Field
	seen := map[string]bool{}
	for _, e := range entries {
		if seen[e.indicator] {
			faults = append(faults, models.Field{Name: e.field("points"), Key: "marks.twice"})
			continue
		}
		seen[e.indicator] = true
		row, wrong := e.check(p)
		for _, field := range wrong {
			field.Name = e.field(field.Name)
			faults = append(faults, field)
		}
		if len(wrong) > 0 {
			continue
		}
		stored := p.marks[e.indicator]
		if sameEntry(s, stored, row) {
			continue
		}
		if stored.Version != e.version {
			field, err := w.overtaken(s, stored, e)
			if err != nil {
				return nil, err
			}
			stale = append(stale, field)
		}
		rows = append(rows, row)
	}
	if len(stale) > 0 {
		return nil, &models.Error{Code: models.Stale, Key: stale[0].Key, Args: stale[0].Args, Fields: append(stale, faults...)}
	}
	return rows, models.InvalidFields(faults)
}

// sameEntry tells that a row says what is stored.
func sameEntry(s side, stored, row models.SheetMark) bool {
	was := s.facts(stored)
	for name, value := range s.facts(row) {
		if was[name] != value {
			return false
		}
	}
	return true
}

// lastEntry is what was entered last on one side of a mark.
type lastEntry struct {
	by     *uint64
	at     *time.Time
	points *int64
	na     bool
	raised bool
}

// lastSelf is false where the office was there later: who scores themselves does not
// see what it did.
func lastSelf(row models.SheetMark) (lastEntry, bool) {
	told := row.SelfAt != nil && (row.MarkedAt == nil || !row.MarkedAt.After(*row.SelfAt))
	return lastEntry{row.SelfBy, row.SelfAt, row.SelfPoints, row.SelfNA, false}, told
}

func lastMark(row models.SheetMark) (lastEntry, bool) {
	told := row.MarkedAt != nil && (row.SelfAt == nil || !row.SelfAt.After(*row.MarkedAt))
	return lastEntry{row.MarkedBy, row.MarkedAt, row.Points, row.NA, row.Raised}, told
}

// overtaken is the refusal of a mark of a version that is not the last one: it says who
// was first, when, and what they entered.
func (w *write) overtaken(s side, stored models.SheetMark, e entry) (models.Field, error) {
	field := models.Field{Name: e.field("points"), Key: "marks.stale"}
	last, told := s.last(stored)
	if !told {
		return field, nil
	}
	who, err := w.nameOf(last.by)
	if err != nil || who == "" {
		return field, err
	}
	field.Args = models.Args("Who", who, "On", *last.at)
	switch {
	case last.na:
		field.Key = "marks.stale_na"
	case last.raised:
		field.Key = "marks.stale_raised"
	case last.points == nil:
		field.Key = "marks.stale_cleared"
	default:
		field.Key, field.Args["Points"] = "marks.stale_points", scoring.Amount(*last.points).String()
	}
	return field, nil
}

// selfMarkFacts are what the audit log tells of a self score before and after.
func selfMarkFacts(row models.SheetMark) map[string]any {
	return map[string]any{"points": pointsText(row.SelfPoints), "na": row.SelfNA, "note": row.SelfNote, "url": row.SelfURL}
}

// markFacts are what the audit log tells of a verified score before and after.
func markFacts(row models.SheetMark) map[string]any {
	return map[string]any{"points": pointsText(row.Points), "na": row.NA, "raised": row.Raised, "reason": row.Reason, "finding": findingOf(row)}
}

func pointsText(points *int64) string {
	if points == nil {
		return ""
	}
	return scoring.Amount(*points).String()
}
