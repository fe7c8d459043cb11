package compliance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
)

// EnterNotice enters the text of a State Council notice and moves the due dates
// that it changes, as PreviewNotice shows. The errors are those of PreviewNotice;
// with a basis, other notices entered or removed since are Stale.
func (l *Ledger) EnterNotice(ctx context.Context, actor Actor, text, basis string) (*NoticePreview, error) {
	return l.turnCalendar(ctx, actor, basis, func(lib *library) (*calendarTurn, error) { return lib.almanac.entering(text) })
}

// RemoveNotice takes an entered notice out of force again and moves the due dates
// back, as PreviewRemoval shows. The errors are those of PreviewRemoval; with a
// basis, other notices entered or removed since are Stale.
func (l *Ledger) RemoveNotice(ctx context.Context, actor Actor, id uint64, basis string) (*NoticePreview, error) {
	return l.turnCalendar(ctx, actor, basis, func(lib *library) (*calendarTurn, error) { return lib.almanac.removing(id) })
}

// turnCalendar does in one write what preview shows.
func (l *Ledger) turnCalendar(ctx context.Context, actor Actor, basis string, turning func(*library) (*calendarTurn, error)) (*NoticePreview, error) {
	var done *NoticePreview
	err := l.write(ctx, actor, func(w *write) error {
		if err := mayManageCalendar(w.tx, actor); err != nil {
			return err
		}
		// One notice after the other: each must fit those before.
		if err := w.holdDueDates(); err != nil {
			return err
		}
		lib, err := w.lib()
		if err != nil {
			return err
		}
		turn, err := turning(lib)
		if err != nil {
			return err
		}
		if basis != "" && basis != turn.basis {
			return models.NewError(models.Stale, "notice.calendar_changed")
		}
		done, err = w.turn(lib, turn)
		return err
	})
	return done, err
}

// turn stores the turn and moves the duties. The policies and the calendar of
// lib stay those of before: the shelf must not learn of a notice whose write may
// still fail.
func (w *write) turn(lib *library, turn *calendarTurn) (*NoticePreview, error) {
	recorded, err := w.storeTurn(turn)
	if err != nil {
		return nil, err
	}
	r := turn.recount(lib, w.today)
	r.lock = true
	done := turn.preview()
	if err := w.recountAll(r, func(moves []dueMove) { done.add(moves, w.today) }); err != nil {
		return nil, err
	}
	turns := map[string]int{}
	for _, t := range done.Turns {
		turns[fmt.Sprintf("%s > %s", t.From, t.To)] = t.Count
	}
	recorded.detail = map[string]any{"duties": done.Total, "states": turns}
	return done, w.record(recorded)
}

func (w *write) storeTurn(turn *calendarTurn) (event, error) {
	if turn.removes != 0 {
		return w.dropNotice(turn.removes, turn.notice)
	}
	return w.storeNotice(turn.notice, turn.text)
}

func (w *write) storeNotice(notice calendar.Notice, text string) (event, error) {
	content, err := json.Marshal(notice)
	if err != nil {
		return event{}, fmt.Errorf("notice as JSON: %w", err)
	}
	row := models.CalendarNotice{Number: notice.Number, Year: notice.Year, Issued: notice.Issued, Content: string(content), Source: text, EnteredAt: w.moment.at}
	if w.actor.ID != 0 {
		row.EnteredBy = &w.actor.ID
	}
	switch err := w.tx.Create(&row).Error; {
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return event{}, models.NewError(models.Conflict, "notice.twice", "Number", notice.Number).Because(err)
	case err != nil:
		return event{}, fmt.Errorf("store notice: %w", err)
	}
	return event{action: "enter", object: "notice", id: row.ID, now: noticeFacts(notice)}, nil
}

func (w *write) dropNotice(id uint64, notice calendar.Notice) (event, error) {
	dropped := map[string]any{"removed": id, "removed_at": w.moment.at}
	if w.actor.ID != 0 {
		dropped["removed_by"] = w.actor.ID
	}
	if err := w.tx.Model(&models.CalendarNotice{}).Where("id = ?", id).Updates(dropped).Error; err != nil {
		return event{}, fmt.Errorf("remove notice: %w", err)
	}
	return event{action: "remove", object: "notice", id: id, before: noticeFacts(notice)}, nil
}

// noticeFacts are what the audit log tells of a notice.
func noticeFacts(notice calendar.Notice) map[string]any {
	return map[string]any{"number": notice.Number, "issued": notice.Issued, "year": notice.Year, "holidays": notice.Holidays}
}
