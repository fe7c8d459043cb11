package planner

import "context"

// place seats the people of a plan anew at the least cost of places. It never
// unseats anybody: people are sent one by one along cheapest paths, and potentials
// are raised when nobody can be sent at the present ones, which keeps the flow the
// cheapest among those of the same people per class.
//
// It returns what these people cost at least: what they do cost, unless the budget
// ran out. Then each of those who waited costs no less than the cheapest path from
// their class at the time; the potentials are a solution of the dual problem.
func (l *layout) place(ctx context.Context, c *coverage, all *lanes, widths []int32, budget int, progress func(int)) (n *network, bound int, err error) {
	n = newNetwork(l, l.terms(), all, widths)
	n.potential = make([]int32, len(n.label))
	var waiting []int32
	for position, k := range l.classOf {
		if l.has(c, position) {
			waiting = append(waiting, k)
		}
	}
	for seated := 0; len(waiting) > 0; {
		n.raise()
		if n.work > budget {
			bound = l.bill(n.seatings(all))
			for _, k := range waiting {
				bound += int(n.potential[k])
			}
			n.potential = nil
		}
		n.survey()
		var later []int32
		for i, k := range waiting {
			if i%pulse == 0 {
				if err := ctx.Err(); err != nil {
					return nil, 0, err
				}
				progress(seated)
			}
			if n.send(k) {
				seated++
			} else {
				later = append(later, k)
			}
		}
		waiting = later
	}
	if n.potential != nil {
		bound = l.bill(n.seatings(all))
	}
	return n, bound, nil
}

// raise adds to each potential how much dearer the cheapest path to the sink has
// become. What it adds is small, so nodes wait in one bucket for each distance.
// Nodes from which no path leads to the sink never get one again and stay behind.
func (n *network) raise() {
	const far = -1
	distance := make([]int32, len(n.label))
	for v := range distance {
		distance[v] = far
	}
	settled := make([]bool, len(n.label))
	distance[n.sink] = 0
	buckets := [][]int32{{n.sink}}
	for d := 0; d < len(buckets); d++ {
		for i := 0; i < len(buckets[d]); i++ {
			v := buckets[d][i]
			if settled[v] {
				continue
			}
			settled[v] = true
			for _, e := range n.arcs[n.first[v]:n.first[v+1]] {
				from, back := n.to[e], e^1
				if n.room[back] == 0 || settled[from] {
					continue
				}
				reached := int32(d) + n.cost[back] + n.potential[v] - n.potential[from]
				if distance[from] == far || reached < distance[from] {
					distance[from] = reached
					for int(reached) >= len(buckets) {
						buckets = append(buckets, nil)
					}
					buckets[reached] = append(buckets[reached], from)
				}
			}
		}
	}
	n.work += len(n.arcs)
	for v := range distance {
		if distance[v] != far {
			n.potential[v] += distance[v]
		}
	}
}

// bill is what the places of a plan cost.
func (l *layout) bill(seatings []seating) int {
	total := 0
	for _, s := range seatings {
		total += int(s.people) * int(l.costOf(l.classes[s.class].unit, s.session))
	}
	return total
}

// costly tells whether any seat costs anything.
func (l *layout) costly() bool {
	for _, c := range l.cost {
		if c > 0 {
			return true
		}
	}
	return false
}

// settlePlaces returns who sits where at the least cost that was found, and a bound
// below which no plan for the same people can be. Where units are tangled, each
// lane is given the part of the limit that it takes in the cheapest relaxation, if
// that seats the same people; then parts are shifted while it helps.
func (l *layout) settlePlaces(ctx context.Context, f *filled, budget int, progress func(int)) (seatings []seating, bound int, err error) {
	if !l.costly() {
		return f.network.seatings(f.lanes), 0, nil
	}
	if !f.lanes.anyKnot {
		n, bound, err := l.place(ctx, &f.coverage, f.lanes, f.widths, budget, progress)
		if err != nil {
			return nil, 0, err
		}
		return n.seatings(f.lanes), bound, nil
	}
	t := l.terms()
	merged, parts := l.relaxed(t, f.lanes)
	n, bound, err := l.place(ctx, &f.coverage, merged, l.ownWidths(t, merged), budget, progress)
	if err != nil {
		return nil, 0, err
	}
	wish := l.usage(f.lanes, n.hint(merged, parts, f.lanes))
	widths := l.widths(t, f.lanes, 0, wish)
	hinted, err := l.fill(ctx, t, f.lanes, widths, func(int) {})
	if err != nil {
		return nil, 0, err
	}
	if l.better(&f.coverage, &hinted.coverage) {
		widths = l.widths(t, f.lanes, 0, l.usage(f.lanes, f.network.seatings(f.lanes)), wish)
	}
	work := n.work
	for turn, least := 1, -1; ; turn++ {
		if n, _, err = l.place(ctx, &f.coverage, f.lanes, widths, budget, func(int) {}); err != nil {
			return nil, 0, err
		}
		seatings = n.seatings(f.lanes)
		work += n.work
		if bill := l.bill(seatings); bill == bound || bill == least || work > budget {
			return seatings, bound, nil
		}
		least = l.bill(seatings)
		widths = l.widths(t, f.lanes, turn, l.usage(f.lanes, seatings), wish)
	}
}
