package rules

import (
	"maps"
	"slices"

	"sundial/server/strictyaml"
)

// Roster is what the rotation command counts: the postings of people, of one
// unit or many, and their attendances, as in a facts file.
type Roster struct {
	Staff       []StaffMember `yaml:"staff"`
	Attendances []Attendance  `yaml:"attendances"`
}

// ParseRoster reads a roster file. Every fault is reported with its line as
// strictyaml.Problems. Days to come are no fault: what is dated after the as-of
// date does not count.
func ParseRoster(data []byte) (*Roster, error) {
	var roster Roster
	root, err := strictyaml.Unmarshal(data, &roster)
	if err != nil {
		return nil, err
	}
	var problems strictyaml.Problems
	checkPeople(roster.Staff, roster.Attendances, root, &problems)
	return &roster, problems.Err()
}

// Verified returns the attendances that count: all that are not marked as
// waiting for verification.
func (r *Roster) Verified() []Attendance {
	return keep(r.Attendances, func(a *Attendance) bool { return a.IsVerified() })
}

// UnitCoverage is the coverage of one unit's people; Unit is its code.
type UnitCoverage struct {
	Unit string
	Coverage
}

// CoverUnits returns what Cover finds for each unit that has a posting by the
// day, by code. As nobody has two postings on one day, the units add up to Cover
// of them all.
func CoverUnits(staff []StaffMember, attendances []Attendance, window Span, asOf Date) []UnitCoverage {
	on := min(asOf, window.To)
	first := firstTrained(attendances, window, on)
	units := map[string][]StaffMember{}
	for _, m := range staff {
		if m.From <= on {
			units[m.Unit] = append(units[m.Unit], m)
		}
	}
	list := make([]UnitCoverage, 0, len(units))
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		list = append(list, UnitCoverage{Unit: unit, Coverage: cover(units[unit], first, window, on)})
	}
	return list
}

// Rotations returns the obligations of the policy that demand a rotation, in
// its order.
func (p *Policy) Rotations() []*Obligation {
	var rotations []*Obligation
	for i := range p.Obligations {
		if p.Obligations[i].Kind == KindRotation {
			rotations = append(rotations, &p.Obligations[i])
		}
	}
	return rotations
}

// RotationWindow returns the window of the rotation in which the day lies, or
// the last one before it while the policy was in force; none when the first is
// yet to begin.
func (p *Policy) RotationWindow(o *Obligation, day Date) (window Span, begun bool) {
	if until := p.Effective.To; !until.IsZero() {
		day = min(day, until)
	}
	window = o.Rotation.Window(day)
	inForce := Period{Span: window}
	return window, window.From <= day && p.binds(o, inForce)
}
