package web

import (
	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// QueuePage is the verification queue, oldest report first.
type QueuePage struct {
	Page
	View  View
	Unit  models.Unit
	Total int
	Items []QueueLine
	Pager Pager
}

// QueueLine is a report that waits. The queue page shows it as the block
// queue_line, which a refused decision sends again.
type QueueLine struct {
	compliance.QueueItem
	DutyURL string
	// Age is the number of days since the report was filed.
	Age      int
	Lines    []FilingLine
	Decision *DecisionForm
}

// QueueDone replaces a QueueLine once it is decided: the block queue_done.
type QueueDone struct {
	QueueLine
	Verified bool
}

// newQueuePage lays out the queue; next is the URL of the next page or empty.
func newQueuePage(page Page, view View, unit models.Unit, queue compliance.QueuePage, pager Pager) QueuePage {
	p := QueuePage{Page: page, View: view, Unit: unit, Total: queue.Total, Pager: pager}
	for _, item := range queue.Items {
		p.Items = append(p.Items, newQueueLine(page.Locale, view, item, page.Today))
	}
	return p
}

func newQueueLine(locale *frontend.Locale, view View, item compliance.QueueItem, today calendar.Date) QueueLine {
	decision := newDecisionForm(item.Report.Report)
	decision.Inline = true
	return QueueLine{
		QueueItem: item,
		DutyURL:   view.DutyURL(item.Duty.ID),
		Age:       int(today - item.Report.FiledOn),
		Lines:     filingLines(locale, item.Report.Content),
		Decision:  decision,
	}
}
