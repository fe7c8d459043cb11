package training

import (
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// planNumbers gives the kept person the numbers that they lack. A staff number
// that both have stays with the duplicate, so that files with it find the kept
// person.
func (w *write) planNumbers(m *mergePlan) error {
	keep, duplicate := &m.keep.person, &m.duplicate.person
	if keep.IDHash != nil && duplicate.IDHash != nil {
		return models.NewError(models.Conflict, "person.merge_two_ids", "Keep", keep.Name, "KeepTail", keep.IDTail, "Duplicate", duplicate.Name, "Tail", duplicate.IDTail)
	}
	if keep.Number == nil && duplicate.Number != nil {
		m.Number = *duplicate.Number
		keep.Number, duplicate.Number = duplicate.Number, nil
	}
	if duplicate.IDHash != nil {
		m.IDTail = duplicate.IDTail
		keep.IDHash, keep.IDTail, duplicate.IDHash, duplicate.IDTail = duplicate.IDHash, duplicate.IDTail, nil, ""
	}
	duplicate.MergedInto = &keep.ID
	return nil
}

func (w *write) planPostings(m *mergePlan) error {
	for _, p := range m.duplicate.was {
		rest := uncoveredBy(p, m.keep.was)
		if len(rest) == 0 {
			m.Dropped++
		}
		for _, piece := range rest {
			piece.ID = 0
			m.keep.add(piece)
			m.Postings = append(m.Postings, piece)
		}
	}
	m.duplicate.now = nil
	var err error
	m.Units, err = unitsByID(w.tx, unitsOfPostings(m.Postings))
	return err
}

// uncoveredBy returns what is left of a posting on the days that no other covers.
func uncoveredBy(p models.Posting, others []models.Posting) []models.Posting {
	end := func(p models.Posting) calendar.Date {
		if p.EndOn.IsZero() {
			return models.Forever
		}
		return p.EndOn
	}
	rest := []models.Posting{p}
	for _, other := range others {
		var cut []models.Posting
		for _, piece := range rest {
			if !overlap(piece, other) {
				cut = append(cut, piece)
				continue
			}
			if piece.StartOn < other.StartOn {
				before := piece
				before.EndOn = other.StartOn - 1
				cut = append(cut, before)
			}
			if end(other) < end(piece) {
				after := piece
				after.StartOn = other.EndOn + 1
				cut = append(cut, after)
			}
		}
		rest = cut
	}
	return rest
}

// planAttendances gives the kept person the duplicate's attendances. Of two of one
// session the better one stays.
func (w *write) planAttendances(m *mergePlan) error {
	var rows []models.Attendance
	err := knownNow(w.tx, "attendances").Where("person_id IN ?", []uint64{m.Keep.ID, m.Duplicate.ID}).Order("id").Find(&rows).Error
	if err != nil {
		return fmt.Errorf("attendances of two people: %w", err)
	}
	kept := map[uint64]*models.Attendance{}
	for i := range rows {
		if rows[i].PersonID == m.Keep.ID {
			kept[rows[i].SessionID] = &rows[i]
		}
	}
	for i := range rows {
		before := &rows[i]
		if before.PersonID != m.Duplicate.ID {
			continue
		}
		own := kept[before.SessionID]
		if own != nil {
			m.DoubleAttendances++
		}
		if own != nil && !better(*before, *own) {
			m.attendances = append(m.attendances, attendanceChange{before: before})
			continue
		}
		if own != nil {
			m.attendances = append(m.attendances, attendanceChange{before: own})
		} else {
			m.Attendances++
		}
		now := *before
		now.PersonID = m.Keep.ID
		m.attendances = append(m.attendances, attendanceChange{before: before, now: &now})
	}
	return w.refuseTwoPlaces(m, rows)
}

// better tells whether an attendance says more for the person than another one of
// the same session.
func better(a, b models.Attendance) bool {
	rank := func(a models.Attendance) int {
		switch {
		case a.Valid():
			return 3
		case a.Present && a.Passed != nil:
			return 2
		case a.Present:
			return 1
		default:
			return 0
		}
	}
	return rank(a) > rank(b)
}

// refuseTwoPlaces refuses to make one person of two who were at different sessions
// at one time.
func (w *write) refuseTwoPlaces(m *mergePlan, rows []models.Attendance) error {
	var ids []uint64
	for _, a := range rows {
		ids = append(ids, a.SessionID)
	}
	sessions, err := rowsOf[models.TrainingSession](func() *gorm.DB { return w.tx }, "id", distinct(ids))
	if err != nil {
		return err
	}
	byID := map[uint64]models.TrainingSession{}
	for _, s := range sessions {
		byID[s.ID] = s
	}
	for _, a := range rows {
		for _, b := range rows {
			first, second := byID[a.SessionID], byID[b.SessionID]
			if a.PersonID == m.Keep.ID && b.PersonID == m.Duplicate.ID && a.Present && b.Present && first.ID != second.ID && first.Overlaps(&second) {
				return models.NewError(models.Conflict, "person.merge_two_places", "Keep", m.Keep.Name, "First", first.Code, "Second", second.Code, "Day", max(first.StartOn, second.StartOn))
			}
		}
	}
	return nil
}

// planNominations withdraws, of two nominations to one session, the one that is
// further from a seat.
func (w *write) planNominations(m *mergePlan) error {
	var rows []models.Nomination
	err := w.tx.Where("person_id IN ? AND ended = 0", []uint64{m.Keep.ID, m.Duplicate.ID}).Order("id").Find(&rows).Error
	if err != nil {
		return fmt.Errorf("nominations of two people: %w", err)
	}
	rank := map[models.NominationStatus]int{models.NominationConfirmed: 2, models.NominationSeated: 1}
	best := map[uint64]models.Nomination{}
	for _, row := range rows {
		if _, locked := m.sessions[row.SessionID]; !locked {
			return store.ErrOvertaken
		}
		if row.PersonID == m.Duplicate.ID {
			m.Nominations++
		}
		other, twice := best[row.SessionID]
		if !twice {
			best[row.SessionID] = row
			continue
		}
		m.DoubleNominations++
		m.Nominations--
		if rank[row.Status] > rank[other.Status] {
			row, other = other, row
		}
		best[row.SessionID] = other
		m.withdrawn = append(m.withdrawn, row)
	}
	return nil
}

// refuseTwoSeats refuses to make one person of two who are expected at different
// sessions at one time, or of whom one is expected while the other was elsewhere:
// one of the nominations is withdrawn first.
func (w *write) refuseTwoSeats(m *mergePlan) error {
	engaged, err := engagementsOf(w.tx, []uint64{m.Keep.ID, m.Duplicate.ID}, 0)
	if err != nil {
		return err
	}
	for _, own := range engaged[m.Keep.ID] {
		for _, other := range engaged[m.Duplicate.ID] {
			if own.ID != other.ID && own.Overlaps(&other.TrainingSession) {
				return models.NewError(models.Conflict, "person.merge_two_seats", "Keep", m.Keep.Name, "First", own.Code, "Second", other.Code, "Day", max(own.StartOn, other.StartOn))
			}
		}
	}
	return nil
}
