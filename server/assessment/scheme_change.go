package assessment

import (
	"maps"
	"reflect"
	"slices"

	"sundial/server/scoring"
)

// SchemeChanges are the differences between two schemes, indicators in the order of the
// later one and then those that it does not have any more. Head names the parts of the
// scheme itself that differ: title, basis, appeal_days, grades, classes, limits.
type SchemeChanges struct {
	Head       []string
	Indicators []IndicatorChange
}

// None tells that nothing but the id and the year differs.
func (c *SchemeChanges) None() bool { return len(c.Head)+len(c.Indicators) == 0 }

// IndicatorChange is an indicator that was added (Before is nil), removed (After is nil)
// or changed: Points are those that differ, Fields name what else does.
type IndicatorChange struct {
	Before, After *scoring.Indicator
	Points        []PointsChange
	Fields        []string
}

// PointsChange is what an indicator had and has for a class; zero where it is not for
// it.
type PointsChange struct {
	Class   string
	Was, Is scoring.Amount
}

// changesOf compares two schemes.
func changesOf(was, is *scoring.Scheme) *SchemeChanges {
	c := &SchemeChanges{Head: headChanges(was, is)}
	walkIndicators(is.Indicators, func(after *scoring.Indicator) {
		before, found := was.Find(after.ID)
		if !found {
			c.Indicators = append(c.Indicators, IndicatorChange{After: after})
			return
		}
		change := IndicatorChange{Before: before, After: after, Points: pointsChanges(was, is, before, after), Fields: fieldChanges(before, after)}
		if len(change.Points)+len(change.Fields) > 0 {
			c.Indicators = append(c.Indicators, change)
		}
	})
	walkIndicators(was.Indicators, func(before *scoring.Indicator) {
		if _, found := is.Find(before.ID); !found {
			c.Indicators = append(c.Indicators, IndicatorChange{Before: before})
		}
	})
	return c
}

// walkIndicators calls f with each indicator and source, parents first.
func walkIndicators(indicators []scoring.Indicator, f func(*scoring.Indicator)) {
	for n := range indicators {
		f(&indicators[n])
		walkIndicators(indicators[n].Children, f)
	}
}

func headChanges(was, is *scoring.Scheme) []string {
	limits := func(s *scoring.Scheme) []scoring.Limit {
		list := slices.Clone(s.Limits)
		for n := range list {
			list[n].Line = 0
		}
		return list
	}
	return differing([]fieldPair{
		{"title", was.Title, is.Title}, {"basis", was.Basis, is.Basis}, {"appeal_days", was.AppealDays, is.AppealDays},
		{"grades", was.Grades, is.Grades}, {"classes", was.Classes, is.Classes}, {"limits", limits(was), limits(is)},
	})
}

func fieldChanges(was, is *scoring.Indicator) []string {
	return differing([]fieldPair{
		{"title", was.Title, is.Title}, {"clause", was.Clause, is.Clause}, {"counts", was.Counts, is.Counts}, {"method", was.Method, is.Method},
		{"classes", was.Classes, is.Classes}, {"cap", was.Cap, is.Cap}, {"obligations", was.Obligations, is.Obligations},
		{"late_share", was.LateShare, is.LateShare}, {"grade", was.Grade, is.Grade}, {"weight", was.Weight, is.Weight},
	})
}

type fieldPair struct {
	name    string
	was, is any
}

func differing(pairs []fieldPair) []string {
	var names []string
	for _, pair := range pairs {
		if !reflect.DeepEqual(pair.was, pair.is) {
			names = append(names, pair.name)
		}
	}
	return names
}

// pointsChanges compares the points for each class of either scheme.
func pointsChanges(was, is *scoring.Scheme, before, after *scoring.Indicator) []PointsChange {
	classes := map[string]bool{}
	for _, scheme := range []*scoring.Scheme{was, is} {
		for _, class := range scheme.Classes {
			classes[class.ID] = true
		}
	}
	var changes []PointsChange
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		change := PointsChange{Class: class, Was: pointsIn(was, before, class), Is: pointsIn(is, after, class)}
		if change.Was != change.Is {
			changes = append(changes, change)
		}
	}
	return changes
}

// pointsIn returns the points of the indicator on the card of the class; none where it is
// not on it.
func pointsIn(scheme *scoring.Scheme, i *scoring.Indicator, class string) scoring.Amount {
	card, found := scheme.Card(class)
	if !found {
		return 0
	}
	for _, node := range card.Nodes {
		if node.ID == i.ID {
			return node.Points
		}
	}
	return 0
}
