package assessment

import (
	"slices"
	"strconv"
	"strings"

	"sundial/server/scoring"
)

// SchemeEdit is a scheme as a form has it: every field as it was typed, sound or not.
type SchemeEdit struct {
	ID, TitleZH, TitleEN string
	Year, AppealDays     string
	BasisZH, BasisEN     string
	// Region is the code of the office, which no form changes.
	Region     string
	Grades     []GradeEdit
	Classes    []ClassEdit
	Limits     []LimitEdit
	Indicators []IndicatorEdit
}

// GradeEdit is a grade as typed.
type GradeEdit struct{ ID, TitleZH, TitleEN, From string }

// ClassEdit is a class as typed.
type ClassEdit struct{ ID, TitleZH, TitleEN, Maximum string }

// LimitEdit is a limit as typed.
type LimitEdit struct{ ID, TitleZH, TitleEN, Most, Within string }

// IndicatorEdit is an indicator or a source as typed. Level is 0 at the first level;
// what follows at a higher level stands below it. Obligations are their ids, one a line
// or with commas. PointsFor are the points for single classes.
type IndicatorEdit struct {
	Level              int
	ID                 string
	TitleZH, TitleEN   string
	Clause             string
	CountsZH, CountsEN string
	Method             string
	Classes            []string
	Points             string
	PointsFor          map[string]string
	Cap                string
	Obligations        string
	LateShare          string
	Grade              string
	Weight             string
}

// EditOf returns the scheme as a form shows it. What follows from other fields is left
// blank: the points of groups and sources.
func EditOf(s *scoring.Scheme) SchemeEdit {
	e := SchemeEdit{ID: s.ID, TitleZH: s.Title.ZH, TitleEN: s.Title.EN, Year: strconv.Itoa(s.Year), AppealDays: strconv.Itoa(s.AppealDays),
		BasisZH: s.Basis.ZH, BasisEN: s.Basis.EN, Region: s.Region}
	for _, g := range s.Grades {
		e.Grades = append(e.Grades, GradeEdit{g.ID, g.Title.ZH, g.Title.EN, plainScore(g.From)})
	}
	for _, c := range s.Classes {
		e.Classes = append(e.Classes, ClassEdit{c.ID, c.Title.ZH, c.Title.EN, plainScore(c.Maximum)})
	}
	for _, l := range s.Limits {
		e.Limits = append(e.Limits, LimitEdit{l.ID, l.Title.ZH, l.Title.EN, l.Most.String(), l.Within})
	}
	e.addIndicators(s.Indicators, 0)
	return e
}

// plainScore writes a score with the decimals that it has.
func plainScore(s scoring.Score) string { return (scoring.Amount(s) * (scoring.Point / 100)).String() }

func (e *SchemeEdit) addIndicators(indicators []scoring.Indicator, level int) {
	for n := range indicators {
		i := &indicators[n]
		row := IndicatorEdit{Level: level, ID: i.ID, TitleZH: i.Title.ZH, TitleEN: i.Title.EN, Clause: i.Clause, CountsZH: i.Counts.ZH, CountsEN: i.Counts.EN,
			Method: string(i.Method), Classes: i.Classes, Cap: i.Cap, Obligations: strings.Join(i.Obligations, "\n"), Grade: i.Grade}
		switch {
		case i.Weight > 0:
			row.Weight = i.Weight.String()
		case i.Method != scoring.MethodGroup && i.Method != scoring.MethodVeto:
			row.addPoints(i)
		}
		if i.Method == scoring.MethodAuto {
			row.LateShare = i.LateShare.String()
		}
		e.Indicators = append(e.Indicators, row)
		e.addIndicators(i.Children, level+1)
	}
}

func (r *IndicatorEdit) addPoints(i *scoring.Indicator) {
	if i.Points > 0 {
		r.Points = i.Points.String()
	}
	for class, points := range i.PointsFor {
		if r.PointsFor == nil {
			r.PointsFor = map[string]string{}
		}
		r.PointsFor[class] = points.String()
	}
}

// IsSource tells whether the row is a source: it stands directly below a composite.
func (e *SchemeEdit) IsSource(row int) bool {
	for at := row - 1; at >= 0; at-- {
		if e.Indicators[at].Level < e.Indicators[row].Level {
			return e.Indicators[at].Method == string(scoring.MethodComposite)
		}
	}
	return false
}

// maxLevels is how many levels scoring.ParseScheme takes.
const maxLevels = 3

// MayHaveBelow tells whether the levels of a scheme allow for more below the row; sources
// are no level of their own.
func (e *SchemeEdit) MayHaveBelow(row int) bool {
	levels := 0
	for at, above := row, e.Indicators[row].Level+1; at >= 0; at-- {
		if e.Indicators[at].Level >= above {
			continue
		}
		above = e.Indicators[at].Level
		if !e.IsSource(at) {
			levels++
		}
	}
	return levels < maxLevels
}

// end returns the row after the last one that stands below the row.
func (e *SchemeEdit) end(row int) int {
	end := row + 1
	for end < len(e.Indicators) && e.Indicators[end].Level > e.Indicators[row].Level {
		end++
	}
	return end
}

// HasBelow tells whether something stands below the row.
func (e *SchemeEdit) HasBelow(row int) bool { return e.end(row) > row+1 }

// AddAfter adds an indicator after the row and what stands below it, at its level; at the
// end when there is no such row. It returns the row of the new one.
func (e *SchemeEdit) AddAfter(row int) int {
	added, at := IndicatorEdit{Method: string(scoring.MethodAward)}, len(e.Indicators)
	if row >= 0 && row < at {
		added.Level, at = e.Indicators[row].Level, e.end(row)
	}
	e.Indicators = slices.Insert(e.Indicators, at, added)
	return at
}

// AddBelow adds an indicator as the last one below the row, which becomes a group unless
// it is a composite, and returns the row of the new one.
func (e *SchemeEdit) AddBelow(row int) int {
	if row < 0 || row >= len(e.Indicators) {
		return e.AddAfter(row)
	}
	above := &e.Indicators[row]
	if above.Method != string(scoring.MethodComposite) && above.Method != string(scoring.MethodGroup) {
		above.Method, above.Points, above.PointsFor = string(scoring.MethodGroup), "", nil
	}
	at := e.end(row)
	e.Indicators = slices.Insert(e.Indicators, at, IndicatorEdit{Level: above.Level + 1, Method: string(scoring.MethodAward)})
	return at
}

// Remove takes the row away with all that stands below it.
func (e *SchemeEdit) Remove(row int) {
	if row >= 0 && row < len(e.Indicators) {
		e.Indicators = slices.Delete(e.Indicators, row, e.end(row))
	}
}

// MoveUp exchanges the row, with what stands below it, with the one before it at its level,
// and returns its new row: the same where there is none.
func (e *SchemeEdit) MoveUp(row int) int {
	before := e.before(row)
	if before < 0 {
		return row
	}
	end := e.end(row)
	moved := slices.Concat(e.Indicators[row:end], e.Indicators[before:row])
	copy(e.Indicators[before:end], moved)
	return before
}

// MoveDown is MoveUp of what comes after it.
func (e *SchemeEdit) MoveDown(row int) int {
	if row < 0 || row >= len(e.Indicators) {
		return row
	}
	after := e.end(row)
	if after >= len(e.Indicators) || e.Indicators[after].Level != e.Indicators[row].Level {
		return row
	}
	e.MoveUp(after)
	return e.end(row)
}

// before returns the row before it at its level below the same one, -1 when it is the
// first.
func (e *SchemeEdit) before(row int) int {
	if row < 0 || row >= len(e.Indicators) {
		return -1
	}
	for at := row - 1; at >= 0 && e.Indicators[at].Level >= e.Indicators[row].Level; at-- {
		if e.Indicators[at].Level == e.Indicators[row].Level {
			return at
		}
	}
	return -1
}

// Settle puts rows that a form sent with impossible levels as far left as they must be.
func (e *SchemeEdit) Settle() {
	above := -1
	for n := range e.Indicators {
		e.Indicators[n].Level = max(0, min(e.Indicators[n].Level, above+1))
		above = e.Indicators[n].Level
	}
}
