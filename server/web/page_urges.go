package web

import (
	"net/url"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/exchange"
	"sundial/server/supervision"
)

// UrgesPage lists the urges of a unit and all below it.
type UrgesPage struct {
	Page
	Tabs   UnitTabs
	List   *supervision.UrgeList
	Filter UrgeFilter
	Chips  []AppealChip
	Levels []UrgeLevelCount
	Rows   []UrgeRow
	Pager  Pager
	CSVURL string
	// NewURL and RuleURL are empty for who may not urge; DutiesURL leads to what is
	// overdue.
	NewURL, RuleURL, DutiesURL string
}

// UrgeFilter is what the list is narrowed to.
type UrgeFilter struct {
	State, Level, Text, AsOf string
	Mine                     bool
}

// Narrowed tells that the form of the filter narrows the list.
func (f UrgeFilter) Narrowed() bool { return f.Level != "" || f.Text != "" || f.AsOf != "" || f.Mine }

func (f UrgeFilter) url(unit models.Unit, path, state, after string) string {
	query := url.Values{}
	for name, value := range map[string]string{"state": state, "level": f.Level, "q": f.Text, "as_of": f.AsOf, "after": after} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Mine {
		query.Set("mine", "1")
	}
	if len(query) == 0 {
		return unitURL(unit, path)
	}
	return unitURL(unit, path) + "?" + query.Encode()
}

// UrgeLevelCount is how many open urges have a level.
type UrgeLevelCount struct {
	Level models.UrgeLevel
	Count int
}

// UrgeRow is an urge in the list.
type UrgeRow struct {
	supervision.UrgeLine
	URL string
}

// State is the status, that it waits for the office, or that there is no reply after its
// day.
func (r UrgeRow) State() string {
	if r.Waits {
		return supervision.UrgeWaiting
	}
	if r.Unanswered {
		return supervision.UrgeUnanswered
	}
	return string(r.Status)
}

// More is how many things the row does not name.
func (r UrgeRow) More() int { return max(0, len(r.Items)-1) }

// urgesAtMost is how many urges a page lists.
const urgesAtMost = 50

// urgeStates are the states that urges are listed by.
var urgeStates = []string{string(models.UrgeSent), string(models.UrgeAcknowledged), supervision.UrgeUnanswered, string(models.UrgeReplied), supervision.UrgeWaiting, string(models.UrgeEnded)}

// gravestFirst are the levels, the gravest first.
var gravestFirst = []models.UrgeLevel{models.UrgeRed, models.UrgeYellow, models.UrgeBlue}

func urgeURL(id uint64, steps ...string) string { return stepsOf("/urges/", id, steps) }

func newUrgesPage(base Page, list *supervision.UrgeList, filter UrgeFilter) *UrgesPage {
	p := &UrgesPage{Page: base, List: list, Filter: filter, CSVURL: filter.url(list.Unit, "urges.csv", filter.State, "")}
	p.Chips = append(p.Chips, AppealChip{Key: "urges.all", URL: filter.url(list.Unit, "urges", "", ""), Count: list.Total, Current: filter.State == ""})
	for _, state := range urgeStates {
		p.Chips = append(p.Chips, AppealChip{Key: "urges.state." + state, URL: filter.url(list.Unit, "urges", state, ""), Count: list.Counts[state],
			Current: filter.State == state, Alarm: state == supervision.UrgeUnanswered && list.Counts[state] > 0})
	}
	for _, level := range gravestFirst {
		p.Levels = append(p.Levels, UrgeLevelCount{level, list.Levels[level]})
	}
	for _, line := range list.Items {
		p.Rows = append(p.Rows, UrgeRow{line, urgeURL(line.ID)})
	}
	if list.Next != "" {
		p.Pager.NextURL = filter.url(list.Unit, "urges", filter.State, list.Next)
	}
	if list.MaySend {
		p.NewURL, p.RuleURL = unitURL(list.Unit, "urges", "new"), unitURL(list.Unit, "urges", "rule")
	}
	return p
}

// urgeFile is the list as a file in the language.
func urgeFile(locale *frontend.Locale) exchange.Table {
	in := func(key string) exchange.Text {
		return exchange.Text{ZH: locale.Text(key, nil), EN: locale.Text(key, nil)}
	}
	table := exchange.Table{Name: in("urges.title")}
	for _, c := range []struct {
		name string
		kind exchange.Kind
	}{{"code", exchange.KindText}, {"unit", exchange.KindText}, {"office", exchange.KindText}, {"level", exchange.KindText}, {"state", exchange.KindText}, {"about", exchange.KindText},
		{"sent", exchange.KindDate}, {"reply_by", exchange.KindDate}, {"acknowledged", exchange.KindDate}, {"replied", exchange.KindDate}, {"ended", exchange.KindDate}, {"text", exchange.KindText}} {
		key := "urges.column." + c.name
		table.Columns = append(table.Columns, exchange.Column{Key: key, Heading: in(key), Kind: c.kind})
	}
	return table
}

// cells are those of the row in the file.
func (r UrgeRow) cells(locale *frontend.Locale) []any {
	var titles []string
	for _, item := range r.Items {
		titles = append(titles, locale.In(item.Title))
	}
	return []any{r.Unit.Code, unitName(locale, r.Unit), unitName(locale, r.Office), locale.Text("urges.level."+string(r.Level), nil), locale.Text("urges.state."+r.State(), nil),
		locale.Value(titles), r.SentOn, r.ReplyBy, r.AcknowledgedOn, r.RepliedOn, r.EndedOn, r.Text}
}
