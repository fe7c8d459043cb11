package compliance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/store"
)

// NoticeView is a notice of the calendar with where it comes from.
type NoticeView struct {
	calendar.Notice
	// ID is that of an entered notice, 0 for one that ships with the program.
	ID          uint64
	EnteredName string
	EnteredAt   time.Time
	// Source is the text that was pasted.
	Source string
	// RemovedName and RemovedAt are set once the notice was taken out of force.
	RemovedName string
	RemovedAt   time.Time
	// Unused tells of an entered notice that the notices of a newer program repeat
	// or contradict: they go before.
	Unused bool
}

// Notices returns the shipped and the entered notices, removed ones too, the
// latest issued first.
func (l *Ledger) Notices(ctx context.Context) ([]NoticeView, error) {
	db := l.store.Read(ctx)
	at, err := l.shelf.almanacOf(db)
	if err != nil {
		return nil, err
	}
	var people []uint64
	for _, e := range at.entered {
		for _, id := range []*uint64{e.EnteredBy, e.RemovedBy} {
			if id != nil {
				people = append(people, *id)
			}
		}
	}
	var users []models.User
	if err := db.Select("id, name").Where("id IN ?", people).Find(&users).Error; err != nil {
		return nil, fmt.Errorf("people of notices: %w", store.Translate(err))
	}
	return at.views(users)
}

func (a almanac) views(users []models.User) ([]NoticeView, error) {
	name := func(id *uint64) string {
		i := slices.IndexFunc(users, func(u models.User) bool { return id != nil && u.ID == *id })
		if i < 0 {
			return ""
		}
		return users[i].Name
	}
	_, used, err := calendarOf(a.shipped, a.standing())
	if err != nil {
		return nil, err
	}
	var views []NoticeView
	for _, notice := range a.shipped {
		views = append(views, NoticeView{Notice: notice})
	}
	for _, e := range a.entered {
		view := NoticeView{Notice: e.notice, ID: e.ID, EnteredName: name(e.EnteredBy), EnteredAt: e.EnteredAt, Source: e.Source}
		if e.RemovedAt != nil {
			view.RemovedName, view.RemovedAt = name(e.RemovedBy), *e.RemovedAt
		} else {
			view.Unused, used = !used[0], used[1:]
		}
		views = append(views, view)
	}
	slices.SortStableFunc(views, func(x, y NoticeView) int {
		return cmp.Or(cmp.Compare(y.Issued, x.Issued), cmp.Compare(y.Number, x.Number))
	})
	return views, nil
}
