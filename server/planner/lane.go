package planner

import (
	"math"
	"slices"
)

// unlimited is more than anybody has people or seats.
const unlimited = math.MaxInt32 / 4

// lane leads from classes of a unit to the sessions of a stretch: whoever passes is
// missed by the unit on its days, and may take any of its sessions.
type lane struct {
	*stretch
	classes []int32
	unit    int32
}

// lanes are those of all units, in the order of units, and within it of days.
type lanes struct {
	all []lane
	// of[u] to of[u+1] are the lanes of unit u.
	of []int32
	// tangled units have lanes that share a day on which the limit may bind.
	tangled []bool
	anyKnot bool
	// merged is the relaxation, once it was asked for; its lane i is made of the
	// lanes parts[i].
	merged *lanes
	parts  [][]int32
}

// lanes returns the lanes through which somebody can pass under the terms.
func (l *layout) lanes(t *terms) *lanes {
	all := &lanes{of: make([]int32, 1, len(l.members)+1), tangled: make([]bool, len(l.members))}
	for u := range l.members {
		for b := range l.blocks {
			start := len(all.all)
			for k := l.unitClasses[u]; k < l.unitClasses[u+1]; k++ {
				l.addLane(all, t, start, k, int32(b))
			}
		}
		all.of = append(all.of, int32(len(all.all)))
		all.tangled[u] = l.tangled(t, all.all[all.of[u]:])
		all.anyKnot = all.anyKnot || all.tangled[u]
	}
	return all
}

// addLane lets the class into the lane for its sessions of the block, one of those
// from start on, or a new one.
func (l *layout) addLane(all *lanes, t *terms, start int, k, b int32) {
	own := l.open(t, k, b)
	if own == nil {
		return
	}
	for i := start; i < len(all.all); i++ {
		if known := &all.all[i]; known.same(own) {
			known.classes = append(known.classes, k)
			return
		}
	}
	made := lane{unit: l.classes[k].unit, stretch: own, classes: []int32{k}}
	if l.width(t, &made) > 0 {
		all.all = append(all.all, made)
	}
}

// same tells whether two stretches are equal.
func (s *stretch) same(other *stretch) bool {
	return s == other || slices.Equal(s.days, other.days) && slices.Equal(s.sessions, other.sessions)
}

// open returns what the class may attend of the block, or nil.
func (l *layout) open(t *terms, k, b int32) *stretch {
	whole := l.blocks[b]
	if !l.rostered(k, whole.sessions[0]) {
		return nil
	}
	if len(l.classes[k].busy) == 0 && len(t.barred) == 0 {
		return whole
	}
	open := &stretch{days: l.missedOn(k, b)}
	for _, s := range whole.sessions {
		if l.free(k, s) && !t.barred[pair{k, s}] {
			open.sessions = append(open.sessions, s)
		}
	}
	if len(open.sessions) == 0 {
		return nil
	}
	if open.same(whole) {
		return whole
	}
	return open
}

// width is how many people may pass a lane if no other lane took from its days.
func (l *layout) width(t *terms, a *lane) int32 {
	width := int32(unlimited)
	for _, d := range a.days {
		width = min(width, t.spare[int(a.unit)*len(l.days)+int(d)])
	}
	return width
}

// tangled tells whether two of a unit's lanes share a day on which it cannot spare
// all its people.
func (l *layout) tangled(t *terms, own []lane) bool {
	seen := make(map[int32]bool, len(own))
	for i := range own {
		for _, d := range own[i].days {
			if t.spare[int(own[i].unit)*len(l.days)+int(d)] >= l.members[own[i].unit] {
				continue
			}
			if seen[d] {
				return true
			}
			seen[d] = true
		}
	}
	return false
}

// widths returns how many may pass each lane, so that the lanes of a unit together
// keep within its limits: first what is wanted most, as far as it goes, then what is
// wanted next, and what is left to one lane after the other, beginning with another
// one each turn.
func (l *layout) widths(t *terms, all *lanes, turn int, wanted ...[]int32) []int32 {
	widths := make([]int32, len(all.all))
	for u := range l.members {
		first, end := int(all.of[u]), int(all.of[u+1])
		if !all.tangled[u] {
			for i := first; i < end; i++ {
				widths[i] = l.width(t, &all.all[i])
			}
			continue
		}
		rest := &terms{spare: slices.Clone(t.spare[u*len(l.days) : (u+1)*len(l.days)])}
		give := func(i int, most int32) {
			own := all.all[i]
			own.unit = 0
			given := max(0, min(most, l.width(rest, &own)))
			for _, d := range own.days {
				rest.spare[d] -= given
			}
			widths[i] += given
		}
		for _, want := range wanted {
			for i := first; i < end; i++ {
				give(i, want[i]-widths[i])
			}
		}
		for i := range end - first {
			give(first+(i+turn)%(end-first), l.members[u])
		}
	}
	return widths
}

// ownWidths returns how many may pass each lane by itself.
func (l *layout) ownWidths(t *terms, all *lanes) []int32 {
	widths := make([]int32, len(all.all))
	for i := range widths {
		widths[i] = l.width(t, &all.all[i])
	}
	return widths
}

// relaxed returns the relaxation of lanes that were made for the same terms.
func (l *layout) relaxed(t *terms, all *lanes) (merged *lanes, parts [][]int32) {
	if all.merged == nil {
		all.merged, all.parts = l.relax(t, all)
	}
	return all.merged, all.parts
}

// relax merges lanes of tangled units that share a day into one, limited by that
// day. Every plan passes the merged lanes too, so that what can be
// seated through them bounds every plan.
func (l *layout) relax(t *terms, all *lanes) (merged *lanes, parts [][]int32) {
	merged = &lanes{}
	for u := range l.members {
		own := all.all[all.of[u]:all.of[u+1]]
		if !all.tangled[u] {
			for i := range own {
				merged.all = append(merged.all, own[i])
				parts = append(parts, []int32{all.of[u] + int32(i)})
			}
		} else {
			for _, group := range l.cliques(t, own) {
				merged.all = append(merged.all, mergeLanes(own, group))
				for i := range group {
					group[i] += all.of[u]
				}
				parts = append(parts, group)
			}
		}
	}
	return merged, parts
}

// cliques divides the lanes of a unit into groups that share a day: for the lane
// that ends first, those that share its tightest day, and so on.
func (l *layout) cliques(t *terms, own []lane) [][]int32 {
	order := make([]int32, len(own))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(lastDay(&own[a]) - lastDay(&own[b])) })
	var groups [][]int32
	done := make([]bool, len(own))
	for at, i := range order {
		if done[i] {
			continue
		}
		var group []int32
		day, limited := l.tightest(t, &own[i])
		for _, j := range order[at:] {
			if !done[j] && (j == i || limited && own[j].has(day)) {
				group = append(group, j)
				done[j] = true
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// has tells whether the day is one of the stretch's.
func (s *stretch) has(day int32) bool {
	if len(s.days) == 0 || s.days[0] > day {
		return false
	}
	_, found := slices.BinarySearch(s.days, day)
	return found
}

func lastDay(a *lane) int32 {
	if len(a.days) == 0 {
		return -1
	}
	return a.days[len(a.days)-1]
}

// tightest returns the day of a lane on which the unit can spare the fewest, the
// last of several; ok is false for a lane without days.
func (l *layout) tightest(t *terms, a *lane) (day int32, ok bool) {
	fewest := int32(unlimited)
	for _, d := range a.days {
		if spare := t.spare[int(a.unit)*len(l.days)+int(d)]; spare <= fewest {
			day, fewest, ok = d, spare, true
		}
	}
	return day, ok
}

// mergeLanes returns one lane for a group. All share the tightest day of the first
// one, so that its days limit them as they do it.
func mergeLanes(own []lane, group []int32) lane {
	if len(group) == 1 {
		return own[group[0]]
	}
	merged := own[group[0]]
	merged.stretch = &stretch{days: merged.days, sessions: merged.sessions}
	for _, i := range group[1:] {
		merged.classes = union(merged.classes, own[i].classes)
		merged.sessions = union(merged.sessions, own[i].sessions)
	}
	return merged
}

func union(a, b []int32) []int32 {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
