package web

import (
	"fmt"
	"net/url"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// QueuePage is the verification queue.
type QueuePage struct {
	Page
	View View
	// Units are those whose subtrees the user decides on; Unit is the one that is
	// shown, the zero Unit for all.
	Units    []models.Unit
	Unit     models.Unit
	Filter   QueueFilter
	Policies []PolicyOption
	Counts   compliance.QueueCounts
	Chips    []QueueChip
	Total    int
	Items    []QueueLine
	Pager    Pager
	// BulkURL accepts what was chosen; Bulk is what came of it, nil before.
	BulkURL string
	Bulk    *BulkResult
	Error   *models.Error
}

// QueueFilter narrows and orders the queue; empty fields do not.
type QueueFilter struct {
	Unit    string
	Policy  string
	For     compliance.WaitsFor
	PastDue bool
	Sort    compliance.QueueSort
	Cursor  string
}

// queueFilter reads a filter from the query of an address.
func queueFilter(query url.Values) QueueFilter {
	return QueueFilter{Unit: query.Get("unit"), Policy: query.Get("policy"), For: compliance.WaitsFor(query.Get("for")),
		PastDue: query.Get("past_due") == "1", Sort: compliance.QueueSort(query.Get("sort")), Cursor: query.Get("cursor")}
}

// URL is the queue with the filter under the path.
func (f QueueFilter) URL(path string) string {
	query := url.Values{}
	for name, value := range map[string]string{"unit": f.Unit, "policy": f.Policy, "for": string(f.For), "sort": string(f.Sort), "cursor": f.Cursor} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.PastDue {
		query.Set("past_due", "1")
	}
	return address(path, query)
}

// QueueChip is a part of the queue with its number; Key names its label.
type QueueChip struct {
	Key     string
	Count   int
	URL     string
	Current bool
	// Alarm marks what should not be there.
	Alarm bool
}

// QueueLine is a report that waits. The queue page shows it as the block
// queue_line, which a refused decision sends again.
type QueueLine struct {
	compliance.QueueItem
	DutyURL string
	// Age is the number of days since the report was filed.
	Age      int
	Lines    []FilingLine
	Files    []FileItem
	Decision *DecisionForm
	Office   ReportOffice
}

// Choosable tells whether the report can be accepted with others.
func (l QueueLine) Choosable() bool { return l.Turn.For == compliance.ForMe && l.Turn.Accept != "" }

// Choice names the report as it was seen, for the form that accepts many.
func (l QueueLine) Choice() string { return fmt.Sprintf("%d.%d", l.Report.ID, l.Report.Version) }

// PastDue tells whether the settled due date has passed.
func (l QueueLine) PastDue(today calendar.Date) bool {
	return !l.Duty.Provisional && !l.Duty.DueOn.IsZero() && l.Duty.DueOn < today
}

// QueueDone replaces a QueueLine once it is decided: the block queue_done.
type QueueDone struct {
	QueueLine
	// Status is what the report has become.
	Status models.ReportStatus
	// Left is what is left of the queue, nil where the page around is new.
	Left *QueueLeft
}

// QueueLeft replaces the numbers around a queue of which one was decided.
type QueueLeft struct {
	Counts compliance.QueueCounts
	Chips  []QueueChip
	// Nav is what the navigation shows; More tells that there are more.
	Nav  int
	More bool
}

// BulkResult names what was accepted and, for each refused one, why.
type BulkResult struct {
	Accepted []QueueDone
	Refused  []BulkRefusal
}

// BulkRefusal is a report that was not accepted. Line is nil for one that the
// user may not see.
type BulkRefusal struct {
	Line  *QueueLine
	Error *models.Error
}

// newQueuePage lays out the queue.
func newQueuePage(page Page, view View, unit models.Unit, filter QueueFilter, queue compliance.QueuePage) QueuePage {
	p := QueuePage{Page: page, View: view, Unit: unit, Filter: filter, Counts: queue.Counts, Total: queue.Total,
		Chips: queueChips(filter, queue.Counts), BulkURL: filter.URL("/queue/verify")}
	for _, item := range queue.Items {
		p.Items = append(p.Items, newQueueLine(page.Locale, view, item, page.Today))
	}
	if filter.Cursor != "" {
		first := filter
		first.Cursor = ""
		p.Pager.FirstURL = first.URL("/queue")
	}
	if filter.Cursor = queue.Next; queue.Next != "" {
		p.Pager.NextURL = filter.URL("/queue")
	}
	return p
}

// Choosable tells whether any report can be accepted with others.
func (p QueuePage) Choosable() bool {
	for _, line := range p.Items {
		if line.Choosable() {
			return true
		}
	}
	return false
}

// queueChips are the parts of the queue; a turn that nobody waits for is left
// out unless it is shown.
func queueChips(chosen QueueFilter, counts compliance.QueueCounts) []QueueChip {
	chosen.Cursor = ""
	turn := func(for_ compliance.WaitsFor) string {
		other := chosen
		other.For = for_
		return other.URL("/queue")
	}
	chips := []QueueChip{
		{Key: "queue.for_all", Count: counts.All, URL: turn(""), Current: chosen.For == ""},
		{Key: "queue.for_me", Count: counts.Mine, URL: turn(compliance.ForMe), Current: chosen.For == compliance.ForMe},
	}
	for _, c := range []QueueChip{
		{Key: "queue.for_below", Count: counts.Below, URL: turn(compliance.ForOfficeBelow), Current: chosen.For == compliance.ForOfficeBelow},
		{Key: "queue.for_above", Count: counts.Above, URL: turn(compliance.ForOfficeAbove), Current: chosen.For == compliance.ForOfficeAbove},
	} {
		if c.Count > 0 || c.Current {
			chips = append(chips, c)
		}
	}
	late := chosen
	late.PastDue = !late.PastDue
	return append(chips, QueueChip{Key: "queue.past_due", Count: counts.PastDue, URL: late.URL("/queue"), Current: chosen.PastDue, Alarm: counts.PastDue > 0})
}

func newQueueLine(locale *frontend.Locale, view View, item compliance.QueueItem, today calendar.Date) QueueLine {
	decision := newDecisionForm(item.Report.Report, item.Turn)
	if decision != nil {
		decision.Inline = true
	}
	var files []FileItem
	for _, file := range item.Report.Files {
		files = append(files, newFileItem(file))
	}
	return QueueLine{
		QueueItem: item,
		Files:     files,
		DutyURL:   view.DutyURL(item.Duty.ID),
		Age:       int(today - item.Report.FiledOn),
		Lines:     filingLines(locale, item.Form, item.Report.Content),
		Decision:  decision,
		Office:    ReportOffice{Links: item.Report.Links},
	}
}
