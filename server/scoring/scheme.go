package scoring

import (
	"slices"

	"sundial/server/rules"
)

// Scheme (考核方案) says how the units of an office are scored in a year: data,
// never changed once it is frozen.
type Scheme struct {
	// ID names the scheme: words, joined by dashes, such as jiangsu-2018-assessment.
	ID    string
	Title rules.Text
	Year  int
	// Region is the code of the office's region: units in it are scored.
	Region string
	// Basis cites the clauses by which the scheme is made.
	Basis rules.Text
	// Appeal is the number of working days after the announcement within which a
	// unit may appeal.
	AppealDays int
	// Grades stand from best to worst; the last one begins at 0.
	Grades []Grade
	// Classes stand in the order in which they are shown.
	Classes []Class
	Limits  []Limit
	// Indicators is the first level; there are at most three. A source is no level of
	// its own: what is below it is one level below its composite.
	Indicators []Indicator

	cards map[string]*Card
}

// Grade (等次) is reached from From on, on the rounded score.
type Grade struct {
	ID    string
	Title rules.Text
	From  Score
}

// Class (类别) is a group of units that are ranked with each other, after the
// class of units (models.Unit.Class); no score of it is above Maximum.
type Class struct {
	ID      string
	Title   rules.Text
	Maximum Score
}

// Limit (限额) bounds what several deductions take off, or several bonuses add:
// at most Most in all. What a limit lets through counts towards the one it lies
// Within, if any.
type Limit struct {
	ID     string
	Title  rules.Text
	Most   Amount
	Within string
	Line   int
}

// Method is how an indicator is scored.
type Method string

// The methods. A group has indicators below it and no method of its own.
const (
	MethodGroup     Method = "group"
	MethodAward     Method = "award"
	MethodDeduct    Method = "deduct"
	MethodBonus     Method = "bonus"
	MethodVeto      Method = "veto"
	MethodAuto      Method = "auto"
	MethodComposite Method = "composite"
)

// The caps of a deduction; any other word is the id of a limit. Inside a composite
// a deduction has cap own or parent; at the first level, where no parent is, not parent.
const (
	CapOwn    = "own"
	CapParent = "parent"
	CapNone   = "none"
)

// Indicator (指标) is one line of a scheme.
type Indicator struct {
	// ID is unique in the scheme: words joined by dashes.
	ID    string
	Title rules.Text
	// Clause cites what it is asked by; Counts says in our own words how points are
	// won or lost.
	Clause string
	Counts rules.Text
	Method Method
	// Classes are those it is for; empty means all.
	Classes []string
	// Points are those of all classes but the ones in PointsFor. A group has those of
	// its indicators: when written, they must be their sum. A source has the
	// composite's. Vetoes have none; of a deduction that takes from others they may be 0.
	Points    Amount
	PointsFor map[string]Amount
	// Cap is that of a deduction (own when left out), or the limit of a bonus, if any.
	Cap string
	// Obligations are those whose duties an auto indicator is scored by, of policies in
	// force, and LateShare the share of the points that a late one wins: one point is
	// all of them.
	Obligations []string
	LateShare   Amount
	// Grade is the one that a veto leads to.
	Grade string
	// Weight is that of a source in its composite: one point is all of it. A source
	// has indicators below it that add up to the composite's points, or is an award.
	Weight Amount
	// Children are the indicators of a group or the sources of a composite.
	Children []Indicator
	Line     int
}

// PointsIn returns the points of the indicator for a class.
func (i *Indicator) PointsIn(class string) Amount {
	if points, differs := i.PointsFor[class]; differs {
		return points
	}
	return i.Points
}

// For tells whether the indicator is for the class.
func (i *Indicator) For(class string) bool {
	for _, c := range i.Classes {
		if c == class {
			return true
		}
	}
	return len(i.Classes) == 0
}

// Find returns the indicator or source with the id.
func (s *Scheme) Find(id string) (*Indicator, bool) {
	return find(s.Indicators, id)
}

func find(indicators []Indicator, id string) (*Indicator, bool) {
	for n := range indicators {
		i := &indicators[n]
		if i.ID == id {
			return i, true
		}
		if below, found := find(i.Children, id); found {
			return below, true
		}
	}
	return nil, false
}

// Obligations returns the ids of all obligations by whose duties something is
// scored, each once, in the order of the scheme.
func (s *Scheme) Obligations() []string {
	var ids []string
	var walk func([]Indicator)
	walk = func(indicators []Indicator) {
		for n := range indicators {
			for _, id := range indicators[n].Obligations {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
			walk(indicators[n].Children)
		}
	}
	walk(s.Indicators)
	return ids
}

// Limit returns the limit with the id.
func (s *Scheme) Limit(id string) (*Limit, bool) {
	for n := range s.Limits {
		if id != "" && s.Limits[n].ID == id {
			return &s.Limits[n], true
		}
	}
	return nil, false
}

// GradeOf returns the place of the grade that a score reaches.
func (s *Scheme) GradeOf(score Score) int {
	for place, grade := range s.Grades {
		if score >= grade.From {
			return place
		}
	}
	return len(s.Grades) - 1
}

func (s *Scheme) gradePlace(id string) (place int, found bool) {
	place = slices.IndexFunc(s.Grades, func(g Grade) bool { return g.ID == id })
	return place, place >= 0
}

func (s *Scheme) gradeIDs() []string {
	return idsOf(s.Grades, func(g Grade) string { return g.ID })
}

func (s *Scheme) classIDs() []string {
	return idsOf(s.Classes, func(c Class) string { return c.ID })
}

func (s *Scheme) limitIDs() []string {
	return idsOf(s.Limits, func(l Limit) string { return l.ID })
}

func idsOf[T any](list []T, id func(T) string) []string {
	ids := make([]string, len(list))
	for n, item := range list {
		ids[n] = id(item)
	}
	return ids
}
