package planner

import "context"

// coverage is a set of people that can be seated: of each class the first so many.
type coverage struct {
	taken []int32
	count int
}

// filled is a network after everybody was tried who is to be seated.
type filled struct {
	coverage
	lanes   *lanes
	widths  []int32
	network *network
}

// rounds is how often parts of limits are shifted in a row without gain before it
// is left.
const rounds = 4

// pulse is how many people are tried between two looks at the context.
const pulse = 64

// fill seats people by priority, whoever is settled first of all.
func (l *layout) fill(ctx context.Context, t *terms, all *lanes, widths []int32, progress func(int)) (*filled, error) {
	f := &filled{lanes: all, widths: widths, network: newNetwork(l, t, all, widths)}
	f.taken = make([]int32, len(l.classes))
	for position, k := range l.classOf {
		if position%pulse == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			progress(position)
		}
		if l.rank[position] < t.settled[k] || f.network.send(k) {
			f.taken[k]++
			f.count++
		}
	}
	return f, nil
}

// has tells whether a person is in the set.
func (l *layout) has(c *coverage, position int) bool {
	return l.rank[position] < c.taken[l.classOf[position]]
}

// better tells whether a is the better set than b: more people, or the first person
// who is in but one of them is in a.
func (l *layout) better(a, b *coverage) bool {
	if a.count != b.count {
		return a.count > b.count
	}
	for position := range l.people {
		if in := l.has(a, position); in != l.has(b, position) {
			return in
		}
	}
	return false
}

// attempt is what one look at some terms yields.
type attempt struct {
	// best is within the limits, bound at least as good as every plan within them.
	best  *filled
	bound *coverage
	// whole tells that best is as good as bound.
	whole bool
	// hint is who sits where in the bound.
	hint []seating
	work int
}

// attempt fills the lanes. Where units are tangled it fills the relaxation first
// and gives each lane the part of the limit that it takes there, then shifts parts
// from where they are not needed; each round starts from the plan before, whose
// people all keep a seat.
func (l *layout) attempt(ctx context.Context, t *terms, progress func(int)) (*attempt, error) {
	all := l.lanes(t)
	if !all.anyKnot {
		f, err := l.fill(ctx, t, all, l.ownWidths(t, all), progress)
		if err != nil {
			return nil, err
		}
		return &attempt{best: f, bound: &f.coverage, whole: true, work: f.network.work}, nil
	}
	merged, parts := l.relaxed(t, all)
	bound, err := l.fill(ctx, t, merged, l.ownWidths(t, merged), progress)
	if err != nil {
		return nil, err
	}
	a := &attempt{bound: &bound.coverage, work: bound.network.work}
	a.hint = bound.network.hint(merged, parts, all)
	widths := l.widths(t, all, 0, l.usage(all, a.hint))
	for turn, stale := 1, 0; stale < rounds && !a.whole; turn++ {
		f, err := l.fill(ctx, t, all, widths, func(int) {})
		if err != nil {
			return nil, err
		}
		a.work += f.network.work
		stale++
		if a.best == nil || l.better(&f.coverage, &a.best.coverage) {
			stale = 0
		}
		a.best = f
		a.whole = !l.better(a.bound, &f.coverage)
		widths = l.widths(t, all, turn, l.usage(all, f.network.seatings(all)), l.roomy(f))
	}
	return a, nil
}

// roomy wants as much as can be of the lanes to sessions with free seats.
func (l *layout) roomy(f *filled) []int32 {
	taken := make([]int32, len(l.sessions))
	for _, s := range f.network.seatings(f.lanes) {
		taken[s.session] += s.people
	}
	wanted := make([]int32, len(f.lanes.all))
	for i := range f.lanes.all {
		for _, s := range f.lanes.all[i].sessions {
			if int(taken[s]) < l.sessions[s].Seats {
				wanted[i] = unlimited
			}
		}
	}
	return wanted
}

// usage is how many pass each lane when people sit like this.
func (l *layout) usage(all *lanes, seatings []seating) []int32 {
	people := make([]int32, len(l.classes)*len(l.sessions))
	for _, s := range seatings {
		people[int(s.class)*len(l.sessions)+int(s.session)] += s.people
	}
	used := make([]int32, len(all.all))
	for i := range all.all {
		for _, k := range all.all[i].classes {
			for _, s := range all.all[i].sessions {
				used[i] += people[int(k)*len(l.sessions)+int(s)]
			}
		}
	}
	return used
}

// hint tells who sits where in a relaxation, as far as somebody of the class may:
// in a merged lane that need not be everybody.
func (n *network) hint(merged *lanes, parts [][]int32, all *lanes) []seating {
	var found []seating
	for i := range merged.all {
		through := n.through(i, &merged.all[i], nil)
		if len(parts[i]) == 1 || len(through) == 0 {
			found = append(found, through...)
			continue
		}
		classes, sessions := map[int32]int32{}, map[int32]int32{}
		for _, s := range through {
			classes[s.class] += s.people
			sessions[s.session] += s.people
		}
		for _, part := range parts[i] {
			for _, k := range all.all[part].classes {
				for _, s := range all.all[part].sessions {
					if people := min(classes[k], sessions[s]); people > 0 {
						found = append(found, seating{pair{k, s}, people})
						classes[k] -= people
						sessions[s] -= people
					}
				}
			}
		}
	}
	return found
}
