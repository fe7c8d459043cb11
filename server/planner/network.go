package planner

// none ends a list of nodes.
const none = -1

// network is a flow network with residual arcs. Nodes are the classes, then the
// sessions, then the sink, then whatever lanes need in between.
//
// Paths are sought by distance labels: label[v] is a lower bound of the number of
// arcs from v to the sink, a path goes from each node to one labelled one less,
// and a node without such a neighbour is labelled anew. Labels only rise and
// survive from one search to the next, whichever node it begins at, so that all
// searches together cost what one computation of a greatest flow does.
type network struct {
	// Arc e leads to to[e] and has room for so many more; e^1 is its reverse.
	to, room []int32
	cost     []int32
	// The arcs out of v are arcs[first[v]:first[v+1]]; those before next[v] are of
	// no use until v is labelled anew.
	first, arcs, next []int32
	label             []int32
	// shelf[d] is the first node labelled d, or none; after and before link nodes of
	// one label. Where a label between is missing, no path leads from above to below;
	// the nodes above are dead.
	shelf, after, before []int32
	// top is the greatest label that a living node may have.
	top int32
	// potential is nil where costs do not matter. Otherwise only arcs on cheapest
	// paths are used: those whose cost is the difference of the potentials.
	potential []int32
	path      []int32
	sink      int32
	// work counts arcs looked at.
	work int
	// begin[i] is the first arc of lane i.
	begin []int32
}

// newNetwork builds class → lane → session → sink for lanes of the given widths.
// A lane with one class or one session needs no node of its own on that side.
func newNetwork(l *layout, t *terms, all *lanes, widths []int32) *network {
	n := &network{sink: int32(len(l.classes) + len(l.sessions)), begin: make([]int32, 0, len(all.all))}
	arcs := len(t.seats)
	for i := range all.all {
		arcs += all.all[i].arcs()
	}
	n.to, n.room, n.cost = make([]int32, 0, 2*arcs), make([]int32, 0, 2*arcs), make([]int32, 0, 2*arcs)
	nodes := n.sink + 1
	for i := range all.all {
		a := &all.all[i]
		n.begin = append(n.begin, int32(len(n.to)))
		head, tail := a.classes[0], n.session(l, a.sessions[0])
		if len(a.classes) > 1 {
			head = nodes
			nodes++
			for _, k := range a.classes {
				n.arc(k, head, unlimited, 0)
			}
		}
		if len(a.sessions) == 1 {
			n.arc(head, tail, widths[i], l.costOf(a.unit, a.sessions[0]))
			continue
		}
		tail = nodes
		nodes++
		n.arc(head, tail, widths[i], 0)
		for _, s := range a.sessions {
			n.arc(tail, n.session(l, s), unlimited, l.costOf(a.unit, s))
		}
	}
	for s, seats := range t.seats {
		n.arc(n.session(l, int32(s)), n.sink, seats, 0)
	}
	n.index(int(nodes))
	return n
}

// arcs is how many arcs a lane takes.
func (a *lane) arcs() int {
	arcs := 1
	if len(a.classes) > 1 {
		arcs += len(a.classes)
	}
	if len(a.sessions) > 1 {
		arcs += len(a.sessions)
	}
	return arcs
}

// session is the node of a session.
func (n *network) session(l *layout, s int32) int32 { return int32(len(l.classes)) + s }

func (l *layout) costOf(unit, session int32) int32 {
	return l.cost[int(unit)*len(l.sessions)+int(session)]
}

func (n *network) arc(from, to, room, cost int32) {
	n.to = append(n.to, to, from)
	n.room = append(n.room, room, 0)
	n.cost = append(n.cost, cost, -cost)
}

// index lists the arcs out of each node, in the order in which they were added.
func (n *network) index(nodes int) {
	n.first = make([]int32, nodes+1)
	for e := range n.to {
		n.first[n.to[e^1]+1]++
	}
	for v := range nodes {
		n.first[v+1] += n.first[v]
	}
	n.next = append([]int32(nil), n.first[:nodes]...)
	n.arcs = make([]int32, len(n.to))
	for e := range n.to {
		v := n.to[e^1]
		n.arcs[n.next[v]] = int32(e)
		n.next[v]++
	}
	n.label, n.shelf = make([]int32, nodes), make([]int32, nodes+1)
	n.after, n.before = make([]int32, nodes), make([]int32, nodes)
	n.survey()
}

// dead labels nodes from which the sink cannot be reached, now or later.
func (n *network) dead() int32 { return int32(len(n.label)) }

func (n *network) usable(e int32) bool {
	if n.room[e] == 0 {
		return false
	}
	return n.potential == nil || n.cost[e]+n.potential[n.to[e]] == n.potential[n.to[e^1]]
}

// survey makes all labels exact.
func (n *network) survey() {
	n.measure(n.sink)
	for d := range n.shelf {
		n.shelf[d] = none
	}
	n.top = 0
	for v, d := range n.label {
		n.shelve(int32(v), d)
	}
}

// measure labels every node with its distance to the nearest target.
func (n *network) measure(targets ...int32) {
	for v := range n.label {
		n.label[v] = n.dead()
	}
	queue := append(make([]int32, 0, len(n.label)), targets...)
	for _, v := range targets {
		n.label[v] = 0
	}
	for head := 0; head < len(queue); head++ {
		v := queue[head]
		for _, e := range n.arcs[n.first[v]:n.first[v+1]] {
			if from := n.to[e]; n.label[from] == n.dead() && n.usable(e^1) {
				n.label[from] = n.label[v] + 1
				queue = append(queue, from)
			}
		}
	}
	n.work += len(n.arcs)
}

// send seats one more person of the class: one more unit flows from its node to
// the sink. When it returns false, none ever will.
func (n *network) send(class int32) bool {
	n.path = n.path[:0]
	for v := class; v != n.sink; {
		if n.label[v] == n.dead() && len(n.path) == 0 {
			return false
		}
		if e := n.advance(v); e >= 0 {
			n.path = append(n.path, e)
			v = n.to[e]
			continue
		}
		n.relabel(v)
		if last := len(n.path) - 1; last >= 0 {
			v = n.to[n.path[last]^1]
			n.path = n.path[:last]
		}
	}
	for _, e := range n.path {
		n.room[e]--
		n.room[e^1]++
	}
	return true
}

// advance returns an arc from v to a node one nearer to the sink, or -1.
func (n *network) advance(v int32) int32 {
	if n.label[v] == n.dead() {
		return -1
	}
	from := n.next[v]
	for ; n.next[v] < n.first[v+1]; n.next[v]++ {
		if e := n.arcs[n.next[v]]; n.label[n.to[e]] == n.label[v]-1 && n.usable(e) {
			n.count(n.next[v] - from)
			return e
		}
	}
	n.count(n.next[v] - from)
	return -1
}

// relabel puts v one above its lowest neighbour.
func (n *network) relabel(v int32) {
	lowest := n.dead() - 1
	for _, e := range n.arcs[n.first[v]:n.first[v+1]] {
		if n.label[n.to[e]] < lowest && n.usable(e) {
			lowest = n.label[n.to[e]]
		}
	}
	n.count(n.first[v+1] - n.first[v])
	old := n.label[v]
	n.unshelve(v)
	n.shelve(v, lowest+1)
	if n.shelf[old] == none {
		n.bury(old)
	}
}

// bury labels all nodes above a missing label as dead.
func (n *network) bury(missing int32) {
	for d := missing + 1; d <= n.top; d++ {
		for n.shelf[d] != none {
			v := n.shelf[d]
			n.unshelve(v)
			n.shelve(v, n.dead())
		}
	}
	n.top = missing
}

// shelve labels v.
func (n *network) shelve(v, label int32) {
	n.label[v] = label
	n.next[v] = n.first[v]
	if label == n.dead() {
		return
	}
	n.top = max(n.top, label)
	first := n.shelf[label]
	n.before[v], n.after[v] = none, first
	if first != none {
		n.before[first] = v
	}
	n.shelf[label] = v
}

// unshelve takes v, which is not dead, from among those of its label.
func (n *network) unshelve(v int32) {
	if n.before[v] == none {
		n.shelf[n.label[v]] = n.after[v]
	} else {
		n.after[n.before[v]] = n.after[v]
	}
	if n.after[v] != none {
		n.before[n.after[v]] = n.before[v]
	}
}

func (n *network) count(arcs int32) { n.work += int(arcs) + 1 }

// flow is how many pass along an arc.
func (n *network) flow(e int32) int32 { return n.room[e^1] }

// seating is people of a class in a session.
type seating struct {
	pair
	people int32
}

// seatings tells who sits where. Within a lane anybody may take any seat, so its
// classes are dealt out over its sessions in order.
func (n *network) seatings(all *lanes) []seating {
	var found []seating
	for i := range all.all {
		found = n.through(i, &all.all[i], found)
	}
	return found
}

// through appends who passes a lane.
func (n *network) through(i int, a *lane, found []seating) []seating {
	in, out := n.begin[i], n.begin[i]
	if len(a.classes) > 1 {
		out += 2 * int32(len(a.classes))
	}
	if n.flow(out) == 0 {
		return found
	}
	if len(a.sessions) > 1 {
		out += 2
	}
	s, left := 0, n.flow(out)
	for c, k := range a.classes {
		for people := n.flow(in + 2*int32(c)); people > 0; {
			for left == 0 {
				s++
				left = n.flow(out + 2*int32(s))
			}
			take := min(people, left)
			found = append(found, seating{pair{k, a.sessions[s]}, take})
			people -= take
			left -= take
		}
	}
	return found
}
