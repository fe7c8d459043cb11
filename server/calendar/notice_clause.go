package calendar

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parseClause reads one clause; found is false for a clause that arranges no
// day, such as the reminder to keep offices staffed.
func parseClause(clause noticeText, name string, year int) (h Holiday, found bool, fail *NoticeError) {
	p := clauseParser{year: year}
	if m := clauseName.FindStringSubmatchIndex(clause.text); m != nil {
		name, p.named = clause.text[m[2]:m[3]], true
		clause = clause.cut(m[1], len(clause.text))
	}
	for _, piece := range clause.pieces() {
		if err := p.read(piece); err != nil {
			err.Line = piece.line()
			return h, false, err
		}
	}
	h, found, fail = p.holiday(name)
	if fail == nil && found {
		fail = h.fault(year)
	}
	if fail != nil {
		fail.Line = clause.line()
	}
	return h, found, fail
}

// span is a stretch of days off.
type span struct{ from, to Date }

// clauseParser gathers what the pieces of one clause say.
type clauseParser struct {
	year   int
	named  bool   // the clause has a holiday's name of its own
	off    []span // as stated, repetitions included
	makeup []Date
	end    Date // new end of an extended holiday
	joined bool // the days off join a weekend
}

const dayForm = `(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(\([^()]*\)|(?:星期|周)[一二三四五六日天])?`

var (
	dayPattern   = regexp.MustCompile(dayForm)
	offPiece     = regexp.MustCompile(`^(?:其中|即)?(` + dayForm + `(?:至` + dayForm + `)?)(?:全国)?(?:放假调休|调休放假|放假|休息)(?:(\d{1,3}|[一二两三四五六七八九十])天)?(?:\([^()]*\))?$`)
	makeupPiece  = regexp.MustCompile(`^((?:` + dayForm + `[、和及]?)+)(?:均|正常|照常)*(?:上班|补班)$`)
	insteadPiece = regexp.MustCompile(`^((?:` + dayForm + `[、和及]?)+)(?:补休|调休)$`)
	countPiece   = regexp.MustCompile(`^(?:共|共计|合计)(\d{1,3}|[一二两三四五六七八九十])天$`)
	extendPiece  = regexp.MustCompile(`^延长(?:\d{4}年)?.{2,20}?假期至(` + dayForm + `)$`)
	resumePiece  = regexp.MustCompile(`^(` + dayForm + `)起(?:正常|照常)*上班$`)
	bracketed    = regexp.MustCompile(`\([^()]*\)`)
	clauseNumber = regexp.MustCompile(`^(?:` + clauseNo + `)`)
	dayVerb      = regexp.MustCompile(`放假|上班|补班|补休|调休|休息|假期`)
)

// read takes in one piece of the clause.
func (p *clauseParser) read(piece noticeText) *NoticeError {
	text := clauseNumber.ReplaceAllString(piece.text, "")
	if m := offPiece.FindStringSubmatch(text); m != nil {
		return p.readOff(m[1], m[len(m)-1])
	}
	if m := insteadPiece.FindStringSubmatch(text); m != nil {
		return p.readInstead(m[1])
	}
	if m := makeupPiece.FindStringSubmatch(text); m != nil {
		days, err := p.days(m[1])
		p.makeup = append(p.makeup, days...)
		return err
	}
	if m := extendPiece.FindStringSubmatch(text); m != nil {
		days, err := p.days(m[1])
		if err == nil {
			p.end = days[0]
		}
		return err
	}
	if m := resumePiece.FindStringSubmatch(text); m != nil {
		return p.checkResume(m[1])
	}
	if m := countPiece.FindStringSubmatch(text); m != nil {
		return p.checkCount(number(m[1]))
	}
	return p.readRest(text)
}

// readRest passes over words without a date, and refuses a date that no form
// above explains. Dates in brackets are asides.
func (p *clauseParser) readRest(text string) *NoticeError {
	if strings.HasSuffix(text, "连休") && strings.Contains(text, "周") {
		p.joined = true
	}
	plain := bracketed.ReplaceAllString(text, "")
	if dayPattern.MatchString(plain) && (p.named || dayVerb.MatchString(plain)) {
		return fault("not_understood", fmt.Sprintf("%q is not understood", text), "Text", text)
	}
	return nil
}

func (p *clauseParser) readOff(text, count string) *NoticeError {
	days, err := p.days(text)
	if err != nil {
		return err
	}
	s := span{days[0], days[len(days)-1]}
	if s.to < s.from {
		return fault("reversed_range", fmt.Sprintf("the days off end on %s, before they begin on %s", s.to, s.from), "From", s.from, "To", s.to)
	}
	if stated := number(count); count != "" && stated != s.length() {
		return countFault(stated, s)
	}
	p.off = append(p.off, s)
	return nil
}

func (s span) length() int { return int(s.to-s.from) + 1 }

// readInstead takes days off that make up for a holiday on a weekend.
func (p *clauseParser) readInstead(text string) *NoticeError {
	days, err := p.days(text)
	for _, d := range days {
		p.off = append(p.off, span{d, d})
	}
	return err
}

// checkCount compares 共N天 with the days off stated so far, or with those and
// the weekend they join.
func (p *clauseParser) checkCount(stated int) *NoticeError {
	if len(p.off) == 0 {
		return nil
	}
	whole := p.whole()
	wide := whole
	for p.joined && isWeekend(wide.from-1) {
		wide.from--
	}
	for p.joined && isWeekend(wide.to+1) {
		wide.to++
	}
	if stated != whole.length() && stated != wide.length() {
		return countFault(stated, whole)
	}
	return nil
}

func countFault(stated int, s span) *NoticeError {
	return fault("count", fmt.Sprintf("%d days are stated, but %s to %s are %d", stated, s.from, s.to, s.length()),
		"Stated", stated, "From", s.from, "To", s.to, "Days", s.length())
}

func (p *clauseParser) checkResume(text string) *NoticeError {
	days, err := p.days(text)
	if err != nil {
		return err
	}
	if !p.end.IsZero() && days[0] != p.end+1 {
		return fault("resume", fmt.Sprintf("work resumes on %s, but the day after the holiday is %s", days[0], p.end+1),
			"Date", days[0], "Want", p.end+1)
	}
	return nil
}

// whole returns the stretch from the first to the last day off.
func (p *clauseParser) whole() span {
	whole := p.off[0]
	for _, s := range p.off {
		whole.from, whole.to = min(whole.from, s.from), max(whole.to, s.to)
	}
	return whole
}

// holiday puts together what the clause said.
func (p *clauseParser) holiday(name string) (Holiday, bool, *NoticeError) {
	switch {
	case !p.end.IsZero():
		return Holiday{Name: name, To: p.end, Makeup: p.makeup}, true, nil
	case len(p.off) == 0 && (p.named || len(p.makeup) > 0):
		return Holiday{}, false, fault("no_days_off", fmt.Sprintf("%s has no day off", name), "Name", name)
	case len(p.off) == 0:
		return Holiday{}, false, nil
	}
	whole := p.whole()
	for d := whole.from; d <= whole.to; d++ {
		stated := slices.ContainsFunc(p.off, func(s span) bool { return s.from <= d && d <= s.to })
		if !stated && !isWeekend(d) {
			return Holiday{}, false, fault("gap", fmt.Sprintf("%s: %s lies between days off, but is none itself", name, d), "Name", name, "Date", d)
		}
	}
	return Holiday{Name: name, From: whole.from, To: whole.to, Makeup: p.makeup}, true, nil
}

// days reads the dates of a piece. A date without a year or month has that of
// the date before it; the first has the notice's year and needs a month.
func (p *clauseParser) days(text string) ([]Date, *NoticeError) {
	year, month := p.year, 0
	var days []Date
	for _, m := range dayPattern.FindAllStringSubmatch(text, -1) {
		if m[2] != "" {
			month = number(m[2])
			year = p.year
		}
		if m[1] != "" {
			year = number(m[1])
		}
		day, err := exactDate(year, month, number(m[3]))
		if err == nil {
			err = checkWeekday(day, m[4])
		}
		if err != nil {
			return nil, err
		}
		days = append(days, day)
	}
	return days, nil
}

// exactDate refuses days that no month has, such as 30 February.
func exactDate(year, month, day int) (Date, *NoticeError) {
	if year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31 {
		if d := NewDate(year, time.Month(month), day); d.Day() == day {
			return d, nil
		}
	}
	return 0, fault("no_such_day", fmt.Sprintf("there is no day %04d-%02d-%02d", year, month, day),
		"Year", year, "Month", month, "Day", day)
}

var weekdayPattern = regexp.MustCompile(`(?:星期|周)([一二三四五六日天])`)

func checkWeekday(d Date, said string) *NoticeError {
	m := weekdayPattern.FindStringSubmatch(said)
	if m == nil {
		return nil
	}
	weekday := time.Weekday(number(m[1]) % 7)
	if weekday != d.Weekday() {
		return fault("weekday", fmt.Sprintf("%s is a %s, not a %s", d, d.Weekday(), weekday),
			"Date", d, "Weekday", d.Weekday(), "Stated", weekday)
	}
	return nil
}

var chineseDigits = map[string]int{
	"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "日": 7, "天": 7,
}

// number reads decimal or Chinese digits that a pattern has matched.
func number(text string) int {
	if n, ok := chineseDigits[text]; ok {
		return n
	}
	n, _ := strconv.Atoi(text)
	return n
}
