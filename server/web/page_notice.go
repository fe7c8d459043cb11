package web

import (
	"slices"
	"strconv"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// NoticePage is the preview of a notice that is entered or removed, or the form
// again when its text is refused.
type NoticePage struct {
	Page
	// Kind is enter, remove, or refused.
	Kind    string
	Preview *compliance.NoticePreview
	// Action is where the confirmation goes.
	Action string
	// Error is why what was confirmed was not done.
	Error    *models.Error
	Holidays []HolidayLine
	Changes  []DayTurn
	Months   []Month
	// Form corrects the text; nil when a notice is removed.
	Form *NoticeForm
	Back string
}

// DayTurn gathers the days that turn from one kind into another.
type DayTurn struct {
	From, To calendar.DayKind
	Runs     []calendar.Run
}

// newNoticePage lays out a preview. Form and Error are set by the caller.
func newNoticePage(page Page, kind, action string, preview *compliance.NoticePreview) NoticePage {
	p := NoticePage{Page: page, Kind: kind, Action: action, Preview: preview, Back: calendarURL(preview.Notice.Year)}
	if kind == "enter" {
		for _, line := range holidaysOf(preview.Calendar, preview.Notice.Year) {
			if slices.ContainsFunc(preview.Notice.Holidays, func(h calendar.Holiday) bool { return h.Name == line.Name }) {
				p.Holidays = append(p.Holidays, line)
			}
		}
	}
	was := map[calendar.Date]calendar.DayKind{}
	for _, change := range preview.Changes {
		was[change.Before.Date] = change.Before.Kind
		p.addChange(change)
	}
	for _, change := range preview.Changes {
		year, month := change.Before.Date.Year(), change.Before.Date.Month()
		if !slices.ContainsFunc(p.Months, func(m Month) bool { return m.Year == year && m.Number == int(month) }) {
			p.Months = append(p.Months, newMonth(preview.Calendar, year, month, page.Today, was))
		}
	}
	return p
}

// addChange adds a day to the line of its change.
func (p *NoticePage) addChange(change calendar.Change) {
	from, to := change.Before.Kind, change.After.Kind
	i := slices.IndexFunc(p.Changes, func(l DayTurn) bool { return l.From == from && l.To == to })
	if i < 0 {
		i, p.Changes = len(p.Changes), append(p.Changes, DayTurn{From: from, To: to})
	}
	line := &p.Changes[i]
	if last := len(line.Runs) - 1; last >= 0 && line.Runs[last].To == change.After.Date-1 {
		line.Runs[last].To++
		return
	}
	line.Runs = append(line.Runs, calendar.Run{Day: change.After, To: change.After.Date, Length: 1})
}

// newNoticeForm returns the form with a text, and why it is refused.
func newNoticeForm(text string, err *models.Error) *NoticeForm {
	form := &NoticeForm{Text: text, Error: err}
	if err == nil || len(err.Fields) == 0 {
		return form
	}
	form.Line, _ = err.Fields[0].Args["Line"].(int)
	if lines := strings.Split(text, "\n"); 0 < form.Line && form.Line <= len(lines) {
		form.Quote = strings.TrimSpace(lines[form.Line-1])
	}
	return form
}

// turnText says how many duties turn from one state into another.
func (w words) turnText(turn compliance.StateTurn) string {
	state := func(s rules.State) string {
		if s == rules.State(models.Withdrawn) {
			return w.locale.Text("notice.withdrawn", nil)
		}
		return w.locale.Text("state."+string(s), nil)
	}
	key := "notice.turned"
	if turn.From == turn.To {
		key = "notice.kept"
	}
	return w.locale.Text(key, models.Args("Count", turn.Count, "From", state(turn.From), "To", state(turn.To)))
}

func calendarURL(year int) string { return "/calendar?year=" + text(year) }

func idText(id uint64) string { return strconv.FormatUint(id, 10) }
