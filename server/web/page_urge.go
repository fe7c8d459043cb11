package web

import (
	"fmt"
	"strings"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/evidence"
	"sundial/server/rules"
	"sundial/server/supervision"
)

// UrgePage is an urge with what it is about and what has happened to it.
type UrgePage struct {
	Page
	Tabs  UnitTabs
	View  *supervision.UrgeView
	Items []UrgeItemRow
	Steps []UrgeStepRow
	// Stops are how the level has changed and will.
	Stops []UrgeStop
	// Next says what comes next, nil for nothing.
	Next *rules.Reason
	// Receive is the address of the receipt, Reply and Withdraw are forms; each is empty
	// for who may not.
	Receive         string
	Reply, Withdraw *OfficeForm
	Accept          string
	Error           *models.Error
}

// State is the status, ended when all is done, that it waits for the office, or that there
// is no reply after its day.
func (p UrgePage) State() string {
	switch {
	case p.View.AllDone:
		return string(models.UrgeEnded)
	case p.View.Waits:
		return supervision.UrgeWaiting
	case p.View.Status != models.UrgeEnded && p.View.RepliedOn.IsZero() && !p.View.Provisional && p.Today > p.View.ReplyBy:
		return supervision.UrgeUnanswered
	}
	return string(p.View.Status)
}

// UrgeItemRow is a thing that an urge is about, with the page on which it is done.
type UrgeItemRow struct {
	supervision.UrgeThing
	URL     string
	Overdue bool
}

// UrgeStepRow is a step in the timeline.
type UrgeStepRow struct {
	supervision.UrgeStepView
	Files []FileItem
}

// UrgeStop is a day in the picture of the escalation: one that came or one that will come
// when nothing is done.
type UrgeStop struct {
	Level models.UrgeLevel
	On    calendar.Date
	Why   rules.Reason
	// Ahead tells that it has not come yet, Current that it is the level today.
	Ahead, Current bool
}

func newUrgePage(base Page, v *supervision.UrgeView) *UrgePage {
	p := &UrgePage{Page: base, View: v, Accept: "." + strings.Join(evidence.Extensions(), ",.")}
	for _, item := range v.Items {
		p.Items = append(p.Items, UrgeItemRow{item, thingURL(item), item.Overdue(base.Today)})
	}
	for _, step := range v.Steps {
		p.Steps = append(p.Steps, UrgeStepRow{step, newCaseFiles(step.Files)})
		if step.Act == models.UrgeSend || step.Act == models.UrgeEscalate {
			p.Stops = append(p.Stops, UrgeStop{Level: step.Level, On: step.DoneOn, Why: step.Why.Reason()})
		}
	}
	p.foresee()
	if v.CanReceive {
		p.Receive = urgeURL(v.ID, "receipt")
	}
	p.addForms()
	return p
}

// thingURL is the page on which a unit does what it is urged for.
func thingURL(item supervision.UrgeThing) string {
	switch item.Object {
	case models.UrgeDuty:
		return View{}.DutyURL(item.ID)
	case models.UrgeTask:
		return fmt.Sprintf("/tasks/%d?share=%d", item.TaskID, item.ID)
	default:
		return rectificationURL(item.ID)
	}
}

// foresee adds the level today, where the program has not recorded it, and what comes
// next.
func (p *UrgePage) foresee() {
	v := p.View
	if v.Status == models.UrgeEnded || v.AllDone {
		return
	}
	if last := len(p.Stops) - 1; last < 0 || p.Stops[last].Level != v.Now.Level {
		p.Stops = append(p.Stops, UrgeStop{Level: v.Now.Level, On: v.Now.Since, Why: v.Now.Why.Reason()})
	}
	p.Stops[len(p.Stops)-1].Current = true
	for _, turn := range v.Ahead {
		p.Stops = append(p.Stops, UrgeStop{Level: turn.Level, On: turn.On, Why: turn.Why.Reason(), Ahead: true})
	}
	if len(v.Ahead) == 0 {
		return
	}
	turn, key := v.Ahead[0], "urges.next.done_"
	switch turn.Why.Key {
	case "urges.why.unanswered":
		key = "urges.next.replied_"
	case "urges.why.both":
		key = "urges.next.both_"
	}
	p.Next = &rules.Reason{Key: key + string(turn.Level), Args: models.Args("By", turn.On-1, "On", turn.On)}
}

func (p *UrgePage) addForms() {
	v := p.View
	if v.CanReply {
		p.Reply = newOfficeForm("urge_reply", "", urgeURL(v.ID, "reply"),
			FormField{Name: "text", Label: "urges.field.reply", Type: "textarea", Required: true},
			FormField{Name: "url", Label: "urges.field.url", Type: "url"})
		p.Reply.Version = v.Version
	}
	if v.CanWithdraw {
		p.Withdraw = newOfficeForm("urge_withdraw", "", urgeURL(v.ID, "withdraw"), reasonField)
		p.Withdraw.Version = v.Version
	}
}

// UrgeRulePage changes the rule by which an office urges.
type UrgeRulePage struct {
	Page
	Tabs UnitTabs
	View *supervision.UrgeRuleView
	Form *OfficeForm
	// Previewed tells that the changes are those of what is in the form.
	Previewed bool
	// Default is the text with which urges begin that the office has no template for.
	Default string
}

func newUrgeRulePage(base Page, view *supervision.UrgeRuleView) *UrgeRulePage {
	rule := view.Rule
	unanswered := ""
	if rule.Unanswered {
		unanswered = "1"
	}
	form := newOfficeForm("urge_rule", "", unitURL(view.Office, "urges", "rule"),
		FormField{Name: "yellow_before", Label: "urges.field.yellow_before", Type: "number", Min: "0", Max: text(supervision.MaxUrgeTerm), Required: true, Value: text(rule.YellowBefore)},
		FormField{Name: "red_after", Label: "urges.field.red_after", Hint: "urges.field.red_after_hint", Type: "number", Min: "0", Max: text(supervision.MaxUrgeTerm), Required: true, Value: text(rule.RedAfter)},
		FormField{Name: "unanswered", Label: "urges.field.unanswered", Type: "checkbox", Value: unanswered},
		FormField{Name: "reply_term", Label: "urges.field.reply_term", Type: "number", Min: "1", Max: text(supervision.MaxUrgeTerm), Required: true, Value: text(rule.ReplyTerm)},
		FormField{Name: "cool_down", Label: "urges.field.cool_down", Hint: "urges.field.cool_down_hint", Type: "number", Min: "0", Max: text(supervision.MaxUrgeTerm), Required: true, Value: text(rule.CoolDown)},
		FormField{Name: "template", Label: "urges.field.template", Hint: "urges.field.template_hint", Type: "textarea", Value: rule.Template})
	form.Version = rule.Version
	return &UrgeRulePage{Page: base, View: view, Form: form, Default: base.Locale.Text("urges.template", nil)}
}
