package planner_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/calendar"
	"sundial/server/planner"
)

// on is a day of the window, by number.
func on(day int) calendar.Date { return firstDay + calendar.Date(day) }

// wholeDays is a span of whole days.
func wholeDays(from, to int) planner.Span { return planner.Span{From: on(from), To: on(to)} }

// office is a unit of ten, of which two may be away at a time, and four people who
// were trained one after the other.
func office() *planner.Problem {
	p := &planner.Problem{From: on(0), To: on(20), Share: 2000, Units: []planner.Unit{{ID: 9, Size: 10}}}
	for i := range 4 {
		p.People = append(p.People, planner.Person{ID: uint64(i + 1), Unit: 9, Last: on(i - 1000)})
	}
	return p
}

func TestReasons(t *testing.T) {
	const one, other = 100, 200
	cases := []struct {
		name  string
		setup func(p *planner.Problem)
		left  []planner.Left
		where []uint64
	}{
		{"no session", func(*planner.Problem) {},
			[]planner.Left{{1, planner.NoSession}, {2, planner.NoSession}, {3, planner.NoSession}, {4, planner.NoSession}}, nil},
		{"session outside the window", func(p *planner.Problem) {
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(20, 21), Seats: 9}, {ID: other, Span: wholeDays(-1, 0), Seats: 9}}
		}, []planner.Left{{1, planner.NoSession}, {2, planner.NoSession}, {3, planner.NoSession}, {4, planner.NoSession}}, nil},
		{"too few seats", func(p *planner.Problem) {
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 5), Seats: 1}, {ID: other, Span: wholeDays(3, 3), Seats: 1}}
		}, []planner.Left{{3, planner.NoSeats}, {4, planner.NoSeats}}, []uint64{other, one}},
		{"never trained goes first", func(p *planner.Problem) {
			p.People[3].Last = 0
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 5), Seats: 1}}
		}, []planner.Left{{1, planner.NoSeats}, {2, planner.NoSeats}, {3, planner.NoSeats}}, []uint64{one}},
		{"a fifth of ten", func(p *planner.Problem) {
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 5), Seats: 9}}
		}, []planner.Left{{3, planner.NoShare}, {4, planner.NoShare}}, []uint64{one, one}},
		{"one may always go", func(p *planner.Problem) {
			p.Share = 0
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 5), Seats: 9}, {ID: other, Span: wholeDays(5, 5), Seats: 9}}
		}, []planner.Left{{2, planner.NoShare}, {3, planner.NoShare}, {4, planner.NoShare}}, []uint64{one}},
		{"who is away already counts", func(p *planner.Problem) {
			p.Units[0].Away = map[calendar.Date]int{on(6): 1}
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 6), Seats: 9}}
		}, []planner.Left{{2, planner.NoShare}, {3, planner.NoShare}, {4, planner.NoShare}}, []uint64{one}},
		{"off the roster", func(p *planner.Problem) {
			p.People[0].To, p.People[1].From = on(4), on(6)
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 5), Seats: 9}}
		}, []planner.Left{{1, planner.OffRoster}, {2, planner.OffRoster}}, []uint64{one, one}},
		{"busy", func(p *planner.Problem) {
			p.People[0].Busy = []planner.Span{wholeDays(4, 5)}
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 5), Seats: 9}}
		}, []planner.Left{{1, planner.Busy}, {3, planner.NoShare}, {4, planner.NoShare}}, []uint64{one}},
		{"who is busy in the morning is away all day, and free in the afternoon", func(p *planner.Problem) {
			p.People[0].Busy = []planner.Span{{From: on(5), To: on(5), Start: 540, End: 720}}
			p.Sessions = []planner.Session{{ID: one, Span: planner.Span{From: on(5), To: on(5), Start: 720, End: 1000}, Seats: 9}}
		}, []planner.Left{{3, planner.NoShare}, {4, planner.NoShare}}, []uint64{one, one}},
		{"who is busy later on the day is free until then", func(p *planner.Problem) {
			p.People[0].Busy = []planner.Span{{From: on(5), To: on(5), Start: 1000, End: 1100}}
			p.Sessions = []planner.Session{{ID: one, Span: planner.Span{From: on(5), To: on(5), Start: 720, End: 1000}, Seats: 9}}
		}, []planner.Left{{3, planner.NoShare}, {4, planner.NoShare}}, []uint64{one, one}},
		{"all of it", func(p *planner.Problem) {
			p.Share = planner.Whole
			p.Sessions = []planner.Session{{ID: one, Span: wholeDays(5, 5), Seats: 9}}
		}, nil, []uint64{one, one, one, one}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := office()
			c.setup(p)
			got := propose(t, p)
			checkLimits(t, p, got)
			if diff := cmp.Diff(c.left, got.Left); diff != "" {
				t.Errorf("left over (-want +got):\n%s", diff)
			}
			var where []uint64
			for _, n := range got.Nominations {
				where = append(where, n.Session)
			}
			if !slices.Equal(where, c.where) || !got.Greatest() || !got.Best {
				t.Errorf("sessions %v instead of %v, bound %d, best %t", where, c.where, got.Bound, got.Best)
			}
		})
	}
}

// TestReasonsSayWhatWouldHelp tries it: a seat in one of the sessions seats one
// more where seats are missing, and no number of seats does where the unit may lose
// nobody further.
func TestReasonsSayWhatWouldHelp(t *testing.T) {
	seen := map[planner.Reason]int{}
	for seed := range 400 {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 21)), seed%2)
		proposal := propose(t, p)
		for _, left := range proposal.Left {
			seen[left.Reason]++
			more := func(seats int, sessions ...int) int {
				next := *p
				next.Sessions = slices.Clone(p.Sessions)
				for _, i := range sessions {
					next.Sessions[i].Seats += seats
				}
				next.People = slices.Clone(p.People)
				for i, person := range p.People {
					if person.ID != left.Person && slices.ContainsFunc(proposal.Left, func(l planner.Left) bool { return l.Person == person.ID }) {
						next.People[i].From = on(1000)
					}
				}
				return solve(&next).count - len(proposal.Nominations)
			}
			all, best := make([]int, len(p.Sessions)), 0
			for i := range p.Sessions {
				all[i] = i
				best = max(best, more(1, i))
			}
			if helps := best == 1; helps != (left.Reason == planner.NoSeats) {
				t.Errorf("seed %d: person %d: %s, and a seat helps: %t", seed, left.Person, left.Reason, helps)
			}
			if left.Reason != planner.NoSeats && more(10, all...) > 0 {
				t.Errorf("seed %d: person %d: %s, but ten seats help", seed, left.Person, left.Reason)
			}
		}
	}
	for _, reason := range []planner.Reason{planner.NoSession, planner.OffRoster, planner.Busy, planner.NoShare, planner.NoSeats} {
		if seen[reason] == 0 {
			t.Errorf("nobody was left over for reason %q", reason)
		}
	}
}

// TestShortfallIsExact adds a session open to all with as many seats as are short,
// where seats are all that is missing.
func TestShortfallIsExact(t *testing.T) {
	short := 0
	for seed := range 400 {
		p := randomProblem(rand.New(rand.NewPCG(uint64(seed), 22)), 0)
		p.Share = planner.Whole
		for i := range p.Units {
			p.Units[i].Size = 10
		}
		proposal := propose(t, p)
		missing := len(proposal.Left)
		if proposal.Short()[planner.NoSeats] != missing || missing == 0 {
			continue
		}
		short++
		p.To += 10
		p.Sessions = append(p.Sessions, planner.Session{ID: 1000, Span: wholeDays(10, 10), Seats: missing})
		if got := len(propose(t, p).Left); got != 0 {
			t.Errorf("seed %d: short by %d, and %d are left when as many seats are added", seed, missing, got)
		}
		p.Sessions[len(p.Sessions)-1].Seats--
		if got := len(propose(t, p).Left); got != 1 {
			t.Errorf("seed %d: short by %d, and %d are left when one seat fewer is added", seed, missing, got)
		}
	}
	if short < 50 {
		t.Errorf("only %d cases lacked seats", short)
	}
}

func TestPlacesAndDates(t *testing.T) {
	p := office()
	p.Units = append(p.Units, planner.Unit{ID: 8, Size: 10, Places: []string{"qingdao", "jinan"}})
	p.Units[0].Places = []string{"jinan"}
	p.People[2].Unit, p.People[3].Unit = 8, 8
	for i, place := range []string{"qingdao", "jinan", "yantai", ""} {
		p.Sessions = append(p.Sessions, planner.Session{ID: uint64(i + 1), Span: wholeDays(i, i), Seats: 2, Place: place})
	}
	got := propose(t, p)
	want := []planner.Nomination{{Person: 1, Session: 2}, {Person: 2, Session: 2}, {Person: 3, Session: 1}, {Person: 4, Session: 1}}
	if diff := cmp.Diff(want, got.Nominations); diff != "" || got.PlaceCost != 0 {
		t.Errorf("cost %d (-want +got):\n%s", got.PlaceCost, diff)
	}
	p.Sessions[0].Seats, p.Sessions[3].Seats = 1, 0
	got = propose(t, p)
	want = []planner.Nomination{{Person: 1, Session: 2}, {Person: 2, Session: 2}, {Person: 3, Session: 1}, {Person: 4, Session: 3}}
	if diff := cmp.Diff(want, got.Nominations); diff != "" || got.PlaceCost != 2 || got.PlaceBound != 2 {
		t.Errorf("cost %d of %d (-want +got):\n%s", got.PlaceCost, got.PlaceBound, diff)
	}
}

// TestStrangersExchangeDates seats somebody long untrained of one unit before
// somebody of another one, who could only go earlier on the first way that seats
// both.
func TestStrangersExchangeDates(t *testing.T) {
	p := office()
	p.Units = append(p.Units, planner.Unit{ID: 8, Size: 10})
	p.People = p.People[:2]
	p.People[1].Unit = 8
	p.Units[0].Places, p.Units[1].Places = []string{"jinan", "qingdao"}, []string{"qingdao"}
	p.Sessions = []planner.Session{
		{ID: 1, Span: wholeDays(1, 1), Seats: 1, Place: "qingdao"}, {ID: 2, Span: wholeDays(2, 2), Seats: 1, Place: "jinan"},
	}
	want := []planner.Nomination{{Person: 1, Session: 2}, {Person: 2, Session: 1}}
	if diff := cmp.Diff(want, propose(t, p).Nominations); diff != "" {
		t.Errorf("places go before dates (-want +got):\n%s", diff)
	}
	p.Sessions[1].Place = "qingdao"
	want = []planner.Nomination{{Person: 1, Session: 1}, {Person: 2, Session: 2}}
	if diff := cmp.Diff(want, propose(t, p).Nominations); diff != "" {
		t.Errorf("dates go by priority (-want +got):\n%s", diff)
	}
}

// TestDisplacedPeopleGoAsEarlyAsTheyCan has somebody give up the first day to one
// who can come on no other; that must not send them to the last one, behind somebody
// trained later.
func TestDisplacedPeopleGoAsEarlyAsTheyCan(t *testing.T) {
	p := office()
	p.People = p.People[:3]
	for i := range p.People {
		p.Units = append(p.Units, planner.Unit{ID: uint64(i), Size: 10})
		p.People[i].Unit = uint64(i)
		p.Sessions = append(p.Sessions, planner.Session{ID: uint64(i), Span: wholeDays(i, i), Seats: 1})
	}
	p.People[2].To = on(0)
	want := []planner.Nomination{{Person: 1, Session: 1}, {Person: 2, Session: 2}, {Person: 3, Session: 0}}
	if diff := cmp.Diff(want, propose(t, p).Nominations); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBadProblems(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(p *planner.Problem)
		want  string
	}{
		{"window", func(p *planner.Problem) { p.To = p.From - 1 }, "window"},
		{"no window", func(p *planner.Problem) { p.From = 0 }, "window"},
		{"share", func(p *planner.Problem) { p.Share = planner.Whole + 1 }, "share of 10001"},
		{"unit twice", func(p *planner.Problem) { p.Units = append(p.Units, p.Units[0]) }, "unit 9: given twice"},
		{"unit of negative size", func(p *planner.Problem) { p.Units[0].Size = -1 }, "of size -1"},
		{"person twice", func(p *planner.Problem) { p.People[1].ID = 1 }, "person 1: given twice"},
		{"person of no unit", func(p *planner.Problem) { p.People[1].Unit = 3 }, "of unknown unit 3"},
		{"busy backwards", func(p *planner.Problem) { p.People[0].Busy = []planner.Span{wholeDays(2, 1)} }, "person 1: busy: days"},
		{"session twice", func(p *planner.Problem) { p.Sessions = append(p.Sessions, p.Sessions[0]) }, "session 7: given twice"},
		{"negative seats", func(p *planner.Problem) { p.Sessions[0].Seats = -1 }, "with -1 seats"},
		{"session backwards", func(p *planner.Problem) { p.Sessions[0].To-- }, "session 7: days"},
		{"session past midnight", func(p *planner.Problem) { p.Sessions[0].Start, p.Sessions[0].End = 540, 1500 }, "session 7: minutes 540 to 1500"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := office()
			p.Sessions = []planner.Session{{ID: 7, Span: wholeDays(1, 1), Seats: 3}}
			c.spoil(p)
			if _, err := planner.Propose(t.Context(), p, nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}
