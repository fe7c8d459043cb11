package calendar

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ParseNotice reads the text of a notice as it is pasted from a page: number,
// title, one clause per holiday, signature with the date of issue. It accepts
// full- and half-width forms, traditional characters and any line breaks, and
// checks what it reads: a weekday in brackets must be that of its date, a
// number of days that of its range. A date it cannot make sense of is refused,
// never skipped.
//
// Number and Issued stay empty when the text has none; Validate asks for them.
// The error is a *NoticeError with the line.
func ParseNotice(text string) (Notice, error) {
	t := newNoticeText(text)
	n := Notice{}
	if m := numberPattern.FindStringSubmatch(t.text); m != nil {
		n.Number = fmt.Sprintf("%s〔%s〕%s号", m[1], m[2], m[3])
	}
	body, err := n.readFrame(t)
	if err == nil {
		err = n.readYear(t)
	}
	if err == nil {
		err = n.readClauses(body)
	}
	if err != nil {
		err.Notice = n.Number
		return Notice{}, err
	}
	return n, nil
}

// clauseNo is the number of a clause: 一、 or 1、 or (一).
const clauseNo = `(?:[一二三四五六七八九十]{1,3}|\d{1,2})、|\([一二三四五六七八九十]{1,3}\)、?`

var (
	numberPattern    = regexp.MustCompile(`(国办?发(?:明电|电)?)〔(\d{4})〕(\d{1,4})号`)
	titlePattern     = regexp.MustCompile(`国务院(?:办公厅)?关于[^。:]{2,60}?的通知`)
	signaturePattern = regexp.MustCompile(`国务院(?:办公厅)?(\d{4})年(\d{1,2})月(\d{1,2})日`)

	// Where the year stands, the surest place first.
	yearPatterns = []*regexp.Regexp{
		regexp.MustCompile(`关于(?:调整|延长)?(\d{4})年`),
		regexp.MustCompile(`现将(?:调整|延长)?(\d{4})年`),
		regexp.MustCompile(`(\d{4})年`),
	}

	// The one holiday of a notice whose title names it: 关于调整2019年劳动节假期安排的通知.
	titleHoliday = regexp.MustCompile(`关于(?:调整|延长)?(?:\d{4}年)?(.+?)(?:调休|放假|假期)(?:调休|放假|安排)*的通知`)

	// A clause begins with its number, or with the holiday's name and a colon.
	clauseHead = regexp.MustCompile(clauseNo + `|(?:至*(?:元旦|春节|清明节?|劳动节|端午节|中秋节|国庆节)、?)+:`)
	clauseName = regexp.MustCompile(`^至*(?:` + clauseNo + `)?(?:\d{4}年)?([^\d:,。;()]{0,40}(?:元旦|节|清明|日)):`)
)

// readFrame takes the title and the date of issue, and returns the text between
// them.
func (n *Notice) readFrame(t noticeText) (noticeText, *NoticeError) {
	if m := titlePattern.FindStringIndex(t.text); m != nil {
		n.Title = t.text[m[0]:m[1]]
		t = t.cut(m[1], len(t.text))
	}
	all := signaturePattern.FindAllStringSubmatchIndex(t.text, -1)
	if len(all) == 0 {
		return t, nil
	}
	m := all[len(all)-1]
	var part [3]int
	for i := range part {
		part[i], _ = strconv.Atoi(t.text[m[2+2*i]:m[3+2*i]])
	}
	issued, err := exactDate(part[0], part[1], part[2])
	if err != nil {
		err.Line = t.lines[m[2]]
		return t, err
	}
	n.Issued = issued
	return t.cut(0, m[0]), nil
}

func (n *Notice) readYear(t noticeText) *NoticeError {
	for _, pattern := range yearPatterns {
		if m := pattern.FindStringSubmatch(t.text); m != nil {
			n.Year, _ = strconv.Atoi(m[1])
			return nil
		}
	}
	return fault("no_year", "no year is named")
}

func (n *Notice) readClauses(body noticeText) *NoticeError {
	name := ""
	if m := titleHoliday.FindStringSubmatch(n.Title); m != nil {
		name = m[1]
	}
	for _, clause := range clauses(body) {
		h, found, err := parseClause(clause, name, n.Year)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := n.namedAlready(h); err != nil {
			err.Line = clause.line()
			return err
		}
		n.Holidays = append(n.Holidays, h)
	}
	if len(n.Holidays) == 0 {
		return fault("no_holidays", "no holiday is named")
	}
	return nil
}

// namedAlready refuses a day that the notice names for an earlier holiday too.
func (n *Notice) namedAlready(h Holiday) *NoticeError {
	for _, earlier := range n.Holidays {
		for _, day := range h.days() {
			if slices.Contains(earlier.days(), day) {
				return dayTwice(day, earlier.Name, h.Name)
			}
		}
	}
	return nil
}

// clauses splits the body where a clause head stands at the beginning of a line
// or sentence. A body without heads is one clause.
func clauses(body noticeText) []noticeText {
	var starts []int
	for _, m := range clauseHead.FindAllStringIndex(body.text, -1) {
		before := body.text[:m[0]]
		if body.startsLine(m[0]) || strings.HasSuffix(before, "。") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, ":") {
			starts = append(starts, m[0])
		}
	}
	if len(starts) == 0 {
		return []noticeText{body}
	}
	parts := make([]noticeText, len(starts))
	for i, start := range starts {
		end := len(body.text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		parts[i] = body.cut(start, end)
	}
	return parts
}
