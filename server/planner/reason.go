package planner

// Reason is why somebody is left over.
type Reason string

// The reasons, the first that holds.
const (
	// NoSession: no session lies in the window.
	NoSession Reason = "no_session"
	// OffRoster: the person is not on the roster during any session.
	OffRoster Reason = "off_roster"
	// Busy: other nominations take the time of every session they could attend.
	Busy Reason = "busy"
	// NoShare: the unit may not lose more people on the days there are; seats would
	// not help, further days would.
	NoShare Reason = "share"
	// NoSeats: one more seat, in the right one of the sessions there are, would do.
	NoSeats Reason = "seats"
)

// reasons returns for each class why those of its people who have no seat have
// none. In the filled network a class that still reaches a session, from which
// nothing leads on to the sink, lacks a seat there; one that reaches none is held
// back by its unit's limits.
func (l *layout) reasons(f *filled) []Reason {
	sessions := make([]int32, len(l.sessions))
	for s := range sessions {
		sessions[s] = f.network.session(l, int32(s))
	}
	f.network.measure(sessions...)
	reasons := make([]Reason, len(l.classes))
	for k := range l.classes {
		reasons[k] = l.reason(int32(k), f.network.label[k] < f.network.dead())
	}
	return reasons
}

func (l *layout) reason(k int32, reaches bool) Reason {
	if len(l.sessions) == 0 {
		return NoSession
	}
	if reaches {
		return NoSeats
	}
	reason := OffRoster
	for s := range l.sessions {
		if l.rostered(k, int32(s)) {
			if l.free(k, int32(s)) {
				return NoShare
			}
			reason = Busy
		}
	}
	return reason
}
