package scoring

import (
	"sundial/server/rules"
)

// Scheme (考核方案) says how the units of an office are scored in a year: data,
// never changed once it is frozen.
type Scheme struct {
	// ID names the scheme: word characters, such as jiangsu-assessment-2018.
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
	Grades  []Grade
	Classes []Class
	Limits  []Limit
	// Indicators is the first level; there are at most three.
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

// The caps of a deduction; any other word is the id of a limit.
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
	// its indicators: when written, they must be their sum. Vetoes have none.
	Points    Amount
	PointsFor map[string]Amount
	// Cap is that of a deduction (own when left out), or the limit of a bonus.
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
