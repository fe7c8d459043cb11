package main

import (
	"fmt"

	"sundial/seeds"
	"sundial/server/calendar"
)

// workdaysNoticeCommand previews a notice; it enters nothing.
type workdaysNoticeCommand struct {
	File string `arg:"" help:"The notice's text, as copied from a page; - reads standard input."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// noticeAnswer is what workdays notice --json prints.
type noticeAnswer struct {
	Year     int             `json:"year"`
	Number   string          `json:"number"`
	Issued   *calendar.Date  `json:"issued"`
	Title    string          `json:"title"`
	Holidays []noticeHoliday `json:"holidays"`
	// DaysOff and Makeup are the days of all holidays.
	DaysOff []calendar.Date `json:"days_off"`
	Makeup  []calendar.Date `json:"makeup_days"`
}

type noticeHoliday struct {
	Name   string          `json:"name"`
	From   calendar.Date   `json:"from"`
	To     calendar.Date   `json:"to"`
	Days   int             `json:"days"`
	Makeup []calendar.Date `json:"makeup_days"`
}

// Run reads the notice, checks that it fits those that ship with the program,
// and prints it.
func (c *workdaysNoticeCommand) Run(e *environment) error {
	text, err := e.readText(c.File)
	if err != nil {
		return err
	}
	notice, err := calendar.ParseNotice(string(text))
	if err != nil {
		return inFile(c.File, err)
	}
	cal, err := withNotice(notice)
	if err != nil {
		return inFile(c.File, err)
	}
	if notice.Number == "" {
		e.note("cli.notice.no_number")
	}
	if notice.Issued.IsZero() {
		e.note("cli.notice.no_issued")
	}
	answer := answerOf(notice, cal)
	if c.JSON {
		return e.printJSON(answer)
	}
	return e.print(e.noticeText(answer))
}

// withNotice returns the calendar of the notice's year as of its issue. A copied
// text may lack number and date of issue; neither changes a day.
func withNotice(notice calendar.Notice) (*calendar.Calendar, error) {
	shipped, err := seeds.CalendarNotices()
	if err != nil {
		return nil, err
	}
	if notice.Number == "" {
		notice.Number = "?"
	}
	if notice.Issued.IsZero() {
		notice.Issued = calendar.NewDate(notice.Year, 12, 31)
	}
	inForce := []calendar.Notice{notice}
	for _, n := range shipped {
		if n.Year == notice.Year && n.Number != notice.Number && n.Issued < notice.Issued {
			inForce = append(inForce, n)
		}
	}
	return calendar.New(inForce)
}

func answerOf(notice calendar.Notice, cal *calendar.Calendar) noticeAnswer {
	answer := noticeAnswer{Year: notice.Year, Number: notice.Number, Issued: dateOrNull(notice.Issued), Title: notice.Title,
		DaysOff: []calendar.Date{}, Makeup: []calendar.Date{}}
	for _, h := range notice.Holidays {
		holiday := noticeHoliday{Name: h.Name, From: h.From, To: h.To, Makeup: append([]calendar.Date{}, h.Makeup...)}
		if h.Extends() {
			holiday.From = firstDayOff(h, cal)
		}
		holiday.Days = int(holiday.To-holiday.From) + 1
		for d := holiday.From; d <= holiday.To; d++ {
			answer.DaysOff = append(answer.DaysOff, d)
		}
		answer.Makeup = append(answer.Makeup, h.Makeup...)
		answer.Holidays = append(answer.Holidays, holiday)
	}
	return answer
}

// firstDayOff is where an extended holiday begins, by the earlier notice.
func firstDayOff(h calendar.Holiday, cal *calendar.Calendar) calendar.Date {
	first := h.To
	for day := cal.Day(first - 1); day.Kind == calendar.Off && day.Holiday == h.Name; day = cal.Day(first - 1) {
		first--
	}
	return first
}

func (e *environment) noticeText(answer noticeAnswer) string {
	table := textTable{e.headings("cli.notice.", "holiday", "from", "to", "days", "makeup")}
	for _, h := range answer.Holidays {
		makeup := make([]string, len(h.Makeup))
		for i, day := range h.Makeup {
			makeup[i] = e.dayAndWeekday(day)
		}
		table = append(table, []string{h.Name, e.dayAndWeekday(h.From), e.dayAndWeekday(h.To), fmt.Sprint(h.Days), e.locale.Value(makeup)})
	}
	issued := calendar.Date(0)
	if answer.Issued != nil {
		issued = *answer.Issued
	}
	heading := e.locale.Text("cli.notice.heading", map[string]any{"Year": answer.Year, "Number": answer.Number, "Issued": issued})
	return heading + "\n\n" + table.String()
}
